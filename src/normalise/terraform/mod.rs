//! Terraform (and OpenTofu): a state, or what a plan found there before it.
//!
//! In: `terraform show -json` of a plan (`resource_changes`) or of a state (`values`), and a state file of version 4. Out:
//! policies, what they select and settings of vaults, from AWS Backup, from RDS and from Azure Backup; every other resource
//! is passed over. Never a point: that a policy is written down says nothing of a backup.
//!
//! A plan says what will be. What it holds of the present is `change.before`, and only that is read: a resource that it
//! would create is not there yet and gives no record, one that it would change or delete is as it is. Formats as in
//! <https://developer.hashicorp.com/terraform/internals/json-format>; arguments as in the documentation of the providers,
//! see `fixtures/exports/terraform/SOURCES.md`.
//!
//! Records bear the tool and the names that the exports of AWS and Azure themselves have, so that the two meet in the join.
//! Resources of a state may hold passwords: only the members that are named here are ever read.

mod aws;
mod azure;
mod documents;
mod resource;

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::IgnoredAny;

use self::documents::{Change, Instances, Root, Typed};
use self::resource::Resource;
use super::adapter::Simple;
use super::{About, Input, Maturity, ReadError, Sink};
use crate::model::{Section, Text};
use crate::validate::schemas;

/// The product.
const PRODUCT: &str = "terraform";

const NAMES: &str = "as the products name them: policy `<plan>/<rule>` of AWS Backup, `<ARN>/automated` of RDS, `azure:<vault>/<policy>` of Azure; asset the ARN, `azure:<vault>/<resource group>/<machine>`; store the vault's ARN, or what `vaults` says of it; assets: [\"arn:aws:rds:eu-central-1:123456789012:db:orders\"]";

/// A plan.
pub static PLAN: Simple = Simple {
    about: About {
        id: "terraform.plan",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "terraform plan -out plan.bin && terraform show -json plan.bin",
        proves: "Proves how the backup policies and vaults that it manages were set when the plan was made. Cannot say so of what is only planned, nor that a backup ran.",
        names: NAMES,
        schema: &schemas::TERRAFORM_PLAN,
        lists: &[Section::Vault, Section::Policy, Section::Selection],
    },
    recognises: |shape| {
        !shape.is_list
            && shape.text("format_version").is_some()
            && (shape.has("planned_values") || shape.has("resource_changes"))
    },
    records: plan,
};

/// A state, as `terraform show` prints it.
pub static STATE: Simple = Simple {
    about: About {
        id: "terraform.state",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "terraform show -json",
        proves: "Proves how the backup policies and vaults that it manages were set when Terraform last looked. Cannot say that a backup ran.",
        names: NAMES,
        schema: &schemas::TERRAFORM_STATE,
        lists: &[Section::Vault, Section::Policy, Section::Selection],
    },
    recognises: |shape| {
        !shape.is_list
            && shape.text("format_version").is_some()
            && shape.text("terraform_version").is_some()
            && shape.inner_has("values", "root_module")
    },
    records: state,
};

/// A state file.
pub static STATE_FILE: Simple = Simple {
    about: About {
        id: "terraform.state-file",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "terraform state pull",
        proves: "Proves how the backup policies and vaults that it manages were set when Terraform last looked. Cannot say that a backup ran.",
        names: NAMES,
        schema: &schemas::TERRAFORM_STATE_FILE,
        lists: &[Section::Vault, Section::Policy, Section::Selection],
    },
    recognises: |shape| {
        !shape.is_list
            && shape.has_all(&["version", "serial", "lineage", "resources"])
            && shape.text("terraform_version").is_some()
    },
    records: state_file,
};

fn plan(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut held = Vec::new();
    let mut planned = None;
    let (IgnoredAny, _) = input.each_in("resource_changes", |pointer, Typed(change): Typed<Change<'_>>| {
        if change.is_only_planned {
            planned.get_or_insert_with(|| pointer.to_owned());
        }
        held.extend(change.before.map(|resource| (format!("{pointer}/change/before"), *resource)));
        Ok(())
    })?;
    if let Some(pointer) = planned {
        sink.warn("planned", &pointer, "it is planned and not there yet, so it counts for nothing until it is applied");
    }
    push(&held, sink);
    Ok(())
}

#[derive(Debug, Deserialize)]
struct State<'a> {
    #[serde(borrow)]
    values: Root<'a>,
}

fn state(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let state: State<'_> = input.typed()?;
    let mut held = Vec::new();
    if let Some(module) = state.values.root_module {
        module.collect("/values/root_module", &mut held);
    }
    push(&held, sink);
    Ok(())
}

fn state_file(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut held = Vec::new();
    let (IgnoredAny, _) = input.each_in("resources", |pointer, Typed(instances): Typed<Instances<'_>>| {
        for (of, resource) in instances.0 {
            held.push((format!("{pointer}/instances/{of}/attributes"), *resource));
        }
        Ok(())
    })?;
    push(&held, sink);
    Ok(())
}

fn push(held: &[(String, Resource<'_>)], sink: &mut Sink<'_>) {
    let vaults = aws::Vaults::of(held);
    let mut stores = BTreeSet::new();
    for (pointer, resource) in held {
        match resource {
            Resource::Vault(vault) => aws::vault(vault, pointer, sink),
            Resource::Lock(lock) => aws::lock(lock, &vaults, pointer, sink),
            Resource::Plan(plan) => aws::plan(plan, &vaults, pointer, sink),
            Resource::Selection(selection) => aws::selection(selection, pointer, sink),
            Resource::Database(database) => aws::database(database, &mut stores, pointer, sink),
            Resource::AzurePolicy(policy) => azure::policy(policy, pointer, sink),
            Resource::AzureMachine(machine) => azure::machine(machine, pointer, sink),
        }
    }
}

/// The tool that a resource is of, where the source does not name one.
fn tool(sink: &Sink<'_>, product: &'static str) -> Text {
    sink.source().tool.clone().unwrap_or_else(|| product.into())
}

#[cfg(test)]
mod tests;
