//! Vaults themselves: immutability, soft delete, key. `az backup vault list` and `show`, and the vault's configuration
//! of backup, `az backup vault backup-properties show`.
//!
//! In: a bare array, one resource, or `{value: […], nextLink}`; elements as in the REST API reference, `Vault` of
//! Microsoft.RecoveryServices and `BackupResourceVaultConfigResource`. Out: vaults.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Address, PRODUCT};
use crate::model::protection::{Lock, SoftDelete};
use crate::model::{FieldMap, Record, Section, Text, Vault};
use crate::normalise::adapter::Simple;
use crate::normalise::{About, Input, Maturity, ReadError, Shape, Sink, vendor};
use crate::validate::schemas;

/// How both kinds name what they tell of.
const NAMES: &str = "store `azure:<resource group>/<vault>` in lower case, or what `vaults` says of the vault's name: as in the items, policies and points of the vault";

/// Vaults.
pub static VAULTS: Simple = Simple {
    about: About {
        id: "azure-backup.vaults",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "az backup vault list --output json",
        proves: "Proves region, subscription and customer key of a vault, whether its immutability is locked for good or can be switched off, and how long what was deleted can be brought back. Cannot say how long points are immutable, which is as long as each one's policy keeps it, who may delete them, or what is in the vault; redundancy of the storage is no second copy. That multi-user authorisation is on is not taken for two people, for it says neither of which operations nor of whom.",
        names: NAMES,
        schema: &schemas::AZURE_BACKUP_VAULTS,
        lists: &[Section::Vault],
    },
    recognises: |shape| is_of(shape, |kind| kind == VAULT),
    records: |input, sink| each(input, sink, Element::<Properties>::push),
};

/// How a vault deals with what is deleted.
pub static VAULT_CONFIG: Simple = Simple {
    about: About {
        id: "azure-backup.vault-config",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "az backup vault backup-properties show --resource-group GROUP --name VAULT --output json",
        proves: "Proves whether a vault keeps what was deleted, and for how long it can be brought back. Cannot say whether it is immutable (`az backup vault show`); redundancy of the storage is no second copy.",
        names: NAMES,
        schema: &schemas::AZURE_BACKUP_VAULT_CONFIG,
        lists: &[],
    },
    recognises: |shape| is_of(shape, |kind| kind == CONFIG || kind == STORAGE_CONFIG),
    records: |input, sink| each(input, sink, Element::<Config>::push),
};

const VAULT: &str = "microsoft.recoveryservices/vaults";
const CONFIG: &str = "microsoft.recoveryservices/vaults/backupconfig";
const STORAGE_CONFIG: &str = "microsoft.recoveryservices/vaults/backupstorageconfig";

/// Whether it is a resource of such a type, or lists such resources.
fn is_of(shape: &Shape, is: fn(&str) -> bool) -> bool {
    let of = |kind: Option<&str>| kind.is_some_and(|kind| is(&kind.to_lowercase()));
    let one = !shape.is_list && shape.has_all(&["id", "type", "properties"]) && of(shape.text("type"));
    let listed = shape.is_list && shape.has("id") && of(shape.text("type"));
    one || listed || (!shape.is_list && of(shape.inner_text("value", "type")))
}

/// A resource.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Element<T> {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, deserialize_with = "vendor::text")]
    location: Option<Text>,
    /// `None`: a listing of resources of any kind.
    #[serde(default = "Option::default")]
    properties: Option<T>,
}

/// An answer of the API, or one resource.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Answer<T> {
    #[serde(default = "Option::default")]
    value: Option<Vec<Element<T>>>,
    #[serde(rename = "nextLink", default, deserialize_with = "vendor::text")]
    next: Option<Text>,
}

