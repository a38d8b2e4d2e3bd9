//! Rubrik: jobs of a cluster as its own API gives them, and what a query of Rubrik Security Cloud selects.
//!
//! In: `{jobMonitoringInfoList, hasMore}` from a cluster; `{data: {<connection>: {edges: [{node}], pageInfo}}}` from
//! GraphQL, where a file holds what its query asked for and no more. Out: jobs, restore tests, policies, selections,
//! vaults. None of them lists recovery points: a run that succeeded is no point.

mod domains;
mod jobs;

pub use self::domains::{CLUSTERS, COMPLIANCE, SLA_DOMAINS};
pub use self::jobs::{ACTIVITIES, CDM_JOBS, TASKS};

use serde::Deserialize;

use super::vendor::{self, Written};
use super::{Input, ReadError, Shape, Sink};
use crate::model::Text;

/// The product, and the tool id where the source names none.
const PRODUCT: &str = "rubrik";

/// Whether it is the answer to a query of this connection alone.
fn is_answer(shape: &Shape, connection: &str) -> bool {
    !shape.is_list && shape.inner.get("data").is_some_and(|keys| keys.len() == 1 && keys.contains(connection))
}

#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Answer<T> {
    data: Data<T>,
    /// What went wrong in a part of the query.
    #[serde(default, deserialize_with = "vendor::nullable")]
    errors: Vec<Problem>,
}

#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Data<T> {
    #[serde(
        rename = "activitySeriesConnection",
        alias = "taskDetailConnection",
        alias = "snappableConnection",
        alias = "globalSlaConnection",
        alias = "clusterConnection"
    )]
    connection: Connection<T>,
}

#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"), rename_all = "camelCase")]
struct Connection<T> {
    #[serde(default = "Vec::new", deserialize_with = "vendor::nullable")]
    edges: Vec<Edge<T>>,
    #[serde(default, deserialize_with = "vendor::nullable")]
    page_info: PageInfo,
}

#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Edge<T> {
    node: T,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PageInfo {
    has_next_page: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Problem {
    message: Option<String>,
}

/// Hands each node to `push`, with its pointer; marks a page of several and an answer with errors.
fn nodes<'a, T: Deserialize<'a>>(
    input: &Input<'a>,
    sink: &mut Sink<'_>,
    connection: &str,
    push: fn(&T, String, &mut Sink<'_>),
) -> Result<(), ReadError> {
    let answer: Answer<T> = input.typed()?;
    if let Some(problem) = answer.errors.first() {
        let message = problem.message.as_deref().unwrap_or("no message");
        sink.export_failed(
            "/errors/0",
            format!("Rubrik answered with an error: {message}"),
            "mend the query, and export again",
        );
    }
    if answer.data.connection.page_info.has_next_page == Some(true) {
        sink.one_page_of_several(&format!("/data/{connection}/pageInfo/hasNextPage"));
    }
    for (index, edge) in answer.data.connection.edges.iter().enumerate() {
        push(&edge.node, format!("/data/{connection}/edges/{index}/node"), sink);
    }
    Ok(())
}

/// `rubrik:<location>:<object>`; `*` where the location was not asked for.
fn asset(location: Option<&str>, object: &str) -> Text {
    format!("rubrik:{}:{object}", location.filter(|location| !location.is_empty()).unwrap_or("*")).into()
}

/// A policy's id: `rubrik:<SLA domain>`.
fn policy(domain: &str) -> Text {
    format!("rubrik:{domain}").into()
}

/// Names that a node points to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Named<'a> {
    #[serde(borrow, deserialize_with = "vendor::written")]
    name: Option<Written<'a>>,
}

#[cfg(test)]
mod tests;
