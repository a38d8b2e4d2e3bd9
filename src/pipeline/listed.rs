//! Records that a report lists as they are: exceptions, and what restore tests name as their evidence.

use jiff::Timestamp;

use crate::evaluate::ledger::Ledger;
use crate::model::{OriginId, Records, Text, Time};
use crate::report::{EvidenceItem, ExceptionListed};

/// Every exception, by tenant and id, with how many findings it covers.
pub(super) fn exceptions_listed(records: &Records, ledger: &Ledger, as_of: Timestamp) -> Vec<ExceptionListed> {
    let covers = ledger.covered();
    let texts = |list: &Option<Vec<Text>>| list.iter().flatten().map(ToString::to_string).collect::<Vec<_>>();
    let written = |time: Option<Time>| time.map(|t| t.to_string());
    let mut listed: Vec<_> = records
        .exceptions
        .iter()
        .map(|entry| {
            let e = &entry.record;
            let mut services = texts(&e.services);
            services.extend(e.service.as_ref().map(ToString::to_string));
            services.sort();
            let tenant = tenant(records, entry.origin);
            let compensating = e.compensating.iter().flatten();
            ExceptionListed {
                id: e.id.to_string(),
                covers: covers.get(&(tenant.as_deref(), &*e.id)).copied().unwrap_or(0),
                tenant,
                rule: e.rule.as_ref().map(ToString::to_string),
                services,
                components: texts(&e.components),
                tier: e.tier.clone(),
                subject: e.subject.as_ref().map(ToString::to_string),
                reason: e.reason.clone(),
                residual_risk: e.residual_risk.clone(),
                requested_by: e.requested_by.as_ref().map(ToString::to_string),
                approved_by: e.approved_by.as_ref().map(ToString::to_string),
                approved_at: written(e.approved_at),
                expires: written(e.expires),
                compensating: compensating
                    .filter_map(|c| c.rule.as_ref().map(ToString::to_string).or_else(|| c.text.clone()))
                    .collect(),
                live: e.expires.and_then(Time::instant).is_some_and(|end| as_of < end),
            }
        })
        .collect();
    listed.sort_by(|a, b| (&a.tenant, &a.id).cmp(&(&b.tenant, &b.id)));
    listed
}

/// What restore tests name as their evidence, by tenant and test.
pub(super) fn evidence_named(records: &Records) -> Vec<EvidenceItem> {
    let mut named = Vec::new();
    for entry in &records.restore_tests {
        for item in entry.record.evidence.iter().flatten() {
            named.push(EvidenceItem {
                tenant: tenant(records, entry.origin),
                service: entry.record.service.as_ref().map(ToString::to_string),
                test: entry.record.id.to_string(),
                path: item.path.clone(),
                url: item.url.clone(),
                sha256: item.sha256.clone(),
                actual_sha256: item.actual_sha256.clone(),
            });
        }
    }
    named.sort_by(|a, b| (&a.tenant, &a.test, &a.path, &a.url).cmp(&(&b.tenant, &b.test, &b.path, &b.url)));
    named
}

fn tenant(records: &Records, origin: OriginId) -> Option<String> {
    records.origin(origin).and_then(|o| o.tenant.as_deref()).map(str::to_owned)
}
