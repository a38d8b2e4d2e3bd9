//! Can every service be recovered, and what proves it?
//!
//! ```text
//! discover → parse → validate → normalise → join → evaluate → report
//! ```
#![forbid(unsafe_code)]

pub mod config;
pub mod diagnostic;
pub mod discover;
pub mod evaluate;
pub mod join;
pub mod model;
pub mod normalise;
pub mod parse;
pub mod pipeline;
pub mod report;
pub mod source;
pub mod validate;
