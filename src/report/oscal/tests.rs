//! The four documents: valid, whole in themselves, the same in the next run where they ought to be, and modest.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::formats_tests::{OPEN, array, json, rows, samples, steers, upstream, written};
use super::super::sample::{Fill, Sample, empty, finding, hostile, of, position, rule, sample_report};
use super::super::{BaselineUsed, Format, PositionSummary, Report, Severity, Subject, Verdict};
use crate::source::Sources;

const ALL: [(Format, &str); 4] = [
    (Format::Oscal, "assessment-results"),
    (Format::OscalPoam, "plan-of-action-and-milestones"),
    (Format::OscalCatalog, "catalog"),
    (Format::OscalComponent, "component-definition"),
];

#[test]
fn the_sample_as_assessment_results() {
    insta::assert_snapshot!(written(&sample_report(), Format::Oscal));
}

#[test]
fn the_sample_as_plan_of_action_and_milestones() {
    insta::assert_snapshot!(written(&sample_report(), Format::OscalPoam));
}

#[test]
fn the_sample_as_catalog() {
    insta::assert_snapshot!(written(&sample_report(), Format::OscalCatalog));
}

#[test]
fn the_sample_as_component_definition() {
    insta::assert_snapshot!(written(&sample_report(), Format::OscalComponent));
}

/// Every value of a document, with the key it stands under.
fn walk<'v>(value: &'v Value, key: &'v str, see: &mut dyn FnMut(&'v str, &'v Value)) {
    see(key, value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, key, see)),
        Value::Object(fields) => fields.iter().for_each(|(key, item)| walk(item, key, see)),
        _ => {}
    }
}

/// The texts under the keys that `keep` names.
fn texts(document: &Value, keep: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    walk(document, "", &mut |key, value| {
        if keep(key) {
            found.extend(value.as_str().map(str::to_owned));
        }
    });
    found
}

fn set(document: &Value, keep: impl Fn(&str) -> bool) -> BTreeSet<String> {
    texts(document, keep).into_iter().collect()
}

/// Every sample in every model.
fn documents() -> Vec<(Sample, Vec<(Format, Value)>)> {
    let all = samples().into_iter().map(|sample| {
        let documents = ALL.map(|(format, model)| (format, json(&sample, format)[model].clone())).to_vec();
        (sample, documents)
    });
    all.collect()
}

#[test]
fn every_document_satisfies_the_published_schemas() {
    for name in ["oscal-complete-1.1.3.json", "oscal-complete-1.2.1.json"] {
        let Some(path) = upstream(name) else { return };
        let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let schema = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        for sample in samples() {
            for (format, model) in ALL {
                let document = json(&sample, format);
                assert_eq!(document.as_object().unwrap().keys().collect::<Vec<_>>(), [model]);
                let errors = schema.iter_errors(&document);
                let errors: Vec<String> = errors.map(|e| format!("{} at {}", e, e.instance_path())).collect();
                assert!(errors.is_empty(), "{name} {model}: {:.2000}", errors.join("\n"));
            }
        }
    }
}

/// OSCAL wants at least one element of an array, and text in every text.
#[test]
fn nothing_is_empty() {
    for (_, documents) in documents() {
        for (format, document) in documents {
            walk(&document, "", &mut |key, value| {
                let is_empty = match value {
                    Value::Array(items) => items.is_empty(),
                    Value::String(text) => text.trim().is_empty() || text.trim() != text,
                    Value::Object(fields) => fields.is_empty() && key != "include-all",
                    Value::Null => true,
                    Value::Bool(_) | Value::Number(_) => false,
                };
                assert!(!is_empty, "{}: {key}", format.name());
            });
        }
    }
}

