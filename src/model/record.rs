//! Records with where they came from.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Serialize;

use super::code_owners::CodeOwners;
use super::units::{Text, Time};
use super::{evidence as e, governance as g, protection as p, service as s};
use crate::source::{FileId, Place, Spot};

/// Native field name to the vendor's pointer below the record: `("taken_at", "/CreationDate")`.
/// A field that is not listed lies under its own name.
pub type FieldMap = &'static [(&'static str, &'static str)];

/// Which origin: an index into [`Records::origins`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OriginId(pub u32);

/// A document that records came from: what it is, how old, how complete.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// Its file.
    pub file: FileId,
    /// Index of the document in the file.
    pub document: u32,
    /// `restic.snapshots`, `passmuster.inventory` …
    pub kind: &'static str,
    /// An inventory document.
    pub native: bool,
    /// Tool id, where it is an export of one.
    pub tool: Option<Text>,
    /// Tenant of every record in it.
    pub tenant: Option<Text>,
    /// When its content was true.
    pub collected_at: Option<Time>,
    /// Where that is written: the document, the sidecar or the configuration.
    pub collected_place: Option<Place>,
    /// Who or what collected it.
    pub collector: Option<String>,
    /// The hash that the configuration or a sidecar declares for its file, and where.
    pub declared_sha256: Option<(String, Place)>,
    /// Not one page of several.
    pub complete: bool,
    /// Where it says that it is one page of several.
    pub page_place: Option<Place>,
    /// It could not be read to its end, or says that the export failed.
    pub failed: bool,
    /// Position in the configuration's `sources`; later ones lose.
    pub rank: u32,
    /// Which kinds of protection records it can list (also when it lists none).
    pub lists: Vec<Section>,
    /// What it is a listing of.
    pub reach: Reach,
}

/// What a document is a listing of, as far as its source or the document itself says so beside its records.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reach {
    /// Kubernetes cluster, or what its source calls so.
    pub cluster: Option<Text>,
    /// Region.
    pub region: Option<Text>,
    /// Account.
    pub account: Option<Text>,
    /// The vault that everything in it lies in.
    pub vault: Option<Text>,
    /// Assets of which it lists every point, and be it none.
    pub assets: Vec<Text>,
}

impl Origin {
    /// Whether it is an export that can prove something: neither written by hand nor a list of volumes to be covered.
    #[must_use]
    pub fn is_evidence(&self) -> bool {
        !self.native && self.kind != "kubernetes.volume-claims"
    }
}

/// Where in its file a record lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPlace {
    /// RFC 6901 pointer of the record in its document.
    pub pointer: Text,
    /// How the vendor calls native fields.
    pub fields: FieldMap,
}

impl RecordPlace {
    /// A native record.
    #[must_use]
    pub fn native(pointer: impl Into<Text>) -> Self {
        Self { pointer: pointer.into(), fields: &[] }
    }

    /// The pointer of a native field, in the vendor's names. An empty field is the record itself; a field below
    /// one that the vendor names (`depends_on/1`) is shown by that one, for elements need not correspond.
    #[must_use]
    pub fn field(&self, field: &str) -> String {
        if field.is_empty() {
            return self.pointer.to_string();
        }
        let named = |field: &str| self.fields.iter().find(|(native, _)| *native == field);
        let above = || field.match_indices('/').rev().find_map(|(end, _)| named(field.get(..end)?));
        match named(field).or_else(above) {
            Some((_, vendor)) => format!("{}{vendor}", self.pointer),
            None => format!("{}/{field}", self.pointer),
        }
    }
}

/// A record and where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<T> {
    /// The record.
    pub record: T,
    /// Its document.
    pub origin: OriginId,
    /// Its place in the document.
    pub place: RecordPlace,
}

