//! What the rules that judge the estate see: `input.estate`, as `schemas/estate.schema.json` describes it.
//!
//! In come the records and what the positions lend ([`Usage`]); out go one document, and for each object that a rule
//! may judge its place and the most critical tier that rests on it. Objects of one kind are a list, sorted by tenant
//! and id, so that every rule walks its own list once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;

use super::estate::{Estate, Feed, Tenant};
use super::position::said;
use super::reference::References;
use super::test::named;
use super::usage::{TenantUsage, Usage, Use};
use super::value::{Fact, Object};
use super::vault::Stores;
use crate::config::{LimitValue, Tier, params};
use crate::hash::{HashMap, HashSet};
use crate::model::{Alert, Entry, EvidenceStore, Exception, Key, LeadershipReport, OriginId, Policy, Text, Time, Tool};
use crate::source::Place;

/// The document, and where its objects are.
pub struct Overview {
    /// As `schemas/estate.schema.json` describes it.
    pub value: Value,
    /// Where its handles point.
    pub references: References,
    /// Place and tier number of each object: kind, tenant, id.
    pub objects: HashMap<(String, Option<String>, String), ObjectFacts>,
}

/// Where an object is declared, and the tier number of the most critical service that uses it.
#[derive(Debug, Clone, Default)]
pub struct ObjectFacts {
    /// Its record, or what refers to it where it has none.
    pub place: Option<Place>,
    /// 1 where no tier is known.
    pub tier_number: u8,
}

impl Estate<'_> {
    /// What estate rules see. `usage` comes from every position of the run.
    #[must_use]
    pub fn overview(&self, usage: &Usage) -> Overview {
        let nothing = (Tenant::default(), TenantUsage::default());
        let mut build = Build { estate: self, usage, refs: References::default(), objects: HashMap::default() };
        let mut o = Object::default();
        let mut subject = Object::default();
        o.set("subject", subject.set("kind", "estate").take());
        let mut lists: BTreeMap<&'static str, Vec<Value>> = BTreeMap::new();
        let alerts = build.by_tenant(&self.records.alerts, |a| a.id.to_string());
        for tenant in build.tenants() {
            let of = TenantView {
                name: tenant.clone(),
                known: self.tenants.get(&tenant).unwrap_or(&nothing.0),
                usage: usage.tenants.get(&tenant).unwrap_or(&nothing.1),
            };
            let tier_lists = [
                ("tools", build.tools(&of, alerts.get(&tenant))),
                ("vaults", build.vaults(&of)),
                ("keys", build.keys(&of)),
                ("tiers", build.tiers(&of)),
            ];
            for (name, list) in tier_lists {
                lists.entry(name).or_default().extend(list);
            }
        }
        lists.insert("tenants", build.tenant_list());
        lists.insert("policies", build.policies());
        lists.insert("sources", build.sources());
        lists.insert("exceptions", build.exceptions());
        lists.insert("findings", build.findings());
        lists.insert("limitations", build.limitations());
        lists.insert("services", build.services());
        for (name, list) in lists {
            o.set(name, list);
        }
        o.set("standard", build.standard());
        let mut root = Object::default();
        root.set("as_of", self.as_of).set("params", &self.asked.params).set("estate", o);
        Overview { value: root.build(), references: build.refs, objects: build.objects }
    }

    /// Takes over what a position lends.
    pub fn lend(&self, usage: &mut Usage, share: super::Share) {
        let tenant = self.services.get(share.index).and_then(|((tenant, _), _)| tenant.clone());
        usage.take(tenant, share, self.param_seconds("TST-007", "sample_period"));
    }

    /// A duration of a single rule; endless where the standard switches it off.
    pub(super) fn param_seconds(&self, rule: &str, name: &str) -> i64 {
        match params::find(rule, name).and_then(|spec| self.standard.param(spec)) {
            Some(LimitValue::Duration(seconds)) => seconds.get(),
            _ => i64::MAX,
        }
    }
}

/// One tenant while its objects are listed.
struct TenantView<'a> {
    name: Option<Text>,
    known: &'a Tenant,
    usage: &'a TenantUsage,
}

