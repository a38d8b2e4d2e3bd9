//! What a rule says about whom: the rows of one rule on one position.
//!
//! In come the two sets a rule defines, `findings` and `subjects`; out go verdicts, a row a subject.

use regorus::Value;
use serde::{Deserialize, Serialize};

/// A policy's answer on a subject. Ordered: the greater one wins where several meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Not among the rule's subjects.
    NotApplicable,
    /// Judged, no finding: the criterion is met.
    Pass,
    /// Fail or unknown, and a live exception covers it. Given by the caller, never by a rule.
    Excepted,
    /// The evidence does not tell: not met unless the user asked for a mere report.
    Unknown,
    /// Not met.
    Fail,
    /// The rule itself failed.
    Error,
}

impl Verdict {
    /// As results write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::NotApplicable => "not_applicable",
            Verdict::Pass => "pass",
            Verdict::Excepted => "excepted",
            Verdict::Unknown => "unknown",
            Verdict::Fail => "fail",
            Verdict::Error => "error",
        }
    }
}

/// Whom a row is about: a service, a component, or an object of the estate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// `service`, `component`, `tool`, `vault`, `key` …
    pub kind: String,
    /// The tenant that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The service, for services and components.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// The component, for components.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component: Option<String>,
    /// The object's id, for everything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// A record that a finding rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its opaque handle.
    pub reference: String,
    /// What it shows.
    pub label: String,
}

/// One reason why a subject does not pass.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// [`Verdict::Fail`] or [`Verdict::Unknown`].
    pub verdict: Verdict,
    /// The record to change, an opaque handle; `None` when the rule knows no place.
    pub reference: Option<String>,
    /// A template that may hold `{observed}` and `{expected}`.
    pub message: String,
    /// What was found.
    pub observed: Option<serde_json::Value>,
    /// What was wanted.
    pub expected: Option<serde_json::Value>,
    /// The unit of both: `s`, `bytes`, `count`, `pct`, `grade` …
    pub unit: Option<String>,
    /// Tells findings of one rule on one subject apart.
    pub discriminator: Option<String>,
    /// The records it rests on.
    pub evidence: Vec<Evidence>,
}

/// One judged subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Whom.
    pub subject: Subject,
    /// [`Verdict::Pass`], [`Verdict::Unknown`] or [`Verdict::Fail`].
    pub verdict: Verdict,
    /// Why not pass: fails first, then as the rule's set orders them.
    pub findings: Vec<Finding>,
}

/// What one rule says on one input.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The rule: an index into [`super::Policies::rules`].
    pub rule: usize,
    /// A row a subject, sorted by subject; empty when the rule does not apply.
    pub result: Result<Vec<Row>, RuleError>,
}

/// Why a rule gave no answer on an input: the policy author's move. All its subjects there are `error`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// The policy stopped at an error of its own: a division by zero, a bad call, conflicting values.
    #[error("{0}")]
    Policy(String),
    /// It ran past a limit.
    #[error("stopped after {0}")]
    Stopped(String),
    /// What it gave back is not made of findings and subjects.
    #[error("{0}")]
    Malformed(String),
    /// A finding on somebody who is not among the rule's subjects.
    #[error("a finding on {0}, who is not among the rule's `subjects`")]
    Stranger(String),
    /// The interpreter and the RVM disagree (`--engine both`).
    #[error("engines differ in `{entry}`: interpreter {interpreter}, RVM {rvm}")]
    EnginesDiffer {
        /// `findings` or `subjects`.
        entry: &'static str,
        /// What the interpreter gave.
        interpreter: String,
        /// What the RVM gave.
        rvm: String,
    },
    /// A bug of the engine, met by this policy.
    #[error("the engine panicked")]
    Panicked,
}

