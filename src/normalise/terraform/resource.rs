//! Resources that are read, by type, and the arguments and attributes that are read of them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};
use smallvec::SmallVec;

use crate::normalise::vendor::{self, Written};

/// A resource of a type that says something about backups.
#[derive(Debug)]
pub(super) enum Resource<'a> {
    Vault(Vault<'a>),
    Lock(Lock<'a>),
    Plan(Plan<'a>),
    Selection(Selection<'a>),
    /// An instance or a cluster of RDS.
    Database(Database<'a>),
    AzurePolicy(AzurePolicy<'a>),
    AzureMachine(AzureMachine<'a>),
}

impl<'de> Resource<'de> {
    /// Whether resources of a type are read.
    pub(super) fn is_read(kind: &str) -> bool {
        matches!(
            kind,
            "aws_backup_vault"
                | "aws_backup_vault_lock_configuration"
                | "aws_backup_plan"
                | "aws_backup_selection"
                | "aws_db_instance"
                | "aws_rds_cluster"
                | "azurerm_backup_policy_vm"
                | "azurerm_backup_protected_vm"
        )
    }

    /// A resource of a type, of its values.
    pub(super) fn read<D: Deserializer<'de>>(kind: &str, values: D) -> Result<Option<Self>, D::Error> {
        Ok(Some(match kind {
            "aws_backup_vault" => Resource::Vault(Vault::deserialize(values)?),
            "aws_backup_vault_lock_configuration" => Resource::Lock(Lock::deserialize(values)?),
            "aws_backup_plan" => Resource::Plan(Plan::deserialize(values)?),
            "aws_backup_selection" => Resource::Selection(Selection::deserialize(values)?),
            "aws_db_instance" | "aws_rds_cluster" => Resource::Database(Database::deserialize(values)?),
            "azurerm_backup_policy_vm" => Resource::AzurePolicy(AzurePolicy::deserialize(values)?),
            "azurerm_backup_protected_vm" => Resource::AzureMachine(AzureMachine::deserialize(values)?),
            _ => return IgnoredAny::deserialize(values).map(|_| None),
        }))
    }
}

/// `aws_backup_vault`.
#[derive(Debug, Deserialize)]
pub(super) struct Vault<'a> {
    #[serde(borrow)]
    pub(super) name: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pub(super) arn: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pub(super) kms_key_arn: Option<Written<'a>>,
}

/// `aws_backup_vault_lock_configuration`.
#[derive(Debug, Deserialize)]
pub(super) struct Lock<'a> {
    #[serde(borrow)]
    pub(super) backup_vault_name: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pub(super) backup_vault_arn: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::number")]
    pub(super) min_retention_days: Option<u64>,
    /// Days until nobody can remove the lock any more, from when it was made.
    #[serde(default, deserialize_with = "vendor::number")]
    pub(super) changeable_for_days: Option<u64>,
}

/// `aws_backup_plan`.
#[derive(Debug, Deserialize)]
pub(super) struct Plan<'a> {
    #[serde(borrow)]
    pub(super) name: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pub(super) id: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pub(super) arn: Option<Written<'a>>,
    #[serde(rename = "rule", default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) rules: Vec<Rule<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Rule<'a> {
    #[serde(borrow)]
    pub(super) rule_name: Written<'a>,
    #[serde(default, borrow)]
    pub(super) target_vault_name: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pub(super) schedule: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pub(super) schedule_expression_timezone: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) lifecycle: SmallVec<[Lifecycle; 1]>,
    #[serde(rename = "copy_action", default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) copies: Vec<CopyAction<'a>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Lifecycle {
    #[serde(default, deserialize_with = "vendor::number")]
    pub(super) delete_after: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct CopyAction<'a> {
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pub(super) destination_vault_arn: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) lifecycle: SmallVec<[Lifecycle; 1]>,
}

/// `aws_backup_selection`.
#[derive(Debug, Deserialize)]
pub(super) struct Selection<'a> {
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pub(super) id: Option<Written<'a>>,
    #[serde(borrow)]
    pub(super) name: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pub(super) plan_id: Option<Written<'a>>,
    #[serde(default, borrow)]
    pub(super) iam_role_arn: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) resources: Vec<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) not_resources: Vec<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) selection_tag: Vec<IgnoredAny>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    condition: Vec<BTreeMap<String, Option<Vec<IgnoredAny>>>>,
}

impl Selection<'_> {
    /// Whether it asks for conditions that a resource must meet.
    pub(super) fn is_conditional(&self) -> bool {
        let conditions = self.condition.iter().flat_map(BTreeMap::values).flatten();
        conditions.into_iter().any(|list| !list.is_empty())
    }
}

/// `aws_db_instance` and `aws_rds_cluster`.
#[derive(Debug, Deserialize)]
pub(super) struct Database<'a> {
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pub(super) arn: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::number")]
    pub(super) backup_retention_period: Option<u64>,
    /// Of an instance.
    #[serde(default, borrow)]
    pub(super) backup_window: Option<Written<'a>>,
    /// Of a cluster.
    #[serde(default, borrow)]
    pub(super) preferred_backup_window: Option<Written<'a>>,
}

/// `azurerm_backup_policy_vm`.
#[derive(Debug, Deserialize)]
pub(super) struct AzurePolicy<'a> {
    #[serde(borrow)]
    pub(super) name: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pub(super) id: Option<Written<'a>>,
    #[serde(borrow)]
    pub(super) recovery_vault_name: Written<'a>,
    #[serde(default, borrow)]
    pub(super) resource_group_name: Option<Written<'a>>,
    #[serde(default, borrow)]
    pub(super) timezone: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) backup: Vec<Backup<'a>>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) retention_daily: SmallVec<[Kept; 1]>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) retention_weekly: SmallVec<[Kept; 1]>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) retention_monthly: SmallVec<[Kept; 1]>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) retention_yearly: SmallVec<[Kept; 1]>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Backup<'a> {
    #[serde(default, borrow)]
    pub(super) frequency: Option<Written<'a>>,
    /// Time of day, `hh:mm`.
    #[serde(default, borrow)]
    pub(super) time: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    pub(super) weekdays: Vec<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::number")]
    pub(super) hour_interval: Option<u64>,
    #[serde(default, deserialize_with = "vendor::number")]
    pub(super) hour_duration: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Kept {
    #[serde(default, deserialize_with = "vendor::number")]
    pub(super) count: Option<u64>,
}

/// `azurerm_backup_protected_vm`.
#[derive(Debug, Deserialize)]
pub(super) struct AzureMachine<'a> {
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pub(super) id: Option<Written<'a>>,
    #[serde(borrow)]
    pub(super) recovery_vault_name: Written<'a>,
    #[serde(default, borrow)]
    pub(super) source_vm_id: Option<Written<'a>>,
    #[serde(default, borrow)]
    pub(super) backup_policy_id: Option<Written<'a>>,
    /// Set to a state in which nothing is backed up any more.
    #[serde(default, borrow)]
    pub(super) protection_state: Option<Written<'a>>,
}
