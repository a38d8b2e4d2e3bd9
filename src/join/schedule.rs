//! The longest gap between two runs of a schedule, over a year, with a cron library.
//!
//! Dialects: five and six fields, `@daily` and its kin, `@every 6h` (Go), `CRON_TZ=` and `TZ=` prefixes,
//! AWS `cron(m h dom mon dow year)` and `rate(12 hours)`. Gaps are wall-clock gaps; a clock change adds or
//! takes an hour twice a year and is not counted.

use std::collections::HashMap;
use std::sync::Mutex;

use croner::parser::{CronParser, Seconds as SecondsField};
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::model::Seconds;

/// Gaps by schedule text: thousands of policies share a few schedules.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    known: Mutex<HashMap<String, Option<Seconds>>>,
}

impl Gaps {
    /// The longest gap; `None` when the schedule cannot be read or never runs.
    pub(super) fn longest(&self, schedule: &str) -> Option<Seconds> {
        if let Ok(known) = self.known.lock()
            && let Some(gap) = known.get(schedule)
        {
            return *gap;
        }
        let gap = longest_gap(schedule);
        if let Ok(mut known) = self.known.lock() {
            known.insert(schedule.to_owned(), gap);
        }
        gap
    }
}

/// The longest gap between two runs over a year.
pub(super) fn longest_gap(schedule: &str) -> Option<Seconds> {
    let text = schedule.trim();
    if let Some(every) = text.strip_prefix("@every ") {
        return Seconds::parse(every).ok().filter(|s| s.0 > 0);
    }
    if let Some(rate) = text.strip_prefix("rate(").and_then(|r| r.strip_suffix(')')) {
        let (count, unit) = rate.trim().split_once(' ')?;
        let unit = match unit.trim().trim_end_matches('s') {
            "minute" => 60,
            "hour" => 3_600,
            "day" => 86_400,
            _ => return None,
        };
        return count.trim().parse::<u64>().ok()?.checked_mul(unit).filter(|s| *s > 0).map(Seconds);
    }
    let fields = match text.strip_prefix("cron(").and_then(|c| c.strip_suffix(')')) {
        Some(aws) => five_fields_of_aws(aws)?,
        None => strip_zone(text).to_owned(),
    };
    gap_of_cron(&fields)
}

/// AWS writes minute, hour, day, month, weekday (1 = Sunday), year.
fn five_fields_of_aws(text: &str) -> Option<String> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, day, month, weekday, year] = fields.as_slice() else { return None };
    if *year != "*" {
        return None;
    }
    let weekday: String = weekday
        .chars()
        .map(|c| c.to_digit(10).filter(|d| (1..=7).contains(d)).and_then(|d| char::from_digit(d - 1, 10)).unwrap_or(c))
        .collect();
    let any = |field: &str| if field == "?" { "*".to_owned() } else { field.to_owned() };
    Some(format!("{minute} {hour} {} {month} {}", any(day), any(&weekday)))
}

fn strip_zone(text: &str) -> &str {
    match text.strip_prefix("CRON_TZ=").or_else(|| text.strip_prefix("TZ=")) {
        Some(rest) => rest.split_once(char::is_whitespace).map_or("", |(_, fields)| fields.trim()),
        None => text,
    }
}

fn gap_of_cron(fields: &str) -> Option<Seconds> {
    let cron = CronParser::builder().seconds(SecondsField::Optional).build().parse(fields).ok()?;
    // How far to look: a schedule that names neither days nor months repeats every day, one that names weekdays every
    // week, one that names days every year; anything else within a leap cycle's longest year and a bit.
    let parts: Vec<&str> = fields.split_whitespace().collect();
    let days = match parts.as_slice() {
        [.., day, month, weekday] if parts.len() >= 5 && is_any(month) => match (is_any(day), is_any(weekday)) {
            (true, true) => 2,
            (true, false) => 15,
            (false, _) => 400,
        },
        _ => 800,
    };
    let start = date(2026, 1, 1).to_zoned(TimeZone::UTC).ok()?;
    let end = start.timestamp().as_second() + days * 86_400;
    let mut runs = cron.iter_after(start);
    let mut last = runs.next()?.timestamp().as_second();
    let mut longest = 0;
    for run in runs {
        let at = run.timestamp().as_second();
        longest = longest.max(at - last);
        last = at;
        if at >= end {
            break;
        }
    }
    u64::try_from(longest).ok().filter(|s| *s > 0).map(Seconds)
}

fn is_any(field: &str) -> bool {
    matches!(field, "*" | "?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_of_every_dialect_that_a_tool_writes() {
        for (schedule, gap) in [
            ("*/30 * * * *", "30m"),
            ("30 3,7,11,15,19,23 * * *", "4h"),
            ("0 2 * * 6", "7d"),
            ("0 3 */3 * *", "3d"),
            ("@daily", "1d"),
            ("@every 6h", "6h"),
            ("CRON_TZ=Europe/Berlin 0 1 * * *", "1d"),
            ("cron(0 5,17 * * ? *)", "12h"),
            ("cron(0 5 ? * 7 *)", "7d"),
            ("rate(12 hours)", "12h"),
            ("0 0 1 * *", "31d"),
        ] {
            assert_eq!(longest_gap(schedule), Seconds::parse(gap).ok(), "{schedule}");
        }
        for nonsense in ["not-a-cron", "", "61 * * * *", "rate(5 fortnights)"] {
            assert_eq!(longest_gap(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_day_that_never_comes_is_no_schedule() {
        assert_eq!(longest_gap("0 0 31 2 *"), None);
    }
}
