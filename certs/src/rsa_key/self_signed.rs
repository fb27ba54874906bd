//! A certificate that a key signs for itself (RFC 5280 §4.1). Providers pin it, so it says the least that they all take:
//! a name, a validity, that it is no authority, and what its key is for.

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{BasicConstraints, KeyUsage};
use openssl::x509::{X509, X509Name};

use super::RsaKeyFault;
use crate::random;
use crate::x509::Certificate;

/// RFC 5280 appendix A.1, `ub-common-name-length`, in characters.
const COMMON_NAME_LIMIT: usize = 64;
/// 31 December 9999, 23:59:59: the last second that X.509 can write (RFC 5280 §4.1.2.5), in Unix time.
const LAST_SECOND: i64 = 253_402_300_799;

pub(super) fn make(
    key: &PKey<Private>,
    common_name: &str,
    not_before: i64,
    not_after: i64,
) -> Result<Certificate, RsaKeyFault> {
    let length = common_name.chars().count();
    if !(1..=COMMON_NAME_LIMIT).contains(&length) || common_name.chars().any(char::is_control) {
        return Err(RsaKeyFault::CommonName);
    }
    if not_before < 0 || not_before > not_after || not_after > LAST_SECOND {
        return Err(RsaKeyFault::Validity);
    }
    // RFC 5280 §4.1.2.2: unique for each issuer, and here every certificate is an issuer of that name.
    let serial: [u8; 16] = random::bytes().map_err(|_| RsaKeyFault::Unusable)?;
    let der = signed(key, common_name, &serial, [not_before, not_after]);
    Certificate::from_der(&der.map_err(|_| RsaKeyFault::Unusable)?).map_err(|_| RsaKeyFault::Unusable)
}

fn signed(
    key: &PKey<Private>,
    common_name: &str,
    serial: &[u8],
    validity: [i64; 2],
) -> Result<Vec<u8>, ErrorStack> {
    let mut name = X509Name::builder()?;
    name.append_entry_by_nid(Nid::COMMONNAME, common_name)?;
    let name = name.build();
    let [not_before, not_after] = validity;
    let mut certificate = X509::builder()?;
    // Counted from zero: version 3.
    certificate.set_version(2)?;
    let serial = BigNum::from_slice(serial)?.to_asn1_integer()?;
    certificate.set_serial_number(&serial)?;
    certificate.set_subject_name(&name)?;
    certificate.set_issuer_name(&name)?;
    certificate.set_not_before(&*Asn1Time::from_unix(not_before)?)?;
    certificate.set_not_after(&*Asn1Time::from_unix(not_after)?)?;
    certificate.set_pubkey(key)?;
    certificate.append_extension2(&*BasicConstraints::new().critical().build()?)?;
    let usage = KeyUsage::new().critical().digital_signature().key_encipherment().build()?;
    certificate.append_extension2(&usage)?;
    certificate.sign(key, MessageDigest::sha256())?;
    certificate.build().to_der()
}
