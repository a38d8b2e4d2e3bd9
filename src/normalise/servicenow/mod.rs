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

use super::{Input, ReadError, Shape};

/// The product, and the tool id where the source names none.
const PRODUCT: &str = "servicenow";

/// What lies beside the rows of an answer: those of a list, which have a word of their own.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Answer<T> {
    #[serde(default = "Option::default")]
    records: Option<Vec<T>>,
}

/// Hands over each row, with its pointer.
fn each_row<'a, T: Deserialize<'a>>(input: &Input<'a>, mut take: impl FnMut(&str, T)) -> Result<(), ReadError> {
    let mut row = |pointer: &str, row: T| {
        take(pointer, row);
        Ok(())
    };
    if input.is_list() {
        return input.each(row);
    }
    let (answer, rows): (Answer<T>, usize) = input.each_in("result", &mut row)?;
    for (index, of) in answer.records.into_iter().flatten().enumerate().filter(|_| rows == 0) {
        take(&format!("/records/{index}"), of);
    }
    Ok(())
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