struct Build<'a> {
    estate: &'a Estate<'a>,
    usage: &'a Usage,
    refs: References,
    objects: HashMap<(String, Option<String>, String), ObjectFacts>,
}

/// Who holds something, and the line that says so.
type Held = (Option<Text>, String);

/// Records of one section by tenant, sorted by id.
type ByTenant<'a, T> = HashMap<Option<Text>, Vec<&'a Entry<T>>>;

impl<'a> Build<'a> {
    /// Tenants with a service, and those that records name.
    fn tenants(&self) -> BTreeSet<Option<Text>> {
        let services = self.estate.services.iter().map(|((tenant, _), _)| tenant.clone());
        services.chain(self.estate.tenants.keys().cloned()).collect()
    }

    fn tenant_of(&self, origin: OriginId) -> Option<Text> {
        self.estate.records.origin(origin).and_then(|o| o.tenant.clone())
    }

    /// The subject of an object; its facts are noted on the way.
    fn subject(&mut self, kind: &str, tenant: Option<&Text>, id: &str, handle: &str, tier_number: Option<u8>) -> Value {
        let place = self.refs.resolve(handle, self.estate.records);
        let key = (kind.to_owned(), tenant.map(ToString::to_string), id.to_owned());
        self.objects.entry(key).or_insert(ObjectFacts { place, tier_number: tier_number.unwrap_or(1) });
        let mut o = Object::default();
        o.set("kind", kind).set("tenant", tenant).set("id", id).take()
    }

    /// What every object begins with: its subject, its handle, its id.
    fn object(&mut self, kind: &str, tenant: Option<&Text>, id: &str, handle: String, tier: Option<u8>) -> Object {
        let mut o = Object::default();
        o.set("subject", self.subject(kind, tenant, id, &handle, tier)).set("id", id).set("ref", handle);
        o
    }

    /// A handle to whatever refers to a thing that nobody declares.
    fn used_at(&mut self, used: Option<&Use>) -> String {
        used.and_then(|u| u.place.clone()).map(|place| self.refs.place(place)).unwrap_or_default()
    }

    fn tools(&mut self, of: &TenantView<'_>, alerts: Option<&Vec<&Entry<Alert>>>) -> Vec<Value> {
        let ids: BTreeSet<&Text> = of.known.tools.keys().chain(of.usage.tools.keys()).collect();
        let alerts = self.alerts(alerts);
        let mut list = Vec::with_capacity(ids.len());
        for id in ids {
            let declared = of.known.tools.get(id);
            let used = of.usage.tools.get(id);
            let handle = match declared {
                Some(tool) => tool.reference(&mut self.refs),
                None => self.used_at(used),
            };
            let mut o = self.object("tool", of.name.as_ref(), id, handle.clone(), used.map(|u| u.tier_number));
            o.set("known", declared.is_some()).set("in_use", used.is_some());
            o.set("tier_number", used.map(|u| u.tier_number));
            if let Some(tool) = declared {
                let console_ref = tool.field(&mut self.refs, "consoles");
                let backup_ref = tool.field(&mut self.refs, "config_backup");
                self.declared_tool(&tool.record, &console_ref, backup_ref, &mut o);
            }
            o.set("alerts", alerts.get(id).cloned().unwrap_or_default());
            self.feed(of.known.feeds.get(id), &mut o);
            list.push(o.build());
        }
        list
    }

    fn declared_tool(&self, tool: &Tool, consoles: &str, config_backup: String, o: &mut Object) {
        let estate = self.estate;
        o.set("product", tool.product.as_ref()).set("version", tool.version.as_ref()).set("managed", tool.managed);
        o.set("support_ends_in_s", estate.ahead(tool.support_ends));
        o.set("patched_age_s", estate.age_of(tool.patched_at)).set("runs_on", tool.runs_on.as_ref());
        if let Some(backup) = &tool.config_backup {
            let location = said(backup.location.as_ref());
            let mut b = Object::default();
            b.set("ref", config_backup).set("at", backup.at).set("age_s", estate.age_of(backup.at));
            b.set("encrypted", backup.encrypted).set("location", location);
            b.set("on_itself", location.map(|l| l == "local" || **l == *tool.id));
            o.set("config_backup", b);
        }
        let each = |(i, console): (usize, &crate::model::protection::Console)| {
            let mut c = Object::default();
            c.set("ref", format!("{consoles}/{i}")).set("id", console.id.as_ref()).set("mfa", console.mfa);
            if let Some(access) = &console.break_glass {
                let mut b = Object::default();
                b.set("ref", format!("{consoles}/{i}/break_glass"));
                b.set("tested_age_s", estate.age_of(access.tested_at)).set("idp_independent", access.idp_independent);
                c.set("break_glass", b);
            }
            c.build()
        };
        o.set("consoles", tool.consoles.as_ref().map(|list| list.iter().enumerate().map(each).collect::<Vec<_>>()));
    }

