//! The limits of a tier: every number and required list that rules compare with (CATALOGUE 2.1).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Grade, Seconds};
use crate::source::Place;

/// What a limit's value is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitKind {
    /// A duration; in positions the name ends in `_s`.
    Duration,
    /// A whole number.
    Count,
    /// One of these words, from the loosest to the strictest.
    Word(&'static [&'static str]),
    /// A list of words.
    Words,
    /// `{runs: N, success_pct: P}` or `{period: D, success_pct: P}`.
    JobWindow,
    /// A duration a severity.
    FixSla,
}

/// Which way is stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// A smaller value is stricter: an age, a maximum.
    Lower,
    /// A larger value, a later word or a longer list is stricter.
    Higher,
}

/// A limit that the standard can set for a tier.
#[derive(Debug, Clone, Copy)]
pub struct LimitSpec {
    /// Name in `tiers`, without a unit suffix.
    pub name: &'static str,
    /// Name in positions, with its unit suffix.
    pub position_name: &'static str,
    /// What its value is made of.
    pub kind: LimitKind,
    /// Which way is stricter.
    pub direction: Direction,
    /// What it limits.
    pub about: &'static str,
}

const fn spec(
    name: &'static str,
    position_name: &'static str,
    kind: LimitKind,
    direction: Direction,
    about: &'static str,
) -> LimitSpec {
    LimitSpec { name, position_name, kind, direction, about }
}

const LEVELS: &[&str] = &["file", "component", "application", "service", "site"];
const GRADES: &[&str] = &["E0", "E1", "E2", "E3", "E4", "E5"];
const IMMUT_MODES: &[&str] = &["any", "enabled", "locked"];

use Direction::{Higher, Lower};
use LimitKind::{Count, Duration, FixSla, JobWindow, Word, Words};

/// Every limit, sorted by name.
pub const SPECS: &[LimitSpec] = &[
    spec(
        "access_review_max_age",
        "access_review_max_age_s",
        Duration,
        Lower,
        "oldest allowed review of access to vaults",
    ),
    spec(
        "common_point_skew_max",
        "common_point_skew_max_s",
        Duration,
        Lower,
        "largest skew between the points of one service's components",
    ),
    spec(
        "conditions_required",
        "conditions_required",
        Words,
        Higher,
        "conditions under which a drill was run, such as isolated or on_call",
    ),
    spec("copies_min", "copies_min", Count, Higher, "copies, production counted as one"),
    spec("dr_exercise_max_age", "dr_exercise_max_age_s", Duration, Lower, "the period in which drills count"),
    spec("errors_max", "errors_max", Count, Lower, "verification errors on counted copies"),
    spec("evidence_max_age", "evidence_max_age_s", Duration, Lower, "oldest allowed export"),
    spec("evidence_retention", "evidence_retention_s", Duration, Higher, "how long evidence is kept"),
    spec("exception_max_life", "exception_max_life_s", Duration, Lower, "longest life of an exception"),
    spec("fix_sla", "fix_sla", FixSla, Lower, "time to fix a finding, by severity"),
    spec("granular_test_max_age", "granular_test_max_age_s", Duration, Lower, "oldest allowed granular restore test"),
    spec("immut_lock_min", "immut_lock_min_s", Duration, Higher, "least minimum retention of a vault's lock"),
    spec("immut_mode", "immut_mode", Word(IMMUT_MODES), Higher, "how firmly an immutable vault is locked"),
    spec("isolated_min", "isolated_min", Count, Higher, "copies that are offline, air-gapped or immutable"),
    spec("job_window", "job_window", JobWindow, Higher, "share of job runs that succeed"),
    spec("manual_steps_max", "manual_steps_max", Count, Lower, "manual steps of a runbook"),
    spec("media_min", "media_min", Count, Higher, "failure domains or media"),
    spec("min_evidence_grade", "min_evidence_grade", Word(GRADES), Higher, "least evidence grade"),
    spec(
        "new_resource_grace",
        "new_resource_grace_s",
        Duration,
        Lower,
        "how long a new component may stay unprotected",
    ),
    spec("offsite_lag_max", "offsite_lag_max_s", Duration, Lower, "largest lag of the off-site copy"),
    spec("offsite_min", "offsite_min", Count, Higher, "copies off-site"),
    spec("people_min", "people_min", Count, Higher, "people who could run the recovery"),
    spec("phases_required", "phases_required", Words, Higher, "phases of a drill that are timed"),
    spec(
        "position_review_max_age",
        "position_review_max_age_s",
        Duration,
        Lower,
        "oldest allowed review of the position",
    ),
    spec("restore_test_max_age", "restore_test_max_age_s", Duration, Lower, "oldest allowed restore test"),
    spec("retention_min", "retention_min_s", Duration, Higher, "least retention"),
    spec("rpo_max", "rpo_max_s", Duration, Lower, "largest recovery point objective"),
    spec("rto_max", "rto_max_s", Duration, Lower, "largest recovery time objective"),
    spec("runbook_review_max_age", "runbook_review_max_age_s", Duration, Lower, "oldest allowed runbook review"),
    spec("sample_pct_min", "sample_pct_min", Count, Higher, "share of components with a restore test, per cent"),
    spec("scenarios_required", "scenarios_required", Words, Higher, "scenarios that drills and runbooks cover"),
    spec("soft_delete_min", "soft_delete_min_s", Duration, Higher, "least soft-delete period"),
    spec("test_level_min", "test_level_min", Word(LEVELS), Higher, "least level of a drill"),
    spec("tools_per_service_max", "tools_per_service_max", Count, Lower, "tools that one recovery needs"),
    spec("unknown_max_pct", "unknown_max_pct", Count, Lower, "share of unknown verdicts, per cent"),
    spec("verify_max_age", "verify_max_age_s", Duration, Lower, "oldest allowed verification"),
];

