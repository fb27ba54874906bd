//! The provider's people. The file is read by the provider too, so that both sides mean the same persons.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::CounterpartError;

const FILE: &str = "people.json";

/// Somebody who can sign in at the provider, with what its ID token says of them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// What they type; also the token's `sub`.
    pub login: String,
    /// `name`.
    pub name: String,
    /// `given_name`.
    pub given_name: String,
    /// `family_name`.
    pub family_name: String,
    /// The Windows SID; everybody's is of [`Person::domain_sid`].
    pub cip_sid: String,
    /// The user principal name; everybody's suffix is `corp.example`.
    pub cip_upn: String,
    /// The directory's object identifier.
    pub cip_oid: String,
    /// The email address, also as `email`.
    pub cip_email: String,
    /// Names of groups.
    pub groups: Vec<String>,
}

impl Person {
    /// The person with this login; there are `alice` and `bob`.
    ///
    /// # Errors
    /// [`CounterpartError::Stranger`] for anybody else.
    pub fn with_login(login: &str) -> Result<Self, CounterpartError> {
        let people: Vec<Self> = read()?;
        people
            .into_iter()
            .find(|person| person.login == login)
            .ok_or_else(|| CounterpartError::Stranger(login.to_owned()))
    }

    /// The SID of the person's domain: all but the last part of their own.
    #[must_use]
    pub fn domain_sid(&self) -> &str {
        self.cip_sid.rsplit_once('-').map_or(self.cip_sid.as_str(), |(domain, _)| domain)
    }
}

/// All of them, as the file has them.
pub(super) fn as_json() -> Result<Value, CounterpartError> {
    read()
}

fn read<T: DeserializeOwned>() -> Result<T, CounterpartError> {
    serde_json::from_str(include_str!("../../counterparts/people.json"))
        .map_err(|source| CounterpartError::Json { program: FILE, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_people_of_one_domain() {
        let alice = Person::with_login("alice").unwrap();
        let bob = Person::with_login("bob").unwrap();
        assert_eq!(alice.domain_sid(), bob.domain_sid());
        assert_ne!(alice.cip_sid, bob.cip_sid);
        assert_ne!(alice.cip_oid, bob.cip_oid);
    }

    #[test]
    fn nobody_else() {
        for login in ["Alice", "", "mallory"] {
            assert!(matches!(Person::with_login(login), Err(CounterpartError::Stranger(_))), "{login}");
        }
    }
}
