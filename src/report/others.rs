//! The names of other tenants, and texts without them.

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::Value;

use super::model::Report;

/// What stands for a name.
const SOMEBODY: &str = "another tenant";

/// Names that must not be told.
pub(super) struct Others {
    tenants: Names,
    services: Names,
}

/// A pattern for some names; none where there are none.
type Names = Option<Result<Regex, regex::Error>>;

impl Others {
    /// Those of every tenant but the wanted ones.
    pub(super) fn of(report: &Report, wanted: &BTreeSet<&str>) -> Self {
        let tenants: BTreeSet<&str> = report.tenants().difference(wanted).copied().collect();
        let (own, other): (Vec<_>, Vec<_>) =
            report.positions.iter().partition(|p| p.tenant.as_deref().is_some_and(|t| wanted.contains(t)));
        let own: BTreeSet<&str> = own.iter().map(|p| p.service.as_str()).collect();
        let services = other.iter().map(|p| p.service.as_str()).filter(|id| !own.contains(id)).collect();
        Self { tenants: any_of(&tenants), services: any_of(&services) }
    }

    /// A text in which each such tenant is somebody.
    pub(super) fn hide(&self, text: &str) -> String {
        replaced(&self.tenants, text, SOMEBODY)
    }

    /// The same for each of several.
    pub(super) fn hide_all(&self, texts: &[String]) -> Vec<String> {
        texts.iter().map(|text| self.hide(text)).collect()
    }

    /// The same for a path, which stays one word.
    pub(super) fn hide_in_path(&self, path: &str) -> String {
        replaced(&self.tenants, path, "another-tenant")
    }

    /// A text in which their services are somebody's.
    pub(super) fn hide_services(&self, text: &str) -> String {
        replaced(&self.services, text, "a service of somebody else")
    }

    /// Every text in a value.
    pub(super) fn hide_in(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.hide(text)),
            Value::Array(list) => Value::Array(list.iter().map(|value| self.hide_in(value)).collect()),
            Value::Object(map) => map.iter().map(|(key, value)| (self.hide(key), self.hide_in(value))).collect(),
            other => other.clone(),
        }
    }
}

/// A pattern that finds each of some names, whatever their case; the longest first, so that none hides another.
fn any_of(names: &BTreeSet<&str>) -> Names {
    let mut names: Vec<&str> = names.iter().copied().filter(|name| !name.is_empty()).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    if names.is_empty() {
        return None;
    }
    let pattern = names.into_iter().map(regex::escape).collect::<Vec<_>>().join("|");
    let limit = pattern.len().saturating_mul(200).max(10 << 20);
    Some(regex::RegexBuilder::new(&pattern).case_insensitive(true).size_limit(limit).build())
}

/// A text with each name that stands as a word replaced.
fn replaced(names: &Names, text: &str, by: &str) -> String {
    let names = match names {
        None => return text.to_owned(),
        // Too many to be looked for: nothing is told rather than too much.
        Some(Err(_)) => return by.to_owned(),
        Some(Ok(names)) => names,
    };
    let mut shown = String::with_capacity(text.len());
    let (mut done, mut from) = (0, 0);
    while let Some(found) = names.find_at(text, from) {
        let before = text[..found.start()].chars().next_back();
        let after = text[found.end()..].chars().next();
        if before.is_some_and(char::is_alphanumeric) || after.is_some_and(char::is_alphanumeric) {
            from = found.start() + text[found.start()..].chars().next().map_or(1, char::len_utf8);
            continue;
        }
        shown.push_str(&text[done..found.start()]);
        shown.push_str(by);
        (done, from) = (found.end(), found.end());
    }
    shown.push_str(&text[done..]);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_where_they_are_words() {
        let names = any_of(&BTreeSet::from(["brook", "brook-ltd", "Ö&K"]));
        for (text, shown) in [
            ("at brook", "at another tenant"),
            ("BROOK, brooks and abrook", "another tenant, brooks and abrook"),
            ("brook-ltd's store", "another tenant's store"),
            ("with ö&k, too", "with another tenant, too"),
            ("nobody else", "nobody else"),
        ] {
            assert_eq!(replaced(&names, text, SOMEBODY), shown);
        }
        assert_eq!(replaced(&any_of(&BTreeSet::new()), "at brook", SOMEBODY), "at brook");
    }
}
