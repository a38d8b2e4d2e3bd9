//! Answers that are recognised and hold no record: names of plans, copy jobs, test plans, tags.

use serde::Deserialize;

use super::{PRODUCT, Page, is_list};
use crate::model::Section;
use crate::normalise::{Adapter, Input, ReadError, Shape, Sink};

/// An answer without records.
pub struct Bare {
    id: &'static str,
    export: &'static str,
    proves: &'static str,
    schema: &'static str,
    recognises: fn(&Shape) -> bool,
}

impl Adapter for Bare {
    fn id(&self) -> &'static str {
        self.id
    }
    fn product(&self) -> &'static str {
        PRODUCT
    }
    fn export(&self) -> &'static str {
        self.export
    }
    fn proves(&self) -> &'static str {
        self.proves
    }
    fn schema(&self) -> &'static str {
        self.schema
    }
    fn lists(&self) -> &'static [Section] {
        &[]
    }
    fn recognises(&self, shape: &Shape) -> bool {
        (self.recognises)(shape)
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        input.typed::<Page<Nothing>>()?.mark(sink);
        Ok(())
    }
}

/// No element is read.
#[derive(Debug, Deserialize)]
struct Nothing {}

/// Names of plans.
pub static PLANS: Bare = Bare {
    id: "aws-backup.plans",
    export: "aws backup list-backup-plans --output json",
    proves: "Proves nothing by itself: it names plans, and their rules are in get-backup-plan.",
    schema: include_str!("../../../schemas/aws-backup-plans.schema.json"),
    recognises: |shape| is_list(shape, "BackupPlansList", "BackupPlanId"),
};

/// Names of selections.
pub static SELECTIONS: Bare = Bare {
    id: "aws-backup.selections",
    export: "aws backup list-backup-selections --backup-plan-id PLAN --output json",
    proves: "Proves nothing by itself: it names selections, and what they select is in get-backup-selection.",
    schema: include_str!("../../../schemas/aws-backup-selections.schema.json"),
    recognises: |shape| is_list(shape, "BackupSelectionsList", "SelectionId"),
};

/// Copy jobs: a copy is part of its rule, and proven by the point in the other vault.
pub static COPY_JOBS: Bare = Bare {
    id: "aws-backup.copy-jobs",
    export: "aws backup list-copy-jobs --output json",
    proves: "Proves nothing by itself: a copy is proven by the recovery point listed in the other vault.",
    schema: include_str!("../../../schemas/aws-backup-copy-jobs.schema.json"),
    recognises: |shape| is_list(shape, "CopyJobs", "CopyJobId"),
};

/// Resources that were backed up at least once.
pub static PROTECTED_RESOURCES: Bare = Bare {
    id: "aws-backup.protected-resources",
    export: "aws backup list-protected-resources --output json",
    proves: "Proves nothing by itself: it lists resources with a backup at any time, not whether one can be restored.",
    schema: include_str!("../../../schemas/aws-backup-protected-resources.schema.json"),
    recognises: |shape| {
        // `Results` alone is a common word: an empty list must stand alone.
        shape.inner_has("Results", "ResourceArn") && shape.inner_has("Results", "LastBackupTime")
            || shape.has("Results") && !shape.inner.contains_key("Results") && only(shape, "Results")
    },
};

/// Restore testing plans, or one of them.
pub static TESTING_PLANS: Bare = Bare {
    id: "aws-backup.restore-testing-plans",
    export: "aws backup list-restore-testing-plans --output json",
    proves: "Proves nothing by itself: it says when restores are to be tested; that they were is in list-restore-jobs.",
    schema: include_str!("../../../schemas/aws-backup-restore-testing-plans.schema.json"),
    recognises: |shape| {
        is_list(shape, "RestoreTestingPlans", "RestoreTestingPlanName")
            || shape.inner_has("RestoreTestingPlan", "RestoreTestingPlanName")
    },
};

/// Restore testing selections, or one of them.
pub static TESTING_SELECTIONS: Bare = Bare {
    id: "aws-backup.restore-testing-selections",
    export: "aws backup list-restore-testing-selections --restore-testing-plan-name PLAN --output json",
    proves: "Proves nothing by itself: it says which restores are to be tested; that they were is in list-restore-jobs.",
    schema: include_str!("../../../schemas/aws-backup-restore-testing-selections.schema.json"),
    recognises: |shape| {
        is_list(shape, "RestoreTestingSelections", "RestoreTestingSelectionName")
            || shape.inner_has("RestoreTestingSelection", "RestoreTestingSelectionName")
    },
};

/// Tags of one resource, which the answer does not name.
pub static TAGS: Bare = Bare {
    id: "aws-backup.tags",
    export: "aws backup list-tags --resource-arn ARN --output json",
    proves: "Proves nothing by itself: the answer does not name the resource that bears the tags.",
    schema: include_str!("../../../schemas/aws-backup-tags.schema.json"),
    // A list of tags, `[{Key, Value}]`, is another service's answer.
    recognises: |shape| shape.inner.contains_key("Tags") && !shape.inner_has("Tags", "Key") && only(shape, "Tags"),
};

/// Whether nothing but this key and what every answer may have is at the top of an object.
fn only(shape: &Shape, key: &str) -> bool {
    !shape.is_list && shape.keys.iter().all(|k| k == key || k == "NextToken" || k == "ResponseMetadata")
}
