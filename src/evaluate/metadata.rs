//! The METADATA block of a rule: YAML in comments directly above `package`, as in OPA's documentation,
//! "Annotations", with our own keys under `custom`. The engine does not read it; we do, line by line.

use crate::diagnostic::{Diagnostic, Diagnostics};
pub use crate::model::Severity;
use crate::source::{FileId, Place, Spot};
use crate::validate::schemas;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

/// Whom a rule judges, and so what `input` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubjectKind {
    /// A service; `input` is its position.
    #[default]
    Service,
    /// The components of a service; `input` is its position.
    Component,
    /// Objects of the whole estate; `input.estate`.
    Estate,
    /// Tenants; `input.estate`.
    Tenant,
    /// One parsed file: `input`.
    Document,
}

impl SubjectKind {
    /// As METADATA writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Component => "component",
            Self::Estate => "estate",
            Self::Tenant => "tenant",
            Self::Document => "document",
        }
    }
}

/// When a rule runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// With the others.
    #[default]
    Positions,
    /// After them, on their verdicts.
    Outcomes,
}

/// How a rule relates to a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// It helps to show it.
    Supports,
    /// It checks a part of it.
    Part,
}

/// How far data can prove what a rule asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Provability {
    Full,
    Part,
    None,
}

/// A clause of a framework.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// As the framework writes it: `CP-9`.
    pub clause: String,
    /// How the rule relates to it.
    pub relation: Relation,
}

/// A situation that fails and one that passes, in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Example {
    pub fail: String,
    pub pass: String,
}

/// What a rule says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Stable: `RPO-001`.
    pub id: String,
    /// The situation found.
    pub title: String,
    /// Why it matters.
    pub description: String,
    /// How much.
    pub severity: Severity,
    /// The id's prefix: `RPO`.
    pub family: String,
    /// Whom it judges.
    pub subject: SubjectKind,
    /// When it runs.
    pub phase: Phase,
    /// Framework to clauses.
    pub controls: BTreeMap<String, Vec<Control>>,
    /// How far data can prove it.
    pub provability: Option<Provability>,
    /// Kinds of records it reads.
    pub facts: Vec<String>,
    /// Names of the limits it compares with.
    pub limits: Vec<String>,
    /// What to do about a finding.
    pub remediation: String,
    /// Where to read on.
    pub related_resources: Vec<String>,
    /// Earlier names.
    pub aliases: Vec<String>,
    /// Retired, kept so that its id is not reused.
    pub deprecated: bool,
    /// A date from which its findings count, `YYYY-MM-DD`.
    pub effective_on: Option<String>,
    /// A failing and a passing situation.
    pub example: Option<Example>,
    /// How it is judged, in one plain sentence.
    pub judges: Option<String>,
    /// The Rego package, without `data.`: `policies.rpo.newest_point_too_old`.
    pub package: String,
    /// The file it stands in.
    #[serde(skip)]
    pub file: FileId,
    /// That file's path.
    pub path: String,
}

/// Reads the METADATA of a rule file. What is wrong becomes diagnostics with code `metadata`; the result is
/// then as much as could be read, or `None` when not even an id is there.
///
/// `package` is the package the file declares.
pub fn metadata(file: FileId, path: &str, package: &str, text: &str, found: &mut Diagnostics) -> Option<Metadata> {
    let Some(block) = Block::find(text) else {
        found.push(
            Diagnostic::error("metadata", "the rule has no METADATA")
                .at(bytes(file, package_line(text)))
                .help("put a comment block directly above `package` that starts with `# METADATA` and gives title, description, custom.id and custom.severity"),
        );
        return None;
    };
    let value: Value = match serde_yaml::from_str(&block.yaml) {
        Ok(value) => value,
        Err(error) => {
            let line = error.location().map_or(0, |l| l.line().saturating_sub(1));
            let text = error.to_string();
            let message = text.split(" at line ").next().unwrap_or(&text);
            found.push(
                Diagnostic::error("metadata", format!("METADATA is no YAML: {message}"))
                    .at(bytes(file, block.line(line))),
            );
            return None;
        }
    };
    let errors = check(&value);
    let sound = errors.is_empty();
    for (pointer, message, help) in errors {
        let mut diagnostic = Diagnostic::error("metadata", message).at(bytes(file, block.locate(&pointer)));
        diagnostic.help = help;
        found.push(diagnostic);
    }
    let metadata = read(&value, file, path, package);
    if metadata.is_none() && sound {
        found.push(Diagnostic::error("metadata", "METADATA cannot be read").at(bytes(file, block.line(0))));
    }
    metadata
}

/// Whether a file has a METADATA block above its package.
pub(super) fn has_metadata(text: &str) -> bool {
    Block::find(text).is_some()
}

