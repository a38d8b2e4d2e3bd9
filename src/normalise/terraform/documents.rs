//! Where resources stand: in the changes of a plan, the modules of a state, the instances of a state file.
//!
//! Each resource goes through a tree of its own, for its type decides how its members are read; those of other types are
//! dropped at once.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::resource::Resource;

/// A resource with its type; those that are only looked up (`data`) are managed elsewhere.
fn read(mode: Option<&str>, kind: &str, values: Value) -> Result<Option<Resource>, serde_json::Error> {
    if mode.is_some_and(|mode| mode != "managed") || values.is_null() {
        return Ok(None);
    }
    Resource::read(kind, values)
}

/// A change of a plan: the resource as it is, and whether it is yet to come.
#[derive(Debug, Deserialize)]
#[serde(try_from = "WrittenChange")]
pub(super) struct Change {
    pub(super) before: Option<Resource>,
    pub(super) is_only_planned: bool,
}

#[derive(Debug, Deserialize)]
struct WrittenChange {
    #[serde(default)]
    mode: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    change: Values,
}

#[derive(Debug, Deserialize)]
struct Values {
    #[serde(default)]
    before: Value,
    #[serde(default)]
    after: Option<IgnoredAny>,
}

impl TryFrom<WrittenChange> for Change {
    type Error = serde_json::Error;

    fn try_from(written: WrittenChange) -> Result<Self, Self::Error> {
        let managed = written.mode.as_deref().is_none_or(|mode| mode == "managed");
        let to_come = written.change.before.is_null() && written.change.after.is_some();
        Ok(Change {
            is_only_planned: managed && to_come && Resource::is_read(&written.kind),
            before: read(written.mode.as_deref(), &written.kind, written.change.before)?,
        })
    }
}

/// `values` of a state.
#[derive(Debug, Deserialize)]
pub(super) struct Root {
    #[serde(default)]
    pub(super) root_module: Option<Module>,
}

/// A module with the modules that it calls.
#[derive(Debug, Deserialize)]
pub(super) struct Module {
    #[serde(default)]
    resources: Option<Vec<StateResource>>,
    #[serde(default)]
    child_modules: Option<Vec<Module>>,
}

impl Module {
    /// All resources that are read, each with its pointer.
    pub(super) fn collect(self, at: &str, into: &mut Vec<(String, Resource)>) {
        for (index, resource) in self.resources.into_iter().flatten().enumerate() {
            into.extend(resource.0.map(|resource| (format!("{at}/resources/{index}/values"), resource)));
        }
        for (index, module) in self.child_modules.into_iter().flatten().enumerate() {
            module.collect(&format!("{at}/child_modules/{index}"), into);
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "WrittenResource")]
struct StateResource(Option<Resource>);

#[derive(Debug, Deserialize)]
struct WrittenResource {
    #[serde(default)]
    mode: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    values: Value,
}

impl TryFrom<WrittenResource> for StateResource {
    type Error = serde_json::Error;

    fn try_from(written: WrittenResource) -> Result<Self, Self::Error> {
        read(written.mode.as_deref(), &written.kind, written.values).map(StateResource)
    }
}

/// A resource of a state file, with its instances by their index.
#[derive(Debug, Deserialize)]
#[serde(try_from = "WrittenRaw")]
pub(super) struct RawResource {
    pub(super) instances: Vec<(usize, Resource)>,
}

#[derive(Debug, Deserialize)]
struct WrittenRaw {
    #[serde(default)]
    mode: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    instances: Option<Vec<Instance>>,
}

#[derive(Debug, Deserialize)]
struct Instance {
    #[serde(default)]
    attributes: Value,
    /// An old object that is about to be deleted.
    #[serde(default)]
    deposed: Option<IgnoredAny>,
}

impl TryFrom<WrittenRaw> for RawResource {
    type Error = serde_json::Error;

    fn try_from(written: WrittenRaw) -> Result<Self, Self::Error> {
        let mut instances = Vec::new();
        for (index, instance) in written.instances.into_iter().flatten().enumerate() {
            if instance.deposed.is_none()
                && let Some(resource) = read(written.mode.as_deref(), &written.kind, instance.attributes)?
            {
                instances.push((index, resource));
            }
        }
        Ok(RawResource { instances })
    }
}
