//! Keys for the tests of this crate. `testdata/README.md` says how the files were made; they protect nothing.

use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaKeyPair};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::{Value, json};

use crate::algorithm::SigningAlgorithm;
use crate::encoding::base64url;

pub(crate) const AUTHORITY_PEM: &str = include_str!("testdata/authority.pem");
pub(crate) const OTHER_AUTHORITY_PEM: &str = include_str!("testdata/other_authority.pem");
pub(crate) const SERVER_PEM: &str = include_str!("testdata/server.pem");
pub(crate) const SERVER_KEY_PEM: &str = include_str!("testdata/server.key.pem");
pub(crate) const STRAY_KEY_PEM: &str = include_str!("testdata/stray.key.pem");
const RSA_KEY_PEM: &str = include_str!("testdata/rsa.key.pem");
pub(crate) const IDP_RSA_PEM: &str = include_str!("testdata/certificates/rsa.pem");
pub(crate) const IDP_P256_PEM: &str = include_str!("testdata/certificates/p256.pem");
pub(crate) const IDP_P384_PEM: &str = include_str!("testdata/certificates/p384.pem");
pub(crate) const IDP_RSA1024_PEM: &str = include_str!("testdata/certificates/rsa1024.pem");
pub(crate) const IDP_EXPONENT3_PEM: &str = include_str!("testdata/certificates/exponent3.pem");
pub(crate) const IDP_P521_PEM: &str = include_str!("testdata/certificates/p521.pem");
pub(crate) const IDP_ED25519_PEM: &str = include_str!("testdata/certificates/ed25519.pem");
pub(crate) const IDP_RSA_PSS_PEM: &str = include_str!("testdata/certificates/rsa_pss.pem");
pub(crate) const IDP_EXPLICIT_PEM: &str = include_str!("testdata/certificates/explicit.pem");
pub(crate) const IDP_COMPRESSED_PEM: &str = include_str!("testdata/certificates/compressed.pem");
pub(crate) const IDP_DATED_PEM: &str = include_str!("testdata/certificates/dated.pem");
pub(crate) const IDP_ODD_NAME_PEM: &str = include_str!("testdata/certificates/odd_name.pem");
/// A line is the name of an algorithm and its signature in hex.
pub(crate) const SIGNATURES: &str = include_str!("testdata/signatures.txt");
/// A line is the hash of the label, that of the mask, and a ciphertext for `rsa.key.pem` in hex.
pub(crate) const OAEP: &str = include_str!("testdata/oaep.txt");
/// A line is a name and a ciphertext for `rsa.key.pem` in hex.
pub(crate) const REFUSED_OAEP: &str = include_str!("testdata/refused_oaep.txt");

/// DER of the private key in `rsa.key.pem`, in PKCS #8.
pub(crate) fn rsa_pkcs8() -> Vec<u8> {
    PrivateKeyDer::from_pem_slice(RSA_KEY_PEM.as_bytes()).unwrap().secret_der().to_vec()
}

/// Modulus and exponent of that key, without leading zeros.
pub(crate) fn numbers() -> (Vec<u8>, Vec<u8>) {
    let pair = RsaKeyPair::from_pkcs8(&rsa_pkcs8()).unwrap();
    let public = signature::RsaPublicKeyComponents::<Vec<u8>>::from(pair.public());
    (public.n, public.e)
}

/// Bytes of hex, of any length.
pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().map(|digit| digit.to_digit(16).unwrap().try_into().unwrap()).collect();
    digits.chunks(2).map(|pair| (pair[0] << 4) | pair[1]).collect()
}

/// The other side: an identity provider's key pair of any type that we verify.
pub(crate) enum Issuer {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
}

impl Issuer {
    /// RSA from the file, because making one takes seconds; the others afresh.
    pub(crate) fn for_algorithm(algorithm: SigningAlgorithm) -> Self {
        let random = SystemRandom::new();
        let ec = |scheme| {
            let pkcs8 = EcdsaKeyPair::generate_pkcs8(scheme, &random).unwrap();
            EcdsaKeyPair::from_pkcs8(scheme, pkcs8.as_ref(), &random).unwrap()
        };
        match algorithm {
            SigningAlgorithm::ES256 => Self::P256(ec(&signature::ECDSA_P256_SHA256_FIXED_SIGNING)),
            SigningAlgorithm::ES384 => Self::P384(ec(&signature::ECDSA_P384_SHA384_FIXED_SIGNING)),
            SigningAlgorithm::EdDSA => {
                let pkcs8 = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
                Self::Ed(Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap())
            }
            SigningAlgorithm::RS256
            | SigningAlgorithm::RS384
            | SigningAlgorithm::RS512
            | SigningAlgorithm::PS256
            | SigningAlgorithm::PS384
            | SigningAlgorithm::PS512 => Self::Rsa(RsaKeyPair::from_pkcs8(&rsa_pkcs8()).unwrap()),
        }
    }

    /// The public half without `alg`, `use` and `kid`.
    pub(crate) fn jwk(&self) -> Value {
        let ec = |curve: &str, point: &[u8]| {
            let (x, y) = point[1..].split_at((point.len() - 1) / 2);
            json!({"kty": "EC", "crv": curve, "x": base64url(x), "y": base64url(y)})
        };
        match self {
            Self::Rsa(pair) => {
                let public = signature::RsaPublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({"kty": "RSA", "n": base64url(&public.n), "e": base64url(&public.e)})
            }
            Self::P256(pair) => ec("P-256", pair.public_key().as_ref()),
            Self::P384(pair) => ec("P-384", pair.public_key().as_ref()),
            Self::Ed(pair) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": base64url(pair.public_key().as_ref())})
            }
        }
    }

    /// The bytes of a signature; `algorithm` matters for RSA alone.
    pub(crate) fn sign(&self, algorithm: SigningAlgorithm, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let scheme: &dyn signature::RsaEncoding = match algorithm {
                    SigningAlgorithm::RS384 => &signature::RSA_PKCS1_SHA384,
                    SigningAlgorithm::RS512 => &signature::RSA_PKCS1_SHA512,
                    SigningAlgorithm::PS256 => &signature::RSA_PSS_SHA256,
                    SigningAlgorithm::PS384 => &signature::RSA_PSS_SHA384,
                    SigningAlgorithm::PS512 => &signature::RSA_PSS_SHA512,
                    _ => &signature::RSA_PKCS1_SHA256,
                };
                let mut out = vec![0; pair.public().modulus_len()];
                pair.sign(scheme, &random, message, &mut out).unwrap();
                out
            }
            Self::P256(pair) | Self::P384(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Self::Ed(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }

    /// A compact token with exactly this header text and payload.
    pub(crate) fn token(&self, algorithm: SigningAlgorithm, header: &str, payload: &str) -> String {
        let input = format!("{}.{}", base64url(header.as_bytes()), base64url(payload.as_bytes()));
        let signature = self.sign(algorithm, input.as_bytes());
        format!("{input}.{}", base64url(&signature))
    }
}
