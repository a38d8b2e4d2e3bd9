//! Orphans, both ways: assets that exports name and no component claims, and claims that no record answers.
//!
//! They are told as notes and decide nothing: what an unclaimed asset belongs to is for people to say.

use std::collections::{BTreeMap, BTreeSet};

use super::asset::{self, AssetIndex, Kind};
use super::estate::{Estate, Tenant};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::hash::HashMap;
use crate::model::{Entry, Text, Time, VolumeClaim};
use crate::source::Place;

/// Components named as perhaps meant.
const NEAREST: usize = 3;
/// Assets named in a note.
const NAMED: usize = 3;

/// An asset that records name and no component claims.
#[derive(Debug, Clone, PartialEq)]
pub struct Unclaimed {
    /// Whose it is.
    pub tenant: Option<Text>,
    /// As its records name it.
    pub asset: Text,
    /// The tool of the first of them.
    pub tool: Option<Text>,
    /// Recovery points that are listed.
    pub recovery_points: usize,
    /// When the newest of them was taken.
    pub newest: Option<Time>,
    /// Runs.
    pub jobs: usize,
    /// Policies that cover it.
    pub policies: usize,
    /// It is a volume that workloads claim, which no record of a backup names.
    pub is_volume: bool,
    /// Where the first record that names it lies.
    pub place: Place,
    /// Components whose words are most like its own, the nearest first: service and component.
    pub nearest: Vec<(Text, Text)>,
}

/// An asset that a component claims and no record names.
#[derive(Debug, Clone, PartialEq)]
pub struct Unanswered {
    /// Whose it is.
    pub tenant: Option<Text>,
    /// The service.
    pub service: Text,
    /// Its component.
    pub component: Text,
    /// As the component writes it.
    pub asset: Text,
    /// Where it does.
    pub place: Place,
}

