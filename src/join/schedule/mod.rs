//! The longest and the shortest gap between two runs of a schedule, over a year, with a cron library.
//!
//! Dialects: cron of five fields, and of six with seconds first (CloudNativePG); Quartz, with seconds first, `?` and
//! years; `@daily` and its kin, `@every 6h` (Go); `CRON_TZ=` and `TZ=` prefixes; AWS `cron(m h dom mon dow year)` and
//! `rate(12 hours)`; calendar events of systemd and Proxmox (`mon..fri 21:00`). Gaps are wall-clock gaps, whether a zone
//! is named or not; a clock change adds or takes an hour twice a year and is not counted.

mod calendar;
mod cron;

use std::sync::Mutex;

use jiff::civil::{Date, date};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::hash::HashMap;
use crate::model::{Policy, Records, Seconds};

/// Gaps by schedule text: thousands of policies share a few schedules.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    known: Mutex<HashMap<String, Option<Gap>>>,
}

/// The time between two runs of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) shortest: Seconds,
    pub(super) longest: Seconds,
}

impl Gap {
    fn every(seconds: Seconds) -> Self {
        Gap { shortest: seconds, longest: seconds }
    }
}

impl Gaps {
    /// The longest gap; `None` when the schedule cannot be read or never runs.
    pub(super) fn longest(&self, schedule: &str) -> Option<Seconds> {
        self.of(schedule).map(|gap| gap.longest)
    }

    /// How far back the last points of a policy reach, at the least: a gap for each.
    pub(super) fn reach(&self, policy: &Policy) -> Option<Seconds> {
        let shortest = match &policy.schedule {
            Some(schedule) => self.of(schedule)?.shortest,
            None => policy.interval?,
        };
        policy.retention_points?.checked_mul(shortest.0).filter(|reach| *reach > 0).map(Seconds)
    }

    fn of(&self, schedule: &str) -> Option<Gap> {
        if let Ok(known) = self.known.lock()
            && let Some(gap) = known.get(schedule)
        {
            return *gap;
        }
        let gap = gap_of(schedule).ok();
        if let Ok(mut known) = self.known.lock() {
            known.insert(schedule.to_owned(), gap);
        }
        gap
    }

    /// Says which schedules of live policies cannot be read: their gap stays unknown.
    pub(super) fn check(&self, records: &Records, found: &mut Diagnostics) {
        for entry in records.policies.iter().filter(|entry| entry.record.invalid.is_none()) {
            let policy = &entry.record;
            if let (Some(points), None) = (policy.retention_points, policy.retention)
                && self.reach(policy).is_none()
            {
                let message = format!(
                    "`{}` keeps the last {points} points, and how often it runs is not known, so neither is how far back they reach",
                    policy.id
                );
                found.push(Diagnostic::note("retention", message).at(records.place(entry, "retention_points")));
            }
            let Some(schedule) = entry.record.schedule.as_deref() else { continue };
            if self.longest(schedule).is_some() {
                continue;
            }
            let why = gap_of(schedule).err().unwrap_or(Unclear::Unreadable);
            let words = match why {
                Unclear::Unreadable => "is no schedule that passmuster reads",
                Unclear::NeverAgain => "names no two times within ten years",
            };
            let message = format!("`{schedule}` {words}, so how often `{}` runs is not known", entry.record.id);
            found.push(Diagnostic::warning("schedule", message).at(records.place(entry, "schedule")).help(
                "cron of five fields, or six or seven with seconds first, @daily, @every 6h, AWS cron(…) and rate(…), and systemd's calendar events are read",
            ));
        }
    }
}

/// Why a schedule has no longest gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unclear {
    /// It is written in no dialect that is known.
    Unreadable,
    /// It can be read, but does not run twice within ten years.
    NeverAgain,
}

