//! Numbers of single rules that are no tier limit: `rules: {TST-002: {params: {retest_max: 30d}}}`.

use super::limits::{Direction, LimitKind, LimitSpec};

/// A number of one rule.
#[derive(Debug, Clone, Copy)]
pub struct ParamSpec {
    /// The rule it belongs to.
    pub rule: &'static str,
    /// Name, kind, direction; the position name is the key in `input.params`.
    pub spec: LimitSpec,
    /// Its value where the standard says nothing, as the standard would write it.
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
        "COV-005",
        ("config_backup_max_age", "config_backup_max_age_s"),
        Duration,
        Lower,
        "7d",
        "oldest backup of a tool's own configuration",
    ),
    param("ENC-002", ("key_test_max_age", "key_test_max_age_s"), Duration, Lower, "365d", "oldest trial of a key"),
    param(
        "FRAG-002",
        ("feed_tier_max", "feed_tier_max"),
        Count,
        Higher,
        "2",
        "a tool's exports are asked for where services up to this tier use it",
    ),
    param(
        "FRAG-003",
        ("parity_gap_max_pct", "parity_gap_max_pct"),
        Count,
        Lower,
        "10",
        "largest difference between the pass shares of platforms, in points",
    ),
    param("FRAG-004", ("patch_age", "patch_age_s"), Duration, Lower, "60d", "oldest patch of a tool"),
    param(
        "GOV-002",
        ("expiry_notice", "expiry_notice_s"),
        Duration,
        Higher,
        "30d",
        "how long before its end an exception is noted",
    ),
    param(
        "GOV-005",
        ("limitation_max_age", "limitation_max_age_s"),
        Duration,
        Lower,
        "365d",
        "oldest acknowledgement of a known limit",
    ),
    param(
        "GOV-006",
        ("standard_max_age", "standard_max_age_s"),
        Duration,
        Lower,
        "365d",
        "oldest approval of the standard",
    ),
    param(
        "IAM-003",
        ("break_glass_test_max_age", "break_glass_test_max_age_s"),
        Duration,
        Lower,
        "180d",
        "oldest trial of emergency access",
    ),
    param(
        "IAM-004",
        ("alert_events", "alert_events"),
        Words,
        Higher,
        "point_deleted retention_changed",
        "events that have to raise an alert",
    ),
    param(
        "IAM-004",
        ("deletion_alert_test_max_age", "deletion_alert_test_max_age_s"),
        Duration,
        Lower,
        "180d",
        "oldest trial of such an alert",
    ),
    param(
        "MSP-001",
        ("customer_report_max_age", "customer_report_max_age_s"),
        Duration,
        Lower,
        "90d",
        "oldest report to a customer",
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
        "RET-003",
        ("media_review_max_age", "media_review_max_age_s"),
        Duration,
        Lower,
        "365d",
        "oldest review of an offline media site",
    ),
    param(
        "RET-003",
        ("offline_media", "offline_media"),
        Words,
        Higher,
        "tape rdx optical",
        "media that are kept offline",
    ),
    param(
        "REV-003",
        ("report_contents", "report_contents"),
        Words,
        Higher,
        "grade unknown untested limitations",
        "what a leadership report has to tell",
    ),
    param("REV-003", ("report_max_age", "report_max_age_s"), Duration, Lower, "90d", "oldest leadership report"),
    param(
        "REV-003",
        ("review_overdue_factor", "review_overdue_factor"),
        Count,
        Lower,
        "2",
        "a review is overdue after this many times its limit",
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
    param(
        "SIG-006",
        ("acknowledged_max", "acknowledged_max_s"),
        Duration,
        Lower,
        "24h",
        "longest time until somebody answers an alert",
    ),
    param(
        "SIG-006",
        ("failure_alert_test_max_age", "failure_alert_test_max_age_s"),
        Duration,
        Lower,
        "180d",
        "oldest trial of the alert for failed jobs",
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
        "TST-007",
        ("sample_period", "sample_period_s"),
        Duration,
        Lower,
        "365d",
        "a component counts as tested for so long",
    ),
];

/// The number with this name of this rule.
#[must_use]
pub fn find(rule: &str, name: &str) -> Option<&'static ParamSpec> {
    PARAMS.iter().find(|p| p.rule == rule && p.spec.name == name)
}
