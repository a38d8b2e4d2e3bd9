//! What assessment results and plans of action are made of: the structs of OSCAL's assessment layer.

use serde::Serialize;

use super::super::model::{Report, RuleUsed, Verdict};
use super::document::Prop;
use super::ids::{Id, id};
use super::run::{Origin, objective};
use super::subjects::Reference;
use super::text::markup;

/// `observation`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Observation {
    pub(super) uuid: Id,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) props: Vec<Prop>,
    pub(super) methods: [&'static str; 1],
    pub(super) types: [&'static str; 1],
    pub(super) origins: [Origin; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) subjects: Vec<Reference>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) relevant_evidence: Vec<Evidence>,
    pub(super) collected: String,
}

/// `observation/relevant-evidence`
#[derive(Debug, Serialize)]
pub(super) struct Evidence {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) href: Option<String>,
    pub(super) description: String,
}

/// `finding`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Finding {
    pub(super) uuid: Id,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) props: Vec<Prop>,
    pub(super) origins: [Origin; 1],
    pub(super) target: Target,
    pub(super) related_observations: [ObservationRef; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_risks: Vec<RiskRef>,
}

/// `finding-target`: an objective of ours.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Target {
    pub(super) r#type: &'static str,
    pub(super) target_id: String,
    pub(super) title: String,
    pub(super) status: State,
}

/// `finding-target/status`
#[derive(Debug, Serialize)]
pub(super) struct State {
    pub(super) state: &'static str,
    pub(super) reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) remarks: Option<String>,
}

impl Target {
    /// The objective of a rule, with its state.
    pub(super) fn of(control: &str, rule: &RuleUsed, status: State) -> Self {
        Self { r#type: "objective-id", target_id: objective(control), title: markup(&rule.title), status }
    }
}

/// `related-observation`
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct ObservationRef {
    pub(super) observation_uuid: Id,
}

/// `associated-risk`
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct RiskRef {
    pub(super) risk_uuid: Id,
}

/// `poam-item/related-findings`
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct FindingRef {
    pub(super) finding_uuid: Id,
}

/// `risk`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Risk {
    pub(super) uuid: Id,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) statement: String,
    pub(super) props: Vec<Prop>,
    pub(super) status: &'static str,
    pub(super) origins: [Origin; 1],
    pub(super) characterizations: [Characterization; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) mitigating_factors: Vec<Factor>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) remediations: Vec<Response>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) risk_log: Option<Log>,
    pub(super) related_observations: [ObservationRef; 1],
}

/// `characterization`
#[derive(Debug, Serialize)]
pub(super) struct Characterization {
    pub(super) origin: Origin,
    pub(super) facets: [Facet; 1],
}

/// `characterization/facets`
#[derive(Debug, Serialize)]
pub(super) struct Facet {
    pub(super) name: &'static str,
    pub(super) system: &'static str,
    pub(super) value: &'static str,
}

/// `risk/mitigating-factors`
#[derive(Debug, Serialize)]
pub(super) struct Factor {
    pub(super) uuid: Id,
    pub(super) description: String,
}

/// `response`
#[derive(Debug, Serialize)]
pub(super) struct Response {
    pub(super) uuid: Id,
    pub(super) lifecycle: &'static str,
    pub(super) title: String,
    pub(super) description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) props: Vec<Prop>,
    pub(super) origins: Vec<Origin>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tasks: Vec<Task>,
}

/// `task`
#[derive(Debug, Serialize)]
pub(super) struct Task {
    pub(super) uuid: Id,
    pub(super) r#type: &'static str,
    pub(super) title: &'static str,
    pub(super) timing: Timing,
}

/// `task/timing`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Timing {
    pub(super) within_date_range: Range,
}

/// `task/timing/within-date-range`
#[derive(Debug, Serialize)]
pub(super) struct Range {
    pub(super) start: String,
    pub(super) end: String,
}

/// `risk/risk-log`
#[derive(Debug, Serialize)]
pub(super) struct Log {
    pub(super) entries: [LogEntry; 1],
}

/// `risk/risk-log/entries`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct LogEntry {
    pub(super) uuid: Id,
    pub(super) title: &'static str,
    pub(super) start: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) logged_by: Vec<LoggedBy>,
    pub(super) status_change: &'static str,
}

/// `logged-by`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct LoggedBy {
    pub(super) party_uuid: Id,
    pub(super) role_id: &'static str,
}

/// `poam-item`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Item {
    pub(super) uuid: Id,
    pub(super) title: String,
    pub(super) description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) props: Vec<Prop>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) origins: Vec<Origin>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_findings: Vec<FindingRef>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_observations: Vec<ObservationRef>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_risks: Vec<RiskRef>,
}

impl Item {
    /// What stands where nothing is listed, for a plan without an item is none (`minItems: 1`): why that is so, which is no praise
    /// of what was not read, not judged, or known before.
    pub(super) fn nothing(report: &Report) -> Self {
        let why = if !report.complete {
            "The run is incomplete: nothing was found in what could be read and judged, which proves nothing of the rest."
        } else if report.ledger.rows.iter().all(|row| row.verdict == Verdict::NotApplicable) {
            "Nothing was judged: no criterion applies to what was read."
        } else if report.baseline.as_ref().is_some_and(|baseline| baseline.hidden > 0) {
            "Nothing is new or worse since the baseline; what it knows is not listed here."
        } else {
            "No criterion that was judged is open, unknown or excepted on this evidence."
        };
        Self {
            uuid: id("item", &["nothing"]),
            title: "Nothing is listed".to_owned(),
            description: why.to_owned(),
            props: vec![Prop::own("placeholder", "true")],
            origins: Vec::new(),
            related_findings: Vec::new(),
            related_observations: Vec::new(),
            related_risks: Vec::new(),
        }
    }
}
