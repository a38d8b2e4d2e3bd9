//! What a document looks like from outside: enough to recognise its kind, without building a tree.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::plain::PlainText;
use super::vendor::{Said, Written};

/// The outline of a document: its keys, those of the first element of each list, short texts at the top.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// Whether the document is a list.
    pub is_list: bool,
    /// Keys at the top; of a list: of its first element that is an object.
    pub keys: BTreeSet<String>,
    /// Texts of up to 200 bytes at the top (of a list: of its first element).
    pub texts: BTreeMap<String, String>,
    /// Under each key that holds an object, or a list of objects: the keys of it, or of the first element.
    pub inner: BTreeMap<String, BTreeSet<String>>,
    /// Texts of up to 200 bytes of the same objects.
    pub inner_texts: BTreeMap<String, BTreeMap<String, String>>,
    /// `group/Kind` of a Kubernetes-style document and of each element of its `items`; the version is left out.
    pub kinds: BTreeSet<String>,
    /// Whether a list is empty.
    pub is_empty: bool,
}

/// How much of a text is its head, in bytes: the first element of any list that people export fits in.
const HEAD: usize = 1 << 16;

impl Shape {
    /// The outline of a JSON text. Also of one that breaks off: what was seen until then.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let mut shape = Shape::default();
        let mut reader = serde_json::Deserializer::from_str(text);
        // A text that breaks off keeps what was seen before.
        let _ = Top(&mut shape).deserialize(&mut reader);
        shape
    }

    /// As [`Shape::of_text`], of a text that vectors read.
    #[must_use]
    pub fn of_plain(text: PlainText<'_>) -> Self {
        let mut shape = Shape::default();
        let _ = text.read(Top(&mut shape));
        shape
    }

    /// The outline of the beginning of a JSON text: of a long list that is enough, but for what stands after it.
    #[must_use]
    pub fn of_head(text: &str) -> Self {
        let end = (0..=HEAD.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
        Self::of_text(end.map_or(text, |end| &text[..end]))
    }

    /// The outline of a parsed document.
    #[must_use]
    pub fn of_tree(value: &serde_json::Value) -> Self {
        let mut shape = Shape::default();
        let _ = Top(&mut shape).deserialize(value);
        shape
    }

    /// Whether a key is at the top.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.keys.contains(key)
    }

    /// Whether all these keys are at the top.
    #[must_use]
    pub fn has_all(&self, keys: &[&str]) -> bool {
        keys.iter().all(|key| self.has(key))
    }

    /// A short text at the top.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str)
    }

    /// Whether the object, or the first element of the list, under `key` has `field`.
    #[must_use]
    pub fn inner_has(&self, key: &str, field: &str) -> bool {
        self.inner.get(key).is_some_and(|keys| keys.contains(field))
    }

    /// A short text of the object, or of the first element of the list, under `key`.
    #[must_use]
    pub fn inner_text(&self, key: &str, field: &str) -> Option<&str> {
        self.inner_texts.get(key)?.get(field).map(String::as_str)
    }

    /// Whether it is an empty list, alone or as the `data`, `items` or `value` of an answer, with at most a page marker
    /// beside it: it says nothing of what it would list.
    #[must_use]
    pub fn lists_nothing(&self) -> bool {
        let list = ["data", "items", "value"].into_iter().find(|key| self.has(key));
        let marker = |key: &str| matches!(key, "pagination" | "totalCount" | "total" | "nextLink");
        let answer = !self.is_list && self.keys.iter().all(|key| marker(key) || Some(key.as_str()) == list);
        let holds = list.is_some_and(|key| self.inner.contains_key(key));
        (self.is_list && self.is_empty) || (answer && list.is_some() && !holds && self.texts.is_empty())
    }

    /// Whether a Kubernetes-style group (`velero.io`) occurs.
    #[must_use]
    pub fn has_group(&self, group: &str) -> bool {
        self.kinds.iter().any(|kind| kind.split_once('/').is_some_and(|(g, _)| g == group))
    }
}

/// `velero.io/v1` and `Backup` to `velero.io/Backup`; the core group is empty.
fn group_kind(api_version: &str, kind: &str) -> String {
    let group = api_version.rsplit_once('/').map_or("", |(group, _)| group);
    format!("{group}/{kind}")
}

struct Top<'a>(&'a mut Shape);

impl<'de> DeserializeSeed<'de> for Top<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// What a visitor of anything makes of what is neither text nor list nor object.
macro_rules! ignore_scalars {
    ($out:ty, $value:expr) => {
        fn visit_bool<E>(self, _: bool) -> Result<$out, E> {
            Ok($value)
        }
        fn visit_i64<E>(self, _: i64) -> Result<$out, E> {
            Ok($value)
        }
        fn visit_u64<E>(self, _: u64) -> Result<$out, E> {
            Ok($value)
        }
        fn visit_f64<E>(self, _: f64) -> Result<$out, E> {
            Ok($value)
        }
        fn visit_unit<E>(self) -> Result<$out, E> {
            Ok($value)
        }
    };
}
pub(super) use ignore_scalars;

/// What a visitor of anything makes of what is no object.
macro_rules! ignore_all_but_objects {
    ($out:ty, $value:expr) => {
        ignore_scalars!($out, $value);
        fn visit_str<E>(self, _: &str) -> Result<$out, E> {
            Ok($value)
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<$out, A::Error> {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            Ok($value)
        }
    };
}
pub(super) use ignore_all_but_objects;

impl<'de> Visitor<'de> for Top<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any document")
    }
    ignore_scalars!((), ());
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.0.is_list = true;
        self.0.is_empty = true;
        while self.0.keys.is_empty() {
            if list.next_element_seed(Element(self.0))?.is_none() {
                return Ok(());
            }
            self.0.is_empty = false;
        }
        // A list is what its first object is, and may be very long: the rest is not looked at.
        Err(A::Error::custom("enough was seen"))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        Element(self.0).visit_map(map)
    }
}

