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
    /// `{runs: N, success_pct: P}` or `{period: D, success_pct: P}`, or a list of them.
    JobWindow,
    /// A duration a severity.
    FixSla,
}

impl LimitKind {
    /// The word for it, as the schema of the standard writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Duration => "duration",
            Count => "count",
            Word(_) => "word",
            Words => "words",
            JobWindow => "job_window",
            FixSla => "fix_sla",
        }
    }
}

/// Which way is stricter. `off` is the loosest value of every limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// A smaller value: an age, a maximum.
    Lower,
    /// A larger value: a minimum.
    Higher,
    /// A later word of the list.
    Later,
    /// More words; what satisfies two lists is their union.
    Union,
    /// Windows that cannot be compared, such as one by runs and one by period, hold both.
    All,
}

impl Direction {
    /// The word for it, as the schema of the standard writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Lower => "lower",
            Higher => "higher",
            Later => "later",
            Union => "union",
            All => "all",
        }
    }

    /// The same in a sentence: what stricter means.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Lower => "a smaller value is stricter",
            Higher => "a larger value is stricter",
            Later => "a later word is stricter",
            Union => "a longer list is stricter",
            All => "a higher share is stricter; windows that cannot be compared hold all of them",
        }
    }
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

use Direction::{All, Higher, Later, Lower, Union};
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
        Union,
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
    spec("immut_mode", "immut_mode", Word(IMMUT_MODES), Later, "how firmly an immutable vault is locked"),
    spec("isolated_min", "isolated_min", Count, Higher, "copies that are offline, air-gapped or immutable"),
    spec("job_window", "job_window", JobWindow, All, "share of job runs that succeed"),
    spec("manual_steps_max", "manual_steps_max", Count, Lower, "manual steps of a runbook"),
    spec("media_min", "media_min", Count, Higher, "failure domains or media"),
    spec("min_evidence_grade", "min_evidence_grade", Word(GRADES), Later, "least evidence grade"),
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
    spec("phases_required", "phases_required", Words, Union, "phases of a drill that are timed"),
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
    spec("scenarios_required", "scenarios_required", Words, Union, "scenarios that drills and runbooks cover"),
    spec("soft_delete_min", "soft_delete_min_s", Duration, Higher, "least soft-delete period"),
    spec("test_level_min", "test_level_min", Word(LEVELS), Later, "least level of a drill"),
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
    /// Shares of job runs that all hold, sorted; none of them follows from another.
    JobWindow(Vec<Window>),
    /// A duration a severity.
    FixSla(BTreeMap<String, Seconds>),
}

/// A share of job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// The runs that are looked at.
    pub over: Over,
    /// Per cent of them that succeed.
    pub success_pct: i64,
}

/// Which job runs are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Over {
    /// The last finished ones, so many.
    Runs(u64),
    /// Those finished in this time.
    Period(Seconds),
}

impl Window {
    /// Whether what holds for this window holds for the other: the same runs with no smaller share, or without any
    /// failure over more runs of the same kind. Otherwise the two cannot be compared.
    #[must_use]
    pub fn implies(&self, other: &Window) -> bool {
        let wider = match (self.over, other.over) {
            (Over::Runs(mine), Over::Runs(theirs)) => mine >= theirs,
            (Over::Period(mine), Over::Period(theirs)) => mine >= theirs,
            _ => false,
        };
        (self.over == other.over && self.success_pct >= other.success_pct) || (self.success_pct == 100 && wider)
    }
}

impl std::fmt::Display for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.over {
            Over::Runs(runs) => write!(f, "{} % of the last {runs} runs", self.success_pct),
            Over::Period(period) => write!(f, "{} % of runs in {period}", self.success_pct),
        }
    }
}

