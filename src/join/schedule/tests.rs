use croner::parser::{CronParser, Seconds as SecondsField};
use jiff::civil::date;

use super::*;

fn longest_gap(schedule: &str) -> Result<Seconds, Unclear> {
    gap_of(schedule).map(|gap| gap.longest)
}

fn gap(schedule: &str) -> Option<String> {
    longest_gap(schedule).ok().map(|gap| gap.to_string())
}

fn gaps(of: &[(&str, &str)]) {
    for (schedule, expected) in of {
        assert_eq!(gap(schedule).as_deref(), Some(*expected), "{schedule}");
    }
}

#[test]
fn cron_of_five_fields_and_its_words() {
    gaps(&[
        ("*/30 * * * *", "30m"),
        ("5/20 * * * *", "20m"),
        ("30 3,7,11,15,19,23 * * *", "4h"),
        ("0 2 * * 6", "7d"),
        ("0 3 */3 * *", "3d"),
        ("0 22 * * mon-fri", "3d"),
        ("0 0 1 * *", "31d"),
        ("@hourly", "1h"),
        ("@daily", "1d"),
        ("@midnight", "1d"),
        ("@weekly", "7d"),
        ("@monthly", "31d"),
        ("@yearly", "366d"),
        ("@annually", "366d"),
        ("@every 6h", "6h"),
        ("@every 1h30m", "90m"),
    ]);
}

#[test]
fn cron_of_six_fields_has_seconds_first() {
    gaps(&[
        ("0 0 2 * * *", "1d"),
        ("0 * * * * *", "1m"),
        ("*/30 * * * * *", "30s"),
        ("15 30 2,14 * * *", "12h"),
        ("0 0 0 29 2 *", "1461d"),
        // A day of the month or a weekday: in the longest gap comes a Sunday.
        ("0 0 0 1 * 0", "7d"),
    ]);
}

#[test]
fn quartz_has_a_week_from_sunday_on_and_years() {
    gaps(&[
        ("0 0 2 * * ?", "1d"),
        ("0 0/15 * * * ?", "15m"),
        ("0 0 22 ? * MON-FRI", "3d"),
        ("0 0 22 ? * 2-6 *", "3d"),
        ("0 30 10 ? * 1,7 *", "6d"),
        ("0 0 3 L * ?", "31d"),
        ("0 0 3 ? * L", "7d"),
        ("0 0 3 ? * 6L", "35d"),
        ("0 0 3 ? * 6#3 *", "35d"),
        ("0 0 3 1 * ? 2026-2030", "31d"),
    ]);
    assert_eq!(gap("0 0 3 ? * 8 *"), None);
    assert_eq!(gap("0 0 3 ? * 0 *"), None);
}

#[test]
fn aws_writes_cron_and_rates() {
    gaps(&[
        ("cron(0 5,17 * * ? *)", "12h"),
        ("cron(0/15 * * * ? *)", "15m"),
        ("cron(0 5 ? * 7 *)", "7d"),
        ("cron(0 5 ? * 6#3 *)", "35d"),
        ("cron(0 5 ? * 2-6 *)", "3d"),
        ("cron(0 5 1 * ? 2026-2040)", "31d"),
        ("rate(12 hours)", "12h"),
        ("rate(1 day)", "1d"),
    ]);
    assert_eq!(longest_gap("cron(0 5 1 1 ? 2026)"), Err(Unclear::NeverAgain));
}

