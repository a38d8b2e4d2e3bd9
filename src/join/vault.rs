//! A store of recovery points as a position shows it.

use regorus::Value;

use super::estate::{Estate, Tenant};
use super::merge::Merged;
use super::reference::References;
use super::value::Object;
use crate::model::{Lock, Time, Vault};

/// Fills in what is known of a vault.
pub(super) fn describe(
    estate: &Estate<'_>,
    tenant: &Tenant,
    vault: &Merged<Vault>,
    refs: &mut References,
    o: &mut Object,
) {
    let v = &vault.record;
    o.set("ref", vault.reference(refs)).set("tool", v.tool.as_ref()).set("location", v.location.as_ref());
    o.set("site", v.site.as_ref()).set("region", v.region.as_ref()).set("account", v.account.as_ref());
    o.set("failure_domain", v.failure_domain.as_ref()).set("admin_domain", v.admin_domain.as_ref());
    o.set("media", v.media.as_ref()).set("isolation", v.isolation.as_ref()).set("available", v.available);
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
        l.set("in_force", lock.mode.as_ref().map(|_| in_force)).set("min_retention_s", lock.min_retention);
        l.set("locked_at", lock.locked_at).set("locked_in_s", estate.ahead(lock.locked_at));
        o.set("lock", l);
    }
    if let Some(soft) = &v.soft_delete {
        let mut s = Object::default();
        s.set("ref", vault.field(refs, "soft_delete")).set("state", soft.state.as_ref()).set("period_s", soft.period);
        o.set("soft_delete", s);
    }
    let grants = tenant.grants.get(&v.id).into_iter().flatten().filter_map(|i| estate.records.grants.get(*i as usize));
    let grants: Vec<Value> = grants
        .map(|entry| {
            let grant = &entry.record;
            let mut g = Object::default();
            g.set("ref", refs.record(entry.origin, &entry.place)).set("principal", &grant.principal);
            g.set("rights", grant.rights.as_ref()).set("reviewed_at", grant.reviewed_at);
            g.set("reviewed_age_s", estate.age_of(grant.reviewed_at)).set("break_glass", grant.break_glass).take()
        })
        .collect();
    o.set("grants", grants);
}

/// General 10: a compliance lock is in force from `locked_at` on, and at once where none is given.
fn is_in_force(estate: &Estate<'_>, lock: &Lock) -> bool {
    let from = lock.locked_at.and_then(Time::instant);
    lock.mode.as_deref() == Some("compliance") && from.is_none_or(|at| at <= estate.as_of)
}
