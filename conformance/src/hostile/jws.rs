//! Which key signs, what the header says of it, and what the key set publishes: the good way and every
//! way that [`Signing`] names (RFC 7515, RFC 7518, RFC 8725).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::{Map, Value, json};

use super::elliptic::{
    ED25519_KID, ES256_KID, ed25519, ed25519_jwk, es256, es256_der, es256_in, es256_jwk, es256_point,
    off_curve_jwk,
};
use super::fault::{Embedded, HmacKey, Signing};
use super::keys::{ATTACKER, EXPONENT_THREE, RsaKey, WEAK, b64, object, pem};

/// The `oct` key that a key set should never publish.
const PUBLISHED_OCT: &[u8] = b"a key that everybody can read in the key set";
const OCT_KID: &str = "hostile-oct-1";

/// How one token is signed.
pub(super) struct Signer<'a> {
    pub(super) fault: Option<Signing>,
    /// The good key of the moment.
    pub(super) key: &'a RsaKey,
    pub(super) client_secret: &'a str,
    /// An address of the attacker's.
    pub(super) attacker: &'a str,
}

impl Signer<'_> {
    /// The header that fits the signature, before edits.
    pub(super) fn header(&self) -> Map<String, Value> {
        let (alg, kid) = self.names();
        let mut header = object(json!({ "alg": alg, "kid": kid, "typ": "JWT" }));
        if let Some(Signing::Embedded(place)) = self.fault {
            let (name, value) = match place {
                Embedded::Jku => ("jku", json!(self.attacker)),
                Embedded::X5u => ("x5u", json!(self.attacker)),
                Embedded::Jwk => ("jwk", json!(ATTACKER.jwk())),
                Embedded::X5c => ("x5c", json!([STANDARD.encode(ATTACKER.public_der())])),
            };
            header.insert(name.to_owned(), value);
        }
        header
    }

    fn names(&self) -> (&'static str, &'static str) {
        match self.fault {
            None
            | Some(
                Signing::EmptySignature | Signing::PssUnderRs256 | Signing::BadRs256 | Signing::ForeignKey,
            ) => ("RS256", self.key.kid),
            Some(Signing::Es256 | Signing::BadEs256 | Signing::Es256Form(_) | Signing::Es256OffCurve) => {
                ("ES256", ES256_KID)
            }
            Some(Signing::EdDsa) => ("EdDSA", ED25519_KID),
            Some(Signing::Unsigned(alg)) => (alg, self.key.kid),
            Some(Signing::Hs256(HmacKey::PublishedOct)) => ("HS256", OCT_KID),
            Some(Signing::Hs256(HmacKey::EcPem | HmacKey::EcDer | HmacKey::EcJwk | HmacKey::EcPoint)) => {
                ("HS256", ES256_KID)
            }
            Some(
                Signing::Hs256(HmacKey::Pem | HmacKey::Der | HmacKey::Jwk | HmacKey::ClientSecret)
                | Signing::BadHs256,
            ) => ("HS256", self.key.kid),
            Some(Signing::Pkcs1UnderPs256) => ("PS256", self.key.kid),
            Some(Signing::WeakRsa) => ("RS256", WEAK.kid),
            Some(Signing::ExponentThree) => ("RS256", EXPONENT_THREE.kid),
            Some(Signing::Embedded(_)) => ("RS256", ATTACKER.kid),
        }
    }

    /// The signature's octets over the signing input.
    pub(super) fn sign(&self, input: &[u8]) -> Vec<u8> {
        match self.fault {
            None | Some(Signing::Pkcs1UnderPs256) => self.key.pkcs1(input),
            Some(Signing::BadRs256) => flipped(self.key.pkcs1(input)),
            Some(Signing::PssUnderRs256) => self.key.pss(input),
            Some(Signing::Unsigned(_) | Signing::EmptySignature) => Vec::new(),
            Some(Signing::Es256 | Signing::Es256OffCurve) => es256(input),
            Some(Signing::BadEs256) => flipped(es256(input)),
            Some(Signing::Es256Form(form)) => es256_in(form, input),
            Some(Signing::EdDsa) => ed25519(input),
            Some(Signing::Hs256(key)) => self.hs256(key, input),
            Some(Signing::BadHs256) => flipped(self.hs256(HmacKey::ClientSecret, input)),
            Some(Signing::WeakRsa) => WEAK.pkcs1(input),
            Some(Signing::ExponentThree) => EXPONENT_THREE.pkcs1(input),
            Some(Signing::Embedded(_) | Signing::ForeignKey) => ATTACKER.pkcs1(input),
        }
    }

    /// JWT-02: a verifier that lets the token choose the algorithm takes a public key for a secret.
    fn hs256(&self, key: HmacKey, input: &[u8]) -> Vec<u8> {
        let secret = match key {
            HmacKey::Pem => self.key.public_pem().into_bytes(),
            HmacKey::Der => self.key.public_der(),
            HmacKey::Jwk => Value::Object(self.key.jwk()).to_string().into_bytes(),
            HmacKey::EcPem => pem(&es256_der()).into_bytes(),
            HmacKey::EcDer => es256_der(),
            HmacKey::EcJwk => Value::Object(es256_jwk()).to_string().into_bytes(),
            HmacKey::EcPoint => es256_point(),
            HmacKey::PublishedOct => PUBLISHED_OCT.to_vec(),
            HmacKey::ClientSecret => self.client_secret.as_bytes().to_vec(),
        };
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), input).as_ref().to_vec()
    }

    /// Keys that the set publishes beside the good one, so that the signature is the only fault.
    pub(super) fn published(&self) -> Option<Map<String, Value>> {
        match self.fault {
            Some(
                Signing::Es256
                | Signing::BadEs256
                | Signing::Es256Form(_)
                | Signing::Hs256(HmacKey::EcPem | HmacKey::EcDer | HmacKey::EcJwk | HmacKey::EcPoint),
            ) => Some(es256_jwk()),
            Some(Signing::Es256OffCurve) => Some(off_curve_jwk()),
            Some(Signing::EdDsa) => Some(ed25519_jwk()),
            Some(Signing::WeakRsa) => Some(WEAK.jwk()),
            Some(Signing::ExponentThree) => Some(EXPONENT_THREE.jwk()),
            Some(Signing::Hs256(HmacKey::PublishedOct)) => {
                let k = b64(PUBLISHED_OCT);
                Some(object(json!({ "kty": "oct", "use": "sig", "alg": "HS256", "kid": OCT_KID, "k": k })))
            }
            None
            | Some(
                Signing::Unsigned(_)
                | Signing::EmptySignature
                | Signing::Hs256(HmacKey::Pem | HmacKey::Der | HmacKey::Jwk | HmacKey::ClientSecret)
                | Signing::BadHs256
                | Signing::PssUnderRs256
                | Signing::Pkcs1UnderPs256
                | Signing::BadRs256
                | Signing::Embedded(_)
                | Signing::ForeignKey,
            ) => None,
        }
    }
}

/// The last bit of the last octet is the other way round.
fn flipped(mut signature: Vec<u8>) -> Vec<u8> {
    if let Some(last) = signature.last_mut() {
        *last ^= 1;
    }
    signature
}
