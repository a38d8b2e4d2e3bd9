//! Services as the command line of OpsLevel lists them: `opslevel list services -o json`.
//!
//! In: an array of services. Out: services with their tiers. Fields as in the README of the tool and in the types that it
//! writes, `fixtures/exports/opslevel/SOURCES.md`. What a service needs is not in a list.

use serde::Deserialize;

use super::alias;
use crate::model::{FieldMap, Record, Section, Service, Text};
use crate::normalise::adapter::Simple;
use crate::normalise::{About, Input, Maturity, ReadError, Sink, catalogue, vendor};
use crate::validate::schemas;

/// A list of services.
pub static LISTED: Simple = Simple {
    about: About {
        id: "opslevel.services",
        product: "opslevel",
        maturity: Maturity::Fields,
        export: "opslevel list services -o json",
        proves: "Proves which services the catalogue knows, and their tiers. Cannot say what a service needs, which person answers for it, for its owner is a team, or how it is backed up.",
        names: "service the alias that OpsLevel makes of its name, as in `opslevel.yml`, or its first alias where that is none of them; what backs a service up is said in an inventory",
        schema: &schemas::OPSLEVEL_SERVICES,
        lists: &[Section::Service],
    },
    recognises: |shape| {
        shape.is_list
            && shape.has_all(&["id", "name", "htmlUrl", "tier", "lifecycle", "owner"])
            && shape.inner_has("tier", "Alias")
    },
    records,
};

/// Where the alias of the name counts, or none does.
const BY_NAME: FieldMap = &[("id", "/name"), ("tier", "/tier/Alias")];

const BY_ALIAS: FieldMap = &[("id", "/aliases/0"), ("tier", "/tier/Alias")];

#[derive(Debug, Deserialize)]
struct Listed {
    name: String,
    #[serde(default, deserialize_with = "vendor::nullable")]
    aliases: Vec<Text>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    tier: Tier,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Tier {
    /// Empty where the service has none.
    #[serde(rename = "Alias", deserialize_with = "catalogue::tier_word")]
    alias: Option<String>,
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let all: Vec<Listed> = input.typed()?;
    for (index, Listed { name, aliases, tier }) in all.into_iter().enumerate() {
        let made = alias(&name);
        let other = aliases.first().filter(|_| !aliases.contains(&made));
        let fields = if other.is_some() { BY_ALIAS } else { BY_NAME };
        let id = other.cloned().unwrap_or(made);
        let record = Service { id, name: Some(name), tier: tier.alias, ..Service::default() };
        sink.push(Record::Service(record), format!("/{index}"), fields);
    }
    Ok(())
}
