//! What a backup takes: namespaces, less some, or only a part of them.

use super::objects::{Selector, Template};
use crate::model::Text;
use crate::normalise::vendor::Written;

/// The namespaces that a backup or schedule takes.
pub(super) struct Scope<'a> {
    /// `*` alone for all.
    pub(super) namespaces: Vec<&'a str>,
    /// Assets left out, where any are.
    pub(super) exclude: Option<Vec<Text>>,
    /// Which part of them, where not the whole: `app=db`, `resources=secrets`.
    part: Option<String>,
}

impl<'a> Scope<'a> {
    pub(super) fn of(template: &'a Template<'_>, cluster: &str) -> Self {
        let exclude: Vec<Text> =
            template.excluded_namespaces.iter().flatten().map(|namespace| asset(cluster, namespace)).collect();
        Scope {
            namespaces: namespaces(template.included_namespaces.as_deref()),
            exclude: (!exclude.is_empty()).then_some(exclude),
            part: part(template),
        }
    }

    /// Whether it takes only some objects of its namespaces.
    pub(super) fn is_part(&self) -> bool {
        self.part.is_some()
    }

    /// The asset of one of its namespaces; a part of one is named as such.
    pub(super) fn asset(&self, cluster: &str, namespace: &str) -> Text {
        let whole = asset(cluster, namespace);
        self.part.as_ref().map_or(whole.clone(), |part| format!("{whole}?{part}").into())
    }
}

/// `k8s:<cluster>/<namespace>`.
pub(super) fn asset(cluster: &str, namespace: &str) -> Text {
    format!("k8s:{cluster}/{namespace}").into()
}

/// The namespaces of a list; absent, empty or with a `*` in it, it means all.
pub(super) fn namespaces<'a>(included: Option<&'a [Written<'_>]>) -> Vec<&'a str> {
    let named: Vec<&str> = included.unwrap_or_default().iter().map(|name| &**name).collect();
    if named.is_empty() || named.contains(&"*") { vec!["*"] } else { named }
}

/// What limits a backup to a part of its namespaces.
fn part(template: &Template<'_>) -> Option<String> {
    let mut limits = Vec::new();
    let selectors: Vec<String> = template
        .label_selector
        .iter()
        .chain(template.or_label_selectors.iter().flatten())
        .map(words)
        .filter(|words| !words.is_empty())
        .collect();
    if !selectors.is_empty() {
        limits.push(selectors.join(" or "));
    }
    for resources in [&template.included_resources, &template.included_namespace_scoped_resources].into_iter().flatten()
    {
        if !resources.is_empty() && !resources.iter().any(|r| *r == "*") {
            limits.push(format!("resources={}", resources.join(",")));
        }
    }
    (!limits.is_empty()).then(|| limits.join(";"))
}

/// A selector as `kubectl -l` writes it.
fn words(selector: &Selector<'_>) -> String {
    let labels = selector.match_labels.iter().flatten().map(|(key, value)| format!("{key}={value}"));
    let expressions = selector.match_expressions.iter().flatten().map(|e| {
        let values = e.values.as_deref().unwrap_or_default().join(",");
        match &*e.operator {
            "In" => format!("{} in ({values})", e.key),
            "NotIn" => format!("{} notin ({values})", e.key),
            "Exists" => e.key.to_string(),
            "DoesNotExist" => format!("!{}", e.key),
            other => format!("{} {other} ({values})", e.key),
        }
    });
    labels.chain(expressions).collect::<Vec<_>>().join(",")
}