fn each<T: DeserializeOwned>(
    input: &Input<'_>,
    sink: &mut Sink<'_>,
    push: impl Fn(&Element<T>, String, &mut Sink<'_>),
) -> Result<(), ReadError> {
    let (list, at) = if input.is_list() {
        (input.typed()?, "")
    } else {
        let answer: Answer<T> = input.typed()?;
        if answer.next.is_some() {
            sink.one_page_of_several("/nextLink");
        }
        let Some(list) = answer.value else {
            sink.lists_only(&[]);
            push(&input.typed()?, String::new(), sink);
            return Ok(());
        };
        (list, "/value")
    };
    for (index, element) in list.iter().enumerate() {
        push(element, format!("{at}/{index}"), sink);
    }
    Ok(())
}

const FIELDS: FieldMap = &[
    ("location", "/id"),
    ("account", "/id"),
    ("region", "/location"),
    ("lock", "/properties/securitySettings/immutabilitySettings"),
    ("lock/mode", "/properties/securitySettings/immutabilitySettings/state"),
    ("soft_delete", "/properties/securitySettings/softDeleteSettings"),
    ("soft_delete/state", "/properties/securitySettings/softDeleteSettings/softDeleteState"),
    ("soft_delete/period", "/properties/securitySettings/softDeleteSettings/softDeleteRetentionPeriodInDays"),
    ("two_person_destruction", "/properties/securitySettings/multiUserAuthorization"),
    ("encryption", "/properties/encryption/keyVaultProperties/keyUri"),
    ("key", "/properties/encryption/keyVaultProperties/keyUri"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    #[serde(default, deserialize_with = "vendor::nullable")]
    security_settings: Security,
    #[serde(default, deserialize_with = "vendor::nullable")]
    encryption: Encryption,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Security {
    #[serde(deserialize_with = "vendor::nullable")]
    immutability_settings: Immutability,
    #[serde(deserialize_with = "vendor::nullable")]
    soft_delete_settings: Deletion,
    multi_user_authorization: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Immutability {
    state: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Deletion {
    soft_delete_state: Option<String>,
    #[serde(deserialize_with = "vendor::number")]
    soft_delete_retention_period_in_days: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Encryption {
    #[serde(deserialize_with = "vendor::nullable")]
    key_vault_properties: KeyVault,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct KeyVault {
    #[serde(deserialize_with = "vendor::text")]
    key_uri: Option<Text>,
}

impl Element<Properties> {
    fn push(&self, pointer: String, sink: &mut Sink<'_>) {
        let (VAULT, Some(properties)) = (&*self.kind.to_lowercase(), &self.properties) else { return };
        let Some(id) = Address::of(&self.id).store(sink) else { return };
        let security = &properties.security_settings;
        let key = properties.encryption.key_vault_properties.key_uri.clone();
        let soft = &security.soft_delete_settings;
        let at = format!("{pointer}/properties/securitySettings");
        let soft_at = format!("{at}/softDeleteSettings/softDeleteState");
        let days = soft.soft_delete_retention_period_in_days;
        let vault = Vault {
            id,
            tool: Some(sink.tool()),
            location: Some(self.id.clone()),
            region: self.location.as_deref().map(str::to_owned),
            account: subscription(&self.id),
            lock: security.immutability_settings.lock(&format!("{at}/immutabilitySettings/state"), sink),
            soft_delete: soft_delete(soft.soft_delete_state.as_deref(), days, &soft_at, sink),
            two_person_destruction: security.destruction(&format!("{at}/multiUserAuthorization"), sink),
            encryption: key.as_ref().map(|_| "azure-key-vault".to_owned()),
            key,
            ..Vault::default()
        };
        sink.push(Record::Vault(vault), pointer, FIELDS);
    }
}

/// The subscription that an id names.
fn subscription(id: &str) -> Option<String> {
    let mut segments = id.split('/').filter(|segment| !segment.is_empty());
    let first = segments.next().filter(|segment| segment.eq_ignore_ascii_case("subscriptions"));
    first.and(segments.next()).map(str::to_lowercase)
}

impl Immutability {
    /// `ImmutabilityState`: once locked nobody can switch it off; unlocked, it holds until somebody does.
    fn lock(&self, pointer: &str, sink: &mut Sink<'_>) -> Option<Lock> {
        let word = self.state.as_deref()?;
        let mode = match word.to_ascii_lowercase().as_str() {
            "locked" => "compliance",
            "unlocked" => "governance",
            "disabled" => "none",
            _ => {
                vendor::unknown_word(sink, pointer, word);
                return None;
            }
        };
        Some(Lock { mode: Some(mode.to_owned()), ..Lock::default() })
    }
}

impl Security {
    /// `MultiUserAuthorization`: off, one person is enough.
    fn destruction(&self, pointer: &str, sink: &mut Sink<'_>) -> Option<bool> {
        let word = self.multi_user_authorization.as_deref()?;
        match word.to_ascii_lowercase().as_str() {
            "disabled" => Some(false),
            "enabled" | "invalid" => None,
            _ => {
                vendor::unknown_word(sink, pointer, word);
                None
            }
        }
    }
}

/// `SoftDeleteState` and `SoftDeleteFeatureState`; `Invalid` is no state. A period counts only where it is on.
fn soft_delete(word: Option<&str>, days: Option<u64>, pointer: &str, sink: &mut Sink<'_>) -> Option<SoftDelete> {
    let word = word?;
    let (state, on) = match word.to_ascii_lowercase().as_str() {
        "enabled" => ("enabled", true),
        "alwayson" => ("always_on", true),
        "disabled" => ("disabled", false),
        "invalid" => return None,
        _ => {
            vendor::unknown_word(sink, pointer, word);
            return None;
        }
    };
    Some(SoftDelete { state: Some(state.to_owned()), period: days.filter(|_| on).and_then(vendor::days) })
}

const CONFIG_FIELDS: FieldMap = &[
    ("soft_delete", "/properties/softDeleteFeatureState"),
    ("soft_delete/state", "/properties/softDeleteFeatureState"),
    ("soft_delete/period", "/properties/softDeleteRetentionPeriodInDays"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    #[serde(default)]
    soft_delete_feature_state: Option<String>,
    #[serde(default, deserialize_with = "vendor::number")]
    soft_delete_retention_period_in_days: Option<u64>,
}

impl Element<Config> {
    fn push(&self, pointer: String, sink: &mut Sink<'_>) {
        let (CONFIG, Some(config)) = (&*self.kind.to_lowercase(), &self.properties) else { return };
        let Some(id) = Address::of(&self.id).store(sink) else { return };
        let at = format!("{pointer}/properties/softDeleteFeatureState");
        let days = config.soft_delete_retention_period_in_days;
        let state = config.soft_delete_feature_state.as_deref();
        let vault =
            Vault { id, tool: Some(sink.tool()), soft_delete: soft_delete(state, days, &at, sink), ..Vault::default() };
        sink.push(Record::Vault(vault), pointer, CONFIG_FIELDS);
    }
}
