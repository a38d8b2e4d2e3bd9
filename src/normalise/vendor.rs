//! Values as vendors write them: a time that is a text or a number, a number that is a text, a text that is empty.
//!
//! Each reader goes with `#[serde(default, deserialize_with = …)]`; what is absent, `null`, empty or a
//! placeholder (Go's zero time, epoch 0) is unknown. FORMATS, section 0, rules 5 to 8.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::ops::Deref;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Sink;
use super::shape::ignore_scalars;
use crate::model::{Seconds, Text, Time};

/// RFC 3339, a date, a time without a zone, or seconds since 1970 with or without a fraction.
pub(super) fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Time>, D::Error> {
    struct Read;
    impl<'de> Visitor<'de> for Read {
        type Value = Option<Time>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a time: RFC 3339, or seconds since 1970")
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_i64<E: Error>(self, seconds: i64) -> Result<Self::Value, E> {
            Time::from_epoch_seconds(seconds).map(Some).ok_or_else(|| E::custom("a time outside the calendar"))
        }
        fn visit_u64<E: Error>(self, seconds: u64) -> Result<Self::Value, E> {
            self.visit_i64(i64::try_from(seconds).map_err(|_| E::custom("a time outside the calendar"))?)
        }
        fn visit_f64<E: Error>(self, seconds: f64) -> Result<Self::Value, E> {
            jiff::SignedDuration::try_from_secs_f64(seconds)
                .ok()
                .and_then(|since| jiff::Timestamp::from_duration(since).ok())
                // A double holds a present time to less than a microsecond; more digits would be noise.
                .and_then(|t| t.round(jiff::Unit::Microsecond).ok())
                .map(|t| Some(Time::at(t)))
                .ok_or_else(|| E::custom("a time outside the calendar"))
        }
        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            match Time::parse(text) {
                Ok(time) => Ok(Some(time)),
                Err(_) if text.trim().is_empty() => Ok(None),
                Err(why) => Err(E::custom(why)),
            }
        }
    }
    Ok(deserializer.deserialize_any(Read)?.filter(|time| !time.is_zero()))
}

/// A count or a size: a number, or a text of digits.
pub(super) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    struct Read;
    impl<'de> Visitor<'de> for Read {
        type Value = Option<u64>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number that is not negative")
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
            Ok(Some(number))
        }
        fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
            u64::try_from(number).map(Some).map_err(|_| E::custom(format!("`{number}` is negative")))
        }
        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            if text.is_empty() {
                return Ok(None);
            }
            text.parse().map(Some).map_err(|_| E::custom(format!("`{text}` is no number")))
        }
    }
    deserializer.deserialize_any(Read)
}

/// A text that is only looked at: it stays where it was written, unless something in it is escaped.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Written<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Written<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Written<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Written(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Written(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Read)
    }
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl PartialEq<&str> for Written<'_> {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl Borrow<str> for Written<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Deref for Written<'_> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl Written<'_> {
    /// The text as records keep it.
    pub(super) fn text(&self) -> Text {
        Text::from(&**self)
    }
}

/// A text, or a whole number that stands for one.
#[derive(Debug)]
pub(super) enum TextOrNumber<'a> {
    Text(Cow<'a, str>),
    Number(i64),
}

impl fmt::Display for TextOrNumber<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TextOrNumber::Text(text) => f.write_str(text),
            TextOrNumber::Number(number) => write!(f, "{number}"),
        }
    }
}

