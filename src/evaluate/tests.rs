//! Tiny policies, judged and linted.

use super::*;
use crate::parallel::{in_parallel, on_big_stack};
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

fn schemas(position: &str) -> Schemas<'_> {
    Schemas { position, estate: "{}" }
}

fn schema() -> serde_json::Value {
    serde_json::json!({
        "type": "object",
        "required": ["service", "limits", "components"],
        "properties": {
            "service": {"type": "object", "properties": {"id": {"type": "string"}, "tenant": {"type": "string"}}},
            "limits": {"$ref": "#/$defs/limits"},
            "components": {"type": "array", "items": {"$ref": "#/$defs/component"}},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "outcomes": {"type": "array", "items": {"type": "object"}}
        },
        "$defs": {
            "limits": {"type": "object", "additionalProperties": false, "properties": {"rpo_s": {"type": "integer"}}},
            "component": {
                "allOf": [{"$ref": "#/$defs/record"}],
                "type": "object",
                "properties": {"subject": {"type": "object"}, "kind": {"type": "string"}, "newest_point": {"$ref": "#/$defs/point"}, "copies": {"type": "array", "items": {"$ref": "#/$defs/point"}}}
            },
            "record": {"required": ["ref", "subject"], "properties": {"ref": {"type": "string"}}},
            "point": {"anyOf": [{"type": "object", "required": ["age_s", "ref"], "properties": {"age_s": {"type": "integer"}, "ref": {"type": "string"}}}]}
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
    let policies = policies(files, schemas(&schema().to_string()), choice, 42, &mut found);
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
        let limits = Limits { time: Duration::from_millis(200), instructions: 100_000 };
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
    assert_eq!((at.as_str(), &message[..25]), ("s", "policy: nothing binds `s`"));
    let (at, message) = refused("findings contains x if {\n\tx := y + 1\n}\n");
    assert_eq!((at.as_str(), &message[..25]), ("y", "policy: nothing binds `y`"));
    let (at, _) = refused("findings contains x if count([x | some x in input.components]) > 1\n");
    assert_eq!(at, "x");
    let (at, _) = refused("findings contains x if {\n\tsome x in input.components\n\tnot x == y\n}\n");
    assert_eq!(at, "y");
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
        ("v(c) == 1", "\nv(c) := p.age_s if some p in c.copies\n"),
        ("v == 1", "\nv := input.components[_].newest_point.age_s\n"),
        ("v == 1", "\nv := 1 if {\n\tsome x in input.components\n\tx.ref == 1\n} else := 2\n"),
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

#[test]
fn a_tree_too_deep_to_drop_is_refused() {
    let deep = format!(
        "findings contains x if {{
	x := 1
{}}}
",
        " + 1 + 1 + 1 + 1 + 1
"
        .repeat(15_000)
    );
    let (_, message) = refused(&deep);
    assert_eq!(message, "policy: an expression is more than 500 levels deep");
    let (at, message) = refused(&format!("findings contains {}1{}\n", "[".repeat(30), "]".repeat(30)));
    assert!(at.starts_with("findings") && message.contains("nested too deeply"), "{at} {message}");
    let (at, message) = refused(&format!("findings contains {}1{}\n", "(".repeat(400), ")".repeat(400)));
    assert!(at.starts_with('(') && message.contains("nesting too deep"), "{at} {message}");
}

#[test]
fn a_file_that_does_not_parse_is_a_broken_rule() {
    let (policies, _) = load(&[library(), rule(1, "a", "findings contains {\n")], EngineChoice::Auto);
    assert_eq!(policies.rules()[0].metadata.id, "X-001");
    assert!(matches!(policies.rules()[0].state, RuleState::Broken { .. }));
}

#[test]
fn a_users_file_cannot_join_a_built_in_package() {
    let mut shadow = rule(2, "late", "findings contains x if some x in []\n");
    shadow.path = "mine/late.rego".into();
    shadow.builtin = false;
    let hijack = file(3, "mine/finding.rego", "package policies.lib.finding\n\nfail(a, b, c) := {}\n", false);
    let files = [shadow, hijack, rule(1, "late", &format!("{SUBJECTS}{LATE}")), library()];
    let (policies, found) = load(&files, EngineChoice::Auto);
    let said = said(&files, &found);
    assert!(
        said.contains(&(
            "package policies.lib.finding".into(),
            "policy: package `policies.lib.finding` is taken by policies/lib/finding.rego".into()
        )),
        "{said:?}"
    );
    assert!(
        said.contains(&(
            "package policies.x.late".into(),
            "policy: package `policies.x.late` is taken by policies/x/late.rego".into()
        )),
        "{said:?}"
    );
    let ready: Vec<_> = policies.rules().iter().map(|r| matches!(r.state, RuleState::Ready { .. })).collect();
    assert_eq!(ready, [true, false]);
    assert_eq!(judge(&policies)[0].result.as_ref().unwrap().len(), 3);
}

#[test]
fn estate_and_outcome_rules_wait_for_their_input() {
    let body = "subjects contains t.subject if some t in input.estate.tools\n\nfindings contains x if some x in []\n";
    let mut estate = rule(1, "estate", body);
    estate.text = estate.text.replace("#   severity", "#   subject: estate\n#   severity");
    let mut outcomes = rule(2, "outcomes", "findings contains x if {\n\tsome x in input.outcomes\n\tx.rule == 1\n}\n");
    outcomes.text = outcomes.text.replace("#   severity", "#   phase: outcomes\n#   severity");
    let (policies, found) = load(&[library(), estate, outcomes], EngineChoice::Auto);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(judge(&policies), []);
    let wanted = policies.select(|m| m.subject == SubjectKind::Estate);
    let input = Value::from_json_str(r#"{"estate": {"tools": [{"subject": {"kind": "tool", "id": "t"}}]}}"#).unwrap();
    let judgements = on_big_stack(|| policies.worker().judge_with(&wanted, &input));
    assert_eq!(judgements[0].result.as_ref().unwrap()[0].subject.id.as_deref(), Some("t"));
}

#[test]
fn helpers_of_the_user_are_no_rules() {
    let mut own = rule(
        1,
        "own",
        "findings contains x if {\n\tsome c in input.components\n\tdata.acme.words.same(c.ref, c.ref)\n\tx := finding.fail({\"kind\": \"service\", \"tenant\": \"acme\", \"service\": \"shop\"}, c.ref, {\"message\": \"m\"})\n}\n",
    );
    own.builtin = false;
    let words = file(2, "acme/words.rego", "package acme.words\n\nsame(a, b) if lower(a) == lower(b)\n", false);
    let idle = file(3, "acme/idle.rego", "package acme.idle\n\ndeny contains \"x\" if input.x\n", false);
    let files = [library(), own, words, idle];
    let (policies, found) = load(&files, EngineChoice::Both);
    assert_eq!(said(&files, &found)[0].0, "package acme.idle");
    assert_eq!(found.len(), 2, "{found:?}"); // METADATA and `findings` missing
    assert_eq!(judge(&policies)[0].result.as_ref().unwrap()[0].findings.len(), 3);
}

/// Idioms of the pack, one a condition over `c`; the interpreter and the RVM have to agree on each.
#[test]
fn the_engines_agree_on_the_idioms_of_the_pack() {
    let idioms = [
        "every p in c.copies { p.age_s > 1 }",
        "count(object.get(c, \"copies\", [])) == 0",
        "not c.newest_point",
        "not c.newest_point.age_s > 60",
        "limit == 60",
        "grade(c) in {\"late\", \"none\"}",
        "c.subject.component in {x.subject.component | some x in input.components; x.newest_point.age_s > 60}",
        "ages := [a | some x in input.components; a := x.newest_point.age_s]\n\tmax(ages) == 61\n\tmin(ages) == 60\n\tsum(ages) == 121",
        "some i, x in input.components\n\tx.ref == c.ref\n\ti > 0",
        "{k: v | some k, v in c.subject}.component == \"db\"",
        "count({x.ref | some x in input.components} - {c.ref}) == 2",
        "endswith(c.ref, \"a\")\n\tsplit(c.ref, \":\")[0] == \"0\"",
        "late[c.ref]",
        "c.newest_point.age_s % 2 == 1",
        "flag",
        "is_object(c.newest_point)\n\tobject.union(c.newest_point, {\"age_s\": 1}).age_s == 1",
        "concat(\",\", sort([x.subject.component | some x in input.components])) == \"db,files,web\"",
        "null > c.newest_point.age_s",
        "some p in array.concat(c.copies, [c.newest_point])\n\tp.age_s == 61",
        "input.limits.rpo_s * 2 > c.newest_point.age_s + 58",
        "walked",
        "c.newest_point.age_s == input.components[_].newest_point.age_s",
        "numbered[c.ref] > 0",
    ];
    let rest = "limit := input.limits.rpo_s if input.limits.rpo_s > 0\n\nelse := 0\n\ngrade(c) := \"late\" if c.newest_point.age_s > limit\n\nelse := \"none\" if not c.newest_point\n\nelse := \"fine\"\n\nlate contains c.ref if {\n\tsome c in input.components\n\tgrade(c) == \"late\"\n}\n\ndefault flag := false\n\nflag if count(late) == 1\n\nwalked if {\n\tsome c in input.components\n\tc.newest_point.age_s == 61\n}\n\nnumbered := {c.ref: i | some i, c in input.components}\n";
    let mut fired = 0;
    for idiom in idioms {
        let body = format!(
            "{SUBJECTS}\nfindings contains finding.fail(c.subject, c.ref, {{\"message\": \"m\"}}) if {{\n\tsome c in input.components\n\t{idiom}\n}}\n\n{rest}"
        );
        let files = [library(), rule(1, "a", &body)];
        let (policies, found) = load(&files, EngineChoice::Both);
        assert!(found.is_empty(), "{idiom}: {found:?}");
        assert!(
            matches!(policies.rules()[0].state, RuleState::Ready { rvm: true, .. }),
            "{idiom}: {:?}",
            policies.rules()[0].state
        );
        let rows = judge(&policies)[0].result.clone().unwrap_or_else(|e| panic!("{idiom}: {e}"));
        fired += usize::from(rows.iter().any(|r| r.verdict == Verdict::Fail));
    }
    assert!(fired >= idioms.len() - 2, "{fired}"); // two are meant to be silent
}

#[test]
fn policies_are_shared_and_workers_sent() {
    fn shared<T: Send + Sync>() {}
    fn sent<T: Send>() {}
    shared::<Policies>();
    sent::<Worker<'_>>();
    let (policies, _) = load(&[library(), rule(1, "late", &format!("{SUBJECTS}{LATE}"))], EngineChoice::Auto);
    let mut rows = 0;
    let positions = std::iter::repeat_with(position).take(50);
    in_parallel(
        2,
        positions,
        || policies.worker(),
        |worker, p| worker.judge(&p),
        |_, judged| rows += judged[0].result.as_ref().unwrap().len(),
    );
    assert_eq!(rows, 150);
}

#[test]
fn an_undefined_finding_is_no_pass_on_the_interpreter() {
    let body = format!(
        "{SUBJECTS}\nfindings contains finding.fail(c.subject, c.newest_point.ref, {{\"message\": \"m\"}}) if some c in input.components\n"
    );
    // Without a schema, which would have it refused before it judges.
    let files = [library(), rule(1, "a", &body)];
    let policies = policies(&files, schemas("{}"), EngineChoice::Interpreter, 42, &mut Diagnostics::default());
    let Err(RuleError::Policy(message)) = &judge(&policies)[0].result else { panic!() };
    assert!(message.starts_with("a rule adds an element that is undefined"), "{message}");
}

/// Rules that meet what is missing, for the conditions below.
const REST: &str = r#"
f(x) := x

g(c) if a := c.newest_point.age_s

h(c) := "none" if not c.newest_point

else := "some"

k(c, a) if a > 1

m(c) := c.newest_point.age_s

n(c) if {
	some p in c.copies
	p.x
} else if {
	a := c.newest_point.age_s
	a > 1
}

e1(c) if {
	some p in c.copies
	p.x
} else if c.newest_point

e2(c) := 2 if {
	some p in c.copies
	p.x
} else := 1 if c.newest_point

e3 := 1 if {
	some x in input.components
	x.nothing
} else := 2

e4(c) := 1 if {
	some x in input.components
	x.nothing
} else := 2

e5(c) := 1 if {
	count([1 | some x in input.components; x.nothing]) > 0
} else := 2

e6(c) := 1 if {
	input.components[_].nothing
} else := 2

e7(c) := 1 if {
	a := c.nothing
	some x in input.components
} else := 2

default d1 := 0

d1 := 1 if {
	some x in input.components
	x.nothing
}

d2(c) if {
	some p in c.copies
	p.nothing
}

d2(c) if c.newest_point.age_s

d3(c) := 1 if {
	some name, v in c.newest_point
	name == "age_s"
	v > 1
}

default d4 := 5

d4 := x if {
	x := input.limits.none
}

d5(c) if {
	some x in input.components
	x.ref == c.ref
}

d6 contains c.ref if {
	some c in input.components
	c.newest_point
	some x in input.components
	x.newest_point
}

d7 if {
	some x, y in input.components
	y.newest_point.age_s == 61
}

d8 contains p if {
	some x in input.components
	p := x.newest_point
	not p.nothing
}

d9([_, _, _]) := true

d10({"a": x}) := x

d11("x") := 1

d12(x) := true

d13 if {
	every x in input.components { x.newest_point }
}

default d14 := false

d14 if input.missing

false_rule := false

late contains x.newest_point.age_s if some x in input.components

bound contains a if {
	some x in input.components
	a := x.newest_point.age_s
}

every_point contains input.components[_].newest_point.age_s

keyed[x.ref] := 1 if some x in input.components

objects := {x.ref: x.newest_point.age_s | some x in input.components}

value := input.missing if true

default fallback := 1

fallback := input.missing
"#;

/// Conditions on `c` in which something is missing for one of three components: on regorus 0.14.1 the RVM takes
/// many of them for something else than the interpreter does, unless it sees the rewritten text. The number is
/// how many components the interpreter finds.
const MISSING: &[(&str, usize)] = &[
    ("a := c.newest_point.age_s", 2),
    ("a := c.newest_point.age_s\n\tnot a == 1", 2),
    ("_ := c.newest_point.age_s", 2),
    ("count([1 | a := c.newest_point.age_s]) == 1", 2),
    ("count([1 | a := c.newest_point.age_s; true]) == 1", 2),
    ("count([1 | some x in input.components; a := x.newest_point.age_s]) == 2", 3),
    ("count([1 | some x in input.components; x.newest_point.age_s]) == 2", 3),
    ("count([c.newest_point.age_s | true]) == 1", 2),
    ("[c.newest_point.age_s | true] == []", 1),
    ("count([[c.newest_point.age_s] | true]) == 0", 1),
    ("count([{\"a\": c.newest_point.age_s} | true]) == 0", 1),
    ("count({c.newest_point.age_s | true}) == 1", 2),
    ("count({\"k\": c.newest_point.age_s | true}) == 1", 2),
    ("count([count(c.newest_point) | true]) == 0", 1),
    ("count([p.age_s | some x in input.components; p := x.newest_point]) == 2", 3),
    ("x := {\"a\": c.newest_point.age_s}", 2),
    ("x := [c.newest_point.age_s]", 2),
    ("x := {c.newest_point.age_s}", 2),
    ("x := c.newest_point.age_s + 1", 2),
    ("x := f(c.newest_point.age_s)", 2),
    ("f(c.newest_point.age_s)", 2),
    ("g(c)", 2),
    ("not g(c)", 1),
    ("x := g(c)", 2),
    ("every p in [c.newest_point.age_s | true] { p > 100 }", 1),
    ("every p in c.copies { p.nothing }", 2),
    ("every p in c.missing { p > 1 }", 0),
    ("every x in input.components { a := x.newest_point.age_s; a > 1 }", 0),
    ("every x in input.components { a := x.ref; a != \"\" }", 3),
    ("not c.missing.foo", 3),
    ("x := object.get(c, [\"newest_point\", \"age_s\"], 5)", 3),
    ("x := c.subject[c.missing]", 0),
    ("[a, b] := [c.newest_point.age_s, 1]", 2),
    ("false_rule", 0),
    ("x := false_rule", 3),
    ("value", 0),
    ("x := value", 0),
    ("not value", 3),
    ("h(c) == \"none\"", 1),
    ("h(c) == \"some\"", 2),
    ("fallback == 1", 3),
    ("k(c, c.newest_point.age_s)", 2),
    ("m(c)", 2),
    ("not m(c)", 1),
    ("n(c)", 2),
    ("count(bound) == 2", 3),
    ("x := bound", 3),
    ("bound[61]", 3),
    ("some a in bound\n\ta == c.newest_point.age_s", 2),
    ("count(keyed) == 3", 3),
    ("keyed[c.ref] > 1", 0),
    ("objects[c.ref] > 1", 2),
    ("x := [y.a | y := {\"a\": c.missing}]\n\tcount(x) == 0", 3),
    ("x := {a: b | some a, b in c.newest_point}\n\tx.age_s == 61", 1),
    ("x := {a: b.zz | some a, b in c.newest_point}\n\tcount(x) == 0", 3),
    ("a := 1\n\tx := [a | a := c.newest_point.age_s]\n\tcount(x) == a", 2),
    ("x := sum([a |\n\t\tsome y in input.components\n\t\ta := y.newest_point.age_s\n\t])\n\tx == 121", 3),
    ("x := sum([y.newest_point.age_s |\n\t\tsome y in input.components\n\t])\n\tx == 121", 3),
    ("x := sum([y.newest_point.age_s | # why\n\t\tsome y in input.components # because\n\t])\n\tx == 121", 3),
    ("x := max([(y.newest_point.age_s - 1) | some y in input.components])\n\tx == 60", 3),
    ("x := [max([y.newest_point.age_s, 5]) | some y in input.components]\n\tcount(x) == 2", 3),
    ("x := [[z.age_s | some z in y.copies] | some y in input.components]\n\tcount(x) == 2", 0),
    ("x := min([])", 0),
    ("not min([]) == 1", 3),
    ("c.newest_point.age_s - 60 > 0", 1),
    ("not c.limit < c.newest_point.age_s", 3),
    ("d := c.newest_point.age_s > 60\n\tnot d", 1),
    ("d := c.missing > 60\n\tnot d", 0),
    ("d := c.missing == 60\n\tnot d", 0),
    ("x := {\"a\": 1, \"b\": object.get(c, \"limit\", 3)}\n\tx.b == 3", 3),
    ("x := count([1 | some p in c.copies; q := p.age_s]) + 1", 3),
    ("a := c.newest_point; b := a.age_s; b > 60", 1),
    ("[1 | false] == []", 3),
    ("count({1 | c.limit}) == 0", 3),
    ("count({1: 2 | c.limit}) == 0", 3),
    ("count([1 | c.limit; some x in c.copies]) == 0", 3),
    ("count([1 | some x in input.components; c.limit]) == 0", 3),
    ("count([1 | some x in c.missing]) == 0", 3),
    ("count({x | some x in c.missing}) == 0", 3),
    ("count([1 | c.missing[_]]) == 0", 3),
    ("count([1 | not c.newest_point]) == 1", 1),
    ("count([1 | every x in input.components { x.newest_point }]) == 0", 3),
    ("not count([1 | false]) > 0", 3),
    ("e1(c)", 2),
    ("e2(c) == 1", 2),
    ("e3 == 2", 3),
    ("e4(c) == 2", 3),
    ("e5(c) == 2", 3),
    ("e6(c) == 2", 3),
    ("e7(c) == 2", 3),
    ("d1 == 0", 3),
    ("d2(c)", 2),
    ("d3(c) == 1", 2),
    ("not d3(c)", 1),
    ("d4 == 5", 3),
    ("d5(c)", 3),
    ("d6[c.ref]", 2),
    ("d7", 3),
    ("count(d8) == 2", 3),
    ("d9(input.components)", 3),
    ("d10({\"a\": 1}) == 1", 3),
    ("d11(\"x\") == 1", 3),
    ("not d11(\"y\")", 3),
    ("d12(c.missing)", 0),
    ("not d12(1)", 0),
    ("d13", 0),
    ("not d13", 3),
    ("d14 == false", 3),
];

#[test]
fn the_engines_agree_where_something_is_missing() {
    let mut wrong = Vec::new();
    let mut left = Vec::new();
    for (condition, count) in MISSING {
        // Rules that the condition does not use stay out, so that they do not decide about the engine.
        let body = format!(
            "{SUBJECTS}\nfindings contains finding.fail(c.subject, c.ref, {{\"message\": \"m\"}}) if {{\n\tsome c in input.components\n\t{condition}\n}}\n{REST}"
        );
        let files = [library(), rule(1, "a", &body)];
        let mut found = Diagnostics::default();
        let policies = policies(&files, schemas("{}"), EngineChoice::Both, 42, &mut found);
        assert!(found.is_empty(), "{condition}: {found:?}");
        if let RuleState::Ready { rvm: false, because } = &policies.rules()[0].state {
            left.push(format!("{condition}: {because:?}"));
        }
        match &judge(&policies)[0].result {
            Ok(rows) if rows.iter().filter(|r| r.verdict == Verdict::Fail).count() == *count => {}
            other => wrong.push(format!("{condition}: {} {other:?}", count).chars().take(300).collect::<String>()),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let expected = [
        "e1(c)",
        "e2(c) == 1",
        "e3 == 2",
        "e4(c) == 2",
        "e6(c) == 2",
        "e7(c) == 2",
        "n(c)",
        "count(x) == a",
        "keyed",
        "[[z.age_s",
        "max([y.n",
    ];
    let unexpected: Vec<_> = left.iter().filter(|l| !expected.iter().any(|e| l.contains(e))).collect();
    assert!(unexpected.is_empty(), "{unexpected:#?}");
}

#[test]
fn the_style_guides_rule_fits_the_position_schema() {
    let body = r#"
protected contains component if {
	some component in input.components
	component.disposition == "protected"
}

subjects contains component.subject if some component in protected

findings contains finding.fail(component.subject, component.newest_point.ref, detail) if {
	some component in protected
	component.newest_point.age_s > input.limits.rpo_s
	detail := {
		"message": "newest restorable point is {observed} old; the RPO is {expected}",
		"observed": component.newest_point.age_s, "expected": input.limits.rpo_s, "unit": "s",
	}
}

findings contains finding.unknown(component.subject, component.ref, {"message": "no restorable point is known"}) if {
	some component in protected
	not component.newest_point.age_s
	not component.absence_provable == true
}
"#;
    let schema = schemas(crate::validate::schemas::POSITION.text);
    let load = |body: &str| {
        let files = [library(), rule(1, "a", body)];
        let mut found = Diagnostics::default();
        let policies = policies(&files, schema, EngineChoice::Auto, 42, &mut found);
        (policies.rules()[0].state.clone(), said(&files, &found))
    };
    assert_eq!(load(body), (RuleState::Ready { rvm: true, because: None }, vec![]));
    let (_, said) = load(&body.replace("component.newest_point.age_s > ", "component.newest_point.age > "));
    assert_eq!(said.len(), 1);
    assert!(said[0].1.contains("`component.newest_point.age` (did you mean `age_s`?)"), "{said:?}");
}

#[test]
fn a_finding_made_of_what_may_be_absent_is_refused() {
    let made = |test: &str, detail: &str| {
        format!(
            "{SUBJECTS}findings contains finding.fail(c.subject, c.ref, detail) if {{\n\tsome c in input.components\n\t{test}\n\tdetail := {{\"message\": \"{{observed}}\", \"observed\": {detail}}}\n}}\n\n_kind(c) := concat(\"\", [c.kind]) if c.ref\n\n_kinds contains c.kind if some c in input.components\n"
        )
    };
    let help = "test `c.kind` first, or write `object.get(c, \"kind\", …)`";
    let message = format!("policy: a position may have no `c.kind`, and then the finding is lost ({help})");
    for (test, detail) in [
        ("c.ref", "c.kind"),
        ("not c.kind", "c.kind"),
        ("c.ref", "_kind(c)"),
        ("c.ref", "concat(\" \", [c.kind])"),
        ("x := [1 | c.kind]", "c.kind"),
    ] {
        assert_eq!(refused(&made(test, detail)), ("kind".into(), message.clone()), "{test} {detail}");
    }
    let point = refused(&format!(
        "{SUBJECTS}findings contains finding.fail(c.subject, finding.at(c.newest_point, \"taken_at\"), {{\"message\": \"m\"}}) if {{\n\tsome c in input.components\n}}\n"
    ));
    assert_eq!(point.0, "newest_point");
    for (test, detail) in [
        ("c.kind", "c.kind"),
        ("c.kind != \"vm\"", "_kind(c)"),
        ("kind := c.kind", "kind"),
        ("startswith(c.kind, \"v\")", "c.kind"),
        ("some point in c.copies", "point.age_s"),
        ("c.newest_point.age_s > 1", "c.newest_point.age_s"),
        ("c.ref", "object.get(c, \"kind\", \"unknown\")"),
        ("c.ref", "[k | k := c.kind]"),
        ("_kinds[c.kind]", "c.kind"),
        ("c.ref in _kinds", "c.kind"), // missed: `_kinds` tests the kind of another component
    ] {
        let files = [library(), rule(1, "a", &made(test, detail))];
        let (_, found) = load(&files, EngineChoice::Auto);
        assert!(found.is_empty(), "{test} {detail}: {:?}", said(&files, &found));
    }
}

#[test]
fn a_comprehension_that_ends_with_a_text_suits_the_rvm() {
    let body = "findings contains finding.fail(input.service, \"\", {\"message\": \"m\", \"observed\": count(_late)}) if count(_late) > 0\n\n_late := [c.ref | some c in input.components; c.ref != \"x\"]\n";
    let (policies, found) = load(&[library(), rule(1, "a", body)], EngineChoice::Auto);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(policies.rules()[0].state, RuleState::Ready { rvm: true, because: None });
}

/// The loop that the RVM needs was written into the text, and the condition never held.
#[test]
fn a_comprehension_that_begins_with_a_text_means_the_same_on_the_rvm() {
    for condition in ["\"a\" in [\"a\", \"b\"]", "`a` in [\"a\"]", "\"a\" == \"a\""] {
        for (open, close) in [("[c.ref | ", "]"), ("{c.ref | ", "}"), ("{c.ref: 1 | ", "}")] {
            let body = format!(
                "{SUBJECTS}\nfindings contains finding.fail(c.subject, c.ref, {{\"message\": \"m\"}}) if {{\n\tsome c in input.components\n\tcount(_all) > 0\n}}\n\n_all := {open}{condition}; some c in input.components{close}\n"
            );
            let (policies, found) = load(&[library(), rule(1, "a", &body)], EngineChoice::Both);
            assert!(found.is_empty(), "{body}: {found:?}");
            let rows = judge(&policies)[0].result.clone().unwrap_or_else(|e| panic!("{body}: {e}"));
            assert!(rows.iter().any(|r| r.verdict == Verdict::Fail), "{body}");
        }
    }
}
