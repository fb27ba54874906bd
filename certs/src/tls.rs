//! TLS on rustls and ring: versions 1.2 and 1.3, forward secrecy and authenticated ciphers only (RFC 9325 §3.1, §4.2),
//! HTTP/1.1 by ALPN, no early data, since a replayed early request could spend a sign-in (RFC 8446 §8).

use std::sync::{Arc, OnceLock};

use rustls::crypto::{CryptoProvider, ring};
use rustls::{ClientConfig, InconsistentKeys, RootCertStore, ServerConfig};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use thiserror::Error;

use crate::trust::Trust;

static VERSIONS: [&rustls::SupportedProtocolVersion; 2] = [&rustls::version::TLS13, &rustls::version::TLS12];
const ALPN: &[u8] = b"http/1.1";

/// Why TLS could not be set up. Key material is never part of the text.
#[derive(Debug, Error)]
pub enum TlsError {
    /// The machine has no public authorities, or they cannot be read.
    #[error("no public certificate authority was found on this machine")]
    NoPublicRoots,
    /// An authority of the trust cannot be used.
    #[error("a trusted certificate cannot be used")]
    Authority(#[source] rustls::Error),
    /// The certificate file holds no certificate.
    #[error("the certificate file holds no PEM certificate")]
    NoCertificate,
    /// The key file holds no private key.
    #[error("the key file holds no PEM private key")]
    NoKey,
    /// The private key does not belong to the certificate.
    #[error("the private key does not belong to the certificate")]
    Mismatch,
    /// rustls refuses for another reason.
    #[error("TLS cannot be set up")]
    Setup(#[source] rustls::Error),
}

/// For connections that we make. Servers are verified against `trust`; there is no way to turn that off.
///
/// # Errors
/// [`TlsError::NoPublicRoots`], [`TlsError::Authority`] and [`TlsError::Setup`].
pub fn client_config(trust: &Trust) -> Result<Arc<ClientConfig>, TlsError> {
    let roots = match trust {
        Trust::Public => public_roots()?,
        Trust::Only(certificates) => only(certificates)?,
    };
    let mut config = ClientConfig::builder_with_provider(provider())
        .with_protocol_versions(&VERSIONS)
        .map_err(TlsError::Setup)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.enable_early_data = false;
    Ok(Arc::new(config))
}

/// For connections that we accept. `cert_pem` is the chain, our own certificate first; `key_pem` its private key.
///
/// # Errors
/// [`TlsError::NoCertificate`], [`TlsError::NoKey`], [`TlsError::Mismatch`] and [`TlsError::Setup`].
pub fn server_config(cert_pem: &[u8], key_pem: &[u8]) -> Result<Arc<ServerConfig>, TlsError> {
    let chain = CertificateDer::pem_slice_iter(cert_pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| TlsError::NoCertificate)?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate);
    }
    let key = PrivateKeyDer::from_pem_slice(key_pem).map_err(|_| TlsError::NoKey)?;
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&VERSIONS)
        .map_err(TlsError::Setup)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| match error {
            rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => TlsError::Mismatch,
            other => TlsError::Setup(other),
        })?;
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.max_early_data_size = 0;
    Ok(Arc::new(config))
}

fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: OnceLock<Arc<CryptoProvider>> = OnceLock::new();
    Arc::clone(PROVIDER.get_or_init(|| Arc::new(ring::default_provider())))
}

/// The authorities of the machine, read once; a failure is not kept, so that the operator can mend it.
fn public_roots() -> Result<Arc<RootCertStore>, TlsError> {
    static ROOTS: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    if let Some(roots) = ROOTS.get() {
        return Ok(Arc::clone(roots));
    }
    let mut store = RootCertStore::empty();
    // Single unreadable files are common on real machines; only an empty result is a fault.
    store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if store.is_empty() {
        return Err(TlsError::NoPublicRoots);
    }
    Ok(Arc::clone(ROOTS.get_or_init(|| Arc::new(store))))
}

fn only(certificates: &[CertificateDer<'static>]) -> Result<Arc<RootCertStore>, TlsError> {
    let mut store = RootCertStore::empty();
    for certificate in certificates {
        store.add(certificate.clone()).map_err(TlsError::Authority)?;
    }
    Ok(Arc::new(store))
}

#[cfg(test)]
mod tests;
