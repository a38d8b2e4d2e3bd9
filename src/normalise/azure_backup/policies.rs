//! Policies: how often, and for how long.

use serde::Deserialize;
use smallvec::SmallVec;

use super::{Address, Element, PRODUCT, each, is_list_of};
use crate::model::{FieldMap, Policy, Record, Seconds, Section, Text, Time};
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Adapter, Input, Maturity, ReadError, Shape, Sink};
use crate::validate::schemas;

/// The policies of a vault.
pub struct Policies;

impl Adapter for Policies {
    fn about(&self) -> &About {
        static ABOUT: About = About {
            id: "azure-backup.policies",
            product: PRODUCT,
            maturity: Maturity::Sample,
            export: "az backup policy list --resource-group GROUP --vault-name VAULT --output json",
            proves: "Proves how often policies back up, and how long they keep what they make. Cannot say what they cover (`az backup item list`); its times of day are those of a zone with a Windows name.",
            names: "policy `azure:<vault>/<policy>`, of databases `azure:<vault>/<policy>/<full, log …>`; store the vault's name, or what `vaults` says of it",
            schema: &schemas::AZURE_BACKUP_POLICIES,
            lists: &[Section::Policy],
        };
        &ABOUT
    }
    fn recognises(&self, shape: &Shape) -> bool {
        is_list_of(shape, "/backuppolicies")
    }
    fn records(&self, input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        each(input, sink, push)
    }
}

/// Where a policy's words stand: by what it is part of, and by the rule that keeps longest.
macro_rules! fields {
    ($id:literal, $at:literal, $longest:literal) => {
        &[
            ("id", $id),
            ("tz", concat!($at, "/timeZone")),
            ("schedule", concat!($at, "/schedulePolicy")),
            ("interval", concat!($at, "/schedulePolicy")),
            ("retention", concat!($at, "/retentionPolicy", $longest)),
        ]
    };
}

fn fields(part: bool, longest: Rule) -> FieldMap {
    match (part, longest) {
        (false, Rule::Daily) => fields!("/name", "/properties", "/dailySchedule/retentionDuration/count"),
        (false, Rule::Weekly) => fields!("/name", "/properties", "/weeklySchedule/retentionDuration/count"),
        (false, Rule::Monthly) => fields!("/name", "/properties", "/monthlySchedule/retentionDuration/count"),
        (false, Rule::Yearly) => fields!("/name", "/properties", "/yearlySchedule/retentionDuration/count"),
        (false, Rule::All) => fields!("/name", "/properties", "/retentionDuration/count"),
        (true, Rule::Daily) => fields!("/policyType", "", "/dailySchedule/retentionDuration/count"),
        (true, Rule::Weekly) => fields!("/policyType", "", "/weeklySchedule/retentionDuration/count"),
        (true, Rule::Monthly) => fields!("/policyType", "", "/monthlySchedule/retentionDuration/count"),
        (true, Rule::Yearly) => fields!("/policyType", "", "/yearlySchedule/retentionDuration/count"),
        (true, Rule::All) => fields!("/policyType", "", "/retentionDuration/count"),
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Properties<'a> {
    #[serde(default, borrow)]
    time_zone: Option<Written<'a>>,
    #[serde(default, borrow)]
    schedule_policy: Option<Box<Schedule<'a>>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    retention_policy: Box<Retention<'a>>,
    /// Of databases.
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    sub_protection_policy: Vec<Part<'a>>,
}

/// One of several schedules of a policy for databases.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    #[serde(borrow)]
    policy_type: Written<'a>,
    #[serde(default, borrow)]
    schedule_policy: Option<Box<Schedule<'a>>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    retention_policy: Box<Retention<'a>>,
}

/// `SimpleSchedulePolicy`, `SimpleSchedulePolicyV2` and `LogSchedulePolicy`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Schedule<'a> {
    #[serde(borrow)]
    schedule_run_frequency: Option<Written<'a>>,
    #[serde(deserialize_with = "vendor::nullable")]
    schedule_run_times: Times,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    schedule_run_days: Vec<Written<'a>>,
    #[serde(deserialize_with = "vendor::number")]
    schedule_frequency_in_mins: Option<u64>,
    #[serde(deserialize_with = "vendor::nullable")]
    hourly_schedule: Hourly,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    daily_schedule: Runs<'a>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    weekly_schedule: Runs<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Hourly {
    #[serde(deserialize_with = "vendor::number")]
    interval: Option<u64>,
    #[serde(deserialize_with = "vendor::number")]
    schedule_window_duration: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Runs<'a> {
    #[serde(deserialize_with = "vendor::nullable")]
    schedule_run_times: Times,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    schedule_run_days: Vec<Written<'a>>,
}

type Times = SmallVec<[At; 1]>;

/// A time of day, written with a date that means nothing.
#[derive(Debug, Deserialize)]
struct At(#[serde(deserialize_with = "vendor::time")] Option<Time>);

/// `LongTermRetentionPolicy` and `SimpleRetentionPolicy`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Retention<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    daily_schedule: Kept<'a>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    weekly_schedule: Kept<'a>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    monthly_schedule: Kept<'a>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    yearly_schedule: Kept<'a>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    retention_duration: Length<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Kept<'a> {
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    retention_duration: Length<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Length<'a> {
    #[serde(deserialize_with = "vendor::number")]
    count: Option<u64>,
    #[serde(borrow)]
    duration_type: Option<Written<'a>>,
}

/// Which of the rules keeps longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Daily,
    Weekly,
    Monthly,
    Yearly,
    All,
}

