//! The table of services: claimed against proven, a line each.

use super::model::{PositionSummary, Severity, Verdict};
use super::style::{self, Ink, Page, clean, cut, pad, width};
use crate::model::quantity::duration;

/// The worst open finding of a service.
pub(super) type Worst = Option<(Severity, Verdict, String)>;

/// Which columns are kept, and how finely they speak.
struct Layout {
    owner: bool,
    /// The rule beside the severity.
    rule: bool,
    tier: bool,
    tested: bool,
    /// The grade that is claimed.
    claim: bool,
    /// What the evidence shows in one unit, rounded up.
    coarse: bool,
    /// Names of services up to this are whole, or the next layout is taken.
    service: usize,
}

/// From the widest table to the narrowest; the names of services are the last thing to be cut.
const LAYOUTS: [Layout; 6] = [
    Layout { owner: true, rule: true, tier: true, tested: true, claim: true, coarse: false, service: 40 },
    Layout { owner: false, rule: true, tier: true, tested: true, claim: true, coarse: false, service: 40 },
    Layout { owner: false, rule: true, tier: true, tested: true, claim: true, coarse: true, service: 40 },
    Layout { owner: false, rule: false, tier: true, tested: true, claim: true, coarse: true, service: 40 },
    Layout { owner: false, rule: false, tier: false, tested: true, claim: true, coarse: true, service: 20 },
    Layout { owner: false, rule: false, tier: false, tested: false, claim: false, coarse: true, service: 0 },
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
        let others: usize = columns.iter().skip(1).map(|column| column + 2).sum();
        let room = page.width.saturating_sub(others);
        if columns.first().is_some_and(|service| room < (*service).min(layout.service)) && i + 1 < LAYOUTS.len() {
            continue;
        }
        if let Some(service) = columns.first_mut() {
            *service = (*service).min(room.max(7));
        }
        let line = |cells: &[String]| {
            let cells = cells.iter().zip(&columns).map(|(cell, width)| pad(&cut(cell, *width), *width));
            cut(cells.collect::<Vec<_>>().join("  ").trim_end(), page.width)
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
    header.extend(["RPO (now)", "RTO (meas.)"]);
    if layout.tested {
        header.push("tested");
    }
    header.extend([if layout.claim { "grade (claim)" } else { "grade" }, "worst"]);
    header
}

fn cells(layout: &Layout, position: &PositionSummary, worst: &Worst) -> Vec<String> {
    let tenant = position.tenant.as_ref().map(|t| format!("{}/", clean(t))).unwrap_or_default();
    let mut cells = vec![format!("{tenant}{}", clean(position.label()))];
    if layout.tier {
        cells.push(position.tier.as_ref().map_or_else(none, |t| cut(&clean(t), 10)));
    }
    if layout.owner {
        cells.push(position.owner.as_ref().map_or_else(none, |o| cut(&clean(o), 20)));
    }
    cells.push(against(position.rpo_s, position.newest_point_age_s, layout.coarse));
    cells.push(against(position.rto_s, position.measured_rto_s, layout.coarse));
    if layout.tested {
        cells.push(position.last_test_age_s.map_or_else(none, duration));
    }
    let held = position.evidence_grade.name();
    let mut evidence = position.required_grade.map_or_else(|| held.to_owned(), |g| format!("{held} of {}", g.name()));
    if layout.claim {
        evidence = format!("{evidence} ({})", position.claimed_grade.map_or_else(none, |g| g.name().to_owned()));
    }
    cells.push(evidence);
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
fn against(claimed: Option<i64>, shown: Option<i64>, coarse: bool) -> String {
    match (claimed, shown) {
        (None, None) => none(),
        (claimed, shown) => {
            let shown = shown.map(|s| if coarse { rounded_up(s) } else { s });
            format!("{} ({})", claimed.map_or_else(none, duration), shown.map_or_else(none, duration))
        }
    }
}

/// The same in one unit, rounded up: never better than it is.
fn rounded_up(seconds: i64) -> i64 {
    let unit = match seconds {
        ..60 => 1,
        60..3_600 => 60,
        3_600..172_800 => 3_600,
        _ => 86_400,
    };
    // A negative age, of a point in the future, stays as it is.
    seconds.checked_add(unit - 1).map_or(seconds, |up| up / unit * unit)
}

/// What the brackets and marks of the table mean.
pub(super) const LEGEND: &str = "RPO, RTO: claimed (now: age of the newest restorable point of the component that is \
worst off; meas.: worst recent time to user ready; rounded up where \
the page is narrow). tested: age of the last passed restore of the worst-tested \
component. grade: of evidence, held of required (claimed). worst: severity of the worst open finding, ? = unknown on this \
evidence. –: not stated or none.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_nobody_knows_by_heart_gives_way_to_the_name() {
        let label = |id: &str, name: Option<&str>| {
            let position = PositionSummary { name: name.map(str::to_owned), ..super::super::sample::position(id) };
            position.label().to_owned()
        };
        let sys_id = "a9f1c0c2db1a2300e3f5f0c2ca961932";
        assert_eq!(label(sys_id, Some("Ticket Desk")), "Ticket Desk");
        assert_eq!(label("67e55044-10b1-426f-9247-bb680e5fe0c8", Some("Ticket Desk")), "Ticket Desk");
        assert_eq!(label(sys_id, None), sys_id);
        assert_eq!(label("tickets", Some("Ticket Desk")), "tickets");
    }

    #[test]
    fn a_narrow_table_never_flatters() {
        let said = |s| duration(rounded_up(s));
        assert_eq!(
            [-5, 59, 1_792, 3_599, 3_601, 87_180, 111_540, 172_801].map(said),
            ["-5 s", "59 s", "30 min", "1 h", "2 h", "25 h", "31 h", "3 d"]
        );
        assert_eq!(rounded_up(i64::MAX), i64::MAX);
    }
}
