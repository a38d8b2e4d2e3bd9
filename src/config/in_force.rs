//! The limits that a rule compares with, as the standard in force sets them, and where.

use super::limits::{self, LimitValue};
use super::params::PARAMS;
use super::standard::Standard;
use crate::source::{Place, Spot, pointer_token};

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
                let limit = of.limits.by_name.get(spec.name);
                found.push(LimitInForce {
                    name: name.clone(),
                    position_name: spec.position_name,
                    about: spec.about,
                    tier: Some(key.clone()),
                    value: limit.map(|l| l.value.clone()),
                    from: limit.map_or_else(String::new, |l| l.from.to_string()),
                    place: limit.and_then(|l| l.place.clone()),
                });
            }
        } else if let Some(param) = PARAMS.iter().find(|p| p.rule == rule && p.spec.name == name) {
            let said = standard.rules.get(rule).filter(|r| r.params.contains_key(name.as_str()));
            found.push(LimitInForce {
                name: name.clone(),
                position_name: param.spec.position_name,
                about: param.spec.about,
                tier: None,
                value: standard.param(param),
                from: said.map_or_else(|| "default".to_owned(), |_| standard.name.clone()),
                place: said.and_then(|r| r.place.as_ref()).map(|place| below(place, name)),
            });
        }
    }
    found
}

/// The line of a rule's number, below the override of the rule.
fn below(place: &Place, name: &str) -> Place {
    match &place.spot {
        Spot::Value { document, pointer } => {
            Place::value(place.file, *document, format!("{pointer}/params/{}", pointer_token(name)).as_str())
        }
        _ => place.clone(),
    }
}
