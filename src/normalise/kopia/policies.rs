//! `kopia policy list --json` and `kopia policy show --json`.
//!
//! In: an array of Kopia's `policy.TargetWithPolicy`, or one merged `policy.Policy`. Out: a policy each. What a listed policy
//! leaves out it inherits from those above it (its path's parents, `user@host`, `@host`, the global one), as Kopia's
//! `GetEffectivePolicy` merges them; the product's defaults are not added, for they differ between versions.

use std::collections::HashMap;

use serde::Deserialize;

use crate::model::{FieldMap, Policy, Record, Seconds, Section, Text};
use crate::normalise::adapter::Simple;
use crate::normalise::keep::{self, Unit};
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// The policies that a repository holds.
pub static POLICIES: Simple = Simple {
    about: About {
        id: "kopia.policies",
        product: "kopia",
        maturity: Maturity::Fields,
        export: "kopia policy list --json",
        proves: "Proves which policies a repository holds, how often each has a source snapshotted, and for how long snapshots are kept. Cannot say which sources there are below a policy for a host, a user or everything (`kopia snapshot list --all`), which repository it is (`vault` of the source), or whether a server runs them.",
        names: "policy `kopia:<user>@<host>:<path>`, or `kopia:<user>@<host>`, `kopia:@<host>`, `kopia:(global)`; asset `kopia:<user>@<host>:<path>`; store the source's `vault`; assets: [\"kopia:root@db01:/srv\"]",
        schema: &schemas::KOPIA_POLICIES,
        lists: &[Section::Policy],
    },
    recognises: |shape| {
        shape.is_list
            && shape.has_all(&["id", "target"])
            && ["host", "userName", "path"].into_iter().all(|key| shape.inner_has("target", key))
    },
    records: listed,
};

/// What holds for one source, merged.
pub static POLICY: Simple = Simple {
    about: About {
        id: "kopia.policy",
        product: "kopia",
        maturity: Maturity::Fields,
        export: "kopia policy show --json root@db01:/srv",
        proves: "Proves how often something is snapshotted and for how long snapshots are kept. Cannot say of what: the target is not in it, so it may cover any source; `kopia policy list` names them.",
        names: "policy `kopia:(shown)`; possibly any asset `kopia:<user>@<host>:<path>`; store the source's `vault`; assets: [\"kopia:root@db01:/srv\"]",
        schema: &schemas::KOPIA_POLICY,
        lists: &[],
    },
    recognises: |shape: &Shape| {
        let keeps = ["keepLatest", "keepDaily", "keepAnnual"].into_iter().all(|key| shape.inner_has("retention", key));
        !shape.is_list && keeps && shape.has("files") && !shape.has("target")
    },
    records: |input, sink| {
        let settings: Settings<'_> = input.typed()?;
        let mut policy = settings.policy("kopia:(shown)".into(), sink);
        policy.possible_assets = Some(vec!["kopia:*".into()]);
        sink.push(Record::Policy(policy), "", settings.fields(&settings, false));
        Ok(())
    },
};

/// A policy, and what it is for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    #[serde(borrow)]
    target: Target<'a>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    retention: Retention,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    scheduling: Scheduling<'a>,
    #[serde(default)]
    no_parent: Option<bool>,
}

/// What a policy is for: a path, all of a user on a host, all of a host, or everything.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Target<'a> {
    #[serde(borrow)]
    host: Written<'a>,
    #[serde(borrow)]
    user_name: Written<'a>,
    #[serde(borrow)]
    path: Written<'a>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Settings<'a> {
    #[serde(deserialize_with = "vendor::nullable")]
    retention: Retention,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    scheduling: Scheduling<'a>,
    /// Inherits nothing.
    no_parent: Option<bool>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Retention {
    keep_latest: Option<i64>,
    keep_hourly: Option<i64>,
    keep_daily: Option<i64>,
    keep_weekly: Option<i64>,
    keep_monthly: Option<i64>,
    keep_annual: Option<i64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Scheduling<'a> {
    #[serde(deserialize_with = "vendor::number")]
    interval_seconds: Option<u64>,
    #[serde(deserialize_with = "vendor::nullable")]
    time_of_day: Vec<TimeOfDay>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    cron: Vec<Written<'a>>,
    manual: Option<bool>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct TimeOfDay {
    hour: u32,
    #[serde(rename = "min")]
    minute: u32,
}

fn listed(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let mut policies: Vec<(Target<'_>, Settings<'_>)> = Vec::new();
    input.each(|_, listed: Listed<'_>| {
        let Listed { target, retention, scheduling, no_parent } = listed;
        policies.push((target, Settings { retention, scheduling, no_parent }));
        Ok(())
    })?;
    if sink.vault(None, None).is_none() {
        sink.warn("source", "", "a list of policies does not name its repository; say it with `vault:` in a `.source.yaml` file or in the configuration's `sources`");
    }
    let places: HashMap<Key<'_>, usize> = policies.iter().enumerate().map(|(i, (of, _))| (of.key(), i)).collect();
    let above: Vec<Vec<usize>> = policies
        .iter()
        .map(|(of, _)| of.above().into_iter().filter_map(|key| places.get(&key).copied()).collect())
        .collect();
    // What has a policy of its own is not covered by one above it.
    let mut exclude: Vec<Vec<Text>> = vec![Vec::new(); policies.len()];
    for ((target, _), above) in policies.iter().zip(&above) {
        for parent in above {
            if let Some(list) = exclude.get_mut(*parent) {
                list.extend(target.covers());
            }
        }
    }
    for (index, (((target, settings), above), exclude)) in policies.iter().zip(above).zip(exclude).enumerate() {
        let mut merged = settings.clone();
        let mut inherits = merged.no_parent != Some(true);
        for (_, parent) in above.iter().filter_map(|i| policies.get(*i)) {
            if inherits {
                merged.inherit(parent);
                inherits = parent.no_parent != Some(true);
            }
        }
        let mut policy = merged.policy(target.id(), sink);
        let mut covers = target.covers();
        if !target.path.is_empty() {
            policy.assets = Some(vec![covers.remove(0)]);
        }
        policy.possible_assets = Some(covers);
        policy.exclude = (!exclude.is_empty()).then_some(exclude);
        sink.push(Record::Policy(policy), format!("/{index}"), settings.fields(&merged, true));
    }
    Ok(())
}

/// Host, user and path.
type Key<'a> = (&'a str, &'a str, &'a str);

