//! The estate: every record of a run, indexed so that a position is put together by look-ups.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use jiff::Timestamp;
use regorus::Value;

use super::asked::Asked;
use super::asset::{AssetIndex, Kind};
use super::graph::Graph;
use super::merge::{self, Merged, by_id};
use super::points::PointIndex;
use super::repeated::Repeated;
use super::schedule::Gaps;
use super::scope::{self, Covered, Reached};
use super::standing::{Foundation, Needs};
use super::tested::Tests;
use super::value::Fact;
use crate::config::{LimitValue, PARAMS, Standard, params};
use crate::diagnostic::Diagnostics;
use crate::hash::HashMap;
use crate::model::{
    Entry, Exception, Grade, Incident, Key, OriginId, Person, Records, RecoveryPoint, RestoreTest, Section, Service,
    Team, Text, Time, Tool, Vault,
};

/// A time of evidence more than this many seconds after the as-of is no evidence (acceptance, General 14).
pub(super) const CLOCK_SKEW_S: i64 = 300;

use crate::source::Sources as Files;

/// Who lists the records of a tool or product.
pub(super) type Listings = HashMap<Text, Listing>;

/// The documents that list the records of one tool.
#[derive(Debug, Clone, Default)]
pub(super) struct Listing {
    /// The first of them that is one page of several, or could not be read to its end.
    pub(super) doubtful: Option<OriginId>,
    /// One of them is an inventory: what people write of a tool is of all of it.
    pub(super) by_hand: bool,
    /// What the exports among them are of.
    pub(super) covered: Covered,
}

/// What the inputs give of a tool's jobs and points.
#[derive(Debug, Clone, Default)]
pub(super) struct Feed {
    /// Whether there is one.
    pub(super) gives: bool,
    /// How many documents could list them.
    pub(super) documents: u64,
    /// How many of these are whole.
    pub(super) sound: u64,
    /// The first that is not.
    pub(super) doubtful: Option<OriginId>,
    /// Those that could not be read to their end, or say that they failed.
    pub(super) failed: Vec<OriginId>,
}

/// Indices of records, by an id that they name.
pub(super) type By = HashMap<Text, Vec<u32>>;

/// Tenant and id of a service.
pub(super) type ServiceKey = (Option<Text>, Text);

/// Every service of a run with everything that is known of it.
pub struct Estate<'a> {
    pub(super) records: &'a Records,
    pub(super) sources: &'a Files,
    pub(super) standard: &'a Standard,
    pub(super) as_of: Timestamp,
    pub(super) asked: Asked,
    pub(super) gaps: Gaps,
    pub(super) tenants: BTreeMap<Option<Text>, Tenant>,
    /// Services, sorted by tenant and id.
    pub(super) services: Vec<(ServiceKey, Merged<Service>)>,
    pub(super) graph: Graph,
    /// Evidence grades of services that others depend on, once they are asked for.
    pub(super) grades: Vec<OnceLock<Option<Grade>>>,
    /// Points that several sources tell differently, by the number that stands for all.
    pub(super) repeated: HashMap<u32, Repeated>,
    pub(super) foundations: HashMap<Option<Text>, Foundation>,
    /// What the standard asks a component of a kind to offer, by kind.
    pub(super) granularity: BTreeMap<&'static str, Value>,
    /// Kinds of components that are brought back to one instant.
    pub(super) common_point_kinds: Vec<String>,
}

/// The records of one tenant, indexed.
#[derive(Default)]
pub(super) struct Tenant {
    pub(super) people: HashMap<Text, Merged<Person>>,
    pub(super) teams: HashMap<Text, Merged<Team>>,
    pub(super) tools: HashMap<Text, Merged<Tool>>,
    /// What each tool stands on.
    pub(super) needs: HashMap<Text, Needs>,
    pub(super) vaults: HashMap<Text, Merged<Vault>>,
    pub(super) keys: HashMap<Text, Merged<Key>>,
    pub(super) assets: AssetIndex,
    /// Points by vault, asset and id: parents, and the same point seen twice.
    pub(super) points: PointIndex,
    pub(super) verifications_of_vault: By,
    pub(super) verifications_of_point: By,
    pub(super) scans_of_point: By,
    pub(super) tests: By,
    pub(super) incidents: By,
    pub(super) runbooks: By,
    pub(super) reviews: By,
    pub(super) changes: By,
    pub(super) limitations: By,
    pub(super) exceptions: By,
    pub(super) grants: By,
    pub(super) selections: By,
    /// Documents by the tool whose recovery points they list, or would list.
    pub(super) point_sources: Listings,
    /// Documents by the tool whose policies they list, or would list.
    pub(super) policy_sources: Listings,
    /// Documents by the tool whose restores they list, or would list.
    pub(super) test_sources: HashMap<Text, Tests>,
    /// By tool.
    pub(super) feeds: HashMap<Text, Feed>,
}

