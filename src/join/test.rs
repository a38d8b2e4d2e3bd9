//! A restore test as a position shows it.

use jiff::Timestamp;
use regorus::Value;

use super::estate::Estate;
use super::merge::Merged;
use super::reference::References;
use super::value::{Fact, Object};
use crate::config::{Limits, limits};
use crate::model::{Entry, Phases, RestoreTest, Service, Text};

/// The value of a test that ended at `at`: one for its service and each of its components.
pub(super) fn describe(
    estate: &Estate<'_>,
    service: &Merged<Service>,
    limits_in_force: Option<&Limits>,
    at: Timestamp,
    entry: &Entry<RestoreTest>,
    refs: &mut References,
) -> Value {
    if let Some(known) = refs.test(entry) {
        return known;
    }
    let test = &entry.record;
    let own_ref = refs.record(entry.origin, &entry.place);
    let age = estate.age(at);
    let mut o = Object::default();
    o.set("ref", &own_ref).set("id", &test.id).set("drill", test.service.as_ref() == Some(&service.record.id));
    o.set("components", components(service, test)).set("level", test.level.as_ref());
    o.set("level_rank", test.level.as_deref().and_then(limits::level_rank));
    o.set("meets_level", Estate::meets_level(test, limits_in_force));
    o.set("scenario", test.scenario.as_ref()).set("granularity", test.granularity.as_ref());
    o.set("started_at", test.started_at).set("finished_at", test.finished_at).set("age_s", age);
    let period = limits_in_force.and_then(|l| l.seconds("dr_exercise_max_age"));
    o.set("in_period", period.is_none_or(|period| age <= period));
    o.set("phases", test.phases.as_ref().map(phases))
        .set("measured_s", test.phases.as_ref().and_then(Phases::measured));
    o.set("result", test.result.as_ref()).set("accepted_by", named(test.accepted_by.as_ref()));
    o.set(
        "acceptance",
        test.acceptance.as_ref().map(|map| {
            let mut a = Object::default();
            for (check, answer) in map {
                a.set_named(check, *answer);
            }
            a
        }),
    );
    o.set("executor", named(test.executor.as_ref())).set("on_call", test.on_call).set("isolated", test.isolated);
    o.set("console_loss", test.console_loss).set("identity_restored", test.identity_restored);
    o.set("dependencies_exercised", test.dependencies_exercised.as_ref())
        .set("environment", said(test.environment.as_ref()));
    o.set("bytes_restored", test.bytes_restored).set("recovery_point", said(test.recovery_point.as_ref()));
    o.set("runbook", test.runbook.as_ref()).set("runbook_sha256", test.runbook_sha256.as_ref());
    o.set(
        "gaps",
        test.gaps.as_ref().map(|map| {
            let mut g = Object::default();
            for (gap, answer) in map {
                g.set_named(gap, said(Some(answer)));
            }
            g
        }),
    );
    o.set("reviewer", named(test.reviewer.as_ref()));
    o.set(
        "reconciliation",
        test.reconciliation.as_ref().map(|r| {
            let mut value = Object::default();
            value
                .set("counts", r.counts.as_ref())
                .set("checksums", r.checksums.as_ref())
                .set("result", r.result.as_ref());
            value
        }),
    );
    o.set(
        "action",
        test.action.as_ref().map(|action| {
            let mut a = Object::default();
            a.set("reference", action.reference.as_ref()).set("owner", action.owner.as_ref());
            a.set("due", action.due).set("due_in_s", estate.ahead(action.due));
            a
        }),
    );
    o.set(
        "evidence",
        test.evidence.as_ref().map(|items| {
            let items = items.iter().enumerate().map(|(i, item)| {
                let mut e = Object::default();
                e.set("ref", format!("{own_ref}/evidence/{i}")).set("path", said(item.path.as_ref()));
                e.set("sha256", said(item.sha256.as_ref())).set("actual_sha256", item.actual_sha256.as_ref());
                let same = |(stated, actual): (&String, &String)| stated.trim().eq_ignore_ascii_case(actual);
                e.set("matches", item.sha256.as_ref().zip(item.actual_sha256.as_ref()).map(same)).take()
            });
            items.collect::<Vec<_>>()
        }),
    );
    let value = o.build();
    refs.keep_test(entry, &value);
    value
}

/// The components of the service that a test covers (General 11).
fn components(service: &Merged<Service>, test: &RestoreTest) -> Vec<Value> {
    let all = service.record.components.iter().flatten();
    let covered = all.filter(|c| match (&test.components, &test.asset) {
        (Some(listed), _) if listed.contains(&c.id) => true,
        (_, Some(asset)) => {
            c.assets.iter().flatten().any(|a| super::asset::matches(a, asset) || super::asset::matches(asset, a))
        }
        (None, None) => test.service.is_some(),
        (Some(_), None) => false,
    });
    covered.filter_map(|c| (&c.id).fact()).collect()
}

/// What a test says of one component where no more of it is asked for.
pub(super) fn brief(estate: &Estate<'_>, at: Timestamp, entry: &Entry<RestoreTest>, refs: &mut References) -> Value {
    let test = &entry.record;
    let mut o = Object::default();
    o.set("ref", refs.record(entry.origin, &entry.place)).set("id", &test.id);
    o.set("granularity", test.granularity.as_ref()).set("finished_at", test.finished_at);
    o.set("age_s", estate.age(at)).take()
}

/// Whether a test brought back less than everything: what was restored is stated, and is not the whole.
pub(super) fn is_narrow(test: &RestoreTest) -> bool {
    said(test.granularity.as_ref()).is_some_and(|g| !matches!(g.as_str(), "full" | "site"))
}

/// A text, unless it is empty.
fn said(text: Option<&String>) -> Option<&String> {
    text.filter(|t| !t.trim().is_empty())
}

/// A name, unless it is empty.
pub(super) fn named(name: Option<&Text>) -> Option<&Text> {
    name.filter(|n| !n.trim().is_empty())
}

/// The durations that are stated.
pub(super) fn phases(phases: &Phases) -> Object {
    const NAMES: [(&str, &str); 6] = [
        ("detect", "detect_s"),
        ("decide", "decide_s"),
        ("approve", "approve_s"),
        ("restore", "restore_s"),
        ("validate", "validate_s"),
        ("user_ready", "user_ready_s"),
    ];
    let mut o = Object::default();
    for (phase, seconds) in phases.stated() {
        if let Some((_, name)) = NAMES.iter().find(|(n, _)| *n == phase) {
            o.set(name, seconds);
        }
    }
    o
}
