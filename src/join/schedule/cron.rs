//! Cron fields, by way of the cron library.

use croner::parser::{CronParser, Seconds as SecondsField};
use croner::{CronPattern, Weekday};
use jiff::civil::Date;

use super::{Runs, horizon};

/// Five fields; six with seconds first; seven with years last; `@daily`. Where `?` stands for one of the two fields of
/// days, or there are seven fields, it is Quartz, whose week begins with 1 for Sunday.
pub(super) fn of_fields(text: &str) -> Option<Runs> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    match fields.as_slice() {
        [descriptor] if descriptor.starts_with('@') => {
            let fields = match *descriptor {
                "@yearly" | "@annually" => "0 0 1 1 *",
                "@monthly" => "0 0 1 * *",
                "@weekly" => "0 0 * * 0",
                "@daily" | "@midnight" => "0 0 * * *",
                "@hourly" => "0 * * * *",
                _ => return None,
            };
            of_pattern(&format!("0 {fields} {YEARS}"))
        }
        [_, _, _, _, _] => of_pattern(&format!("0 {text} {YEARS}")),
        [second, minute, hour, day, month, weekday] if *day == "?" || *weekday == "?" => {
            of_quartz([second, minute, hour, day, month, weekday], YEARS)
        }
        [_, _, _, _, _, _] => of_pattern(&format!("{text} {YEARS}")),
        [second, minute, hour, day, month, weekday, year] => {
            of_quartz([second, minute, hour, day, month, weekday], if *year == "*" { YEARS } else { year })
        }
        _ => None,
    }
}

/// AWS writes minute, hour, day, month, weekday (1 = Sunday), year.
pub(super) fn of_aws(text: &str) -> Option<Runs> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, day, month, weekday, year] = fields.as_slice() else { return None };
    of_quartz(["0", minute, hour, day, month, weekday], if *year == "*" { YEARS } else { year })
}

/// Without a field for years the library marks five thousand of them; these are more than are looked at.
const YEARS: &str = "2026-2040";

fn of_quartz([second, minute, hour, day, month, weekday]: [&str; 6], years: &str) -> Option<Runs> {
    let any = |field: &str| if field == "?" { "*".to_owned() } else { field.to_owned() };
    let weekday = weekday.split(',').map(from_sunday_zero).collect::<Option<Vec<_>>>()?.join(",");
    of_pattern(&format!("{second} {minute} {hour} {} {month} {} {years}", any(day), any(&weekday)))
}

/// A part of a field of weekdays that counts from 1 for Sunday, as one that counts from 0: `2-6`, `1/2`, `6#3`, `6L`.
fn from_sunday_zero(part: &str) -> Option<String> {
    // Alone, `L` is Saturday.
    if part == "L" {
        return Some("6".to_owned());
    }
    let end = part.find(['/', '#']).unwrap_or(part.len());
    let (days, suffix) = part.split_at(end);
    let (days, last) = days.strip_suffix('L').filter(|d| !d.is_empty()).map_or((days, ""), |days| (days, "L"));
    let days = days.split('-').map(|day| match day.parse::<u8>() {
        Ok(number) => (1..=7).contains(&number).then(|| (number - 1).to_string()),
        Err(_) => Some(day.to_owned()),
    });
    Some(format!("{}{last}{suffix}", days.collect::<Option<Vec<_>>>()?.join("-")))
}

/// `0/15` means from 0 on, which the library wants to be told: `0-59/15`.
fn with_ends(fields: &str) -> String {
    const LAST: [&str; 6] = ["59", "59", "23", "31", "12", "6"];
    let each = fields.split_whitespace().enumerate().map(|(index, field)| {
        let part = |part: &str| match (part.split_once('/'), LAST.get(index)) {
            (Some((from, step)), Some(last)) if !from.is_empty() && from.bytes().all(|b| b.is_ascii_digit()) => {
                format!("{from}-{last}/{step}")
            }
            _ => part.to_owned(),
        };
        field.split(',').map(part).collect::<Vec<_>>().join(",")
    });
    each.collect::<Vec<_>>().join(" ")
}

fn of_pattern(fields: &str) -> Option<Runs> {
    let fields = &with_ends(fields);
    let cron = CronParser::builder().seconds(SecondsField::Optional).build().parse(fields).ok()?.pattern;
    let hours = (0..24).filter(|hour| cron.hour_match(*hour).unwrap_or(false));
    let minutes: Vec<u32> = (0..60).filter(|minute| cron.minute_match(*minute).unwrap_or(false)).collect();
    let seconds: Vec<u32> = (0..60).filter(|second| cron.second_match(*second).unwrap_or(false)).collect();
    let times: Vec<i64> = hours
        .flat_map(|hour| minutes.iter().map(move |minute| hour * 60 + minute))
        .flat_map(|minute| seconds.iter().map(move |second| i64::from(minute * 60 + second)))
        .collect();
    let every_month = (1..=12).all(|month| cron.month_match(month).unwrap_or(false));
    let every_day = cron.is_dom_wildcard() && cron.is_dow_wildcard();
    Runs::new(times.into_iter(), horizon(every_month, every_day), Box::new(move |day| runs_on(&cron, day)))
}

fn runs_on(cron: &CronPattern, day: Date) -> bool {
    let (year, month) = (i32::from(day.year()), day.month().unsigned_abs().into());
    let weekday = Weekday::from_days_from_sunday(day.weekday().to_sunday_zero_offset().unsigned_abs().into());
    cron.year_match(year).unwrap_or(false)
        && cron.month_match(month).unwrap_or(false)
        && cron.day_match(year, month, day.day().unsigned_abs().into(), weekday).unwrap_or(false)
}
