//! Names of places in the page, so that a mail can point at one finding.
//!
//! | anchor | place |
//! |---|---|
//! | `#service-payments-api` | its line in the table of services |
//! | `#open-payments-api` | what is open of it |
//! | `#6d812cc70fd9` | the finding whose fingerprint begins so |
//! | `#rule-RPO-001` | the rule |
//!
//! The script also takes `#payments-api`, and a fingerprint that is longer or shorter.

use std::collections::BTreeSet;

/// Characters of a fingerprint that name its finding.
pub(super) const FINGERPRINT: usize = 12;

/// Names that are given away, each once.
#[derive(Debug, Default)]
pub(super) struct Anchors(BTreeSet<String>);

impl Anchors {
    /// A free name like the one wished for.
    pub(super) fn take(&mut self, wish: &str) -> String {
        let name = slug(wish);
        let mut free = name.clone();
        let mut number = 1;
        while !self.0.insert(free.clone()) {
            number += 1;
            free = format!("{name}-{number}");
        }
        free
    }
}

/// What can stand in an address as it is.
pub(super) fn slug(text: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || "-._~/".contains(c) { c } else { '_' };
    text.chars().map(kept).take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_places_share_a_name() {
        let mut anchors = Anchors::default();
        assert_eq!(anchors.take("service-a b"), "service-a_b");
        assert_eq!(anchors.take("service-a\u{202e}b"), "service-a_b-2");
        assert_eq!(anchors.take("service-a\"b"), "service-a_b-3");
    }
}
