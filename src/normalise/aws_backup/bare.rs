//! Answers that are recognised and hold no record: names of plans, copy jobs, test plans, tags.

use super::{PRODUCT, Page, is_list};
use crate::normalise::adapter::Simple;
use crate::normalise::{About, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// The page marker of an answer that holds no record.
fn nothing(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    input.typed::<Page<'_>>()?.mark(sink);
    Ok(())
}

/// Names of plans.
pub static PLANS: Simple = Simple {
    about: About {
        id: "aws-backup.plans",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "aws backup list-backup-plans --output json",
        proves: "Proves nothing by itself: it names plans, and their rules are in get-backup-plan.",
        names: "",
        schema: &schemas::AWS_BACKUP_PLANS,
        lists: &[],
    },
    recognises: |shape| is_list(shape, "BackupPlansList", "BackupPlanId"),
    records: nothing,
};

/// Names of selections.
pub static SELECTIONS: Simple = Simple {
    about: About {
        id: "aws-backup.selections",
        product: PRODUCT,
        maturity: Maturity::Schema,
        export: "aws backup list-backup-selections --backup-plan-id PLAN --output json",
        proves: "Proves nothing by itself: it names selections, and what they select is in get-backup-selection.",
        names: "",
        schema: &schemas::AWS_BACKUP_SELECTIONS,
        lists: &[],
    },
    recognises: |shape| is_list(shape, "BackupSelectionsList", "SelectionId"),
    records: nothing,
};

/// Copy jobs: a copy is part of its rule, and proven by the point in the other vault.
pub static COPY_JOBS: Simple = Simple {
    about: About {
        id: "aws-backup.copy-jobs",
        product: PRODUCT,
        maturity: Maturity::Schema,
        export: "aws backup list-copy-jobs --output json",
        proves: "Proves nothing by itself: a copy is proven by the recovery point listed in the other vault.",
        names: "",
        schema: &schemas::AWS_BACKUP_COPY_JOBS,
        lists: &[],
    },
    recognises: |shape| is_list(shape, "CopyJobs", "CopyJobId"),
    records: nothing,
};

/// One copy job.
pub static COPY_JOB: Simple = Simple {
    about: About {
        id: "aws-backup.copy-job",
        product: PRODUCT,
        maturity: Maturity::Schema,
        export: "aws backup describe-copy-job --copy-job-id JOB --output json",
        proves: "Proves nothing by itself: a copy is proven by the recovery point listed in the other vault.",
        names: "",
        schema: &schemas::AWS_BACKUP_COPY_JOB,
        lists: &[],
    },
    recognises: |shape| !shape.is_list && shape.inner_has("CopyJob", "CopyJobId"),
    records: nothing,
};

/// One resource that was backed up at least once.
pub static PROTECTED_RESOURCE: Simple = Simple {
    about: About {
        id: "aws-backup.protected-resource",
        product: PRODUCT,
        maturity: Maturity::Schema,
        export: "aws backup describe-protected-resource --resource-arn ARN --output json",
        proves: "Proves nothing by itself: it tells of a backup at some time, not whether it can be restored (`list-recovery-points-by-resource`).",
        names: "",
        schema: &schemas::AWS_BACKUP_PROTECTED_RESOURCE,
        lists: &[],
    },
    recognises: |shape| !shape.is_list && shape.has_all(&["ResourceArn", "ResourceType", "LastBackupTime"]),
    records: nothing,
};

/// Resources that were backed up at least once.
pub static PROTECTED_RESOURCES: Simple = Simple {
    about: About {
        id: "aws-backup.protected-resources",
        product: PRODUCT,
        maturity: Maturity::Schema,
        export: "aws backup list-protected-resources --output json",
        proves: "Proves nothing by itself: it lists resources with a backup at any time, not whether one can be restored.",
        names: "",
        schema: &schemas::AWS_BACKUP_PROTECTED_RESOURCES,
        lists: &[],
    },
    recognises: |shape| {
        // `Results` alone is a common word: an empty list must stand alone.
        shape.inner_has("Results", "ResourceArn") && shape.inner_has("Results", "LastBackupTime")
            || shape.has("Results") && !shape.inner.contains_key("Results") && only(shape, "Results")
    },
    records: nothing,
};

/// Restore testing plans, or one of them.
pub static TESTING_PLANS: Simple = Simple {
    about: About {
        id: "aws-backup.restore-testing-plans",
        product: PRODUCT,
        maturity: Maturity::Schema,
        export: "aws backup list-restore-testing-plans --output json",
        proves: "Proves nothing by itself: it says when restores are to be tested; that they were is in list-restore-jobs.",
        names: "",
        schema: &schemas::AWS_BACKUP_RESTORE_TESTING_PLANS,
        lists: &[],
    },
    recognises: |shape| {
        is_list(shape, "RestoreTestingPlans", "RestoreTestingPlanName")
            || shape.inner_has("RestoreTestingPlan", "RestoreTestingPlanName")
    },
    records: nothing,
};

/// Restore testing selections, or one of them.
pub static TESTING_SELECTIONS: Simple = Simple {
    about: About {
        id: "aws-backup.restore-testing-selections",
        product: PRODUCT,
        maturity: Maturity::Schema,
        export: "aws backup list-restore-testing-selections --restore-testing-plan-name PLAN --output json",
        proves: "Proves nothing by itself: it says which restores are to be tested; that they were is in list-restore-jobs.",
        names: "",
        schema: &schemas::AWS_BACKUP_RESTORE_TESTING_SELECTIONS,
        lists: &[],
    },
    recognises: |shape| {
        is_list(shape, "RestoreTestingSelections", "RestoreTestingSelectionName")
            || shape.inner_has("RestoreTestingSelection", "RestoreTestingSelectionName")
    },
    records: nothing,
};

/// Tags of one resource, which the answer does not name.
pub static TAGS: Simple = Simple {
    about: About {
        id: "aws-backup.tags",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "aws backup list-tags --resource-arn ARN --output json",
        proves: "Proves nothing by itself: the answer does not name the resource that bears the tags.",
        names: "",
        schema: &schemas::AWS_BACKUP_TAGS,
        lists: &[],
    },
    // A list of tags, `[{Key, Value}]`, is another service's answer.
    recognises: |shape| shape.inner.contains_key("Tags") && !shape.inner_has("Tags", "Key") && only(shape, "Tags"),
    records: nothing,
};

/// Whether nothing but this key and what every answer may have is at the top of an object.
fn only(shape: &Shape, key: &str) -> bool {
    !shape.is_list && shape.keys.iter().all(|k| k == key || k == "NextToken" || k == "ResponseMetadata")
}
