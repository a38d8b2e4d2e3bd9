package policies.lib.evidence_test

import data.policies.lib.evidence
import data.policies.lib.fixture_test as fixture

test_doubt_shows_the_incomplete_source if {
	component := object.union(fixture.component, {"absence_doubt": {"ref": "page", "reason": "one page of two"}})
	evidence.doubt(component) == [{"ref": "page", "label": "one page of two"}]
}

test_doubt_without_a_place_shows_nothing if {
	evidence.doubt(object.union(fixture.component, {"absence_doubt": {"reason": "no source"}})) == []
}

test_no_doubt_shows_nothing if evidence.doubt(fixture.component) == []

test_only_live_policies_are_shown if {
	paused := object.union(fixture.policy, {"ref": "paused", "live": false})
	evidence.live_policies({"policies": [paused, fixture.policy]}, "x") == [{"ref": "policy", "label": "x"}]
}
