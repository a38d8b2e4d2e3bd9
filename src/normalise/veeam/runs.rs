//! What became of a run: a state, and a result once it has stopped.

use serde::Deserialize;

use crate::normalise::Sink;
use crate::normalise::vendor::{self, Written};

/// `SessionResultModel`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionResult<'a> {
    #[serde(default, borrow)]
    pub(super) result: Option<Written<'a>>,
    #[serde(default, borrow)]
    pub(super) message: Option<Written<'a>>,
    #[serde(default)]
    pub(super) is_canceled: Option<bool>,
}

/// A state and a result as they are written, with their places below the element.
pub(super) struct Run<'a> {
    pub(super) state: Option<&'a str>,
    pub(super) state_at: &'static str,
    pub(super) result: Option<&'a str>,
    pub(super) result_at: &'static str,
    pub(super) canceled: bool,
}

/// What is known of a run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// One of the model's words; `None` where nothing came of it, or nothing is said.
    pub(super) status: Option<String>,
    /// Veeam's own.
    pub(super) raw: Option<String>,
}

impl Outcome {
    pub(super) fn is(&self, status: &str) -> bool {
        self.status.as_deref() == Some(status)
    }

    /// Ended, well or not.
    pub(super) fn has_ended(&self) -> bool {
        self.status.as_deref().is_some_and(|status| status != "running")
    }
}

impl Run<'_> {
    /// The state decides until a run has stopped (`ESessionState`, `EJobStatus`), then its result (`ESessionResult`).
    /// A run that was cancelled is no success, whatever its result.
    pub(super) fn outcome(&self, pointer: &str, sink: &mut Sink<'_>) -> Outcome {
        let state = self.state.unwrap_or_default();
        match state.to_ascii_lowercase().as_str() {
            "" | "stopped" | "inactive" | "disabled" | "enabled" => {}
            "starting" | "stopping" | "working" | "running" | "pausing" | "resuming" | "waitingtape" | "idle"
            | "postprocessing" | "waitingrepository" | "waitingslot" | "actionrequired" => {
                return Outcome { status: Some("running".to_owned()), raw: Some(state.to_owned()) };
            }
            _ => {
                let status = vendor::unknown_word(sink, &format!("{pointer}{}", self.state_at), state);
                return Outcome { status: Some(status), raw: Some(state.to_owned()) };
            }
        }
        let result = self.result.unwrap_or_default();
        let status = match result.to_ascii_lowercase().as_str() {
            "success" if self.canceled => Some("failed".to_owned()),
            "success" => Some("success".to_owned()),
            "warning" => Some("warning".to_owned()),
            "failed" => Some("failed".to_owned()),
            "" | "none" => None,
            _ => Some(vendor::unknown_word(sink, &format!("{pointer}{}", self.result_at), result)),
        };
        let raw = match result {
            "" => None,
            _ if self.canceled => Some(format!("{result} (canceled)")),
            _ => Some(result.to_owned()),
        };
        Outcome { status, raw }
    }
}
