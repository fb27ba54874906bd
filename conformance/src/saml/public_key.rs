//! Public keys: written into certificates, read out of them, and asked whether a signature holds.

use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, EcdsaKeyPair, KeyPair,
    RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA384, UnparsedPublicKey,
    VerificationAlgorithm,
};
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPrivateKey, RsaPublicKey};

use super::algorithm::SignatureAlgorithm;
use super::der::{self, Reader};

pub(super) const RSA_ENCRYPTION: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC_PUBLIC_KEY: [u8; 7] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: [u8; 8] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const P384: [u8; 5] = [0x2b, 0x81, 0x04, 0x00, 0x22];

/// A point in its uncompressed form, or modulus and exponent big-endian.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
}

impl PublicKey {
    pub(super) fn of_rsa(key: &RsaPrivateKey) -> Self {
        Self::Rsa { modulus: key.n().to_bytes_be(), exponent: key.e().to_bytes_be() }
    }

    pub(super) fn p256(pair: &EcdsaKeyPair) -> Self {
        Self::P256(pair.public_key().as_ref().to_vec())
    }

    pub(super) fn p384(pair: &EcdsaKeyPair) -> Self {
        Self::P384(pair.public_key().as_ref().to_vec())
    }

    /// `SubjectPublicKeyInfo` (RFC 3279 section 2.3).
    #[must_use]
    pub fn info(&self) -> Vec<u8> {
        let (algorithm, key) = match self {
            Self::Rsa { modulus, exponent } => (
                der::sequence(&[&der::value(der::OID, &RSA_ENCRYPTION), &der::NULL]),
                der::sequence(&[&der::integer(modulus), &der::integer(exponent)]),
            ),
            Self::P256(point) => (curve(&P256), point.clone()),
            Self::P384(point) => (curve(&P384), point.clone()),
        };
        der::sequence(&[&algorithm, &der::bit_string(&key)])
    }

    /// The key of a certificate in DER; nothing else of it counts (saml metadata-iop section 2.6.1).
    #[must_use]
    pub fn of_certificate(certificate: &[u8]) -> Option<Self> {
        let mut fields = Reader(Reader(Reader(certificate).take(der::SEQUENCE)?).take(der::SEQUENCE)?);
        // Version 3 certificates begin with their version; then serial number, algorithm, issuer, validity,
        // subject.
        let (first, _, _) = fields.next()?;
        let skipped = if first == 0xa0 { 5 } else { 4 };
        for _ in 0..skipped {
            fields.next()?;
        }
        Self::of_info(fields.next()?.2)
    }

    /// The key of a `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn of_info(info: &[u8]) -> Option<Self> {
        let mut fields = Reader(Reader(info).take(der::SEQUENCE)?);
        let mut algorithm = Reader(fields.take(der::SEQUENCE)?);
        let key = fields.take(der::BIT_STRING)?.strip_prefix(&[0])?;
        let name = algorithm.take(der::OID)?;
        if name == RSA_ENCRYPTION {
            let mut numbers = Reader(Reader(key).take(der::SEQUENCE)?);
            let mut number = || Some(BigUint::from_bytes_be(numbers.take(der::INTEGER)?).to_bytes_be());
            return Some(Self::Rsa { modulus: number()?, exponent: number()? });
        }
        match (name == EC_PUBLIC_KEY).then(|| algorithm.take(der::OID))?? {
            curve if curve == P256 => Some(Self::P256(key.to_vec())),
            curve if curve == P384 => Some(Self::P384(key.to_vec())),
            _ => None,
        }
    }

    /// Whether this key made that signature, as XML Signature and the redirect binding write it.
    #[must_use]
    pub fn verify(&self, algorithm: SignatureAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        use SignatureAlgorithm as A;
        let (check, key): (&'static dyn VerificationAlgorithm, Vec<u8>) = match (self, algorithm) {
            (Self::P256(point), A::EcdsaSha256) => (&ECDSA_P256_SHA256_FIXED, point.clone()),
            (Self::P384(point), A::EcdsaSha384) => (&ECDSA_P384_SHA384_FIXED, point.clone()),
            (Self::Rsa { modulus, exponent }, _) => {
                let check: &'static dyn VerificationAlgorithm = match algorithm {
                    A::RsaSha1 => &RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
                    A::RsaSha256 => &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
                    A::RsaSha384 => &RSA_PKCS1_2048_8192_SHA384,
                    A::RsaSha512 => &RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
                    A::EcdsaSha256 | A::EcdsaSha384 => return false,
                };
                (check, der::sequence(&[&der::integer(modulus), &der::integer(exponent)]))
            }
            (Self::P256(_) | Self::P384(_), _) => return false,
        };
        UnparsedPublicKey::new(check, key).verify(message, signature).is_ok()
    }

    /// For encryption; absent for curves.
    #[must_use]
    pub fn rsa(&self) -> Option<RsaPublicKey> {
        match self {
            Self::Rsa { modulus, exponent } => {
                RsaPublicKey::new(BigUint::from_bytes_be(modulus), BigUint::from_bytes_be(exponent)).ok()
            }
            Self::P256(_) | Self::P384(_) => None,
        }
    }
}

fn curve(name: &[u8]) -> Vec<u8> {
    der::sequence(&[&der::value(der::OID, &EC_PUBLIC_KEY), &der::value(der::OID, name)])
}
