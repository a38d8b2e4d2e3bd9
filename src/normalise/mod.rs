//! Documents to records: one adapter a kind of export.
//!
//! A file is recognised by its content. Below 1 MB a document is parsed into a tree, held against the
//! schema of its kind and read from the tree; above, the typed reader takes the text as it is and only
//! what it refuses goes through the schema for its message.

pub mod adapter;
pub mod astra;
pub mod aws_backup;
pub mod aws_native;
pub mod azure_backup;
pub mod backstage;
pub mod bareos;
pub mod barman;
pub mod borg;
mod catalogue;
pub mod chains;
pub mod cloudnativepg;
pub mod codeowners;
pub mod cohesity;
pub mod commvault;
pub mod cortex;
pub mod datadog;
pub mod gke_backup;
pub mod google_backup_dr;
pub(crate) mod history;
pub mod kasten_k10;
mod keep;
pub mod kopia;
mod kube;
pub mod kubernetes;
pub mod longhorn;
mod manifest;
pub mod mapped;
pub mod mariadb_operator;
pub mod native;
pub mod netbackup;
pub mod netbox;
pub mod opslevel;
pub mod pagerduty;
pub mod pbm;
pub mod pgbackrest;
mod plain;
pub mod proxmox_backup;
pub mod proxmox_ve;
pub mod read;
mod refused;
mod remark;
pub mod restic;
pub mod rubrik;
pub mod sanoid;
pub mod servicenow;
pub mod shape;
mod stream;
pub mod terraform;
#[cfg(test)]
mod testing;
mod unsupported;
pub mod veeam;
pub mod velero;
mod vendor;
pub mod volsync;
pub mod wal_g;
pub mod xtrabackup;
pub mod zfs;

pub use adapter::{About, Adapter, Input, Maturity, ReadError, Sink, SourceInfo};
pub use plain::PlainText;
pub use shape::Shape;

/// Every adapter, in the order they are tried; a new one adds a line.
pub static ADAPTERS: &[&dyn Adapter] = &[
    &velero::List,
    &aws_backup::Plan,
    &aws_backup::Selection,
    &aws_backup::Vaults,
    &aws_backup::Vault,
    &aws_backup::RecoveryPoints,
    &aws_backup::RECOVERY_POINT,
    &aws_backup::BackupJobs,
    &aws_backup::BACKUP_JOB,
    &aws_backup::RestoreJobs,
    &aws_backup::PLANS,
    &aws_backup::SELECTIONS,
    &aws_backup::COPY_JOBS,
    &aws_backup::COPY_JOB,
    &aws_backup::PROTECTED_RESOURCES,
    &aws_backup::PROTECTED_RESOURCE,
    &aws_backup::TESTING_PLANS,
    &aws_backup::TESTING_SELECTIONS,
    &aws_backup::TAGS,
    &restic::Snapshots,
    &restic::Check,
    &restic::ERROR,
    &restic::BACKUP,
    &restic::STATS,
    &restic::FORGET,
    &pgbackrest::Info,
    &borg::LIST,
    &borg::INFO,
    &borg::CREATE,
    &borg::Log,
    &borg::Config,
    &proxmox_backup::Snapshots,
    &proxmox_backup::Datastores,
    &proxmox_backup::DATASTORE_CONFIG,
    &proxmox_backup::Namespaces,
    &proxmox_backup::JOBS,
    &aws_native::DB_SNAPSHOTS,
    &aws_native::INSTANCES,
    &aws_native::AUTOMATED_BACKUPS,
    &aws_native::CLUSTERS,
    &aws_native::CLUSTER_SNAPSHOTS,
    &aws_native::CONTINUOUS_BACKUPS,
    &aws_native::TABLE_BACKUPS,
    &aws_native::TABLE_BACKUP,
    &aws_native::BACKUPS,
    &aws_native::SNAPSHOTS,
    &aws_native::OBJECT_LOCK,
    &aws_native::REPLICATION,
    &aws_native::ENCRYPTION,
    &aws_native::ERROR,
    &azure_backup::Items,
    &azure_backup::Jobs,
    &azure_backup::Policies,
    &azure_backup::RecoveryPoints,
    &azure_backup::VAULTS,
    &azure_backup::VAULT_CONFIG,
    &rubrik::CDM_JOBS,
    &rubrik::ACTIVITIES,
    &rubrik::TASKS,
    &rubrik::SLA_DOMAINS,
    &rubrik::COMPLIANCE,
    &rubrik::CLUSTERS,
    &commvault::JOBS,
    &kopia::SNAPSHOTS,
    &kopia::POLICIES,
    &kopia::POLICY,
    &cohesity::RUNS,
    &cohesity::GROUPS,
    &cohesity::RECOVERIES,
    &netbackup::JOBS,
    &netbackup::IMAGES,
    &bareos::JOBS,
    &proxmox_ve::Jobs,
    &proxmox_ve::Backups,
    &proxmox_ve::Storages,
    &proxmox_ve::Definitions,
    &proxmox_ve::Tasks,
    &cloudnativepg::List,
    &volsync::List,
    &mariadb_operator::List,
    &gke_backup::Plans,
    &gke_backup::PLANS,
    &gke_backup::BACKUPS,
    &gke_backup::RESTORES,
    &google_backup_dr::VAULTS,
    &google_backup_dr::PLANS,
    &google_backup_dr::ASSOCIATIONS,
    &google_backup_dr::BACKUPS,
    &kubernetes::VolumeSnapshots,
    &kubernetes::VolumeClaims,
    &astra::List,
    &barman::LIST,
    &barman::SHOW,
    &barman::CHECK,
    &wal_g::Backups,
    &longhorn::List,
    &kasten_k10::List,
    &pbm::Status,
    &pbm::List,
    &zfs::Snapshots,
    &sanoid::CONFIG,
    &xtrabackup::INFO,
    &veeam::RESTORE_POINTS,
    &veeam::SESSIONS,
    &veeam::TASK_SESSIONS,
    &veeam::JOBS,
    &veeam::JOB_STATES,
    &veeam::REPOSITORIES,
    &veeam::REPOSITORY_STATES,
    &veeam::SCALE_OUT_REPOSITORIES,
    &veeam::BACKUPS,
    &veeam::BACKUP_OBJECTS,
    &veeam::BACKUP_FILES,
    &veeam::MALWARE_OBJECTS,
    &veeam::CONFIGURATION_BACKUP,
    &veeam::VBR_ERROR,
    &veeam::ENTITIES,
    &veeam::EM_ERROR,
    &veeam::ONE_REPOSITORIES,
    &veeam::ONE_JOBS,
    &veeam::ONE_COPY_JOBS,
    &veeam::ONE_REPLICATION_JOBS,
    &backstage::Entities,
    &opslevel::Services,
    &opslevel::LISTED,
    &cortex::Entities,
    &datadog::Services,
    &datadog::DEFINITIONS,
    &servicenow::RECORDS,
    &servicenow::INSTANCE,
    &servicenow::RELATIONS,
    &terraform::PLAN,
    &terraform::STATE,
    &terraform::STATE_FILE,
    &netbox::VIRTUAL_MACHINES,
    &pagerduty::SERVICES,
    &pagerduty::DEPENDENCIES,
    &codeowners::FILE,
];

#[cfg(test)]
mod tests;
