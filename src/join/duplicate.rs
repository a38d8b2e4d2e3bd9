//! The same id twice in one section of the inventory: a diagnostic that shows both places.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::hash::HashMap;
use crate::model::{Entry, Records, Text};

/// Reports every id that two native records of one tenant and section share.
pub(super) fn check(records: &Records, found: &mut Diagnostics) {
    macro_rules! each {
        ($($section:ident),*) => { $(section(records, &records.$section, stringify!($section), |r| r.id.to_string(), found);)* };
    }
    each!(
        people,
        teams,
        services,
        tools,
        vaults,
        policies,
        jobs,
        verifications,
        scans,
        restore_tests,
        runbooks,
        changes,
        incidents,
        reviews,
        limitations,
        exceptions,
        keys,
        alerts,
        reports,
        evidence_stores
    );
    // One point may lie in two vaults under one id.
    section(
        records,
        &records.recovery_points,
        "recovery_points",
        |r| format!("{} in {}", r.id, r.vault.as_deref().unwrap_or("no vault")),
        found,
    );
}

fn section<T>(records: &Records, entries: &[Entry<T>], name: &str, id: impl Fn(&T) -> String, found: &mut Diagnostics) {
    let mut first: HashMap<(Option<&Text>, String), &Entry<T>> = HashMap::default();
    for entry in entries {
        let Some(origin) = records.origin(entry.origin).filter(|o| o.native) else { continue };
        let key = (origin.tenant.as_ref(), id(&entry.record));
        match first.get(&key) {
            None => {
                first.insert(key, entry);
            }
            Some(earlier) => found.push(
                Diagnostic::error("duplicate-id", format!("`{}` is declared twice in `{name}`", key.1))
                    .at(records.place(entry, ""))
                    .and(records.place(earlier, ""), "first declared here")
                    .help("rename one of them, or merge the two records; until then what the first leaves out is taken from the second"),
            ),
        }
    }
}
