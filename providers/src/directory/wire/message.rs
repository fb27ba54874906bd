//! The shape of every message that a directory may send us (RFC 4511 §4). The LDAP library panics on what it does not expect, and
//! takes whatever answer comes for the one that it waits for; what is let through here has the shape that it relies on.

use std::collections::HashSet;

use super::ber::{Elements, Malformed, header, number};

/// The longest message, in octets: 5,000 groups of a person take 150 KiB.
pub(super) const LARGEST: usize = 1024 * 1024;
/// Attributes of one entry.
const MOST_ATTRIBUTES: usize = 1_000;
/// Values of one entry. The library needs thirty times the octets of an empty one.
const MOST_VALUES: usize = 20_000;

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const ENUMERATED: u8 = 0x0a;
const BOOLEAN: u8 = 0x01;
const CONTROLS: u8 = 0xa0;
const REFERRAL: u8 = 0xa3;

/// What was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Request {
    Bind,
    Search,
    Modify,
    Extended,
}

impl Request {
    /// A request that is answered, by its tag.
    pub(super) fn of(tag: u8) -> Option<Self> {
        match tag {
            0x60 => Some(Self::Bind),
            0x63 => Some(Self::Search),
            0x66 => Some(Self::Modify),
            0x77 => Some(Self::Extended),
            _ => None,
        }
    }
}

/// What was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Response {
    Bind,
    Entry,
    Reference,
    Done,
    Modify,
    Extended,
}

impl Response {
    const fn of(tag: u8) -> Option<Self> {
        match tag {
            0x61 => Some(Self::Bind),
            0x64 => Some(Self::Entry),
            0x73 => Some(Self::Reference),
            0x65 => Some(Self::Done),
            0x67 => Some(Self::Modify),
            0x78 => Some(Self::Extended),
            _ => None,
        }
    }

    /// Whether it answers that request.
    pub(super) fn answers(self, request: Request) -> bool {
        match request {
            Request::Bind => self == Self::Bind,
            Request::Search => matches!(self, Self::Entry | Self::Reference | Self::Done),
            Request::Modify => self == Self::Modify,
            Request::Extended => self == Self::Extended,
        }
    }

    /// Whether nothing follows it.
    pub(super) fn is_last(self) -> bool {
        !matches!(self, Self::Entry | Self::Reference)
    }
}

/// Number and kind of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Envelope<Kind> {
    pub(super) id: u32,
    pub(super) kind: Kind,
    /// How many values it holds, for what they cost in memory.
    pub(super) values: usize,
}

/// How long the first message in `bytes` is; `None` while its length is not there yet.
pub(super) fn length(bytes: &[u8]) -> Result<Option<usize>, Malformed> {
    match header(bytes)? {
        None => Ok(None),
        Some(header) if header.tag != SEQUENCE => Err(Malformed("what comes is no LDAP message")),
        Some(header) if header.total > LARGEST => Err(Malformed("a message is longer than 1 MiB")),
        Some(header) => Ok(Some(header.total)),
    }
}

/// Our own request, as the library wrote it.
pub(super) fn request(message: &[u8]) -> Result<Envelope<Option<Request>>, Malformed> {
    let mut content = content(message)?;
    let id = number(content.expect(INTEGER, "a message without a number")?)?;
    let (tag, _) = content.next()?;
    Ok(Envelope { id, kind: Request::of(tag), values: 0 })
}

/// A response, whole and well formed.
pub(super) fn response(message: &[u8]) -> Result<Envelope<Response>, Malformed> {
    let mut content = content(message)?;
    let id = number(content.expect(INTEGER, "a message without a number")?)?;
    // RFC 4511 §4.4: what nobody asked for. The one that there is says that the connection is over.
    if id == 0 {
        return Err(Malformed("the directory says that it ends the connection"));
    }
    let (tag, operation) = content.next()?;
    let kind = Response::of(tag).ok_or(Malformed("an answer of a kind that nobody asked for"))?;
    let values = match kind {
        Response::Entry => entry(operation)?,
        Response::Reference => strings(operation)?,
        Response::Bind => result(operation, &[0x87])?,
        Response::Done | Response::Modify => result(operation, &[])?,
        Response::Extended => result(operation, &[0x8a, 0x8b])?,
    };
    if content.peek() == Some(CONTROLS) {
        controls(content.expect(CONTROLS, "no controls")?)?;
    }
    content.end()?;
    Ok(Envelope { id, kind, values })
}

/// The result code of an extended response, for the one that comes before TLS (RFC 4511 §4.14).
pub(super) fn extended_code(message: &[u8], id: u32) -> Result<u32, Malformed> {
    let envelope = response(message)?;
    if envelope.id != id || envelope.kind != Response::Extended {
        return Err(Malformed("the answer to StartTLS is another one's"));
    }
    let mut content = content(message)?;
    content.next()?;
    let (_, operation) = content.next()?;
    number(Elements::of(operation).expect(ENUMERATED, "a result without a code")?)
}

