//! Positions are built straight into the engine's values: unknown things are left out, times are RFC 3339 UTC.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use jiff::Timestamp;
use regorus::Value;

use crate::model::{Seconds, Text, Time};

thread_local! {
    /// Keys recur in every position: one shared string each, found by where the program holds its name.
    static KEYS: RefCell<HashMap<(usize, usize), Value, BuildHasherDefault<Address>>> = RefCell::default();
}

fn key(name: &'static str) -> Value {
    let address = (name.as_ptr() as usize, name.len());
    KEYS.with_borrow_mut(|keys| keys.entry(address).or_insert_with(|| Value::String(Arc::from(name))).clone())
}

/// Hashes addresses: they differ as they are.
#[derive(Default)]
struct Address(u64);

impl Hasher for Address {
    fn write_usize(&mut self, part: usize) {
        self.0 = (self.0.rotate_left(32) ^ part as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_usize(usize::from(*byte)));
    }
    fn finish(&self) -> u64 {
        self.0
    }
}

/// What can stand in a position.
pub(super) trait Fact {
    /// The engine's value; `None` for what is unknown.
    fn fact(self) -> Option<Value>;
}

impl Fact for Value {
    fn fact(self) -> Option<Value> {
        Some(self)
    }
}
impl Fact for &Value {
    fn fact(self) -> Option<Value> {
        Some(self.clone())
    }
}
impl Fact for bool {
    fn fact(self) -> Option<Value> {
        Some(Value::Bool(self))
    }
}
impl Fact for i64 {
    fn fact(self) -> Option<Value> {
        Some(Value::from(self))
    }
}
impl Fact for u64 {
    fn fact(self) -> Option<Value> {
        Some(Value::from(self))
    }
}
impl Fact for usize {
    fn fact(self) -> Option<Value> {
        Some(Value::from(self as u64))
    }
}
impl Fact for u8 {
    fn fact(self) -> Option<Value> {
        Some(Value::from(u64::from(self)))
    }
}
impl Fact for &str {
    fn fact(self) -> Option<Value> {
        Some(Value::String(Arc::from(self)))
    }
}
impl Fact for String {
    fn fact(self) -> Option<Value> {
        Some(Value::String(Arc::from(self)))
    }
}
impl Fact for &String {
    fn fact(self) -> Option<Value> {
        self.as_str().fact()
    }
}
impl Fact for Text {
    fn fact(self) -> Option<Value> {
        self.as_str().fact()
    }
}
impl Fact for &Text {
    fn fact(self) -> Option<Value> {
        self.as_str().fact()
    }
}
impl Fact for Seconds {
    fn fact(self) -> Option<Value> {
        Some(Value::from(self.get()))
    }
}
impl Fact for Timestamp {
    fn fact(self) -> Option<Value> {
        Some(Value::String(Arc::from(self.to_string())))
    }
}
/// A wall-clock time without a zone is left out.
impl Fact for Time {
    fn fact(self) -> Option<Value> {
        self.instant().and_then(Fact::fact)
    }
}
impl Fact for Vec<Value> {
    fn fact(self) -> Option<Value> {
        Some(Value::from(self))
    }
}
impl Fact for &Vec<Text> {
    fn fact(self) -> Option<Value> {
        Some(Value::from(self.iter().map(|t| Value::from(t.as_str())).collect::<Vec<_>>()))
    }
}
impl Fact for &Vec<String> {
    fn fact(self) -> Option<Value> {
        Some(Value::from(self.iter().map(|t| Value::String(Arc::from(t.as_str()))).collect::<Vec<_>>()))
    }
}
impl Fact for Object {
    fn fact(self) -> Option<Value> {
        Some(self.build())
    }
}
impl<T: Fact> Fact for Option<T> {
    fn fact(self) -> Option<Value> {
        self.and_then(Fact::fact)
    }
}

/// An object of a position under construction.
#[derive(Clone, Default)]
pub(super) struct Object(BTreeMap<Value, Value>);

impl Object {
    /// Sets a key, unless the fact is unknown.
    pub(super) fn set(&mut self, name: &'static str, fact: impl Fact) -> &mut Self {
        if let Some(value) = fact.fact() {
            self.0.insert(key(name), value);
        }
        self
    }

    /// Sets a key that the inventory chose.
    pub(super) fn set_named(&mut self, name: &str, fact: impl Fact) -> &mut Self {
        if let Some(value) = fact.fact() {
            self.0.insert(Value::String(Arc::from(name)), value);
        }
        self
    }

    /// Takes over the fields of another object that it has not set itself.
    pub(super) fn fill(&mut self, other: &regorus::value::Object) {
        for (name, value) in other.iter() {
            self.0.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }

    /// The finished object.
    pub(super) fn build(self) -> Value {
        Value::from(self.0)
    }

    /// The finished object, taken out of a chain of `set`.
    pub(super) fn take(&mut self) -> Value {
        Value::from(std::mem::take(&mut self.0))
    }
}
