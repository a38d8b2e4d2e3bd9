//! A job's schedule (`BackupScheduleModel`) as the model has it: cron where a job runs at a time of day, an interval
//! where it runs every so often around the clock.
//!
//! What has no exact form is left out: a job that runs after another one, or continuously, or every so often within
//! a window, one that is started by hand, and one with a form that no document describes.

use serde::Deserialize;

use crate::model::Seconds;
use crate::normalise::vendor::{self, Written};

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Schedule<'a> {
    run_automatically: Option<bool>,
    #[serde(borrow)]
    daily: Option<Daily<'a>>,
    #[serde(borrow)]
    monthly: Option<Monthly<'a>>,
    #[serde(borrow)]
    periodically: Option<Periodically<'a>>,
    continuously: Option<Switch>,
    after_this_job: Option<Switch>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Switch {
    is_enabled: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Daily<'a> {
    is_enabled: Option<bool>,
    #[serde(borrow)]
    daily_kind: Option<Written<'a>>,
    #[serde(borrow)]
    local_time: Option<Written<'a>>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    days: Vec<Written<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Monthly<'a> {
    is_enabled: Option<bool>,
    #[serde(borrow)]
    local_time: Option<Written<'a>>,
    #[serde(borrow)]
    day_of_week: Option<Written<'a>>,
    #[serde(borrow)]
    day_number_in_month: Option<Written<'a>>,
    day_of_month: Option<u64>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    months: Vec<Written<'a>>,
    is_last_day_of_month: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Periodically<'a> {
    is_enabled: Option<bool>,
    #[serde(borrow)]
    periodically_kind: Option<Written<'a>>,
    frequency: Option<u64>,
    #[serde(borrow)]
    backup_window: Option<Window<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Window<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    days: Vec<Hours<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Hours<'a> {
    #[serde(borrow)]
    day: Written<'a>,
    #[serde(borrow)]
    hours: Written<'a>,
}

/// How often a job runs.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Runs {
    Cron(String),
    Every(Seconds),
}

impl Schedule<'_> {
    pub(super) fn runs(&self) -> Option<Runs> {
        if self.run_automatically != Some(true) {
            return None;
        }
        let on = |switch: Option<bool>| switch == Some(true);
        let daily = self.daily.as_ref().filter(|daily| on(daily.is_enabled));
        let monthly = self.monthly.as_ref().filter(|monthly| on(monthly.is_enabled));
        let periodically = self.periodically.as_ref().filter(|periodically| on(periodically.is_enabled));
        let otherwise = [&self.continuously, &self.after_this_job].into_iter().flatten().any(|s| on(s.is_enabled));
        match (daily, monthly, periodically, otherwise) {
            (Some(daily), None, None, false) => daily.cron().map(Runs::Cron),
            (None, Some(monthly), None, false) => monthly.cron().map(Runs::Cron),
            (None, None, Some(periodically), false) => periodically.every().map(Runs::Every),
            _ => None,
        }
    }
}

impl Daily<'_> {
    fn cron(&self) -> Option<String> {
        let (hour, minute) = clock(self.local_time.as_deref()?)?;
        let days = match self.daily_kind.as_deref()?.to_ascii_lowercase().as_str() {
            "everyday" => "*".to_owned(),
            "weekdays" => "1-5".to_owned(),
            "selecteddays" => list(self.days.iter().map(|day| weekday(day)))?,
            _ => return None,
        };
        Some(format!("{minute} {hour} * * {days}"))
    }
}

impl Monthly<'_> {
    fn cron(&self) -> Option<String> {
        let (hour, minute) = clock(self.local_time.as_deref()?)?;
        let months = list(self.months.iter().map(|name| month(name)))?;
        let months = if self.months.len() == 12 { "*".to_owned() } else { months };
        let number = self.day_number_in_month.as_deref()?.to_ascii_lowercase();
        let (day, weekday) = match number.as_str() {
            "onday" if self.is_last_day_of_month == Some(true) => ("L".to_owned(), "*".to_owned()),
            // Some months have no 29th; what Veeam does then, no document says.
            "onday" => (self.day_of_month.filter(|day| (1..=28).contains(day))?.to_string(), "*".to_owned()),
            "first" | "second" | "third" | "fourth" | "last" => {
                let weekday = weekday(self.day_of_week.as_deref()?)?;
                let nth = match number.as_str() {
                    "first" => "#1",
                    "second" => "#2",
                    "third" => "#3",
                    "fourth" => "#4",
                    _ => "L",
                };
                ("*".to_owned(), format!("{weekday}{nth}"))
            }
            _ => return None,
        };
        Some(format!("{minute} {hour} {day} {months} {weekday}"))
    }
}

impl Periodically<'_> {
    /// Intervals are counted from midnight, so none is longer than it says.
    fn every(&self) -> Option<Seconds> {
        if !self.backup_window.as_ref().is_none_or(Window::is_open) {
            return None;
        }
        let unit = match self.periodically_kind.as_deref()?.to_ascii_lowercase().as_str() {
            "seconds" => 1,
            "minutes" => 60,
            "hours" => 3_600,
            "days" => 86_400,
            _ => return None,
        };
        self.frequency?.checked_mul(unit).filter(|seconds| *seconds > 0).map(Seconds)
    }
}

impl Window<'_> {
    /// Whether it is open at every hour of every day.
    fn is_open(&self) -> bool {
        let whole = |hours: &Hours| {
            weekday(&hours.day).is_some() && hours.hours.split(',').filter(|hour| hour.trim() == "1").count() == 24
        };
        self.days.is_empty() || (self.days.len() == 7 && self.days.iter().all(whole))
    }
}

