//! Records by their number, cells by the name of their column.

use super::Span;
use super::wanted::Wanted;
use crate::parse::csv::{Table, split};

/// Finds the wanted places of a table.
pub(super) fn find(text: &str, wanted: &mut Wanted) {
    let Some(root) = wanted.root(0) else { return };
    wanted.found_value(root, Span { start: 0, end: text.trim_end().len() });
    let mut table = Table::new(text);
    let mut index = 0;
    for (number, record) in wanted.items(root) {
        let range = loop {
            let Some((_, range)) = table.next() else { return };
            index += 1;
            if index > number {
                break range;
            }
        };
        wanted.found_value(record, range.clone().into());
        let fields = split(text, range, table.delimiter).fields;
        for (name, field) in table.header.iter().zip(fields) {
            let Some(cell) = wanted.child(record, name).filter(|_| !name.is_empty()) else { continue };
            wanted.found_key(cell, field.clone().into());
            if !field.is_empty() {
                wanted.found_value(cell, field.into());
            }
        }
    }
}
