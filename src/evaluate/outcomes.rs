//! What rules of the phase `outcomes` see of the verdicts on the whole estate.
//!
//! Verdicts are counted while positions are dropped: how many rows of each rule and platform got which, and, for each
//! exception, what in its scope still stands and how the rules fare that are to compensate for it.

use std::collections::BTreeMap;

use regorus::Value;

use super::exceptions::{Exceptions, Scopes};
use super::{Subject, Verdict};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::hash::HashMap;
use crate::join::Estate;
use crate::model::{Exception, Time};

/// Verdicts of a run, counted.
pub(super) struct Outcomes<'a> {
    exceptions: &'a Exceptions<'a>,
    /// Every exception by its own rule, and by each rule that compensates.
    own: Scopes<'a>,
    compensating: Scopes<'a>,
    counts: HashMap<Counted, u64>,
    words: Words,
    standing: HashMap<u32, Standing>,
    /// By exception: rows of its rule in its scope, and how many of them it covers.
    scope: HashMap<u32, (u64, u64)>,
    /// By exception and compensating rule: the worst verdict in its scope.
    compensation: HashMap<(u32, String), Verdict>,
}

/// What is counted together: rule, kind of subject, platform of a protected component, verdict.
type Counted = (u16, usize, Option<usize>, Verdict);

/// The few kinds and platforms that there are, each with a number.
#[derive(Default)]
struct Words(Vec<String>);

impl Words {
    fn number(&mut self, word: &str) -> usize {
        self.0.iter().position(|known| known == word).unwrap_or_else(|| {
            self.0.push(word.to_owned());
            self.0.len() - 1
        })
    }

    fn word(&self, number: usize) -> &str {
        self.0.get(number).map_or("", String::as_str)
    }
}

/// Rows in the scope of an exception that are fail or unknown.
#[derive(Default)]
struct Standing {
    rows: u64,
    first: Option<(String, Option<String>)>,
}

impl<'a> Outcomes<'a> {
    pub(super) fn new(exceptions: &'a Exceptions<'a>) -> Self {
        let (mut own, mut compensating) = (Scopes::default(), Scopes::default());
        for (number, known) in (0..).zip(&exceptions.all) {
            if let Some(rule) = &known.exception.rule {
                own.add(known, rule, number);
            }
            for rule in known.exception.compensating.iter().flatten().filter_map(|c| c.rule.as_ref()) {
                compensating.add(known, rule, number);
            }
        }
        let (counts, words, standing, scope, compensation) = Default::default();
        Self { exceptions, own, compensating, counts, words, standing, scope, compensation }
    }

    /// Takes note of a verdict of a rule, by its number and id. Called for every criterion there is, so what recurs
    /// costs no text.
    pub(super) fn note(
        &mut self,
        subject: &Subject,
        (number, rule): (u16, &str),
        verdict: Verdict,
        platform: Option<&str>,
        tier: Option<&str>,
    ) {
        let key = (number, self.words.number(&subject.kind), platform.map(|p| self.words.number(p)), verdict);
        *self.counts.entry(key).or_default() += 1;
        if !self.exceptions.all.is_empty() {
            self.follow(subject, rule, verdict, tier);
        }
    }

    fn follow(&mut self, subject: &Subject, rule: &str, verdict: Verdict, tier: Option<&str>) {
        let all = &self.exceptions.all;
        for number in self.own.covering(all, subject, rule, tier) {
            let scope = self.scope.entry(number).or_default();
            scope.0 += 1;
            scope.1 += u64::from(verdict == Verdict::Excepted);
            if matches!(verdict, Verdict::Fail | Verdict::Unknown) {
                let standing = self.standing.entry(number).or_default();
                standing.rows += 1;
                let whom = subject.service.clone().or_else(|| subject.id.clone()).unwrap_or_default();
                standing.first.get_or_insert_with(|| (whom, subject.component.clone()));
            }
        }
        for number in self.compensating.touching(all, subject, rule, tier) {
            let worst = self.compensation.entry((number, rule.to_owned())).or_insert(verdict);
            *worst = (*worst).max(verdict);
        }
    }