/// `22:00`, also with seconds or a fraction of them that are none.
fn clock(text: &str) -> Option<(u8, u8)> {
    let mut parts = text.split(':');
    let (hour, minute) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let rest = parts.next().is_none_or(|rest| rest.bytes().all(|byte| matches!(byte, b'0' | b'.')));
    (hour < 24 && minute < 60 && rest).then_some((hour, minute))
}

/// Numbers for cron, sorted; `None` where there is none, or one has no number.
fn list(numbers: impl Iterator<Item = Option<u8>>) -> Option<String> {
    let mut numbers = numbers.collect::<Option<Vec<u8>>>()?;
    numbers.sort_unstable();
    numbers.dedup();
    let texts: Vec<String> = numbers.iter().map(u8::to_string).collect();
    (!texts.is_empty()).then(|| texts.join(","))
}

/// From Sunday, as cron counts.
fn weekday(name: &str) -> Option<u8> {
    number(name, &["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"])
}

/// From 1.
fn month(name: &str) -> Option<u8> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    number(name, &NAMES).map(|index| index + 1)
}

fn number(name: &str, names: &[&str]) -> Option<u8> {
    let index = names.iter().position(|known| name.eq_ignore_ascii_case(known))?;
    u8::try_from(index).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(json: &str) -> Option<Runs> {
        serde_json::from_str::<Schedule>(json).unwrap().runs()
    }

    fn cron(json: &str) -> Option<String> {
        match runs(json) {
            Some(Runs::Cron(cron)) => Some(cron),
            _ => None,
        }
    }

    #[test]
    fn a_time_of_day_is_a_cron_expression() {
        let daily = |rest: &str| {
            cron(&format!(r#"{{"runAutomatically":true,"daily":{{"isEnabled":true,"localTime":"22:30",{rest}}}}}"#))
        };
        assert_eq!(daily(r#""dailyKind":"Everyday""#).as_deref(), Some("30 22 * * *"));
        assert_eq!(daily(r#""dailyKind":"WeekDays""#).as_deref(), Some("30 22 * * 1-5"));
        assert_eq!(
            daily(r#""dailyKind":"SelectedDays","days":["Saturday","monday"]"#).as_deref(),
            Some("30 22 * * 1,6")
        );
        assert_eq!(daily(r#""dailyKind":"SelectedDays","days":["Caturday"]"#), None);
        assert_eq!(daily(r#""dailyKind":"SelectedDays","days":[]"#), None);
        assert_eq!(daily(r#""dailyKind":"Fortnightly""#), None);
        assert_eq!(
            cron(r#"{"runAutomatically":true,"daily":{"isEnabled":true,"dailyKind":"Everyday","localTime":"25:00"}}"#),
            None
        );
    }

    #[test]
    fn a_day_of_the_month_is_a_cron_expression_where_every_month_has_it() {
        let all = r#""months":["January","February","March","April","May","June","July","August","September","October","November","December"]"#;
        let monthly = |rest: &str| {
            cron(&format!(r#"{{"runAutomatically":true,"monthly":{{"isEnabled":true,"localTime":"10:00",{rest}}}}}"#))
        };
        let with_all = |rest: &str| monthly(&format!("{rest},{all}"));
        assert_eq!(with_all(r#""dayNumberInMonth":"Fourth","dayOfWeek":"saturday""#).as_deref(), Some("0 10 * * 6#4"));
        assert_eq!(with_all(r#""dayNumberInMonth":"Last","dayOfWeek":"Friday""#).as_deref(), Some("0 10 * * 5L"));
        assert_eq!(with_all(r#""dayNumberInMonth":"OnDay","dayOfMonth":15"#).as_deref(), Some("0 10 15 * *"));
        assert_eq!(with_all(r#""dayNumberInMonth":"OnDay","dayOfMonth":31"#), None);
        assert_eq!(
            with_all(r#""dayNumberInMonth":"OnDay","dayOfMonth":1,"isLastDayOfMonth":true"#).as_deref(),
            Some("0 10 L * *")
        );
        let quarters = r#""dayNumberInMonth":"OnDay","dayOfMonth":1,"months":["October","January","April","July"]"#;
        assert_eq!(monthly(quarters).as_deref(), Some("0 10 1 1,4,7,10 *"));
    }

    #[test]
    fn a_window_that_closes_leaves_no_interval() {
        let every = |hours: &str| {
            let days: Vec<_> = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
                .iter()
                .map(|day| format!(r#"{{"day":"{day}","hours":"{hours}"}}"#))
                .collect();
            let window = days.join(",");
            runs(&format!(
                r#"{{"runAutomatically":true,"periodically":{{"isEnabled":true,"periodicallyKind":"Hours","frequency":4,"backupWindow":{{"days":[{window}]}}}}}}"#
            ))
        };
        let (open, shut) = (["1"; 24].join(","), format!("0,{}", ["1"; 23].join(",")));
        assert_eq!(every(&open), Some(Runs::Every(Seconds(14_400))));
        assert_eq!(every(&shut), None);
    }

    #[test]
    fn what_has_no_exact_form_is_left_out() {
        let daily = r#""daily":{"isEnabled":true,"dailyKind":"Everyday","localTime":"10:00"}"#;
        assert_eq!(runs(&format!(r#"{{"runAutomatically":false,{daily}}}"#)), None);
        assert_eq!(runs(&format!("{{{daily}}}")), None);
        assert_eq!(runs(&format!(r#"{{"runAutomatically":true,{daily},"continuously":{{"isEnabled":true}}}}"#)), None);
        assert_eq!(runs(r#"{"runAutomatically":true,"afterThisJob":{"isEnabled":true,"jobName":"x"}}"#), None);
    }
}
