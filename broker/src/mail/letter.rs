//! A mail with its address, as it waits: sealed, and bound to the row that it waits in.

use serde::{Deserialize, Serialize};
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::seal::SealError;
use vestibule_policies::Email;
use vestibule_policies::ids::OrganizationId;
use zeroize::Zeroizing;

use super::address::Address;
use super::message::Message;
use crate::pages::Language;

/// One mail to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub to: Address,
    pub language: Language,
    /// Whose matter it is, for the audit; none where it concerns the deployment.
    pub organization: Option<OrganizationId>,
    pub message: Message,
}

/// What is sealed of it. The organisation stands in the row.
#[derive(Serialize, Deserialize)]
struct Sealed {
    to: Address,
    language: Tongue,
    message: Message,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Tongue {
    English,
    Japanese,
}

impl Letter {
    /// To somebody, about the deployment; none where no mail can be addressed to them.
    #[must_use]
    pub fn addressed(email: &Email, language: Language, message: Message) -> Option<Self> {
        let to = Address::parse(email.as_str()).ok()?;
        Some(Self { to, language, organization: None, message })
    }

    /// Seals it to its row.
    pub(super) fn seal(&self, keys: &KeyRing, id: &str) -> Result<Vec<u8>, SealError> {
        let language = match self.language {
            Language::English => Tongue::English,
            Language::Japanese => Tongue::Japanese,
        };
        let sealed = Sealed { to: self.to.clone(), language, message: self.message.clone() };
        // Texts and numbers alone: there is nothing in it that JSON could not hold.
        let plain = Zeroizing::new(serde_json::to_vec(&sealed).unwrap_or_default());
        keys.sealer(Purpose::Rows).seal(&plain, &binding(id))
    }

    /// Opens the one of a row; none if it is not ours, or of a version that we do not know.
    pub(super) fn open(
        keys: &KeyRing,
        (id, organization): (&str, Option<OrganizationId>),
        sealed: &[u8],
    ) -> Option<Self> {
        let plain = keys.sealer(Purpose::Rows).open(sealed, &binding(id)).ok()?;
        let Sealed { to, language, message } = serde_json::from_slice(&plain).ok()?;
        let language = match language {
            Tongue::English => Language::English,
            Tongue::Japanese => Language::Japanese,
        };
        Some(Self { to, language, organization, message })
    }
}

fn binding(id: &str) -> Vec<u8> {
    format!("mail {id}").into_bytes()
}

#[cfg(test)]
mod tests {
    use vestibule_certs::key_ring::MasterKey;

    use super::*;

    #[test]
    fn a_letter_opens_in_its_own_row_alone() {
        let (keys, _) = KeyRing::create(&MasterKey::generate().unwrap()).unwrap();
        let (other, _) = KeyRing::create(&MasterKey::generate().unwrap()).unwrap();
        let letter = Letter {
            to: Address::parse("alice@corp.example").unwrap(),
            language: Language::Japanese,
            organization: None,
            message: Message::PasswordChanged,
        };
        let sealed = letter.seal(&keys, "a").unwrap();
        assert_eq!(Letter::open(&keys, ("a", None), &sealed).as_ref(), Some(&letter));
        assert_eq!(Letter::open(&keys, ("b", None), &sealed), None, "another row");
        assert_eq!(Letter::open(&other, ("a", None), &sealed), None, "another key");
        assert!(!String::from_utf8_lossy(&sealed).contains("alice"));
    }
}
