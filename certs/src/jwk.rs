//! One foreign key, read strictly (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2). Whatever is odd about a key makes it unusable,
//! with a reason that an operator can read; the other keys of the set stay (JWT-03, JWT-09).

use jsonwebtoken::DecodingKey;
use ring::agreement::{self, EphemeralPrivateKey};
use ring::rand::SystemRandom;
use serde_json::{Map, Value};
use thiserror::Error;

use crate::algorithm::SigningAlgorithm as Algorithm;
use crate::encoding::from_base64url;
use crate::rsa_public::{self, RsaPublicFault};

/// Longest key id, in bytes.
pub const KID_LIMIT: usize = 512;

/// Members that only a private or symmetric key has (RFC 7518 §6.2.2, §6.3.2, §6.4.1).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A key that may verify signatures, with the algorithms that fit it.
#[derive(Debug, Clone)]
pub struct VerificationKey {
    /// The name in the set, compared byte by byte.
    pub kid: Option<String>,
    /// Never empty; one element when the key names its algorithm.
    pub algorithms: Vec<Algorithm>,
    /// The key itself.
    pub decoding: DecodingKey,
}

/// Why a key of a set is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum IgnoredReason {
    /// A member is absent, of the wrong type, or not canonical.
    #[error("the member `{0}` is missing or malformed")]
    Malformed(&'static str),
    /// The element is not a JSON object.
    #[error("the key is not an object")]
    NotAnObject,
    /// A private or symmetric member is published; the key must be taken as known to everybody.
    #[error("the key publishes private members")]
    PrivateMembers,
    /// `kty` is `oct` or unknown.
    #[error("the key type is not RSA, EC or OKP")]
    KeyType,
    /// `crv` is not P-256, P-384 or Ed25519.
    #[error("the curve is not P-256, P-384 or Ed25519")]
    Curve,
    /// `use` or `key_ops` say that it does not verify signatures.
    #[error("the key is not for signatures")]
    NotForSignatures,
    /// `alg` is unknown or does not fit the type of the key.
    #[error("the algorithm does not fit the key")]
    Algorithm,
    /// The modulus has less than 2048 or more than 8192 bits, or is even.
    #[error("{}", RsaPublicFault::Modulus)]
    Modulus,
    /// The exponent is even, less than 65537 or more than 2^33.
    #[error("{}", RsaPublicFault::Exponent)]
    Exponent,
    /// The modulus carries the ROCA fingerprint.
    #[error("{}", RsaPublicFault::Roca)]
    Roca,
    /// The coordinates do not lie on the curve.
    #[error("the point is not on its curve")]
    OffCurve,
}

impl From<RsaPublicFault> for IgnoredReason {
    fn from(fault: RsaPublicFault) -> Self {
        match fault {
            RsaPublicFault::Modulus => Self::Modulus,
            RsaPublicFault::Exponent => Self::Exponent,
            RsaPublicFault::Roca => Self::Roca,
        }
    }
}

/// The key id of an element, if it has a usable one; for reports on ignored keys too.
pub(crate) fn kid_of(key: &Value) -> Option<String> {
    key.get("kid")?.as_str().filter(|kid| kid.len() <= KID_LIMIT).map(str::to_owned)
}

/// Reads one element of `keys`.
pub(crate) fn read(key: &Value) -> Result<VerificationKey, IgnoredReason> {
    let members = key.as_object().ok_or(IgnoredReason::NotAnObject)?;
    let kid = kid_of(key);
    if members.contains_key("kid") && kid.is_none() {
        return Err(IgnoredReason::Malformed("kid"));
    }
    // JWT-09: a published private key signs for everybody, whatever its public half looks like.
    if PRIVATE_MEMBERS.iter().any(|name| members.contains_key(*name)) {
        return Err(IgnoredReason::PrivateMembers);
    }
    verifies(members)?;
    let (decoding, fitting) = match text(members, "kty")? {
        "RSA" => rsa(members)?,
        "EC" => ec(members)?,
        "OKP" => okp(members)?,
        // `oct` among them: a remote set never gives a shared secret (JWT-09).
        _ => return Err(IgnoredReason::KeyType),
    };
    Ok(VerificationKey { kid, algorithms: narrowed(members, fitting)?, decoding })
}

