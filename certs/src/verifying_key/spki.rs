//! `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7) read strictly: every sequence has exactly the elements of its definition,
//! so one key has one text.

use ring::agreement::{Algorithm, ECDH_P256, ECDH_P384};
use x509_parser::asn1_rs::{Any, Class, FromDer as _, Oid, Tag};
use x509_parser::oid_registry::{
    OID_EC_P256, OID_KEY_TYPE_EC_PUBLIC_KEY, OID_NIST_EC_P384, OID_PKCS1_RSAENCRYPTION,
};

use super::KeyFault;
use crate::jwk::is_on_curve;

/// Longest key, in bytes: an RSA key of 8192 bits takes little more than one kibibyte.
pub(super) const LIMIT: usize = 4 * 1024;

/// Most letters of an object identifier in a message.
const SHOWN: usize = 64;

/// What a key consists of. Nothing is known of the strength of RSA numbers yet; points lie on their curve.
#[derive(Debug)]
pub(super) enum Parts<'a> {
    Rsa { modulus: &'a [u8], exponent: &'a [u8] },
    P256(&'a [u8]),
    P384(&'a [u8]),
}

/// Reads the whole of `der`.
///
/// # Errors
/// [`KeyFault::Malformed`] and [`KeyFault::Unsupported`].
pub(super) fn read(der: &[u8]) -> Result<Parts<'_>, KeyFault> {
    let parts = Some(der).filter(|der| der.len() <= LIMIT).and_then(elements);
    let Some([whole]) = parts.as_deref() else { return Err(KeyFault::Malformed) };
    let parts = sequence(whole).ok_or(KeyFault::Malformed)?;
    let [algorithm, bits] = parts.as_slice() else { return Err(KeyFault::Malformed) };
    let algorithm = sequence(algorithm).ok_or(KeyFault::Malformed)?;
    let (kind, parameters) = algorithm.split_first().ok_or(KeyFault::Malformed)?;
    let kind = oid(kind).ok_or(KeyFault::Malformed)?;
    // X.690 §8.6.2: the first byte counts the bits that do not belong to the string; a key is whole bytes.
    let key = primitive(bits, Tag::BitString).and_then(|bits| bits.strip_prefix(&[0]));
    let key = key.ok_or(KeyFault::Malformed)?;
    if kind == OID_PKCS1_RSAENCRYPTION {
        rsa(parameters, key).ok_or(KeyFault::Malformed)
    } else if kind == OID_KEY_TYPE_EC_PUBLIC_KEY {
        ec(parameters, key)
    } else {
        Err(KeyFault::Unsupported(format!("key type {}", shown(&kind))))
    }
}

/// RFC 3279 §2.3.1: the parameters are NULL; some issuers leave them out.
fn rsa<'a>(parameters: &[Any<'_>], key: &'a [u8]) -> Option<Parts<'a>> {
    match parameters {
        [] => {}
        [null] if primitive(null, Tag::Null) == Some(&[]) => {}
        _ => return None,
    }
    let whole = elements(key)?;
    let [whole] = whole.as_slice() else { return None };
    let numbers = sequence(whole)?;
    let [modulus, exponent] = numbers.as_slice() else { return None };
    Some(Parts::Rsa { modulus: positive(modulus)?, exponent: positive(exponent)? })
}

/// RFC 5480 §2.1.1: a named curve. Curves written out are refused: their base point may be anybody's (CVE-2020-0601).
fn ec<'a>(parameters: &[Any<'_>], point: &'a [u8]) -> Result<Parts<'a>, KeyFault> {
    let [parameters] = parameters else { return Err(KeyFault::Malformed) };
    let curve = oid(parameters).ok_or_else(|| KeyFault::Unsupported("a curve without a name".to_owned()))?;
    if curve == OID_EC_P256 {
        on_curve(&ECDH_P256, 32, point).map(Parts::P256)
    } else if curve == OID_NIST_EC_P384 {
        on_curve(&ECDH_P384, 48, point).map(Parts::P384)
    } else {
        Err(KeyFault::Unsupported(format!("curve {}", shown(&curve))))
    }
}

/// SEC 1 §2.3.3: 4 | x | y, both of the curve's full length in bytes.
fn on_curve<'a>(curve: &'static Algorithm, length: usize, point: &'a [u8]) -> Result<&'a [u8], KeyFault> {
    match point.first() {
        Some(2 | 3) => Err(KeyFault::Unsupported("a compressed point".to_owned())),
        Some(4) if point.len() == 2 * length + 1 && is_on_curve(curve, point) => Ok(point),
        _ => Err(KeyFault::Malformed),
    }
}

/// X.690 §8.3: the fewest bytes of a number above zero, without the sign's zero.
fn positive<'a>(number: &Any<'a>) -> Option<&'a [u8]> {
    match primitive(number, Tag::Integer)? {
        [0, above @ ..] if above.first().is_some_and(|first| *first >= 0x80) => Some(above),
        number @ [1..=0x7f, ..] => Some(number),
        _ => None,
    }
}

fn oid<'a>(element: &Any<'a>) -> Option<Oid<'a>> {
    primitive(element, Tag::Oid).map(|bytes| Oid::new(bytes.into()))
}

fn shown(oid: &Oid<'_>) -> String {
    oid.to_string().chars().take(SHOWN).collect()
}

fn sequence<'a>(element: &Any<'a>) -> Option<Vec<Any<'a>>> {
    let header = &element.header;
    let is_one = header.tag() == Tag::Sequence && header.class() == Class::Universal && header.constructed();
    if is_one { elements(element.data) } else { None }
}

fn primitive<'a>(element: &Any<'a>, tag: Tag) -> Option<&'a [u8]> {
    let header = &element.header;
    let is_one = header.tag() == tag && header.class() == Class::Universal && !header.constructed();
    is_one.then_some(element.data)
}

/// The elements that follow one another to the end of the bytes.
fn elements(mut rest: &[u8]) -> Option<Vec<Any<'_>>> {
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (behind, element) = Any::from_der(rest).ok()?;
        found.push(element);
        rest = behind;
    }
    Some(found)
}
