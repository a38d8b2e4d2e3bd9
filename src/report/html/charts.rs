//! Bars and strips: small SVG without text, beside the numbers that they draw. Lengths only, coloured by class.

use maud::{Markup, html};

/// Width of a chart, in its own units.
pub(super) const WIDTH: i64 = 160;

/// A logarithmic scale, the same in every report, so that reports can be laid side by side.
pub(super) struct Scale {
    least: f64,
    most: f64,
    pub(super) ticks: &'static [(i64, &'static str)],
}

/// Objectives and what was achieved: a minute to a year.
pub(super) const OBJECTIVES: Scale =
    Scale { least: 60.0, most: 31_536_000.0, ticks: &[(3_600, "1 h"), (86_400, "1 d"), (2_592_000, "30 d")] };

/// Ages of restore tests: a day to three years.
pub(super) const TESTS: Scale = Scale {
    least: 86_400.0,
    most: 94_608_000.0,
    ticks: &[(604_800, "1 week"), (2_592_000, "30 d"), (7_776_000, "90 d"), (31_536_000, "1 year")],
};

impl Scale {
    /// Where a duration lies, 0 to [`WIDTH`]; what lies beyond an end is drawn at it.
    pub(super) fn at(&self, seconds: i64) -> i64 {
        #[expect(clippy::cast_precision_loss, reason = "drawn to a pixel")]
        let (seconds, width) = (seconds as f64, WIDTH as f64);
        let share = (seconds.max(1.0) / self.least).ln() / (self.most / self.least).ln();
        #[expect(clippy::cast_possible_truncation, reason = "0 to WIDTH")]
        let at = (share.clamp(0.0, 1.0) * width).round() as i64;
        at
    }

    /// The scale's ticks with their names, for the head of a column.
    pub(super) fn axis(&self) -> Markup {
        html! {
            svg.axis viewBox={ "0 0 " (WIDTH) " 12" } aria-hidden="true" {
                @for (seconds, name) in self.ticks { text x=(self.at(*seconds)) y="10" { (name) } }
            }
        }
    }

    /// Lines at the ticks.
    fn grid(&self, height: i64) -> Markup {
        let lines: String =
            self.ticks.iter().map(|(seconds, _)| format!("M{} 0v{height}", self.at(*seconds))).collect();
        html! { path.grid d=(lines) {} }
    }

    /// What was achieved as a bar, what was claimed as a mark across it; what lies beyond the mark is drawn apart.
    pub(super) fn bar(&self, achieved: Option<i64>, claimed: Option<i64>) -> Markup {
        let end = achieved.map(|seconds| self.at(seconds).max(2));
        let mark = claimed.map(|seconds| self.at(seconds));
        let over = achieved.zip(claimed).is_some_and(|(achieved, claimed)| achieved > claimed);
        html! {
            svg.bar viewBox={ "0 0 " (WIDTH) " 14" } {
                @if let Some(end) = end {
                    @let held = mark.filter(|_| over).unwrap_or(end);
                    path d={ "M0 7h" (held) } {}
                    @if over { path.over d={ "M" (held) " 7h" ((end - held).max(3)) } {} }
                }
                @if let Some(mark) = mark { path.mark d={ "M" (mark) " 1v12" } {} }
            }
        }
    }

    /// One dot a service.
    pub(super) fn strip(&self, seconds: &[i64]) -> Markup {
        html! {
            svg.strip viewBox={ "-4 0 " (WIDTH + 8) " 18" } aria-hidden="true" {
                (self.grid(18))
                path.line d={ "M0 9h" (WIDTH) } {}
                @for seconds in seconds { circle cx=(self.at(*seconds)) cy="9" r="3.5" {} }
            }
        }
    }
}

/// Parts of a whole, side by side; the third class is hatched by its stroke, so that it is told without colour.
pub(super) fn shares(parts: &[(&str, usize)]) -> Markup {
    let all: usize = parts.iter().map(|(_, count)| count).sum();
    let mut from = 0;
    let mut boxes = Vec::new();
    for (class, count) in parts.iter().filter(|(_, count)| *count > 0) {
        let width = (count * 1000).checked_div(all).unwrap_or(0);
        boxes.push((*class, from, width));
        from += width;
    }
    html! {
        svg.shares viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" {
            @for (class, x, width) in boxes {
                rect.(class) x=(x) y="0" width=(width.saturating_sub(4).max(1)) height="10" {}
            }
        }
    }
}

/// A span of the recovery, from the start of it all: in units of `whole`.
pub(super) fn span(from: i64, to: i64, whole: i64) -> Markup {
    let at = |seconds: i64| seconds.saturating_mul(WIDTH * 2).checked_div(whole).unwrap_or(0).clamp(0, WIDTH * 2);
    html! {
        svg.span viewBox={ "0 0 " (WIDTH * 2) " 14" } preserveAspectRatio="none" aria-hidden="true" {
            path.line d={ "M0 13.5h" (WIDTH * 2) } {}
            path.held d={ "M" (at(from)) " 7h" ((at(to) - at(from)).max(2)) } {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_logarithmic_and_keeps_to_its_ends() {
        let at: Vec<i64> = [1, 60, 3_600, 86_400, 31_536_000, i64::MAX].map(|s| OBJECTIVES.at(s)).to_vec();
        assert_eq!(at, [0, 0, 50, 88, 160, 160]);
    }

    #[test]
    fn what_lies_beyond_the_objective_is_drawn_apart() {
        let bar = |achieved, claimed| OBJECTIVES.bar(achieved, claimed).into_string();
        assert!(bar(Some(64_800), Some(43_200)).contains("class=\"over\""));
        assert!(!bar(Some(43_200), Some(43_200)).contains("class=\"over\""));
        assert!(!bar(None, Some(43_200)).contains("M0 7h"));
    }
}
