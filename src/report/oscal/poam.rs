//! `oscal-poam`: a plan of action and milestones, an item a row that is not met, not known or excepted.
//!
//! Who does what until when is the organisation's to add: an item keeps its uuid from run to run. One that is gone from
//! the next plan is not found any more, or no longer judged; `passmuster diff` tells which.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;

use super::super::View;
use super::super::hosts::Checkout;
use super::super::json::field;
use super::assessment::Item;
use super::document::{close, open, some};
use super::entries::entries;
use super::ids::{Id, id};
use super::people::People;
use super::resources;
use super::run::Run;
use super::subjects::Definitions;

/// Writes the document.
pub(in crate::report) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let run = Run::new(view);
    let checkout = Checkout::new(view);
    let entries = entries(&run);
    let mut people = People::default();
    let risks: Vec<_> = entries.iter().map(|entry| entry.risk(&run, &mut people)).collect();
    let subjects = run.subjects(entries.iter().map(|entry| entry.shown.row.subject));
    let mut definitions = Vec::new();
    Definitions::of(run.report, subjects).write(&mut people, &mut definitions)?;

    open(&run, &people, "plan-of-action-and-milestones", "Recoverability: what is open", Some(run.remarks()), out)?;
    field(out, "system-id", &SystemId::of(&run))?;
    out.write_all(&definitions)?;
    some(out, "observations", entries.iter().map(|entry| entry.observation(&run, &checkout)))?;
    some(out, "risks", risks.into_iter())?;
    some(out, "findings", entries.iter().map(|entry| entry.finding(&run)))?;
    let nothing = entries.is_empty().then(|| Item::nothing(view.report));
    some(out, "poam-items", entries.iter().map(|entry| entry.item(&run)).chain(nothing))?;
    let files: BTreeSet<_> = entries.iter().flat_map(|e| e.places().map(|(place, _)| place.file)).collect();
    close(&run, resources::inputs(&run, |file| files.contains(&file)), out)
}

/// `system-id`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct SystemId {
    identifier_type: &'static str,
    id: Id,
}

impl SystemId {
    /// The estate of these tenants.
    fn of(run: &Run<'_>) -> Self {
        let tenants: BTreeSet<&str> = run.report.positions.iter().filter_map(|p| p.tenant.as_deref()).collect();
        let tenants: Vec<&str> = tenants.into_iter().collect();
        Self { identifier_type: "http://ietf.org/rfc/rfc4122", id: id("system", &tenants) }
    }
}
