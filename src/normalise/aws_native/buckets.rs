//! S3 buckets that stores lie in: lock, replication, encryption, and the error that comes instead. None names its bucket.

use serde::Deserialize;

use super::PRODUCT;
use crate::model::protection::Lock;
use crate::model::{FieldMap, Record, Text, Vault};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Sink};
use crate::validate::schemas;

/// Object Lock of a bucket.
pub static OBJECT_LOCK: Simple = Simple {
    about: About {
        id: "aws-native.s3-object-lock",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "aws s3api get-object-lock-configuration --bucket BUCKET --output json",
        proves: "Proves for how long new objects of a bucket are locked, and whether anybody can lift it. Cannot say which bucket it is (`vault` of the source), or what is locked object by object.",
        names: "store the source's `vault`: give it the vault of what lies in the bucket",
        schema: &schemas::AWS_NATIVE_S3_OBJECT_LOCK,
        lists: &[],
    },
    recognises: |shape| !shape.is_list && shape.inner_has("ObjectLockConfiguration", "ObjectLockEnabled"),
    records: object_lock,
};

/// The error that comes instead: a bucket without such a configuration, or a failure.
pub static ERROR: Simple = Simple {
    about: About {
        id: "aws-native.s3-error",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "aws s3api get-object-lock-configuration --bucket BUCKET --output json, of a bucket that has none",
        proves: "Proves that a bucket has no Object Lock, where the error says so; any other error proves that the export failed.",
        names: "store the source's `vault`, else the bucket's name, or what `vaults` says of it",
        schema: &schemas::AWS_NATIVE_S3_ERROR,
        lists: &[],
    },
    recognises: |shape| {
        let alone = shape.keys.iter().all(|key| key == "Error" || key == "ResponseMetadata");
        !shape.is_list && alone && shape.inner_has("Error", "Code") && shape.inner_has("Error", "Message")
    },
    records: error,
};

/// Replication of a bucket: what it should copy; that it did is in a listing of the other bucket.
pub static REPLICATION: Simple = Simple {
    about: About {
        id: "aws-native.s3-replication",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "aws s3api get-bucket-replication --bucket BUCKET --output json",
        proves: "Proves nothing by itself: it says what is to be copied to which bucket, not that it was, and of an object that is damaged or deleted it copies the damage, and the deletion where `DeleteMarkerReplication` is on: the other bucket is no backup of this one. Of a bucket that holds backups, a copy is proven by what lists the backups in the other bucket.",
        names: "",
        schema: &schemas::AWS_NATIVE_S3_REPLICATION,
        lists: &[],
    },
    recognises: |shape| {
        !shape.is_list
            && shape.inner_has("ReplicationConfiguration", "Role")
            && shape.inner_has("ReplicationConfiguration", "Rules")
    },
    records: |_, _| Ok(()),
};

/// Default encryption of a bucket.
pub static ENCRYPTION: Simple = Simple {
    about: About {
        id: "aws-native.s3-encryption",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "aws s3api get-bucket-encryption --bucket BUCKET --output json",
        proves: "Proves how new objects of a bucket are encrypted, and with which key. Cannot say which bucket it is (`vault` of the source), or how older objects are.",
        names: "store the source's `vault`: give it the vault of what lies in the bucket",
        schema: &schemas::AWS_NATIVE_S3_ENCRYPTION,
        lists: &[],
    },
    recognises: |shape| !shape.is_list && shape.inner_has("ServerSideEncryptionConfiguration", "Rules"),
    records: encryption,
};

/// The vault that the source names, which the answer does not; says so where it names none.
fn named(sink: &mut Sink<'_>) -> Option<Vault> {
    let Some(id) = sink.vault(None, None) else {
        sink.warn("source", "", "the answer does not name its bucket; say it with `vault:` in a `.source.yaml` file or in the configuration's `sources`");
        return None;
    };
    Some(Vault { id, tool: Some(sink.tool()), media: Some("object".to_owned()), ..Vault::default() })
}

macro_rules! lock {
    ($period:literal) => {
        &[
            ("lock", "/ObjectLockConfiguration/Rule/DefaultRetention"),
            ("lock/mode", "/ObjectLockConfiguration/Rule/DefaultRetention/Mode"),
            ("lock/min_retention", concat!("/ObjectLockConfiguration/Rule/DefaultRetention/", $period)),
        ]
    };
}

