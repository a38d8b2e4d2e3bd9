//! Numbers of single rules that are no tier limit: `rules: {TST-002: {params: {retest_max: 30d}}}`.

use super::limits::{Direction, LimitKind, LimitSpec};

/// A number of one rule.
#[derive(Debug, Clone, Copy)]
pub struct ParamSpec {
    /// The rule it belongs to.
    pub rule: &'static str,
    /// Name, kind, direction; the position name is the key in `input.params`.
    pub spec: LimitSpec,
    /// Its value where the standard says nothing, as the standard would write it; words between commas.
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
        "CPY-005",
        ("copy_check_tier_max", "copy_check_tier_max"),
        Count,
        Higher,
        "3",
        "verified copies are asked up to this tier",
    ),
    param(
        "CPY-006",
        ("separate_domain_tier_max", "separate_domain_tier_max"),
        Count,
        Higher,
        "3",
        "a separate admin domain is asked up to this tier",
    ),
    param(
        "IAM-001",
        ("destructive_rights", "destructive_rights"),
        Words,
        Higher,
        "delete, change_retention, unlock, admin",
        "rights that whoever writes may not have",
    ),
    param(
        "IMM-004",
        ("two_person_tier_max", "two_person_tier_max"),
        Count,
        Higher,
        "2",
        "two people are asked up to this tier",
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
        "RET-002",
        ("retention_tolerance_pct", "retention_tolerance_pct"),
        Count,
        Lower,
        "5",
        "how much younger than promised the oldest point may be, per cent",
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
    param("RTO-001", ("drills_considered", "drills_considered"), Count, Higher, "3", "newest drills that count"),
    param("RTO-001", ("incident_max_age", "incident_max_age_s"), Duration, Higher, "365d", "incidents that count"),
    param("TST-001", ("first_test_grace", "first_test_grace_s"), Duration, Lower, "30d", "time until the first test"),
    param(
        "TST-002",
        ("retest_max", "retest_max_s"),
        Duration,
        Lower,
        "30d",
        "how long a failed test may wait with a live action",
    ),
];

/// The number with this name of this rule.
#[must_use]
pub fn find(rule: &str, name: &str) -> Option<&'static ParamSpec> {
    PARAMS.iter().find(|p| p.rule == rule && p.spec.name == name)
}
