//! A row that is not met, not known, without an answer or excepted: its observation, its finding, its risk, its item.
//!
//! Assessment results and plan of action hold the same observations, findings and risks, under the same uuids.

use std::collections::BTreeSet;

use super::super::groups::subject as named;
use super::super::hosts::{Checkout, Repeats, Shown, ledger};
use super::super::model::{ExceptionListed, Verdict};
use super::super::style::{clean, severity};
use super::assessment::{
    Characterization, Evidence, Facet, Factor, Finding, FindingRef, Item, Log, LogEntry, LoggedBy, Observation,
    ObservationRef, Range, Response, Risk, RiskRef, State, Target, Task, Timing,
};
use super::document::Prop;
use super::ids::{Id, id};
use super::people::{People, Role};
use super::resources::collected;
use super::run::{Origin, Run};
use super::text::{instant, markup, paragraphs, sentence};
use crate::evaluate::Relation;
use crate::source::Place;

/// FedRAMP's properties.
const FEDRAMP: &str = "https://fedramp.gov/ns/oscal";
/// The framework whose control ids FedRAMP takes.
const NIST_800_53: &str = "nist-sp-800-53-r5";

/// A row with what it is known by.
pub(super) struct Entry<'a> {
    pub(super) shown: Shown<'a>,
    /// Its fingerprint; with a number where rows share one.
    key: String,
    /// What is recorded of the exception that covers it.
    listed: Option<&'a ExceptionListed>,
}

/// Every such row, in the order of the ledger.
pub(super) fn entries<'a>(run: &Run<'a>) -> Vec<Entry<'a>> {
    let mut repeats = Repeats::default();
    let all = ledger(run.report).map(|shown| {
        let fingerprint = shown.finding.fingerprint.as_str();
        let number = repeats.number(fingerprint);
        let key = if number == 1 { fingerprint.to_owned() } else { format!("{fingerprint}#{number}") };
        let used = shown.finding.exception.as_ref();
        Entry { listed: used.and_then(|used| run.report.exception(used, shown.subject)), shown, key }
    });
    all.collect()
}

impl<'a> Entry<'a> {
    fn id(&self, kind: &str) -> Id {
        id(kind, &[&self.key])
    }

    fn observation_ref(&self, run: &Run<'_>) -> ObservationRef {
        ObservationRef { observation_uuid: id("observation", &[&self.key, &run.as_of]) }
    }

    /// `RPO-001 payments-api/db: Newest restorable point is older …`: without numbers, the same in every run.
    fn title(&self) -> String {
        let rule = self.shown.rule;
        markup(&format!("{} {}: {}", rule.id, named(self.shown.subject), rule.title))
    }

    /// What is found, and whether that is known.
    fn said(&self) -> String {
        sentence(&format!("{}{}", self.shown.standing(), clean(&self.shown.finding.message)))
    }

    fn props(&self) -> Vec<Prop> {
        let Shown { rule, verdict, finding, .. } = self.shown;
        let mut props = vec![
            Prop::own("rule", &rule.id),
            Prop::own("verdict", verdict.name()),
            Prop::own("severity", severity(self.shown.severity)),
            Prop::own("counts-towards-exit-code", if finding.counts { "true" } else { "false" }),
            Prop::own("fingerprint", &finding.fingerprint),
        ];
        props.extend(finding.exception.iter().map(|exception| Prop::own("exception", &exception.id)));
        props
    }

