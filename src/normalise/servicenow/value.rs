//! A value of a column: a text, or a reference in one of its forms.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::model::Text;
use crate::normalise::vendor::Written;

/// A column's value.
#[derive(Debug)]
pub(super) enum Value<'a> {
    Text(Written<'a>),
    Reference(Box<Reference<'a>>),
}

#[derive(Debug, Deserialize)]
pub(super) struct Reference<'a> {
    #[serde(default, borrow)]
    value: Option<Written<'a>>,
    #[serde(default, borrow)]
    display_value: Option<Written<'a>>,
    #[serde(default, borrow)]
    link: Option<Written<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Value<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Value<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a reference")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Value::Text(Written(Cow::Borrowed(text))))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Value::Text(Written(Cow::Owned(text.to_owned()))))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let reference = Reference::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Value::Reference(Box::new(reference)))
            }
        }
        deserializer.deserialize_any(Read)
    }
}

fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

impl Value<'_> {
    /// What the database holds: of a reference the `sys_id`, which its link ends in, too.
    pub(super) fn raw(&self) -> Option<&str> {
        match self {
            Value::Text(text) => filled(text),
            Value::Reference(of) => {
                let value = of.value.as_deref().and_then(filled);
                let linked = of.link.as_deref().and_then(|link| link.rsplit('/').next()).and_then(filled);
                value.or(linked).or_else(|| of.display_value.as_deref().and_then(filled))
            }
        }
    }

    /// What people see.
    pub(super) fn shown(&self) -> Option<&str> {
        match self {
            Value::Text(text) => filled(text),
            Value::Reference(of) => {
                of.display_value.as_deref().and_then(filled).or_else(|| of.value.as_deref().and_then(filled))
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
            Value::Reference(of) => of.link.as_deref()?.rsplit('/').nth(1).and_then(filled),
            Value::Text(_) => None,
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
