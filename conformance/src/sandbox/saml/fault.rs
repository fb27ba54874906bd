//! Everything that can be wrong with a response. Each fault spoils one thing; all else stays good.

mod address;
mod change;
mod form;
mod signature;
mod status;
mod subject;
mod time;

use std::sync::Arc;

use super::answer::encoded;
use crate::saml::{Key, Message, Signing, sign};
use crate::sandbox::language::Language;

/// One way to send a bad response, chosen on the sign-in page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The response is good.
    None,
    StatusAuthnFailed,
    StatusRequestDenied,
    StatusNoPassive,
    StatusResponder,
    Unsigned,
    AssertionOnly,
    ResponseOnly,
    UnknownKey,
    ExpiredCertificateKey,
    Tampered,
    Sha1Signature,
    Sha1Digest,
    Unencrypted,
    EncryptedToAnotherKey,
    EncryptedWithCbc,
    WrongDestination,
    NoDestination,
    WrongRecipient,
    WrongAudience,
    NoAudience,
    NoConditions,
    WrongResponseIssuer,
    WrongAssertionIssuer,
    WrongInResponseTo,
    NoInResponseTo,
    RelayStateLost,
    IssuedInTheFuture,
    IssuedLongAgo,
    ConditionsNotYetValid,
    ConditionsExpired,
    ConfirmationExpired,
    SessionAlreadyOver,
    OldAuthentication,
    ClockAhead,
    ClockBehind,
    ConfirmationNotBearer,
    NoConfirmation,
    NoAuthnStatement,
    WeakerContext,
    TwoAssertions,
    NoNameId,
    MissingSid,
    MissingUpn,
    MissingOid,
    MissingEmail,
    MalformedSid,
    MalformedOid,
    DuplicateUpn,
    ForeignUpn,
    WrongVersion,
    Doctype,
    NotBase64,
}

impl Fault {
    /// In the order of the sign-in page.
    pub const ALL: &'static [Self] = &[
        Self::None,
        Self::StatusAuthnFailed,
        Self::StatusRequestDenied,
        Self::StatusNoPassive,
        Self::StatusResponder,
        Self::Unsigned,
        Self::AssertionOnly,
        Self::ResponseOnly,
        Self::UnknownKey,
        Self::ExpiredCertificateKey,
        Self::Tampered,
        Self::Sha1Signature,
        Self::Sha1Digest,
        Self::Unencrypted,
        Self::EncryptedToAnotherKey,
        Self::EncryptedWithCbc,
        Self::WrongDestination,
        Self::NoDestination,
        Self::WrongRecipient,
        Self::WrongAudience,
        Self::NoAudience,
        Self::NoConditions,
        Self::WrongResponseIssuer,
        Self::WrongAssertionIssuer,
        Self::WrongInResponseTo,
        Self::NoInResponseTo,
        Self::RelayStateLost,
        Self::IssuedInTheFuture,
        Self::IssuedLongAgo,
        Self::ConditionsNotYetValid,
        Self::ConditionsExpired,
        Self::ConfirmationExpired,
        Self::SessionAlreadyOver,
        Self::OldAuthentication,
        Self::ClockAhead,
        Self::ClockBehind,
        Self::ConfirmationNotBearer,
        Self::NoConfirmation,
        Self::NoAuthnStatement,
        Self::WeakerContext,
        Self::TwoAssertions,
        Self::NoNameId,
        Self::MissingSid,
        Self::MissingUpn,
        Self::MissingOid,
        Self::MissingEmail,
        Self::MalformedSid,
        Self::MalformedOid,
        Self::DuplicateUpn,
        Self::ForeignUpn,
        Self::WrongVersion,
        Self::Doctype,
        Self::NotBase64,
    ];

    /// The value of the form's field, `wrong-audience`.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.row().map_or("none", |row| row.id)
    }

    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|fault| fault.id() == id)
    }

    /// In English, then in Japanese.
    #[must_use]
    pub fn labels(self) -> [&'static str; 2] {
        self.row().map_or(["Nothing: a good answer", "なし (正しい応答)"], |row| row.labels)
    }

    pub(super) fn label(self, language: Language) -> &'static str {
        let [english, japanese] = self.labels();
        language.say(english, japanese)
    }

    fn row(self) -> Option<&'static Row> {
        TABLES.into_iter().flatten().find(|row| row.fault == self)
    }

    /// The `SAMLResponse` and the `RelayState` that are sent.
    pub(super) fn spoil(self, mut parts: Parts) -> (String, Option<String>) {
        let spoil = self.row().map(|row| &row.spoil);
        if let Some(Spoil::Parts(change)) = spoil {
            change(&mut parts);
        }
        let xml = sign(&parts.message, &parts.signing);
        let response = match spoil {
            Some(Spoil::Xml(change)) => encoded(&change(&xml)),
            Some(Spoil::Encoded(change)) => change(&encoded(&xml)),
            Some(Spoil::Parts(_)) | None => encoded(&xml),
        };
        (response, parts.relay_state)
    }
}

/// What a response is made of, before it is signed.
pub(super) struct Parts {
    pub(super) message: Message,
    pub(super) signing: Signing,
    pub(super) relay_state: Option<String>,
    pub(super) now: i64,
    /// The key of the expired certificate.
    pub(super) retired: Option<Arc<Key>>,
    /// A key that no metadata names; making it takes a while, so it is made when asked for.
    pub(super) unknown: fn() -> Arc<Key>,
}

/// A fault with all that belongs to it.
struct Row {
    fault: Fault,
    id: &'static str,
    labels: [&'static str; 2],
    spoil: Spoil,
}

enum Spoil {
    /// Before signing.
    Parts(fn(&mut Parts)),
    /// After signing.
    Xml(fn(&str) -> String),
    /// After Base64.
    Encoded(fn(&str) -> String),
}

const TABLES: [&[Row]; 6] =
    [status::STATUS, signature::SIGNATURE, address::ADDRESS, time::TIME, subject::SUBJECT, form::FORM];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_fault_has_one_row_with_its_own_id_and_labels() {
        let rows: Vec<_> = TABLES.into_iter().flatten().map(|row| row.fault).collect();
        assert_eq!(rows, Fault::ALL[1..]);
        for texts in [
            Fault::ALL.iter().map(|fault| fault.id()).collect::<HashSet<_>>(),
            Fault::ALL.iter().map(|fault| fault.labels()[0]).collect(),
            Fault::ALL.iter().map(|fault| fault.labels()[1]).collect(),
        ] {
            assert_eq!(texts.len(), Fault::ALL.len());
        }
        assert_eq!(Fault::named("wrong-audience"), Some(Fault::WrongAudience));
        assert_eq!(Fault::named("unheard-of"), None);
    }
}
