//! The keys of the hostile provider, made once per process: RSA keys take a while.
//!
//! Strong keys sign with ring. ring takes no weak key and no exponent below 65537, so those sign with the
//! `rsa` crate; its timing (RUSTSEC-2023-0071) matters to nobody here.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair};
use rsa::pkcs8::{EncodePrivateKey, EncodePublicKey};
use rsa::rand_core::OsRng;
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{BigUint, Pkcs1v15Sign, RsaPrivateKey};
use serde_json::{Map, Value, json};

/// DER before a SHA-256 digest in PKCS #1 v1.5 (RFC 8017 §9.2, note 1).
const SHA256_PREFIX: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];

/// The key that signs until the provider rotates.
pub(super) static MAIN: LazyLock<RsaKey> = LazyLock::new(|| RsaKey::strong("hostile-1"));
/// The key that signs after that.
pub(super) static NEXT: LazyLock<RsaKey> = LazyLock::new(|| RsaKey::strong("hostile-2"));
/// The attacker's, and the decoys'.
pub(super) static ATTACKER: LazyLock<RsaKey> = LazyLock::new(|| RsaKey::strong("attacker-1"));
/// 1024 bits.
pub(super) static WEAK: LazyLock<RsaKey> = LazyLock::new(|| RsaKey::of("weak-1", 1024, 65_537));
/// Public exponent 3.
pub(super) static EXPONENT_THREE: LazyLock<RsaKey> = LazyLock::new(|| RsaKey::of("three-1", 2048, 3));

/// An RSA key with its `kid`.
pub(super) struct RsaKey {
    pub(super) kid: &'static str,
    private: RsaPrivateKey,
    /// `None` for keys that ring refuses to use.
    pair: Option<RsaKeyPair>,
}

impl RsaKey {
    fn strong(kid: &'static str) -> Self {
        Self::of(kid, 2048, 65_537)
    }

    #[expect(clippy::expect_used, reason = "a machine without randomness cannot run this counterpart at all")]
    fn of(kid: &'static str, bits: usize, exponent: u32) -> Self {
        let exponent = BigUint::from(exponent);
        let private =
            RsaPrivateKey::new_with_exp(&mut OsRng, bits, &exponent).expect("an RSA key can be made");
        let der = private.to_pkcs8_der().expect("a fresh key can be written");
        Self { kid, pair: RsaKeyPair::from_pkcs8(der.as_bytes()).ok(), private }
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256.
    pub(super) fn pkcs1(&self, message: &[u8]) -> Vec<u8> {
        if let Some(pair) = &self.pair {
            return by_ring(pair, &RSA_PKCS1_SHA256, message);
        }
        let scheme = Pkcs1v15Sign { hash_len: Some(32), prefix: SHA256_PREFIX.into() };
        self.private.sign(scheme, digest(&SHA256, message).as_ref()).unwrap_or_default()
    }

    /// RSASSA-PSS with SHA-256; empty for keys that ring refuses.
    pub(super) fn pss(&self, message: &[u8]) -> Vec<u8> {
        self.pair.as_ref().map(|pair| by_ring(pair, &RSA_PSS_SHA256, message)).unwrap_or_default()
    }

    /// The public half (RFC 7518 §6.3.1).
    pub(super) fn jwk(&self) -> Map<String, Value> {
        let (n, e) = (number(self.private.n()), number(self.private.e()));
        object(json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid, "n": n, "e": e }))
    }

    /// The private exponent, as it must never stand in a key set (RFC 7518 §6.3.2).
    pub(super) fn private_exponent(&self) -> String {
        number(self.private.d())
    }

    /// `SubjectPublicKeyInfo` in DER.
    pub(super) fn public_der(&self) -> Vec<u8> {
        self.private
            .to_public_key()
            .to_public_key_der()
            .map(|der| der.as_bytes().to_vec())
            .unwrap_or_default()
    }

    /// The same in PEM, with the usual line length and a final line break.
    pub(super) fn public_pem(&self) -> String {
        pem(&self.public_der())
    }
}

/// `SubjectPublicKeyInfo` in PEM (RFC 7468 §13).
pub(super) fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<String> =
        text.as_bytes().chunks(64).map(|l| String::from_utf8_lossy(l).into_owned()).collect();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
}

/// Base64url without padding.
pub(super) fn b64(octets: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(octets)
}

/// The members of a JSON object; none for another value.
pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}

fn number(number: &BigUint) -> String {
    b64(number.to_bytes_be())
}

fn by_ring(pair: &RsaKeyPair, encoding: &'static dyn RsaEncoding, message: &[u8]) -> Vec<u8> {
    let mut signature = vec![0; pair.public().modulus_len()];
    // An empty signature, which fails every test that meant it to be good, if the machine has no randomness.
    match pair.sign(encoding, &SystemRandom::new(), message, &mut signature) {
        Ok(()) => signature,
        Err(ring::error::Unspecified) => Vec::new(),
    }
}
