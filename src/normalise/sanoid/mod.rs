//! Sanoid: `sanoid.conf`, sections of datasets and templates.
//!
//! Out: a policy a dataset. A dataset's settings are those of its templates in their order, then its own, as in `init` of
//! the product's script; `[template_default]` comes first. What neither says is left to `sanoid.defaults.conf`, which is not
//! in it, so it is not known here: a count that is not stated can only keep snapshots longer.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::adapter::Simple;
use super::keep::{self, Unit};
use super::{About, Input, Maturity, ReadError, Shape, Sink, vendor};
use crate::model::{FieldMap, Policy, Record, Seconds, Section, Text};
use crate::source::pointer_token;
use crate::validate::schemas;

/// A configuration of sanoid.
pub static CONFIG: Simple = Simple {
    about: About {
        id: "sanoid.config",
        product: "sanoid",
        maturity: Maturity::Fields,
        export: "cat /etc/sanoid/sanoid.conf",
        proves: "Proves which datasets are to have snapshots, how often, and how far back they are to be kept. Cannot say which host it is for (`cluster` of the source), what its defaults are where it says nothing, whether sanoid runs, or whether snapshots leave the pool: syncoid is no part of it.",
        names: "policy `sanoid:<dataset>`, or `sanoid:<cluster>/<dataset>` where the source says `cluster`; asset `zfs:<dataset>` or `zfs:<cluster>/<dataset>`, as `zfs.list` has it; store `zfs/<pool>` or `zfs:<cluster>/<pool>`, or what `vaults` says of the pool; assets: [\"zfs:tank/orders\"]",
        schema: &schemas::SANOID_CONFIG,
        lists: &[Section::Policy],
    },
    recognises,
    records,
};

/// Every section has settings of sanoid alone, and one says what sanoid does.
fn recognises(shape: &Shape) -> bool {
    let known = |key: &String| {
        let timed =
            ["hourly", "daily", "weekly", "monthly", "yearly", "frequently", "frequent", "monitor", "pre", "post"];
        let stem = key.split('_').next().unwrap_or_default();
        timed.contains(&stem) || SETTINGS.contains(&key.as_str())
    };
    !shape.is_list
        && shape.texts.is_empty()
        && !shape.inner.is_empty()
        && shape.keys.len() == shape.inner.len()
        && shape.inner.values().all(|keys| keys.iter().all(known))
        && shape
            .inner
            .values()
            .any(|keys| ["use_template", "autosnap", "autoprune"].iter().any(|key| keys.contains(*key)))
}

/// Those of `sanoid.defaults.conf` that are not named after a period.
const SETTINGS: &[&str] = &[
    "path",
    "recursive",
    "use_template",
    "process_children_only",
    "skip_children",
    "autosnap",
    "autoprune",
    "prune_defer",
    "min_percent_free",
    "script_timeout",
    "no_inconsistent_snapshot",
    "force_post_snapshot_script",
    "pruning_script",
    "capacity_warn",
    "capacity_crit",
];

macro_rules! fields {
    ($interval:literal, $retention:literal) => {
        &[
            ("id", ""),
            ("assets", "/recursive"),
            ("vault", ""),
            ("interval", $interval),
            ("retention", $retention),
            ("paused", "/autosnap"),
        ]
    };
}

/// A section: of a dataset, or a template.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Settings {
    path: Option<String>,
    use_template: Option<String>,
    recursive: Option<String>,
    process_children_only: Option<String>,
    autosnap: Option<String>,
    autoprune: Option<String>,
    #[serde(deserialize_with = "vendor::number")]
    hourly: Option<u64>,
    #[serde(deserialize_with = "vendor::number")]
    daily: Option<u64>,
    #[serde(deserialize_with = "vendor::number")]
    weekly: Option<u64>,
    #[serde(deserialize_with = "vendor::number")]
    monthly: Option<u64>,
    #[serde(deserialize_with = "vendor::number")]
    yearly: Option<u64>,
}

