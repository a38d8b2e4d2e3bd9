//! Items: rows of a table of configuration items, and one item with its relations.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::value::{Value, is_need, is_service};
use super::{PRODUCT, each_row, has_column, is_relation};
use crate::model::service::Owner;
use crate::model::{Dependency, FieldMap, Person, Record, Section, Service, Text};
use crate::normalise::adapter::Simple;
use crate::normalise::{About, Input, Maturity, ReadError, Sink, catalogue};
use crate::validate::schemas;

const PROVES: &str = "Proves which services the CMDB knows, who owns them and how critical it calls them, in its own words, which are no tier unless the standard has one of that name. Cannot say how they are backed up.";
const NAMES: &str = "service and person the `sys_id`; what backs a service up is said in an inventory";

/// Rows of a table.
pub static RECORDS: Simple = Simple {
    about: About {
        id: "servicenow.records",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -u USER 'https://INSTANCE.service-now.com/api/now/table/cmdb_ci_service?sysparm_display_value=all&sysparm_fields=sys_id,name,sys_class_name,owned_by,busines_criticality,operational_status'",
        proves: PROVES,
        names: NAMES,
        schema: &schemas::SERVICENOW_RECORDS,
        lists: &[Section::Person, Section::Service],
    },
    recognises: |shape| {
        let listed = !shape.is_list || shape.has("sys_class_name");
        listed && has_column(shape, "sys_id") && !is_relation(shape) && !shape.inner_has("result", "attributes")
    },
    records,
};

/// One item with its relations.
pub static INSTANCE: Simple = Simple {
    about: About {
        id: "servicenow.instance",
        product: PRODUCT,
        maturity: Maturity::Sample,
        export: "curl -u USER https://INSTANCE.service-now.com/api/now/cmdb/instance/cmdb_ci_service/SYS_ID",
        proves: "Proves what one service depends on, as far as the relation links to a class of services. Cannot say how it is backed up.",
        names: NAMES,
        schema: &schemas::SERVICENOW_INSTANCE,
        lists: &[Section::Person, Section::Service],
    },
    recognises: |shape| {
        !shape.is_list
            && shape.inner_has("result", "attributes")
            && (shape.inner_has("result", "outbound_relations") || shape.inner_has("result", "inbound_relations"))
    },
    records: instance,
};

const SERVICE: FieldMap = &[
    ("id", "/sys_id"),
    ("name", "/name"),
    ("tier", "/busines_criticality"),
    ("owner", "/owned_by"),
    ("owner/accountable", "/owned_by"),
];

const RELATED: FieldMap = &[
    ("id", "/attributes/sys_id"),
    ("name", "/attributes/name"),
    ("tier", "/attributes/busines_criticality"),
    ("owner", "/attributes/owned_by"),
    ("owner/accountable", "/attributes/owned_by"),
    ("depends_on", "/outbound_relations"),
];

const PERSON: FieldMap = &[("id", ""), ("name", "/display_value")];

#[derive(Debug, Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    sys_id: Value<'a>,
    #[serde(default, borrow)]
    name: Option<Value<'a>>,
    #[serde(default, borrow)]
    sys_class_name: Option<Value<'a>>,
    #[serde(default, borrow)]
    owned_by: Option<Value<'a>>,
    #[serde(default, borrow)]
    busines_criticality: Option<Value<'a>>,
    #[serde(default, borrow)]
    operational_status: Option<Value<'a>>,
}

