//! Durations, times, grades: the units every stage shares.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::num::NonZeroU32;
use std::time::SystemTime;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A short shared text: ids and references that thousands of records repeat.
pub type Text = arcstr::ArcStr;

/// A word of a small vocabulary, such as a status: one that an adapter writes takes no room of its own.
pub type Word = Cow<'static, str>;

/// A duration in whole seconds, never negative.
///
/// Written `15m`, `4h`, `90d`, `2w`, `7y` (365 d), ISO 8601 `PT4H`, `P35D`, or Go's `720h0m0s`. A day is 24 h.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seconds(pub u64);

impl Seconds {
    /// Reads a duration; the error says what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(duration) = of_go(text) {
            return Ok(duration);
        }
        let refuse = || format!("`{text}` is no duration; write 15m, 4h, 90d or ISO 8601 such as PT4H");
        let trimmed = text.trim();
        if let Some(years) = trimmed.strip_suffix('y').and_then(|n| n.trim().parse::<u64>().ok()) {
            return years.checked_mul(365 * 86_400).map(Seconds).ok_or_else(refuse);
        }
        if trimmed.is_empty() || trimmed.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refuse());
        }
        let span: Span = trimmed.parse().map_err(|_| refuse())?;
        if span.get_months() != 0 {
            return Err(format!("`{text}` counts months, which differ in length; write days"));
        }
        let days = i64::from(span.get_years()) * 365 + i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
        let clock = span.years(0).weeks(0).days(0);
        let rest = SignedDuration::try_from(clock).map_err(|_| refuse())?;
        let total = days.checked_mul(86_400).and_then(|d| d.checked_add(rest.as_secs())).ok_or_else(refuse)?;
        u64::try_from(total).map(Seconds).map_err(|_| refuse())
    }

    /// As a signed number, for arithmetic with ages.
    #[must_use]
    pub fn get(self) -> i64 {
        i64::try_from(self.0).unwrap_or(i64::MAX)
    }
}

impl fmt::Display for Seconds {
    /// The largest unit that divides it: `90d`, `36h`, `29m`, `45s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("0s"),
            s if s % 86_400 == 0 => write!(f, "{}d", s / 86_400),
            s if s % 3_600 == 0 => write!(f, "{}h", s / 3_600),
            s if s % 60 == 0 => write!(f, "{}m", s / 60),
            s => write!(f, "{s}s"),
        }
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Parsed("a duration, such as 15m or PT4H", Seconds::parse))
    }
}

/// Hours, minutes and seconds as Go writes them into thousands of objects, `720h0m0s`: the same that jiff reads, at a third of
/// the cost. `None` for what is written otherwise, which jiff reads.
fn of_go(text: &str) -> Option<Seconds> {
    /// More than jiff counts in any of these units.
    const MOST: u64 = 631_107_417_600;
    let units = text.bytes().filter(|byte| !byte.is_ascii_digit());
    if !["s", "ms", "hms"].into_iter().any(|all| all.bytes().eq(units.clone())) {
        return None;
    }
    let duration = humantime::parse_duration(text).ok().filter(|duration| duration.as_secs() < MOST)?;
    Some(Seconds(duration.as_secs()))
}

/// Parses a text where it stands: what it is, and how it is read.
struct Parsed<T>(&'static str, fn(&str) -> Result<T, String>);

impl<T> Visitor<'_> for Parsed<T> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        (self.1)(text).map_err(E::custom)
    }
}

/// A point in time as a source wrote it: an instant, where the source said its offset or wrote a bare date (00:00:00Z), or a
/// wall-clock time of a zone that nobody named, which is no evidence until the source's `tz` is given.
///
/// Sixteen bytes also where it may be absent: records hold several, and there are millions of records.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    /// Since 1970, in UTC or as that clock shows it.
    seconds: i64,
    /// Nanoseconds of the second, and one more, so that none is zero; [`WALL_CLOCK`] is added to them.
    rest: NonZeroU32,
}

/// Marks a time of a clock on some wall.
const WALL_CLOCK: u32 = 1 << 31;

