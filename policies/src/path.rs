//! The one form of a request's path, in which the broker decides and in which it forwards.
//!
//! If the two differed, `/public/%2e%2e/admin` would be judged as public and served as admin. So what is equivalent
//! (RFC 3986 §6.2.2) is written in one way, and what another program might read differently is refused:
//! encoded slashes, backslashes, controls and dot segments at any depth of encoding, `..;` of servers that cut
//! parameters off, overlong UTF-8, and empty segments, which some servers collapse and others do not.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Longer paths are refused before anything is done with them.
const MAX_BYTES: usize = 8 * 1024;
/// Deeper nesting of `%25` than this is nobody's path.
const MAX_DECODINGS: usize = 8;

/// A path without query: starts with `/`, no dot or empty segments (save for the last, which a slash at the end makes),
/// only unreserved and safe characters, everything else as upper-case percent-encoding. Parsing it again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CanonicalPath(String);

/// Why a path gets 400.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathFault {
    /// Does not start with `/`.
    #[error("a path starts with a slash")]
    NotAbsolute,
    /// More than 8 KiB.
    #[error("the path is longer than 8 KiB")]
    TooLong,
    /// A `%` without two hex digits, or encoding nested too deep.
    #[error("invalid percent-encoding in the path")]
    Percent,
    /// `%2F` at any depth of encoding.
    #[error("an encoded slash in the path")]
    Slash,
    /// A backslash, encoded or not.
    #[error("a backslash in the path")]
    Backslash,
    /// A control character, encoded or not.
    #[error("a control character in the path")]
    Control,
    /// A dot segment that is encoded or carries a parameter.
    #[error("a disguised dot segment in the path")]
    DotSegment,
    /// `..` above the root.
    #[error("the path leaves the root")]
    AboveRoot,
    /// Two slashes in a row.
    #[error("an empty segment in the path")]
    EmptySegment,
    /// `?` or `#`, which end a path.
    #[error("a query or fragment in the path")]
    Delimiter,
    /// Bytes that are a longer spelling of a character.
    #[error("overlong UTF-8 in the path")]
    Overlong,
    /// A path, but not in its one form; only where that form is demanded.
    #[error("the path is not in its canonical form")]
    NotCanonical,
}

impl CanonicalPath {
    /// Brings a path (without query, at most 8 KiB) into its one form.
    ///
    /// # Errors
    /// [`PathFault`]: the request gets 400.
    pub fn parse(raw: &str) -> Result<Self, PathFault> {
        if raw.len() > MAX_BYTES {
            return Err(PathFault::TooLong);
        }
        let segments = raw.strip_prefix('/').ok_or(PathFault::NotAbsolute)?;
        if is_plain(segments) { Ok(Self(raw.to_owned())) } else { rewritten(segments).map(Self) }
    }

    /// The one form, for decision and forwarding alike.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The common case, which is in its one form already and needs no memory to be seen as such: nothing that has another
/// spelling (RFC 3986 §2.3), no dot segment, and no empty segment but the last.
fn is_plain(segments: &str) -> bool {
    let unreserved = |byte| byte == b'/' || is_unreserved(byte);
    segments.bytes().all(unreserved)
        && !segments.starts_with('/')
        && !segments.contains("//")
        && !segments.split('/').any(|segment| matches!(segment, "." | ".."))
}

/// Every other path. What it gives for a plain one is that path, so the two ways never differ.
fn rewritten(segments: &str) -> Result<String, PathFault> {
    let mut stack: Vec<String> = Vec::new();
    let mut segments = segments.split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "" if !last => return Err(PathFault::EmptySegment),
            // RFC 3986 §5.2.4: a dot segment at the end leaves the slash before it.
            "." => {}
            ".." => stack.pop().map(drop).ok_or(PathFault::AboveRoot)?,
            plain => stack.push(canonical_segment(plain)?),
        }
        if last && matches!(segment, "." | "..") {
            stack.push(String::new());
        }
    }
    let path = format!("/{}", stack.join("/"));
    // Encoding makes a path longer; the limit holds for what comes out, or it would not come in again.
    if path.len() > MAX_BYTES { Err(PathFault::TooLong) } else { Ok(path) }
}

