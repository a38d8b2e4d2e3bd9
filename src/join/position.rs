//! One position: everything that is known of one service's recovery, as of one instant.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;

use super::clock::Clock;
use super::common::Sharing;
use super::component::ComponentJoin;
use super::contradiction::Contradictions;
use super::estate::{Estate, Tenant};
use super::gather::Gathered;
use super::graph::Unknown;
use super::measure::{Measure, p95};
use super::merge::Merged;
use super::reference::References;
use super::summary::PositionSummary;
use super::usage::{ComponentShare, LateReview, Share};
use super::value::{Fact, Object};
use super::vault::Stores;
use crate::config::Limits;
use crate::model::{Dependency, Grade, Measurement, OriginId, Service, Text};
use crate::source::Place;

/// What policies judge, and what turns their handles into places.
pub struct Position {
    /// As `schemas/position.schema.json` describes it.
    pub value: Value,
    /// Where its handles point.
    pub references: References,
    /// The service in one line.
    pub summary: PositionSummary,
    /// Tier number, for severities; 1 where the tier is unknown.
    pub tier_number: u8,
    /// The inventory record of the service.
    pub place: Option<Place>,
    /// The inventory records of its components.
    pub component_places: BTreeMap<String, Place>,
    /// What the estate keeps of it.
    pub share: Share,
}

impl Estate<'_> {
    /// The position of the service with this number.
    #[must_use]
    pub fn position(&self, index: usize) -> Option<Position> {
        self.with_service(index, |join| join.build())
    }

    /// The evidence grade that a service holds; worked out once, for all that depend on it.
    fn grade_of(&self, index: usize) -> Option<Grade> {
        let known = self.grades.get(index)?;
        known.get_or_init(|| self.with_service(index, |join| join.held())).to_owned()
    }

    fn with_service<T>(&self, index: usize, look: impl FnOnce(&ServiceJoin<'_>) -> T) -> Option<T> {
        let ((tenant_name, _), service) = self.services.get(index)?;
        let nothing = Tenant::default();
        let tenant = self.tenants.get(tenant_name).unwrap_or(&nothing);
        let limits = self.limits_of(index);
        Some(look(&ServiceJoin { estate: self, tenant, tenant_name: tenant_name.as_ref(), service, index, limits }))
    }
}

/// One service under construction.
pub(super) struct ServiceJoin<'a> {
    pub(super) estate: &'a Estate<'a>,
    pub(super) tenant: &'a Tenant,
    pub(super) tenant_name: Option<&'a Text>,
    pub(super) service: &'a Merged<Service>,
    pub(super) index: usize,
    pub(super) limits: Option<&'a Limits>,
}

