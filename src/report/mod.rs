//! Outcomes to one file per output. A format never decides the exit code.

pub mod model;

pub use model::{
    ExceptionUsed, Finding, InputStatus, InputUsed, Ledger, PositionSummary, Report, Row, RuleUsed, Severity,
    StandardUsed, Subject, Verdict,
};