/// Windows that all hold, without those that follow from another.
fn windows(mut all: Vec<Window>) -> LimitValue {
    all.sort_unstable();
    all.dedup();
    let kept = all.iter().filter(|w| !all.iter().any(|other| other != *w && other.implies(w))).copied().collect();
    LimitValue::JobWindow(kept)
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
            LimitValue::JobWindow(windows) => {
                let each: Vec<_> = windows.iter().map(ToString::to_string).collect();
                f.write_str(&each.join(" and "))
            }
            LimitValue::FixSla(map) => {
                let rank =
                    |severity: &&String| ["critical", "high", "medium", "low"].iter().position(|s| s == *severity);
                let mut each: Vec<_> = map.iter().collect();
                each.sort_by_key(|(severity, _)| rank(severity));
                let each: Vec<_> = each.iter().map(|(severity, time)| format!("{severity} {time}")).collect();
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
                let one = |value: &serde_json::Value| {
                    let runs = value.get("runs").and_then(serde_json::Value::as_u64).filter(|n| *n > 0);
                    let period = value.get("period").map(duration).transpose()?;
                    let success_pct = value.get("success_pct").and_then(serde_json::Value::as_i64);
                    let over = match (runs, period) {
                        (Some(runs), None) => Some(Over::Runs(runs)),
                        (None, Some(period)) => Some(Over::Period(period)),
                        _ => None,
                    };
                    match (over, success_pct) {
                        (Some(over), Some(success_pct)) if (0..=100).contains(&success_pct) => {
                            Ok(Window { over, success_pct })
                        }
                        _ => Err(refuse("{runs: 7, success_pct: 100} or {period: 30d, success_pct: 95}")),
                    }
                };
                match value.as_array() {
                    Some(list) if list.is_empty() => Err(refuse("a window, or a list of them")),
                    Some(list) => list.iter().map(one).collect::<Result<_, _>>().map(windows),
                    None => one(value).map(|window| windows(vec![window])),
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

    /// The loosest value that is no looser than either: what holds where both are asked for.
    #[must_use]
    pub fn stricter(&self, one: &LimitValue, other: &LimitValue) -> LimitValue {
        use LimitValue as V;
        match (one, other) {
            (V::Off, value) | (value, V::Off) => value.clone(),
            (V::Words(one), V::Words(other)) => {
                let union: std::collections::BTreeSet<&String> = one.iter().chain(other).collect();
                V::Words(union.into_iter().cloned().collect())
            }
            (V::JobWindow(one), V::JobWindow(other)) => windows(one.iter().chain(other).copied().collect()),
            (V::FixSla(one), V::FixSla(other)) => {
                let mut each = one.clone();
                for (severity, time) in other {
                    each.entry(severity.clone()).and_modify(|have| *have = *time.min(have)).or_insert(*time);
                }
                V::FixSla(each)
            }
            _ if self.is_looser(one, other) => other.clone(),
            _ => one.clone(),
        }
    }

    /// Whether `new` gives up something that `old` asks for. A job window that cannot be compared gives up nothing, for
    /// both hold; a severity that a table of times does not name keeps its time.
    #[must_use]
    pub fn is_looser(&self, new: &LimitValue, old: &LimitValue) -> bool {
        use LimitValue as V;
        let lower = self.direction == Lower;
        match (new, old) {
            (_, V::Off) => false,
            (V::Off, _) => true,
            (V::Duration(new), V::Duration(old)) => new != old && (new > old) == lower,
            (V::Count(new), V::Count(old)) => new != old && (new > old) == lower,
            (V::Word(new), V::Word(old)) => {
                let rank = |word: &String| match self.kind {
                    Word(words) => words.iter().position(|w| w == word),
                    _ => None,
                };
                rank(new) < rank(old)
            }
            (V::Words(new), V::Words(old)) => old.iter().any(|word| !new.contains(word)),
            (V::JobWindow(these), V::JobWindow(those)) => {
                let below = |w: &Window| those.iter().any(|old| old != w && old.implies(w));
                these.iter().any(below) || (new != old && self.stricter(new, old) == *old)
            }
            (V::FixSla(new), V::FixSla(old)) => old.iter().any(|(s, d)| new.get(s).is_some_and(|n| n > d)),
            _ => true,
        }
    }
}

/// Where a limit is written, and on what it rests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The standard that gave it: the name of a built-in one, a path.
    pub from: Arc<str>,
    /// The line.
    pub place: Option<Place>,
    /// The clause that the number is taken from; `house` where it is our own proposal.
    pub source: Option<Arc<str>>,
    /// Why it is looser.
    pub reason: Option<Arc<str>>,
    /// Who decided so.
    pub by: Option<Arc<str>>,
}

/// A limit in force, and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// The value.
    pub value: LimitValue,
    /// Where it is written: several places where standards agree, or where each gave a part.
    pub origins: Vec<Origin>,
    /// Nobody gave it: it is the default's.
    pub filled: bool,
}

