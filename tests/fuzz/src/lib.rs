//! What several fuzz targets share: one key pair that signs, and the key set that a broker would fetch for it.
#![forbid(unsafe_code)]

pub mod saml;

use std::sync::LazyLock;

use vestibule_certs::jwks::{PublicJwkSet, RemoteKeySet};
use vestibule_certs::jwt_backend;
use vestibule_certs::signing_key::SigningKey;

/// A provider that means well: what it signs is believed, whatever stands in it.
pub struct Signer {
    /// Signs.
    pub key: SigningKey,
    /// The public half, as it is fetched.
    pub key_set: RemoteKeySet,
    /// The same as text.
    pub key_set_json: String,
}

/// One for the whole run; keys are random, so that no input can hold a signature.
pub static SIGNER: LazyLock<Signer> = LazyLock::new(|| {
    jwt_backend::install();
    let pkcs8 = SigningKey::generate().expect("randomness");
    let key = SigningKey::from_pkcs8(&pkcs8).expect("a key of its own");
    let set = PublicJwkSet { keys: vec![key.public_jwk()] };
    let key_set_json = serde_json::to_string(&set).expect("a key set");
    let key_set = RemoteKeySet::parse(key_set_json.as_bytes()).expect("its own key set");
    Signer { key, key_set, key_set_json }
});

/// The text of an input; what is no UTF-8 is passed over, because every reader of ours is given a `str`.
#[must_use]
pub fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}

/// The lines of an input as header values, as many as a request may have.
pub fn header_lines(data: &[u8]) -> impl Iterator<Item = http::HeaderValue> {
    data.split(|byte| *byte == b'\n').take(128).filter_map(|line| http::HeaderValue::from_bytes(line).ok())
}
