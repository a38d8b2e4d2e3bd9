//! The facts of one component: policies, runs, points, copies, checks, tests, grade.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;

use super::asked::window_asked;
use super::estate::{Estate, Tenant};
use super::gather::{Gathered, Point};
use super::measure::p95;
use super::merge::Merged;
use super::reference::References;
use super::scope;
use super::usage::Uses;
use super::value::{Fact, Object};
use super::vault::Stores;
use crate::config::{LimitValue, Limits, Over, Window};
use crate::model::{
    Component, Entry, Grade, Job, OriginId, Policy, RecordPlace, RestoreTest, Scan, Seconds, Service, Text,
    Verification,
};

/// What the service needs to know of a component beside its value.
pub(super) struct ComponentFacts {
    pub(super) value: Value,
    pub(super) protected: bool,
    pub(super) grade: Grade,
    pub(super) tools: BTreeSet<Text>,
    /// Stores that its live policies or listed points refer to; where no record describes one, a place that names it.
    pub(super) stores: BTreeMap<Text, Option<String>>,
    pub(super) size_bytes: Option<u64>,
    pub(super) newest_point_age_s: Option<i64>,
    pub(super) last_test_age_s: Option<i64>,
    pub(super) uses: Uses,
    /// Every source that could list its points is there, whole and readable.
    pub(super) absence_provable: bool,
}

/// One component under construction.
pub(super) struct ComponentJoin<'a> {
    pub(super) estate: &'a Estate<'a>,
    pub(super) tenant: &'a Tenant,
    pub(super) limits: Option<&'a Limits>,
    pub(super) service: &'a Merged<Service>,
    pub(super) tenant_name: Option<&'a Text>,
    pub(super) found: &'a Gathered<'a>,
}

impl<'a> ComponentJoin<'a> {
    /// Puts the component together.
    pub(super) fn build(
        &self,
        component: &Component,
        index: usize,
        stores: &mut Stores<'_>,
        refs: &mut References,
    ) -> ComponentFacts {
        let mut out = Object::default();
        let own_ref = self.service.element(refs, "components", &component.id, index);
        self.declared(component, &own_ref, &mut out);
        let policies = self.policies(refs, &mut out);
        let tools = self.tools(&policies);
        out.set("tools", tools.iter().map(|t| Value::from(t.as_str())).collect::<Vec<_>>());
        let absence_provable = self.absence(component, &policies, &tools, refs, &mut out);
        self.points(refs, &mut out);
        self.copies(component, stores, refs, &mut out);
        self.jobs(refs, &mut out);
        self.checks(refs, &mut out);
        let tests = self.tests(refs, &mut out);
        self.test_sources(component, &tools, refs, &mut out);
        let size_bytes = component.size_bytes.or_else(|| self.full_size());
        out.set("size_bytes", size_bytes);
        let grade = self.grade(&policies, tests.newest_pass_age_s);
        out.set("evidence_grade", grade.name()).set("evidence_rank", grade.rank());
        ComponentFacts {
            value: out.build(),
            protected: component.disposition.as_deref() == Some("protected"),
            grade,
            uses: self.uses(&policies, &tools),
            tools,
            stores: self.stores(&policies, refs),
            size_bytes,
            newest_point_age_s: self.restorable().next().map(|p| self.estate.age(p.taken_at)),
            last_test_age_s: tests.newest_pass_age_s,
            absence_provable,
        }
    }

    /// The evidence grade alone; what is written on the way is of no use.
    pub(super) fn held(&self, refs: &mut References, out: &mut Object) -> Grade {
        let policies = self.policies(refs, out);
        self.grade(&policies, self.tests(refs, out).newest_pass_age_s)
    }

