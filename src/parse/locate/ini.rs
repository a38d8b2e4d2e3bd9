//! Sections by their name, values by their key.

use super::Span;
use super::wanted::Wanted;
use crate::parse::ini::{Line, lines};

/// Finds the wanted places of `key = value` lines.
pub(super) fn find(text: &str, wanted: &mut Wanted) {
    let Some(root) = wanted.root(0) else { return };
    wanted.found_value(root, Span { start: 0, end: text.trim_end().len() });
    let mut section = Some(root);
    // A section that occurs again goes on.
    let mut sections = std::collections::HashMap::new();
    for line in lines(text) {
        match line {
            Line::Section { name } => {
                let words = text.get(name.clone()).unwrap_or_default();
                section = *sections.entry(words).or_insert_with(|| wanted.child(root, words));
                if let Some(node) = section {
                    wanted.found_key(node, name.clone().into());
                    wanted.found_value(node, name.into());
                }
            }
            Line::Pair { key, value } => {
                let name = text.get(key.clone()).unwrap_or_default();
                let Some(node) = section.and_then(|node| wanted.child(node, name)) else { continue };
                wanted.found_key(node, key.into());
                wanted.found_value(node, value.into());
            }
            Line::Other => {}
        }
    }
}
