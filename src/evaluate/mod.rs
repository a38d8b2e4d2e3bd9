//! Positions and policies to outcomes.

use serde::{Deserialize, Serialize};

/// How much a finding of a rule matters at tier 1 and 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Critical.
    Critical,
}

/// How a rule relates to a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// It supports the clause.
    Supports,
    /// It decides a part of it.
    Part,
}

/// A clause of a framework.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// Clause.
    pub clause: String,
    /// Relation.
    pub relation: Relation,
}

/// A policy's answer on a subject. Ordered: the greater one wins where several meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Not among the rule's subjects.
    NotApplicable,
    /// Judged, no finding.
    Pass,
    /// Covered by a live exception.
    Excepted,
    /// The evidence does not tell.
    Unknown,
    /// Not met.
    Fail,
    /// The rule itself failed.
    Error,
}

/// Whom a row is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Subject {
    /// Kind.
    pub kind: String,
    /// Tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Component.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// Object id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}