/// RFC 7517 §4.2 and §4.3: where a key says what it is for, it must say that it verifies (JWT-03).
fn verifies(members: &Map<String, Value>) -> Result<(), IgnoredReason> {
    if members.contains_key("use") && text(members, "use")? != "sig" {
        return Err(IgnoredReason::NotForSignatures);
    }
    let Some(operations) = members.get("key_ops") else { return Ok(()) };
    let operations = operations.as_array().ok_or(IgnoredReason::Malformed("key_ops"))?;
    if operations.iter().any(|operation| operation.as_str() == Some("verify")) {
        Ok(())
    } else {
        Err(IgnoredReason::NotForSignatures)
    }
}

/// RFC 8725 §3.1: a key that names its algorithm serves that one only; PS and RS are not exchanged (JWT-03).
fn narrowed(members: &Map<String, Value>, fitting: &[Algorithm]) -> Result<Vec<Algorithm>, IgnoredReason> {
    if !members.contains_key("alg") {
        return Ok(fitting.to_vec());
    }
    let algorithm = Algorithm::parse(text(members, "alg")?).ok_or(IgnoredReason::Algorithm)?;
    if fitting.contains(&algorithm) { Ok(vec![algorithm]) } else { Err(IgnoredReason::Algorithm) }
}

type Read = (DecodingKey, &'static [Algorithm]);

fn rsa(members: &Map<String, Value>) -> Result<Read, IgnoredReason> {
    const FITTING: [Algorithm; 6] = [
        Algorithm::RS256,
        Algorithm::RS384,
        Algorithm::RS512,
        Algorithm::PS256,
        Algorithm::PS384,
        Algorithm::PS512,
    ];
    let modulus = unsigned(members, "n")?;
    let exponent = unsigned(members, "e")?;
    rsa_public::check(&modulus, &exponent)?;
    Ok((DecodingKey::from_rsa_raw_components(&modulus, &exponent), &FITTING))
}

fn ec(members: &Map<String, Value>) -> Result<Read, IgnoredReason> {
    let (length, curve, fitting): (_, &'static agreement::Algorithm, &[Algorithm]) =
        match text(members, "crv")? {
            "P-256" => (32, &agreement::ECDH_P256, &[Algorithm::ES256]),
            "P-384" => (48, &agreement::ECDH_P384, &[Algorithm::ES384]),
            _ => return Err(IgnoredReason::Curve),
        };
    // RFC 7518 §6.2.1.2: coordinates have the full length, leading zeros included. SEC 1 §2.3.3: 4 | x | y.
    let mut point = vec![4];
    point.extend(fixed(members, "x", length)?);
    point.extend(fixed(members, "y", length)?);
    if !is_on_curve(curve, &point) {
        return Err(IgnoredReason::OffCurve);
    }
    Ok((DecodingKey::from_ec_der(&point), fitting))
}

fn okp(members: &Map<String, Value>) -> Result<Read, IgnoredReason> {
    if text(members, "crv")? != "Ed25519" {
        return Err(IgnoredReason::Curve);
    }
    Ok((DecodingKey::from_ed_der(&fixed(members, "x", 32)?), &[Algorithm::EdDSA]))
}

/// ring tells whether a point is valid (SEC 1 §3.2.2.1) only where it uses one: an agreement whose result is dropped.
pub(crate) fn is_on_curve(curve: &'static agreement::Algorithm, point: &[u8]) -> bool {
    let peer = agreement::UnparsedPublicKey::new(curve, point);
    EphemeralPrivateKey::generate(curve, &SystemRandom::new())
        .is_ok_and(|ours| agreement::agree_ephemeral(ours, &peer, |_| ()).is_ok())
}

fn text<'a>(members: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, IgnoredReason> {
    members.get(name).and_then(Value::as_str).ok_or(IgnoredReason::Malformed(name))
}

fn fixed(members: &Map<String, Value>, name: &'static str, length: usize) -> Result<Vec<u8>, IgnoredReason> {
    let bytes = from_base64url(text(members, name)?).ok_or(IgnoredReason::Malformed(name))?;
    if bytes.len() == length { Ok(bytes) } else { Err(IgnoredReason::Malformed(name)) }
}

/// RFC 7518 §2, `Base64urlUInt`: the fewest bytes that hold the number, so never a leading zero.
fn unsigned(members: &Map<String, Value>, name: &'static str) -> Result<Vec<u8>, IgnoredReason> {
    let bytes = from_base64url(text(members, name)?).ok_or(IgnoredReason::Malformed(name))?;
    if bytes.first().is_none_or(|first| *first == 0) {
        Err(IgnoredReason::Malformed(name))
    } else {
        Ok(bytes)
    }
}
