//! borgmatic's configuration: flat since 1.8, in sections before.
//!
//! Only what is named here is read: passphrases, commands and the passwords of database hooks never are.

use serde::Deserialize;

use super::PRODUCT;
use crate::model::{FieldMap, Policy, Record, Seconds, Section, Text};
use crate::normalise::keep::{self, Unit};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink, vendor};
use crate::validate::schemas;

/// A borgmatic configuration file.
pub struct Config;

impl Adapter for Config {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "borgmatic.config",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "borgmatic config show >borgmatic.yaml",
            proves: "Proves which paths and databases are to be backed up to which repositories, and how far back archives are to be kept. Cannot say which host it is for unless `archive_name_format` names it, when borgmatic runs, or whether it ever did.",
            names: "policy `borgmatic:<label or path of the repository>`, one a repository; store its path, or what `vaults` says of it: give it the vault of `borg list`; asset `borg:<what archive_name_format begins with>`; assets: [\"borg:db01\"]",
            schema: &schemas::BORGMATIC_CONFIG,
            lists: &[Section::Policy],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        let dumps = || shape.keys.iter().any(|key| key.ends_with("_databases"));
        let flat = shape.has("repositories") && (shape.has("source_directories") || dumps());
        let sections = shape.inner_has("location", "repositories")
            && (shape.inner_has("location", "source_directories") || shape.has("hooks"));
        !shape.is_list && !shape.has("apiVersion") && (flat || sections)
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let sections: Sections = input.typed()?;
        if let Some(location) = &sections.location {
            let settings = Settings {
                storage: sections.storage.as_ref().unwrap_or(location),
                retention: sections.retention.as_ref().unwrap_or(location),
                hooks: sections.hooks.as_ref().unwrap_or(location),
                location,
                sectioned: true,
            };
            settings.push(sink);
        } else {
            let flat: Options = input.typed()?;
            let settings =
                Settings { location: &flat, storage: &flat, retention: &flat, hooks: &flat, sectioned: false };
            settings.push(sink);
        }
        Ok(())
    }
}

/// Where a policy's words stand: by layout, and by the rule that reaches furthest.
macro_rules! fields {
    ($location:literal, $storage:literal, $retention:literal) => {
        &[
            ("id", concat!($location, "/repositories")),
            ("vault", concat!($location, "/repositories")),
            ("assets", concat!($storage, "/archive_name_format")),
            ("possible_assets", concat!($location, "/source_directories")),
            ("include", concat!($location, "/source_directories")),
            ("paused", "/skip_actions"),
            ("retention", $retention),
        ]
    };
}

fn fields(sectioned: bool, longest: Option<Unit>) -> FieldMap {
    match (sectioned, longest) {
        (false, Some(Unit::Within)) => fields!("", "", "/keep_within"),
        (false, Some(Unit::Hourly)) => fields!("", "", "/keep_hourly"),
        (false, Some(Unit::Daily)) => fields!("", "", "/keep_daily"),
        (false, Some(Unit::Weekly)) => fields!("", "", "/keep_weekly"),
        (false, Some(Unit::Monthly)) => fields!("", "", "/keep_monthly"),
        (false, Some(Unit::Yearly)) => fields!("", "", "/keep_yearly"),
        (false, None) => fields!("", "", ""),
        (true, Some(Unit::Within)) => fields!("/location", "/storage", "/retention/keep_within"),
        (true, Some(Unit::Hourly)) => fields!("/location", "/storage", "/retention/keep_hourly"),
        (true, Some(Unit::Daily)) => fields!("/location", "/storage", "/retention/keep_daily"),
        (true, Some(Unit::Weekly)) => fields!("/location", "/storage", "/retention/keep_weekly"),
        (true, Some(Unit::Monthly)) => fields!("/location", "/storage", "/retention/keep_monthly"),
        (true, Some(Unit::Yearly)) => fields!("/location", "/storage", "/retention/keep_yearly"),
        (true, None) => fields!("/location", "/storage", "/retention"),
    }
}

/// The layout before 1.8.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sections {
    location: Option<Options>,
    storage: Option<Options>,
    retention: Option<Options>,
    hooks: Option<Options>,
}

/// The options that are read; each stands in one section, or at the top.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Options {
    #[serde(deserialize_with = "vendor::nullable")]
    repositories: Vec<Repository>,
    #[serde(deserialize_with = "vendor::nullable")]
    source_directories: Vec<String>,
    archive_name_format: Option<String>,
    #[serde(deserialize_with = "vendor::nullable")]
    skip_actions: Vec<String>,
    keep_within: Option<String>,
    keep_hourly: Option<i64>,
    keep_daily: Option<i64>,
    keep_weekly: Option<i64>,
    keep_monthly: Option<i64>,
    keep_yearly: Option<i64>,
    #[serde(deserialize_with = "vendor::nullable")]
    postgresql_databases: Vec<Database>,
    #[serde(deserialize_with = "vendor::nullable")]
    mysql_databases: Vec<Database>,
    #[serde(deserialize_with = "vendor::nullable")]
    mariadb_databases: Vec<Database>,
    #[serde(deserialize_with = "vendor::nullable")]
    mongodb_databases: Vec<Database>,
    #[serde(deserialize_with = "vendor::nullable")]
    sqlite_databases: Vec<Database>,
}

