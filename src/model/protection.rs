//! What protects: tools, vaults, policies, jobs, recovery points, keys, grants.

use serde::{Deserialize, Serialize};

use super::units::{Seconds, Text, Time, Word};

/// A backup product in use. Section `tools`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tool {
    /// Id that other records refer to.
    pub id: Text,
    /// Product name.
    pub product: Option<String>,
    /// Version.
    pub version: Option<String>,
    /// When the vendor's support ends.
    pub support_ends: Option<Time>,
    /// When it was last patched.
    pub patched_at: Option<Time>,
    /// Services it needs; `[]` says none.
    pub runs_on: Option<Vec<Text>>,
    /// Backup of its own configuration and catalogue.
    pub config_backup: Option<ConfigBackup>,
    /// Its consoles; `[]` says none.
    pub consoles: Option<Vec<Console>>,
    /// A provider runs it.
    pub managed: Option<bool>,
}

/// Backup of a tool's own configuration.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConfigBackup {
    /// When.
    pub at: Option<Time>,
    /// Encrypted.
    pub encrypted: Option<bool>,
    /// Where it lies.
    pub location: Option<String>,
}

/// A console of a tool.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Console {
    /// Id.
    pub id: Option<Text>,
    /// Multi-factor authentication.
    pub mfa: Option<bool>,
    /// Emergency access.
    pub break_glass: Option<BreakGlass>,
}

/// Emergency access to a console.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BreakGlass {
    /// When it was last tried.
    pub tested_at: Option<Time>,
    /// Works without the identity provider.
    pub idp_independent: Option<bool>,
}

/// A store of recovery points. Section `vaults`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Vault {
    /// Id.
    pub id: Text,
    /// Tool.
    pub tool: Option<Text>,
    /// Address: path, URL, ARN.
    pub location: Option<String>,
    /// Site.
    pub site: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Account.
    pub account: Option<String>,
    /// What fails together.
    pub failure_domain: Option<String>,
    /// disk, object, tape, rdx, optical …
    pub media: Option<String>,
    /// none, immutable, offline or air-gapped.
    pub isolation: Option<String>,
    /// Write protection.
    pub lock: Option<Lock>,
    /// Soft delete.
    pub soft_delete: Option<SoftDelete>,
    /// Two people needed to destroy.
    pub two_person_destruction: Option<bool>,
    /// `none` or the method's name.
    pub encryption: Option<String>,
    /// Key id.
    pub key: Option<Text>,
    /// Who administers it.
    pub admin_domain: Option<String>,
    /// Reachable from anywhere.
    pub public_access: Option<bool>,
    /// Reachable by its tool.
    pub available: Option<bool>,
    /// When the media site was last reviewed.
    pub site_reviewed_at: Option<Time>,
}

/// Write protection of a vault.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lock {
    /// none, governance or compliance.
    pub mode: Option<String>,
    /// Nothing younger can be deleted.
    pub min_retention: Option<Seconds>,
    /// From when the lock cannot be removed.
    pub locked_at: Option<Time>,
}

/// Soft delete of a vault.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SoftDelete {
    /// enabled, on, always_on, disabled …
    pub state: Option<String>,
    /// How long deleted points can be brought back.
    pub period: Option<Seconds>,
}

/// A backup policy: what is backed up, how often, for how long, whereto. Section `policies`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// Id.
    pub id: Text,
    /// Tool.
    pub tool: Option<Text>,
    /// Cron, `@every 6h`, AWS `cron(…)` or `rate(…)`, or a calendar event such as `mon..fri 21:00`.
    pub schedule: Option<String>,
    /// IANA zone of the schedule; UTC when absent.
    pub tz: Option<String>,
    /// Time between two runs, where there is no schedule.
    pub interval: Option<Seconds>,
    /// How long a point is kept.
    pub retention: Option<Seconds>,
    /// How many of the last points are kept, whatever their age: as many times the shortest gap between two runs.
    pub retention_points: Option<u64>,
    /// Where points go.
    pub vault: Option<Text>,
    /// What it covers; globs allowed.
    pub assets: Option<Vec<Text>>,
    /// What of it is left out; globs allowed.
    pub exclude: Option<Vec<Text>>,
    /// Paths or kinds within an asset.
    pub include: Option<Vec<String>>,
    /// Switched off.
    pub paused: Option<bool>,
    /// Why the tool refuses it.
    pub invalid: Option<String>,
    /// Plan whose selections say what it covers.
    pub plan: Option<Text>,
    /// Globs of what it might cover, where the selection cannot be resolved (tags, labels).
    pub possible_assets: Option<Vec<Text>>,
    /// Copy actions; each is part of the policy.
    pub copies: Option<Vec<PolicyCopy>>,
}

