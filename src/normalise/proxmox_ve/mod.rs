//! Proxmox VE: backup jobs, backups on a storage, storages and their definitions, tasks, as its API and `pvesh` give them.
//!
//! In: `{data: …}` from the API, the bare value from `pvesh`. Out: policies (`vzdump` jobs), recovery points (volumes
//! with content `backup`), vaults (storages that take backups), jobs and restore tests (tasks). Fields as in the API
//! viewer of Proxmox VE: `/cluster/backup`, `/nodes/{node}/storage/{storage}/content`, `/storage`, `/nodes/{node}/storage`,
//! `/nodes/{node}/tasks`. Booleans are 0 and 1.
//!
//! No answer names its cluster, and guests of two clusters may have one number: the source's `cluster` tells them apart.

mod backups;
mod jobs;
mod storages;
mod tasks;

pub use self::backups::Backups;
pub use self::jobs::Jobs;
pub use self::storages::{Definitions, Storages};
pub use self::tasks::Tasks;

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{CowStrDeserializer, MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::vendor::{self, Written};
use super::{Input, ReadError, Shape, Sink};
use crate::model::Text;

/// The product, and the tool id where the source names none.
const PRODUCT: &str = "proxmox-ve";

/// Whether it is a list whose elements have these keys, or one such element, bare or below `data`.
fn has_all(shape: &Shape, keys: &[&str]) -> bool {
    shape.has_all(keys) || (!shape.is_list && keys.iter().all(|key| shape.inner_has("data", key)))
}

/// Whether an element has this key.
fn has(shape: &Shape, key: &str) -> bool {
    has_all(shape, &[key])
}

/// A document that is no list: an answer of the API, or what stands in one that names one thing.
#[derive(Debug)]
enum Document<T> {
    Answer(OneOrAll<T>, Option<u64>),
    Bare(T),
}

/// `total` of an answer.
#[derive(Debug, Default, serde::Deserialize)]
struct Total(#[serde(deserialize_with = "vendor::number")] Option<u64>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Document<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Read<T> {
            type Value = Document<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let (mut data, mut total) = (None, Total::default());
                let keys = OfElement { map: &mut map, data: &mut data, total: &mut total };
                let bare = T::deserialize(MapAccessDeserializer::new(keys));
                // What lies beside `data` is no element, whether or not it could be read as one.
                data.map_or_else(|| bare.map(Document::Bare), |data| Ok(Document::Answer(data, total.0)))
            }
        }
        deserializer.deserialize_map(Read(PhantomData))
    }
}

/// The keys that are an element's, where the document is one: those of an answer are read where they are met, and what
/// comes after its `data` is read past.
struct OfElement<'m, A, T> {
    map: &'m mut A,
    data: &'m mut Option<OneOrAll<T>>,
    total: &'m mut Total,
}

impl<'de, A: MapAccess<'de>, T: Deserialize<'de>> MapAccess<'de> for OfElement<'_, A, T> {
    type Error = A::Error;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(key) = self.map.next_key::<Written<'de>>()? {
            match &*key {
                "data" => *self.data = self.map.next_value()?,
                "total" => *self.total = self.map.next_value()?,
                _ if self.data.is_some() => drop(self.map.next_value::<IgnoredAny>()?),
                _ => return seed.deserialize(CowStrDeserializer::new(key.0)).map(Some),
            }
        }
        Ok(None)
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

/// What was asked for by its id, or all there are.
#[derive(Debug)]
enum OneOrAll<T> {
    One(T),
    All(Vec<T>),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrAll<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Read<T> {
            type Value = OneOrAll<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or a list of them")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(OneOrAll::All)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(OneOrAll::One)
            }
        }
        deserializer.deserialize_any(Read(PhantomData))
    }
}

/// Hands over each element of an answer, or of what stands in one, with its pointer; a `total` beyond them makes it one
/// page of several.
fn each<'a, T: Deserialize<'a>>(
    input: &Input<'a>,
    sink: &mut Sink<'_>,
    mut push: impl FnMut(&T, &str, &mut Sink<'_>),
) -> Result<(), ReadError> {
    if input.is_list() {
        return input.each(|pointer, element: T| {
            push(&element, pointer, sink);
            Ok(())
        });
    }
    match input.typed()? {
        Document::Bare(element) => push(&element, "", sink),
        Document::Answer(OneOrAll::One(element), _) => push(&element, "/data", sink),
        Document::Answer(OneOrAll::All(all), total) => {
            if total.is_some_and(|total| total > all.len() as u64) {
                sink.one_page_of_several("/total");
            }
            for (index, element) in all.iter().enumerate() {
                push(element, &format!("/data/{index}"), sink);
            }
        }
    }
    Ok(())
}

/// A boolean, as 0 and 1, as `true` and `false`, or as text of either.
fn switch<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    struct Read;
    impl Visitor<'_> for Read {
        type Value = Option<bool>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("0 or 1")
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
            Ok(Some(value))
        }
        fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
            match number {
                0 => Ok(Some(false)),
                1 => Ok(Some(true)),
                _ => Err(E::custom(format!("`{number}` is neither 0 nor 1"))),
            }
        }
        fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
            self.visit_u64(u64::try_from(number).map_err(|_| E::custom(format!("`{number}` is neither 0 nor 1")))?)
        }
        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            match text {
                "" => Ok(None),
                "0" => Ok(Some(false)),
                "1" => Ok(Some(true)),
                _ => Err(E::custom(format!("`{text}` is neither 0 nor 1"))),
            }
        }
    }
    deserializer.deserialize_any(Read)
}

/// A guest: `pve:100`, or `pve:<cluster>/100` where the source names the cluster.
fn guest(id: &str, sink: &Sink<'_>) -> Text {
    match &sink.source().cluster {
        Some(cluster) => format!("pve:{cluster}/{id}").into(),
        None => format!("pve:{id}").into(),
    }
}

/// The vault of a storage, which a cluster names only locally.
fn vault(storage: &str, sink: &Sink<'_>) -> Option<Text> {
    let cluster = sink.source().cluster.as_ref();
    sink.vault(Some(storage), Some(&cluster.map_or_else(|| "pve".to_owned(), |cluster| format!("pve:{cluster}"))))
}

#[cfg(test)]
mod tests;
