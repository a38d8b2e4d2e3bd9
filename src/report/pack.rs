//! What a customer may see of a run: a report made of what is theirs, a result document like any other.
//!
//! In goes the report on all; out comes one that every format renders and `passmuster report` reads again. Kept is what
//! names the tenant: its services, objects, exceptions, evidence, inputs and what is wrong with those. Every number is
//! counted again. The rows on the estate and the standard speak of all customers together, and stay with the provider.
//!
//! | a file that holds | its path | hash and size | lines of it |
//! |---|---|---|---|
//! | records of this tenant alone | shown | shown | shown |
//! | records of this tenant and of others | shown, and where in its own documents | withheld: they are of others' bytes, too | withheld |
//! | no records: configuration, standard | shown where a finding points to it | withheld | withheld |
//! | nothing of this tenant | withheld | withheld | withheld |
//!
//! What a customer wrote is theirs. In what the provider or the program says, paths among it, the names of the other
//! tenants are replaced wherever they stand as a word.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::View;
use super::model::{
    BaselineUsed, Example, ExceptionListed, Finding, InputStatus, InputUsed, Ledger, PositionSummary, Report, Row,
    RuleUsed, StandardUsed, Subject, Verdict,
};
use super::others::Others;
use super::place::{Located, Places};
use super::read::Recorded;
use crate::diagnostic::{Diagnostic, Diagnostics, Level};
use crate::evaluate::closest;
use crate::hash::{HashMap, HashSet};
use crate::source::{FileId, Hash, Place, SourceFile, Sources, Spot};

/// Why there is no pack. The user's move: another name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoPack {
    /// The run has no such tenant.
    #[error("the run has no tenant `{name}`; {help}")]
    Unknown {
        /// As asked for.
        name: String,
        /// What was perhaps meant, and what there is.
        help: String,
    },
    /// The run names no tenant at all.
    #[error("the run names no tenant; `tenant` in an inventory or in the configuration's `sources` names one")]
    Nobody,
}

/// Holds the names of tenants against those of the run.
///
/// # Errors
/// When one of them is not among these.
pub fn known(report: &Report, wanted: &[String]) -> Result<(), NoPack> {
    let tenants = report.tenants();
    if tenants.is_empty() {
        return Err(NoPack::Nobody);
    }
    let Some(name) = wanted.iter().find(|name| !tenants.contains(name.as_str())) else { return Ok(()) };
    let lower = name.to_lowercase();
    let meant = tenants
        .iter()
        .copied()
        .find(|tenant| tenant.to_lowercase() == lower)
        .or_else(|| closest(name, tenants.iter().copied()));
    let all = tenants.iter().take(NAMED).map(|tenant| format!("`{tenant}`")).collect::<Vec<_>>().join(", ");
    let more = if tenants.len() > NAMED { format!(" and {} more", tenants.len() - NAMED) } else { String::new() };
    let help = match meant {
        Some(meant) => format!("did you mean `{meant}`? There are {all}{more}"),
        None => format!("there are {all}{more}"),
    };
    Err(NoPack::Unknown { name: name.clone(), help })
}

/// Most tenants that an error lists.
const NAMED: usize = 20;

/// What these tenants may see.
#[must_use]
pub fn pack(view: &View<'_>, wanted: &BTreeSet<&str>) -> Recorded {
    let report = view.report;
    let files = report.inputs.iter().map(|input| (input.file, Standing::of(input, wanted))).collect();
    let mut pack = Pack {
        view,
        wanted,
        others: Others::of(report, wanted),
        files,
        sources: Sources::default(),
        ids: HashMap::default(),
        paths: HashSet::default(),
        located: HashMap::default(),
    };
    let report = pack.report();
    Recorded { report, sources: pack.sources, places: Places::known(pack.located) }
}

/// Whose a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Its records are all of the wanted tenants.
    Theirs,
    /// Some of them are.
    Shared,
    /// None of them is.
    Others,
    /// It names no tenant: a decision of the provider, or a file that could not be read.
    Nobodys,
}

impl Standing {
    fn of(input: &InputUsed, wanted: &BTreeSet<&str>) -> Self {
        let is_wanted = |tenant: &Option<String>| tenant.as_deref().is_some_and(|t| wanted.contains(t));
        let wanted_shares = input.shared.iter().filter(|share| is_wanted(&share.tenant)).count();
        match (&input.tenant, input.shared.len()) {
            (Some(_), 0) if is_wanted(&input.tenant) => Self::Theirs,
            (Some(_), 0) => Self::Others,
            (None, 0) => Self::Nobodys,
            (_, _) if wanted_shares == 0 => Self::Others,
            // In a pack, the share that is left stands for a file that had others.
            (_, shares) if wanted_shares == shares && shares > 1 => Self::Theirs,
            (_, _) => Self::Shared,
        }
    }
}

