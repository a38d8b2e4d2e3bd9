//! The standard in force, described: what `passmuster standard` shows.

use std::collections::BTreeMap;

use super::pack::rules;
use super::{Options, RunError, text_of};
use crate::config::{Limit, LimitValue, Over, PARAMS, Standard, Window, builtin, limits};
use crate::diagnostic::Diagnostics;
use crate::evaluate::Policies;
use crate::report::standard::{
    LimitSaid, Line, OriginSaid, ParamSaid, RuleSaid, StandardLine, StandardPage, TierSaid, ValueSaid,
};
use crate::report::{Places, Wanted};
use crate::source::{Place, Sources};

/// The standard in force, what is wrong with it, and the files that it speaks of.
///
/// # Errors
/// When the configuration, the standard or a folder of policies cannot be used.
pub fn standard(options: &Options) -> Result<(StandardPage, Diagnostics, Sources), RunError> {
    let (policies, standard, sources, found) = rules(options)?;
    let places = Places::locate(&sources, &|id| text_of(&sources, id), places(&standard));
    let page =
        Describe { standard: &standard, sources: &sources, places: &places, tiers: &options.tiers }.page(&policies);
    Ok((page, found, sources))
}

/// Every built-in standard.
///
/// # Errors
/// As [`standard`].
pub fn standards(options: &Options) -> Result<Vec<StandardLine>, RunError> {
    let mut list = Vec::new();
    for name in builtin::names() {
        let options = Options { standard: Some(name.to_owned()), ..options.clone() };
        let (policies, standard, ..) = rules(&options)?;
        let itself = standard.parts.last();
        list.push(StandardLine {
            name: name.to_owned(),
            rules: policies.rules().iter().filter(|r| standard.enables(&r.metadata.id)).count(),
            proposed: itself.is_some_and(|part| part.proposed),
            description: itself.and_then(|part| part.description.clone()).unwrap_or_default(),
        });
    }
    Ok(list)
}

/// Every place that the page shows.
fn places(standard: &Standard) -> Wanted {
    let limits = standard.tiers.values().flat_map(|tier| tier.limits.by_name.values());
    let params = standard.rules.values().flat_map(|rule| rule.params.values());
    let origins = limits.chain(params).flat_map(|limit| &limit.origins).filter_map(|origin| origin.place.as_ref());
    origins.chain(standard.rules.values().filter_map(|rule| rule.place.as_ref())).collect()
}

struct Describe<'a> {
    standard: &'a Standard,
    sources: &'a Sources,
    places: &'a Places,
    tiers: &'a [String],
}

