//! Metrics in the text format of Prometheus, for node_exporter's textfile collector.
//!
//! "Text-based format" of Prometheus' documentation, version 0.0.4; with the `# EOF` at its end it is OpenMetrics, too.
//! Gauges only, in base units, and no timestamps: node_exporter refuses files that have them. An alert on
//! `time() - passmuster_run_timestamp_seconds` notices a pipeline that died, and one on `passmuster_run_complete == 0`
//! a run that could not read everything. What is not known has no sample.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write};

use super::View;
use super::model::{PositionSummary, Row, Severity, Verdict};
use super::style::{self, unsafe_on_a_line};
use crate::model::Grade;

const SEVERITIES: [Severity; 4] = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];
const FOUND: [Verdict; 4] = [Verdict::Fail, Verdict::Unknown, Verdict::Excepted, Verdict::Error];

/// What a service has a number for.
type OfService = (&'static str, &'static str, fn(&PositionSummary) -> Option<i64>);

const OF_SERVICE: [OfService; 10] = [
    ("service_backup_age_seconds", "Age of the oldest of the newest restorable points of its components.", |p| {
        p.newest_point_age_s
    }),
    ("service_rpo_seconds", "Recovery point objective.", |p| p.rpo_s),
    ("service_measured_recovery_seconds", "Worst recent measured time to user ready.", |p| p.measured_rto_s),
    ("service_rto_seconds", "Recovery time objective.", |p| p.rto_s),
    ("service_restore_test_age_seconds", "Age of the newest passed restore test of its worst-tested component.", |p| {
        p.last_test_age_s
    }),
    ("service_evidence_grade", "Grade of the evidence held, 0 unknown to 5 exercised.", |p| {
        Some(i64::from(p.evidence_grade.rank()))
    }),
    ("service_required_evidence_grade", "Grade of evidence that its tier requires.", |p| rank(p.required_grade)),
    ("service_claimed_evidence_grade", "Grade of evidence that is claimed.", |p| rank(p.claimed_grade)),
    ("service_recovery_wave", "Wave of the recovery order; 1 needs nothing else.", |p| p.wave),
    ("service_earliest_recovery_seconds", "Earliest time at which it can be back, along its critical path.", |p| {
        p.earliest_s
    }),
];

fn rank(grade: Option<Grade>) -> Option<i64> {
    grade.map(|grade| i64::from(grade.rank()))
}

/// Writes the metrics.
pub(super) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let report = view.report;
    let mut text = String::new();
    metric(&mut text, "run_timestamp_seconds", "Instant that the run speaks for, as a Unix time.");
    sample(&mut text, "run_timestamp_seconds", &[], report.as_of.as_second());
    metric(&mut text, "run_complete", "Whether every input was read and every rule gave an answer.");
    sample(&mut text, "run_complete", &[], i64::from(report.complete));
    metric(&mut text, "services", "Services that were judged.");
    sample(&mut text, "services", &[], count(report.positions.len()));
    metric(&mut text, "criteria", "Pairs of rule and subject, by verdict.");
    let verdicts = report.ledger.verdicts();
    for verdict in
        [Verdict::Pass, Verdict::Fail, Verdict::Unknown, Verdict::Excepted, Verdict::Error, Verdict::NotApplicable]
    {
        let number = verdicts.get(&verdict).copied().unwrap_or(0);
        sample(&mut text, "criteria", &[("verdict", verdict.name())], i64::try_from(number).unwrap_or(i64::MAX));
    }
    findings(view, &mut text);
    for (name, help, value) in OF_SERVICE {
        let known: Vec<_> = report.positions.iter().filter_map(|p| value(p).map(|value| (p, value))).collect();
        if known.is_empty() {
            continue;
        }
        metric(&mut text, name, help);
        for (position, value) in known {
            let optional = |name, value: &'_ Option<String>| value.clone().map(|value| (name, value));
            let labels = [
                optional("tenant", &position.tenant),
                Some(("service", position.service.clone())),
                optional("tier", &position.tier),
            ];
            let labels: Vec<(&str, String)> = labels.into_iter().flatten().collect();
            let labels: Vec<(&str, &str)> = labels.iter().map(|(name, value)| (*name, value.as_str())).collect();
            sample(&mut text, name, &labels, value);
        }
    }
    exceptions(view, &mut text);
    text.push_str("# EOF\n");
    out.write_all(text.as_bytes())
}