    /// Places that the verdict rests on, each with what it shows.
    pub(super) fn places(&self) -> impl Iterator<Item = (&'a Place, &'a str)> + use<'a> {
        let finding = self.shown.finding;
        let own = finding.place.iter().map(|place| (place, "found here"));
        let subject = finding.subject_place.iter().map(|place| (place, "declared here"));
        own.chain(finding.evidence.iter().map(|(place, label)| (place, label.as_str()))).chain(subject)
    }

    pub(super) fn observation(&self, run: &Run<'a>, checkout: &Checkout<'a>) -> Observation {
        let finding = self.shown.finding;
        let evidence = self.places().map(|(place, label)| {
            let at = checkout.at(place, label);
            let label = clean(label);
            let shows = if label.is_empty() { String::new() } else { format!(": {label}") };
            Evidence {
                href: run.file(place.file).map(|resource| format!("#{resource}")),
                description: markup(&format!("{}{shows}", at.shown())),
            }
        });
        // When the record found was true; else the oldest that the verdict rests on.
        let own = finding.place.iter().map(|place| place.file).collect();
        let others = finding.evidence.iter().map(|(place, _)| place.file).collect();
        let when = collected(run, &own).or_else(|| collected(run, &others));
        let mut props = self.props();
        let values = [("observed", &finding.observed), ("expected", &finding.expected)];
        props.extend(values.into_iter().filter_map(|(name, value)| {
            let value = value.as_ref()?;
            Some(Prop::own(name, value.as_str().unwrap_or(&value.to_string())))
        }));
        props.extend(finding.unit.iter().map(|unit| Prop::own("unit", unit)));
        Observation {
            uuid: self.observation_ref(run).observation_uuid,
            title: self.title(),
            description: paragraphs([self.said().as_str()]),
            props,
            methods: ["TEST"],
            types: ["finding"],
            origins: [Origin::tool()],
            subjects: run.subject(self.shown.row.subject).into_iter().collect(),
            relevant_evidence: evidence.collect(),
            collected: when.unwrap_or_else(|| run.as_of.clone()),
        }
    }

    pub(super) fn finding(&self, run: &Run<'a>) -> Finding {
        let Shown { rule, row, .. } = self.shown;
        let mut props = self.props();
        props.extend(rule.controls.iter().map(|(framework, list)| {
            let clauses = list.iter().map(|control| match control.relation {
                Relation::Supports => format!("{} (supports)", control.clause),
                Relation::Part => format!("{} (part)", control.clause),
            });
            // Named, not judged.
            Prop::own("bears-on", &format!("{framework}: {}", clauses.collect::<Vec<_>>().join(", ")))
        }));
        Finding {
            uuid: self.id("finding"),
            title: self.title(),
            description: paragraphs([self.said().as_str()]),
            props,
            origins: [Origin::tool()],
            target: Target::of(run.control(usize::from(row.rule)), rule, self.state()),
            related_observations: [self.observation_ref(run)],
            related_risks: vec![RiskRef { risk_uuid: self.id("risk") }],
        }
    }

    fn state(&self) -> State {
        let (reason, remarks) = match self.shown.verdict {
            Verdict::Fail => ("fail", None),
            Verdict::Unknown => ("other", Some("Unknown on the evidence supplied.".to_owned())),
            Verdict::Excepted => ("other", Some(markup(&self.acceptance()))),
            Verdict::Error | Verdict::NotApplicable | Verdict::Pass => {
                ("other", Some("The rule gave no answer.".to_owned()))
            }
        };
        State { state: "not-satisfied", reason, remarks }
    }

    /// Which exception covers it, and until when.
    fn acceptance(&self) -> String {
        let Some(used) = &self.shown.finding.exception else { return "Covered by an exception.".to_owned() };
        let until = used.expires.as_ref().map_or_else(String::new, |expires| format!(" until {expires}"));
        format!("Covered by the exception {}{until}.", used.id)
    }

    pub(super) fn risk(&self, run: &Run<'a>, people: &mut People<'a>) -> Risk {
        let Shown { rule, verdict, .. } = self.shown;
        let why = if rule.description.is_empty() { &rule.title } else { &rule.description };
        let excepted = verdict == Verdict::Excepted;
        let mut props = self.props();
        let nist = rule.controls.get(NIST_800_53).into_iter().flatten();
        let controls: BTreeSet<String> = nist.map(|control| super::component::nist(&control.clause).0).collect();
        props.extend(controls.iter().map(|control| Prop::of(FEDRAMP, "impacted-control-id", control)));
        let recommended = Some(rule.fix(self.shown.finding)).filter(|fix| !clean(fix).is_empty()).map(|fix| Response {
            uuid: self.id("recommendation"),
            lifecycle: "recommendation",
            title: "What puts it right".to_owned(),
            description: paragraphs([&*fix]),
            props: Vec::new(),
            origins: vec![Origin::tool()],
            tasks: Vec::new(),
        });
        let accepted = excepted.then(|| self.accepted(run, people));
        Risk {
            uuid: self.id("risk"),
            title: self.title(),
            description: paragraphs([why.as_str()]),
            statement: paragraphs([self.said().as_str()]),
            props,
            status: if excepted { "deviation-approved" } else { "open" },
            origins: [Origin::tool()],
            characterizations: [Characterization {
                origin: Origin::tool(),
                facets: [Facet {
                    name: "severity",
                    system: "http://csrc.nist.gov/ns/oscal",
                    value: severity(self.shown.severity),
                }],
            }],
            mitigating_factors: self.factors(),
            remediations: recommended.into_iter().chain(accepted).collect(),
            risk_log: self.log(people),
            related_observations: [self.observation_ref(run)],
        }
    }

    fn factors(&self) -> Vec<Factor> {
        let texts = self.listed.into_iter().flat_map(|listed| &listed.compensating).enumerate();
        let factor = |(i, text): (usize, &String)| Factor {
            uuid: id("mitigating-factor", &[&self.key, &i.to_string()]),
            description: paragraphs([text.as_str()]),
        };
        texts.map(factor).collect()
    }

    /// The acceptance as a response: by whom, why, until when.
    fn accepted(&self, run: &Run<'_>, people: &mut People<'a>) -> Response {
        let residual = self.listed.and_then(|listed| listed.residual_risk.as_ref());
        let residual = residual.map(|text| sentence(&format!("What remains: {text}")));
        let reason = self.listed.and_then(|listed| listed.reason.as_deref()).map(sentence);
        let said = [Some(self.acceptance()), reason, residual];
        let by = |people: &mut People<'a>, name: Option<&'a String>, role: Role| {
            name.map(|name| Origin::party(people.party(name, role), role.id()))
        };
        let asked = by(people, self.listed.and_then(|l| l.requested_by.as_ref()), Role::Requester);
        let approved = by(people, self.listed.and_then(|l| l.approved_by.as_ref()), Role::Approver);
        let mut origins: Vec<Origin> = asked.into_iter().chain(approved).collect();
        if origins.is_empty() {
            origins.push(Origin::tool());
        }
        let expires = self.shown.finding.exception.as_ref().and_then(|used| instant(used.expires.as_deref()?));
        let start = self.listed.and_then(|listed| instant(listed.approved_at.as_deref()?));
        let task = expires.map(|end| Task {
            uuid: self.id("acceptance-task"),
            r#type: "milestone",
            title: "The exception ends",
            timing: Timing { within_date_range: Range { start: start.unwrap_or_else(|| run.as_of.clone()), end } },
        });
        let mut props = vec![Prop::nist("type", "accept")];
        props.extend(self.shown.finding.exception.iter().map(|used| Prop::own("exception", &used.id)));
        Response {
            uuid: self.id("acceptance"),
            lifecycle: "planned",
            title: "Accepted for a time".to_owned(),
            description: paragraphs(said.iter().flatten().map(String::as_str)),
            props,
            origins,
            tasks: task.into_iter().collect(),
        }
    }

    /// The status since its approval; none where nobody recorded when that was.
    fn log(&self, people: &mut People<'a>) -> Option<Log> {
        let listed = self.listed.filter(|_| self.shown.verdict == Verdict::Excepted)?;
        let start = instant(listed.approved_at.as_deref()?)?;
        let approver = listed
            .approved_by
            .as_ref()
            .map(|name| LoggedBy { party_uuid: people.party(name, Role::Approver), role_id: Role::Approver.id() });
        let entry = LogEntry {
            uuid: self.id("risk-log"),
            title: "Exception approved",
            start,
            logged_by: approver.into_iter().collect(),
            status_change: "deviation-approved",
        };
        Some(Log { entries: [entry] })
    }

    pub(super) fn item(&self, run: &Run<'a>) -> Item {
        Item {
            uuid: self.id("item"),
            title: self.title(),
            description: paragraphs([self.said().as_str()]),
            props: self.props(),
            origins: vec![Origin::tool()],
            related_findings: vec![FindingRef { finding_uuid: self.id("finding") }],
            related_observations: vec![self.observation_ref(run)],
            related_risks: vec![RiskRef { risk_uuid: self.id("risk") }],
        }
    }
}
