//! What several sources say of one thing: the inventory counts, then the order of `sources`; who loses is shown.
#![allow(missing_docs, clippy::unwrap_used)]

mod estate;

use estate::{Estate, Outcome};
use serde_json::Value;

/// The shop with a table of services and two tables of points; the first of `sources` counts before the second.
fn shop(first: &str, second: &str, services: &str) -> Outcome {
    let point = "section: recovery_points, map: {id: /id, asset: /asset, vault: /vault, taken_at: /at, status: /status, encrypted: {from: /enc, values: {\"no\": false, \"yes\": true}}, expires_at: /until}";
    let config = format!(
        "passmuster: config/v1\ninputs: [\"shop/*.yaml\", \"*.csv\"]\nsources:\n  - {{path: a.csv, {point}}}\n  - {{path: b.csv, {point}}}\n  - {{path: cmdb.csv, section: services, map: {{id: /id, tier: /tier, owner.accountable: /who, objectives.rto: /rto}}}}\n"
    );
    let estate = Estate::shop().with("passmuster.yaml", config).with("cmdb.csv", services);
    estate.with("a.csv", format!("{POINTS}{first}")).with("b.csv", format!("{POINTS}{second}")).check(&[])
}

const POINTS: &str = "id,asset,vault,at,status,enc,until\n";
const AGREES: &str = "id,tier,who,rto\nloyalty,4,rosa,72h\n";

fn told(outcome: &Outcome) -> Vec<(String, String)> {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let rows = outcome.json()["results"].as_array().unwrap().iter();
    let found = rows.filter(|r| r["rule"] == "SIG-004" && r["verdict"] == "fail");
    let mut told: Vec<_> = found
        .map(|r| {
            let at = &r["locations"][0];
            (format!("{}:{}", text(&at["path"]), at["line"]), text(&r["message"]))
        })
        .collect();
    told.sort();
    told
}

#[test]
fn sources_that_agree_are_no_finding() {
    let row = "x1,till:loyalty,flat,2026-11-19T03:00:00Z,available,yes,2026-12-31\n";
    // Another word for available, and an expiry that leaves the time of day out.
    let same = "x1,till:loyalty,flat,2026-11-19T03:00:00Z,completed,yes,2026-12-31T18:00:00Z\n";
    let outcome = shop(row, same, AGREES);
    assert_eq!(outcome.json()["diagnostics"], serde_json::json!([]));
    assert_eq!(told(&outcome), []);
    assert_eq!(outcome.verdict("SIG-004", "loyalty").as_deref(), Some("pass"));
}

#[test]
fn a_service_that_a_table_tells_differently_is_shown_in_the_table() {
    let outcome = shop("", "", "id,tier,who,rto\nloyalty,1,emil,72h\n");
    let at = |field: &str, lost: &str, kept: &str| {
        let text = format!("{field} of service is {lost} here and {kept} in another source, which counts");
        ("cmdb.csv:2".to_owned(), text)
    };
    assert_eq!(told(&outcome), [at("owner/accountable", "emil", "rosa"), at("tier", "1", "4")]);
}

#[test]
fn of_points_the_earlier_source_counts_and_the_later_fills_and_is_compared() {
    let first = "x1,till:loyalty,flat,2026-11-19T03:00:00Z,available,,\n\
                 x2,till:loyalty,flat,2026-11-18T03:00:00Z,available,yes,2026-12-31\n\
                 x3,till:loyalty,flat,2026-11-17T03:00:00Z,available,yes,2026-12-31\n";
    let second = "x3,till:loyalty,flat,2026-11-17T03:00:00Z,failed,no,2026-12-31\n\
                  x2,till:loyalty,flat,2026-11-18T03:00:00Z,available,no,2026-12-30\n\
                  x1,till:loyalty,flat,2026-11-19T03:00:00Z,,no,\n";
    let told = told(&shop(first, second, AGREES));
    let places: Vec<_> = told.iter().map(|(at, _)| at.as_str()).collect();
    assert_eq!(places, ["b.csv:2", "b.csv:3", "b.csv:3"], "{told:#?}");
    let said = |text: &str| assert!(told.iter().any(|(_, m)| m.contains(text)), "{text}: {told:#?}");
    said("status of point x3 is failed here and available in another source");
    // Two points, the newest named.
    said("encrypted of point x2 and 1 more is false here and true in another source");
    said("expires_at of point x2 is 2026-12-30T00:00:00Z here");
    // What only the later source says of x1 is known as well, and shown there.
    let outcome = shop(first, second, AGREES);
    let plain = outcome.json()["results"].as_array().unwrap().iter().find(|r| r["rule"] == "ENC-001").unwrap();
    assert_eq!((&plain["verdict"], &plain["locations"][0]["path"]), (&"fail".into(), &"b.csv".into()), "{plain:#}");
    assert_eq!(plain["locations"][0]["line"], 4, "{plain:#}");
}