impl Item<'_> {
    fn class(&self) -> Option<&str> {
        self.sys_class_name.as_ref().and_then(Value::raw)
    }

    /// In operation or about to be; a retired item stays in the table.
    fn is_retired(&self) -> bool {
        let status = self.operational_status.as_ref();
        status.is_some_and(|status| status.raw() == Some("6") || status.shown() == Some("Retired"))
    }

    /// The user that owns it.
    fn owner(&self) -> Option<&Value<'_>> {
        self.owned_by.as_ref().filter(|owner| owner.table().is_none_or(|table| table == "sys_user"))
    }

    /// How critical the business calls it, in its words. A bare number counts criticality and not tiers.
    fn tier(&self) -> Option<String> {
        let word = self.busines_criticality.as_ref().and_then(Value::shown)?;
        if word.bytes().all(|b| b.is_ascii_digit()) { None } else { catalogue::tier(word) }
    }

    /// The record, where the class is one of services.
    fn service(&self) -> Option<Service> {
        if !self.class().is_some_and(is_service) || self.is_retired() {
            return None;
        }
        let accountable = self.owner().and_then(Value::id);
        Some(Service {
            id: self.sys_id.id()?,
            name: self.name.as_ref().and_then(Value::shown).map(str::to_owned),
            tier: self.tier(),
            owner: accountable.map(|accountable| Owner { accountable: Some(accountable), ..Owner::default() }),
            ..Service::default()
        })
    }
}

/// The people that own services, each once, with where that is said.
#[derive(Default)]
struct People(BTreeMap<Text, (Person, String)>);

impl People {
    fn note(&mut self, item: &Item<'_>, pointer: &str) {
        let Some(owner) = item.owner() else { return };
        // Without a name beside it an id says nothing that the service does not say.
        let (Some(id), Some(name)) = (owner.id(), owner.name()) else { return };
        let person = Person { id: id.clone(), name: Some(name.to_owned()), ..Person::default() };
        self.0.entry(id).or_insert_with(|| (person, format!("{pointer}/owned_by")));
    }

    fn push(self, sink: &mut Sink<'_>) {
        for (person, pointer) in self.0.into_values() {
            sink.push(Record::Person(person), pointer, PERSON);
        }
    }
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut people = People::default();
    let mut first_without = None;
    each_row(input, |pointer, item: Item<'_>| {
        if item.class().is_none() {
            first_without.get_or_insert_with(|| pointer.to_owned());
        }
        if let Some(service) = item.service() {
            people.note(&item, pointer);
            sink.push(Record::Service(service), pointer, SERVICE);
        }
    })?;
    people.push(sink);
    if let Some(pointer) = first_without {
        let message = "`sys_class_name` is not in the export, so nothing says whether its items are services";
        sink.warn("no-class", &pointer, message);
    }
    Ok(())
}

#[derive(Debug, Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    result: Related<'a>,
}

#[derive(Debug, Deserialize)]
struct Related<'a> {
    #[serde(borrow)]
    attributes: Item<'a>,
    #[serde(default, borrow)]
    outbound_relations: Option<Vec<Relation<'a>>>,
}

#[derive(Debug, Deserialize)]
struct Relation<'a> {
    #[serde(rename = "type", default, borrow)]
    kind: Option<Value<'a>>,
    #[serde(default, borrow)]
    target: Option<Value<'a>>,
}

fn instance(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let Answer { result } = input.typed()?;
    let Some(service) = result.attributes.service() else { return Ok(()) };
    let mut people = People::default();
    people.note(&result.attributes, "/result/attributes");
    let record = Service { depends_on: result.outbound_relations.as_deref().and_then(needs), ..service };
    sink.push(Record::Service(record), "/result", RELATED);
    people.push(sink);
    Ok(())
}

/// The services that it depends on; relations that lead to other things, or to what nobody knows, say nothing of services.
fn needs(relations: &[Relation<'_>]) -> Option<Vec<Dependency>> {
    let needs = relations.iter().filter(|relation| relation.kind.as_ref().and_then(Value::shown).is_some_and(is_need));
    let targets = needs.filter_map(|relation| relation.target.as_ref());
    let services = targets.filter(|target| target.table().is_some_and(is_service));
    let needs: Vec<_> = services.filter_map(Value::id).map(catalogue::need).collect();
    (!needs.is_empty()).then_some(needs)
}
