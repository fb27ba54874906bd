//! A small certificate authority and the directory's certificate, as a domain with its own authority has them.

use std::net::IpAddr;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, SanType, date_time_ymd,
};
use serde::{Deserialize, Serialize};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// Certificate and key, and the authority that whoever connects has to trust. PEM throughout.
///
/// It can be written to a file and read again, so that a trust once given lasts.
#[derive(Clone, Serialize, Deserialize)]
pub struct DirectoryTls {
    /// The authority's certificate. Its key is gone.
    pub ca_pem: String,
    /// The directory's own certificate.
    pub certificate_pem: String,
    /// PKCS#8. Secret.
    pub key_pem: String,
}

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// No certificate could be made, or a name is none.
    #[error("the directory's certificate cannot be made: {0}")]
    Certificate(#[from] rcgen::Error),
    /// What was kept is no PEM.
    #[error("the directory's certificate cannot be read: {0}")]
    Pem(#[from] rustls::pki_types::pem::Error),
    /// Certificate and key do not belong together.
    #[error("the directory's certificate is of no use: {0}")]
    Tls(#[from] rustls::Error),
}

/// When a certificate is valid: from a year to the first day of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Years(pub(crate) i32, pub(crate) i32);

/// Long enough for every data directory of a demo.
pub(crate) const VALID: Years = Years(2020, 2070);

/// A certificate authority while it has its key.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Result<Self, TlsError> {
        Ok(Self(CertifiedIssuer::self_signed(authority(), KeyPair::generate()?)?))
    }

    pub(crate) fn issue(
        &self,
        names: &[&str],
        addresses: &[IpAddr],
        years: Years,
    ) -> Result<DirectoryTls, TlsError> {
        let key = KeyPair::generate()?;
        let certificate = leaf(names, addresses, years)?.signed_by(&key, &self.0)?.pem();
        Ok(DirectoryTls { ca_pem: self.0.pem(), certificate_pem: certificate, key_pem: key.serialize_pem() })
    }
}

impl DirectoryTls {
    /// A new authority, and a certificate of it for these names and addresses (ECDSA P-256, to 2070).
    ///
    /// # Errors
    /// When a name is no DNS name, or the machine has no randomness.
    pub fn generate(names: &[&str], addresses: &[IpAddr]) -> Result<Self, TlsError> {
        Authority::new()?.issue(names, addresses, VALID)
    }

    /// A certificate that vouches for itself; who trusts it names it as the authority.
    #[cfg(feature = "hostile")]
    pub(crate) fn self_signed(names: &[&str], addresses: &[IpAddr]) -> Result<Self, TlsError> {
        let key = KeyPair::generate()?;
        let pem = leaf(names, addresses, VALID)?.self_signed(&key)?.pem();
        Ok(Self { ca_pem: pem.clone(), certificate_pem: pem, key_pem: key.serialize_pem() })
    }

    /// What a listener needs: TLS 1.2 and 1.3, no client certificate.
    ///
    /// # Errors
    /// When certificate or key cannot be read or do not belong together.
    pub fn acceptor(&self) -> Result<TlsAcceptor, TlsError> {
        let certificate = CertificateDer::from_pem_slice(self.certificate_pem.as_bytes())?;
        let key = PrivateKeyDer::from_pem_slice(self.key_pem.as_bytes())?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

fn authority() -> CertificateParams {
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, "Sandbox directory authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    (authority.not_before, authority.not_after) =
        (date_time_ymd(VALID.0, 1, 1), date_time_ymd(VALID.1, 1, 1));
    authority
}

fn leaf(names: &[&str], addresses: &[IpAddr], years: Years) -> Result<CertificateParams, rcgen::Error> {
    let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
    let mut leaf = CertificateParams::new(names)?;
    leaf.subject_alt_names.extend(addresses.iter().copied().map(SanType::IpAddress));
    leaf.distinguished_name.push(DnType::CommonName, "Sandbox directory");
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    leaf.use_authority_key_identifier_extension = true;
    (leaf.not_before, leaf.not_after) = (date_time_ymd(years.0, 1, 1), date_time_ymd(years.1, 1, 1));
    Ok(leaf)
}
