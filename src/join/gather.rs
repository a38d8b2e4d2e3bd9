//! Everything that speaks of one component: points that could be restored, runs, checks, tests, policies.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::asset::{self, Kind};
use super::estate::{Estate, Tenant};
use super::merge::Merged;
use super::repeated::Repeated;
use crate::hash::{HashMap, HashSet};
use crate::model::{Component, Entry, OriginId, RecoveryPoint, Text, Time, Vault, Verification};

/// A listed point, dated.
pub(super) struct Point<'a> {
    pub(super) entry: &'a Entry<RecoveryPoint>,
    /// What several sources say of it, where they do not say the same.
    pub(super) repeated: Option<&'a Repeated>,
    pub(super) taken_at: Timestamp,
    /// When it was whole; the time that verifications count from.
    pub(super) completed_at: Timestamp,
    /// Why it cannot be restored; `None`: it can.
    pub(super) broken: Option<&'static str>,
    pub(super) verified: bool,
    pub(super) clean: bool,
    pub(super) safe: bool,
}

/// What speaks of one component. Indices are into the sections of the records.
#[derive(Default)]
pub(super) struct Gathered<'a> {
    /// Newest first.
    pub(super) points: Vec<Point<'a>>,
    /// Every point that is listed, those without a time that can be among them.
    pub(super) listed: Vec<u32>,
    pub(super) jobs: Vec<u32>,
    pub(super) verifications: Vec<u32>,
    pub(super) scans: Vec<u32>,
    pub(super) tests: Vec<u32>,
    pub(super) policies: Vec<u32>,
    pub(super) possible: Vec<u32>,
    /// Documents that any of it came from.
    pub(super) origins: BTreeSet<OriginId>,
}

