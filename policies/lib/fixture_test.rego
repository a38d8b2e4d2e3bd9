# A small position in which everything is in order, for tests to break one thing in. Its refs are plain words.
package policies.lib.fixture_test

hour := 3600

day := 86400

# The position with some of a part changed; what is not named stays as it is.
with_service(change) := object.union(position, {"service": change})

with_limits(change) := object.union(position, {"limits": change})

with_component(change) := object.union(position, {"components": [object.union(component, change)]})

# Both: the component's change first, then any other.
with_component_and(change, other) := object.union(with_component(change), other)

# The position without these paths: `fixture.without(fixture.position, ["service/owner"])`.
without(of, paths) := json.remove(of, paths)

component_without(fields) := object.union(position, {"components": [json.remove(component, fields)]})

# The standard switches a limit off for this tier.
off(name) := object.union(json.remove(position, [concat("/", ["limits", name])]), {"limits": {"off": {name: true}}})

# The service's tier is not in the standard: only the declared objectives remain as limits.
tier_unknown(of) := object.union(
	json.remove(of, ["limits", "service/tier_number"]),
	{"service": {"tier": "7", "tier_known": false}, "limits": {"off": {}, "rto_s": 4 * hour, "rpo_s": hour}},
)

# As `tier_unknown`, and no objective declared.
limits_unknown(of) := json.remove(tier_unknown(of), ["limits/rto_s", "limits/rpo_s", "service/objectives"])

subject := {"kind": "service", "service": "orders"}

db := {"kind": "component", "service": "orders", "component": "db"}

position := {
	"as_of": "2026-11-21T00:00:00Z",
	"service": service,
	"limits": limits,
	"params": {
		"bia_max_age_s": 365 * day, "executive_tier_max": 2, "first_test_grace_s": 30 * day,
		"retest_max_s": 30 * day, "safe_point_rpo_factor": 2, "safe_point_fail_tier_max": 2,
		"incident_max_age_s": 365 * day, "drills_considered": 3,
		"retention_tolerance_pct": 5, "copy_check_tier_max": 3, "separate_domain_tier_max": 3,
		"two_person_tier_max": 2, "destructive_rights": ["admin", "change_retention", "delete", "unlock"],
		"directory_max_age_s": 30 * day, "contact_check_max_age_s": 90 * day,
		"objectives_approval_max_age_s": 365 * day, "claim_max_life_s": 365 * day,
		"acceptance_checks": ["data_ok", "login"],
		"complete_service_kinds": ["application", "data"],
		"required_kinds_cloud": ["config", "database|volume"], "required_kinds_kubernetes": ["config", "secrets"],
		"required_kinds_saas": ["saas"], "required_kinds_server": ["database|files"], "required_kinds_vm": ["config"],
		"first_kinds": ["identity", "network"], "later_kinds": ["application", "data"],
		"commitment_max_age_s": 365 * day, "review_change_grace_s": 14 * day, "runbook_change_grace_s": 14 * day,
		"offline_copy_tier_max": 2, "approval_share_max_pct": 10,
		"scan_tier_max": 2, "reconciliation_tier_max": 2, "test_change_grace_s": 14 * day,
		"growth_max_pct": 25, "spread_max_pct": 50, "spread_drills": 3,
		"capacity_tier_max": 3, "capacity_headroom_pct": 10,
		"drill_fields_required": [
			"environment", "executor", "finished_at", "phases", "recovery_point", "result", "reviewer", "started_at",
		],
		"gaps_required": ["approvals", "data", "docs", "environment", "owner", "time", "tooling"],
	},
	"components": [component],
	"vaults": [far, near],
	"tools": [restic, velero],
	"tests": [drill],
	"undated_drills": [],
	"newest_drill": drill,
	"newest_passing_drill": drill,
	"measured": {"worst_recent": measure, "runs": [measure], "best_s": hour, "latest_s": hour, "worst_s": hour},
	"dependencies": [dependency],
	"recovery": {
		"on_cycle": false, "wave": 2, "earliest_s": 2 * hour, "chain_s": hour, "waits_for": ["identity"],
		"foundation": {"ref": "identity", "service": "identity", "kind": "identity", "recovery_priority": 2},
	},
	"runbooks": [runbook],
	"reviews": [review],
	"changes": [],
	"exceptions": [],
	"limitations": [],
	"sources": [source],
	"contradictions": [],
	"evidence_grade": "E5",
	"evidence_rank": 5,
}