    /// The alerts of a tenant by tool.
    fn alerts(&mut self, entries: Option<&Vec<&Entry<Alert>>>) -> HashMap<Text, Vec<Value>> {
        let mut by_tool: HashMap<Text, Vec<Value>> = HashMap::default();
        for entry in entries.into_iter().flatten() {
            let alert = &entry.record;
            let Some(tool) = &alert.tool else { continue };
            let mut o = Object::default();
            o.set("ref", self.refs.record(entry.origin, &entry.place)).set("id", &alert.id);
            o.set("events", alert.events.clone().unwrap_or_default().iter().filter_map(Fact::fact).collect::<Vec<_>>());
            o.set("route", said(alert.route.as_ref())).set("tested_age_s", self.estate.age_of(alert.tested_at));
            o.set("acknowledged_within_s", alert.acknowledged_within);
            by_tool.entry(tool.clone()).or_default().push(o.build());
        }
        by_tool
    }

    /// What the inputs give of a tool's jobs and points.
    fn feed(&mut self, feed: Option<&Feed>, o: &mut Object) {
        let feed = feed.cloned().unwrap_or_default();
        o.set("fed", feed.gives).set("inputs", feed.documents).set("sound_inputs", feed.sound);
        if let Some(origin) = feed.doubtful.and_then(|o| self.estate.records.origin(o)) {
            let place = origin.page_place.clone().unwrap_or_else(|| Place::file(origin.file));
            o.set("doubt_ref", self.refs.place(place));
        }
    }

    fn vaults(&mut self, of: &TenantView<'_>) -> Vec<Value> {
        let ids: BTreeSet<&Text> = of.known.vaults.keys().chain(of.usage.vaults.keys()).collect();
        let mut stores = Stores::new(self.estate, of.known);
        let mut list = Vec::with_capacity(ids.len());
        for id in ids {
            let (declared, used) = (of.known.vaults.get(id), of.usage.vaults.get(id));
            let handle = match declared {
                Some(vault) => vault.reference(&mut self.refs),
                None => self.used_at(used),
            };
            let mut o = self.object("vault", of.name.as_ref(), id, handle, used.map(|u| u.tier_number));
            o.set("known", declared.is_some()).set("in_use", used.is_some());
            o.set("tier_number", used.map(|u| u.tier_number));
            if let Some(Value::Object(facts)) = stores.get(id, &mut self.refs) {
                o.fill(&facts);
            }
            list.push(o.build());
        }
        list
    }

