//! Authentication contexts that a connection may ask for (annex c.10), and how much it insists.

use serde::{Deserialize, Serialize};

/// The classes on offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each variant is its class")]
pub enum ContextClass {
    Password,
    PasswordProtectedTransport,
    X509,
    TlsClient,
    Kerberos,
    Smartcard,
    SmartcardPki,
    TimeSyncToken,
    Windows,
}

/// What is asked of the provider. `unspecified` is no demand at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContextDemand {
    /// The class.
    pub class: ContextClass,
    /// Whether another class is refused; otherwise it is asked for and taken as it comes (AMB-28).
    pub exact: bool,
}

impl ContextClass {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Password,
        Self::PasswordProtectedTransport,
        Self::X509,
        Self::TlsClient,
        Self::Kerberos,
        Self::Smartcard,
        Self::SmartcardPki,
        Self::TimeSyncToken,
        Self::Windows,
    ];

    /// The URI (saml-authn-context).
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Password => "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
            Self::PasswordProtectedTransport => {
                "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
            }
            Self::X509 => "urn:oasis:names:tc:SAML:2.0:ac:classes:X509",
            Self::TlsClient => "urn:oasis:names:tc:SAML:2.0:ac:classes:TLSClient",
            Self::Kerberos => "urn:oasis:names:tc:SAML:2.0:ac:classes:Kerberos",
            Self::Smartcard => "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard",
            Self::SmartcardPki => "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI",
            Self::TimeSyncToken => "urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken",
            Self::Windows => "urn:federation:authentication:windows",
        }
    }

    /// Reads a manifest's word: the last part of the URI, or the whole of it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.uri() == text || class.word() == text)
    }

    /// The last part of the URI.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.uri().rsplit(':').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_read_by_word_and_by_uri() {
        for class in ContextClass::ALL {
            assert_eq!(ContextClass::parse(class.uri()), Some(class));
            assert_eq!(ContextClass::parse(class.word()), Some(class));
        }
        assert_eq!(ContextClass::parse("password"), None);
        assert_eq!(ContextClass::parse("unspecified"), None);
    }
}