/// Joins what a rule found with whom it judges.
pub(super) fn rows(findings: &Value, subjects: &Value) -> Result<Vec<Row>, RuleError> {
    let mut rows = Vec::new();
    for subject in members(subjects, "subjects")? {
        rows.push((subject, self::subject(subject)?, Vec::new()));
    }
    for finding in members(findings, "findings")? {
        let subject = field(finding, "subject").ok_or_else(|| malformed("a finding has no `subject`", finding))?;
        let row = rows.binary_search_by(|(known, ..)| (*known).cmp(subject)).ok().and_then(|at| rows.get_mut(at));
        let Some((_, _, found)) = row else { return Err(RuleError::Stranger(short(subject))) };
        found.push(self::finding(finding)?);
    }
    let mut rows: Vec<Row> = rows.into_iter().map(|(_, subject, found)| row(subject, found)).collect();
    rows.sort_by(|a, b| a.subject.cmp(&b.subject));
    Ok(rows)
}

fn row(subject: Subject, mut findings: Vec<Finding>) -> Row {
    findings.sort_by_key(|f| std::cmp::Reverse(f.verdict)); // stable: the set's own order within a verdict
    let verdict = findings.first().map_or(Verdict::Pass, |f| f.verdict);
    Row { subject, verdict, findings }
}

/// The elements of a set in its order; an undefined rule has none.
fn members<'a>(value: &'a Value, entry: &str) -> Result<Vec<&'a Value>, RuleError> {
    match value {
        Value::Undefined => Ok(Vec::new()),
        Value::Set(set) => Ok(set.iter_sorted().collect()),
        other => Err(malformed(&format!("`{entry}` is not a set"), other)),
    }
}

fn subject(value: &Value) -> Result<Subject, RuleError> {
    let Value::Object(object) = value else { return Err(malformed("a subject is not an object", value)) };
    let mut subject = Subject { kind: String::new(), tenant: None, service: None, component: None, id: None };
    for (key, value) in object.iter() {
        let (Value::String(key), Value::String(text)) = (key, value) else {
            return Err(malformed("a subject has a field that is not text", value));
        };
        let text = text.to_string();
        match key.as_ref() {
            "kind" => subject.kind = text,
            "tenant" => subject.tenant = Some(text),
            "service" => subject.service = Some(text),
            "component" => subject.component = Some(text),
            "id" => subject.id = Some(text),
            _ => return Err(malformed(&format!("a subject has an unknown field `{key}`"), value)),
        }
    }
    if subject.kind.is_empty() {
        return Err(malformed("a subject has no `kind`", value));
    }
    Ok(subject)
}

fn finding(value: &Value) -> Result<Finding, RuleError> {
    let Value::Object(object) = value else { return Err(malformed("a finding is not an object", value)) };
    let mut verdict = None;
    let mut message = None;
    let mut finding = Finding {
        verdict: Verdict::Fail,
        reference: None,
        message: String::new(),
        observed: None,
        expected: None,
        unit: None,
        discriminator: None,
        evidence: Vec::new(),
    };
    for (key, field) in object.iter() {
        let Value::String(key) = key else { return Err(malformed("a finding has a key that is not text", value)) };
        match key.as_ref() {
            "verdict" => {
                verdict = match text(field, key)?.as_str() {
                    "fail" => Some(Verdict::Fail),
                    "unknown" => Some(Verdict::Unknown),
                    other => return Err(malformed(&format!("a finding's verdict is `{other}`"), value)),
                };
            }
            "subject" => {}
            "ref" => finding.reference = Some(text(field, key)?).filter(|r| !r.is_empty()),
            "message" => message = Some(text(field, key)?).filter(|m| !m.is_empty()),
            "observed" => finding.observed = Some(json(field)?),
            "expected" => finding.expected = Some(json(field)?),
            "unit" => finding.unit = Some(text(field, key)?),
            "discriminator" => finding.discriminator = Some(text(field, key)?),
            "evidence" => finding.evidence = evidence(field)?,
            _ => return Err(malformed(&format!("a finding has an unknown field `{key}`"), value)),
        }
    }
    finding.verdict = verdict.ok_or_else(|| malformed("a finding has no `verdict`", value))?;
    finding.message = message.ok_or_else(|| malformed("a finding has no `message`", value))?;
    Ok(finding)
}

