//! Azure Backup: policies of machines, and the machines that they protect.

use super::resource::{AzureMachine, AzurePolicy, Backup, Kept};
use super::tool;
use crate::model::{FieldMap, Policy, Record, Seconds, Selection};
use crate::normalise::azure_backup::Address;
use crate::normalise::{Sink, vendor};

/// The tool of Azure Backup's own exports.
const AZURE_BACKUP: &str = "azure-backup";

macro_rules! policy_fields {
    ($longest:literal) => {
        &[
            ("id", "/name"),
            ("tz", "/timezone"),
            ("schedule", "/backup"),
            ("interval", "/backup"),
            ("retention", $longest),
            ("vault", "/recovery_vault_name"),
            ("plan", "/id"),
        ]
    };
}

const MACHINE: FieldMap = &[("id", "/id"), ("plan", "/backup_policy_id"), ("assets", "/source_vm_id")];

pub(super) fn policy(policy: &AzurePolicy<'_>, pointer: &str, sink: &mut Sink<'_>) {
    let vault = policy.recovery_vault_name.to_lowercase();
    let backup = policy.backup.first();
    let (schedule, interval) = backup.map(Backup::runs).unwrap_or_default();
    let address = policy.id.as_deref().map(Address::of);
    let (retention, fields) = policy.longest().unzip();
    let group = policy.resource_group_name.as_deref().unwrap_or_default().to_lowercase();
    let record = Policy {
        id: format!("azure:{vault}/{}", policy.name.to_lowercase()).into(),
        tool: Some(tool(sink, AZURE_BACKUP)),
        schedule,
        // Others are those of Windows.
        tz: policy.timezone.as_deref().filter(|zone| *zone == "UTC").map(str::to_owned),
        interval,
        retention,
        vault: match &address {
            Some(address) => address.store(sink),
            None => sink.vault(Some(&vault), Some(&format!("azure:{group}"))),
        },
        plan: policy.id.as_ref().map(|id| id.to_lowercase().into()),
        ..Policy::default()
    };
    sink.push(Record::Policy(record), pointer, fields.unwrap_or(policy_fields!("/retention_daily")));
}

/// A machine that a policy protects, unless its protection has been stopped.
pub(super) fn machine(machine: &AzureMachine<'_>, pointer: &str, sink: &mut Sink<'_>) {
    let on = match machine.protection_state.as_deref().filter(|state| !state.is_empty()) {
        None | Some("Protected" | "IRPending") => true,
        Some("BackupsSuspended" | "ProtectionStopped" | "ProtectionError" | "ProtectionPaused" | "Invalid") => false,
        Some(word) => {
            vendor::unknown_word(sink, &format!("{pointer}/protection_state"), word);
            false
        }
    };
    let (Some(source), Some(policy)) = (&machine.source_vm_id, &machine.backup_policy_id) else { return };
    let source = source.to_lowercase();
    let mut segments = source.split('/').filter(|segment| !segment.is_empty());
    let group = segments.by_ref().skip_while(|segment| *segment != "resourcegroups").nth(1);
    let (true, Some(group), Some(name)) = (on, group, segments.next_back()) else { return };
    let vault = machine.recovery_vault_name.to_lowercase();
    let record = Selection {
        id: machine.id.as_deref().map_or_else(|| source.as_str().into(), |id| id.to_lowercase().into()),
        plan: Some(policy.to_lowercase().into()),
        tool: Some(tool(sink, AZURE_BACKUP)),
        assets: Some(vec![format!("azure:{vault}/{group}/{name}").into()]),
        ..Selection::default()
    };
    sink.push(Record::Selection(record), pointer, MACHINE);
}

impl AzurePolicy<'_> {
    /// How long the rule that keeps longest keeps, and where that stands. Months have 30 days, years 365.
    fn longest(&self) -> Option<(Seconds, FieldMap)> {
        let rules: [(&[Kept], u64, FieldMap); 4] = [
            (&self.retention_daily, 1, policy_fields!("/retention_daily/0/count")),
            (&self.retention_weekly, 7, policy_fields!("/retention_weekly/0/count")),
            (&self.retention_monthly, 30, policy_fields!("/retention_monthly/0/count")),
            (&self.retention_yearly, 365, policy_fields!("/retention_yearly/0/count")),
        ];
        let stated = rules.into_iter().filter_map(|(kept, days, fields)| {
            let count = kept.first()?.count?;
            Some((count.checked_mul(days).and_then(vendor::days)?, fields))
        });
        stated.reduce(|best, next| if next.0 > best.0 { next } else { best })
    }
}

impl Backup<'_> {
    /// As a cron expression; several runs a day as the longest time between two.
    fn runs(&self) -> (Option<String>, Option<Seconds>) {
        match self.frequency.as_deref() {
            Some("Daily") => (self.at("*"), None),
            Some("Weekly") if !self.weekdays.is_empty() => {
                let days: Vec<_> = self.weekdays.iter().map(|day| day.get(..3).unwrap_or(day).to_uppercase()).collect();
                (self.at(&days.join(",")), None)
            }
            Some("Hourly") => (None, self.gap()),
            _ => (None, None),
        }
    }

    fn at(&self, weekdays: &str) -> Option<String> {
        let (hour, minute) = self.time.as_deref()?.split_once(':')?;
        let (hour, minute) = (hour.parse::<u8>().ok()?, minute.parse::<u8>().ok()?);
        (hour < 24 && minute < 60).then(|| format!("{minute} {hour} * * {weekdays}"))
    }

    /// Every so many hours within a window of each day: the night between two windows can be longer.
    fn gap(&self) -> Option<Seconds> {
        let (interval, window) = (self.hour_interval.filter(|hours| *hours > 0)?, self.hour_duration?);
        let night = 24_u64.saturating_sub(window / interval * interval);
        interval.max(night).checked_mul(3_600).map(Seconds)
    }
}
