//! How one rule came to its verdicts on one service or object, with the records and limits that it compared.

use std::collections::{BTreeMap, BTreeSet};

use super::pack::as_of_ns;
use super::{Options, Ready, Run, RunError, nothing, ready};
use crate::config::{LimitInForce, LimitValue, Standard, limits_in_force};
use crate::evaluate::verdicts::{Watch, Watched, judge_and_watch};
use crate::evaluate::{
    Branch, Condition, Derivation, Derived, Metadata, RuleState, Subject, SubjectKind, Verdict, trace,
};
use crate::join::Estate;
use crate::model::Seconds;
use crate::report::Row;

/// Whose verdict is asked for.
#[derive(Debug, Clone, Default)]
pub struct Whom {
    /// Id of the rule.
    pub rule: String,
    /// Id of the service, for rules on services and components.
    pub service: Option<String>,
    /// Id of its component; none: each.
    pub component: Option<String>,
    /// Id of the object, for rules on the estate; its kind, or its tenant, where it has no id.
    pub object: Option<String>,
}

/// Judges everything, and follows one rule on one service or object; beside it the standard in force.
///
/// # Errors
/// As [`super::check`]; and where there is no such rule, service, component or object, or the rule does not judge such.
pub fn derivation(options: &Options, whom: &Whom) -> Result<(Run, Derivation, Standard), RunError> {
    let mut options = options.clone();
    options.services.extend(whom.service.clone());
    let mut ready = ready(&options)?;
    let asked = whom.rule.to_ascii_uppercase();
    let index = ready.policies.index_of(&asked);
    let Some((index, rule)) = index.and_then(|i| Some((i, ready.policies.rules().get(i)?.clone()))) else {
        let why = format!("no rule `{}`; `passmuster rules` lists them", whom.rule);
        return Err(nothing(&why, ready.found, ready.sources));
    };
    let metadata = rule.metadata;
    if let Some(why) = unfit(&metadata, whom) {
        return Err(nothing(&why, ready.found, ready.sources));
    }
    let estate = Estate::new(&ready.records, &ready.sources, &ready.standard, options.as_of, &mut ready.found);
    if estate.is_empty() {
        return Err(ready.without_services());
    }
    let numbers = (0..estate.len()).filter_map(|i| Some((i, estate.service_id(i)?)));
    let mine = numbers.filter(|(i, (tenant, id))| {
        Some(*id) == whom.service.as_deref() && ready.scope.has_service(*tenant, id, estate.service_tier(*i))
    });
    let mine: Vec<(usize, Option<String>, String)> =
        mine.map(|(i, (tenant, id))| (i, tenant.map(str::to_owned), id.to_owned())).collect();
    let (service, tier) = match (&whom.service, mine.as_slice()) {
        (Some(_), [(i, tenant, id)]) => {
            (Some((tenant.clone(), id.clone())), estate.service_tier(*i).map(str::to_owned))
        }
        (Some(id), []) => {
            let why = format!("no service `{id}`");
            return Err(nothing(&why, ready.found, ready.sources));
        }
        (Some(id), _) => {
            let why = format!("`{id}` is a service of several tenants; add --tenant");
            return Err(nothing(&why, ready.found, ready.sources));
        }
        (None, _) => (None, None),
    };
    let watch = Watch::new(index, service);
    let verdicts = judge_and_watch(&estate, &ready.policies, &ready.standard, &ready.scope, Some(&watch));
    let watched = watch.seen();
    let subjects = match &watched {
        Some(watched) => subjects(&metadata, whom, watched),
        None => Vec::new(),
    };
    if subjects.is_empty() {
        let why = match (&whom.component, &whom.object) {
            (Some(component), _) => format!("the service has no component `{component}`"),
            (None, Some(object)) => format!("{} judges nothing that is called `{object}`", metadata.id),
            (None, None) => format!("the service has nothing that {} could judge", metadata.id),
        };
        return Err(nothing(&why, ready.found, ready.sources));
    }
    let traced = match (&watched, matches!(rule.state, RuleState::Ready { .. })) {
        (Some(w), true) => trace(&ready.files, &metadata.package, as_of_ns(options.as_of), &w.input, &subjects),
        _ => None,
    };
    let mut places = BTreeMap::new();
    if let Some(watched) = &watched {
        for handle in traced.iter().flatten().flatten().flat_map(handles) {
            if let Some(place) = watched.references.resolve(&handle, &ready.records) {
                places.insert(handle, place);
            }
        }
    }
    let number = u16::try_from(index).unwrap_or(u16::MAX);
    let ledger = &verdicts.ledger;
    let mut traced = traced.map(Vec::into_iter);
    let derived = subjects.into_iter().map(|subject| {
        let mine = ledger.rows.iter().filter(|row| {
            row.rule == number && ledger.subjects.get(row.subject as usize).is_some_and(|s| *s == subject)
        });
        let rows: Vec<Row> = mine.copied().collect();
        Derived {
            verdict: rows.iter().map(|r| r.verdict).max().unwrap_or(Verdict::NotApplicable),
            severity: rows.first().map_or(ready.standard.severity(&metadata.id, metadata.severity), |r| r.severity),
            branches: traced.as_mut().and_then(Iterator::next),
            subject,
            rows,
        }
    });
    let subjects: Vec<Derived> = derived.collect();
    let mut in_force = limits_in_force(&metadata.id, &metadata.limits, &ready.standard, tier.as_deref());
    if let Some(watched) = &watched {
        own_objectives(&mut in_force, watched, &ready);
    }
    let standard = ready.standard.clone();
    let run = ready.finish(&options, verdicts)?;
    Ok((run, Derivation { rule: metadata, subjects, limits: in_force, places }, standard))
}

