//! Tiny policies, judged and linted.

use super::*;
use crate::source::Spot;
use regorus::Value;
use std::time::Duration;

fn file(number: u32, path: &str, text: &str, builtin: bool) -> PolicyFile {
    PolicyFile { file: FileId(number), path: path.into(), text: text.into(), builtin }
}

fn library() -> PolicyFile {
    file(99, "policies/lib/finding.rego", include_str!("../../policies/lib/finding.rego"), true)
}

/// A rule file `policies/x/<name>.rego` with METADATA and the usual imports above `body`.
fn rule(number: u32, name: &str, body: &str) -> PolicyFile {
    let text = format!(
        "# METADATA\n# title: T\n# description: D\n# custom:\n#   id: X-00{number}\n#   severity: high\npackage policies.x.{name}\n\nimport data.policies.lib.finding\n\n{body}"
    );
    file(number, &format!("policies/x/{name}.rego"), &text, true)
}

const SUBJECTS: &str = "subjects contains c.subject if some c in input.components\n";

const LATE: &str = r#"
findings contains finding.fail(c.subject, finding.at(c.newest_point, "taken_at"), detail) if {
	some c in input.components
	c.newest_point.age_s > input.limits.rpo_s
	detail := {"message": "{observed} old", "observed": c.newest_point.age_s, "expected": input.limits.rpo_s, "unit": "s"}
}

findings contains finding.unknown(c.subject, c.ref, {"message": "no point is known"}) if {
	some c in input.components
	not c.newest_point.age_s
}
"#;

fn schema() -> serde_json::Value {
    serde_json::json!({
        "type": "object",
        "properties": {
            "service": {"type": "object", "properties": {"id": {"type": "string"}, "tenant": {"type": "string"}}},
            "limits": {"$ref": "#/$defs/limits"},
            "components": {"type": "array", "items": {"$ref": "#/$defs/component"}},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}}
        },
        "$defs": {
            "limits": {"type": "object", "additionalProperties": false, "properties": {"rpo_s": {"type": "integer"}}},
            "component": {
                "allOf": [{"$ref": "#/$defs/record"}],
                "type": "object",
                "properties": {"subject": {"type": "object"}, "newest_point": {"$ref": "#/$defs/point"}, "copies": {"type": "array", "items": {"$ref": "#/$defs/point"}}}
            },
            "record": {"properties": {"ref": {"type": "string"}}},
            "point": {"anyOf": [{"type": "object", "properties": {"age_s": {"type": "integer"}, "ref": {"type": "string"}}}]}
        }
    })
}

fn position() -> Value {
    Value::from_json_str(
        r#"{"service": {"id": "shop", "tenant": "acme"}, "limits": {"rpo_s": 60}, "labels": {}, "components": [
            {"ref": "0:0:/a", "subject": {"kind": "component", "service": "shop", "component": "db"}, "newest_point": {"age_s": 61, "ref": "1:0:/p"}, "copies": []},
            {"ref": "0:0:/b", "subject": {"kind": "component", "service": "shop", "component": "files"}},
            {"ref": "0:0:/c", "subject": {"kind": "component", "service": "shop", "component": "web"}, "newest_point": {"age_s": 60, "ref": "1:0:/q"}, "copies": []}]}"#,
    )
    .unwrap()
}

fn load(files: &[PolicyFile], choice: EngineChoice) -> (Policies, Diagnostics) {
    let mut found = Diagnostics::default();
    let policies = policies(files, &schema(), choice, 42, &mut found);
    (policies, found)
}

fn judge(policies: &Policies) -> Vec<Judgement> {
    on_big_stack(|| policies.worker().judge(&position()))
}

/// The text each diagnostic points at, and what it says.
fn said(files: &[PolicyFile], found: &Diagnostics) -> Vec<(String, String)> {
    found
        .iter()
        .map(|d| {
            let place = d.place.clone().unwrap();
            let text = &files.iter().find(|f| f.file == place.file).unwrap().text;
            let Spot::Bytes { start, end } = place.spot else { panic!("{d:?}") };
            let help = d.help.clone().map(|h| format!(" ({h})")).unwrap_or_default();
            (text[start..end].to_owned(), format!("{}: {}{help}", d.code, d.message))
        })
        .collect()
}

