//! Rows of `cmdb_rel_ci`: what depends on what.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::value::{Value, is_need, is_service};
use super::{PRODUCT, each_row, is_relation};
use crate::model::{Dependency, FieldMap, Record, Section, Service, Text};
use crate::normalise::adapter::Simple;
use crate::normalise::{About, Input, Maturity, ReadError, Sink, catalogue};
use crate::validate::schemas;

/// Relations of configuration items.
pub static RELATIONS: Simple = Simple {
    about: About {
        id: "servicenow.relations",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "curl -u USER 'https://INSTANCE.service-now.com/api/now/table/cmdb_rel_ci?sysparm_query=type.name=Depends on::Used by&sysparm_fields=parent,child,type,type.name,parent.sys_class_name,child.sys_class_name'",
        proves: "Proves which services depend on which, where both classes are in the export. Cannot say so of other items, nor how one is backed up.",
        names: "service the `sys_id`; what backs a service up is said in an inventory",
        schema: &schemas::SERVICENOW_RELATIONS,
        lists: &[Section::Service],
    },
    recognises: is_relation,
    records,
};

const NEEDS: FieldMap = &[("id", "/parent"), ("depends_on", "/child")];

#[derive(Debug, Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    parent: Value<'a>,
    #[serde(borrow)]
    child: Value<'a>,
    #[serde(rename = "type", default, borrow)]
    kind: Option<Value<'a>>,
    #[serde(rename = "type.name", default, borrow)]
    kind_name: Option<Value<'a>>,
    #[serde(rename = "parent.sys_class_name", default, borrow)]
    parent_class: Option<Value<'a>>,
    #[serde(rename = "child.sys_class_name", default, borrow)]
    child_class: Option<Value<'a>>,
}

impl Row<'_> {
    fn is_need(&self) -> bool {
        [&self.kind_name, &self.kind].into_iter().flatten().filter_map(Value::shown).any(is_need)
    }

    /// The class of an end: the column for it, or else the table that the reference links into.
    fn class<'v>(column: Option<&'v Value<'_>>, end: &'v Value<'_>) -> Option<&'v str> {
        column.and_then(Value::raw).or_else(|| end.table().filter(|table| *table != "cmdb_ci"))
    }
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut needs: BTreeMap<Text, (String, Vec<Dependency>)> = BTreeMap::new();
    let mut first_without = None;
    each_row(input, |pointer, row: Row<'_>| {
        if !row.is_need() {
            return;
        }
        let classes =
            Row::class(row.parent_class.as_ref(), &row.parent).zip(Row::class(row.child_class.as_ref(), &row.child));
        let Some((parent, child)) = classes else {
            first_without.get_or_insert_with(|| pointer.to_owned());
            return;
        };
        if let (true, true, Some(of), Some(need)) =
            (is_service(parent), is_service(child), row.parent.id(), row.child.id())
        {
            needs.entry(of).or_insert_with(|| (pointer.to_owned(), Vec::new())).1.push(catalogue::need(need));
        }
    })?;
    for (id, (pointer, depends_on)) in needs {
        let record = Service { id, depends_on: Some(depends_on), ..Service::default() };
        sink.push(Record::Service(record), pointer, NEEDS);
    }
    if let Some(pointer) = first_without {
        let message = "the classes of both ends are not in the export, so nothing says whether they are services";
        sink.warn("no-class", &pointer, message);
    }
    Ok(())
}
