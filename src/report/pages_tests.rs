//! The pages about one service, the rules, one rule.

use serde_json::{Value, json};

use super::sample::{HOSTILE, Sample, empty, position as summary, rule, sample_report};
use super::style::width;
use super::{Options, PageFormat, Severity, Verbosity, View, explain, position, rules};
use crate::model::Grade;
use crate::source::Sources;

fn payments() -> Value {
    let phases = json!({"detect_s": 600, "decide_s": 300, "restore_s": 5400, "validate_s": 1800, "user_ready_s": 900});
    json!({
        "as_of": "2026-11-21T00:00:00Z",
        "service": {
            "subject": {"kind": "service", "service": "payments-api"}, "ref": "r1", "id": "payments-api",
            "name": "Payments API", "tier": "1", "tier_known": true, "depends_on_declared": true,
            "objectives": {"ref": "r2", "rto_s": 14400, "rpo_s": 3600, "approved_by": ["ana", "bo"], "approved_age_s": 10_368_000,
                "minimum_service": "card payments; refunds may wait"},
            "claim": {"ref": "r3", "scope": "card payments in the EU", "grade": "E5", "attested_by": HOSTILE,
                "attested_age_s": 3_456_000, "expires_in_s": 4_320_000},
        },
        "limits": {}, "params": {},
        "components": [
            {
                "subject": {"kind": "component"}, "ref": "r4", "id": "db", "disposition": "protected", "evidence_grade": "E4",
                "copies_count": 3, "offsite_count": 1, "offsite_unknown_count": 0, "isolated_count": 0, "isolated_unknown_count": 1,
                "points_restorable": 14, "absence_provable": true,
                "newest_point": {"ref": "r5", "age_s": 93_600, "vault": "b2"},
                "newest_verification": {"ref": "r6", "age_s": 259_200, "ok": true},
                "newest_passing_test": {"ref": "r7", "id": "rt-2", "age_s": 4_060_800, "bytes_restored": 4_200_000_000_000_i64},
                "tested": true,
            },
            {
                "subject": {"kind": "component"}, "ref": "r8", "id": "files", "disposition": "protected", "evidence_grade": "E1",
                "copies_count": 1, "points_restorable": 0, "absence_provable": false, "tested": false,
            },
            {"subject": {"kind": "component"}, "ref": "r9", "id": "cache", "disposition": "rebuildable", "reason": "filled from db"},
        ],
        "tests": [], "measured": {"worst_recent": {"ref": "r10", "kind": "drill", "id": "dr-1", "total_s": 9000, "age_s": 4_060_800,
            "phases": phases}},
        "newest_passing_drill": {"ref": "r11", "id": "dr-1", "age_s": 4_060_800, "accepted_by": "Ana Ruiz"},
        "dependencies": [
            {"ref": "r12", "service": "identity", "external": false, "known": true, "on_cycle": false, "tier": "1",
                "evidence_grade": "E4", "rto_s": 7200},
            {"ref": "r13", "service": "card-scheme", "external": true, "known": true, "on_cycle": false,
                "commitment": {"ref": "r14", "rto_s": 14400, "reviewed_age_s": 3_456_000}},
            {"ref": "r15", "service": "ledger", "external": false, "known": false, "on_cycle": true},
        ],
        "recovery": {"on_cycle": true, "wave": 2, "unknown_because": "ledger is not in the inventory"},
        "runbooks": [], "reviews": [], "changes": [], "exceptions": [], "limitations": [],
        "sources": [
            {"ref": "r16", "path": "exports/restic/b2.json", "kind": "restic.snapshots", "native": false, "complete": true,
                "failed": false, "age_s": 7200},
            {"ref": "r17", "path": "exports/velero.json", "native": false, "complete": true, "failed": true},
            {"ref": "r18", "path": "inventory.yaml", "kind": "inventory/v1", "native": true, "complete": true, "failed": false},
        ],
        "evidence_grade": "E3", "evidence_rank": 3,
    })
}