/// Loads a broken rule beside a sound one; what is said of it, after checking that only it is broken.
fn refused(body: &str) -> (String, String) {
    let files = [library(), rule(1, "bad", body), rule(2, "late", &format!("{SUBJECTS}{LATE}"))];
    let (policies, found) = load(&files, EngineChoice::Auto);
    assert!(matches!(policies.rules()[0].state, RuleState::Broken { .. }), "{:?} {found:?}", policies.rules()[0].state);
    let judgements = judge(&policies);
    assert_eq!(judgements.iter().map(|j| (j.rule, j.result.is_ok())).collect::<Vec<_>>(), [(1, true)]);
    let said = said(&files, &found);
    assert_eq!(said.len(), 1, "{said:?}");
    said[0].clone()
}

const ALL: [EngineChoice; 4] = [EngineChoice::Auto, EngineChoice::Interpreter, EngineChoice::Rvm, EngineChoice::Both];

#[test]
fn fail_unknown_pass_and_not_applicable_on_every_engine() {
    let nobody = "subjects contains x if {\n\tsome x in []\n}\n\nfindings contains x if {\n\tsome x in []\n}\n";
    let files = [library(), rule(1, "late", &format!("{SUBJECTS}{LATE}")), rule(2, "nobody", nobody)];
    for choice in ALL {
        let (policies, found) = load(&files, choice);
        assert!(found.is_empty(), "{found:?}");
        let rvm = choice != EngineChoice::Interpreter;
        assert!(policies.rules().iter().all(|r| matches!(r.state, RuleState::Ready { rvm: is, .. } if is == rvm)));
        let judgements = judge(&policies);
        let rows = judgements[0].result.clone().unwrap();
        let verdicts: Vec<_> = rows.iter().map(|r| (r.subject.component.as_deref().unwrap(), r.verdict)).collect();
        assert_eq!(verdicts, [("db", Verdict::Fail), ("files", Verdict::Unknown), ("web", Verdict::Pass)]);
        assert_eq!(
            rows[0].findings,
            [Finding {
                verdict: Verdict::Fail,
                reference: Some("1:0:/p/taken_at".into()),
                message: "{observed} old".into(),
                observed: Some(61.into()),
                expected: Some(60.into()),
                unit: Some("s".into()),
                discriminator: None,
                evidence: vec![],
            }]
        );
        assert_eq!(judgements[1].result, Ok(vec![]));
    }
}

#[test]
fn without_subjects_the_service_is_judged() {
    let files = [
        library(),
        rule(
            1,
            "a",
            "findings contains finding.fail(s, \"\", {\"message\": \"m\"}) if {\n\tinput.limits.rpo_s > 1\n\ts := {\"kind\": \"service\", \"tenant\": \"acme\", \"service\": \"shop\"}\n}\n",
        ),
    ];
    for choice in ALL {
        let rows = judge(&load(&files, choice).0)[0].result.clone().unwrap();
        assert_eq!((rows.len(), rows[0].verdict), (1, Verdict::Fail));
        assert_eq!(rows[0].subject.tenant.as_deref(), Some("acme"));
    }
}

#[test]
fn a_finding_outside_subjects_is_an_error() {
    let body = format!(
        "subjects contains c.subject if {{\n\tsome c in input.components\n\tc.subject.component == \"web\"\n}}\n{LATE}"
    );
    for choice in ALL {
        let (policies, _) = load(&[library(), rule(1, "a", &body)], choice);
        assert!(matches!(judge(&policies)[0].result, Err(RuleError::Stranger(_))));
    }
}

#[test]
fn an_error_is_its_rules_alone() {
    let zero = format!(
        "{SUBJECTS}\nfindings contains finding.fail(c.subject, \"\", {{\"message\": \"m\"}}) if {{\n\tsome c in input.components\n\t1 / (input.limits.rpo_s - 60) > 0\n}}\n"
    );
    let files = [library(), rule(1, "zero", &zero), rule(2, "late", &format!("{SUBJECTS}{LATE}"))];
    let (policies, found) = load(&files, EngineChoice::Auto);
    assert!(found.is_empty());
    assert!(
        matches!(&policies.rules()[0].state, RuleState::Ready { rvm: false, because: Some(why) } if why.contains("zero"))
    );
    let judgements = judge(&policies);
    assert_eq!(judgements[0].result, Err(RuleError::Policy("divide by zero (policies/x/zero.rego:15)".into())));
    assert!(judgements[1].result.is_ok());
}

