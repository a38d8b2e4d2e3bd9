//! `oscal`: assessment results, one result a run.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::super::View;
use super::super::hosts::Checkout;
use super::super::json::{elements, field};
use super::super::model::{RuleUsed, Verdict};
use super::super::style::{clean, severity};
use super::super::sums::counted;
use super::assessment::{Finding, Observation, ObservationRef, State, Target};
use super::document::{Link, Part, Prop, close, open, some};
use super::entries::entries;
use super::ids::{Id, id};
use super::people::People;
use super::resources;
use super::run::{Origin, Run, objective};
use super::subjects::Definitions;
use super::text::{markup, paragraphs, sentence};
use crate::diagnostic::{Diagnostic, Level};

/// Writes the document.
pub(in crate::report) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let run = Run::new(view);
    let report = run.report;
    let checkout = Checkout::new(view);
    let entries = entries(&run);
    let mut people = People::default();
    let risks: Vec<_> = entries.iter().map(|entry| entry.risk(&run, &mut people)).collect();
    let subjects = Definitions::of(report, report.ledger.subjects.iter()).with_every_service();
    let mut definitions = Vec::new();
    subjects.write(&mut people, &mut definitions)?;
    let met = met(&run);
    let mut evidence = resources::inputs(&run, |_| true);
    evidence.extend(resources::evidence(&run));

    open(&run, &people, "assessment-results", "Recoverability: what the evidence shows", None, out)?;
    let import = Import {
        href: format!("#{}", resources::plan(&run)),
        remarks: "There is no plan beside the rules and the recovery standard in force.",
    };
    field(out, "import-ap", &import)?;
    if !report.rules.is_empty() {
        write!(out, ",\n\"local-definitions\":{{\"objectives-and-methods\":")?;
        elements(out, run.rules().map(|(rule, control)| local(rule, control)))?;
        write!(out, "}}")?;
    }
    write!(out, ",\n\"results\":[{{\"uuid\":\"{}\"", id("result", &[&run.key.to_string()]))?;
    field(out, "title", "Run of passmuster")?;
    field(out, "description", &paragraphs([sentence(&counted(report)).as_str()]))?;
    field(out, "start", &run.as_of)?;
    field(out, "end", &run.as_of)?;
    field(out, "props", &props(&run))?;
    some(out, "links", evidence.iter().map(|item| Link { href: format!("#{}", item.uuid), rel: "evidence" }))?;
    out.write_all(&definitions)?;
    field(out, "reviewed-controls", &reviewed(&run))?;
    let said: Vec<&Diagnostic> = report.diagnostics.iter().collect();
    if !said.is_empty() {
        write!(out, ",\n\"assessment-log\":{{\"entries\":")?;
        let numbered = said.into_iter().enumerate();
        elements(out, numbered.map(|(i, diagnostic)| logged(&run, &checkout, i, diagnostic)))?;
        write!(out, "}}")?;
    }
    let open_rows = entries.iter().map(|entry| entry.observation(&run, &checkout));
    some(out, "observations", open_rows.chain(met.iter().map(|met| met.observation(&run))))?;
    some(out, "risks", risks.into_iter())?;
    some(out, "findings", entries.iter().map(|e| e.finding(&run)).chain(met.iter().map(|met| met.finding(&run))))?;
    field(out, "remarks", &run.remarks())?;
    write!(out, "}}]")?;
    close(&run, evidence, out)
}

/// `import-ap`
#[derive(Debug, Serialize)]
struct Import {
    href: String,
    remarks: &'static str,
}

/// `local-definitions/objectives-and-methods`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Local {
    control_id: String,
    description: String,
    parts: [Part; 1],
}

/// The objective of a rule, so that what findings refer to stands in the same document.
fn local(rule: &RuleUsed, control: &str) -> Local {
    Local {
        control_id: control.to_owned(),
        description: paragraphs([rule.title.as_str()]),
        parts: [Part::of(Some(objective(control)), "assessment-objective", judged(rule))],
    }
}

/// How a rule judges, in its own words.
pub(super) fn judged(rule: &RuleUsed) -> String {
    let own = rule.judges.as_deref().filter(|judges| !clean(judges).is_empty());
    own.map_or_else(|| markup(&sentence(&format!("This is not found: {}", rule.title))), |judges| paragraphs([judges]))
}

/// `reviewed-controls`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Reviewed {
    description: &'static str,
    control_selections: [Selection; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    control_objective_selections: Vec<ObjectiveSelection>,
}

/// `reviewed-controls/control-selections`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Selection {
    #[serde(skip_serializing_if = "Option::is_none")]
    include_all: Option<All>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    include_controls: Vec<ControlRef>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exclude_controls: Vec<ControlRef>,
}

/// `include-all`
#[derive(Debug, Serialize)]
struct All {}

/// `select-control-by-id`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct ControlRef {
    control_id: String,
}

/// `reviewed-controls/control-objective-selections`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct ObjectiveSelection {
    include_objectives: Vec<ObjectiveRef>,
}

/// `select-objective-by-id`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct ObjectiveRef {
    objective_id: String,
}