impl Target<'_> {
    fn key(&self) -> Key<'_> {
        (&self.host, &self.user_name, &self.path)
    }

    fn id(&self) -> Text {
        match self.key() {
            ("", "", "") => "kopia:(global)".into(),
            (host, user, "") => format!("kopia:{user}@{host}").into(),
            (host, user, path) => format!("kopia:{user}@{host}:{path}").into(),
        }
    }

    /// The source that it names, if it names one, and then all that may inherit from it.
    fn covers(&self) -> Vec<Text> {
        match self.key() {
            ("", "", "") => vec!["kopia:*".into()],
            (host, "", "") => vec![format!("kopia:*@{host}:*").into()],
            (host, user, "") => vec![format!("kopia:{user}@{host}:*").into()],
            (host, user, path) => {
                let separator = if path.contains('/') { '/' } else { '\\' };
                let below = format!("kopia:{user}@{host}:{}{separator}*", path.trim_end_matches(separator));
                vec![self.id(), below.into()]
            }
        }
    }

    /// The targets whose policies it inherits from, the nearest first.
    fn above(&self) -> Vec<Key<'_>> {
        let (host, user, path) = self.key();
        let mut above = Vec::new();
        let mut rest = path;
        while let Some(at) = rest.trim_end_matches(['/', '\\']).rfind(['/', '\\']) {
            // The root keeps its separator.
            let parent = if at == 0 { &rest[..1] } else { &rest[..at] };
            if parent.len() >= rest.len() {
                break;
            }
            above.push((host, user, parent));
            rest = parent;
        }
        if !path.is_empty() {
            above.push((host, user, ""));
        }
        if !user.is_empty() {
            above.push((host, "", ""));
        }
        if !host.is_empty() {
            above.push(("", "", ""));
        }
        above
    }
}

/// How often: what stands in the policy first, of several ways each of which alone is kept to.
enum Often {
    Interval(Seconds),
    TimesOfDay(Seconds),
    Cron(String),
    Never,
}

macro_rules! fields {
    ($id:expr, $target:expr, $often:literal, $retention:literal) => {
        &[
            ("id", $id),
            ("assets", $target),
            ("possible_assets", $target),
            ("schedule", $often),
            ("interval", $often),
            ("retention", $retention),
            ("retention_points", $retention),
        ]
    };
}

