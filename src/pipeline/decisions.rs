//! What the organisation decided: its configuration and its recovery standard, read and checked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::inputs::shown_text;
use super::{Inputs, Options, RunError};
use crate::config::project::Project;
use crate::config::{Standard, builtin};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::discover::{self, DiscoverError};
use crate::parse;
use crate::report::StandardUsed;
use crate::source::{FileId, Hash, Place, SourceFile, Sources, sha256};
use crate::validate::{self, Schema, schemas};

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
    let (document, id) = own_document(&path, "config/v1", &schemas::CONFIG, sources, found)?;
    let project = Project::read(&document, (id, 0), found);
    let base = Path::new(&path).parent().map(Path::to_path_buf).unwrap_or_default();
    Ok((project, base, Some((PathBuf::from(path), id))))
}

/// Reads a configuration or a standard. What its schema refuses makes it unusable.
fn own_document(
    path: &str,
    kind: &str,
    schema: &'static Schema,
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
        file.text = Some(Arc::from(&*text));
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
        hash: Hash::Known(sha256(bytes)),
        bytes: bytes.len() as u64,
        text: None,
    }
}

/// The standard that is named on the command line or in the configuration: the name of a built-in one, or a path. None:
/// the catalogue's table.
pub(super) fn standard_named(options: &Options, project: &Project, base: &Path) -> Option<String> {
    let of_project = || project.standard.as_ref().map(|s| if is_built_in(s) { s.clone() } else { shown(base, s) });
    options.standard.clone().or_else(of_project)
}

/// Whether a name is that of a built-in standard, and so no path.
pub(super) fn is_built_in(name: &str) -> bool {
    builtin::text(name).is_some()
}

/// The standard: the one that is named, else the configuration's, else the catalogue's table; what it leaves open is
/// the table's.
pub(super) fn standard_in_force(options: &Options, inputs: &mut Inputs) -> Result<(Standard, StandardUsed), RunError> {
    let named = standard_named(options, &inputs.project, &inputs.base);
    let named = named.as_deref().unwrap_or(builtin::DEFAULT);
    let mut read =
        Standards { sources: &mut inputs.sources, found: &mut inputs.found, known: BTreeMap::new(), open: Vec::new() };
    let standard = if is_built_in(named) {
        read.built_in(named)
    } else if !looks_like_path(named) && !Path::new(named).is_file() {
        return Err(RunError::NoStandard { name: named.to_owned(), help: builtin::suggestion(named) });
    } else {
        read.file(named)?
    };
    let default = read.built_in(builtin::DEFAULT);
    drop(read);
    let is_own = !is_built_in(named);
    let standard = Standard { is_own, ..Rc::unwrap_or_clone(standard) }.filled_from(&default);
    let file = standard.file.filter(|_| standard.is_own);
    let itself = standard.parts.last();
    let used = StandardUsed {
        name: standard.name.clone(),
        version: standard.version.clone(),
        sha256: file.and_then(|f| inputs.sources.get(f)).map(|f| f.sha256().into_owned()),
        file,
        built_in: itself.filter(|part| part.built_in).map(|part| part.label.to_string()),
        extends: standard.extends().iter().map(|part| part.label.to_string()).collect(),
        proposed: standard.parts.iter().filter(|part| part.proposed).map(|part| part.label.to_string()).collect(),
    };
    Ok((standard, used))
}

/// Whether somebody who wrote this meant a file.
fn looks_like_path(name: &str) -> bool {
    name.contains(['/', '\\']) || name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json")
}

/// Standards as they are read: each once, whoever extends it.
struct Standards<'a> {
    sources: &'a mut Sources,
    found: &'a mut Diagnostics,
    /// By name or path.
    known: BTreeMap<String, Rc<Standard>>,
    /// The files that are being read, each extending the next.
    open: Vec<String>,
}

impl Standards<'_> {
    /// A built-in standard.
    fn built_in(&mut self, name: &str) -> Rc<Standard> {
        if let Some(known) = self.known.get(name) {
            return Rc::clone(known);
        }
        let text = builtin::text(name).unwrap_or_default();
        let path = builtin::path(name);
        let id = self.sources.add(SourceFile {
            path: path.clone(),
            hash: Hash::None,
            bytes: 0,
            text: Some(Arc::from(text)),
        });
        let read = || parse::documents(id, &path, text, self.found).documents.into_iter().next().map(|d| d.value);
        let document = builtin::packed(name).or_else(read).unwrap_or_default();
        let standard = Rc::new(Standard::read(&document, (id, 0), name, &[], self.found));
        self.known.insert(name.to_owned(), Rc::clone(&standard));
        standard
    }

    /// The standard in a file, over those that it extends; `default` where it does not say which.
    fn file(&mut self, path: &str) -> Result<Rc<Standard>, RunError> {
        if let Some(known) = self.known.get(path) {
            return Ok(Rc::clone(known));
        }
        let (document, id) = own_document(path, "standard/v1", &schemas::STANDARD, self.sources, self.found)?;
        self.open.push(path.to_owned());
        let extends = match document.get("extends") {
            Some(serde_json::Value::String(one)) => vec![(one.clone(), "/extends".to_owned())],
            Some(serde_json::Value::Array(list)) => {
                let each = list.iter().filter_map(serde_json::Value::as_str).enumerate();
                each.map(|(i, name)| (name.to_owned(), format!("/extends/{i}"))).collect()
            }
            _ => vec![(builtin::DEFAULT.to_owned(), String::new())],
        };
        let mut bases = Vec::with_capacity(extends.len());
        for (name, pointer) in extends {
            if is_built_in(&name) {
                bases.push(self.built_in(&name));
                continue;
            }
            let base = shown(Path::new(path).parent().unwrap_or(Path::new("")), &name);
            let wrong = if self.open.contains(&base) {
                Some((format!("`{name}` extends itself"), "take one of the two out of `extends`".to_owned()))
            } else if Path::new(&base).is_file() {
                None
            } else {
                let message = format!("`{name}` is no standard: neither built in nor a file");
                Some((message, builtin::suggestion(&name)))
            };
            if let Some((message, help)) = wrong {
                let mut found = Diagnostics::default();
                found.push(Diagnostic::error("standard", message).at(Place::value(id, 0, pointer)).help(help));
                let found = Box::new((found, self.sources.clone()));
                return Err(RunError::Unusable { path: path.to_owned(), found });
            }
            bases.push(self.file(&base)?);
        }
        self.open.pop();
        let standard = Rc::new(Standard::read(&document, (id, 0), path, &bases, self.found));
        self.known.insert(path.to_owned(), Rc::clone(&standard));
        Ok(standard)
    }
}

pub(super) fn shown(base: &Path, path: &str) -> String {
    discover::relative(&base.join(path), Path::new(""))
}
