//! `passmuster: config/v1`.
/// x
pub struct Project;
/// x
pub struct SourceEntry;
