//! Runbooks, reviews, changes, exceptions and limits of a service.

use regorus::Value;

use super::position::{ServiceJoin, named};
use super::reference::References;
use super::value::Object;
use crate::model::Entry;

/// Adds them to the position.
pub(super) fn describe(join: &ServiceJoin<'_>, refs: &mut References, out: &mut Object) {
    out.set("runbooks", runbooks(join, refs)).set("reviews", reviews(join, refs)).set("changes", changes(join, refs));
    out.set("exceptions", exceptions(join, refs)).set("limitations", limitations(join, refs));
    let drills = join.tenant.tests.get(&join.service.record.id).into_iter().flatten();
    let drills = drills.filter_map(|i| join.estate.records.restore_tests.get(*i as usize));
    let newest = drills
        .filter(|e| e.record.result.as_deref() == Some("pass"))
        .filter_map(|e| join.estate.test_time(&e.record))
        .max();
    let since = newest.map(|newest| {
        let all = entries(join, &join.tenant.changes, &join.estate.records.changes);
        let after = all
            .filter(|e| is_significant(&e.record) && join.estate.evidence(e.record.at).is_some_and(|at| at > newest));
        after.count()
    });
    out.set("changes_since_test", since);
}

fn entries<'a, T>(
    join: &'a ServiceJoin<'_>,
    index: &'a super::estate::By,
    all: &'a [Entry<T>],
) -> impl Iterator<Item = &'a Entry<T>> {
    index.get(&join.service.record.id).into_iter().flatten().filter_map(|i| all.get(*i as usize))
}

/// A text, unless it is empty.
fn said(text: &Option<String>) -> Option<&String> {
    text.as_ref().filter(|t| !t.trim().is_empty())
}

/// Stated; where nobody says, a migration is.
fn is_significant(change: &crate::model::Change) -> bool {
    change.significant.unwrap_or(change.kind.as_deref() == Some("migration"))
}

fn runbooks(join: &ServiceJoin<'_>, refs: &mut References) -> Vec<Value> {
    let mut all: Vec<_> = entries(join, &join.tenant.runbooks, &join.estate.records.runbooks).collect();
    all.sort_by(|a, b| a.record.id.cmp(&b.record.id));
    let each = all.into_iter().map(|entry| {
        let book = &entry.record;
        let mut o = Object::default();
        o.set("ref", refs.record(entry.origin, &entry.place)).set("id", &book.id).set("url", book.url.as_ref());
        o.set("sha256", book.sha256.as_ref()).set("reviewed_at", book.reviewed_at);
        o.set("reviewed_age_s", join.estate.evidence_age(book.reviewed_at)).set("offline_copy", book.offline_copy);
        o.set("location_domain", book.location_domain.as_ref()).set("tools", book.tools.as_ref());
        o.set("scenarios", book.scenarios.as_ref()).set("steps", book.steps.as_ref().map(Vec::len));
        let manual = |s: &&crate::model::governance::Step| s.mode.as_deref() != Some("auto");
        o.set("manual_steps", book.steps.as_ref().map(|s| s.iter().filter(manual).count()));
        o.set(
            "approvals",
            book.approvals.as_ref().map(|list| {
                let each = list.iter().map(|a| {
                    let mut v = Object::default();
                    v.set("role", a.role.as_ref())
                        .set("latency_s", a.latency)
                        .set("pre_authorised", a.pre_authorised)
                        .take()
                });
                each.collect::<Vec<_>>()
            }),
        );
        if let Some(approvals) = &book.approvals {
            let waited_for = || approvals.iter().filter(|a| a.pre_authorised != Some(true));
            let wait_s: i64 = waited_for().filter_map(|a| a.latency).map(|l| l.get()).sum();
            o.set("approval_wait_s", wait_s);
            o.set("approvals_untimed", waited_for().filter(|a| a.latency.is_none()).count());
        }
        o.set("success", said(&book.success)).set("fallback", said(&book.fallback)).take()
    });
    each.collect()
}

fn reviews(join: &ServiceJoin<'_>, refs: &mut References) -> Vec<Value> {
    let all = entries(join, &join.tenant.reviews, &join.estate.records.reviews);
    let mut dated: Vec<_> = all.map(|e| (join.estate.evidence(e.record.at), e)).collect();
    dated.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.record.id.cmp(&b.1.record.id)));
    let each = dated.into_iter().map(|(at, entry)| {
        let review = &entry.record;
        let mut o = Object::default();
        o.set("ref", refs.record(entry.origin, &entry.place)).set("id", &review.id).set("at", at);
        let reviewer = review.reviewer.as_ref().filter(|r| !r.trim().is_empty());
        o.set("age_s", at.map(|at| join.estate.age(at))).set("reviewer", reviewer);
        o.set("reviewer_known", reviewer.map(|r| join.tenant.people.contains_key(r)));
        o.set("evidence", review.evidence.as_deref().map(named));
        o.set("challenged", review.challenged.as_deref().map(named));
        o.set("decision", said(&review.decision)).set("finding", review.finding.as_ref()).take()
    });
    each.collect()
}

fn changes(join: &ServiceJoin<'_>, refs: &mut References) -> Vec<Value> {
    let all = entries(join, &join.tenant.changes, &join.estate.records.changes);
    let mut dated: Vec<_> = all.filter_map(|e| join.estate.evidence(e.record.at).map(|at| (at, e))).collect();
    dated.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.record.id.cmp(&b.1.record.id)));
    let each = dated.into_iter().map(|(at, entry)| {
        let mut o = Object::default();
        o.set("ref", refs.record(entry.origin, &entry.place)).set("id", &entry.record.id).set("at", at);
        o.set("age_s", join.estate.age(at)).set("kind", entry.record.kind.as_ref());
        o.set("significant", is_significant(&entry.record)).take()
    });
    each.collect()
}

fn exceptions(join: &ServiceJoin<'_>, refs: &mut References) -> Vec<Value> {
    let mut all: Vec<_> = entries(join, &join.tenant.exceptions, &join.estate.records.exceptions).collect();
    all.sort_by(|a, b| a.record.id.cmp(&b.record.id));
    let each = all.into_iter().map(|entry| {
        let exception = &entry.record;
        let mut o = Object::default();
        o.set("ref", refs.record(entry.origin, &entry.place))
            .set("id", &exception.id)
            .set("rule", exception.rule.as_ref());
        o.set("live", join.estate.is_live_until(exception.expires))
            .set("expires_in_s", join.estate.ahead(exception.expires))
            .take()
    });
    each.collect()
}

fn limitations(join: &ServiceJoin<'_>, refs: &mut References) -> Vec<Value> {
    let mut all: Vec<_> = entries(join, &join.tenant.limitations, &join.estate.records.limitations).collect();
    all.sort_by(|a, b| a.record.id.cmp(&b.record.id));
    let each = all.into_iter().map(|entry| {
        let limit = &entry.record;
        let mut o = Object::default();
        o.set("ref", refs.record(entry.origin, &entry.place)).set("id", &limit.id).set("text", limit.text.as_ref());
        o.set("acknowledged_by", limit.acknowledged_by.as_ref()).set("age_s", join.estate.age_of(limit.at)).take()
    });
    each.collect()
}