fn evidence(value: &Value) -> Result<Vec<Evidence>, RuleError> {
    let wrong = || malformed("a finding's `evidence` is not a list of {\"ref\", \"label\"}", value);
    let Value::Array(list) = value else { return Err(wrong()) };
    list.iter()
        .map(|item| match (field(item, "ref"), field(item, "label")) {
            (Some(Value::String(reference)), Some(Value::String(label))) => {
                Ok(Evidence { reference: reference.to_string(), label: label.to_string() })
            }
            _ => Err(wrong()),
        })
        .collect()
}

fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Object(object) => object.get(&Value::from(name)),
        _ => None,
    }
}

fn text(value: &Value, name: &str) -> Result<String, RuleError> {
    match value {
        Value::String(text) => Ok(text.to_string()),
        other => Err(malformed(&format!("a finding's `{name}` is not text"), other)),
    }
}

fn json(value: &Value) -> Result<serde_json::Value, RuleError> {
    serde_json::to_value(value).map_err(|_| malformed("a finding's value is no JSON", value))
}

fn malformed(what: &str, value: &Value) -> RuleError {
    RuleError::Malformed(format!("{what}: {}", short(value)))
}

/// A value on one line, cut after 120 characters.
pub(super) fn short(value: &Value) -> String {
    let text = serde_json::to_string(value).unwrap_or_else(|_| "undefined".into());
    match text.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(items: &[&str]) -> Value {
        let mut set = Value::new_set();
        for item in items {
            set.as_set_mut().unwrap().insert(Value::from_json_str(item).unwrap());
        }
        set
    }

    const A: &str = r#"{"kind": "service", "service": "a"}"#;
    const B: &str = r#"{"kind": "service", "service": "b"}"#;

    #[test]
    fn a_fail_beats_an_unknown_and_both_are_kept() {
        let unknown = format!(r#"{{"verdict": "unknown", "subject": {A}, "ref": "", "message": "?"}}"#);
        let fail = format!(r#"{{"verdict": "fail", "subject": {A}, "ref": "1", "message": "no", "observed": 2}}"#);
        let rows = rows(&set(&[&unknown, &fail]), &set(&[A, B])).unwrap();
        assert_eq!(rows.iter().map(|r| r.verdict).collect::<Vec<_>>(), [Verdict::Fail, Verdict::Pass]);
        assert_eq!(rows[0].findings.iter().map(|f| f.reference.as_deref()).collect::<Vec<_>>(), [Some("1"), None]);
        assert_eq!(rows[0].findings[0].observed, Some(2.into()));
    }

    #[test]
    fn what_is_no_finding_is_an_error() {
        for broken in [
            r#"{"verdict": "pass", "subject": S, "message": "m"}"#,
            r#"{"verdict": "fail", "subject": S}"#,
            r#"{"verdict": "fail", "subject": S, "message": ""}"#,
            r#"{"verdict": "fail", "subject": S, "message": "m", "severity": "x"}"#,
            r#"{"verdict": "fail", "subject": S, "message": "m", "evidence": [{}]}"#,
            r#"{"verdict": "fail", "message": "m"}"#,
        ] {
            let result = rows(&set(&[&broken.replace('S', A)]), &set(&[A]));
            assert!(matches!(result, Err(RuleError::Malformed(_))), "{broken}: {result:?}");
        }
        assert!(matches!(rows(&Value::from(1), &set(&[A])), Err(RuleError::Malformed(_))));
        assert!(matches!(rows(&set(&[]), &set(&[r#"{"service": "a"}"#])), Err(RuleError::Malformed(_))));
    }
}
