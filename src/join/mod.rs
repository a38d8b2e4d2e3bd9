//! Records to one position a service: who owns it, what is promised, what is held, what was proven.
//!
//! The counting rules are here, once, so that no two policies can disagree: what is a copy, what is
//! restorable, when the recovery clock starts and ends. Subjects come from the inventory, never from a tool.
//! Cost is linear in records: hash and prefix look-ups, no nested scans.

mod asked;
mod asset;
mod clock;
mod common;
mod component;
mod contradiction;
mod copies;
mod dangling;
mod duplicate;
mod estate;
mod gather;
mod governance;
mod graph;
mod measure;
mod merge;
mod orphans;
mod overview;
mod points;
mod position;
mod reference;
mod repeated;
mod schedule;
mod scope;
mod standing;
mod summary;
mod test;
mod tested;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_scope;
mod usage;
mod value;
mod vault;

pub use estate::Estate;
pub use orphans::{Unanswered, Unclaimed};
pub use overview::{ObjectFacts, Overview};
pub use position::Position;
pub use reference::References;
pub use summary::PositionSummary;
pub use usage::{Share, Usage};