#[test]
fn calendar_events_of_systemd_and_proxmox() {
    gaps(&[
        ("02:30", "1d"),
        ("mon..fri 21:00", "3d"),
        ("Mon-Fri 21:00", "3d"),
        ("sat,sun 3:00", "6d"),
        ("sat", "7d"),
        ("*-*-* 02:30", "1d"),
        ("*-*-* 02:30:00", "1d"),
        ("*/15", "15m"),
        ("mon..wed 30/10", "5800m"),
        ("*", "1m"),
        ("*:0/15", "15m"),
        ("mon..fri 8..17,22:0/15", "3435m"),
        ("12/2:5", "14h"),
        ("*-05", "31d"),
        ("Sat *-1..7 15:00", "35d"),
        ("*-02~01", "366d"),
        ("*-*~01 04:00", "31d"),
        ("2026-*-01", "31d"),
        ("minutely", "1m"),
        ("hourly", "1h"),
        ("daily", "1d"),
        ("weekly", "7d"),
        ("monthly", "31d"),
        ("quarterly", "92d"),
        ("semi-annually", "184d"),
        ("yearly", "366d"),
    ]);
    for nonsense in [
        "25:00",
        "mon..fri 21 x",
        "21:00 mon",
        "someday",
        "2:30 2:30",
        "*-13-01",
        "12:60",
        "*/0",
        "mon mon",
        "fri..mon",
    ] {
        assert_eq!(longest_gap(nonsense), Err(Unclear::Unreadable), "{nonsense}");
    }
    assert_eq!(longest_gap("2026-01-01"), Err(Unclear::NeverAgain));
}

#[test]
fn a_zone_that_is_named_does_not_change_the_gap_and_nor_does_its_summer_time() {
    gaps(&[
        ("CRON_TZ=Europe/Berlin 0 1 * * *", "1d"),
        // An hour that the clock leaves out in spring and has twice in autumn.
        ("CRON_TZ=Europe/Berlin 30 2 * * *", "1d"),
        ("TZ=America/New_York 0 30 2 ? * 1 *", "7d"),
        ("CRON_TZ=Europe/Berlin @every 6h", "6h"),
        ("02:30 Europe/Berlin", "1d"),
        ("mon..fri 21:00 UTC", "3d"),
        ("daily", "1d"),
    ]);
}

#[test]
fn what_is_no_schedule_is_said_to_be_none() {
    for nonsense in
        ["not-a-cron", "", "61 * * * *", "rate(5 fortnights)", "@onDemand", "@every", "H H * * *", "cron(* *)"]
    {
        assert_eq!(longest_gap(nonsense), Err(Unclear::Unreadable), "{nonsense}");
    }
    assert_eq!(longest_gap("0 0 31 2 *"), Err(Unclear::NeverAgain));
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
        assert!(gap.is_ok(), "{fields}");
        assert_eq!(gap.ok(), longest_by_runs(fields), "{fields}");
    }
}

/// Events beside cron that says the same.
#[test]
fn a_calendar_event_and_cron_that_say_the_same_have_the_same_gap() {
    for (event, cron) in [
        ("mon..fri 21:00", "0 21 * * 1-5"),
        ("sat,sun 3:00", "0 3 * * 0,6"),
        ("*/15", "*/15 * * * *"),
        ("*-1,15 2:00", "0 2 1,15 * *"),
        ("*-4,10-1 12:00", "0 12 1 4,10 *"),
        ("*-*~01 04:00", "0 4 L * *"),
        ("8..18/2:30", "30 8-18/2 * * *"),
        ("*:*:0/20", "*/20 * * * * *"),
    ] {
        assert_eq!(longest_gap(event), longest_gap(cron), "{event}");
    }
}

#[test]
fn the_shortest_gap_is_found_within_a_day_and_between_two() {
    let shortest = |schedule: &str| gap_of(schedule).map(|gap| gap.shortest.to_string()).unwrap();
    assert_eq!(shortest("0 22 * * mon-fri"), "1d");
    assert_eq!(shortest("0 8,10,20 * * *"), "2h");
    assert_eq!(shortest("0 1,23 * * *"), "2h");
    assert_eq!(shortest("0 3 */3 * *"), "1d", "the 31st, and the 1st after it");
    assert_eq!(shortest("0 0 1 * *"), "28d");
    assert_eq!(shortest("@every 6h"), "6h");
    assert_eq!(shortest("mon..fri 21:00"), "1d");
}
