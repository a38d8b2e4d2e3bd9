//! `gcloud backup-dr backup-plans list`, and `backup-plan-associations list`.

use serde::Deserialize;

use super::{NAMES, PRODUCT, asset, is_list_of};
use crate::model::{FieldMap, Policy, Record, Seconds, Section, Selection, Text};
use crate::normalise::adapter::Simple;
use crate::normalise::vendor::{self, Written};
use crate::normalise::{About, Maturity, Sink};
use crate::validate::schemas;

/// Backup plans.
pub static PLANS: Simple = Simple {
    about: About {
        id: "google-backup-dr.plans",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "gcloud backup-dr backup-plans list --project=PROJECT --location=- --format=json",
        proves: "Proves how often each rule of a plan makes a backup, for how long it is kept, and in which vault. Cannot say what a plan is applied to (`backup-plan-associations list`), or whether a backup was ever made (`backups list`).",
        names: NAMES,
        schema: &schemas::GOOGLE_BACKUP_DR_PLANS,
        lists: &[Section::Policy],
    },
    recognises: |shape| is_list_of(shape, &["projects", "locations", "backupPlans"]) && shape.has("backupRules"),
    records: |input, sink| {
        input.each(|pointer, plan: Plan<'_>| {
            for (number, rule) in plan.backup_rules.iter().enumerate() {
                rule.push(&plan, format!("{pointer}/backupRules/{number}"), sink);
            }
            Ok(())
        })
    },
};

/// What plans are applied to.
pub static ASSOCIATIONS: Simple = Simple {
    about: About {
        id: "google-backup-dr.associations",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "gcloud backup-dr backup-plan-associations list --project=PROJECT --location=- --format=json",
        proves: "Proves to which data sources a plan is applied. Cannot say what the plan does (`backup-plans list`), or whether a backup was ever made (`backups list`).",
        names: NAMES,
        schema: &schemas::GOOGLE_BACKUP_DR_ASSOCIATIONS,
        lists: &[Section::Selection],
    },
    recognises: |shape| {
        is_list_of(shape, &["projects", "locations", "backupPlanAssociations"]) && shape.has("backupPlan")
    },
    records: |input, sink| {
        input.each(|pointer, association: Association<'_>| {
            association.push(pointer, sink);
            Ok(())
        })
    },
};

const POLICY: FieldMap = &[
    ("id", "/ruleId"),
    ("schedule", "/standardSchedule"),
    ("interval", "/standardSchedule/hourlyFrequency"),
    ("tz", "/standardSchedule/timeZone"),
    ("retention", "/backupRetentionDays"),
    ("vault", ""),
    ("plan", ""),
    ("paused", ""),
];

const SELECTION: FieldMap = &[("id", "/name"), ("plan", "/backupPlan"), ("assets", "/dataSource")];

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Plan<'a> {
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(default, borrow)]
    state: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    backup_vault: Option<Written<'a>>,
    #[serde(default, borrow, deserialize_with = "vendor::nullable")]
    backup_rules: Vec<Rule<'a>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    #[serde(borrow)]
    rule_id: Written<'a>,
    #[serde(default, deserialize_with = "vendor::number")]
    backup_retention_days: Option<u64>,
    #[serde(default, borrow)]
    standard_schedule: Option<Schedule<'a>>,
}

/// `StandardSchedule`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Schedule<'a> {
    #[serde(borrow)]
    recurrence_type: Option<Written<'a>>,
    #[serde(deserialize_with = "vendor::number")]
    hourly_frequency: Option<u64>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    days_of_week: Vec<Written<'a>>,
    #[serde(deserialize_with = "vendor::nullable")]
    days_of_month: Vec<u64>,
    #[serde(borrow, deserialize_with = "vendor::nullable")]
    months: Vec<Written<'a>>,
    #[serde(deserialize_with = "vendor::nullable")]
    backup_window: Window,
    #[serde(borrow, deserialize_with = "vendor::written")]
    time_zone: Option<Written<'a>>,
}

/// Hours between which a backup may begin; an hour that is left out of the answer is 0.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Window {
    #[serde(deserialize_with = "vendor::number")]
    start_hour_of_day: Option<u64>,
    #[serde(deserialize_with = "vendor::number")]
    end_hour_of_day: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Association<'a> {
    #[serde(borrow)]
    name: Written<'a>,
    #[serde(borrow)]
    backup_plan: Written<'a>,
    #[serde(default, borrow, deserialize_with = "vendor::written")]
    data_source: Option<Written<'a>>,
    #[serde(default, borrow)]
    state: Option<Written<'a>>,
}

