//! Open Cybersecurity Schema Framework 1.3.0, class Compliance Finding (2003): for security lakes and SIEMs.
//!
//! An event a line, times in milliseconds. An event is a rule on one subject, met or not; `finding_info.uid` is the same
//! in every run, `metadata.uid` is that of the event.
//!
//! | verdict | `compliance.status_id` | `status_id` |
//! |---|---|---|
//! | met | 1 Pass | 4 Resolved |
//! | not met | 3 Fail | 1 New |
//! | excepted | 3 Fail | 3 Suppressed, with the exception as its detail |
//! | unknown | 2 Warning: "did not yield a result due to missing information" | 1 New |
//! | without an answer; an input that could not be read | 99 Other, `Error` | 1 New |

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::View;
use super::cases::{Broken, Case, Estate, cases, clauses};
use super::groups::{path, subject};
use super::hosts::{At, address};
use super::json::element;
use super::model::{Severity, Verdict};
use super::style::clean;
use crate::source::sha256;

/// Class `compliance_finding`
#[derive(Serialize)]
struct Event<'a> {
    class_uid: u32,
    class_name: &'static str,
    category_uid: u32,
    category_name: &'static str,
    activity_id: u32,
    activity_name: &'static str,
    type_uid: u32,
    type_name: &'static str,
    /// Milliseconds since 1970: the instant that the run speaks for.
    time: i64,
    severity_id: u32,
    severity: &'static str,
    status_id: u32,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_detail: Option<String>,
    message: String,
    metadata: Metadata,
    finding_info: FindingInfo,
    compliance: Compliance,
    resources: Vec<Resource>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation: Option<Remediation<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    unmapped: BTreeMap<&'static str, Value>,
}

/// Object `metadata`
#[derive(Serialize)]
struct Metadata {
    version: &'static str,
    product: Product,
    uid: String,
    event_code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_uid: Option<String>,
}

/// Object `product`
#[derive(Serialize)]
struct Product {
    name: &'static str,
    vendor_name: &'static str,
    version: &'static str,
}

/// Object `finding_info`
#[derive(Serialize)]
struct FindingInfo {
    uid: String,
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    desc: String,
    created_time: i64,
    last_seen_time: i64,
    types: [&'static str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    analytic: Option<Analytic>,
    /// The files that the verdict rests on.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    data_sources: BTreeSet<String>,
}

/// Object `analytic`
#[derive(Serialize)]
struct Analytic {
    uid: String,
    name: String,
    type_id: u32,
    r#type: &'static str,
}

/// Object `compliance`
#[derive(Serialize)]
struct Compliance {
    standards: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    requirements: Vec<String>,
    control: String,
    status_id: u32,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_detail: Option<String>,
}

/// Object `resource_details`
#[derive(Serialize)]
struct Resource {
    uid: String,
    name: String,
    r#type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    criticality: Option<String>,
    /// The owner; a `user` would need an account, which an inventory has not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    labels: Vec<String>,
    /// The line to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Data>,
}

#[derive(Serialize)]
struct Data {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
}

impl From<&At<'_>> for Data {
    fn from(at: &At<'_>) -> Self {
        Self { path: clean(&at.path), line: at.found.map(|found| found.line) }
    }
}

/// Object `remediation`
#[derive(Serialize)]
struct Remediation<'a> {
    desc: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<&'a str>,
}

/// Writes the events: what could not be read, then every case.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let estate = Estate::new(view);
    for broken in estate.broken() {
        line(&unread(&broken, view), out)?;
    }
    for case in cases(view.report) {
        line(&event(&case, &estate), out)?;
    }
    Ok(())
}

fn line(event: &Event<'_>, out: &mut dyn Write) -> io::Result<()> {
    element(out, event)?;
    out.write_all(b"\n")
}

