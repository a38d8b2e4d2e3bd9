//! Ids that nobody declares: a warning at the first record that names one.
//!
//! Only native records are asked: exports name stores, policies and resources of their product that no inventory
//! lists. The people of a service, its dependencies and keys are left to their rules, whose verdict they are. Offices
//! that sign (`approved_by: [cfo]`) need no person's id.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::hash::HashMap;
use crate::model::{Entry, Records, Text};
use crate::source::Place;

/// What an id stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Thing {
    Service,
    Component,
    Tool,
    Vault,
    Policy,
    Runbook,
    Person,
    Team,
}

impl Thing {
    fn name(self) -> &'static str {
        match self {
            Thing::Service => "service",
            Thing::Component => "component",
            Thing::Tool => "tool",
            Thing::Vault => "vault",
            Thing::Policy => "policy",
            Thing::Runbook => "runbook",
            Thing::Person => "person or team",
            Thing::Team => "team",
        }
    }

    fn section(self) -> &'static str {
        match self {
            Thing::Service => "services",
            Thing::Component => "components",
            Thing::Tool => "tools",
            Thing::Vault => "vaults",
            Thing::Policy => "policies",
            Thing::Runbook => "runbooks",
            Thing::Person => "people",
            Thing::Team => "teams",
        }
    }
}

/// How many missing ids of a run get a suggestion: each is compared with every id there is.
const SUGGESTED: usize = 50;

/// Reports every id that a native record names and no record declares: once, with the number of records.
pub(super) fn check(records: &Records, found: &mut Diagnostics) {
    let known = Known::new(records);
    let mut check = Check { records, known: &known, missing: BTreeMap::new() };
    check.people(records);
    check.protection(records);
    check.evidence(records);
    check.governance(records);
    for (number, ((thing, tenant, id), missing)) in check.missing.into_iter().enumerate() {
        let name = thing.name();
        let records = if missing.count > 1 { format!(", which {} records name", missing.count) } else { String::new() };
        let near = (number < SUGGESTED).then(|| known.near(thing, tenant, id)).flatten();
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declare it under `{}`, or correct the reference", thing.section()),
        };
        found.push(
            Diagnostic::warning("dangling-id", format!("no {name} `{id}` is declared{records}"))
                .at(missing.first)
                .help(help),
        );
    }
}

type Tenant<'a> = Option<&'a Text>;

/// The ids of each tenant that records declare or, for tools, that exports come from.
struct Known<'a>(HashMap<(Thing, Tenant<'a>), BTreeSet<&'a str>>);

impl<'a> Known<'a> {
    fn new(records: &'a Records) -> Self {
        let mut known = Self(HashMap::default());
        known.all(Thing::Service, records, &records.services, |s| &s.id);
        known.all(Thing::Tool, records, &records.tools, |t| &t.id);
        known.all(Thing::Vault, records, &records.vaults, |v| &v.id);
        known.all(Thing::Policy, records, &records.policies, |p| &p.id);
        known.all(Thing::Runbook, records, &records.runbooks, |r| &r.id);
        known.all(Thing::Person, records, &records.people, |p| &p.id);
        known.all(Thing::Person, records, &records.teams, |t| &t.id);
        known.all(Thing::Team, records, &records.teams, |t| &t.id);
        for origin in records.origins.iter().filter(|o| o.is_evidence()) {
            known.0.entry((Thing::Tool, origin.tenant.as_ref())).or_default().extend(origin.tool.as_deref());
        }
        for entry in &records.services {
            let tenant = records.origin(entry.origin).and_then(|o| o.tenant.as_ref());
            let components = entry.record.components.iter().flatten().map(|c| &*c.id);
            known.0.entry((Thing::Component, tenant)).or_default().extend(components);
            // Who is run by somebody else is declared where it is depended on.
            let external = entry.record.depends_on.iter().flatten().filter(|d| d.external).map(|d| &*d.service);
            known.0.entry((Thing::Service, tenant)).or_default().extend(external);
        }
        known
    }