/// The limit with this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static LimitSpec> {
    SPECS.binary_search_by(|spec| spec.name.cmp(name)).ok().and_then(|i| SPECS.get(i))
}

/// The rank of a test level, 0 file to 4 site.
#[must_use]
pub fn level_rank(level: &str) -> Option<u8> {
    LEVELS.iter().position(|l| *l == level).and_then(|i| u8::try_from(i).ok())
}

/// A limit's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LimitValue {
    /// Not asked of this tier.
    Off,
    /// A duration.
    Duration(Seconds),
    /// A whole number.
    Count(i64),
    /// A word.
    Word(String),
    /// A list of words, sorted.
    Words(Vec<String>),
    /// A share of job runs.
    JobWindow {
        /// The last N finished runs.
        runs: Option<u64>,
        /// Runs finished in this time.
        period: Option<Seconds>,
        /// Per cent that succeed.
        success_pct: i64,
    },
    /// A duration a severity.
    FixSla(BTreeMap<String, Seconds>),
}

impl std::fmt::Display for LimitValue {
    /// As the standard writes it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            LimitValue::Off => f.write_str("off"),
            LimitValue::Duration(seconds) => write!(f, "{seconds}"),
            LimitValue::Count(count) => write!(f, "{count}"),
            LimitValue::Word(word) => f.write_str(word),
            LimitValue::Words(words) => f.write_str(&words.join(", ")),
            LimitValue::JobWindow { runs: Some(runs), success_pct, .. } => {
                write!(f, "{success_pct} % of the last {runs} runs")
            }
            LimitValue::JobWindow { period: Some(period), success_pct, .. } => {
                write!(f, "{success_pct} % of runs in {period}")
            }
            LimitValue::JobWindow { success_pct, .. } => write!(f, "{success_pct} % of runs"),
            LimitValue::FixSla(map) => {
                let each: Vec<_> = map.iter().map(|(severity, time)| format!("{severity} {time}")).collect();
                f.write_str(&each.join(", "))
            }
        }
    }
}

/// Why a limit's value cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

impl LimitSpec {
    /// Reads a value as the standard writes it.
    ///
    /// # Errors
    /// When it is not of the limit's kind; the text says what is expected.
    pub fn read(&self, value: &serde_json::Value) -> Result<LimitValue, Unreadable> {
        if value.as_str() == Some("off") || value.as_bool() == Some(false) {
            return Ok(LimitValue::Off);
        }
        let refuse = |what: &str| Unreadable(format!("`{}` is {what}, not {value}", self.name));
        let duration = |value: &serde_json::Value| {
            value
                .as_str()
                .ok_or_else(|| refuse("a duration such as 90d"))
                .and_then(|text| Seconds::parse(text).map_err(Unreadable))
        };
        match self.kind {
            Duration => duration(value).map(LimitValue::Duration),
            Count => value.as_i64().filter(|n| *n >= 0).map(LimitValue::Count).ok_or_else(|| refuse("a whole number")),
            Word(words) => match value.as_str() {
                Some(word) if words.contains(&word) => Ok(LimitValue::Word(word.to_owned())),
                _ => Err(refuse(&format!("one of {}", words.join(", ")))),
            },
            Words => {
                let list = value.as_array().ok_or_else(|| refuse("a list of words"))?;
                let words: Option<std::collections::BTreeSet<String>> =
                    list.iter().map(|w| w.as_str().map(str::to_owned)).collect();
                Ok(LimitValue::Words(words.ok_or_else(|| refuse("a list of words"))?.into_iter().collect()))
            }
            JobWindow => {
                let runs = value.get("runs").and_then(serde_json::Value::as_u64).filter(|n| *n > 0);
                let period = value.get("period").map(duration).transpose()?;
                let success_pct = value.get("success_pct").and_then(serde_json::Value::as_i64);
                match (runs, period, success_pct) {
                    (Some(_), None, Some(success_pct)) | (None, Some(_), Some(success_pct))
                        if (0..=100).contains(&success_pct) =>
                    {
                        Ok(LimitValue::JobWindow { runs, period, success_pct })
                    }
                    _ => Err(refuse("{runs: 7, success_pct: 100} or {period: 30d, success_pct: 95}")),
                }
            }
            FixSla => {
                let map = value.as_object().ok_or_else(|| refuse("{critical: 15d, high: 30d, …}"))?;
                let read: Result<_, Unreadable> =
                    map.iter().map(|(severity, d)| duration(d).map(|d| (severity.clone(), d))).collect();
                read.map(LimitValue::FixSla)
            }
        }
    }

