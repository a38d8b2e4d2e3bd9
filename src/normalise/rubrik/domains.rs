//! SLA domains, the objects under them, and the clusters that hold their snapshots.

use serde::Deserialize;

use super::{Named, PRODUCT, asset, is_answer, nodes, policy};
use crate::model::protection::PolicyCopy;
use crate::model::{FieldMap, Policy, Record, Seconds, Section, Selection, Vault};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Maturity, Sink};
use crate::validate::schemas;

/// SLA domains.
pub static SLA_DOMAINS: Simple = Simple {
    about: About {
        id: "rubrik.sla-domains",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "GraphQL: {globalSlaConnection {edges {node {name id baseFrequency {duration unit} localRetentionLimit {duration unit} archivalSpec {archivalLocationName} replicationSpecsV2 {cluster {name} retentionDuration {duration unit}} snapshotSchedule {…}}} pageInfo {hasNextPage endCursor}}}",
        proves: "Proves how often SLA domains take snapshots, how long they keep them, and whereto they replicate and archive them. Cannot say what is under them (compliance), or whether any snapshot was taken.",
        names: "policy `rubrik:<SLA domain>`; store of a copy the cluster or archival location, or what `vaults` says of it",
        schema: &schemas::RUBRIK_SLA_DOMAINS,
        lists: &[Section::Policy],
    },
    recognises: |shape| is_answer(shape, "globalSlaConnection"),
    records: |input, sink| nodes(input, sink, "globalSlaConnection", domain),
};

/// Objects with the SLA domain that protects them.
pub static COMPLIANCE: Simple = Simple {
    about: About {
        id: "rubrik.compliance",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "GraphQL: {snappableConnection {edges {node {id name location objectType protectionStatus slaDomain {name}}} pageInfo {hasNextPage endCursor}}}",
        proves: "Proves which SLA domain protects which object. Rubrik's own word on compliance is a judgement and not read: what it judges, the runs and snapshots, is not in it.",
        names: "asset `rubrik:<location>:<object>`; assets: [\"rubrik:host01:C:\\\\data\"]",
        schema: &schemas::RUBRIK_COMPLIANCE,
        lists: &[Section::Selection],
    },
    recognises: |shape| is_answer(shape, "snappableConnection"),
    records: |input, sink| nodes(input, sink, "snappableConnection", object),
};

/// Clusters and what room they have.
pub static CLUSTERS: Simple = Simple {
    about: About {
        id: "rubrik.clusters",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "GraphQL: {clusterConnection {edges {node {id name metric {totalCapacity usedCapacity}}} pageInfo {hasNextPage endCursor}}}",
        proves: "Proves which clusters there are. Cannot say what is in them, where they are, or whether they can be reached.",
        names: "store the cluster's name, or what `vaults` says of it",
        schema: &schemas::RUBRIK_CLUSTERS,
        lists: &[Section::Vault],
    },
    recognises: |shape| is_answer(shape, "clusterConnection"),
    records: |input, sink| nodes(input, sink, "clusterConnection", cluster),
};

/// Where a domain's words stand, by the schedule that keeps longest: without an archive, and with one, which comes first.
macro_rules! fields {
    ($longest:literal) => {
        (
            &[
                ("id", "/name"),
                ("plan", "/name"),
                ("interval", "/baseFrequency"),
                ("retention", $longest),
                ("copies", "/replicationSpecsV2"),
                ("copies/0/vault", "/replicationSpecsV2/0/cluster/name"),
                ("copies/0/retention", "/replicationSpecsV2/0/retentionDuration/duration"),
                ("copies/1/vault", "/replicationSpecsV2/1/cluster/name"),
                ("copies/1/retention", "/replicationSpecsV2/1/retentionDuration/duration"),
            ],
            &[
                ("id", "/name"),
                ("plan", "/name"),
                ("interval", "/baseFrequency"),
                ("retention", $longest),
                ("copies", "/archivalSpec"),
                ("copies/0/vault", "/archivalSpec/archivalLocationName"),
                ("copies/0/retention", $longest),
                ("copies/1/vault", "/replicationSpecsV2/0/cluster/name"),
                ("copies/1/retention", "/replicationSpecsV2/0/retentionDuration/duration"),
                ("copies/2/vault", "/replicationSpecsV2/1/cluster/name"),
                ("copies/2/retention", "/replicationSpecsV2/1/retentionDuration/duration"),
            ],
        )
    };
}

/// The two of `fields!`.
type Fields = (FieldMap, FieldMap);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Domain<'a> {
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(default, borrow)]
    base_frequency: Option<Length<'a>>,
    #[serde(default, borrow)]
    local_retention_limit: Option<Length<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    archival_spec: Archival<'a>,
    #[serde(default, borrow, rename = "replicationSpecsV2", deserialize_with = "vendor::nullable")]
    replication_specs: Vec<Replication<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    snapshot_schedule: Schedules<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Length<'a> {
    #[serde(deserialize_with = "vendor::number")]
    duration: Option<u64>,
    #[serde(borrow)]
    unit: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Archival<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    archival_location_name: Option<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Replication<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    cluster: Named<'a>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    retention_duration: Length<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Schedules<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    minute: Schedule<'a>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    hourly: Schedule<'a>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    daily: Schedule<'a>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    weekly: Schedule<'a>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    monthly: Schedule<'a>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    quarterly: Schedule<'a>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    yearly: Schedule<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Schedule<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    basic_schedule: BasicSchedule<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct BasicSchedule<'a> {
    #[serde(deserialize_with = "vendor::number")]
    retention: Option<u64>,
    #[serde(borrow)]
    retention_unit: Option<Written<'a>>,
}

