//! What the four models share: metadata, properties, links, resources; and how a document is written, an element a line.
//!
//! Sections are those of OSCAL's JSON reference; an optional array that would be empty is left out, for OSCAL wants at
//! least one element (`minItems: 1`).

use std::io::{self, Write};

use serde::Serialize;

use super::super::json::{elements, field, list};
use super::ids::{Id, NAMESPACE, id};
use super::people::People;
use super::resources;
use super::run::Run;
use super::text::{markup, string};

/// The version that is written.
pub(super) const VERSION: &str = "1.1.3";

/// `metadata`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Metadata {
    title: String,
    last_modified: String,
    version: String,
    oscal_version: &'static str,
    props: Vec<Prop>,
    links: [Link; 2],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    roles: Vec<Role>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parties: Vec<Party>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remarks: Option<String>,
}

/// `metadata/roles`
#[derive(Debug, Serialize)]
struct Role {
    id: &'static str,
    title: &'static str,
}

/// `metadata/parties`
#[derive(Debug, Serialize)]
struct Party {
    uuid: Id,
    r#type: &'static str,
    name: String,
}

/// `property`; without `ns` its name is one of NIST's.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Prop {
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ns: Option<&'static str>,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remarks: Option<String>,
}

impl Prop {
    /// One of ours.
    pub(super) fn own(name: &'static str, value: &str) -> Self {
        Self { ns: Some(NAMESPACE), ..Self::nist(name, value) }
    }

    /// One of NIST's.
    pub(super) fn nist(name: &'static str, value: &str) -> Self {
        Self { name, ns: None, value: string(value), class: None, remarks: None }
    }

    /// One of a third party.
    pub(super) fn of(ns: &'static str, name: &'static str, value: &str) -> Self {
        Self { ns: Some(ns), ..Self::nist(name, value) }
    }

    /// With a class, which is a token.
    pub(super) fn class(self, class: String) -> Self {
        Self { class: Some(class), ..self }
    }

    /// With remarks.
    pub(super) fn remarks(self, remarks: String) -> Self {
        Self { remarks: Some(remarks), ..self }
    }
}

/// `link`
#[derive(Debug, Serialize)]
pub(super) struct Link {
    pub(super) href: String,
    pub(super) rel: &'static str,
}

/// `back-matter/resources`
#[derive(Debug, Serialize)]
pub(super) struct Resource {
    pub(super) uuid: Id,
    pub(super) title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) props: Vec<Prop>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) rlinks: Vec<Rlink>,
}

/// `back-matter/resources/rlinks`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Rlink {
    pub(super) href: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) media_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) hashes: Vec<Hash>,
}

/// `hash`
#[derive(Debug, Serialize)]
pub(super) struct Hash {
    algorithm: &'static str,
    value: String,
}

impl Hash {
    /// A SHA-256, where a text is one.
    pub(super) fn sha256(value: &str) -> Option<Self> {
        let is_one = value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit());
        is_one.then(|| Self { algorithm: "SHA-256", value: value.to_ascii_lowercase() })
    }
}

/// `part` of a control or of an objective.
#[derive(Debug, Serialize)]
pub(super) struct Part {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    pub(super) name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ns: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) props: Vec<Prop>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) prose: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) parts: Vec<Part>,
}

impl Part {
    /// One with a text and nothing else.
    pub(super) fn of(id: Option<String>, name: &'static str, prose: String) -> Self {
        Self { id, name, ns: None, props: Vec::new(), prose: Some(prose), parts: Vec::new() }
    }
}

/// Opens a document, with what every model begins with.
pub(super) fn open(
    run: &Run<'_>,
    people: &People<'_>,
    model: &str,
    title: &str,
    remarks: Option<String>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let report = run.view.report;
    let standard = &report.standard;
    let mut props = vec![
        Prop::own("tool", concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"))),
        Prop::own("policies-sha256", &report.policies_sha256),
        Prop::own("standard", &standard.name),
    ];
    props.extend(standard.version.iter().map(|version| Prop::own("standard-version", version)));
    props.extend(standard.sha256.iter().map(|hash| Prop::own("standard-sha256", hash)));
    let metadata = Metadata {
        title: markup(title),
        last_modified: run.as_of.clone(),
        version: run.as_of.clone(),
        oscal_version: VERSION,
        props,
        links: resources::judging(run).map(|resource| Link { href: format!("#{resource}"), rel: "reference" }),
        roles: people.roles().map(|(id, title)| Role { id, title }).collect(),
        parties: people.names().map(|(uuid, name)| Party { uuid, r#type: "person", name: string(name) }).collect(),
        remarks,
    };
    write!(out, "{{\"{model}\":{{\"uuid\":\"{}\"", id("document", &[model, &run.key.to_string()]))?;
    field(out, "metadata", &metadata)
}

/// Closes a document with its resources, the rules and the standard before all others.
pub(super) fn close(run: &Run<'_>, others: Vec<Resource>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, ",\n\"back-matter\":{{\"resources\":")?;
    elements(out, [resources::rules(run), resources::standard(run)].into_iter().chain(others))?;
    out.write_all(b"}}}\n")
}

/// An array in an object, an element a line; nothing where there is no element.
pub(super) fn some<T: Serialize>(out: &mut dyn Write, name: &str, items: impl Iterator<Item = T>) -> io::Result<()> {
    let mut items = items.peekable();
    if items.peek().is_some() { list(out, name, items) } else { Ok(()) }
}
