//! Whom a TLS connection trusts: the public authorities of the machine, or exactly the certificates that an
//! administrator gave for one connection, never both (RFC 5280 §6.1.1 d).

use rustls::RootCertStore;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use thiserror::Error;

use crate::digest::sha256;
use crate::encoding::hex;

/// Most certificates in one trust.
pub const CERTIFICATE_LIMIT: usize = 64;
/// Longest PEM text, in bytes.
pub const PEM_LIMIT: usize = 512 * 1024;

/// Why a PEM text is no trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TrustFault {
    /// Longer than [`PEM_LIMIT`].
    #[error("the certificates are longer than {PEM_LIMIT} bytes")]
    TooLong,
    /// Not PEM.
    #[error("the text is not PEM")]
    NotPem,
    /// No certificate in it.
    #[error("the text holds no certificate")]
    Empty,
    /// More than [`CERTIFICATE_LIMIT`].
    #[error("the text holds more than {CERTIFICATE_LIMIT} certificates")]
    TooMany,
    /// A section is not an X.509 certificate; counted from 1.
    #[error("certificate {0} cannot be read")]
    Unreadable(usize),
}

/// The authorities that may vouch for a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// Those that the operating system trusts.
    Public,
    /// These and no others.
    Only(Vec<CertificateDer<'static>>),
}

impl Trust {
    /// Reads one to [`CERTIFICATE_LIMIT`] certificates; text around them and other sections are passed over.
    ///
    /// # Errors
    /// [`TrustFault`].
    pub fn from_pem(pem: &[u8]) -> Result<Self, TrustFault> {
        if pem.len() > PEM_LIMIT {
            return Err(TrustFault::TooLong);
        }
        let certificates = CertificateDer::pem_slice_iter(pem)
            .take(CERTIFICATE_LIMIT + 1)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| TrustFault::NotPem)?;
        match certificates.len() {
            0 => return Err(TrustFault::Empty),
            1..=CERTIFICATE_LIMIT => {}
            _ => return Err(TrustFault::TooMany),
        }
        let mut store = RootCertStore::empty();
        for (place, certificate) in certificates.iter().enumerate() {
            store.add(certificate.clone()).map_err(|_| TrustFault::Unreadable(place + 1))?;
        }
        Ok(Self::Only(certificates))
    }

    /// SHA-256 in hex, the same for the same certificates in any order. Connections are pooled by it, so that one made
    /// under one trust never serves a request under another.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut digests: Vec<[u8; 32]> = match self {
            Self::Public => return hex(&sha256(b"vestibule trust public")),
            Self::Only(certificates) => certificates.iter().map(|certificate| sha256(certificate)).collect(),
        };
        digests.sort_unstable();
        digests.dedup();
        hex(&sha256(&[b"vestibule trust only".as_slice(), digests.as_flattened()].concat()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testdata::{AUTHORITY_PEM, OTHER_AUTHORITY_PEM, SERVER_KEY_PEM};

    #[test]
    fn certificates_are_read_among_other_text() {
        let text = format!("# acme\n{OTHER_AUTHORITY_PEM}\nnotes\n{AUTHORITY_PEM}");
        let Trust::Only(found) = Trust::from_pem(text.as_bytes()).unwrap() else { panic!("public") };
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn what_is_no_trust_is_refused() {
        let broken = AUTHORITY_PEM.replacen("MII", "M!I", 1);
        let no_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let rows = [
            ("empty", String::new(), TrustFault::Empty),
            ("no PEM", "acme".to_owned(), TrustFault::Empty),
            ("key only", SERVER_KEY_PEM.to_owned(), TrustFault::Empty),
            ("broken base64", broken, TrustFault::NotPem),
            ("no end", AUTHORITY_PEM.replace("-----END CERTIFICATE-----", ""), TrustFault::NotPem),
            ("not X.509", format!("{AUTHORITY_PEM}{no_certificate}"), TrustFault::Unreadable(2)),
            ("65 certificates", AUTHORITY_PEM.repeat(65), TrustFault::TooMany),
            ("too long", " ".repeat(PEM_LIMIT + 1), TrustFault::TooLong),
        ];
        for (name, text, expected) in rows {
            assert_eq!(Trust::from_pem(text.as_bytes()), Err(expected), "{name}");
        }
        assert!(Trust::from_pem(AUTHORITY_PEM.repeat(64).as_bytes()).is_ok());
    }

    #[test]
    fn the_fingerprint_names_the_trust() {
        let read = |text: String| Trust::from_pem(text.as_bytes()).unwrap().fingerprint();
        let both = read(format!("{AUTHORITY_PEM}{OTHER_AUTHORITY_PEM}"));
        assert_eq!(both, read(format!("{OTHER_AUTHORITY_PEM}{AUTHORITY_PEM}{AUTHORITY_PEM}")));
        assert_ne!(both, read(AUTHORITY_PEM.to_owned()));
        assert_ne!(both, Trust::Public.fingerprint());
        assert_eq!(both.len(), 64);
    }
}
