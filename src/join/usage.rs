//! What positions lend the rules that judge the estate: who uses which tool, vault, key and policy, what was tested,
//! which reviews are late. A position is dropped once it is judged; this is what stays of it.

use std::collections::{BTreeMap, BTreeSet};

use super::PositionSummary;
use crate::model::{Entry, OriginId, RecordPlace, RecoveryPoint, Text};
use crate::source::Place;

/// What the estate keeps of one position.
#[derive(Debug, Clone)]
pub struct Share {
    /// Number of the service in the estate.
    pub(super) index: usize,
    /// Tier number; none where the tier is unknown.
    pub(super) tier_number: Option<u8>,
    /// Its components, by id.
    pub(super) components: Vec<ComponentShare>,
    /// Its newest review, where that is older than the tier allows.
    pub(super) late_review: Option<LateReview>,
    /// In one line.
    pub(super) summary: PositionSummary,
}

/// What the estate keeps of one component.
#[derive(Debug, Clone)]
pub(super) struct ComponentShare {
    pub(super) id: String,
    pub(super) platform: Option<Text>,
    pub(super) protected: bool,
    pub(super) place: Option<Place>,
    pub(super) tested_age_s: Option<i64>,
    pub(super) uses: Uses,
}

/// What a component uses: through its live policies and the points that are listed of it (acceptance, General 5).
#[derive(Debug, Clone, Default)]
pub(super) struct Uses {
    pub(super) tools: BTreeSet<Text>,
    pub(super) vaults: BTreeSet<Text>,
    /// Keys that points name, each with a point that does.
    pub(super) keys: BTreeMap<Text, (OriginId, RecordPlace)>,
    /// Every policy that covers it, live or not: numbers in the records.
    pub(super) policies: Vec<u32>,
}

impl Uses {
    /// Adds what a listed point refers to.
    pub(super) fn point(&mut self, entry: &Entry<RecoveryPoint>) {
        let point = &entry.record;
        if let Some(vault) = point.vault.as_ref().filter(|v| !self.vaults.contains(*v)) {
            self.vaults.insert(vault.clone());
        }
        if let Some(key) = point.key.as_ref().filter(|k| !self.keys.contains_key(*k)) {
            self.keys.insert(key.clone(), (entry.origin, entry.place.clone()));
        }
    }
}

/// The newest review of a service, older than its tier allows.
#[derive(Debug, Clone)]
pub(super) struct LateReview {
    pub(super) origin: OriginId,
    pub(super) place: RecordPlace,
    pub(super) age_s: i64,
    pub(super) limit_s: i64,
}

impl Share {
    /// The platforms of the protected components, by component id.
    #[must_use]
    pub fn platform(&self, component: &str) -> Option<&str> {
        let at = self.components.binary_search_by(|c| c.id.as_str().cmp(component)).ok()?;
        self.components.get(at).filter(|c| c.protected)?.platform.as_deref()
    }
}

/// How a thing is used.
#[derive(Debug, Clone)]
pub(super) struct Use {
    /// Tier number of the most critical service that uses it; 1 where a tier is unknown.
    pub(super) tier_number: u8,
    /// A place that refers to it.
    pub(super) place: Option<Place>,
}

/// Restore tests of the components of one platform and tier.
#[derive(Debug, Clone, Default)]
pub(super) struct Sample {
    pub(super) components: u64,
    pub(super) tested: u64,
    pub(super) first_untested: Option<Place>,
}

/// What the services of one tenant use and show.
#[derive(Debug, Default)]
pub(super) struct TenantUsage {
    pub(super) tools: BTreeMap<Text, Use>,
    pub(super) vaults: BTreeMap<Text, Use>,
    pub(super) keys: BTreeMap<Text, (Use, Option<(OriginId, RecordPlace)>)>,
    /// By tier and platform.
    pub(super) samples: BTreeMap<String, BTreeMap<String, Sample>>,
    pub(super) late_reviews: Vec<(usize, LateReview)>,
}

/// What the positions of a run lend the estate.
#[derive(Debug, Default)]
pub struct Usage {
    pub(super) tenants: BTreeMap<Option<Text>, TenantUsage>,
    /// Policies that cover a component.
    pub(super) matched: BTreeSet<u32>,
    /// Services in one line, with their numbers.
    pub(super) services: Vec<(usize, Option<u8>, PositionSummary)>,
}

impl Usage {
    /// Takes over what a position lends. `sample_period_s`: a component counts as tested for so long.
    pub(super) fn take(&mut self, tenant: Option<Text>, share: Share, sample_period_s: i64) {
        let mine = self.tenants.entry(tenant).or_default();
        let tier_number = share.tier_number.unwrap_or(1);
        for component in share.components {
            self.matched.extend(&component.uses.policies);
            if !component.protected {
                continue;
            }
            for tool in component.uses.tools {
                note(&mut mine.tools, tool, tier_number, component.place.as_ref());
            }
            for vault in component.uses.vaults {
                note(&mut mine.vaults, vault, tier_number, component.place.as_ref());
            }
            for (key, point) in component.uses.keys {
                let found = Use { tier_number, place: component.place.clone() };
                let entry = mine.keys.entry(key).or_insert((found, Some(point)));
                entry.0.tier_number = entry.0.tier_number.min(tier_number);
            }
            let Some(tier) = share.summary.tier.clone() else { continue };
            let platform = component.platform.as_deref().unwrap_or("no stated platform").to_owned();
            let sample = mine.samples.entry(tier).or_default().entry(platform).or_default();
            sample.components += 1;
            if component.tested_age_s.is_some_and(|age| age <= sample_period_s) {
                sample.tested += 1;
            } else if sample.first_untested.is_none() {
                sample.first_untested = component.place;
            }
        }
        mine.late_reviews.extend(share.late_review.map(|review| (share.index, review)));
        self.services.push((share.index, share.tier_number, share.summary));
    }
}

fn note(map: &mut BTreeMap<Text, Use>, id: Text, tier_number: u8, place: Option<&Place>) {
    let known = map.entry(id).or_insert_with(|| Use { tier_number, place: place.cloned() });
    known.tier_number = known.tier_number.min(tier_number);
}