/// A comment in an inventory that names an exception: `# passmuster: except TST-001 EX-12`. It changes no verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Its document.
    pub origin: OriginId,
    /// The comment.
    pub place: Place,
    /// JSON Pointer of what it stands at.
    pub pointer: String,
    /// Rule.
    pub rule: String,
    /// Id of the exception.
    pub exception: String,
}

/// Where a chain of points lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The document that says so.
    pub origin: OriginId,
    /// Native id of the chain.
    pub id: Text,
    /// Vault.
    pub vault: Text,
}

/// A volume that workloads claim in Kubernetes: an asset that needs cover. It is no record of a backup and changes no verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeClaim {
    /// The document that names it.
    pub origin: OriginId,
    /// JSON Pointer of its name.
    pub pointer: Text,
    /// Its asset: `pvc:<cluster>/<namespace>/<claim>`.
    pub asset: Text,
    /// The assets that hold it, too: `k8s:<cluster>/<namespace>`, the database or the disk that it is of.
    pub within: Vec<Text>,
}

/// From where to where in the log of its server a backup reaches; an incremental one builds on that which ends where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogSpan {
    /// Number of the point.
    pub point: u32,
    /// Where an incremental one begins.
    pub from: Option<u64>,
    /// Where it ends.
    pub to: Option<u64>,
}