/// A date and a time of day in seconds, as tools write them who write millions, with `Z`, an offset such as `+01:00` or none:
/// the same that jiff reads, at a fifth of the cost. `None` for what is written otherwise, which jiff reads.
fn of_tools(text: &str) -> Option<Time> {
    let (zone, offset, mark) = match *text.as_bytes() {
        [.., b'Z'] => (1, 0, 0),
        [.., sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let pair = |tens: u8, ones: u8, most: u8| {
                let digits = tens.is_ascii_digit() && ones.is_ascii_digit();
                digits.then(|| (tens - b'0') * 10 + (ones - b'0')).filter(|number| *number <= most).map(i64::from)
            };
            let ahead = pair(h1, h2, 23)? * 3_600 + pair(m1, m2, 59)? * 60;
            (6, if sign == b'-' { -ahead } else { ahead }, 0)
        }
        _ => (0, 0, WALL_CLOCK),
    };
    // After the seconds stands nothing, or a point and one to nine digits.
    let clock = text.get(..text.len() - zone)?;
    let whole = match clock.as_bytes().get(19..)? {
        [] => true,
        [b'.', digits @ ..] => matches!(digits.len(), 1..=9) && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    if !whole {
        return None;
    }
    let since = humantime::parse_rfc3339_weak(clock).ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let seconds = i64::try_from(since.as_secs()).ok()?.checked_sub(offset)?;
    let rest = NonZeroU32::MIN.saturating_add(since.subsec_nanos() | mark);
    (0..Timestamp::MAX.as_second()).contains(&seconds).then_some(Time { seconds, rest })
}

/// What [`Time`] counts from, as a clock shows it.
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

impl Time {
    /// Reads RFC 3339, a bare date (00:00:00Z), or a date and time without an offset ([`Time::is_local`]).
    pub fn parse(text: &str) -> Result<Self, String> {
        let refuse = || format!("`{text}` is no time; write RFC 3339 such as 2026-11-20T06:00:00Z, or a date");
        if let Some(time) = of_tools(text) {
            return Ok(time);
        }
        let trimmed = text.trim();
        if trimmed.len() == 10 {
            let date: jiff::civil::Date = trimmed.parse().map_err(|_| refuse())?;
            let midnight = date.to_zoned(TimeZone::UTC).map_err(|_| refuse())?;
            return Ok(Time::at(midnight.timestamp()));
        }
        // "2026-03-01 02:00" and "2026-03-01T02:00:00" name no zone; "2026-03-01T02:00-07" does.
        let clock = trimmed.get(10..).ok_or_else(refuse)?;
        if clock.contains(['Z', 'z', '+', '-', '[']) {
            return trimmed.parse().map(Time::at).map_err(|_| refuse());
        }
        trimmed.parse::<DateTime>().map(Time::on_a_wall).map_err(|_| refuse())
    }

    /// From seconds since 1970 UTC; `None` outside the calendar. 0 and Go's zero time mean unknown: see [`Time::is_zero`].
    #[must_use]
    pub fn from_epoch_seconds(seconds: i64) -> Option<Self> {
        Timestamp::from_second(seconds).ok().map(Time::at)
    }

    /// Whether it is a placeholder: epoch 0, Go's `0001-01-01T00:00:00Z`, .NET's `0001-01-01T00:00:00`.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.seconds <= 0
    }

    /// The instant; `None` when no zone is known.
    #[must_use]
    pub fn instant(self) -> Option<Timestamp> {
        if self.is_local() {
            return None;
        }
        Timestamp::new(self.seconds, self.nanoseconds()).ok()
    }

    /// Whether nobody named its zone.
    #[must_use]
    pub fn is_local(self) -> bool {
        self.rest.get() & WALL_CLOCK != 0
    }

    /// What a clock shows at this time: the one on that wall, or one of UTC.
    #[must_use]
    pub fn clock(self) -> DateTime {
        EPOCH.saturating_add(SignedDuration::new(self.seconds, self.nanoseconds()))
    }

    /// An instant.
    #[must_use]
    pub fn at(instant: Timestamp) -> Self {
        Self::new(instant.duration_since(Timestamp::UNIX_EPOCH), 0)
    }

    fn on_a_wall(clock: DateTime) -> Self {
        Self::new(clock.duration_since(EPOCH), WALL_CLOCK)
    }

    fn new(since: SignedDuration, mark: u32) -> Self {
        let (seconds, nanoseconds) = match since.subsec_nanos() {
            before if before < 0 => (since.as_secs() - 1, before + 1_000_000_000),
            after => (since.as_secs(), after),
        };
        Self { seconds, rest: NonZeroU32::MIN.saturating_add(nanoseconds.unsigned_abs() | mark) }
    }

    fn nanoseconds(self) -> i32 {
        i32::try_from((self.rest.get() - 1) & !WALL_CLOCK).unwrap_or_default()
    }

    /// Gives a wall-clock time its zone. Ambiguous times of a clock change take the earlier offset.
    pub fn settle(&mut self, zone: &TimeZone) {
        if self.is_local()
            && let Ok(zoned) = self.clock().to_zoned(zone.clone())
        {
            *self = Time::at(zoned.timestamp());
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.instant() {
            Some(instant) => write!(f, "{instant}"),
            None => write!(f, "{}", self.clock()),
        }
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}{}", if self.is_local() { " on a wall" } else { "" })
    }
}

