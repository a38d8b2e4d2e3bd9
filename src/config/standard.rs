//! `passmuster: standard/v1`: the organisation's recovery standard, without Rego.
//!
//! Stricter than what it extends: a plain value is fine. Looser without `reason` and `by`: ignored, the
//! stricter applies, and the user is told at that line. Several standards together ask for what each of them asks: the
//! union of their rules, and of each limit the stricter value.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value;

use super::limits::{self, Limit, LimitSpec, LimitValue, Limits, Origin};
use super::params;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Severity;
use crate::source::{FileId, Place, pointer_token as escape};

/// The rule that holds a service's evidence grade against the one that its tier requires.
const GRADE_RULE: &str = "SIG-003";

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
    /// The rules that it judges by; none: all that are loaded.
    pub only: Option<BTreeSet<String>>,
    /// Tiers by key.
    pub tiers: BTreeMap<String, Tier>,
    /// What it says of single rules, by rule id.
    pub rules: BTreeMap<String, RuleOverride>,
    /// The standards that it rests on, each once, and itself last.
    pub parts: Vec<Part>,
    /// The rules that the files name, and where: only those that are loaded can judge.
    pub named: Vec<NamedRule>,
    /// The file; none for the built-in one.
    pub file: Option<FileId>,
    /// Whether it is the organisation's, and not one that is built in.
    pub is_own: bool,
    /// Overrides that nobody gave a reason for or answers for: what they are, and where.
    pub unexplained: Vec<(String, Place)>,
}

/// One of the standards that a standard rests on, or itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Its name, as it is said in `extends`: that of a built-in one, or a path.
    pub label: Arc<str>,
    /// Whether it is built in.
    pub built_in: bool,
    /// Whether it stands for a law that is proposed, and not in force.
    pub proposed: bool,
    /// What it is.
    pub description: Option<String>,
    /// Where it differs from what it stands for, and why.
    pub notes: Vec<String>,
    /// Where its numbers can be read.
    pub references: Vec<String>,
}

/// A rule that a standard's file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRule {
    /// Its id, as written.
    pub id: String,
    /// Where.
    pub place: Place,
    /// In `only`, and not in `rules`.
    pub in_only: bool,
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
    /// Whether somebody answers for a milder severity.
    pub explained: bool,
    /// Numbers of the rule, by name.
    pub params: BTreeMap<String, Limit>,
    /// Why.
    pub reason: Option<String>,
    /// Who decided.
    pub by: Option<String>,
    /// Where it is written.
    pub place: Option<Place>,
}

impl Standard {
    /// What a standard that extends nothing begins with: four tiers without limits, and no rule.
    #[must_use]
    pub fn blank() -> Self {
        let tiers = (1..=4).map(|n| (n.to_string(), Tier { number: n, ..Tier::default() })).collect();
        Self { tiers, only: Some(BTreeSet::new()), ..Self::default() }
    }

