//! A value of a column: a text, or a reference in one of its forms.

use serde::Deserialize;

use crate::model::Text;

/// A column's value.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Value {
    Text(String),
    Reference {
        #[serde(default)]
        value: Option<String>,
        #[serde(default)]
        display_value: Option<String>,
        #[serde(default)]
        link: Option<String>,
    },
}

fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

impl Value {
    /// What the database holds: of a reference the `sys_id`, which its link ends in, too.
    pub(super) fn raw(&self) -> Option<&str> {
        match self {
            Value::Text(text) => filled(text),
            Value::Reference { value, link, display_value } => {
                let value = value.as_deref().and_then(filled);
                let linked = link.as_deref().and_then(|link| link.rsplit('/').next()).and_then(filled);
                value.or(linked).or_else(|| display_value.as_deref().and_then(filled))
            }
        }
    }

    /// What people see.
    pub(super) fn shown(&self) -> Option<&str> {
        match self {
            Value::Text(text) => filled(text),
            Value::Reference { value, display_value, .. } => {
                display_value.as_deref().and_then(filled).or_else(|| value.as_deref().and_then(filled))
            }
        }
    }

    /// The name beside the id, where both are said.
    pub(super) fn name(&self) -> Option<&str> {
        self.shown().filter(|shown| Some(*shown) != self.raw())
    }

    /// The table that a link points into: `…/api/now/table/sys_user/6816…`, `…/cmdb/instance/cmdb_ci_service/…`.
    pub(super) fn table(&self) -> Option<&str> {
        match self {
            Value::Reference { link: Some(link), .. } => link.rsplit('/').nth(1).and_then(filled),
            _ => None,
        }
    }

    pub(super) fn id(&self) -> Option<Text> {
        self.raw().map(Text::from)
    }
}

/// Whether items of a class are services.
pub(super) fn is_service(class: &str) -> bool {
    class == "cmdb_ci_service" || class.starts_with("cmdb_ci_service_")
}

/// Whether the parent of a relation of this type depends on the child; other relations say how things are wired.
pub(super) fn is_need(kind: &str) -> bool {
    kind == "Depends on::Used by"
}
