//! What the organisation decided: its configuration and its recovery standard, read and checked.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::inputs::shown_text;
use super::{Inputs, Options, RunError};
use crate::config::project::{self, Project};
use crate::config::{Standard, standard};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::discover::{self, DiscoverError};
use crate::parse;
use crate::report::StandardUsed;
use crate::source::{FileId, Place, SourceFile, Sources, sha256};
use crate::validate;

/// The schema of `standard/v1`.
pub const STANDARD_SCHEMA: &str = include_str!("../../schemas/standard.schema.json");

/// Path of the configuration, and its number among the files.
pub(super) type ConfigFile = (PathBuf, FileId);

/// Path of the configuration: the one that is named, else `passmuster.yaml` in the working directory, where there is one.
pub(super) fn config_path(options: &Options) -> Option<String> {
    match (&options.config, options.no_config) {
        (Some(path), _) => Some(path.clone()),
        (None, true) => None,
        (None, false) => {
            ["passmuster.yaml", "passmuster.yml"].into_iter().find(|p| Path::new(p).is_file()).map(str::to_owned)
        }
    }
}

/// The configuration: the one that is named, else `passmuster.yaml` in the working directory.
pub(super) fn project(
    options: &Options,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<(Project, PathBuf, Option<ConfigFile>), RunError> {
    let path = config_path(options);
    let Some(path) = path else { return Ok((Project::default(), PathBuf::new(), None)) };
    let (document, id) = own_document(&path, "config/v1", project::SCHEMA, sources, found)?;
    let project = Project::read(&document, (id, 0), found);
    let base = Path::new(&path).parent().map(Path::to_path_buf).unwrap_or_default();
    Ok((project, base, Some((PathBuf::from(path), id))))
}

/// Reads a configuration or a standard. What its schema refuses makes it unusable.
fn own_document(
    path: &str,
    kind: &str,
    schema: &'static str,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Result<(serde_json::Value, FileId), RunError> {
    let file = Path::new(path);
    if !file.is_file() {
        return Err(DiscoverError::Missing(path.to_owned()).into());
    }
    let bytes = discover::read(file)?;
    let id = sources.add(source_file(file, &bytes));
    let mut wrong = Diagnostics::default();
    let unusable = |mut wrong: Diagnostics, sources: &Sources| {
        wrong.finish();
        RunError::Unusable { path: path.to_owned(), found: Box::new((wrong, sources.clone())) }
    };
    let text = match parse::decode(id, &bytes) {
        Ok(decoded) => decoded.text,
        Err(diagnostic) => {
            wrong.push(diagnostic);
            if let Some(file) = sources.get_mut(id) {
                file.text = shown_text(id, &bytes);
            }
            return Err(unusable(wrong, sources));
        }
    };
    if let Some(file) = sources.get_mut(id) {
        file.text = Some(Arc::from(text.as_str()));
    }
    let parsed = parse::documents(id, path, &text, &mut wrong);
    let Some(mut document) = parsed.documents.into_iter().next().map(|d| d.value).filter(|_| !wrong.has_errors())
    else {
        return Err(unusable(wrong, sources));
    };
    if document.get("passmuster").and_then(serde_json::Value::as_str) != Some(kind) {
        wrong.push(
            Diagnostic::error("schema", format!("this is no `{kind}`"))
                .at(Place::file(id))
                .help(format!("its first line must be `passmuster: {kind}`")),
        );
        return Err(unusable(wrong, sources));
    }
    validate::check(schema, &mut document, (id, 0), &mut wrong);
    if wrong.has_errors() {
        return Err(unusable(wrong, sources));
    }
    found.extend(wrong);
    Ok((document, id))
}

pub(super) fn source_file(file: &Path, bytes: &[u8]) -> SourceFile {
    SourceFile {
        path: discover::relative(file, Path::new("")),
        sha256: sha256(bytes),
        bytes: bytes.len() as u64,
        text: None,
    }
}

/// The standard: the one that is named, else the configuration's, else the catalogue's table.
pub(super) fn standard_in_force(options: &Options, inputs: &mut Inputs) -> Result<(Standard, StandardUsed), RunError> {
    let named = options.standard.clone().or_else(|| inputs.project.standard.as_ref().map(|s| shown(&inputs.base, s)));
    let standard = match named {
        Some(path) => {
            let read = read_standard(&path, &mut inputs.sources, &mut inputs.found, &mut Vec::new())?;
            Standard { is_own: true, ..read }
        }
        None => builtin_standard(&mut inputs.sources, &mut inputs.found),
    };
    let file = standard.file.filter(|f| inputs.sources.get(*f).is_some_and(|s| !s.sha256.is_empty()));
    let used = StandardUsed {
        name: standard.name.clone(),
        version: standard.version.clone(),
        sha256: file.and_then(|f| inputs.sources.get(f)).map(|f| f.sha256.clone()),
        file,
    };
    Ok((standard, used))
}

fn builtin_standard(sources: &mut Sources, found: &mut Diagnostics) -> Standard {
    let path = "standards/default.yaml".to_owned();
    let id = sources.add(SourceFile {
        path: path.clone(),
        sha256: String::new(),
        bytes: 0,
        text: Some(Arc::from(standard::DEFAULT)),
    });
    let document = parse::documents(id, &path, standard::DEFAULT, found).documents.into_iter().next();
    let value = document.map(|d| d.value).unwrap_or_default();
    // The built-in table extends nothing: four empty tiers to fill.
    let empty = Standard {
        tiers: (1..=4).map(|n| (n.to_string(), crate::config::Tier { number: n, ..Default::default() })).collect(),
        ..Standard::default()
    };
    Standard::read(&value, (id, 0), "default", &[empty], found)
}

fn read_standard(
    path: &str,
    sources: &mut Sources,
    found: &mut Diagnostics,
    seen: &mut Vec<String>,
) -> Result<Standard, RunError> {
    let (document, id) = own_document(path, "standard/v1", STANDARD_SCHEMA, sources, found)?;
    seen.push(path.to_owned());
    let extends = match document.get("extends") {
        Some(serde_json::Value::String(one)) => vec![one.clone()],
        Some(serde_json::Value::Array(list)) => list.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
        _ => vec!["default".to_owned()],
    };
    let mut bases = Vec::new();
    for name in extends {
        if name == "default" {
            bases.push(builtin_standard(sources, found));
            continue;
        }
        let folder = Path::new(path).parent().unwrap_or(Path::new(""));
        let base = shown(folder, &name);
        let wrong = if seen.contains(&base) {
            Some(format!("`{name}` extends itself"))
        } else if Path::new(&base).is_file() {
            None
        } else {
            Some(format!("`{name}` is no standard: neither `default` nor a file"))
        };
        if let Some(wrong) = wrong {
            let mut diagnostics = Diagnostics::default();
            diagnostics.push(
                Diagnostic::error("standard", wrong)
                    .at(Place::value(id, 0, "/extends"))
                    .help("write `default`, or the path of a standard/v1 file"),
            );
            return Err(RunError::Unusable { path: path.to_owned(), found: Box::new((diagnostics, sources.clone())) });
        }
        bases.push(read_standard(&base, sources, found, seen)?);
    }
    Ok(Standard::read(&document, (id, 0), path, &bases, found))
}

pub(super) fn shown(base: &Path, path: &str) -> String {
    discover::relative(&base.join(path), Path::new(""))
}
