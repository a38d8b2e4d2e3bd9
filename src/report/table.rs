//! The table of services: claimed against proven, a line each.

use super::model::{PositionSummary, Severity, Verdict};
use super::style::{self, Ink, Page, clean, cut, pad, width};
use crate::model::quantity::duration;

/// The worst open finding of a service.
pub(super) type Worst = Option<(Severity, Verdict, String)>;

/// How much of each column is kept, from the widest table to the narrowest.
struct Layout {
    owner: bool,
    rule: bool,
    service: usize,
    tier: bool,
}

const LAYOUTS: [Layout; 5] = [
    Layout { owner: true, rule: true, service: 32, tier: true },
    Layout { owner: false, rule: true, service: 32, tier: true },
    Layout { owner: false, rule: false, service: 32, tier: true },
    Layout { owner: false, rule: false, service: 20, tier: true },
    Layout { owner: false, rule: false, service: 16, tier: false },
];

/// Draws the table.
pub(super) fn draw(page: &Page, services: &[(&PositionSummary, Worst)], out: &mut String) {
    for (i, layout) in LAYOUTS.iter().enumerate() {
        let rows: Vec<Vec<String>> = services.iter().map(|(p, worst)| cells(layout, p, worst)).collect();
        let header: Vec<String> = header(layout).into_iter().map(str::to_owned).collect();
        let mut columns: Vec<usize> = header.iter().map(|cell| width(cell)).collect();
        for row in &rows {
            for (column, cell) in columns.iter_mut().zip(row) {
                *column = (*column).max(width(cell));
            }
        }
        let total = columns.iter().sum::<usize>() + 2 * (columns.len() - 1);
        if total > page.width && i + 1 < LAYOUTS.len() {
            continue;
        }
        let line = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().zip(&columns).map(|(cell, width)| pad(cell, *width)).collect();
            cut(cells.join("  ").trim_end(), page.width)
        };
        out.push_str(&page.paint(Ink::Faint, &line(&header)));
        out.push('\n');
        for (row, (_, worst)) in rows.iter().zip(services) {
            let text = line(row);
            match (worst, row.last()) {
                (Some((severity, _, _)), Some(last)) if text.ends_with(last.as_str()) => {
                    out.push_str(&text[..text.len() - last.len()]);
                    out.push_str(&page.paint(Ink::from(*severity), last));
                }
                _ => out.push_str(&text),
            }
            out.push('\n');
        }
        return;
    }
}

fn header(layout: &Layout) -> Vec<&'static str> {
    let mut header = vec!["service"];
    if layout.tier {
        header.push("tier");
    }
    if layout.owner {
        header.push("owner");
    }
    header.extend(["RPO (now)", "RTO (meas.)", "tested", "evidence", "worst"]);
    header
}

fn cells(layout: &Layout, position: &PositionSummary, worst: &Worst) -> Vec<String> {
    let tenant = position.tenant.as_ref().map(|t| format!("{}/", clean(t))).unwrap_or_default();
    let mut cells = vec![cut(&format!("{tenant}{}", clean(&position.service)), layout.service)];
    if layout.tier {
        cells.push(position.tier.as_ref().map_or_else(none, |t| cut(&clean(t), 10)));
    }
    if layout.owner {
        cells.push(position.owner.as_ref().map_or_else(none, |o| cut(&clean(o), 20)));
    }
    cells.push(against(position.rpo_s, position.newest_point_age_s));
    cells.push(against(position.rto_s, position.measured_rto_s));
    cells.push(position.last_test_age_s.map_or_else(none, duration));
    let held = position.evidence_grade.name();
    cells.push(position.required_grade.map_or_else(|| held.to_owned(), |g| format!("{held} of {}", g.name())));
    cells.push(match worst {
        None => "–".to_owned(),
        Some((severity, verdict, rule)) => {
            let mark = if *verdict == Verdict::Unknown { "?" } else { "" };
            let rule = if layout.rule { format!(" {rule}") } else { String::new() };
            format!("{}{mark}{rule}", style::severity(*severity))
        }
    });
    cells
}

fn none() -> String {
    "–".to_owned()
}

/// Claimed, and in brackets what the evidence shows.
fn against(claimed: Option<i64>, shown: Option<i64>) -> String {
    match (claimed, shown) {
        (None, None) => none(),
        (claimed, shown) => {
            format!("{} ({})", claimed.map_or_else(none, duration), shown.map_or_else(none, duration))
        }
    }
}

/// What the brackets and marks of the table mean.
pub(super) const LEGEND: &str = "RPO, RTO: claimed (now: age of the newest restorable point of the component that is \
worst off; meas.: worst recent time to user ready). tested: age of the last passed restore of the worst-tested \
component. evidence: grade held of grade required. worst: severity of the worst open finding, ? = unknown on this \
evidence. –: not stated or none.";
