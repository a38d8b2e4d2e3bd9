package policies.lib.finding_test

import data.policies.lib.finding

_subject := {"kind": "service", "tenant": "acme", "service": "shop"}

test_fail_keeps_the_detail if {
	got := finding.fail(_subject, "7:0:/a", {"message": "{observed} old", "observed": 5, "unit": "s"})
	got == {"verdict": "fail", "subject": _subject, "ref": "7:0:/a", "message": "{observed} old", "observed": 5, "unit": "s"}
}

test_unknown_is_not_a_fail if {
	finding.unknown(_subject, "7:0:/a", {"message": "nobody says"}).verdict == "unknown"
}

test_a_detail_cannot_change_the_verdict if {
	finding.fail(_subject, "7:0:/a", {"message": "m", "verdict": "pass", "subject": {}, "ref": "x"}) == {"verdict": "fail", "subject": _subject, "ref": "7:0:/a", "message": "m"}
}

test_at_names_the_field if finding.at({"ref": "7:0:/a"}, "taken_at") == "7:0:/a/taken_at"

test_at_a_record_without_ref_is_no_place if finding.at({"id": 1}, "taken_at") == ""

test_at_a_ref_that_is_no_text_is_no_place if finding.at({"ref": 1}, "taken_at") == ""

test_at_something_that_is_no_record_is_no_place if finding.at("x", "taken_at") == ""