fn content(message: &[u8]) -> Result<Elements<'_>, Malformed> {
    let mut outer = Elements::of(message);
    let content = outer.expect(SEQUENCE, "what comes is no LDAP message")?;
    outer.end()?;
    Ok(Elements::of(content))
}

/// `LDAPResult` (RFC 4511 §4.1.9) and the primitive elements that may follow it.
fn result(content: &[u8], more: &[u8]) -> Result<usize, Malformed> {
    let mut values = 1;
    let mut elements = Elements::of(content);
    number(elements.expect(ENUMERATED, "a result without a code")?)?;
    text(elements.expect(OCTET_STRING, "a result without its name")?)?;
    text(elements.expect(OCTET_STRING, "a result without its text")?)?;
    if elements.peek() == Some(REFERRAL) {
        values += strings(elements.expect(REFERRAL, "no referral")?)?;
    }
    for tag in more {
        if elements.peek() == Some(*tag) {
            let content = elements.expect(*tag, "no such element")?;
            if *tag == 0x8a {
                text(content)?;
            }
        }
    }
    elements.end().map(|()| values)
}

/// `SearchResultEntry` (RFC 4511 §4.5.2): each attribute once, or the second would take the first one's place.
fn entry(content: &[u8]) -> Result<usize, Malformed> {
    let mut elements = Elements::of(content);
    text(elements.expect(OCTET_STRING, "an entry without a name")?)?;
    let mut attributes = Elements::of(elements.expect(SEQUENCE, "an entry without its attributes")?);
    elements.end()?;
    let (mut seen, mut count) = (HashSet::new(), 1);
    while !attributes.is_empty() {
        let mut attribute = Elements::of(attributes.expect(SEQUENCE, "an attribute that is none")?);
        let name = text(attribute.expect(OCTET_STRING, "an attribute without a name")?)?;
        if !seen.insert(name.to_ascii_lowercase()) {
            return Err(Malformed("an entry has an attribute twice"));
        }
        if seen.len() > MOST_ATTRIBUTES {
            return Err(Malformed("an entry has more than 1,000 attributes"));
        }
        let mut values = Elements::of(attribute.expect(SET, "an attribute without values")?);
        attribute.end()?;
        while !values.is_empty() {
            values.expect(OCTET_STRING, "a value that is no string of octets")?;
            count += 1;
        }
        if count > MOST_VALUES {
            return Err(Malformed("an entry has more than 20,000 values"));
        }
    }
    Ok(count + seen.len())
}

fn controls(content: &[u8]) -> Result<(), Malformed> {
    let mut controls = Elements::of(content);
    while !controls.is_empty() {
        let mut control = Elements::of(controls.expect(SEQUENCE, "a control that is none")?);
        text(control.expect(OCTET_STRING, "a control without a name")?)?;
        if control.peek() == Some(BOOLEAN) && control.expect(BOOLEAN, "no truth")?.len() != 1 {
            return Err(Malformed("a truth of several octets"));
        }
        if control.peek() == Some(OCTET_STRING) {
            control.expect(OCTET_STRING, "no value")?;
        }
        control.end()?;
    }
    Ok(())
}

fn strings(content: &[u8]) -> Result<usize, Malformed> {
    let (mut elements, mut count) = (Elements::of(content), 0);
    if elements.is_empty() {
        return Err(Malformed("a referral to nowhere"));
    }
    while !elements.is_empty() {
        text(elements.expect(OCTET_STRING, "an address that is no string")?)?;
        count += 1;
    }
    Ok(count)
}

