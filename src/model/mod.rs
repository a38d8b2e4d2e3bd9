//! The domain's nouns: the records that adapters produce and people write, and what they are made of.
//!
//! The record types are the sections of `passmuster: inventory/v1`, so any export can be printed in
//! native form and anything an adapter produces a person can also write by hand.

pub mod code_owners;
pub mod evidence;
pub mod governance;
pub mod protection;
pub mod quantity;
pub mod record;
pub mod service;
pub mod units;

pub use code_owners::{CodeOwners, Dialect, OwnerRule};
pub use evidence::{Incident, Measurement, Phases, RestoreTest, Scan, Verification};
pub use governance::{Alert, Change, EvidenceStore, Exception, Finding, LeadershipReport, Limitation, Review, Runbook};
pub use protection::{Grant, Job, Key, Lock, Policy, RecoveryPoint, Selection, Tool, Vault};
pub use record::{
    Chain, Entry, FieldMap, LogSpan, Origin, OriginId, Reach, Record, RecordPlace, Records, Remark, Section,
    VolumeClaim,
};
pub use service::{Component, Dependency, Objectives, Person, Service, Team};
pub use units::{Grade, Seconds, Severity, Text, Time, Word};