    /// Whether `new` is looser than `old`. Job windows by runs and by period cannot be compared: a change counts as looser.
    #[must_use]
    pub fn is_looser(&self, new: &LimitValue, old: &LimitValue) -> bool {
        use LimitValue as V;
        let lower = self.direction == Lower;
        match (new, old) {
            (_, V::Off) => false,
            (V::Off, _) => true,
            (V::Duration(new), V::Duration(old)) => {
                if lower {
                    new > old
                } else {
                    new < old
                }
            }
            (V::Count(new), V::Count(old)) => {
                if lower {
                    new > old
                } else {
                    new < old
                }
            }
            (V::Word(new), V::Word(old)) => {
                let rank = |word: &String| match self.kind {
                    Word(words) => words.iter().position(|w| w == word),
                    _ => None,
                };
                rank(new) < rank(old)
            }
            (V::Words(new), V::Words(old)) => old.iter().any(|word| !new.contains(word)),
            (
                V::JobWindow { runs: nr, period: np, success_pct: ns },
                V::JobWindow { runs: or, period: op, success_pct: os },
            ) => match (nr, or, np, op) {
                (Some(new), Some(old), _, _) => ns < os || new < old,
                (_, _, Some(new), Some(old)) => ns < os || new < old,
                _ => true,
            },
            (V::FixSla(new), V::FixSla(old)) => old.iter().any(|(s, d)| new.get(s).is_some_and(|n| n > d)),
            _ => true,
        }
    }
}

/// A limit in force, and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// The value.
    pub value: LimitValue,
    /// Where it is written; none for the built-in standard.
    pub place: Option<Place>,
    /// The standard that gave it: `default`, a path, an overlay's name.
    pub from: Arc<str>,
}

/// The limits of one tier by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    /// By [`LimitSpec::name`].
    pub by_name: BTreeMap<&'static str, Limit>,
}

impl Limits {
    /// The value of a limit; `None` where the tier has none.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&LimitValue> {
        self.by_name.get(name).map(|limit| &limit.value)
    }

    /// A duration in seconds; `None` where it is off or absent.
    #[must_use]
    pub fn seconds(&self, name: &str) -> Option<i64> {
        match self.value(name) {
            Some(LimitValue::Duration(seconds)) => Some(seconds.get()),
            _ => None,
        }
    }

    /// A word; `None` where it is off or absent.
    #[must_use]
    pub fn word(&self, name: &str) -> Option<&str> {
        match self.value(name) {
            Some(LimitValue::Word(word)) => Some(word),
            _ => None,
        }
    }

    /// The least evidence grade.
    #[must_use]
    pub fn grade(&self) -> Option<Grade> {
        let word = self.word("min_evidence_grade")?;
        [Grade::E0, Grade::E1, Grade::E2, Grade::E3, Grade::E4, Grade::E5].into_iter().find(|g| g.name() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_table_is_sorted_so_that_it_can_be_searched() {
        assert!(SPECS.is_sorted_by_key(|spec| spec.name));
        assert!(find("rpo_max").is_some());
        assert!(find("rpo_max_h").is_none());
    }

    #[test]
    fn each_kind_says_what_is_looser() {
        for (name, looser, stricter) in [
            ("restore_test_max_age", json!("91d"), json!("90d")),
            ("copies_min", json!(2), json!(3)),
            ("immut_mode", json!("enabled"), json!("locked")),
            ("scenarios_required", json!(["deletion"]), json!(["deletion", "ransomware"])),
            ("job_window", json!({"runs": 7, "success_pct": 90}), json!({"runs": 7, "success_pct": 100})),
            ("fix_sla", json!({"high": "31d"}), json!({"high": "30d"})),
            ("verify_max_age", json!("off"), json!("90d")),
        ] {
            let spec = find(name).unwrap();
            let (looser, stricter) = (spec.read(&looser).unwrap(), spec.read(&stricter).unwrap());
            assert!(spec.is_looser(&looser, &stricter), "{name}");
            assert!(!spec.is_looser(&stricter, &looser), "{name}");
            assert!(!spec.is_looser(&stricter, &stricter), "{name}");
        }
    }
}
