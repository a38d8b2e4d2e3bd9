# How a rule says what it found. Rules never build results by hand.
package policies.lib.finding

# The subject does not meet the rule, and `ref` is the line that says so.
fail(subject, ref, detail) := object.union({"verdict": "fail", "subject": subject, "ref": ref}, detail)

# What is known does not decide it.
unknown(subject, ref, detail) := object.union({"verdict": "unknown", "subject": subject, "ref": ref}, detail)

# The place of a record's field, in the field's native name: `finding.at(policy, "schedule")`.
at(record, field) := concat("/", [record.ref, field])
