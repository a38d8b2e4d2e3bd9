//! A deterministic estate of any size: services, their inventory, and restic exports with so many points a component.
//!
//! The same count gives the same bytes. Every 50th service has lost its newest points, every 70th names no
//! executive, every 90th was last restored too long ago.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};

/// The instant at which the estate is judged.
#[allow(dead_code)] // the example writes only
pub(crate) const AS_OF: &str = "2026-11-21T00:00:00Z";
/// Services an inventory file.
const PER_FILE: usize = 1_000;
/// Recovery points a component, where nobody says how many.
pub(crate) const POINTS: usize = 60;
/// Recovery points an export.
const PER_EXPORT: usize = 60_000;

/// The configuration.
pub(crate) fn configuration() -> String {
    "passmuster: config/v1\n\
     inputs: [\"inventory/*.yaml\", \"exports/*.json\"]\n\
     sources:\n\
     \x20 - {path: \"exports/*.json\", tool: restic, vault: offsite, collected_at: 2026-11-20T23:50:00Z, collector: bench}\n"
        .to_owned()
}

/// What all services share: people, the tool, the vault, its verification.
pub(crate) fn shared() -> String {
    "passmuster: inventory/v1\n\
     collected_at: 2026-11-20T23:00:00Z\n\
     people:\n\
     \x20 - {id: a.khan, name: Amina Khan, team: ops, active: true, checked_at: 2026-11-10}\n\
     \x20 - {id: j.osei, name: Joe Osei, team: ops, active: true, checked_at: 2026-11-10}\n\
     teams:\n\
     \x20 - {id: ops, name: Operations, contact: \"#ops\", contact_checked_at: 2026-11-01}\n\
     tools:\n\
     \x20 - {id: restic, product: restic, runs_on: [], consoles: []}\n\
     vaults:\n\
     \x20 - {id: offsite, tool: restic, site: elsewhere, isolation: immutable, lock: {mode: compliance, min_retention: 35d}, encryption: aes-256-ctr}\n\
     verifications:\n\
     \x20 - {id: check-1, vault: offsite, method: restic check, at: 2026-11-20T23:45:00Z, result: ok, errors: 0}\n"
        .to_owned()
}

/// The inventory of the services from `from` to `to`.
pub(crate) fn inventory(from: usize, to: usize) -> String {
    let mut services = String::from("passmuster: inventory/v1\ncollected_at: 2026-11-20T23:00:00Z\nservices:\n");
    let (mut policies, mut tests, mut runbooks) =
        (String::from("policies:\n"), String::from("restore_tests:\n"), String::from("runbooks:\n"));
    for n in from..to {
        let tier = n % 4 + 1;
        let executive = if n % 70 == 69 { "" } else { ", executive: cfo" };
        let depends_on = if n % PER_FILE > 0 && n % 3 > 0 { format!("[s{}]", n - n % 3) } else { "[]".to_owned() };
        let _ = write!(
            services,
            "  - id: s{n}\n    name: Service {n}\n    tier: {tier}\n    kind: application\n    owner: {{accountable: a.khan, escalation: j.osei{executive}}}\n    \
             able_people: [a.khan, j.osei]\n    coordinator: a.khan\n    impact_analysis: {{ref: BIA-{n}, at: 2026-03-01}}\n    \
             objectives: {{rto: 4h, rpo: 1h, mtpd: 12h, rationale: bench, approved_by: [cfo], approved_at: 2026-03-05, minimum_service: run, acceptance: [login]}}\n    \
             claim: {{scope: full service, grade: E5, assumptions: [], attested_by: cfo, attested_at: 2026-09-01, expires: 2027-03-01}}\n    \
             depends_on: {depends_on}\n    recovery_priority: {n}\n    components:\n      - id: data\n        kind: files\n        platform: server\n        owner: ops\n        \
             disposition: protected\n        first_seen: 2026-01-10\n        assets: [\"restic:h{n}:/srv\"]\n        granularity: [file, full]\n        location: {{site: dc1}}\n"
        );
        let _ = writeln!(
            policies,
            "  - {{id: p{n}, tool: restic, schedule: \"*/30 * * * *\", retention: 35d, vault: offsite, assets: [\"restic:h{n}:/srv\"]}}"
        );
        let finished = if n % 90 == 89 { "2025-01-05" } else { "2026-11-01" };
        let _ = writeln!(
            tests,
            "  - {{id: t{n}, service: s{n}, level: site, scenario: ransomware, started_at: {finished}T09:00:00Z, finished_at: {finished}T11:00:00Z, \
             phases: {{detect: 5m, decide: 5m, approve: 5m, restore: 60m, validate: 10m, user_ready: 5m}}, result: pass, acceptance: {{login: true}}, accepted_by: cfo}}"
        );
        let _ = writeln!(
            runbooks,
            "  - {{id: rb{n}, services: [s{n}], reviewed_at: 2026-10-01, tools: [restic], \
             scenarios: [deletion, bad_deploy, config_loss, ransomware, site_loss, identity_loss], success: users work, fallback: paper}}"
        );
    }
    services + &policies + &tests + &runbooks
}

/// The restic export of the services from `from` to `to`: half-hourly points up to the as-of.
pub(crate) fn export(from: usize, to: usize, points: usize) -> String {
    let as_of: Timestamp = AS_OF.parse().unwrap_or_default();
    let mut text = String::from("[\n");
    for n in from..to {
        let lost = if n % 50 == 49 { 400 } else { 0 };
        for point in 0..points {
            let minutes = (points - point) * 30 + lost;
            let at = as_of - SignedDuration::from_mins(minutes as i64);
            let minute = at.strftime("%Y-%m-%dT%H:%M");
            let comma = if n + 1 == to && point + 1 == points { "" } else { "," };
            let _ = writeln!(
                text,
                "{{\"time\":\"{minute}:05.123456789Z\",\"tree\":\"{n:064x}\",\"paths\":[\"/srv\"],\"hostname\":\"h{n}\",\
                 \"username\":\"root\",\"tags\":[\"cron\"],\"program_version\":\"restic 0.18.1\",\"summary\":{{\"backup_start\":\"{minute}:05Z\",\
                 \"backup_end\":\"{minute}:41Z\",\"total_bytes_processed\":7467784603}},\"id\":\"{n:032x}{point:032x}\",\"short_id\":\"{point:08x}\"}}{comma}"
            );
        }
    }
    text.push_str("]\n");
    text
}

/// Writes an estate of `services` services with `points` points each into a folder.
pub(crate) fn write(folder: &Path, services: usize, points: usize) -> io::Result<()> {
    std::fs::create_dir_all(folder.join("inventory"))?;
    std::fs::create_dir_all(folder.join("exports"))?;
    std::fs::write(folder.join("passmuster.yaml"), configuration())?;
    std::fs::write(folder.join("inventory/shared.yaml"), shared())?;
    for (file, from) in (0..services).step_by(PER_FILE).enumerate() {
        let to = (from + PER_FILE).min(services);
        std::fs::write(folder.join(format!("inventory/services-{file:04}.yaml")), inventory(from, to))?;
    }
    let per_export = (PER_EXPORT / points.max(1)).clamp(1, PER_FILE);
    for (file, from) in (0..services).step_by(per_export).enumerate() {
        let to = (from + per_export).min(services);
        std::fs::write(folder.join(format!("exports/restic-{file:04}.json")), export(from, to, points))?;
    }
    Ok(())
}
