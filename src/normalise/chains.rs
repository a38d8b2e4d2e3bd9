//! Points of which another export says more. Veeam's restore points name a backup instead of their vault, and another
//! export says where it lies; a copy names its source and not of when its data are. An adapter sees one document, so this
//! waits until every file has been read.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::hash::{HashMap, HashSet};
use crate::model::{OriginId, Records, RecoveryPoint, Text, Time};
use crate::source::Place;

/// Gives each such point its vault. A chain that no document places leaves its points without one, and is asked for.
pub fn settle(records: &mut Records, found: &mut Diagnostics) {
    let mut places: HashMap<(Option<&Text>, &Text), (u32, &Text)> = HashMap::default();
    let origin = |id: OriginId| records.origins.get(id.0 as usize);
    for chain in &records.chains {
        let Some(document) = origin(chain.origin) else { continue };
        let place = places.entry((document.tenant.as_ref(), &chain.id)).or_insert((document.rank, &chain.vault));
        if document.rank < place.0 {
            *place = (document.rank, &chain.vault);
        }
    }
    let (mut settled, mut unplaced) = (Vec::new(), BTreeSet::new());
    for (point, chain) in &records.chained {
        let Some(entry) = records.recovery_points.get(*point as usize) else { continue };
        let Some(document) = origin(entry.origin) else { continue };
        match places.get(&(document.tenant.as_ref(), chain)) {
            Some((_, vault)) => settled.push((*point, (*vault).clone())),
            None => {
                unplaced.insert((document.file, document.document));
            }
        }
    }
    for (point, vault) in settled {
        if let Some(entry) = records.recovery_points.get_mut(point as usize) {
            entry.record.vault.get_or_insert(vault);
        }
    }
    copies(records, found);
    increments(records);
    for (file, document) in unplaced {
        let message = "some restore points name a backup, and no input says in which repository it lies";
        let help = "give the export of `veeam-vbr.backups`, too, or say it with `vaults:` (backup id: vault) or `vault:` in a `.source.yaml` file or in the configuration's `sources`";
        found.push(Diagnostic::warning("source", message).at(Place::value(file, document, "")).help(help));
    }
}

/// Gives each copy the time of its source, and the asset where it names none. A copy of a copy takes it from the first.
fn copies(records: &mut Records, found: &mut Diagnostics) {
    let copied = std::mem::take(&mut records.copied);
    if copied.is_empty() {
        return;
    }
    let tenant = |records: &Records, id: OriginId| records.origin(id).and_then(|origin| origin.tenant.clone());
    let wanted: HashSet<&Text> = copied.iter().map(|(_, source)| source).collect();
    let mut sources: HashMap<(Option<Text>, &Text), usize> = HashMap::default();
    for (index, entry) in records.recovery_points.iter().enumerate() {
        if let Some(id) = wanted.get(&entry.record.id) {
            sources.entry((tenant(records, entry.origin), id)).or_insert(index);
        }
    }
    let pairs: Vec<(usize, Option<usize>)> = copied
        .iter()
        .filter_map(|(point, source)| {
            let index = *point as usize;
            let entry = records.recovery_points.get(index)?;
            Some((index, sources.get(&(tenant(records, entry.origin), source)).copied()))
        })
        .collect();
    // Each round dates at least one more copy of a copy; a circle dates none.
    loop {
        let mut dated = false;
        for (index, source) in &pairs {
            let source = source.and_then(|source| records.recovery_points.get(source)).map(|source| &source.record);
            let Some((taken_at, asset)) = source.map(|source| (source.taken_at, source.asset.clone())) else {
                continue;
            };
            let Some(copy) = records.recovery_points.get_mut(*index).map(|entry| &mut entry.record) else { continue };
            if copy.taken_at.is_none() && taken_at.is_some() {
                (copy.taken_at, dated) = (taken_at, true);
                copy.asset = copy.asset.take().or(asset);
            }
        }
        if !dated {
            break;
        }
    }
    let undated = pairs.iter().filter_map(|(index, _)| records.recovery_points.get(*index));
    let undated = undated.filter(|entry| entry.record.taken_at.is_none()).filter_map(|e| records.origin(e.origin));
    let places: BTreeSet<_> = undated.map(|origin| (origin.file, origin.document)).collect();
    for (file, document) in places {
        let message = "some points are copies of ones that no input lists, and say when they were copied, not of when their data are";
        let help = "give the listing of the region or account that they were copied from, too";
        found.push(Diagnostic::warning("source", message).at(Place::value(file, document, "")).help(help));
    }
}

