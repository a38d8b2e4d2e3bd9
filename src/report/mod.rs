//! Outcomes to one file per output. A format never decides the exit code.

pub mod format;
pub mod model;
pub mod place;
mod stand_in;
pub mod style;

pub use model::{
    ExceptionUsed, Finding, InputStatus, InputUsed, Ledger, PositionSummary, Report, Row, RuleUsed, Severity,
    StandardUsed, Subject, Verdict,
};
pub use place::{ContextLine, Located, Places};
pub use style::{Options, Verbosity};
