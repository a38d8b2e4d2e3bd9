//! The limits that a rule compares with, as the standard in force sets them, and where.

use super::limits::{self, Limit, LimitSpec, LimitValue};
use super::params::PARAMS;
use super::standard::Standard;
use crate::source::Place;

/// A limit of a rule, for one tier or as a number of the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitInForce {
    /// Name, as a standard writes it: `rpo_max`.
    pub name: String,
    /// Name in positions: `rpo_max_s`.
    pub position_name: &'static str,
    /// What it limits.
    pub about: &'static str,
    /// The tier; none for a number of the rule.
    pub tier: Option<String>,
    /// Its value; none where the standard says nothing.
    pub value: Option<LimitValue>,
    /// What gives it: `default`, the path of a standard, the service itself.
    pub from: String,
    /// The line that sets it.
    pub place: Option<Place>,
}

/// The limits with these names that a rule compares with, for every tier or for one; a name that nobody knows is left
/// out.
#[must_use]
pub fn limits_in_force(rule: &str, names: &[String], standard: &Standard, tier: Option<&str>) -> Vec<LimitInForce> {
    let mut found = Vec::new();
    for name in names {
        if let Some(spec) = limits::find(name) {
            for (key, of) in standard.tiers.iter().filter(|(key, _)| tier.is_none_or(|t| t == *key)) {
                let tier = Some(key.clone());
                found.push(in_force(name, spec, tier, of.limits.by_name.get(spec.name)));
            }
        } else if let Some(param) = PARAMS.iter().find(|p| p.rule == rule && p.spec.name == name) {
            let said = standard.rules.get(rule).and_then(|r| r.params.get(name.as_str()));
            found.push(in_force(name, &param.spec, None, said));
        }
    }
    found
}

/// A limit with the first place that gives it.
fn in_force(name: &str, spec: &LimitSpec, tier: Option<String>, limit: Option<&Limit>) -> LimitInForce {
    let origin = limit.and_then(|limit| limit.origins.first());
    LimitInForce {
        name: name.to_owned(),
        position_name: spec.position_name,
        about: spec.about,
        tier,
        value: limit.map(|limit| limit.value.clone()),
        from: origin.map_or_else(String::new, |origin| origin.from.to_string()),
        place: origin.and_then(|origin| origin.place.clone()),
    }
}