/// What the schemas cannot say: a reference leads to something in the same document, and nothing stands there for nobody.
#[test]
fn every_reference_leads_somewhere() {
    for (_, documents) in documents() {
        for (format, document) in documents {
            let name = format.name();
            let declared = texts(&document, |key| key == "uuid");
            let known: BTreeSet<&String> = declared.iter().collect();
            assert_eq!(known.len(), declared.len(), "{name}: a uuid stands for two things");
            let mut referred = BTreeSet::new();
            for uuid in texts(&document, |key| key.ends_with("-uuid") || key.ends_with("-uuids")) {
                assert!(known.contains(&uuid), "{name}: {uuid}");
                referred.insert(uuid);
            }
            let resources = array(&document["back-matter"]["resources"]);
            let resources: BTreeSet<String> =
                resources.iter().map(|resource| resource["uuid"].as_str().unwrap().to_owned()).collect();
            let hrefs = texts(&document, |key| key == "href" || key == "source");
            let cited: BTreeSet<String> =
                hrefs.iter().filter_map(|href| href.strip_prefix('#')).map(str::to_owned).collect();
            assert_eq!(cited, resources, "{name}");
            let roles = set(&document["metadata"]["roles"], |key| key == "id");
            assert_eq!(set(&document, |key| key == "role-id"), roles, "{name}");
            let parties = set(&document["metadata"]["parties"], |key| key == "uuid");
            assert!(parties.is_subset(&referred), "{name}: somebody nobody refers to");
        }
    }
}

/// The rules are controls of our catalog, and findings are about their objectives: no clause of a framework has a state.
#[test]
fn a_state_is_only_given_to_objectives_of_our_own() {
    for (sample, documents) in documents() {
        let [results, poam, catalog, component] = [0, 1, 2, 3].map(|i| &documents[i].1);
        let own: BTreeSet<String> = set(&catalog["groups"], |key| key == "id");
        let objectives: BTreeSet<String> = own.iter().filter(|id| id.ends_with("_obj")).cloned().collect();
        assert_eq!(objectives.len(), sample.report.rules.len());
        for document in [results, poam] {
            assert!(set(document, |key| key == "target-id").is_subset(&objectives));
            assert!(set(document, |key| key == "objective-id").is_subset(&objectives));
            assert!(set(document, |key| key == "control-id").is_subset(&own));
        }
        let local = set(&results["local-definitions"], |key| key == "id");
        assert!(set(results, |key| key == "target-id").is_subset(&local), "a result is whole in itself");
        for word in ["state", "status", "implementation-status"] {
            assert_eq!(texts(component, |key| key == word), Vec::<String>::new(), "{word}");
            assert_eq!(texts(catalog, |key| key == word), Vec::<String>::new(), "{word}");
        }
    }
}

/// The value of a property of ours.
fn prop<'v>(of: &'v Value, name: &str) -> Option<&'v str> {
    array(&of["props"]).iter().find(|prop| prop["name"] == name)?["value"].as_str()
}

#[test]
fn counts_are_those_of_the_ledger() {
    for (sample, documents) in documents() {
        let ledger = |verdicts: &[Verdict]| rows(&sample, verdicts);
        let (open, excepted) = (ledger(&OPEN), ledger(&[Verdict::Excepted]));
        let result = &documents[0].1["results"][0];
        let (satisfied, not): (Vec<&Value>, Vec<&Value>) =
            array(&result["findings"]).iter().partition(|f| f["target"]["status"]["state"] == "satisfied");
        assert_eq!(not.len(), open + excepted);
        assert_eq!(array(&result["risks"]).len(), open + excepted);
        assert_eq!(array(&result["observations"]).len(), open + excepted + satisfied.len());
        // What is met is counted by subject.
        let met = array(&result["observations"]).iter().filter(|o| prop(o, "verdict") == Some("pass"));
        let subjects: usize = met.map(|observation| array(&observation["subjects"]).len()).sum();
        assert_eq!(subjects, ledger(&[Verdict::Pass]));
        let by_verdict = not.iter().fold(BTreeMap::<&str, usize>::new(), |mut counts, finding| {
            *counts.entry(prop(finding, "verdict").unwrap()).or_default() += 1;
            counts
        });
        for verdict in [Verdict::Fail, Verdict::Unknown, Verdict::Error, Verdict::Excepted] {
            assert_eq!(by_verdict.get(verdict.name()).copied().unwrap_or(0), ledger(&[verdict]), "{verdict:?}");
        }

        let poam = &documents[1].1;
        let items = array(&poam["poam-items"]);
        let listed: Vec<_> = items.iter().filter(|item| prop(item, "placeholder").is_none()).collect();
        assert_eq!(listed.len(), open + excepted);
        assert_eq!(items.len(), (open + excepted).max(1), "a plan without an item is none");
        for part in ["findings", "risks", "observations"] {
            assert_eq!(array(&poam[part]).len(), open + excepted, "{part}");
        }
        // The same findings, risks and observations in both.
        for part in ["findings", "risks", "observations"] {
            let shared = array(&result[part]).iter().filter(|one| prop(one, "verdict") != Some("pass"));
            assert_eq!(shared.collect::<Vec<_>>(), array(&poam[part]).iter().collect::<Vec<_>>(), "{part}");
        }
        let controls = array(&documents[2].1["groups"]).iter().flat_map(|group| array(&group["controls"]));
        assert_eq!(controls.count(), sample.report.rules.len());
    }
}

