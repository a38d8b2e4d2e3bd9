//! What one run leaves to the next: `check --watch` judges an estate of which little has changed, and `--stage commit`
//! the same estate twice.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::inputs::Kept;
use crate::config::SourceInfo;
use crate::config::mapping::Mapping;
use crate::evaluate::Remembered;
use crate::model::{Records, Section, Time};
use crate::normalise::read::{FileRead, INVENTORY};
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

/// A file of the run that begins, however it came to be known.
pub(super) struct NewlyRead {
    pub path: String,
    pub read_as: ReadAs,
    pub kept: Kept,
    pub read: Arc<FileRead>,
    /// False where for certain nothing in it happened since the last run.
    pub may_tell_of_now: bool,
}

impl Memory {
    /// Whether something in a file may have happened since the last run: inventories write days as they are.
    pub(super) fn may_tell_of(&self, bytes: &[u8], kinds: &[&str], now: Timestamp) -> bool {
        let Some(last) = self.as_of.filter(|last| *last <= now && kinds == [INVENTORY]) else { return true };
        // Wherever on earth it was written down.
        let day = SignedDuration::from_hours(24);
        let (Ok(from), Ok(until)) = (last.checked_sub(day), now.checked_add(day)) else { return true };
        let date = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
        let mut days = date(from).series(1.day()).take_while(|day| *day <= date(until));
        days.any(|day| memchr::memmem::find(bytes, day.to_string().as_bytes()).is_some())
    }

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
    pub(super) fn begin(&mut self, now: Timestamp, files: Vec<NewlyRead>) -> Timestamp {
        let as_of = match self.as_of {
            Some(last) if last <= now && now.duration_since(last) <= STANDS => {
                let read_anew = files.iter().filter(|f| f.may_tell_of_now && self.file(&f.path, &f.read_as).is_none());
                let stands = read_anew.into_iter().all(|file| !tells_of(&file.read.records, last, now));
                if stands { last } else { now }
            }
            _ => now,
        };
        self.as_of = Some(as_of);
        let files = files.into_iter().map(|file| (file.path, (file.read_as, file.kept, file.read))).collect();
        let before = std::mem::replace(&mut self.files, files);
        // Freed beside what goes on, or here, where no thread can be had.
        let _ = std::thread::Builder::new().spawn(move || drop(before));
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

    fn drill(finished_at: &str) -> NewlyRead {
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
        let kept = Kept { bytes: 100, hash: Hash::None, text: None };
        NewlyRead { path: "drills.yaml".to_owned(), read_as, kept, read: Arc::new(read), may_tell_of_now: true }
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
        let file = drill("2026-11-20T09:00:00Z");
        let (path, read_as) = (file.path.clone(), file.read_as.clone());
        memory.begin(at("2026-11-21T10:00:00Z"), vec![file]);
        let may_tell = |text: &str, kind| memory.may_tell_of(text.as_bytes(), &[kind], at("2026-11-21T10:04:00Z"));
        assert!(!may_tell("{at: 2026-11-19}", INVENTORY) && !may_tell("{at: 2026-11-23}", INVENTORY));
        assert!(
            ["{at: 2026-11-20}", "{at: 2026-11-21T12:01:00+02:00}", "{at: 2026-11-22}"]
                .iter()
                .all(|t| may_tell(t, INVENTORY))
        );
        assert!(may_tell("{at: 1790000000}", "restic.snapshots"), "exports write times as they like");
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