    /// Keys that are declared, that a point names, or that a vault in use does.
    fn keys(&mut self, of: &TenantView<'_>) -> Vec<Value> {
        let mut used: BTreeMap<&Text, (u8, String)> = BTreeMap::new();
        let mut opens: BTreeMap<&Text, BTreeSet<&str>> = BTreeMap::new();
        let mut vaults: Vec<_> = of.known.vaults.iter().collect();
        vaults.sort_by_key(|(id, _)| *id);
        for (id, vault) in vaults {
            let Some(key) = &vault.record.key else { continue };
            opens.entry(key).or_default().insert(id);
            if let Some(by) = of.usage.vaults.get(id) {
                let handle = vault.field(&mut self.refs, "key");
                let entry = used.entry(key).or_insert((by.tier_number, handle));
                entry.0 = entry.0.min(by.tier_number);
            }
        }
        for (key, (by, point)) in &of.usage.keys {
            let at = point.as_ref().map(|(origin, place)| format!("{}/key", self.refs.record(*origin, place)));
            let entry = used.entry(key).or_insert((by.tier_number, at.unwrap_or_default()));
            entry.0 = entry.0.min(by.tier_number);
        }
        let ids: BTreeSet<&Text> = of.known.keys.keys().chain(used.keys().copied()).collect();
        let mut list = Vec::with_capacity(ids.len());
        for id in ids {
            let (declared, by) = (of.known.keys.get(id), used.get(id));
            let handle = match declared {
                Some(key) => key.reference(&mut self.refs),
                None => by.map(|(_, at)| at.clone()).unwrap_or_default(),
            };
            let tier = by.map(|(tier, _)| *tier);
            let mut o = self.object("key", of.name.as_ref(), id, handle, tier);
            o.set("known", declared.is_some()).set("in_use", by.is_some()).set("tier_number", tier);
            o.set("used_ref", by.map(|(_, at)| at));
            if let Some(key) = declared {
                let none = BTreeSet::new();
                self.declared_key(&key.record, opens.get(id).unwrap_or(&none), &mut o);
            }
            list.push(o.build());
        }
        list
    }

    fn declared_key(&self, key: &Key, opens: &BTreeSet<&str>, o: &mut Object) {
        use crate::model::protection::Escrow;
        let location = said(key.location.as_ref());
        o.set("state", key.state.as_ref()).set("tested_age_s", self.estate.age_of(key.tested_at));
        o.set(
            "escrow",
            key.escrow.as_ref().map(|escrow| match escrow {
                Escrow::Stated(yes) => *yes,
                Escrow::Place(place) => !place.trim().is_empty(),
            }),
        );
        o.set("location", location).set("in_own_vault", location.map(|l| opens.contains(l.as_str())));
    }

    fn tiers(&mut self, of: &TenantView<'_>) -> Vec<Value> {
        let mut list = Vec::new();
        for (key, samples) in &of.usage.samples {
            let Some(tier) = self.estate.standard.tier(key) else { continue };
            let mut o = self.object("tier", of.name.as_ref(), key, String::new(), Some(tier.number));
            o.set("tier_number", tier.number).set("limits", self.estate.asked.limits(Some(key)));
            let mut platforms = Vec::new();
            for (platform, sample) in samples {
                let mut p = Object::default();
                p.set("platform", platform).set("components", sample.components).set("tested", sample.tested);
                let place = sample.first_untested.clone().map(|place| self.refs.place(place));
                platforms.push(p.set("first_untested_ref", place).take());
            }
            list.push(o.set("platforms", platforms).take());
        }
        list
    }

    fn policies(&mut self) -> Vec<Value> {
        let estate = self.estate;
        let nothing = Tenant::default();
        let mut entries: Vec<(Option<Text>, u32, &Entry<Policy>)> =
            (0..).zip(&estate.records.policies).map(|(i, e)| (self.tenant_of(e.origin), i, e)).collect();
        entries.sort_by(|a, b| (&a.0, &a.2.record.id, a.1).cmp(&(&b.0, &b.2.record.id, b.1)));
        let mut list = Vec::with_capacity(entries.len());
        for (tenant, index, entry) in entries {
            let policy = &entry.record;
            let known = estate.tenants.get(&tenant).unwrap_or(&nothing);
            let handle = self.refs.record(entry.origin, &entry.place);
            let mut o = self.object("policy", tenant.as_ref(), &policy.id, handle, None);
            let selections: Vec<_> = policy
                .plan
                .iter()
                .filter_map(|plan| known.selections.get(plan))
                .flatten()
                .filter_map(|i| estate.records.selections.get(*i as usize))
                .collect();
            let count = |list: &Option<Vec<Text>>| list.as_ref().map_or(0, Vec::len);
            let assets = count(&policy.assets) + selections.iter().map(|s| count(&s.record.assets)).sum::<usize>();
            let tagged =
                count(&policy.possible_assets) > 0 || selections.iter().any(|s| count(&s.record.possible_assets) > 0);
            let whole = policy.plan.is_none()
                || (!selections.is_empty()
                    && policy
                        .tool
                        .as_ref()
                        .and_then(|t| known.policy_sources.get(t))
                        .is_none_or(|l| l.doubtful.is_none()));
            o.set("tool", policy.tool.as_ref()).set("paused", policy.paused).set("invalid", policy.invalid.as_ref());
            o.set("assets", assets).set("matched", self.usage.matched.contains(&index));
            o.set("by_tag", tagged).set("selection_known", whole);
            list.push(o.build());
        }
        list
    }

