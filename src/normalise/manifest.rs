//! Kubernetes-style documents: one object, `kind: List`, a typed list (`BackupList`), or an array.
//!
//! Objects of other groups and kinds lie in the same list and are passed over. An element of `XList` that
//! states no kind is an X. One element after the other goes through a tree, so that a foreign object may have
//! any shape and a large list never is one large tree.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::Sink;

/// An object of the API groups of one product.
pub(super) trait Object: Sized {
    /// The groups, without their versions: `velero.io`; that of the core is empty.
    const GROUPS: &'static [&'static str];

    /// Reads the object; `None` for a kind that says nothing here.
    ///
    /// # Errors
    /// When a field has the wrong type.
    fn read(kind: &str, tree: Value) -> Result<Option<Self>, serde_json::Error>;
}

/// The objects of a document, each with its pointer.
#[derive(Debug)]
pub(super) struct Listing<T> {
    /// Pointer and object.
    pub(super) objects: Vec<(String, T)>,
    /// The kind of a single object or of a typed list; `None` where kinds are mixed.
    pub(super) of: Option<String>,
    /// Where it says that there is a next page.
    more: Option<&'static str>,
}

impl<T> Listing<T> {
    /// Tells the sink where the list says that it goes on elsewhere.
    pub(super) fn mark_page(&self, sink: &mut Sink<'_>) {
        if let Some(pointer) = self.more {
            sink.one_page_of_several(pointer);
        }
    }
}

/// One element, as far as it says itself what it is.
enum Element<T> {
    Known(T),
    Foreign,
    Bare(Value),
}

fn is_of(api_version: &str, groups: &[&str]) -> bool {
    // Of the core group the version is all there is.
    groups.contains(&api_version.rsplit_once('/').map_or("", |(group, _)| group))
}

impl<'de, T: Object> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tree = Value::deserialize(deserializer)?;
        let word = |key: &str| tree.get(key).and_then(Value::as_str);
        let known = match (word("apiVersion"), word("kind")) {
            (Some(api), Some(_)) if !is_of(api, T::GROUPS) => None,
            (Some(_), Some(kind)) => {
                let kind = kind.to_owned();
                T::read(&kind, tree).map_err(D::Error::custom)?
            }
            _ if tree.is_object() => return Ok(Element::Bare(tree)),
            _ => None,
        };
        Ok(known.map_or(Element::Foreign, Element::Known))
    }
}

impl<'de, T: Object> Deserialize<'de> for Listing<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Read(PhantomData))
    }
}

struct Read<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for Read<T> {
    type Value = Listing<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object of {} or a list of them", T::GROUPS.join(" or "))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Listing<T>, A::Error> {
        let mut objects = Vec::new();
        let mut index = 0usize;
        while let Some(element) = list.next_element::<Element<T>>()? {
            if let Element::Known(object) = element {
                objects.push((format!("/{index}"), object));
            }
            index += 1;
        }
        Ok(Listing { objects, of: None, more: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Listing<T>, A::Error> {
        let mut items: Option<Vec<Element<T>>> = None;
        let mut rest = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "items" => items = Some(map.next_value::<Option<_>>()?.unwrap_or_default()),
                "status" if items.is_some() => drop(map.next_value::<IgnoredAny>()?),
                _ => {
                    rest.insert(key, map.next_value()?);
                }
            }
        }
        let rest = Value::Object(rest);
        match items {
            Some(items) => list(&rest, items).map_err(A::Error::custom),
            None => single(rest).map_err(A::Error::custom),
        }
    }
}

/// A document without `items`: it is the object.
fn single<T: Object>(tree: Value) -> Result<Listing<T>, serde_json::Error> {
    let api = tree.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
    let kind = tree.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
    let object = if is_of(api, T::GROUPS) { T::read(&kind, tree)? } else { None };
    Ok(Listing {
        objects: object.map(|object| (String::new(), object)).into_iter().collect(),
        of: Some(kind),
        more: None,
    })
}

/// The elements of a list, those without a kind of the kind that the list names.
fn list<T: Object>(head: &Value, items: Vec<Element<T>>) -> Result<Listing<T>, serde_json::Error> {
    let word = |key: &str| head.get(key).and_then(Value::as_str);
    let of = word("kind").and_then(|kind| kind.strip_suffix("List")).filter(|kind| !kind.is_empty()).map(str::to_owned);
    let ours = word("apiVersion").is_some_and(|api| is_of(api, T::GROUPS));
    let mut objects = Vec::with_capacity(items.len());
    for (index, element) in items.into_iter().enumerate() {
        let object = match element {
            Element::Known(object) => Some(object),
            Element::Foreign => None,
            Element::Bare(tree) if ours => {
                let own = tree.get("kind").and_then(Value::as_str).map(str::to_owned);
                own.as_ref().or(of.as_ref()).map_or(Ok(None), |kind| T::read(kind, tree))?
            }
            Element::Bare(_) => None,
        };
        objects.extend(object.map(|object| (format!("/items/{index}"), object)));
    }
    let filled = |pointer: &str| head.pointer(pointer).and_then(Value::as_str).is_some_and(|token| !token.is_empty());
    let more = ["/metadata/continue", "/pageInfo/nextCursor"].into_iter().find(|pointer| filled(pointer));
    Ok(Listing { objects, of, more })
}
