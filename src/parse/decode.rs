//! Bytes to text: UTF-8 with and without a byte order mark, UTF-16 with one.
//!
//! PowerShell's `>` writes UTF-16LE, so exports from Windows hosts come in it.

#![expect(clippy::result_large_err, reason = "once per file; callers want the diagnostic itself")]

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Place, Spot};

/// The text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text without its byte order mark, line breaks as they are.
    pub text: Cow<'a, str>,
    /// What it was written in: `utf-8`, `utf-8-bom`, `utf-16le` or `utf-16be`.
    pub encoding: &'static str,
}

/// Starts of files that are packed, and what they are packed with.
const PACKED: [(&[u8], &str); 5] = [
    (&[0x1f, 0x8b], "gzip"),
    (b"PK\x03\x04", "zip"),
    (&[0x28, 0xb5, 0x2f, 0xfd], "zstd"),
    (&[0xfd, b'7', b'z', b'X', b'Z'], "xz"),
    (b"BZh", "bzip2"),
];

/// Decodes the bytes of a file.
///
/// # Errors
///
/// A diagnostic with the code `binary` when the file is no text, or `encoding` when it is text in an
/// encoding that we do not read. Its place is the file, or the first wrong byte of its [`lossy`] text.
pub fn decode(file: FileId, bytes: &[u8]) -> Result<Decoded<'_>, Diagnostic> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(file, rest, "utf-8-bom"),
        [0xff, 0xfe, rest @ ..] => utf16(file, rest, UTF_16LE, "utf-16le"),
        [0xfe, 0xff, rest @ ..] => utf16(file, rest, UTF_16BE, "utf-16be"),
        _ => utf8(file, bytes, "utf-8"),
    }
}

/// The text of bytes that [`decode`] refuses, for its first lines and the place of its first wrong byte.
#[must_use]
pub fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes)).into_owned()
}

fn utf8<'a>(file: FileId, bytes: &'a [u8], encoding: &'static str) -> Result<Decoded<'a>, Diagnostic> {
    let packed = PACKED.iter().find(|(start, _)| bytes.starts_with(start));
    // Vectors say whether it is valid, and nothing more.
    let text = match simdutf8::basic::from_utf8(bytes).or_else(|_| std::str::from_utf8(bytes)) {
        Ok(text) if packed.is_none() || !text.contains('\0') => text,
        _ if packed.is_some() => {
            let name = packed.map_or("", |(_, name)| name);
            return Err(binary(file, format!("the file is packed with {name}"), "unpack it first"));
        }
        Ok(text) => text,
        Err(_) if memchr::memchr(0, bytes).is_some() => return Err(no_text(file)),
        Err(error) => {
            let byte = error.valid_up_to();
            let line = bytes[..byte].iter().filter(|&&b| b == b'\n').count() + 1;
            let message = format!("the file is not valid UTF-8: line {line}, byte {byte}");
            let help = "save it as UTF-8, or as UTF-16 with a byte order mark";
            // In the text as `lossy` gives it, where the byte is one replacement character.
            let place = Place { file, spot: Spot::Bytes { start: byte, end: byte + '\u{fffd}'.len_utf8() } };
            return Err(Diagnostic::error("encoding", message).at(place).help(help));
        }
    };
    if memchr::memchr(0, bytes).is_some() {
        return Err(no_text(file));
    }
    Ok(Decoded { text: Cow::Borrowed(text), encoding })
}

fn utf16<'a>(
    file: FileId,
    bytes: &'a [u8],
    encoding: &'static Encoding,
    name: &'static str,
) -> Result<Decoded<'a>, Diagnostic> {
    let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) else {
        let message = format!("the file starts as {} but is not valid in it", encoding.name());
        let help = "export it again, or save it as UTF-8";
        return Err(Diagnostic::error("encoding", message).at(Place::file(file)).help(help));
    };
    if text.contains('\0') {
        return Err(no_text(file));
    }
    Ok(Decoded { text, encoding: name })
}

fn no_text(file: FileId) -> Diagnostic {
    binary(file, "the file holds NUL bytes: it is no text".to_owned(), "give the export as JSON, YAML or CSV text")
}

fn binary(file: FileId, message: String, help: &str) -> Diagnostic {
    Diagnostic::error("binary", message).at(Place::file(file)).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> (String, &'static str) {
        let decoded = decode(FileId(0), bytes).unwrap();
        (decoded.text.into_owned(), decoded.encoding)
    }

    fn code(bytes: &[u8]) -> std::borrow::Cow<'static, str> {
        decode(FileId(0), bytes).unwrap_err().code
    }

    #[test]
    fn the_encodings_that_exports_come_in() {
        assert_eq!(text("ä: 1".as_bytes()), ("ä: 1".into(), "utf-8"));
        assert_eq!(text("\u{feff}ä: 1".as_bytes()), ("ä: 1".into(), "utf-8-bom"));
        assert_eq!(text(b"\xff\xfe\xe4\0:\0"), ("ä:".into(), "utf-16le"));
        assert_eq!(text(b"\xfe\xff\0\xe4\0:"), ("ä:".into(), "utf-16be"));
        assert_eq!(text(b""), (String::new(), "utf-8"));
    }

    #[test]
    fn what_is_no_text_is_said_so() {
        assert_eq!(code(b"\x1f\x8b\x08\0\0"), "binary");
        assert_eq!(code(b"PK\x03\x04\x14\0"), "binary");
        assert_eq!(code(b"a\0b\0"), "binary");
        assert_eq!(code(b"\xff\0\x80"), "binary");
        assert_eq!(code(b"name: M\xfcller"), "encoding");
        assert_eq!(code(b"\xff\xfe\x00\xd8a\0"), "encoding");
        assert_eq!(code(b"\xff\xfea\0\0"), "encoding");
    }

    #[test]
    fn a_wrong_byte_is_counted_in_lines() {
        let message = decode(FileId(0), b"a: 1\nb: \xfc\n").unwrap_err().message;
        assert!(message.contains("line 2"), "{message}");
    }
}