    /// Reads a standard over the ones it extends; what cannot be read is a diagnostic and keeps the base's value.
    pub fn read(doc: &Value, at: (FileId, u32), label: &str, bases: &[Rc<Standard>], found: &mut Diagnostics) -> Self {
        let whole = bases.is_empty();
        let mut standard = if whole { Self::blank() } else { Self::together(bases) };
        let text = |key: &str| doc.get(key).and_then(Value::as_str).map(str::to_owned);
        let list = |key: &str| -> Vec<String> {
            let list = doc.get(key).and_then(Value::as_array).into_iter().flatten();
            list.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        standard.name = text("name").unwrap_or_else(|| label.to_owned());
        standard.version = doc.get("version").map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
        standard.approved_by = text("approved_by");
        standard.approved_at = text("approved_at");
        standard.file = Some(at.0);
        let label: Arc<str> = Arc::from(label);
        let mut reader = Reader { at, label: label.clone(), found };
        match doc.get("only").and_then(Value::as_array) {
            Some(only) => reader.only(&mut standard, only),
            // A whole standard that names no rules asks for all of them.
            None if whole => standard.only = None,
            None => {}
        }
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
        standard.parts.push(Part {
            built_in: super::builtin::text(&label).is_some(),
            label,
            proposed: doc.get("proposed").and_then(Value::as_bool).unwrap_or_default(),
            description: text("description"),
            notes: list("notes"),
            references: list("references"),
        });
        standard
    }

    /// Several standards together: the rules of all, and of each limit the stricter value. A tier that only one of them
    /// has is, in the others, the one that it is like. A milder severity or a rule switched off holds only where all agree.
    #[must_use]
    pub fn together(standards: &[Rc<Standard>]) -> Self {
        let Some((first, others)) = standards.split_first() else { return Self::blank() };
        others.iter().fold(Self::clone(first), |all, other| all.and(other))
    }

    fn and(mut self, other: &Standard) -> Self {
        let keys: BTreeSet<String> = self.tiers.keys().chain(other.tiers.keys()).cloned().collect();
        let tiers = keys.into_iter().filter_map(|key| {
            let number = [&self, other].into_iter().filter_map(|s| s.tiers.get(&key)).map(|t| t.number).min()?;
            let like = |s: &Standard| s.tiers.get(&key).or_else(|| s.tiers.get(&number.to_string())).cloned();
            let mut limits = like(&self).unwrap_or_default().limits;
            for (name, limit) in like(other).unwrap_or_default().limits.by_name {
                let (Some(spec), Some(mine)) = (limits::find(name), limits.by_name.remove(name)) else {
                    limits.by_name.insert(name, limit);
                    continue;
                };
                limits.by_name.insert(name, mine.and(spec, limit));
            }
            Some((key, Tier { number, limits }))
        });
        let tiers = tiers.collect();
        let ids: BTreeSet<String> = self.rules.keys().chain(other.rules.keys()).cloned().collect();
        let rules = ids.into_iter().map(|id| {
            let rule = self.rule_with(other, &id);
            (id, rule)
        });
        let rules = rules.collect();
        self.only = self
            .only
            .zip(other.only.as_ref())
            .map(|(one, other)| one.into_iter().chain(other.iter().cloned()).collect());
        for part in &other.parts {
            if !self.parts.contains(part) {
                self.parts.push(part.clone());
            }
        }
        for named in &other.named {
            if !self.named.contains(named) {
                self.named.push(named.clone());
            }
        }
        for unexplained in &other.unexplained {
            if !self.unexplained.contains(unexplained) {
                self.unexplained.push(unexplained.clone());
            }
        }
        Self { tiers, rules, ..self }
    }

    /// What two standards say of a rule. One that does not judge by it has no say in how.
    fn rule_with(&self, other: &Standard, id: &str) -> RuleOverride {
        let said = |s: &Standard| s.rules.get(id).cloned().unwrap_or_default();
        let (mut mine, theirs) = (said(self), said(other));
        let (judges, judged) = (self.enables(id), other.enables(id));
        for (name, limit) in theirs.params {
            let merged = match (params::find(id, &name), mine.params.remove(&name)) {
                (Some(param), Some(have)) => have.and(&param.spec, limit),
                _ => limit,
            };
            mine.params.insert(name, merged);
        }
        let RuleOverride { params, .. } = mine;
        let decided = match (judges, judged) {
            (true, false) => said(self),
            (false, true) => said(other),
            _ => {
                let (one, two) = (said(self), said(other));
                // Without a word, a standard asks for the rule's own severity, which nobody may make milder alone.
                let explained = one.severity.is_some() && two.severity.is_some() && one.explained && two.explained;
                let lead = if (one.severity, one.place.is_some()) >= (two.severity, two.place.is_some()) {
                    &one
                } else {
                    &two
                };
                RuleOverride {
                    enabled: one.enabled.into_iter().chain(two.enabled).find(|enabled| *enabled == judges),
                    severity: one.severity.max(two.severity),
                    explained,
                    reason: lead.reason.clone(),
                    by: lead.by.clone(),
                    place: lead.place.clone(),
                    ..RuleOverride::default()
                }
            }
        };
        RuleOverride { params, ..decided }
    }

    /// The standard with what it leaves open taken from another: every limit has a value then, and says whose.
    #[must_use]
    pub fn filled_from(mut self, default: &Standard) -> Self {
        let asks_for_grade = self.enables(GRADE_RULE);
        for tier in self.tiers.values_mut() {
            let Some(model) = default.tiers.get(&tier.number.to_string()) else { continue };
            // A grade is required where a rule asks for it, and shown as required only then.
            let wanted = |name: &str| name != "min_evidence_grade" || asks_for_grade;
            for (name, limit) in model.limits.by_name.iter().filter(|(name, _)| wanted(name)) {
                tier.limits.by_name.entry(name).or_insert_with(|| Limit { filled: true, ..limit.clone() });
            }
        }
        for (id, model) in &default.rules {
            let rule = self.rules.entry(id.clone()).or_default();
            for (name, limit) in &model.params {
                rule.params.entry(name.clone()).or_insert_with(|| Limit { filled: true, ..limit.clone() });
            }
        }
        self
    }

    /// The tier with this key.
    #[must_use]
    pub fn tier(&self, key: &str) -> Option<&Tier> {
        self.tiers.get(key)
    }

    /// Whether it judges by a rule: one that it asks for, unless it is switched off.
    #[must_use]
    pub fn enables(&self, rule: &str) -> bool {
        self.rules.get(rule).and_then(|r| r.enabled).unwrap_or_else(|| self.asks_for(rule))
    }

    /// Whether a rule is among those that it judges by; a standard without `only` asks for all.
    #[must_use]
    pub fn asks_for(&self, rule: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(rule))
    }

    /// The severity of a rule at tiers 1 and 2: the standard's, unless it is milder and nobody answers for it.
    #[must_use]
    pub fn severity(&self, rule: &str, own: Severity) -> Severity {
        let Some(said) = self.rules.get(rule) else { return own };
        said.severity.filter(|s| *s >= own || said.explained).unwrap_or(own)
    }