/// Gives each incremental backup that says where in the log it begins the earlier one that ends there, of the same
/// asset and store. Until then its status is unknown, and without one it stays so.
fn increments(records: &mut Records) {
    let spans = std::mem::take(&mut records.spans);
    let mut ends: HashMap<(Option<Text>, Text, Text, u64), Vec<usize>> = HashMap::default();
    let key = |records: &Records, index: usize, at: u64| {
        let entry = records.recovery_points.get(index)?;
        let tenant = records.origin(entry.origin)?.tenant.clone();
        Some((tenant, entry.record.asset.clone()?, entry.record.vault.clone()?, at))
    };
    for span in &spans {
        if let Some(key) = span.to.and_then(|to| key(records, span.point as usize, to)) {
            ends.entry(key).or_default().push(span.point as usize);
        }
    }
    for (index, from) in spans.iter().filter_map(|span| Some((span.point as usize, span.from?))) {
        let Some(own) = records.recovery_points.get(index).map(|entry| &entry.record) else { continue };
        let before = |record: &RecoveryPoint| {
            let (base, own) = (record.taken_at.and_then(Time::instant), own.taken_at.and_then(Time::instant));
            base.zip(own).filter(|(base, own)| base < own).map(|(base, _)| base)
        };
        let bases = key(records, index, from).and_then(|key| ends.get(&key)).into_iter().flatten();
        let bases = bases.filter_map(|base| records.recovery_points.get(*base)).map(|entry| &entry.record);
        // Of several that end there the newest full one: an empty increment ends where it begins.
        let full = |record: &RecoveryPoint| record.kind.as_deref() == Some("full");
        let dated = bases.filter_map(|record| Some(((full(record), before(record)?, &record.id), record)));
        let Some(parent) = dated.max_by_key(|(rank, _)| *rank).map(|(_, record)| record.id.clone()) else { continue };
        if let Some(entry) = records.recovery_points.get_mut(index) {
            entry.record.parent = Some(parent);
            entry.record.status = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Chain, Entry, Origin, RecordPlace};
    use crate::source::FileId;

    fn origin(file: u32, tenant: &str, rank: u32) -> Origin {
        Origin {
            file: FileId(file),
            document: 0,
            kind: "veeam-vbr.backups",
            native: false,
            tool: None,
            tenant: Some(tenant.into()),
            collected_at: None,
            collected_place: None,
            collector: None,
            declared_sha256: None,
            complete: true,
            page_place: None,
            failed: false,
            rank,
            lists: Vec::new(),
            reach: crate::model::Reach::default(),
        }
    }

    #[test]
    fn a_copy_is_of_when_its_source_is_wherever_that_is_listed() {
        let mut records = Records::default();
        records.origins.extend([origin(0, "north", 0), origin(1, "north", 0), origin(2, "south", 0)]);
        let at = |text: &str| Time::parse(text).ok();
        let point = |id: &str, taken_at: Option<Time>, origin: u32| Entry {
            record: RecoveryPoint {
                id: id.into(),
                taken_at,
                completed_at: at("2026-11-20"),
                ..RecoveryPoint::default()
            },
            origin: OriginId(origin),
            place: RecordPlace::native(""),
        };
        let asset = Some("db".into());
        let mut source = point("source", at("2026-11-01"), 1);
        source.record.asset = asset.clone();
        let copies = ["again", "copy", "round", "lost"].map(|id| point(id, None, 0));
        records.recovery_points.extend(copies);
        records.recovery_points.extend([source, point("foreign", at("2026-11-02"), 2)]);
        let of = [(0, "copy"), (1, "source"), (2, "round"), (3, "foreign")];
        records.copied.extend(of.map(|(copy, source)| (copy, source.into())));
        let mut found = Diagnostics::default();
        settle(&mut records, &mut found);
        let times: Vec<_> = records.recovery_points.iter().take(4).map(|p| p.record.taken_at).collect();
        assert_eq!(times, [at("2026-11-01"), at("2026-11-01"), None, None]);
        assert_eq!(records.recovery_points[0].record.asset, asset);
        assert_eq!(found.iter().count(), 1, "one file has copies that nothing dates");
    }

    #[test]
    fn a_chain_lies_where_a_document_of_its_tenant_says_and_the_first_source_counts() {
        let mut records = Records::default();
        records.origins.extend([origin(0, "north", 2), origin(1, "north", 1), origin(2, "south", 0)]);
        for (index, vault) in ["late", "early", "foreign"].into_iter().enumerate() {
            let origin = OriginId(u32::try_from(index).unwrap());
            records.chains.push(Chain { origin, id: "chain".into(), vault: vault.into() });
        }
        let stated = RecoveryPoint { vault: Some("own".into()), ..RecoveryPoint::default() };
        for record in [RecoveryPoint::default(), stated, RecoveryPoint::default()] {
            records.recovery_points.push(Entry { record, origin: OriginId(0), place: RecordPlace::native("") });
        }
        records.chained.extend([(0, "chain".into()), (1, "chain".into()), (2, "another".into())]);
        let mut found = Diagnostics::default();
        settle(&mut records, &mut found);
        let vaults: Vec<_> = records.recovery_points.iter().map(|p| p.record.vault.as_deref()).collect();
        assert_eq!(vaults, [Some("early"), Some("own"), None]);
        assert_eq!(found.iter().count(), 1);
    }
}
