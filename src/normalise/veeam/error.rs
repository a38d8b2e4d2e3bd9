//! What comes instead of a listing: `Error` of Backup & Replication, `ErrorType` of Enterprise Manager.

use serde::Deserialize;

use super::PRODUCT;
use crate::normalise::adapter::Simple;
use crate::normalise::{About, Input, Maturity, ReadError, Sink};
use crate::validate::schemas;

/// An error of Backup & Replication.
pub static VBR_ERROR: Simple = Simple {
    about: About {
        id: "veeam-vbr.error",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "run the request again until it lists something",
        proves: "Proves that the export failed, and nothing else.",
        names: "",
        schema: &schemas::VEEAM_VBR_ERROR,
        lists: &[],
    },
    recognises: |shape| {
        let known = |key: &String| matches!(key.as_str(), "errorCode" | "message" | "resourceId");
        !shape.is_list && shape.text("errorCode").is_some() && shape.has("message") && shape.keys.iter().all(known)
    },
    records,
};

/// An error of Enterprise Manager.
pub static EM_ERROR: Simple = Simple {
    about: About {
        id: "veeam-em.error",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "run the query again until it lists something",
        proves: "Proves that the export failed, and nothing else.",
        names: "",
        schema: &schemas::VEEAM_EM_ERROR,
        lists: &[],
    },
    recognises: |shape| !shape.is_list && shape.has_all(&["FirstChanceExceptionMessage", "Message", "StatusCode"]),
    records,
};

#[derive(Debug, Deserialize)]
struct Failure {
    #[serde(rename = "errorCode", default)]
    code: Option<String>,
    #[serde(rename = "StatusCode", default)]
    status: Option<u64>,
}

/// The message is the server's, and may name anything; the code does not.
fn records(input: &Input<'_>, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let failure: Failure = input.typed()?;
    let (code, pointer) = match (failure.code, failure.status) {
        (Some(code), _) => (code, "/errorCode"),
        (None, Some(status)) => (status.to_string(), "/StatusCode"),
        (None, None) => ("no reason given".to_owned(), ""),
    };
    let help = "log in again with a role that may read, and repeat the request that was made";
    sink.export_failed(pointer, format!("Veeam answered with an error: {code}"), help);
    Ok(())
}
