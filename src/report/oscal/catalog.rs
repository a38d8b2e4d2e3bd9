//! `oscal-catalog`: our rules as controls, by family, each with a statement, its reason, its objective and its method.
//!
//! Limits are parameters without a value: the recovery standard sets them, by tier.

use std::io::{self, Write};

use serde::Serialize;

use super::super::View;
use super::super::hosts::is_address;
use super::super::model::RuleUsed;
use super::super::reference::title_of;
use super::super::style::{clean, severity};
use super::super::word;
use super::document::{Link, Part, Prop, close, open, some};
use super::ids::NAMESPACE;
use super::people::People;
use super::results::judged;
use super::run::{Run, objective};
use super::text::{Names, markup, paragraphs, sentence, token};

/// Where NIST's catalogs say by which method an objective is assessed.
const RMF: &str = "http://csrc.nist.gov/ns/rmf";

/// Writes the document.
pub(in crate::report) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let run = Run::new(view);
    open(&run, &People::default(), "catalog", "passmuster: rules about recoverability", None, out)?;
    let mut families: Vec<&str> = run.report.rules.iter().map(|rule| rule.family.as_str()).collect();
    families.sort_unstable();
    families.dedup();
    let mut names = Names::default();
    // Rules of no family stand beside the groups.
    let (grouped, alone): (Vec<&str>, Vec<&str>) = families.into_iter().partition(|family| !clean(family).is_empty());
    let loose = |family: &str| controls(&run, family);
    some(out, "controls", alone.into_iter().flat_map(loose))?;
    some(
        out,
        "groups",
        grouped.into_iter().map(|family| Group {
            id: names.free(format!("family-{}", token(family).to_ascii_lowercase())),
            class: "family",
            title: title_of(family).map_or_else(|| markup(family), str::to_owned),
            props: [Prop::nist("label", family)],
            controls: controls(&run, family),
        }),
    )?;
    close(&run, Vec::new(), out)
}

/// `group`
#[derive(Debug, Serialize)]
struct Group {
    id: String,
    class: &'static str,
    title: String,
    props: [Prop; 1],
    controls: Vec<Control>,
}

/// `control`
#[derive(Debug, Serialize)]
struct Control {
    id: String,
    class: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    params: Vec<Param>,
    props: Vec<Prop>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<Link>,
    parts: Vec<Part>,
}

/// `parameter`
#[derive(Debug, Serialize)]
struct Param {
    id: String,
    label: String,
    usage: &'static str,
}

/// The rules of a family.
fn controls(run: &Run<'_>, family: &str) -> Vec<Control> {
    run.rules().filter(|(rule, _)| rule.family == family).map(|(rule, id)| control(rule, id)).collect()
}

fn control(rule: &RuleUsed, id: &str) -> Control {
    let mut names = Names::default();
    let params = rule.limits.iter().map(|limit| Param {
        id: names.free(format!("{id}_prm_{}", token(limit))),
        label: markup(limit),
        usage: "The recovery standard sets it, by tier or for all.",
    });
    let links = rule.related_resources.iter().filter(|url| is_address(url));
    Control {
        id: id.to_owned(),
        class: "rule",
        title: markup(&rule.title),
        params: params.collect(),
        props: props(rule, id),
        links: links.map(|url| Link { href: url.clone(), rel: "reference" }).collect(),
        parts: parts(rule, id),
    }
}

fn props(rule: &RuleUsed, id: &str) -> Vec<Prop> {
    let mut props = vec![
        Prop::nist("label", &rule.id),
        Prop::nist("sort-id", id),
        Prop::own("severity", severity(rule.severity)),
        Prop::own("judged", if rule.judged { "true" } else { "false" }),
    ];
    if !clean(&rule.subject).is_empty() {
        props.push(Prop::own("subject", &rule.subject));
    }
    // How far data can show it; the rest is left to people.
    props.extend(rule.provability.iter().map(|provability| Prop::own("provability", &word(provability))));
    props.extend(rule.effective_on.iter().map(|date| Prop::own("effective-on", date)));
    props.extend(rule.broken.iter().map(|why| Prop::own("not-evaluated", why)));
    props
}

fn parts(rule: &RuleUsed, id: &str) -> Vec<Part> {
    let part = |suffix: &str, name, prose| Part::of(Some(format!("{id}_{suffix}")), name, prose);
    let given = |text: &str| !clean(text).is_empty();
    let mut parts = vec![part("smt", "statement", markup(&sentence(&format!("This is not found: {}", rule.title))))];
    if given(&rule.description) {
        parts.push(part("gdn", "guidance", paragraphs([rule.description.as_str()])));
    }
    parts.push(Part::of(Some(objective(id)), "assessment-objective", judged(rule)));
    let facts = rule.facts.iter().filter(|fact| given(fact)).map(|fact| markup(fact)).collect::<Vec<_>>();
    parts.push(Part {
        props: vec![Prop::of(RMF, "method", "TEST")],
        prose: None,
        parts: if facts.is_empty() {
            Vec::new()
        } else {
            vec![Part::of(None, "assessment-objects", facts.join("\n\n"))]
        },
        ..part("asm-test", "assessment-method", String::new())
    });
    let mut own = |suffix: &str, name, text: &str| {
        if given(text) {
            parts.push(Part { ns: Some(NAMESPACE), ..part(suffix, name, paragraphs([text])) });
        }
    };
    own("fix", "remediation", &rule.remediation);
    if let Some(example) = &rule.example {
        own("fail", "example-not-met", &example.fail);
        own("pass", "example-met", &example.pass);
    }
    parts
}