    /// What is worth a word about exceptions: covers nothing, names nobody, ends soon. Never a verdict.
    pub(super) fn notes(&self, estate: &Estate<'_>, judges: impl Fn(&str) -> bool, found: &mut Diagnostics) {
        let records = estate.records();
        for ((number, known), entry) in (0..).zip(&self.exceptions.all).zip(&records.exceptions) {
            let Some(rule) = known.exception.rule.as_deref().filter(|rule| judges(rule)) else { continue };
            let id = &known.exception.id;
            let (code, message, help) = match self.scope.get(&number) {
                None => (
                    "exception-orphaned",
                    format!("exception `{id}` covers nobody: {rule} judges no one in its scope"),
                    "correct whom it names, or remove it",
                ),
                Some((_, 0)) if known.live => (
                    "exception-unused",
                    format!("exception `{id}` is not used: {rule} is met in its scope"),
                    "remove it, now that it is not needed",
                ),
                Some((_, covered)) if *covered > 0 && estate.ends_soon(known.exception) => (
                    "exception-expiring",
                    format!("exception `{id}` ends on {}; {}", end(known.exception), resting(rule, *covered)),
                    "close the gap, or have it decided again before then",
                ),
                Some(_) => continue,
            };
            found.push(Diagnostic::note(code, message).at(records.place(entry, "")).help(help));
        }
    }

    /// The estate with its outcomes; rules by their ids.
    pub(super) fn describe<'r>(&self, estate: Value, id: impl Fn(u16) -> &'r str) -> Value {
        let said = self.counts.iter().map(|((rule, kind, platform, verdict), rows)| {
            (id(*rule), self.words.word(*kind), platform.map(|p| self.words.word(p)), *verdict, *rows)
        });
        let mut counts: Vec<_> = said.collect();
        counts.sort_unstable();
        let counts = counts.into_iter().map(|(rule, kind, platform, verdict, rows)| {
            let mut row = vec![
                ("rule", rule.into()),
                ("kind", kind.into()),
                ("verdict", verdict.name().into()),
                ("rows", Value::from(rows)),
            ];
            row.extend(platform.map(|p| ("platform", p.into())));
            object(row)
        });
        let mut inner = estate["estate"].clone();
        inner = with(inner, "outcomes", Value::from(counts.collect::<Vec<_>>()));
        let numbers: HashMap<_, u32> =
            self.exceptions.all.iter().map(|k| (k.tenant, &*k.exception.id)).zip(0..).collect();
        if let Value::Array(exceptions) = &inner["exceptions"] {
            let each = exceptions.iter().map(|exception| {
                let text = |name| match &exception[name] {
                    Value::String(text) => Some(text.clone()),
                    _ => None,
                };
                let tenant = match &exception["subject"]["tenant"] {
                    Value::String(tenant) => Some(tenant.clone()),
                    _ => None,
                };
                let key = (tenant.as_deref(), &*text("id").unwrap_or_default());
                match numbers.get(&key) {
                    Some(number) => self.exception(exception.clone(), *number),
                    None => exception.clone(),
                }
            });
            let exceptions = each.collect::<Vec<_>>();
            inner = with(inner, "exceptions", Value::from(exceptions));
        }
        with(estate, "estate", inner)
    }

    /// An exception with what still stands in its scope, and how the rules fare that compensate.
    fn exception(&self, exception: Value, number: u32) -> Value {
        let standing = self.standing.get(&number);
        let mut value = with(exception, "standing", Value::from(standing.map_or(0, |s| s.rows)));
        if let Some((whom, component)) = standing.and_then(|s| s.first.as_ref()) {
            let name = component.as_ref().map_or_else(|| whom.clone(), |c| format!("{whom}/{c}"));
            value = with(value, "first_standing", name.into());
        }
        let Value::Array(controls) = &value["compensating"] else { return value };
        let each = controls.iter().map(|control| match &control["rule"] {
            Value::String(rule) => {
                let verdict = self.compensation.get(&(number, rule.to_string()));
                with(control.clone(), "verdict", verdict.map_or("not_applicable", |v| v.name()).into())
            }
            _ => control.clone(),
        });
        let controls = each.collect::<Vec<_>>();
        with(value, "compensating", Value::from(controls))
    }
}

/// `1 finding of TST-001 rests on it`.
fn resting(rule: &str, findings: u64) -> String {
    if findings == 1 {
        format!("1 finding of {rule} rests on it")
    } else {
        format!("{findings} findings of {rule} rest on it")
    }
}

/// When an exception ends; the time of day is left out where it is midnight.
pub(super) fn end(exception: &Exception) -> String {
    let end = exception.expires.and_then(Time::instant).map(|end| end.to_string()).unwrap_or_default();
    end.strip_suffix("T00:00:00Z").map_or(end.clone(), str::to_owned)
}

/// An object of these fields.
pub(super) fn object(fields: Vec<(&str, Value)>) -> Value {
    Value::from(fields.into_iter().map(|(name, value)| (Value::from(name), value)).collect::<BTreeMap<_, _>>())
}

/// An object with a field more.
pub(super) fn with(mut object: Value, name: &str, value: Value) -> Value {
    if let Ok(fields) = object.as_object_mut() {
        fields.insert(Value::from(name), value);
    }
    object
}