fn text(content: &[u8]) -> Result<&str, Malformed> {
    std::str::from_utf8(content).map_err(|_| Malformed("a text that is no UTF-8"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// `30 0c 02 01 01 61 07 0a 01 00 04 00 04 00`: a bind that succeeded.
    const BOUND: &[u8] = b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00";
    /// An entry `a` with the attribute `b` of one value.
    const ENTRY: &[u8] = b"\x30\x14\x02\x01\x02\x64\x0f\x04\x01a\x30\x0a\x30\x08\x04\x01b\x31\x03\x04\x01c";

    #[test]
    fn what_rfc_4511_describes_is_let_through() {
        assert_eq!(response(BOUND), Ok(Envelope { id: 1, kind: Response::Bind, values: 1 }));
        assert_eq!(response(ENTRY), Ok(Envelope { id: 2, kind: Response::Entry, values: 3 }));
    }

    /// Each octet of a message changed to each other value: whatever is let through, the library reads without a panic (the fuzz
    /// target `ldap_message` goes further).
    #[test]
    fn no_changed_octet_gets_a_panic_out_of_it() {
        for message in [BOUND, ENTRY] {
            for at in 0..message.len() {
                for value in 0..=u8::MAX {
                    let mut changed = message.to_vec();
                    changed[at] = value;
                    let _ = response(&changed);
                }
            }
        }
    }

    #[test]
    fn what_the_library_would_choke_on_is_refused() {
        for (name, message) in [
            ("nothing in it", &b"\x30\x00"[..]),
            ("a number alone", b"\x30\x03\x02\x01\x01"),
            ("number 0, a notice", b"\x30\x0c\x02\x01\x00\x61\x07\x0a\x01\x00\x04\x00\x04\x00"),
            ("a negative number", b"\x30\x0c\x02\x01\xff\x61\x07\x0a\x01\x00\x04\x00\x04\x00"),
            ("no code", b"\x30\x09\x02\x01\x01\x61\x04\x04\x00\x04\x00"),
            ("a number for the text", b"\x30\x0d\x02\x01\x01\x61\x08\x0a\x01\x00\x04\x00\x02\x01\x00"),
            ("a text that is no UTF-8", b"\x30\x0d\x02\x01\x01\x61\x08\x0a\x01\x00\x04\x00\x04\x01\xff"),
            ("a constructed text", b"\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x24\x00"),
            ("something behind it", b"\x30\x0d\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00\x00"),
            ("a request", b"\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00"),
            ("another kind of number for the code", b"\x30\x0c\x02\x01\x01\x61\x07\x02\x01\x00\x04\x00\x04\x00"),
            ("a number for the name", b"\x30\x0d\x02\x01\x01\x61\x08\x0a\x01\x00\x02\x01\x00\x04\x00"),
            ("one string too many", b"\x30\x0e\x02\x01\x01\x61\x09\x0a\x01\x00\x04\x00\x04\x00\x04\x00"),
            ("a control that is none", b"\x30\x10\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00\xa0\x02\x04\x00"),
            ("an entry under a number", b"\x30\x0a\x02\x01\x02\x64\x05\x02\x01\x00\x30\x00"),
            (
                "values in a sequence",
                b"\x30\x14\x02\x01\x02\x64\x0f\x04\x01a\x30\x0a\x30\x08\x04\x01b\x30\x03\x04\x01c",
            ),
            (
                "a value that is a number",
                b"\x30\x14\x02\x01\x02\x64\x0f\x04\x01a\x30\x0a\x30\x08\x04\x01b\x31\x03\x02\x01c",
            ),
            ("a referral to nowhere", b"\x30\x0e\x02\x01\x01\x61\x09\x0a\x01\x0a\x04\x00\x04\x00\xa3\x00"),
            (
                "an attribute twice",
                b"\x30\x1e\x02\x01\x02\x64\x19\x04\x01a\x30\x14\x30\x08\x04\x01b\x31\x03\x04\x01c\x30\x08\x04\x01B\x31\x03\x04\x01d",
            ),
        ] {
            assert!(response(message).is_err(), "{name}");
        }
    }

    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let [.., a, b, c] = content.len().to_be_bytes();
        [&[tag, 0x83, a, b, c], content].concat()
    }

    /// An entry with so many attributes of so many empty values each.
    pub(in super::super) fn entry_of(attributes: usize, values: usize) -> Vec<u8> {
        let attribute = |number: usize| {
            let name = element(OCTET_STRING, format!("a{number}").as_bytes());
            element(SEQUENCE, &[name, element(SET, &b"\x04\x00".repeat(values))].concat())
        };
        let all: Vec<u8> = (0..attributes).flat_map(attribute).collect();
        let entry = element(0x64, &[element(OCTET_STRING, b"CN=a"), element(SEQUENCE, &all)].concat());
        element(SEQUENCE, &[b"\x02\x01\x02", entry.as_slice()].concat())
    }

    #[test]
    fn an_entry_has_a_bound() {
        for (attributes, values, is) in [
            (1_000, 1, true),
            (1_001, 1, false),
            (1, MOST_VALUES - 1, true),
            (1, MOST_VALUES, false),
            (2, MOST_VALUES / 2, false),
        ] {
            assert_eq!(response(&entry_of(attributes, values)).is_ok(), is, "{attributes} of {values}");
        }
    }

    #[test]
    fn a_message_has_a_bound() {
        assert_eq!(length(b"\x30\x83\x0f\xff\xfb"), Ok(Some(0x000f_fffb + 5)));
        assert!(length(b"\x30\x83\x10\x00\x00").is_err());
        assert!(length(b"\x30\x84\x7f\xff\xff\xff").is_err());
        assert!(length(b"\x16\x03\x01").is_err(), "TLS where LDAP is meant");
        assert_eq!(length(b"\x30"), Ok(None));
    }

    #[test]
    fn an_answer_belongs_to_its_question() {
        assert!(Response::Done.answers(Request::Search));
        assert!(!Response::Done.answers(Request::Bind));
        assert!(!Response::Bind.answers(Request::Search));
        assert!(!Response::Extended.answers(Request::Modify));
    }
}
