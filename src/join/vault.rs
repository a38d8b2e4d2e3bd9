//! A store of recovery points as a position shows it.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;

use super::estate::{Estate, Tenant};
use super::merge::Merged;
use super::reference::References;
use super::value::Object;
use crate::hash::HashMap;
use crate::model::{Lock, Text, Time, Vault};

/// The stores that one service uses, each described once: every component and copy shares them.
pub(super) struct Stores<'a> {
    estate: &'a Estate<'a>,
    tenant: &'a Tenant,
    known: HashMap<Text, Value>,
}

impl<'a> Stores<'a> {
    pub(super) fn new(estate: &'a Estate<'a>, tenant: &'a Tenant) -> Self {
        Self { estate, tenant, known: HashMap::default() }
    }

    /// A store by its id; `None` where no record describes it.
    pub(super) fn get(&mut self, id: &Text, refs: &mut References) -> Option<Value> {
        if let Some(known) = self.known.get(id) {
            return Some(known.clone());
        }
        let value = self.describe(self.tenant.vaults.get(id)?, refs);
        self.known.insert(id.clone(), value.clone());
        Some(value)
    }

    /// A store that no record describes: its name, a record that names it, and who may touch it.
    pub(super) fn undeclared(&self, name: &str, named_at: String, refs: &mut References) -> Value {
        let mut o = Object::default();
        o.set("id", name).set("ref", named_at).set("grants", self.grants(name, refs)).take()
    }

    fn describe(&self, vault: &Merged<Vault>, refs: &mut References) -> Value {
        let (estate, v) = (self.estate, &vault.record);
        let mut o = Object::default();
        o.set("id", &v.id).set("ref", vault.reference(refs)).set("tool", v.tool.as_ref());
        o.set("location", v.location.as_ref()).set("site", v.site.as_ref()).set("region", v.region.as_ref());
        o.set("account", v.account.as_ref()).set("failure_domain", v.failure_domain.as_ref());
        o.set("admin_domain", v.admin_domain.as_ref()).set("media", v.media.as_ref());
        o.set("isolation", v.isolation.as_ref()).set("available", v.available);
        o.set("public_access", v.public_access).set("key", v.key.as_ref());
        o.set("two_person_destruction", v.two_person_destruction);
        o.set("site_reviewed_at", v.site_reviewed_at).set("site_reviewed_age_s", estate.age_of(v.site_reviewed_at));
        if let Some(encryption) = &v.encryption {
            o.set("encryption", encryption).set("encryption_ref", vault.field(refs, "encryption"));
        }
        let in_force = v.lock.as_ref().is_some_and(|lock| is_in_force(estate, lock));
        let outside = matches!(v.isolation.as_deref(), Some("offline" | "air-gapped"));
        o.set("erasable", !outside && !in_force);
        if let Some(lock) = &v.lock {
            let mut l = Object::default();
            l.set("ref", vault.field(refs, "lock")).set("mode", lock.mode.as_ref());
            l.set("in_force", lock.mode.as_ref().map(|_| in_force));
            l.set("locked", lock.mode.as_deref().map(|mode| mode != "none" && has_begun(estate, lock)));
            l.set("min_retention_s", lock.min_retention);
            l.set("locked_at", lock.locked_at).set("locked_in_s", estate.ahead(lock.locked_at));
            o.set("lock", l);
        }
        if let Some(soft) = &v.soft_delete {
            let mut s = Object::default();
            s.set("ref", vault.field(refs, "soft_delete")).set("state", soft.state.as_ref());
            o.set("soft_delete", s.set("period_s", soft.period).take());
        }
        o.set("grants", self.grants(&v.id, refs)).take()
    }

    /// Who may touch a store. What a principal may do at any time is the sum of its grants, emergencies left out.
    fn grants(&self, vault: &str, refs: &mut References) -> Vec<Value> {
        let grants = self.tenant.grants.get(vault).into_iter().flatten();
        let grants: Vec<_> = grants.filter_map(|i| self.estate.records.grants.get(*i as usize)).collect();
        let mut standing: BTreeMap<&Text, BTreeSet<&str>> = BTreeMap::new();
        for grant in grants.iter().map(|entry| &entry.record).filter(|g| g.break_glass != Some(true)) {
            let rights = standing.entry(&grant.principal).or_default();
            rights.extend(grant.rights.iter().flatten().map(String::as_str));
        }
        let each = grants.iter().map(|entry| {
            let grant = &entry.record;
            let mut g = Object::default();
            g.set("ref", refs.record(entry.origin, &entry.place)).set("principal", &grant.principal);
            g.set("rights", grant.rights.as_ref()).set("reviewed_at", grant.reviewed_at);
            let rights = standing.get(&grant.principal).filter(|_| grant.break_glass != Some(true));
            g.set("standing_rights", rights.map(|r| r.iter().map(|r| Value::from(*r)).collect::<Vec<_>>()));
            g.set("reviewed_age_s", self.estate.age_of(grant.reviewed_at)).set("break_glass", grant.break_glass).take()
        });
        each.collect()
    }
}

/// General 10: a lock is in force from `locked_at` on, and at once where none is given.
fn has_begun(estate: &Estate<'_>, lock: &Lock) -> bool {
    lock.locked_at.and_then(Time::instant).is_none_or(|at| at <= estate.as_of)
}

/// A lock that nobody can lift.
fn is_in_force(estate: &Estate<'_>, lock: &Lock) -> bool {
    lock.mode.as_deref() == Some("compliance") && has_begun(estate, lock)
}
