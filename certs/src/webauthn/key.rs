//! Keys of credentials, in COSE (RFC 9052 §7, RFC 9053 §7): ES256, Ed25519, RS256, each with exactly its own members.

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};

use super::cbor::{self, Value};
use crate::rsa_public;

/// A key that verifies by its one algorithm.
#[derive(Debug)]
pub(super) enum PublicKey<'a> {
    Es256([u8; 65]),
    EdDsa(&'a [u8; 32]),
    Rs256 { modulus: &'a [u8], exponent: &'a [u8] },
}

impl<'a> PublicKey<'a> {
    /// Reads one; none if it is of another kind, weak, or followed by anything.
    pub(super) fn read(cose: &'a [u8]) -> Option<Self> {
        let (key, rest) = cbor::read(cose)?;
        let Value::Map(members) = &key else { return None };
        if !rest.is_empty() {
            return None;
        }
        let number = |name| key.numbered(name).and_then(Value::integer);
        let bytes = |name| key.numbered(name).and_then(Value::bytes);
        // Type, algorithm; curve; how many members there are.
        match (number(1)?, number(3)?, number(-1), members.len()) {
            (2, -7, Some(1), 5) => {
                let (x, y) = (<&[u8; 32]>::try_from(bytes(-2)?), <&[u8; 32]>::try_from(bytes(-3)?));
                let mut point = [4; 65];
                let (_, place) = point.split_first_mut()?;
                place.iter_mut().zip(x.ok()?.iter().chain(y.ok()?)).for_each(|(place, byte)| *place = *byte);
                Some(Self::Es256(point))
            }
            (1, -8, Some(6), 4) => bytes(-2)?.try_into().ok().map(Self::EdDsa),
            (3, -257, None, 4) => {
                let (modulus, exponent) = (bytes(-1)?, bytes(-2)?);
                rsa_public::check(modulus, exponent).ok()?;
                Some(Self::Rs256 { modulus, exponent })
            }
            _ => None,
        }
    }

    /// Whether a signature holds. That of ECDSA is DER (§6.5.5).
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let held =
            match self {
                Self::Es256(point) => {
                    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(message, signature)
                }
                Self::EdDsa(key) => UnparsedPublicKey::new(&ED25519, key).verify(message, signature),
                Self::Rs256 { modulus, exponent } => RsaPublicKeyComponents { n: modulus, e: exponent }
                    .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature),
            };
        held.is_ok()
    }
}
