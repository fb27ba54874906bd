//! Every mail that the broker sends: a closed list, each with what it tells and no more.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use super::name::Name;

const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);
/// What nothing else ends is news for so long.
const NEWS: Duration = Duration::from_hours(72);
/// The longest link, in bytes.
const LONGEST_LINK: usize = 2048;
const DIGITS: usize = 6;

/// A mail, by what it says. Serialised it goes into the store, sealed: a variant keeps its name and its fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Message {
    /// Proves that an address is its owner's (MFA-04).
    VerificationCode {
        code: OneTimeCode,
        minutes: u16,
    },
    /// The way to a new password, and the user name that goes with it (SGN-06).
    PasswordReset {
        link: Link,
        minutes: u16,
        account: Name,
    },
    /// Somebody else was given a link with which the account is set up anew (SGN-16).
    RecoveryIssued,
    /// From here to `EmailChanged`: something about an account is another than before.
    PasswordChanged,
    DeviceChanged,
    PasskeyAdded,
    PasskeyRemoved,
    BackupCodesReplaced,
    RecoveryPhoneChanged,
    EmailChanged,
    /// To a future administrator (ADM-17).
    Invitation {
        organization: Name,
        link: Link,
        days: u16,
        inviter: Name,
    },
    /// To a new one (ADM-22).
    Welcome {
        organization: Name,
        console: Link,
    },
}

/// The classes that have senders of their own (SGN-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Verification,
    Invitation,
    Notice,
}

/// What a mail counts towards where one address gets too many. Apart, so that somebody who asks for resets without end
/// cannot thereby suppress the notice that follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Budget {
    /// Whoever likes can cause it.
    Asked,
    /// Whoever says that an address is theirs causes it.
    Coded,
    /// An administrator causes it.
    Invited,
    /// What happened to an account causes it.
    Told,
}

impl Message {
    /// Whose sender it has.
    #[must_use]
    pub const fn class(&self) -> Class {
        match self {
            Self::VerificationCode { .. } => Class::Verification,
            Self::Invitation { .. } | Self::Welcome { .. } => Class::Invitation,
            Self::PasswordReset { .. }
            | Self::RecoveryIssued
            | Self::PasswordChanged
            | Self::DeviceChanged
            | Self::PasskeyAdded
            | Self::PasskeyRemoved
            | Self::BackupCodesReplaced
            | Self::RecoveryPhoneChanged
            | Self::EmailChanged => Class::Notice,
        }
    }

    /// What it counts towards.
    #[must_use]
    pub const fn budget(&self) -> Budget {
        match self {
            // Apart: codes have no link in them, and nobody can suppress a way back to a password by having them sent.
            Self::VerificationCode { .. } => Budget::Coded,
            Self::PasswordReset { .. } => Budget::Asked,
            Self::Invitation { .. } | Self::Welcome { .. } => Budget::Invited,
            Self::RecoveryIssued
            | Self::PasswordChanged
            | Self::DeviceChanged
            | Self::PasskeyAdded
            | Self::PasskeyRemoved
            | Self::BackupCodesReplaced
            | Self::RecoveryPhoneChanged
            | Self::EmailChanged => Budget::Told,
        }
    }

    /// How long it is of use: a code that has expired is not worth its mail.
    #[must_use]
    pub fn lifetime(&self) -> Duration {
        match self {
            Self::VerificationCode { minutes, .. } | Self::PasswordReset { minutes, .. } => {
                MINUTE * u32::from(*minutes)
            }
            Self::Invitation { days, .. } => DAY * u32::from(*days),
            Self::RecoveryIssued
            | Self::PasswordChanged
            | Self::DeviceChanged
            | Self::PasskeyAdded
            | Self::PasskeyRemoved
            | Self::BackupCodesReplaced
            | Self::RecoveryPhoneChanged
            | Self::EmailChanged
            | Self::Welcome { .. } => NEWS,
        }
    }
}

impl Class {
    /// The name in the configuration, the store, the audit and the metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verification => "verification",
            Self::Invitation => "invitation",
            Self::Notice => "notice",
        }
    }
}

