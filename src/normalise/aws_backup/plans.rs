//! `get-backup-plan` and `get-backup-selection`: policies, one a rule, and what their plan covers.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use smallvec::SmallVec;

use super::{Arn, PRODUCT, vault};
use crate::model::protection::PolicyCopy;
use crate::model::{FieldMap, Policy, Record, Seconds, Section, Text};
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// A plan with its rules.
pub struct Plan;

impl Adapter for Plan {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "aws-backup.plan",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "aws backup get-backup-plan --backup-plan-id PLAN --output json",
            proves: "Proves how often, whereto and for how long a plan backs up. Cannot say what it covers; that is in get-backup-selection.",
            names: "policy `<plan name>/<rule name>`; store the ARN of the rule's vault, or what `vaults` says of it",
            schema: &schemas::AWS_BACKUP_PLAN,
            lists: &[Section::Policy],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        shape.has("BackupPlanId") && shape.inner_has("BackupPlan", "Rules")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let answer: GetBackupPlan<'_> = input.typed()?;
        let region = answer.backup_plan_arn.as_deref().map(Arn::of).unwrap_or_default();
        for (index, rule) in answer.backup_plan.rules.iter().enumerate() {
            let name = &*answer.backup_plan.backup_plan_name;
            let retention = rule.lifecycle.keep();
            let policy = Policy {
                id: format!("{name}/{}", &*rule.rule_name).into(),
                tool: Some(sink.tool()),
                schedule: rule.schedule_expression.as_deref().map(str::to_owned),
                tz: rule.schedule_expression_timezone.as_deref().map(str::to_owned),
                retention,
                vault: vault(sink, None, rule.target_backup_vault_name.as_deref(), region),
                plan: Some(answer.backup_plan_id.clone()),
                copies: rule.copies(sink),
                ..Policy::default()
            };
            sink.push(Record::Policy(policy), format!("/BackupPlan/Rules/{index}"), RULE);
        }
        Ok(())
    }
}