/// The rules that judged; where none did, all but every one, for a selection must select (1.2.1).
fn reviewed(run: &Run<'_>) -> Reviewed {
    let refer = |control: &str| ControlRef { control_id: control.to_owned() };
    let used = |rule: &RuleUsed| rule.judged && rule.broken.is_none();
    let included: Vec<_> = run.rules().filter(|(rule, _)| used(rule)).map(|(_, control)| refer(control)).collect();
    let objectives: Vec<_> =
        included.iter().map(|control| ObjectiveRef { objective_id: objective(&control.control_id) }).collect();
    let none = included.is_empty();
    let excluded = run.rules().filter(|_| none).map(|(_, control)| refer(control)).collect();
    Reviewed {
        description: "The rules that judged.",
        control_selections: [Selection {
            include_all: none.then_some(All {}),
            include_controls: included,
            exclude_controls: excluded,
        }],
        control_objective_selections: if none {
            Vec::new()
        } else {
            vec![ObjectiveSelection { include_objectives: objectives }]
        },
    }
}

/// What the exit code depends on, and what the baseline is.
fn props(run: &Run<'_>) -> Vec<Prop> {
    let report = run.report;
    let mut props = vec![
        Prop::own("complete", if report.complete { "true" } else { "false" }),
        Prop::own("fail-on", severity(report.fail_on)),
        Prop::own("unknown", if report.unknown_fails { "fail" } else { "report" }),
        Prop::own("not-applicable", &report.ledger.not_applicable.to_string()),
    ];
    if let Some(baseline) = &report.baseline {
        props.push(Prop::own("baseline", &baseline.as_of));
        props.push(Prop::own("hidden-by-baseline", &baseline.hidden.to_string()));
    }
    props
}

/// `assessment-log/entries`
#[derive(Debug, Serialize)]
struct LogEntry {
    uuid: Id,
    title: String,
    description: String,
    start: String,
    props: [Prop; 1],
}

/// What was wrong with an input or a policy.
fn logged<'a>(run: &Run<'a>, checkout: &Checkout<'a>, number: usize, said: &'a Diagnostic) -> LogEntry {
    let at = said.place.as_ref().map_or_else(String::new, |place| format!("{}: ", checkout.at(place, "").shown()));
    let message = sentence(&format!("{at}{}", clean(&said.message)));
    let help = said.help.as_ref().map(|help| sentence(&format!("Help: {help}")));
    let level = match said.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    LogEntry {
        uuid: id("log", &[&run.key.to_string(), &number.to_string()]),
        title: markup(&said.code),
        description: paragraphs([message.as_str()].into_iter().chain(help.as_deref())),
        start: run.as_of.clone(),
        props: [Prop::own("level", level)],
    }
}

/// Whatever meets a rule.
struct Met<'a> {
    rule: &'a RuleUsed,
    control: usize,
    subjects: Vec<u32>,
    /// Rows of the rule that are not met, not known or excepted.
    others: usize,
}

/// By rule, for an observation a subject would be a hundred times as many that say nothing more.
fn met<'a>(run: &Run<'a>) -> Vec<Met<'a>> {
    let mut rows: BTreeMap<u16, (Vec<u32>, usize)> = BTreeMap::new();
    for row in &run.report.ledger.rows {
        let (subjects, others) = rows.entry(row.rule).or_default();
        match row.verdict {
            Verdict::Pass => subjects.push(row.subject),
            Verdict::NotApplicable => {}
            Verdict::Excepted | Verdict::Unknown | Verdict::Fail | Verdict::Error => *others += 1,
        }
    }
    let met = rows.into_iter().filter(|(_, (subjects, _))| !subjects.is_empty());
    met.filter_map(|(number, (subjects, others))| {
        let control = usize::from(number);
        Some(Met { rule: run.report.rules.get(control)?, control, subjects, others })
    })
    .collect()
}

impl Met<'_> {
    fn title(&self) -> String {
        markup(&format!("{}: criterion met", self.rule.id))
    }

    fn said(&self) -> String {
        let count = self.subjects.len();
        let subjects = if count == 1 { "subject" } else { "subjects" };
        sentence(&format!("On {count} {subjects} this is not found: {}", self.rule.title))
    }

    fn props(&self) -> Vec<Prop> {
        vec![
            Prop::own("rule", &self.rule.id),
            Prop::own("verdict", Verdict::Pass.name()),
            Prop::own("subjects", &self.subjects.len().to_string()),
        ]
    }

    fn reference(&self, run: &Run<'_>) -> ObservationRef {
        ObservationRef { observation_uuid: id("observation", &["met", &self.rule.id, &run.as_of]) }
    }

    fn observation(&self, run: &Run<'_>) -> Observation {
        Observation {
            uuid: self.reference(run).observation_uuid,
            title: self.title(),
            description: paragraphs([self.said().as_str()]),
            props: self.props(),
            methods: ["TEST"],
            types: ["control-objective"],
            origins: [Origin::tool()],
            subjects: self.subjects.iter().filter_map(|number| run.subject(*number)).collect(),
            relevant_evidence: Vec::new(),
            collected: run.as_of.clone(),
        }
    }

    fn finding(&self, run: &Run<'_>) -> Finding {
        let others = (self.others > 0).then(|| {
            let are = if self.others == 1 { "finding says" } else { "findings say" };
            format!("Of the subjects of the observation; {} {are} otherwise of others.", self.others)
        });
        Finding {
            uuid: id("finding", &["met", &self.rule.id]),
            title: self.title(),
            description: paragraphs([self.said().as_str()]),
            props: self.props(),
            origins: [Origin::tool()],
            target: Target::of(
                run.control(self.control),
                self.rule,
                State { state: "satisfied", reason: "pass", remarks: others },
            ),
            related_observations: [self.reference(run)],
            related_risks: Vec::new(),
        }
    }
}