const LOCKED_DAYS: FieldMap = lock!("Days");
const LOCKED_YEARS: FieldMap = lock!("Years");

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct LockAnswer {
    object_lock_configuration: LockConfiguration,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct LockConfiguration {
    object_lock_enabled: String,
    #[serde(default, deserialize_with = "vendor::nullable")]
    rule: LockRule,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct LockRule {
    default_retention: Option<DefaultRetention>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct DefaultRetention {
    mode: Option<String>,
    #[serde(deserialize_with = "vendor::number")]
    days: Option<u64>,
    #[serde(deserialize_with = "vendor::number")]
    years: Option<u64>,
}

/// Enabled without a rule, only what says so itself is locked: nothing is known of the store as a whole.
fn object_lock(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let configuration = input.typed::<LockAnswer>()?.object_lock_configuration;
    let Some(mut vault) = named(sink) else { return Ok(()) };
    let mut fields = LOCKED_DAYS;
    if configuration.object_lock_enabled != "Enabled" {
        vendor::unknown_word(sink, "/ObjectLockConfiguration/ObjectLockEnabled", &configuration.object_lock_enabled);
    } else if let Some(retention) = &configuration.rule.default_retention {
        // An SDK may print the one that is not set as 0.
        let days = retention.days.filter(|days| *days > 0);
        let years = retention.years.filter(|years| *years > 0);
        if days.is_none() && years.is_some() {
            fields = LOCKED_YEARS;
        }
        let period = days.or_else(|| years?.checked_mul(365)).and_then(vendor::days);
        match retention.mode.as_deref() {
            Some(mode @ ("GOVERNANCE" | "COMPLIANCE")) if period.is_some() => {
                vault.lock = Some(Lock { mode: Some(mode.to_lowercase()), min_retention: period, locked_at: None });
            }
            Some("GOVERNANCE" | "COMPLIANCE") | None => {}
            Some(word) => {
                vendor::unknown_word(sink, "/ObjectLockConfiguration/Rule/DefaultRetention/Mode", word);
            }
        }
    }
    sink.push(Record::Vault(vault), "", fields);
    Ok(())
}

const UNLOCKED: FieldMap = &[
    ("id", "/Error/BucketName"),
    ("location", "/Error/BucketName"),
    ("lock", "/Error/Code"),
    ("lock/mode", "/Error/Code"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorAnswer {
    error: Problem,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Problem {
    code: String,
    message: String,
    #[serde(default, deserialize_with = "vendor::text")]
    bucket_name: Option<Text>,
}

fn error(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let problem = input.typed::<ErrorAnswer>()?.error;
    match problem.code.as_str() {
        "ObjectLockConfigurationNotFoundError" => {
            let bucket = problem.bucket_name.as_deref();
            let vault = match sink.vault(bucket, None) {
                Some(id) => {
                    Some(Vault { id, tool: Some(sink.tool()), media: Some("object".to_owned()), ..Vault::default() })
                }
                None => named(sink),
            };
            if let Some(mut vault) = vault {
                vault.location = bucket.map(|bucket| format!("s3://{bucket}"));
                vault.lock = Some(Lock { mode: Some("none".to_owned()), ..Lock::default() });
                sink.push(Record::Vault(vault), "", UNLOCKED);
            }
        }
        // A bucket without the configuration that was asked for: no failure, and no statement about a store.
        "ReplicationConfigurationNotFoundError" | "ServerSideEncryptionConfigurationNotFoundError" => {}
        code => {
            let message = format!("S3 answered with an error: {code}: {}", problem.message);
            sink.export_failed(
                "/Error/Code",
                message,
                "give the exporting role the right to read the bucket's configuration, and export again",
            );
        }
    }
    Ok(())
}

const ENCRYPTED: FieldMap = &[
    ("encryption", "/ServerSideEncryptionConfiguration/Rules/0/ApplyServerSideEncryptionByDefault/SSEAlgorithm"),
    ("key", "/ServerSideEncryptionConfiguration/Rules/0/ApplyServerSideEncryptionByDefault/KMSMasterKeyID"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EncryptionAnswer<'a> {
    #[serde(borrow)]
    server_side_encryption_configuration: EncryptionConfiguration<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EncryptionConfiguration<'a> {
    #[serde(borrow)]
    rules: Vec<EncryptionRule<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct EncryptionRule<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    apply_server_side_encryption_by_default: EncryptionDefault<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct EncryptionDefault<'a> {
    #[serde(rename = "SSEAlgorithm", borrow, deserialize_with = "vendor::written")]
    algorithm: Option<Written<'a>>,
    #[serde(rename = "KMSMasterKeyID", borrow, deserialize_with = "vendor::written")]
    key: Option<Written<'a>>,
}

fn encryption(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let answer: EncryptionAnswer<'_> = input.typed()?;
    let Some(mut vault) = named(sink) else { return Ok(()) };
    if let Some(rule) = answer.server_side_encryption_configuration.rules.into_iter().next() {
        let default = rule.apply_server_side_encryption_by_default;
        vault.encryption = default.algorithm.map(|algorithm| algorithm.to_string());
        vault.key = default.key.as_ref().map(Written::text);
    }
    sink.push(Record::Vault(vault), "", ENCRYPTED);
    Ok(())
}
