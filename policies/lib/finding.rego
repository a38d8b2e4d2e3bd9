# What a rule hands back. Rules never build these objects by hand.
package policies.lib.finding

# The criterion is not met, and the data says so.
# `ref` is the record to change; `detail` has the `message`, and where it helps `observed`, `expected`, `unit`,
# `discriminator` (tells two findings of one subject apart) and `evidence` ([{"ref": …, "label": …}]).
fail(subject, ref, detail) := object.union(detail, {"verdict": "fail", "subject": subject, "ref": ref})

# The data does not tell. Never a pass.
unknown(subject, ref, detail) := object.union(detail, {"verdict": "unknown", "subject": subject, "ref": ref})

# Where a field of a record came from. Total: a record without `ref` gives "", which is no place, so that the
# finding is kept.
at(record, field) := concat("/", [record.ref, field]) if is_string(record.ref)

else := ""
