//! AWS Backup and RDS.

use std::collections::{BTreeMap, BTreeSet};

use super::resource::{Database, Lifecycle, Lock, Plan, Resource, Rule, Selection, Vault};
use super::tool;
use crate::model::protection::{Lock as VaultLock, PolicyCopy};
use crate::model::{FieldMap, Policy, Record, Seconds, Text};
use crate::normalise::Sink;
use crate::normalise::aws_backup::{self, Arn};
use crate::normalise::vendor::{self, Written};

/// The tool of AWS Backup's own exports.
const AWS_BACKUP: &str = "aws-backup";
/// The tool of the exports of AWS's other services.
const AWS_NATIVE: &str = "aws-native";

const VAULT: FieldMap = &[
    ("id", "/arn"),
    ("location", "/arn"),
    ("region", "/arn"),
    ("account", "/arn"),
    ("encryption", "/kms_key_arn"),
    ("key", "/kms_key_arn"),
];

const LOCK: FieldMap = &[
    ("id", "/backup_vault_name"),
    ("lock", ""),
    ("lock/mode", "/changeable_for_days"),
    ("lock/min_retention", "/min_retention_days"),
];

const RULE: FieldMap = &[
    ("id", "/rule_name"),
    ("schedule", "/schedule"),
    ("tz", "/schedule_expression_timezone"),
    ("retention", "/lifecycle/0/delete_after"),
    ("vault", "/target_vault_name"),
    ("copies", "/copy_action"),
    ("copies/0/vault", "/copy_action/0/destination_vault_arn"),
    ("copies/0/retention", "/copy_action/0/lifecycle/0/delete_after"),
    ("copies/1/vault", "/copy_action/1/destination_vault_arn"),
    ("copies/1/retention", "/copy_action/1/lifecycle/0/delete_after"),
];

const SELECTION: FieldMap = &[
    ("id", "/id"),
    ("plan", "/plan_id"),
    ("assets", "/resources"),
    ("exclude", "/not_resources"),
    ("possible_assets", ""),
];

const STORE: FieldMap = &[("id", "/arn"), ("region", "/arn"), ("account", "/arn")];

const INSTANCE: FieldMap = &[
    ("id", "/arn"),
    ("assets", "/arn"),
    ("paused", "/backup_retention_period"),
    ("retention", "/backup_retention_period"),
    ("schedule", "/backup_window"),
    ("vault", "/arn"),
];

const CLUSTER: FieldMap = &[
    ("id", "/arn"),
    ("assets", "/arn"),
    ("paused", "/backup_retention_period"),
    ("retention", "/backup_retention_period"),
    ("schedule", "/preferred_backup_window"),
    ("vault", "/arn"),
];

/// ARNs of the document's vaults by name; a name that two of them bear is left out.
pub(super) struct Vaults<'a>(BTreeMap<&'a str, Option<&'a str>>);

impl<'a> Vaults<'a> {
    pub(super) fn of(held: &'a [(String, Resource<'_>)]) -> Self {
        let mut vaults: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for (_, resource) in held {
            if let Resource::Vault(vault) = resource {
                let arn = vault.arn.as_deref();
                let same = |known: &mut Option<&str>| *known = known.filter(|known| Some(*known) == arn);
                vaults.entry(&vault.name).and_modify(same).or_insert(arn);
            }
        }
        Vaults(vaults)
    }

    fn arn(&self, name: &str) -> Option<&'a str> {
        *self.0.get(name)?
    }
}

pub(super) fn vault(vault: &Vault<'_>, pointer: &str, sink: &mut Sink<'_>) {
    let place = vault.arn.as_deref().map(Arn::of).unwrap_or_default();
    let Some(id) = aws_backup::vault(sink, vault.arn.as_deref(), Some(&vault.name), place) else { return };
    let record = crate::model::Vault {
        id,
        tool: Some(tool(sink, AWS_BACKUP)),
        location: vault.arn.as_deref().map(str::to_owned),
        region: place.region.map(str::to_owned),
        account: place.account.map(str::to_owned),
        encryption: vault.kms_key_arn.as_ref().map(|_| "aws-kms".to_owned()),
        key: vault.kms_key_arn.as_ref().map(Written::text),
        ..crate::model::Vault::default()
    };
    sink.push(Record::Vault(record), pointer, VAULT);
}

/// The lock of a vault. One that can be changed for some days still is of an unknown mode, for the day on which they
/// began is not in Terraform; one without such days can be removed by whoever may.
pub(super) fn lock(lock: &Lock<'_>, vaults: &Vaults<'_>, pointer: &str, sink: &mut Sink<'_>) {
    let arn = lock.backup_vault_arn.as_deref().or_else(|| vaults.arn(&lock.backup_vault_name));
    let place = arn.map(Arn::of).unwrap_or_default();
    let Some(id) = aws_backup::vault(sink, arn, Some(&lock.backup_vault_name), place) else { return };
    let removable = lock.changeable_for_days.is_none_or(|days| days == 0);
    let record = crate::model::Vault {
        id,
        tool: Some(tool(sink, AWS_BACKUP)),
        lock: Some(VaultLock {
            mode: removable.then(|| "governance".to_owned()),
            min_retention: lock.min_retention_days.and_then(vendor::days),
            locked_at: None,
        }),
        ..crate::model::Vault::default()
    };
    sink.push(Record::Vault(record), pointer, LOCK);
}

