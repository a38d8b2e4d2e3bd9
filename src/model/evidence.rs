//! What proves: verifications, scans, restore tests, incidents.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::units::{Seconds, Text, Time};

/// An integrity check of an asset, a vault or one point. Section `verifications`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Verification {
    /// Id.
    pub id: Text,
    /// Asset checked.
    pub asset: Option<Text>,
    /// Vault checked.
    pub vault: Option<Text>,
    /// Point checked.
    pub recovery_point: Option<Text>,
    /// How.
    pub method: Option<String>,
    /// When.
    pub at: Option<Time>,
    /// `ok`, anything else is not.
    pub result: Option<String>,
    /// Errors found.
    pub errors: Option<u64>,
}

/// A malware scan. Section `scans`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Scan {
    /// Id.
    pub id: Text,
    /// Asset scanned.
    pub asset: Option<Text>,
    /// Point scanned.
    pub recovery_point: Option<Text>,
    /// When.
    pub at: Option<Time>,
    /// clean, infected or suspect.
    pub result: Option<String>,
    /// Points from then on are not safe.
    pub suspected_since: Option<Time>,
}

/// A restore test; a drill when it names a service. Section `restore_tests`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RestoreTest {
    /// Id.
    pub id: Text,
    /// Service exercised.
    pub service: Option<Text>,
    /// Components restored.
    pub components: Option<Vec<Text>>,
    /// Asset restored.
    pub asset: Option<Text>,
    /// Point restored, id or free text.
    pub recovery_point: Option<String>,
    /// file, component, application, service or site.
    pub level: Option<String>,
    /// deletion, bad_deploy, config_loss, ransomware, site_loss or identity_loss.
    pub scenario: Option<String>,
    /// full, pitr, file, item …
    pub granularity: Option<String>,
    /// Declared start.
    pub started_at: Option<Time>,
    /// End.
    pub finished_at: Option<Time>,
    /// Durations of the phases.
    pub phases: Option<Phases>,
    /// pass, fail or partial; absent: nobody looked.
    pub result: Option<String>,
    /// Check to answer.
    pub acceptance: Option<BTreeMap<String, bool>>,
    /// Who accepted it.
    pub accepted_by: Option<Text>,
    /// Who ran it.
    pub executor: Option<Text>,
    /// Run by on-call staff.
    pub on_call: Option<bool>,
    /// In isolation from production.
    pub isolated: Option<bool>,
    /// Without the usual consoles.
    pub console_loss: Option<bool>,
    /// Identity was restored first.
    pub identity_restored: Option<bool>,
    /// Services restored with it.
    pub dependencies_exercised: Option<Vec<Text>>,
    /// Where.
    pub environment: Option<String>,
    /// Bytes.
    pub bytes_restored: Option<u64>,
    /// Runbook followed.
    pub runbook: Option<Text>,
    /// Its hash at the time.
    pub runbook_sha256: Option<String>,
    /// time, owner, docs, data, environment, approvals, tooling: each answered.
    pub gaps: Option<BTreeMap<String, String>>,
    /// Whether the data were right.
    pub reconciliation: Option<Reconciliation>,
    /// Who reviewed the record.
    pub reviewer: Option<Text>,
    /// What follows from a failure.
    pub action: Option<Action>,
    /// Where the proof lies.
    pub evidence: Option<Vec<EvidenceItem>>,
}

/// Durations of the phases of a recovery, in order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Phases {
    /// Until it was noticed.
    pub detect: Option<Seconds>,
    /// Until it was decided.
    pub decide: Option<Seconds>,
    /// Until it was approved.
    pub approve: Option<Seconds>,
    /// Until the data were back.
    pub restore: Option<Seconds>,
    /// Until they were checked.
    pub validate: Option<Seconds>,
    /// Until users worked.
    pub user_ready: Option<Seconds>,
}

/// Whether restored data were right.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reconciliation {
    /// Counts.
    pub counts: Option<String>,
    /// Checksums.
    pub checksums: Option<String>,
    /// pass or not.
    pub result: Option<String>,
}

/// What follows from a failed test.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Action {
    /// Ticket.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// Who.
    pub owner: Option<Text>,
    /// By when.
    pub due: Option<Time>,
}

/// A file or page that proves a record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EvidenceItem {
    /// Path relative to the configuration file.
    pub path: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Declared hash.
    pub sha256: Option<String>,
    /// Hash of the file at `path`, where it lies below the configuration: worked out, never read from a record.
    #[serde(skip)]
    pub actual_sha256: Option<String>,
}

/// A real outage. Section `incidents`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Incident {
    /// Id.
    pub id: Text,
    /// Service.
    pub service: Option<Text>,
    /// Start.
    pub started_at: Option<Time>,
    /// Noticed: the RTO clock starts.
    pub detected_at: Option<Time>,
    /// Users worked again: it ends.
    pub user_ready_at: Option<Time>,
    /// Cause.
    pub cause: Option<String>,
}
/// Which kind of measurement a recovery time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measurement {
    /// A passing restore test of a service.
    Drill,
    /// A real outage.
    Incident,
}

impl Phases {
    /// Name and duration of each phase that is stated, in order.
    pub fn stated(&self) -> impl Iterator<Item = (&'static str, Seconds)> {
        [
            ("detect", self.detect),
            ("decide", self.decide),
            ("approve", self.approve),
            ("restore", self.restore),
            ("validate", self.validate),
            ("user_ready", self.user_ready),
        ]
        .into_iter()
        .filter_map(|(name, duration)| duration.map(|d| (name, d)))
    }

    /// The measured time: the sum of the phases, and only where users were ready at the end.
    #[must_use]
    pub fn measured(&self) -> Option<Seconds> {
        self.user_ready?;
        Some(Seconds(self.stated().map(|(_, d)| d.0).sum()))
    }
}

impl Verification {
    /// Result ok and no error.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.result.as_deref() == Some("ok") && self.errors.unwrap_or(0) == 0
    }
}
