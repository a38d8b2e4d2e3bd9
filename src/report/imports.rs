//! What was made of each file: recognised, not recognised, dropped, incomplete, words that are new.

use std::collections::BTreeMap;

use super::model::{InputStatus, InputUsed, Report};
use super::style::clean;
use crate::diagnostic::Level;
use crate::normalise::{ADAPTERS, Maturity};
use crate::source::Sources;

/// Sections whose last letter does not make them many.
const ONE: [(&str, &str); 4] =
    [("people", "person"), ("policies", "policy"), ("keys", "key"), ("recovery_points", "recovery point")];

impl InputUsed {
    /// How well the kinds of an export are known, the least of them; none for what people write.
    #[must_use]
    pub fn maturity(&self) -> Option<Maturity> {
        let known = |kind: &String| ADAPTERS.iter().map(|a| a.about()).find(|about| about.id == kind);
        self.kinds.iter().filter_map(known).map(|about| about.maturity).min()
    }
}

/// A file, and what was made of it.
pub(super) fn lines(report: &Report, sources: &Sources) -> Vec<(String, String)> {
    let mut said: BTreeMap<_, BTreeMap<&str, usize>> = BTreeMap::new();
    let about_imports = report.diagnostics.iter().filter(|d| d.level >= Level::Warning || d.code == "csv-preamble");
    for diagnostic in about_imports {
        if let Some(place) = &diagnostic.place {
            *said.entry(place.file).or_default().entry(&*diagnostic.code).or_default() += 1;
        }
    }
    report.inputs.iter().map(|input| (clean(sources.path(input.file)), line(input, said.get(&input.file)))).collect()
}

fn line(input: &InputUsed, said: Option<&BTreeMap<&str, usize>>) -> String {
    let kinds: Vec<String> = input.kinds.iter().map(|kind| clean(kind)).collect();
    let mut line = match kinds.as_slice() {
        [] => "not recognised".to_owned(),
        kinds => kinds.join(", "),
    };
    match input.maturity() {
        Some(Maturity::Fields) => line.push_str(" (known from its documentation alone)"),
        Some(Maturity::Schema) => line.push_str(" (known from its schema alone)"),
        Some(Maturity::Sample) | None => {}
    }
    if let Some(at) = &input.collected_at {
        line.push_str(&format!(", of {}", clean(at)));
    }
    let records: Vec<String> = input.records.iter().map(|(section, n)| count(*n, section)).collect();
    if !kinds.is_empty() {
        line.push_str(&match records.as_slice() {
            [] => ": no records".to_owned(),
            records => format!(": {}", records.join(", ")),
        });
    }
    match input.status {
        InputStatus::Partial => line.push_str("; incomplete: one page of several"),
        InputStatus::Failed => line.push_str("; not read to its end"),
        InputStatus::Ok | InputStatus::Ignored => {}
    }
    for (code, n) in said.into_iter().flatten() {
        line.push_str(&format!("; {n} × {}", clean(code)));
    }
    line
}

/// `3 recovery points`.
fn count(n: usize, section: &str) -> String {
    let many = section.replace('_', " ");
    let one = ONE.iter().find(|(name, _)| *name == section).map(|(_, one)| *one);
    match n {
        1 => format!("1 {}", one.unwrap_or_else(|| many.strip_suffix('s').unwrap_or(&many))),
        n => format!("{n} {many}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;

    fn input(kind: &str, records: &[(&str, usize)], status: InputStatus) -> InputUsed {
        InputUsed {
            file: FileId(0),
            kinds: vec![kind.to_owned()],
            tenant: None,
            collected_at: None,
            collector: None,
            records: records.iter().map(|(section, n)| ((*section).to_owned(), *n)).collect(),
            shared: Vec::new(),
            status,
        }
    }

    #[test]
    fn a_line_says_what_a_file_gave_and_what_it_did_not() {
        let restic = input("restic.snapshots", &[("jobs", 1), ("recovery_points", 2)], InputStatus::Partial);
        assert_eq!(line(&restic, None), "restic.snapshots: 1 job, 2 recovery points; incomplete: one page of several");
        let barman = input("barman.list-backups", &[], InputStatus::Failed);
        let said = BTreeMap::from([("unknown-value", 3)]);
        assert_eq!(
            line(&barman, Some(&said)),
            "barman.list-backups (known from its documentation alone): no records; not read to its end; 3 × unknown-value"
        );
        let mut notes = input("", &[], InputStatus::Ignored);
        notes.kinds.clear();
        assert_eq!(line(&notes, None), "not recognised");
        assert_eq!(
            (count(1, "people"), count(1, "policies"), count(1, "vaults")),
            ("1 person".into(), "1 policy".into(), "1 vault".into())
        );
    }
}