/// Perl's and sanoid's words for yes and no.
fn is(word: Option<&str>) -> Option<bool> {
    match word?.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Some(true),
        "0" | "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let sections: BTreeMap<String, Settings> = input.typed()?;
    let datasets: Vec<(&String, &Settings)> =
        sections.iter().filter(|(name, _)| !name.starts_with("template_")).collect();
    let all: Vec<(&String, Settings)> =
        datasets.iter().map(|(name, own)| (*name, merged(name, own, &sections, sink))).collect();
    // The nearest dataset above one that has a section of its own is the one that would cover it.
    let by_name: BTreeMap<&str, usize> =
        all.iter().enumerate().map(|(i, (name, all))| (dataset(name, all), i)).collect();
    let mut exclude: Vec<Vec<Text>> = vec![Vec::new(); all.len()];
    for (name, settings) in &all {
        let own = dataset(name, settings);
        for (at, _) in own.rmatch_indices('/') {
            let parent = own.get(..at).and_then(|parent| by_name.get(parent)).and_then(|i| exclude.get_mut(*i));
            if let Some(list) = parent {
                list.extend([asset(own, sink), asset(&format!("{own}/*"), sink)]);
            }
        }
    }
    for ((name, settings), exclude) in all.iter().zip(exclude) {
        settings.push(name, exclude, sections.get(*name), sink);
    }
    Ok(())
}

/// The dataset of a section: its `path`, else its name.
fn dataset<'a>(name: &'a str, settings: &'a Settings) -> &'a str {
    settings.path.as_deref().filter(|path| !path.is_empty()).unwrap_or(name)
}

/// `zfs:<dataset>`, with the host's name where the source gives one.
fn asset(dataset: &str, sink: &Sink<'_>) -> Text {
    sink.source().cluster.as_ref().map_or_else(|| format!("zfs:{dataset}"), |c| format!("zfs:{c}/{dataset}")).into()
}

/// A dataset's settings: the user's defaults, its templates in their order, its own.
fn merged(name: &str, own: &Settings, sections: &BTreeMap<String, Settings>, sink: &mut Sink<'_>) -> Settings {
    let mut merged = sections.get("template_default").cloned().unwrap_or_default();
    let named = own.use_template.as_deref().unwrap_or_default().split(',').map(str::trim).filter(|t| !t.is_empty());
    for template in named {
        match sections.get(&format!("template_{template}")) {
            Some(settings) => merged.override_with(settings),
            None if template == "default" => {}
            None => {
                let pointer = format!("/{}/use_template", pointer_token(name));
                sink.warn("unknown-value", &pointer, format!("there is no template `{template}`"));
            }
        }
    }
    merged.override_with(own);
    merged
}

impl Settings {
    fn override_with(&mut self, other: &Settings) {
        fn set<T: Clone>(ours: &mut Option<T>, theirs: &Option<T>) {
            if theirs.is_some() {
                ours.clone_from(theirs);
            }
        }
        set(&mut self.path, &other.path);
        set(&mut self.recursive, &other.recursive);
        set(&mut self.process_children_only, &other.process_children_only);
        set(&mut self.autosnap, &other.autosnap);
        set(&mut self.autoprune, &other.autoprune);
        set(&mut self.hourly, &other.hourly);
        set(&mut self.daily, &other.daily);
        set(&mut self.weekly, &other.weekly);
        set(&mut self.monthly, &other.monthly);
        set(&mut self.yearly, &other.yearly);
    }

    /// Each period with its count, the shortest first, where one is stated.
    fn counts(&self) -> [(Unit, u64, Option<i64>); 5] {
        let count = |number: Option<u64>| number.and_then(|number| i64::try_from(number).ok());
        [
            (Unit::Hourly, 3_600, count(self.hourly)),
            (Unit::Daily, 86_400, count(self.daily)),
            (Unit::Weekly, 7 * 86_400, count(self.weekly)),
            (Unit::Monthly, 31 * 86_400, count(self.monthly)),
            (Unit::Yearly, 366 * 86_400, count(self.yearly)),
        ]
    }

