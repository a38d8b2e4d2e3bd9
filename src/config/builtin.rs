//! The standards that are built in: the catalogue's table, and frameworks' own demands as whole standards.
//!
//! The folder `standards/` is the registry; a standard's name is its file's. A name always means the built-in standard; a
//! file of that name is written as a path, `./dora`, so that a stray file never changes what a name means.

use include_dir::{Dir, include_dir};

use crate::builtin::STANDARD_SHA256;

/// Hash of the text, and the document that was read from it.
const PACKED: &str = include_str!("../../standards/default.packed");

static FOLDER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/standards");

/// The name of the catalogue's table, which gives every limit that no other standard gives.
pub const DEFAULT: &str = "default";

/// The names, `default` first and the others in order.
#[must_use]
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> = FOLDER
        .files()
        .filter(|f| f.path().extension().is_some_and(|e| e == "yaml"))
        .filter_map(|f| f.path().file_stem()?.to_str())
        .collect();
    names.sort_by_key(|name| (*name != DEFAULT, *name));
    names
}

/// The text of a built-in standard.
#[must_use]
pub fn text(name: &str) -> Option<&'static str> {
    FOLDER.get_file(format!("{name}.yaml"))?.contents_utf8()
}

/// The document of the default standard as it was read beforehand: reading its YAML would be a tenth of a small run. None
/// where it was made of another text, and for every other standard.
#[must_use]
pub fn packed(name: &str) -> Option<serde_json::Value> {
    let document = PACKED.strip_prefix(STANDARD_SHA256)?;
    (name == DEFAULT).then(|| serde_json::from_str(document).ok())?
}

/// What [`packed`] is to be, for the document of the default standard.
#[must_use]
pub fn pack(document: &serde_json::Value) -> String {
    format!("{STANDARD_SHA256}\n{document}\n")
}

/// The path that reports show for a built-in standard.
#[must_use]
pub fn path(name: &str) -> String {
    format!("standards/{name}.yaml")
}

/// What was perhaps meant by a name that is none, and every name there is.
#[must_use]
pub fn suggestion(name: &str) -> String {
    let names = names();
    let near = names.iter().map(|n| (strsim::damerau_levenshtein(n, &name.to_ascii_lowercase()), n));
    let near = near.filter(|(distance, n)| *distance <= 1 + n.len() / 4).min();
    let hint = near.map(|(_, n)| format!("did you mean `{n}`? ")).unwrap_or_default();
    format!("{hint}built in: {}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_folder_and_typos_find_them() {
        assert_eq!(names().first(), Some(&DEFAULT));
        assert!(names().iter().all(|name| text(name).is_some()));
        assert!(text("nothing").is_none() && text("../Cargo").is_none());
        assert!(suggestion("Dorra").starts_with("did you mean `dora`? built in: default, 3-2-1, "));
        assert!(suggestion("e8-ml4").starts_with("did you mean `e8-ml1`?"));
        assert!(suggestion("something else").starts_with("built in: default, "));
    }
}
