use insta::assert_json_snapshot;

use crate::normalise::SourceInfo;
use crate::normalise::testing::{Outcome, documents, fixture, pointed, read};

fn ferry(file: &str) -> Outcome {
    let source = SourceInfo { vaults: [("ISLAND".to_owned(), "island".into())].into(), ..SourceInfo::default() };
    read(&fixture(&format!("rubrik/{file}")), &source)
}

#[test]
fn a_job_of_a_cluster_succeeded_only_without_a_warning() {
    assert_json_snapshot!("cdm_jobs", ferry("cdm-jobs.json").to_json());
    assert_json_snapshot!("cdm_jobs_broken", ferry("cdm-jobs.broken.json").to_json());
    assert!(!ferry("cdm-jobs.page.json").records.origins[0].complete);
}

#[test]
fn an_activity_is_a_run_where_it_was_a_backup_or_a_recovery() {
    assert_json_snapshot!("activities", ferry("activities.json").to_json());
    assert_json_snapshot!("activities_broken", ferry("activities.broken.json").to_json());
    assert_json_snapshot!("activities_page", ferry("activities.page.json").to_json());
}

#[test]
fn the_archival_of_a_log_is_no_backup() {
    assert_json_snapshot!("tasks", ferry("tasks.json").to_json());
    assert_json_snapshot!("tasks_broken", ferry("tasks.broken.json").to_json());
}

#[test]
fn a_domain_keeps_as_long_as_its_longest_schedule_and_the_rest_in_the_archive() {
    assert_json_snapshot!("sla_domains", ferry("sla-domains.json").to_json());
    assert_json_snapshot!("sla_domains_broken", ferry("sla-domains.broken.json").to_json());
}

#[test]
fn only_what_is_protected_is_under_its_domain() {
    assert_json_snapshot!("compliance", ferry("compliance.json").to_json());
    assert_json_snapshot!("compliance_broken", ferry("compliance.broken.json").to_json());
}

#[test]
fn a_cluster_is_a_vault() {
    assert_json_snapshot!("clusters", ferry("clusters.json").to_json());
    assert_json_snapshot!("clusters_broken", ferry("clusters.broken.json").to_json());
    assert_eq!(ferry("others.json").kinds, ["-"]);
}

#[test]
fn a_field_points_to_the_vendors_words() {
    let (document, out) = (&documents(&fixture("rubrik/cdm-jobs.json"))[0], ferry("cdm-jobs.json"));
    assert_eq!(pointed(document, &out.records.jobs[3].place, "status").unwrap(), "Failure");
    let (document, out) = (&documents(&fixture("rubrik/sla-domains.json"))[0], ferry("sla-domains.json"));
    let place = &out.records.policies[0].place;
    assert_eq!(pointed(document, place, "retention").unwrap(), 8);
    assert_eq!(pointed(document, place, "copies/0/vault").unwrap(), "S3:lighthouse");
    assert_eq!(pointed(document, place, "copies/1/retention").unwrap(), 14);
}
