//! What the organisation decided: its recovery standard (`standard/v1`) and how a repository is checked (`config/v1`).

pub mod builtin;
pub mod in_force;
pub mod limits;
pub mod mapping;
pub mod params;
pub mod project;
pub mod source_info;
pub mod standard;

pub use in_force::{LimitInForce, limits_in_force};
pub use limits::{Direction, Limit, LimitKind, LimitSpec, LimitValue, Limits, Origin, Over, Window};
pub use params::{PARAMS, ParamSpec};
pub use project::{Project, SourceEntry};
pub use source_info::SourceInfo;
pub use standard::{NamedRule, Part, RuleOverride, Standard, Tier};
