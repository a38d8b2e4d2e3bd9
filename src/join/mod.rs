//! Records to one position a service.
mod asset;
mod schedule;
mod reference;
mod value;
