//! How far back listings of runs and restores reach: a product forgets, and what it forgot is not "never done".

use crate::model::Seconds;

/// How far back a kind of export lists restores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct History {
    /// The time that it covers, where the product states one.
    pub(crate) back: Option<Seconds>,
    /// What is left out, in words.
    pub(crate) why: &'static str,
}

/// The history that a kind of export has, where it is known to have an end.
#[must_use]
pub(crate) fn of(kind: &str) -> Option<History> {
    let (back, why) = match kind {
        // AWS CLI reference, list-backup-jobs; restore jobs are kept as long.
        "aws-backup.restore-jobs" => (Some(30 * 86_400), "AWS Backup lists restores of the last 30 days alone"),
        // A restore lists no longer than the backup it was made from: velero.io/docs, "Restore reference".
        "velero.list" => (None, "Velero deletes a restore with the backup that it was made from"),
        "gke-backup.restores" => (None, "a restore is listed until it is deleted"),
        "volsync.list" => (None, "a destination tells its last synchronisation alone"),
        "azure-backup.jobs" => (None, "Azure lists jobs of the time that was asked for, and forgets older ones"),
        "commvault.jobs" => (None, "Commvault lists jobs of the time that was asked for"),
        "rubrik.cdm-jobs" | "rubrik.activities" | "rubrik.tasks" => {
            (None, "Rubrik lists what was asked for, and forgets older events")
        }
        "veeam-vbr.sessions" | "veeam-vbr.task-sessions" => (None, "Veeam forgets sessions older than its history"),
        "netbackup.jobs" => (None, "NetBackup forgets jobs after some days"),
        "bareos.jobs" => (None, "jobs that are pruned from the catalogue are not listed"),
        "cohesity.recoveries" => (None, "Cohesity lists recoveries of the time that was asked for"),
        _ => return None,
    };
    Some(History { back: back.map(Seconds), why })
}

#[cfg(test)]
mod tests {
    use crate::model::Section;
    use crate::normalise::ADAPTERS;

    #[test]
    fn every_kind_that_lists_restores_says_how_far_back() {
        for about in ADAPTERS.iter().map(|adapter| adapter.about()) {
            assert_eq!(super::of(about.id).is_some(), about.lists.contains(&Section::RestoreTest), "{}", about.id);
        }
    }
}
