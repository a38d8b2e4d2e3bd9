# A small estate in which everything is in order, for tests of estate rules to break one thing in. Refs are plain words.
package policies.lib.estate_fixture_test

hour := 3600

day := 86400

# The estate with one list replaced by its first element, some of it changed.
with_one(list, change) := object.union(input_, {"estate": {list: [object.union(input_.estate[list][0], change)]}})

# The same, without some fields of that element: paths such as `config_backup/at`.
without_in(list, paths) := object.union(input_, {"estate": {list: [json.remove(input_.estate[list][0], paths)]}})

with_params(change) := object.union(input_, {"params": change})

subject(kind, id) := {"kind": kind, "id": id}

input_ := {"as_of": "2026-11-21T00:00:00Z", "params": params, "estate": estate}

params := {
	"config_backup_max_age_s": 7 * day, "key_test_max_age_s": 365 * day, "feed_tier_max": 2, "parity_gap_max_pct": 10,
	"patch_age_s": 60 * day, "limitation_max_age_s": 365 * day, "standard_max_age_s": 365 * day,
	"break_glass_test_max_age_s": 180 * day, "alert_events": ["point_deleted", "retention_changed"],
	"deletion_alert_test_max_age_s": 180 * day, "customer_report_max_age_s": 90 * day,
	"media_review_max_age_s": 365 * day, "offline_media": ["tape", "rdx"],
	"report_contents": ["grade", "unknown"], "report_max_age_s": 90 * day, "review_overdue_factor": 2,
	"acknowledged_max_s": day, "failure_alert_test_max_age_s": 180 * day, "sample_period_s": 365 * day,
}

estate := {
	"subject": {"kind": "estate"},
	"services": [],
	"tenants": [tenant],
	"tiers": [tier],
	"tools": [tool],
	"vaults": [vault],
	"keys": [key],
	"policies": [policy],
	"sources": [source],
	"exceptions": [exception],
	"findings": [found],
	"limitations": [limitation],
	"standard": standard,
}

tenant := {
	"subject": subject("tenant", ""), "ref": "", "id": "", "several": false, "named": false, "services": 3,
	"evidence_retention_s": 6 * 365 * day,
	"reports": [{"ref": "report", "id": "R-1", "kind": "leadership", "age_s": 10 * day, "contents": ["grade", "unknown"]}],
	"evidence_stores": [{"ref": "store", "id": "ES-1", "retention_s": 7 * 365 * day, "includes_failures": true}],
	"late_reviews": [],
	"shared": [],
}

tier := {
	"subject": subject("tier", "2"), "ref": "", "id": "2", "tier_number": 2,
	"limits": {"off": {}, "sample_pct_min": 50},
	"platforms": [{"platform": "vm", "components": 4, "tested": 2, "first_untested_ref": "untested"}],
}

tool := {
	"subject": subject("tool", "restic"), "ref": "tool", "id": "restic", "known": true, "in_use": true, "tier_number": 1,
	"support_ends_in_s": 400 * day, "patched_age_s": 20 * day,
	"config_backup": {"ref": "backup", "age_s": day, "encrypted": true, "location": "s3://conf", "on_itself": false},
	"consoles": [{"ref": "console", "id": "web", "mfa": true, "break_glass": {"ref": "access", "tested_age_s": 30 * day, "idp_independent": true}}],
	"alerts": [alert],
	"fed": true, "inputs": 1, "sound_inputs": 1,
}

alert := {
	"ref": "alert", "id": "A-1", "events": ["job_failed", "point_deleted", "retention_changed"], "route": "on duty",
	"tested_age_s": 30 * day, "acknowledged_within_s": 4 * hour,
}

vault := {
	"subject": subject("vault", "tapes"), "ref": "vault", "id": "tapes", "known": true, "in_use": true, "tier_number": 1,
	"media": "tape", "isolation": "offline", "site_reviewed_age_s": 100 * day,
}

key := {
	"subject": subject("key", "k1"), "ref": "key", "id": "k1", "known": true, "in_use": true, "tier_number": 1,
	"used_ref": "vault/key", "state": "enabled", "escrow": true, "tested_age_s": 100 * day, "location": "safe",
	"in_own_vault": false,
}

policy := {
	"subject": subject("policy", "nightly"), "ref": "policy", "id": "nightly", "tool": "restic",
	"assets": 1, "matched": true, "by_tag": false, "selection_known": true,
}

source := {
	"subject": subject("source", "exports/restic.json"), "ref": "export", "id": "exports/restic.json",
	"kind": "restic.snapshots", "complete": true, "failed": false, "collector": "nightly job",
	"sha256": "aa", "declared_sha256": "aa", "declared_ref": "sidecar/sha256",
}

exception := {
	"subject": subject("exception", "EX-1"), "ref": "exception", "id": "EX-1", "rule": "INT-002", "scoped": true,
	"reason": "no scanner yet", "residual_risk": "late discovery", "requested_by": "a.khan", "approved_by": "cfo",
	"approved_at": "2026-10-01T00:00:00Z", "expires": "2026-12-01T00:00:00Z",
	"expires_in_s": 10 * day, "life_s": 61 * day, "max_life_s": 90 * day, "live": true,
	"compensating": [{"ref": "control", "rule": "INT-001", "verdict": "pass"}], "standing": 0,
}

found := {
	"subject": subject("finding", "f1"), "ref": "finding", "id": "f1", "owner": "a.khan",
	"due": "2026-12-01T00:00:00Z", "due_in_s": 10 * day, "status": "open",
}

limitation := {
	"subject": subject("limitation", "L-1"), "ref": "limitation", "id": "L-1", "text": "two days more before 2019",
	"acknowledged_by": "cfo", "at": "2026-05-01T00:00:00Z", "age_s": 200 * day,
}

standard := {
	"subject": subject("standard", "House"), "ref": "standard", "id": "House", "version": "3", "approved_by": "cio",
	"version_ref": "standard/version", "approved_at": "2026-02-01T00:00:00Z", "approved_ref": "standard/approved_at",
	"approved_age_s": 293 * day, "unexplained": [],
}
