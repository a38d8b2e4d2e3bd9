package policies.evd.drill_evidence_altered_test

import data.policies.evd.drill_evidence_altered as rule
import data.policies.lib.fixture_test as fixture

_found(position) := found if {
	found := {concat(" ", [f.verdict, f.ref]) | some f in rule.findings} with input as position
}

_judged(position) := judged if judged := rule.subjects with input as position

_ignored(position) if {
	rule.subjects == set() with input as position
	rule.findings == set() with input as position
}

_items(items) := object.union(fixture.position, {"newest_passing_drill": {"evidence": items}})

_file := {"ref": "file", "path": "evidence/drill.txt", "sha256": "aa", "actual_sha256": "aa", "matches": true}

_page := {"ref": "page", "sha256": "bb"}

test_hashes_that_match_or_cannot_be_compared_pass if _found(_items([_file, _page])) == set()

test_item_without_a_hash_fails if _found(_items([_file, {"ref": "page"}])) == {"fail page"}

test_two_items_without_a_hash_are_two_findings if {
	_found(_items([{"ref": "page"}, {"ref": "film"}])) == {"fail page", "fail film"}
}

test_file_that_was_changed_fails if {
	changed := object.union(_file, {"actual_sha256": "ab", "matches": false})
	_found(_items([changed, _page])) == {"fail file/sha256"}
}

test_no_items_are_unknown if _found(_items([])) == {"unknown drill/evidence"}

test_no_list_is_unknown if {
	_found(fixture.without(fixture.position, ["newest_passing_drill/evidence"])) == {"unknown drill/evidence"}
}

test_service_with_a_passing_drill_is_judged if _judged(fixture.position) == {fixture.subject}

test_service_without_one_is_not_judged if _ignored(fixture.without(fixture.position, ["newest_passing_drill"]))
