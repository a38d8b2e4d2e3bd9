//! What supports what: `GET /service_dependencies/technical_services/{id}` and `…/business_services/{id}`.
//!
//! In: `{relationships: [{type, supporting_service: {id, type}, dependent_service: {id, type}}]}`, the immediate ones of one
//! service, in both directions. Out: services with what they need. Fields as in the reference of the REST API,
//! `fixtures/exports/pagerduty/SOURCES.md`. Which service was asked for is not in the answer.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::{Dependency, FieldMap, Record, Section, Service, Text};
use crate::normalise::adapter::Simple;
use crate::normalise::{About, Input, Maturity, ReadError, Sink, catalogue, vendor};
use crate::validate::schemas;

/// Dependencies of services.
pub static DEPENDENCIES: Simple = Simple {
    about: About {
        id: "pagerduty.dependencies",
        product: "pagerduty",
        maturity: Maturity::Fields,
        export: "curl -H \"Authorization: Token token=$TOKEN\" https://api.pagerduty.com/service_dependencies/technical_services/PIJ90N7 (of each service; business_services for those)",
        proves: "Proves which services support which. Says all that one service needs and names those that need it; what else these need is in their own answers, so hand in those of all services. Cannot say that a service needs nothing, its tier, who answers for its recovery, or how it is backed up.",
        names: "service its id (`PIJ90N7`); the inventory names a service so, or a mapping does",
        schema: &schemas::PAGERDUTY_DEPENDENCIES,
        lists: &[Section::Service],
    },
    recognises: |shape| {
        !shape.is_list
            && shape.inner_has("relationships", "supporting_service")
            && shape.inner_has("relationships", "dependent_service")
    },
    records,
};

const NEEDS: FieldMap = &[("id", "/dependent_service/id"), ("depends_on", "/supporting_service/id")];

#[derive(Debug, Deserialize)]
struct Answer {
    relationships: Vec<Relationship>,
}

#[derive(Debug, Deserialize)]
struct Relationship {
    supporting_service: End,
    dependent_service: End,
}

#[derive(Debug, Deserialize)]
struct End {
    id: Text,
    #[serde(rename = "type", default, deserialize_with = "vendor::text")]
    kind: Option<Text>,
}

impl End {
    /// A technical or a business service; in answers `…_reference`, in requests also without.
    fn is_service(&self) -> bool {
        let kind = self.kind.as_deref().map(|kind| kind.strip_suffix("_reference").unwrap_or(kind));
        matches!(kind, Some("technical_service" | "business_service" | "service"))
    }
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let answer: Answer = input.typed()?;
    let mut needs: BTreeMap<Text, (usize, Vec<Dependency>)> = BTreeMap::new();
    for (index, Relationship { supporting_service, dependent_service }) in answer.relationships.into_iter().enumerate()
    {
        let ends = [("supporting_service", &supporting_service), ("dependent_service", &dependent_service)];
        if let Some((name, end)) = ends.into_iter().find(|(_, end)| !end.is_service()) {
            let pointer = format!("/relationships/{index}/{name}");
            let message = match &end.kind {
                Some(word) => {
                    format!("`{word}` is no kind of service that this adapter knows, so the dependency is left out")
                }
                None => "nothing says whether it is a service, so the dependency is left out".to_owned(),
            };
            sink.warn("no-class", &pointer, message);
            continue;
        }
        let (_, all) = needs.entry(dependent_service.id).or_insert_with(|| (index, Vec::new()));
        if all.iter().all(|known| known.service != supporting_service.id) {
            all.push(catalogue::need(supporting_service.id));
        }
    }
    for (id, (index, depends_on)) in needs {
        let record = Service { id, depends_on: Some(depends_on), ..Service::default() };
        sink.push(Record::Service(record), format!("/relationships/{index}"), NEEDS);
    }
    Ok(())
}