struct Pack<'a> {
    view: &'a View<'a>,
    wanted: &'a BTreeSet<&'a str>,
    others: Others,
    files: HashMap<FileId, Standing>,
    sources: Sources,
    ids: HashMap<FileId, FileId>,
    paths: HashSet<String>,
    located: HashMap<Place, Located>,
}

impl Pack<'_> {
    fn report(&mut self) -> Report {
        let report = self.view.report;
        let inputs = report.inputs.iter().filter_map(|input| self.input(input)).collect();
        let standard = StandardUsed {
            name: self.others.hide(&report.standard.name),
            file: report.standard.file.map(|file| self.file(file)),
            extends: self.others.hide_all(&report.standard.extends),
            proposed: self.others.hide_all(&report.standard.proposed),
            ..report.standard.clone()
        };
        let ledger = self.ledger();
        let mut diagnostics = self.diagnostics();
        let (complete, why) = self.complete();
        if let Some(why) = why {
            diagnostics.push(why);
        }
        let exceptions = self.exceptions(&ledger);
        let is_wanted = |tenant: &Option<String>| self.is_wanted(tenant.as_deref());
        Report {
            as_of: report.as_of,
            complete,
            standard,
            policies_sha256: report.policies_sha256.clone(),
            rules: report.rules.iter().map(|rule| self.rule(rule)).collect(),
            inputs,
            diagnostics,
            exceptions,
            evidence: report.evidence.iter().filter(|item| is_wanted(&item.tenant)).cloned().collect(),
            positions: self.positions(),
            ledger,
            fail_on: report.fail_on,
            least: report.least,
            unknown_fails: report.unknown_fails,
            baseline: report.baseline.as_ref().map(|baseline| self.baseline(baseline)),
            redacted: report.redacted.clone(),
        }
    }

    fn is_wanted(&self, tenant: Option<&str>) -> bool {
        tenant.is_some_and(|tenant| self.wanted.contains(tenant))
    }

    fn standing(&self, file: FileId) -> Standing {
        self.files.get(&file).copied().unwrap_or(Standing::Nobodys)
    }

    /// The file as the pack names it.
    fn file(&mut self, file: FileId) -> FileId {
        if let Some(id) = self.ids.get(&file) {
            return *id;
        }
        let mut path = self.others.hide_in_path(self.view.sources.path(file));
        // Two files stay two.
        while !self.paths.insert(path.clone()) {
            path.push('~');
        }
        let known = self.view.sources.get(file).filter(|_| self.standing(file) == Standing::Theirs);
        let hash = known.map(|file| file.sha256().into_owned()).filter(|hash| !hash.is_empty());
        let id = self.sources.add(SourceFile {
            path,
            hash: hash.map_or(Hash::None, Hash::Known),
            bytes: known.map_or(0, |file| file.bytes),
            text: None,
        });
        self.ids.insert(file, id);
        id
    }

    fn input(&mut self, input: &InputUsed) -> Option<InputUsed> {
        let standing = self.standing(input.file);
        if !matches!(standing, Standing::Theirs | Standing::Shared) {
            return None;
        }
        let file = self.file(input.file);
        let shared: Vec<_> =
            input.shared.iter().filter(|share| self.is_wanted(share.tenant.as_deref())).cloned().collect();
        let mut records = if shared.is_empty() { input.records.clone() } else { BTreeMap::new() };
        for (section, number) in shared.iter().flat_map(|share| &share.records) {
            *records.entry(section.clone()).or_default() += number;
        }
        Some(InputUsed {
            file,
            kinds: input.kinds.clone(),
            tenant: input.tenant.clone(),
            collected_at: input.collected_at.clone(),
            collector: input.collector.as_ref().map(|by| self.others.hide(by)),
            records,
            shared,
            status: input.status,
        })
    }

    /// A place that they may see, its lines only where the whole file is theirs.
    fn place(&mut self, place: &Place) -> Option<Place> {
        let standing = self.standing(place.file);
        if standing == Standing::Others || (standing == Standing::Shared && !self.is_in_their_share(place)) {
            return None;
        }
        let copy = Place { file: self.file(place.file), spot: place.spot.clone() };
        if let Some(located) = self.view.places.get(place) {
            let context = if standing == Standing::Theirs { located.context.clone() } else { Vec::new() };
            let path = self.sources.path(copy.file).to_owned();
            self.located.insert(copy.clone(), Located { path, context, ..located.clone() });
        }
        Some(copy)
    }

    /// Whether a place in a shared file lies in a document of theirs, or is the file as a whole.
    fn is_in_their_share(&self, place: &Place) -> bool {
        let document = match &place.spot {
            Spot::Value { document, .. } | Spot::Key { document, .. } => *document,
            Spot::File => return true,
            Spot::Bytes { .. } => return false,
        };
        let inputs = self.view.report.inputs.iter().filter(|input| input.file == place.file);
        let mut theirs = inputs.flat_map(|i| &i.shared).filter(|share| self.is_wanted(share.tenant.as_deref()));
        theirs.any(|share| share.documents.contains(&document))
    }

    fn labelled(&mut self, places: &[(Place, String)]) -> Vec<(Place, String)> {
        let shown = places.iter().filter_map(|(place, label)| Some((self.place(place)?, label.clone())));
        let shown: Vec<_> = shown.collect();
        shown.into_iter().map(|(place, label)| (place, self.others.hide(&label))).collect()
    }

    fn ledger(&mut self) -> Ledger {
        let from = &self.view.report.ledger;
        let not_applicable_of: BTreeMap<_, _> = from
            .not_applicable_of
            .iter()
            .filter(|(tenant, _)| self.wanted.contains(tenant.as_str()))
            .map(|(tenant, number)| (tenant.clone(), *number))
            .collect();
        let not_applicable = not_applicable_of.values().sum();
        let mut ledger = Ledger { not_applicable, not_applicable_of, ..Ledger::default() };
        let mut subjects: HashMap<u32, u32> = HashMap::default();
        for row in &from.rows {
            let Some(subject) = self.subject(row) else { continue };
            let number = *subjects.entry(row.subject).or_insert_with(|| {
                ledger.subjects.push(subject.clone());
                index(ledger.subjects.len() - 1)
            });
            let finding = from.finding(row).map(|finding| {
                ledger.findings.push(self.finding(finding));
                index(ledger.findings.len() - 1)
            });
            ledger.rows.push(Row { subject: number, finding, ..*row });
        }
        ledger
    }

    /// The subject of a row, where it is theirs.
    fn subject(&self, row: &Row) -> Option<Subject> {
        let subject = self.view.report.ledger.subjects.get(row.subject as usize)?;
        if !self.is_wanted(subject.tenant.as_deref()) {
            return None;
        }
        let mut subject = subject.clone();
        if subject.kind == "source" {
            // An input is named by its path.
            subject.id = subject.id.map(|path| self.others.hide_in_path(&path));
        }
        Some(subject)
    }

    fn finding(&mut self, finding: &Finding) -> Finding {
        let (mut message, mut observed) = (finding.message.clone(), finding.observed.clone());
        if let Some(Value::String(text)) = &mut observed {
            // A text that was found, as why a recovery time is not known, may name a service further down the chain.
            let told = self.others.hide_services(text);
            message = message.replace(text.as_str(), &told);
            *text = told;
        }
        let hide = |value: &Value| self.others.hide_in(value);
        Finding {
            message: self.others.hide(&message),
            observed: observed.as_ref().map(hide),
            expected: finding.expected.as_ref().map(hide),
            unit: finding.unit.clone(),
            place: finding.place.as_ref().and_then(|place| self.place(place)),
            subject_place: finding.subject_place.as_ref().and_then(|place| self.place(place)),
            evidence: self.labelled(&finding.evidence),
            advice: finding.advice.as_deref().map(|advice| self.others.hide(advice)),
            fingerprint: finding.fingerprint.clone(),
            exception: finding.exception.clone(),
            counts: finding.counts,
        }
    }

    /// What is wrong with files of which all is theirs.
    fn diagnostics(&mut self) -> Diagnostics {
        let mut kept = Diagnostics::default();
        for diagnostic in self.view.report.diagnostics.iter() {
            let Some(place) = &diagnostic.place else { continue };
            if self.standing(place.file) != Standing::Theirs {
                continue;
            }
            kept.push(Diagnostic {
                code: diagnostic.code.clone(),
                level: diagnostic.level,
                message: self.others.hide(&diagnostic.message),
                help: diagnostic.help.as_ref().map(|help| self.others.hide(help)),
                place: self.place(place),
                related: self.labelled(&diagnostic.related),
            });
        }
        kept
    }

    /// Whether all that is theirs was read and judged. What stopped a file or a rule that names no tenant may concern
    /// them as well as anybody, so it counts, and is told without saying what it was.
    fn complete(&self) -> (bool, Option<Diagnostic>) {
        let report = self.view.report;
        if report.complete {
            return (true, None);
        }
        let ledger = &report.ledger;
        let errors = ledger.rows.iter().filter(|row| row.verdict == Verdict::Error);
        let of_rows: Vec<Standing> = errors
            .map(|row| match ledger.subjects.get(row.subject as usize).and_then(|s| s.tenant.as_deref()) {
                None => Standing::Nobodys,
                tenant if self.is_wanted(tenant) => Standing::Theirs,
                Some(_) => Standing::Others,
            })
            .collect();
        let by_place = |place: Option<&Place>| place.map_or(Standing::Nobodys, |place| self.standing(place.file));
        // Whom a rule left without an answer is told by its rows.
        let said = |d: &&Diagnostic| d.level == Level::Error && (d.code != "rule-error" || of_rows.is_empty());
        let of_diagnostics = report.diagnostics.iter().filter(said).map(|d| by_place(d.place.as_ref()));
        let failed = report.inputs.iter().filter(|input| input.status == InputStatus::Failed);
        let of_inputs = failed.map(|input| self.standing(input.file));
        let causes: Vec<Standing> = of_diagnostics.chain(of_inputs).chain(of_rows.iter().copied()).collect();
        if !causes.is_empty() && causes.iter().all(|cause| *cause == Standing::Others) {
            return (true, None);
        }
        let told = !causes.is_empty() && causes.iter().all(|c| matches!(c, Standing::Theirs | Standing::Others));
        let untold = Diagnostic::error("incomplete", "the run is incomplete for a reason that names no single tenant")
            .help("whoever ran it has the whole report, which says why");
        (false, (!told).then_some(untold))
    }

    fn exceptions(&self, ledger: &Ledger) -> Vec<ExceptionListed> {
        let covers = ledger.covered();
        let listed = self.view.report.exceptions.iter().filter(|e| self.is_wanted(e.tenant.as_deref()));
        let counted = listed.map(|e| ExceptionListed {
            covers: covers.get(&(e.tenant.as_deref(), e.id.as_str())).copied().unwrap_or(0),
            ..e.clone()
        });
        counted.collect()
    }

    fn positions(&self) -> Vec<PositionSummary> {
        let of_them = || self.view.report.positions.iter().filter(|p| self.is_wanted(p.tenant.as_deref()));
        let services: HashSet<&str> = of_them().map(|p| p.service.as_str()).collect();
        let known = |id: &String| match services.contains(id.as_str()) {
            true => id.clone(),
            false => "a service of somebody else".to_owned(),
        };
        let waiting = |p: &PositionSummary| p.waits_for.iter().map(known).collect();
        of_them().map(|p| PositionSummary { waits_for: waiting(p), ..p.clone() }).collect()
    }

    /// Rules judge all customers, so their words are the provider's.
    fn rule(&self, rule: &RuleUsed) -> RuleUsed {
        let hide = |text: &str| self.others.hide(text);
        RuleUsed {
            title: hide(&rule.title),
            description: hide(&rule.description),
            remediation: hide(&rule.remediation),
            judges: rule.judges.as_deref().map(hide),
            example: rule.example.as_ref().map(|e| Example { fail: hide(&e.fail), pass: hide(&e.pass) }),
            related_resources: self.others.hide_all(&rule.related_resources),
            broken: rule.broken.as_deref().map(hide),
            ..rule.clone()
        }
    }

    fn baseline(&self, baseline: &BaselineUsed) -> BaselineUsed {
        let of = baseline.hidden_of.iter().filter(|(tenant, _)| self.wanted.contains(tenant.as_str()));
        let hidden_of: BTreeMap<_, _> = of.map(|(tenant, number)| (tenant.clone(), *number)).collect();
        BaselineUsed {
            as_of: baseline.as_of.clone(),
            hidden: hidden_of.values().sum(),
            hidden_of,
            judged_differently: self.others.hide_all(&baseline.judged_differently),
        }
    }
}

fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
