//! Where a component's points lie: what each store is worth beside production, and whether its copy was verified.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use regorus::Value;

use super::asset;
use super::component::ComponentJoin;
use super::estate::Estate;
use super::gather::Point;
use super::merge::Merged;
use super::reference::References;
use super::value::Object;
use super::vault::Stores;
use crate::hash::{HashMap, HashSet};
use crate::model::protection::Vault;
use crate::model::service::Location;
use crate::model::{Component, Text};

impl<'a> ComponentJoin<'a> {
    /// General 9: the stores that hold a restorable point, and production.
    pub(super) fn copies(
        &self,
        component: &Component,
        stores: &mut Stores<'_>,
        refs: &mut References,
        out: &mut Object,
    ) {
        let mut by_vault: BTreeMap<(Option<&Text>, Option<&Text>), Vec<&Point<'a>>> = BTreeMap::new();
        for point in self.restorable().filter(|p| p.entry.record.on_source_array != Some(true)) {
            let record = &point.entry.record;
            // Points whose vault nobody names are one copy a tool.
            let unnamed = if record.vault.is_none() { record.tool.as_ref() } else { None };
            by_vault.entry((record.vault.as_ref(), unnamed)).or_default().push(point);
        }
        let newest = self.restorable().next().map(|p| p.taken_at);
        let mut newest_offsite: Option<&Point<'a>> = None;
        let own = component.location.as_ref();
        let checks = Checks::new(self);
        let mut shown = HashMap::default();
        let count = by_vault.len();
        let (mut offsite, mut isolated, mut separate) = (Tally::default(), Tally::default(), Tally::default());
        let (mut domains, mut media) = (Kinds::default(), Kinds::default());
        domains.add(own.and_then(|l| l.failure_domain.as_deref()));
        let mut values = Vec::with_capacity(count);
        for ((vault, tool), points) in by_vault {
            let merged = Estate::vault(self.tenant, vault);
            let record = merged.map(|m| &m.record);
            let site = |l: &Location| l.site.clone().zip(record.and_then(|v| v.site.clone()));
            let is_offsite = own.and_then(site).map(|(own, far)| own != far);
            let is_isolated = record.and_then(|v| v.isolation.as_deref()).map(|i| i != "none");
            let is_separate = own.zip(record).and_then(|(own, vault)| separately_run(own, vault));
            let is_public = record.is_some_and(|v| v.public_access == Some(true));
            offsite.add(is_offsite);
            isolated.add(is_isolated);
            separate.add(if is_public { Some(false) } else { is_separate });
            domains.add(record.and_then(|v| v.failure_domain.as_deref()));
            media.add(record.and_then(|v| v.media.as_deref()));
            if is_offsite == Some(true)
                && let Some(first) = points.first()
                && newest_offsite.is_none_or(|p| first.taken_at > p.taken_at)
            {
                newest_offsite = Some(first);
            }
            let mut o = Object::default();
            o.set("vault", self.vault(vault, tool, &points, stores, refs)).set("points", points.len());
            if let (Some(first), Some(last)) = (points.first(), points.last()) {
                o.set("newest_point", self.point(first, refs)).set("oldest_point", self.point(last, refs));
                o.set("lag_s", newest.map(|n| n.as_second() - first.taken_at.as_second()));
            }
            o.set("offsite", is_offsite).set("isolated", is_isolated).set("separate", is_separate);
            self.encryption(merged, &points, refs, &mut o);
            let verifications = checks.of_copy(vault, &points).into_iter().filter_map(|index| {
                let (_, entry) = self.estate.verification(index)?;
                Some(shown.entry(index).or_insert_with(|| self.verification(entry, refs)).clone())
            });
            values.push(o.set("verifications", verifications.collect::<Vec<_>>()).take());
        }
        out.set("copies", values).set("copies_count", count + 1);
        out.set("newest_offsite_point", newest_offsite.map(|p| self.point(p, refs)));
        let lag = |p: &Point<'_>| newest.map(|n| n.as_second() - p.taken_at.as_second());
        out.set("offsite_lag_s", newest_offsite.and_then(lag));
        out.set("offsite_count", offsite.known).set("offsite_unknown_count", offsite.unknown);
        out.set("isolated_count", isolated.known).set("isolated_unknown_count", isolated.unknown);
        out.set("separate_count", separate.known).set("separate_unknown_count", separate.unknown);
        out.set("domains_count", domains.known.len()).set("domains_unknown_count", domains.unknown);
        out.set("media_count", media.known.len()).set("media_unknown_count", media.unknown);
    }

