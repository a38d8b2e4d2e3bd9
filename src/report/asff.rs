//! AWS Security Finding Format, schema version 2018-10-08: the request of Security Hub's `BatchImportFindings`.
//!
//! A finding is a rule on one subject, met or not, and its id is the same in every run: a later pass closes what an
//! earlier run opened. A call takes 100 findings, so a larger file is sent in parts, as the README shows.
//!
//! | verdict | `Compliance.Status` |
//! |---|---|
//! | met | `PASSED`, its severity `INFORMATIONAL` |
//! | not met | `FAILED` |
//! | unknown, excepted | `WARNING`, the reason code says which |
//! | without an answer; an input that could not be read | `NOT_AVAILABLE` |
//!
//! An exception is no `Workflow.Status` of `SUPPRESSED`: `BatchImportFindings` cannot change it later, so what was
//! suppressed once would stay hidden after the exception's end.
//!
//! Lengths are those of the API reference, `AwsSecurityFinding`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::cases::{Broken, Case, Estate, cases, clauses};
use super::groups::{path, subject};
use super::hosts::address;
use super::json::elements;
use super::model::{RuleUsed, Severity, Verdict};
use super::style::{at_most, clean};
use super::{Options, View};

/// Requirements of a finding that Security Hub takes.
const REQUIREMENTS: usize = 32;

/// The account and region that import the findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    id: String,
    region: String,
}

impl Default for Account {
    /// No account at all: what a document names while nobody said which.
    fn default() -> Self {
        Self { id: "0".repeat(12), region: "us-east-1".to_owned() }
    }
}

impl Account {
    /// An account and a region, where they look like ones: 12 digits, and `eu-central-1` or `us-gov-west-1`.
    #[must_use]
    pub fn new(id: &str, region: &str) -> Option<Self> {
        let digits = id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit());
        let parts: Vec<&str> = region.split('-').collect();
        let named = parts.len() >= 3 && region.len() <= 16 && parts.iter().all(|part| !part.is_empty());
        let plain = region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        (digits && named && plain).then(|| Self { id: id.to_owned(), region: region.to_owned() })
    }

    /// The partition that a region belongs to.
    fn partition(&self) -> &'static str {
        match self.region.as_str() {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        }
    }

    /// The product that an account may import findings of its own for.
    fn product(&self) -> String {
        let Self { id, region } = self;
        format!("arn:{}:securityhub:{region}:{id}:product/{id}/default", self.partition())
    }
}

/// `AwsSecurityFinding`
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AwsSecurityFinding<'a> {
    schema_version: &'static str,
    id: String,
    product_arn: &'a str,
    generator_id: String,
    aws_account_id: &'a str,
    types: [&'static str; 1],
    created_at: &'a str,
    updated_at: &'a str,
    last_observed_at: &'a str,
    severity: SeverityLabel,
    title: String,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation: Option<Remediation<'a>>,
    product_fields: BTreeMap<&'static str, String>,
    resources: [Resource<'a>; 1],
    compliance: Status,
    record_state: &'static str,
    finding_provider_fields: FindingProviderFields,
}

/// `Severity`
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "PascalCase")]
struct SeverityLabel {
    label: &'static str,
    original: &'static str,
}

/// `FindingProviderFields`: what a later import may change.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct FindingProviderFields {
    severity: SeverityLabel,
    types: [&'static str; 1],
}

/// `Remediation`
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Remediation<'a> {
    recommendation: Recommendation<'a>,
}

/// `Recommendation`
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Recommendation<'a> {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

/// `Resource`
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Resource<'a> {
    r#type: &'static str,
    id: String,
    partition: &'static str,
    region: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Details>,
}

/// `ResourceDetails`
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Details {
    other: BTreeMap<&'static str, String>,
}

/// `Compliance`
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Status {
    status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_requirements: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    security_control_id: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    status_reasons: Vec<StatusReason>,
}

/// `StatusReason`
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StatusReason {
    reason_code: &'static str,
    description: String,
}

const CHECKS: &str = "Software and Configuration Checks";
const STANDARDS: &str = "Software and Configuration Checks/Industry and Regulatory Standards";

