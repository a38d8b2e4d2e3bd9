//! `oscal-component`: a component definition, which rule bears on which clause of which framework.
//!
//! A requirement names a clause and the rules that check a part of it or support it; nothing is said of whether it is met,
//! and no text of a framework is repeated. The ids of NIST SP 800-53 are those of NIST's own OSCAL catalog (`CP-9(1)` is
//! `cp-9.1`, `CP-2a.1` the statement `cp-2_smt.a.1`); others are the clause as its framework writes it, as far as a token
//! can. Rules are named as compliance-trestle does it: sets of properties, told apart by their remarks.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::super::View;
use super::super::hosts::is_address;
use super::super::json::field;
use super::super::model::{Provability, RuleUsed};
use super::super::word;
use super::document::{Prop, Resource, Rlink, close, open};
use super::ids::{Id, id};
use super::people::People;
use super::run::Run;
use super::text::{Names, markup, paragraphs, sentence, token};
use crate::evaluate::Relation;
use crate::frameworks::{self, Framework};

/// The framework whose catalog is OSCAL itself, with ids of its own kind.
const NIST_800_53: &str = "nist-sp-800-53-r5";

/// Frameworks that their publishers have as OSCAL catalogs, and where.
const CATALOGS: [(&str, &str); 2] = [
    (
        NIST_800_53,
        "https://raw.githubusercontent.com/usnistgov/oscal-content/main/nist.gov/SP800-53/rev5/json/NIST_SP-800-53_rev5_catalog.json",
    ),
    (
        "nist-csf-2.0",
        "https://raw.githubusercontent.com/usnistgov/oscal-content/main/nist.gov/CSF/v2.0/json/NIST_CSF_v2.0_catalog.json",
    ),
];

/// Writes the document.
pub(in crate::report) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let run = Run::new(view);
    let frameworks = mapping(&run);
    open(
        &run,
        &People::default(),
        "component-definition",
        "passmuster: rules and the clauses they bear on",
        None,
        out,
    )?;
    let component = Component {
        uuid: super::run::tool(),
        r#type: "software",
        title: env!("CARGO_PKG_NAME"),
        description: "Rules that judge on evidence whether services can be recovered. They check a part of a clause, or \
                      support it; they decide none.",
        props: rules(&run),
        control_implementations: frameworks.iter().map(Mapped::implementation).collect(),
    };
    field(out, "components", &[component])?;
    close(&run, frameworks.iter().map(Mapped::resource).collect(), out)
}

/// `defined-component`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Component {
    uuid: Id,
    r#type: &'static str,
    title: &'static str,
    description: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    props: Vec<Prop>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    control_implementations: Vec<Implementation>,
}

/// `control-implementation`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Implementation {
    uuid: Id,
    source: String,
    description: String,
    props: Vec<Prop>,
    implemented_requirements: Vec<Requirement>,
}

/// `implemented-requirement`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Requirement {
    uuid: Id,
    control_id: String,
    description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    props: Vec<Prop>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    statements: Vec<Statement>,
}

/// `statement`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Statement {
    statement_id: String,
    uuid: Id,
    description: String,
    props: Vec<Prop>,
}

/// The rules, as sets of properties.
fn rules(run: &Run<'_>) -> Vec<Prop> {
    let set = |(rule, control): (&RuleUsed, &str)| {
        let prop = |name, value: &str| Prop::own(name, value).remarks(control.to_owned());
        [prop("Rule_Id", &rule.id), prop("Rule_Description", &rule.title)]
    };
    run.rules().flat_map(set).collect()
}

/// What rules say of a clause.
type Rules<'a> = Vec<(&'a RuleUsed, &'a str, Relation)>;

/// A framework with its clauses.
struct Mapped<'a> {
    key: &'a str,
    known: Option<&'static Framework>,
    clauses: BTreeMap<&'a str, Rules<'a>>,
}

/// Every framework that a rule names, with the clauses that may be printed.
fn mapping<'r>(run: &'r Run<'_>) -> Vec<Mapped<'r>> {
    let mut all: BTreeMap<&str, BTreeMap<&str, Rules<'r>>> = BTreeMap::new();
    for (rule, control) in run.rules() {
        for (framework, clauses) in &rule.controls {
            let known = all.entry(framework).or_default();
            for clause in clauses {
                known.entry(&clause.clause).or_default().push((rule, control, clause.relation));
            }
        }
    }
    let mapped = all.into_iter().map(|(key, mut clauses)| {
        let known = frameworks::find(key).filter(|framework| framework.key == key);
        clauses.retain(|clause, _| !known.is_some_and(|framework| framework.is_unverified(clause)));
        Mapped { key, known, clauses }
    });
    mapped.filter(|mapped| !mapped.clauses.is_empty()).collect()
}

