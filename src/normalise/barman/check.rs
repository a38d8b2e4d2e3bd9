//! `barman -f json check all`: whether Barman is set up to make backups.
//!
//! In: an object by the names of servers, each with its checks by name, `{status: "OK"|"FAILED", hint}`, as
//! `JsonOutputWriter.result_check` of Barman's `output.py` writes them. Out: nothing. A check looks at connections, directories,
//! settings and ages; it reads no backup, so it is neither a verification nor a run.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;

use super::PRODUCT;
use crate::normalise::adapter::Simple;
use crate::normalise::{About, Maturity};
use crate::validate::schemas;

/// The checks of one server, or of all.
pub static CHECK: Simple = Simple {
    about: About {
        id: "barman.check",
        product: PRODUCT,
        maturity: Maturity::Fields,
        export: "barman -f json check all",
        proves: "Proves nothing of a backup: it looks at connections, directories, settings and ages, and reads none. `barman -f json list-backups all` can say which backups there are.",
        names: "",
        schema: &schemas::BARMAN_CHECK,
        lists: &[],
    },
    recognises: |shape| {
        let is_check = |keys: &std::collections::BTreeSet<String>| {
            keys.contains("directories") && keys.contains("retention_policy_settings")
        };
        let mut servers = shape.inner.iter().filter(|(server, _)| !server.starts_with('_')).peekable();
        !shape.is_list && shape.texts.is_empty() && servers.peek().is_some() && servers.all(|(_, keys)| is_check(keys))
    },
    records: |input, _| input.typed::<BTreeMap<String, IgnoredAny>>().map(|_| ()),
};