    /// Exports, each file once.
    fn sources(&mut self) -> Vec<Value> {
        let estate = self.estate;
        let mut seen = HashSet::default();
        let mut origins: Vec<_> =
            estate.records.origins.iter().filter(|o| o.is_evidence() && seen.insert(o.file)).collect();
        origins.sort_by_key(|o| estate.sources.path(o.file));
        let mut list = Vec::with_capacity(origins.len());
        for origin in origins {
            let path = estate.sources.path(origin.file).to_owned();
            let handle = self.refs.place(Place::file(origin.file));
            let mut o = self.object("source", origin.tenant.as_ref(), &path, handle, None);
            o.set("kind", origin.kind).set("tool", origin.tool.as_ref()).set("complete", origin.complete);
            o.set("failed", origin.failed).set("age_s", estate.age_of(origin.collected_at));
            o.set("collector", said(origin.collector.as_ref()));
            if let Some((hash, place)) = &origin.declared_sha256 {
                let actual = estate.sources.get(origin.file).map(|f| f.sha256().into_owned());
                o.set("sha256", actual.filter(|hash| !hash.is_empty()))
                    .set("declared_sha256", hash)
                    .set("declared_ref", self.refs.place(place.clone()));
            }
            list.push(o.build());
        }
        list
    }

    fn exceptions(&mut self) -> Vec<Value> {
        let estate = self.estate;
        let entries = self.sorted(&estate.records.exceptions, |e| e.id.to_string());
        let mut list = Vec::with_capacity(entries.len());
        for (tenant, entry) in entries {
            let exception = &entry.record;
            let tiers = self.tiers_of(tenant.as_ref(), exception);
            let number = tiers.iter().map(|t| t.number).min();
            let handle = self.refs.record(entry.origin, &entry.place);
            let mut o = self.object("exception", tenant.as_ref(), &exception.id, handle.clone(), number);
            let strictest = tiers.iter().filter_map(|t| t.limits.seconds("exception_max_life")).min();
            let scoped = exception.service.is_some()
                || exception.services.as_ref().is_some_and(|s| !s.is_empty())
                || exception.tier.is_some()
                || exception.subject.is_some();
            o.set("rule", exception.rule.as_ref()).set("scoped", scoped).set("max_life_s", strictest);
            o.set("reason", said(exception.reason.as_ref()))
                .set("residual_risk", said(exception.residual_risk.as_ref()));
            o.set("requested_by", named(exception.requested_by.as_ref()))
                .set("approved_by", named(exception.approved_by.as_ref()));
            o.set("approved_at", exception.approved_at).set("expires", exception.expires);
            let (approved, ahead) = (estate.age_of(exception.approved_at), estate.ahead(exception.expires));
            o.set("approved_age_s", approved).set("expires_in_s", ahead);
            o.set("life_s", approved.zip(ahead).map(|(age, ahead)| age + ahead));
            o.set("live", exception.expires.is_some_and(|e| !estate.is_past(e) && e.instant().is_some()));
            let each = |(i, c): (usize, &crate::model::governance::Compensation)| {
                let mut v = Object::default();
                v.set("ref", format!("{handle}/compensating/{i}"));
                v.set("rule", c.rule.as_ref()).set("text", said(c.text.as_ref())).take()
            };
            let compensating = exception.compensating.iter().flatten().enumerate().map(each).collect::<Vec<_>>();
            list.push(o.set("compensating", compensating).take());
        }
        list
    }