macro_rules! sections {
    ($($section:ident $variant:ident $type:ty, $name:literal;)*) => {
        /// A section of the inventory.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Section { $(#[doc = $name] $variant,)* }

        impl Section {
            /// Every section, in the order in which they are printed.
            pub const ALL: &'static [Section] = &[$(Section::$variant,)*];

            /// The key in an inventory document.
            #[must_use]
            pub fn name(self) -> &'static str { match self { $(Section::$variant => $name,)* } }

            /// The section with this key.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Section> { match name { $($name => Some(Section::$variant),)* _ => None } }

            /// Reads one record of this section.
            ///
            /// # Errors
            /// When a field has another type than the section's schema says.
            pub fn read(self, value: &serde_json::Value) -> Result<Record, serde_json::Error> {
                use serde::Deserialize as _;
                match self { $(Section::$variant => <$type>::deserialize(value).map(Record::$variant),)* }
            }
        }

        /// One record of any section.
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[serde(untagged)]
        pub enum Record { $(#[doc = $name] $variant($type),)* }

        impl Record {
            /// Its section.
            #[must_use]
            pub fn section(&self) -> Section { match self { $(Record::$variant(_) => Section::$variant,)* } }
        }

        /// Every record of a run, by section, and the documents they came from.
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct Records {
            /// Documents.
            pub origins: Vec<Origin>,
            /// Comments that name exceptions.
            pub remarks: Vec<Remark>,
            /// Files that say who owns which files of code.
            pub code_owners: Vec<CodeOwners>,
            /// Volumes that workloads claim.
            pub volume_claims: Vec<VolumeClaim>,
            /// Points, by number, that name the chain they are in instead of their vault.
            pub chained: Vec<(u32, Text)>,
            /// Points, by their number, that are copies of another and do not say of when, and that one's native id.
            pub copied: Vec<(u32, Text)>,
            /// Points that say from where to where in the log of their server they reach.
            pub spans: Vec<LogSpan>,
            /// Where a chain lies, as a document says it.
            pub chains: Vec<Chain>,
            $(#[doc = concat!("Section `", $name, "`.")] pub $section: Vec<Entry<$type>>,)*
        }

        impl Records {
            /// Adds a record.
            pub fn push(&mut self, record: Record, origin: OriginId, place: RecordPlace) {
                match record { $(Record::$variant(record) => self.$section.push(Entry { record, origin, place }),)* }
            }

            /// How many records a section holds.
            #[must_use]
            pub fn count(&self, section: Section) -> usize { match section { $(Section::$variant => self.$section.len(),)* } }

            /// How many records of a section each tenant has; those of documents that name none under `None`.
            #[must_use]
            pub fn count_by_tenant(&self, section: Section) -> BTreeMap<Option<Text>, usize> {
                let mut counts = BTreeMap::new();
                let mut count = |origin| {
                    let tenant = self.origin(origin).and_then(|o| o.tenant.clone());
                    *counts.entry(tenant).or_default() += 1;
                };
                match section { $(Section::$variant => self.$section.iter().for_each(|e| count(e.origin)),)* }
                counts
            }

            /// How many records there are.
            #[must_use]
            pub fn len(&self) -> usize {
                0 $(+ self.$section.len())*
            }

            /// Whether there is none.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.len() == 0
            }

            /// Makes room for the records of a file, and, where there is none left, for `share` times what there is then:
            /// a large estate is nearly all that the memory holds, and has no room to be moved again and again.
            pub fn reserve_for(&mut self, other: &Records, share: f64) {
                $(reserve(&mut self.$section, other.$section.len(), share);)*
            }

            /// Gives back the room that no record took.
            pub fn shrink(&mut self) {
                $(self.$section.shrink_to_fit();)*
            }

            /// Takes over the records of a file read elsewhere; its origins get new ids.
            pub fn append(&mut self, other: Records) {
                let shift = u32::try_from(self.origins.len()).unwrap_or(u32::MAX);
                self.origins.extend(other.origins);
                self.remarks.extend(other.remarks.into_iter().map(|mut remark| {
                    remark.origin.0 += shift;
                    remark
                }));
                self.code_owners.extend(other.code_owners);
                self.volume_claims.extend(other.volume_claims.into_iter().map(|mut claim| {
                    claim.origin.0 += shift;
                    claim
                }));
                let points = u32::try_from(self.recovery_points.len()).unwrap_or(u32::MAX);
                self.chained.extend(other.chained.into_iter().map(|(point, chain)| (point.saturating_add(points), chain)));
                self.copied.extend(other.copied.into_iter().map(|(point, source)| (point.saturating_add(points), source)));
                self.spans.extend(other.spans.into_iter().map(|mut span| {
                    span.point = span.point.saturating_add(points);
                    span
                }));
                self.chains.extend(other.chains.into_iter().map(|mut chain| {
                    chain.origin.0 += shift;
                    chain
                }));
                $(self.$section.extend(other.$section.into_iter().map(|mut entry| {
                    entry.origin.0 += shift;
                    entry
                }));)*
            }

            /// The first record, in the order of documents and sections, whose document names no tenant.
            #[must_use]
            pub fn first_without_tenant(&self) -> Option<Place> {
                let untenanted = |origin| self.origin(origin).is_some_and(|o| o.tenant.is_none());
                let mut firsts = Vec::new();
                $(firsts.extend(self.$section.iter().find(|e| untenanted(e.origin)).map(|e| (e.origin, self.place(e, ""))));)*
                firsts.into_iter().min_by_key(|(origin, _)| *origin).map(|(_, place)| place)
            }

            /// Rewrites the pointer of every record.
            pub fn each_pointer(&mut self, mut rewrite: impl FnMut(&mut Text)) {
                $(self.$section.iter_mut().for_each(|entry| rewrite(&mut entry.place.pointer));)*
                self.volume_claims.iter_mut().for_each(|claim| rewrite(&mut claim.pointer));
            }

            /// The records of a section in native form, unknown things left out.
            #[must_use]
            pub fn to_json(&self, section: Section) -> Vec<serde_json::Value> {
                match section { $(Section::$variant => self.$section.iter().map(|e| native(&e.record)).collect(),)* }
            }
        }
    };
}

sections! {
    people Person s::Person, "people";
    teams Team s::Team, "teams";
    services Service s::Service, "services";
    tools Tool p::Tool, "tools";
    vaults Vault p::Vault, "vaults";
    policies Policy p::Policy, "policies";
    selections Selection p::Selection, "selections";
    jobs Job p::Job, "jobs";
    recovery_points RecoveryPoint p::RecoveryPoint, "recovery_points";
    verifications Verification e::Verification, "verifications";
    scans Scan e::Scan, "scans";
    restore_tests RestoreTest e::RestoreTest, "restore_tests";
    runbooks Runbook g::Runbook, "runbooks";
    changes Change g::Change, "changes";
    incidents Incident e::Incident, "incidents";
    reviews Review g::Review, "reviews";
    limitations Limitation g::Limitation, "limitations";
    exceptions Exception g::Exception, "exceptions";
    keys Key p::Key, "keys";
    grants Grant p::Grant, "grants";
    alerts Alert g::Alert, "alerts";
    findings Finding g::Finding, "findings";
    reports Report g::LeadershipReport, "reports";
    evidence_stores EvidenceStore g::EvidenceStore, "evidence_stores";
}

impl Records {
    /// The document a record came from.
    #[must_use]
    pub fn origin(&self, id: OriginId) -> Option<&Origin> {
        self.origins.get(id.0 as usize)
    }

    /// The place of a native field of an entry; empty for the record itself.
    #[must_use]
    pub fn place<T>(&self, entry: &Entry<T>, field: &str) -> Place {
        self.origin(entry.origin).map_or(Place { file: FileId(u32::MAX), spot: Spot::File }, |origin| {
            Place::value(origin.file, origin.document, entry.place.field(field))
        })
    }
}

impl p::Job {
    /// Gives its wall-clock times the zone that its source names.
    pub fn settle_times(&mut self, zone: &TimeZone) {
        [&mut self.started_at, &mut self.finished_at].into_iter().flatten().for_each(|time| time.settle(zone));
    }
}

impl p::RecoveryPoint {
    /// Gives its wall-clock times the zone that its source names.
    pub fn settle_times(&mut self, zone: &TimeZone) {
        let times = [&mut self.taken_at, &mut self.completed_at, &mut self.expires_at, &mut self.locked_until];
        times.into_iter().flatten().for_each(|time| time.settle(zone));
    }
}

impl Record {
    /// Gives every wall-clock time of evidence the zone that its source names.
    pub fn settle_times(&mut self, zone: &TimeZone) {
        let each = |time: &mut Option<Time>| {
            if let Some(time) = time {
                time.settle(zone);
            }
        };
        match self {
            Record::Job(r) => r.settle_times(zone),
            Record::RecoveryPoint(r) => r.settle_times(zone),
            Record::Verification(r) => each(&mut r.at),
            Record::Scan(r) => [&mut r.at, &mut r.suspected_since].into_iter().for_each(each),
            Record::RestoreTest(r) => [&mut r.started_at, &mut r.finished_at].into_iter().for_each(each),
            Record::Incident(r) => {
                [&mut r.started_at, &mut r.detected_at, &mut r.user_ready_at].into_iter().for_each(each);
            }
            Record::Change(r) => each(&mut r.at),
            _ => {}
        }
    }
}

/// Makes room for `more` records, and for those that are to come.
fn reserve<T>(records: &mut Vec<T>, more: usize, share: f64) {
    let needed = records.len() + more;
    if more > 0 && needed > records.capacity() {
        // The first files tell little of the rest; and where they told wrong, moving is rare all the same.
        let expected = (needed as f64 * share.clamp(1.0, 16.0)) as usize;
        let room = expected.max(records.capacity() / 16 * 17).max(needed);
        records.reserve_exact(room - records.len());
    }
}

/// A record as JSON without `null`: unknown things are absent.
fn native<T: Serialize>(record: &T) -> serde_json::Value {
    fn prune(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(map) => {
                map.retain(|_, v| !v.is_null());
                map.values_mut().for_each(prune);
            }
            serde_json::Value::Array(list) => list.iter_mut().for_each(prune),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(record).unwrap_or_default();
    prune(&mut value);
    value
}
