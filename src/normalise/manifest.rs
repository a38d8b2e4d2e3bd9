//! Kubernetes-style documents: one object, `kind: List`, a typed list (`BackupList`), or an array.
//!
//! Objects of other groups and kinds lie in the same list and are passed over, whatever their shape. An element of
//! `XList` that states no kind is an X. An object is read straight into its struct as soon as its group and kind are
//! known, which mostly stand first; what stands before them waits in a tree.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::vec;

use serde::de::value::{CowStrDeserializer, MapAccessDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::Sink;
use super::shape::{ignore_all_but_objects, ignore_scalars};
use super::vendor::{Said, Written};

/// An object of the API groups of one product.
pub(super) trait Object<'de>: Sized {
    /// The groups, without their versions: `velero.io`; that of the core is empty.
    const GROUPS: &'static [&'static str];

    /// Reads the object; [`passed_over`] one of a kind that says nothing here.
    ///
    /// # Errors
    /// When a field has the wrong type.
    fn read<D: Deserializer<'de>>(kind: &str, object: D) -> Result<Option<Self>, D::Error>;
}

/// Nothing, of an object that says nothing here.
pub(super) fn passed_over<'de, T, D: Deserializer<'de>>(object: D) -> Result<Option<T>, D::Error> {
    IgnoredAny::deserialize(object).map(|_| None)
}

/// The objects of a document.
#[derive(Debug)]
pub(super) struct Listing<T> {
    /// The objects and their numbers in the list.
    objects: Vec<(usize, T)>,
    /// Where the list lies; of a document that is the object itself nowhere.
    at: Option<&'static str>,
    /// The kind of a single object or of a typed list; `None` where kinds are mixed.
    pub(super) of: Option<String>,
    /// Where it says that there is a next page.
    more: Option<&'static str>,
}

impl<T> Listing<T> {
    /// How many objects there are.
    pub(super) fn len(&self) -> usize {
        self.objects.len()
    }

    /// The objects.
    pub(super) fn objects(&self) -> impl Iterator<Item = &T> {
        self.objects.iter().map(|(_, object)| object)
    }

    /// The objects, each with its pointer.
    pub(super) fn placed(&self) -> impl Iterator<Item = (String, &T)> {
        let pointer = |index| self.at.map_or_else(String::new, |at| format!("{at}/{index}"));
        self.objects.iter().map(move |(index, object)| (pointer(*index), object))
    }

    /// Tells the sink where the list says that it goes on elsewhere.
    pub(super) fn mark_page(&self, sink: &mut Sink<'_>) {
        if let Some(pointer) = self.more {
            sink.one_page_of_several(pointer);
        }
    }
}

/// One element, as far as it is known what it is.
enum Element<T> {
    Known(T),
    Foreign,
    /// It does not say, and neither did the list until then.
    Bare(Value),
}

impl<T> Element<T> {
    fn of(read: Option<T>) -> Self {
        read.map_or(Element::Foreign, Element::Known)
    }
}

fn is_of(api_version: &str, groups: &[&str]) -> bool {
    // Of the core group the version is all there is.
    groups.contains(&api_version.rsplit_once('/').map_or("", |(group, _)| group))
}

/// The kind of a list's elements, as the list itself says it: `Backup` of a `BackupList`.
fn kind_within(kind: &str) -> Option<&str> {
    kind.strip_suffix("List").filter(|kind| !kind.is_empty())
}

/// Reads one element; `of` is the kind of one that does not begin with what it is.
struct Read<'h, T> {
    of: Option<&'h str>,
    element: PhantomData<T>,
}

impl<'de, T: Object<'de>> DeserializeSeed<'de> for Read<'_, T> {
    type Value = Element<T>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Element<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Object<'de>> Visitor<'de> for Read<'_, T> {
    type Value = Element<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object of {}", T::GROUPS.join(" or "))
    }
    ignore_all_but_objects!(Element<T>, Element::Foreign);

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Element<T>, A::Error> {
        let (mut api, mut kind, mut before) = (None, None, Vec::new());
        while let Some(key) = map.next_key::<Written<'de>>()? {
            match &*key {
                "apiVersion" => api = map.next_value::<Said<'de>>()?.0,
                "kind" => kind = map.next_value::<Said<'de>>()?.0,
                _ if let (Some(of), true) = (self.of, api.is_none() && kind.is_none() && before.is_empty()) => {
                    let rest = Rest { key: Some(key.0), before: Vec::new().into_iter(), value: None, map };
                    return T::read(of, MapAccessDeserializer::new(rest)).map(Element::of);
                }
                _ => before.push((key.0, map.next_value()?)),
            }
            if let (Some(api), Some(kind)) = (&api, &kind) {
                let rest = MapAccessDeserializer::new(Rest { key: None, before: before.into_iter(), value: None, map });
                let read = if is_of(api, T::GROUPS) { T::read(kind, rest) } else { passed_over(rest) };
                return read.map(Element::of);
            }
        }
        let said = [("apiVersion", api), ("kind", kind)];
        let said = said.into_iter().filter_map(|(key, word)| Some((key.to_owned(), Value::String(word?.into_owned()))));
        let tree = before.into_iter().map(|(key, value)| (key.into_owned(), value)).chain(said).collect();
        Ok(Element::Bare(Value::Object(tree)))
    }
}