impl Settings<'_> {
    /// Takes over what it leaves out.
    fn inherit(&mut self, parent: &Self) {
        let (own, theirs) = (&mut self.retention, &parent.retention);
        own.keep_latest = own.keep_latest.or(theirs.keep_latest);
        own.keep_hourly = own.keep_hourly.or(theirs.keep_hourly);
        own.keep_daily = own.keep_daily.or(theirs.keep_daily);
        own.keep_weekly = own.keep_weekly.or(theirs.keep_weekly);
        own.keep_monthly = own.keep_monthly.or(theirs.keep_monthly);
        own.keep_annual = own.keep_annual.or(theirs.keep_annual);
        let (own, theirs) = (&mut self.scheduling, &parent.scheduling);
        own.interval_seconds = own.interval_seconds.filter(|s| *s > 0).or(theirs.interval_seconds);
        if own.time_of_day.is_empty() {
            own.time_of_day.clone_from(&theirs.time_of_day);
        }
        if own.cron.is_empty() {
            own.cron.clone_from(&theirs.cron);
        }
        own.manual = own.manual.filter(|manual| *manual).or(theirs.manual);
    }

    fn policy(&self, id: Text, sink: &Sink<'_>) -> Policy {
        let (schedule, interval) = match self.often() {
            Often::Interval(seconds) | Often::TimesOfDay(seconds) => (None, Some(seconds)),
            Often::Cron(cron) => (Some(cron), None),
            Often::Never => (None, None),
        };
        Policy {
            id,
            tool: Some(sink.tool()),
            schedule,
            interval,
            retention: self.retention.longest(),
            retention_points: self.retention.latest().filter(|_| self.runs_one_way()),
            vault: sink.vault(None, None),
            ..Policy::default()
        }
    }

    /// Whether its schedule tells the shortest time between two snapshots: there is one way, and one time a day.
    fn runs_one_way(&self) -> bool {
        let of = &self.scheduling;
        let ways = [of.interval_seconds.is_some_and(|s| s > 0), !of.time_of_day.is_empty(), !of.cron.is_empty()];
        ways.iter().filter(|way| **way).count() <= 1 && of.time_of_day.len() <= 1 && of.cron.len() <= 1
    }

    /// None where snapshots are made by hand alone.
    fn often(&self) -> Often {
        let scheduling = &self.scheduling;
        if scheduling.manual == Some(true) {
            return Often::Never;
        }
        if let Some(seconds) = scheduling.interval_seconds.filter(|seconds| *seconds > 0) {
            return Often::Interval(Seconds(seconds));
        }
        if let Some(gap) = longest_gap(&scheduling.time_of_day) {
            return Often::TimesOfDay(gap);
        }
        let crons = scheduling.cron.iter().map(|cron| cron.split('#').next().unwrap_or_default().trim());
        crons.filter(|cron| !cron.is_empty()).map(str::to_owned).map(Often::Cron).next().unwrap_or(Often::Never)
    }

    /// Where the words of the merged policy stand: in this one, or, where they are inherited, nowhere in it.
    fn fields(&self, merged: &Self, listed: bool) -> FieldMap {
        let own = self.scheduling.manual != Some(true);
        let scheduled = match merged.often() {
            Often::Interval(_) if own && self.scheduling.interval_seconds.is_some_and(|s| s > 0) => 1,
            Often::TimesOfDay(_) if own && !self.scheduling.time_of_day.is_empty() => 2,
            Often::Cron(_) if own && !self.scheduling.cron.is_empty() => 3,
            _ => 0,
        };
        let kept = self.retention.any();
        if !listed {
            return match scheduled {
                1 => fields!("", "", "/scheduling/intervalSeconds", "/retention"),
                2 => fields!("", "", "/scheduling/timeOfDay", "/retention"),
                3 => fields!("", "", "/scheduling/cron", "/retention"),
                _ => fields!("", "", "", "/retention"),
            };
        }
        match (scheduled, kept) {
            (1, true) => fields!("/id", "/target", "/scheduling/intervalSeconds", "/retention"),
            (2, true) => fields!("/id", "/target", "/scheduling/timeOfDay", "/retention"),
            (3, true) => fields!("/id", "/target", "/scheduling/cron", "/retention"),
            (1, false) => fields!("/id", "/target", "/scheduling/intervalSeconds", ""),
            (2, false) => fields!("/id", "/target", "/scheduling/timeOfDay", ""),
            (3, false) => fields!("/id", "/target", "/scheduling/cron", ""),
            (_, true) => fields!("/id", "/target", "", "/retention"),
            (_, false) => fields!("/id", "/target", "", ""),
        }
    }
}

impl Retention {
    fn any(&self) -> bool {
        [self.keep_latest, self.keep_hourly, self.keep_daily, self.keep_weekly, self.keep_monthly, self.keep_annual]
            .iter()
            .any(Option::is_some)
    }

    /// How many of the last are kept, whatever their age; unknown while any rule is.
    fn latest(&self) -> Option<u64> {
        let others = [self.keep_hourly, self.keep_daily, self.keep_weekly, self.keep_monthly, self.keep_annual];
        let known = others.iter().all(Option::is_some);
        self.keep_latest.filter(|_| known).and_then(|latest| u64::try_from(latest).ok()).filter(|latest| *latest > 0)
    }

    /// How far the longest rule reaches; unknown while one of them is, for a default of the product may reach further.
    fn longest(&self) -> Option<Seconds> {
        let rules = [
            (Unit::Hourly, Some(self.keep_hourly?)),
            (Unit::Daily, Some(self.keep_daily?)),
            (Unit::Weekly, Some(self.keep_weekly?)),
            (Unit::Monthly, Some(self.keep_monthly?)),
            (Unit::Yearly, Some(self.keep_annual?)),
        ];
        keep::longest(&rules).map(|(_, reach)| reach)
    }
}

/// The longest time between two of these times of day, over midnight as well.
fn longest_gap(times: &[TimeOfDay]) -> Option<Seconds> {
    const DAY: u64 = 86_400;
    let mut seconds: Vec<u64> = times
        .iter()
        .filter(|time| time.hour < 24 && time.minute < 60)
        .map(|time| u64::from(time.hour) * 3_600 + u64::from(time.minute) * 60)
        .collect();
    seconds.sort_unstable();
    let (first, last) = (*seconds.first()?, *seconds.last()?);
    let within = seconds.iter().zip(seconds.iter().skip(1)).map(|(a, b)| b - a).max().unwrap_or(0);
    Some(Seconds(within.max(DAY - last + first)))
}
