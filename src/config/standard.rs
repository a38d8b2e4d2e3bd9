//! `passmuster: standard/v1`: the organisation's recovery standard, without Rego.
//!
//! Stricter than what it extends: a plain value is fine. Looser without `reason` and `by`: ignored, the
//! stricter applies, and the user is told at that line.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::limits::{self, Limit, LimitKind, LimitSpec, LimitValue, Limits};
use super::params;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Severity;
use crate::source::{FileId, Place, pointer_token as escape};

/// The built-in standard: the catalogue's table.
pub const DEFAULT: &str = include_str!("../../standards/default.yaml");

/// A recovery standard in force.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standard {
    /// Name.
    pub name: String,
    /// Version.
    pub version: Option<String>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// When, as written.
    pub approved_at: Option<String>,
    /// Tiers by key.
    pub tiers: BTreeMap<String, Tier>,
    /// What it says of single rules, by rule id.
    pub rules: BTreeMap<String, RuleOverride>,
    /// The file; none for the built-in one.
    pub file: Option<FileId>,
}

/// A tier of the standard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tier {
    /// 1 to 4: the key itself, or what it is `like`.
    pub number: u8,
    /// Its limits.
    pub limits: Limits,
}

/// What a standard says of one rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleOverride {
    /// Switched off or on.
    pub enabled: Option<bool>,
    /// Another severity.
    pub severity: Option<Severity>,
    /// Numbers of the rule, by name.
    pub params: BTreeMap<String, LimitValue>,
    /// Why.
    pub reason: Option<String>,
    /// Who decided.
    pub by: Option<String>,
    /// Where it is written.
    pub place: Option<Place>,
}

impl Standard {
    /// Reads a standard over the ones it extends; what cannot be read is a diagnostic and keeps the base's value.
    pub fn read(doc: &Value, at: (FileId, u32), label: &str, bases: &[Standard], found: &mut Diagnostics) -> Self {
        let mut standard = merged(bases);
        let text = |key: &str| doc.get(key).and_then(Value::as_str).map(str::to_owned);
        standard.name = text("name").unwrap_or_else(|| label.to_owned());
        standard.version = doc.get("version").map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
        standard.approved_by = text("approved_by");
        standard.approved_at = text("approved_at");
        standard.file = Some(at.0);
        let mut reader = Reader { at, label: Arc::from(label), found };
        if let Some(tiers) = doc.get("tiers").and_then(Value::as_object) {
            for (key, tier) in tiers {
                reader.tier(&mut standard, key, tier);
            }
        }
        if let Some(rules) = doc.get("rules").and_then(Value::as_object) {
            for (id, rule) in rules {
                reader.rule(&mut standard, id, rule);
            }
        }
        standard
    }

    /// The tier with this key.
    #[must_use]
    pub fn tier(&self, key: &str) -> Option<&Tier> {
        self.tiers.get(key)
    }

    /// Whether a rule is switched on.
    #[must_use]
    pub fn enables(&self, rule: &str) -> bool {
        self.rules.get(rule).and_then(|r| r.enabled).unwrap_or(true)
    }

    /// The severity of a rule at tiers 1 and 2: the standard's, unless it is milder and nobody answers for it.
    #[must_use]
    pub fn severity(&self, rule: &str, own: Severity) -> Severity {
        let Some(said) = self.rules.get(rule) else { return own };
        let explained = said.reason.is_some() && said.by.is_some();
        said.severity.filter(|s| *s >= own || explained).unwrap_or(own)
    }

    /// The value of a rule's number: the standard's, else its default.
    #[must_use]
    pub fn param(&self, spec: &params::ParamSpec) -> Option<LimitValue> {
        let set = self.rules.get(spec.rule).and_then(|r| r.params.get(spec.spec.name)).cloned();
        set.or_else(|| default_param(spec))
    }
}

/// A rule's number where no standard says otherwise.
fn default_param(spec: &params::ParamSpec) -> Option<LimitValue> {
    let written = match spec.spec.kind {
        LimitKind::Words => spec.default.split(", ").collect(),
        _ => spec.default.parse::<i64>().map_or_else(|_| Value::from(spec.default), Value::from),
    };
    spec.spec.read(&written).ok()
}

/// The union of several standards: the stricter limit wins.
fn merged(bases: &[Standard]) -> Standard {
    let mut all = bases.iter().cloned();
    let mut standard = all.next().unwrap_or_default();
    for other in all {
        for (key, tier) in other.tiers {
            let into =
                standard.tiers.entry(key).or_insert_with(|| Tier { number: tier.number, limits: Limits::default() });
            for (name, limit) in tier.limits.by_name {
                let looser = limits::find(name)
                    .zip(into.limits.by_name.get(name))
                    .is_some_and(|(spec, have)| spec.is_looser(&limit.value, &have.value));
                if !looser {
                    into.limits.by_name.insert(name, limit);
                }
            }
        }
        standard.rules.extend(other.rules);
    }
    standard
}

