//! Jobs: backup runs, and restores.

use serde::Deserialize;

use super::{Address, Element, PRODUCT, each, is_list_of};
use crate::model::{FieldMap, Job, Record, RestoreTest, Section, Text, Time};
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// What a vault did.
pub struct Jobs;

impl Adapter for Jobs {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "azure-backup.jobs",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "az backup job list --resource-group GROUP --vault-name VAULT --output json",
            proves: "Proves how backups and restores ended, and how long they took. Cannot say of which resource group a machine is, which point was restored, or whether what was restored was right: a restore that completed is no pass.",
            names: "asset `azure:<vault>/*/<machine>`, for a job does not name the machine's resource group; of anything but a machine `azure:<vault>/<management type>/<name>`; assets: [\"azure:vault1/rg1/vm1\"]",
            schema: &schemas::AZURE_BACKUP_JOBS,
            lists: &[Section::Job, Section::RestoreTest],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        is_list_of(shape, "/backupjobs")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        each(input, sink, push)
    }
}

const JOB: FieldMap = &[
    ("id", "/name"),
    ("asset", "/properties/entityFriendlyName"),
    ("status", "/properties/status"),
    ("raw_status", "/properties/status"),
    ("started_at", "/properties/startTime"),
    ("finished_at", "/properties/endTime"),
    ("error", "/properties/errorDetails"),
];

const TEST: FieldMap = &[
    ("id", "/name"),
    ("asset", "/properties/entityFriendlyName"),
    ("result", "/properties/status"),
    ("started_at", "/properties/startTime"),
    ("finished_at", "/properties/endTime"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    #[serde(default, borrow)]
    backup_management_type: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    entity_friendly_name: Option<Written<'a>>,
    #[serde(borrow)]
    operation: Written<'a>,
    #[serde(borrow)]
    status: Written<'a>,
    #[serde(default, deserialize_with = "vendor::time")]
    start_time: Option<Time>,
    #[serde(default, deserialize_with = "vendor::time")]
    end_time: Option<Time>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    error_details: Vec<Option<Problem<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Problem<'a> {
    #[serde(borrow)]
    error_string: Option<Written<'a>>,
}

/// What is neither a backup nor a restore (`ConfigureBackup`, `DeleteBackupData` …) says nothing of recovery.
fn push(element: &Element<'_, Run<'_>>, pointer: &str, sink: &mut Sink<'_>) {
    let run = &element.properties;
    let asset = run.asset(&Address::of(&element.id));
    match &*run.operation {
        "Backup" => {
            let status = run.status(pointer, sink);
            let job = Job {
                id: element.name.text(),
                tool: Some(sink.tool()),
                asset,
                status: status.map(Into::into),
                raw_status: Some(run.status.to_string()),
                started_at: run.start_time,
                finished_at: run.end_time,
                error: run
                    .error_details
                    .iter()
                    .flatten()
                    .find_map(|problem| problem.error_string.as_deref())
                    .map(str::to_owned),
                ..Job::default()
            };
            sink.push(Record::Job(job), pointer, JOB);
        }
        "Restore" | "CrossRegionRestore" => {
            let result = match run.status(pointer, sink).as_deref() {
                Some("running") => return,
                Some("failed") => Some("fail".to_owned()),
                _ => None,
            };
            let test = RestoreTest {
                id: element.name.text(),
                asset,
                level: Some("component".to_owned()),
                started_at: run.start_time,
                finished_at: run.end_time,
                result,
                ..RestoreTest::default()
            };
            sink.push(Record::RestoreTest(test), pointer, TEST);
        }
        _ => {}
    }
}

impl Run<'_> {
    fn asset(&self, address: &Address) -> Option<Text> {
        let name = self.entity_friendly_name.as_ref()?.to_lowercase();
        let machine = self.backup_management_type.as_deref().is_none_or(|kind| kind == "AzureIaasVM");
        let within = if machine { "*".to_owned() } else { self.backup_management_type.as_ref()?.to_lowercase() };
        Some(format!("azure:{}/{within}/{name}", address.vault).into())
    }

    /// `JobStatus`.
    fn status(&self, pointer: &str, sink: &mut Sink<'_>) -> Option<String> {
        let status = match &*self.status {
            "Completed" => "success",
            "CompletedWithWarnings" => "warning",
            "Failed" | "Cancelled" => "failed",
            "InProgress" | "Cancelling" => "running",
            unknown => {
                vendor::unknown_word(sink, &format!("{pointer}/properties/status"), unknown);
                return None;
            }
        };
        Some(status.to_owned())
    }
}