/// Why a rule cannot be asked about what was named.
fn unfit(rule: &Metadata, whom: &Whom) -> Option<String> {
    let id = &rule.id;
    let judges = match rule.subject {
        SubjectKind::Service | SubjectKind::Component => "services",
        SubjectKind::Estate | SubjectKind::Tenant => "objects of the estate",
        SubjectKind::Document => return Some(format!("{id} judges files, not services")),
    };
    match (judges, &whom.service, &whom.object) {
        ("services", None, _) => Some(format!("{id} judges a {}; add --service", word(rule.subject))),
        ("services", _, Some(_)) => Some(format!("{id} judges a {}, not objects of the estate", word(rule.subject))),
        ("objects of the estate", _, None) => Some(format!("{id} judges {judges}; name one with --subject")),
        ("objects of the estate", Some(_), _) => Some(format!("{id} judges {judges}; leave --service out")),
        _ if whom.component.is_some() && rule.subject == SubjectKind::Service => {
            Some(format!("{id} judges a service as a whole; leave --component out"))
        }
        _ => None,
    }
}

fn word(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Service => "service",
        SubjectKind::Component => "component",
        SubjectKind::Estate | SubjectKind::Tenant | SubjectKind::Document => "object",
    }
}

/// The subjects that were asked for, judged or not: those that the input holds.
fn subjects(rule: &Metadata, whom: &Whom, watched: &Watched) -> Vec<Subject> {
    let input = serde_json::to_value(&watched.input).unwrap_or_default();
    let of = |value: &serde_json::Value| -> Option<Subject> {
        let text = |name: &str| value.get("subject")?.get(name)?.as_str().map(str::to_owned);
        Some(Subject {
            kind: text("kind")?,
            tenant: text("tenant"),
            service: text("service"),
            component: text("component"),
            id: text("id"),
        })
    };
    let list = |value: &serde_json::Value, name: &str| -> Vec<Subject> {
        value.get(name).and_then(serde_json::Value::as_array).into_iter().flatten().filter_map(of).collect()
    };
    let mut found: BTreeSet<Subject> = BTreeSet::new();
    match rule.subject {
        SubjectKind::Service => found.extend(input.get("service").and_then(of)),
        SubjectKind::Component => {
            let components = list(&input, "components").into_iter();
            let wanted = |s: &Subject| whom.component.is_none() || s.component == whom.component;
            found.extend(components.filter(wanted));
        }
        SubjectKind::Estate | SubjectKind::Tenant | SubjectKind::Document => {
            let estate = input.get("estate").cloned().unwrap_or_default();
            let named = |s: &Subject| {
                let names = [s.id.as_ref(), s.tenant.as_ref().filter(|_| s.id.is_none()), Some(&s.kind)];
                let last = if s.id.as_ref().is_none_or(String::is_empty) { 3 } else { 1 };
                names.into_iter().take(last).flatten().any(|name| Some(name) == whom.object.as_ref())
            };
            let lists = estate.as_object().into_iter().flatten().filter(|(name, _)| *name != "services");
            for (_, value) in lists {
                found.extend(of(value).into_iter().chain(value.as_array().into_iter().flatten().filter_map(of)));
            }
            found.extend(of(&estate));
            found.retain(named);
        }
    }
    found.into_iter().collect()
}

/// Every handle of a branch.
fn handles(branch: &Branch) -> Vec<String> {
    fn of(condition: &Condition, into: &mut Vec<String>) {
        into.extend(condition.seen.iter().filter_map(|seen| seen.record.clone()));
        condition.any_of.iter().flatten().for_each(|c| of(c, into));
    }
    let mut all = branch.handles.clone();
    branch.conditions.iter().for_each(|c| of(c, &mut all));
    all
}

/// Where the service declares an objective, that is the limit, not its tier's maximum.
fn own_objectives(limits: &mut [LimitInForce], watched: &Watched, ready: &Ready) {
    for limit in limits.iter_mut() {
        let (name, field) = match limit.name.as_str() {
            "rto_max" => ("rto_s", "rto"),
            "rpo_max" => ("rpo_s", "rpo"),
            _ => continue,
        };
        limit.position_name = name;
        let objectives = &watched.input["service"]["objectives"];
        let (Ok(seconds), Ok(handle)) = (objectives[name].as_i64(), objectives["ref"].as_string()) else { continue };
        limit.value = Some(LimitValue::Duration(Seconds(seconds.unsigned_abs())));
        limit.tier = None;
        limit.from = format!("the service's own {}", field.to_uppercase());
        limit.place = watched.references.resolve(&format!("{handle}/{field}"), &ready.records);
    }
}
