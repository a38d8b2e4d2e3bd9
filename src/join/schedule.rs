//! The longest gap between two runs of a schedule, over a year, with a cron library.
//!
//! Dialects: five and six fields, `@daily` and its kin, `@every 6h` (Go), `CRON_TZ=` and `TZ=` prefixes,
//! AWS `cron(m h dom mon dow year)` and `rate(12 hours)`. Gaps are wall-clock gaps; a clock change adds or
//! takes an hour twice a year and is not counted.

use std::collections::HashMap;
use std::sync::Mutex;

use croner::parser::{CronParser, Seconds as SecondsField};
use croner::{CronPattern, Weekday};
use jiff::civil::{Date, date};

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
    const DAY: i64 = 86_400;
    // Without a field for years the library marks five thousand of them; these are more than are looked at.
    let with_years = match fields.split_whitespace().count() {
        5 => format!("0 {fields} 2026-2040"),
        6 => format!("{fields} 2026-2040"),
        _ => fields.to_owned(),
    };
    let cron = CronParser::builder().seconds(SecondsField::Optional).build().parse(&with_years).ok()?.pattern;
    // On each day that it runs, it runs at the same times.
    let (mut longest, mut first, mut last) = (0, None, None);
    for hour in (0..24).filter(|hour| cron.hour_match(*hour).unwrap_or(false)) {
        for minute in (0..60).filter(|minute| cron.minute_match(*minute).unwrap_or(false)) {
            for second in (0..60).filter(|second| cron.second_match(*second).unwrap_or(false)) {
                let at = i64::from(hour * 3_600 + minute * 60 + second);
                longest = last.map_or(longest, |last| longest.max(at - last));
                first.get_or_insert(at);
                last = Some(at);
            }
        }
    }
    let (first_run, last_run) = (first?, last?);
    // A day where it runs every day; else a year of days and a bit, with a leap year where it names months; and up to
    // ten years for the next one.
    let horizon = match (1..=12).all(|month| cron.month_match(month).unwrap_or(false)) {
        true if cron.is_dom_wildcard() && cron.is_dow_wildcard() => 1,
        true => 400,
        false => 4 * 366,
    };
    let (mut day, mut first, mut last) = (date(2026, 1, 1), None, None);
    for number in 0_i64..3_660 {
        if runs_on(&cron, day) {
            longest = last.map_or(longest, |last| longest.max((number - last) * DAY - (last_run - first_run)));
            last = Some(number);
            if number - *first.get_or_insert(number) >= horizon {
                break;
            }
        }
        day = day.tomorrow().ok()?;
    }
    u64::try_from(longest).ok().filter(|s| *s > 0).map(Seconds)
}

fn runs_on(cron: &CronPattern, day: Date) -> bool {
    let (year, month) = (i32::from(day.year()), day.month().unsigned_abs().into());
    let weekday = Weekday::from_days_from_sunday(day.weekday().to_sunday_zero_offset().unsigned_abs().into());
    cron.year_match(year).unwrap_or(false)
        && cron.month_match(month).unwrap_or(false)
        && cron.day_match(year, month, day.day().unsigned_abs().into(), weekday).unwrap_or(false)
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

    /// As the library itself finds one run after the other.
    fn longest_by_runs(fields: &str) -> Option<Seconds> {
        let cron = CronParser::builder().seconds(SecondsField::Optional).build().parse(fields).ok()?;
        let start = date(2026, 1, 1).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
        let runs = cron.iter_after(start).map(|run| run.timestamp().as_second());
        let (mut first, mut last, mut longest) = (None, None, 0);
        for at in runs {
            longest = last.map_or(longest, |last| longest.max(at - last));
            last = Some(at);
            if at - *first.get_or_insert(at) >= 4 * 366 * 86_400 {
                break;
            }
        }
        u64::try_from(longest).ok().filter(|s| *s > 0).map(Seconds)
    }

    #[test]
    fn the_longest_gap_is_that_of_the_runs_one_by_one() {
        for fields in [
            "*/30 * * * *",
            "7 6,14,22 * * *",
            "15 30 2 * * *",
            "15,45 6-18 * * 1-5",
            "0 2 1,15 * *",
            "0 1 */2 * *",
            "0 4 L * *",
            "30 22 15W * *",
            "0 3 * * 1#1",
            "0 10 * * 5L",
            "0 3 13 * 5",
            "0 0 29 2 *",
            "0 12 1 1,4,7,10 *",
            "@daily",
            "@weekly",
            "@monthly",
            "@yearly",
        ] {
            let gap = longest_gap(fields);
            assert!(gap.is_some(), "{fields}");
            assert_eq!(gap, longest_by_runs(fields), "{fields}");
        }
    }

    #[test]
    fn a_day_that_never_comes_is_no_schedule() {
        assert_eq!(longest_gap("0 0 31 2 *"), None);
    }
}