fn page(sample: &Sample, value: &Value, service: &str, format: PageFormat, options: &Options) -> String {
    let found = sample.report.positions.iter().find(|p| p.service == service).unwrap();
    let mut out = Vec::new();
    position::write(format, &sample.view(), value, found, options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn explanation() -> explain::Explanation {
    let text = str::to_owned;
    let clause = |framework: &str, clause: &str, relation: &str| explain::Clause {
        framework: text(framework),
        title: String::new(),
        version: String::new(),
        clause: text(clause),
        relation: text(relation),
        provable: String::new(),
    };
    let limit = |name: &str, about: &str, value: Option<&str>, from: &str, line: Option<u32>| explain::LimitLine {
        name: text(name),
        about: text(about),
        tier: Some(text("1")),
        value: value.map(str::to_owned),
        from: text(from),
        at: line.map(|line| explain::At { path: text("standard.yaml"), line: Some(line) }),
    };
    let facts = ["recovery_points[].taken_at", "recovery_points[].status", "service.objectives.rpo"].map(str::to_owned);
    explain::Explanation {
        id: text("RPO-001"),
        title: text("Newest restorable point is older than the recovery point objective"),
        description: text(
            "What was written after that point is lost in a restore.\nThe age of the newest point that can be restored is the loss the business would have today, whatever the schedule says.",
        ),
        severity: Severity::Critical,
        family: text("rpo"),
        subject: text("component"),
        judges: text(
            "A protected component past the grace for new ones is not met when its newest restorable point is older than the RPO; none is unknown while a source that could list one is missing.",
        ),
        provability: text("full"),
        facts: facts.to_vec(),
        evidence: explain::evidence(&facts[2..]),
        limits: vec![
            limit("rpo_max", "largest recovery point objective", Some("1h"), "standard.yaml", Some(7)),
            limit("new_resource_grace", "how long a new component may stay unprotected", None, "", None),
        ],
        controls: vec![
            clause("nist-sp-800-53-r5", "CP-9a", "part"),
            clause("nist-sp-800-53-r5", "CP-10", "supports"),
            clause("nist-csf-2.0", "PR.DS-11", "part"),
        ],
        remediation: text(
            "Find out why no newer point can be restored and run the backup, or agree a longer RPO with the owner.",
        ),
        example_fail: text(
            "recovery_points:\n  - taken_at: 2026-11-20T20:00:00Z  # rpo 1h, as of 2026-11-21T00:00:00Z",
        ),
        example_pass: text("recovery_points:\n  - taken_at: 2026-11-20T23:30:00Z"),
        related_resources: vec![text("https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final")],
        aliases: vec![text("RPO-900")],
        effective_on: None,
        not_judged: None,
    }
}

fn lines() -> Vec<rules::RuleLine> {
    let line = |id: &str, title: &str, severity, enabled, broken: Option<&str>| rules::RuleLine {
        id: id.to_owned(),
        title: title.to_owned(),
        severity,
        family: id.split('-').next().unwrap().to_lowercase(),
        subject: "component".to_owned(),
        description: String::new(),
        judges: String::new(),
        remediation: String::new(),
        provability: String::new(),
        facts: Vec::new(),
        limits: Vec::new(),
        frameworks: vec!["nist-sp-800-53-r5".to_owned()],
        controls: Vec::new(),
        broken: broken.map(str::to_owned),
        enabled,
        asked: true,
        path: None,
    };
    vec![
        line("ACME-COMPANY-RULE-01", HOSTILE, Severity::Low, true, None),
        line("COV-001", "No live policy covers the component", Severity::High, false, None),
        line(
            "RPO-001",
            "Newest restorable point is older than the recovery point objective",
            Severity::Critical,
            true,
            None,
        ),
        line("TST-001", "No recent restore test", Severity::Critical, true, Some("line 4: unexpected `:=`")),
    ]
}

fn rendered(options: &Options) -> [(&'static str, String); 3] {
    let mut list = Vec::new();
    rules::write(PageFormat::Human, &lines(), options, &mut list).unwrap();
    let mut rule = Vec::new();
    explain::write(PageFormat::Human, &explanation(), None, options, &mut rule).unwrap();
    [
        ("position", page(&sample_report(), &payments(), "payments-api", PageFormat::Human, options)),
        ("rules", String::from_utf8(list).unwrap()),
        ("explain", String::from_utf8(rule).unwrap()),
    ]
}

#[test]
fn the_pages_at_80_columns() {
    for (name, text) in rendered(&Options::default()) {
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn pages_keep_to_the_terminal() {
    for columns in [60, 80, 120] {
        for verbosity in [Verbosity::Quiet, Verbosity::Normal] {
            for (name, text) in rendered(&Options { width: columns, verbosity, ..Options::default() }) {
                for line in text.lines() {
                    assert!(width(line) <= columns, "{name} at {columns}: {line}");
                    assert_eq!(line, line.trim_end(), "{name}");
                }
                assert!(!text.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{name}");
            }
        }
    }
}

#[test]
fn a_service_of_which_nothing_is_known_gets_a_page_too() {
    let mut report = empty();
    report.rules = vec![rule("RPO-001", "Late", Severity::High, "")];
    report.positions = vec![summary("shop")];
    let sample = Sample::new(report, Sources::default());
    insta::assert_snapshot!(page(&sample, &json!({}), "shop", PageFormat::Human, &Options::default()));
}

#[test]
fn what_a_service_holds_and_what_it_needs_are_compared() {
    let mut report = empty();
    let held =
        |grade| super::PositionSummary { evidence_grade: grade, required_grade: Some(Grade::E4), ..summary("shop") };
    report.positions = vec![held(Grade::E4)];
    let sample = Sample::new(report, Sources::default());
    let View { report, .. } = sample.view();
    assert_eq!(report.positions.len(), 1);
    let text = page(
        &sample,
        &json!({}),
        "shop",
        PageFormat::Human,
        &Options { verbosity: Verbosity::Quiet, ..Options::default() },
    );
    assert!(text.starts_with("shop makes no claim and holds E4, as its tier requires."), "{text}");
}

#[test]
fn the_pages_as_json() {
    let sample = sample_report();
    let document: Value =
        serde_json::from_str(&page(&sample, &payments(), "payments-api", PageFormat::Json, &Options::default()))
            .unwrap();
    assert_eq!(document["passmuster"], "position/v1");
    assert_eq!(document["results"].as_array().unwrap().len(), 5);
    assert_eq!(document["position"], payments());
    let mut out = Vec::new();
    rules::write(PageFormat::Json, &lines(), &Options::default(), &mut out).unwrap();
    let list: Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(list[1]["enabled"], false);
    let mut out = Vec::new();
    explain::write(PageFormat::Json, &explanation(), None, &Options::default(), &mut out).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&out).unwrap()["rule"]["id"], "RPO-001");
}