/// Writes the request: what could not be read, then every case.
pub(super) fn write(view: &View<'_>, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let estate = Estate::new(view);
    let account = options.account.clone().unwrap_or_default();
    let head = Head { arn: account.product(), as_of: view.report.as_of.to_string(), account };
    let broken = estate.broken();
    // The request has no other key.
    write!(out, "{{\"Findings\":")?;
    let findings = broken.iter().map(|broken| unread(broken, &head));
    elements(out, findings.chain(cases(view.report).map(|case| finding(&case, &estate, &head))))?;
    out.write_all(b"}\n")
}

/// What every finding of a run says alike.
struct Head {
    account: Account,
    arn: String,
    as_of: String,
}

fn finding<'a>(case: &Case<'a>, estate: &Estate<'a>, head: &'a Head) -> AwsSecurityFinding<'a> {
    let rule = case.rule;
    let types = [if rule.controls.is_empty() { CHECKS } else { STANDARDS }];
    let severity = severity(case);
    let fix = at_most(&clean(&case.fix()), 512);
    let muted = case.muted().map_or_else(String::new, |muted| format!(". {muted}"));
    AwsSecurityFinding {
        schema_version: "2018-10-08",
        id: id(&rule.id, &case.uid()),
        product_arn: &head.arn,
        generator_id: at_most(&format!("passmuster/{}", clean(&rule.id)), 512),
        aws_account_id: &head.account.id,
        types,
        created_at: &head.as_of,
        updated_at: &head.as_of,
        last_observed_at: &head.as_of,
        severity,
        title: at_most(&case.title(), 256),
        description: at_most(&format!("{}: {}{muted}", subject(case.subject), case.message()), 1024),
        remediation: (case.verdict != Verdict::Pass && !fix.is_empty())
            .then(|| Remediation { recommendation: Recommendation { text: fix, url: address(rule) } }),
        product_fields: fields(case, estate),
        resources: [resource(path(case.subject), details(case, estate), head)],
        compliance: Status {
            status: match case.verdict {
                Verdict::Pass => "PASSED",
                Verdict::Fail => "FAILED",
                Verdict::Unknown | Verdict::Excepted => "WARNING",
                Verdict::Error | Verdict::NotApplicable => "NOT_AVAILABLE",
            },
            related_requirements: requirements(rule),
            security_control_id: Some(at_most(&clean(&rule.id), 64)),
            status_reasons: reason(case, estate).into_iter().collect(),
        },
        record_state: "ACTIVE",
        finding_provider_fields: FindingProviderFields { severity, types },
    }
}

/// An input or policy that could not be read, as a finding of its own.
fn unread<'a>(broken: &Broken<'a>, head: &'a Head) -> AwsSecurityFinding<'a> {
    let severity = SeverityLabel { label: "HIGH", original: "error" };
    let message = broken.message();
    let file = broken.at.as_ref().map_or_else(|| "inputs".to_owned(), |at| format!("file/{}", clean(&at.path)));
    let at = broken.at.as_ref().map(|at| ("passmuster/place", at_most(&at.shown(), 1024)));
    AwsSecurityFinding {
        schema_version: "2018-10-08",
        id: id("input", &broken.uid),
        product_arn: &head.arn,
        generator_id: "passmuster/input".to_owned(),
        aws_account_id: &head.account.id,
        types: [CHECKS],
        created_at: &head.as_of,
        updated_at: &head.as_of,
        last_observed_at: &head.as_of,
        severity,
        title: at_most(&format!("An input could not be read: {}", broken.title()), 256),
        description: at_most(&message, 1024),
        remediation: None,
        product_fields: at.into_iter().collect(),
        resources: [resource(file, BTreeMap::new(), head)],
        compliance: Status {
            status: "NOT_AVAILABLE",
            related_requirements: Vec::new(),
            security_control_id: None,
            status_reasons: vec![StatusReason { reason_code: "INPUT_NOT_READ", description: at_most(&message, 1024) }],
        },
        record_state: "ACTIVE",
        finding_provider_fields: FindingProviderFields { severity, types: [CHECKS] },
    }
}

fn id(rule: &str, uid: &str) -> String {
    format!("passmuster/{}/{uid}", at_most(&clean(rule), 128))
}

fn severity(case: &Case<'_>) -> SeverityLabel {
    let label = match case.severity {
        _ if case.verdict == Verdict::Pass => "INFORMATIONAL",
        Severity::Low => "LOW",
        Severity::Medium => "MEDIUM",
        Severity::High => "HIGH",
        Severity::Critical => "CRITICAL",
    };
    SeverityLabel { label, original: super::style::severity(case.severity) }
}