impl<'a> Estate<'a> {
    /// Indexes the records. Duplicates and dangling references are diagnostics.
    pub fn new(
        records: &'a Records,
        sources: &'a Files,
        standard: &'a Standard,
        as_of: Timestamp,
        found: &mut Diagnostics,
    ) -> Self {
        super::duplicate::check(records, found);
        super::dangling::check(records, found);
        let gaps = Gaps::default();
        gaps.check(records, found);
        let mut services: Vec<_> =
            by_id(records, &records.services, |s| &s.id, merge::OF_SERVICES).into_iter().collect();
        services.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut estate = Self {
            records,
            sources,
            standard,
            as_of,
            asked: Asked::by(standard),
            gaps,
            tenants: BTreeMap::new(),
            services,
            graph: Graph::default(),
            grades: Vec::new(),
            repeated: HashMap::default(),
            foundations: HashMap::default(),
            granularity: granularity(standard),
            common_point_kinds: words(standard, "RPO-004", "common_point_kinds"),
        };
        estate.grades.resize_with(estate.services.len(), OnceLock::new);
        estate.index();
        estate.graph = Graph::new(&estate);
        estate.foundations = estate.foundations();
        let mut tenants = std::mem::take(&mut estate.tenants);
        for (name, tenant) in &mut tenants {
            tenant.needs = estate.needs_of_tools(name.as_ref(), tenant);
        }
        estate.tenants = tenants;
        estate
    }