/// The gaps between two runs over a year.
fn gap_of(schedule: &str) -> Result<Gap, Unclear> {
    let text = strip_zone(schedule.trim());
    if let Some(every) = text.strip_prefix("@every ") {
        return Seconds::parse(every).ok().filter(|s| s.0 > 0).map(Gap::every).ok_or(Unclear::Unreadable);
    }
    if let Some(rate) = text.strip_prefix("rate(").and_then(|r| r.strip_suffix(')')) {
        return rate_of_aws(rate).map(Gap::every).ok_or(Unclear::Unreadable);
    }
    let aws = text.strip_prefix("cron(").and_then(|c| c.strip_suffix(')'));
    let runs = match aws {
        Some(fields) => cron::of_aws(fields),
        None if text.starts_with('@') || text.split_whitespace().count() >= 5 => cron::of_fields(text),
        None => calendar::of_event(text),
    };
    runs.ok_or(Unclear::Unreadable)?.gap().ok_or(Unclear::NeverAgain)
}

/// `12 hours`.
fn rate_of_aws(rate: &str) -> Option<Seconds> {
    let (count, unit) = rate.trim().split_once(' ')?;
    let unit = match unit.trim().trim_end_matches('s') {
        "minute" => 60,
        "hour" => 3_600,
        "day" => 86_400,
        _ => return None,
    };
    count.trim().parse::<u64>().ok()?.checked_mul(unit).filter(|s| *s > 0).map(Seconds)
}

fn strip_zone(text: &str) -> &str {
    match text.strip_prefix("CRON_TZ=").or_else(|| text.strip_prefix("TZ=")) {
        Some(rest) => rest.split_once(char::is_whitespace).map_or("", |(_, fields)| fields.trim()),
        None => text,
    }
}

/// What a schedule comes to: on each day that it runs, it runs at the same times.
struct Runs {
    /// First and last time of such a day, in seconds, and the shortest and longest gap between two of its times.
    first: i64,
    last: i64,
    within: Option<(i64, i64)>,
    /// The days that tell the gaps: one where it runs every day; else a year and a bit, with a leap year where it
    /// names months.
    horizon: i64,
    on: Box<dyn Fn(Date) -> bool>,
}

impl Runs {
    /// From the times of a day, in order.
    fn new(times: impl Iterator<Item = i64>, horizon: i64, on: Box<dyn Fn(Date) -> bool>) -> Option<Self> {
        let (mut first, mut last, mut within) = (None, None, None);
        for at in times {
            within = last.map_or(within, |last| Some(wider(within, at - last)));
            first.get_or_insert(at);
            last = Some(at);
        }
        Some(Runs { first: first?, last: last?, within, horizon, on })
    }

    /// Looks at the days of the horizon, and up to ten years for the next one.
    fn gap(&self) -> Option<Gap> {
        const DAY: i64 = 86_400;
        let mut gaps = self.within;
        let (mut day, mut first, mut last) = (date(2026, 1, 1), None, None);
        for number in 0_i64..3_660 {
            if (self.on)(day) {
                gaps = last.map_or(gaps, |last| Some(wider(gaps, (number - last) * DAY - (self.last - self.first))));
                last = Some(number);
                if number - *first.get_or_insert(number) >= self.horizon {
                    break;
                }
            }
            day = day.tomorrow().ok()?;
        }
        // One day that never comes again tells nothing of the time between two.
        let again = first.zip(last).is_some_and(|(first, last)| first < last);
        let seconds = |gap: i64| u64::try_from(gap).ok().filter(|s| *s > 0).map(Seconds);
        let (shortest, longest) = gaps.filter(|_| again)?;
        Some(Gap { shortest: seconds(shortest)?, longest: seconds(longest)? })
    }
}

/// The shortest and longest of gaps, with one more.
fn wider(gaps: Option<(i64, i64)>, gap: i64) -> (i64, i64) {
    gaps.map_or((gap, gap), |(shortest, longest)| (shortest.min(gap), longest.max(gap)))
}

/// Horizons of [`Runs`], by what a schedule names.
fn horizon(every_month: bool, every_day: bool) -> i64 {
    match every_month {
        true if every_day => 1,
        true => 400,
        false => 4 * 366,
    }
}

#[cfg(test)]
mod tests;
