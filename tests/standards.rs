//! The built-in standards, and standards that extend several: whole, judged alone, and never looser together.
#![allow(missing_docs, clippy::unwrap_used)]

mod estate;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use estate::{AS_OF, Estate, fixture};
use passmuster::config::{LimitKind, LimitSpec, LimitValue, PARAMS, Standard, Tier, builtin, limits};
use passmuster::diagnostic::Diagnostics;
use passmuster::evaluate::{Metadata, Policies};
use passmuster::model::{Severity, Time};
use passmuster::parse;
use passmuster::pipeline::{self, Options, RunError};
use passmuster::report::standard::{OriginSaid, StandardPage};
use passmuster::source::FileId;
use passmuster::validate::schemas;
use proptest::prelude::*;
use serde_json::{Value, json};

fn options() -> Options {
    Options { no_config: true, ..Options::at(Time::parse(AS_OF).unwrap().instant().unwrap()) }
}

fn document(text: &str) -> Value {
    let mut found = Diagnostics::default();
    let value = parse::documents(FileId(0), "standard.yaml", text, &mut found).documents.remove(0).value;
    assert!(found.is_empty(), "{found:?}");
    value
}

/// A built-in standard as its file has it: nothing filled in.
fn as_written(name: &str) -> Standard {
    let mut found = Diagnostics::default();
    let standard = Standard::read(&document(builtin::text(name).unwrap()), (FileId(0), 0), name, &[], &mut found);
    assert!(found.is_empty(), "{name}: {found:?}");
    standard
}

fn overlays() -> impl Iterator<Item = &'static str> {
    builtin::names().into_iter().filter(|name| *name != builtin::DEFAULT)
}

fn rules() -> (Policies, Standard) {
    let (policies, standard, ..) = pipeline::rules(&options()).unwrap();
    (policies, standard)
}

/// The metadata of the rules that a standard judges by.
fn judged<'p>(policies: &'p Policies, standard: &Standard) -> Vec<&'p Metadata> {
    policies.rules().iter().map(|r| &r.metadata).filter(|m| standard.enables(&m.id)).collect()
}

#[test]
fn the_built_in_standards_are_those_that_are_promised() {
    let promised = [
        "default",
        "3-2-1",
        "3-2-1-1-0",
        "apra",
        "aws-backup-audit-manager",
        "cis-ig2",
        "dora",
        "e8-ml1",
        "e8-ml2",
        "e8-ml3",
        "fedramp-high",
        "fedramp-low",
        "fedramp-moderate",
        "hipaa",
        "hipaa-nprm",
        "nis2-2690",
        "nydfs",
        "veeam-3-2-1-1-0",
    ];
    assert_eq!(builtin::names(), promised);
    for name in promised {
        let value = document(builtin::text(name).unwrap());
        let schema = serde_json::from_str(schemas::STANDARD.text).unwrap();
        let errors: Vec<String> =
            jsonschema::validator_for(&schema).unwrap().iter_errors(&value).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        assert_eq!((value["name"].as_str(), value["extends"].as_array().map(Vec::len)), (Some(name), Some(0)));
    }
}

