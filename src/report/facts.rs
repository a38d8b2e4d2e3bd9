//! What single records of a position say, in words.

use serde_json::Value;

use super::style::clean;
use crate::model::quantity::{bytes, duration};

/// A text of a value, made safe to show.
pub(super) fn text(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer)?.as_str().map(clean).filter(|text| !text.is_empty())
}

/// A whole number of a value.
pub(super) fn number(value: &Value, pointer: &str) -> Option<i64> {
    value.pointer(pointer)?.as_i64()
}

/// A yes or no of a value.
pub(super) fn flag(value: &Value, pointer: &str) -> Option<bool> {
    value.pointer(pointer)?.as_bool()
}

/// A list of a value; empty where there is none.
pub(super) fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The texts of a list of a value, joined.
pub(super) fn texts(value: &Value, pointer: &str) -> String {
    list(value, pointer).iter().filter_map(|v| v.as_str().map(clean)).collect::<Vec<_>>().join(", ")
}

/// An age in words, or a time to come.
pub(super) fn ago(seconds: i64) -> String {
    if seconds < 0 {
        format!("in {}", duration(seconds.saturating_neg()))
    } else {
        format!("{} ago", duration(seconds))
    }
}

/// What is proven of one component.
pub(super) fn proof(c: &Value) -> String {
    if let Some(disposition) = text(c, "/disposition").filter(|d| d != "protected") {
        let why = text(c, "/reason").map_or_else(String::new, |why| format!(": {why}"));
        return format!("{disposition}{why}");
    }
    let mut said = Vec::new();
    said.push(match (c.get("newest_point"), flag(c, "/absence_provable")) {
        (Some(point), _) => {
            let age =
                number(point, "/age_s").map_or_else(|| "of unknown age".to_owned(), |s| format!("{} old", duration(s)));
            let vault = text(point, "/vault").map_or_else(String::new, |v| format!(" in {v}"));
            format!("newest restorable point {age}{vault}")
        }
        (None, Some(true)) => "no restorable point".to_owned(),
        (None, _) => "no restorable point seen".to_owned(),
    });
    if let Some(copies) = number(c, "/copies_count") {
        let count = |field: &str, unknown: &str, word: &str| {
            let known = number(c, field).unwrap_or(0);
            let unknown =
                number(c, unknown).filter(|n| *n > 0).map_or_else(String::new, |n| format!(" ({n} not stated)"));
            format!("{known} {word}{unknown}")
        };
        said.push(format!(
            "{copies} cop{} with production, {}, {}",
            if copies == 1 { "y" } else { "ies" },
            count("/offsite_count", "/offsite_unknown_count", "off site"),
            count("/isolated_count", "/isolated_unknown_count", "isolated"),
        ));
    }
    said.push(match c.get("newest_verification") {
        Some(check) => {
            let age = number(check, "/age_s").map_or_else(String::new, |s| format!(" {}", ago(s)));
            let result = match flag(check, "/ok") {
                Some(true) => "ok",
                Some(false) => "WITH ERRORS",
                None => "result not stated",
            };
            format!("integrity checked{age}: {result}")
        }
        None => "integrity never checked".to_owned(),
    });
    said.push(match c.get("newest_passing_test") {
        Some(test) => {
            let age = number(test, "/age_s").map_or_else(String::new, |s| format!(" {}", ago(s)));
            let id = text(test, "/id").map_or_else(String::new, |id| format!(" ({id})"));
            let size = number(test, "/bytes_restored").map_or_else(String::new, |b| format!(", {}", bytes(b)));
            format!("restored{age}{id}{size}")
        }
        None if flag(c, "/tested") == Some(true) => "no restore passed".to_owned(),
        None => "never restored".to_owned(),
    });
    let held = text(c, "/evidence_grade").map_or_else(String::new, |grade| format!("{grade}: "));
    format!("{held}{}", said.join("; "))
}

/// What is known of the far end of a dependency.
pub(super) fn far(d: &Value) -> String {
    let mut said = Vec::new();
    if flag(d, "/external") == Some(true) {
        said.push("external".to_owned());
        if let Some(rto) = number(d, "/commitment/rto_s") {
            let when =
                number(d, "/commitment/reviewed_age_s").map_or_else(String::new, |s| format!(", reviewed {}", ago(s)));
            said.push(format!("commits to RTO {}{when}", duration(rto)));
        } else {
            said.push("no commitment".to_owned());
        }
    } else if flag(d, "/known") == Some(false) {
        said.push("not in the inventory".to_owned());
    } else {
        said.extend(text(d, "/tier").map(|tier| format!("tier {tier}")));
        said.extend(text(d, "/evidence_grade").map(|grade| format!("holds {grade}")));
        said.extend(number(d, "/rto_s").map(|s| format!("RTO {}", duration(s))));
        let worst = number(d, "/worst_s").map(|s| format!("measured {}", duration(s)));
        said.push(worst.unwrap_or_else(|| "never measured".to_owned()));
    }
    if flag(d, "/on_cycle") == Some(true) {
        said.push("WAITS FOR THIS SERVICE IN TURN".to_owned());
    }
    said.join(", ")
}
