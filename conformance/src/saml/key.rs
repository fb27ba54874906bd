//! Keys that sign: RSA, P-256 and P-384.
//!
//! Whatever ring can sign, ring signs. What it refuses (SHA-1, weak keys) the `rsa` crate does; its timing
//! (RUSTSEC-2023-0071) matters to nobody there, since nobody accepts the result.

use std::fmt;

use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaKeyPair,
};
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use rsa::rand_core::OsRng;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};

use super::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use super::public_key::PublicKey;

#[derive(Debug, thiserror::Error)]
#[error("this is not a usable key: {0}")]
pub struct KeyError(String);

/// A private key with its PKCS#8 form.
pub struct Key {
    pkcs8: Vec<u8>,
    private: Private,
}

enum Private {
    /// The pair is absent for keys that ring refuses.
    Rsa(Box<RsaPrivateKey>, Option<Box<RsaKeyPair>>),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
}

impl Key {
    /// An RSA key of that many bits and the exponent 65537. Takes up to some seconds.
    ///
    /// # Errors
    /// If no such key can be made.
    pub fn generate_rsa(bits: usize) -> Result<Self, KeyError> {
        let key = RsaPrivateKey::new(&mut OsRng, bits).map_err(|e| KeyError(e.to_string()))?;
        let der = key.to_pkcs8_der().map_err(|e| KeyError(e.to_string()))?;
        Self::rsa(der.as_bytes())
    }

    /// # Errors
    /// If the machine has no randomness.
    pub fn generate_p256() -> Result<Self, KeyError> {
        let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).map_err(|e| KeyError(e.to_string()))?;
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random);
        let private = Private::P256(pair.map_err(|e| KeyError(e.to_string()))?);
        Ok(Self { pkcs8: pkcs8.as_ref().to_vec(), private })
    }

    /// # Errors
    /// If the machine has no randomness.
    pub fn generate_p384() -> Result<Self, KeyError> {
        let (algorithm, random) = (&ECDSA_P384_SHA384_FIXED_SIGNING, SystemRandom::new());
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).map_err(|e| KeyError(e.to_string()))?;
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random);
        let private = Private::P384(pair.map_err(|e| KeyError(e.to_string()))?);
        Ok(Self { pkcs8: pkcs8.as_ref().to_vec(), private })
    }

    /// The RSA key of a PKCS#8 document.
    ///
    /// # Errors
    /// If the document is something else.
    pub fn rsa(pkcs8: &[u8]) -> Result<Self, KeyError> {
        let key = RsaPrivateKey::from_pkcs8_der(pkcs8).map_err(|e| KeyError(e.to_string()))?;
        let pair = RsaKeyPair::from_pkcs8(pkcs8).ok().map(Box::new);
        Ok(Self { pkcs8: pkcs8.to_vec(), private: Private::Rsa(Box::new(key), pair) })
    }

    /// Secret: the key in PKCS#8 DER.
    #[must_use]
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    #[must_use]
    pub fn public(&self) -> PublicKey {
        match &self.private {
            Private::Rsa(key, _) => PublicKey::of_rsa(key),
            Private::P256(pair) => PublicKey::p256(pair),
            Private::P384(pair) => PublicKey::p384(pair),
        }
    }

    /// What this key signs with unless told otherwise.
    #[must_use]
    pub fn algorithm(&self) -> SignatureAlgorithm {
        match &self.private {
            Private::Rsa(..) => SignatureAlgorithm::RsaSha256,
            Private::P256(_) => SignatureAlgorithm::EcdsaSha256,
            Private::P384(_) => SignatureAlgorithm::EcdsaSha384,
        }
    }

    /// The signature value of XML Signature: PKCS #1 v1.5, or r and s side by side (RFC 9231 section 2.3.6).
    /// Empty if the algorithm is not the key's.
    #[must_use]
    pub fn sign(&self, algorithm: SignatureAlgorithm, message: &[u8]) -> Vec<u8> {
        use SignatureAlgorithm as A;
        match (&self.private, algorithm) {
            (Private::Rsa(key, _), A::RsaSha1) => by_crate(key, DigestAlgorithm::Sha1, message),
            (Private::Rsa(key, pair), A::RsaSha256) => match pair {
                Some(pair) => by_ring(pair, &RSA_PKCS1_SHA256, message),
                None => by_crate(key, DigestAlgorithm::Sha256, message),
            },
            (Private::Rsa(_, Some(pair)), A::RsaSha384) => by_ring(pair, &RSA_PKCS1_SHA384, message),
            (Private::Rsa(_, Some(pair)), A::RsaSha512) => by_ring(pair, &RSA_PKCS1_SHA512, message),
            (Private::P256(pair), A::EcdsaSha256) | (Private::P384(pair), A::EcdsaSha384) => {
                let signature = pair.sign(&SystemRandom::new(), message);
                signature.map(|signature| signature.as_ref().to_vec()).unwrap_or_default()
            }
            (Private::Rsa(..) | Private::P256(_) | Private::P384(_), _) => Vec::new(),
        }
    }

    /// The RSA key itself, for decryption in tests and for algorithms that no library signs with.
    #[must_use]
    pub fn rsa_key(&self) -> Option<&RsaPrivateKey> {
        match &self.private {
            Private::Rsa(key, _) => Some(key),
            Private::P256(_) | Private::P384(_) => None,
        }
    }
}

fn by_ring(
    pair: &RsaKeyPair,
    encoding: &'static dyn ring::signature::RsaEncoding,
    message: &[u8],
) -> Vec<u8> {
    let mut signature = vec![0; pair.public().modulus_len()];
    match pair.sign(encoding, &SystemRandom::new(), message, &mut signature) {
        Ok(()) => signature,
        Err(ring::error::Unspecified) => Vec::new(),
    }
}

fn by_crate(key: &RsaPrivateKey, digest: DigestAlgorithm, message: &[u8]) -> Vec<u8> {
    let hash = digest.of(message);
    let scheme = Pkcs1v15Sign { hash_len: Some(hash.len()), prefix: digest.prefix().into() };
    key.sign(scheme, &hash).unwrap_or_default()
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("algorithm", &self.algorithm()).finish_non_exhaustive()
    }
}

/// `_` and 128 random bits (saml-core section 1.3.4).
#[must_use]
pub fn fresh_id() -> String {
    let bytes = random::<16>();
    bytes.iter().fold("_".to_owned(), |id, byte| format!("{id}{byte:02x}"))
}

#[expect(clippy::expect_used, reason = "a machine without randomness cannot run this counterpart at all")]
pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the machine has randomness");
    bytes
}