/// What is left of an object once its kind is known: what stood before, a key that was met, and all after it.
struct Rest<'de, A> {
    before: vec::IntoIter<(Cow<'de, str>, Value)>,
    value: Option<Value>,
    key: Option<Cow<'de, str>>,
    map: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Rest<'de, A> {
    type Error = A::Error;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        if let Some((key, value)) = self.before.next() {
            self.value = Some(value);
            return seed.deserialize(CowStrDeserializer::new(key)).map(Some);
        }
        match self.key.take() {
            Some(key) => seed.deserialize(CowStrDeserializer::new(key)).map(Some),
            None => self.map.next_key_seed(seed),
        }
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.value.take() {
            Some(value) => seed.deserialize(value).map_err(A::Error::custom),
            None => self.map.next_value_seed(seed),
        }
    }
}

/// The elements of a list that are not foreign, each with its number.
struct Elements<T> {
    known: Vec<(usize, T)>,
    bare: Vec<(usize, Value)>,
}

/// Reads the elements of a list, of this kind where they do not begin with what they are; `null` is an empty list.
struct ReadAll<'h, T> {
    of: Option<&'h str>,
    element: PhantomData<T>,
}

impl<'de, T: Object<'de>> DeserializeSeed<'de> for ReadAll<'_, T> {
    type Value = Elements<T>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Elements<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Object<'de>> Visitor<'de> for ReadAll<'_, T> {
    type Value = Elements<T>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }
    fn visit_unit<E>(self) -> Result<Elements<T>, E> {
        Ok(Elements { known: Vec::new(), bare: Vec::new() })
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Elements<T>, A::Error> {
        let (mut elements, mut index) = (Elements { known: Vec::new(), bare: Vec::new() }, 0);
        while let Some(element) = list.next_element_seed(Read { of: self.of, element: PhantomData })? {
            match element {
                Element::Known(object) => elements.known.push((index, object)),
                Element::Bare(tree) => elements.bare.push((index, tree)),
                Element::Foreign => {}
            }
            index += 1;
        }
        Ok(elements)
    }
}

impl<'de, T: Object<'de>> Deserialize<'de> for Listing<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Whole(PhantomData))
    }
}

struct Whole<T>(PhantomData<T>);

impl<'de, T: Object<'de>> Visitor<'de> for Whole<T> {
    type Value = Listing<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object of {} or a list of them", T::GROUPS.join(" or "))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Listing<T>, A::Error> {
        let elements = ReadAll { of: None, element: PhantomData }.visit_seq(list)?;
        listing("", elements, &Value::Null).map_err(A::Error::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Listing<T>, A::Error> {
        let mut items: Option<Elements<T>> = None;
        let mut head = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "items" => {
                    let word = |key: &str| head.get(key).and_then(Value::as_str);
                    let ours = word("apiVersion").is_some_and(|api| is_of(api, T::GROUPS));
                    let of = word("kind").filter(|_| ours).and_then(kind_within);
                    items = Some(map.next_value_seed(ReadAll { of, element: PhantomData })?);
                }
                "status" if items.is_some() => drop(map.next_value::<IgnoredAny>()?),
                _ => {
                    head.insert(key, map.next_value()?);
                }
            }
        }
        let head = Value::Object(head);
        match items {
            Some(items) => listing("/items", items, &head).map_err(A::Error::custom),
            None => single(head).map_err(A::Error::custom),
        }
    }
}

/// A document without `items`: it is the object.
fn single<'de, T: Object<'de>>(tree: Value) -> Result<Listing<T>, serde_json::Error> {
    let api = tree.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
    let kind = tree.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
    let object = if is_of(api, T::GROUPS) { T::read(&kind, tree)? } else { None };
    Ok(Listing {
        objects: object.map(|object| (0, object)).into_iter().collect(),
        at: None,
        of: Some(kind),
        more: None,
    })
}

/// The elements of a list, those without a kind of the kind that the list names.
fn listing<'de, T: Object<'de>>(
    at: &'static str,
    elements: Elements<T>,
    head: &Value,
) -> Result<Listing<T>, serde_json::Error> {
    let word = |key: &str| head.get(key).and_then(Value::as_str);
    let of = word("kind").and_then(kind_within);
    let ours = word("apiVersion").is_some_and(|api| is_of(api, T::GROUPS));
    let Elements { known: mut objects, bare } = elements;
    for (index, tree) in bare.into_iter().filter(|_| ours) {
        let own = tree.get("kind").and_then(Value::as_str).map(str::to_owned);
        if let Some(kind) = own.as_deref().or(of) {
            objects.extend(T::read(kind, tree)?.map(|object| (index, object)));
        }
    }
    objects.sort_by_key(|(index, _)| *index);
    let filled = |pointer: &str| head.pointer(pointer).and_then(Value::as_str).is_some_and(|token| !token.is_empty());
    let more = ["/metadata/continue", "/pageInfo/nextCursor"].into_iter().find(|pointer| filled(pointer));
    Ok(Listing { objects, at: Some(at), of: of.map(str::to_owned), more })
}