    /// The tiers in an exception's scope; all of the standard's where it covers an object or nobody.
    fn tiers_of(&self, tenant: Option<&Text>, exception: &Exception) -> Vec<&'a Tier> {
        let standard = self.estate.standard;
        let services = exception.service.iter().chain(exception.services.iter().flatten());
        let of_service = |id: &Text| {
            let (_, service) = self.estate.services.get(self.estate.find(tenant, id)?)?;
            standard.tier(service.record.tier.as_deref()?)
        };
        let mut tiers: Vec<_> = services.filter_map(of_service).collect();
        tiers.extend(exception.tier.as_deref().and_then(|t| standard.tier(t)));
        if tiers.is_empty() {
            tiers.extend(standard.tiers.values());
        }
        tiers
    }

    fn findings(&mut self) -> Vec<Value> {
        let estate = self.estate;
        let entries = self.sorted(&estate.records.findings, |f| f.fingerprint.to_string());
        let mut list = Vec::with_capacity(entries.len());
        for (tenant, entry) in entries {
            let finding = &entry.record;
            let handle = self.refs.record(entry.origin, &entry.place);
            let mut o = self.object("finding", tenant.as_ref(), &finding.fingerprint, handle, None);
            o.set("owner", finding.owner.as_ref().filter(|o| !o.trim().is_empty())).set("due", finding.due);
            o.set("due_in_s", estate.ahead(finding.due)).set("status", finding.status.as_ref());
            list.push(o.build());
        }
        list
    }

    fn limitations(&mut self) -> Vec<Value> {
        let estate = self.estate;
        let entries = self.sorted(&estate.records.limitations, |l| l.id.to_string());
        let mut list = Vec::with_capacity(entries.len());
        for (tenant, entry) in entries {
            let limitation = &entry.record;
            let handle = self.refs.record(entry.origin, &entry.place);
            let mut o = self.object("limitation", tenant.as_ref(), &limitation.id, handle, None);
            o.set("service", limitation.service.as_ref()).set("text", said(limitation.text.as_ref()));
            o.set("acknowledged_by", limitation.acknowledged_by.as_ref().filter(|a| !a.trim().is_empty()));
            o.set("at", limitation.at).set("age_s", estate.age_of(limitation.at));
            list.push(o.build());
        }
        list
    }

    fn services(&mut self) -> Vec<Value> {
        let (estate, usage) = (self.estate, self.usage);
        let mut list = Vec::with_capacity(usage.services.len());
        for (index, tier_number, summary) in &usage.services {
            let Some(((tenant, id), service)) = estate.services.get(*index) else { continue };
            let mut subject = Object::default();
            subject.set("kind", "service").set("tenant", tenant.as_ref()).set("service", id);
            let mut o = Object::default();
            o.set("subject", subject).set("ref", service.reference(&mut self.refs)).set("id", id);
            o.set("tenant", tenant.as_ref()).set("tier", summary.tier.as_ref()).set("tier_number", *tier_number);
            o.set("kind", service.record.kind.as_ref()).set("name", summary.name.as_ref());
            o.set("owner", summary.owner.as_ref()).set("evidence_grade", summary.evidence_grade.name());
            o.set("evidence_rank", summary.evidence_grade.rank());
            o.set("required_grade", summary.required_grade.map(crate::model::Grade::name));
            o.set("rpo_s", summary.rpo_s).set("newest_point_age_s", summary.newest_point_age_s);
            o.set("rto_s", summary.rto_s).set("measured_rto_s", summary.measured_rto_s);
            o.set("last_test_age_s", summary.last_test_age_s).set("wave", summary.wave);
            list.push(o.build());
        }
        list
    }

    /// The standard, where the organisation has one of its own.
    fn standard(&mut self) -> Option<Object> {
        let (estate, standard) = (self.estate, self.estate.standard);
        let file = standard.file.filter(|_| standard.is_own)?;
        let at = Place::value(file, 0, "");
        let handle = self.refs.place(at);
        let mut o = self.object("standard", None, &standard.name, handle, None);
        for (name, field) in [("version_ref", "/version"), ("approved_ref", "/approved_at")] {
            o.set(name, self.refs.place(Place::value(file, 0, field)));
        }
        let approved = standard.approved_at.as_deref().and_then(|t| Time::parse(t).ok());
        o.set("version", said(standard.version.as_ref())).set("approved_by", said(standard.approved_by.as_ref()));
        o.set("approved_at", approved).set("approved_age_s", estate.age_of(approved));
        let mut unexplained = Vec::with_capacity(standard.unexplained.len());
        for (what, place) in &standard.unexplained {
            let mut v = Object::default();
            unexplained.push(v.set("what", what).set("ref", self.refs.place(place.clone())).take());
        }
        o.set("unexplained", unexplained);
        Some(o)
    }

    fn by_tenant<T>(&self, entries: &'a [Entry<T>], id: impl Fn(&T) -> String) -> ByTenant<'a, T> {
        let mut map = ByTenant::default();
        for (tenant, entry) in self.sorted(entries, id) {
            map.entry(tenant).or_default().push(entry);
        }
        map
    }

    /// The records of a section with their tenants, sorted by tenant and id.
    fn sorted<T>(&self, entries: &'a [Entry<T>], id: impl Fn(&T) -> String) -> Vec<(Option<Text>, &'a Entry<T>)> {
        let mut list: Vec<_> = entries.iter().map(|e| (self.tenant_of(e.origin), e)).collect();
        list.sort_by_cached_key(|(tenant, e)| (tenant.clone(), id(&e.record)));
        list
    }

    fn tenant_list(&mut self) -> Vec<Value> {
        let estate = self.estate;
        let named: BTreeSet<Text> = estate.services.iter().filter_map(|((t, _), _)| t.clone()).collect();
        let several = named.len() > 1;
        let untenanted = if several { estate.records.first_without_tenant() } else { None };
        let mut names: BTreeSet<Option<Text>> = estate.services.iter().map(|((t, _), _)| t.clone()).collect();
        names.extend(untenanted.is_some().then_some(None));
        let shared = if several { self.shared() } else { HashMap::default() };
        let reports = self.by_tenant(&estate.records.reports, |r| r.id.to_string());
        let stores = self.by_tenant(&estate.records.evidence_stores, |s| s.id.to_string());
        let mut tiers: HashMap<&Option<Text>, (u64, BTreeSet<&str>)> = HashMap::default();
        for ((tenant, _), service) in &estate.services {
            let mine = tiers.entry(tenant).or_default();
            mine.0 += 1;
            mine.1.extend(service.record.tier.as_deref());
        }
        let none = (0, BTreeSet::new());
        let nothing = TenantUsage::default();
        let mut list = Vec::with_capacity(names.len());
        for name in names {
            let usage = self.usage.tenants.get(&name).unwrap_or(&nothing);
            let id = name.as_deref().unwrap_or_default().to_owned();
            let mut o = self.object("tenant", name.as_ref(), &id, String::new(), None);
            o.set("several", several).set("named", name.is_some());
            let (services, tiers) = tiers.get(&name).unwrap_or(&none);
            o.set("services", *services);
            if name.is_none() {
                o.set("stray_ref", untenanted.clone().map(|place| self.refs.place(place)));
            }
            o.set("evidence_retention_s", self.longest(tiers, "evidence_retention"));
            o.set("reports", self.reports(reports.get(&name))).set("evidence_stores", self.stores(stores.get(&name)));
            let mut late = Vec::with_capacity(usage.late_reviews.len());
            for (index, review) in &usage.late_reviews {
                let Some(((_, service), _)) = estate.services.get(*index) else { continue };
                let mut v = Object::default();
                v.set("ref", self.refs.record(review.origin, &review.place)).set("service", service);
                late.push(v.set("age_s", review.age_s).set("limit_s", review.limit_s).take());
            }
            o.set("late_reviews", late).set("shared", shared.get(&name).cloned().unwrap_or_default());
            list.push(o.build());
        }
        list
    }

    /// The longest of a duration over these tiers, or over the standard's where there is none of them.
    fn longest(&self, keys: &BTreeSet<&str>, limit: &str) -> Option<i64> {
        let standard = self.estate.standard;
        let mut tiers: Vec<_> = keys.iter().filter_map(|k| standard.tier(k)).collect();
        if tiers.is_empty() {
            tiers.extend(standard.tiers.values());
        }
        tiers.into_iter().filter_map(|t| t.limits.seconds(limit)).max()
    }

    /// Reports of a tenant, newest first; those of unknown or future time last.
    fn reports(&mut self, entries: Option<&Vec<&Entry<LeadershipReport>>>) -> Vec<Value> {
        let estate = self.estate;
        let entries = entries.into_iter().flatten();
        let mut dated: Vec<_> = entries.map(|e| (estate.evidence(e.record.at), *e)).collect();
        dated.sort_by_key(|(at, _)| Reverse(*at));
        let mut list = Vec::with_capacity(dated.len());
        for (at, entry) in dated {
            let report = &entry.record;
            let mut o = Object::default();
            o.set("ref", self.refs.record(entry.origin, &entry.place)).set("id", &report.id);
            o.set("kind", report.kind.as_ref()).set("at", at).set("age_s", at.map(|at| estate.age(at)));
            let contents = report.contents.as_deref().unwrap_or_default();
            list.push(o.set("contents", contents.iter().filter_map(Fact::fact).collect::<Vec<_>>()).take());
        }
        list
    }

    fn stores(&mut self, entries: Option<&Vec<&Entry<EvidenceStore>>>) -> Vec<Value> {
        let estate = self.estate;
        let mut list = Vec::new();
        for entry in entries.into_iter().flatten() {
            let store = &entry.record;
            let mut o = Object::default();
            o.set("ref", self.refs.record(entry.origin, &entry.place)).set("id", &store.id);
            o.set("location", store.location.as_ref()).set("retention_s", store.retention);
            o.set("oldest_age_s", estate.age_of(store.oldest_at)).set("includes_failures", store.includes_failures);
            list.push(o.set("tamper_evident", store.tamper_evident).take());
        }
        list
    }

    /// Stores, keys and powerful principals that serve more than one tenant, by tenant.
    fn shared(&mut self) -> HashMap<Option<Text>, Vec<Value>> {
        let mut holders: BTreeMap<(&'static str, String), Vec<Held>> = BTreeMap::new();
        for (tenant, known) in &self.estate.tenants {
            let mut vaults: Vec<_> = known.vaults.iter().collect();
            vaults.sort_by_key(|(id, _)| *id);
            for (_, vault) in vaults {
                if let Some(location) = said(vault.record.location.as_ref()) {
                    let handle = vault.field(&mut self.refs, "location");
                    holders.entry(("store", location.clone())).or_default().push((tenant.clone(), handle));
                }
            }
            let mut keys: Vec<_> = known.keys.iter().collect();
            keys.sort_by_key(|(id, _)| *id);
            for (id, key) in keys {
                if let Some(location) = said(key.record.location.as_ref()) {
                    let handle = key.reference(&mut self.refs);
                    holders.entry(("key", format!("{id} in {location}"))).or_default().push((tenant.clone(), handle));
                }
            }
        }
        for (tenant, entry) in self.sorted(&self.estate.records.grants, |g| g.principal.to_string()) {
            let rights = entry.record.rights.iter().flatten();
            if rights.into_iter().any(|r| matches!(r.as_str(), "delete" | "admin")) {
                let handle = format!("{}/principal", self.refs.record(entry.origin, &entry.place));
                holders.entry(("principal", entry.record.principal.to_string())).or_default().push((tenant, handle));
            }
        }
        let mut by_tenant: HashMap<Option<Text>, Vec<Value>> = HashMap::default();
        for ((what, name), uses) in holders {
            let tenants: BTreeSet<&Option<Text>> = uses.iter().map(|(tenant, _)| tenant).collect();
            if tenants.len() < 2 {
                continue;
            }
            let mut told = BTreeSet::new();
            for (tenant, handle) in &uses {
                let other = uses.iter().find(|(t, _)| t != tenant);
                if !told.insert(tenant) {
                    continue;
                }
                let mut o = Object::default();
                o.set("ref", handle).set("what", what).set("name", &name);
                o.set("other", other.and_then(|(t, _)| t.as_ref())).set("other_ref", other.map(|(_, at)| at));
                by_tenant.entry(tenant.clone()).or_default().push(o.take());
            }
        }
        by_tenant
    }
}