    /// How many services there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.services.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.services.is_empty()
    }

    /// Tenant and id of a service by its number.
    #[must_use]
    pub fn service_id(&self, index: usize) -> Option<(Option<&str>, &str)> {
        self.services.get(index).map(|((tenant, id), _)| (tenant.as_deref(), &**id))
    }

    /// Tier of a service as its inventory writes it.
    #[must_use]
    pub fn service_tier(&self, index: usize) -> Option<&str> {
        self.services.get(index).and_then(|(_, s)| s.record.tier.as_deref())
    }

    /// Tier of the service of a tenant with this id.
    #[must_use]
    pub fn tier_of(&self, tenant: Option<&str>, service: &str) -> Option<&str> {
        self.service_tier(self.find(tenant.map(Text::from).as_ref(), service)?)
    }

    /// The records the estate was made of.
    #[must_use]
    pub fn records(&self) -> &Records {
        self.records
    }

    /// A time of evidence: an instant, no placeholder, and not ahead of the clock by more than 300 s.
    pub(super) fn evidence(&self, time: Option<Time>) -> Option<Timestamp> {
        let time = time.filter(|t| !t.is_zero())?.instant()?;
        (time.as_second() - self.as_of.as_second() <= CLOCK_SKEW_S).then_some(time)
    }

    /// Seconds from a time to the as-of, floor of the difference.
    pub(super) fn age(&self, time: Timestamp) -> i64 {
        (self.as_of.as_nanosecond() - time.as_nanosecond()).div_euclid(1_000_000_000).try_into().unwrap_or(i64::MAX)
    }

    /// Age of a time that may be absent or without a zone.
    pub(super) fn age_of(&self, time: Option<Time>) -> Option<i64> {
        time.and_then(Time::instant).map(|t| self.age(t))
    }

    /// Age of a time of evidence: none for what lies ahead, as nothing was looked at yet.
    pub(super) fn evidence_age(&self, time: Option<Time>) -> Option<i64> {
        self.evidence(time).map(|t| self.age(t))
    }

    /// Seconds from the as-of to a time that may lie ahead.
    pub(super) fn ahead(&self, time: Option<Time>) -> Option<i64> {
        self.age_of(time).map(|age| -age)
    }

    /// Whether a time is reached: time ≤ as-of.
    #[must_use]
    pub fn is_past(&self, time: Time) -> bool {
        time.instant().is_some_and(|t| t <= self.as_of)
    }

    /// Whether an exception expires within the notice that the standard asks for.
    #[must_use]
    pub fn ends_soon(&self, exception: &Exception) -> bool {
        let ahead = self.ahead(exception.expires);
        ahead.is_some_and(|ahead| ahead > 0 && ahead <= self.param_seconds("GOV-002", "expiry_notice"))
    }

    /// Whether a thing with this expiry is live: as-of < expiry.
    pub(super) fn is_live_until(&self, expires: Option<Time>) -> bool {
        expires.and_then(Time::instant).is_none_or(|e| self.as_of < e)
    }

    /// The position of a service in [`Estate::services`].
    pub(super) fn find(&self, tenant: Option<&Text>, reference: &str) -> Option<usize> {
        let at = |tenant: Option<&str>, id: &str| {
            self.services.binary_search_by(|((t, i), _)| (t.as_deref(), &**i).cmp(&(tenant, id))).ok()
        };
        at(tenant.map(|t| &**t), reference)
            .or_else(|| reference.split_once('/').and_then(|(tenant, id)| at(Some(tenant), id)))
    }

    fn tenant_of(&self, origin: OriginId) -> Option<Text> {
        self.records.origin(origin).and_then(|o| o.tenant.clone())
    }

    fn index(&mut self) {
        let records = self.records;
        for (tenant, map) in split(by_id(records, &records.people, |r| &r.id, &[])) {
            self.tenant(tenant).people = map;
        }
        for (tenant, map) in split(by_id(records, &records.teams, |r| &r.id, &[])) {
            self.tenant(tenant).teams = map;
        }
        for (tenant, map) in split(by_id(records, &records.tools, |r| &r.id, &[])) {
            self.tenant(tenant).tools = map;
        }
        for (tenant, map) in split(by_id(records, &records.vaults, |r| &r.id, merge::OF_VAULTS)) {
            self.tenant(tenant).vaults = map;
        }
        for (tenant, map) in split(by_id(records, &records.keys, |r| &r.id, &[])) {
            self.tenant(tenant).keys = map;
        }
        for origin in 0..records.origins.len() {
            self.index_source(OriginId(u32::try_from(origin).unwrap_or(u32::MAX)));
        }
        self.index_points();
        let native = |origin: OriginId| records.origin(origin).is_some_and(|o| o.native);
        self.each(&records.jobs, |tenant, job, i| {
            if let Some(asset) = &job.record.asset {
                tenant.assets.add(asset, Kind::Job, i);
            }
            if native(job.origin) {
                lists(&mut tenant.point_sources, records, job.record.tool.as_ref(), job.origin);
            }
            gives(tenant, job.record.tool.as_ref());
        });
        self.each(&records.verifications, |tenant, entry, i| {
            let v = &entry.record;
            match (&v.recovery_point, &v.asset, &v.vault) {
                (Some(point), _, _) => note(&mut tenant.verifications_of_point, point, i),
                (None, Some(asset), _) => tenant.assets.add(asset, Kind::Verification, i),
                (None, None, Some(vault)) => note(&mut tenant.verifications_of_vault, vault, i),
                (None, None, None) => {}
            }
        });
        self.each(&records.scans, |tenant, entry, i| match (&entry.record.recovery_point, &entry.record.asset) {
            (Some(point), asset) => {
                note(&mut tenant.scans_of_point, point, i);
                if let Some(asset) = asset {
                    tenant.assets.add(asset, Kind::Scan, i);
                }
            }
            (None, Some(asset)) => tenant.assets.add(asset, Kind::Scan, i),
            (None, None) => {}
        });
        self.each(&records.restore_tests, |tenant, entry: &Entry<RestoreTest>, i| {
            if let Some(service) = &entry.record.service {
                note(&mut tenant.tests, service, i);
            }
            if let Some(asset) = &entry.record.asset {
                tenant.assets.add(asset, Kind::Test, i);
            }
        });
        self.each(&records.incidents, |tenant, entry: &Entry<Incident>, i| {
            if let Some(service) = &entry.record.service {
                note(&mut tenant.incidents, service, i);
            }
        });
        self.each(&records.runbooks, |tenant, entry, i| {
            for service in entry.record.services.iter().flatten() {
                note(&mut tenant.runbooks, service, i);
            }
        });
        self.each(&records.reviews, |tenant, entry, i| {
            note_some(&mut tenant.reviews, entry.record.service.as_ref(), i)
        });
        self.each(&records.changes, |tenant, entry, i| {
            note_some(&mut tenant.changes, entry.record.service.as_ref(), i)
        });
        self.each(&records.limitations, |t, entry, i| note_some(&mut t.limitations, entry.record.service.as_ref(), i));
        self.each(&records.grants, |tenant, entry, i| note_some(&mut tenant.grants, entry.record.vault.as_ref(), i));
        self.each(&records.exceptions, |tenant, entry, i| {
            for service in entry.record.service.iter().chain(entry.record.services.iter().flatten()) {
                note(&mut tenant.exceptions, service, i);
            }
        });
        self.each(&records.selections, |tenant, entry, i| {
            note_some(&mut tenant.selections, entry.record.plan.as_ref(), i);
            lists(&mut tenant.policy_sources, records, entry.record.tool.as_ref(), entry.origin);
        });
        self.index_policies();
        let mut tenants = std::mem::take(&mut self.tenants);
        for tenant in tenants.values_mut() {
            tenant.verifications_of_vault.values_mut().for_each(|checks| newest_checks(self, checks));
        }
        self.tenants = tenants;
    }

    fn tenant(&mut self, tenant: Option<Text>) -> &mut Tenant {
        self.tenants.entry(tenant).or_default()
    }

    fn each<T>(&mut self, entries: &'a [Entry<T>], mut index: impl FnMut(&mut Tenant, &'a Entry<T>, usize)) {
        for (i, entry) in entries.iter().enumerate() {
            let tenant = self.tenant_of(entry.origin);
            index(self.tenant(tenant), entry, i);
        }
    }

    /// Notes which tool and product an export speaks for, also when it lists nothing.
    fn index_source(&mut self, id: OriginId) {
        let records = self.records;
        let Some(origin) = records.origin(id) else { return };
        if !origin.is_evidence() {
            return;
        }
        let product = Text::from(origin.kind.split('.').next().unwrap_or(origin.kind));
        let points = origin.lists.contains(&Section::RecoveryPoint);
        let policies = origin.lists.iter().any(|s| matches!(s, Section::Policy | Section::Selection));
        let feeds = points || origin.lists.contains(&Section::Job);
        let whole = origin.complete && !origin.failed;
        let (tenant, tool) = (origin.tenant.clone(), origin.tool.clone());
        let tenant = self.tenant(tenant);
        let names: BTreeSet<&Text> = tool.iter().chain([&product]).collect();
        for name in names {
            if feeds {
                let feed = tenant.feeds.entry(name.clone()).or_default();
                feed.documents += 1;
                feed.sound += u64::from(whole);
                feed.doubtful = feed.doubtful.or((!whole).then_some(id));
                feed.failed.extend(origin.failed.then_some(id));
            }
            if points {
                lists(&mut tenant.point_sources, records, Some(name), id);
            }
            if origin.lists.contains(&Section::RestoreTest) {
                tenant.test_sources.entry(name.clone()).or_default().add(id, origin);
            }
            if policies {
                lists(&mut tenant.policy_sources, records, Some(name), id);
            }
        }
    }

    fn index_points(&mut self) {
        let records = self.records;
        let mut again: Vec<(u32, u32)> = Vec::new();
        let mut reached = Reached::new(records.origins.len());
        self.each(&records.recovery_points, |tenant, entry: &'a Entry<RecoveryPoint>, i| {
            let point = &entry.record;
            if records.origin(entry.origin).is_some_and(scope::lists_points) {
                lists(&mut tenant.point_sources, records, point.tool.as_ref(), entry.origin);
                reached.point(entry);
            }
            gives(tenant, point.tool.as_ref());
            let Ok(index) = u32::try_from(i) else { return };
            // The same point of the same store, seen in two exports, is one point.
            match (tenant.points.add(&records.recovery_points, index), &point.asset) {
                (Some(first), _) => again.push((first, index)),
                (None, Some(asset)) => tenant.assets.add(asset, Kind::Point, i),
                (None, None) => {}
            }
        });
        self.repeated = super::repeated::settle(records, again);
        self.index_scopes(reached);
    }

    /// Notes of each listing of points what it is of.
    fn index_scopes(&mut self, mut reached: Reached<'_>) {
        for (id, origin) in (0u32..).map(OriginId).zip(&self.records.origins) {
            if origin.native || !scope::lists_points(origin) {
                continue;
            }
            let covered = reached.of(id, origin);
            let product = Text::from(origin.kind.split('.').next().unwrap_or(origin.kind));
            let listings = &mut self.tenant(origin.tenant.clone()).point_sources;
            let names: BTreeSet<&Text> = origin.tool.iter().chain([&product]).collect();
            for name in names {
                if let Some(listing) = listings.get_mut(name) {
                    listing.covered.add(&covered);
                }
            }
        }
    }

    fn index_policies(&mut self) {
        let records = self.records;
        self.each(&records.policies, |tenant, entry, i| {
            let policy = &entry.record;
            lists(&mut tenant.policy_sources, records, policy.tool.as_ref(), entry.origin);
            for asset in policy.assets.iter().flatten() {
                tenant.assets.add(asset, Kind::Policy, i);
            }
            for asset in policy.possible_assets.iter().flatten() {
                tenant.assets.add(asset, Kind::Possible, i);
            }
            let Some(plan) = &policy.plan else { return };
            let selections: Vec<u32> = tenant.selections.get(plan).cloned().unwrap_or_default();
            if selections.is_empty() {
                // A plan whose selections were not exported might cover anything of its product.
                let every = records.origin(entry.origin).map_or("arn:aws:*", |o| super::asset::every(o.kind));
                tenant.assets.add(&Text::from(every), Kind::Possible, i);
            }
            for selection in selections.iter().filter_map(|s| records.selections.get(*s as usize)) {
                for asset in selection.record.assets.iter().flatten() {
                    tenant.assets.add(asset, Kind::Policy, i);
                }
                for asset in selection.record.possible_assets.iter().flatten() {
                    tenant.assets.add(asset, Kind::Possible, i);
                }
            }
        });
    }
}