/// `NIST.800-53.r5 CP-9`, as Security Hub's own controls write it; other frameworks by their key.
fn requirements(rule: &RuleUsed) -> Vec<String> {
    let all = clauses(rule).into_iter().flat_map(|(framework, clauses)| {
        let name = if framework == "nist-sp-800-53-r5" { "NIST.800-53.r5" } else { framework };
        clauses.into_iter().map(move |clause| at_most(&clean(&format!("{name} {clause}")), 64))
    });
    all.take(REQUIREMENTS).collect()
}

/// Why a case is neither passed nor failed.
fn reason(case: &Case<'_>, estate: &Estate<'_>) -> Option<StatusReason> {
    let (reason_code, description) = match case.verdict {
        Verdict::Unknown => ("EVIDENCE_MISSING", case.message()),
        Verdict::Error => ("NO_ANSWER", case.message()),
        Verdict::Excepted => {
            ("EXCEPTION", case.worst().and_then(|shown| estate.accepted(shown)).unwrap_or_else(|| case.message()))
        }
        Verdict::Pass | Verdict::Fail | Verdict::NotApplicable => return None,
    };
    Some(StatusReason { reason_code, description: at_most(&description, 1024) })
}

/// Keys are `product/field`; values are text.
fn fields(case: &Case<'_>, estate: &Estate<'_>) -> BTreeMap<&'static str, String> {
    let mut fields = BTreeMap::from([("passmuster/verdict", case.verdict.name().to_owned())]);
    if let Some(shown) = case.worst() {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        fields.insert("passmuster/fingerprint", shown.finding.fingerprint.clone());
        fields.extend(shown.finding.observed.iter().map(|value| ("passmuster/observed", text(value))));
        fields.extend(shown.finding.expected.iter().map(|value| ("passmuster/expected", text(value))));
        fields.extend(shown.finding.unit.iter().map(|unit| ("passmuster/unit", unit.clone())));
    }
    fields.extend(estate.place(case).map(|at| ("passmuster/place", at.shown())));
    tidy(fields)
}

fn details(case: &Case<'_>, estate: &Estate<'_>) -> BTreeMap<&'static str, String> {
    let who = case.subject;
    let mut other = BTreeMap::from([("kind", who.kind.clone())]);
    for (name, value) in
        [("tenant", &who.tenant), ("service", &who.service), ("component", &who.component), ("id", &who.id)]
    {
        other.extend(value.iter().map(|value| (name, value.clone())));
    }
    if let Some(position) = estate.position(who) {
        other.extend(position.tier.iter().map(|tier| ("tier", tier.clone())));
        other.extend(position.owner.iter().map(|owner| ("owner", owner.clone())));
    }
    tidy(other)
}

/// Values that Security Hub takes: not empty, not too long.
fn tidy(fields: BTreeMap<&'static str, String>) -> BTreeMap<&'static str, String> {
    let fields = fields.into_iter().map(|(name, value)| (name, at_most(&clean(&value), 1024)));
    fields.filter(|(_, value)| !value.is_empty()).collect()
}

fn resource<'a>(id: String, other: BTreeMap<&'static str, String>, head: &'a Head) -> Resource<'a> {
    Resource {
        r#type: "Other",
        id: at_most(&id, 512),
        partition: head.account.partition(),
        region: &head.account.region,
        details: (!other.is_empty()).then_some(Details { other }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_twelve_digits_and_a_region_of_its_partition() {
        let account = |region| Account::new("111122223333", region);
        let arn = |partition, region| {
            format!("arn:{partition}:securityhub:{region}:111122223333:product/111122223333/default")
        };
        for (partition, region) in [("aws", "eu-central-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")]
        {
            assert_eq!(account(region).unwrap().product(), arn(partition, region));
        }
        for region in ["", "eu", "eu-central", "EU-CENTRAL-1", "eu--1", "eu-central-1:x", "eu-somewhere-far-away-1"] {
            assert_eq!(account(region), None, "{region}");
        }
        for id in ["", "1", "11112222333", "1111222233333", "11112222333x", "１１１１２２２２３３３３"] {
            assert_eq!(Account::new(id, "eu-central-1"), None, "{id}");
        }
    }
}
