//! OpsLevel: `opslevel.yml`, the catalogue's entry beside the code.
//!
//! In: `version: 1` with a `service:` (`component:` in newer files) or a `repository:`. Out: the service and what it needs.
//! A repository says nothing about recovery; nor does a component of type `library` or `documentation`, which does not run.
//! Fields as in <https://docs.opslevel.com/docs/opslevel-yml>.
//!
//! Others refer to a service by an alias. OpsLevel makes one of each name, in lower case with `_` for spaces, and that is
//! its id here. The owner is a team, so no accountable person is read from it.

mod listed;

pub use self::listed::LISTED;

use serde::Deserialize;

use super::{About, Adapter, Input, Maturity, ReadError, Shape, Sink, catalogue};
use crate::model::{FieldMap, Record, Section, Service, Text};
use crate::validate::schemas;

/// An `opslevel.yml`.
pub struct Services;

impl Adapter for Services {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "opslevel.service",
            product: "opslevel",
            maturity: Maturity::Sample,
            export: "cp opslevel.yml checkout.opslevel.yml (of each repository)",
            proves: "Proves that the catalogue knows a service, its tier and what it declares to need. Cannot say which person answers for it, for its owner is a team, nor how it is backed up.",
            names: "service the alias that OpsLevel makes of its name: in lower case, `_` for spaces (`Core Payments`: core_payments); what backs a service up is said in an inventory",
            schema: &schemas::OPSLEVEL_SERVICE,
            lists: &[Section::Service],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        const TOP: [&str; 4] = ["version", "service", "component", "repository"];
        const OWN: [&str; 6] = ["owner", "tier", "lifecycle", "product", "alert_sources", "system"];
        let part = |key: &str| OWN.into_iter().any(|own| shape.inner_has(key, own));
        !shape.is_list
            && shape.has("version")
            && shape.keys.iter().all(|key| TOP.contains(&key.as_str()))
            && TOP.into_iter().any(part)
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let file: File = input.typed()?;
        for (pointer, entry) in [("/service", file.service), ("/component", file.component)] {
            if let Some(entry) = entry.filter(|entry| catalogue::runs(entry.kind.as_deref())) {
                sink.push(Record::Service(entry.service()), pointer, SERVICE);
            }
        }
        Ok(())
    }
}

const SERVICE: FieldMap = &[("id", "/name"), ("name", "/name"), ("tier", "/tier"), ("depends_on", "/dependencies")];

#[derive(Debug, Deserialize)]
struct File {
    #[serde(default)]
    service: Option<Entry>,
    #[serde(default)]
    component: Option<Entry>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    name: String,
    #[serde(rename = "type", default)]
    kind: Option<String>,
    #[serde(default, deserialize_with = "catalogue::tier_word")]
    tier: Option<String>,
    #[serde(default)]
    dependencies: Option<Vec<Alias>>,
}

#[derive(Debug, Deserialize)]
struct Alias {
    alias: Text,
}

impl Entry {
    fn service(self) -> Service {
        Service {
            id: alias(&self.name),
            tier: self.tier,
            // A list that is empty says that it needs none; no list says nothing.
            depends_on: self.dependencies.map(|all| all.into_iter().map(|of| catalogue::need(of.alias)).collect()),
            name: Some(self.name),
            ..Service::default()
        }
    }
}

/// The alias that OpsLevel makes of a name.
fn alias(name: &str) -> Text {
    name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join("_").into()
}

#[cfg(test)]
mod tests;