impl Describe<'_> {
    fn page(&self, policies: &Policies) -> StandardPage {
        let standard = self.standard;
        let itself = standard.parts.last();
        let texts = |of: fn(&crate::config::Part) -> &Vec<String>| -> Vec<(String, String)> {
            let each = standard.parts.iter().flat_map(|p| of(p).iter().map(|text| (p.label.to_string(), text.clone())));
            each.collect()
        };
        StandardPage {
            passmuster: "standard-in-force/v1",
            name: standard.name.clone(),
            version: standard.version.clone(),
            description: itself.and_then(|part| part.description.clone()),
            path: standard.file.map(|file| self.sources.path(file).to_owned()).unwrap_or_default(),
            built_in: itself.is_some_and(|part| part.built_in),
            extends: standard.extends().iter().map(|part| part.label.to_string()).collect(),
            proposed: standard.parts.iter().filter(|p| p.proposed).map(|p| p.label.to_string()).collect(),
            approved_by: standard.approved_by.clone(),
            approved_at: standard.approved_at.clone(),
            rules: policies.rules().iter().map(|rule| self.rule(&rule.metadata)).collect(),
            limits: self.limits(policies),
            params: self.params(policies),
            notes: texts(|part| &part.notes),
            references: texts(|part| &part.references),
        }
    }

    fn rule(&self, metadata: &crate::evaluate::Metadata) -> RuleSaid {
        let said = self.standard.rules.get(&metadata.id);
        let severity = said.and_then(|s| s.severity).and_then(|s| serde_json::to_value(s).ok());
        let decided = [
            said.and_then(|s| s.enabled).map(|on| if on { "on".to_owned() } else { "off".to_owned() }),
            severity.and_then(|s| s.as_str().map(|s| format!("severity {s}"))),
        ];
        let decided: Vec<String> = decided.into_iter().flatten().collect();
        let said = said.filter(|_| !decided.is_empty());
        RuleSaid {
            id: metadata.id.clone(),
            title: metadata.title.clone(),
            severity: self.standard.severity(&metadata.id, metadata.severity),
            judged: self.standard.enables(&metadata.id),
            decided: Some(decided.join(", ")).filter(|d| !d.is_empty()),
            reason: said.and_then(|s| s.reason.clone()),
            by: said.and_then(|s| s.by.clone()),
            at: said.and_then(|s| self.line(s.place.as_ref()?)),
        }
    }

    /// The limits that the standard gives, and those that a rule reads which judges.
    fn limits(&self, policies: &Policies) -> Vec<LimitSaid> {
        let mut all = Vec::new();
        for spec in limits::SPECS {
            let readers = |r: &&crate::evaluate::Rule| {
                r.metadata.limits.iter().any(|l| l == spec.name) && self.standard.enables(&r.metadata.id)
            };
            let rules: Vec<String> = policies.rules().iter().filter(readers).map(|r| r.metadata.id.clone()).collect();
            let tiers: BTreeMap<_, _> = self
                .standard
                .tiers
                .iter()
                .filter(|(key, _)| self.tiers.is_empty() || self.tiers.contains(key))
                .filter_map(|(key, tier)| Some((key, tier.limits.by_name.get(spec.name)?)))
                .filter(|(_, limit)| !rules.is_empty() || !limit.filled)
                .collect();
            if !tiers.is_empty() {
                all.push(LimitSaid {
                    name: spec.name.to_owned(),
                    about: spec.about,
                    stricter: spec.direction.name(),
                    rules,
                    tiers: tiers
                        .into_iter()
                        .map(|(key, limit)| TierSaid { tier: key.clone(), value: self.value(limit) })
                        .collect(),
                });
            }
        }
        all
    }

    fn params(&self, policies: &Policies) -> Vec<ParamSaid> {
        let is_loaded = |id: &str| policies.rules().iter().any(|r| r.metadata.id == id);
        let judged = PARAMS.iter().filter(|param| is_loaded(param.rule) && self.standard.enables(param.rule));
        let said = judged.filter_map(|param| {
            let limit = self.standard.rules.get(param.rule)?.params.get(param.spec.name)?;
            Some(ParamSaid {
                rule: param.rule.to_owned(),
                name: param.spec.name.to_owned(),
                about: param.spec.about,
                stricter: param.spec.direction.name(),
                value: self.value(limit),
            })
        });
        said.collect()
    }

    fn value(&self, limit: &Limit) -> ValueSaid {
        let origins = limit.origins.iter().map(|origin| OriginSaid {
            standard: origin.from.to_string(),
            at: origin.place.as_ref().and_then(|place| self.line(place)),
            source: origin.source.as_deref().map(str::to_owned),
            reason: origin.reason.as_deref().map(str::to_owned),
            by: origin.by.as_deref().map(str::to_owned),
        });
        ValueSaid { shown: limit.value.to_string(), value: written(&limit.value), origins: origins.collect() }
    }

    fn line(&self, place: &Place) -> Option<Line> {
        let path = self.sources.path(place.file).to_owned();
        (!path.is_empty()).then(|| Line { path, line: self.places.get(place).map(|located| located.line) })
    }
}

/// A value as the standard writes it.
fn written(value: &LimitValue) -> serde_json::Value {
    let window = |window: &Window| match window.over {
        Over::Runs(runs) => serde_json::json!({"runs": runs, "success_pct": window.success_pct}),
        Over::Period(period) => serde_json::json!({"period": period, "success_pct": window.success_pct}),
    };
    match value {
        LimitValue::Off => "off".into(),
        LimitValue::Duration(seconds) => seconds.to_string().into(),
        LimitValue::Count(count) => (*count).into(),
        LimitValue::Word(word) => word.as_str().into(),
        LimitValue::Words(words) => words.clone().into(),
        LimitValue::JobWindow(windows) => match windows.as_slice() {
            [one] => window(one),
            several => several.iter().map(window).collect::<Vec<_>>().into(),
        },
        LimitValue::FixSla(times) => serde_json::json!(times),
    }
}
