//! What a backup is made of: `GET /api/v1/backups`, `/backupObjects` and `/backups/{id}/backupFiles`, as `BackupModel`,
//! `BackupObjectModel` and `BackupFileModel` describe them.

use serde::Deserialize;
use smallvec::SmallVec;

use super::points::{ask_when, malware};
use super::{PRODUCT, each, guid, is_answer, machine};
use crate::model::{FieldMap, Job, Record, Scan, Section, Time};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Maturity, Sink};
use crate::validate::schemas;

/// Backups: which job wrote them, and where they lie.
pub static BACKUPS: Simple = Simple {
    about: About {
        id: "veeam-vbr.backups",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -H 'x-api-version: 1.3-rev2' -H \"Authorization: Bearer $TOKEN\" 'https://VBR:9419/api/v1/backups?limit=10000'",
        proves: "Proves in which repository each backup lies, and so the restore points of `veeam-vbr.restore-points`, which name their backup. Cannot say by itself what a backup holds, or how old that is.",
        names: "store the id of the repository, or what `vaults` says of it; of a scale-out repository its own id",
        schema: &schemas::VEEAM_VBR_BACKUPS,
        lists: &[],
    },
    recognises: |shape| {
        is_answer(shape, &["repositoryId", "platformId", "creationTime"])
            && !["backupId", "sessionId", "lastResult"].iter().any(|key| shape.inner_has("data", key))
    },
    records: |input, sink| {
        each(input, sink, |backup: Backup<'_>, _, sink| {
            let vault = backup.repository_id.as_deref().and_then(|id| sink.vault(Some(id), None));
            if let Some(vault) = vault {
                sink.chain_lies_in(&backup.id.text(), &vault);
            }
        })
    },
};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Backup<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(default, borrow, deserialize_with = "guid")]
    repository_id: Option<Written<'a>>,
}

/// Machines that a server keeps backups of.
pub static BACKUP_OBJECTS: Simple = Simple {
    about: About {
        id: "veeam-vbr.backup-objects",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -H 'x-api-version: 1.3-rev2' -H \"Authorization: Bearer $TOKEN\" 'https://VBR:9419/api/v1/backupObjects?limit=10000'",
        proves: "Proves that the last run of a machine failed, where it did. Cannot say when that was, or whether one that did not fail had warnings; a count of restore points is no restore point.",
        names: "asset `veeam:<name>`; assets: [\"veeam:sql01\"]",
        schema: &schemas::VEEAM_VBR_BACKUP_OBJECTS,
        lists: &[],
    },
    recognises: |shape| is_answer(shape, &["restorePointsCount", "platformName"]),
    records: |input, sink| each(input, sink, |object: Object<'_>, pointer, sink| object.push(pointer, sink)),
};

const LAST_RUN: FieldMap = &[("asset", "/name"), ("status", "/lastRunFailed"), ("raw_status", "/lastRunFailed")];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    name: Option<Written<'a>>,
    #[serde(default)]
    last_run_failed: Option<bool>,
}

impl Object<'_> {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let (Some(name), Some(true)) = (&self.name, self.last_run_failed) else { return };
        let job = Job {
            id: format!("{}/last-run", &*self.id).into(),
            tool: Some(sink.tool()),
            asset: Some(machine(name)),
            status: Some("failed".into()),
            raw_status: Some("lastRunFailed".to_owned()),
            ..Job::default()
        };
        sink.push(Record::Job(job), pointer, LAST_RUN);
    }
}

/// Files of a backup.
pub static BACKUP_FILES: Simple = Simple {
    about: About {
        id: "veeam-vbr.backup-files",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -H 'x-api-version: 1.3-rev2' -H \"Authorization: Bearer $TOKEN\" 'https://VBR:9419/api/v1/backups/BACKUP/backupFiles?limit=10000'",
        proves: "Proves which files malware was found in, and so which restore points. Cannot say whose they are; sizes are those of files, not of what a restore brings back. Its times name no zone (`tz`).",
        names: "restore points by their ids",
        schema: &schemas::VEEAM_VBR_BACKUP_FILES,
        lists: &[Section::Scan],
    },
    recognises: |shape| is_answer(shape, &["backupId", "dataSize", "backupSize"]),
    records: |input, sink| {
        let mut found = false;
        each(input, sink, |file: File<'_>, pointer, sink| found |= file.push(pointer, sink))?;
        ask_when(found, sink);
        Ok(())
    },
};

const SCAN: FieldMap =
    &[("id", "/id"), ("recovery_point", "/restorePointIds"), ("result", "/severity"), ("at", "/creationTime")];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    restore_point_ids: SmallVec<[Written<'a>; 1]>,
    #[serde(default, deserialize_with = "vendor::time")]
    creation_time: Option<Time>,
    #[serde(default, borrow)]
    severity: Option<Written<'a>>,
}

impl File<'_> {
    /// A scan of each point that needs the file, where malware was found in it; whether it was.
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) -> bool {
        let Some(result) = malware(self.severity.as_deref(), &format!("{pointer}/severity"), sink) else {
            return false;
        };
        for point in &self.restore_point_ids {
            let scan = Scan {
                id: format!("veeam-malware:{}/{}", &*self.id, &**point).into(),
                recovery_point: Some(point.text()),
                at: sink.source().collected_at.or(self.creation_time),
                result: Some(result.to_owned()),
                ..Scan::default()
            };
            sink.push(Record::Scan(scan), pointer, SCAN);
        }
        true
    }
}
