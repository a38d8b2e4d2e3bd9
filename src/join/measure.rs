//! Measured recovery times: from the declared start or the detection to users at work, never to the end of a job.

use jiff::Timestamp;

use super::estate::Estate;
use crate::config::{LimitValue, Limits, PARAMS, limits};
use crate::model::{Measurement, RestoreTest};

/// A measured recovery time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measure {
    /// Seconds to users at work.
    pub(super) total_s: i64,
    /// When it ended.
    pub(super) at: Timestamp,
    /// A drill or an outage.
    pub(super) kind: Measurement,
    /// Index into the restore tests or the incidents.
    pub(super) index: u32,
}

/// The recovery times of one service.
#[derive(Debug, Clone, Default)]
pub(super) struct Measured {
    /// All, newest first.
    pub(super) runs: Vec<Measure>,
    /// The worst of those that count for RTO-001.
    pub(super) worst_recent: Option<Measure>,
}

impl Estate<'_> {
    /// When a test ended; where it does not say, when it began.
    pub(super) fn test_time(&self, test: &RestoreTest) -> Option<Timestamp> {
        self.evidence(test.finished_at).or_else(|| {
            // A stated end that is no evidence is not replaced by the start.
            if test.finished_at.is_some() { None } else { self.evidence(test.started_at) }
        })
    }

    /// Whether a test is at or above a tier's `test_level_min`; `site` is also met by an isolated drill of the service.
    pub(super) fn meets_level(test: &RestoreTest, limits: Option<&Limits>) -> bool {
        let Some(least) = limits.and_then(|l| l.word("test_level_min")) else { return true };
        let Some(level) = test.level.as_deref() else { return false };
        (least == "site" && level == "service" && test.isolated == Some(true))
            || limits::level_rank(level) >= limits::level_rank(least)
    }

    pub(super) fn limits_of(&self, service: usize) -> Option<&Limits> {
        let (_, merged) = self.services.get(service)?;
        self.standard.tier(merged.record.tier.as_deref()?).map(|tier| &tier.limits)
    }

    /// A number of a rule in the standard in force.
    pub(super) fn param(&self, rule: &str, name: &str) -> i64 {
        let spec = PARAMS.iter().find(|p| p.rule == rule && p.spec.name == name);
        match spec.and_then(|spec| self.standard.param(spec)) {
            Some(LimitValue::Duration(seconds)) => seconds.get(),
            Some(LimitValue::Count(count)) => count,
            _ => i64::MAX,
        }
    }

    /// The recovery times of a service.
    pub(super) fn measured(&self, service: usize) -> Measured {
        let Some(((tenant, id), _)) = self.services.get(service) else { return Measured::default() };
        let Some(tenant) = self.tenants.get(tenant) else { return Measured::default() };
        let limits = self.limits_of(service);
        let (mut runs, mut drills, mut outages) = (Vec::new(), Vec::new(), Vec::new());
        for index in tenant.tests.get(id).into_iter().flatten() {
            let Some(test) = self.records.restore_tests.get(*index as usize).map(|e| &e.record) else { continue };
            let measured =
                test.phases.as_ref().and_then(|p| p.measured()).filter(|_| test.result.as_deref() == Some("pass"));
            if let (Some(total), Some(at)) = (measured, self.test_time(test)) {
                let run = Measure { total_s: total.get(), at, kind: Measurement::Drill, index: *index };
                runs.push(run);
                if Self::meets_level(test, limits) {
                    drills.push(run);
                }
            }
        }
        let oldest = self.param("RTO-001", "incident_max_age");
        for index in tenant.incidents.get(id).into_iter().flatten() {
            let Some(incident) = self.records.incidents.get(*index as usize).map(|e| &e.record) else { continue };
            let began = self.evidence(incident.detected_at).or_else(|| self.evidence(incident.started_at));
            if let (Some(began), Some(at)) = (began, self.evidence(incident.user_ready_at)) {
                let total_s = (at.as_second() - began.as_second()).max(0);
                let run = Measure { total_s, at, kind: Measurement::Incident, index: *index };
                runs.push(run);
                if self.age(at) <= oldest {
                    outages.push(run);
                }
            }
        }
        let newest_first = |a: &Measure, b: &Measure| b.at.cmp(&a.at).then(a.index.cmp(&b.index));
        runs.sort_by(newest_first);
        drills.sort_by(newest_first);
        drills.truncate(usize::try_from(self.param("RTO-001", "drills_considered")).unwrap_or(usize::MAX));
        let recent = drills.into_iter().chain(outages);
        let worst_recent = recent.max_by(|a, b| (a.total_s, a.at, b.index).cmp(&(b.total_s, b.at, a.index)));
        Measured { runs, worst_recent }
    }
}

/// The 95th percentile by nearest rank; `None` of nothing.
pub(super) fn p95(values: &mut [i64]) -> Option<i64> {
    values.sort_unstable();
    let rank = (values.len() * 95).div_ceil(100);
    values.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_95th_percentile_is_a_value_that_occurred() {
        assert_eq!(super::p95(&mut []), None);
        assert_eq!(super::p95(&mut [7]), Some(7));
        assert_eq!(super::p95(&mut (1..=20).collect::<Vec<_>>()), Some(19));
        assert_eq!(super::p95(&mut (1..=100).rev().collect::<Vec<_>>()), Some(95));
    }
}
