//! The public key of a provider, strong enough before it is used (SAML-06) and bound to the algorithms of its own kind:
//! a signature by an algorithm of another kind never holds (SAML-62).

use std::fmt;

use ring::signature::{
    self, ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, RsaParameters, RsaPublicKeyComponents,
    UnparsedPublicKey, VerificationAlgorithm,
};
use thiserror::Error;

use crate::rsa_public::{self, RsaPublicFault};

mod algorithm;
mod spki;

pub use algorithm::SignatureAlgorithm;
use spki::Parts;

/// Why a public key is not taken, for the administrator who gave it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyFault {
    /// Too small, or known to be breakable.
    #[error("the key is too weak: {0}")]
    Weak(String),
    /// Sound perhaps, but nothing here verifies with it.
    #[error("the key is of a kind that is not supported: {0}")]
    Unsupported(String),
    /// Not a public key.
    #[error("the key cannot be read")]
    Malformed,
}

/// The signature does not hold. Why not is of use to a forger alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the signature does not hold")]
pub struct SignatureRefused;

/// A key that may verify signatures: RSA of 2048 to 8192 bits, or EC on P-256 or P-384.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey(Kind);

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    /// Big-endian, without leading zeros.
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// The point of SEC 1 §2.3.3: 4 | x | y.
    P256(Vec<u8>),
    P384(Vec<u8>),
}

impl VerifyingKey {
    /// Reads a `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7) of at most 4 KiB.
    ///
    /// # Errors
    /// [`KeyFault`].
    pub fn from_spki(der: &[u8]) -> Result<Self, KeyFault> {
        match spki::read(der)? {
            Parts::Rsa { modulus, exponent } => Self::from_rsa(modulus, exponent),
            Parts::P256(point) => Ok(Self(Kind::P256(point.to_vec()))),
            Parts::P384(point) => Ok(Self(Kind::P384(point.to_vec()))),
        }
    }

    /// Takes the two numbers of `ds:RSAKeyValue` (XML-DSig 1.1 §4.5.2.2), big-endian; leading zeros do not count.
    ///
    /// # Errors
    /// [`KeyFault`].
    pub fn from_rsa(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyFault> {
        if modulus.len() > spki::LIMIT || exponent.len() > spki::LIMIT {
            return Err(KeyFault::Malformed);
        }
        let (modulus, exponent) = (significant(modulus), significant(exponent));
        rsa_public::check(modulus, exponent).map_err(|fault| match fault {
            RsaPublicFault::Modulus if modulus.is_empty() => KeyFault::Malformed,
            fault => KeyFault::Weak(fault.to_string()),
        })?;
        Ok(Self(Kind::Rsa { modulus: modulus.to_vec(), exponent: exponent.to_vec() }))
    }

    /// Kind and size for people, such as `RSA 2048` and `P-256`.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.0 {
            Kind::Rsa { modulus, .. } => format!("RSA {}", rsa_public::bits(modulus)),
            Kind::P256(_) => "P-256".to_owned(),
            Kind::P384(_) => "P-384".to_owned(),
        }
    }

    /// Checks a signature over the message. That of ECDSA is r | s, each of the curve's full length, not DER
    /// (XML-DSig 1.1 §6.4.3).
    ///
    /// # Errors
    /// [`SignatureRefused`], also when the algorithm belongs to another kind of key or curve.
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureRefused> {
        let held = match (&self.0, scheme(algorithm)) {
            (Kind::Rsa { modulus, exponent }, Scheme::Rsa(scheme)) => {
                RsaPublicKeyComponents { n: modulus, e: exponent }.verify(scheme, message, signature)
            }
            (Kind::P256(point), Scheme::P256(scheme)) | (Kind::P384(point), Scheme::P384(scheme)) => {
                UnparsedPublicKey::new(scheme, point).verify(message, signature)
            }
            _ => return Err(SignatureRefused),
        };
        held.map_err(|_| SignatureRefused)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.describe())
    }
}

/// What verifies an algorithm, by the kind of key that it needs.
enum Scheme {
    Rsa(&'static RsaParameters),
    P256(&'static dyn VerificationAlgorithm),
    P384(&'static dyn VerificationAlgorithm),
}

fn scheme(algorithm: SignatureAlgorithm) -> Scheme {
    match algorithm {
        SignatureAlgorithm::RsaSha1 => Scheme::Rsa(&signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY),
        SignatureAlgorithm::RsaSha256 => Scheme::Rsa(&signature::RSA_PKCS1_2048_8192_SHA256),
        SignatureAlgorithm::RsaSha384 => Scheme::Rsa(&signature::RSA_PKCS1_2048_8192_SHA384),
        SignatureAlgorithm::RsaSha512 => Scheme::Rsa(&signature::RSA_PKCS1_2048_8192_SHA512),
        SignatureAlgorithm::EcdsaSha256 => Scheme::P256(&ECDSA_P256_SHA256_FIXED),
        SignatureAlgorithm::EcdsaSha384 => Scheme::P384(&ECDSA_P384_SHA384_FIXED),
    }
}

fn significant(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

#[cfg(test)]
mod tests;
