//! The few bytes of BER that have to be understood before the LDAP library sees them (X.690 §8; RFC 4511 §5.1): short tags, and
//! lengths that are told, of at most four octets.

/// What is no BER of the kind that LDAP uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(in super::super) struct Malformed(pub(super) &'static str);

/// Elements that stand one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Elements<'a> {
    rest: &'a [u8],
}

impl<'a> Elements<'a> {
    pub(super) fn of(content: &'a [u8]) -> Self {
        Self { rest: content }
    }

    pub(super) fn is_empty(self) -> bool {
        self.rest.is_empty()
    }

    /// The next element's tag, if there is one.
    pub(super) fn peek(self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element: its tag and its content.
    pub(super) fn next(&mut self) -> Result<(u8, &'a [u8]), Malformed> {
        let Header { tag, content, total } =
            header(self.rest)?.ok_or(Malformed("an element is missing or cut short"))?;
        let element =
            self.rest.get(content..total).ok_or(Malformed("an element is longer than what holds it"))?;
        self.rest = self.rest.get(total..).unwrap_or_default();
        Ok((tag, element))
    }

    /// The next element, which has to bear this tag.
    pub(super) fn expect(&mut self, tag: u8, otherwise: &'static str) -> Result<&'a [u8], Malformed> {
        match self.next()? {
            (found, content) if found == tag => Ok(content),
            _ => Err(Malformed(otherwise)),
        }
    }

    /// Nothing may follow.
    pub(super) fn end(self) -> Result<(), Malformed> {
        if self.is_empty() { Ok(()) } else { Err(Malformed("something follows the last element")) }
    }
}

/// The beginning of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) tag: u8,
    /// Where its content begins.
    pub(super) content: usize,
    /// Where it ends.
    pub(super) total: usize,
}

/// Reads the beginning of an element; `None` while octets of it are missing.
pub(super) fn header(bytes: &[u8]) -> Result<Option<Header>, Malformed> {
    const LONG_TAG: u8 = 0x1f;
    const LONG_LENGTH: u8 = 0x80;
    let Some((&tag, rest)) = bytes.split_first() else { return Ok(None) };
    if tag & LONG_TAG == LONG_TAG {
        return Err(Malformed("a tag of several octets"));
    }
    let Some((&first, rest)) = rest.split_first() else { return Ok(None) };
    if first < LONG_LENGTH {
        let length = usize::from(first);
        return Ok(Some(Header { tag, content: 2, total: 2 + length }));
    }
    // X.690 §8.1.3.6: a length that is not told. LDAP forbids it (RFC 4511 §5.1).
    let octets = usize::from(first & !LONG_LENGTH);
    if octets == 0 || octets > 4 {
        return Err(Malformed("a length that is not told, or of more than four octets"));
    }
    let Some(length) = rest.get(..octets) else { return Ok(None) };
    let length = length.iter().fold(0_u64, |sum, byte| (sum << 8) | u64::from(*byte));
    let length = usize::try_from(length).map_err(|_| Malformed("a length beyond this machine"))?;
    let content = 2 + octets;
    let total = content.checked_add(length).ok_or(Malformed("a length beyond this machine"))?;
    Ok(Some(Header { tag, content, total }))
}

/// A number that is not negative, of at most four octets.
pub(super) fn number(content: &[u8]) -> Result<u32, Malformed> {
    match content {
        [] => Err(Malformed("a number without octets")),
        [first, ..] if *first >= 0x80 => Err(Malformed("a negative number")),
        _ if content.len() > 4 => Err(Malformed("a number of more than four octets")),
        _ => Ok(content.iter().fold(0, |sum, byte| (sum << 8) | u32::from(*byte))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        for (bytes, expected) in [
            (&b"\x30\x03abc"[..], Ok(Some((2, 5)))),
            (b"\x30\x81\x80", Ok(Some((3, 131)))),
            (b"\x30\x82\x01\x00", Ok(Some((4, 260)))),
            (b"\x30\x84\x7f\xff\xff\xff", Ok(Some((6, 0x7fff_ffff + 6)))),
            (b"\x30", Ok(None)),
            (b"\x30\x82\x01", Ok(None)),
            (b"", Ok(None)),
        ] {
            let found = header(bytes).map(|found| found.map(|header| (header.content, header.total)));
            assert_eq!(found, expected, "{bytes:02x?}");
        }
        for bytes in [&b"\x30\x80"[..], b"\x30\x85\0\0\0\0\x01", b"\x3f\x03", b"\x30\xff"] {
            assert!(header(bytes).is_err(), "{bytes:02x?}");
        }
    }

    #[test]
    fn numbers() {
        for (bytes, expected) in [
            (&b"\x00"[..], Ok(0)),
            (b"\x31", Ok(49)),
            (b"\x00\xff", Ok(255)),
            (b"\x7f\xff\xff\xff", Ok(0x7fff_ffff)),
        ] {
            assert_eq!(number(bytes), expected);
        }
        for bytes in [&b""[..], b"\xff", b"\x80\x00", b"\x01\x00\x00\x00\x00"] {
            assert!(number(bytes).is_err(), "{bytes:02x?}");
        }
    }
}