service := {
	"subject": subject,
	"ref": "service",
	"id": "orders",
	"kind": "application",
	"tier": "1",
	"tier_known": true,
	"tier_number": 1,
	"owner": {
		"ref": "owner",
		"accountable": object.union(khan, {"ref": "owner/accountable"}),
		"escalation": object.union(osei, {"ref": "owner/escalation"}),
		"executive": {"ref": "owner/executive", "id": "cfo", "known": true},
	},
	"able_people": [object.union(khan, {"ref": "able/0"}), object.union(osei, {"ref": "able/1"})],
	"coordinator": object.union(osei, {"ref": "coordinator"}),
	"impact_analysis": {"ref": "analysis", "reference": "BIA-7", "age_s": 100 * day},
	"recovery_priority": 10,
	"objectives": {
		"ref": "objectives", "rto_s": 4 * hour, "rpo_s": hour, "mtpd_s": 12 * hour,
		"acceptance": ["login", "data_ok"],
		"rationale": "orders stop", "approved_by": ["cfo"], "approved_at": "2026-08-13T00:00:00Z",
		"approved_age_s": 100 * day, "minimum_service": "take an order",
	},
	"claim": {
		"ref": "claim", "scope": "all of it", "grade": "E5", "grade_rank": 5, "assumptions": [], "attested_by": "cfo",
		"attested_at": "2026-11-11T00:00:00Z", "attested_age_s": 10 * day,
		"expires": "2027-05-10T00:00:00Z", "expires_in_s": 170 * day, "life_s": 180 * day,
	},
	"depends_on_declared": true,
	"size_bytes": 1000,
	"recovery_capacity": {"ref": "capacity", "available_bytes": 2000},
	"tools": ["restic", "velero"],
	"components_ref": "components",
}

khan := {
	"id": "a.khan", "known": true, "record": "khan", "active": true, "checked_age_s": 5 * day,
	"team": "shop", "team_ref": "shop", "contact": "#shop", "contact_checked_age_s": 20 * day,
}

osei := {"id": "j.osei", "known": true, "record": "osei", "active": true, "checked_age_s": 5 * day}

restic := {"id": "restic", "known": true, "ref": "restic", "runs_on": [], "runs_on_ref": "restic/runs_on"}

velero := {"id": "velero", "known": true, "ref": "velero", "runs_on": ["cluster"], "runs_on_ref": "velero/runs_on"}

limits := {
	"off": {},
	"rto_max_s": 4 * hour, "rpo_max_s": hour, "rto_s": 4 * hour, "rpo_s": hour,
	"restore_test_max_age_s": 90 * day, "dr_exercise_max_age_s": 365 * day, "verify_max_age_s": 7 * day,
	"granular_test_max_age_s": 365 * day, "common_point_skew_max_s": 900, "offsite_lag_max_s": 4 * hour,
	"retention_min_s": 35 * day, "new_resource_grace_s": day, "evidence_max_age_s": day,
	"copies_min": 3, "media_min": 2, "offsite_min": 1, "isolated_min": 1, "errors_max": 0,
	"immut_lock_min_s": 35 * day, "soft_delete_min_s": 14 * day, "access_review_max_age_s": 90 * day,
	"tools_per_service_max": 2, "min_evidence_grade": "E5", "min_evidence_rank": 5,
	"people_min": 2, "manual_steps_max": 10,
	"position_review_max_age_s": 30 * day, "runbook_review_max_age_s": 180 * day,
	"test_level_min": "site", "immut_mode": "locked",
	"scenarios_required": ["deletion", "ransomware"],
	"phases_required": ["approve", "decide", "detect", "restore", "user_ready", "validate"],
	"conditions_required": ["console_loss", "dependencies_exercised", "identity_restored", "isolated", "on_call"],
	"job_window": [{"last_runs": 7, "success_pct": 100}],
}