    fn all<T>(&mut self, thing: Thing, records: &'a Records, entries: &'a [Entry<T>], id: impl Fn(&'a T) -> &'a Text) {
        for entry in entries {
            let tenant = records.origin(entry.origin).and_then(|o| o.tenant.as_ref());
            self.0.entry((thing, tenant)).or_default().insert(id(&entry.record));
        }
    }

    fn has(&self, thing: Thing, tenant: Tenant<'_>, id: &str) -> bool {
        let of = |tenant: Tenant<'_>, id: &str| self.0.get(&(thing, tenant)).is_some_and(|ids| ids.contains(id));
        of(tenant, id) || id.split_once('/').is_some_and(|(tenant, id)| of(Some(&Text::from(tenant)), id))
    }

    fn near(&self, thing: Thing, tenant: Tenant<'_>, id: &str) -> Option<&'a str> {
        let ids = self.0.get(&(thing, tenant))?;
        let near = ids.iter().map(|known| (strsim::damerau_levenshtein(known, id), *known));
        near.filter(|(distance, known)| *distance <= 1 + known.len().min(id.len()) / 4).min().map(|(_, near)| near)
    }
}

struct Missing {
    first: Place,
    count: usize,
}

struct Check<'a> {
    records: &'a Records,
    known: &'a Known<'a>,
    missing: BTreeMap<(Thing, Tenant<'a>, &'a str), Missing>,
}

impl<'a> Check<'a> {
    /// Looks up an id that a record names in `field`.
    fn one<T>(&mut self, entry: &'a Entry<T>, thing: Thing, id: Option<&'a Text>, field: &str) {
        let Some(id) = id else { return };
        let Some(origin) = self.records.origin(entry.origin).filter(|o| o.native) else { return };
        let tenant = origin.tenant.as_ref();
        if self.known.has(thing, tenant, id) {
            return;
        }
        let missing = self
            .missing
            .entry((thing, tenant, &**id))
            .or_insert_with(|| Missing { first: self.records.place(entry, field), count: 0 });
        missing.count += 1;
    }

    fn list<T>(&mut self, entry: &'a Entry<T>, thing: Thing, ids: Option<&'a Vec<Text>>, field: &str) {
        for (index, id) in ids.into_iter().flatten().enumerate() {
            self.one(entry, thing, Some(id), &format!("{field}/{index}"));
        }
    }

    fn people(&mut self, records: &'a Records) {
        for e in &records.people {
            self.one(e, Thing::Team, e.record.team.as_ref(), "team");
        }
    }

    fn protection(&mut self, records: &'a Records) {
        for e in &records.tools {
            self.list(e, Thing::Service, e.record.runs_on.as_ref(), "runs_on");
        }
        for e in &records.vaults {
            self.one(e, Thing::Tool, e.record.tool.as_ref(), "tool");
        }
        for e in &records.policies {
            self.one(e, Thing::Tool, e.record.tool.as_ref(), "tool");
            self.one(e, Thing::Vault, e.record.vault.as_ref(), "vault");
            for (index, copy) in e.record.copies.iter().flatten().enumerate() {
                self.one(e, Thing::Vault, copy.vault.as_ref(), &format!("copies/{index}/vault"));
            }
        }
        for e in &records.jobs {
            self.one(e, Thing::Tool, e.record.tool.as_ref(), "tool");
            self.one(e, Thing::Policy, e.record.policy.as_ref(), "policy");
        }
        for e in &records.recovery_points {
            self.one(e, Thing::Tool, e.record.tool.as_ref(), "tool");
            self.one(e, Thing::Vault, e.record.vault.as_ref(), "vault");
        }
        for e in &records.grants {
            self.one(e, Thing::Vault, e.record.vault.as_ref(), "vault");
        }
        for e in &records.alerts {
            self.one(e, Thing::Tool, e.record.tool.as_ref(), "tool");
        }
    }

    fn evidence(&mut self, records: &'a Records) {
        for e in &records.verifications {
            self.one(e, Thing::Vault, e.record.vault.as_ref(), "vault");
        }
        for e in &records.restore_tests {
            self.one(e, Thing::Service, e.record.service.as_ref(), "service");
            self.list(e, Thing::Component, e.record.components.as_ref(), "components");
            self.list(e, Thing::Service, e.record.dependencies_exercised.as_ref(), "dependencies_exercised");
            self.one(e, Thing::Runbook, e.record.runbook.as_ref(), "runbook");
            self.one(e, Thing::Person, e.record.executor.as_ref(), "executor");
            self.one(e, Thing::Person, e.record.reviewer.as_ref(), "reviewer");
            self.one(e, Thing::Person, e.record.action.as_ref().and_then(|a| a.owner.as_ref()), "action/owner");
        }
        for e in &records.incidents {
            self.one(e, Thing::Service, e.record.service.as_ref(), "service");
        }
    }

    fn governance(&mut self, records: &'a Records) {
        for e in &records.runbooks {
            self.list(e, Thing::Service, e.record.services.as_ref(), "services");
            self.list(e, Thing::Tool, e.record.tools.as_ref(), "tools");
            self.one(e, Thing::Person, e.record.reviewed_by.as_ref(), "reviewed_by");
        }
        for e in &records.changes {
            self.one(e, Thing::Service, e.record.service.as_ref(), "service");
        }
        for e in &records.reviews {
            self.one(e, Thing::Service, e.record.service.as_ref(), "service");
        }
        for e in &records.limitations {
            self.one(e, Thing::Service, e.record.service.as_ref(), "service");
        }
        for e in &records.exceptions {
            self.one(e, Thing::Service, e.record.service.as_ref(), "service");
            self.list(e, Thing::Service, e.record.services.as_ref(), "services");
            self.list(e, Thing::Component, e.record.components.as_ref(), "components");
        }
        for e in &records.findings {
            self.one(e, Thing::Person, e.record.owner.as_ref(), "owner");
        }
    }
}