impl<'e> Estate<'e> {
    /// Gathers what speaks of a component.
    pub(super) fn gather(&'e self, tenant: &'e Tenant, service: &Text, component: &Component) -> Gathered<'e> {
        let mut found = Gathered::default();
        let mut listed = Vec::new();
        for asset in component.assets.iter().flatten() {
            for (_, entries) in tenant.assets.matching(asset) {
                for (kind, index) in entries {
                    match kind {
                        Kind::Point => listed.push(*index),
                        Kind::Job => found.jobs.push(*index),
                        Kind::Verification => found.verifications.push(*index),
                        Kind::Scan => found.scans.push(*index),
                        Kind::Test => found.tests.push(*index),
                        Kind::Policy if self.excluded_by_plan(tenant, *index, asset) => {}
                        Kind::Policy => found.policies.push(*index),
                        Kind::Possible => found.possible.push(*index),
                    }
                }
            }
            // What a record leaves out of the asset that it names does not speak of the component.
            let exclude = |list: &Option<Vec<Text>>| list.iter().flatten().any(|e| asset::matches(e, asset));
            listed
                .retain(|i| self.records.recovery_points.get(*i as usize).is_some_and(|e| !exclude(&e.record.exclude)));
            found.jobs.retain(|i| self.records.jobs.get(*i as usize).is_some_and(|e| !exclude(&e.record.exclude)));
            found
                .policies
                .retain(|i| self.records.policies.get(*i as usize).is_some_and(|e| !exclude(&e.record.exclude)));
            found
                .possible
                .retain(|i| self.records.policies.get(*i as usize).is_some_and(|e| !exclude(&e.record.exclude)));
        }
        found.tests.extend(self.tests_of_component(tenant, service, component));
        for list in
            [&mut listed, &mut found.jobs, &mut found.tests, &mut found.policies, &mut found.possible, &mut found.scans]
        {
            list.sort_unstable();
            list.dedup();
        }
        found.possible.retain(|i| !found.policies.contains(i));
        self.date_points(tenant, &listed, &mut found);
        self.verifications_of_stores(tenant, &mut found);
        self.judge_points(&mut found);
        self.note_origins(tenant, &listed, &mut found);
        found.listed = listed;
        found
    }

    /// Tests of the service that list the component, or list neither components nor an asset.
    fn tests_of_component(
        &'e self,
        tenant: &'e Tenant,
        service: &Text,
        component: &Component,
    ) -> impl Iterator<Item = u32> {
        let id = component.id.clone();
        tenant.tests.get(service).into_iter().flatten().copied().filter(move |index| {
            self.records.restore_tests.get(*index as usize).is_some_and(|entry| match &entry.record.components {
                Some(listed) => listed.contains(&id),
                None => entry.record.asset.is_none(),
            })
        })
    }

    fn excluded_by_plan(&self, tenant: &Tenant, policy: u32, asset: &str) -> bool {
        let plan = self.records.policies.get(policy as usize).and_then(|e| e.record.plan.as_ref());
        plan.and_then(|plan| tenant.selections.get(plan)).into_iter().flatten().any(|s| {
            let exclude = self.records.selections.get(*s as usize).and_then(|e| e.record.exclude.as_ref());
            exclude.into_iter().flatten().any(|e| asset::matches(e, asset))
        })
    }

    fn date_points(&'e self, tenant: &Tenant, listed: &[u32], found: &mut Gathered<'e>) {
        let (mut seen, mut chains) = (HashSet::default(), HashMap::default());
        for index in listed {
            let Some(entry) = self.point(*index) else { continue };
            let point = &entry.record;
            let Some(taken_at) = self.evidence(point.taken_at) else { continue };
            if !seen.insert((point.vault.as_ref(), point.asset.as_ref(), &point.id)) {
                continue;
            }
            let completed_at = self.evidence(point.completed_at).unwrap_or(taken_at).max(taken_at);
            let broken = self.broken(tenant, *index, &mut chains);
            found.points.push(Point {
                entry,
                repeated: self.repeated.get(index),
                taken_at,
                completed_at,
                broken,
                verified: false,
                clean: false,
                safe: false,
            });
        }
        found.points.sort_by(|a, b| {
            b.taken_at.cmp(&a.taken_at).then_with(|| {
                (&a.entry.record.vault, &a.entry.record.id).cmp(&(&b.entry.record.vault, &b.entry.record.id))
            })
        });
    }

    /// Why a point cannot be restored: itself, or a point that it builds on. Each chain is walked once.
    fn broken(
        &self,
        tenant: &Tenant,
        point: u32,
        known: &mut HashMap<u32, Option<&'static str>>,
    ) -> Option<&'static str> {
        let (mut walked, mut current) = (Vec::new(), point);
        let end = loop {
            if let Some(verdict) = known.get(&current) {
                break *verdict;
            }
            let entry = self.point(current)?;
            // Until its own chain is known, a point that comes round to itself cannot be restored.
            known.insert(current, Some("its chain of parents does not end"));
            let alone = self.broken_alone(tenant, &entry.record);
            walked.push((current, alone));
            let Some(parent) = entry.record.parent.as_ref().filter(|_| alone.is_none()) else { break alone };
            let key = (entry.record.vault.clone(), entry.record.asset.clone(), parent.clone());
            match tenant.points.get(&key) {
                Some(parent) => current = *parent,
                None => break Some("the point that it builds on is missing"),
            }
        };
        let mut below = end;
        for (index, alone) in walked.into_iter().rev() {
            let verdict = match (alone, below) {
                (Some(own), _) => Some(own),
                (None, Some(reason)) if Some(index) == Some(current) => Some(reason),
                (None, Some(_)) => Some("a point that it builds on cannot be restored"),
                (None, None) => None,
            };
            known.insert(index, verdict);
            below = verdict;
        }
        known.get(&point).copied().flatten()
    }

    /// Why a point by itself cannot be restored (acceptance, General 7).
    fn broken_alone(&self, tenant: &Tenant, point: &RecoveryPoint) -> Option<&'static str> {
        let Some(taken_at) = self.evidence(point.taken_at) else { return Some("its time is not known") };
        let expired = point.expires_at.and_then(Time::instant).is_some_and(|e| e <= self.as_of);
        let vault = point.vault.as_ref().and_then(|v| tenant.vaults.get(v)).map(|v| &v.record);
        let key = point.key.as_ref().or_else(|| vault.and_then(|v| v.key.as_ref())).and_then(|k| tenant.keys.get(k));
        let key_is_gone = matches!(key.and_then(|k| k.record.state.as_deref()), Some("disabled" | "pending_deletion"));
        match () {
            () if !point.is_available() => Some("its status says that it cannot be restored"),
            () if taken_at > self.as_of => Some("it is dated after the as-of"),
            () if expired => Some("it has expired"),
            () if point.restorable == Some(false) => Some("its tool says that it cannot be restored"),
            () if key_is_gone => Some("its encryption key is disabled or about to be deleted"),
            () if vault.is_some_and(|v| v.available == Some(false)) => Some("its vault is not available"),
            () => None,
        }
    }

    /// Adds the verifications of the vaults and the points that the component has.
    fn verifications_of_stores(&'e self, tenant: &'e Tenant, found: &mut Gathered<'e>) {
        let vaults: BTreeSet<&Text> = found.points.iter().filter_map(|p| p.entry.record.vault.as_ref()).collect();
        for vault in vaults {
            found.verifications.extend(tenant.verifications_of_vault.get(vault).into_iter().flatten());
        }
        for point in &found.points {
            found.verifications.extend(tenant.verifications_of_point.get(&point.entry.record.id).into_iter().flatten());
            found.scans.extend(tenant.scans_of_point.get(&point.entry.record.id).into_iter().flatten());
        }
        for list in [&mut found.verifications, &mut found.scans] {
            list.sort_unstable();
            list.dedup();
        }
    }

    /// Which points are verified, clean and safe (acceptance, General 12).
    fn judge_points(&'e self, found: &mut Gathered<'e>) {
        let checks = Checks::new(self, &found.verifications);
        let scans = Scans::new(self, &found.scans);
        for point in &mut found.points {
            let restorable = point.broken.is_none();
            point.verified = restorable && checks.verify(point);
            point.clean = restorable && scans.is_clean(point);
            point.safe = point.verified && !scans.is_suspect(point);
        }
    }

    fn note_origins(&self, tenant: &Tenant, listed: &[u32], found: &mut Gathered<'_>) {
        let r = self.records;
        let mut origins = BTreeSet::new();
        origins.extend(listed.iter().filter_map(|i| r.recovery_points.get(*i as usize)).map(|e| e.origin));
        origins.extend(found.jobs.iter().filter_map(|i| r.jobs.get(*i as usize)).map(|e| e.origin));
        origins.extend(found.verifications.iter().filter_map(|i| r.verifications.get(*i as usize)).map(|e| e.origin));
        origins.extend(found.scans.iter().filter_map(|i| r.scans.get(*i as usize)).map(|e| e.origin));
        for policy in found.policies.iter().filter_map(|i| r.policies.get(*i as usize)) {
            origins.insert(policy.origin);
            let plan = policy.record.plan.as_ref().and_then(|plan| tenant.selections.get(plan));
            origins.extend(plan.into_iter().flatten().filter_map(|i| r.selections.get(*i as usize)).map(|e| e.origin));
        }
        found.origins = origins;
    }

    /// A listed point, with what every source says of it.
    pub(super) fn point(&'e self, index: u32) -> Option<&'e Entry<RecoveryPoint>> {
        match self.repeated.get(&index) {
            Some(repeated) => Some(&repeated.entry),
            None => self.records.recovery_points.get(index as usize),
        }
    }

    /// A verification with its time, where that is evidence.
    pub(super) fn verification(&'e self, index: u32) -> Option<(Timestamp, &'e Entry<Verification>)> {
        let entry = self.records.verifications.get(index as usize)?;
        self.evidence(entry.record.at).map(|at| (at, entry))
    }

    /// The vault of a point, merged from all sources.
    pub(super) fn vault(tenant: &'e Tenant, id: Option<&Text>) -> Option<&'e Merged<Vault>> {
        id.and_then(|id| tenant.vaults.get(id))
    }
}

/// The newest verification of each thing checked; of equal times the worse.
struct Checks<'a> {
    assets: HashMap<&'a str, (Timestamp, bool)>,
    vaults: HashMap<&'a str, (Timestamp, bool)>,
    /// By point and the vault that the verification names: synchronised stores hold the same id, each its own bytes.
    points: HashMap<(&'a str, Option<&'a str>), (Timestamp, bool)>,
}