#[test]
fn the_default_gives_every_limit_and_every_number() {
    let default = as_written(builtin::DEFAULT);
    assert!(default.only.is_none());
    for (key, tier) in &default.tiers {
        let missing: Vec<_> =
            limits::SPECS.iter().filter(|s| tier.limits.value(s.name).is_none()).map(|s| s.name).collect();
        assert!(missing.is_empty(), "tier {key}: {missing:?}");
    }
    let missing: Vec<_> = PARAMS.iter().filter(|p| default.param(p).is_none()).map(|p| (p.rule, p.spec.name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn an_overlay_holds_what_its_rules_read_and_nothing_else() {
    let (policies, _) = rules();
    for name in overlays() {
        let standard = as_written(name);
        let mine = judged(&policies, &standard);
        assert_eq!(mine.len(), standard.only.as_ref().unwrap().len(), "{name} names a rule that is not there");
        let read: BTreeSet<&str> = mine.iter().flat_map(|m| m.limits.iter().map(String::as_str)).collect();
        for (key, tier) in standard.tiers.iter() {
            let held: BTreeSet<&str> = tier.limits.by_name.keys().copied().collect();
            let asked: BTreeSet<&str> = limits::SPECS.iter().map(|s| s.name).filter(|n| read.contains(n)).collect();
            assert_eq!(held, asked, "{name}, tier {key}");
        }
        for param in PARAMS {
            let reads = mine.iter().any(|m| m.id == param.rule && m.limits.iter().any(|l| l == param.spec.name));
            assert_eq!(standard.param(param).is_some(), reads, "{name}: {} of {}", param.spec.name, param.rule);
        }
        assert!(standard.unexplained.is_empty() && standard.rules.values().all(|r| r.enabled.is_none()), "{name}");
    }
}

#[test]
fn every_number_says_where_it_comes_from_and_house_numbers_are_the_defaults() {
    let default = as_written(builtin::DEFAULT);
    for name in builtin::names() {
        let standard = as_written(name);
        let part = standard.parts.last().unwrap();
        assert!(part.description.is_some() && !part.references.is_empty(), "{name}");
        assert_eq!(part.proposed, name == "hipaa-nprm", "{name}");
        let tiers = standard.tiers.values().flat_map(|tier| {
            let model = &default.tiers[&tier.number.to_string()];
            tier.limits.by_name.iter().map(|(limit, l)| ((*limit).to_owned(), l, model.limits.value(limit).cloned()))
        });
        let params = PARAMS.iter().filter_map(|p| {
            let limit = standard.rules.get(p.rule)?.params.get(p.spec.name)?;
            Some((format!("{} {}", p.rule, p.spec.name), limit, default.param(p)))
        });
        for (what, limit, of_default) in tiers.chain(params) {
            let source = limit.origins[0].source.as_deref().unwrap_or_default();
            assert!(!source.is_empty(), "{name}: {what}");
            if source.starts_with("house") && source != "house, unverified" {
                assert_eq!(Some(&limit.value), of_default.as_ref(), "{name}: {what} is {source}");
            }
        }
    }
}

/// The rules that METADATA maps to a framework belong to its overlay.
#[test]
fn the_rules_of_an_overlay_are_those_that_are_mapped_to_its_framework() {
    let (policies, _) = rules();
    let mapped = |frameworks: &[&str]| -> BTreeSet<String> {
        let of = |m: &Metadata| frameworks.iter().any(|f| m.controls.contains_key(*f));
        policies.rules().iter().filter(|r| of(&r.metadata)).map(|r| r.metadata.id.clone()).collect()
    };
    for (name, frameworks) in [
        ("apra", &["apra-cps-230", "apra-cps-234"][..]),
        ("aws-backup-audit-manager", &["aws-backup-audit-manager"]),
        ("cis-ig2", &["cis-controls-8.1"]),
        ("dora", &["eu-2022-2554", "eu-2024-1774"]),
        ("e8-ml3", &["e8-2023"]),
        ("hipaa", &["hipaa-45-cfr-164"]),
        ("nis2-2690", &["eu-2024-2690", "eu-2022-2555"]),
        ("nydfs", &["nydfs-23-nycrr-500"]),
    ] {
        assert_eq!(as_written(name).only.unwrap(), mapped(frameworks), "{name}");
    }
    // Levels and baselines only grow.
    let only = |name: &str| as_written(name).only.unwrap();
    for (part, whole) in [
        ("e8-ml1", "e8-ml2"),
        ("e8-ml2", "e8-ml3"),
        ("fedramp-low", "fedramp-moderate"),
        ("fedramp-moderate", "fedramp-high"),
        ("hipaa", "hipaa-nprm"),
        ("3-2-1", "3-2-1-1-0"),
        ("3-2-1-1-0", "veeam-3-2-1-1-0"),
    ] {
        assert!(only(part).is_subset(&only(whole)) && only(part) != only(whole), "{part} and {whole}");
    }
    assert!(only("fedramp-high").is_subset(&mapped(&["nist-sp-800-53-r5"])));
}

#[test]
fn every_control_of_aws_backup_audit_manager_has_a_rule_with_its_default() {
    let (policies, _) = rules();
    let standard = as_written("aws-backup-audit-manager");
    let controls: BTreeSet<&str> = judged(&policies, &standard)
        .iter()
        .flat_map(|m| m.controls["aws-backup-audit-manager"].iter().map(|c| c.clause.as_str()))
        .collect();
    assert_eq!(controls.len(), 11, "{controls:?}");
    for tier in standard.tiers.values() {
        let said = |limit: &str| tier.limits.value(limit).unwrap().to_string();
        assert_eq!(
            ["rpo_max", "retention_min", "rto_max", "isolated_min", "offsite_min", "immut_mode", "immut_lock_min"]
                .map(said),
            ["1d", "35d", "12h", "1", "1", "enabled", "off"]
        );
    }
}

#[test]
fn an_overlay_alone_judges_only_its_rules() {
    let config = fixture("hollowdale-dairy").join("passmuster.yaml").to_string_lossy().into_owned();
    for name in builtin::names() {
        let options =
            Options { standard: Some(name.to_owned()), config: Some(config.clone()), no_config: false, ..options() };
        let run = pipeline::check(&options).unwrap();
        let report = &run.report;
        assert!(report.complete, "{name}: {:?}", report.diagnostics);
        let standard = as_written(name);
        let rules: BTreeSet<&str> =
            report.ledger.rows.iter().map(|row| report.rules[usize::from(row.rule)].id.as_str()).collect();
        let foreign: Vec<_> = rules.iter().filter(|id| !standard.asks_for(id)).collect();
        assert!(foreign.is_empty(), "{name} judges {foreign:?}");
        // Most of what it asks applies to the dairy: it is no empty pass.
        let asked = standard.only.as_ref().map_or(90, BTreeSet::len);
        assert!(rules.len() * 4 >= asked * 3, "{name}: {} of {asked}", rules.len());
        assert_eq!(report.standard.built_in.as_deref(), Some(name));
        assert_eq!(report.rules.iter().filter(|r| r.judged).count(), asked, "{name}");
        // The organisation has not given this standard, and answers for none of its numbers.
        assert!(!rules.contains("GOV-006"), "{name}");
        let notes: Vec<_> = report.diagnostics.iter().map(|d| (&*d.code, &d.message)).collect();
        assert!(
            notes.iter().all(|(code, _)| *code != "exception-orphaned" && *code != "unused-rule"),
            "{name}: {notes:?}"
        );
    }
}

#[test]
fn names_work_on_the_command_line_in_the_configuration_and_in_extends() {
    let judged = |estate: &Estate, args: &[&str]| {
        let outcome = estate.check(args);
        let standard = outcome.json()["standard"].clone();
        (
            standard["name"].as_str().unwrap().to_owned(),
            standard["extends"].clone(),
            outcome.json()["policies"]["judged"].clone(),
        )
    };
    let estate = Estate::shop();
    assert_eq!(judged(&estate, &["shop", "--standard", "3-2-1"]), ("3-2-1".into(), Value::Null, json!(3)));
    estate.write("house/passmuster.yaml", "passmuster: config/v1\ninputs: [\"../shop/*\"]\nstandard: dora\n");
    let config = ["--config", "house/passmuster.yaml"];
    assert_eq!(judged(&estate, &config), ("dora".into(), Value::Null, json!(50)));
    // A file of that name does not change what the name means; a path does.
    let own = "passmuster: standard/v1\nname: ours\nextends: [\"3-2-1\", e8-ml1]\n";
    estate.write("dora", own).write("house/dora", own);
    assert_eq!(judged(&estate, &["shop", "--standard", "dora"]).0, "dora");
    assert_eq!(judged(&estate, &config).0, "dora");
    let ours = ("ours".into(), json!(["3-2-1", "e8-ml1"]), json!(16));
    assert_eq!(judged(&estate, &["shop", "--standard", "./dora"]), ours);
    estate.write("house/passmuster.yaml", "passmuster: config/v1\ninputs: [\"../shop/*\"]\nstandard: ./dora\n");
    assert_eq!(judged(&estate, &config), ours);
}

#[test]
fn a_name_that_is_none_is_answered_with_what_there_is() {
    let named = |name: &str| pipeline::rules(&Options { standard: Some(name.into()), ..options() });
    let Err(RunError::NoStandard { name, help }) = named("fedramp-hi") else { panic!("it was found") };
    assert_eq!(name, "fedramp-hi");
    assert!(help.starts_with("did you mean `fedramp-high`? built in: default, 3-2-1, "), "{help}");
    assert!(matches!(named("standards/none.yaml"), Err(RunError::Discover(_))));
    let estate = Estate::shop();
    estate.write("ours.yaml", "passmuster: standard/v1\nname: ours\nextends: [default, dorra]\n");
    let outcome = estate.check(&["shop", "--standard", "ours.yaml"]);
    assert_eq!(outcome.exit, 2);
    for said in ["`dorra` is no standard", "did you mean `dora`?", "ours.yaml:3:20"] {
        assert!(outcome.stderr.contains(said), "{}", outcome.stderr);
    }
    estate.write("one.yaml", "passmuster: standard/v1\nextends: two.yaml\n");
    estate.write("two.yaml", "passmuster: standard/v1\nextends: one.yaml\n");
    let outcome = estate.check(&["shop", "--standard", "one.yaml"]);
    assert!(outcome.exit == 2 && outcome.stderr.contains("extends itself"), "{}", outcome.stderr);
    // Two that extend a third are no circle.
    estate.write("two.yaml", "passmuster: standard/v1\nextends: three.yaml\n");
    estate.write("one.yaml", "passmuster: standard/v1\nextends: [two.yaml, three.yaml]\n");
    estate.write("three.yaml", "passmuster: standard/v1\nname: three\nextends: 3-2-1\n");
    assert!(estate.check(&["shop", "--standard", "one.yaml"]).complete());
}

/// What a standard in a file comes to.
fn shown(estate: &Estate, text: &str) -> (StandardPage, Vec<(String, String)>) {
    estate.write("standard.yaml", text);
    let path = estate.path().join("standard.yaml").to_string_lossy().into_owned();
    let (page, found, _) = pipeline::standard(&Options { standard: Some(path), ..options() }).unwrap();
    let found = found.iter().map(|d| (d.code.to_string(), d.message.clone())).collect();
    (page, found)
}

fn limit(page: &StandardPage, tier: &str, name: &str) -> (String, Vec<OriginSaid>) {
    let limit = page.limits.iter().find(|l| l.name == name).unwrap_or_else(|| panic!("no {name}"));
    let tier = limit.tiers.iter().find(|t| t.tier == tier).unwrap();
    (tier.value.shown.clone(), tier.value.origins.clone())
}

fn ids(page: &StandardPage) -> BTreeSet<&str> {
    page.rules.iter().filter(|r| r.judged).map(|r| r.id.as_str()).collect()
}

#[test]
fn two_standards_ask_for_the_union_of_rules_and_the_stricter_limit() {
    let estate = Estate::empty();
    let (page, found) = shown(&estate, "passmuster: standard/v1\nname: both\nextends: [default, dora]\n");
    assert_eq!(found, []);
    assert_eq!(ids(&page).len(), 90);
    // default asks for 90 d at tier 1, DORA for a year; at tier 3 both say a year, and both are named.
    let (value, origins) = limit(&page, "1", "restore_test_max_age");
    assert_eq!((value.as_str(), origins.len(), origins[0].standard.as_str()), ("90d", 1, "default"));
    let (value, origins) = limit(&page, "3", "restore_test_max_age");
    let from: Vec<_> = origins.iter().map(|o| (o.standard.as_str(), o.at.as_ref().unwrap().path.as_str())).collect();
    assert_eq!(value, "365d");
    assert_eq!(from, [("default", "standards/default.yaml"), ("dora", "standards/dora.yaml")]);
    let line = origins[1].at.as_ref().unwrap().line.unwrap();
    let text = builtin::text("dora").unwrap().lines().nth(line as usize - 1).unwrap();
    assert!(text.contains("restore_test_max_age: {value: 365d"), "{text}");
    // A tier that only DORA has is otherwise default's tier 1.
    assert_eq!(limit(&page, "market-infrastructure", "rto_max").0, "2h");
    assert_eq!(limit(&page, "market-infrastructure", "restore_test_max_age").0, "90d");
    let (page, _) = shown(&estate, "passmuster: standard/v1\nname: both\nextends: [hipaa-nprm, \"3-2-1\"]\n");
    assert_eq!(ids(&page).len(), 18);
    assert_eq!(page.proposed, ["hipaa-nprm"]);
    assert_eq!(limit(&page, "4", "copies_min").0, "3");
}

#[test]
fn job_windows_that_cannot_be_compared_both_judge() {
    let shares = |standard: &str| {
        let job = |n: u32, status: &str| {
            let (day, hour) = (21 - n.div_ceil(24), 23 - n % 24);
            format!(
                "  - {{id: j{n}, tool: nightly-copy, asset: \"till:loyalty\", status: {status}, finished_at: 2026-11-{day:02}T{hour:02}:00:00Z}}\n"
            )
        };
        // 40 runs in two days; the fifteenth newest failed, the newest seven did not.
        let jobs: Vec<String> = (1..=40).map(|n| job(n, if n == 15 { "failed" } else { "success" })).collect();
        let estate = Estate::empty();
        estate.write("shop/inventory.yaml", estate::shop("inventory.yaml"));
        estate.write(
            "jobs.yaml",
            format!("passmuster: inventory/v1\ncollected_at: 2026-11-21T00:00:00Z\njobs:\n{}", jobs.concat()),
        );
        estate.write(
            "standard.yaml",
            format!("passmuster: standard/v1\nname: ours\nextends: [runs.yaml, period.yaml]\n{standard}"),
        );
        estate.write("runs.yaml", "passmuster: standard/v1\ntiers:\n  \"4\": {job_window: {value: {runs: 7, success_pct: 100}, reason: r, by: b}}\n");
        estate.write("period.yaml", "passmuster: standard/v1\ntiers:\n  \"4\": {job_window: {value: {period: 30d, success_pct: 98}, reason: r, by: b}}\n");
        let outcome = estate.check(&[".", "--standard", "standard.yaml", "--rule", "COV-003"]);
        let row =
            outcome.json()["results"].as_array().unwrap().iter().find(|r| r["rule"] == "COV-003").unwrap().clone();
        (row["verdict"].as_str().unwrap().to_owned(), row["message"].as_str().unwrap_or_default().to_owned())
    };
    // 39 of 40 are 97.5 %: below 98 % of the period, although the last seven are clean.
    let (verdict, message) = shares("");
    assert_eq!(verdict, "fail");
    assert!(message.contains("39 of 40 runs in the window succeeded; its tier asks for 98"), "{message}");
    // The organisation may loosen it, with a reason: then only what it says holds.
    let looser = "tiers:\n  \"4\": {job_window: {value: {period: 30d, success_pct: 97}, reason: storms, by: rosa}}\n";
    assert_eq!(shares(looser).0, "pass");
}

#[test]
fn only_adds_rules_to_a_part_and_takes_none_from_the_whole() {
    let estate = Estate::empty();
    let (page, found) = shown(&estate, "passmuster: standard/v1\nextends: \"3-2-1\"\nonly: [TST-001]\n");
    assert_eq!(ids(&page), BTreeSet::from(["CPY-001", "CPY-002", "CPY-003", "TST-001"]));
    assert_eq!(found, []);
    // What nobody gives is the default's, and says so.
    let (value, origins) = limit(&page, "1", "restore_test_max_age");
    assert_eq!((value.as_str(), origins[0].standard.as_str()), ("90d", "default"));
    assert!(page.limits.iter().all(|l| l.name != "rpo_max"), "no rule here reads it");
    let (page, found) = shown(&estate, "passmuster: standard/v1\nextends: default\nonly: [TST-001]\n");
    assert_eq!(ids(&page).len(), 90);
    assert_eq!(found[0].0, "looser-rules");
    let (page, found) = shown(&estate, "passmuster: standard/v1\nextends: []\nonly: [TST-001]\n");
    assert_eq!((ids(&page), found), (BTreeSet::from(["TST-001"]), vec![]));
    // Switching one on is another way to add it; switching one off needs a reason.
    let (page, _) = shown(
        &estate,
        "passmuster: standard/v1\nextends: \"3-2-1\"\nrules:\n  TST-001: {enabled: true}\n  CPY-002: {enabled: false}\n  \
         CPY-003: {enabled: false, reason: one site, by: rosa}\n",
    );
    assert_eq!(ids(&page), BTreeSet::from(["CPY-001", "CPY-002", "TST-001"]));
    let off = page.rules.iter().find(|r| r.id == "CPY-003").unwrap();
    assert_eq!(
        [off.decided.as_deref(), off.reason.as_deref(), off.by.as_deref()],
        [Some("off"), Some("one site"), Some("rosa")]
    );
    assert_eq!(off.at.as_ref().unwrap().line, Some(6));
}

#[test]
fn a_rule_that_is_not_there_or_not_judged_is_said() {
    let estate = Estate::shop();
    estate.write(
        "ours.yaml",
        "passmuster: standard/v1\nname: ours\nextends: \"3-2-1\"\nonly: [TST-01]\nrules:\n  CYP-001: {severity: low}\n  RPO-001: {severity: high}\n",
    );
    let outcome = estate.check(&["shop", "--standard", "ours.yaml"]);
    assert_eq!(outcome.exit, 2);
    assert_eq!(outcome.said("error"), [("unknown-rule".into(), "ours.yaml".into(), 4)]);
    assert_eq!(
        outcome.said("warning"),
        [("unknown-rule".into(), "ours.yaml".into(), 6), ("unused-rule".into(), "ours.yaml".into(), 7)]
    );
    assert!(outcome.help().contains(&"did you mean `TST-001`?".to_owned()), "{:?}", outcome.help());
    let house = fixture("house-rules").to_string_lossy().into_owned();
    let outcome = estate.check(&["shop", "--standard", "3-2-1", "--policies", &house]);
    assert!(outcome.said("note").iter().any(|(code, ..)| code == "unused-rule"));
    let nothing = estate.check(&["shop", "--standard", "3-2-1", "--rule", "TST-001"]);
    assert!(nothing.exit == 2 && nothing.stderr.contains("judges by none of the rules"), "{}", nothing.stderr);
}

#[test]
fn a_looser_limit_without_a_name_is_ignored_and_one_with_a_name_is_shown_with_it() {
    let estate = Estate::empty();
    let standard = "passmuster: standard/v1\nname: ours\nextends: dora\ntiers:\n  \"1\":\n    restore_test_max_age: 400d\n    \
                    dr_exercise_max_age: {value: 400d, reason: the hall is closed, by: cio, source: board 7}\n    \
                    scenarios_required: [ransomware, flood]\n";
    let (page, found) = shown(&estate, standard);
    let codes: Vec<_> = found.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["looser-limit", "looser-limit"]);
    let (value, origins) = limit(&page, "1", "restore_test_max_age");
    assert_eq!((value.as_str(), origins[0].standard.as_str()), ("365d", "dora"));
    let (value, origins) = limit(&page, "1", "dr_exercise_max_age");
    let said = [&origins[0].reason, &origins[0].by, &origins[0].source].map(|s| s.clone().unwrap());
    assert_eq!((value.as_str(), said), ("400d", ["the hall is closed", "cio", "board 7"].map(str::to_owned)));
    // A list that drops a word is looser; what it adds holds all the same.
    let (value, origins) = limit(&page, "1", "scenarios_required");
    assert_eq!(value, "bad_deploy, config_loss, deletion, flood, identity_loss, ransomware, site_loss");
    assert_eq!(origins.len(), 2);
}

/// Every limit and number of the schema, held against the tables that read them.
#[test]
fn the_schema_knows_every_limit_and_number_with_its_kind_and_direction() {
    let schema: Value = serde_json::from_str(schemas::STANDARD.text).unwrap();
    let expected = |spec: &LimitSpec| {
        let mut about = spec.about.to_owned();
        about[..1].make_ascii_uppercase();
        let mut entry = json!({
            "description": format!("{about}; {}.", spec.direction.about()),
            "x-stricter": spec.direction.name(),
        });
        match spec.kind {
            LimitKind::Word(words) => {
                let all: Vec<&str> = std::iter::once("off").chain(words.iter().copied()).collect();
                entry["if"] = json!({"type": "object"});
                entry["then"] = json!({"$ref": "#/$defs/explained", "properties": {"value": {"enum": all}}});
                entry["else"] = json!({"enum": all});
            }
            kind => entry["$ref"] = format!("#/$defs/{}", kind.name()).into(),
        }
        entry
    };
    let tier = schema["$defs"]["tier"]["properties"].as_object().unwrap();
    let mut known: BTreeMap<&str, Value> = limits::SPECS.iter().map(|s| (s.name, expected(s))).collect();
    known.insert("like", tier["like"].clone());
    assert_eq!(tier.keys().collect::<Vec<_>>().len(), known.len());
    for (name, entry) in known {
        assert_eq!(tier.get(name), Some(&entry), "`{name}` of a tier in schemas/standard.schema.json");
    }
    let rules = schema["properties"]["rules"]["properties"].as_object().unwrap();
    let mut expected_rules: BTreeMap<&str, serde_json::Map<String, Value>> = BTreeMap::new();
    for param in PARAMS {
        expected_rules.entry(param.rule).or_default().insert(param.spec.name.to_owned(), expected(&param.spec));
    }
    assert_eq!(rules.len(), expected_rules.len());
    for (rule, params) in expected_rules {
        let entry = json!({
            "$ref": "#/$defs/rule",
            "properties": {"params": {
                "properties": params,
                "additionalProperties": false,
                "description": "Numbers and lists of this rule.",
            }},
        });
        assert_eq!(rules.get(rule), Some(&entry), "`{rule}` in schemas/standard.schema.json");
    }
}

/// What the schema takes and what the reader takes are the same kinds.
#[test]
fn a_value_of_the_wrong_kind_is_refused_where_it_stands() {
    let estate = Estate::shop();
    let said = |tier: &str, rules: &str| {
        estate.write(
            "ours.yaml",
            format!("passmuster: standard/v1\nextends: default\ntiers:\n  \"1\": {{{tier}}}\nrules: {{{rules}}}\n"),
        );
        let outcome = estate.check(&["shop", "--standard", "ours.yaml"]);
        let refused = outcome.exit == 2;
        assert!(
            !refused || outcome.stderr.contains("ours.yaml:") || !outcome.said("error").is_empty(),
            "{}",
            outcome.stderr
        );
        refused
    };
    for wrong in [
        "copies_min: three",
        "copies_min: -1",
        "copies_min: [3]",
        "rpo_max: 5",
        "rpo_max: soon",
        "rpo_max: 3 fortnights",
        "rpo_max: true",
        "immut_mode: sealed",
        "scenarios_required: deletion",
        "job_window: {runs: 7}",
        "job_window: {runs: 0, success_pct: 50}",
        "job_window: {runs: 7, success_pct: 101}",
        "job_window: []",
        "fix_sla: {urgent: 1d}",
        "rpo_max: {value: 1h, because: why}",
        "rpo_maximum: 1h",
    ] {
        assert!(said(wrong, ""), "{wrong}");
    }
    for wrong in
        ["FRAG-004: {params: {patch_ages: 60d}}", "FRAG-004: {params: {patch_age: 60}}", "FRAG-004: {parms: {}}"]
    {
        assert!(said("", wrong), "{wrong}");
    }
    for right in [
        "copies_min: 4",
        "rpo_max: 30m",
        "rpo_max: PT30M",
        "rpo_max: {value: 30m, source: board 3}",
        "immut_mode: locked",
        "granular_test_max_age: {value: off, reason: r, by: b}",
        "manual_steps_max: {value: false, reason: r, by: b}",
        "job_window: [{runs: 9, success_pct: 100}, {period: 7d, success_pct: 99}]",
        "fix_sla: {critical: 3d}",
    ] {
        assert!(!said(right, "FRAG-004: {params: {patch_age: 30d}}"), "{right}");
    }
}

/// The part of `docs/standards.md` that is made from the standards: each with its rules, the numbers that are not house,
/// with their clauses, and where it differs.
fn chapters(policies: &Policies) -> String {
    let mut page = String::new();
    for name in overlays() {
        let standard = as_written(name);
        let part = standard.parts.last().unwrap();
        let mine = judged(policies, &standard);
        page += &format!("\n## {name}\n\n{}\n", part.description.as_ref().unwrap());
        if part.proposed {
            page += "\n**Proposed, not in force.**\n";
        }
        let ids: Vec<&str> = mine.iter().map(|m| m.id.as_str()).collect();
        page += &format!("\n{} rules: {}.\n", ids.len(), ids.join(", "));
        let (mut rows, mut house) = (Vec::new(), BTreeSet::new());
        let named = |limit: &passmuster::config::Limit| {
            let source = limit.origins[0].source.as_deref().unwrap_or_default().to_owned();
            (!source.starts_with("house") || source == "house, unverified").then_some(source)
        };
        for spec in limits::SPECS {
            let tiers: Vec<_> =
                standard.tiers.iter().filter_map(|(key, t)| Some((key, t.limits.by_name.get(spec.name)?))).collect();
            let sources: BTreeSet<String> = tiers.iter().filter_map(|(_, limit)| named(limit)).collect();
            if tiers.iter().any(|(_, limit)| named(limit).is_none()) {
                house.insert(format!("`{}`", spec.name));
            }
            for source in sources {
                let of: Vec<_> = tiers.iter().filter(|(_, limit)| named(limit).as_ref() == Some(&source)).collect();
                let keys: Vec<&str> = of.iter().map(|(key, _)| key.as_str()).collect();
                let all = ["1", "2", "3", "4"].iter().all(|k| keys.contains(k));
                let same = of.iter().all(|(_, limit)| limit.value == of[0].1.value);
                let value = match (all, same) {
                    (true, true) => of[0].1.value.to_string(),
                    _ => of.iter().map(|(key, l)| format!("tier {key}: {}", l.value)).collect::<Vec<_>>().join(", "),
                };
                rows.push(format!("| `{}` | {value} | {source} |\n", spec.name));
            }
        }
        for param in PARAMS {
            let Some(limit) = standard.rules.get(param.rule).and_then(|r| r.params.get(param.spec.name)) else {
                continue;
            };
            match named(limit) {
                Some(source) => {
                    rows.push(format!("| `{}` of {} | {} | {source} |\n", param.spec.name, param.rule, limit.value))
                }
                None => drop(house.insert(format!("`{}` of {}", param.spec.name, param.rule))),
            }
        }
        if !rows.is_empty() {
            page += &format!("\n| limit | value | from |\n|---|---|---|\n{}", rows.concat());
        }
        if !house.is_empty() {
            let house: Vec<_> = house.into_iter().collect();
            page += &format!("\nHouse, as in `default`, at some tier or all: {}.\n", house.join(", "));
        }
        if !part.notes.is_empty() {
            page += &format!("\n{}", part.notes.iter().map(|note| format!("- {note}\n")).collect::<String>());
        }
        page += &format!("\n{}", part.references.iter().map(|link| format!("<{link}>\n")).collect::<String>());
    }
    page
}

/// `standards/default.packed` is what the default standard reads as. After a change: `UPDATE_DOCS=1 cargo test --test standards`.
#[test]
fn the_packed_standard_is_that_of_its_text() {
    let packed = builtin::pack(&document(builtin::text(builtin::DEFAULT).unwrap()));
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("standards/default.packed");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &packed).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap() == packed,
        "standards/default.packed is out of date: UPDATE_DOCS=1 cargo test --test standards"
    );
}

