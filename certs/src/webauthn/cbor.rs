//! As much of CBOR (RFC 8949) as authenticators write, and no more: definite lengths in their shortest form, few levels, few values,
//! no member twice, no tags, no floats.

/// Values inside one another.
const DEPTH: usize = 4;
/// Members of one map, elements of one array.
const MEMBERS: u64 = 32;

/// A value, borrowed from the bytes that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Integer(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    Array(Vec<Value<'a>>),
    Map(Vec<(Value<'a>, Value<'a>)>),
    Bool(bool),
    Null,
}

impl<'a> Value<'a> {
    /// A member by its text.
    pub(super) fn named(&self, name: &str) -> Option<&Value<'a>> {
        self.member(&Value::Text(name))
    }

    /// A member by its number.
    pub(super) fn numbered(&self, number: i64) -> Option<&Value<'a>> {
        self.member(&Value::Integer(number))
    }

    fn member(&self, key: &Value<'_>) -> Option<&Value<'a>> {
        let Self::Map(members) = self else { return None };
        members.iter().find(|(own, _)| own == key).map(|(_, value)| value)
    }

    /// A member's text.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        match self.named(name)? {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn bytes(&self) -> Option<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub(super) fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }
}

/// The first value, and what comes after it.
pub(super) fn read(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    value(bytes, DEPTH)
}

fn value(bytes: &[u8], depth: usize) -> Option<(Value<'_>, &[u8])> {
    let (&first, rest) = bytes.split_first()?;
    let (major, short) = (first >> 5, first & 0x1f);
    if major == 7 {
        let simple = match short {
            20 => Value::Bool(false),
            21 => Value::Bool(true),
            22 => Value::Null,
            _ => return None,
        };
        return Some((simple, rest));
    }
    let (number, rest) = argument(short, rest)?;
    let signed = i64::try_from(number);
    match major {
        0 => Some((Value::Integer(signed.ok()?), rest)),
        1 => Some((Value::Integer(-1 - signed.ok()?), rest)),
        2 | 3 => {
            let (bytes, rest) = rest.split_at_checked(usize::try_from(number).ok()?)?;
            let value =
                if major == 2 { Value::Bytes(bytes) } else { Value::Text(std::str::from_utf8(bytes).ok()?) };
            Some((value, rest))
        }
        4 | 5 if depth > 0 && number <= MEMBERS => many((major, number), rest, depth - 1),
        _ => None,
    }
}

/// What a head counts. RFC 8949 §4.2.1: no number is written longer than it has to be.
fn argument(short: u8, rest: &[u8]) -> Option<(u64, &[u8])> {
    let (number, rest, least) = match short {
        0..=23 => return Some((short.into(), rest)),
        24 => {
            let (bytes, rest) = rest.split_first_chunk::<1>()?;
            (u64::from(u8::from_be_bytes(*bytes)), rest, 24)
        }
        25 => {
            let (bytes, rest) = rest.split_first_chunk::<2>()?;
            (u64::from(u16::from_be_bytes(*bytes)), rest, 1 << 8)
        }
        26 => {
            let (bytes, rest) = rest.split_first_chunk::<4>()?;
            (u64::from(u32::from_be_bytes(*bytes)), rest, 1 << 16)
        }
        27 => {
            let (bytes, rest) = rest.split_first_chunk::<8>()?;
            (u64::from_be_bytes(*bytes), rest, 1 << 32)
        }
        _ => return None,
    };
    (number >= least).then_some((number, rest))
}

fn many((major, count): (u8, u64), mut rest: &[u8], depth: usize) -> Option<(Value<'_>, &[u8])> {
    if major == 4 {
        let mut elements = Vec::new();
        for _ in 0..count {
            let (element, after) = value(rest, depth)?;
            elements.push(element);
            rest = after;
        }
        return Some((Value::Array(elements), rest));
    }
    let mut members: Vec<(Value<'_>, Value<'_>)> = Vec::new();
    for _ in 0..count {
        let (key, after) = value(rest, depth)?;
        let (value, after) = value(after, depth)?;
        if members.iter().any(|(known, _)| *known == key) {
            return None;
        }
        members.push((key, value));
        rest = after;
    }
    Some((Value::Map(members), rest))
}
