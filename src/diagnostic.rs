//! What is wrong with an input or a policy, and where. The run goes on; its result is incomplete
//! when one of them is an error.

use std::borrow::Cow;

use crate::source::{Place, Spot};

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing; changes nothing.
    Note,
    /// Probably not what was meant; changes no exit code.
    Warning,
    /// Something could not be read or judged: the run is incomplete, exit 2.
    Error,
}

/// One problem with one input or policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// A stable word for the kind of problem: `schema`, `duplicate-id`, `truncated` …
    pub code: Cow<'static, str>,
    /// How much it matters.
    pub level: Level,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// The way out, in one sentence.
    pub help: Option<String>,
    /// Where.
    pub place: Option<Place>,
    /// Other places that belong to it, each with what it shows.
    pub related: Vec<(Place, String)>,
}

impl Diagnostic {
    /// An error: the run is incomplete.
    pub fn error(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(code, Level::Error, message)
    }

    /// A warning: no exit code changes.
    pub fn warning(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(code, Level::Warning, message)
    }

    /// A note.
    pub fn note(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::new(code, Level::Note, message)
    }

    fn new(code: impl Into<Cow<'static, str>>, level: Level, message: impl Into<String>) -> Self {
        Self { code: code.into(), level, message: message.into(), help: None, place: None, related: Vec::new() }
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Says the way out.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Every place that it points to.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.place.iter().chain(self.related.iter().map(|(place, _)| place))
    }

    /// Adds a second place with what it shows.
    #[must_use]
    pub fn and(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push((place, label.into()));
        self
    }
}

/// The diagnostics of a stage or a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds all of another list.
    pub fn extend(&mut self, other: Diagnostics) {
        self.list.extend(other.list);
    }

    /// Makes those with a code errors.
    pub fn raise(&mut self, code: &str) {
        self.list.iter_mut().filter(|d| d.code == code).for_each(|d| d.level = Level::Error);
    }

    /// The same with every pointer to a value rewritten.
    #[must_use]
    pub fn relocated(mut self, rewrite: impl Fn(&str) -> String) -> Self {
        let places =
            self.list.iter_mut().flat_map(|d| d.place.iter_mut().chain(d.related.iter_mut().map(|r| &mut r.0)));
        for place in places {
            if let Spot::Value { pointer, .. } | Spot::Key { pointer, .. } = &mut place.spot {
                *pointer = rewrite(pointer);
            }
        }
        self
    }

    /// Only the first of them.
    #[must_use]
    pub fn first(mut self, count: usize) -> Self {
        self.list.truncate(count);
        self
    }

    /// All of them, in the order they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether one of them is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.level == Level::Error)
    }

    /// Sorts by place, then code and message, and drops repetitions, so that no thread count shows.
    pub fn settle(&mut self) {
        self.list.sort_by(|a, b| (&a.place, &a.code, &a.message).cmp(&(&b.place, &b.code, &b.message)));
        self.list.dedup();
    }

    /// Ready for a report: settled, and an error that names no way out gets the one of its kind.
    pub fn finish(&mut self) {
        for diagnostic in self.list.iter_mut().filter(|d| d.level == Level::Error && d.help.is_none()) {
            diagnostic.help = way_out(&diagnostic.code).map(str::to_owned);
        }
        self.settle();
    }
}

/// What to do about an error of this kind, where the place itself suggests nothing better.
fn way_out(code: &str) -> Option<&'static str> {
    Some(match code {
        "syntax" => "correct this line, or export the file again",
        "too-deep" => {
            "no inventory and no export nests this deeply: export the file again, or leave it out with `exclude`"
        }
        "yaml-bomb" => "write the values out instead of repeating them by alias",
        "schema" => "`passmuster schema KIND` describes every field of it",
        "mapping" => "correct the value, or its entry under `map`",
        "config" => "`passmuster schema config` describes every key",
        "standard" => "`passmuster schema standard` describes every key",
        "policy" => "correct the policy; every other rule was judged",
        "metadata" => "`passmuster schema metadata` describes the block",
        _ => return None,
    })
}