component := {
	"subject": db,
	"ref": "component",
	"id": "db",
	"kind": "database",
	"platform": "server",
	"owner": "shop",
	"owner_known": true,
	"disposition": "protected",
	"first_seen_age_s": 300 * day,
	"location": {"ref": "location", "site": "dc1", "failure_domain": "rack-a", "admin_domain": "admins"},
	"assets": ["restic:db01:/data"],
	"granularity": ["full", "pitr"],
	"granularity_required": ["full", "pitr"],
	"size_bytes": 1000,
	"tools": ["restic", "velero"],
	"evidence_grade": "E4",
	"evidence_rank": 4,
	"policies": [policy],
	"live_policies": 1,
	"tightest_policy": policy,
	"possible_policies": [],
	"policies_complete": true,
	"absence_provable": true,
	"points_listed": 40,
	"points_restorable": 40,
	"newest_point": point,
	"oldest_point": {"ref": "oldest", "age_s": 40 * day, "restorable": true},
	"safe_point": point,
	"copies": [near_copy, far_copy],
	"copies_count": 3,
	"offsite_count": 1,
	"offsite_unknown_count": 0,
	"newest_offsite_point": object.union(point, {"ref": "copied"}),
	"offsite_lag_s": 0,
	"isolated_count": 1,
	"isolated_unknown_count": 0,
	"separate_count": 2,
	"separate_unknown_count": 0,
	"domains_count": 3,
	"domains_unknown_count": 0,
	"media_count": 2,
	"media_unknown_count": 0,
	"jobs": {
		"finished": 7, "duration_p95_s": 600,
		"windows": [{"last_runs": 7, "success_pct": 100, "runs": 7, "succeeded": 7}],
	},
	"retention": {"promised_s": 40 * day, "gap_s": 1800, "held_s": 40 * day, "ref": "policy/retention"},
	"newest_verification": verification,
	"newest_ok_verification": verification,
	"verifications": 3,
	"scans": 1,
	"newest_scan": scan,
	"newest_clean_scan": scan,
	"newest_clean_point": point,
	"tested": true,
	"newest_passing_test": drill,
	"newest_result_test": drill,
	"newest_narrow_test": {
		"ref": "narrow", "id": "RT-0", "granularity": "pitr", "finished_at": "2026-10-12T00:00:00Z", "age_s": 40 * day,
	},
}

policy := {"ref": "policy", "id": "half-hourly", "live": true, "gap_s": 1800}

point := {"ref": "point", "taken_at": "2026-11-20T23:30:00Z", "age_s": 1800, "restorable": true}

near := {
	"ref": "near", "id": "near", "site": "dc1", "isolation": "none", "encryption": "aes", "failure_domain": "room 2",
	"admin_domain": "keepers", "media": "disk", "erasable": true, "two_person_destruction": true,
	"soft_delete": {"ref": "soft", "state": "enabled", "period_s": 14 * day},
	"grants": [writer, keeper],
}

far := {
	"ref": "far", "id": "far", "site": "dc2", "isolation": "immutable", "encryption": "aes", "failure_domain": "dc2",
	"admin_domain": "keepers", "media": "object", "erasable": false,
	"lock": {
		"ref": "lock", "mode": "compliance", "in_force": true, "locked": true,
		"min_retention_s": 35 * day,
	},
	"grants": [writer, keeper],
}

