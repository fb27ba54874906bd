//! The people who sign in at the sandbox providers: one small invented Active Directory domain.
//!
//! All that differs between two data directories (domain SID, object ids, passwords) is derived from one
//! seed, so that the same seed gives the same people. CLM-01: SID, UPN, object id and e-mail are the common
//! claim set; one person lacks two of them so that the refusal can be seen.

mod binary;
mod password;
mod shown;

use ring::hmac;
use serde::{Deserialize, Serialize};

pub use password::Password;

/// One account of the sandbox domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// What is typed into the sign-in form; lower-case ASCII, unique.
    pub username: String,
    pub password: Password,
    /// `userPrincipalName`: `alice@corp.example`.
    pub upn: String,
    pub email: String,
    /// Windows SID, `S-1-5-21-…-1104`. `None` for the person whose account is incomplete.
    pub security_id: Option<String>,
    /// `objectGUID` in dashed lower-case form. `None` for the person whose account is incomplete.
    pub object_id: Option<String>,
    pub display_name: String,
    pub given_name: String,
    pub family_name: String,
    /// Names of groups, for display.
    pub groups: Vec<String>,
}

/// Everybody in the sandbox domain, in the order in which sign-in pages list them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct People(Vec<Person>);

impl People {
    /// The demo's people with SIDs, object ids and passwords (100 bits each) derived from `seed`.
    ///
    /// The seed must be random: whoever knows it knows every password.
    #[must_use]
    pub fn generate(seed: &[u8; 32]) -> Self {
        let seed = hmac::Key::new(hmac::HMAC_SHA256, seed);
        let domain = domain_security_id(&seed);
        Self(CAST.iter().map(|role| role.play(&seed, &domain)).collect())
    }

    /// The same people for every test run. Never for a listener that strangers reach.
    #[must_use]
    pub fn standard() -> Self {
        Self::generate(&[7; 32])
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Person> {
        self.0.iter()
    }

    #[must_use]
    pub fn by_username(&self, username: &str) -> Option<&Person> {
        self.iter().find(|person| person.username == username)
    }

    /// The person whose username (or UPN, which sign-in pages accept as well) and password these are.
    ///
    /// An unknown name costs a comparison like a known one.
    #[must_use]
    pub fn sign_in(&self, username: &str, password: &str) -> Option<&Person> {
        let name = username.trim().to_lowercase();
        let known = self.iter().find(|person| person.username == name || person.upn == name);
        let decoy = Password::derive(&hmac::Key::new(hmac::HMAC_SHA256, b"decoy"), "");
        let matches = known.map_or(&decoy, |person| &person.password).matches(password);
        known.filter(|_| matches)
    }
}

impl<'a> IntoIterator for &'a People {
    type Item = &'a Person;
    type IntoIter = std::slice::Iter<'a, Person>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// What does not depend on the seed.
struct Role {
    username: &'static str,
    display_name: &'static str,
    given_name: &'static str,
    family_name: &'static str,
    groups: &'static [&'static str],
    account: Account,
}

/// Whether the account has the identifiers that the broker demands (CLM-01).
enum Account {
    /// The relative identifier, the last part of the SID.
    Complete(u32),
    WithoutIdentifiers,
}

/// A comma and a script of another alphabet are here on purpose: both must survive every header.
const CAST: &[Role] = &[
    Role {
        username: "alice",
        display_name: "Alice Andersen",
        given_name: "Alice",
        family_name: "Andersen",
        groups: &["Everyone", "Finance"],
        account: Account::Complete(1104),
    },
    Role {
        username: "bob",
        display_name: "Bob Berg",
        given_name: "Bob",
        family_name: "Berg",
        groups: &["Everyone", "Engineering"],
        account: Account::Complete(1105),
    },
    Role {
        username: "carol",
        display_name: "Carol Chen",
        given_name: "Carol",
        family_name: "Chen",
        groups: &["Everyone", "Engineering", "Reviewers, external"],
        account: Account::Complete(1106),
    },
    Role {
        username: "hanako",
        display_name: "山田 花子",
        given_name: "花子",
        family_name: "山田",
        groups: &["Everyone", "営業部"],
        account: Account::Complete(1107),
    },
    Role {
        username: "dave",
        display_name: "Dave Dahl",
        given_name: "Dave",
        family_name: "Dahl",
        groups: &["Everyone"],
        account: Account::WithoutIdentifiers,
    },
];

impl Role {
    /// The person that this role is under one seed.
    fn play(&self, seed: &hmac::Key, domain: &str) -> Person {
        let address = format!("{}@corp.example", self.username);
        let (security_id, object_id) = match self.account {
            Account::Complete(relative) => {
                (Some(format!("{domain}-{relative}")), Some(object_id(seed, self.username)))
            }
            Account::WithoutIdentifiers => (None, None),
        };
        Person {
            username: self.username.to_owned(),
            password: Password::derive(seed, self.username),
            upn: address.clone(),
            email: address,
            security_id,
            object_id,
            display_name: self.display_name.to_owned(),
            given_name: self.given_name.to_owned(),
            family_name: self.family_name.to_owned(),
            groups: self.groups.iter().map(|&group| group.to_owned()).collect(),
        }
    }
}

/// `S-1-5-21-a-b-c`: a domain is three random 32-bit numbers (MS-DTYP 2.4.2.4).
fn domain_security_id(seed: &hmac::Key) -> String {
    let tag = hmac::sign(seed, b"domain");
    let parts = tag.as_ref().chunks_exact(4).take(3);
    parts.fold("S-1-5-21".to_owned(), |id, part| {
        let number = part.iter().fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte));
        format!("{id}-{number}")
    })
}

/// A random (version 4) UUID in dashed form, as Active Directory makes object ids.
fn object_id(seed: &hmac::Key, username: &str) -> String {
    let tag = hmac::sign(seed, format!("object id {username}").as_bytes());
    let bits = tag.as_ref().iter().take(16).fold(0_u128, |sum, byte| (sum << 8) | u128::from(*byte));
    let version_4 = (bits & !(0xf << 76)) | (0x4 << 76);
    let bits = (version_4 & !(0x3 << 62)) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    let (time_low, rest) = hex.split_at(8);
    let (time_mid, rest) = rest.split_at(4);
    let (time_high, rest) = rest.split_at(4);
    let (clock, node) = rest.split_at(4);
    format!("{time_low}-{time_mid}-{time_high}-{clock}-{node}")
}

#[cfg(test)]
mod tests;
