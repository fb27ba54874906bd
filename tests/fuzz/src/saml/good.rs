//! What the trusted key has signed: messages about one person, each accepted as it stands.

use vestibule_policies::raw::RawAttributes;

use super::person;

macro_rules! messages {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_bytes!(concat!("../../seeds/saml_response/", $name)).as_slice())),*]
    };
}

/// Answers to the request, by name.
pub const ANSWERS: [(&str, &[u8]); 8] = messages![
    "good-response",
    "good-assertion",
    "good-both",
    "good-encrypted-128",
    "good-encrypted-256",
    "good-key-info",
    "good-prefixes",
    "good-rest",
];

/// Nobody asked for these.
pub const UNASKED: [(&str, &[u8]); 4] =
    messages!["unasked-response", "unasked-assertion", "unasked-both", "unasked-encrypted"];

/// The same about somebody else, by a key that nobody trusts: parts for a forger.
pub const FORGED: [(&str, &[u8]); 2] = messages!["forged-both", "forged-encrypted"];

/// Whether a name id and the claims that name a person are what was signed.
#[must_use]
pub fn is_the_person(name_id: &str, attributes: &RawAttributes) -> bool {
    let person = person();
    let claims = [
        ("cip_sid", person.sid),
        ("cip_upn", person.upn),
        ("cip_oid", person.oid),
        ("cip_email", person.email.clone()),
    ];
    person.email.as_deref() == Some(name_id)
        && claims.into_iter().all(|(name, value)| {
            attributes.values(name).map(|found| found.values.as_slice())
                == value.as_ref().map(std::slice::from_ref)
        })
}