    /// The value of a rule's number; none before the standard is filled from the default.
    #[must_use]
    pub fn param(&self, spec: &params::ParamSpec) -> Option<LimitValue> {
        self.rules.get(spec.rule).and_then(|r| r.params.get(spec.spec.name)).map(|limit| limit.value.clone())
    }

    /// The standards that it rests on, without itself.
    #[must_use]
    pub fn extends(&self) -> &[Part] {
        self.parts.split_last().map_or(&[], |(_, rest)| rest)
    }
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

    /// The rules that it judges by, added to those of what it extends.
    fn only(&mut self, standard: &mut Standard, written: &[Value]) {
        let mut only = BTreeSet::new();
        for (index, id) in written.iter().enumerate() {
            let Some(id) = id.as_str() else { continue };
            only.insert(id.to_owned());
            let place = self.place(&format!("/only/{index}"));
            standard.named.push(NamedRule { id: id.to_owned(), place, in_only: true });
        }
        match &mut standard.only {
            // Adding rules to some is what `only` is for; leaving out some of all is looser.
            Some(base) => base.extend(only),
            None => {
                let message = "what this standard extends judges by every rule; `only` is ignored, and they stay on";
                self.found.push(
                    Diagnostic::warning("looser-rules", message).at(Place::key(self.at.0, self.at.1, "/only")).help(
                        "write `extends: []` for a standard of its own, or switch rules off with `reason` and `by`",
                    ),
                );
                standard.unexplained.push(("the choice of rules in `only`".to_owned(), self.place("/only")));
            }
        }
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
            let have = standard.tiers.get(key).and_then(|t| t.limits.by_name.get(spec.name)).cloned();
            if let Some(limit) = self.limit(spec, written, have, &pointer, &mut standard.unexplained)
                && let Some(into) = standard.tiers.get_mut(key)
            {
                into.limits.by_name.insert(spec.name, limit);
            }
        }
    }

    /// A limit as written, or, where it gives up something that is asked for and nobody answers for that, what holds
    /// where both are asked for. None where it cannot be read.
    fn limit(
        &mut self,
        spec: &LimitSpec,
        written: &Value,
        have: Option<Limit>,
        pointer: &str,
        unexplained: &mut Vec<(String, Place)>,
    ) -> Option<Limit> {
        let text = |key: &str| written.get(key).and_then(Value::as_str).filter(|t| !t.trim().is_empty()).map(Arc::from);
        let origin = Origin {
            from: self.label.clone(),
            place: Some(self.place(pointer)),
            source: text("source"),
            reason: text("reason"),
            by: text("by"),
        };
        let explained = origin.reason.is_some() && origin.by.is_some();
        let value = match spec.read(written.get("value").unwrap_or(written)) {
            Ok(value) => value,
            Err(why) => {
                let help = format!("`{}` is the {}", spec.name, spec.about);
                self.found.push(Diagnostic::error("standard", why.to_string()).at(self.place(pointer)).help(help));
                return None;
            }
        };
        let limit = Limit { value, origins: vec![origin], filled: false };
        let Some(have) = have.filter(|_| !explained) else { return Some(limit) };
        if spec.is_looser(&limit.value, &have.value) {
            self.found.push(
                Diagnostic::warning(
                    "looser-limit",
                    format!("`{}` is looser than what this standard extends; it is ignored", spec.name),
                )
                .at(self.place(pointer))
                .help("write {value: …, reason: …, by: …}, so that somebody answers for it"),
            );
            unexplained.push((format!("the looser limit `{}`", spec.name), self.place(pointer)));
        }
        // Who restates a limit answers for it from then on.
        if spec.stricter(&limit.value, &have.value) == limit.value { Some(limit) } else { Some(have.and(spec, limit)) }
    }

    fn rule(&mut self, standard: &mut Standard, id: &str, written: &Value) {
        let pointer = format!("/rules/{}", escape(id));
        let key = Place::key(self.at.0, self.at.1, &pointer);
        standard.named.push(NamedRule { id: id.to_owned(), place: key, in_only: false });
        let mut rule = standard.rules.get(id).cloned().unwrap_or_default();
        let text = |key: &str| written.get(key).and_then(Value::as_str).map(str::to_owned);
        let decides = written.get("enabled").is_some() || written.get("severity").is_some();
        let explained = says(written, "reason") && says(written, "by");
        if decides || explained {
            rule.reason = text("reason");
            rule.by = text("by");
            rule.place = Some(self.place(&pointer));
        }
        if !explained && decides {
            standard.unexplained.push((format!("the override of {id}"), self.place(&pointer)));
        }
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
            rule.explained = explained;
        }
        for (name, value) in written.get("params").and_then(Value::as_object).into_iter().flatten() {
            let pointer = format!("{pointer}/params/{}", escape(name));
            let Some(param) = params::find(id, name) else {
                self.unknown_name(name, &pointer, params::PARAMS.iter().filter(|p| p.rule == id).map(|p| p.spec.name));
                continue;
            };
            let have = rule.params.get(name).cloned();
            if let Some(limit) = self.limit(&param.spec, value, have, &pointer, &mut standard.unexplained) {
                rule.params.insert(name.clone(), limit);
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