#[test]
fn the_page_of_standards_tells_what_they_hold() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/standards.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (head, _) = page.split_once("-->\n").unwrap();
    let expected = format!("{head}-->\n{}", chapters(&rules().0));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap() == expected,
        "docs/standards.md is out of date: UPDATE_DOCS=1 cargo test --test standards"
    );
    // The example in it is a standard, and its looser limit is one.
    let example = head.split("```yaml\n").nth(1).and_then(|text| text.split("```").next()).unwrap();
    let estate = Estate::empty();
    let (page, found) = shown(&estate, example);
    assert_eq!((ids(&page).len(), found), (90, vec![]));
    assert_eq!(limit(&page, "1", "restore_test_max_age").0, "30d");
    assert_eq!(limit(&page, "3", "verify_max_age").0, "60d");
    assert!(shown(&estate, &example.replace("      reason: tapes come back once in two months\n", "")).1.len() == 1);
}

fn value(spec: &'static LimitSpec) -> BoxedStrategy<LimitValue> {
    let read = move |value: Value| spec.read(&value).unwrap();
    let some = match spec.kind {
        LimitKind::Duration => (0..200u32).prop_map(move |d| read(json!(format!("{d}d")))).boxed(),
        LimitKind::Count => (0..5u32).prop_map(move |n| read(json!(n))).boxed(),
        LimitKind::Word(words) => proptest::sample::select(words).prop_map(move |w| read(json!(w))).boxed(),
        LimitKind::Words => proptest::sample::subsequence(vec!["a", "b", "c", "d"], 0..=4)
            .prop_map(move |words| read(json!(words)))
            .boxed(),
        LimitKind::JobWindow => {
            let window =
                (any::<bool>(), 1..4u32, prop_oneof![Just(100u32), 90..100u32]).prop_map(|(runs, n, pct)| match runs {
                    true => json!({"runs": n, "success_pct": pct}),
                    false => json!({"period": format!("{n}d"), "success_pct": pct}),
                });
            proptest::collection::vec(window, 1..4).prop_map(move |list| read(list.into())).boxed()
        }
        LimitKind::FixSla => proptest::collection::btree_map(
            proptest::sample::select(vec!["critical", "high", "medium", "low"]),
            (1..90u32).prop_map(|d| format!("{d}d")),
            0..4,
        )
        .prop_map(move |map| read(json!(map)))
        .boxed(),
    };
    prop_oneof![1 => Just(LimitValue::Off), 9 => some].boxed()
}

