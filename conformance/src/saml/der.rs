//! Just enough DER (X.690) to write a certificate and to find the key in one.

pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OID: u8 = 0x06;
pub(super) const UTF8: u8 = 0x0c;
pub(super) const GENERALIZED: u8 = 0x18;
pub(super) const NULL: [u8; 2] = [0x05, 0x00];

/// Tag, length, content.
pub(super) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant: Vec<u8> = length.iter().copied().skip_while(|byte| *byte == 0).collect();
    let head = match significant.as_slice() {
        [] => vec![0],
        [short] if *short < 0x80 => vec![*short],
        long => [&[0x80 | u8::try_from(long.len()).unwrap_or(0)], long].concat(),
    };
    [&[tag], head.as_slice(), content].concat()
}

pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    value(SEQUENCE, &parts.concat())
}

/// A number that is not negative, from its big-endian octets.
pub(super) fn integer(octets: &[u8]) -> Vec<u8> {
    let mut content: Vec<u8> = octets.iter().copied().skip_while(|byte| *byte == 0).collect();
    if content.first().is_none_or(|byte| *byte >= 0x80) {
        content.insert(0, 0);
    }
    value(INTEGER, &content)
}

/// Whole octets, so no unused bits.
pub(super) fn bit_string(octets: &[u8]) -> Vec<u8> {
    value(BIT_STRING, &[&[0], octets].concat())
}

/// Reads one value after another.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    /// Tag, content, and the whole value.
    pub(super) fn next(&mut self) -> Option<(u8, &'a [u8], &'a [u8])> {
        let all = self.0;
        let (&tag, rest) = all.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let mut length = usize::from(first);
        if first >= 0x80 {
            let (octets, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
            // Four octets are more than any certificate needs.
            length = (octets.len() <= 4).then(|| octets.iter().fold(0, |n, b| (n << 8) | usize::from(*b)))?;
            rest = after;
        }
        let (content, after) = rest.split_at_checked(length)?;
        self.0 = after;
        Some((tag, content, all.get(..all.len().checked_sub(after.len())?)?))
    }

    /// The content of the next value, if it has this tag.
    pub(super) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|(found, _, _)| *found == tag).map(|(_, content, _)| content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_numbers_take_their_shortest_form() {
        assert_eq!(value(4, &[]), [4, 0]);
        assert_eq!(value(4, &[7; 128])[..3], [4, 0x81, 128]);
        assert_eq!(value(4, &[7; 256])[..4], [4, 0x82, 1, 0]);
        assert_eq!(integer(&[0, 0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(integer(&[0]), [2, 1, 0]);
    }

    #[test]
    fn what_is_written_reads_back_and_what_is_cut_does_not() {
        let written = sequence(&[&integer(&[5]), &value(4, &[7; 300])]);
        let mut reader = Reader(Reader(&written).take(SEQUENCE).unwrap());
        assert_eq!(reader.take(INTEGER), Some(&[5][..]));
        assert_eq!(reader.next().unwrap().1, [7; 300]);
        assert!(reader.next().is_none());
        assert!(Reader(&written[..written.len() - 1]).next().is_none());
        assert!(Reader(&[0x30, 0x85, 1, 1, 1, 1, 1]).next().is_none());
    }
}