/// Notes that a tool's jobs or points are among the records.
fn gives(tenant: &mut Tenant, tool: Option<&Text>) {
    let Some(tool) = tool else { return };
    match tenant.feeds.get_mut(tool) {
        Some(feed) => feed.gives = true,
        None => {
            tenant.feeds.insert(tool.clone(), Feed { gives: true, ..Feed::default() });
        }
    }
}

/// The words of a rule's parameter; none where the standard switches it off.
fn words(standard: &Standard, rule: &str, name: &str) -> Vec<String> {
    match params::find(rule, name).and_then(|spec| standard.param(spec)) {
        Some(LimitValue::Words(words)) => words,
        _ => Vec::new(),
    }
}

fn granularity(standard: &Standard) -> BTreeMap<&'static str, Value> {
    let kinds = PARAMS.iter().filter(|p| p.rule == "GRN-001").map(|p| p.spec.name);
    let asked = kinds.map(|kind| (kind, words(standard, "GRN-001", kind))).filter(|(_, words)| !words.is_empty());
    asked.filter_map(|(kind, words)| (&words).fact().map(|value| (kind, value))).collect()
}

/// Notes that a document lists records of a tool.
fn lists(listings: &mut Listings, records: &Records, tool: Option<&Text>, origin: OriginId) {
    let Some(tool) = tool else { return };
    let own = records.origin(origin);
    let doubtful = own.is_some_and(|o| o.failed || !o.complete).then_some(origin);
    let native = own.is_some_and(|o| o.native);
    match listings.get_mut(tool) {
        Some(listing) => {
            listing.doubtful = listing.doubtful.or(doubtful);
            listing.by_hand |= native;
        }
        None => {
            listings.insert(tool.clone(), Listing { doubtful, by_hand: native, ..Listing::default() });
        }
    }
}