/// The object at the top, or the first element of a list at the top.
struct Element<'a>(&'a mut Shape);

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Element<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any element")
    }
    ignore_all_but_objects!((), ());
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let shape = self.0;
        while let Some(key) = map.next_key::<String>()? {
            shape.keys.insert(key.clone());
            let mut seen = Seen::default();
            let done = map.next_value_seed(Field { seen: &mut seen, is_items: key == "items" });
            // What was seen of a value that breaks off counts.
            shape.kinds.append(&mut seen.kinds);
            if let Some(text) = seen.text {
                shape.texts.insert(key, text);
            } else if let Some(outline) = seen.inside {
                if !outline.texts.is_empty() {
                    shape.inner_texts.insert(key.clone(), outline.texts);
                }
                shape.inner.insert(key, outline.keys);
            }
            done?;
        }
        if let (Some(api), Some(kind)) = (shape.texts.get("apiVersion"), shape.texts.get("kind")) {
            let kind = group_kind(api, kind);
            shape.kinds.insert(kind);
        }
        Ok(())
    }
}

/// What stands under a key at the top.
#[derive(Default)]
struct Seen {
    text: Option<String>,
    /// Of an object, or of the first element of a list.
    inside: Option<Outline>,
    /// `group/Kind` of every element of `items`.
    kinds: BTreeSet<String>,
}

/// Reads a value under a key at the top.
struct Field<'a> {
    seen: &'a mut Seen,
    is_items: bool,
}

impl<'de> DeserializeSeed<'de> for Field<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Field<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }
    ignore_scalars!((), ());
    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.seen.text = (text.len() <= 200).then(|| text.to_owned());
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Seen { inside, kinds, .. } = self.seen;
        let mut first = Outline::default();
        let any = list.next_element_seed(Inside(&mut first));
        // Of a list that breaks off in its first element counts what that has, of one that breaks off before nothing.
        if matches!(any, Ok(Some(()))) || !first.keys.is_empty() {
            if self.is_items
                && let (Some(api), Some(kind)) = (first.texts.get("apiVersion"), first.texts.get("kind"))
            {
                kinds.insert(group_kind(api, kind));
            }
            *inside = Some(first);
        }
        any?;
        if self.is_items {
            let mut last = Object::default();
            while let Some(object) = list.next_element::<Object<'de>>()? {
                // Thousands of objects of one kind follow each other.
                if object != last
                    && let Object(Some(api), Some(kind)) = &object
                {
                    kinds.insert(group_kind(api, kind));
                }
                last = object;
            }
        } else {
            while list.next_element::<IgnoredAny>()?.is_some() {}
        }
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        Inside(self.seen.inside.insert(Outline::default())).visit_map(map)
    }
}

/// `apiVersion` and `kind` of an object.
#[derive(Default, PartialEq)]
struct Object<'a>(Option<Cow<'a, str>>, Option<Cow<'a, str>>);

impl<'de> serde::Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Object<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }
            ignore_all_but_objects!(Object<'de>, Object::default());
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut object = Object::default();
                while let Some(key) = map.next_key::<Written<'de>>()? {
                    match &*key {
                        "apiVersion" => object.0 = map.next_value::<Said<'de>>()?.0,
                        "kind" => object.1 = map.next_value::<Said<'de>>()?.0,
                        _ => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                Ok(object)
            }
        }
        deserializer.deserialize_any(Read)
    }
}

/// An object under a key, or the first element of a list under it: its keys, and its short texts.
#[derive(Default)]
struct Outline {
    keys: BTreeSet<String>,
    texts: BTreeMap<String, String>,
}

/// Reads an [`Outline`].
struct Inside<'a>(&'a mut Outline);

impl<'de> DeserializeSeed<'de> for Inside<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Inside<'_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any element")
    }
    ignore_all_but_objects!((), ());
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            self.0.keys.insert(key.clone());
            let Said(text) = map.next_value()?;
            if let Some(text) = text.filter(|text| text.len() <= 200) {
                self.0.texts.insert(key, text.into_owned());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_breaks_off_still_shows_what_it_was() {
        let text = r#"{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"velero.io/v1","kind":"Backup"},{"apiV"#;
        let shape = Shape::of_text(text);
        assert_eq!(shape, Shape::of_plain(PlainText::of(text).unwrap()));
        assert!(shape.has_all(&["apiVersion", "kind", "items"]));
        assert!(shape.has_group("velero.io"));
    }

    #[test]
    fn text_and_tree_have_the_same_shape() {
        let text = r#"{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"velero.io/v1","kind":"Backup","x":[1]}],"n":null}"#;
        let shape = Shape::of_text(text);
        assert_eq!(shape, Shape::of_tree(&serde_json::from_str(text).unwrap()));
        assert_eq!(shape, Shape::of_plain(PlainText::of(text).unwrap()));
        assert!(shape.has_group("velero.io"));
        assert!(shape.inner_has("items", "x"));
        assert_eq!(shape.inner_text("items", "kind"), Some("Backup"));
        assert_eq!(shape.kinds.iter().map(String::as_str).collect::<Vec<_>>(), ["/List", "velero.io/Backup"]);
    }
}