fn push(element: &Element<'_, Properties<'_>>, pointer: &str, sink: &mut Sink<'_>) {
    let address = Address::of(&element.id);
    let properties = &element.properties;
    let name = format!("azure:{}/{}", address.vault, element.name.to_lowercase());
    let policy = |id: Text, schedule: Option<&Schedule<'_>>, retention: &Retention<'_>, sink: &Sink<'_>| {
        let (cron, interval) = schedule.map(Schedule::runs).unwrap_or_default();
        let longest = retention.longest();
        let policy = Policy {
            id,
            tool: Some(sink.tool()),
            schedule: cron,
            tz: properties.time_zone.as_deref().filter(|zone| *zone == "UTC").map(str::to_owned),
            interval,
            retention: longest.map(|(_, seconds)| seconds),
            vault: address.store(sink),
            plan: Some(element.id.to_lowercase().into()),
            ..Policy::default()
        };
        (policy, longest.map_or(Rule::All, |(rule, _)| rule))
    };
    if properties.sub_protection_policy.is_empty() {
        let (policy, rule) =
            policy(name.into(), properties.schedule_policy.as_deref(), &properties.retention_policy, sink);
        sink.push(Record::Policy(policy), pointer, fields(false, rule));
        return;
    }
    for (index, part) in properties.sub_protection_policy.iter().enumerate() {
        let id = format!("{name}/{}", part.policy_type.to_lowercase());
        let (policy, rule) = policy(id.into(), part.schedule_policy.as_deref(), &part.retention_policy, sink);
        let place = format!("{pointer}/properties/subProtectionPolicy/{index}");
        sink.push(Record::Policy(policy), place, fields(true, rule));
    }
}

impl Schedule<'_> {
    /// As a cron expression, where its times share their minute; else as the longest time between two runs.
    fn runs(&self) -> (Option<String>, Option<Seconds>) {
        if let Some(minutes) = self.schedule_frequency_in_mins.filter(|minutes| *minutes > 0) {
            return (None, minutes.checked_mul(60).map(Seconds));
        }
        match self.schedule_run_frequency.as_deref() {
            Some("Daily") => at_times(first(&self.schedule_run_times, &self.daily_schedule.schedule_run_times), &[]),
            Some("Weekly") => {
                let times = first(&self.schedule_run_times, &self.weekly_schedule.schedule_run_times);
                let days = first(&self.schedule_run_days, &self.weekly_schedule.schedule_run_days);
                if days.is_empty() { (None, None) } else { at_times(times, days) }
            }
            Some("Hourly") => (None, self.hourly_schedule.gap()),
            _ => (None, None),
        }
    }
}

fn first<'a, T>(one: &'a [T], other: &'a [T]) -> &'a [T] {
    if one.is_empty() { other } else { one }
}

impl Hourly {
    /// Every so many hours within a window of each day: the night between two windows can be longer.
    fn gap(&self) -> Option<Seconds> {
        let (interval, window) = (self.interval.filter(|hours| *hours > 0)?, self.schedule_window_duration?);
        let night = 24_u64.saturating_sub(window / interval * interval);
        interval.max(night).checked_mul(3_600).map(Seconds)
    }
}

/// Times of day, on some weekdays or on every day.
fn at_times(times: &[At], days: &[Written<'_>]) -> (Option<String>, Option<Seconds>) {
    let mut minutes: Vec<(i8, i8)> = times.iter().filter_map(At::hour_and_minute).collect();
    minutes.sort_unstable();
    minutes.dedup();
    let Some((_, minute)) = minutes.first().copied() else { return (None, None) };
    let weekdays = days.iter().map(|day| day.get(..3).unwrap_or(day).to_uppercase()).collect::<Vec<_>>().join(",");
    let weekdays = if days.is_empty() { "*".to_owned() } else { weekdays };
    if minutes.iter().all(|(_, m)| *m == minute) {
        let hours: Vec<_> = minutes.iter().map(|(hour, _)| hour.to_string()).collect();
        return (Some(format!("{minute} {} * * {weekdays}", hours.join(","))), None);
    }
    if !days.is_empty() {
        return (None, None);
    }
    let of_day: Vec<u64> =
        minutes.iter().map(|(h, m)| u64::from(h.unsigned_abs()) * 60 + u64::from(m.unsigned_abs())).collect();
    let night = of_day.first().zip(of_day.last()).map(|(first, last)| 1_440 - last + first);
    let longest = of_day.windows(2).map(|pair| pair[1] - pair[0]).chain(night).max();
    (None, longest.map(|minutes| Seconds(minutes * 60)))
}

impl At {
    fn hour_and_minute(&self) -> Option<(i8, i8)> {
        let at = self.0?.clock();
        Some((at.hour(), at.minute()))
    }
}

impl Retention<'_> {
    /// The rule that keeps longest, and how long.
    fn longest(&self) -> Option<(Rule, Seconds)> {
        let rules = [
            (Rule::Daily, &self.daily_schedule.retention_duration),
            (Rule::Weekly, &self.weekly_schedule.retention_duration),
            (Rule::Monthly, &self.monthly_schedule.retention_duration),
            (Rule::Yearly, &self.yearly_schedule.retention_duration),
            (Rule::All, &self.retention_duration),
        ];
        let stated = rules.into_iter().filter_map(|(rule, length)| Some((rule, length.seconds()?)));
        stated.reduce(|best, next| if next.1 > best.1 { next } else { best })
    }
}

impl Length<'_> {
    /// Months have 30 days, years 365.
    fn seconds(&self) -> Option<Seconds> {
        let days = match self.duration_type.as_deref()? {
            "Days" => 1,
            "Weeks" => 7,
            "Months" => 30,
            "Years" => 365,
            _ => return None,
        };
        self.count?.checked_mul(days).and_then(vendor::days)
    }
}
