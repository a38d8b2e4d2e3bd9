//! Numbers of single rules that are no tier limit: `rules: {TST-002: {params: {retest_max: 30d}}}`.

use super::limits::{Direction, LimitKind, LimitSpec};

/// A number of one rule.
#[derive(Debug, Clone, Copy)]
pub struct ParamSpec {
    /// The rule it belongs to.
    pub rule: &'static str,
    /// Name, kind, direction; the position name is the key in `input.params`.
    pub spec: LimitSpec,
    /// Its value where the standard says nothing, as the standard would write it; of a list the words, with `, ` between.
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
        "COV-002",
        ("kinds_cloud", "required_kinds_cloud"),
        Words,
        Higher,
        "config, database|volume|files|vm|archive",
        "kinds of component that a service in a cloud has, alternatives with `|`",
    ),
    param(
        "COV-002",
        ("kinds_kubernetes", "required_kinds_kubernetes"),
        Words,
        Higher,
        "config, namespace, secrets",
        "kinds of component that a service on Kubernetes has, alternatives with `|`",
    ),
    param(
        "COV-002",
        ("kinds_saas", "required_kinds_saas"),
        Words,
        Higher,
        "saas",
        "kinds of component that a service used as software from the net has, alternatives with `|`",
    ),
    param(
        "COV-002",
        ("kinds_server", "required_kinds_server"),
        Words,
        Higher,
        "config, vm|files|database",
        "kinds of component that a service on servers has, alternatives with `|`",
    ),
    param(
        "COV-002",
        ("kinds_vm", "required_kinds_vm"),
        Words,
        Higher,
        "config, vm|files|database",
        "kinds of component that a service on virtual machines has, alternatives with `|`",
    ),
    param(
        "COV-002",
        ("service_kinds", "complete_service_kinds"),
        Words,
        Higher,
        "application, data",
        "kinds of service that are judged",
    ),
    param("DEP-002", ("first_kinds", "first_kinds"), Words, Higher, "dns, identity, network", "kinds that come first"),
    param(
        "DEP-002",
        ("later_kinds", "later_kinds"),
        Words,
        Higher,
        "application, data",
        "kinds that are recovered no sooner than the first",
    ),
    param(
        "DEP-005",
        ("commitment_max_age", "commitment_max_age_s"),
        Duration,
        Lower,
        "365d",
        "oldest allowed review of a provider's commitment",
    ),
    param("OBJ-001", ("bia_max_age", "bia_max_age_s"), Duration, Lower, "365d", "oldest allowed impact analysis"),
    param(
        "OBJ-004",
        ("approval_max_age", "objectives_approval_max_age_s"),
        Duration,
        Lower,
        "365d",
        "oldest allowed approval of objectives",
    ),
    param(
        "OBJ-005",
        ("acceptance_checks", "acceptance_checks"),
        Words,
        Higher,
        "app_connects, data_ok, login, user_work",
        "checks that declare a recovery done",
    ),
    param("OBJ-006", ("claim_max_life", "claim_max_life_s"), Duration, Lower, "365d", "longest life of a claim"),
    param(
        "OWN-001",
        ("executive_tier_max", "executive_tier_max"),
        Count,
        Higher,
        "2",
        "an executive is asked up to this tier",
    ),
    param(
        "OWN-002",
        ("directory_max_age", "directory_max_age_s"),
        Duration,
        Lower,
        "30d",
        "oldest allowed look into the directory",
    ),
    param(
        "OWN-003",
        ("contact_check_max_age", "contact_check_max_age_s"),
        Duration,
        Lower,
        "90d",
        "oldest allowed trial of a team's contact route",
    ),
    param(
        "REV-001",
        ("change_grace", "review_change_grace_s"),
        Duration,
        Lower,
        "14d",
        "time to review the position after a significant change",
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
        "RUN-002",
        ("change_grace", "runbook_change_grace_s"),
        Duration,
        Lower,
        "14d",
        "time to review the runbook after a significant change",
    ),
    param(
        "RUN-003",
        ("offline_copy_tier_max", "offline_copy_tier_max"),
        Count,
        Higher,
        "2",
        "an offline copy of the runbook is asked up to this tier",
    ),
    param(
        "RUN-005",
        ("approval_share_max_pct", "approval_share_max_pct"),
        Count,
        Lower,
        "10",
        "share of the RTO that approvals may take, per cent",
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
];

/// The number with this name of this rule.
#[must_use]
pub fn find(rule: &str, name: &str) -> Option<&'static ParamSpec> {
    PARAMS.iter().find(|p| p.rule == rule && p.spec.name == name)
}
