//! Whom mail goes to and whom it is from. What is parsed here can stand in a header and in a command of SMTP as it is.

use std::fmt;

use lettre::message::Mailbox;
use serde::{Deserialize, Serialize};
use url::Host;
use vestibule_policies::HostName;

use super::name::Name;

/// RFC 5321 §4.5.3.1.1 and, less the brackets of a path, §4.5.3.1.3; in bytes.
const LONGEST_LOCAL_PART: usize = 64;
const LONGEST: usize = 254;

/// Why a text is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressFault {
    #[error("expected an e-mail address such as alice@corp.example")]
    Shape,
    #[error("the part before the @ has letters, digits and !#$%&'*+-/=?^_`{{|}}~, with single dots between")]
    LocalPart,
    #[error("the part behind the @ is no domain name")]
    Domain,
    #[error("an e-mail address has at most {LONGEST} bytes, and {LONGEST_LOCAL_PART} before the @")]
    TooLong,
}

/// An e-mail address: a dot-atom, `@` and the name of a host (RFC 5321 §4.1.2), the latter in ASCII and lower case.
///
/// Neither quoted local parts nor those beyond ASCII: the first are a well of misreadings, the second need every server on
/// the way to know RFC 6531.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(lettre::Address);

impl Address {
    /// Reads an address; white space around it is no part of it.
    ///
    /// # Errors
    /// [`AddressFault`].
    pub fn parse(text: &str) -> Result<Self, AddressFault> {
        let (local, domain) = text.trim().rsplit_once('@').ok_or(AddressFault::Shape)?;
        if local.is_empty() || domain.is_empty() {
            return Err(AddressFault::Shape);
        }
        if !local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom)) {
            return Err(AddressFault::LocalPart);
        }
        // Also names beyond ASCII, in the form that DNS has (RFC 5890 §2.3.2.1).
        let domain = match Host::parse(domain) {
            Ok(Host::Domain(name)) => HostName::parse(&name).map_err(|_| AddressFault::Domain)?,
            Ok(Host::Ipv4(_) | Host::Ipv6(_)) | Err(_) => return Err(AddressFault::Domain),
        };
        if local.len() > LONGEST_LOCAL_PART || local.len() + 1 + domain.as_str().len() > LONGEST {
            return Err(AddressFault::TooLong);
        }
        lettre::Address::new(local, domain.as_str()).map(Self).map_err(|_| AddressFault::Shape)
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    /// One form for all spellings that reach one mailbox: hardly any server tells local parts apart by their case.
    #[must_use]
    pub fn folded(&self) -> String {
        self.as_str().to_ascii_lowercase()
    }

    pub(super) fn mailbox(&self) -> Mailbox {
        Mailbox::new(None, self.0.clone())
    }

    pub(super) const fn envelope(&self) -> &lettre::Address {
        &self.0
    }
}

/// `a***@corp.example`: enough to recognise one's own.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.as_str().chars().next().unwrap_or('*');
        write!(f, "{first}***@{}", self.0.domain())
    }
}

impl TryFrom<String> for Address {
    type Error = AddressFault;

    fn try_from(text: String) -> Result<Self, AddressFault> {
        Self::parse(&text)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.as_str().to_owned()
    }
}

/// RFC 5322 §3.2.3: atext.
const fn is_atom(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'/' | b'=' | b'?' | b'^'..=b'`' | b'{'..=b'~')
}

/// Who a mail is from: an address, or a name and an address in angle brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    name: Option<Name>,
    address: Address,
}

impl Sender {
    /// Reads `vestibule@corp.example` or `Vestibule <vestibule@corp.example>`.
    ///
    /// # Errors
    /// [`AddressFault`].
    pub fn parse(text: &str) -> Result<Self, AddressFault> {
        let Some((name, rest)) = text.trim().split_once('<') else {
            return Ok(Self { name: None, address: Address::parse(text)? });
        };
        let address = rest.strip_suffix('>').ok_or(AddressFault::Shape)?;
        let name = name.trim().trim_matches('"');
        let name = (!name.is_empty()).then(|| Name::new(name));
        Ok(Self { name, address: Address::parse(address)? })
    }

    pub(super) fn mailbox(&self) -> Mailbox {
        let name = self.name.as_ref().map(|name| name.as_str().to_owned());
        Mailbox { name, ..self.address.mailbox() }
    }

    pub(super) const fn address(&self) -> &Address {
        &self.address
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_dot_atom_at_a_host() {
        let long = format!("{}@corp.example", "a".repeat(64));
        for (text, reads) in [
            ("alice@corp.example", "alice@corp.example"),
            (" Alice.O'Brien+x@CORP.Example ", "Alice.O'Brien+x@corp.example"),
            ("{a}|~`^_?=/-!#$%&*@x.example", "{a}|~`^_?=/-!#$%&*@x.example"),
            ("a@bücher.example", "a@xn--bcher-kva.example"),
            ("a@localhost", "a@localhost"),
            (&long, &long),
        ] {
            assert_eq!(Address::parse(text).unwrap().as_str(), reads, "{text}");
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_no_address() {
        let long = format!("{}@corp.example", "a".repeat(65));
        let longer = format!("alice@{}.example", vec!["a".repeat(60); 5].join("."));
        for (text, fault) in [
            ("", AddressFault::Shape),
            ("alice", AddressFault::Shape),
            ("@corp.example", AddressFault::Shape),
            ("alice@", AddressFault::Shape),
            ("a@b@corp.example", AddressFault::LocalPart),
            ("\"a b\"@corp.example", AddressFault::LocalPart),
            ("a..b@corp.example", AddressFault::LocalPart),
            (".a@corp.example", AddressFault::LocalPart),
            ("a.@corp.example", AddressFault::LocalPart),
            ("a b@corp.example", AddressFault::LocalPart),
            ("a,b@corp.example", AddressFault::LocalPart),
            ("<a@corp.example", AddressFault::LocalPart),
            ("a(c)@corp.example", AddressFault::LocalPart),
            ("a\r\nBcc: b@corp.example", AddressFault::LocalPart),
            ("älice@corp.example", AddressFault::LocalPart),
            ("a@corp.example>", AddressFault::Domain),
            ("a@corp.example\r\nBcc: b", AddressFault::Domain),
            ("a@127.0.0.1", AddressFault::Domain),
            ("a@[127.0.0.1]", AddressFault::Domain),
            ("a@corp_x.example", AddressFault::Domain),
            (&long, AddressFault::TooLong),
            (&longer, AddressFault::Domain),
        ] {
            assert_eq!(Address::parse(text), Err(fault), "{text:?}");
        }
    }

    #[test]
    fn a_sender_may_have_a_name() {
        let mailbox = |text: &str| Sender::parse(text).unwrap().mailbox();
        assert_eq!(mailbox("v@corp.example").name, None);
        let named = mailbox("\"Vestibule, at Acme\" <v@corp.example>");
        assert_eq!(
            (named.name.as_deref(), named.email.to_string()),
            (Some("Vestibule, at Acme"), "v@corp.example".to_owned())
        );
        for text in [
            "Vestibule",
            "Vestibule <v@corp.example",
            "V <v@corp.example> x",
            "V <>",
            "a@x.example, b@x.example",
        ] {
            assert!(Sender::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn no_log_has_the_whole_of_it() {
        assert_eq!(format!("{:?}", Address::parse("alice@corp.example").unwrap()), "a***@corp.example");
    }
}