fn event<'a>(case: &Case<'a>, estate: &Estate<'a>) -> Event<'a> {
    let (rule, report) = (case.rule, estate.view.report);
    let excepted = case.worst().filter(|_| case.verdict == Verdict::Excepted).and_then(|shown| estate.accepted(shown));
    let (status_id, status) = match case.verdict {
        Verdict::Pass => (4, "Resolved"),
        Verdict::Excepted => (3, "Suppressed"),
        Verdict::Unknown | Verdict::Fail | Verdict::Error | Verdict::NotApplicable => (1, "New"),
    };
    let position = estate.position(case.subject);
    let owner = position.and_then(|p| p.owner.as_deref()).map(|owner| format!("owner: {}", clean(owner)));
    let resource = Resource {
        uid: path(case.subject),
        name: subject(case.subject),
        r#type: clean(&case.subject.kind),
        criticality: position.and_then(|p| p.tier.as_ref()).map(|tier| format!("tier {}", clean(tier))),
        labels: owner.into_iter().collect(),
        data: estate.place(case).as_ref().map(Data::from),
    };
    let uid = case.uid();
    let fix = clean(&case.fix());
    Event {
        status_id,
        status,
        status_detail: excepted.or_else(|| case.muted()),
        compliance: compliance(case, &report.standard.name),
        resources: vec![resource],
        remediation: (case.verdict != Verdict::Pass && !fix.is_empty())
            .then(|| Remediation { desc: fix, references: address(rule).into_iter().collect() }),
        unmapped: unmapped(case),
        ..Event::new(
            estate.view,
            severity(case),
            format!("{}: {}", subject(case.subject), case.message()),
            Metadata { tenant_uid: case.subject.tenant.as_deref().map(clean), ..metadata(estate.view, &uid, &rule.id) },
            FindingInfo {
                uid,
                title: case.title(),
                desc: clean(&rule.description),
                created_time: report.as_of.as_millisecond(),
                last_seen_time: report.as_of.as_millisecond(),
                types: ["Recoverability"],
                analytic: Some(Analytic { uid: clean(&rule.id), name: clean(&rule.title), type_id: 1, r#type: "Rule" }),
                data_sources: files(case, estate),
            },
        )
    }
}

/// An input or policy that could not be read, as an event of its own.
fn unread<'a>(broken: &Broken<'a>, view: &View<'a>) -> Event<'a> {
    let report = view.report;
    let file = broken.at.as_ref().map_or_else(|| "inputs".to_owned(), |at| clean(&at.path));
    Event {
        compliance: Compliance {
            standards: vec![clean(&report.standard.name)],
            requirements: Vec::new(),
            control: "input".to_owned(),
            status_id: 99,
            status: "Error",
            status_detail: Some(broken.message()),
        },
        resources: vec![Resource {
            uid: format!("file/{file}"),
            name: file,
            r#type: "file".to_owned(),
            criticality: None,
            labels: Vec::new(),
            data: broken.at.as_ref().map(Data::from),
        }],
        ..Event::new(
            view,
            (4, "High"),
            broken.message(),
            metadata(view, &broken.uid, "input"),
            FindingInfo {
                uid: broken.uid.clone(),
                title: format!("An input could not be read: {}", broken.title()),
                desc: String::new(),
                created_time: report.as_of.as_millisecond(),
                last_seen_time: report.as_of.as_millisecond(),
                types: ["Recoverability"],
                analytic: None,
                data_sources: BTreeSet::new(),
            },
        )
    }
}

impl Event<'_> {
    /// An event that is new and says nothing of a rule yet.
    fn new(
        view: &View<'_>,
        severity: (u32, &'static str),
        message: String,
        metadata: Metadata,
        finding_info: FindingInfo,
    ) -> Self {
        Self {
            class_uid: 2003,
            class_name: "Compliance Finding",
            category_uid: 2,
            category_name: "Findings",
            activity_id: 1,
            activity_name: "Create",
            type_uid: 200_301,
            type_name: "Compliance Finding: Create",
            time: view.report.as_of.as_millisecond(),
            severity_id: severity.0,
            severity: severity.1,
            status_id: 1,
            status: "New",
            status_detail: None,
            message,
            metadata,
            finding_info,
            compliance: Compliance {
                standards: Vec::new(),
                requirements: Vec::new(),
                control: String::new(),
                status_id: 0,
                status: "Unknown",
                status_detail: None,
            },
            resources: Vec::new(),
            remediation: None,
            unmapped: BTreeMap::new(),
        }
    }
}

fn metadata(view: &View<'_>, uid: &str, code: &str) -> Metadata {
    let name = env!("CARGO_PKG_NAME");
    Metadata {
        version: "1.3.0",
        product: Product { name, vendor_name: name, version: env!("CARGO_PKG_VERSION") },
        uid: sha256(format!("{uid} {}", view.report.as_of).as_bytes()),
        event_code: clean(code),
        tenant_uid: None,
    }
}

fn severity(case: &Case<'_>) -> (u32, &'static str) {
    match case.severity {
        _ if case.verdict == Verdict::Pass => (1, "Informational"),
        Severity::Low => (2, "Low"),
        Severity::Medium => (3, "Medium"),
        Severity::High => (4, "High"),
        Severity::Critical => (5, "Critical"),
    }
}

fn compliance(case: &Case<'_>, standard: &str) -> Compliance {
    let clauses = clauses(case.rule);
    let (status_id, status) = match case.verdict {
        Verdict::Pass => (1, "Pass"),
        Verdict::Unknown => (2, "Warning"),
        Verdict::Fail | Verdict::Excepted => (3, "Fail"),
        Verdict::Error | Verdict::NotApplicable => (99, "Error"),
    };
    // Required, and rules of one's own need not bear on any framework.
    let named: Vec<String> = clauses.keys().map(|framework| clean(framework)).collect();
    let requirements = clauses
        .iter()
        .flat_map(|(framework, list)| list.iter().map(move |clause| clean(&format!("{framework} {clause}"))));
    Compliance {
        standards: if named.is_empty() { vec![clean(standard)] } else { named },
        requirements: requirements.collect(),
        control: clean(&case.rule.id),
        status_id,
        status,
        status_detail: (case.verdict != Verdict::Pass).then(|| case.message()),
    }
}

fn files(case: &Case<'_>, estate: &Estate<'_>) -> BTreeSet<String> {
    let findings = case.found.iter().map(|shown| shown.finding);
    let places = findings.flat_map(|f| f.place.iter().chain(f.evidence.iter().map(|(place, _)| place)));
    places.map(|place| clean(estate.view.sources.path(place.file))).collect()
}

/// The names are those of the result document.
fn unmapped(case: &Case<'_>) -> BTreeMap<&'static str, Value> {
    let mut fields = BTreeMap::from([("verdict", Value::from(case.verdict.name()))]);
    if let Some(shown) = case.worst() {
        let finding = shown.finding;
        fields.insert("fingerprint", Value::from(finding.fingerprint.as_str()));
        let value = |value: &Value| value.as_str().map_or_else(|| value.clone(), |text| Value::from(clean(text)));
        fields.extend(finding.observed.iter().map(|observed| ("observed", value(observed))));
        fields.extend(finding.expected.iter().map(|expected| ("expected", value(expected))));
        fields.extend(finding.unit.iter().map(|unit| ("unit", Value::from(clean(unit)))));
    }
    fields
}