#[test]
fn a_loop_is_stopped() {
    // The RVM may judge the first; `numbers.range` sends the second to the interpreter.
    let digits = "d := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n\n";
    let nested = format!(
        "{SUBJECTS}\n{digits}findings contains finding.fail(c.subject, \"\", {{\"message\": \"m\"}}) if {{\n\tsome c in input.components\n\tnot busy\n}}\n\nbusy if count([1 | some a in d; some b in d; some c in d; some e in d; some f in d; some g in d; some h in d; a + b + c + e + f + g + h == 0]) > 0\n"
    );
    let ranged = format!(
        "{SUBJECTS}\nfindings contains finding.fail(c.subject, \"\", {{\"message\": \"m\"}}) if {{\n\tsome c in input.components\n\tcount([1 | some a in numbers.range(1, 5000); some b in numbers.range(1, 5000); a * b == 0]) > 0\n}}\n"
    );
    let files = [
        library(),
        rule(1, "nested", &nested),
        rule(2, "ranged", &ranged),
        rule(3, "late", &format!("{SUBJECTS}{LATE}")),
    ];
    for choice in [EngineChoice::Auto, EngineChoice::Interpreter] {
        let limits = Limits { time: Duration::from_millis(200), instructions: 100_000, ..Limits::default() };
        let (policies, found) = load(&files, choice);
        assert!(found.is_empty(), "{found:?}");
        let judgements = judge(&policies.with_limits(limits));
        assert!(matches!(judgements[0].result, Err(RuleError::Stopped(_))), "{judgements:?}");
        assert_eq!(judgements[1].result, Err(RuleError::Stopped("0.2 s".into())));
        assert!(judgements[2].result.is_ok());
    }
}

#[test]
fn a_call_that_would_fill_the_memory_is_refused() {
    let body = format!(
        "{SUBJECTS}\nfindings contains c if {{\n\tsome c in input.components\n\tcount(numbers.range(1, 3000000000)) > 0\n}}\n"
    );
    let (policies, _) = load(&[library(), rule(1, "a", &body)], EngineChoice::Auto);
    let Err(RuleError::Policy(message)) = &judge(&policies)[0].result else { panic!() };
    assert!(message.contains("more than 1000000 numbers"), "{message}");
}

#[test]
fn the_clock_stands_still() {
    let body = "findings contains finding.fail(s, \"\", {\"message\": \"m\", \"observed\": time.now_ns()}) if s := {\"kind\": \"service\", \"tenant\": \"acme\", \"service\": \"shop\"}\n";
    let (at, message) = refused(body);
    assert_eq!(at, "time.now_ns");
    assert!(message.contains("refused in the built-in pack"), "{message}");
    let mut user = rule(1, "a", body);
    user.builtin = false;
    let (policies, found) = load(&[library(), user], EngineChoice::Auto);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(judge(&policies)[0].result.clone().unwrap()[0].findings[0].observed, Some(42.into()));
}