impl<'a> Checks<'a> {
    fn new(estate: &'a Estate<'_>, verifications: &[u32]) -> Self {
        let mut checks = Checks { assets: HashMap::default(), vaults: HashMap::default(), points: HashMap::default() };
        for (at, entry) in verifications.iter().filter_map(|i| estate.verification(*i)) {
            let v = &entry.record;
            let check = (at, v.is_ok());
            let newest = match (&v.recovery_point, &v.asset, &v.vault) {
                (Some(point), _, vault) => checks.points.entry((point, vault.as_deref())).or_insert(check),
                (None, Some(asset), _) => checks.assets.entry(asset).or_insert(check),
                (None, None, Some(vault)) => checks.vaults.entry(vault).or_insert(check),
                (None, None, None) => continue,
            };
            if at > newest.0 || (at == newest.0 && !v.is_ok()) {
                *newest = (at, v.is_ok());
            }
        }
        checks
    }

    /// Whether the newest verification that covers a point found it good.
    fn verify(&self, point: &Point<'_>) -> bool {
        let record = &point.entry.record;
        let of_point = self.points.get(&(&*record.id, None));
        let of_point_there = record.vault.as_deref().and_then(|v| self.points.get(&(&*record.id, Some(v))));
        let of_vault =
            record.vault.as_ref().and_then(|v| self.vaults.get(&**v)).filter(|(at, _)| *at >= point.completed_at);
        let of_asset = record.asset.as_ref().and_then(|name| match self.assets.get(&**name) {
            Some(check) => Some(check),
            None => self
                .assets
                .iter()
                .filter(|(a, _)| asset::matches(name, a) || asset::matches(a, name))
                .map(|(_, c)| c)
                .max_by_key(|c| (c.0, !c.1)),
        });
        let of_asset = of_asset.filter(|(at, _)| *at >= point.completed_at);
        // The newest decides; of equal times the worse, so `ok` sorts first.
        [of_point, of_point_there, of_vault, of_asset]
            .into_iter()
            .flatten()
            .max_by_key(|(at, ok)| (*at, !ok))
            .is_some_and(|(_, ok)| *ok)
    }
}

