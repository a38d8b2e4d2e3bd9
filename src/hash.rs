//! Maps and sets whose hash is quick to make, for look-ups by ids and numbers, of which a run makes some hundred a service.
//!
//! The seed differs from process to process, as in the standard library: nothing may rest on the order of a map.

/// As in the standard library.
pub(crate) type HashMap<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;

/// As in the standard library.
pub(crate) type HashSet<T> = std::collections::HashSet<T, foldhash::fast::RandomState>;
