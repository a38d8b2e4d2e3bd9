//! `explain --service` and `--subject`: what is shown of a verdict is how the policy came to it.
#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeSet;

use passmuster::evaluate::{Derivation, Role, SubjectKind, Verdict};
use passmuster::model::Time;
use passmuster::pipeline::{self, Options, Whom};

fn options(paths: &[String], config: Option<String>) -> Options {
    let at = Time::parse("2026-11-21").unwrap().instant().unwrap();
    Options { no_config: config.is_none(), config, paths: paths.to_vec(), ..Options::at(at) }
}

/// A business that bought a backup tool and wrote down little else.
const BARE: &str = "\
passmuster: inventory/v1
services:
  - id: till
    tier: 1
    kind: application
    objectives: {rto: 4h, rpo: 1h}
    depends_on: [ledger, {service: card-scheme, external: true, commitment: {rto: 2h}}]
    components:
      - {id: db, kind: database, platform: vm, disposition: protected, assets: [\"vm:till\"], first_seen: 2026-01-01}
  - id: ledger
    tier: 2
    components: [{id: files, kind: files, disposition: protected, assets: [\"vm:ledger\"]}]
tools: [{id: vbk, product: vbk}]
vaults: [{id: nas, tool: vbk}]
policies: [{id: nightly, tool: vbk, schedule: \"0 2 * * *\", vault: nas, assets: [\"vm:*\"]}]
recovery_points:
  - {id: p1, tool: vbk, vault: nas, asset: \"vm:till\", taken_at: 2026-11-20T23:30:00Z, key: k1}
  - {id: p2, tool: vbk, vault: nas, asset: \"vm:ledger\", taken_at: 2026-11-01T02:00:00Z}
runbooks: [{id: rb, services: [till], tools: [vbk]}]
reviews: [{id: r1, service: till, at: 2026-11-01, reviewer: nobody}]
exceptions: [{id: EX-1, rule: OWN-001, service: till, reason: nobody hired yet, expires: 2026-12-24}]
findings: [{fingerprint: abc, status: open}]
limitations: [{id: l1, service: till, text: the printer}]
restore_tests:
  - {id: t1, service: till, level: service, finished_at: 2026-11-02T09:00:00Z, result: pass, phases: {restore: 1h, user_ready: 10m}}
";

/// What is wrong with a derivation: it cannot be followed, or it leads to another verdict.
fn wrong(derivation: &Derivation, seen: &mut BTreeSet<Verdict>) -> Vec<String> {
    let mut wrong = Vec::new();
    for derived in &derivation.subjects {
        let who = format!("{} on {:?}", derivation.rule.id, derived.subject);
        let Some(branches) = &derived.branches else {
            wrong.push(format!("{who}: cannot be followed"));
            continue;
        };
        seen.insert(derived.verdict);
        let judges: Vec<bool> = branches.iter().filter(|b| b.role == Role::Judges).map(|b| b.holds).collect();
        let judged = judges.is_empty() || judges.contains(&true);
        let found: Vec<Verdict> = branches
            .iter()
            .filter(|b| b.holds)
            .filter_map(|b| if let Role::Finds(verdict) = b.role { Some(verdict) } else { None })
            .collect();
        let led_to = match found.iter().max() {
            _ if !judged => Verdict::NotApplicable,
            Some(worst) => *worst,
            None => Verdict::Pass,
        };
        let excepted = derived.verdict == Verdict::Excepted && led_to >= Verdict::Unknown;
        if led_to != derived.verdict && !excepted {
            wrong.push(format!("{who}: {:?}, but its conditions lead to {led_to:?}: {branches:#?}", derived.verdict));
        }
        // Of a branch, all conditions up to the first that fails were looked at, and none after it.
        for branch in branches {
            let reached = branch.conditions.iter().take_while(|c| c.holds == Some(true)).count();
            let rest: Vec<_> = branch.conditions.iter().skip(reached).map(|c| c.holds).collect();
            let stops = rest.first().is_none_or(|h| *h == Some(false)) && rest.iter().skip(1).all(Option::is_none);
            if !stops || (branch.holds != rest.is_empty() && !branch.conditions.is_empty()) {
                wrong.push(format!("{who}: {branch:#?}"));
            }
        }
    }
    wrong
}

fn every_rule(options: &Options, seen: &mut BTreeSet<Verdict>) -> Vec<String> {
    let (policies, ..) = pipeline::rules(&Options { paths: Vec::new(), ..options.clone() }).unwrap();
    let run = pipeline::check(options).unwrap();
    let services: Vec<&String> = run.report.positions.iter().map(|p| &p.service).collect();
    let mut problems = Vec::new();
    for (number, rule) in policies.rules().iter().enumerate() {
        let m = &rule.metadata;
        let mut whom = Whom { rule: m.id.clone(), ..Whom::default() };
        if matches!(m.subject, SubjectKind::Service | SubjectKind::Component) {
            whom.service = Some(services[number % services.len()].clone());
        } else {
            let index = u16::try_from(number).unwrap();
            let Some(row) = run.report.ledger.rows.iter().find(|r| r.rule == index) else { continue };
            let subject = &run.report.ledger.subjects[row.subject as usize];
            whom.object = subject.id.clone().filter(|id| !id.is_empty()).or(Some(subject.kind.clone()));
        }
        match pipeline::derivation(options, &whom) {
            Ok((_, derivation, _)) => problems.extend(wrong(&derivation, seen)),
            Err(error) if m.subject == SubjectKind::Component => assert!(error.to_string().contains("nothing that")),
            Err(error) => problems.push(format!("{}: {error}", m.id)),
        }
    }
    problems
}

#[test]
fn the_conditions_shown_lead_to_the_verdict() {
    let mut seen = BTreeSet::new();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("inventory.yaml"), BARE).unwrap();
    let dairy = format!("{}/fixtures/hollowdale-dairy/passmuster.yaml", env!("CARGO_MANIFEST_DIR"));
    for options in [options(&[folder.path().display().to_string()], None), options(&[], Some(dairy))] {
        let wrong = every_rule(&options, &mut seen);
        assert!(wrong.is_empty(), "{} wrong, the first: {}", wrong.len(), wrong[0]);
    }
    let all = [Verdict::NotApplicable, Verdict::Pass, Verdict::Excepted, Verdict::Unknown, Verdict::Fail];
    assert!(all.iter().all(|v| seen.contains(v)), "{seen:?}");
}
