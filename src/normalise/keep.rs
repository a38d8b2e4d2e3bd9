//! Retention by count (`keep-daily=7`) to time: how far back the longest rule reaches.
//!
//! A rule for days keeps the last point of each of so many days, and the others likewise, so as long as points are
//! made at that pace the oldest is at least so old. `keep-last` counts points and promises no time.

use crate::model::Seconds;

/// What a rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// All points of a stretch of time; counted in seconds.
    Within,
    /// The last point of an hour.
    Hourly,
    /// Of a day.
    Daily,
    /// Of a week.
    Weekly,
    /// Of a month, as 30 days.
    Monthly,
    /// Of a year, as 365 days.
    Yearly,
}

impl Unit {
    fn seconds(self) -> u64 {
        match self {
            Unit::Within => 1,
            Unit::Hourly => 3_600,
            Unit::Daily => 86_400,
            Unit::Weekly => 7 * 86_400,
            Unit::Monthly => 30 * 86_400,
            Unit::Yearly => 365 * 86_400,
        }
    }
}

/// The rule that reaches furthest, and how far; none where no rule promises a time, or one keeps everything (a
/// negative count).
pub(super) fn longest(rules: &[(Unit, Option<i64>)]) -> Option<(Unit, Seconds)> {
    let mut longest = None;
    for (unit, count) in rules.iter().filter_map(|(unit, count)| Some((*unit, (*count)?))) {
        let reach = u64::try_from(count).ok()?.checked_mul(unit.seconds()).map(Seconds)?;
        if reach.0 > 0 && longest.is_none_or(|(_, so_far)| reach > so_far) {
            longest = Some((unit, reach));
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_rule_counts_and_one_without_end_is_no_duration() {
        let rules = [(Unit::Daily, Some(7)), (Unit::Weekly, None), (Unit::Monthly, Some(6)), (Unit::Yearly, Some(0))];
        assert_eq!(longest(&rules), Some((Unit::Monthly, Seconds(180 * 86_400))));
        assert_eq!(longest(&[(Unit::Daily, Some(7)), (Unit::Yearly, Some(-1))]), None);
        assert_eq!(longest(&[(Unit::Yearly, Some(i64::MAX))]), None);
        assert_eq!(longest(&[(Unit::Daily, Some(0))]), None);
    }
}
