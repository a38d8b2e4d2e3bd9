//! PagerDuty: services, as `GET /services` lists them, and what depends on what.
//!
//! Written from the vendor's reference of the REST API; `fixtures/exports/pagerduty/SOURCES.md` names the page. A service
//! is what wakes somebody up: its escalation policy and its teams say who is called, not who answers for a recovery.

mod dependencies;

pub use self::dependencies::DEPENDENCIES;

use serde::Deserialize;

use super::adapter::Simple;
use super::{About, Input, Maturity, ReadError, Sink};
use crate::model::{FieldMap, Record, Section, Service, Text};
use crate::validate::schemas;

/// Services.
pub static SERVICES: Simple = Simple {
    about: About {
        id: "pagerduty.services",
        product: "pagerduty",
        maturity: Maturity::Fields,
        export: "curl -H \"Authorization: Token token=$TOKEN\" 'https://api.pagerduty.com/services?limit=100&total=true'",
        proves: "Proves which services somebody is called for. Cannot say their tier, who answers for their recovery, or how they are backed up.",
        names: "service its id (`PIJ90N7`); the inventory names a service so, or a mapping does",
        schema: &schemas::PAGERDUTY_SERVICES,
        lists: &[Section::Service],
    },
    recognises: |shape| {
        !shape.is_list
            && shape.has_all(&["services", "limit", "offset", "more"])
            && shape.inner_has("services", "escalation_policy")
            && shape.inner_has("services", "id")
    },
    records,
};

const SERVICE: FieldMap = &[("id", "/id"), ("name", "/name")];

#[derive(Debug, Deserialize)]
struct Page {
    services: Vec<Listed>,
    #[serde(default)]
    more: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct Listed {
    id: Text,
    #[serde(default)]
    name: Option<String>,
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let page: Page = input.typed()?;
    if page.more == Some(true) {
        sink.one_page_of_several("/more");
    }
    for (index, Listed { id, name }) in page.services.into_iter().enumerate() {
        sink.push(Record::Service(Service { id, name, ..Service::default() }), format!("/services/{index}"), SERVICE);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
