use insta::assert_json_snapshot;

use crate::model::Section;
use crate::normalise::SourceInfo;
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read, shared};

fn zone() -> SourceInfo {
    SourceInfo { tz: jiff::tz::TimeZone::get("Europe/Copenhagen").ok(), ..SourceInfo::default() }
}

fn mill(file: &str) -> Outcome {
    read(&fixture(file), &zone())
}

fn attic(file: &str) -> Outcome {
    read(&fixture(file), &SourceInfo { vault: Some("attic".into()), ..zone() })
}

#[test]
fn an_archive_is_a_point_of_its_host_and_a_checkpoint_is_none() {
    let out = mill("borg/list.json");
    assert_eq!(out.refused, [""; 0]);
    assert_json_snapshot!(out.to_json());
    assert_json_snapshot!("list_broken", mill("borg/list.broken.json").to_json());
}

#[test]
fn borgmatic_lists_several_repositories_and_authenticated_is_not_encrypted() {
    assert_json_snapshot!(mill("borg/borgmatic-list.json").to_json());
}

#[test]
fn statistics_give_size_and_end() {
    assert_json_snapshot!("info", mill("borg/info.json").to_json());
    assert_json_snapshot!("create", mill("borg/create.json").to_json());
}

#[test]
fn times_without_a_zone_are_no_instants_and_the_zone_is_asked_for() {
    let out = read(&fixture("borg/list.json"), &SourceInfo::default());
    assert_eq!(out.found.iter().map(|d| &*d.code).collect::<Vec<_>>(), ["source"]);
    assert!(out.records.recovery_points.iter().all(|p| p.record.taken_at.unwrap().instant().is_none()));
    assert_eq!(mill("borg/list.json").found.iter().count(), 0);
}

#[test]
fn the_same_repository_is_one_vault_unless_the_source_says_its_name() {
    let vaults = |key: &str| [(key.to_owned(), "the-attic".into())].into();
    for key in ["attic", "feed02aa11bb22cc33dd44ee55ff66778899aabbccddeeff0011223344556677"] {
        let source = SourceInfo { vaults: vaults(key), ..zone() };
        let out = read(&fixture("borg/borgmatic-list.json"), &source);
        assert_eq!(&*out.records.vaults[0].record.id, "the-attic", "{key}");
        assert_eq!(out.records.recovery_points[0].record.vault.as_deref(), Some("the-attic"), "{key}");
    }
}

#[test]
fn only_a_whole_check_without_problems_verifies_the_repository() {
    assert_json_snapshot!("check", attic("borg/check.ndjson").to_json());
    assert_json_snapshot!("check_errors", attic("borg/check-errors.ndjson").to_json());
    assert_json_snapshot!("log_broken", attic("borg/log.broken.ndjson").to_json());
}

#[test]
fn a_command_that_gave_up_is_a_failed_export() {
    let out = mill("borg/locked.ndjson");
    assert!(out.records.origins[0].failed);
    assert!(Section::ALL.iter().all(|section| out.records.count(*section) == 0));
    assert_eq!(out.found.iter().map(|d| &*d.message).collect::<Vec<_>>(), ["Borg gave up: LockTimeout"]);
}

#[test]
fn a_configuration_is_a_policy_for_each_repository() {
    assert_json_snapshot!("config", mill("borgmatic/mill.yaml").to_json());
    assert_json_snapshot!("config_sections", mill("borgmatic/sections.yaml").to_json());
    assert_json_snapshot!("config_broken", mill("borgmatic/mill.broken.yaml").to_json());
}

#[test]
fn no_secret_of_an_export_becomes_part_of_a_record() {
    for file in [
        "borg/borgmatic-list.json",
        "borg/info.json",
        "borg/locked.ndjson",
        "borgmatic/mill.yaml",
        "borgmatic/sections.yaml",
    ] {
        let written = std::fs::read_to_string(fixture(file)).unwrap();
        assert!(written.contains("planted-s3cret"), "{file}");
        let shown = format!("{:?} {}", mill(file), mill(file).to_json());
        assert!(!shown.contains("planted-s3cret"), "{file}: {shown}");
    }
}