pub(super) fn plan(plan: &Plan<'_>, vaults: &Vaults<'_>, pointer: &str, sink: &mut Sink<'_>) {
    let home = plan.arn.as_deref().map(Arn::of).unwrap_or_default();
    for (index, rule) in plan.rules.iter().enumerate() {
        let name = rule.target_vault_name.as_deref();
        // A plan's vaults lie in its own region and account.
        let arn = name.filter(|_| plan.arn.is_none()).and_then(|name| vaults.arn(name));
        let policy = Policy {
            id: format!("{}/{}", &*plan.name, &*rule.rule_name).into(),
            tool: Some(tool(sink, AWS_BACKUP)),
            schedule: rule.schedule.as_deref().map(str::to_owned),
            tz: rule.schedule_expression_timezone.as_deref().map(str::to_owned),
            retention: keep(&rule.lifecycle),
            vault: aws_backup::vault(sink, arn, name, home),
            plan: plan.id.as_ref().map(Written::text),
            copies: copies(rule, sink),
            ..Policy::default()
        };
        sink.push(Record::Policy(policy), format!("{pointer}/rule/{index}"), RULE);
    }
}

/// How long a point is kept; `None` where no end is stated, which AWS reads as for ever.
fn keep(lifecycle: &[Lifecycle]) -> Option<Seconds> {
    lifecycle.first()?.delete_after.filter(|days| *days > 0).and_then(vendor::days)
}

fn copies(rule: &Rule<'_>, sink: &Sink<'_>) -> Option<Vec<PolicyCopy>> {
    let copies: Vec<_> = rule
        .copies
        .iter()
        .map(|copy| PolicyCopy {
            vault: copy
                .destination_vault_arn
                .as_deref()
                .and_then(|arn| aws_backup::vault(sink, Some(arn), None, Arn::default())),
            retention: keep(&copy.lifecycle),
        })
        .collect();
    (!copies.is_empty()).then_some(copies)
}

pub(super) fn selection(selection: &Selection<'_>, pointer: &str, sink: &mut Sink<'_>) {
    let partition = selection.iam_role_arn.as_deref().and_then(|arn| Arn::of(arn).partition).unwrap_or("aws");
    let every: Text = format!("arn:{partition}:*").into();
    // `*` is every resource of AWS, not of other tools.
    let scoped = |list: &[Written<'_>]| -> Vec<Text> {
        list.iter().map(|arn| if &**arn == "*" { every.clone() } else { arn.text() }).collect()
    };
    let filled = |list: Vec<Text>| (!list.is_empty()).then_some(list);
    let (resources, exclude) = (scoped(&selection.resources), scoped(&selection.not_resources));
    // Tags add to the resources; conditions must hold for each of them.
    let (assets, possible_assets) = match (selection.is_conditional(), selection.selection_tag.is_empty()) {
        (true, _) => (None, Some(if resources.is_empty() { vec![every.clone()] } else { resources })),
        (false, true) => (filled(resources), None),
        (false, false) => (filled(resources), Some(vec![every.clone()])),
    };
    let record = crate::model::Selection {
        id: selection.id.as_ref().unwrap_or(&selection.name).text(),
        plan: selection.plan_id.as_ref().map(Written::text),
        tool: Some(tool(sink, AWS_BACKUP)),
        assets,
        exclude: filled(exclude),
        possible_assets,
    };
    sink.push(Record::Selection(record), pointer, SELECTION);
}

/// Automated backups of an instance or a cluster: on for as many days as they are kept, off at 0. They lie in a store of
/// their region and account, which is said once.
pub(super) fn database(database: &Database<'_>, stores: &mut BTreeSet<Text>, pointer: &str, sink: &mut Sink<'_>) {
    let (Some(arn), Some(days)) = (&database.arn, database.backup_retention_period) else { return };
    let place = Arn::of(arn);
    let key = place.account.zip(place.region).map(|(account, region)| format!("{account}/{region}"));
    let store = key.and_then(|key| sink.vault(Some(&key), Some("aws")));
    if let Some(id) = store.clone().filter(|id| stores.insert(id.clone())) {
        let record = crate::model::Vault {
            id,
            tool: Some(tool(sink, AWS_NATIVE)),
            region: place.region.map(str::to_owned),
            account: place.account.map(str::to_owned),
            ..crate::model::Vault::default()
        };
        sink.push(Record::Vault(record), pointer, STORE);
    }
    let (window, fields) = match &database.backup_window {
        Some(window) => (Some(window), INSTANCE),
        None => (database.preferred_backup_window.as_ref(), CLUSTER),
    };
    let on = days > 0;
    let policy = Policy {
        id: format!("{}/automated", &**arn).into(),
        tool: Some(tool(sink, AWS_NATIVE)),
        schedule: window.filter(|_| on).and_then(|window| daily(window)),
        retention: on.then(|| vendor::days(days)).flatten(),
        vault: store,
        assets: Some(vec![arn.text()]),
        paused: Some(!on),
        ..Policy::default()
    };
    sink.push(Record::Policy(policy), pointer, fields);
}

/// The start of a daily window, `hh:mm-hh:mm` in UTC, as a cron expression.
fn daily(window: &str) -> Option<String> {
    let (hour, minute) = window.split_once('-')?.0.split_once(':')?;
    let (hour, minute) = (hour.parse::<u8>().ok()?, minute.parse::<u8>().ok()?);
    (hour < 24 && minute < 60).then(|| format!("{minute} {hour} * * *"))
}
