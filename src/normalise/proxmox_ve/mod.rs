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

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{Input, ReadError, Shape, Sink, vendor};
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

/// An answer of the API.
#[derive(Debug, serde::Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Answer<T> {
    data: OneOrAll<T>,
    #[serde(default, deserialize_with = "vendor::number")]
    total: Option<u64>,
}

/// Whether a document is an answer of the API, or what stands in one.
#[derive(Debug, serde::Deserialize)]
struct Outline {
    #[serde(default)]
    data: Option<IgnoredAny>,
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

/// The elements of an answer, each with its pointer; a `total` beyond them makes it one page of several.
fn elements<'a, T: Deserialize<'a>>(input: &Input<'a>, sink: &mut Sink<'_>) -> Result<Vec<(String, T)>, ReadError> {
    let answer = if input.is_list() { None } else { Some(input.typed::<Answer<T>>()) };
    let (at, data) = if let Some(answer) = answer
        // Only what is no answer is looked at a second time.
        && (answer.is_ok() || input.typed::<Outline>()?.data.is_some())
    {
        let answer = answer?;
        if let (Some(total), OneOrAll::All(all)) = (answer.total, &answer.data)
            && total > all.len() as u64
        {
            sink.one_page_of_several("/total");
        }
        ("/data", answer.data)
    } else {
        ("", input.typed()?)
    };
    Ok(match data {
        OneOrAll::One(element) => vec![(at.to_owned(), element)],
        OneOrAll::All(all) => all.into_iter().enumerate().map(|(index, e)| (format!("{at}/{index}"), e)).collect(),
    })
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
