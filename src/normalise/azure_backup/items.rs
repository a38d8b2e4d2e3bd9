//! Protected items: which policy covers what, and the last point of each.

use serde::Deserialize;

use super::{Address, Element, PRODUCT, each, is_list_of};
use crate::model::{FieldMap, Record, RecoveryPoint, Section, Selection, Time};
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// What a vault protects.
pub struct Items;

impl Adapter for Items {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "azure-backup.items",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "az backup item list --resource-group GROUP --vault-name VAULT --output json",
            proves: "Proves which policy covers which machine, share or database, and of when its last recovery point is. Cannot say what other points there are, and in which tier they lie (`az backup recoverypoint list`); `lastBackupTime` is a run, and no point.",
            names: "asset `azure:<vault>/<resource group>/<machine>`, else `azure:<vault>/<container>/<item>`, in lower case; store the vault's name, or what `vaults` says of it; assets: [\"azure:vault1/rg1/vm1\"]",
            schema: &schemas::AZURE_BACKUP_ITEMS,
            lists: &[Section::Selection],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        is_list_of(shape, "/protecteditems")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        each(input, sink, push)
    }
}

const SELECTION: FieldMap = &[("id", "/name"), ("plan", "/properties/policyId"), ("assets", "/name")];

const POINT: FieldMap = &[
    ("id", "/properties/lastRecoveryPoint"),
    ("asset", "/name"),
    ("vault", "/id"),
    ("taken_at", "/properties/lastRecoveryPoint"),
    ("status", "/properties/isScheduledForDeferredDelete"),
    ("restorable", "/properties/isScheduledForDeferredDelete"),
];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    #[serde(default, borrow)]
    protection_state: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    policy_id: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::time")]
    last_recovery_point: Option<Time>,
    #[serde(default)]
    is_scheduled_for_deferred_delete: Option<bool>,
}

fn push(element: &Element<'_, Item<'_>>, pointer: &str, sink: &mut Sink<'_>) {
    let item = &element.properties;
    let address = Address::of(&element.id);
    let asset = address.asset();
    if item.is_covered(pointer, sink)
        && let Some(policy) = &item.policy_id
    {
        let selection = Selection {
            id: element.id.to_lowercase().into(),
            plan: Some(policy.to_lowercase().into()),
            tool: Some(sink.tool()),
            assets: Some(vec![asset.clone()]),
            ..Selection::default()
        };
        sink.push(Record::Selection(selection), pointer, SELECTION);
    }
    if let Some(last) = item.last_recovery_point {
        // Soft delete: it is gone after some days, and has to be undeleted before anything can be restored.
        let leaving = item.is_scheduled_for_deferred_delete == Some(true);
        let point = RecoveryPoint {
            id: format!("{}@{last}", element.name.to_lowercase()).into(),
            tool: Some(sink.tool()),
            asset: Some(asset),
            vault: address.store(sink),
            taken_at: Some(last),
            status: leaving.then(|| "deleting".into()),
            restorable: leaving.then_some(false),
            ..RecoveryPoint::default()
        };
        sink.push(Record::RecoveryPoint(point), pointer, POINT);
    }
}

impl Item<'_> {
    /// Whether its policy still runs for it (`ProtectedItemState`).
    fn is_covered(&self, pointer: &str, sink: &mut Sink<'_>) -> bool {
        if self.is_scheduled_for_deferred_delete == Some(true) {
            return false;
        }
        match self.protection_state.as_deref() {
            Some("Protected" | "IRPending" | "ProtectionError") | None => true,
            Some("ProtectionStopped" | "ProtectionPaused" | "BackupsSuspended" | "Invalid") => false,
            Some(unknown) => {
                vendor::unknown_word(sink, &format!("{pointer}/properties/protectionState"), unknown);
                false
            }
        }
    }
}
