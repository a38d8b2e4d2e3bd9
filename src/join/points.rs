//! Recovery points by their names. There are millions of them, so the index holds their numbers and nothing else.

use std::hash::BuildHasher as _;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry as Slot;

use crate::model::{Entry, RecoveryPoint, Text};

/// What names a point: vault, asset and native id.
type Name<'p> = (Option<&'p Text>, Option<&'p Text>, &'p Text);

/// The points of one tenant.
#[derive(Default)]
pub(super) struct PointIndex {
    numbers: HashTable<u32>,
    hasher: foldhash::fast::RandomState,
}

impl PointIndex {
    /// Notes a point by its number. Where the same one was noted before: its number.
    pub(super) fn add(&mut self, points: &[Entry<RecoveryPoint>], number: u32) -> Option<u32> {
        let name = name(points, number)?;
        let hash = |number: &u32| self.hasher.hash_one(self::name(points, *number));
        let is_same = |known: &u32| self::name(points, *known) == Some(name);
        match self.numbers.entry(hash(&number), is_same, hash) {
            Slot::Occupied(first) => Some(*first.get()),
            Slot::Vacant(free) => {
                free.insert(number);
                None
            }
        }
    }

    /// The number of the point with this name.
    pub(super) fn get(&self, points: &[Entry<RecoveryPoint>], wanted: Name<'_>) -> Option<u32> {
        let is_wanted = |number: &u32| name(points, *number) == Some(wanted);
        self.numbers.find(self.hasher.hash_one(Some(wanted)), is_wanted).copied()
    }
}

fn name(points: &[Entry<RecoveryPoint>], number: u32) -> Option<Name<'_>> {
    let point = &points.get(number as usize)?.record;
    Some((point.vault.as_ref(), point.asset.as_ref(), &point.id))
}