    fn vault(
        &self,
        id: Option<&Text>,
        tool: Option<&Text>,
        points: &[&Point<'a>],
        stores: &mut Stores<'_>,
        refs: &mut References,
    ) -> Value {
        if let Some(known) = id.and_then(|id| stores.get(id, refs)) {
            return known;
        }
        // A store that no record describes: the point that names it is all there is.
        let point = points.first().map(|p| refs.record(p.entry.origin, &p.entry.place)).unwrap_or_default();
        match id {
            Some(id) => stores.undeclared(id, point, refs),
            None => {
                let name = format!("unnamed store of {}", tool.map_or("an unnamed tool", |t| t));
                let mut o = Object::default();
                o.set("id", name).set("ref", point).take()
            }
        }
    }

    /// ENC-001: what the points say, and the vault for those that do not.
    fn encryption(
        &self,
        vault: Option<&Merged<Vault>>,
        points: &[&Point<'a>],
        refs: &mut References,
        out: &mut Object,
    ) {
        if let Some(plain) = points.iter().find(|p| p.entry.record.encrypted == Some(false)) {
            let place = match plain.repeated {
                Some(repeated) => repeated.field(refs, "encrypted"),
                None => format!("{}/encrypted", refs.record(plain.entry.origin, &plain.entry.place)),
            };
            out.set("encrypted", false).set("unencrypted_ref", place);
            return;
        }
        if points.iter().all(|p| p.entry.record.encrypted == Some(true)) {
            out.set("encrypted", true);
            return;
        }
        match vault.and_then(|v| v.record.encryption.as_deref().map(|e| (v, e))) {
            Some((vault, "none")) => {
                out.set("encrypted", false).set("unencrypted_ref", vault.field(refs, "encryption"));
            }
            Some(_) => {
                out.set("encrypted", true);
            }
            None => {}
        }
    }
}

/// CPY-006: whether others administer the store than production; by account where an admin domain is not stated.
fn separately_run(own: &Location, vault: &Vault) -> Option<bool> {
    let domains = own.admin_domain.as_ref().zip(vault.admin_domain.as_ref());
    domains.or_else(|| own.account.as_ref().zip(vault.account.as_ref())).map(|(own, far)| own != far)
}

/// How many copies have a property, and of how many it is not stated.
#[derive(Default)]
struct Tally {
    known: u64,
    unknown: u64,
}

impl Tally {
    fn add(&mut self, stated: Option<bool>) {
        self.known += u64::from(stated == Some(true));
        self.unknown += u64::from(stated.is_none());
    }
}

/// The different values of a property, and how many places do not state it.
#[derive(Default)]
struct Kinds<'a> {
    known: BTreeSet<&'a str>,
    unknown: u64,
}

impl<'a> Kinds<'a> {
    fn add(&mut self, stated: Option<&'a str>) {
        match stated {
            Some(value) => {
                self.known.insert(value);
            }
            None => self.unknown += 1,
        }
    }
}

/// Time, whether it is not ok, number: the largest of several is the newest, and of equal times the worse.
type Check = (Timestamp, bool, u32);

/// The newest verification of each thing that was checked.
#[derive(Default)]
struct Checks<'a> {
    vaults: HashMap<&'a str, Check>,
    /// By asset and the vault that the verification names.
    assets: HashMap<(&'a str, Option<&'a str>), Check>,
    /// Checked names with `*`.
    wild: Vec<&'a str>,
    /// By point and the vault that the verification names.
    points: HashMap<(&'a str, Option<&'a str>), Check>,
}

impl<'a> Checks<'a> {
    fn new(join: &ComponentJoin<'a>) -> Self {
        let mut checks = Checks::default();
        let mut names = HashSet::default();
        for index in &join.found.verifications {
            let Some((at, entry)) = join.estate.verification(*index) else { continue };
            let (v, check) = (&entry.record, (at, !entry.record.is_ok(), *index));
            let vault = v.vault.as_deref();
            match (&v.recovery_point, &v.asset, vault) {
                (Some(point), _, _) => {
                    let newest = checks.points.entry((point, vault)).or_insert(check);
                    *newest = check.max(*newest);
                }
                (None, Some(asset), _) => {
                    if asset.contains('*') && names.insert(&**asset) {
                        checks.wild.push(asset);
                    }
                    let newest = checks.assets.entry((asset, vault)).or_insert(check);
                    *newest = check.max(*newest);
                }
                (None, None, Some(vault)) => {
                    let newest = checks.vaults.entry(vault).or_insert(check);
                    *newest = check.max(*newest);
                }
                (None, None, None) => {}
            }
        }
        checks
    }

    /// The newest verification of each asset of a copy: of its store, of the asset, or of a point there.
    fn of_copy(&self, vault: Option<&Text>, points: &[&Point<'_>]) -> BTreeSet<u32> {
        let vault = vault.map(|v| &**v);
        let of_vault = vault.and_then(|v| self.vaults.get(v)).copied();
        let mut assets: BTreeMap<Option<&str>, Option<Check>> = BTreeMap::new();
        for record in points.iter().map(|p| &p.entry.record) {
            let asset = record.asset.as_deref();
            let newest = assets.entry(asset).or_insert_with(|| {
                let named = asset.into_iter().flat_map(|asset| self.of_asset(asset, vault));
                named.chain(of_vault).max()
            });
            for at in [vault, None] {
                *newest = (*newest).max(self.points.get(&(&*record.id, at)).copied());
            }
        }
        assets.into_values().flatten().map(|(_, _, index)| index).collect()
    }

    fn of_asset(&self, asset: &str, vault: Option<&str>) -> Vec<Check> {
        let named = |name: &str| {
            let here = self.assets.get(&(name, vault)).copied();
            here.into_iter().chain(self.assets.get(&(name, None)).copied())
        };
        let mut found: Vec<Check> = named(asset).collect();
        if asset.contains('*') {
            let inside =
                self.assets.iter().filter(|((name, v), _)| (v.is_none() || *v == vault) && asset::matches(asset, name));
            found.extend(inside.map(|(_, check)| *check));
        }
        found.extend(self.wild.iter().filter(|name| asset::matches(name, asset)).flat_map(|name| named(name)));
        found
    }
}
