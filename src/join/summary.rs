//! A service in one line.

use crate::model::Grade;

/// A service in one line: claimed against proven.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct PositionSummary {
    /// Tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Service id.
    pub service: String,
    /// Service name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Tier as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Accountable owner: name, else id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Evidence grade held.
    pub evidence_grade: Grade,
    /// Evidence grade that the tier requires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required_grade: Option<Grade>,
    /// Evidence grade that the organisation claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed_grade: Option<Grade>,
    /// Declared recovery point objective, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rpo_s: Option<i64>,
    /// Age of the oldest of its components' newest restorable points, seconds; absent when one has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest_point_age_s: Option<i64>,
    /// Declared recovery time objective, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rto_s: Option<i64>,
    /// Worst recent measured time to user ready, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured_rto_s: Option<i64>,
    /// Age of the newest passing restore test that covers the worst-tested component, seconds; absent when one has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_test_age_s: Option<i64>,
    /// Wave of the recovery order; 1 needs nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wave: Option<i64>,
    /// Earliest time at which it can be back, along the critical path, seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earliest_s: Option<i64>,
    /// The critical path: what it waits for, nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waits_for: Vec<String>,
    /// How many protected components it has.
    #[serde(default)]
    pub components: u64,
}

impl PositionSummary {
    /// What people call the service: its id, or its name where the id is a UUID, as a `sys_id` of ServiceNow is.
    #[must_use]
    pub fn label(&self) -> &str {
        match &self.name {
            Some(name) if !name.is_empty() && uuid::Uuid::try_parse(&self.service).is_ok() => name,
            _ => &self.service,
        }
    }
}
