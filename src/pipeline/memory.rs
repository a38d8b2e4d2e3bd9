//! What one run leaves to the next: `check --watch` judges an estate of which little has changed, and `--stage commit`
//! the same estate twice.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::inputs::Kept;
use crate::config::SourceInfo;
use crate::config::mapping::Mapping;
use crate::evaluate::Remembered;
use crate::model::{Records, Section, Time};
use crate::normalise::read::FileRead;
use crate::report::Places;
use crate::source::{FileId, Sources};

/// An instant is kept for so long.
const STANDS: SignedDuration = SignedDuration::from_mins(5);

/// Files that were read and verdicts that were given, each with everything that it rests on: what is found in here is
/// what reading and judging again would give.
#[derive(Debug, Default)]
pub struct Memory {
    files: HashMap<String, (ReadAs, Kept, Arc<FileRead>)>,
    pub(super) verdicts: Remembered,
    as_of: Option<Timestamp>,
    places: Places,
    /// What the files of these places held: SHA-256.
    located_in: HashMap<FileId, (String, String)>,
}

/// What the reading of a file rests on, but for its path.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ReadAs {
    pub id: FileId,
    pub sha256: String,
    pub is_input: bool,
    pub large: usize,
    pub source: SourceInfo,
    pub mapping: Option<Mapping>,
}

impl Memory {
    /// The file as it was read before.
    pub(super) fn file(&self, path: &str, read_as: &ReadAs) -> Option<(Kept, Arc<FileRead>)> {
        let (known, kept, read) = self.files.get(path)?;
        (known == read_as).then(|| (kept.clone(), Arc::clone(read)))
    }

    /// Places resolved by `locate`, which is told what was resolved before, and which files are as they were then.
    pub(super) fn places(
        &mut self,
        sources: &Sources,
        locate: impl FnOnce(Places, &dyn Fn(FileId) -> bool) -> Places,
    ) -> &Places {
        let now: HashMap<FileId, (String, String)> =
            sources.iter().map(|(id, file)| (id, (file.path.clone(), file.sha256().into_owned()))).collect();
        let before = std::mem::replace(&mut self.located_in, now);
        // A file of unknown content may have changed.
        let is_same = |id| {
            self.located_in.get(&id).is_some_and(|(path, sha256)| {
                !sha256.is_empty() && before.get(&id).is_some_and(|(p, s)| p == path && s == sha256)
            })
        };
        self.places = locate(std::mem::take(&mut self.places), &is_same);
        &self.places
    }

    /// The instant of the run that begins: that of the last one while it stands, for every age depends on it and with it
    /// every verdict.
    ///
    /// It stands for five minutes, as long as nothing that was read anew has happened since.
    pub(super) fn begin(&mut self, now: Timestamp, files: Vec<(String, ReadAs, Kept, Arc<FileRead>)>) -> Timestamp {
        let as_of = match self.as_of {
            Some(last) if last <= now && now.duration_since(last) <= STANDS => {
                let read_anew = files.iter().filter(|(path, read_as, ..)| self.file(path, read_as).is_none());
                let stands = read_anew.into_iter().all(|(.., read)| !tells_of(&read.records, last, now));
                if stands { last } else { now }
            }
            _ => now,
        };
        self.as_of = Some(as_of);
        self.files = files.into_iter().map(|(path, read_as, kept, read)| (path, (read_as, kept, read))).collect();
        as_of
    }
}

/// Whether something in the records happened after an instant and until another.
fn tells_of(records: &Records, after: Timestamp, until: Timestamp) -> bool {
    fn within(value: &serde_json::Value, is_new: &dyn Fn(&str) -> bool) -> bool {
        match value {
            serde_json::Value::String(text) => is_new(text),
            serde_json::Value::Array(list) => list.iter().any(|value| within(value, is_new)),
            serde_json::Value::Object(map) => map.values().any(|value| within(value, is_new)),
            _ => false,
        }
    }
    let is_new = |time: Time| time.instant().is_some_and(|at| after < at && at <= until);
    let is_new_text = |text: &str| Time::parse(text).is_ok_and(is_new);
    // What most exports tell is seen at once; everything else is looked at as it would be printed.
    let ran = records.jobs.iter().filter_map(|job| job.record.finished_at);
    let taken = records.recovery_points.iter().filter_map(|point| point.record.taken_at);
    records.origins.iter().filter_map(|origin| origin.collected_at).chain(ran).chain(taken).any(is_new)
        || Section::ALL.iter().any(|section| records.to_json(*section).iter().any(|r| within(r, &is_new_text)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{OriginId, RecordPlace};
    use crate::source::Hash;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn drill(finished_at: &str) -> (String, ReadAs, Kept, Arc<FileRead>) {
        let record = json!({"id": "d1", "service": "till", "finished_at": finished_at});
        let mut read = FileRead::default();
        read.records.push(Section::RestoreTest.read(&record).unwrap(), OriginId(0), RecordPlace::native(""));
        let read_as = ReadAs {
            id: FileId(1),
            sha256: finished_at.to_owned(),
            is_input: true,
            large: 0,
            source: SourceInfo::default(),
            mapping: None,
        };
        ("drills.yaml".to_owned(), read_as, Kept { bytes: 100, hash: Hash::None, text: None }, Arc::new(read))
    }

    #[test]
    fn the_instant_stands_until_something_has_happened_since_or_it_is_old() {
        let mut memory = Memory::default();
        let (ten, soon, later) = (at("2026-11-21T10:00:00Z"), at("2026-11-21T10:04:00Z"), at("2026-11-21T10:06:00Z"));
        assert_eq!(memory.begin(ten, vec![drill("2026-11-20T09:00:00Z")]), ten);
        assert_eq!(memory.begin(soon, vec![drill("2026-11-20T09:30:00Z")]), ten, "a small change of the past");
        assert_eq!(memory.begin(later, vec![drill("2026-11-20T09:30:00Z")]), later, "six minutes on");
        assert_eq!(memory.begin(soon, vec![]), soon, "an instant given by hand may go back");
        let mut memory = Memory::default();
        memory.begin(ten, vec![]);
        assert_eq!(memory.begin(soon, vec![drill("2026-11-21T10:02:00Z")]), soon, "a drill of two minutes ago");
    }

    #[test]
    fn a_file_is_known_while_nothing_that_its_reading_rests_on_has_changed() {
        let mut memory = Memory::default();
        let (path, read_as, kept, read) = drill("2026-11-20T09:00:00Z");
        memory.begin(at("2026-11-21T10:00:00Z"), vec![(path.clone(), read_as.clone(), kept, read)]);
        assert!(memory.file(&path, &read_as).is_some());
        assert!(memory.file("other.yaml", &read_as).is_none());
        let mut moved = read_as.clone();
        moved.id = FileId(2);
        let mut zoned = read_as.clone();
        zoned.source.tz = Some(jiff::tz::TimeZone::UTC);
        let mut edited = read_as;
        edited.sha256.push('0');
        assert!([moved, zoned, edited].iter().all(|other| memory.file(&path, other).is_none()));
    }
}
