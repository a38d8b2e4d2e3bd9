//! Calendar events, as in systemd.time(7), "Calendar Events", and in Proxmox's documentation, "Calendar Events":
//! `[weekdays] [[years-]months-days] [hours:minutes[:seconds]] [zone]`.
//!
//! A time alone without a colon is minutes (`*/15`), as in Proxmox. Weekdays and dates both have to fit.

use jiff::civil::Date;

use super::{Runs, horizon};

/// Reads an event; `None` where it is none.
pub(super) fn of_event(text: &str) -> Option<Runs> {
    let lower = text.to_ascii_lowercase();
    let mut parts = long_form(&lower).unwrap_or(&lower).split_whitespace().peekable();
    let (mut event, mut read) = (Event::default(), false);
    if let Some(days) = parts.peek().and_then(|part| weekdays(part)) {
        event.weekdays = days;
        read = true;
        parts.next();
    }
    if let Some(part) = parts.next_if(|part| part.contains('-') || part.contains('~')) {
        event.date(part)?;
        read = true;
    }
    if let Some(part) = parts.next_if(|part| part.starts_with(|c: char| c.is_ascii_digit() || c == '*')) {
        event.time(part)?;
        read = true;
    }
    parts.next_if(|part| is_zone(part));
    if !read || parts.next().is_some() {
        return None;
    }
    event.runs()
}

/// What systemd's words stand for.
fn long_form(word: &str) -> Option<&'static str> {
    Some(match word {
        "minutely" => "*-*-* *:*:00",
        "hourly" => "*-*-* *:00:00",
        "daily" => "*-*-* 00:00:00",
        "weekly" => "mon *-*-* 00:00:00",
        "monthly" => "*-*-01 00:00:00",
        "quarterly" => "*-01,04,07,10-01 00:00:00",
        "semiannually" | "semi-annually" => "*-01,07-01 00:00:00",
        "yearly" | "annually" => "*-01-01 00:00:00",
        _ => return None,
    })
}

/// `utc`, `europe/berlin`.
fn is_zone(word: &str) -> bool {
    let (area, place) = word.split_once('/').unwrap_or((word, "utc"));
    let name = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'+' | b'/'))
    };
    (matches!(area, "utc" | "gmt") || word.contains('/')) && name(area) && name(place)
}

/// `mon,wed..fri`: which weekdays, Monday first.
fn weekdays(part: &str) -> Option<[bool; 7]> {
    const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let day = |word: &str| NAMES.iter().position(|name| word.len() >= 3 && (*name == word || name[..3] == *word));
    let mut days = [false; 7];
    for range in part.split(',') {
        let (from, to) = range.split_once("..").or_else(|| range.split_once('-')).unwrap_or((range, range));
        let (from, to) = (day(from)?, day(to)?);
        days.get_mut(from..=to)?.fill(true);
    }
    Some(days)
}

/// Values of a field: alone, from one to another, and each with a step.
#[derive(Debug, Clone)]
struct Field(Vec<(u32, u32, u32)>);

impl Field {
    /// `*`, `05`, `8..17`, `0/15`, `8..17/2`, and several of them.
    fn read(text: &str, (least, most): (u32, u32)) -> Option<Self> {
        let number = |text: &str| text.parse::<u32>().ok().filter(|n| (least..=most).contains(n));
        let each = text.split(',').map(|value| {
            let (values, step) = match value.split_once('/') {
                Some((values, step)) => (values, Some(step.parse::<u32>().ok().filter(|step| *step > 0)?)),
                None => (value, None),
            };
            let (from, to) = match values.split_once("..") {
                Some((from, to)) => (number(from)?, number(to)?),
                None if values == "*" => (least, most),
                None => (number(values)?, if step.is_some() { most } else { number(values)? }),
            };
            (from <= to).then_some((from, to, step.unwrap_or(1)))
        });
        each.collect::<Option<Vec<_>>>().map(Field)
    }

    fn has(&self, value: u32) -> bool {
        self.0.iter().any(|(from, to, step)| (*from..=*to).contains(&value) && (value - from).is_multiple_of(*step))
    }

