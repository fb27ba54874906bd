//! Our RSA keys, for the sign-on that still asks for RSA: they sign our messages and open the keys that providers
//! encrypt to us (SAML-08). OpenSSL makes them and opens; ring signs. A failed opening has one error, whatever failed.

use std::fmt;

use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::verifying_key::{KeyFault, VerifyingKey};
use crate::x509::Certificate;

mod oaep;
mod self_signed;

pub use oaep::OaepHash;

/// Sizes of new keys, in bits.
const SIZES: [u32; 3] = [2048, 3072, 4096];
/// Longest PKCS #8 text, in bytes; a key of 4096 bits takes less than 2.5 KiB.
const PKCS8_LIMIT: usize = 8 * 1024;

/// Why a key was not made, not read, or not used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RsaKeyFault {
    /// A new key of this number of bits.
    #[error("an RSA key has 2048, 3072 or 4096 bits, not {0}")]
    Size(u32),
    /// The bytes are not the PKCS #8 form of an RSA key pair of two primes.
    #[error("not an RSA key pair in PKCS #8")]
    NotAKey,
    /// The public half is weak or of another kind.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// The name of a certificate is empty, longer than 64 characters or holds control characters.
    #[error("a common name has 1 to 64 characters, none of them a control character")]
    CommonName,
    /// A certificate would end before it begins, or one of its ends has no form in X.509.
    #[error("the validity ends before it begins, or is not between the years 1970 and 9999")]
    Validity,
    /// There were no random bytes, or no memory.
    #[error("the key could not be used")]
    Unusable,
}

/// A ciphertext that was not opened. One value for every cause, because whoever can tell them apart opens any ciphertext
/// with some patience (Manger 2001; XML-Enc 1.1 §6.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the ciphertext was not opened")]
pub struct DecryptionFailed;

/// An RSA key pair, parsed once and kept ready.
pub struct RsaKey {
    pkcs8: Zeroizing<Vec<u8>>,
    spki: Vec<u8>,
    opening: PKey<Private>,
    signing: RsaKeyPair,
}

impl RsaKey {
    /// A new key pair of 2048, 3072 or 4096 bits with the exponent 65537. It takes from tenths of a second to seconds:
    /// call it where waiting is allowed.
    ///
    /// # Errors
    /// [`RsaKeyFault::Size`], and [`RsaKeyFault::Unusable`] without random bytes.
    pub fn generate(bits: u32) -> Result<Self, RsaKeyFault> {
        if !SIZES.contains(&bits) {
            return Err(RsaKeyFault::Size(bits));
        }
        let pkcs8 = Rsa::generate(bits)
            .and_then(PKey::from_rsa)
            .and_then(|key| key.private_key_to_pkcs8())
            .map(Zeroizing::new)
            .map_err(|_| RsaKeyFault::Unusable)?;
        Self::from_pkcs8(&pkcs8)
    }

    /// Reads a key pair of 2048, 3072 or 4096 bits (RFC 5208 §5).
    ///
    /// # Errors
    /// [`RsaKeyFault::Key`] for a weak or foreign key, [`RsaKeyFault::NotAKey`] for all other bytes, for halves that do
    /// not belong together, and when bytes follow.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, RsaKeyFault> {
        if der.len() > PKCS8_LIMIT {
            return Err(RsaKeyFault::NotAKey);
        }
        let opening = PKey::private_key_from_pkcs8(der).map_err(|_| RsaKeyFault::NotAKey)?;
        let spki = opening.public_key_to_der().map_err(|_| RsaKeyFault::NotAKey)?;
        VerifyingKey::from_spki(&spki)?;
        // The stricter reader: it refuses trailing bytes and proves that the numbers belong together.
        let signing = RsaKeyPair::from_pkcs8(der).map_err(|_| RsaKeyFault::NotAKey)?;
        Ok(Self { pkcs8: Zeroizing::new(der.to_vec()), spki, opening, signing })
    }

    /// What [`RsaKey::from_pkcs8`] reads, to be sealed.
    #[must_use]
    pub fn to_pkcs8(&self) -> Zeroizing<Vec<u8>> {
        self.pkcs8.clone()
    }

    /// The public half as `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7).
    #[must_use]
    pub fn spki(&self) -> Vec<u8> {
        self.spki.clone()
    }

    /// Signs by RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 §8.2.1): as many bytes as the modulus has.
    ///
    /// # Errors
    /// [`RsaKeyFault::Unusable`] without random bytes.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, RsaKeyFault> {
        let mut signature = vec![0; self.signing.public().modulus_len()];
        self.signing
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| RsaKeyFault::Unusable)?;
        Ok(signature)
    }

    /// Opens a ciphertext of RSAES-OAEP without a label (RFC 8017 §7.1.2). XML names the hash of the label and that of
    /// the mask apart (XML-Enc 1.1 §5.5.2).
    ///
    /// # Errors
    /// [`DecryptionFailed`], and nothing about why.
    pub fn decrypt_oaep(
        &self,
        ciphertext: &[u8],
        digest: OaepHash,
        mask: OaepHash,
    ) -> Result<Zeroizing<Vec<u8>>, DecryptionFailed> {
        oaep::open(&self.opening, ciphertext, digest, mask)
    }

    /// A certificate of X.509 version 3 for this key, signed by it with SHA-256: the form in which providers want a
    /// public key. Both ends of the validity, in Unix seconds, belong to it.
    ///
    /// # Errors
    /// [`RsaKeyFault::CommonName`], [`RsaKeyFault::Validity`], and [`RsaKeyFault::Unusable`] without random bytes.
    pub fn self_signed(
        &self,
        common_name: &str,
        not_before: i64,
        not_after: i64,
    ) -> Result<Certificate, RsaKeyFault> {
        self_signed::make(&self.opening, common_name, not_before, not_after)
    }
}

impl fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RsaKey(..)")
    }
}

#[cfg(test)]
mod tests;
