//! Which records speak of which component: assets, matched by hash, by prefix, by wildcard.
//!
//! `*` stands for any text, on either side: a component may claim `restic:ldap01:*`, a backup may hold
//! `k8s:prod/*`. Cost is linear: literal names by hash, wildcards by the sorted names under their prefix.

use std::collections::BTreeMap;

use globset::{Glob, GlobMatcher};

use crate::hash::HashMap;
use crate::model::Text;

/// A kind of record that names an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    Point,
    Job,
    Verification,
    Scan,
    Test,
    Policy,
    /// A policy that might cover it, by tag or label.
    Possible,
}

/// Records by the asset they name, for one tenant.
#[derive(Debug, Default)]
pub(super) struct AssetIndex {
    names: BTreeMap<Text, Vec<(Kind, u32)>>,
    /// Names with `*`, by the text before the first one.
    wild: HashMap<Text, Vec<(Text, GlobMatcher)>>,
    /// Lengths of those texts.
    wild_lengths: std::collections::BTreeSet<usize>,
}

impl AssetIndex {
    /// Notes that a record names an asset.
    pub(super) fn add(&mut self, asset: &Text, kind: Kind, index: usize) {
        let Ok(index) = u32::try_from(index) else { return };
        if let Some(list) = self.names.get_mut(asset) {
            list.push((kind, index));
            return;
        }
        self.names.insert(asset.clone(), vec![(kind, index)]);
        if let Some(star) = asset.find('*')
            && let Some(matcher) = wildcard(asset)
        {
            self.wild_lengths.insert(star);
            self.wild.entry(Text::from(&asset[..star])).or_default().push((asset.clone(), matcher));
        }
    }

    /// Every asset that is named, in order, with its records.
    pub(super) fn names(&self) -> impl Iterator<Item = (&Text, &[(Kind, u32)])> {
        self.names.iter().map(|(name, records)| (name, records.as_slice()))
    }

    /// Whether no record names an asset.
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Every asset name that a component's asset meets, with its records.
    pub(super) fn matching<'s>(&'s self, asset: &str) -> Vec<(&'s Text, &'s [(Kind, u32)])> {
        let mut found: BTreeMap<&Text, &[(Kind, u32)]> = BTreeMap::new();
        if let Some((name, records)) = self.names.get_key_value(asset) {
            found.insert(name, records);
        }
        if let Some(star) = asset.find('*')
            && let Some(matcher) = wildcard(asset)
        {
            let prefix = &asset[..star];
            let below = self.names.range::<str, _>((std::ops::Bound::Included(prefix), std::ops::Bound::Unbounded));
            for (name, records) in below.take_while(|(name, _)| name.starts_with(prefix)) {
                if matcher.is_match(&**name) {
                    found.insert(name, records);
                }
            }
        }
        for length in self.wild_lengths.iter().take_while(|length| **length <= asset.len()) {
            let Some(prefix) = asset.get(..*length) else { continue };
            for (name, matcher) in self.wild.get(prefix).into_iter().flatten() {
                if matcher.is_match(asset)
                    && let Some((name, records)) = self.names.get_key_value(name)
                {
                    found.insert(name, records);
                }
            }
        }
        found.into_iter().collect()
    }
}

/// Whether a pattern, in which only `*` is special, matches a name.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    pattern == name || (pattern.contains('*') && wildcard(pattern).is_some_and(|m| m.is_match(name)))
}

fn wildcard(pattern: &str) -> Option<GlobMatcher> {
    let escaped = pattern.split('*').map(globset::escape).collect::<Vec<_>>().join("*");
    Glob::new(&escaped).ok().map(|glob| glob.compile_matcher())
}

/// The part of an asset that names the product: `restic:host:/path` is `restic`, an ARN is `arn:aws`.
pub(super) fn product(asset: &str) -> Option<&'static str> {
    Some(match asset.split(':').next()? {
        "k8s" => "velero",
        "cnpg" => "cloudnativepg",
        "pgbackrest" => "pgbackrest",
        "restic" => "restic",
        "borg" => "borg",
        "arn" => "aws-backup",
        "veeam" | "veeam-job" => "veeam",
        "pbs" => "proxmox-backup",
        "azure" => "azure-backup",
        "rubrik" => "rubrik",
        "commvault" => "commvault",
        "kopia" => "kopia",
        "cohesity" => "cohesity",
        "netbackup" => "netbackup",
        "bareos" => "bareos",
        "pve" => "proxmox-ve",
        "mariadb" => "mariadb-operator",
        "astra" => "astra",
        "barman" => "barman",
        "wal-g" => "wal-g",
        "longhorn" => "longhorn",
        "pbm" => "pbm",
        "backup-dr" => "google-backup-dr",
        "zfs" => "zfs",
        "xtrabackup" => "xtrabackup",
        _ => return None,
    })
}

/// Every asset of the product that writes exports of a kind and has plans; of what has none, AWS's.
pub(super) fn every(kind: &str) -> &'static str {
    match kind.split('.').next() {
        Some("azure-backup") => "azure:*",
        Some("rubrik") => "rubrik:*",
        Some("google-backup-dr") => "backup-dr:*",
        _ => "arn:aws:*",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(index: &AssetIndex, asset: &str) -> Vec<String> {
        index.matching(asset).into_iter().map(|(name, _)| name.to_string()).collect()
    }

    #[test]
    fn a_plan_that_nobody_resolved_may_cover_what_its_own_product_protects() {
        assert_eq!(every("aws-backup.plan"), "arn:aws:*");
        assert_eq!(every("azure-backup.policies"), "azure:*");
        assert_eq!(every("rubrik.sla-domains"), "rubrik:*");
    }

    #[test]
    fn wildcards_match_on_either_side_and_nothing_else_is_special() {
        let mut index = AssetIndex::default();
        for name in
            ["restic:ldap01:/etc", "restic:ldap01:/var", "restic:ldap02:/etc", "k8s:prod/*", "k8s:prod/shop", "x:[a]"]
        {
            index.add(&Text::from(name), Kind::Point, 0);
        }
        assert_eq!(names(&index, "restic:ldap01:*"), ["restic:ldap01:/etc", "restic:ldap01:/var"]);
        assert_eq!(names(&index, "k8s:prod/shop"), ["k8s:prod/*", "k8s:prod/shop"]);
        assert_eq!(names(&index, "k8s:prod/till"), ["k8s:prod/*"]);
        assert_eq!(names(&index, "k8s:test/shop"), Vec::<String>::new());
        assert_eq!(names(&index, "x:[a]"), ["x:[a]"]);
        assert!(matches("arn:aws:rds:*", "arn:aws:rds:eu-west-2:1:db:x"));
        assert!(!matches("x:[a]", "x:a"));
    }
}