#[test]
fn what_cannot_fire_is_refused_at_its_line() {
    let finding = |condition: &str| {
        format!("{SUBJECTS}\nfindings contains c if {{\n\tsome c in input.components\n\t{condition}\n}}\n")
    };
    for (body, at, message) in [
        (
            finding("counts(c.copies) > 1"),
            "counts",
            "policy: nobody declares a function `counts` (did you mean `count`?)",
        ),
        (
            finding("finding.failed(c) == 1"),
            "finding.failed",
            "policy: package `policies.lib.finding` declares no `failed` (did you mean `fail`?)",
        ),
        (finding("startswith(c.ref)"), "startswith", "policy: `startswith` takes 2 arguments, not 1"),
        (finding("finding.at(c) == 1"), "finding.at", "policy: `finding.at` takes 2 arguments, not 1"),
        (
            finding("data.policies.lib.fnding.x == 1"),
            "data.policies.lib.fnding.x",
            "policy: nobody declares `data.policies.lib.fnding.x` (did you mean `policies.lib.finding`?)",
        ),
        (
            finding("c.newst_point.age_s > 1"),
            "newst_point",
            "policy: a position has no `c.newst_point` (did you mean `newest_point`?)",
        ),
        (
            finding("c.newest_point.age > 1"),
            "age",
            "policy: a position has no `c.newest_point.age` (did you mean `age_s`?)",
        ),
        (finding("input.limit.rpo_s > 1"), "limit", "policy: a position has no `input.limit` (did you mean `limits`?)"),
        (
            finding("input.components.age_s > 1"),
            "age_s",
            "policy: a position has no `input.components.age_s` (what it is taken from has no named fields)",
        ),
        (
            finding("http.send({\"method\": \"get\", \"url\": \"http://localhost\"})"),
            "http.send",
            "policy: `http.send` is not available to policies (policies have no network)",
        ),
        (
            finding("f(3) > 1") + "\nf(x) := g(x) if x > 1\n\ng(x) := f(x - 1)\n",
            "f(x - 1)",
            "policy: recursion is not allowed: f → g → f",
        ),
        (finding("f(3) > 1") + "\nf(x) := f(x - 1)\n", "f(x - 1)", "policy: recursion is not allowed: f → f"),
        (
            finding("not startswith(c.ref, \"x\")"),
            "c.ref",
            "policy: engines disagree on this `not` when `c.ref` is missing (bind it first: `value := c.ref`, then negate the call on `value`)",
        ),
        (
            "findings := []\n".into(),
            "findings",
            "policy: `findings` is not a partial set (write `findings contains … if …`)",
        ),
        (
            "x := 1\n".into(),
            "package policies.x.bad",
            "policy: the rule declares no `findings` (write `findings contains finding.fail(…) if …`; a helper belongs into a package `lib`)",
        ),
    ] {
        let said = refused(&body);
        assert_eq!(said, (at.to_owned(), message.to_owned()), "{body}");
    }
}

#[test]
fn unbound_variables_and_bad_syntax_are_refused_at_their_line() {
    let (at, message) = refused("findings contains finding.fail(s, \"\", {}) if input.limits.rpo_s > 1\n");
    assert!(at.starts_with('s') && message.contains("`s`"), "{at} {message}");
    let (at, message) = refused("findings contains x if {\n\tx := y + 1\n}\n");
    assert!(at.starts_with("y + 1") && message.contains("`y`"), "{at} {message}");
    let (at, message) = refused("findings contains x if {\n\tx := {1,\n}\n");
    assert!(message.starts_with("policy: "), "{at} {message}");
}

#[test]
fn paths_are_followed_through_rules_functions_and_comprehensions() {
    for (body, at) in [
        (
            "late contains c if some c in input.components\n\nfindings contains c if {\n\tsome c in late\n\tc.copis[0].age_s > 1\n}\n",
            "copis",
        ),
        (
            "findings contains c if {\n\tsome c in input.components\n\told(c.newest_point)\n}\n\nold(p) if p.age > 1\n",
            "age",
        ),
        ("findings contains a if {\n\ta := [p.ago | some c in input.components; some p in c.copies]\n}\n", "ago"),
        ("findings contains c if {\n\tsome c in input.components\n\tevery p in c.copies { p.aged > 1 }\n}\n", "aged"),
        (
            "findings contains c if {\n\tsome c in input.components\n\tobject.get(c, \"newest\", {}) == {}\n}\n",
            "\"newest\"",
        ),
        ("findings contains c if {\n\tc := input.components[_]\n\tcount(c.copy) > 1\n}\n", "copy"),
        ("findings contains x if {\n\tx := y.rpo\n\ty := input.limits\n}\n", "rpo"),
    ] {
        let said = refused(body);
        assert_eq!(said.0.trim_matches('"'), at.trim_matches('"'), "{said:?}");
    }
    let fine = "findings contains c if {\n\tsome name, label in input.labels\n\tlabel == name\n\tinput.labels.whatever == \"x\"\n\tinput.labels[name] == label\n\tsome c in input.components\n\tc.subject.anything == 1\n\tsome p in object.get(c, \"copies\", [])\n\tp.whatever == 1\n}\n";
    let (policies, found) = load(&[library(), rule(1, "fine", fine)], EngineChoice::Auto);
    assert!(found.is_empty(), "{found:?}");
    assert!(matches!(policies.rules()[0].state, RuleState::Ready { .. }));
}

#[test]
fn an_import_nobody_declares_is_refused() {
    let mut bad = rule(1, "bad", "findings contains finding.fail({}, \"\", {})\n");
    bad.text = bad.text.replace("data.policies.lib.finding", "data.policies.lib.finder as finding");
    let files = [library(), bad];
    let (policies, found) = load(&files, EngineChoice::Auto);
    assert!(matches!(policies.rules()[0].state, RuleState::Broken { .. }));
    let said = said(&files, &found);
    assert!(
        said.iter()
            .any(|(_, m)| m
                == "policy: nobody declares `data.policies.lib.finder` (did you mean `policies.lib.finding`?)"),
        "{said:?}"
    );
}

