//! Keys, certificates, TLS and sealing: the lowest layer of Vestibule, which knows nothing of people.
//! Everything that touches key bytes stands here, so that the crates above handle proofs and sealed values only.
#![forbid(unsafe_code)]

pub mod algorithm;
pub mod content;
pub mod digest;
pub mod encoding;
pub mod jwks;
pub mod jws;
pub mod jwt_backend;
pub mod key_ring;
pub mod master_key;
pub mod purpose;
pub mod random;
pub mod rsa_key;
pub mod seal;
pub mod secret;
pub mod signing_key;
pub mod strict_json;
pub mod tls;
pub mod token;
pub mod trust;
pub mod verifying_key;
pub mod webauthn;
pub mod x509;

mod jwk;
mod roca;
mod rsa_public;
#[cfg(test)]
mod testdata;
