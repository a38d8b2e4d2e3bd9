//! Tokens that stand for names: HMAC-SHA256 (RFC 2104) under a key, so that nobody without it can try names.

use std::collections::HashMap;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use crate::source::hex;

/// Fewest bytes of a key. RFC 2104, section 3, asks for as many as the hash has, 32; half of them cannot be tried out.
pub const LEAST: usize = 16;

/// Hex digits of a token: enough that ten thousand names have some chance in twenty thousand of needing more.
const DIGITS: usize = 10;

/// What tokens are made with.
pub struct Key {
    mac: Hmac<Sha256>,
    keyed: bool,
}

/// A key that could be tried out. The user's move: a longer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key has {0} bytes; it needs at least {LEAST}: `head -c 32 /dev/urandom > FILE` makes one")]
pub struct TooShort(pub usize);

impl Key {
    /// A key that is kept.
    ///
    /// # Errors
    /// When it is too short.
    pub fn kept(bytes: &[u8]) -> Result<Self, TooShort> {
        if bytes.len() < LEAST {
            return Err(TooShort(bytes.len()));
        }
        let mac = Hmac::new_from_slice(bytes).map_err(|_| TooShort(bytes.len()))?;
        Ok(Self { mac, keyed: true })
    }

    /// Random bytes that are forgotten: the tokens of two documents cannot be compared.
    #[must_use]
    pub fn forgotten(random: [u8; 32]) -> Self {
        // A key shorter than the hash's block is filled up with zeros (RFC 2104, section 2).
        let mut block = [0; 64];
        let (head, _) = block.split_at_mut(random.len());
        head.copy_from_slice(&random);
        Self { mac: Hmac::new(&block.into()), keyed: false }
    }
}

/// Tokens of one document: a name always has the same, and no two names have one.
pub(super) struct Tokens<'k> {
    key: &'k Key,
    given: HashMap<String, String>,
}

impl<'k> Tokens<'k> {
    pub(super) fn new(key: &'k Key) -> Self {
        Self { key, given: HashMap::new() }
    }

    pub(super) fn is_keyed(&self) -> bool {
        self.key.keyed
    }

    /// Which key it is.
    pub(super) fn key(&self) -> String {
        let mut id = self.keyed("key", &[]);
        id.truncate(DIGITS);
        id
    }

    /// What stands for a hash or a fingerprint: 64 hex digits.
    pub(super) fn hash(&self, sort: &str, of: &str) -> String {
        self.keyed(sort, &[Some(of)])
    }

    /// `service-3f9a1c07be`: a word that says what it is, and digits for what it is called. Names of one sort in the same
    /// scope have the same digits, whatever the word.
    pub(super) fn name(&mut self, word: &str, sort: &str, parts: &[Option<&str>]) -> String {
        let full = self.keyed(sort, parts);
        let mut digits = DIGITS;
        loop {
            let short = full.get(..digits).unwrap_or(&full);
            match self.given.get(short) {
                Some(other) if *other != full && digits < full.len() => digits += 2,
                Some(_) => return format!("{word}-{short}"),
                None => {
                    let token = format!("{word}-{short}");
                    self.given.insert(short.to_owned(), full.clone());
                    return token;
                }
            }
        }
    }

    /// Over a sort and parts, each with its length before it, so that no two lists are one text.
    fn keyed(&self, sort: &str, parts: &[Option<&str>]) -> String {
        let mut mac = self.key.mac.clone();
        for part in std::iter::once(Some(sort)).chain(parts.iter().copied()) {
            // What is not there is no empty text.
            let length = part.map_or(u64::MAX, |part| part.len() as u64);
            mac.update(&length.to_le_bytes());
            mac.update(part.unwrap_or_default().as_bytes());
        }
        hex(&mac.finalize().into_bytes())
    }
}

/// Whether a text is made as tokens are.
pub(super) fn is_token(text: &str) -> bool {
    let hex = |digits: &str| digits.len() >= DIGITS && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    text.split_once('-').is_some_and(|(word, digits)| word.bytes().all(|b| b.is_ascii_lowercase()) && hex(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_gives_the_same_tokens_and_another_gives_others() {
        let (one, two) = (Key::kept(&[7; 32]).unwrap(), Key::kept(&[8; 32]).unwrap());
        fn token(key: &Key, parts: &[Option<&str>]) -> String {
            Tokens::new(key).name("service", "service", parts)
        }
        assert_eq!(token(&one, &[Some("a")]), token(&Key::forgotten([7; 32]), &[Some("a")]));
        assert_eq!(token(&one, &[Some("a"), Some("b")]), token(&one, &[Some("a"), Some("b")]));
        assert_ne!(token(&one, &[Some("a"), Some("b")]), token(&two, &[Some("a"), Some("b")]));
        assert_ne!(token(&one, &[Some("ab"), Some("")]), token(&one, &[Some("a"), Some("b")]));
        assert_ne!(token(&one, &[None, Some("b")]), token(&one, &[Some(""), Some("b")]));
        assert_eq!(Key::kept(b"secret").err(), Some(TooShort(6)));
    }

    /// RFC 4231, test case 1: the hash is the one that is meant.
    #[test]
    fn the_mac_is_that_of_the_rfc() {
        let mut mac = Hmac::<Sha256>::new_from_slice(&[0x0b; 20]).unwrap();
        mac.update(b"Hi There");
        let expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
        assert_eq!(hex(&mac.finalize().into_bytes()), expected);
    }

    #[test]
    fn no_two_names_have_one_token() {
        let key = Key::kept(&[7; 32]).unwrap();
        let mut tokens = Tokens::new(&key);
        // As if another name had the first digits of this one.
        let full = tokens.keyed("service", &[Some("x")]);
        tokens.given.insert(full[..DIGITS].to_owned(), "another".to_owned());
        assert_eq!(tokens.name("service", "service", &[Some("x")]), format!("service-{}", &full[..DIGITS + 2]));
    }
}
