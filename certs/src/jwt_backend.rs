//! Signature verification on ring, also as the back end of `jsonwebtoken`, which has none of its own in this build.
//! RFC 7518 §3.3 and §3.5 want RSA of 2048 bits or more; what is not on our list is an error, never a panic.

use std::sync::OnceLock;

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind, Result};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::rand::SystemRandom;
use ring::signature::{
    self as ring_signature, EcdsaKeyPair, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
};
use signature::{Signer, Verifier};

use crate::algorithm::SigningAlgorithm;
use crate::digest::sha256;

/// Makes ring the back end of `jsonwebtoken` for this process. Calling it again does nothing.
/// Without it the functions of `jsonwebtoken` panic at their first use; our own modules do not need it.
pub fn install() {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        // An error means that a provider stands already; with no back-end feature compiled in it can only be ours.
        let _ = PROVIDER.install_default();
    });
}

/// Whether `signature` over `message` holds. A key of another family than the algorithm's never verifies anything.
pub(crate) fn holds(
    algorithm: SigningAlgorithm,
    key: &DecodingKey,
    message: &[u8],
    signature: &[u8],
) -> bool {
    // RFC 8725 §3.1: the key decides which family may be used, not the token.
    if key.family() != jsonwebtoken_algorithm(algorithm).family() {
        return false;
    }
    match key.kind() {
        DecodingKeyKind::RsaModulusExponent { n, e } => rsa(algorithm)
            .is_some_and(|scheme| RsaPublicKeyComponents { n, e }.verify(scheme, message, signature).is_ok()),
        DecodingKeyKind::SecretOrDer(bytes) => {
            UnparsedPublicKey::new(scheme(algorithm), bytes).verify(message, signature).is_ok()
        }
    }
}

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: |_| Err(unsupported()),
        rsa_pub_components_from_public_key: |_| Err(unsupported()),
        ec_pub_components_from_private_key: |_, _| Err(unsupported()),
        ed_pub_components_from_private_key: |_, _| Err(unsupported()),
        compute_digest: |bytes, hash| match hash {
            jsonwebtoken::jwk::ThumbprintHash::SHA256 => Ok(sha256(bytes).to_vec()),
            _ => Err(unsupported()),
        },
    },
};

fn unsupported() -> Error {
    ErrorKind::InvalidAlgorithm.into()
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the shape is that of CryptoProvider::verifier_factory"
)]
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    let known = known(*algorithm).ok_or_else(unsupported)?;
    if key.family() != algorithm.family() {
        return Err(unsupported());
    }
    Ok(Box::new(RingVerifier { algorithm: known, key: key.clone() }))
}

struct RingVerifier {
    algorithm: SigningAlgorithm,
    key: DecodingKey,
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        if holds(self.algorithm, &self.key, message, signature) {
            Ok(())
        } else {
            Err(signature::Error::new())
        }
    }
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        jsonwebtoken_algorithm(self.algorithm)
    }
}

/// Signing through `jsonwebtoken` is ES256 only; [`crate::signing_key::SigningKey`] keeps its key parsed and is faster.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape is that of CryptoProvider::signer_factory")]
fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    if *algorithm != Algorithm::ES256 || key.family() != algorithm.family() {
        return Err(unsupported());
    }
    let random = SystemRandom::new();
    let pair =
        EcdsaKeyPair::from_pkcs8(&ring_signature::ECDSA_P256_SHA256_FIXED_SIGNING, key.as_bytes(), &random)
            .map_err(|_| Error::from(ErrorKind::InvalidEcdsaKey))?;
    Ok(Box::new(RingSigner { pair, random }))
}

struct RingSigner {
    pair: EcdsaKeyPair,
    random: SystemRandom,
}

impl Signer<Vec<u8>> for RingSigner {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, signature::Error> {
        let made = self.pair.sign(&self.random, message).map_err(|_| signature::Error::new())?;
        Ok(made.as_ref().to_vec())
    }
}

