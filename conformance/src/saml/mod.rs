//! SAML 2.0 from the provider's side: messages, signatures, encryption, metadata and the redirect binding.
//!
//! XML is written here in the form that exclusive canonicalisation would give it (xml-exc-c14n), so that a
//! digest is taken over the very octets that are sent and no XML library has a say. Everything is good by
//! default and every field public: a test changes one.

mod aes;
mod algorithm;
mod certificate;
mod der;
mod encryption;
mod key;
mod logout;
mod message;
mod metadata;
pub mod names;
mod oaep;
mod public_key;
pub mod redirect;
mod render;
mod request;
mod scan;
mod signature;
mod time;
mod xml;

pub use algorithm::{DigestAlgorithm, SignatureAlgorithm};
pub use certificate::Certificate;
pub use encryption::{Content, Encryption, Transport};
pub use key::{Key, KeyError, fresh_id};
pub use logout::{LogoutRequest, LogoutResponse};
pub use message::{
    Assertion, Attribute, AuthnStatement, Conditions, Confirmation, ConfirmationData, Identity, Issuer,
    Message, NameId, Request, Response, Status, Subject,
};
pub use metadata::{Endpoint, KeyDescriptor, Metadata};
pub use public_key::PublicKey;
pub use request::AuthnRequest;
pub use scan::{Element, elements};
pub use signature::{Envelope, Signing, sign, sign_assertion, sign_with};
pub use time::instant;
pub use xml::{Tag, escape};

#[cfg(test)]
mod tests;