#[test]
fn a_broken_library_breaks_those_who_use_it_alone() {
    let broken = file(98, "policies/lib/unit.rego", "package policies.lib.unit\n\nf(x) := nope(x)\n", true);
    let user =
        rule(1, "user", "findings contains c if {\n\tsome c in input.components\n\tdata.policies.lib.unit.f(c)\n}\n");
    let files = [library(), broken, user, rule(2, "late", &format!("{SUBJECTS}{LATE}"))];
    let (policies, found) = load(&files, EngineChoice::Auto);
    assert_eq!(said(&files, &found).len(), 1);
    let RuleState::Broken { reason } = &policies.rules()[0].state else { panic!() };
    assert_eq!(reason, "it uses policies/lib/unit.rego, which is broken: nobody declares a function `nope`");
    assert_eq!(judge(&policies).len(), 1);
}

#[test]
fn ids_and_packages_are_one_rules_alone() {
    let mut twin = rule(1, "twin", "findings contains x if some x in []\n");
    twin.file = FileId(2);
    let mut lost = rule(3, "lost", "findings contains x if some x in []\n");
    lost.text = lost.text.replace("policies.x.lost", "policies.y.lost");
    let bare =
        file(4, "policies/x/bare.rego", "package policies.x.bare\n\nfindings contains x if some x in []\n", false);
    let files = [library(), rule(1, "one", "findings contains x if some x in []\n"), twin, lost, bare];
    let (policies, found) = load(&files, EngineChoice::Auto);
    assert_eq!(policies.rules().iter().map(|r| r.metadata.id.as_str()).collect::<Vec<_>>(), ["X-001", "X-003"]);
    let said: Vec<String> = said(&files, &found).into_iter().map(|(at, m)| format!("{at} | {m}")).collect();
    assert_eq!(
        said,
        [
            "  id: X-001 | policy: two rules have the id `X-001` (an id is never used twice; give this rule one of its own)",
            "package policies.y.lost | policy: package `policies.y.lost` is not the file's path (call it `policies.x.lost`)",
            "package policies.x.bare | metadata: the rule has no METADATA (put a comment block directly above `package` that starts with `# METADATA` and gives title, description, custom.id and custom.severity)",
        ]
    );
    assert!(matches!(policies.rules()[1].state, RuleState::Broken { .. }));
}

#[test]
fn what_the_rvm_would_hide_goes_to_the_interpreter() {
    for (condition, rest) in [
        ("to_number(c.ref) > 1", ""),
        ("sprintf(\"%d\", [1]) == \"1\"", ""),
        ("v == 1", "\nv := 1 if input.limits.rpo_s > 1\n\nv := 2 if input.limits.rpo_s > 2\n"),
        ("1 == 1 with input as {}", ""),
        ("regex.match(c.ref, \"a\")", ""),
    ] {
        let body =
            format!("{SUBJECTS}\nfindings contains c if {{\n\tsome c in input.components\n\t{condition}\n}}\n{rest}");
        let (policies, found) = load(&[library(), rule(1, "a", &body)], EngineChoice::Auto);
        assert!(found.is_empty(), "{found:?}");
        assert!(matches!(policies.rules()[0].state, RuleState::Ready { rvm: false, because: Some(_) }), "{condition}");
        let (policies, found) = load(&[library(), rule(1, "a", &body)], EngineChoice::Rvm);
        assert!(matches!(policies.rules()[0].state, RuleState::Broken { .. }) && found.has_errors());
    }
}

#[test]
fn recursion_that_the_lint_misses_does_not_end_the_process() {
    // A rule that comes back to itself through `data` and a computed name.
    let body = format!(
        "{SUBJECTS}\nfindings contains c if {{\n\tsome c in input.components\n\tdata.policies.x[\"b\"][c.ref]\n}}\n"
    );
    let (policies, _) =
        load(&[library(), rule(1, "a", &body), rule(2, "late", &format!("{SUBJECTS}{LATE}"))], EngineChoice::Auto);
    assert!(judge(&policies).iter().any(|j| j.result.is_ok()));
}
