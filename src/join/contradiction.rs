//! What two sources say differently of one service: of itself, of a store that it uses, of a point (SIG-004).

use std::collections::BTreeMap;

use regorus::Value;

use super::estate::Estate;
use super::merge::Contradiction;
use super::reference::References;
use super::repeated::Repeated;
use super::value::Object;

/// The contradictions of one service, in the order in which they were met.
#[derive(Default)]
pub(super) struct Contradictions {
    values: Vec<Value>,
}

impl Contradictions {
    /// Adds those of one thing: the service itself, or a store.
    pub(super) fn add(&mut self, estate: &Estate<'_>, of: &str, all: &[Contradiction], refs: &mut References) {
        self.values.extend(all.iter().map(|c| describe(estate, of, c, 0, refs)));
    }

    /// Adds those of points: one for a field and a losing source, for the newest of its points.
    pub(super) fn add_points(&mut self, estate: &Estate<'_>, points: &[&Repeated], refs: &mut References) {
        let mut groups: BTreeMap<_, (&Repeated, &Contradiction, u64)> = BTreeMap::new();
        for point in points {
            for c in &point.contradictions {
                groups.entry((c.lost_at.0, &c.field)).or_insert((point, c, 0)).2 += 1;
            }
        }
        for (point, contradiction, count) in groups.into_values() {
            let of = format!("point {}", point.entry.record.id);
            self.values.push(describe(estate, &of, contradiction, count.saturating_sub(1), refs));
        }
    }

    pub(super) fn into_values(self) -> Vec<Value> {
        self.values
    }
}

fn describe(estate: &Estate<'_>, of: &str, c: &Contradiction, others: u64, refs: &mut References) -> Value {
    let path = |origin| estate.records.origin(origin).map(|o| estate.sources.path(o.file));
    let mut o = Object::default();
    o.set("ref", c.reference(refs, &c.lost_at)).set("kept_ref", c.reference(refs, &c.kept_at));
    o.set("of", of).set("field", c.field.as_str()).set("kept", c.kept.as_str()).set("lost", c.lost.as_str());
    o.set("source", path(c.lost_at.0)).set("kept_source", path(c.kept_at.0));
    o.set("others", others).take()
}
