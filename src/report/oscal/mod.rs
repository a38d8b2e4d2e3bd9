//! OSCAL 1.1.3, NIST's formats for assessments (<https://pages.nist.gov/OSCAL/>); what is written is valid as 1.2.1, too.
//!
//! | format | model | holds |
//! |---|---|---|
//! | `oscal` | assessment results | a finding a row that is not met, not known or excepted; one for all that meet a rule |
//! | `oscal-poam` | plan of action and milestones | an item a row that is not met, not known or excepted |
//! | `oscal-catalog` | catalog | our rules as controls, each with its objective |
//! | `oscal-component` | component definition | which rule bears on which clause of which framework |
//!
//! A state is only ever given to the objective of a rule of ours. Data alone does not decide a clause of a framework, so
//! clauses are named, by their own ids, and none gets a state. OSCAL knows *satisfied* and *not-satisfied*: what is
//! unknown, excepted or without an answer is not-satisfied for the reason `other`, and says why.
//!
//! The uuids are those of [`ids`]: the same finding, risk, subject and item in every run and in both documents.

mod assessment;
mod catalog;
mod component;
mod document;
mod entries;
mod ids;
mod people;
mod poam;
mod resources;
mod results;
mod run;
mod subjects;
#[cfg(test)]
mod tests;
mod text;

pub(in crate::report) use catalog::write as catalog;
pub(in crate::report) use component::write as component;
pub(in crate::report) use poam::write as poam;
pub(in crate::report) use results::write as results;