    fn values(&self, (least, most): (u32, u32)) -> Vec<u32> {
        (least..=most).filter(|value| self.has(*value)).collect()
    }

    fn any((least, most): (u32, u32)) -> Self {
        Field(vec![(least, most, 1)])
    }
}

const YEARS: (u32, u32) = (1970, 2200);
const MONTHS: (u32, u32) = (1, 12);
const DAYS: (u32, u32) = (1, 31);
const HOURS: (u32, u32) = (0, 23);
const SIXTY: (u32, u32) = (0, 59);

#[derive(Debug)]
struct Event {
    weekdays: [bool; 7],
    years: Field,
    months: Field,
    days: Field,
    /// Days are counted from the end of the month: `~01` is the last one.
    from_end: bool,
    hours: Field,
    minutes: Field,
    seconds: Field,
}

impl Default for Event {
    /// Midnight of every day.
    fn default() -> Self {
        let zero = Field(vec![(0, 0, 1)]);
        Event {
            weekdays: [true; 7],
            years: Field::any(YEARS),
            months: Field::any(MONTHS),
            days: Field::any(DAYS),
            from_end: false,
            hours: zero.clone(),
            minutes: zero.clone(),
            seconds: zero,
        }
    }
}

impl Event {
    /// `2026-*-01`, `*-05`, `*-02~01`.
    fn date(&mut self, text: &str) -> Option<()> {
        let (before, days, from_end) = match text.rsplit_once('~') {
            Some((before, days)) => (before, days, true),
            None => text.rsplit_once('-').map(|(before, days)| (before, days, false))?,
        };
        let (years, months) = before.rsplit_once('-').unwrap_or(("*", before));
        self.years = Field::read(years, YEARS)?;
        self.months = Field::read(months, MONTHS)?;
        self.days = Field::read(days, DAYS)?;
        self.from_end = from_end;
        Some(())
    }

    /// `21:00`, `*:0/15`, `02:30:00`, `*/15`.
    fn time(&mut self, text: &str) -> Option<()> {
        let fields: Vec<&str> = text.split(':').collect();
        let (hours, minutes, seconds) = match fields.as_slice() {
            [minutes] => ("*", *minutes, "0"),
            [hours, minutes] => (*hours, *minutes, "0"),
            [hours, minutes, seconds] => (*hours, *minutes, *seconds),
            _ => return None,
        };
        self.hours = Field::read(hours, HOURS)?;
        self.minutes = Field::read(minutes, SIXTY)?;
        self.seconds = Field::read(seconds, SIXTY)?;
        Some(())
    }

    fn runs(self) -> Option<Runs> {
        let (minutes, seconds) = (self.minutes.values(SIXTY), self.seconds.values(SIXTY));
        let times: Vec<i64> = self
            .hours
            .values(HOURS)
            .iter()
            .flat_map(|hour| minutes.iter().map(move |minute| hour * 60 + minute))
            .flat_map(|minute| seconds.iter().map(move |second| i64::from(minute * 60 + second)))
            .collect();
        let every_month = self.months.values(MONTHS).len() == 12 && self.years.values(YEARS).len() == 231;
        let every_day = self.weekdays == [true; 7] && self.days.values(DAYS).len() == 31 && !self.from_end;
        Runs::new(times.into_iter(), horizon(every_month, every_day), Box::new(move |day| self.is_on(day)))
    }

    fn is_on(&self, day: Date) -> bool {
        let of_month = u32::from(day.day().unsigned_abs());
        let of_month = match self.from_end {
            true => u32::from(day.days_in_month().unsigned_abs()) + 1 - of_month,
            false => of_month,
        };
        let weekday = usize::from(day.weekday().to_monday_zero_offset().unsigned_abs());
        self.weekdays.get(weekday).copied().unwrap_or(false)
            && u32::try_from(day.year()).is_ok_and(|year| self.years.has(year))
            && self.months.has(day.month().unsigned_abs().into())
            && self.days.has(of_month)
    }
}