impl ServiceJoin<'_> {
    fn build(&self) -> Position {
        let mut refs = References::default();
        let mut out = Object::default();
        let record = &self.service.record;
        out.set("as_of", self.estate.as_of).set("limits", self.limits_value()).set("params", &self.estate.asked.params);

        let mut components: Vec<_> = record.components.iter().flatten().enumerate().collect();
        components.sort_by(|a, b| a.1.id.cmp(&b.1.id));
        let (mut tools, mut origins, mut values) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        let (mut grades, mut sizes, mut ages, mut tested) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (mut component_places, mut shares, mut repeated) = (BTreeMap::new(), Vec::new(), Vec::new());
        let (mut stores, mut in_use) = (Stores::new(self.estate, self.tenant), BTreeMap::new());
        let mut clock = Clock::new(self.estate);
        let mut sharing = Vec::new();
        for (i, component) in components {
            let found = self.estate.gather(self.tenant, &record.id, component);
            let facts = self.component(&found).build(component, i, &mut stores, &mut refs);
            let place = self.service.element(&mut refs, "components", &component.id, i);
            let place = refs.resolve(&place, self.estate.records);
            shares.push(ComponentShare {
                id: component.id.to_string(),
                platform: component.platform.as_deref().map(Text::from),
                protected: facts.protected,
                place: place.clone(),
                tested_age_s: facts.last_test_age_s,
                uses: facts.uses,
            });
            if let Some(place) = place {
                component_places.insert(component.id.to_string(), place);
            }
            origins.extend(found.origins.iter().copied());
            clock.component(&found, &mut refs);
            if facts.protected {
                tools.extend(facts.tools);
                repeated.extend(found.points.iter().filter_map(|p| p.repeated));
                facts.stores.into_iter().for_each(|(id, named_at)| {
                    in_use.entry(id).or_insert(named_at);
                });
                grades.push(facts.grade);
                sizes.push(facts.size_bytes);
                ages.push(facts.newest_point_age_s);
                tested.push(facts.last_test_age_s);
                if component.kind.as_ref().is_some_and(|k| self.estate.common_point_kinds.contains(k)) {
                    let own_ref = self.service.element(&mut refs, "components", &component.id, i);
                    sharing.push(Sharing { id: &component.id, own_ref, complete: facts.absence_provable, found });
                }
            }
            values.push(facts.value);
        }
        out.set("common_point", super::common::describe(self.estate, &sharing, &mut refs));
        out.set("components", values);
        let mut contradictions = Contradictions::default();
        contradictions.add(self.estate, "service", &self.service.contradictions, &mut refs);
        for vault in in_use.keys().filter_map(|id| self.tenant.vaults.get(id)) {
            let of = format!("store {}", vault.record.id);
            contradictions.add(self.estate, &of, &vault.contradictions, &mut refs);
        }
        // Two components may share an asset, and so its points.
        repeated.sort_by(|a, b| {
            let (a, b) = (&a.entry.record, &b.entry.record);
            b.taken_at.cmp(&a.taken_at).then_with(|| (&a.vault, &a.asset, &a.id).cmp(&(&b.vault, &b.asset, &b.id)))
        });
        repeated.dedup_by(|a, b| std::ptr::eq(*a, *b));
        contradictions.add_points(self.estate, &repeated, &mut refs);
        out.set("contradictions", contradictions.into_values());
        let vaults = in_use.into_iter().map(|(id, named_at)| {
            let undeclared = || named_at.unwrap_or_default();
            stores.get(&id, &mut refs).unwrap_or_else(|| stores.undeclared(&id, undeclared(), &mut refs))
        });
        out.set("vaults", vaults.collect::<Vec<_>>());
        out.set("service", self.declared(&tools, &sizes, &mut refs));
        out.set("tools", self.protecting_tools(&tools, &mut refs));
        self.tests(&mut refs, &mut out);
        self.measures(&mut refs, &mut out);
        let waits_for = self.waits_for();
        self.dependencies(&waits_for, &mut refs, &mut out);
        for tool in &tools {
            origins.extend(self.tenant.feeds.get(tool).into_iter().flat_map(|feed| feed.failed.iter().copied()));
        }
        out.set("sources", self.sources(&origins, &mut refs));
        self.clock(&origins, clock, &mut refs, &mut out);
        super::governance::describe(self, &mut refs, &mut out);
        let grade = self.grade(&grades);
        if let Some(known) = self.estate.grades.get(self.index) {
            known.get_or_init(|| Some(grade));
        }
        out.set("evidence_grade", grade.name()).set("evidence_rank", grade.rank());

        let own = self.service.reference(&mut refs);
        let summary = self.summary(grade, &ages, &tested, waits_for);
        let share = Share {
            index: self.index,
            tier_number: self.tier_number(),
            components: shares,
            late_review: self.late_review(),
            summary: summary.clone(),
        };
        Position {
            share,
            value: out.build(),
            place: refs.resolve(&own, self.estate.records),
            references: refs,
            summary,
            tier_number: self.tier_number().unwrap_or(1),
            component_places,
        }
    }

    /// The evidence grade, without the rest of the position.
    fn held(&self) -> Grade {
        let (mut refs, mut out) = (References::default(), Object::default());
        let components = self.service.record.components.iter().flatten();
        let grades = components.filter(|c| c.disposition.as_deref() == Some("protected")).map(|component| {
            let found = self.estate.gather(self.tenant, &self.service.record.id, component);
            self.component(&found).held(&mut refs, &mut out)
        });
        self.grade(&grades.collect::<Vec<_>>())
    }

    fn component<'f>(&'f self, found: &'f Gathered<'f>) -> ComponentJoin<'f> {
        ComponentJoin {
            estate: self.estate,
            tenant: self.tenant,
            limits: self.limits,
            service: self.service,
            tenant_name: self.tenant_name,
            found,
        }
    }

    /// The newest review, where it is older than the tier allows.
    fn late_review(&self) -> Option<LateReview> {
        let limit_s = self.limits?.seconds("position_review_max_age")?;
        let reviews = self.tenant.reviews.get(&self.service.record.id)?;
        let entries = reviews.iter().filter_map(|i| self.estate.records.reviews.get(*i as usize));
        let (at, entry) = entries.filter_map(|e| Some((self.estate.evidence(e.record.at)?, e))).max_by_key(|r| r.0)?;
        let age_s = self.estate.age(at);
        let (origin, place) = (entry.origin, entry.place.clone());
        (age_s > limit_s).then_some(LateReview { origin, place, age_s, limit_s })
    }

    fn tier_number(&self) -> Option<u8> {
        self.estate.standard.tier(self.service.record.tier.as_deref()?).map(|t| t.number)
    }

    fn declared(&self, tools: &BTreeSet<Text>, sizes: &[Option<u64>], refs: &mut References) -> Object {
        let (estate, record) = (self.estate, &self.service.record);
        let mut subject = Object::default();
        subject.set("kind", "service").set("tenant", self.tenant_name).set("service", &record.id);
        let mut o = Object::default();
        o.set("subject", subject).set("ref", self.service.reference(refs)).set("id", &record.id);
        o.set("name", record.name.as_ref()).set("tenant", self.tenant_name).set("kind", record.kind.as_ref());
        o.set("tier", record.tier.as_ref())
            .set("tier_known", self.limits.is_some())
            .set("tier_number", self.tier_number());
        if let Some(owner) = &record.owner {
            let mut v = Object::default();
            let own_ref = self.service.field(refs, "owner");
            for (name, id) in [
                ("accountable", &owner.accountable),
                ("escalation", &owner.escalation),
                ("executive", &owner.executive),
            ] {
                v.set(
                    name,
                    id.as_ref()
                        .filter(|i| !i.trim().is_empty())
                        .map(|id| self.person(id, format!("{own_ref}/{name}"), refs)),
                );
            }
            o.set("owner", v.set("ref", own_ref).take());
        }
        if let Some(people) = &record.able_people {
            let own_ref = self.service.field(refs, "able_people");
            let people = people.iter().enumerate().map(|(i, id)| self.person(id, format!("{own_ref}/{i}"), refs));
            o.set("able_people", people.collect::<Vec<_>>());
        }
        if let Some(id) = record.coordinator.as_ref().filter(|i| !i.trim().is_empty()) {
            let own_ref = self.service.field(refs, "coordinator");
            o.set("coordinator", self.person(id, own_ref, refs));
        }
        if let Some(analysis) = &record.impact_analysis {
            let mut v = Object::default();
            v.set("ref", self.service.field(refs, "impact_analysis"))
                .set("reference", said(analysis.reference.as_ref()));
            o.set("impact_analysis", v.set("at", analysis.at).set("age_s", estate.age_of(analysis.at)).take());
        }
        o.set("recovery_priority", record.recovery_priority);
        if let Some(objectives) = &record.objectives {
            let mut v = Object::default();
            v.set("ref", self.service.field(refs, "objectives"))
                .set("rto_s", objectives.rto)
                .set("rpo_s", objectives.rpo);
            v.set("mtpd_s", objectives.mtpd).set("rationale", said(objectives.rationale.as_ref()));
            v.set("approved_by", objectives.approved_by.as_deref().map(named))
                .set("approved_at", objectives.approved_at);
            v.set("approved_age_s", estate.evidence_age(objectives.approved_at));
            v.set("minimum_service", said(objectives.minimum_service.as_ref()))
                .set("acceptance", objectives.acceptance.as_ref());
            o.set("objectives", v);
        }
        o.set("claim", self.claim(refs)).set("depends_on_declared", record.depends_on.is_some());
        if let Some(capacity) = &record.recovery_capacity {
            let mut v = Object::default();
            v.set("ref", self.service.field(refs, "recovery_capacity")).set("location", capacity.location.as_ref());
            v.set("available_bytes", capacity.available_bytes)
                .set("throughput_bytes_per_s", capacity.throughput_bytes_per_s);
            o.set("recovery_capacity", v.set("checked_age_s", estate.age_of(capacity.checked_at)).take());
        }
        o.set("tools", tools.iter().filter_map(Fact::fact).collect::<Vec<_>>());
        let size: Option<u64> = sizes.iter().copied().sum();
        o.set("size_bytes", size.filter(|_| !sizes.is_empty()));
        o.set("components_ref", record.components.as_ref().map(|_| self.service.field(refs, "components")));
        o
    }

    fn claim(&self, refs: &mut References) -> Option<Object> {
        let estate = self.estate;
        let claim = self.service.record.claim.as_ref()?;
        let mut v = Object::default();
        v.set("ref", self.service.field(refs, "claim")).set("scope", said(claim.scope.as_ref()));
        v.set("grade", claim.grade.map(Grade::name)).set("grade_rank", claim.grade.map(Grade::rank));
        v.set(
            "assumptions",
            claim.assumptions.as_ref().map(|list| {
                let each = list.iter().map(|a| {
                    let mut o = Object::default();
                    o.set("text", a.text.as_ref()).set("validated_at", a.validated_at);
                    o.set("validated_age_s", estate.age_of(a.validated_at)).take()
                });
                each.collect::<Vec<_>>()
            }),
        );
        v.set("attested_by", claim.attested_by.as_ref().filter(|by| !by.trim().is_empty()));
        v.set("attested_at", claim.attested_at).set("attested_age_s", estate.evidence_age(claim.attested_at));
        v.set("expires", claim.expires);
        v.set("expires_in_s", estate.ahead(claim.expires));
        v.set(
            "life_s",
            estate.age_of(claim.attested_at).zip(estate.ahead(claim.expires)).map(|(age, ahead)| age + ahead),
        );
        Some(v)
    }

    /// A person as the service names them, with what the directory says.
    pub(super) fn person(&self, id: &Text, own_ref: String, refs: &mut References) -> Value {
        let mut o = Object::default();
        let person = self.tenant.people.get(id);
        o.set("ref", own_ref).set("id", id).set("known", person.is_some());
        if let Some(person) = person {
            let record = &person.record;
            o.set("record", person.reference(refs)).set("name", record.name.as_ref()).set("team", record.team.as_ref());
            o.set("active", record.active).set("checked_at", record.checked_at);
            o.set("checked_age_s", self.estate.evidence_age(record.checked_at));
            if let Some(team) = record.team.as_ref().and_then(|t| self.tenant.teams.get(t)) {
                o.set("contact", said(team.record.contact.as_ref())).set("team_ref", team.reference(refs));
                o.set("contact_checked_age_s", self.estate.evidence_age(team.record.contact_checked_at));
            }
        }
        o.build()
    }

    /// The tier's limits, and what the service is held to: its objectives where declared, else the tier's maxima.
    fn limits_value(&self) -> Object {
        let mut o = self.estate.asked.limits(self.service.record.tier.as_deref());
        let objectives = self.service.record.objectives.as_ref();
        let tier = |name| self.limits.and_then(|l| l.seconds(name));
        o.set("rto_s", objectives.and_then(|o| o.rto).map(|s| s.get()).or_else(|| tier("rto_max")));
        o.set("rpo_s", objectives.and_then(|o| o.rpo).map(|s| s.get()).or_else(|| tier("rpo_max")));
        o
    }

    fn tests(&self, refs: &mut References, out: &mut Object) {
        let estate = self.estate;
        let mut indices: BTreeSet<u32> =
            self.tenant.tests.get(&self.service.record.id).into_iter().flatten().copied().collect();
        for asset in self.service.record.components.iter().flatten().flat_map(|c| c.assets.iter().flatten()) {
            for (_, entries) in self.tenant.assets.matching(asset) {
                indices.extend(entries.iter().filter(|(kind, _)| *kind == super::asset::Kind::Test).map(|(_, i)| *i));
            }
        }
        let entries = indices.iter().filter_map(|i| estate.records.restore_tests.get(*i as usize));
        let mut dated: Vec<_> = entries.filter_map(|e| estate.test_time(&e.record).map(|at| (at, e))).collect();
        // Of tests that ended at the same time the worse comes first.
        let passes = |e: &crate::model::RestoreTest| e.result.as_deref() == Some("pass");
        dated.sort_by(|a, b| {
            b.0.cmp(&a.0)
                .then_with(|| (passes(&a.1.record), &a.1.record.id).cmp(&(passes(&b.1.record), &b.1.record.id)))
        });
        // A drill that says neither when it began nor when it ended may be the newest.
        let undated = indices.iter().filter_map(|i| estate.records.restore_tests.get(*i as usize)).filter(|e| {
            let test = &e.record;
            test.service.as_ref() == Some(&self.service.record.id)
                && test.started_at.is_none()
                && test.finished_at.is_none()
        });
        let undated = undated.map(|entry| {
            let mut o = Object::default();
            o.set("ref", refs.record(entry.origin, &entry.place)).set("id", &entry.record.id).take()
        });
        out.set("undated_drills", undated.collect::<Vec<_>>());
        let (mut newest_drill, mut newest_pass, mut values) = (None, None, Vec::with_capacity(dated.len()));
        for (at, entry) in dated {
            let value = super::test::describe(estate, self.service, self.limits, at, entry, refs);
            if entry.record.service.as_ref() == Some(&self.service.record.id) {
                newest_drill.get_or_insert_with(|| value.clone());
                if passes(&entry.record) {
                    newest_pass.get_or_insert_with(|| value.clone());
                }
            }
            values.push(value);
        }
        out.set("tests", values).set("newest_drill", newest_drill).set("newest_passing_drill", newest_pass);
    }

    fn measures(&self, refs: &mut References, out: &mut Object) {
        let measured = self.estate.measured(self.index);
        let mut o = Object::default();
        let times: Vec<i64> = measured.runs.iter().map(|m| m.total_s).collect();
        o.set("best_s", times.iter().min().copied()).set("worst_s", times.iter().max().copied());
        o.set("latest_s", times.first().copied()).set("p95_s", p95(&mut times.clone()));
        o.set("worst_recent", measured.worst_recent.map(|m| self.measure(m, refs)));
        o.set("runs", measured.runs.iter().map(|m| self.measure(*m, refs)).collect::<Vec<_>>());
        out.set("measured", o);
    }

    fn measure(&self, measure: Measure, refs: &mut References) -> Value {
        let records = self.estate.records;
        let mut o = Object::default();
        o.set("total_s", measure.total_s).set("at", measure.at).set("age_s", self.estate.age(measure.at));
        match measure.kind {
            Measurement::Drill => {
                if let Some(entry) = records.restore_tests.get(measure.index as usize) {
                    o.set("ref", refs.record(entry.origin, &entry.place))
                        .set("id", &entry.record.id)
                        .set("kind", "drill");
                    o.set("phases", entry.record.phases.as_ref().map(super::test::phases))
                        .set("bytes_restored", entry.record.bytes_restored);
                }
            }
            Measurement::Incident => {
                if let Some(entry) = records.incidents.get(measure.index as usize) {
                    o.set("ref", refs.record(entry.origin, &entry.place))
                        .set("id", &entry.record.id)
                        .set("kind", "incident");
                }
            }
        }
        o.build()
    }

    fn dependencies(&self, waits_for: &[String], refs: &mut References, out: &mut Object) {
        let graph = &self.estate.graph.nodes;
        let own = graph.get(self.index).cloned().unwrap_or_default();
        let field = self.service.field(refs, "depends_on");
        let entries = self.service.record.depends_on.iter().flatten().enumerate();
        let values: Vec<Value> =
            entries.map(|(i, d)| self.dependency(d, format!("{field}/{i}"), own.on_cycle, refs)).collect();
        out.set("dependencies", values);
        let mut o = Object::default();
        let chain = own.chain.unwrap_or(Ok(0));
        o.set("wave", own.wave).set("chain_s", chain.ok()).set("on_cycle", own.on_cycle);
        o.set("earliest_s", own.own_s.zip(chain.ok()).map(|(own, chain)| own + chain));
        let unknown = chain.err().or_else(|| own.own_s.is_none().then_some(Unknown::NeverMeasured(self.index)));
        o.set("unknown_because", unknown.map(|u| self.because(u)));
        let waits_for: Vec<Value> = waits_for.iter().filter_map(Fact::fact).collect();
        let foundation = self.estate.foundations.get(&self.tenant_name.cloned());
        o.set("foundation", self.in_order(foundation.and_then(|f| f.last), refs));
        o.set("foundation_unordered", self.in_order(foundation.and_then(|f| f.unordered), refs));
        out.set("recovery", o.set("waits_for", waits_for).take());
    }

    /// The services along the critical path, nearest first.
    fn waits_for(&self) -> Vec<String> {
        let graph = &self.estate.graph.nodes;
        let mut waits_for = Vec::new();
        let mut next = graph.get(self.index).and_then(|n| n.next);
        while let Some(service) = next.filter(|_| waits_for.len() <= graph.len()) {
            waits_for.extend(self.estate.services.get(service).map(|((_, id), _)| id.to_string()));
            next = graph.get(service).and_then(|n| n.next);
        }
        waits_for
    }

    fn because(&self, unknown: Unknown) -> String {
        let name = |i: usize| self.estate.services.get(i).map_or("a service", |((_, id), _)| &**id).to_owned();
        match unknown {
            Unknown::Cycle(service) => format!("{} waits for itself", name(service)),
            Unknown::NeverMeasured(service) => {
                format!("no recovery of {} was measured to user ready at its tier's level", name(service))
            }
            Unknown::NoService => "an entry of depends_on is no service of the inventory".to_owned(),
            Unknown::NoCommitment => "an external service has no committed recovery time".to_owned(),
        }
    }

    fn dependency(&self, entry: &Dependency, own_ref: String, own_on_cycle: bool, refs: &mut References) -> Value {
        let estate = self.estate;
        let far = if entry.external { None } else { estate.find(self.tenant_name, &entry.service) };
        let mut o = Object::default();
        let graph = &estate.graph.nodes;
        let same_group = |far: usize| graph.get(far).map(|n| n.group) == graph.get(self.index).map(|n| n.group);
        o.set("service", &entry.service).set("external", entry.external).set("known", far.is_some());
        o.set("on_cycle", own_on_cycle && far.is_some_and(same_group));
        if let Some(commitment) = &entry.commitment {
            let mut c = Object::default();
            c.set("ref", format!("{own_ref}/commitment")).set("rto_s", commitment.rto).set("rpo_s", commitment.rpo);
            c.set("reviewed_at", commitment.reviewed_at);
            c.set("reviewed_age_s", estate.evidence_age(commitment.reviewed_at));
            o.set("commitment", c);
            if entry.external {
                o.set("worst_s", commitment.rto);
            }
        }
        if let Some((far, (_, service))) = far.and_then(|i| estate.services.get(i).map(|s| (i, s))) {
            let record = &service.record;
            o.set("tier", record.tier.as_ref()).set("kind", record.kind.as_ref());
            o.set("tier_number", record.tier.as_deref().and_then(|t| estate.standard.tier(t)).map(|t| t.number));
            let objectives = record.objectives.as_ref();
            o.set("rto_s", objectives.and_then(|o| o.rto)).set("rpo_s", objectives.and_then(|o| o.rpo));
            o.set("worst_s", graph.get(far).and_then(|n| n.own_s)).set("recovery_priority", record.recovery_priority);
            o.set("evidence_grade", estate.grade_of(far).map(Grade::name)).set("far_ref", service.reference(refs));
        }
        o.set("ref", own_ref).take()
    }

    /// Times that cannot be: of the components' evidence, of what people wrote about the service, of its sources.
    fn clock(&self, origins: &BTreeSet<OriginId>, mut clock: Clock<'_>, refs: &mut References, out: &mut Object) {
        let (records, id, record) = (self.estate.records, &self.service.record.id, &self.service.record);
        macro_rules! each {
            ($index:ident, $section:ident, $($field:ident),+) => {
                for entry in self.tenant.$index.get(id).into_iter().flatten().filter_map(|i| records.$section.get(*i as usize)) {
                    clock.times(entry, &[$((stringify!($field), entry.record.$field)),+], refs);
                }
            };
        }
        each!(tests, restore_tests, started_at, finished_at);
        each!(incidents, incidents, started_at, detected_at, user_ready_at);
        each!(changes, changes, at);
        each!(reviews, reviews, at);
        each!(runbooks, runbooks, reviewed_at);
        let declared = [
            (record.impact_analysis.as_ref().and_then(|a| a.at), "impact_analysis", "at"),
            (record.objectives.as_ref().and_then(|o| o.approved_at), "objectives", "approved_at"),
            (record.claim.as_ref().and_then(|c| c.attested_at), "claim", "attested_at"),
        ];
        for (time, field, below) in declared {
            clock.at(time, || format!("{}/{below}", self.service.field(refs, field)));
        }
        let mut files = BTreeSet::new();
        for origin in origins.iter().filter_map(|o| records.origin(*o)).filter(|o| files.insert(o.file)) {
            if let Some(place) = &origin.collected_place {
                clock.at(origin.collected_at, || refs.place(place.clone()));
            }
        }
        out.set("clock", clock.finish());
    }

    /// The documents that feed the service, by path.
    fn sources(&self, origins: &BTreeSet<OriginId>, refs: &mut References) -> Vec<Value> {
        let known = origins.iter().filter_map(|o| self.estate.records.origin(*o));
        let mut known: Vec<_> = known.collect();
        known.sort_by_key(|o| (o.file, o.document));
        let each = known.into_iter().map(|origin| {
            let mut o = Object::default();
            o.set("ref", refs.place(Place::value(origin.file, origin.document, "")));
            o.set("path", self.estate.sources.path(origin.file))
                .set("kind", origin.kind)
                .set("tool", origin.tool.as_ref());
            o.set("native", origin.native).set("complete", origin.complete).set("failed", origin.failed);
            o.set("collected_at", origin.collected_at).set("age_s", self.estate.age_of(origin.collected_at));
            o.set("collected_ref", origin.collected_place.clone().map(|p| refs.place(p)));
            o.set("page_ref", origin.page_place.clone().map(|p| refs.place(p)));
            o.build()
        });
        each.collect()
    }

    /// General 13: E5 needs an accepted, measured drill of the service and every protected component at E3.
    fn grade(&self, components: &[Grade]) -> Grade {
        let Some(lowest) = components.iter().min().copied() else {
            return if self.service.record.claim.is_some() { Grade::E1 } else { Grade::E0 };
        };
        let limit = self.limits.and_then(|l| l.seconds("restore_test_max_age"));
        let drills = self.tenant.tests.get(&self.service.record.id).into_iter().flatten();
        let exercised = drills.filter_map(|i| self.estate.records.restore_tests.get(*i as usize)).any(|entry| {
            let test = &entry.record;
            let recent = self
                .estate
                .test_time(test)
                .map(|at| self.estate.age(at))
                .zip(limit)
                .is_some_and(|(age, max)| age <= max);
            recent
                && test.result.as_deref() == Some("pass")
                && matches!(test.level.as_deref(), Some("service" | "site"))
                && test.phases.as_ref().is_some_and(|p| p.measured().is_some())
                && test.accepted_by.as_ref().is_some_and(|a| !a.trim().is_empty())
        });
        if exercised && lowest >= Grade::E3 { Grade::E5 } else { lowest }
    }

    fn summary(
        &self,
        grade: Grade,
        ages: &[Option<i64>],
        tested: &[Option<i64>],
        waits_for: Vec<String>,
    ) -> PositionSummary {
        let record = &self.service.record;
        let node = self.estate.graph.nodes.get(self.index);
        let owner = record.owner.as_ref().and_then(|o| o.accountable.as_ref());
        let owner_name = owner
            .map(|id| self.tenant.people.get(id).and_then(|p| p.record.name.clone()).unwrap_or_else(|| id.to_string()));
        let oldest = |list: &[Option<i64>]| {
            if list.is_empty() { None } else { list.iter().copied().collect::<Option<Vec<_>>>()?.into_iter().max() }
        };
        PositionSummary {
            tenant: self.tenant_name.map(ToString::to_string),
            service: record.id.to_string(),
            name: record.name.clone(),
            tier: record.tier.clone(),
            owner: owner_name,
            evidence_grade: grade,
            required_grade: self.limits.and_then(Limits::grade),
            claimed_grade: record.claim.as_ref().and_then(|c| c.grade),
            rpo_s: record.objectives.as_ref().and_then(|o| o.rpo).map(|s| s.get()),
            newest_point_age_s: oldest(ages),
            rto_s: record.objectives.as_ref().and_then(|o| o.rto).map(|s| s.get()),
            measured_rto_s: self.estate.graph.nodes.get(self.index).and_then(|n| n.own_s),
            last_test_age_s: oldest(tested),
            wave: node.and_then(|n| n.wave),
            earliest_s: node.and_then(|n| n.own_s.zip(n.chain.unwrap_or(Ok(0)).ok())).map(|(own, chain)| own + chain),
            waits_for,
            components: tested.len() as u64,
        }
    }
}

/// The names of a list that are not empty.
pub(super) fn named<T: AsRef<str>>(list: &[T]) -> Vec<Value> {
    list.iter().map(AsRef::as_ref).filter(|n| !n.trim().is_empty()).filter_map(Fact::fact).collect()
}

/// A text, unless it is empty.
pub(super) fn said(text: Option<&String>) -> Option<&String> {
    text.filter(|t| !t.trim().is_empty())
}
