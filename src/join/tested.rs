//! What lists restores: whether all of it is there, and how far back it reaches.

use std::collections::BTreeSet;

use regorus::Value;

use super::component::{ComponentJoin, supposed};
use super::reference::References;
use super::value::Object;
use crate::model::{Component, Origin, OriginId, Text};
use crate::normalise::history::{self, History};
use crate::source::Place;

/// The documents that list the restores of one tool.
#[derive(Debug, Clone, Default)]
pub(super) struct Tests {
    /// The first that is one page of several, or could not be read to its end.
    doubtful: Option<OriginId>,
    /// The first of each kind whose history has an end.
    short: Vec<(&'static str, OriginId, History)>,
}

impl Tests {
    /// One more document lists such restores.
    pub(super) fn add(&mut self, id: OriginId, origin: &Origin) {
        if origin.failed || !origin.complete {
            self.doubtful.get_or_insert(id);
        }
        if let Some(history) = history::of(origin.kind)
            && !self.short.iter().any(|(kind, ..)| *kind == origin.kind)
        {
            self.short.push((origin.kind, id, history));
        }
    }
}

impl ComponentJoin<'_> {
    /// Why a test that is not listed may have been: a source is not whole, or forgets.
    pub(super) fn test_sources(
        &self,
        component: &Component,
        tools: &BTreeSet<Text>,
        refs: &mut References,
        out: &mut Object,
    ) {
        let records = self.estate.records;
        let (mut doubt, mut short, mut seen) = (None, Vec::new(), BTreeSet::new());
        for tool in &supposed(component, tools) {
            let Some(tests) = self.tenant.test_sources.get(tool) else { continue };
            if let Some(origin) = tests.doubtful.and_then(|id| records.origin(id)).filter(|_| doubt.is_none()) {
                let place = origin.page_place.clone().unwrap_or_else(|| Place::file(origin.file));
                let why = if origin.failed { "failed" } else { "is one page of several" };
                let mut o = Object::default();
                o.set("ref", refs.place(place)).set("reason", format!("an export of the restores of {tool} {why}"));
                doubt = Some(o.take());
            }
            for (_, id, history) in tests.short.iter().filter(|(_, id, _)| seen.insert(*id)) {
                let Some(origin) = records.origin(*id) else { continue };
                let mut o = Object::default();
                o.set("ref", refs.place(Place::file(origin.file))).set("back_s", history.back).set("why", history.why);
                short.push(o.take());
            }
        }
        out.set("tests_doubt", doubt).set("tests_history", short.into_iter().collect::<Vec<Value>>());
    }
}