/// Every severity and verdict of every family that was judged, so that a series does not vanish when it is 0.
fn findings(view: &View<'_>, text: &mut String) {
    let report = view.report;
    let mut counts: BTreeMap<(&str, Verdict, Severity), i64> = BTreeMap::new();
    let rows = &report.ledger.rows;
    let family = |row: &Row| report.rules.get(usize::from(row.rule)).map_or("", |rule| rule.family.as_str());
    for family in rows.iter().map(family).collect::<BTreeSet<_>>() {
        for (verdict, severity) in FOUND.iter().flat_map(|v| SEVERITIES.iter().map(move |s| (*v, *s))) {
            counts.insert((family, verdict, severity), 0);
        }
    }
    for row in rows.iter().filter(|row| FOUND.contains(&row.verdict)) {
        *counts.entry((family(row), row.verdict, row.severity)).or_default() += 1;
    }
    if counts.is_empty() {
        return;
    }
    metric(text, "findings", "What is not met, unknown, excepted or without an answer.");
    for ((family, verdict, severity), count) in counts {
        let family = family.to_lowercase();
        let labels =
            [("family", family.as_str()), ("severity", style::severity(severity)), ("verdict", verdict.name())];
        sample(text, "findings", &labels, count);
    }
}

fn exceptions(view: &View<'_>, text: &mut String) {
    let ends = view.report.exceptions.iter().filter_map(|exception| {
        let ends: jiff::Timestamp = exception.expires.as_ref()?.parse().ok()?;
        Some((exception, ends.as_second()))
    });
    let ends: Vec<_> = ends.collect();
    if ends.is_empty() {
        return;
    }
    metric(text, "exception_expiry_timestamp_seconds", "When an exception ends, as a Unix time.");
    for (exception, ends) in ends {
        let tenant = exception.tenant.as_deref().map(|tenant| ("tenant", tenant));
        let labels: Vec<(&str, &str)> = tenant
            .into_iter()
            .chain([("exception", exception.id.as_str())])
            .chain(exception.rule.as_deref().map(|rule| ("rule", rule)))
            .collect();
        sample(text, "exception_expiry_timestamp_seconds", &labels, ends);
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn metric(text: &mut String, name: &str, help: &str) {
    let _ = writeln!(text, "# HELP passmuster_{name} {help}\n# TYPE passmuster_{name} gauge");
}

fn sample(text: &mut String, name: &str, labels: &[(&str, &str)], value: i64) {
    let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", label(value))).collect();
    let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
    let _ = writeln!(text, "passmuster_{name}{labels} {value}");
}

/// A label's value. What could steer a terminal is written out as `\u{202e}`, so that two names stay two.
fn label(value: &str) -> String {
    let mut label = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\\' => label.push_str("\\\\"),
            '"' => label.push_str("\\\""),
            '\n' => label.push_str("\\n"),
            c if unsafe_on_a_line(c) => {
                let _ = write!(label, "\\\\u{{{:x}}}", u32::from(c));
            }
            c => label.push(c),
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn labels_are_escaped_and_stay_apart() {
        assert_eq!(label("a\\b\"c\nd"), "a\\\\b\\\"c\\nd");
        assert_eq!(label("x\u{202e}y\u{1b}"), "x\\\\u{202e}y\\\\u{1b}");
        assert_ne!(label("x\u{202e}"), label("x\u{202d}"));
    }
}