impl Limit {
    /// What holds where both are asked for, and who asks for it.
    #[must_use]
    pub fn and(self, spec: &LimitSpec, other: Limit) -> Limit {
        let value = spec.stricter(&self.value, &other.value);
        let asks = |limit: &Limit| value == limit.value;
        let (mine, theirs) = (asks(&self), asks(&other));
        let (filled, both) = (self.filled && other.filled, mine == theirs);
        let mut origins = Vec::new();
        for origin in
            [(self, mine), (other, theirs)].into_iter().filter(|(_, asks)| both || *asks).flat_map(|l| l.0.origins)
        {
            if !origins.contains(&origin) {
                origins.push(origin);
            }
        }
        Limit { value, origins, filled }
    }
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
            ("job_window", json!({"runs": 7, "success_pct": 90}), json!({"runs": 30, "success_pct": 100})),
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

    #[test]
    fn job_windows_that_cannot_be_compared_both_hold() {
        let spec = find("job_window").unwrap();
        let read = |value| spec.read(&value).unwrap();
        let by_runs = read(json!({"runs": 7, "success_pct": 100}));
        let by_period = read(json!({"period": "30d", "success_pct": 95}));
        let both = spec.stricter(&by_runs, &by_period);
        assert_eq!(both, spec.stricter(&by_period, &by_runs));
        assert_eq!(both.to_string(), "100 % of the last 7 runs and 95 % of runs in 30d");
        assert!(!spec.is_looser(&by_runs, &by_period) && !spec.is_looser(&by_period, &by_runs));
        // Leaving one of two out is looser, and so is weakening one of them.
        assert!(spec.is_looser(&by_runs, &both));
        let weaker = read(json!([{"runs": 7, "success_pct": 90}, {"period": "30d", "success_pct": 99}]));
        assert!(spec.is_looser(&weaker, &both));
        // A share below 100 % over more runs proves nothing about fewer: three failures in a row pass the first.
        let of_sixty = read(json!({"runs": 60, "success_pct": 95}));
        let of_seven = read(json!({"runs": 7, "success_pct": 90}));
        assert_eq!(
            spec.stricter(&of_sixty, &of_seven).to_string(),
            "90 % of the last 7 runs and 95 % of the last 60 runs"
        );
        // No failure in thirty runs is no failure in seven.
        let clean = read(json!({"runs": 30, "success_pct": 100}));
        assert_eq!(spec.stricter(&clean, &of_seven), clean);
    }

    #[test]
    fn a_window_is_read_as_one_or_as_a_list() {
        let spec = find("job_window").unwrap();
        let window = json!({"runs": 7, "success_pct": 100});
        assert_eq!(spec.read(&window), spec.read(&json!([window, {"runs": 3, "success_pct": 100}])));
        for wrong in
            [json!([]), json!({"success_pct": 90}), json!({"runs": 7, "period": "7d", "success_pct": 90}), json!([7])]
        {
            assert!(spec.read(&wrong).is_err(), "{wrong}");
        }
    }
}