struct Reader<'a> {
    at: (FileId, u32),
    label: Arc<str>,
    found: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn place(&self, pointer: &str) -> Place {
        Place::value(self.at.0, self.at.1, pointer)
    }

    fn tier(&mut self, standard: &mut Standard, key: &str, tier: &Value) {
        let pointer = format!("/tiers/{}", escape(key));
        let like = tier.get("like").map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
        if !standard.tiers.contains_key(key) {
            let model = like.as_deref().unwrap_or(key);
            let Some(base) = standard.tiers.get(model).cloned() else {
                self.found.push(
                    Diagnostic::error("standard", format!("tier `{key}` is like no tier that the standard extends"))
                        .at(self.place(&pointer))
                        .help("add `like: 1` to `like: 4`, so that rules which speak of tiers know what to ask of it"),
                );
                return;
            };
            standard.tiers.insert(key.to_owned(), base);
        }
        let Some(values) = tier.as_object() else { return };
        for (name, written) in values.iter().filter(|(name, _)| *name != "like") {
            let pointer = format!("{pointer}/{}", escape(name));
            let Some(spec) = limits::find(name) else {
                self.unknown_name(name, &pointer, limits::SPECS.iter().map(|s| s.name));
                continue;
            };
            let have = standard.tiers.get(key).and_then(|t| t.limits.value(spec.name)).cloned();
            if let Some(value) = self.value(spec, written, have.as_ref(), &pointer)
                && let Some(into) = standard.tiers.get_mut(key)
            {
                let limit = Limit { value, place: Some(self.place(&pointer)), from: self.label.clone() };
                into.limits.by_name.insert(spec.name, limit);
            }
        }
    }

    /// A limit as written, unless it is unreadable, or looser without a reason.
    fn value(
        &mut self,
        spec: &LimitSpec,
        written: &Value,
        have: Option<&LimitValue>,
        pointer: &str,
    ) -> Option<LimitValue> {
        let (plain, explained) = match written.get("value") {
            Some(plain) => (plain, says(written, "reason") && says(written, "by")),
            None => (written, false),
        };
        let value = match spec.read(plain) {
            Ok(value) => value,
            Err(why) => {
                let help = format!("`{}` is the {}", spec.name, spec.about);
                self.found.push(Diagnostic::error("standard", why.to_string()).at(self.place(pointer)).help(help));
                return None;
            }
        };
        if !explained && have.is_some_and(|have| spec.is_looser(&value, have)) {
            self.found.push(
                Diagnostic::warning(
                    "looser-limit",
                    format!("`{}` is looser than what this standard extends; it is ignored", spec.name),
                )
                .at(self.place(pointer))
                .help("write {value: …, reason: …, by: …}, so that somebody answers for it"),
            );
            return None;
        }
        Some(value)
    }

    fn rule(&mut self, standard: &mut Standard, id: &str, written: &Value) {
        let pointer = format!("/rules/{}", escape(id));
        let mut rule = standard.rules.get(id).cloned().unwrap_or_default();
        let text = |key: &str| written.get(key).and_then(Value::as_str).map(str::to_owned);
        rule.reason = text("reason");
        rule.by = text("by");
        rule.place = Some(self.place(&pointer));
        let explained = rule.reason.is_some() && rule.by.is_some();
        if let Some(enabled) = written.get("enabled").and_then(Value::as_bool) {
            if enabled || explained {
                rule.enabled = Some(enabled);
            } else {
                self.found.push(
                    Diagnostic::warning("looser-rule", format!("{id} is switched off without a reason; it stays on"))
                        .at(self.place(&format!("{pointer}/enabled")))
                        .help("add `reason` and `by`, so that somebody answers for it"),
                );
            }
        }
        if let Some(severity) = written.get("severity").and_then(|v| serde_json::from_value(v.clone()).ok()) {
            rule.severity = Some(severity);
        }
        for (name, value) in written.get("params").and_then(Value::as_object).into_iter().flatten() {
            let pointer = format!("{pointer}/params/{}", escape(name));
            let Some(param) = params::find(id, name) else {
                self.unknown_name(name, &pointer, params::PARAMS.iter().filter(|p| p.rule == id).map(|p| p.spec.name));
                continue;
            };
            let have = rule.params.get(name).cloned().or_else(|| default_param(param));
            if let Some(value) = self.value(&param.spec, value, have.as_ref(), &pointer) {
                rule.params.insert(name.clone(), value);
            }
        }
        standard.rules.insert(id.to_owned(), rule);
    }

    fn unknown_name<'n>(&mut self, name: &str, pointer: &str, known: impl Iterator<Item = &'n str>) {
        let near = known
            .map(|k| (strsim::damerau_levenshtein(k, name), k))
            .filter(|(distance, _)| *distance <= 3)
            .min()
            .map(|(_, k)| format!("did you mean `{k}`?"));
        let mut diagnostic = Diagnostic::error("standard", format!("`{name}` is no limit"))
            .at(Place::key(self.at.0, self.at.1, pointer));
        diagnostic.help = near.or_else(|| Some("`passmuster schema standard` lists every limit".to_owned()));
        self.found.push(diagnostic);
    }
}

fn says(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
}