impl TextOrNumber<'_> {
    /// The text as records keep it: `1` is `"1"`.
    pub(super) fn text(&self) -> Text {
        match self {
            TextOrNumber::Text(text) => Text::from(&**text),
            TextOrNumber::Number(number) => Text::from(number.to_string()),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for TextOrNumber<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = TextOrNumber<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a whole number")
            }
            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(TextOrNumber::Number(number))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
                i64::try_from(number)
                    .map(TextOrNumber::Number)
                    .map_err(|_| E::custom(format!("`{number}` is too large")))
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(TextOrNumber::Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(TextOrNumber::Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_any(Read)
    }
}

/// Keys and texts as an object holds them, in the order in which they were written.
#[derive(Debug, Default)]
pub(super) struct Pairs<'a>(Vec<(Written<'a>, Written<'a>)>);

impl Pairs<'_> {
    /// The text of a key, where it is one that is not empty.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        let (_, value) = self.0.iter().rev().find(|(written, _)| **written == *key)?;
        Some(&**value).filter(|text| !text.is_empty())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Pairs<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Pairs::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_any(Read)
    }
}

/// A text where one stands; anything else is read past.
#[derive(Debug, Default)]
pub(super) struct Said<'a>(pub(super) Option<Cow<'a, str>>);

impl<'de: 'a, 'a> Deserialize<'de> for Said<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Said<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }
            ignore_scalars!(Said<'de>, Said(None));
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Said<'de>, E> {
                Ok(Said(Some(Cow::Borrowed(text))))
            }
            fn visit_str<E>(self, text: &str) -> Result<Said<'de>, E> {
                Ok(Said(Some(Cow::Owned(text.to_owned()))))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Said<'de>, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Said(None))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Said<'de>, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Said(None))
            }
        }
        deserializer.deserialize_any(Read)
    }
}

/// As [`text`], of one that is only looked at. Read at one go: of all that is read, most are such texts.
pub(super) fn written<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Written<'a>>, D::Error> {
    struct Read;
    impl<'de> Visitor<'de> for Read {
        type Value = Option<Written<'de>>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
        fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
            Ok((!text.is_empty()).then_some(Written(Cow::Borrowed(text))))
        }
        fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
            Ok((!text.is_empty()).then(|| Written(Cow::Owned(text.to_owned()))))
        }
    }
    deserializer.deserialize_any(Read)
}