#[test]
fn a_field_points_to_borgs_words() {
    let (document, out) = (&documents(&fixture("borg/info.json"))[0], mill("borg/info.json"));
    let point = &out.records.recovery_points[0].place;
    assert_eq!(pointed(document, point, "taken_at").unwrap(), "2026-10-26T01:30:04.000000");
    assert_eq!(pointed(document, point, "completed_at").unwrap(), "2026-10-26T01:31:37.000000");
    assert_eq!(pointed(document, point, "bytes").unwrap(), 73_000_000);
    assert_eq!(pointed(document, point, "asset").unwrap(), "mill01");
    assert_eq!(pointed(document, &out.records.vaults[0].place, "encryption").unwrap(), "none");
    let (document, out) = (&documents(&fixture("borgmatic/mill.yaml"))[0], mill("borgmatic/mill.yaml"));
    assert_eq!(pointed(document, &out.records.policies[0].place, "retention").unwrap(), 6);
}

#[test]
fn real_exports_have_the_counts_that_jq_gives() {
    // jq '([.archives[]?, .archive? | select(. != null)] | length, (map(.start) | max), (map(.stats.original_size) | add))'
    for (file, kind, archives, newest, bytes) in [
        ("list.json", "borg.list", 6, Some("2018-11-06T12:35:09Z"), 0),
        ("info-archives.json", "borg.info", 3, Some("2024-10-20T08:06:53Z"), 281_089_219_636),
        ("info-archives-2.json", "borg.info", 1, Some("2024-10-28T20:37:04Z"), 1_341_294_469_810),
        ("info-repository.json", "borg.info", 0, None, 0),
        ("create.json", "borg.create", 1, Some("2018-11-06T14:24:04Z"), 3_038_309),
    ] {
        let Some(path) = shared(&format!("samples/borg/{file}")) else { return };
        let out = read(&path, &SourceInfo { tz: Some(jiff::tz::TimeZone::UTC), ..SourceInfo::default() });
        assert_eq!((out.kinds[0], &out.refused[..]), (kind, &[] as &[String]), "{file}");
        assert_eq!((out.records.jobs.len(), out.records.recovery_points.len()), (archives, archives), "{file}");
        let points = || out.records.recovery_points.iter().map(|p| &p.record);
        let latest = points().filter_map(|p| p.taken_at).max();
        assert_eq!(latest.map(|t| t.to_string()).as_deref(), newest, "{file}");
        assert_eq!(points().filter_map(|p| p.bytes).sum::<u64>(), bytes, "{file}");
    }
    // jq -s 'length, (map(select(.levelname == "ERROR")) | length)'; of the check, its one line for the repository.
    for (file, lines, verified, failed) in [
        ("check.log-json.ndjson", 6, 1, 0),
        ("create-locked.log-json.ndjson", 1, 0, 1),
        ("create-permission-errors.log-json.ndjson", 2, 0, 2),
        ("prune.log-json.ndjson", 2, 0, 0),
    ] {
        let Some(path) = shared(&format!("samples/borg/{file}")) else { return };
        let out = read(&path, &SourceInfo { vault: Some("v".into()), ..SourceInfo::default() });
        assert_eq!((&out.kinds[..], &out.refused[..]), (&vec!["borg.log"; lines][..], &[] as &[String]), "{file}");
        assert_eq!(out.records.verifications.iter().filter(|v| v.record.is_ok()).count(), verified, "{file}");
        assert_eq!(out.records.origins.iter().filter(|o| o.failed).count(), failed, "{file}");
    }
    let Some(path) = shared("samples/borgmatic/config-sections.yaml") else { return };
    let out = read(&path, &SourceInfo::default());
    assert_eq!((out.kinds[0], out.records.policies.len()), ("borgmatic.config", 1));
    assert_eq!(out.records.policies[0].record.retention.unwrap().to_string(), "365d");
}