/// A path alone before 1.7.10.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Repository {
    Path(String),
    Labelled {
        path: String,
        #[serde(default)]
        label: Option<String>,
    },
}

impl Repository {
    fn path(&self) -> &str {
        match self {
            Repository::Path(path) | Repository::Labelled { path, .. } => path,
        }
    }

    fn label(&self) -> Option<&str> {
        match self {
            Repository::Path(_) => None,
            Repository::Labelled { label, .. } => label.as_deref().filter(|label| !label.is_empty()),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Database {
    name: String,
}

struct Settings<'a> {
    location: &'a Options,
    storage: &'a Options,
    retention: &'a Options,
    hooks: &'a Options,
    sectioned: bool,
}

impl Settings<'_> {
    /// A policy for each repository.
    fn push(&self, sink: &mut Sink<'_>) {
        let retention = self.longest();
        let asset = self.storage.archive_name_format.as_deref().and_then(host);
        let paused = self.location.skip_actions.iter().any(|action| action == "create").then_some(true);
        for repository in &self.location.repositories {
            let path = vendor::without_password(repository.path());
            let label = repository.label();
            let mapped = label.and_then(|label| sink.source().vaults.get(label)).cloned();
            let mapped = mapped.or_else(|| sink.source().vaults.get(repository.path()).cloned());
            let policy = Policy {
                id: format!("borgmatic:{}", label.unwrap_or(&path)).into(),
                tool: Some(sink.tool()),
                retention: retention.map(|(_, reach)| reach),
                vault: mapped.or_else(|| sink.vault(Some(&path), None)),
                assets: asset.clone().map(|asset| vec![asset]),
                // Which host runs it is not in the file: it may be any of those that use Borg.
                possible_assets: asset.is_none().then(|| vec!["borg:*".into()]),
                include: Some(self.include()).filter(|include| !include.is_empty()),
                paused,
                ..Policy::default()
            };
            sink.push(Record::Policy(policy), "", fields(self.sectioned, retention.map(|(unit, _)| unit)));
        }
    }

    /// The rule that reaches furthest; none where archives are never pruned.
    fn longest(&self) -> Option<(Unit, Seconds)> {
        let options = self.retention;
        if self.location.skip_actions.iter().any(|action| action == "prune") {
            return None;
        }
        keep::longest(&[
            (Unit::Within, options.keep_within.as_deref().and_then(interval)),
            (Unit::Hourly, options.keep_hourly),
            (Unit::Daily, options.keep_daily),
            (Unit::Weekly, options.keep_weekly),
            (Unit::Monthly, options.keep_monthly),
            (Unit::Yearly, options.keep_yearly),
        ])
    }

    /// The paths, and the databases as `postgresql:orders`.
    fn include(&self) -> Vec<String> {
        let hooks = self.hooks;
        let dumps = [
            ("postgresql", &hooks.postgresql_databases),
            ("mysql", &hooks.mysql_databases),
            ("mariadb", &hooks.mariadb_databases),
            ("mongodb", &hooks.mongodb_databases),
            ("sqlite", &hooks.sqlite_databases),
        ];
        let databases = dumps.iter().flat_map(|(kind, all)| all.iter().map(move |d| format!("{kind}:{}", d.name)));
        self.location.source_directories.iter().cloned().chain(databases).collect()
    }
}

/// What an archive's name begins with, where the configuration says it: `db01-{now}`, and not `{hostname}-{now}`.
fn host(format: &str) -> Option<Text> {
    let (literal, rest) = format.split_once('{')?;
    let dated = rest.starts_with("now") || rest.starts_with("utcnow");
    let host = literal.strip_suffix('-').filter(|host| !host.is_empty() && dated)?;
    Some(format!("borg:{host}").into())
}

/// Borg's intervals, in seconds: `24H`, `7d`, `4w`, `6m` (of 31 days), `1y`.
fn interval(text: &str) -> Option<i64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let unit = match unit {
        "S" => 1,
        "M" => 60,
        "H" => 3_600,
        "d" => 86_400,
        "w" => 7 * 86_400,
        "m" => 31 * 86_400,
        "y" => 365 * 86_400,
        _ => return None,
    };
    number.parse::<i64>().ok().filter(|n| *n > 0)?.checked_mul(unit)
}
