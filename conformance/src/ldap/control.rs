//! Paged results (RFC 2696), the one control that is understood here.

use super::ber::{self, INTEGER, OCTETS, Reader, SEQUENCE};

/// The control of a request, or of the answer, where the size means nothing.
pub(crate) struct Paging {
    /// Entries that a page may have.
    pub(crate) size: usize,
    /// Where the page begins; empty at the first page and, in the answer, after the last.
    pub(crate) cookie: Vec<u8>,
}

impl Paging {
    pub(crate) const OID: &'static str = "1.2.840.113556.1.4.319";

    pub(super) fn parse(value: &[u8]) -> Option<Self> {
        let mut value = Reader::new(value).inside(SEQUENCE)?;
        let size = usize::try_from(value.number(INTEGER)?).ok()?;
        Some(Self { size, cookie: value.take(OCTETS)?.to_vec() })
    }

    /// The controls of an answer, with this one alone.
    pub(super) fn encode(&self) -> Vec<u8> {
        let value = ber::nested(SEQUENCE, &[ber::number(INTEGER, 0), ber::octets(&self.cookie)]);
        let control = ber::nested(SEQUENCE, &[ber::octets(Self::OID), ber::octets(value)]);
        ber::element(0xa0, &control)
    }
}