    fn push(&self, name: &str, exclude: Vec<Text>, own: Option<&Settings>, sink: &mut Sink<'_>) {
        let dataset = dataset(name, self);
        let snaps = is(self.autosnap.as_deref());
        let counts = self.counts();
        let interval =
            counts.iter().filter(|(.., count)| count.is_some_and(|count| count > 0)).map(|(_, every, _)| *every).next();
        // Where nothing is pruned, nothing ends.
        let retention = match is(self.autoprune.as_deref()) {
            Some(true) => keep::longest(&counts.map(|(unit, _, count)| (unit, count))),
            _ => None,
        };
        let recursive = self.recursive.as_deref().is_some_and(|word| is(Some(word)) == Some(true) || word == "zfs");
        let children_only = recursive && is(self.process_children_only.as_deref()) == Some(true);
        let mut assets = Vec::new();
        if !children_only {
            assets.push(asset(dataset, sink));
        }
        if recursive {
            assets.push(asset(&format!("{dataset}/*"), sink));
        }
        let pool = dataset.split('/').next().unwrap_or(dataset);
        let cluster = sink.source().cluster.clone();
        let scope = cluster.as_ref().map_or_else(|| "zfs".to_owned(), |cluster| format!("zfs:{cluster}"));
        let id = cluster.as_ref().map_or_else(|| format!("sanoid:{dataset}"), |c| format!("sanoid:{c}/{dataset}"));
        let policy = Policy {
            id: id.into(),
            tool: Some(sink.tool()),
            // What it would do by default is not in the file.
            interval: interval.filter(|_| snaps == Some(true)).map(Seconds),
            retention: retention.map(|(_, reach)| reach),
            vault: sink.vault(Some(pool), Some(&scope)),
            assets: Some(assets),
            exclude: (recursive && !exclude.is_empty()).then_some(exclude),
            paused: snaps.map(|snaps| !snaps),
            ..Policy::default()
        };
        let stated = own.map(Settings::counts).unwrap_or_else(|| Settings::default().counts());
        let own_interval =
            interval.and_then(|every| stated.iter().find(|(_, unit, n)| *unit == every && n.is_some())).is_some();
        let reach =
            retention.map(|(unit, _)| unit).filter(|unit| stated.iter().any(|(u, _, n)| u == unit && n.is_some()));
        let shortest = interval.filter(|_| own_interval);
        sink.push(Record::Policy(policy), format!("/{}", pointer_token(name)), fields(shortest, reach));
    }
}

/// Where a dataset's own words stand; what comes from a template is shown by the section.
fn fields(interval: Option<u64>, retention: Option<Unit>) -> FieldMap {
    match (interval, retention) {
        (Some(3_600), Some(Unit::Yearly)) => fields!("/hourly", "/yearly"),
        (Some(3_600), Some(Unit::Monthly)) => fields!("/hourly", "/monthly"),
        (Some(3_600), Some(Unit::Weekly)) => fields!("/hourly", "/weekly"),
        (Some(3_600), Some(Unit::Daily)) => fields!("/hourly", "/daily"),
        (Some(3_600), Some(_)) => fields!("/hourly", "/hourly"),
        (Some(3_600), None) => fields!("/hourly", ""),
        (Some(86_400), Some(Unit::Yearly)) => fields!("/daily", "/yearly"),
        (Some(86_400), Some(Unit::Monthly)) => fields!("/daily", "/monthly"),
        (Some(86_400), Some(Unit::Weekly)) => fields!("/daily", "/weekly"),
        (Some(86_400), Some(_)) => fields!("/daily", "/daily"),
        (Some(86_400), None) => fields!("/daily", ""),
        (_, Some(Unit::Yearly)) => fields!("", "/yearly"),
        (_, Some(Unit::Monthly)) => fields!("", "/monthly"),
        (_, Some(Unit::Weekly)) => fields!("", "/weekly"),
        (_, Some(Unit::Daily)) => fields!("", "/daily"),
        (_, Some(_)) => fields!("", "/hourly"),
        (_, None) => fields!("", ""),
    }
}

#[cfg(test)]
mod tests;
