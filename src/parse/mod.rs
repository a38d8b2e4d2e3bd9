//! Bytes to values with places: JSON, NDJSON, YAML, CSV.
