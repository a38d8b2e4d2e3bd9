//! Numbers of single rules that are no tier limit: `rules: {TST-002: {params: {retest_max: 30d}}}`.

use super::limits::{Direction, LimitKind, LimitSpec};

/// A number of one rule.
#[derive(Debug, Clone, Copy)]
pub struct ParamSpec {
    /// The rule it belongs to.
    pub rule: &'static str,
    /// Name, kind, direction; the position name is the key in `input.params`.
    pub spec: LimitSpec,
    /// Its value where the standard says nothing, as the standard would write it; words are separated by commas.
    pub default: &'static str,
}

const fn param(
    rule: &'static str,
    (name, position_name): (&'static str, &'static str),
    kind: LimitKind,
    direction: Direction,
    default: &'static str,
    about: &'static str,
) -> ParamSpec {
    ParamSpec { rule, spec: LimitSpec { name, position_name, kind, direction, about }, default }
}

use Direction::{Higher, Lower};
use LimitKind::{Count, Duration, Words};

/// Every such number, by rule.
pub const PARAMS: &[ParamSpec] = &[
    param(
        "GRN-001",
        ("database", "granularity_database"),
        Words,
        Higher,
        "full, pitr",
        "granularities that a database offers",
    ),
    param("GRN-001", ("files", "granularity_files"), Words, Higher, "file, full", "granularities that files offer"),
    param(
        "GRN-001",
        ("namespace", "granularity_namespace"),
        Words,
        Higher,
        "namespace, pv",
        "granularities that a namespace offers",
    ),
    param("GRN-001", ("saas", "granularity_saas"), Words, Higher, "item", "granularities that a SaaS offers"),
    param("GRN-001", ("vm", "granularity_vm"), Words, Higher, "file, full", "granularities that a machine offers"),
    param("GRN-001", ("volume", "granularity_volume"), Words, Higher, "pv", "granularities that a volume offers"),
    param("INT-002", ("scan_tier_max", "scan_tier_max"), Count, Higher, "2", "scans are asked for up to this tier"),
    param(
        "INT-003",
        ("reconciliation_tier_max", "reconciliation_tier_max"),
        Count,
        Higher,
        "2",
        "reconciliation is asked for up to this tier",
    ),
    param("OBJ-001", ("bia_max_age", "bia_max_age_s"), Duration, Lower, "365d", "oldest allowed impact analysis"),
    param(
        "OWN-001",
        ("executive_tier_max", "executive_tier_max"),
        Count,
        Higher,
        "2",
        "an executive is asked up to this tier",
    ),
    param(
        "RPO-003",
        ("safe_point_fail_tier_max", "safe_point_fail_tier_max"),
        Count,
        Higher,
        "2",
        "no safe point known is not met up to this tier, unknown below",
    ),
    param(
        "RPO-003",
        ("safe_point_rpo_factor", "safe_point_rpo_factor"),
        Count,
        Lower,
        "2",
        "a safe point is at most this many RPOs old",
    ),
    param(
        "RPO-004",
        ("common_point_kinds", "common_point_kinds"),
        Words,
        Higher,
        "database, files, namespace, vm, volume",
        "kinds of components that share a point",
    ),
    param("RTO-001", ("drills_considered", "drills_considered"), Count, Higher, "3", "newest drills that count"),
    param("RTO-001", ("incident_max_age", "incident_max_age_s"), Duration, Higher, "365d", "incidents that count"),
    param(
        "RTO-003",
        ("drills_considered", "spread_drills"),
        Count,
        Higher,
        "3",
        "newest measured drills whose spread counts",
    ),
    param(
        "RTO-003",
        ("growth_max_pct", "growth_max_pct"),
        Count,
        Lower,
        "25",
        "growth of the data since the drill, per cent",
    ),
    param(
        "RTO-003",
        ("spread_max_pct", "spread_max_pct"),
        Count,
        Lower,
        "50",
        "spread of measured times, per cent of their mean",
    ),
    param(
        "RTO-005",
        ("capacity_headroom_pct", "capacity_headroom_pct"),
        Count,
        Higher,
        "10",
        "room beside the data where it would be restored to, per cent",
    ),
    param(
        "RTO-005",
        ("capacity_tier_max", "capacity_tier_max"),
        Count,
        Higher,
        "3",
        "recovery capacity is asked for up to this tier",
    ),
    param("TST-001", ("first_test_grace", "first_test_grace_s"), Duration, Lower, "30d", "time until the first test"),
    param(
        "TST-002",
        ("retest_max", "retest_max_s"),
        Duration,
        Lower,
        "30d",
        "how long a failed test may wait with a live action",
    ),
    param(
        "TST-005",
        ("change_grace", "test_change_grace_s"),
        Duration,
        Lower,
        "14d",
        "time until the drill after a significant change",
    ),
    param(
        "TST-008",
        ("fields_required", "drill_fields_required"),
        Words,
        Higher,
        "environment, executor, finished_at, phases, recovery_point, result, reviewer, started_at",
        "what the record of a drill says",
    ),
    param(
        "TST-008",
        ("gaps_required", "gaps_required"),
        Words,
        Higher,
        "approvals, data, docs, environment, owner, time, tooling",
        "gaps that the record of a drill answers",
    ),
];

/// The number with this name of this rule.
#[must_use]
pub fn find(rule: &str, name: &str) -> Option<&'static ParamSpec> {
    PARAMS.iter().find(|p| p.rule == rule && p.spec.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Standard;
    use std::collections::BTreeSet;

    #[test]
    fn every_number_has_a_default_that_can_be_read_and_a_name_of_its_own() {
        let standard = Standard::default();
        let unreadable: Vec<_> = PARAMS.iter().filter(|p| standard.param(p).is_none()).map(|p| p.spec.name).collect();
        assert!(unreadable.is_empty(), "{unreadable:?}");
        let names: BTreeSet<_> = PARAMS.iter().map(|p| p.spec.position_name).collect();
        assert_eq!(names.len(), PARAMS.len());
        assert!(PARAMS.is_sorted_by_key(|p| p.rule));
    }
}
