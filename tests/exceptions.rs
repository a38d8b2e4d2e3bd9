//! Exceptions from their draft to their end: what `exception new` writes, what comments may claim of them, and what a
//! report says of those that are not needed.
#![allow(missing_docs, clippy::unwrap_used)]

mod estate;

use std::process::Command;

use estate::{AS_OF, Estate, Outcome, edited, shop};
use serde_json::Value;

/// The corner shop after somebody opened the newest copy of the list and could not read it.
fn unreadable() -> Estate {
    let evidence = edited("evidence.yaml", "result: ok, errors: 0", "result: failed, errors: 2");
    Estate::shop().with("shop/evidence.yaml", evidence)
}

/// The row of a rule on the shop's one service; the first that is no pass.
fn row(outcome: &Outcome, rule: &str) -> Value {
    let rows = outcome.json()["results"].as_array().unwrap();
    rows.iter().find(|r| r["rule"] == rule && r["verdict"] != "pass").unwrap().clone()
}

/// `passmuster exception new ARGS`: exit code, standard output, standard error.
fn new(estate: &Estate, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_passmuster"));
    let output = command.args(["exception", "new", "--as-of", AS_OF]).args(args).current_dir(estate.path()).output();
    let output = output.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The messages of the warnings with this code, with their lines.
fn said(outcome: &Outcome, code: &str) -> Vec<(u64, String)> {
    let all = outcome.json()["diagnostics"].as_array().unwrap().iter().filter(|d| d["code"] == code);
    all.map(|d| (d["location"]["line"].as_u64().unwrap(), d["message"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn a_draft_fails_gov_001_until_a_person_fills_it_in_and_then_covers_the_finding() {
    let estate = unreadable();
    let before = estate.check(&["shop"]);
    let finding = row(&before, "INT-001");
    let (exit, draft, _) = new(&estate, &[finding["fingerprint"].as_str().unwrap(), "shop"]);
    assert_eq!(exit, 0);
    assert!(draft.contains("# INT-001 is not met at loyalty/list: "), "{draft}");

    estate.write("shop/exceptions.yaml", &draft);
    let drafted = estate.check(&["shop"]);
    assert_eq!((drafted.exit, drafted.said("error")), (1, Vec::new()));
    assert_eq!(row(&drafted, "INT-001")["verdict"], "fail");
    let rows = drafted.rows().into_iter().filter(|r| r.0 == "GOV-001");
    let missing: Vec<String> = rows.map(|r| r.3).collect();
    let has_no = |field: &&str| missing.contains(&format!("the exception has no {field}"));
    let fields = ["reason", "residual_risk", "requested_by", "approved_by", "approved_at", "expires"];
    assert_eq!(fields.iter().filter(|f| !has_no(f)).count(), 0, "{missing:?}");

    let mut filled = draft.clone();
    for (field, value) in [
        ("reason:", "the till writes a new format until Friday"),
        ("residual_risk:", "a week of stamps"),
        ("requested_by:", "emil"),
        ("approved_by:", "rosa"),
        ("approved_at:", "2026-11-20"),
        ("expires:", "2026-12-31"),
    ] {
        let (at, _) = filled.match_indices(&format!("    {field}")).next().unwrap();
        filled.insert_str(at + 4 + field.len(), &format!(" {value}"));
    }
    estate.write("shop/exceptions.yaml", &filled);
    let excepted = estate.check(&["shop"]);
    assert_eq!((excepted.said("error"), excepted.said("warning")), (Vec::new(), Vec::new()));
    let found = row(&excepted, "INT-001");
    assert_eq!((&found["verdict"], &found["fingerprint"]), (&"excepted".into(), &finding["fingerprint"]));
    assert_eq!(found["exception"]["expires"], "2026-12-31T00:00:00Z");
    let gov = excepted.rows().into_iter().find(|r| r.0 == "GOV-001").unwrap();
    assert_eq!(gov.2, "pass");

    let (_, human) = estate.human(&["shop"]);
    let line = "INT-001  loyalty/list  EX-INT-001-loyalty-list until 2026-12-31 — ";
    assert!(human.contains(line), "{human}");
    let (_, again, _) = new(&estate, &[finding["fingerprint"].as_str().unwrap(), "shop"]);
    assert!(again.contains("INT-001 is excepted by EX-INT-001-loyalty-list at loyalty/list"), "{again}");
    assert!(again.contains("- id: EX-INT-001-loyalty-list-2\n"), "{again}");
}

#[test]
fn a_recorded_run_drafts_the_same_and_a_beginning_of_the_fingerprint_is_enough() {
    let estate = unreadable();
    let run = estate.check(&["shop"]);
    estate.write("run.json", &run.stdout);
    let fingerprint = row(&run, "INT-001")["fingerprint"].as_str().unwrap().to_owned();
    let now = new(&estate, &[&fingerprint, "shop"]);
    assert_eq!(new(&estate, &[&fingerprint[..12], "shop"]), now);
    assert_eq!(new(&estate, &[&fingerprint[..12].to_uppercase(), "--from", "run.json"]), now);
}

#[test]
fn who_asks_for_a_finding_that_there_is_not_is_shown_the_nearest() {
    let estate = unreadable();
    let run = estate.check(&["shop"]);
    let fingerprint = row(&run, "INT-001")["fingerprint"].as_str().unwrap().to_owned();
    let mistyped = format!("{}-", &fingerprint[..8]);
    let (exit, out, said) = new(&estate, &[&mistyped, "shop"]);
    assert_eq!((exit, &*out), (2, ""));
    let nearest = format!("the nearest is {} (INT-001 loyalty/list)", &fingerprint[..12]);
    assert!(said.contains(&nearest), "{said}");
    let (exit, _, said) = new(&Estate::shop(), &["abc", "shop"]);
    assert_eq!(
        (exit, &*said),
        (2, "passmuster: nothing is unmet or unknown in this run, so there is nothing to except\n")
    );
    let (exit, _, said) = new(&estate, &["abc", "--from", "shop/inventory.yaml"]);
    assert!(exit == 2 && said.contains("it is no result document"), "{said}");
}

/// The exceptions that the comments below speak of.
const EXCEPTIONS: &str = "passmuster: inventory/v1
exceptions:
  - {id: EX-LIVE, rule: INT-001, service: loyalty, components: [list], reason: r, residual_risk: r, requested_by: emil, approved_by: rosa, approved_at: 2026-11-01, expires: 2027-01-15, compensating: [{rule: ENC-001}]}
  - {id: EX-OVER, rule: INT-001, service: loyalty, reason: r, residual_risk: r, requested_by: emil, approved_by: rosa, approved_at: 2026-10-01, expires: 2026-11-01, compensating: [{rule: ENC-001}]}
  - {id: EX-MET, rule: RET-001, service: loyalty, reason: r, residual_risk: r, requested_by: emil, approved_by: rosa, approved_at: 2026-11-01, expires: 2027-01-15, compensating: [{rule: ENC-001}]}
";

/// The shop with a comment behind a text of its inventory.
fn remarked(behind: &str, comment: &str) -> Outcome {
    let inventory = edited("inventory.yaml", behind, &format!("{behind} # {comment}"));
    unreadable().with("shop/exceptions.yaml", EXCEPTIONS).with("shop/inventory.yaml", inventory).check(&["shop"])
}

#[test]
fn a_comment_that_stands_where_its_exception_holds_is_right() {
    let list = "granularity: [full, pitr]";
    for (behind, comment) in [
        (list, "passmuster: except INT-001 EX-LIVE"),
        (list, "passmuster: except INT-001 EX-LIVE -- until Friday"),
        // The service of the component whose finding is excepted.
        ("name: Loyalty list", "passmuster: except INT-001 EX-LIVE"),
    ] {
        let outcome = remarked(behind, comment);
        assert_eq!(said(&outcome, "exception-comment"), [], "{behind} {comment}");
    }
    // Where the finding points to: the verification.
    let evidence = edited(
        "evidence.yaml",
        "result: ok, errors: 0}",
        "result: failed, errors: 2} # passmuster: except INT-001 EX-LIVE",
    );
    let outcome =
        unreadable().with("shop/exceptions.yaml", EXCEPTIONS).with("shop/evidence.yaml", evidence).check(&["shop"]);
    assert_eq!(said(&outcome, "exception-comment"), []);
}

#[test]
fn a_comment_that_is_wrong_or_dead_is_a_warning_at_its_line() {
    let list = "granularity: [full, pitr]";
    for (behind, comment, wrong) in [
        (list, "passmuster: except INT-001 EX-LIFE", "there is no exception `EX-LIFE`"),
        (list, "passmuster: except INT-0001 EX-LIVE", "`INT-0001` is no rule that is loaded"),
        (list, "passmuster: except TST-001 EX-LIVE", "exception `EX-LIVE` is for INT-001; it does not cover TST-001"),
        (
            list,
            "passmuster: except INT-001 EX-OVER",
            "exception `EX-OVER` ended on 2026-11-01; it excepts nothing any more",
        ),
        (
            list,
            "passmuster: except RET-001 EX-MET",
            "nothing is excepted here: no finding of RET-001 in this record rests on `EX-MET`",
        ),
        (
            "reason: the till vendor sends it again",
            "passmuster: except INT-001 EX-LIVE",
            "exception `EX-LIVE` does not cover component `config` of `loyalty`",
        ),
        (
            "collected_at: 2026-11-20T20:00:00Z",
            "passmuster: except INT-001 EX-LIVE",
            "nothing is excepted here: no finding of INT-001 in this record rests on `EX-LIVE`",
        ),
        (
            list,
            "passmuster: exept INT-001 EX-LIVE",
            "`# passmuster: exept INT-001 EX-LIVE` is not understood: it says nothing of any exception",
        ),
    ] {
        let outcome = remarked(behind, comment);
        let line = shop("inventory.yaml").lines().position(|l| l.contains(behind)).unwrap() as u64 + 1;
        assert_eq!(said(&outcome, "exception-comment"), [(line, wrong.to_owned())]);
        assert!(outcome.complete(), "a warning makes no run incomplete");
    }
}

#[test]
fn a_comment_changes_no_verdict() {
    let without = unreadable().with("shop/exceptions.yaml", EXCEPTIONS).check(&["shop"]);
    for exception in ["EX-LIVE", "EX-OVER", "EX-NONE"] {
        let with = remarked("granularity: [full, pitr]", &format!("passmuster: except INT-001 {exception}"));
        assert_eq!((with.rows(), with.exit), (without.rows(), without.exit));
    }
    let alone = edited(
        "inventory.yaml",
        "granularity: [full, pitr]",
        "granularity: [full, pitr] # passmuster: except INT-001 EX-LIVE",
    );
    let alone = unreadable().with("shop/inventory.yaml", alone).check(&["shop"]);
    assert_eq!(alone.rows(), unreadable().check(&["shop"]).rows());
}

/// What is said of one exception of the shop's retention, at a rule, for whom, until when.
fn noted(rule: &str, scope: &str, expires: &str) -> (Vec<(u64, String)>, String) {
    let exception = format!(
        "passmuster: inventory/v1\nexceptions:\n  - {{id: EX-1, rule: {rule}, {scope}, reason: r, residual_risk: r, requested_by: emil, approved_by: rosa, approved_at: 2026-11-01, expires: {expires}, compensating: [{{rule: ENC-001}}]}}\n"
    );
    let estate = unreadable().with("shop/exceptions.yaml", exception);
    let outcome = estate.check(&["shop"]);
    let codes = ["exception-unused", "exception-orphaned", "exception-expiring"];
    (codes.iter().flat_map(|code| said(&outcome, code)).collect(), estate.human(&["shop"]).1)
}

#[test]
fn exceptions_that_nobody_needs_or_that_end_soon_are_noted_in_every_report() {
    for (rule, scope, expires, note) in [
        ("INT-001", "service: loyalty", "2027-01-15", None),
        (
            "RET-001",
            "service: loyalty",
            "2027-01-15",
            Some("exception `EX-1` is not used: RET-001 is met in its scope"),
        ),
        (
            "INT-001",
            "service: loyalty, components: [config]",
            "2027-01-15",
            Some("exception `EX-1` covers nobody: INT-001 judges no one in its scope"),
        ),
        // Thirty days before its end, and a second earlier.
        (
            "INT-001",
            "service: loyalty",
            "2026-12-21T00:00:00Z",
            Some("exception `EX-1` ends on 2026-12-21; 1 finding of INT-001 rests on it"),
        ),
        ("INT-001", "service: loyalty", "2026-12-21T00:00:01Z", None),
        // One that ended, and that nothing relies on, is neither.
        ("RET-001", "service: loyalty", "2026-11-20", None),
    ] {
        let (notes, human) = noted(rule, scope, expires);
        let expected: Vec<_> = note.iter().map(|n| (3, (*n).to_owned())).collect();
        assert_eq!(notes, expected, "{rule} {scope} {expires}");
        assert_eq!(human.contains("exception-"), note.is_some(), "{human}");
    }
}

#[test]
fn an_approver_without_a_name_is_none() {
    let exception = EXCEPTIONS.replacen("approved_by: rosa", "approved_by: \"\"", 1);
    let outcome = unreadable().with("shop/exceptions.yaml", exception).check(&["shop", "--rule", "GOV-001"]);
    let found = row(&outcome, "GOV-001");
    assert_eq!(found["message"], "the exception has no approved_by");
}

#[test]
fn an_exception_does_not_excuse_itself() {
    let own =
        "passmuster: inventory/v1\nexceptions:\n  - {id: EX-9, rule: GOV-001, subject: EX-9, expires: 2026-12-01}\n";
    let found = row(&Estate::shop().with("shop/exceptions.yaml", own).check(&["shop"]), "GOV-001");
    assert_eq!((&found["verdict"], &found["subject"]["id"]), (&"fail".into(), &"EX-9".into()));
}

#[test]
fn an_exception_follows_its_rule_to_a_new_id() {
    let rule = |id: &str, more: &str| {
        format!(
            "# METADATA\n# title: The shop has a list\n# description: It always has.\n# custom:\n#   id: {id}\n#   severity: low\n\
             #   remediation: Write it down.\n#   facts: [service.components]\n{more}package house.has_a_list\n\n\
             import data.policies.lib.finding\n\nsubjects contains input.service.subject\n\n\
             findings contains finding.fail(input.service.subject, input.service.ref, {{\"message\": \"a list\"}})\n"
        )
    };
    let exception = EXCEPTIONS.lines().take(2).map(|line| format!("{line}\n")).collect::<String>()
        + "  - {id: EX-OLD, rule: HOUSE-001, service: loyalty, reason: r, residual_risk: r, requested_by: emil, approved_by: rosa, \
           approved_at: 2026-11-01, expires: 2027-01-15, compensating: [{rule: HOUSE-001}]}\n";
    let estate = Estate::shop().with("shop/exceptions.yaml", exception);
    for (file, verdict) in [
        (rule("HOUSE-001", ""), "excepted"),
        (rule("HOUSE-002", "#   aliases: [HOUSE-001]\n"), "excepted"),
        (rule("HOUSE-002", ""), "fail"),
    ] {
        estate.write("house/has_a_list.rego", &file);
        let outcome = estate.check(&["shop", "--policies", "house"]);
        let id = if file.contains("id: HOUSE-001") { "HOUSE-001" } else { "HOUSE-002" };
        assert_eq!(outcome.verdict(id, "loyalty").as_deref(), Some(verdict), "{:?}", outcome.said("error"));
    }
}