/// A limit, and three values of it.
fn three() -> impl Strategy<Value = (&'static LimitSpec, LimitValue, LimitValue, LimitValue)> {
    let specs: Vec<&'static LimitSpec> = limits::SPECS.iter().chain(PARAMS.iter().map(|p| &p.spec)).collect();
    proptest::sample::select(specs).prop_flat_map(|spec| (Just(spec), value(spec), value(spec), value(spec)))
}

/// A standard as somebody could write it: some rules, some limits, some overrides, each with a name beside it.
fn standard() -> impl Strategy<Value = Standard> {
    let ids = ["RPO-001", "TST-001", "FRAG-004", "HOUSE-001"];
    let tier = |name: &'static str| {
        let spec = limits::find(name).unwrap();
        (Just(name), proptest::option::of(value(spec)))
    };
    let limits = (tier("rpo_max"), tier("copies_min"), tier("scenarios_required"), tier("job_window"), tier("fix_sla"));
    let tiers = proptest::collection::btree_map(proptest::sample::select(vec!["1", "2", "gold"]), limits, 0..3);
    let only = proptest::option::of(proptest::sample::subsequence(ids.to_vec(), 0..=4));
    let severity =
        proptest::option::of(proptest::sample::select(vec![Severity::Low, Severity::High, Severity::Critical]));
    let rule = (proptest::option::of(any::<bool>()), severity, any::<bool>());
    let rules = proptest::collection::btree_map(proptest::sample::select(ids.to_vec()), rule, 0..4);
    let patch = proptest::option::of(value(&PARAMS.iter().find(|p| p.rule == "FRAG-004").unwrap().spec));
    (only, tiers, rules, patch).prop_map(|(only, tiers, rules, patch)| {
        let mut standard = Standard::blank();
        let limit = |value| passmuster::config::Limit { value, origins: Vec::new(), filled: false };
        standard.only = only.map(|ids| ids.into_iter().map(str::to_owned).collect());
        for (key, (a, b, c, d, e)) in tiers {
            let number = if key == "2" { 2 } else { 1 };
            let tier = standard.tiers.entry(key.to_owned()).or_insert_with(|| Tier { number, ..Tier::default() });
            for (name, value) in [a, b, c, d, e] {
                tier.limits.by_name.extend(value.map(|v| (name, limit(v))));
            }
        }
        for (id, (enabled, severity, explained)) in rules {
            let rule = standard.rules.entry(id.to_owned()).or_default();
            (rule.enabled, rule.severity, rule.explained) = (enabled, severity, explained && severity.is_some());
        }
        if let Some(patch) = patch {
            standard
                .rules
                .entry("FRAG-004".to_owned())
                .or_default()
                .params
                .insert("patch_age".to_owned(), limit(patch));
        }
        standard
    })
}

