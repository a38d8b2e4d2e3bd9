//! Rows of `cmdb_rel_ci`: what depends on what.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::value::{Value, is_need, is_service};
use super::{PRODUCT, is_relation, rows};
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
struct Row {
    parent: Value,
    child: Value,
    #[serde(rename = "type", default)]
    kind: Option<Value>,
    #[serde(rename = "type.name", default)]
    kind_name: Option<Value>,
    #[serde(rename = "parent.sys_class_name", default)]
    parent_class: Option<Value>,
    #[serde(rename = "child.sys_class_name", default)]
    child_class: Option<Value>,
}

impl Row {
    fn is_need(&self) -> bool {
        [&self.kind_name, &self.kind].into_iter().flatten().filter_map(Value::shown).any(is_need)
    }

    /// The class of an end: the column for it, or else the table that the reference links into.
    fn class<'a>(column: Option<&'a Value>, end: &'a Value) -> Option<&'a str> {
        column.and_then(Value::raw).or_else(|| end.table().filter(|table| *table != "cmdb_ci"))
    }
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let rows: Vec<(String, Row)> = rows(input)?;
    let mut needs: BTreeMap<Text, (&str, Vec<Dependency>)> = BTreeMap::new();
    let mut first_without = None;
    for (pointer, row) in rows.iter().filter(|(_, row)| row.is_need()) {
        let classes =
            Row::class(row.parent_class.as_ref(), &row.parent).zip(Row::class(row.child_class.as_ref(), &row.child));
        let Some((parent, child)) = classes else {
            first_without.get_or_insert(pointer);
            continue;
        };
        if let (true, true, Some(of), Some(need)) =
            (is_service(parent), is_service(child), row.parent.id(), row.child.id())
        {
            needs.entry(of).or_insert_with(|| (pointer, Vec::new())).1.push(catalogue::need(need));
        }
    }
    for (id, (pointer, depends_on)) in needs {
        let record = Service { id, depends_on: Some(depends_on), ..Service::default() };
        sink.push(Record::Service(record), pointer, NEEDS);
    }
    if let Some(pointer) = first_without {
        let message = "the classes of both ends are not in the export, so nothing says whether they are services";
        sink.warn("no-class", pointer, message);
    }
    Ok(())
}
