//! The part of BER that LDAP uses: tags of one octet, definite lengths (RFC 4511 §5.1).

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const ENUMERATED: u8 = 0x0a;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// Tag, length and content.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut octets = head(tag, content.len());
    octets.extend_from_slice(content);
    octets
}

/// Tag and length alone, whether or not that much ever follows.
pub(crate) fn head(tag: u8, length: usize) -> Vec<u8> {
    if let Ok(short @ 0..=0x7f) = u8::try_from(length) {
        return vec![tag, short];
    }
    let long: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|octet| *octet == 0).collect();
    let count = u8::try_from(long.len()).unwrap_or(8);
    [&[tag, 0x80 | count], long.as_slice()].concat()
}

/// An element of elements.
pub(crate) fn nested(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    element(tag, &parts.concat())
}

pub(crate) fn octets(content: impl AsRef<[u8]>) -> Vec<u8> {
    element(OCTETS, content.as_ref())
}

/// An INTEGER or ENUMERATED in its shortest form.
pub(crate) fn number(tag: u8, value: i64) -> Vec<u8> {
    let mut octets = value.to_be_bytes().to_vec();
    while let [first, second, ..] = octets.as_slice()
        && ((*first == 0 && *second < 0x80) || (*first == 0xff && *second >= 0x80))
    {
        octets.remove(0);
    }
    element(tag, &octets)
}

/// What is left to read.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(octets: &'a [u8]) -> Self {
        Self(octets)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tag of what comes next.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The next element, whatever it is.
    pub(crate) fn any(&mut self) -> Option<(u8, &'a [u8])> {
        let (&[tag, first], rest) = self.0.split_first_chunk()?;
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            let (long, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (length(long)?, rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }

    /// The content of the next element if it has this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.any().filter(|(found, _)| *found == tag).map(|(_, content)| content)
    }

    pub(crate) fn inside(&mut self, tag: u8) -> Option<Self> {
        self.take(tag).map(Self)
    }

    pub(crate) fn text(&mut self) -> Option<String> {
        String::from_utf8(self.take(OCTETS)?.to_vec()).ok()
    }

    pub(crate) fn number(&mut self, tag: u8) -> Option<i64> {
        let octets = self.take(tag)?;
        let negative = octets.first()? & 0x80 != 0;
        let start = if negative { -1 } else { 0 };
        (octets.len() <= 8).then(|| octets.iter().fold(start, |sum, octet| (sum << 8) | i64::from(*octet)))
    }
}

/// A length in the long form of at most four octets; `None` for none (the indefinite form) and for more.
pub(crate) fn length(octets: &[u8]) -> Option<usize> {
    (1..=4)
        .contains(&octets.len())
        .then(|| octets.iter().fold(0, |sum, octet| (sum << 8) | usize::from(*octet)))
}
