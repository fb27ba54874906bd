//! The provider's keys on elliptic curves, and ES256 signatures in shapes that must not pass (JWT-10).

use std::sync::LazyLock;

use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    Ed25519KeyPair, KeyPair,
};
use serde_json::{Map, Value, json};

use super::fault::EsForm;
use super::keys::{b64, object};

/// `kid` of the P-256 key.
pub(super) const ES256_KID: &str = "hostile-ec-1";
/// `kid` of the Ed25519 key.
pub(super) const ED25519_KID: &str = "hostile-ed-1";

/// The order of P-256 (SEC 2 §2.4.2).
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc,
    0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

#[expect(clippy::expect_used, reason = "a machine without randomness cannot run this counterpart at all")]
static P256: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
    document.expect("a P-256 key can be made").as_ref().to_vec()
});

#[expect(clippy::expect_used, reason = "a machine without randomness cannot run this counterpart at all")]
static ED25519: LazyLock<Ed25519KeyPair> = LazyLock::new(|| {
    let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("an Ed25519 key can be made");
    Ed25519KeyPair::from_pkcs8(document.as_ref()).expect("a fresh key can be read")
});

/// `SubjectPublicKeyInfo` up to the point of a P-256 key (RFC 5480 §2).
const P256_PREFIX: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// r and s, 64 octets (RFC 7518 §3.4).
pub(super) fn es256(message: &[u8]) -> Vec<u8> {
    sign(&ECDSA_P256_SHA256_FIXED_SIGNING, message)
}

/// A signature in a shape that RFC 7518 §3.4 does not know, or with numbers that no signer makes.
pub(super) fn es256_in(form: EsForm, message: &[u8]) -> Vec<u8> {
    match form {
        EsForm::Der => sign(&ECDSA_P256_SHA256_ASN1_SIGNING, message),
        EsForm::SixtyFive => [vec![0], es256(message)].concat(),
        EsForm::Zero => vec![0; 64],
        EsForm::Order => [ORDER, ORDER].concat(),
    }
}

/// RFC 8037 §3.1.
pub(super) fn ed25519(message: &[u8]) -> Vec<u8> {
    ED25519.sign(message).as_ref().to_vec()
}

/// The public half of the P-256 key as an uncompressed point: 4, x, y.
pub(super) fn es256_point() -> Vec<u8> {
    let point = pair(&ECDSA_P256_SHA256_FIXED_SIGNING).map(|pair| pair.public_key().as_ref().to_vec());
    point.unwrap_or_default()
}

/// The same in DER.
pub(super) fn es256_der() -> Vec<u8> {
    [P256_PREFIX.as_slice(), &es256_point()].concat()
}

/// The public half of the P-256 key.
pub(super) fn es256_jwk() -> Map<String, Value> {
    let point = es256_point();
    let (x, y) = point.get(1..).unwrap_or_default().split_at(32.min(point.len().saturating_sub(1)));
    object(json!({
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": ES256_KID, "x": b64(x), "y": b64(y)
    }))
}

/// The same with y = x: not on the curve.
pub(super) fn off_curve_jwk() -> Map<String, Value> {
    let mut jwk = es256_jwk();
    let x = jwk.get("x").cloned().unwrap_or_default();
    jwk.insert("y".to_owned(), x);
    jwk
}

/// The public half of the Ed25519 key.
pub(super) fn ed25519_jwk() -> Map<String, Value> {
    let x = b64(ED25519.public_key().as_ref());
    object(
        json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": ED25519_KID, "x": x }),
    )
}

fn pair(algorithm: &'static EcdsaSigningAlgorithm) -> Option<EcdsaKeyPair> {
    EcdsaKeyPair::from_pkcs8(algorithm, &P256, &SystemRandom::new()).ok()
}

fn sign(algorithm: &'static EcdsaSigningAlgorithm, message: &[u8]) -> Vec<u8> {
    let signed = pair(algorithm).and_then(|pair| pair.sign(&SystemRandom::new(), message).ok());
    signed.map(|signature| signature.as_ref().to_vec()).unwrap_or_default()
}
