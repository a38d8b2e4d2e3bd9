//! What is known by sight and not read: whoever hands it in is told so, instead of being left to wonder.

use super::Shape;

/// A document that is known and not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unsupported {
    /// What it is.
    pub(super) what: &'static str,
    /// Why it is not read, and what else there is.
    pub(super) instead: &'static str,
}

/// What an unrecognised document is, if that is known.
pub(super) fn named(shape: &Shape) -> Option<Unsupported> {
    let known = KNOWN.iter().find(|(recognises, _)| recognises(shape)).map(|(_, known)| *known);
    known.or_else(|| {
        let (_, what) = GROUPS.iter().find(|(group, _)| shape.has_group(group))?;
        Some(Unsupported { what, instead: MAP })
    })
}

/// A document and what it is.
type Known = (fn(&Shape) -> bool, Unsupported);

const MAP: &str = "map its records with `section:` under `sources`: docs/mapping.md";

const KNOWN: &[Known] = &[
    (
        |shape| shape.has_all(&["backup_type", "from_lsn", "to_lsn"]) && !shape.has("uuid"),
        Unsupported {
            what: "checkpoints of XtraBackup",
            instead: "it tells neither when nor which backup; hand in `xtrabackup_info`, which lies beside it",
        },
    ),
    (
        |shape| shape.inner_has("DBClusterAutomatedBackups", "DBClusterArn"),
        Unsupported {
            what: "automated backups of RDS clusters",
            instead: "hand in the clusters, `aws rds describe-db-clusters`: they tell from when to when they can be restored",
        },
    ),
    (
        |shape| shape.inner_has("Snapshots", "ClusterIdentifier") && shape.inner_has("Snapshots", "SnapshotIdentifier"),
        Unsupported { what: "snapshots of Amazon Redshift", instead: MAP },
    ),
    (
        |shape| {
            let kind = if shape.is_list { shape.text("type") } else { shape.inner_text("value", "type") };
            kind.or(shape.text("type")).is_some_and(|kind| kind.to_lowercase().starts_with("microsoft.dataprotection/"))
        },
        Unsupported { what: "resources of Azure's Backup vaults (`az dataprotection`)", instead: MAP },
    ),
    (
        |shape| shape.inner_has("Frameworks", "FrameworkArn"),
        Unsupported {
            what: "frameworks of AWS Backup Audit Manager",
            instead: "what they check is checked from the exports themselves: `--standard aws-backup-audit-manager`",
        },
    ),
    (
        |shape| shape.inner_has("ReportPlans", "ReportPlanArn"),
        Unsupported {
            what: "report plans of AWS Backup",
            instead: "hand in the jobs and recovery points: `passmuster sources aws-backup`",
        },
    ),
];

/// API groups of products that back up in Kubernetes.
const GROUPS: &[(&str, &str)] = &[
    ("k8up.io", "objects of K8up"),
    ("stash.appscode.com", "objects of Stash"),
    ("core.kubestash.com", "objects of KubeStash"),
    ("stork.libopenstorage.org", "objects of Portworx Stork"),
    ("triliovault.trilio.io", "objects of Trilio for Kubernetes"),
    ("trident.netapp.io", "objects of NetApp Trident"),
    ("pxc.percona.com", "objects of Percona Operator for MySQL"),
    ("psmdb.percona.com", "objects of Percona Operator for MongoDB"),
    ("pgv2.percona.com", "objects of Percona Operator for PostgreSQL"),
    ("postgres-operator.crunchydata.com", "objects of Crunchy Postgres for Kubernetes"),
    ("acid.zalan.do", "objects of Zalando's Postgres Operator"),
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diagnostic::Level;
    use crate::discover::Found;
    use crate::normalise::SourceInfo;
    use crate::normalise::read::{self, FileToRead, LARGE};
    use crate::source::FileId;

    #[test]
    fn what_is_known_by_sight_has_a_name_and_what_is_not_has_none() {
        let what = |document: serde_json::Value| named(&Shape::of_tree(&document)).map(|known| known.what);
        let backup = json!({"apiVersion": "k8up.io/v1", "kind": "Backup", "metadata": {"name": "b"}});
        assert_eq!(what(backup.clone()), Some("objects of K8up"));
        assert_eq!(what(json!({"apiVersion": "v1", "kind": "List", "items": [backup]})), Some("objects of K8up"));
        let checkpoints = json!({"backup_type": "full-backuped", "from_lsn": 0, "to_lsn": 1});
        assert_eq!(what(checkpoints), Some("checkpoints of XtraBackup"));
        let cluster = json!({"DBClusterAutomatedBackups": [{"DBClusterArn": "arn:aws:rds:eu-west-1:1:cluster:c"}]});
        assert_eq!(what(cluster), Some("automated backups of RDS clusters"));
        let shelf = json!({"Snapshots": [{"SnapshotIdentifier": "s", "ClusterIdentifier": "c"}]});
        assert_eq!(what(shelf), Some("snapshots of Amazon Redshift"));
        let vault = json!({"id": "/x", "type": "Microsoft.DataProtection/backupVaults", "properties": {}});
        let named = Some("resources of Azure's Backup vaults (`az dataprotection`)");
        assert_eq!((what(json!([vault])), what(json!({"value": [vault]})), what(vault.clone())), (named, named, named));
        assert_eq!(what(json!({"apiVersion": "apps/v1", "kind": "Deployment"})), None);
        assert_eq!(what(json!({"data": [{"type": "person", "attributes": {}}]})), None);
    }

    #[test]
    fn it_is_said_once_a_file_and_an_error_where_the_file_was_asked_for() {
        let text = "apiVersion: k8up.io/v1\nkind: Backup\n---\napiVersion: k8up.io/v1\nkind: Schedule\n";
        let said = |found, is_input| {
            let source = SourceInfo::default();
            let file = FileToRead {
                id: FileId(0),
                path: "k8up.yaml",
                found,
                is_input,
                source: &source,
                mapping: None,
                large: LARGE,
            };
            let read = read::file(&file, text.as_bytes());
            let said: Vec<_> = read.found.iter().map(|d| (d.code.to_string(), d.level)).collect();
            (said, read.failed)
        };
        let one = |level| vec![(String::from("unsupported"), level)];
        assert_eq!(said(Found::Named, false), (one(Level::Error), true));
        assert_eq!(said(Found::Walked, true), (one(Level::Warning), false));
        assert_eq!(said(Found::Walked, false), (one(Level::Note), false));
    }

    #[test]
    fn no_adapter_reads_what_is_called_unsupported() {
        for adapter in super::super::ADAPTERS {
            for (group, _) in GROUPS {
                let document = json!({"apiVersion": format!("{group}/v1"), "kind": "Backup"});
                assert!(!adapter.recognises(&Shape::of_tree(&document)), "{group}: {}", adapter.about().id);
            }
        }
    }
}
