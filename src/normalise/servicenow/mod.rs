//! ServiceNow: configuration items of the CMDB.
//!
//! In: the answer of the Table API (`{result: […]}`), the JSON of a list (`{records: […]}`) or its CSV with column names;
//! rows of `cmdb_rel_ci`; an item with its relations, as the CMDB Instance API answers. Out: services, for items whose class
//! is `cmdb_ci_service` or begins so, their owners, and what they depend on. Any other item, and one whose class is not
//! said, makes no service; nor does one that is retired.
//!
//! A reference is a text, `{link, value}`, `{link, display_value}` or all three, as `sysparm_display_value` and
//! `sysparm_exclude_reference_link` ask. Ids are `sys_id`s. The accountable owner is `owned_by`, a user; groups are left out.

mod items;
mod relations;
mod value;

pub use self::items::{INSTANCE, RECORDS};
pub use self::relations::RELATIONS;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Input, ReadError, Shape};

/// The product, and the tool id where the source names none.
const PRODUCT: &str = "servicenow";

/// The rows of an answer.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "T: serde::de::DeserializeOwned"))]
struct Answer<T> {
    #[serde(default)]
    result: Option<Vec<T>>,
    #[serde(default)]
    records: Option<Vec<T>>,
}

/// Each row, with its pointer.
fn rows<T: DeserializeOwned>(input: &Input<'_>) -> Result<Vec<(String, T)>, ReadError> {
    let (at, rows) = if input.is_list() {
        ("", input.typed::<Vec<T>>()?)
    } else {
        let answer: Answer<T> = input.typed()?;
        match (answer.result, answer.records) {
            (Some(rows), _) => ("/result", rows),
            (None, rows) => ("/records", rows.unwrap_or_default()),
        }
    };
    Ok(rows.into_iter().enumerate().map(|(index, row)| (format!("{at}/{index}"), row)).collect())
}

/// Whether the rows have this column.
fn has_column(shape: &Shape, column: &str) -> bool {
    if shape.is_list {
        return shape.has(column);
    }
    ["result", "records"].into_iter().any(|list| shape.inner_has(list, column))
}

/// Whether it is a relation of two items.
fn is_relation(shape: &Shape) -> bool {
    ["parent", "child", "type"].into_iter().all(|column| has_column(shape, column))
}

#[cfg(test)]
mod tests;
