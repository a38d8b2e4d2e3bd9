//! Resources that are read, by type, and the arguments and attributes that are read of them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::model::Text;
use crate::normalise::vendor;

/// A resource of a type that says something about backups.
#[derive(Debug)]
pub(super) enum Resource {
    Vault(Vault),
    Lock(Lock),
    Plan(Plan),
    Selection(Selection),
    /// An instance or a cluster of RDS.
    Database(Database),
    AzurePolicy(AzurePolicy),
    AzureMachine(AzureMachine),
}

impl Resource {
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

    pub(super) fn read(kind: &str, values: Value) -> Result<Option<Self>, serde_json::Error> {
        use serde_json::from_value;
        Ok(Some(match kind {
            "aws_backup_vault" => Resource::Vault(from_value(values)?),
            "aws_backup_vault_lock_configuration" => Resource::Lock(from_value(values)?),
            "aws_backup_plan" => Resource::Plan(from_value(values)?),
            "aws_backup_selection" => Resource::Selection(from_value(values)?),
            "aws_db_instance" | "aws_rds_cluster" => Resource::Database(from_value(values)?),
            "azurerm_backup_policy_vm" => Resource::AzurePolicy(from_value(values)?),
            "azurerm_backup_protected_vm" => Resource::AzureMachine(from_value(values)?),
            _ => return Ok(None),
        }))
    }
}

/// `aws_backup_vault`.
#[derive(Debug, Deserialize)]
pub(super) struct Vault {
    pub(super) name: String,
    #[serde(default, deserialize_with = "vendor::text")]
    pub(super) arn: Option<Text>,
    #[serde(default, deserialize_with = "vendor::text")]
    pub(super) kms_key_arn: Option<Text>,
}

/// `aws_backup_vault_lock_configuration`.
#[derive(Debug, Deserialize)]
pub(super) struct Lock {
    pub(super) backup_vault_name: String,
    #[serde(default, deserialize_with = "vendor::text")]
    pub(super) backup_vault_arn: Option<Text>,
    #[serde(default, deserialize_with = "vendor::number")]
    pub(super) min_retention_days: Option<u64>,
    /// Days until nobody can remove the lock any more, from when it was made.
    #[serde(default, deserialize_with = "vendor::number")]
    pub(super) changeable_for_days: Option<u64>,
}

/// `aws_backup_plan`.
#[derive(Debug, Deserialize)]
pub(super) struct Plan {
    pub(super) name: String,
    #[serde(default, deserialize_with = "vendor::text")]
    pub(super) id: Option<Text>,
    #[serde(default, deserialize_with = "vendor::text")]
    pub(super) arn: Option<Text>,
    #[serde(rename = "rule", default, deserialize_with = "vendor::nullable")]
    pub(super) rules: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Rule {
    pub(super) rule_name: String,
    #[serde(default)]
    pub(super) target_vault_name: Option<String>,
    #[serde(default, deserialize_with = "vendor::text")]
    pub(super) schedule: Option<Text>,
    #[serde(default, deserialize_with = "vendor::text")]
    pub(super) schedule_expression_timezone: Option<Text>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) lifecycle: Vec<Lifecycle>,
    #[serde(rename = "copy_action", default, deserialize_with = "vendor::nullable")]
    pub(super) copies: Vec<CopyAction>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Lifecycle {
    #[serde(default, deserialize_with = "vendor::number")]
    pub(super) delete_after: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct CopyAction {
    #[serde(default, deserialize_with = "vendor::text")]
    pub(super) destination_vault_arn: Option<Text>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) lifecycle: Vec<Lifecycle>,
}

/// `aws_backup_selection`.
#[derive(Debug, Deserialize)]
pub(super) struct Selection {
    #[serde(default, deserialize_with = "vendor::text")]
    pub(super) id: Option<Text>,
    pub(super) name: Text,
    #[serde(default, deserialize_with = "vendor::text")]
    pub(super) plan_id: Option<Text>,
    #[serde(default)]
    pub(super) iam_role_arn: Option<String>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) resources: Vec<Text>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) not_resources: Vec<Text>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) selection_tag: Vec<IgnoredAny>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    condition: Vec<BTreeMap<String, Option<Vec<IgnoredAny>>>>,
}

impl Selection {
    /// Whether it asks for conditions that a resource must meet.
    pub(super) fn is_conditional(&self) -> bool {
        let conditions = self.condition.iter().flat_map(BTreeMap::values).flatten();
        conditions.into_iter().any(|list| !list.is_empty())
    }
}

/// `aws_db_instance` and `aws_rds_cluster`.
#[derive(Debug, Deserialize)]
pub(super) struct Database {
    #[serde(default, deserialize_with = "vendor::text")]
    pub(super) arn: Option<Text>,
    #[serde(default, deserialize_with = "vendor::number")]
    pub(super) backup_retention_period: Option<u64>,
    /// Of an instance.
    #[serde(default)]
    pub(super) backup_window: Option<String>,
    /// Of a cluster.
    #[serde(default)]
    pub(super) preferred_backup_window: Option<String>,
}

/// `azurerm_backup_policy_vm`.
#[derive(Debug, Deserialize)]
pub(super) struct AzurePolicy {
    pub(super) name: String,
    #[serde(default, deserialize_with = "vendor::text")]
    pub(super) id: Option<Text>,
    pub(super) recovery_vault_name: String,
    #[serde(default)]
    pub(super) resource_group_name: Option<String>,
    #[serde(default)]
    pub(super) timezone: Option<String>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) backup: Vec<Backup>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) retention_daily: Vec<Kept>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) retention_weekly: Vec<Kept>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) retention_monthly: Vec<Kept>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) retention_yearly: Vec<Kept>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Backup {
    #[serde(default)]
    pub(super) frequency: Option<String>,
    /// Time of day, `hh:mm`.
    #[serde(default)]
    pub(super) time: Option<String>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    pub(super) weekdays: Vec<String>,
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
pub(super) struct AzureMachine {
    #[serde(default, deserialize_with = "vendor::text")]
    pub(super) id: Option<Text>,
    pub(super) recovery_vault_name: String,
    #[serde(default)]
    pub(super) source_vm_id: Option<String>,
    #[serde(default)]
    pub(super) backup_policy_id: Option<String>,
    /// Set to a state in which nothing is backed up any more.
    #[serde(default)]
    pub(super) protection_state: Option<String>,
}
