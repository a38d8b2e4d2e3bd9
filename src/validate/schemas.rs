//! Every schema of the folder `schemas/`, by the name of its file: `velero-list.schema.json` is [`VELERO_LIST`].

use super::Schema;
use super::walk::{Keyword, Part, Pattern, Types, compiled};

include!(concat!(env!("OUT_DIR"), "/schemas.rs"));