    fn declared(&self, component: &Component, own_ref: &str, out: &mut Object) {
        let estate = self.estate;
        let mut subject = Object::default();
        subject.set("kind", "component").set("tenant", self.tenant_name).set("service", &self.service.record.id);
        subject.set("component", &component.id);
        out.set("subject", subject).set("ref", own_ref).set("id", &component.id);
        out.set("kind", component.kind.as_ref()).set("platform", component.platform.as_ref());
        let owner = component.owner.as_ref().filter(|o| !o.trim().is_empty());
        out.set("owner", owner);
        let known = |owner: &Text| self.tenant.people.contains_key(owner) || self.tenant.teams.contains_key(owner);
        out.set("owner_known", owner.map(known));
        out.set("disposition", component.disposition.as_ref());
        out.set("reason", component.reason.as_ref().filter(|r| !r.trim().is_empty()));
        out.set("first_seen", component.first_seen).set("first_seen_age_s", estate.age_of(component.first_seen));
        out.set("assets", component.assets.as_ref().map_or_else(Vec::new, |a| texts(a)));
        out.set("granularity", component.granularity.as_ref());
        out.set("granularity_required", component.kind.as_deref().and_then(|k| estate.granularity.get(k)).cloned());
        if let Some(location) = &component.location {
            let mut o = Object::default();
            o.set("ref", format!("{own_ref}/location")).set("site", location.site.as_ref());
            o.set("region", location.region.as_ref()).set("account", location.account.as_ref());
            o.set("failure_domain", location.failure_domain.as_ref())
                .set("admin_domain", location.admin_domain.as_ref());
            out.set("location", o);
        }
        if let Some(obligation) = &component.retention {
            let mut o = Object::default();
            o.set("ref", format!("{own_ref}/retention")).set("min_s", obligation.min).set("max_s", obligation.max);
            out.set("obligation", o);
        }
    }

