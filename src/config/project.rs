//! `passmuster: config/v1` in `passmuster.yaml`, and `.source.yaml` sidecars: how a repository is checked, and what
//! its exports cannot say about themselves.

use globset::{Glob, GlobBuilder, GlobSet};
use jiff::tz::TimeZone;
use serde_json::Value;

use super::SourceInfo;
use super::mapping::Mapping;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Severity;
use crate::model::{Text, Time};
use crate::source::{FileId, Place};

/// How a repository is checked.
#[derive(Debug, Clone, Default)]
pub struct Project {
    /// Globs of inputs; empty: what the command line names.
    pub inputs: Vec<String>,
    /// Globs of what is left out.
    pub exclude: Vec<String>,
    /// Directories of policies beside the built-in pack.
    pub policies: Vec<String>,
    /// The recovery standard: the name of a built-in one, or a path.
    pub standard: Option<String>,
    /// The lowest severity that counts.
    pub fail_on: Option<Severity>,
    /// Whether unknown counts as not met.
    pub unknown_fails: Option<bool>,
    /// Formats, as on the command line.
    pub output: Vec<String>,
    /// Tenant of inputs that name none.
    pub tenant: Option<Text>,
    /// What exports cannot say about themselves.
    pub sources: Vec<SourceEntry>,
    /// The paths of `sources` that are globs, compiled together.
    globs: GlobSet,
}

/// An entry of `sources`.
#[derive(Debug, Clone)]
pub struct SourceEntry {
    /// As written.
    pub path: String,
    /// Its number among the globs; `None` when it is none.
    pub glob: Option<usize>,
    /// What it says.
    pub info: SourceInfo,
    /// How its records become native, for files of any shape.
    pub mapping: Option<Mapping>,
}

impl Project {
    /// Reads a configuration that its schema has been held against.
    pub fn read(doc: &Value, at: (FileId, u32), found: &mut Diagnostics) -> Self {
        let list = |key: &str| -> Vec<String> {
            doc.get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        };
        let text = |key: &str| doc.get(key).and_then(Value::as_str);
        let entries = doc.get("sources").and_then(Value::as_array).into_iter().flatten().enumerate();
        let mut globs = Vec::new();
        let sources: Vec<_> = entries
            .filter(|(_, e)| !e.is_null())
            .map(|(i, e)| SourceEntry::read(e, i, at, &mut globs, found))
            .collect();
        Self {
            inputs: list("inputs"),
            exclude: list("exclude"),
            policies: list("policies"),
            standard: text("standard").map(str::to_owned),
            fail_on: doc.get("fail_on").and_then(|v| serde_json::from_value(v.clone()).ok()),
            unknown_fails: text("unknown").map(|u| u == "fail"),
            output: list("output"),
            tenant: text("tenant").map(Text::from),
            sources,
            globs: GlobSet::new(&globs).unwrap_or_default(),
        }
    }

    /// The entries of `sources` that speak of a file, by their number.
    pub fn sources_of(&self, path: &str) -> impl Iterator<Item = (usize, &SourceEntry)> {
        let matching = self.globs.matches(path);
        self.sources
            .iter()
            .enumerate()
            .filter(move |(_, entry)| entry.path == path || entry.glob.is_some_and(|glob| matching.contains(&glob)))
    }

    /// What the configuration says of a file, by its path relative to the configuration; the first entry that
    /// says something wins. A sidecar's words come before all of them.
    #[must_use]
    pub fn source_info(&self, path: &str, sidecar: Option<SourceInfo>) -> (SourceInfo, Option<&Mapping>) {
        let mut info = sidecar.unwrap_or_default();
        let mut mapping = None;
        for (number, entry) in self.sources_of(path) {
            info = info.filled_from(&entry.info);
            info.rank.get_or_insert(u32::try_from(number).unwrap_or(u32::MAX));
            mapping = mapping.or(entry.mapping.as_ref());
        }
        info.tenant = info.tenant.or_else(|| self.tenant.clone());
        (info, mapping)
    }
}

impl SourceEntry {
    fn read(entry: &Value, index: usize, at: (FileId, u32), globs: &mut Vec<Glob>, found: &mut Diagnostics) -> Self {
        let pointer = format!("/sources/{index}");
        let path = entry.get("path").and_then(Value::as_str).unwrap_or_default();
        let path = path.strip_prefix("./").unwrap_or(path).to_owned();
        let glob = GlobBuilder::new(&path).literal_separator(true).build();
        let glob = glob.map(|glob| globs.push(glob)).map(|()| globs.len() - 1).map_err(|why| {
            let place = Place::value(at.0, at.1, format!("{pointer}/path"));
            found.push(Diagnostic::error("config", format!("`{path}` is no glob: {}", why.kind())).at(place));
        });
        let mapping = Mapping::read(entry, &pointer, at, found);
        Self { path, glob: glob.ok(), info: source_info(entry, &pointer, at, found), mapping }
    }
}

/// Reads a sidecar that its schema has been held against.
pub fn sidecar(doc: &Value, at: (FileId, u32), found: &mut Diagnostics) -> SourceInfo {
    source_info(doc, "", at, found)
}

fn source_info(entry: &Value, pointer: &str, at: (FileId, u32), found: &mut Diagnostics) -> SourceInfo {
    let place = |key: &str| Place::value(at.0, at.1, format!("{pointer}/{key}"));
    let text = |key: &str| entry.get(key).and_then(Value::as_str);
    let mut refuse = |key: &str, why: String| {
        found.push(Diagnostic::error("config", why).at(Place::value(at.0, at.1, format!("{pointer}/{key}"))));
    };
    let collected_at =
        text("collected_at").and_then(|t| Time::parse(t).map_err(|why| refuse("collected_at", why)).ok());
    let tz = text("tz").and_then(|name| {
        TimeZone::get(name)
            .map_err(|_| refuse("tz", format!("`{name}` is no IANA time zone, such as Europe/Berlin")))
            .ok()
    });
    let vaults = entry.get("vaults").and_then(Value::as_object).into_iter().flatten();
    SourceInfo {
        kind: text("kind").map(str::to_owned),
        tool: text("tool").map(Text::from),
        vault: text("vault").map(Text::from),
        vaults: vaults.filter_map(|(k, v)| v.as_str().map(|v| (k.clone(), Text::from(v)))).collect(),
        tenant: text("tenant").map(Text::from),
        cluster: text("cluster").map(Text::from),
        region: text("region").map(str::to_owned),
        account: entry.get("account").map(|a| a.as_str().map_or_else(|| a.to_string(), str::to_owned)),
        tz,
        collected_place: collected_at.map(|_| place("collected_at")),
        collected_at,
        collector: text("collector").map(str::to_owned),
        complete: entry.get("complete").and_then(Value::as_bool),
        sha256: text("sha256").map(|hash| (hash.to_lowercase(), place("sha256"))),
        place: Some(Place::value(at.0, at.1, pointer)),
        rank: None,
    }
}