/// Where the id stands, to point at.
pub(super) fn id_place(file: FileId, text: &str) -> Place {
    bytes(file, Block::find(text).map_or(0..0, |b| b.locate("/custom/id")))
}

/// The `package` line.
pub(super) fn package_line(text: &str) -> Range<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("package ") {
            return start..start + line.trim_end().len();
        }
        start += line.len();
    }
    0..text.lines().next().map_or(0, str::len)
}

pub(super) fn bytes(file: FileId, range: Range<usize>) -> Place {
    Place { file, spot: Spot::Bytes { start: range.start, end: range.end } }
}

/// The block's YAML and where each of its lines stands in the file.
struct Block {
    yaml: String,
    lines: Vec<Range<usize>>,
}

impl Block {
    fn find(text: &str) -> Option<Self> {
        let mut lines: Vec<Range<usize>> = Vec::new();
        let mut start = 0;
        let mut above = false;
        for line in text.split_inclusive('\n') {
            let content = line.trim_end();
            if content.starts_with("package ") {
                above = true;
                break;
            }
            if content.starts_with('#') {
                lines.push(start..start + content.len());
            } else {
                lines.clear();
            }
            start += line.len();
        }
        if !above {
            return None;
        }
        let head = lines.iter().position(|l| text[l.clone()].trim_start_matches('#').trim() == "METADATA")?;
        let mut block = Block { yaml: String::new(), lines: Vec::new() };
        for range in lines.drain(head + 1..) {
            let line = &text[range.start + 1..range.end];
            let indent = usize::from(line.starts_with(' '));
            block.yaml.push_str(&line[indent..]);
            block.yaml.push('\n');
            block.lines.push(range.start + 1 + indent..range.end);
        }
        Some(block)
    }

    fn line(&self, index: usize) -> Range<usize> {
        self.lines.get(index).or(self.lines.last()).cloned().unwrap_or(0..0)
    }

    /// The line a pointer leads to, or the nearest above it. Blocks are small and plainly written: each key is
    /// looked for below the one before, list items are counted, which is right for block style and gives the
    /// key's own line for flow style.
    fn locate(&self, pointer: &str) -> Range<usize> {
        let texts: Vec<&str> = self.yaml.lines().collect();
        let mut at = 0;
        let mut indent = 0;
        let mut found = 0;
        for segment in pointer.split('/').skip(1) {
            let wanted = format!("{segment}:");
            let index = segment.parse::<usize>().ok();
            let mut seen = 0;
            let hit = texts.iter().enumerate().skip(at).find_map(|(i, text)| {
                let body = text.trim_start();
                let here = text.len() - body.len();
                let item = body.strip_prefix("- ");
                match index {
                    Some(index) if item.is_some() && here >= indent => {
                        seen += 1;
                        (seen > index).then_some((i, i, here))
                    }
                    Some(_) => None,
                    None if here >= indent && item.unwrap_or(body).starts_with(&wanted) => Some((i, i + 1, here)),
                    None => None,
                }
            });
            let Some((line, next, here)) = hit else { break };
            (found, at, indent) = (line, next, here);
        }
        self.line(found)
    }
}

fn validator() -> Option<&'static jsonschema::Validator> {
    static VALIDATOR: OnceLock<Option<jsonschema::Validator>> = OnceLock::new();
    VALIDATOR
        .get_or_init(|| jsonschema::validator_for(&serde_json::from_str(schemas::METADATA.text).ok()?).ok())
        .as_ref()
}

/// Pointer, message and help of everything the schema refuses.
fn check(value: &Value) -> Vec<(String, String, Option<String>)> {
    use jsonschema::error::ValidationErrorKind as Kind;
    let Some(validator) = validator() else {
        return vec![(String::new(), "the METADATA schema is broken".into(), None)];
    };
    let mut errors = Vec::new();
    for error in validator.iter_errors(value) {
        let at = error.instance_path().to_string();
        match error.kind() {
            Kind::AdditionalProperties { unexpected } => {
                for key in unexpected {
                    let help = closest(key, KEYS.iter().copied()).map(|k| format!("did you mean `{k}`?"));
                    errors.push((format!("{at}/{key}"), format!("METADATA has an unknown key `{key}`"), help));
                }
            }
            _ => {
                let whole = if at.is_empty() { "METADATA".to_owned() } else { at[1..].replace('/', ".") };
                errors.push((at, format!("{whole}: {error}"), None));
            }
        }
    }
    errors
}

