//! A provider's certificate: a key with a name and a time, nothing more. Trust comes from where it was pinned, never
//! from its issuer, so that issuer, extensions and its own signature are not looked at (SAML-06, SAML-61).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use thiserror::Error;
use x509_parser::objects::oid_registry;
use x509_parser::x509::X509Name;

use crate::digest::sha256;
use crate::verifying_key::{KeyFault, VerifyingKey};

/// Longest certificate, in bytes of DER.
pub const DER_LIMIT: usize = 16 * 1024;
/// Most certificates in one text.
pub const CERTIFICATE_LIMIT: usize = 16;
/// Longest text of certificates, in bytes.
pub const PEM_LIMIT: usize = 512 * 1024;
/// Longest name of a subject, in characters.
const SUBJECT_LIMIT: usize = 256;

/// Why certificates are not taken, for the administrator who gave them.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CertificateFault {
    /// More than [`DER_LIMIT`] in a certificate, or than [`PEM_LIMIT`] in a text.
    #[error("the certificate is too long")]
    TooLong,
    /// More than [`CERTIFICATE_LIMIT`].
    #[error("the text holds more than {CERTIFICATE_LIMIT} certificates")]
    TooMany,
    /// No certificate in the text.
    #[error("the text holds no certificate")]
    None,
    /// A private key stands in the text; whoever has read the text may hold it.
    #[error("the text holds a private key, which must not leave its owner")]
    PrivateKey,
    /// Not X.509, or not PEM.
    #[error("the certificate cannot be read: {0}")]
    Malformed(String),
    /// The key in it is not taken.
    #[error(transparent)]
    Key(#[from] KeyFault),
}

/// SHA-256 of a certificate in DER, as upper-case pairs of hex with colons between, which is how other tools show it.
#[must_use]
pub fn fingerprint(der: &[u8]) -> String {
    sha256(der).map(|byte| format!("{byte:02X}")).join(":")
}

/// A certificate that was read whole, with a key that may verify.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    subject: String,
    not_before: i64,
    not_after: i64,
    key: VerifyingKey,
}

impl Certificate {
    /// Reads one certificate of at most [`DER_LIMIT`] bytes. Whether it is valid at a time is asked apart.
    ///
    /// # Errors
    /// [`CertificateFault`], also when bytes follow.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateFault> {
        if der.len() > DER_LIMIT {
            return Err(CertificateFault::TooLong);
        }
        let (rest, read) =
            x509_parser::parse_x509_certificate(der).map_err(|_| malformed("it is not X.509"))?;
        if !rest.is_empty() {
            return Err(malformed("bytes follow it"));
        }
        let validity = read.validity();
        Ok(Self {
            der: der.to_vec(),
            subject: readable(read.subject()),
            not_before: validity.not_before.timestamp(),
            not_after: validity.not_after.timestamp(),
            key: VerifyingKey::from_spki(read.public_key().raw)?,
        })
    }

    /// Reads one to [`CERTIFICATE_LIMIT`] certificates from a text of at most [`PEM_LIMIT`] bytes (RFC 7468 §5); what
    /// stands around them is passed over, but a private key is not.
    ///
    /// # Errors
    /// [`CertificateFault`], that of the first certificate that is not taken.
    pub fn from_pem(text: &str) -> Result<Vec<Self>, CertificateFault> {
        if text.len() > PEM_LIMIT {
            return Err(CertificateFault::TooLong);
        }
        if text.contains("PRIVATE KEY-----") {
            return Err(CertificateFault::PrivateKey);
        }
        let found = CertificateDer::pem_slice_iter(text.as_bytes())
            .take(CERTIFICATE_LIMIT + 1)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| malformed("the text is not PEM"))?;
        match found.len() {
            0 => Err(CertificateFault::None),
            1..=CERTIFICATE_LIMIT => found.iter().map(|der| Self::from_der(der)).collect(),
            _ => Err(CertificateFault::TooMany),
        }
    }

    /// The bytes as they were read.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The text of RFC 7468 §5.1, with lines of 64 letters and a line end at its end.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let mut text = "-----BEGIN CERTIFICATE-----\n".to_owned();
        // Forty-eight bytes are sixty-four letters.
        for line in self.der.chunks(48) {
            STANDARD.encode_string(line, &mut text);
            text.push('\n');
        }
        text.push_str("-----END CERTIFICATE-----\n");
        text
    }

    /// The name of its holder for people, as `C=.., O=.., CN=..` and of at most 256 characters. Its holder chose it:
    /// nothing is decided by it, and what could disturb a page or a terminal is escaped.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The first second of its validity, in Unix time.
    #[must_use]
    pub const fn not_before(&self) -> i64 {
        self.not_before
    }

    /// The last second of its validity, in Unix time.
    #[must_use]
    pub const fn not_after(&self) -> i64 {
        self.not_after
    }

    /// Whether it is valid at a Unix time; both ends belong to the validity (RFC 5280 §4.1.2.5).
    #[must_use]
    pub const fn is_valid_at(&self, unix_seconds: i64) -> bool {
        self.not_before <= unix_seconds && unix_seconds <= self.not_after
    }

    /// Its [`fingerprint`].
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.der)
    }

    /// The key that verifies what its holder signs.
    #[must_use]
    pub const fn key(&self) -> &VerifyingKey {
        &self.key
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({}, {})", self.subject, self.fingerprint())
    }
}

fn malformed(why: &str) -> CertificateFault {
    CertificateFault::Malformed(why.to_owned())
}

fn readable(name: &X509Name<'_>) -> String {
    // Names in alphabets before Unicode have no reading that everybody agrees on.
    name.to_string_with_registry(oid_registry())
        .map_or_else(|_| "(unreadable)".to_owned(), |text| shown(&text))
}

/// The text up to [`SUBJECT_LIMIT`] characters; an escape is never cut.
fn shown(text: &str) -> String {
    let mut out = String::new();
    let mut room = SUBJECT_LIMIT;
    for character in text.chars() {
        let piece =
            if disturbs(character) { character.escape_unicode().to_string() } else { character.to_string() };
        let Some(left) = room.checked_sub(piece.chars().count()) else { break };
        out.push_str(&piece);
        room = left;
    }
    out
}

/// Control characters, and those of Unicode that are not seen themselves but reorder or break what stands beside them.
fn disturbs(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests;
