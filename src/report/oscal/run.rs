//! What all parts of a document refer to: the instant, the tool, the rules as controls, the files as resources.

use std::collections::HashMap;

use serde::Serialize;

use super::super::View;
use super::super::model::{Report, RuleUsed, Subject};
use super::super::sums::{hidden, why};
use super::ids::{self, Id, id};
use super::resources;
use super::subjects::{Reference, reference};
use super::text::{Names, instant, paragraphs, sentence, token};
use crate::source::FileId;

/// A run as OSCAL refers to it.
pub(super) struct Run<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) report: &'a Report,
    /// The instant that the run speaks for.
    pub(super) as_of: String,
    /// What tells the run from others.
    pub(super) key: Id,
    /// The control of each rule, in their order.
    controls: Vec<String>,
    /// The resources of files.
    files: HashMap<FileId, Id>,
}

/// `origin`: who or what says so.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Origin {
    actors: [Actor; 1],
}

/// `origin-actor`
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Actor {
    r#type: &'static str,
    actor_uuid: Id,
    #[serde(skip_serializing_if = "Option::is_none")]
    role_id: Option<&'static str>,
}

impl Origin {
    /// This program.
    pub(super) fn tool() -> Self {
        Self { actors: [Actor { r#type: "tool", actor_uuid: tool(), role_id: None }] }
    }

    /// A person.
    pub(super) fn party(party: Id, role: &'static str) -> Self {
        Self { actors: [Actor { r#type: "party", actor_uuid: party, role_id: Some(role) }] }
    }
}

/// The component that this program is.
pub(super) fn tool() -> Id {
    id("tool", &[env!("CARGO_PKG_NAME")])
}

impl<'a> Run<'a> {
    pub(super) fn new(view: &'a View<'a>) -> Self {
        let report = view.report;
        let mut names = Names::default();
        let as_of = report.as_of.to_string();
        Self {
            view,
            report,
            // What no OSCAL time can be is said as the nearest that can.
            as_of: instant(&as_of).unwrap_or_else(|| "1900-01-01T00:00:00Z".to_owned()),
            key: ids::run(view),
            controls: report.rules.iter().map(|rule| names.free(token(&rule.id).to_ascii_lowercase())).collect(),
            files: resources::files(view),
        }
    }

    /// The id of the control that a rule is, by the rule's number: `rpo-001`.
    pub(super) fn control(&self, rule: usize) -> &str {
        self.controls.get(rule).map_or("_", String::as_str)
    }

    /// Every rule with its control.
    pub(super) fn rules(&self) -> impl Iterator<Item = (&'a RuleUsed, &str)> {
        self.report.rules.iter().zip(self.controls.iter().map(String::as_str))
    }

    /// The resource of a file that this run lists.
    pub(super) fn file(&self, file: FileId) -> Option<Id> {
        self.files.get(&file).copied()
    }

    /// A reference to a judged subject, by its number.
    pub(super) fn subject(&self, number: u32) -> Option<Reference> {
        self.report.ledger.subjects.get(number as usize).map(reference)
    }

    /// What the run leaves out, and how its words are meant.
    pub(super) fn remarks(&self) -> String {
        let report = self.report;
        let incomplete = (!report.complete)
            .then(|| sentence(&format!("Incomplete: {}. What was not read or judged is not proven", why(report))));
        let meant = "Criteria are met, not met or unknown on the evidence supplied, as of one instant. Rules that do not apply \
                     to a subject are left out. Clauses of frameworks are named and have no state.";
        let hidden = hidden(report).map(|text| sentence(&text));
        paragraphs(incomplete.iter().chain(&hidden).map(String::as_str).chain([meant]))
    }

    /// The judged subjects that have one of these numbers.
    pub(super) fn subjects(&self, numbers: impl IntoIterator<Item = u32>) -> impl Iterator<Item = &'a Subject> {
        let all = &self.report.ledger.subjects;
        numbers.into_iter().filter_map(|number| all.get(number as usize))
    }
}

/// The objective of a control.
pub(super) fn objective(control: &str) -> String {
    format!("{control}_obj")
}
