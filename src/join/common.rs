//! The instant that the parts of a service can be brought back to together.

use jiff::Timestamp;
use regorus::Value;

use super::estate::Estate;
use super::gather::{Gathered, Point};
use super::reference::References;
use super::value::Object;
use crate::model::Text;

/// A protected component whose data have to fit the others'.
pub(super) struct Sharing<'a> {
    pub(super) id: &'a Text,
    pub(super) own_ref: String,
    /// Every source that could list its points is there, whole and readable.
    pub(super) complete: bool,
    pub(super) found: Gathered<'a>,
}

/// The oldest of the components' newest points, and each component's point nearest to it; `None` for fewer than two
/// components.
pub(super) fn describe(estate: &Estate<'_>, sharing: &[Sharing<'_>], refs: &mut References) -> Option<Object> {
    if sharing.len() < 2 {
        return None;
    }
    let newest = sharing.iter().filter_map(|c| restorable(&c.found).next().map(|p| p.taken_at));
    let at = newest.min();
    let mut o = Object::default();
    o.set("at", at).set("age_s", at.map(|at| estate.age(at)));
    let each = sharing.iter().map(|c| component(estate, c, at, refs));
    o.set("components", each.collect::<Vec<_>>());
    Some(o)
}

fn component(estate: &Estate<'_>, sharing: &Sharing<'_>, at: Option<Timestamp>, refs: &mut References) -> Value {
    let mut o = Object::default();
    o.set("id", sharing.id).set("ref", &sharing.own_ref).set("complete", sharing.complete);
    // Of two that are as near the newer one.
    let skew = |point: &Point<'_>| at.map(|at| (point.taken_at.as_second() - at.as_second()).abs());
    if let Some(nearest) = restorable(&sharing.found).min_by_key(|p| skew(p)) {
        let mut point = Object::default();
        point.set("ref", refs.record(nearest.entry.origin, &nearest.entry.place)).set("id", &nearest.entry.record.id);
        point.set("taken_at", nearest.taken_at).set("age_s", estate.age(nearest.taken_at));
        o.set("nearest_point", point).set("skew_s", skew(nearest));
    }
    o.take()
}

/// Restorable points, newest first.
fn restorable<'p, 'a>(found: &'p Gathered<'a>) -> impl Iterator<Item = &'p Point<'a>> {
    found.points.iter().filter(|p| p.broken.is_none())
}
