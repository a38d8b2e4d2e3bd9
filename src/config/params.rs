//! Numbers of single rules that are no tier limit: `rules: {TST-002: {params: {retest_max: 30d}}}`. Their values are the
//! standard's; `standards/default.yaml` has one for each.

use super::limits::{Direction, LimitKind, LimitSpec};

/// A number of one rule.
#[derive(Debug, Clone, Copy)]
pub struct ParamSpec {
    /// The rule it belongs to.
    pub rule: &'static str,
    /// Name, kind, direction; the position name is the key in `input.params`.
    pub spec: LimitSpec,
}

const fn param(
    rule: &'static str,
    (name, position_name): (&'static str, &'static str),
    kind: LimitKind,
    direction: Direction,
    about: &'static str,
) -> ParamSpec {
    ParamSpec { rule, spec: LimitSpec { name, position_name, kind, direction, about } }
}

use Direction::{Higher, Lower, Union};
use LimitKind::{Count, Duration, Words};

/// Every such number, by rule.
pub const PARAMS: &[ParamSpec] = &[
    param(
        "COV-002",
        ("kinds_cloud", "required_kinds_cloud"),
        Words,
        Union,
        "kinds of component that a service in a cloud has, alternatives with `|`",
    ),
    param(
        "COV-002",
        ("kinds_kubernetes", "required_kinds_kubernetes"),
        Words,
        Union,
        "kinds of component that a service on Kubernetes has, alternatives with `|`",
    ),
    param(
        "COV-002",
        ("kinds_saas", "required_kinds_saas"),
        Words,
        Union,
        "kinds of component that a service used as software from the net has, alternatives with `|`",
    ),
    param(
        "COV-002",
        ("kinds_server", "required_kinds_server"),
        Words,
        Union,
        "kinds of component that a service on servers has, alternatives with `|`",
    ),
    param(
        "COV-002",
        ("kinds_vm", "required_kinds_vm"),
        Words,
        Union,
        "kinds of component that a service on virtual machines has, alternatives with `|`",
    ),
    param("COV-002", ("service_kinds", "complete_service_kinds"), Words, Union, "kinds of service that are judged"),
    param(
        "COV-005",
        ("config_backup_max_age", "config_backup_max_age_s"),
        Duration,
        Lower,
        "oldest backup of a tool's own configuration",
    ),
    param(
        "CPY-005",
        ("copy_check_tier_max", "copy_check_tier_max"),
        Count,
        Higher,
        "verified copies are asked up to this tier",
    ),
    param(
        "CPY-006",
        ("separate_domain_tier_max", "separate_domain_tier_max"),
        Count,
        Higher,
        "a separate admin domain is asked up to this tier",
    ),
    param("DEP-002", ("first_kinds", "first_kinds"), Words, Union, "kinds that come first"),
    param("DEP-002", ("later_kinds", "later_kinds"), Words, Union, "kinds that are recovered no sooner than the first"),
    param(
        "DEP-005",
        ("commitment_max_age", "commitment_max_age_s"),
        Duration,
        Lower,
        "oldest allowed review of a provider's commitment",
    ),
    param("ENC-002", ("key_test_max_age", "key_test_max_age_s"), Duration, Lower, "oldest trial of a key"),
    param(
        "FRAG-002",
        ("feed_tier_max", "feed_tier_max"),
        Count,
        Higher,
        "a tool's exports are asked for where services up to this tier use it",
    ),
    param(
        "FRAG-003",
        ("parity_gap_max_pct", "parity_gap_max_pct"),
        Count,
        Lower,
        "largest difference between the pass shares of platforms, in points",
    ),
    param("FRAG-004", ("patch_age", "patch_age_s"), Duration, Lower, "oldest patch of a tool"),
    param(
        "GOV-002",
        ("expiry_notice", "expiry_notice_s"),
        Duration,
        Higher,
        "how long before its end an exception is noted",
    ),
    param(
        "GOV-005",
        ("limitation_max_age", "limitation_max_age_s"),
        Duration,
        Lower,
        "oldest acknowledgement of a known limit",
    ),
    param("GOV-006", ("standard_max_age", "standard_max_age_s"), Duration, Lower, "oldest approval of the standard"),
    param("GRN-001", ("database", "granularity_database"), Words, Union, "granularities that a database offers"),
    param("GRN-001", ("files", "granularity_files"), Words, Union, "granularities that files offer"),
    param("GRN-001", ("namespace", "granularity_namespace"), Words, Union, "granularities that a namespace offers"),
    param("GRN-001", ("saas", "granularity_saas"), Words, Union, "granularities that a SaaS offers"),
    param("GRN-001", ("vm", "granularity_vm"), Words, Union, "granularities that a machine offers"),
    param("GRN-001", ("volume", "granularity_volume"), Words, Union, "granularities that a volume offers"),
    param(
        "IAM-001",
        ("destructive_rights", "destructive_rights"),
        Words,
        Union,
        "rights that whoever writes may not have",
    ),
    param(
        "IAM-003",
        ("break_glass_test_max_age", "break_glass_test_max_age_s"),
        Duration,
        Lower,
        "oldest trial of emergency access",
    ),
    param("IAM-004", ("alert_events", "alert_events"), Words, Union, "events that have to raise an alert"),
    param(
        "IAM-004",
        ("deletion_alert_test_max_age", "deletion_alert_test_max_age_s"),
        Duration,
        Lower,
        "oldest trial of such an alert",
    ),
    param(
        "IMM-004",
        ("two_person_tier_max", "two_person_tier_max"),
        Count,
        Higher,
        "two people are asked up to this tier",
    ),
    param("INT-002", ("scan_tier_max", "scan_tier_max"), Count, Higher, "scans are asked for up to this tier"),
    param(
        "INT-003",
        ("reconciliation_tier_max", "reconciliation_tier_max"),
        Count,
        Higher,
        "reconciliation is asked for up to this tier",
    ),
    param(
        "MSP-001",
        ("customer_report_max_age", "customer_report_max_age_s"),
        Duration,
        Lower,
        "oldest report to a customer",
    ),
    param("OBJ-001", ("bia_max_age", "bia_max_age_s"), Duration, Lower, "oldest allowed impact analysis"),
    param(
        "OBJ-004",
        ("approval_max_age", "objectives_approval_max_age_s"),
        Duration,
        Lower,
        "oldest allowed approval of objectives",
    ),
    param("OBJ-005", ("acceptance_checks", "acceptance_checks"), Words, Union, "checks that declare a recovery done"),
    param("OBJ-006", ("claim_max_life", "claim_max_life_s"), Duration, Lower, "longest life of a claim"),
    param(
        "OWN-001",
        ("executive_tier_max", "executive_tier_max"),
        Count,
        Higher,
        "an executive is asked up to this tier",
    ),
    param(
        "OWN-002",
        ("directory_max_age", "directory_max_age_s"),
        Duration,
        Lower,
        "oldest allowed look into the directory",
    ),
    param(
        "OWN-003",
        ("contact_check_max_age", "contact_check_max_age_s"),
        Duration,
        Lower,
        "oldest allowed trial of a team's contact route",
    ),
    param(
        "RET-002",
        ("retention_tolerance_pct", "retention_tolerance_pct"),
        Count,
        Lower,
        "how much younger than promised the oldest point may be, per cent",
    ),
    param(
        "RET-003",
        ("media_review_max_age", "media_review_max_age_s"),
        Duration,
        Lower,
        "oldest review of an offline media site",
    ),
    param("RET-003", ("offline_media", "offline_media"), Words, Union, "media that are kept offline"),
    param(
        "REV-001",
        ("change_grace", "review_change_grace_s"),
        Duration,
        Lower,
        "time to review the position after a significant change",
    ),
    param("REV-003", ("report_contents", "report_contents"), Words, Union, "what a leadership report has to tell"),
    param("REV-003", ("report_max_age", "report_max_age_s"), Duration, Lower, "oldest leadership report"),
    param(
        "REV-003",
        ("review_overdue_factor", "review_overdue_factor"),
        Count,
        Lower,
        "a review is overdue after this many times its limit",
    ),
    param(
        "RPO-003",
        ("safe_point_fail_tier_max", "safe_point_fail_tier_max"),
        Count,
        Higher,
        "no safe point known is not met up to this tier, unknown below",
    ),
    param(
        "RPO-003",
        ("safe_point_rpo_factor", "safe_point_rpo_factor"),
        Count,
        Lower,
        "a safe point is at most this many RPOs old",
    ),
    param(
        "RPO-004",
        ("common_point_kinds", "common_point_kinds"),
        Words,
        Union,
        "kinds of components that share a point",
    ),
    param("RTO-001", ("drills_considered", "drills_considered"), Count, Higher, "newest drills that count"),
    param("RTO-001", ("incident_max_age", "incident_max_age_s"), Duration, Higher, "incidents that count"),
    param(
        "RTO-003",
        ("drills_considered", "spread_drills"),
        Count,
        Higher,
        "newest measured drills whose spread counts",
    ),
    param(
        "RTO-003",
        ("growth_max_pct", "growth_max_pct"),
        Count,
        Lower,
        "growth of the data since the drill, per cent",
    ),
    param(
        "RTO-003",
        ("spread_max_pct", "spread_max_pct"),
        Count,
        Lower,
        "spread of measured times, per cent of their mean",
    ),
    param(
        "RTO-005",
        ("capacity_headroom_pct", "capacity_headroom_pct"),
        Count,
        Higher,
        "room beside the data where it would be restored to, per cent",
    ),
    param(
        "RTO-005",
        ("capacity_tier_max", "capacity_tier_max"),
        Count,
        Higher,
        "recovery capacity is asked for up to this tier",
    ),
    param(
        "RUN-002",
        ("change_grace", "runbook_change_grace_s"),
        Duration,
        Lower,
        "time to review the runbook after a significant change",
    ),
    param(
        "RUN-003",
        ("offline_copy_tier_max", "offline_copy_tier_max"),
        Count,
        Higher,
        "an offline copy of the runbook is asked up to this tier",
    ),
    param(
        "RUN-005",
        ("approval_share_max_pct", "approval_share_max_pct"),
        Count,
        Lower,
        "share of the RTO that approvals may take, per cent",
    ),
    param(
        "SIG-006",
        ("acknowledged_max", "acknowledged_max_s"),
        Duration,
        Lower,
        "longest time until somebody answers an alert",
    ),
    param(
        "SIG-006",
        ("failure_alert_test_max_age", "failure_alert_test_max_age_s"),
        Duration,
        Lower,
        "oldest trial of the alert for failed jobs",
    ),
    param("TST-001", ("first_test_grace", "first_test_grace_s"), Duration, Lower, "time until the first test"),
    param(
        "TST-002",
        ("retest_max", "retest_max_s"),
        Duration,
        Lower,
        "how long a failed test may wait with a live action",
    ),
    param(
        "TST-005",
        ("change_grace", "test_change_grace_s"),
        Duration,
        Lower,
        "time until the drill after a significant change",
    ),
    param("TST-007", ("sample_period", "sample_period_s"), Duration, Lower, "a component counts as tested for so long"),
    param("TST-008", ("fields_required", "drill_fields_required"), Words, Union, "what the record of a drill says"),
    param("TST-008", ("gaps_required", "gaps_required"), Words, Union, "gaps that the record of a drill answers"),
];

/// The number with this name of this rule.
#[must_use]
pub fn find(rule: &str, name: &str) -> Option<&'static ParamSpec> {
    PARAMS.iter().find(|p| p.rule == rule && p.spec.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_number_has_a_name_of_its_own() {
        let names: BTreeSet<_> = PARAMS.iter().map(|p| p.spec.position_name).collect();
        assert_eq!(names.len(), PARAMS.len());
        assert!(PARAMS.is_sorted_by_key(|p| (p.rule, p.spec.name)));
    }
}
