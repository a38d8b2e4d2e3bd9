//! How far a listing reaches: a list of one account, cluster or stanza says nothing of another.
//!
//! Many exports are of one place, and the names of assets say of which they are: an ARN has an account and a region, a
//! namespace its cluster. What a listing covers is what its points are of, what its adapter says, and, where it lists
//! none, what its source says of it. A listing that tells nothing of its scope is taken to list everything of its tool.

use std::collections::BTreeSet;

use super::estate::Listing;
use crate::hash::{HashMap, HashSet};
use crate::model::{Entry, Origin, OriginId, RecoveryPoint, Section, Text};

/// The place that an asset is of, as far as its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scope<'a> {
    /// Prefix of the asset: listings of one product tell nothing of another's names.
    kind: &'static str,
    /// What comes after it, as far as it names the place.
    key: &'a str,
}

/// Products whose assets begin with a Kubernetes cluster, or what the source calls so: `k8s:<cluster>/…`.
const CLUSTERS: &[&str] = &["k8s", "cnpg", "pvc", "mariadb", "astra", "longhorn", "pve"];
/// Products whose listings name a database server or stanza, and list all of it: `pgbackrest:<stanza>`.
const SERVERS: &[&str] = &["pgbackrest", "barman", "wal-g", "pbm"];
/// Products whose points are listed item by item.
const ITEMS: &[&str] = &["azure", "backup-dr"];

impl<'a> Scope<'a> {
    /// The scope of an asset; `None` where its name states none, or several by a `*`.
    pub(super) fn of(asset: &'a str) -> Option<Self> {
        let (prefix, rest) = asset.split_once(':')?;
        let known = |all: &[&'static str]| all.iter().find(|kind| **kind == prefix).copied();
        let (kind, key) = if prefix == "arn" {
            ("arn", account_and_region(rest)?)
        } else if let Some(kind) = known(CLUSTERS) {
            (kind, rest.split_once('/')?.0)
        } else if let Some(kind) = known(SERVERS) {
            (kind, rest.split('?').next().unwrap_or(rest))
        } else {
            (known(ITEMS)?, rest)
        };
        (!key.is_empty() && key != "unknown" && !key.contains('*')).then_some(Self { kind, key })
    }

    /// Where a point was listed. An ARN of the point's own tells it: a copy's asset is of where it was copied from.
    fn of_point(point: &'a RecoveryPoint) -> Option<Self> {
        let own = Self::of(&point.id).filter(|own| own.kind == "arn");
        own.or_else(|| point.asset.as_deref().and_then(Self::of))
    }

    /// In words: `account 123456789012 in eu-west-1`.
    fn words(&self) -> String {
        let key = self.key;
        match self.kind {
            "arn" => match key.split_once(':') {
                Some((region, account)) => format!("account {account} in {region}"),
                None => key.to_owned(),
            },
            "pgbackrest" => format!("stanza {key}"),
            "barman" => format!("server {key}"),
            "azure" => format!("item {key}"),
            "backup-dr" => format!("data source {key}"),
            _ => format!("cluster {key}"),
        }
    }
}

/// `<region>:<account>` of what follows `arn:`.
fn account_and_region(rest: &str) -> Option<&str> {
    let after = |text: &str, colons: usize| text.match_indices(':').nth(colons).map(|(at, _)| at);
    let from = after(rest, 1)? + 1;
    let place = rest.get(from..after(rest, 3)?)?;
    place.split_once(':').filter(|(region, account)| !region.is_empty() && !account.is_empty())?;
    Some(place)
}

/// Kinds of which one export is of one store.
fn is_of_one_store(kind: &str) -> bool {
    matches!(
        kind,
        "restic.snapshots"
            | "borg.list"
            | "kopia.snapshots"
            | "proxmox-backup.snapshots"
            | "proxmox-ve.backups"
            | "aws-backup.recovery-points"
    )
}

/// What listings of a tool cover.
#[derive(Debug, Clone, Default)]
pub(super) struct Covered {
    /// One of them says nothing of its scope.
    anywhere: bool,
    scopes: HashMap<&'static str, HashSet<Text>>,
    /// Cluster, region and account of sources whose exports list no point.
    said: BTreeSet<[Option<Text>; 3]>,
    /// One of them is not of one store.
    any_store: bool,
    stores: HashSet<Text>,
}

impl Covered {
    /// What several listings cover.
    pub(super) fn add(&mut self, other: &Covered) {
        self.anywhere |= other.anywhere;
        self.any_store |= other.any_store;
        for (kind, keys) in &other.scopes {
            self.scopes.entry(kind).or_default().extend(keys.iter().cloned());
        }
        self.said.extend(other.said.iter().cloned());
        self.stores.extend(other.stores.iter().cloned());
    }

    fn note(&mut self, scope: Scope<'_>) {
        let keys = self.scopes.entry(scope.kind).or_default();
        if !keys.contains(scope.key) {
            keys.insert(scope.key.into());
        }
    }

