//! What a server answers (RFC 4511 §4), and its octets.

use super::ber::{self, ENUMERATED, INTEGER, SEQUENCE, SET};
use super::control::Paging;

/// One message of a server, without its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Entry(Entry),
    /// A continuation reference: one address.
    Reference(String),
    /// The end of an operation.
    Result {
        kind: u8,
        outcome: Outcome,
        /// The cookie of the next page.
        cookie: Option<Vec<u8>>,
    },
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) dn: String,
    pub(crate) attributes: Vec<(String, Vec<Vec<u8>>)>,
}

/// An `LDAPResult`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) code: u8,
    pub(crate) matched: String,
    pub(crate) text: String,
    /// With code 10 alone.
    pub(crate) referral: Vec<String>,
    /// The name of an extended response.
    pub(crate) name: Option<&'static str>,
}

impl Outcome {
    pub(crate) fn success() -> Self {
        Self::default()
    }

    pub(crate) fn refused(code: u8, text: impl Into<String>) -> Self {
        Self { code, text: text.into(), ..Self::default() }
    }

    pub(crate) fn content(&self) -> Vec<u8> {
        let mut parts = vec![
            ber::number(ENUMERATED, self.code.into()),
            ber::octets(&self.matched),
            ber::octets(&self.text),
        ];
        if !self.referral.is_empty() {
            let addresses: Vec<_> = self.referral.iter().map(ber::octets).collect();
            parts.push(ber::nested(0xa3, &addresses));
        }
        if let Some(name) = self.name {
            parts.push(ber::element(0x8a, name.as_bytes()));
        }
        parts.concat()
    }
}

impl Answer {
    pub(crate) const BOUND: u8 = 0x61;
    pub(crate) const SEARCHED: u8 = 0x65;
    pub(crate) const MODIFIED: u8 = 0x67;
    pub(crate) const EXTENDED: u8 = 0x78;

    pub(crate) fn result(kind: u8, outcome: Outcome) -> Self {
        Self::Result { kind, outcome, cookie: None }
    }

    pub(crate) fn encode(&self, id: i64) -> Vec<u8> {
        let mut parts = vec![ber::number(INTEGER, id)];
        match self {
            Self::Entry(entry) => parts.push(entry.encode()),
            Self::Reference(address) => parts.push(ber::element(0x73, &ber::octets(address))),
            Self::Result { kind, outcome, cookie } => {
                parts.push(ber::element(*kind, &outcome.content()));
                if let Some(cookie) = cookie {
                    parts.push(Paging { size: 0, cookie: cookie.clone() }.encode());
                }
            }
        }
        ber::nested(SEQUENCE, &parts)
    }
}

impl Entry {
    fn encode(&self) -> Vec<u8> {
        let attributes: Vec<_> =
            self.attributes.iter().map(|(name, values)| attribute(name, values)).collect();
        ber::nested(0x64, &[ber::octets(&self.dn), ber::nested(SEQUENCE, &attributes)])
    }
}

fn attribute(name: &str, values: &[Vec<u8>]) -> Vec<u8> {
    let values: Vec<_> = values.iter().map(ber::octets).collect();
    ber::nested(SEQUENCE, &[ber::octets(name), ber::nested(SET, &values)])
}
