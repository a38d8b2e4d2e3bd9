//! One report that holds what every format must get right: two findings in one file, a note first, a file with none,
//! a finding without a line, a pass, an unknown, an exception, an error, and names that try to break out.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::json;

use super::model::{
    Control, EvidenceItem, ExceptionListed, ExceptionUsed, Finding, InputStatus, InputUsed, Ledger, PositionSummary,
    Provability, Report, Row, RuleUsed, Severity, StandardUsed, Subject, Verdict,
};
use super::place::{Places, Wanted};
use super::{Options, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::evaluate::Relation;
use crate::model::Grade;
use crate::source::{FileId, Hash, Place, SourceFile, Sources, Spot, sha256};

/// A formula, quotes and tags, clearing the screen, a link, text read backwards, a table's border, a mention, a command
/// to a pipeline, what XML cannot hold, the ends of CDATA, scripts, code and chart nodes.
pub(crate) const HOSTILE: &str = "=<&\"'> Müller\u{1b}[2J\u{1b}]8;;http://evil.example\u{7}click\u{1b}]8;;\u{7}\u{202e}txt.exe\
    |@team\n::error::x ##[error]\u{b}\u{fffe}]]></script>```\"]; click a";

const INVENTORY: &str = "\
passmuster: inventory/v1
services:
  - id: payments-api
    tier: 1
    objectives:
      rpo: 1h
      rto: 4h
    components:
      - id: db
        asset: postgres-prod
      - id: files
        asset: nfs-01
      - id: queue
        asset: kafka-3
  - id: intranet
    tier: 3
";

const TESTS: &str = "\
passmuster: inventory/v1
restore_tests:
  - id: rt-1
    service: intranet
    finished_at: 2026-11-14T08:00:00Z
  - id: rt-2
    service: payments-api
    finished_at: 2026-10-05T00:00:00Z
";

pub(crate) struct Sample {
    pub(crate) report: Report,
    pub(crate) sources: Sources,
    pub(crate) places: Places,
}

impl Sample {
    pub(crate) fn new(report: Report, sources: Sources) -> Self {
        let text = |file: FileId| sources.get(file).and_then(|f| f.text.clone());
        let places = Places::locate(&sources, &text, Wanted::everything(&report));
        Self { report, sources, places }
    }

    pub(crate) fn view(&self) -> View<'_> {
        View { report: &self.report, sources: &self.sources, places: &self.places }
    }

    pub(crate) fn write(&self, format: super::Format, options: &Options) -> String {
        let mut out = Vec::new();
        format.write(&self.view(), options, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }
}

pub(crate) fn file(sources: &mut Sources, path: &str, text: &str) -> FileId {
    let hash = Hash::Known("0".repeat(64));
    sources.add(SourceFile { path: path.to_owned(), hash, bytes: text.len() as u64, text: Some(Arc::from(text)) })
}

pub(crate) fn rule(id: &str, title: &str, severity: Severity, remediation: &str) -> RuleUsed {
    let control = Control { clause: "CP-9".to_owned(), relation: Relation::Part };
    RuleUsed {
        id: id.to_owned(),
        title: title.to_owned(),
        description: "What was written after that point is lost in a restore.".to_owned(),
        severity,
        remediation: remediation.to_owned(),
        controls: BTreeMap::from([("nist-sp-800-53-r5".to_owned(), vec![control])]),
        family: id.split('-').next().unwrap_or_default().to_owned(),
        subject: "component".to_owned(),
        provability: Some(Provability::Part),
        judges: None,
        facts: vec!["recovery_points[].taken_at".to_owned()],
        limits: vec!["rpo_max".to_owned()],
        example: None,
        related_resources: Vec::new(),
        effective_on: None,
        broken: None,
        judged: true,
    }
}

/// Another clause, with the relation of this one.
pub(crate) fn clause(clause: &str, like: &Control) -> Control {
    Control { clause: clause.to_owned(), ..like.clone() }
}

pub(crate) fn finding(message: &str, place: Option<Place>) -> Finding {
    Finding {
        message: message.to_owned(),
        observed: None,
        expected: None,
        unit: None,
        place,
        subject_place: None,
        evidence: Vec::new(),
        fingerprint: "f".repeat(64),
        advice: None,
        exception: None,
        counts: true,
    }
}

pub(crate) fn of(service: &str, component: Option<&str>) -> Subject {
    Subject {
        kind: if component.is_some() { "component" } else { "service" }.to_owned(),
        tenant: None,
        service: Some(service.to_owned()),
        component: component.map(str::to_owned),
        id: None,
    }
}

/// A ledger filled row by row.
#[derive(Default)]
pub(crate) struct Fill(pub(crate) Ledger);

impl Fill {
    pub(crate) fn row(
        &mut self,
        subject: Subject,
        rule: u16,
        verdict: Verdict,
        severity: Severity,
        f: Option<Finding>,
    ) {
        let ledger = &mut self.0;
        let index = ledger.subjects.iter().position(|s| *s == subject).unwrap_or_else(|| {
            ledger.subjects.push(subject);
            ledger.subjects.len() - 1
        });
        let finding = f.map(|mut finding| {
            finding.fingerprint = sha256(format!("{rule} {}", ledger.findings.len()).as_bytes());
            ledger.findings.push(finding);
            u32::try_from(ledger.findings.len() - 1).unwrap()
        });
        ledger.rows.push(Row { subject: u32::try_from(index).unwrap(), rule, verdict, severity, finding });
    }
}

pub(crate) fn position(service: &str) -> PositionSummary {
    PositionSummary {
        tenant: None,
        service: service.to_owned(),
        name: None,
        tier: None,
        owner: None,
        evidence_grade: Grade::E0,
        required_grade: None,
        claimed_grade: None,
        rpo_s: None,
        newest_point_age_s: None,
        rto_s: None,
        measured_rto_s: None,
        last_test_age_s: None,
        wave: None,
        earliest_s: None,
        waits_for: Vec::new(),
        components: 1,
    }
}

pub(crate) fn empty() -> Report {
    Report {
        as_of: "2026-11-21T00:00:00Z".parse().unwrap(),
        complete: true,
        standard: StandardUsed { name: "built-in".to_owned(), ..StandardUsed::default() },
        policies_sha256: "a".repeat(64),
        rules: Vec::new(),
        inputs: Vec::new(),
        diagnostics: Diagnostics::default(),
        ledger: Ledger::default(),
        exceptions: Vec::new(),
        evidence: Vec::new(),
        positions: Vec::new(),
        fail_on: Severity::Low,
        unknown_fails: false,
        least: None,
        baseline: None,
        redacted: None,
    }
}

pub(crate) fn sample_report() -> Sample {
    let mut sources = Sources::default();
    let inventory = file(&mut sources, "inventory.yaml", INVENTORY);
    let tests = file(&mut sources, "tests/restore-tests.yaml", TESTS);
    let long = format!(
        "{{\"pad\": \"{}\", \"time\": \"2026-11-19T22:00:00Z\", \"host\": \"{HOSTILE}\", \"rest\": \"{}\"}}",
        "ü".repeat(50_000),
        "x".repeat(50_000)
    );
    let export = file(&mut sources, "exports/restic/b2.json", &long);
    let broken = file(&mut sources, "exports/velero.json", "{\n  \"items\": [\n    {\"kind\": \"Backup\"\n");
    let clean = file(&mut sources, "teams.yaml", "passmuster: inventory/v1\nteams: []\n");
    let bytes = |file: FileId, text: &str, needle: &str| {
        let start = text.find(needle).unwrap();
        Place { file, spot: Spot::Bytes { start, end: start + needle.len() } }
    };

    let mut report = empty();
    report.complete = false;
    report.rules = vec![
        rule(
            "COV-001",
            "No live policy covers the component",
            Severity::High,
            "Add the asset to a backup policy, or say in the inventory why it needs none.",
        ),
        rule(
            "RPO-001",
            "Newest restorable point is older than the recovery point objective",
            Severity::Critical,
            "Run the job more often, or agree a longer RPO with the owner.",
        ),
        rule(
            "TST-001",
            "No recent restore test",
            Severity::Critical,
            "Restore it, have the result accepted by a named person, and record the test.",
        ),
        rule("VLT-004", "Vault has no lock", Severity::Medium, "Turn on object lock in compliance mode."),
    ];
    for (file, kind, status) in [
        (export, "restic.snapshots", InputStatus::Ok),
        (broken, "velero", InputStatus::Failed),
        (inventory, "passmuster.inventory", InputStatus::Ok),
        (clean, "passmuster.inventory", InputStatus::Ok),
        (tests, "passmuster.inventory", InputStatus::Ok),
    ] {
        report.inputs.push(InputUsed {
            file,
            kinds: vec![kind.to_owned()],
            tenant: None,
            collected_at: Some("2026-11-20T23:00:00Z".to_owned()),
            collector: Some(format!("nightly job {HOSTILE}")),
            records: BTreeMap::from([("services".to_owned(), 2)]),
            shared: Vec::new(),
            status,
        });
    }
    report.diagnostics.push(Diagnostic::note("unused", "no service names the team `ops`").at(Place::value(
        inventory,
        0,
        "/services/1/tier",
    )));
    report.diagnostics.push(
        Diagnostic::error("truncated", "the file ends inside an object: the export was cut off while it was written")
            .help("export it again; nothing after this line was read")
            .at(bytes(broken, "{\n  \"items\": [\n    {\"kind\": \"Backup\"\n", "{\"kind\": \"Backup\"")),
    );

    let mut fill = Fill::default();
    fill.row(of("intranet", None), 2, Verdict::Pass, Severity::Medium, None);
    let mut unknown = finding("no export says whether a restore point exists", None);
    // Unknown is reported only.
    unknown.counts = false;
    unknown.subject_place = Some(bytes(inventory, INVENTORY, "id: intranet\n    tier: 3"));
    fill.row(of("intranet", None), 1, Verdict::Unknown, Severity::Medium, Some(unknown));
    let mut late = finding(
        "newest restorable point is 26 h old; the RPO is 1 h",
        Some(bytes(export, &long, "\"2026-11-19T22:00:00Z\"")),
    );
    (late.observed, late.expected, late.unit) = (Some(json!(93_600)), Some(json!(3_600)), Some("s".to_owned()));
    late.evidence = vec![(Place::value(inventory, 0, "/services/0/objectives/rpo"), "the objective".to_owned())];
    late.subject_place = Some(Place::value(inventory, 0, "/services/0/components/0/id"));
    fill.row(of("payments-api", Some("db")), 1, Verdict::Fail, Severity::Critical, Some(late));
    let mut untested =
        finding("last passed restore test is too old", Some(Place::value(tests, 0, "/restore_tests/1/finished_at")));
    (untested.observed, untested.expected, untested.unit) =
        (Some(json!(4_060_800)), Some(json!(2_592_000)), Some("s".to_owned()));
    untested.evidence = vec![(Place::value(tests, 0, "/restore_tests/1/service"), "it names the service".to_owned())];
    untested.subject_place = Some(Place::value(inventory, 0, "/services/0/id"));
    fill.row(of("payments-api", None), 2, Verdict::Fail, Severity::Critical, Some(untested));
    for component in ["files", "queue", "db"] {
        let place = Place::key(inventory, 0, "/services/0/components");
        let uncovered = finding("no live policy covers it, and no reason is given", Some(place));
        fill.row(of("payments-api", Some(component)), 0, Verdict::Fail, Severity::High, Some(uncovered));
    }
    let mut excepted = finding("the vault has no lock", None);
    excepted.exception =
        Some(ExceptionUsed { id: "EX-3".to_owned(), expires: Some("2027-01-01T00:00:00Z".to_owned()) });
    excepted.counts = false;
    let vault =
        Subject { kind: "vault".to_owned(), tenant: None, service: None, component: None, id: Some("b2".into()) };
    fill.row(vault.clone(), 3, Verdict::Excepted, Severity::Medium, Some(excepted));
    let lineless = Subject { id: Some(HOSTILE.to_owned()), ..vault };
    let mut hostile = finding(&format!("the vault {HOSTILE} has no lock\r\n\tof any kind"), None);
    hostile.advice = Some(format!("CODEOWNERS gives vaults.yaml to {HOSTILE}."));
    fill.row(lineless, 3, Verdict::Fail, Severity::Medium, Some(hostile));
    fill.0.not_applicable = 17;
    report.exceptions = vec![ExceptionListed {
        id: "EX-3".to_owned(),
        rule: Some("VLT-004".to_owned()),
        subject: Some("b2".to_owned()),
        reason: Some(format!("the provider adds locks in spring {HOSTILE}")),
        approved_by: Some("cio".to_owned()),
        approved_at: Some("2026-10-01T00:00:00Z".to_owned()),
        expires: Some("2027-01-01T00:00:00Z".to_owned()),
        live: true,
        covers: 1,
        ..ExceptionListed::default()
    }];
    report.evidence = vec![EvidenceItem {
        service: Some("payments-api".to_owned()),
        test: "RT-7".to_owned(),
        path: Some("evidence/drill.txt".to_owned()),
        sha256: Some("0".repeat(64)),
        actual_sha256: Some("1".repeat(64)),
        ..EvidenceItem::default()
    }];
    report.ledger = fill.0;
    report.positions = vec![
        PositionSummary {
            name: Some("Intranet Köln".to_owned()),
            tier: Some("3".to_owned()),
            evidence_grade: Grade::E2,
            required_grade: Some(Grade::E4),
            rto_s: Some(86_400),
            last_test_age_s: Some(7 * 86_400),
            wave: Some(1),
            ..position("intranet")
        },
        PositionSummary {
            name: Some("Payments API".to_owned()),
            tier: Some("1".to_owned()),
            owner: Some(format!("Ana {HOSTILE}")),
            evidence_grade: Grade::E3,
            required_grade: Some(Grade::E5),
            claimed_grade: Some(Grade::E5),
            rpo_s: Some(3_600),
            newest_point_age_s: Some(93_600),
            rto_s: Some(14_400),
            measured_rto_s: Some(9_000),
            last_test_age_s: Some(47 * 86_400),
            wave: Some(2),
            earliest_s: Some(12_600),
            waits_for: vec!["intranet".to_owned()],
            ..position("payments-api")
        },
    ];
    Sample::new(report, sources)
}

/// A report in which every text that could come from outside is [`HOSTILE`].
pub(crate) fn hostile() -> Sample {
    let mut sources = Sources::default();
    let evil = || Some(HOSTILE.to_owned());
    let text = format!("- id: x # {}\n", HOSTILE.replace('\n', " "));
    let path = format!("in/{}.yaml", HOSTILE.replace("//", ""));
    let inventory = file(&mut sources, &path, &text);
    let mut report = empty();
    report.complete = false;
    report.standard = StandardUsed { name: HOSTILE.to_owned(), version: evil(), ..StandardUsed::default() };
    report.rules = vec![RuleUsed {
        description: HOSTILE.to_owned(),
        judges: evil(),
        controls: BTreeMap::from([(
            HOSTILE.to_owned(),
            vec![Control { clause: HOSTILE.to_owned(), relation: Relation::Part }],
        )]),
        related_resources: vec![HOSTILE.to_owned(), format!("https://{HOSTILE}")],
        ..rule("HST-001", HOSTILE, Severity::High, HOSTILE)
    }];
    report.inputs.push(InputUsed {
        file: inventory,
        kinds: vec!["passmuster.inventory".to_owned()],
        tenant: evil(),
        collected_at: None,
        collector: evil(),
        records: BTreeMap::new(),
        shared: Vec::new(),
        status: InputStatus::Ok,
    });
    let at = || Place::value(inventory, 0, "/0/id");
    let problem = Diagnostic::error("schema", HOSTILE).help(HOSTILE).at(at()).and(at(), HOSTILE);
    report.diagnostics.push(problem);
    let subject = Subject { tenant: evil(), ..of(HOSTILE, Some(HOSTILE)) };
    let mut fill = Fill::default();
    for verdict in [Verdict::Fail, Verdict::Unknown, Verdict::Error, Verdict::Excepted] {
        let mut found = finding(HOSTILE, Some(at()));
        (found.observed, found.expected, found.unit) = (Some(json!(HOSTILE)), Some(json!(-5)), evil());
        found.evidence = vec![(Place::file(inventory), HOSTILE.to_owned())];
        if verdict == Verdict::Excepted {
            found.exception = Some(ExceptionUsed { id: HOSTILE.to_owned(), expires: evil() });
        }
        fill.row(subject.clone(), 0, verdict, Severity::High, Some(found));
    }
    report.ledger = fill.0;
    report.exceptions = vec![ExceptionListed {
        id: HOSTILE.to_owned(),
        reason: evil(),
        requested_by: evil(),
        approved_by: evil(),
        residual_risk: evil(),
        compensating: vec![HOSTILE.to_owned()],
        expires: Some("2027-01-01T00:00:00Z".to_owned()),
        ..ExceptionListed::default()
    }];
    let first = PositionSummary { tenant: evil(), tier: evil(), owner: evil(), name: evil(), ..position(HOSTILE) };
    let second =
        PositionSummary { service: format!("{HOSTILE}2"), waits_for: vec![HOSTILE.to_owned()], ..first.clone() };
    report.positions = vec![PositionSummary { wave: Some(1), ..first }, PositionSummary { wave: Some(2), ..second }];
    Sample::new(report, sources)
}