impl Estate<'_> {
    /// Assets that no component claims, by tenant and name.
    #[must_use]
    pub fn unclaimed(&self) -> Vec<Unclaimed> {
        let mut found = Vec::new();
        let volumes = self.records.volume_claims.iter();
        let of_volumes = volumes.filter_map(|volume| Some(self.records.origin(volume.origin)?.tenant.clone()));
        let tenants: BTreeSet<Option<Text>> = self.tenants.keys().cloned().chain(of_volumes).collect();
        let nothing = AssetIndex::default();
        for name in &tenants {
            let assets = self.tenants.get(name).map_or(&nothing, |tenant| &tenant.assets);
            let claims = self.claims(name.as_ref());
            let claimed: BTreeSet<&Text> =
                claims.iter().flat_map(|claim| assets.matching(claim.asset)).map(|(asset, _)| asset).collect();
            let words = Words::new(&claims);
            let open = assets.names().filter(|(asset, _)| !claimed.contains(asset));
            let mut orphans: Vec<Unclaimed> =
                open.filter_map(|(asset, records)| self.orphan(name.as_ref(), asset, records, &words)).collect();
            orphans.extend(self.volumes(name.as_ref(), assets, &claims, &words));
            orphans.sort_by(|a, b| a.asset.cmp(&b.asset));
            found.extend(orphans);
        }
        found
    }

    /// Claims that no record answers, in the order of the services.
    #[must_use]
    pub fn unanswered(&self) -> Vec<Unanswered> {
        let answers = |tenant: &Tenant, asset: &str| !tenant.assets.matching(asset).is_empty();
        let mut found = Vec::new();
        for (name, tenant) in &self.tenants {
            for claim in self.claims(name.as_ref()) {
                // Without any export there is nothing that could answer, and rules say so.
                if !tenant.assets.is_empty() && !answers(tenant, claim.asset) {
                    found.push(Unanswered {
                        tenant: name.clone(),
                        service: claim.service.clone(),
                        component: claim.component.clone(),
                        asset: claim.asset.clone(),
                        place: claim.place.clone(),
                    });
                }
            }
        }
        found
    }

    /// The products that the estate is backed up with: those whose exports were handed in, and those whose assets
    /// components claim.
    #[must_use]
    pub fn products(&self) -> BTreeSet<String> {
        let of_kind = |kind: &str| kind.split('.').next().unwrap_or(kind).to_owned();
        let handed_in =
            self.records.origins.iter().filter(|origin| origin.is_evidence()).map(|origin| of_kind(origin.kind));
        let claimed = self.tenants.keys().flat_map(|tenant| self.claims(tenant.as_ref()));
        let claimed = claimed.filter_map(|claim| asset::product(claim.asset)).map(str::to_owned);
        handed_in.chain(claimed).collect()
    }

    /// Orphans as notes: one for each document that names unclaimed assets, one for each claim without an answer.
    pub fn note_orphans(&self, found: &mut Diagnostics) {
        let mut by_file: BTreeMap<_, Vec<Unclaimed>> = BTreeMap::new();
        for orphan in self.unclaimed() {
            by_file.entry(orphan.place.file).or_default().push(orphan);
        }
        for orphans in by_file.into_values() {
            let Some(first) = orphans.first() else { continue };
            let named: Vec<&str> = orphans.iter().take(NAMED).map(|o| &*o.asset).collect();
            let more = orphans.len().saturating_sub(NAMED);
            let mut list = named.join("`, `");
            list.push('`');
            if more > 0 {
                list.push_str(&format!(" and {more} more"));
            }
            found.push(
                Diagnostic::note("unclaimed-asset", format!("no component claims `{list}, named here"))
                    .at(first.place.clone())
                    .help("put them under `assets` of a component; `passmuster sources --unmatched` says which may be meant"),
            );
        }
        for claim in self.unanswered() {
            let Unanswered { component, asset, service, .. } = &claim;
            let message = format!("no record names `{asset}`, which `{component}` of {service} claims");
            found.push(
                Diagnostic::note("unanswered-claim", message)
                    .at(claim.place.clone())
                    .help("hand in the export that lists it, or correct the name; `passmuster sources KIND` says how a product's assets are named"),
            );
        }
    }

    fn claims(&self, tenant: Option<&Text>) -> Vec<Claim<'_>> {
        let of_tenant = self.services.iter().filter(|((t, _), _)| t.as_ref() == tenant);
        let mut claims = Vec::new();
        for (_, service) in of_tenant {
            for (number, component) in service.record.components.iter().flatten().enumerate() {
                for (index, asset) in component.assets.iter().flatten().enumerate() {
                    claims.push(Claim {
                        service: &service.record.id,
                        component: &component.id,
                        asset,
                        place: service.claim_place(self.records, &component.id, number, index),
                    });
                }
            }
        }
        claims
    }

    fn orphan(
        &self,
        tenant: Option<&Text>,
        asset: &Text,
        records: &[(Kind, u32)],
        words: &Words<'_>,
    ) -> Option<Unclaimed> {
        let count = |kind| records.iter().filter(|(k, _)| *k == kind).count();
        let (recovery_points, jobs, policies) = (count(Kind::Point), count(Kind::Job), count(Kind::Policy));
        if recovery_points + jobs + policies == 0 {
            return None;
        }
        let taken = records.iter().filter(|(kind, _)| *kind == Kind::Point);
        let newest = taken
            .filter_map(|(_, index)| self.records.recovery_points.get(*index as usize)?.record.taken_at)
            .max_by_key(|time| time.instant());
        let (tool, place) = records.iter().find_map(|(kind, index)| self.named_by(*kind, *index as usize))?;
        let nearest = words.nearest(asset);
        Some(Unclaimed {
            tenant: tenant.cloned(),
            asset: asset.clone(),
            tool,
            recovery_points,
            newest,
            jobs,
            policies,
            is_volume: false,
            place,
            nearest,
        })
    }

    /// Volumes of a tenant that neither a component claims nor a record of a backup names, each once.
    fn volumes(
        &self,
        tenant: Option<&Text>,
        assets: &AssetIndex,
        claims: &[Claim<'_>],
        words: &Words<'_>,
    ) -> Vec<Unclaimed> {
        let of_tenant = |volume: &&VolumeClaim| {
            self.records.origin(volume.origin).is_some_and(|origin| origin.tenant.as_ref() == tenant)
        };
        let volumes: Vec<&VolumeClaim> = self.records.volume_claims.iter().filter(of_tenant).collect();
        let mut named = AssetIndex::default();
        for (number, volume) in volumes.iter().enumerate() {
            named.add(&volume.asset, Kind::Possible, number);
            volume.within.iter().for_each(|asset| named.add(asset, Kind::Possible, number));
        }
        let matching = |asset: &Text| named.matching(asset).into_iter().flat_map(|(_, numbers)| numbers);
        let mut known: BTreeSet<u32> =
            claims.iter().flat_map(|claim| matching(claim.asset)).map(|(_, number)| *number).collect();
        let mut seen: BTreeMap<&Text, &VolumeClaim> = BTreeMap::new();
        for (number, volume) in (0u32..).zip(&volumes) {
            let others = named.matching(&volume.asset).into_iter().filter(|(asset, _)| **asset != volume.asset);
            // Of a stateful set whose volumes are listed, too, the list says which there are.
            let is_listed = volume.asset.contains('*') && others.count() > 0;
            if known.insert(number) && !is_listed && assets.matching(&volume.asset).is_empty() {
                seen.entry(&volume.asset).or_insert(volume);
            }
        }
        let orphans = seen.into_iter().filter_map(|(asset, volume)| {
            let origin = self.records.origin(volume.origin)?;
            Some(Unclaimed {
                tenant: tenant.cloned(),
                asset: asset.clone(),
                tool: None,
                recovery_points: 0,
                newest: None,
                jobs: 0,
                policies: 0,
                is_volume: true,
                place: Place::value(origin.file, origin.document, &*volume.pointer),
                nearest: words.nearest(asset),
            })
        });
        orphans.collect()
    }

    /// Tool and place of a record that names an asset.
    fn named_by(&self, kind: Kind, index: usize) -> Option<(Option<Text>, Place)> {
        fn of<T>(estate: &Estate<'_>, entry: &Entry<T>, tool: Option<&Text>, field: &str) -> (Option<Text>, Place) {
            (tool.cloned(), estate.records.place(entry, field))
        }
        let r = self.records;
        match kind {
            Kind::Point => r.recovery_points.get(index).map(|e| of(self, e, e.record.tool.as_ref(), "asset")),
            Kind::Job => r.jobs.get(index).map(|e| of(self, e, e.record.tool.as_ref(), "asset")),
            Kind::Policy => r.policies.get(index).map(|e| of(self, e, e.record.tool.as_ref(), "assets")),
            _ => None,
        }
    }
}

