//! Where resources stand: in the changes of a plan, the modules of a state, the instances of a state file.
//!
//! The type of a resource decides how its members are read. It mostly stands before them, so they are read straight into
//! their struct, or past where nothing is read of the type; those that stand first wait in a tree.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::resource::Resource;
use crate::normalise::vendor::Written;

/// What a resource has below its own key: its members, in one form or another.
pub(super) trait Held<'de>: Default {
    /// The key.
    const KEY: &'static str;

    /// Reads it, of a resource of this type.
    ///
    /// # Errors
    /// When a member has the wrong type.
    fn read<D: Deserializer<'de>>(kind: &str, held: D) -> Result<Self, D::Error>;
}

/// A resource, with its mode and its type beside what it holds. Nothing is read of other types, nor of those that are only
/// looked up (`data`), for they are managed elsewhere.
#[derive(Debug)]
pub(super) struct Typed<H>(pub(super) H);

impl<'de, H: Held<'de>> Deserialize<'de> for Typed<H> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read<H>(PhantomData<H>);
        impl<'de, H: Held<'de>> Visitor<'de> for Read<H> {
            type Value = Typed<H>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a resource")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Typed<H>, A::Error> {
                let (mut mode, mut kind, mut held, mut waiting) = (None, None, None, Value::Null);
                while let Some(key) = map.next_key::<Written<'de>>()? {
                    match (&*key, &mode, &kind) {
                        ("mode", ..) => mode = Some(map.next_value::<Option<Written<'de>>>()?),
                        ("type", ..) => kind = Some(map.next_value::<Written<'de>>()?),
                        (key, Some(mode), Some(kind)) if key == H::KEY => {
                            held = Some(map.next_value_seed(Of::new(mode.as_deref(), kind))?);
                        }
                        (key, ..) if key == H::KEY => waiting = map.next_value()?,
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                let kind = kind.ok_or_else(|| A::Error::missing_field("type"))?;
                if let Some(held) = held {
                    return Ok(Typed(held));
                }
                let mode = mode.flatten();
                Of::new(mode.as_deref(), &kind).deserialize(waiting).map(Typed).map_err(A::Error::custom)
            }
        }
        deserializer.deserialize_map(Read(PhantomData))
    }
}

/// What a resource of such a mode and type holds.
struct Of<'k, H> {
    /// `None`: of one that is not read.
    kind: Option<&'k str>,
    held: PhantomData<H>,
}

impl<'k, H> Of<'k, H> {
    fn new(mode: Option<&str>, kind: &'k str) -> Self {
        let is_managed = mode.is_none_or(|mode| mode == "managed");
        Of { kind: Some(kind).filter(|kind| is_managed && Resource::is_read(kind)), held: PhantomData }
    }
}

impl<'de, H: Held<'de>> DeserializeSeed<'de> for Of<'_, H> {
    type Value = H;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<H, D::Error> {
        match self.kind {
            Some(kind) => H::read(kind, deserializer),
            None => IgnoredAny::deserialize(deserializer).map(|_| H::default()),
        }
    }
}

/// The members of a resource; `null` is none.
type Members<'a> = Option<Box<Resource<'a>>>;

struct OfType<'k>(&'k str);

impl<'de> DeserializeSeed<'de> for OfType<'_> {
    type Value = Members<'de>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Members<'de>, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for OfType<'_> {
    type Value = Members<'de>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the members of a resource of type `{}`", self.0)
    }
    fn visit_unit<E>(self) -> Result<Members<'de>, E> {
        Ok(None)
    }
    fn visit_none<E>(self) -> Result<Members<'de>, E> {
        Ok(None)
    }
    fn visit_some<D: Deserializer<'de>>(self, members: D) -> Result<Members<'de>, D::Error> {
        Ok(Resource::read(self.0, members)?.map(Box::new))
    }
}

/// An object that has the members below one key, and whether it has another one.
struct Within<'k> {
    kind: &'k str,
    members: &'static str,
    beside: &'static str,
}

impl<'de> DeserializeSeed<'de> for Within<'_> {
    type Value = (Members<'de>, bool);
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Within<'_> {
    type Value = (Members<'de>, bool);
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", self.members)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut members, mut is_beside) = (None, false);
        while let Some(key) = map.next_key::<Written<'de>>()? {
            if *key == *self.members {
                members = map.next_value_seed(OfType(self.kind))?;
            } else if *key == *self.beside {
                is_beside = map.next_value::<Option<IgnoredAny>>()?.is_some();
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok((members, is_beside))
    }
}

/// A change of a plan: the resource as it is, and whether it is yet to come.
#[derive(Debug, Default)]
pub(super) struct Change<'a> {
    pub(super) before: Members<'a>,
    pub(super) is_only_planned: bool,
}

impl<'de: 'a, 'a> Held<'de> for Change<'a> {
    const KEY: &'static str = "change";

    fn read<D: Deserializer<'de>>(kind: &str, change: D) -> Result<Self, D::Error> {
        let (before, is_after) = Within { kind, members: "before", beside: "after" }.deserialize(change)?;
        Ok(Change { is_only_planned: before.is_none() && is_after, before })
    }
}

/// `values` of a state.
#[derive(Debug, Deserialize)]
pub(super) struct Root<'a> {
    #[serde(default, borrow)]
    pub(super) root_module: Option<Module<'a>>,
}

/// A module with the modules that it calls.
#[derive(Debug, Deserialize)]
pub(super) struct Module<'a> {
    #[serde(default, borrow)]
    resources: Option<Vec<Typed<Values<'a>>>>,
    #[serde(default, borrow)]
    child_modules: Option<Vec<Module<'a>>>,
}

impl<'a> Module<'a> {
    /// All resources that are read, each with its pointer.
    pub(super) fn collect(self, at: &str, into: &mut Vec<(String, Resource<'a>)>) {
        for (index, Typed(Values(resource))) in self.resources.into_iter().flatten().enumerate() {
            into.extend(resource.map(|resource| (format!("{at}/resources/{index}/values"), *resource)));
        }
        for (index, module) in self.child_modules.into_iter().flatten().enumerate() {
            module.collect(&format!("{at}/child_modules/{index}"), into);
        }
    }
}

/// The values of a resource of a state.
#[derive(Debug, Default)]
struct Values<'a>(Members<'a>);

impl<'de: 'a, 'a> Held<'de> for Values<'a> {
    const KEY: &'static str = "values";

    fn read<D: Deserializer<'de>>(kind: &str, values: D) -> Result<Self, D::Error> {
        OfType(kind).deserialize(values).map(Values)
    }
}

/// The instances of a resource of a state file, by their index.
#[derive(Debug, Default)]
pub(super) struct Instances<'a>(pub(super) Vec<(usize, Box<Resource<'a>>)>);

impl<'de: 'a, 'a> Held<'de> for Instances<'a> {
    const KEY: &'static str = "instances";

    fn read<D: Deserializer<'de>>(kind: &str, instances: D) -> Result<Self, D::Error> {
        struct Read<'k>(&'k str);
        impl<'de> Visitor<'de> for Read<'_> {
            type Value = Instances<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of instances")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Instances::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let (mut instances, mut index) = (Vec::new(), 0);
                // An old object that is about to be deleted is `deposed`.
                let one = || Within { kind: self.0, members: "attributes", beside: "deposed" };
                while let Some((resource, is_deposed)) = list.next_element_seed(one())? {
                    instances.extend(resource.filter(|_| !is_deposed).map(|resource| (index, resource)));
                    index += 1;
                }
                Ok(Instances(instances))
            }
        }
        instances.deserialize_any(Read(kind))
    }
}