/// Instants come before times that are none.
impl Ord for Time {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |time: &Self| (time.is_local(), time.seconds, time.rest);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Parsed("a time, such as 2026-11-20T06:00:00Z", Time::parse))
    }
}

/// How good the evidence is, E0 to E5 (CATALOGUE section 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grade {
    /// Nothing, or unknown.
    E0,
    /// Asserted: typed by hand.
    E1,
    /// Configured: a live policy covers it.
    E2,
    /// Observed: a restorable point is listed.
    E3,
    /// Verified: an integrity check or a passed restore test.
    E4,
    /// Exercised: a service-level restore, timed and accepted by a named person.
    E5,
}

impl Grade {
    /// 0 to 5.
    #[must_use]
    pub fn rank(self) -> u8 {
        self as u8
    }

    /// `E0` to `E5`.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["E0", "E1", "E2", "E3", "E4", "E5"][self as usize]
    }
}

/// How much a finding of a rule matters, at tiers 1 and 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth mending when somebody is there anyway.
    Low,
    /// To be mended within a quarter.
    Medium,
    /// To be mended within a month.
    High,
    /// A recovery would fail, or nobody could tell.
    Critical,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_every_form_that_people_and_go_write() {
        for (text, seconds) in [
            ("15m", 900),
            ("4h", 14_400),
            ("90d", 7_776_000),
            ("PT8H", 28_800),
            ("P35D", 3_024_000),
            ("720h0m0s", 2_592_000),
            ("7y", 220_752_000),
            ("2w", 1_209_600),
            ("1h30m", 5_400),
            ("0s", 0),
        ] {
            assert_eq!(Seconds::parse(text), Ok(Seconds(seconds)), "{text}");
        }
        for text in ["", "90", "P1M", "-4h", "four hours", "4 parsecs"] {
            assert!(Seconds::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_without_a_zone_is_no_instant_until_its_source_names_one() {
        let mut local = Time::parse("2026-03-01 02:00").unwrap();
        assert_eq!(local.instant(), None);
        local.settle(&TimeZone::get("Europe/Berlin").unwrap());
        assert_eq!(local.to_string(), "2026-03-01T01:00:00Z");
        assert_eq!(Time::parse("2026-03-01").unwrap().to_string(), "2026-03-01T00:00:00Z");
        assert_eq!(Time::parse("2026-05-21T06:00:11.482039+02:00").unwrap().to_string(), "2026-05-21T04:00:11.482039Z");
        assert!(Time::parse("yesterday").is_err());
        assert!(Time::parse("2026-13-01T00:00:00Z").is_err());
    }

    proptest::proptest! {
        #[test]
        fn a_duration_of_go_is_the_one_that_jiff_reads(text in "([0-9]{0,12}h)?([0-9]{0,12}[ m]){0,2}([0-9]{0,12}s)?") {
            let span = text.parse::<Span>().ok().filter(|_| !text.is_empty());
            let read = span.and_then(|span| SignedDuration::try_from(span).ok()).map(|d| Seconds(d.as_secs().unsigned_abs()));
            proptest::prop_assert!(of_go(&text).is_none_or(|duration| Some(duration) == read), "{text}");
        }

        #[test]
        fn a_time_is_the_one_that_jiff_reads(
            text in "(0001|19[67][0-9]|20[0-9]{2}|2100|9999)-(0[0-9]|1[0-3])-([0-2][0-9]|3[0-2])[T ]([01][0-9]|2[0-4]):(00|59|60):(00|59|6[01])([.,][0-9]{0,10})?",
            zone in "(Z|\\+00:00|-00:00|[+-](0[0-9]|1[0-4]|2[3-6]):(00|30|45|60)|\\+00|-0330|)(Z|\\+01:00)?"
        ) {
            let text = text + &zone;
            let read = match zone.as_str() {
                "" => text.parse().ok().map(Time::on_a_wall),
                _ => text.parse::<Timestamp>().ok().map(Time::at),
            };
            proptest::prop_assert!(of_tools(&text).is_none_or(|time| Some(time) == read), "{text}");
            proptest::prop_assert_eq!(Time::parse(&text).ok(), read, "{}", text);
        }
    }
}
