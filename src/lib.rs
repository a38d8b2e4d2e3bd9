//! Can every service be recovered, and what proves it?
//!
//! ```text
//!  exports, inventory, configuration                                       standard    policies/**.rego
//!        │                                                                    │              │
//!        ▼                                                                    ▼              ▼
//!  ┌──────────┐   ┌───────┐   ┌──────────┐   ┌───────────┐   ┌──────┐   ┌──────────┐   ┌──────────┐
//!  │ discover ├──▶│ parse ├──▶│ validate ├──▶│ normalise ├──▶│ join ├──▶│ evaluate ├──▶│  report  │
//!  └──────────┘   └───┬───┘   └────┬─────┘   └─────┬─────┘   └──┬───┘   └────┬─────┘   └──────────┘
//!     files         values     checked       records:        one position    a verdict     human, json
//!                  by document  values     `model`, typed     a service     a subject
//!                     │            │               │            │            │                ▲
//!                     └────────────┴── diagnostics ┴────────────┴────────────┴────────────────┘
//! ```
//!
//! [`pipeline::check`] calls the stages in this order; `main` turns arguments into [`pipeline::Options`], and a report
//! into bytes and an exit code.
//!
//! # Stages
//!
//! | stage | in | out | says on the way |
//! |---|---|---|---|
//! | [`discover`] | paths, globs, the configuration's `inputs` | files, policies included | |
//! | [`parse`] | bytes: JSON, NDJSON, YAML, CSV in UTF-8 or UTF-16 | values a document | what is no such text, keys given twice, bombs |
//! | [`validate`] | a value and the JSON Schema of its kind | the value, without what the schema refuses | the offending key, and what was perhaps meant |
//! | [`normalise`] | a document that an adapter recognises by its content | [`model`] records | an export that failed, is one page of several, or names no vault |
//! | [`join`] | the records of all files, and the standard's limits | one [`join::Position`] a service | duplicate ids |
//! | [`evaluate`] | positions and policies | a verdict a rule and subject | policies that cannot fire, rules that fail |
//! | [`report`] | verdicts, diagnostics, and the places that they point to | one format | |
//!
//! [`model`] holds the records and the units; [`config`] the configuration, the standard and its limits; [`source`] files
//! and places in them; [`diagnostic`] what is wrong with an input; [`builtin`] the texts that ship with the program;
//! [`progress`] how far a run is; [`parallel`] threads with room for what nests.
//!
//! # Invariants
//!
//! - A stage knows the types of the stages before it, never those after. `report` does not know that restic exists.
//! - Only [`discover`] opens inputs and policies; only `main` writes. The rest are functions of their arguments.
//! - Only `main` reads the clock. `as_of` decides every age, and ages are worked out in [`join`], never in a policy.
//! - The counting rules (what is a copy, what is restorable, when the recovery clock starts and ends) are in [`join`],
//!   once, so that no two policies can disagree.
//! - Policies see positions that satisfy `schemas/position.schema.json`. What is unknown is absent there, never `null`.
//! - Missing evidence is never a pass: what could not be read makes its subjects unknown.
//! - A record keeps its place as a pointer. Lines and columns are worked out last, for files that a report points into.
//! - The same inputs and `as_of` give the same bytes: sorted subjects, no hash order, no absolute paths, whatever the
//!   number of threads or the order of the files.
//!
//! # Three kinds of bad news
//!
//! | kind | means | goes to |
//! |---|---|---|
//! | [`evaluate::Verdict`] | a policy's answer on a subject: pass, fail, unknown, excepted, error | the report; exit 1 where it counts, 2 for an error |
//! | [`diagnostic::Diagnostic`] | this input or policy is broken, here; the run goes on without it | the report; exit 2 where its level is error |
//! | [`pipeline::RunError`] | nothing can be judged: arguments, configuration, standard, an empty selection | standard error; exit 2 |
#![forbid(unsafe_code)]

pub mod builtin;
pub mod config;
pub mod diagnostic;
pub mod discover;
pub mod evaluate;
pub mod frameworks;
mod hash;
pub mod join;
pub mod model;
pub mod normalise;
pub mod parallel;
pub mod parse;
pub mod pipeline;
pub mod progress;
pub mod report;
pub mod source;
pub mod validate;