/// What malware scans say of points.
struct Scans<'a> {
    /// Newest scan that names the point: whether it is clean.
    points: HashMap<&'a str, (Timestamp, bool)>,
    /// Newest scan of the asset as a whole that names no start of the infection: whether it is clean.
    asset: Option<(Timestamp, bool)>,
    /// Earliest start of an infection.
    suspected_since: Option<Timestamp>,
    /// Newest clean scan of the asset.
    clean_until: Option<Timestamp>,
}

impl<'a> Scans<'a> {
    fn new(estate: &'a Estate<'_>, scans: &[u32]) -> Self {
        let mut all = Scans { points: HashMap::default(), asset: None, suspected_since: None, clean_until: None };
        for entry in scans.iter().filter_map(|i| estate.records.scans.get(*i as usize)) {
            let scan = &entry.record;
            let Some(at) = estate.evidence(scan.at) else { continue };
            let clean = scan.result.as_deref() == Some("clean");
            let since = scan.suspected_since.and_then(Time::instant).filter(|_| !clean);
            if let Some(since) = since {
                all.suspected_since = Some(all.suspected_since.map_or(since, |s| s.min(since)));
            }
            match &scan.recovery_point {
                Some(point) => {
                    let newest = all.points.entry(point).or_insert((at, clean));
                    if at > newest.0 || (at == newest.0 && !clean) {
                        *newest = (at, clean);
                    }
                }
                // One that names a start of the infection says nothing of what is older.
                None => {
                    let newer = all.asset.is_none_or(|(t, _)| at > t || (at == t && !clean));
                    if newer && (clean || since.is_none()) {
                        all.asset = Some((at, clean));
                    }
                }
            }
            if clean && scan.recovery_point.is_none() {
                all.clean_until = all.clean_until.max(Some(at));
            }
        }
        all
    }

    /// Infected or suspect itself, of an asset that is so as a whole, or not older than an infection.
    fn is_suspect(&self, point: &Point<'_>) -> bool {
        self.points.get(&*point.entry.record.id).is_some_and(|(_, clean)| !clean)
            || self.asset.is_some_and(|(_, clean)| !clean)
            || self.suspected_since.is_some_and(|since| point.taken_at >= since)
    }

    /// A clean scan names it, or covers it, and nothing makes it suspect.
    fn is_clean(&self, point: &Point<'_>) -> bool {
        let named = self.points.get(&*point.entry.record.id).is_some_and(|(_, clean)| *clean);
        let covered = self.clean_until.is_some_and(|until| until >= point.completed_at);
        (named || covered) && !self.is_suspect(point)
    }
}
