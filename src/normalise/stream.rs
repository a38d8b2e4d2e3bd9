//! Lists whose elements are handed over one by one: they may be long, and none has to wait in memory for the others.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{CowStrDeserializer, MapAccessDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::vendor::Written;

/// Hands over the elements of a list, each with its pointer, and counts them; `null` is an empty list.
pub(super) struct Each<'t, T, F> {
    /// Where the list lies: empty, or `/key`.
    at: &'t str,
    take: &'t mut F,
    element: PhantomData<T>,
}

impl<'t, T, F> Each<'t, T, F> {
    pub(super) fn of(at: &'t str, take: &'t mut F) -> Self {
        Each { at, take, element: PhantomData }
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(&str, T) -> Result<(), &'static str>> DeserializeSeed<'de> for Each<'_, T, F> {
    type Value = usize;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(&str, T) -> Result<(), &'static str>> Visitor<'de> for Each<'_, T, F> {
    type Value = usize;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }
    fn visit_unit<E>(self) -> Result<usize, E> {
        Ok(0)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<usize, A::Error> {
        let (mut index, mut digits, mut pointer) = (0, itoa::Buffer::new(), format!("{}/", self.at));
        let stem = pointer.len();
        loop {
            pointer.truncate(stem);
            pointer.push_str(digits.format(index));
            let one = One { pointer: &pointer, take: &mut *self.take, element: PhantomData };
            if list.next_element_seed(one)?.is_none() {
                return Ok(index);
            }
            index += 1;
        }
    }
}

/// Hands over one element as soon as it is read, so that it is moved about as little as can be.
struct One<'t, T, F> {
    pointer: &'t str,
    take: &'t mut F,
    element: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>, F: FnMut(&str, T) -> Result<(), &'static str>> DeserializeSeed<'de> for One<'_, T, F> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        (self.take)(self.pointer, T::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// An object with a list below a key: hands over the list's elements, and reads what lies beside it into a struct.
pub(super) struct Around<'t, T, H, F> {
    list: &'t str,
    take: &'t mut F,
    read: PhantomData<(T, H)>,
}

impl<'t, T, H, F> Around<'t, T, H, F> {
    pub(super) fn of(list: &'t str, take: &'t mut F) -> Self {
        Around { list, take, read: PhantomData }
    }
}

impl<'de, T, H, F> DeserializeSeed<'de> for Around<'_, T, H, F>
where
    T: Deserialize<'de>,
    H: Deserialize<'de>,
    F: FnMut(&str, T) -> Result<(), &'static str>,
{
    type Value = (H, usize);
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T, H, F> Visitor<'de> for Around<'_, T, H, F>
where
    T: Deserialize<'de>,
    H: Deserialize<'de>,
    F: FnMut(&str, T) -> Result<(), &'static str>,
{
    type Value = (H, usize);
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", self.list)
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let mut count = 0;
        let beside = Beside { map, around: self, count: &mut count };
        let head = H::deserialize(MapAccessDeserializer::new(beside))?;
        Ok((head, count))
    }
}

/// The keys of an object but the one of its list, which is handed over where it is met.
struct Beside<'t, 'c, A, T, H, F> {
    map: A,
    around: Around<'t, T, H, F>,
    count: &'c mut usize,
}

impl<'de, A, T, H, F> MapAccess<'de> for Beside<'_, '_, A, T, H, F>
where
    A: MapAccess<'de>,
    T: Deserialize<'de>,
    F: FnMut(&str, T) -> Result<(), &'static str>,
{
    type Error = A::Error;
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(key) = self.map.next_key::<Written<'de>>()? {
            if *key != *self.around.list {
                return seed.deserialize(CowStrDeserializer::new(key.0)).map(Some);
            }
            let at = format!("/{}", self.around.list);
            *self.count += self.map.next_value_seed(Each::of(&at, self.around.take))?;
        }
        Ok(None)
    }
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}
