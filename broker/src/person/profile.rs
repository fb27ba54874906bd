//! What a person is called, and how they are reached.

use serde::{Deserialize, Serialize};
use vestibule_policies::Email;

/// The longest name, in characters.
const LONGEST_NAME: usize = 128;
/// The longest user name, in bytes.
const LONGEST_USER_NAME: usize = 254;

/// What a person is called, and how they are reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// One person's alone in the deployment; at first their address (ORG-04, AMB-19).
    pub user_name: UserName,
    /// Where mail goes.
    pub email: Email,
    /// For people.
    pub display_name: String,
    /// Where support calls to know somebody again, and nothing else (MFA-08).
    pub recovery_phone: Phone,
}

impl Profile {
    /// A name for people: 1 to 128 characters, none of them a control character, without spaces around them.
    #[must_use]
    pub fn display_name(text: &str) -> Option<String> {
        let text = text.trim();
        let fits = (1..=LONGEST_NAME).contains(&text.chars().count()) && !text.contains(char::is_control);
        fits.then(|| text.to_owned())
    }
}

/// A user name: 1 to 254 bytes without spaces or control characters, whatever their case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UserName(String);

impl UserName {
    /// Reads one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=LONGEST_USER_NAME).contains(&text.len())
            && !text.contains(|c: char| c.is_control() || c.is_whitespace());
        fits.then(|| Self(text.to_owned()))
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for UserName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("no user name")
    }
}

impl From<UserName> for String {
    fn from(name: UserName) -> Self {
        name.0
    }
}

/// A telephone number as people write it: 5 to 20 digits, with spaces, hyphens, dots and parentheses between them and `+` before
/// them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

impl Phone {
    /// Reads one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let rest = text.strip_prefix('+').unwrap_or(text);
        let digits = rest.chars().filter(char::is_ascii_digit).count();
        let others = rest.chars().all(|c| c.is_ascii_digit() || " -.()/".contains(c));
        ((5..=20).contains(&digits) && others && text.len() <= 40).then(|| Self(text.to_owned()))
    }

    /// As it was written (MFA-08).
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Phone {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("no telephone number")
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_telephone_number() {
        for (text, is) in [
            ("9545551212", true),
            ("+81 3-1234-5678", true),
            ("(954) 555-1212", true),
            ("03/123.456", true),
            ("1234", false),
            ("+", false),
            ("12345x", false),
            ("1+2345", false),
            ("123456789012345678901", false),
            ("", false),
        ] {
            assert_eq!(Phone::parse(text).is_some(), is, "{text}");
        }
    }

    #[test]
    fn what_is_a_name() {
        assert_eq!(Profile::display_name("  Hanako Yamada "), Some("Hanako Yamada".to_owned()));
        for text in ["", "   ", "a\nb", &"x".repeat(129)] {
            assert_eq!(Profile::display_name(text), None, "{text:?}");
        }
        for (text, is) in [("alice@corp.example", true), ("alice", true), ("a b", false), ("", false)] {
            assert_eq!(UserName::parse(text).is_some(), is, "{text}");
        }
    }
}