/// So many of a unit; months have 30 days, quarters 90, years 365.
fn seconds(count: Option<u64>, unit: Option<&str>) -> Option<Seconds> {
    let one = match unit? {
        "MINUTES" | "MINUTE" => 60,
        "HOURS" => 3_600,
        "DAYS" => 86_400,
        "WEEKS" => 7 * 86_400,
        "MONTHS" => 30 * 86_400,
        "QUARTERS" => 90 * 86_400,
        "YEARS" => 365 * 86_400,
        _ => return None,
    };
    count?.checked_mul(one).filter(|seconds| *seconds > 0).map(Seconds)
}

impl Length<'_> {
    fn seconds(&self) -> Option<Seconds> {
        seconds(self.duration, self.unit.as_deref())
    }
}

impl Schedules<'_> {
    /// The schedule that keeps longest, and how long.
    fn longest(&self) -> Option<(Fields, Seconds)> {
        let all: [(Fields, &Schedule<'_>); 7] = [
            (fields!("/snapshotSchedule/minute/basicSchedule/retention"), &self.minute),
            (fields!("/snapshotSchedule/hourly/basicSchedule/retention"), &self.hourly),
            (fields!("/snapshotSchedule/daily/basicSchedule/retention"), &self.daily),
            (fields!("/snapshotSchedule/weekly/basicSchedule/retention"), &self.weekly),
            (fields!("/snapshotSchedule/monthly/basicSchedule/retention"), &self.monthly),
            (fields!("/snapshotSchedule/quarterly/basicSchedule/retention"), &self.quarterly),
            (fields!("/snapshotSchedule/yearly/basicSchedule/retention"), &self.yearly),
        ];
        let kept = all.into_iter().filter_map(|(fields, schedule)| {
            let basic = &schedule.basic_schedule;
            Some((fields, seconds(basic.retention, basic.retention_unit.as_deref())?))
        });
        kept.reduce(|best, next| if next.1 > best.1 { next } else { best })
    }
}

fn domain(node: &Domain<'_>, pointer: String, sink: &mut Sink<'_>) {
    let longest = node.snapshot_schedule.longest();
    let retention = longest.map(|(_, seconds)| seconds);
    let limit = node.local_retention_limit.as_ref().and_then(Length::seconds);
    let replicated = node.replication_specs.iter().map(|spec| PolicyCopy {
        vault: spec.cluster.name.as_deref().and_then(|name| sink.vault(Some(name), None)),
        retention: spec.retention_duration.seconds(),
    });
    // What is kept longer than the cluster keeps it is kept in the archive.
    let archived = node.archival_spec.archival_location_name.as_deref();
    let archived = archived.map(|name| PolicyCopy { vault: sink.vault(Some(name), None), retention });
    let has_archive = archived.is_some();
    let copies: Vec<_> = archived.into_iter().chain(replicated).collect();
    let record = Policy {
        id: policy(&node.name),
        tool: Some(sink.tool()),
        interval: node.base_frequency.as_ref().and_then(Length::seconds),
        retention: match (retention, limit) {
            (Some(retention), Some(limit)) => Some(retention.min(limit)),
            (retention, _) => retention,
        },
        plan: Some(policy(&node.name)),
        copies: (!copies.is_empty()).then_some(copies),
        ..Policy::default()
    };
    let fields: Fields = longest.map_or(fields!("/snapshotSchedule"), |(fields, _)| fields);
    sink.push(Record::Policy(record), pointer, if has_archive { fields.1 } else { fields.0 });
}

const SELECTION: FieldMap = &[("id", "/id"), ("plan", "/slaDomain/name"), ("assets", "/name")];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    #[serde(borrow)]
    id: Written<'a>,
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(default, borrow)]
    location: Option<Written<'a>>,
    #[serde(default, borrow)]
    protection_status: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    sla_domain: Named<'a>,
}

/// Only what is said to be protected is under its domain.
fn object(node: &Object<'_>, pointer: String, sink: &mut Sink<'_>) {
    let Some(domain) = node.sla_domain.name.as_deref() else { return };
    if !node.protection_status.as_deref().is_some_and(|word| word.eq_ignore_ascii_case("protected")) {
        return;
    }
    let selection = Selection {
        id: node.id.text(),
        plan: Some(policy(domain)),
        tool: Some(sink.tool()),
        assets: Some(vec![asset(node.location.as_deref(), &node.name)]),
        ..Selection::default()
    };
    sink.push(Record::Selection(selection), pointer, SELECTION);
}

const CLUSTER: FieldMap = &[("id", "/name")];

fn cluster(node: &Named<'_>, pointer: String, sink: &mut Sink<'_>) {
    let Some(id) = node.name.as_deref().and_then(|name| sink.vault(Some(name), None)) else { return };
    let vault = Vault { id, tool: Some(sink.tool()), ..Vault::default() };
    sink.push(Record::Vault(vault), pointer, CLUSTER);
}
