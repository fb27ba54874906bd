//! The RSA key with which a sandbox provider signs its tokens.
//!
//! The `rsa` crate only makes the key, once per data directory; every signature is made by ring, whose
//! arithmetic does not leak through time (RUSTSEC-2023-0071).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use rsa::pkcs8::EncodePrivateKey;
use serde_json::{Value, json};

/// 2048 bits, for RS256.
pub struct RsaSigningKey {
    pkcs8: Vec<u8>,
    pair: RsaKeyPair,
    id: String,
}

#[derive(Debug, thiserror::Error)]
pub enum RsaKeyError {
    #[error("no RSA key could be made: {0}")]
    Generate(String),
    #[error("this is not a PKCS#8 RSA key of at least 2048 bits: {0}")]
    Read(String),
    #[error("the machine's source of randomness failed")]
    Randomness,
}

impl RsaSigningKey {
    /// A new key. Takes up to some seconds; call it off the event loop.
    ///
    /// # Errors
    /// If the machine has no randomness.
    pub fn generate() -> Result<Self, RsaKeyError> {
        let failed = |source: &dyn fmt::Display| RsaKeyError::Generate(source.to_string());
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).map_err(|e| failed(&e))?;
        let document = key.to_pkcs8_der().map_err(|e| failed(&e))?;
        Self::from_pkcs8(document.as_bytes())
    }

    /// The key of an earlier run, as [`Self::pkcs8`] gave it.
    ///
    /// # Errors
    /// If the bytes are not an RSA key that ring takes.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, RsaKeyError> {
        let pair = RsaKeyPair::from_pkcs8(der).map_err(|e| RsaKeyError::Read(e.to_string()))?;
        let id = thumbprint(&pair);
        Ok(Self { pkcs8: der.to_vec(), pair, id })
    }

    /// Secret: the key in PKCS#8 DER, for a file that only its owner reads.
    #[must_use]
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// `kid`: the JWK thumbprint, so that it changes with the key and with nothing else.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The public half as JWK (RFC 7517).
    #[must_use]
    pub fn public_jwk(&self) -> Value {
        self.public_jwk_as(&self.id)
    }

    /// The same under another name.
    pub(super) fn public_jwk_as(&self, kid: &str) -> Value {
        let (n, e) = public_parts(&self.pair);
        json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": n, "e": e })
    }

    /// A compact JWS (RFC 7515) of `claims` under RS256.
    ///
    /// # Errors
    /// If the machine has no randomness for blinding.
    pub fn sign(&self, claims: &Value) -> Result<String, RsaKeyError> {
        self.sign_as(&self.id, claims)
    }

    /// The same under another name.
    pub(super) fn sign_as(&self, kid: &str, claims: &Value) -> Result<String, RsaKeyError> {
        let header = json!({ "alg": "RS256", "typ": "JWT", "kid": kid });
        let input = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        );
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input.as_bytes(), &mut signature)
            .map_err(|_| RsaKeyError::Randomness)?;
        Ok(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The claims of a token that this key signed, whether expired or not.
    pub(crate) fn open(&self, token: &str) -> Option<Value> {
        let (input, signature) = token.rsplit_once('.')?;
        let (_, payload) = input.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let public: RsaPublicKeyComponents<Vec<u8>> = self.pair.public().into();
        public.verify(&ring::signature::RSA_PKCS1_2048_8192_SHA256, input.as_bytes(), &signature).ok()?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
    }
}

impl fmt::Debug for RsaSigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaSigningKey").field("id", &self.id).finish_non_exhaustive()
    }
}

fn public_parts(pair: &RsaKeyPair) -> (String, String) {
    let public: RsaPublicKeyComponents<Vec<u8>> = pair.public().into();
    (URL_SAFE_NO_PAD.encode(public.n), URL_SAFE_NO_PAD.encode(public.e))
}

/// RFC 7638 section 3: SHA-256 over the required members in lexical order.
fn thumbprint(pair: &RsaKeyPair) -> String {
    let (n, e) = public_parts(pair);
    let canonical = format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#);
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, canonical.as_bytes()))
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::{Arc, OnceLock};

    use super::*;

    /// One key for the whole test run; making it is the slow part.
    pub(crate) fn shared_key() -> Arc<RsaSigningKey> {
        static KEY: OnceLock<Arc<RsaSigningKey>> = OnceLock::new();
        Arc::clone(KEY.get_or_init(|| Arc::new(RsaSigningKey::generate().unwrap())))
    }

    #[test]
    fn a_key_survives_its_file() {
        let key = shared_key();
        let again = RsaSigningKey::from_pkcs8(key.pkcs8()).unwrap();
        assert_eq!(again.id(), key.id());
        assert_eq!(again.public_jwk(), key.public_jwk());
        assert!(RsaSigningKey::from_pkcs8(&key.pkcs8()[1..]).is_err());
    }

    #[test]
    fn only_an_unchanged_token_opens() {
        let key = shared_key();
        let token = key.sign(&json!({ "sub": "alice" })).unwrap();
        assert_eq!(key.open(&token).unwrap()["sub"], "alice");
        let forged = token.replacen("ey", "eY", 1);
        assert!(key.open(&forged).is_none());
        assert!(key.open("a.b").is_none());
    }
}