/// An asset as a component claims it.
struct Claim<'a> {
    service: &'a Text,
    component: &'a Text,
    asset: &'a Text,
    place: Place,
}

/// The words of components: of their own id, their service's, and what they claim.
struct Words<'a> {
    /// The components that use a word.
    by_word: HashMap<String, BTreeSet<(&'a Text, &'a Text)>>,
}

impl<'a> Words<'a> {
    fn new(claims: &[Claim<'a>]) -> Self {
        let mut by_word: HashMap<String, BTreeSet<(&Text, &Text)>> = HashMap::default();
        for claim in claims {
            for word in [claim.service, claim.component, claim.asset].into_iter().flat_map(|text| words(text)) {
                by_word.entry(word).or_default().insert((claim.service, claim.component));
            }
        }
        Self { by_word }
    }

    /// The components that share the rarest words with an asset.
    fn nearest(&self, asset: &str) -> Vec<(Text, Text)> {
        let mut scores: BTreeMap<(&Text, &Text), f64> = BTreeMap::new();
        for word in words(asset).collect::<BTreeSet<_>>() {
            let Some(components) = self.by_word.get(&word) else { continue };
            #[expect(clippy::cast_precision_loss, reason = "a count of components")]
            let rarity = 1.0 / components.len() as f64;
            // A word that everybody uses, such as the product's, tells nobody from anybody.
            for component in components.iter().filter(|_| components.len() <= NEAREST * 4) {
                *scores.entry(*component).or_default() += rarity;
            }
        }
        let mut order: Vec<_> = scores.into_iter().collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        order.into_iter().take(NEAREST).map(|((service, component), _)| (service.clone(), component.clone())).collect()
    }
}

/// Words of two letters or more, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 1).map(str::to_lowercase)
}