    fn policies(&self, refs: &mut References, out: &mut Object) -> Vec<&'a Entry<Policy>> {
        let mut entries: Vec<&'a Entry<Policy>> =
            self.entries(&self.found.policies, |i| self.estate.records.policies.get(i));
        entries.sort_by(|a, b| a.record.id.cmp(&b.record.id));
        let mut live = Vec::new();
        let mut tightest: Option<(Seconds, Value)> = None;
        let mut longest: Option<Promise> = None;
        let mut values = Vec::new();
        for entry in entries {
            let policy = &entry.record;
            let gap = self.gap(policy);
            let own_ref = refs.record(entry.origin, &entry.place);
            let retention = self.retention(policy).map(|(s, field)| (s, format!("{own_ref}/{field}")));
            let mut o = Object::default();
            o.set("ref", &own_ref).set("id", &policy.id).set("tool", policy.tool.as_ref());
            o.set("live", is_live(policy))
                .set("paused", policy.paused)
                .set("vault", policy.vault.as_ref())
                .set("gap_s", gap);
            o.set("retention_s", retention.as_ref().map(|(s, _)| *s));
            o.set("retention_ref", retention.as_ref().map(|(_, r)| r));
            let value = o.build();
            if is_live(policy) {
                live.push(entry);
                if let Some(gap) = gap
                    && tightest.as_ref().is_none_or(|(g, _)| gap < *g)
                {
                    tightest = Some((gap, value.clone()));
                }
                if let Some((seconds, place)) = retention {
                    let promise = Promise { seconds, gap, place };
                    if longest.as_ref().is_none_or(|l| promise.asks_more_than(l)) {
                        longest = Some(promise);
                    }
                }
            }
            values.push(value);
        }
        out.set("policies", values).set("live_policies", live.len()).set("tightest_policy", tightest.map(|(_, v)| v));
        let mut promise = Object::default();
        promise.set("promised_s", longest.as_ref().map(|l| l.seconds));
        promise.set("gap_s", longest.as_ref().and_then(|l| l.gap)).set("ref", longest.map(|l| l.place));
        promise.set("held_s", self.restorable().last().map(|p| self.estate.age(p.taken_at)));
        out.set("retention", promise);
        let possible = self.entries(&self.found.possible, |i| self.estate.records.policies.get(i));
        let possible = possible.into_iter().filter(|e| is_live(&e.record)).map(|entry| {
            let mut o = Object::default();
            o.set("ref", refs.record(entry.origin, &entry.place)).set("id", &entry.record.id);
            o.set("why", "its selection goes by tag or label, or was not exported").take()
        });
        out.set("possible_policies", possible.collect::<Vec<_>>());
        live
    }

    fn gap(&self, policy: &Policy) -> Option<Seconds> {
        match &policy.schedule {
            Some(schedule) => self.estate.gaps.longest(schedule),
            None => policy.interval,
        }
    }

    /// The longest time that a policy promises to keep a point, its copy actions included, and the field that says so.
    fn retention(&self, policy: &Policy) -> Option<(Seconds, String)> {
        let own = policy.retention.map(|s| (s, "retention".to_owned()));
        let counted = self.estate.gaps.reach(policy).map(|s| (s, "retention_points".to_owned()));
        let copies = policy.copies.iter().flatten().enumerate();
        let copies = copies.filter_map(|(i, c)| c.retention.map(|s| (s, format!("copies/{i}/retention"))));
        own.into_iter().chain(counted).chain(copies).reduce(|best, next| if next.0 > best.0 { next } else { best })
    }

    /// The tools of live policies and of listed points.
    fn tools(&self, live: &[&Entry<Policy>]) -> BTreeSet<Text> {
        let of_points = self.found.points.iter().filter_map(|p| p.entry.record.tool.clone());
        live.iter().filter_map(|p| p.record.tool.clone()).chain(of_points).collect()
    }

    /// General 5: what a live policy or a listed point refers to, restorable or not.
    fn stores(&self, live: &[&Entry<Policy>], refs: &mut References) -> BTreeMap<Text, Option<String>> {
        let mut named: BTreeMap<&Text, (OriginId, &RecordPlace)> = BTreeMap::new();
        for policy in live {
            let copies = policy.record.copies.iter().flatten().filter_map(|c| c.vault.as_ref());
            for vault in policy.record.vault.iter().chain(copies) {
                named.entry(vault).or_insert((policy.origin, &policy.place));
            }
        }
        for entry in self.found.points.iter().map(|p| p.entry) {
            if let Some(vault) = &entry.record.vault {
                named.entry(vault).or_insert((entry.origin, &entry.place));
            }
        }
        let each = named.into_iter().map(|(id, (origin, place))| {
            let undeclared = !self.tenant.vaults.contains_key(id);
            (id.clone(), undeclared.then(|| refs.record(origin, place)))
        });
        each.collect()
    }

    /// What live policies and listed points refer to (acceptance, General 5).
    fn uses(&self, live: &[&Entry<Policy>], tools: &BTreeSet<Text>) -> Uses {
        let copies = live.iter().flat_map(|p| p.record.copies.iter().flatten()).filter_map(|c| c.vault.clone());
        let vaults = live.iter().filter_map(|p| p.record.vault.clone()).chain(copies).collect();
        let policies = self.found.policies.clone();
        let mut uses = Uses { tools: tools.clone(), vaults, policies, ..Uses::default() };
        self.found.points.iter().for_each(|point| uses.point(point.entry));
        uses
    }

    /// Whether "not listed" means "not there": every source that could list it is there, whole and readable.
    fn absence(
        &self,
        component: &Component,
        live: &[&Entry<Policy>],
        tools: &BTreeSet<Text>,
        refs: &mut References,
        out: &mut Object,
    ) -> bool {
        let tools = supposed(component, tools);
        let mut doubt: Option<(Option<String>, String)> = None;
        let mut policies_complete = true;
        for tool in &tools {
            match self.tenant.point_sources.get(tool) {
                None => doubt = doubt.or_else(|| Some((None, format!("no input lists the points of {tool}")))),
                Some(listing) => {
                    if let Some(origin) = listing.doubtful.and_then(|o| self.estate.records.origin(o)) {
                        let place =
                            origin.page_place.clone().unwrap_or_else(|| crate::source::Place::file(origin.file));
                        let why = if origin.failed { "failed" } else { "is one page of several" };
                        doubt = doubt.or_else(|| Some((Some(refs.place(place)), format!("an export of {tool} {why}"))));
                    }
                }
            }
            policies_complete &= self.tenant.policy_sources.get(tool).is_none_or(|l| l.doubtful.is_none());
        }
        let doubt = doubt.or_else(|| {
            let listings: Vec<_> = tools.iter().filter_map(|tool| self.tenant.point_sources.get(tool)).collect();
            let elsewhere = scope::uncovered(component.assets.iter().flatten(), &listings);
            elsewhere.map(|place| (None, format!("no input lists the points of {place}")))
        });
        let doubt = doubt.or_else(|| {
            // A store that is described, that a policy backs up to, and of which nobody listed what it holds.
            let unlisted = live.iter().find(|policy| {
                let listing = policy.record.tool.as_ref().and_then(|tool| self.tenant.point_sources.get(tool));
                let vault = policy.record.vault.as_ref().filter(|vault| self.tenant.vaults.contains_key(*vault));
                listing.zip(vault).is_some_and(|(listing, vault)| !listing.lists_store(vault))
            })?;
            let place = refs.record(unlisted.origin, &unlisted.place);
            let vault = unlisted.record.vault.as_deref().unwrap_or_default();
            Some((Some(format!("{place}/vault")), format!("no input lists the points in {vault}")))
        });
        let provable = doubt.is_none();
        out.set("absence_provable", provable).set("policies_complete", policies_complete);
        if let Some((place, reason)) = doubt {
            let mut o = Object::default();
            o.set("ref", place).set("reason", reason);
            out.set("absence_doubt", o);
        }
        provable
    }

    pub(super) fn restorable(&self) -> impl DoubleEndedIterator<Item = &Point<'a>> {
        self.found.points.iter().filter(|p| p.broken.is_none())
    }

    fn points(&self, refs: &mut References, out: &mut Object) {
        let points = &self.found.points;
        out.set("points_listed", points.len()).set("points_restorable", self.restorable().count());
        let mut set = |name, point: Option<&Point<'a>>| {
            out.set(name, point.map(|p| self.point(p, refs)));
        };
        set("newest_point", self.restorable().next());
        set("oldest_point", self.restorable().last());
        set("newest_unrestorable_point", points.iter().find(|p| p.broken.is_some()));
        set("newest_verified_point", points.iter().find(|p| p.verified));
        set("newest_clean_point", points.iter().find(|p| p.clean));
        set("safe_point", points.iter().find(|p| p.safe));
    }

    pub(super) fn point(&self, point: &Point<'_>, refs: &mut References) -> Value {
        let record = &point.entry.record;
        let mut o = Object::default();
        o.set("ref", refs.record(point.entry.origin, &point.entry.place)).set("id", &record.id);
        o.set("asset", record.asset.as_ref()).set("vault", record.vault.as_ref()).set("tool", record.tool.as_ref());
        o.set("kind", record.kind.as_deref())
            .set("taken_at", point.taken_at)
            .set("age_s", self.estate.age(point.taken_at));
        o.set("completed_at", record.completed_at).set("bytes", record.bytes).set("encrypted", record.encrypted);
        o.set("restorable", point.broken.is_none()).set("reason", point.broken);
        o.build()
    }

    /// A component's size where nobody states it: its newest full point of each asset.
    fn full_size(&self) -> Option<u64> {
        let full = |p: &&Point<'_>| matches!(p.entry.record.kind.as_deref(), None | Some("full"));
        let mut sizes: BTreeMap<Option<&Text>, u64> = BTreeMap::new();
        for point in self.restorable().filter(full) {
            if let Some(bytes) = point.entry.record.bytes {
                sizes.entry(point.entry.record.asset.as_ref()).or_insert(bytes);
            }
        }
        (!sizes.is_empty()).then(|| sizes.values().sum())
    }

    fn jobs(&self, refs: &mut References, out: &mut Object) {
        let mut runs: Vec<(jiff::Timestamp, &Entry<Job>)> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for entry in self.entries(&self.found.jobs, |i| self.estate.records.jobs.get(i)) {
            let job = &entry.record;
            let at = self.estate.evidence(job.finished_at).or_else(|| self.estate.evidence(job.started_at));
            let finished = job.status.as_deref().is_some_and(|s| s != "running");
            if let (true, Some(at)) = (finished, at)
                && seen.insert((&job.tool, &job.id, at))
            {
                runs.push((at, entry));
            }
        }
        runs.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.record.id.cmp(&b.1.record.id)));
        let mut durations: Vec<i64> = runs.iter().filter_map(|(_, e)| self.duration(&e.record)).collect();
        let mut o = Object::default();
        o.set("finished", runs.len()).set("durations", durations.len()).set("duration_p95_s", p95(&mut durations));
        o.set("newest_run", runs.first().map(|(at, e)| self.job(*at, e, refs)));
        let asked = match self.limits.and_then(|l| l.value("job_window")) {
            Some(LimitValue::JobWindow(windows)) => windows.as_slice(),
            _ => &[],
        };
        let windows: Vec<Value> = asked.iter().map(|window| self.window(*window, &runs, refs)).collect();
        o.set("windows", windows);
        out.set("jobs", o);
    }

    /// How the runs in a window fared; `runs` are newest first.
    fn window(&self, window: Window, runs: &[(jiff::Timestamp, &Entry<Job>)], refs: &mut References) -> Value {
        let count = match window.over {
            Over::Runs(n) => runs.len().min(usize::try_from(n).unwrap_or(usize::MAX)),
            Over::Period(p) => runs.iter().take_while(|(at, _)| self.estate.age(*at) <= p.get()).count(),
        };
        let runs = runs.get(..count).unwrap_or_default();
        let succeeded = |e: &Entry<Job>| e.record.status.as_deref() == Some("success");
        let mut o = window_asked(window);
        o.set("runs", runs.len()).set("succeeded", runs.iter().filter(|(_, e)| succeeded(e)).count());
        o.set("newest_failure", runs.iter().find(|(_, e)| !succeeded(e)).map(|(at, e)| self.job(*at, e, refs)));
        o.build()
    }

    fn duration(&self, job: &Job) -> Option<i64> {
        let start = self.estate.evidence(job.started_at)?;
        let end = self.estate.evidence(job.finished_at)?;
        Some(end.as_second() - start.as_second()).filter(|d| *d >= 0)
    }

    fn job(&self, at: jiff::Timestamp, entry: &Entry<Job>, refs: &mut References) -> Value {
        let job = &entry.record;
        let mut o = Object::default();
        o.set("ref", refs.record(entry.origin, &entry.place)).set("id", &job.id).set("tool", job.tool.as_ref());
        o.set("status", job.status.as_deref()).set("finished_at", at).set("age_s", self.estate.age(at));
        o.set("duration_s", self.duration(job)).set("error", job.error.as_ref());
        o.build()
    }

    fn checks(&self, refs: &mut References, out: &mut Object) {
        let checks: Vec<_> = self.found.verifications.iter().filter_map(|i| self.estate.verification(*i)).collect();
        let newest = checks.iter().max_by_key(|(at, e)| (*at, !e.record.is_ok()));
        let newest_ok = checks.iter().filter(|(_, e)| e.record.is_ok()).max_by_key(|(at, _)| *at);
        out.set("verifications", checks.len());
        out.set("newest_verification", newest.map(|(_, e)| self.verification(e, refs)));
        out.set("newest_ok_verification", newest_ok.map(|(_, e)| self.verification(e, refs)));
        let scans: Vec<_> = self
            .entries(&self.found.scans, |i| self.estate.records.scans.get(i))
            .into_iter()
            .filter_map(|e| self.estate.evidence(e.record.at).map(|at| (at, e)))
            .collect();
        out.set("scans", scans.len());
        let is_clean = |e: &Entry<Scan>| e.record.result.as_deref() == Some("clean");
        let newest = scans.iter().max_by_key(|(at, e)| (*at, !is_clean(e)));
        out.set("newest_scan", newest.map(|(at, e)| self.scan(*at, e, refs)));
        let newest_clean = scans.iter().filter(|(_, e)| is_clean(e)).max_by_key(|(at, _)| *at);
        out.set("newest_clean_scan", newest_clean.map(|(at, e)| self.scan(*at, e, refs)));
    }

    fn scan(&self, at: jiff::Timestamp, entry: &Entry<Scan>, refs: &mut References) -> Value {
        let scan = &entry.record;
        let mut o = Object::default();
        o.set("ref", refs.record(entry.origin, &entry.place)).set("id", &scan.id).set("asset", scan.asset.as_ref());
        o.set("recovery_point", scan.recovery_point.as_ref()).set("at", at).set("age_s", self.estate.age(at));
        o.set("result", scan.result.as_ref()).set("suspected_since", scan.suspected_since).take()
    }

    pub(super) fn verification(&self, entry: &Entry<Verification>, refs: &mut References) -> Value {
        let v = &entry.record;
        let mut o = Object::default();
        o.set("ref", refs.record(entry.origin, &entry.place)).set("id", &v.id).set("asset", v.asset.as_ref());
        o.set("vault", v.vault.as_ref())
            .set("recovery_point", v.recovery_point.as_ref())
            .set("method", v.method.as_ref());
        o.set("at", v.at).set("age_s", self.estate.age_of(v.at)).set("ok", v.is_ok());
        o.set("result", v.result.as_ref()).set("errors", v.errors);
        o.build()
    }

    fn tests(&self, refs: &mut References, out: &mut Object) -> TestFacts {
        let mut tests: Vec<(jiff::Timestamp, &Entry<RestoreTest>)> = self
            .entries(&self.found.tests, |i| self.estate.records.restore_tests.get(i))
            .into_iter()
            .filter_map(|e| self.estate.test_time(&e.record).map(|at| (at, e)))
            .collect();
        tests.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.record.id.cmp(&b.1.record.id)));
        let passed = tests.iter().find(|(_, e)| e.record.result.as_deref() == Some("pass"));
        // Of tests that ended at the same time the worse counts.
        let newest = tests
            .iter()
            .filter(|(_, e)| e.record.result.is_some())
            .max_by_key(|(at, e)| (*at, e.record.result.as_deref() != Some("pass")));
        let mut test = |found: Option<&(jiff::Timestamp, &Entry<RestoreTest>)>| {
            found.map(|(at, e)| super::test::describe(self.estate, self.service, self.limits, *at, e, refs))
        };
        out.set("tested", !tests.is_empty());
        out.set("newest_passing_test", test(passed)).set("newest_result_test", test(newest));
        let narrow =
            tests.iter().find(|(_, e)| e.record.result.as_deref() == Some("pass") && super::test::is_narrow(&e.record));
        out.set("newest_narrow_test", narrow.map(|(at, e)| super::test::brief(self.estate, *at, e, refs)));
        TestFacts { newest_pass_age_s: passed.map(|(at, _)| self.estate.age(*at)) }
    }

    /// General 13: E2 a live policy, E3 a restorable point, E4 also a recent ok verification or passing test.
    fn grade(&self, live: &[&Entry<Policy>], tested_age_s: Option<i64>) -> Grade {
        if self.restorable().next().is_none() {
            return if live.is_empty() { Grade::E1 } else { Grade::E2 };
        }
        let within = |age: Option<i64>, limit: &str| {
            age.zip(self.limits.and_then(|l| l.seconds(limit))).is_some_and(|(age, max)| age <= max)
        };
        let checks = self.found.verifications.iter().filter_map(|i| self.estate.verification(*i));
        let newest = checks.max_by_key(|(at, e)| (*at, !e.record.is_ok())).filter(|(_, e)| e.record.is_ok());
        let verified = within(newest.map(|(at, _)| self.estate.age(at)), "verify_max_age");
        if verified || within(tested_age_s, "restore_test_max_age") { Grade::E4 } else { Grade::E3 }
    }

    fn entries<T>(&self, indices: &[u32], get: impl Fn(usize) -> Option<&'a T>) -> Vec<&'a T> {
        indices.iter().filter_map(|i| get(*i as usize)).collect()
    }
}

struct TestFacts {
    newest_pass_age_s: Option<i64>,
}

/// The tools that are known to protect a component, else those that its assets are named after.
pub(super) fn supposed(component: &Component, tools: &BTreeSet<Text>) -> BTreeSet<Text> {
    if !tools.is_empty() {
        return tools.clone();
    }
    component.assets.iter().flatten().filter_map(|asset| super::asset::product(asset)).map(Text::from).collect()
}

/// How long a live policy promises to keep points.
struct Promise {
    seconds: Seconds,
    /// Longest time between two of its runs.
    gap: Option<Seconds>,
    place: String,
}

impl Promise {
    /// Longer, or as long and run more often.
    fn asks_more_than(&self, other: &Self) -> bool {
        let often = |p: &Self| std::cmp::Reverse(p.gap.map_or(u64::MAX, |g| g.0));
        (self.seconds, often(self)) > (other.seconds, often(other))
    }
}

/// Not paused, and not refused by its tool.
pub(super) fn is_live(policy: &Policy) -> bool {
    policy.paused != Some(true) && policy.invalid.is_none()
}

pub(super) fn texts(list: &[Text]) -> Vec<Value> {
    list.iter().filter_map(Fact::fact).collect()
}
