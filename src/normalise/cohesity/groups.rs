//! Protection groups, `GET /v2/data-protect/protection-groups`: policies without the schedule, which stands elsewhere.

use serde::Deserialize;

use super::PRODUCT;
use crate::model::{FieldMap, Policy, Record, Section, Text};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Sink};
use crate::validate::schemas;

/// The protection groups of a cluster.
pub static GROUPS: Simple = Simple {
    about: About {
        id: "cohesity.protection-groups",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "curl -H \"Authorization: Bearer $TOKEN\" 'https://CLUSTER/v2/data-protect/protection-groups?isDeleted=false'",
        proves: "Proves which protection groups there are, which are paused, and, of virtual machines, which they name. Cannot say when they run and how long snapshots are kept, for that is in the protection policy; whether they ever ran, `cohesity.runs` can; of other sources it says nothing but that a group may take them.",
        names: "policy `cohesity:<protection group>`; asset `cohesity:<source>:<object>`; store the source's `vault`; assets: [\"cohesity:vcenter01:web01\"]",
        schema: &schemas::COHESITY_PROTECTION_GROUPS,
        lists: &[Section::Policy],
    },
    recognises: |shape| {
        !shape.is_list
            && shape.has("protectionGroups")
            && ["id", "name", "policyId"].into_iter().all(|key| shape.inner_has("protectionGroups", key))
    },
    records,
};

macro_rules! fields {
    ($objects:literal, $paused:literal) => {
        &[("id", "/name"), ("assets", $objects), ("possible_assets", $objects), ("paused", $paused)]
    };
}

/// What lies beside the list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    pagination_cookie: Option<Written<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group<'a> {
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(default)]
    is_paused: Option<bool>,
    #[serde(default)]
    is_active: Option<bool>,
    #[serde(default)]
    is_deleted: Option<bool>,
    #[serde(default, borrow)]
    vmware_params: Option<Machines<'a>>,
}

/// `VmwareProtectionGroupParams`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Machines<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    source_name: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    objects: Vec<Object<'a>>,
    /// Machines by tag; which, the group does not say.
    #[serde(deserialize_with = "vendor::nullable")]
    vm_tag_ids: Vec<serde::de::IgnoredAny>,
    #[serde(deserialize_with = "vendor::nullable")]
    global_exclude_disks: Vec<serde::de::IgnoredAny>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    name: Option<Written<'a>>,
    #[serde(default, borrow, rename = "type")]
    kind: Option<Written<'a>>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    exclude_disks: Vec<serde::de::IgnoredAny>,
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let (page, _): (Page<'_>, usize) = input.each_in("protectionGroups", |pointer, group: Group<'_>| {
        group.push(pointer, sink);
        Ok(())
    })?;
    if page.pagination_cookie.is_some() {
        sink.one_page_of_several("/paginationCookie");
    }
    Ok(())
}

impl Group<'_> {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let (mut assets, mut possible) = (Vec::new(), Vec::new());
        match &self.vmware_params {
            Some(machines) => machines.take(&mut assets, &mut possible),
            None => possible.push("cohesity:*".into()),
        }
        // A group that another cluster runs, one that is deleted and one that is paused all make nothing.
        let off = [self.is_paused, self.is_deleted, self.is_active.map(|active| !active)];
        let paused = if off.contains(&Some(true)) { Some(true) } else { self.is_paused };
        let policy = Policy {
            id: format!("cohesity:{}", &*self.name).into(),
            tool: Some(sink.tool()),
            vault: sink.vault(None, None),
            assets: (!assets.is_empty()).then_some(assets),
            possible_assets: (!possible.is_empty()).then_some(possible),
            paused,
            ..Policy::default()
        };
        sink.push(Record::Policy(policy), pointer, self.fields());
    }

    fn fields(&self) -> FieldMap {
        let why = [self.is_paused == Some(true), self.is_deleted == Some(true), self.is_active == Some(false)];
        match (self.vmware_params.is_some(), why) {
            (true, [false, true, _]) => fields!("/vmwareParams", "/isDeleted"),
            (true, [false, false, true]) => fields!("/vmwareParams", "/isActive"),
            (true, _) => fields!("/vmwareParams", "/isPaused"),
            (false, [false, true, _]) => fields!("", "/isDeleted"),
            (false, [false, false, true]) => fields!("", "/isActive"),
            (false, _) => fields!("", "/isPaused"),
        }
    }
}

impl Machines<'_> {
    /// A machine that is named whole is covered; one whose disks are left out in part, and what lies in a folder, a host or
    /// under a tag, may be.
    fn take(&self, assets: &mut Vec<Text>, possible: &mut Vec<Text>) {
        let source = self.source_name.as_deref().unwrap_or("*");
        let mut any = !self.vm_tag_ids.is_empty();
        for object in &self.objects {
            match (&object.name, object.kind.as_deref()) {
                (Some(name), Some("kVirtualMachine")) => {
                    let asset = format!("cohesity:{source}:{}", &**name).into();
                    let whole = object.exclude_disks.is_empty() && self.global_exclude_disks.is_empty();
                    if whole { assets.push(asset) } else { possible.push(asset) }
                }
                _ => any = true,
            }
        }
        if any {
            possible.push(format!("cohesity:{source}:*").into());
        }
    }
}