/// A copy action of a policy.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicyCopy {
    /// Whereto.
    pub vault: Option<Text>,
    /// How long the copy is kept.
    pub retention: Option<Seconds>,
}

/// What a plan covers. Section `selections`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Selection {
    /// Id.
    pub id: Text,
    /// Plan.
    pub plan: Option<Text>,
    /// Tool.
    pub tool: Option<Text>,
    /// What it selects; globs allowed.
    pub assets: Option<Vec<Text>>,
    /// What it leaves out; globs allowed.
    pub exclude: Option<Vec<Text>>,
    /// Globs of what it might select by tag.
    pub possible_assets: Option<Vec<Text>>,
}

/// A backup run. Section `jobs`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Job {
    /// Id.
    pub id: Text,
    /// Tool.
    pub tool: Option<Text>,
    /// Policy.
    pub policy: Option<Text>,
    /// Asset.
    pub asset: Option<Text>,
    /// What of the asset is left out; globs allowed.
    pub exclude: Option<Vec<Text>>,
    /// success, warning, partial, failed or running; `raw_status` keeps the tool's word.
    pub status: Option<Word>,
    /// The tool's own word, where it differs.
    pub raw_status: Option<String>,
    /// Start.
    pub started_at: Option<Time>,
    /// End.
    pub finished_at: Option<Time>,
    /// Bytes processed.
    pub bytes: Option<u64>,
    /// Message.
    pub error: Option<String>,
}

/// A restorable state of an asset at an instant, in one vault. Section `recovery_points`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecoveryPoint {
    /// Native id.
    pub id: Text,
    /// Tool.
    pub tool: Option<Text>,
    /// Asset.
    pub asset: Option<Text>,
    /// What of the asset is left out; globs allowed.
    pub exclude: Option<Vec<Text>>,
    /// Vault.
    pub vault: Option<Text>,
    /// The state it holds.
    pub taken_at: Option<Time>,
    /// When it was whole.
    pub completed_at: Option<Time>,
    /// Until when it is kept.
    pub expires_at: Option<Time>,
    /// available, completed, ok, partial, failed, expired, deleting …
    pub status: Option<Word>,
    /// Stated by the tool.
    pub restorable: Option<bool>,
    /// full, incremental, differential, snapshot or log.
    pub kind: Option<Word>,
    /// Bytes that a restore brings back.
    pub bytes: Option<u64>,
    /// Encrypted.
    pub encrypted: Option<bool>,
    /// Key id.
    pub key: Option<Text>,
    /// Cannot be deleted before.
    pub locked_until: Option<Time>,
    /// Point it builds on, in the same vault and asset.
    pub parent: Option<Text>,
    /// On the same array as production: no copy.
    pub on_source_array: Option<bool>,
    /// application, filesystem or crash.
    pub consistency: Option<String>,
    /// What the tool says of it.
    pub health: Option<String>,
}

/// An encryption key. Section `keys`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Key {
    /// Id.
    pub id: Text,
    /// enabled, disabled or pending_deletion.
    pub state: Option<String>,
    /// Whether, or where, it is kept a second time.
    pub escrow: Option<Escrow>,
    /// When it was last used to decrypt.
    pub tested_at: Option<Time>,
    /// Where it lies.
    pub location: Option<String>,
}

/// Access of a principal to a vault. Section `grants`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Grant {
    /// Who.
    pub principal: Text,
    /// Which vault.
    pub vault: Option<Text>,
    /// read, restore, write, delete, change_retention, unlock, admin.
    pub rights: Option<Vec<String>>,
    /// When the access was last reviewed.
    pub reviewed_at: Option<Time>,
    /// Emergency account.
    pub break_glass: Option<bool>,
}
/// Whether a key is kept a second time: a yes, a no, or the place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Escrow {
    /// Yes or no.
    Stated(bool),
    /// The place, which means yes.
    Place(String),
}

impl RecoveryPoint {
    /// Whether its status says that the tool could restore it; an absent status of a listed point is available
    /// (acceptance, General 7).
    #[must_use]
    pub fn is_available(&self) -> bool {
        self.status.as_deref().is_none_or(|s| matches!(s, "available" | "completed" | "ok"))
    }
}