/// Of the checks of a store only the newest can decide, and the newest that was ok: a store is shared by many
/// services, and each of them looks at its checks.
fn newest_checks(estate: &Estate<'_>, checks: &mut Vec<u32>) {
    let dated = || checks.iter().filter_map(|i| estate.verification(*i).map(|(at, e)| (at, !e.record.is_ok(), *i)));
    let newest = dated().max();
    let newest_ok = dated().filter(|(_, bad, _)| !bad).max();
    *checks = newest.into_iter().chain(newest_ok).map(|(_, _, i)| i).collect();
    checks.dedup();
}

fn note(map: &mut By, key: &Text, index: usize) {
    let Ok(index) = u32::try_from(index) else { return };
    match map.get_mut(key) {
        Some(list) => list.push(index),
        None => {
            map.insert(key.clone(), vec![index]);
        }
    }
}

fn note_some(map: &mut By, key: Option<&Text>, index: usize) {
    if let Some(key) = key {
        note(map, key, index);
    }
}

fn split<T>(all: HashMap<(Option<Text>, Text), T>) -> HashMap<Option<Text>, HashMap<Text, T>> {
    let mut tenants: HashMap<Option<Text>, HashMap<Text, T>> = HashMap::default();
    for ((tenant, id), record) in all {
        tenants.entry(tenant).or_default().insert(id, record);
    }
    tenants
}