impl Mapped<'_> {
    fn title(&self) -> String {
        self.known.map_or_else(|| self.key.to_owned(), |known| format!("{}, {}", known.title, known.version))
    }

    fn source(&self) -> Id {
        id("framework", &[self.key])
    }

    fn resource(&self) -> Resource {
        let catalog = CATALOGS.iter().find(|(key, _)| *key == self.key);
        let catalog = catalog.map(|(_, href)| Rlink {
            href: (*href).to_owned(),
            media_type: Some("application/oscal.catalog+json"),
            hashes: Vec::new(),
        });
        let page = self.known.map(|known| known.source.clone()).filter(|source| is_address(source));
        let page = page.map(|href| Rlink { href, media_type: None, hashes: Vec::new() });
        let publisher = self.known.map(|known| sentence(&format!("Published by {}", known.publisher)));
        Resource {
            uuid: self.source(),
            title: markup(&self.title()),
            description: publisher.map(|text| markup(&text)),
            props: vec![Prop::own("framework", self.key)],
            rlinks: catalog.into_iter().chain(page).collect(),
        }
    }

    fn implementation(&self) -> Implementation {
        // Clauses of one control in one requirement.
        let mut controls: BTreeMap<String, Vec<(&str, Option<String>)>> = BTreeMap::new();
        let mut names = Names::default();
        let mut clauses: Vec<&str> = self.clauses.keys().copied().collect();
        clauses.sort_by(|a, b| frameworks::order(a, b));
        let mut order: Vec<String> = Vec::new();
        for clause in clauses {
            let (control, statement) = if self.key == NIST_800_53 {
                nist(clause)
            } else {
                // Two clauses stay two where a token cannot tell them apart.
                (names.free(token(clause)), None)
            };
            if !controls.contains_key(&control) {
                order.push(control.clone());
            }
            controls.entry(control).or_default().push((clause, statement));
        }
        let requirements = order.iter().filter_map(|control| Some(self.requirement(control, controls.get(control)?)));
        let outside = self.known.into_iter().flat_map(|known| &known.outside);
        Implementation {
            uuid: id("control-implementation", &[self.key]),
            source: format!("#{}", self.source()),
            description: markup(&format!("What rules bear on: {}.", self.title())),
            props: std::iter::once(Prop::own("framework", self.key))
                .chain(outside.map(|part| Prop::own("no-rule-speaks-of", part)))
                .collect(),
            implemented_requirements: requirements.collect(),
        }
    }

    fn requirement(&self, control: &str, clauses: &[(&str, Option<String>)]) -> Requirement {
        let (own, parts): (Vec<_>, Vec<_>) = clauses.iter().partition(|(_, statement)| statement.is_none());
        let described: Vec<String> = own.iter().map(|(clause, _)| self.described(clause)).collect();
        let description = if own.is_empty() { "Rules bear on parts of it.".to_owned() } else { described.join("\n\n") };
        let mut names = Names::default();
        let statements = parts.iter().filter_map(|(clause, statement)| {
            let statement_id = names.free(statement.clone()?);
            Some(Statement {
                uuid: id("statement", &[self.key, clause]),
                statement_id,
                description: self.described(clause),
                props: self.props(clause),
            })
        });
        Requirement {
            uuid: id("requirement", &[self.key, control]),
            control_id: control.to_owned(),
            description,
            props: own.iter().flat_map(|(clause, _)| self.props(clause)).collect(),
            statements: statements.collect(),
        }
    }

    /// Which rules bear on a clause, what data decides of it, and what is left to people.
    fn described(&self, clause: &str) -> String {
        let rules = self.clauses.get(clause).into_iter().flatten().map(|(rule, _, relation)| {
            sentence(&match relation {
                Relation::Part => format!("{} checks a part of {clause}: {}", rule.id, rule.title),
                Relation::Supports => format!("{} supports {clause}: {}", rule.id, rule.title),
            })
        });
        let provable = self.known.and_then(|known| known.provable(clause));
        let rest = provable.map(|provable| {
            sentence(&match provable.provable {
                Provability::None => format!("Data shows nothing of it; left to people: {}", provable.people),
                Provability::Full | Provability::Part => {
                    format!("Data shows: {}; left to people: {}", provable.data, provable.people)
                }
            })
        });
        let texts: Vec<String> = rules.chain(rest).collect();
        paragraphs(texts.iter().map(String::as_str))
    }

    fn props(&self, clause: &str) -> Vec<Prop> {
        let mut props = vec![Prop::own("clause", clause)];
        let provable = self.known.and_then(|known| known.provable(clause));
        props.extend(provable.map(|provable| Prop::own("provability", &word(&provable.provable))));
        for (rule, control, relation) in self.clauses.get(clause).into_iter().flatten() {
            props.push(Prop::own("Rule_Id", &rule.id).class(word(relation)).remarks((*control).to_owned()));
        }
        props
    }
}

/// A clause of SP 800-53 as NIST's OSCAL catalog names it: `CP-9(1)` is `cp-9.1`, `CP-2a.1` a statement of `cp-2`.
pub(super) fn nist(clause: &str) -> (String, Option<String>) {
    let lower = clause.to_ascii_lowercase();
    let control = lower.find('-').map_or(lower.len(), |dash| {
        let digits = lower[dash + 1..].find(|c: char| !c.is_ascii_digit());
        digits.map_or(lower.len(), |end| dash + 1 + end)
    });
    let (mut name, mut rest) = (lower[..control].to_owned(), &lower[control..]);
    let enhancement = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if let Some((number, after)) = enhancement.filter(|(number, _)| is_number(number)) {
        name = format!("{name}.{number}");
        rest = after;
    }
    let name = token(&name);
    let statement = (!rest.is_empty()).then(|| {
        let part = token(rest);
        format!("{name}_smt.{}", part.trim_start_matches(['_', '.']))
    });
    (name, statement)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_named_as_nist_names_them() {
        for (clause, control, statement) in [
            ("CP-9", "cp-9", None),
            ("CP-9(1)", "cp-9.1", None),
            ("CP-9a", "cp-9", Some("cp-9_smt.a")),
            ("CP-2a.1", "cp-2", Some("cp-2_smt.a.1")),
            ("AC-3(2)", "ac-3.2", None),
            ("CP-10(2)(a)", "cp-10.2", Some("cp-10.2_smt.a")),
            ("", "_", None),
        ] {
            assert_eq!(nist(clause), (control.to_owned(), statement.map(str::to_owned)), "{clause}");
        }
    }
}
