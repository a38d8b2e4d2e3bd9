//! All times of all files and the as-of, moved together.

use jiff::ToSpan as _;
use jiff::civil::DateTime;

use super::{Changed, Files, is_data};

/// Moves every time by so many seconds. A bare date stays one where that is a number of days.
pub fn shift(files: &Files, as_of: &str, seconds: i64) -> Changed {
    let mut moved = files.clone();
    for path in files.0.keys().filter(|p| is_data(p)) {
        if let Some(text) = files.text(path) {
            let text = moved_text(&text, seconds);
            let text = if text.contains("\"backrest\"") { moved_epochs(&text, seconds) } else { text };
            moved.set_text(path, &text);
        }
    }
    moved.declare_hashes(files, str::to_owned);
    let as_of = moved_text(as_of, seconds);
    Changed { keeps_lines: true, ..Changed::reshaped(moved, &as_of) }
}

/// Every `2026-11-21`, with a time of day and an offset or without, that is no part of a longer word.
fn moved_text(text: &str, seconds: i64) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut last = ' ';
    while let Some(c) = rest.chars().next() {
        let word = |c: char| c.is_alphanumeric() || "-_/.".contains(c);
        let length = if word(last) { 0 } else { time_at(rest) };
        if length > 0 && !rest[length..].starts_with(word) {
            out.push_str(&moved_time(&rest[..length], seconds));
            rest = &rest[length..];
            last = '0';
            continue;
        }
        out.push(c);
        last = c;
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// How long the time is that a text starts with: 0 where it starts with none.
fn time_at(text: &str) -> usize {
    let fits = |from: usize, shape: &str| {
        let part = text.as_bytes().get(from..from + shape.len()).unwrap_or_default();
        !part.is_empty()
            && part.iter().zip(shape.bytes()).all(|(c, s)| if s == b'0' { c.is_ascii_digit() } else { *c == s })
    };
    if !fits(0, "0000-00-00") {
        return 0;
    }
    if !(fits(10, "T00:00") || fits(10, " 00:00")) {
        return 10;
    }
    let mut end = 16;
    if fits(end, ":00") {
        end += 3;
        if fits(end, ".0") {
            end += 1 + text[end + 1..].bytes().take_while(u8::is_ascii_digit).count();
        }
    }
    match text.as_bytes().get(end) {
        Some(b'Z' | b'z') => end + 1,
        Some(b'+' | b'-') if fits(end + 1, "00:00") => end + 6,
        Some(b'+' | b'-') if fits(end + 1, "0000") => end + 5,
        _ => end,
    }
}

/// The civil time moves; fractions and the offset stay.
fn moved_time(time: &str, seconds: i64) -> String {
    let Ok(date) = time[..10].parse::<jiff::civil::Date>() else { return time.to_owned() };
    if time.len() == 10 {
        let moved = date.at(0, 0, 0, 0).saturating_add(seconds.seconds());
        return if seconds % 86_400 == 0 { moved.date().to_string() } else { format!("{}Z", written(moved, true)) };
    }
    let has_seconds = time.as_bytes().get(16) == Some(&b':');
    let end = if has_seconds { 19 } else { 16 };
    let Ok(civil) = format!("{}T{}", &time[..10], &time[11..end]).parse::<DateTime>() else { return time.to_owned() };
    let moved = civil.saturating_add(seconds.seconds());
    format!("{}{}", written(moved, has_seconds || seconds % 60 != 0), &time[end..])
}

fn written(time: DateTime, seconds: bool) -> String {
    time.strftime(if seconds { "%Y-%m-%dT%H:%M:%S" } else { "%Y-%m-%dT%H:%M" }).to_string()
}

/// Seconds since 1970, which pgBackRest writes: every number of ten digits that stands alone on its line.
fn moved_epochs(text: &str, seconds: i64) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let number = line.rsplit(' ').next().unwrap_or(line).trim_end().trim_end_matches(',');
        match number.parse::<i64>() {
            Ok(at) if number.len() == 10 && line.contains("\"st") => line.replace(number, &(at + seconds).to_string()),
            _ => line.to_owned(),
        }
    });
    lines.collect()
}