const KEYS: &[&str] = &[
    "title",
    "description",
    "related_resources",
    "authors",
    "organizations",
    "scope",
    "custom",
    "id",
    "severity",
    "subject",
    "phase",
    "controls",
    "provability",
    "facts",
    "limits",
    "remediation",
    "judges",
    "aliases",
    "deprecated",
    "effective_on",
    "example",
    "clause",
    "relation",
    "fail",
    "pass",
    "ref",
];

/// The name most like `name`, when one is like it at all.
pub(crate) fn closest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names
        .map(|n| (strsim::jaro_winkler(name, n), n))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
        .map(|(_, n)| n)
}

/// As much as can be read; what is missing or wrong takes its default, since the schema has complained.
fn read(value: &Value, file: FileId, path: &str, package: &str) -> Option<Metadata> {
    let custom = value.get("custom")?;
    let id = custom.get("id")?.as_str()?.to_owned();
    let related = value.get("related_resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Some(Metadata {
        family: id.split('-').next().unwrap_or_default().to_owned(),
        id,
        title: get(value, "title").unwrap_or_default(),
        description: get(value, "description").unwrap_or_default(),
        severity: get(custom, "severity").unwrap_or(Severity::High),
        subject: get(custom, "subject").unwrap_or_default(),
        phase: get(custom, "phase").unwrap_or_default(),
        controls: get(custom, "controls").unwrap_or_default(),
        provability: get(custom, "provability"),
        facts: get(custom, "facts").unwrap_or_default(),
        limits: get(custom, "limits").unwrap_or_default(),
        remediation: get(custom, "remediation").unwrap_or_default(),
        related_resources: related
            .iter()
            .filter_map(|r| r.as_str().or_else(|| r.get("ref")?.as_str()))
            .map(str::to_owned)
            .collect(),
        aliases: get(custom, "aliases").unwrap_or_default(),
        deprecated: get(custom, "deprecated").unwrap_or_default(),
        effective_on: get(custom, "effective_on"),
        example: get(custom, "example"),
        judges: get(custom, "judges"),
        package: package.to_owned(),
        file,
        path: path.to_owned(),
    })
}

fn get<T: serde::de::DeserializeOwned>(value: &Value, key: &str) -> Option<T> {
    T::deserialize(value.get(key)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Licence\n\n# METADATA\n# title: Too old\n# description: Lost.\n# custom:\n#   id: RPO-001\n#   severity: critical\n#   controls:\n#     nist:\n#       - clause: CP-9\n#         relation: part\n#       - {clause: CP-10, relation: supports}\npackage policies.rpo.too_old\n";

    fn read(text: &str) -> (Option<Metadata>, Vec<(String, String)>) {
        let mut found = Diagnostics::default();
        let metadata = metadata(FileId(3), "p.rego", "policies.rpo.too_old", text, &mut found);
        let said = found
            .iter()
            .map(|d| {
                assert_eq!(d.code, "metadata");
                let Some(Place { spot: Spot::Bytes { start, end }, .. }) = d.place.clone() else { panic!("{d:?}") };
                (text[start..end].to_owned(), format!("{} {}", d.message, d.help.clone().unwrap_or_default()))
            })
            .collect();
        (metadata, said)
    }

    #[test]
    fn a_block_is_read() {
        let (metadata, said) = read(TEXT);
        let metadata = metadata.unwrap();
        assert_eq!(said, []);
        assert_eq!((metadata.id.as_str(), metadata.family.as_str()), ("RPO-001", "RPO"));
        assert_eq!(
            (metadata.severity, metadata.subject, metadata.phase),
            (Severity::Critical, SubjectKind::Service, Phase::Positions)
        );
        assert_eq!(metadata.controls["nist"][1], Control { clause: "CP-10".into(), relation: Relation::Supports });
    }

    #[test]
    fn errors_point_at_their_line() {
        let (metadata, said) = read(&TEXT.replace("critical", "severe"));
        assert_eq!(metadata.unwrap().id, "RPO-001");
        assert_eq!(said[0].0, "  severity: severe");
        let (_, said) = read(&TEXT.replace("relation: part", "relation: all"));
        assert_eq!(said[0].0, "        relation: all");
        let (_, said) = read(&TEXT.replace("severity: critical", "severty: critical"));
        assert!(
            said.iter().any(|(at, m)| at == "  severty: critical" && m.contains("did you mean `severity`")),
            "{said:?}"
        );
        let (metadata, said) = read(&TEXT.replace("title: Too old", "title: [Too"));
        assert!(metadata.is_none());
        assert!(said[0].1.starts_with("METADATA is no YAML"), "{said:?}");
    }

    #[test]
    fn a_block_that_is_not_directly_above_does_not_count() {
        let (metadata, said) = read(&TEXT.replace("package", "\npackage"));
        assert!(metadata.is_none());
        assert_eq!(said[0].0, "package policies.rpo.too_old");
    }
}
