//! What the standard asks, as positions state it: alike for every service of a tier, and so put together once.

use std::collections::BTreeMap;

use regorus::Value;

use super::value::{Fact, Object};
use crate::config::{LimitValue, Limits, Over, PARAMS, Standard, Window, limits};
use crate::model::Grade;

/// The numbers of a standard in the engine's values.
pub(super) struct Asked {
    /// The numbers of single rules, by their names in positions.
    pub(super) params: Value,
    /// The limits of each tier, by its key.
    tiers: BTreeMap<String, Object>,
    /// Those of a tier that the standard does not know.
    nothing: Object,
}

impl Asked {
    pub(super) fn by(standard: &Standard) -> Self {
        let mut params = Object::default();
        for param in PARAMS {
            params.set(param.spec.position_name, standard.param(param).and_then(|v| limit_value(&v)));
        }
        let tiers = standard.tiers.iter().map(|(key, tier)| (key.clone(), limits_value(Some(&tier.limits))));
        Self { params: params.build(), tiers: tiers.collect(), nothing: limits_value(None) }
    }

    /// The limits of a tier, for objectives to be added.
    pub(super) fn limits(&self, tier: Option<&str>) -> Object {
        tier.and_then(|tier| self.tiers.get(tier)).unwrap_or(&self.nothing).clone()
    }
}

/// The limits of a tier; those that the standard switches off are named under `off`.
fn limits_value(limits: Option<&Limits>) -> Object {
    let (mut o, mut off) = (Object::default(), Object::default());
    for (name, limit) in limits.iter().flat_map(|l| &l.by_name) {
        let Some(spec) = limits::find(name) else { continue };
        match &limit.value {
            LimitValue::Off => {
                off.set(spec.position_name, true);
            }
            value => {
                o.set(spec.position_name, limit_value(value));
            }
        }
    }
    o.set("min_evidence_rank", limits.and_then(Limits::grade).map(Grade::rank)).set("off", off);
    o
}

fn limit_value(value: &LimitValue) -> Option<Value> {
    match value {
        LimitValue::Off => None,
        LimitValue::Duration(seconds) => seconds.fact(),
        LimitValue::Count(count) => count.fact(),
        LimitValue::Word(word) => word.fact(),
        LimitValue::Words(words) => words.fact(),
        LimitValue::JobWindow(windows) => windows.iter().map(|w| window_asked(*w).build()).collect::<Vec<_>>().fact(),
        LimitValue::FixSla(map) => {
            let mut o = Object::default();
            for (severity, seconds) in map {
                o.set_named(&format!("{severity}_s"), *seconds);
            }
            o.fact()
        }
    }
}

/// What a job window asks for.
pub(super) fn window_asked(window: Window) -> Object {
    let mut o = Object::default();
    match window.over {
        Over::Runs(runs) => o.set("last_runs", runs),
        Over::Period(period) => o.set("period_s", period),
    };
    o.set("success_pct", window.success_pct);
    o
}