writer := {
	"ref": "writer", "principal": "svc-restic", "rights": ["read", "write"], "reviewed_age_s": 30 * day,
	"standing_rights": ["read", "write"],
}

keeper := {
	"ref": "keeper", "principal": "keepers", "rights": ["restore", "delete"], "reviewed_age_s": 30 * day,
	"standing_rights": ["delete", "restore"],
}

near_copy := {
	"vault": near, "points": 40, "newest_point": point, "oldest_point": point,
	"offsite": false, "isolated": false, "separate": true, "encrypted": true, "verifications": [verification],
}

far_copy := {
	"vault": far, "points": 40, "newest_point": point, "oldest_point": point,
	"offsite": true, "isolated": true, "separate": true, "encrypted": true, "verifications": [verification],
}

verification := {"ref": "check", "at": "2026-11-20T23:40:00Z", "age_s": 1200, "ok": true, "result": "ok"}

scan := {"ref": "scan", "at": "2026-11-19T00:00:00Z", "age_s": 2 * day, "result": "clean"}

drill := {
	"ref": "drill", "id": "RT-1", "drill": true, "components": ["db"], "level": "site", "meets_level": true,
	"scenario": "ransomware", "granularity": "full", "started_at": "2026-11-10T23:00:00Z",
	"finished_at": "2026-11-11T00:00:00Z", "age_s": 10 * day, "in_period": true, "result": "pass",
	"acceptance": {"login": true, "data_ok": true}, "accepted_by": "cfo",
	"runbook": "RB-1", "runbook_sha256": "ab12",
	"phases": {
		"detect_s": 300, "decide_s": 300, "approve_s": 300, "restore_s": 1800, "validate_s": 600, "user_ready_s": 300,
	},
	"executor": "a.khan", "reviewer": "m.silva", "on_call": true, "isolated": true, "console_loss": true,
	"identity_restored": true, "dependencies_exercised": ["identity"], "environment": "recovery network",
	"bytes_restored": 1000, "recovery_point": "night before the drill",
	"gaps": {
		"time": "none", "owner": "none", "docs": "RB-1 is old", "data": "none", "environment": "none",
		"approvals": "none", "tooling": "none",
	},
	"reconciliation": {"counts": "pass", "checksums": "pass", "result": "pass"},
	"evidence": [{"ref": "drill/evidence/0", "sha256": "aa"}],
}

measure := {
	"ref": "drill", "id": "RT-1", "kind": "drill", "total_s": hour, "age_s": 10 * day, "bytes_restored": 1000,
}

dependency := {
	"ref": "entry", "service": "identity", "external": false, "known": true, "on_cycle": false,
	"tier_number": 1, "tier": "1", "rto_s": 2 * hour, "rpo_s": hour, "worst_s": hour, "far_ref": "identity",
	"kind": "identity", "recovery_priority": 2,
}

runbook := {
	"ref": "runbook", "id": "RB-1", "tools": ["restic", "velero"], "scenarios": ["deletion", "ransomware"],
	"success": "orders can be placed", "fallback": "orders by telephone",
	"sha256": "ab12", "reviewed_at": "2026-10-22T00:00:00Z", "reviewed_age_s": 30 * day,
	"offline_copy": true, "location_domain": "safe", "steps": 12, "manual_steps": 8,
	"approvals": [{"role": "cfo", "latency_s": 600}], "approval_wait_s": 600, "approvals_untimed": 0,
}

review := {
	"ref": "review", "id": "RV-1", "at": "2026-11-11T00:00:00Z", "age_s": 10 * day, "reviewer": "m.brand",
	"reviewer_known": true, "evidence": ["position of November"], "challenged": ["the road is open"],
	"decision": "holds",
}

source := {
	"ref": "export", "path": "exports/restic.json", "kind": "restic-snapshots", "native": false, "complete": true, "failed": false,
	"collected_ref": "sidecar/collected_at", "age_s": 3600,
}