    /// Whether these speak of such assets; `Some(true)`: of this one, too.
    fn speaks_of(&self, scope: Scope<'_>) -> Option<bool> {
        let said = |[cluster, region, account]: &[Option<Text>; 3]| match scope.kind {
            "arn" => {
                let (own_region, own_account) = scope.key.split_once(':')?;
                let parts = [(region, own_region), (account, own_account)];
                let mut stated =
                    parts.iter().filter_map(|(said, own)| said.as_deref().map(|said| said == *own)).peekable();
                stated.peek()?;
                Some(stated.all(|same| same))
            }
            kind if CLUSTERS.contains(&kind) || SERVERS.contains(&kind) => {
                cluster.as_deref().map(|said| said == scope.key)
            }
            _ => None,
        };
        let listed = self.scopes.get(scope.kind).map(|keys| keys.contains(scope.key));
        self.said.iter().map(said).chain([listed]).flatten().reduce(|any, one| any || one)
    }
}

/// What each document covers, while the points are gone through.
pub(super) struct Reached<'a> {
    origins: Vec<Covered>,
    /// Of the point before: most are of what that was of.
    last: Option<(OriginId, Option<&'a Text>, Option<&'a Text>)>,
}

impl<'a> Reached<'a> {
    pub(super) fn new(origins: usize) -> Self {
        Self { origins: vec![Covered::default(); origins], last: None }
    }

    /// Notes where a point was listed.
    pub(super) fn point(&mut self, entry: &'a Entry<RecoveryPoint>) {
        let point = &entry.record;
        let same = |a: Option<&Text>, b: Option<&Text>| match (a, b) {
            (Some(a), Some(b)) => Text::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        // A point with an ARN of its own is looked at for itself.
        if let Some((origin, asset, vault)) = self.last
            && origin == entry.origin
            && same(asset, point.asset.as_ref())
            && vault == point.vault.as_ref()
            && !point.id.starts_with("arn:")
        {
            return;
        }
        self.last = Some((entry.origin, point.asset.as_ref(), point.vault.as_ref()));
        let Some(covered) = self.origins.get_mut(entry.origin.0 as usize) else { return };
        match Scope::of_point(point) {
            Some(scope) => covered.note(scope),
            None => covered.anywhere = true,
        }
        match &point.vault {
            Some(vault) if !covered.stores.contains(vault) => drop(covered.stores.insert(vault.clone())),
            Some(_) => {}
            None => covered.any_store = true,
        }
    }

    /// What a document that lists points covers.
    pub(super) fn of(&mut self, id: OriginId, origin: &Origin) -> Covered {
        let Some(covered) = self.origins.get_mut(id.0 as usize) else { return Covered::default() };
        let mut covered = std::mem::take(covered);
        let reach = &origin.reach;
        for scope in reach.assets.iter().filter_map(|asset| Scope::of(asset)) {
            covered.note(scope);
        }
        covered.stores.extend(reach.vault.clone());
        if covered.scopes.is_empty() {
            let said = [&reach.cluster, &reach.region, &reach.account].map(Clone::clone);
            if said.iter().any(Option::is_some) {
                covered.said.insert(said);
            } else {
                covered.anywhere = true;
            }
        }
        covered.any_store |= !is_of_one_store(origin.kind) || covered.stores.is_empty();
        covered
    }
}

impl Listing {
    /// Whether the documents cover a store.
    pub(super) fn lists_store(&self, vault: &Text) -> bool {
        let covered = &self.covered;
        self.by_hand || covered.any_store || covered.stores.is_empty() || covered.stores.contains(vault)
    }
}

/// The first of a component's assets that no listing of its tools covers, in words.
pub(super) fn uncovered<'a>(assets: impl Iterator<Item = &'a Text>, listings: &[&Listing]) -> Option<String> {
    let missed = |scope: &Scope<'_>| {
        let said: Vec<_> = listings
            .iter()
            .filter_map(|l| l.covered.speaks_of(*scope).map(|own| own || l.by_hand || l.covered.anywhere))
            .collect();
        !said.is_empty() && !said.contains(&true)
    };
    assets.filter_map(|asset| Scope::of(asset)).find(missed).map(|scope| scope.words())
}

/// Whether a document is one that lists points: what it does not list is not there.
pub(super) fn lists_points(origin: &Origin) -> bool {
    origin.native || origin.lists.contains(&Section::RecoveryPoint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_are_of_or_nothing() {
        let words = |asset: &str| Scope::of(asset).map(|scope| scope.words());
        assert_eq!(
            words("arn:aws:rds:eu-west-1:123456789012:db:x").as_deref(),
            Some("account 123456789012 in eu-west-1")
        );
        assert_eq!(words("arn:aws:s3:::bucket"), None);
        assert_eq!(words("arn:aws:rds:*:123456789012:db:x"), None);
        assert_eq!(words("arn:aws"), None);
        assert_eq!(words("k8s:prod/orders").as_deref(), Some("cluster prod"));
        assert_eq!(words("k8s:unknown/orders"), None);
        assert_eq!(words("pve:100"), None);
        assert_eq!(words("pbm:orders?shop").as_deref(), Some("cluster orders"));
        assert_eq!(words("pgbackrest:orders").as_deref(), Some("stanza orders"));
        assert_eq!(words("azure:vault1/rg1/vm1").as_deref(), Some("item vault1/rg1/vm1"));
        assert_eq!(words("azure:vault1/*/vm1"), None);
        assert_eq!(words("restic:db01:/srv"), None);
    }

    #[test]
    fn a_source_that_names_its_region_alone_speaks_of_every_account_there() {
        let mut covered = Covered::default();
        covered.said.insert([None, Some("eu-west-1".into()), None]);
        let own = |asset: &str| covered.speaks_of(Scope::of(asset).unwrap());
        assert_eq!(own("arn:aws:rds:eu-west-1:123456789012:db:x"), Some(true));
        assert_eq!(own("arn:aws:rds:eu-west-2:123456789012:db:x"), Some(false));
        assert_eq!(own("k8s:prod/orders"), None);
    }
}
