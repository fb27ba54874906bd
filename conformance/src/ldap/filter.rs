//! Search filters (RFC 4511 §4.5.1.7), as they come.

use super::ber::{OCTETS, Reader, SEQUENCE};

/// Filters in filters; beyond this one is refused.
const DEEPEST: usize = 32;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    Equal(String, Vec<u8>),
    Substrings(String, Vec<(Part, Vec<u8>)>),
    AtLeast(String, Vec<u8>),
    AtMost(String, Vec<u8>),
    Present(String),
    /// A matching rule by its OID, with attribute and value.
    Rule {
        rule: String,
        attribute: String,
        value: Vec<u8>,
    },
}

/// Where a substring has to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Initial,
    Any,
    Final,
}

impl Filter {
    pub(super) fn parse(reader: &mut Reader) -> Option<Self> {
        parse(reader, DEEPEST)
    }

    /// Attribute and value of everything that is asserted to be equal, wherever it stands.
    #[cfg(feature = "hostile")]
    pub(crate) fn equalities(&self) -> Vec<(String, Vec<u8>)> {
        match self {
            Self::And(filters) | Self::Or(filters) => filters.iter().flat_map(Self::equalities).collect(),
            Self::Not(filter) => filter.equalities(),
            Self::Equal(attribute, value) => vec![(attribute.clone(), value.clone())],
            Self::Substrings(..)
            | Self::AtLeast(..)
            | Self::AtMost(..)
            | Self::Present(_)
            | Self::Rule { .. } => vec![],
        }
    }
}

fn parse(reader: &mut Reader, depth: usize) -> Option<Filter> {
    let depth = depth.checked_sub(1)?;
    let (tag, content) = reader.any()?;
    let mut content_reader = Reader::new(content);
    Some(match tag {
        0xa0 => Filter::And(all(content_reader, depth)?),
        0xa1 => Filter::Or(all(content_reader, depth)?),
        0xa2 => Filter::Not(Box::new(parse(&mut content_reader, depth)?)),
        0xa3 | 0xa8 => Filter::Equal(content_reader.text()?, content_reader.take(OCTETS)?.to_vec()),
        0xa4 => substrings(content_reader)?,
        0xa5 => Filter::AtLeast(content_reader.text()?, content_reader.take(OCTETS)?.to_vec()),
        0xa6 => Filter::AtMost(content_reader.text()?, content_reader.take(OCTETS)?.to_vec()),
        0x87 => Filter::Present(text(content)?),
        0xa9 => rule(content_reader)?,
        _ => return None,
    })
}

fn all(mut reader: Reader, depth: usize) -> Option<Vec<Filter>> {
    let mut filters = Vec::new();
    while !reader.is_empty() {
        filters.push(parse(&mut reader, depth)?);
    }
    Some(filters)
}

fn substrings(mut reader: Reader) -> Option<Filter> {
    let attribute = reader.text()?;
    let (mut list, mut parts) = (reader.inside(SEQUENCE)?, Vec::new());
    while !list.is_empty() {
        let (tag, content) = list.any()?;
        let part = match tag {
            0x80 => Part::Initial,
            0x81 => Part::Any,
            0x82 => Part::Final,
            _ => return None,
        };
        parts.push((part, content.to_vec()));
    }
    Some(Filter::Substrings(attribute, parts))
}

fn rule(mut reader: Reader) -> Option<Filter> {
    let (mut rule, mut attribute, mut value) = (None, None, None);
    while !reader.is_empty() {
        let (tag, content) = reader.any()?;
        match tag {
            0x81 => rule = Some(text(content)?),
            0x82 => attribute = Some(text(content)?),
            0x83 => value = Some(content.to_vec()),
            0x84 => {}
            _ => return None,
        }
    }
    Some(Filter::Rule { rule: rule?, attribute: attribute?, value: value? })
}

fn text(octets: &[u8]) -> Option<String> {
    String::from_utf8(octets.to_vec()).ok()
}
