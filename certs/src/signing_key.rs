//! Our own signing keys: ES256 (RFC 7518 §3.4), parsed once and kept ready.
//! Every token names its key by the thumbprint of RFC 7638 and its kind by `typ` (RFC 8725 §3.11, JWT-16, JWT-18).

use std::fmt;

use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde::Serialize;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::digest::sha256;
use crate::encoding::base64url;
use crate::jwks::PublicJwk;

/// Why a key was not made, not read, or did not sign.
#[derive(Debug, Error)]
pub enum SigningKeyError {
    /// The bytes are not the PKCS #8 form of a P-256 key pair.
    #[error("not a P-256 key pair in PKCS #8")]
    NotAKey,
    /// A new key or a signature needed random bytes, and there were none.
    #[error("the key could not be used")]
    Unusable,
    /// The claims have no JSON form.
    #[error("the claims cannot be written as JSON")]
    Claims(#[from] serde_json::Error),
    /// The claims are not an object (RFC 7519 §7.1).
    #[error("the claims are not a JSON object")]
    NotAnObject,
}

/// A key pair that signs tokens.
pub struct SigningKey {
    pair: EcdsaKeyPair,
    random: SystemRandom,
    public: PublicJwk,
}

impl SigningKey {
    /// A new key pair in PKCS #8, to be sealed and stored before it is used.
    ///
    /// # Errors
    /// [`SigningKeyError::Unusable`] without random bytes.
    pub fn generate() -> Result<Zeroizing<Vec<u8>>, SigningKeyError> {
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map(|document| Zeroizing::new(document.as_ref().to_vec()))
            .map_err(|_| SigningKeyError::Unusable)
    }

    /// Reads what [`SigningKey::generate`] made.
    ///
    /// # Errors
    /// [`SigningKeyError::NotAKey`] for all other bytes, and for halves that do not belong together.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, SigningKeyError> {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &random)
            .map_err(|_| SigningKeyError::NotAKey)?;
        let public = public_jwk(pair.public_key().as_ref()).ok_or(SigningKeyError::NotAKey)?;
        Ok(Self { pair, random, public })
    }

    /// The name of the key: its thumbprint, base64url of SHA-256 (RFC 7638 §3).
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.public.kid
    }

    /// The public half, for our key set.
    #[must_use]
    pub fn public_jwk(&self) -> PublicJwk {
        self.public.clone()
    }

    /// Signs claims as a compact JWS whose header is `alg`, `kid` and `typ`, nothing else.
    /// `typ` keeps one kind of token from passing for another.
    ///
    /// # Errors
    /// [`SigningKeyError::Claims`] and [`SigningKeyError::NotAnObject`] for claims that are no JSON object.
    pub fn sign_jwt(&self, typ: &str, claims: &impl Serialize) -> Result<String, SigningKeyError> {
        let header = serde_json::to_vec(&Header { alg: self.public.alg, kid: self.kid(), typ })?;
        let claims = serde_json::to_vec(claims)?;
        if claims.first() != Some(&b'{') {
            return Err(SigningKeyError::NotAnObject);
        }
        let mut token = format!("{}.{}", base64url(&header), base64url(&claims));
        let signature =
            self.pair.sign(&self.random, token.as_bytes()).map_err(|_| SigningKeyError::Unusable)?;
        token.push('.');
        token.push_str(&base64url(signature.as_ref()));
        Ok(token)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.kid())
    }
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'a str,
    kid: &'a str,
    typ: &'a str,
}

/// From the point of SEC 1 §2.3.3: 4 | x | y.
fn public_jwk(point: &[u8]) -> Option<PublicJwk> {
    let coordinates = point.strip_prefix(&[4])?;
    let (x, y) = coordinates.split_at_checked(32).filter(|(_, y)| y.len() == 32)?;
    let (x, y) = (base64url(x), base64url(y));
    // RFC 7638 §3.2: the required members in lexical order, without white space.
    let kid = base64url(&sha256(format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#).as_bytes()));
    Some(PublicJwk { kty: "EC", crv: "P-256", x, y, kid, usage: "sig", alg: "ES256" })
}

#[cfg(test)]
mod tests;
