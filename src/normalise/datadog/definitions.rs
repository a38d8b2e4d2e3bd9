//! Service definitions as Datadog's API lists them: `GET /api/v2/services/definitions`.
//!
//! In: `{data: [{type, id, attributes: {meta, schema}}]}`, each `schema` a definition of version 1 to 2.2, or one of them as
//! `GET /api/v2/services/definitions/{service_name}` answers. Out: services. Fields as in the reference of the API,
//! `fixtures/exports/datadog/SOURCES.md`.

use std::fmt;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::{Older, older_service};
use crate::model::Section;
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Sink};
use crate::validate::schemas;

/// The answer of the API.
pub static DEFINITIONS: Simple = Simple {
    about: About {
        id: "datadog.definitions",
        product: "datadog",
        maturity: Maturity::Fields,
        export: "curl -H \"DD-API-KEY: $DD_API_KEY\" -H \"DD-APPLICATION-KEY: $DD_APP_KEY\" 'https://api.datadoghq.com/api/v2/services/definitions?page[size]=100&page[number]=0&schema_version=v2.2' (each page)",
        proves: "Proves that the catalogue knows a service, and its tier. Cannot say whether a page follows (one that is as long as pages are is told), what a service needs, which person answers for it, for its owner is a team, or how it is backed up.",
        names: "service its `dd-service`; what backs a service up is said in an inventory",
        schema: &schemas::DATADOG_DEFINITIONS,
        lists: &[Section::Service],
    },
    recognises: |shape| {
        !shape.is_list
            && shape.inner_text("data", "type") == Some("service-definition")
            && shape.inner_has("data", "attributes")
    },
    records,
};

/// How many a page holds where `page[size]` is not said, and at most.
const PAGES: [usize; 2] = [10, 100];

#[derive(Debug, Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    data: Data<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    links: Links<'a>,
}

#[derive(Debug)]
enum Data<'a> {
    Many(Vec<Item<'a>>),
    One(Item<'a>),
}

impl<'de: 'a, 'a> Deserialize<'de> for Data<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Data<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a definition or a list of definitions")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(Data::Many)
            }
            fn visit_map<A: MapAccess<'de>>(self, item: A) -> Result<Self::Value, A::Error> {
                Item::deserialize(MapAccessDeserializer::new(item)).map(Data::One)
            }
        }
        deserializer.deserialize_any(Read)
    }
}

#[derive(Debug, Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    attributes: Attributes<'a>,
}

#[derive(Debug, Deserialize)]
struct Attributes<'a> {
    #[serde(borrow)]
    schema: Older<'a>,
}

/// Of JSON:API, which the product's interface follows; its reference shows none here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Links<'a> {
    #[serde(borrow)]
    next: Option<Written<'a>>,
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let answer: Answer<'_> = input.typed()?;
    if answer.links.next.is_some_and(|next| !next.is_empty()) {
        sink.one_page_of_several("/links/next");
    }
    let items = match answer.data {
        Data::Many(items) => items,
        Data::One(item) => {
            older_service(item.attributes.schema, "/data/attributes/schema", sink);
            return Ok(());
        }
    };
    if PAGES.contains(&items.len()) {
        let message = format!("{} definitions are as many as a page may hold, so there may be more", items.len());
        sink.warn("full-page", "/data", message);
    }
    for (index, item) in items.into_iter().enumerate() {
        older_service(item.attributes.schema, &format!("/data/{index}/attributes/schema"), sink);
    }
    Ok(())
}
