//! What waits between two steps. Whoever could make one of these could be anybody: the seal stands for the proof, as it does for a
//! directory's (`providers::verified::Kept`).

use serde::{Deserialize, Serialize};
use vestibule_certs::webauthn::Challenge;
use vestibule_policies::ids::PersonId;
use vestibule_policies::password::{self, Due};

use crate::person::Record;

use super::join::Joining;

/// What a ticket opens.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Waiting {
    /// The password was right; the second factor is asked. What the password's use has to leave behind comes after that.
    Second { person: PersonId, password: UsedPassword, challenge: Option<Challenge> },
    /// Both were right; the password is due.
    Password { proof: PersonProof, due: DuePassword },
    /// Both were right; the person says which organisation's console they want.
    Organization(PersonProof),
    /// Somebody new, before the last step of their enrolment.
    Joining(Box<Joining>),
}

/// A right password, as it was found at this use of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct UsedPassword {
    pub(super) fingerprint: String,
    pub(super) record: password::Record,
    pub(super) due: Option<DuePassword>,
}

/// Why another password has to be chosen; see [`Due`].
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) enum DuePassword {
    Compromised,
    Weak,
    Old,
    Unused,
}

impl From<Due> for DuePassword {
    fn from(due: Due) -> Self {
        match due {
            Due::Compromised => Self::Compromised,
            Due::Weak => Self::Weak,
            Due::Old => Self::Old,
            Due::Unused => Self::Unused,
        }
    }
}

impl From<DuePassword> for Due {
    fn from(due: DuePassword) -> Self {
        match due {
            DuePassword::Compromised => Self::Compromised,
            DuePassword::Weak => Self::Weak,
            DuePassword::Old => Self::Old,
            DuePassword::Unused => Self::Unused,
        }
    }
}

/// A person who proved both factors. It has no power but to choose an organisation (architecture 3).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct PersonProof {
    person: PersonId,
    methods: Vec<String>,
    /// The fingerprint of what it was proved by: after a change of any of it the proof is of nothing any more.
    fingerprint: String,
}

impl PersonProof {
    /// After a password and this second factor, by its name in RFC 8176.
    pub(super) fn of(person: PersonId, fingerprint: &str, second: &str) -> Self {
        let methods = vec!["pwd".to_owned(), second.to_owned()];
        Self { person, methods, fingerprint: fingerprint.to_owned() }
    }

    /// The same after its owner has put another password in the place of that one.
    pub(super) fn with_password(self, fingerprint: String) -> Self {
        Self { fingerprint, ..self }
    }

    /// Whether the person still proves themselves by what was proved.
    pub(super) fn is_of(&self, record: &Record) -> bool {
        record.is_proved_by(&self.fingerprint)
    }

    pub(super) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    pub(super) const fn person(&self) -> PersonId {
        self.person
    }

    pub(super) fn methods(&self) -> &[String] {
        &self.methods
    }
}