#[test]
fn what_is_not_known_is_not_satisfied_for_another_reason() {
    let document = json(&sample_report(), Format::Oscal);
    let result = &document["assessment-results"]["results"][0];
    let find = |verdict: &str| {
        let all = array(&result["findings"]).iter();
        let found = all.filter(|f| prop(f, "verdict") == Some(verdict)).map(|f| &f["target"]["status"]);
        found.cloned().collect::<Vec<Value>>()
    };
    for status in find("fail") {
        assert_eq!(status, serde_json::json!({"state": "not-satisfied", "reason": "fail"}));
    }
    let [unknown] = &find("unknown")[..] else { panic!("one is unknown") };
    assert_eq!(unknown["reason"], "other");
    assert_eq!(unknown["remarks"], "Unknown on the evidence supplied.");
    let [excepted] = &find("excepted")[..] else { panic!("one is excepted") };
    assert_eq!((&excepted["state"], &excepted["reason"]), (&"not-satisfied".into(), &"other".into()));
    assert_eq!(excepted["remarks"], "Covered by the exception EX-3 until 2027-01-01T00:00:00Z.");
    assert_eq!(find("pass")[0]["reason"], "pass");
}

/// Who accepted it, since when, until when.
#[test]
fn an_exception_is_an_approved_deviation() {
    let document = json(&sample_report(), Format::OscalPoam);
    let poam = &document["plan-of-action-and-milestones"];
    let (excepted, open): (Vec<&Value>, Vec<&Value>) =
        array(&poam["risks"]).iter().partition(|risk| prop(risk, "verdict") == Some("excepted"));
    assert!(open.iter().all(|risk| risk["status"] == "open" && risk.get("risk-log").is_none()));
    let [risk] = excepted[..] else { panic!("one is excepted") };
    assert_eq!(risk["status"], "deviation-approved");
    let response = array(&risk["remediations"]).iter().find(|r| prop(r, "type") == Some("accept")).unwrap();
    let range = &response["tasks"][0]["timing"]["within-date-range"];
    assert_eq!((&range["start"], &range["end"]), (&"2026-10-01T00:00:00Z".into(), &"2027-01-01T00:00:00Z".into()));
    let entry = &risk["risk-log"]["entries"][0];
    assert_eq!(entry["start"], "2026-10-01T00:00:00Z");
    let approver = array(&poam["metadata"]["parties"]).iter().find(|party| party["name"] == "cio").unwrap();
    assert_eq!(entry["logged-by"][0]["party-uuid"], approver["uuid"]);
    assert!(response["description"].as_str().unwrap().contains("the provider adds locks in spring"));
}

/// The evidence is named with its hash, and its time is that of the export.
#[test]
fn an_observation_leads_to_the_bytes_it_rests_on() {
    let document = json(&sample_report(), Format::Oscal);
    let results = &document["assessment-results"];
    let find = |name: &str, value: &str| {
        let all = array(&results["results"][0]["observations"]).iter();
        all.filter(|observation| prop(observation, name) == Some(value)).collect::<Vec<_>>()[0]
    };
    assert_eq!(find("verdict", "unknown")["collected"], "2026-11-21T00:00:00Z", "no file: the instant of the run");
    let late = find("observed", "93600");
    assert_eq!(late["collected"], "2026-11-20T23:00:00Z");
    let evidence = &late["relevant-evidence"][0];
    assert_eq!(evidence["description"], "exports/restic/b2.json:1: found here");
    let resource = array(&results["back-matter"]["resources"])
        .iter()
        .find(|resource| evidence["href"] == format!("#{}", resource["uuid"].as_str().unwrap()))
        .unwrap();
    assert_eq!(resource["rlinks"][0]["href"], "exports/restic/b2.json");
    assert_eq!(resource["rlinks"][0]["hashes"][0]["value"], "0".repeat(64));
}