/// What a standard comes to: rules, severities and values, without who said so.
fn meaning(standard: &Standard) -> impl PartialEq + std::fmt::Debug + use<> {
    let rules: Vec<_> = ["RPO-001", "TST-001", "FRAG-004", "HOUSE-001", "OTHER-001"]
        .into_iter()
        .map(|id| {
            let judged = standard.enables(id);
            let severity = |own| judged.then(|| standard.severity(id, own));
            (id, judged, severity(Severity::Low), severity(Severity::High), severity(Severity::Critical))
        })
        .collect();
    let tiers: Vec<_> = standard
        .tiers
        .iter()
        .map(|(key, tier)| {
            let values: Vec<_> = tier.limits.by_name.iter().map(|(name, l)| (*name, l.value.clone())).collect();
            (key.clone(), tier.number, values)
        })
        .collect();
    let params: Vec<_> = PARAMS.iter().filter_map(|p| Some((p.rule, p.spec.name, standard.param(p)?))).collect();
    (rules, tiers, params)
}

proptest! {
    #[test]
    fn stricter_is_commutative_associative_idempotent_and_never_looser((spec, a, b, c) in three()) {
        let both = spec.stricter(&a, &b);
        prop_assert_eq!(&both, &spec.stricter(&b, &a));
        prop_assert_eq!(&spec.stricter(&a, &a), &a);
        prop_assert_eq!(spec.stricter(&both, &c), spec.stricter(&a, &spec.stricter(&b, &c)));
        for part in [&a, &b] {
            prop_assert!(!spec.is_looser(&both, part), "{} is looser than {}", both, part);
            prop_assert_eq!(&spec.stricter(&both, part), &both);
        }
        // Off is the loosest of all.
        prop_assert!(a == LimitValue::Off || spec.is_looser(&LimitValue::Off, &a));
        prop_assert_eq!(spec.stricter(&a, &LimitValue::Off), a);
    }

    #[test]
    fn standards_together_are_commutative_idempotent_and_never_looser(a in standard(), b in standard(), c in standard()) {
        let together = |all: &[&Standard]| Standard::together(&all.iter().map(|s| Rc::new((*s).clone())).collect::<Vec<_>>());
        let both = together(&[&a, &b]);
        prop_assert_eq!(meaning(&both), meaning(&together(&[&b, &a])));
        prop_assert_eq!(meaning(&together(&[&a, &a])), meaning(&a));
        for part in [&a, &b] {
            for id in ["RPO-001", "TST-001", "FRAG-004", "HOUSE-001", "OTHER-001"] {
                prop_assert!(both.enables(id) || !part.enables(id), "{id} is lost");
                for own in [Severity::Low, Severity::High, Severity::Critical] {
                    prop_assert!(!part.enables(id) || both.severity(id, own) >= part.severity(id, own), "{id} is milder");
                }
            }
            prop_assert!(a.enables("OTHER-001") || b.enables("OTHER-001") || !both.enables("OTHER-001"));
            for (key, tier) in &part.tiers {
                for (name, limit) in &tier.limits.by_name {
                    let spec = limits::find(name).unwrap();
                    let value = both.tier(key).unwrap().limits.value(name).unwrap();
                    prop_assert_eq!(&spec.stricter(value, &limit.value), value, "{} at {}", name, key);
                }
            }
            for param in PARAMS {
                if let Some(value) = part.param(param) {
                    let merged = both.param(param).unwrap();
                    prop_assert_eq!(&param.spec.stricter(&merged, &value), &merged);
                }
            }
        }
        let (left, right) = (together(&[&both, &c]), together(&[&a, &together(&[&b, &c])]));
        for id in ["RPO-001", "TST-001", "FRAG-004", "HOUSE-001", "OTHER-001"] {
            prop_assert_eq!(left.enables(id), right.enables(id));
        }
    }
}