const RULE: FieldMap = &[
    ("id", "/RuleName"),
    ("schedule", "/ScheduleExpression"),
    ("tz", "/ScheduleExpressionTimezone"),
    ("retention", "/Lifecycle/DeleteAfterDays"),
    ("vault", "/TargetBackupVaultName"),
    ("copies", "/CopyActions"),
    ("copies/0/vault", "/CopyActions/0/DestinationBackupVaultArn"),
    ("copies/0/retention", "/CopyActions/0/Lifecycle/DeleteAfterDays"),
    ("copies/1/vault", "/CopyActions/1/DestinationBackupVaultArn"),
    ("copies/1/retention", "/CopyActions/1/Lifecycle/DeleteAfterDays"),
    ("copies/2/vault", "/CopyActions/2/DestinationBackupVaultArn"),
    ("copies/2/retention", "/CopyActions/2/Lifecycle/DeleteAfterDays"),
    ("copies/3/vault", "/CopyActions/3/DestinationBackupVaultArn"),
    ("copies/3/retention", "/CopyActions/3/Lifecycle/DeleteAfterDays"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetBackupPlan<'a> {
    #[serde(borrow)]
    backup_plan: BackupPlan<'a>,
    backup_plan_id: Text,
    #[serde(default, borrow)]
    backup_plan_arn: Option<Written<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BackupPlan<'a> {
    #[serde(borrow)]
    backup_plan_name: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    rules: Vec<Rule<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Rule<'a> {
    #[serde(borrow)]
    rule_name: Written<'a>,
    #[serde(default, borrow)]
    target_backup_vault_name: Option<Written<'a>>,
    #[serde(default, borrow)]
    target_logically_air_gapped_backup_vault_arn: Option<Written<'a>>,
    #[serde(default, borrow)]
    schedule_expression: Option<Written<'a>>,
    #[serde(default, borrow)]
    schedule_expression_timezone: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    lifecycle: Lifecycle,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    copy_actions: SmallVec<[CopyAction<'a>; 1]>,
}

impl Rule<'_> {
    /// The copy actions, and the logically air-gapped vault that every point also goes to.
    fn copies(&self, sink: &Sink<'_>) -> Option<Vec<PolicyCopy>> {
        let actions =
            self.copy_actions.iter().map(|copy| (copy.destination_backup_vault_arn.as_deref(), copy.lifecycle.keep()));
        let second = self.target_logically_air_gapped_backup_vault_arn.as_deref();
        let copies: Vec<_> = actions
            .chain(second.map(|arn| (Some(arn), self.lifecycle.keep())))
            .map(|(arn, retention)| PolicyCopy {
                vault: arn.and_then(|arn| vault(sink, Some(arn), None, Arn::default())),
                retention,
            })
            .collect();
        (!copies.is_empty()).then_some(copies)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CopyAction<'a> {
    #[serde(default, borrow)]
    destination_backup_vault_arn: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    lifecycle: Lifecycle,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Lifecycle {
    #[serde(deserialize_with = "vendor::number")]
    delete_after_days: Option<u64>,
}

impl Lifecycle {
    /// How long a point is kept; `None` where no end is stated, which AWS reads as for ever.
    fn keep(&self) -> Option<Seconds> {
        self.delete_after_days.and_then(vendor::days)
    }
}

/// What a plan covers.
pub struct Selection;

impl Adapter for Selection {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "aws-backup.selection",
            product: PRODUCT,
            maturity: Maturity::Schema,
            export: "aws backup get-backup-selection --backup-plan-id PLAN --selection-id SELECTION --output json",
            proves: "Proves which resources a plan covers by ARN. Cannot say which ones bear the tags it asks for; those stay possible.",
            names: "asset the resource's ARN, as far as the selection names resources and not tags; assets: [\"arn:aws:rds:eu-central-1:123456789012:db:orders\"]",
            schema: &schemas::AWS_BACKUP_SELECTION,
            lists: &[Section::Selection],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        shape.has("SelectionId") && shape.inner.contains_key("BackupSelection")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let answer: GetBackupSelection = input.typed()?;
        let selection = answer.backup_selection;
        let partition = selection.iam_role_arn.as_deref().and_then(|arn| Arn::of(arn).partition).unwrap_or("aws");
        let every: Text = format!("arn:{partition}:*").into();
        // `*` is every resource of AWS, not of other tools.
        let scoped = |list: Vec<Text>| -> Vec<Text> {
            list.into_iter().map(|arn| if &*arn == "*" { every.clone() } else { arn }).collect()
        };
        let (resources, exclude) = (scoped(selection.resources), scoped(selection.not_resources));
        let filled = |list: Vec<Text>| (!list.is_empty()).then_some(list);
        let conditional = selection.conditions.values().any(|list| list.as_ref().is_some_and(|list| !list.is_empty()));
        // Tags add to the resources; conditions must hold for each of them.
        let (assets, possible_assets) = match (conditional, selection.list_of_tags.is_empty()) {
            (true, _) => (None, Some(if resources.is_empty() { vec![every.clone()] } else { resources })),
            (false, true) => (filled(resources), None),
            (false, false) => (filled(resources), Some(vec![every.clone()])),
        };
        let record = crate::model::Selection {
            id: answer.selection_id,
            plan: answer.backup_plan_id,
            tool: Some(sink.tool()),
            assets,
            exclude: filled(exclude),
            possible_assets,
        };
        sink.push(Record::Selection(record), "", SELECTION);
        Ok(())
    }
}

const SELECTION: FieldMap = &[
    ("id", "/SelectionId"),
    ("plan", "/BackupPlanId"),
    ("assets", "/BackupSelection/Resources"),
    ("exclude", "/BackupSelection/NotResources"),
    ("possible_assets", "/BackupSelection"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GetBackupSelection {
    backup_selection: BackupSelection,
    selection_id: Text,
    #[serde(default)]
    backup_plan_id: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct BackupSelection {
    iam_role_arn: Option<String>,
    #[serde(deserialize_with = "vendor::nullable")]
    resources: Vec<Text>,
    #[serde(deserialize_with = "vendor::nullable")]
    not_resources: Vec<Text>,
    #[serde(deserialize_with = "vendor::nullable")]
    list_of_tags: Vec<IgnoredAny>,
    #[serde(deserialize_with = "vendor::nullable")]
    conditions: BTreeMap<String, Option<Vec<IgnoredAny>>>,
}