fn canonical_segment(raw: &str) -> Result<String, PathFault> {
    refuse_disguises(raw)?;
    let mut canonical = String::with_capacity(raw.len());
    let mut bytes = raw.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let decoded = hex_pair(bytes.next(), bytes.next()).ok_or(PathFault::Percent)?;
                write(&mut canonical, decoded);
            }
            // A plain one stays plain and an encoded one encoded, see `may_stand_plain`.
            b';' => canonical.push(';'),
            plain => write(&mut canonical, plain),
        }
    }
    Ok(canonical)
}

fn write(canonical: &mut String, byte: u8) {
    if may_stand_plain(byte) {
        canonical.push(char::from(byte));
    } else {
        canonical.extend(['%', upper_hex(byte >> 4), upper_hex(byte & 0xf)]);
    }
}

/// RFC 3986 §2.1: producers write upper-case digits.
const fn upper_hex(nibble: u8) -> char {
    (if nibble < 10 { b'0' + nibble } else { b'A' + nibble - 10 }) as char
}

/// Characters that mean the same in a path with and without encoding. `;` is not among them: servers cut a segment off
/// at a plain one.
const fn may_stand_plain(byte: u8) -> bool {
    is_unreserved(byte)
        || matches!(byte, b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b'=' | b':' | b'@')
}

/// RFC 3986 §2.3.
const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Looks at the segment as it is and after each further decoding, since the upstream may decode more than once.
fn refuse_disguises(raw: &str) -> Result<(), PathFault> {
    if raw.contains(['?', '#']) {
        return Err(PathFault::Delimiter);
    }
    let mut bytes = raw.as_bytes().to_vec();
    for depth in 0..MAX_DECODINGS {
        refuse_bytes(&bytes)?;
        if !bytes.contains(&b'%') {
            return Ok(());
        }
        let (next, stray) = decoded(&bytes);
        if stray && depth == 0 {
            return Err(PathFault::Percent);
        }
        // `100%25` decodes to a bare percent sign, which is data. What is encoded beside it is read on, as a forgiving
        // server would read it.
        if next == bytes {
            return Ok(());
        }
        bytes = next;
    }
    Err(PathFault::Percent)
}

fn refuse_bytes(bytes: &[u8]) -> Result<(), PathFault> {
    let name = bytes.split(|&byte| byte == b';').next().unwrap_or_default();
    if matches!(name, b"." | b"..") {
        return Err(PathFault::DotSegment);
    }
    // RFC 3629 §3: C0, C1, and E0 or F0 before too low a byte spell a character longer than it is.
    let overlong_pair = |pair: &[u8]| matches!(pair, [0xe0, 0x80..=0x9f] | [0xf0, 0x80..=0x8f]);
    if bytes.iter().any(|byte| matches!(byte, 0xc0 | 0xc1)) || bytes.windows(2).any(overlong_pair) {
        return Err(PathFault::Overlong);
    }
    bytes.iter().try_for_each(|byte| match byte {
        b'/' => Err(PathFault::Slash),
        b'\\' => Err(PathFault::Backslash),
        byte if byte.is_ascii_control() => Err(PathFault::Control),
        _ => Ok(()),
    })
}

/// One decoding of every `%XX`, and whether a percent sign without two hex digits was met; that one stays.
fn decoded(mut bytes: &[u8]) -> (Vec<u8>, bool) {
    let (mut plain, mut stray) = (Vec::with_capacity(bytes.len()), false);
    while let Some((&byte, after)) = bytes.split_first() {
        let pair = after
            .split_first_chunk()
            .and_then(|(&[high, low], rest)| Some((hex_pair(Some(high), Some(low))?, rest)));
        let (byte, rest) = pair.filter(|_| byte == b'%').unwrap_or((byte, after));
        stray |= byte == b'%' && rest.len() == after.len();
        plain.push(byte);
        bytes = rest;
    }
    (plain, stray)
}

fn hex_pair(high: Option<u8>, low: Option<u8>) -> Option<u8> {
    let digit = |byte: Option<u8>| char::from(byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

impl fmt::Display for CanonicalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for CanonicalPath {
    type Error = PathFault;

    fn try_from(text: String) -> Result<Self, PathFault> {
        Self::parse(&text)
    }
}

impl From<CanonicalPath> for String {
    fn from(path: CanonicalPath) -> Self {
        path.0
    }
}

#[cfg(test)]
mod tests;
