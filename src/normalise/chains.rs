//! Points that name a chain instead of their vault (Veeam's restore points name a backup), and the exports that say
//! where the chain lies. An adapter sees one document, so this waits until every file has been read.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::hash::HashMap;
use crate::model::{OriginId, Records, Text};
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
    for (file, document) in unplaced {
        let message = "some restore points name a backup, and no input says in which repository it lies";
        let help = "give the export of `veeam-vbr.backups`, too, or say it with `vaults:` (backup id: vault) or `vault:` in a `.source.yaml` file or in the configuration's `sources`";
        found.push(Diagnostic::warning("source", message).at(Place::value(file, document, "")).help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Chain, Entry, Origin, RecordPlace, RecoveryPoint};
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
