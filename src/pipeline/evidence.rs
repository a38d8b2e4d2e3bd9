//! Files that restore tests name as evidence: hashed here, so that the join can compare without opening files.

use std::collections::BTreeMap;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::discover::{self, DiscoverError};
use crate::model::{Records, Text};
use crate::parallel::in_parallel;
use crate::source::Place;

/// Notes the hash of every such file that lies in the tree of the configuration; each is read once.
pub(super) fn hash(records: &mut Records, base: &Path, jobs: usize, found: &mut Diagnostics) {
    let named = records.restore_tests.iter().flat_map(|e| e.record.evidence.iter().flatten());
    let paths: std::collections::BTreeSet<String> = named.filter_map(|item| item.path.clone()).collect();
    let mut hashed: BTreeMap<String, Result<Option<String>, DiscoverError>> = BTreeMap::new();
    if !paths.is_empty() {
        let hash_one = |(): &mut (), path: String| (discover::sha256_below(base, &path), path);
        in_parallel(jobs, paths.into_iter(), || (), hash_one, |_, (hash, path)| _ = hashed.insert(path, hash));
    }
    let mut elsewhere: BTreeMap<Option<Text>, Vec<(&String, Place)>> = BTreeMap::new();
    for entry in &records.restore_tests {
        for (index, item) in entry.record.evidence.iter().flatten().enumerate() {
            let Some(path) = &item.path else { continue };
            let place = || records.place(entry, &format!("evidence/{index}/path"));
            match hashed.get(path) {
                Some(Err(why)) => found.push(
                    Diagnostic::warning("unreadable", format!("{why}; its hash is not compared"))
                        .at(place())
                        .help("make it readable, or give its address as `url`"),
                ),
                Some(Ok(None)) => {
                    let tenant = records.origin(entry.origin).and_then(|origin| origin.tenant.clone());
                    elsewhere.entry(tenant).or_default().push((path, place()));
                }
                Some(Ok(Some(_))) | None => {}
            }
        }
    }
    // Once a tenant: what is told to one does not count what others have.
    for elsewhere in elsewhere.values() {
        let Some((path, first)) = elsewhere.first() else { continue };
        let more = if elsewhere.len() > 1 { format!(", and of {} more", elsewhere.len() - 1) } else { String::new() };
        let message = format!("the hash of `{path}`{more} is not compared: no such file below the configuration");
        found.push(Diagnostic::note("evidence-elsewhere", message).at(first.clone()));
    }
    for item in records.restore_tests.iter_mut().flat_map(|e| e.record.evidence.iter_mut().flatten()) {
        let hash = item.path.as_ref().and_then(|path| hashed.get(path)).and_then(|h| h.as_ref().ok());
        item.actual_sha256 = hash.cloned().flatten();
    }
}