#[test]
fn the_next_run_knows_what_it_finds_again() {
    let today = sample_report();
    let mut tomorrow = sample_report();
    tomorrow.report.as_of = "2026-11-22T00:00:00Z".parse().unwrap();
    // The uuids of what stands in these parts of a document.
    let uuids = |sample: &Sample, (format, model): (Format, &str), parts: &[&str]| -> BTreeSet<String> {
        let document = json(sample, format);
        let mut found = BTreeSet::new();
        walk(&document[model], "", &mut |key, value| {
            if parts.contains(&key) {
                found.extend(value["uuid"].as_str().map(str::to_owned));
            }
        });
        found
    };
    let lasting = [
        "findings",
        "risks",
        "poam-items",
        "components",
        "inventory-items",
        "parties",
        "resources",
        "remediations",
        "control-implementations",
        "implemented-requirements",
        "statements",
    ];
    let mut seen = 0;
    for one in ALL {
        let same = uuids(&today, one, &lasting);
        assert_eq!(same, uuids(&tomorrow, one, &lasting), "{}", one.1);
        seen += same.len();
        // The document itself, its result and its observations.
        let of_one_instant = ["", "results", "observations"];
        let (before, after) = (uuids(&today, one, &of_one_instant), uuids(&tomorrow, one, &of_one_instant));
        assert!(!before.is_empty() && before.is_disjoint(&after), "{}", one.1);
    }
    assert!(seen > 50, "{seen}");
    // The same run is the same bytes.
    for (format, _) in ALL {
        assert_eq!(written(&today, format), written(&sample_report(), format));
    }
}

/// Rules of your own may be called as they like, and two findings may share what they are known by.
#[test]
fn names_that_collide_stay_two_things() {
    let mut report = empty();
    report.rules =
        ["TST-001", "tst-001", "TST 001", "9 lives", ""].map(|id| rule(id, "It is late", Severity::High, "")).to_vec();
    report.rules[0].limits = vec!["a b".to_owned(), "a(b".to_owned(), "a-b".to_owned()];
    let mut fill = Fill::default();
    for number in 0..5 {
        fill.row(of("shop", None), number, Verdict::Fail, Severity::High, Some(finding("late", None)));
    }
    report.ledger = fill.0;
    for finding in &mut report.ledger.findings {
        finding.fingerprint = "f".repeat(64);
    }
    let sample = Sample::new(report, Sources::default());
    let document = json(&sample, Format::Oscal);
    let targets = set(&document, |key| key == "target-id");
    let expected = ["tst-001_obj", "tst-001-2_obj", "tst-001-3_obj", "_9-lives_obj", "__obj"];
    assert_eq!(targets, expected.map(str::to_owned).into());
    let catalog = json(&sample, Format::OscalCatalog);
    let ids = texts(&catalog, |key| key == "id");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
    for (format, _) in ALL {
        let uuids = texts(&json(&sample, format), |key| key == "uuid");
        assert_eq!(uuids.iter().collect::<BTreeSet<_>>().len(), uuids.len(), "{}", format.name());
    }
}

