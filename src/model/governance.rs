//! What people decide and keep: runbooks, reviews, exceptions, limits, reports.

use serde::{Deserialize, Serialize};

use super::units::{Seconds, Text, Time};

/// How a service is recovered. Section `runbooks`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Runbook {
    /// Id.
    pub id: Text,
    /// Services it recovers.
    pub services: Option<Vec<Text>>,
    /// Where it is.
    pub url: Option<String>,
    /// Version.
    pub version: Option<String>,
    /// Hash.
    pub sha256: Option<String>,
    /// When it was reviewed.
    pub reviewed_at: Option<Time>,
    /// By whom.
    pub reviewed_by: Option<Text>,
    /// A copy outside the systems.
    pub offline_copy: Option<bool>,
    /// Failure domain of that copy.
    pub location_domain: Option<String>,
    /// Tools it uses.
    pub tools: Option<Vec<Text>>,
    /// Scenarios it covers.
    pub scenarios: Option<Vec<String>>,
    /// Steps.
    pub steps: Option<Vec<Step>>,
    /// Approvals it waits for; `[]` says none.
    pub approvals: Option<Vec<Approval>>,
    /// Ways to recover, smallest first.
    pub options: Option<Vec<String>>,
    /// When it is done.
    pub success: Option<String>,
    /// What else, if it fails.
    pub fallback: Option<String>,
}

/// A step of a runbook.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Step {
    /// What to do.
    pub text: Option<String>,
    /// manual or auto; absent means manual.
    pub mode: Option<String>,
    /// Who.
    pub role: Option<String>,
}

/// An approval that a recovery waits for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Approval {
    /// Who gives it.
    pub role: Option<String>,
    /// How long it takes.
    pub latency: Option<Seconds>,
    /// Given in advance.
    pub pre_authorised: Option<bool>,
}

/// A change of a service. Section `changes`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Change {
    /// Id.
    pub id: Text,
    /// Service.
    pub service: Option<Text>,
    /// When.
    pub at: Option<Time>,
    /// deploy, config, maintenance or migration.
    pub kind: Option<String>,
    /// Whether old proof still holds.
    pub significant: Option<bool>,
}

/// A review of a position. Section `reviews`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Review {
    /// Id.
    pub id: Text,
    /// Service.
    pub service: Option<Text>,
    /// When.
    pub at: Option<Time>,
    /// Who.
    pub reviewer: Option<Text>,
    /// What was looked at.
    pub evidence: Option<Vec<String>>,
    /// Assumptions challenged.
    pub challenged: Option<Vec<String>>,
    /// Outcome.
    pub decision: Option<String>,
    /// What came of it.
    pub finding: Option<String>,
}

/// A known limit. Section `limitations`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limitation {
    /// Id.
    pub id: Text,
    /// Service.
    pub service: Option<Text>,
    /// The limit.
    pub text: Option<String>,
    /// Dependence it adds elsewhere.
    pub introduces: Option<Vec<String>>,
    /// Who accepted it.
    pub acknowledged_by: Option<Text>,
    /// When.
    pub at: Option<Time>,
}

/// A finding that a named person accepted for a time. Section `exceptions`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Exception {
    /// Id.
    pub id: Text,
    /// Rule id.
    pub rule: Option<Text>,
    /// Service.
    pub service: Option<Text>,
    /// Services.
    pub services: Option<Vec<Text>>,
    /// All services of a tier.
    #[serde(deserialize_with = "super::service::text_or_number")]
    pub tier: Option<String>,
    /// Components; absent: all.
    pub components: Option<Vec<Text>>,
    /// Id of an object, where the rule judges one.
    pub subject: Option<Text>,
    /// Why.
    pub reason: Option<String>,
    /// What remains.
    pub residual_risk: Option<String>,
    /// Who asked.
    pub requested_by: Option<Text>,
    /// Who approved.
    pub approved_by: Option<Text>,
    /// When.
    pub approved_at: Option<Time>,
    /// Until when.
    pub expires: Option<Time>,
    /// What holds instead.
    pub compensating: Option<Vec<Compensation>>,
    /// Under which conditions.
    pub conditions: Option<String>,
}

/// A compensating control: a rule that passes, or a text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Compensation {
    /// Rule id.
    pub rule: Option<Text>,
    /// Text.
    pub text: Option<String>,
}

/// What people decided about a finding. Section `findings`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Finding {
    /// The finding.
    pub fingerprint: Text,
    /// Who mends it.
    pub owner: Option<Text>,
    /// By when.
    pub due: Option<Time>,
    /// open, closed …
    pub status: Option<String>,
    /// Note.
    pub note: Option<String>,
}

/// An alert of a tool. Section `alerts`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Alert {
    /// Id.
    pub id: Text,
    /// Tool.
    pub tool: Option<Text>,
    /// job_failed, point_deleted, retention_changed, lock_changed, policy_disabled, privileged_login, key_disabled.
    pub events: Option<Vec<String>>,
    /// Whom it reaches.
    pub route: Option<String>,
    /// When it was tried.
    pub tested_at: Option<Time>,
    /// How fast somebody answers.
    pub acknowledged_within: Option<Seconds>,
}

/// A report to leadership or a customer. Section `reports`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LeadershipReport {
    /// Id.
    pub id: Text,
    /// leadership or customer.
    pub kind: Option<String>,
    /// When.
    pub at: Option<Time>,
    /// grade, unknown, untested, limitations, rto_attainment.
    pub contents: Option<Vec<String>>,
    /// Who.
    pub audience: Option<String>,
}

/// Where evidence is kept. Section `evidence_stores`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EvidenceStore {
    /// Id.
    pub id: Text,
    /// Where.
    pub location: Option<String>,
    /// How long.
    pub retention: Option<Seconds>,
    /// Oldest item held.
    pub oldest_at: Option<Time>,
    /// Failures are kept too.
    pub includes_failures: Option<bool>,
    /// Changes show.
    pub tamper_evident: Option<bool>,
}