impl Budget {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Coded => "coded",
            Self::Invited => "invited",
            Self::Told => "told",
        }
    }
}

/// Six digits that prove an address. `Debug` tells nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OneTimeCode(String);

/// Why a text is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code has six digits")]
pub struct CodeFault;

impl OneTimeCode {
    /// Takes six ASCII digits.
    ///
    /// # Errors
    /// [`CodeFault`].
    pub fn new(digits: &str) -> Result<Self, CodeFault> {
        let right = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        if right { Ok(Self(digits.to_owned())) } else { Err(CodeFault) }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// An address for a person to open, built by its caller from a configured origin (PWD-16) and never from a request.
/// `Debug` tells nothing: what it carries opens an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Link(String);

/// Why a text is no link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a link is an http or https address of at most {LONGEST_LINK} visible ASCII characters")]
pub struct LinkFault;

impl Link {
    /// Takes an absolute address.
    ///
    /// # Errors
    /// [`LinkFault`].
    pub fn new(url: &str) -> Result<Self, LinkFault> {
        let plain = url.len() <= LONGEST_LINK && url.bytes().all(|byte| byte.is_ascii_graphic());
        let parsed = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        if plain && parsed.is_some() { Ok(Self(url.to_owned())) } else { Err(LinkFault) }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! secret_text {
    ($name:ident, $fault:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }

        impl TryFrom<String> for $name {
            type Error = $fault;

            fn try_from(text: String) -> Result<Self, $fault> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }
    };
}

secret_text!(OneTimeCode, CodeFault);
secret_text!(Link, LinkFault);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_six_digits_and_a_link_is_one_to_the_web() {
        assert!(OneTimeCode::new("012345").is_ok());
        for text in ["", "12345", "1234567", "12345a", "１２３４５６", "12 345"] {
            assert_eq!(OneTimeCode::new(text), Err(CodeFault), "{text}");
        }
        assert!(Link::new("https://accounts.corp.example/reset?token=x").is_ok());
        let long = format!("https://a.example/{}", "x".repeat(LONGEST_LINK));
        for text in [
            "",
            "/reset",
            "javascript:alert(1)",
            "https://",
            "https://a.example/ b",
            "https://a.example/\r\nx",
            &long,
        ] {
            assert_eq!(Link::new(text), Err(LinkFault), "{text}");
        }
    }

    #[test]
    fn what_proves_something_is_not_in_a_log() {
        let link = Link::new("https://a.example/canary").unwrap();
        let code = OneTimeCode::new("314159").unwrap();
        let shown = format!(
            "{:?}",
            [
                Message::VerificationCode { code, minutes: 10 },
                Message::PasswordReset { link: link.clone(), minutes: 10, account: Name::new("ada") },
                Message::Invitation {
                    organization: Name::new("Acme"),
                    link,
                    days: 5,
                    inviter: Name::new("Ada")
                },
            ]
        );
        assert!(!shown.contains("314159") && !shown.contains("canary"), "{shown}");
    }

    #[test]
    fn what_stands_in_a_store_is_read_again() {
        let link = Link::new("https://a.example/x").unwrap();
        for message in [
            Message::VerificationCode { code: OneTimeCode::new("000001").unwrap(), minutes: 10 },
            Message::PasswordReset { link: link.clone(), minutes: 60, account: Name::new("ada") },
            Message::RecoveryIssued,
            Message::EmailChanged,
            Message::Invitation {
                organization: Name::new("Acme"),
                link: link.clone(),
                days: 5,
                inviter: Name::new("Ada"),
            },
            Message::Welcome { organization: Name::new("Acme"), console: link },
        ] {
            let text = serde_json::to_string(&message).unwrap();
            assert_eq!(serde_json::from_str::<Message>(&text).unwrap(), message, "{text}");
        }
        let kept = r#"{"verification-code":{"code":"000001","minutes":10}}"#;
        assert!(serde_json::from_str::<Message>(kept).is_ok(), "the form does not change");
        assert!(serde_json::from_str::<Message>(&kept.replace("000001", "1\\r\\n")).is_err());
    }
}