/// A text; an empty one says nothing.
pub(super) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Text>, D::Error> {
    Ok(Option::<Text>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

/// A duration; zero says "the default".
pub(super) fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Seconds>, D::Error> {
    Ok(Option::<Seconds>::deserialize(deserializer)?.filter(|duration| duration.0 != 0))
}

/// An object or a list, where `null` is an empty one.
pub(super) fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(d: D) -> Result<T, D::Error> {
    Option::<T>::deserialize(d).map(Option::unwrap_or_default)
}

/// Whole days.
pub(super) fn days(days: u64) -> Option<Seconds> {
    days.checked_mul(86_400).map(Seconds)
}

/// An address without the password that some people write into it: `ssh://backup:***@host/repo`.
pub(super) fn without_password(address: &str) -> String {
    let hidden = || {
        let (scheme, rest) = address.split_once("://")?;
        let (user, host) = rest.split_once('/').map_or(rest, |(authority, _)| authority).rsplit_once('@')?;
        let (user, _) = user.split_once(':')?;
        let path = &rest[rest.find('/').unwrap_or(rest.len())..];
        Some(format!("{scheme}://{user}:***@{host}{path}"))
    };
    hidden().unwrap_or_else(|| address.to_owned())
}

/// Says that a vendor's word is new to us, and gives a status that no rule takes for a success.
pub(super) fn unknown_word(sink: &mut Sink<'_>, pointer: &str, word: &str) -> String {
    let message = format!("`{word}` is no state that this adapter knows; it is not taken as a success");
    sink.warn("unknown-value", pointer, message);
    format!("unknown: {word}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, serde::Deserialize)]
    #[serde(default)]
    struct Row {
        #[serde(deserialize_with = "time")]
        at: Option<Time>,
        #[serde(deserialize_with = "number")]
        size: Option<u64>,
    }

    fn at(json: &str) -> Option<String> {
        serde_json::from_str::<Row>(&format!(r#"{{"at":{json}}}"#)).unwrap().at.map(|t| t.to_string())
    }

    #[test]
    fn a_time_is_a_text_or_a_number_and_a_placeholder_is_none() {
        assert_eq!(at(r#""2022-12-21T19:33:25.183000+05:30""#).as_deref(), Some("2022-12-21T14:03:25.183Z"));
        assert_eq!(at("1600721892.929").as_deref(), Some("2020-09-21T20:58:12.929Z"));
        assert_eq!(at("1542640899").as_deref(), Some("2018-11-19T15:21:39Z"));
        for nothing in ["null", "\"\"", "0", "0.0", "\"0001-01-01T00:00:00Z\"", "\"1970-01-01T00:00:00Z\""] {
            assert_eq!(at(nothing), None, "{nothing}");
        }
        assert_eq!(at("\"0001-01-01T00:00:00\""), None, "a placeholder of .NET, which names no zone");
        assert!(serde_json::from_str::<Row>(r#"{"at":"last night"}"#).is_err());
        assert!(serde_json::from_str::<Row>(r#"{"at":1e300}"#).is_err());
        assert!(serde_json::from_str::<Row>(r#"{"at":99999999999999999}"#).is_err());
    }

    #[test]
    fn a_number_may_be_a_text_and_keeps_every_digit() {
        let size = |json: &str| serde_json::from_str::<Row>(&format!(r#"{{"size":{json}}}"#)).map(|r| r.size).ok();
        assert_eq!(size("6569239123849665679"), Some(Some(6_569_239_123_849_665_679)));
        assert_eq!(size("\"42\""), Some(Some(42)));
        assert_eq!(size("null"), Some(None));
        assert_eq!(size("-1"), None);
        assert_eq!(size("\"many\""), None);
    }

    #[test]
    fn a_whole_number_may_stand_for_a_text_and_nothing_else_does() {
        let id = |json: &str| serde_json::from_str::<TextOrNumber<'_>>(json).ok().map(|id| id.text().to_string());
        assert_eq!(id("\"11\"").as_deref(), Some("11"));
        assert_eq!(id("\"a\\\"b\"").as_deref(), Some("a\"b"));
        assert_eq!(id("11").as_deref(), Some("11"));
        assert_eq!(id("-1").as_deref(), Some("-1"));
        for other in ["1.5", "18446744073709551615", "true", "null", "[11]", "{}"] {
            assert_eq!(id(other), None, "{other}");
        }
    }

    #[test]
    fn an_address_keeps_everything_but_its_password() {
        for (written, shown) in [
            ("ssh://backup:hunter2@nas.example/./repo", "ssh://backup:***@nas.example/./repo"),
            ("sftp://u:a@b:c@nas", "sftp://u:***@nas"),
            ("ssh://backup@nas.example:2222/repo", "ssh://backup@nas.example:2222/repo"),
            ("/mnt/disk:1/re@po", "/mnt/disk:1/re@po"),
            ("backup@nas:repo", "backup@nas:repo"),
        ] {
            assert_eq!(without_password(written), shown);
        }
    }

    #[test]
    fn schema_and_reader_agree_on_what_a_time_is() {
        let schema: serde_json::Value = serde_json::from_str(crate::validate::schemas::AWS_BACKUP_VAULTS.text).unwrap();
        let schema = jsonschema::validator_for(&schema["$defs"]["time"]).unwrap();
        for text in [
            "2026-03-01T02:00:00Z",
            "2026-03-01t02:00:00.123456789z",
            "2026-03-01 02:00:00,5+02:00",
            "2026-03-01T02:00+0200",
            "2026-03-01T02:00:00-07",
            "2026-03-01T02:00:60Z",
            "2026-03-01 02:00",
            "2026-03-01",
            "",
            "2026-3-1",
            "2026-03-01T25:00:00Z",
            "2026-13-01",
            "01/03/2026 02:00",
            "yesterday",
            "2026-03-01T02:00:00 Europe/Berlin",
        ] {
            let read = serde_json::from_value::<Row>(serde_json::json!({ "at": text })).is_ok();
            assert_eq!(schema.is_valid(&serde_json::json!(text)), read, "{text}");
        }
    }
}