/// Two customers may each have a shop: they are two systems, and neither takes the other's owner.
#[test]
fn the_services_of_two_customers_are_two() {
    let mut report = empty();
    report.rules = vec![rule("RPO-001", "It is late", Severity::High, "")];
    let mut fill = Fill::default();
    for tenant in ["acme", "bolt"] {
        let subject = Subject { tenant: Some(tenant.to_owned()), ..of("shop", Some("db")) };
        fill.row(subject, 0, Verdict::Fail, Severity::High, Some(finding("late", None)));
        let owner = Some(format!("owner of {tenant}"));
        report.positions.push(PositionSummary { tenant: Some(tenant.to_owned()), owner, ..position("shop") });
    }
    report.ledger = fill.0;
    let document = json(&Sample::new(report, Sources::default()), Format::OscalPoam);
    let poam = &document["plan-of-action-and-milestones"];
    let parties = array(&poam["metadata"]["parties"]);
    let name = |uuid: &Value| parties.iter().find(|party| party["uuid"] == *uuid).unwrap()["name"].clone();
    let owners: Vec<(&str, Value)> = array(&poam["local-definitions"]["components"])
        .iter()
        .map(|c| (prop(c, "tenant").unwrap(), name(&c["responsible-roles"][0]["party-uuids"][0])))
        .collect();
    assert_eq!(owners, [("acme", "owner of acme".into()), ("bolt", "owner of bolt".into())]);
    assert_eq!(array(&poam["local-definitions"]["inventory-items"]).len(), 2);
}

/// What is not shown is said, and what is not known because something was not read.
#[test]
fn a_result_says_what_it_leaves_out() {
    let mut sample = sample_report();
    sample.report.baseline =
        Some(BaselineUsed { as_of: "2026-11-14T00:00:00Z".to_owned(), hidden: 3, ..BaselineUsed::default() });
    let document = json(&sample, Format::Oscal);
    let result = &document["assessment-results"]["results"][0];
    let remarks = result["remarks"].as_str().unwrap();
    let plan = json(&sample, Format::OscalPoam);
    let plan = plan["plan-of-action-and-milestones"]["metadata"]["remarks"].as_str().unwrap();
    for remarks in [remarks, plan] {
        assert!(remarks.contains("3 known findings not shown: baseline of 2026-11-14T00:00:00Z."), "{remarks}");
        let why = "Incomplete: 1 input could not be read to the end, 1 error in inputs";
        assert!(remarks.starts_with(why), "{remarks}");
    }
    assert_eq!(prop(result, "complete"), Some("false"));
    let log = array(&result["assessment-log"]["entries"]);
    assert_eq!(log.len(), sample.report.diagnostics.len());
    let cut_off = log.iter().find(|entry| entry["title"] == "truncated").unwrap();
    assert!(cut_off["description"].as_str().unwrap().starts_with("exports/velero.json:3: the file ends inside"));
}

/// What a reader of the JSON sees is clean, and marks nothing up where OSCAL has Markdown.
#[test]
fn hostile_text_is_text_alone() {
    let sample = hostile();
    let mut seen = 0;
    for (format, _) in ALL {
        for text in texts(&json(&sample, format), |_| true) {
            assert!(!text.chars().any(steers), "{}: {text:?}", format.name());
        }
        let markup = |key: &str| ["title", "description", "statement", "prose", "remarks", "label"].contains(&key);
        for text in texts(&json(&sample, format), markup) {
            assert!(!text.contains('<') && !text.contains("]("), "{}: {text:?}", format.name());
            seen += usize::from(text.contains("Müller"));
        }
    }
    assert!(seen > 30, "{seen}");
}

/// A plan needs an item, and one that lists nothing says why: it praises nobody for what was not read, judged or shown.
#[test]
fn a_plan_without_items_says_why_there_are_none() {
    let said = |report: Report| {
        let document = json(&Sample::new(report, Sources::default()), Format::OscalPoam);
        document["plan-of-action-and-milestones"]["poam-items"][0]["description"].as_str().unwrap().to_owned()
    };
    let met = || {
        let mut fill = Fill::default();
        fill.row(of("shop", None), 0, Verdict::Pass, Severity::High, None);
        Report { rules: vec![rule("RPO-001", "Too old", Severity::High, "")], ledger: fill.0, ..empty() }
    };
    let known = Some(BaselineUsed { hidden: 3, ..BaselineUsed::default() });
    assert!(said(met()).starts_with("No criterion that was judged is open"));
    assert!(said(Report { baseline: known, ..met() }).starts_with("Nothing is new or worse since the baseline"));
    assert!(said(Report { complete: false, ..met() }).starts_with("The run is incomplete"));
    assert!(said(empty()).starts_with("Nothing was judged"));
}