impl JwtSigner for RingSigner {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

/// Ours for theirs; `None` is the HMAC family and whatever the library learns later (JWT-02).
const fn known(algorithm: Algorithm) -> Option<SigningAlgorithm> {
    match algorithm {
        Algorithm::RS256 => Some(SigningAlgorithm::RS256),
        Algorithm::RS384 => Some(SigningAlgorithm::RS384),
        Algorithm::RS512 => Some(SigningAlgorithm::RS512),
        Algorithm::PS256 => Some(SigningAlgorithm::PS256),
        Algorithm::PS384 => Some(SigningAlgorithm::PS384),
        Algorithm::PS512 => Some(SigningAlgorithm::PS512),
        Algorithm::ES256 => Some(SigningAlgorithm::ES256),
        Algorithm::ES384 => Some(SigningAlgorithm::ES384),
        Algorithm::EdDSA => Some(SigningAlgorithm::EdDSA),
        _ => None,
    }
}

const fn jsonwebtoken_algorithm(algorithm: SigningAlgorithm) -> Algorithm {
    match algorithm {
        SigningAlgorithm::RS256 => Algorithm::RS256,
        SigningAlgorithm::RS384 => Algorithm::RS384,
        SigningAlgorithm::RS512 => Algorithm::RS512,
        SigningAlgorithm::PS256 => Algorithm::PS256,
        SigningAlgorithm::PS384 => Algorithm::PS384,
        SigningAlgorithm::PS512 => Algorithm::PS512,
        SigningAlgorithm::ES256 => Algorithm::ES256,
        SigningAlgorithm::ES384 => Algorithm::ES384,
        SigningAlgorithm::EdDSA => Algorithm::EdDSA,
    }
}

/// The fixed-length ECDSA forms refuse DER and any length but two coordinates; ring refuses r or s of 0 and n (JWT-10).
fn scheme(algorithm: SigningAlgorithm) -> &'static dyn ring_signature::VerificationAlgorithm {
    match algorithm {
        SigningAlgorithm::RS256 => &ring_signature::RSA_PKCS1_2048_8192_SHA256,
        SigningAlgorithm::RS384 => &ring_signature::RSA_PKCS1_2048_8192_SHA384,
        SigningAlgorithm::RS512 => &ring_signature::RSA_PKCS1_2048_8192_SHA512,
        SigningAlgorithm::PS256 => &ring_signature::RSA_PSS_2048_8192_SHA256,
        SigningAlgorithm::PS384 => &ring_signature::RSA_PSS_2048_8192_SHA384,
        SigningAlgorithm::PS512 => &ring_signature::RSA_PSS_2048_8192_SHA512,
        SigningAlgorithm::ES256 => &ring_signature::ECDSA_P256_SHA256_FIXED,
        SigningAlgorithm::ES384 => &ring_signature::ECDSA_P384_SHA384_FIXED,
        SigningAlgorithm::EdDSA => &ring_signature::ED25519,
    }
}

fn rsa(algorithm: SigningAlgorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        SigningAlgorithm::RS256 => Some(&ring_signature::RSA_PKCS1_2048_8192_SHA256),
        SigningAlgorithm::RS384 => Some(&ring_signature::RSA_PKCS1_2048_8192_SHA384),
        SigningAlgorithm::RS512 => Some(&ring_signature::RSA_PKCS1_2048_8192_SHA512),
        SigningAlgorithm::PS256 => Some(&ring_signature::RSA_PSS_2048_8192_SHA256),
        SigningAlgorithm::PS384 => Some(&ring_signature::RSA_PSS_2048_8192_SHA384),
        SigningAlgorithm::PS512 => Some(&ring_signature::RSA_PSS_2048_8192_SHA512),
        SigningAlgorithm::ES256 | SigningAlgorithm::ES384 | SigningAlgorithm::EdDSA => None,
    }
}

#[cfg(test)]
mod tests;