impl Rule<'_> {
    fn push(&self, plan: &Plan<'_>, pointer: String, sink: &mut Sink<'_>) {
        let paused = match plan.state.as_deref() {
            Some("ACTIVE" | "UPDATING") => Some(false),
            // "The resource has been created but is not usable."
            Some("INACTIVE" | "DELETING") => Some(true),
            Some("CREATING" | "STATE_UNSPECIFIED") | None => None,
            Some(other) => {
                vendor::unknown_word(sink, &pointer, other);
                None
            }
        };
        let schedule = self.standard_schedule.as_ref();
        let policy = Policy {
            id: format!("{}/{}", &*plan.name, &*self.rule_id).into(),
            tool: Some(sink.tool()),
            schedule: schedule.and_then(Schedule::cron),
            tz: schedule.and_then(|schedule| schedule.time_zone.as_deref()).map(str::to_owned),
            interval: schedule.and_then(Schedule::interval),
            retention: self.backup_retention_days.and_then(vendor::days),
            vault: sink.vault(plan.backup_vault.as_deref(), None),
            paused,
            plan: Some(plan.name.text()),
            ..Policy::default()
        };
        sink.push(Record::Policy(policy), pointer, POLICY);
    }
}

impl Schedule<'_> {
    /// Days and months as cron writes them, at the hour the window opens; a weekday of a month ("the last Monday") is left out.
    fn cron(&self) -> Option<String> {
        let hour = self.backup_window.start_hour_of_day.unwrap_or(0);
        let list = |days: &[u64]| days.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
        let names = |words: &[Written<'_>]| {
            words.iter().map(|word| word.get(..3)).collect::<Option<Vec<_>>>().map(|w| w.join(","))
        };
        let valid = hour < 24 && self.days_of_month.iter().all(|day| (1..=31).contains(day));
        match self.recurrence_type.as_deref().filter(|_| valid)? {
            "DAILY" => Some(format!("0 {hour} * * *")),
            "WEEKLY" if !self.days_of_week.is_empty() => Some(format!("0 {hour} * * {}", names(&self.days_of_week)?)),
            "MONTHLY" if !self.days_of_month.is_empty() => Some(format!("0 {hour} {} * *", list(&self.days_of_month))),
            "YEARLY" if !self.days_of_month.is_empty() && !self.months.is_empty() => {
                Some(format!("0 {hour} {} {} *", list(&self.days_of_month), names(&self.months)?))
            }
            _ => None,
        }
    }

    /// Every so many hours while the window is open: the longest gap may be the one over which it is shut.
    fn interval(&self) -> Option<Seconds> {
        let every = self.hourly_frequency.filter(|hours| (1..=24).contains(hours))?;
        if self.recurrence_type.as_deref() != Some("HOURLY") {
            return None;
        }
        let open = self.backup_window.start_hour_of_day.unwrap_or(0);
        let shut = self.backup_window.end_hour_of_day.unwrap_or(24).min(24);
        // The last begins before the window shuts.
        let last = shut.checked_sub(open).filter(|hours| *hours > 0)?.div_ceil(every).saturating_sub(1) * every;
        Some(Seconds(every.max(24_u64.saturating_sub(last)) * 3_600))
    }
}

impl Association<'_> {
    fn push(&self, pointer: &str, sink: &mut Sink<'_>) {
        let applied = match self.state.as_deref() {
            Some("ACTIVE" | "UPDATING") => true,
            Some("INACTIVE" | "CREATING" | "DELETING" | "STATE_UNSPECIFIED") | None => false,
            Some(other) => {
                vendor::unknown_word(sink, &format!("{pointer}/state"), other);
                false
            }
        };
        let assets: Vec<Text> = self.data_source.as_deref().map(asset).into_iter().collect();
        let selection = Selection {
            id: self.name.text(),
            plan: Some(self.backup_plan.text()),
            tool: Some(sink.tool()),
            // One that is not active (yet) may be.
            assets: applied.then(|| assets.clone()),
            possible_assets: (!applied).then_some(assets),
            ..Selection::default()
        };
        sink.push(Record::Selection(selection), pointer, SELECTION);
    }
}
