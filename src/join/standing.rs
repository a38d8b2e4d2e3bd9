//! What tools stand on, and which services are needed before all others: facts of the estate, worked out once.

use std::collections::hash_map::Entry;

use regorus::Value;

use super::estate::{Estate, Tenant};
use super::position::ServiceJoin;
use super::reference::References;
use super::value::{Fact, Object};
use crate::config::LimitValue;
use crate::hash::HashMap;
use crate::model::Text;

/// Services that a tool needs, directly or by their dependencies; each with the entry of `runs_on` that needs it.
pub(super) type Needs = HashMap<usize, usize>;

/// The services of a tenant that others are recovered after.
#[derive(Debug, Default)]
pub(super) struct Foundation {
    /// The one that is recovered last.
    pub(super) last: Option<usize>,
    /// One that no priority is given for.
    pub(super) unordered: Option<usize>,
}

impl Estate<'_> {
    /// What each tool of a tenant needs. Each tool walks the graph once.
    pub(super) fn needs_of_tools(&self, name: Option<&Text>, tenant: &Tenant) -> HashMap<Text, Needs> {
        let tools = tenant.tools.iter().filter_map(|(id, tool)| Some((id, tool.record.runs_on.as_ref()?)));
        let each = tools.map(|(id, runs_on)| {
            let mut needs = Needs::default();
            for (entry, host) in runs_on.iter().enumerate() {
                let mut open: Vec<usize> = self.find(name, host).into_iter().collect();
                while let Some(service) = open.pop() {
                    if let Entry::Vacant(free) = needs.entry(service) {
                        free.insert(entry);
                        open.extend(self.internal_dependencies(service).filter_map(|(_, far)| far));
                    }
                }
            }
            (id.clone(), needs)
        });
        each.collect()
    }

    /// The foundations of each tenant: the services of the kinds that come first.
    pub(super) fn foundations(&self) -> HashMap<Option<Text>, Foundation> {
        let mut all: HashMap<Option<Text>, Foundation> = HashMap::default();
        let kinds = match crate::config::params::find("DEP-002", "first_kinds").map(|p| self.standard.param(p)) {
            Some(Some(LimitValue::Words(kinds))) => kinds,
            _ => return all,
        };
        for (index, ((tenant, _), service)) in self.services.iter().enumerate() {
            let record = &service.record;
            if !record.kind.as_ref().is_some_and(|kind| kinds.contains(kind)) {
                continue;
            }
            let foundation = all.entry(tenant.clone()).or_default();
            let priority = |i: usize| self.services.get(i).and_then(|(_, s)| s.record.recovery_priority);
            if record.recovery_priority.is_none() {
                foundation.unordered = foundation.unordered.or(Some(index));
            } else if foundation.last.and_then(priority) < record.recovery_priority {
                foundation.last = Some(index);
            }
        }
        all
    }
}

impl ServiceJoin<'_> {
    /// The tools that protect the service, with what brings them back to it.
    pub(super) fn protecting_tools(
        &self,
        tools: &std::collections::BTreeSet<Text>,
        refs: &mut References,
    ) -> Vec<Value> {
        let each = tools.iter().map(|id| {
            let tool = self.tenant.tools.get(id);
            let mut o = Object::default();
            o.set("id", id).set("known", tool.is_some()).set("ref", tool.map(|t| t.reference(refs)));
            if let Some((tool, runs_on)) = tool.and_then(|t| Some((t, t.record.runs_on.as_ref()?))) {
                o.set("runs_on", runs_on).set("runs_on_ref", tool.field(refs, "runs_on"));
                let entry = self.tenant.needs.get(id).and_then(|needs| needs.get(&self.index));
                o.set("needs_it_by", entry.and_then(|e| runs_on.get(*e)));
            }
            o.take()
        });
        each.collect()
    }

    /// A service by its number, as the order of recovery names it.
    pub(super) fn in_order(&self, index: Option<usize>, refs: &mut References) -> Option<Value> {
        let ((_, id), service) = self.estate.services.get(index?)?;
        let mut o = Object::default();
        o.set("service", id).set("kind", service.record.kind.as_ref()).set("ref", service.reference(refs));
        o.set("recovery_priority", service.record.recovery_priority).take().fact()
    }
}
