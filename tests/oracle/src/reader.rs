//! samael as a service provider that knows one identity provider by one certificate.

use std::error::Error;

use chrono::Duration;
use samael::crypto::{AllowedSignatureAlgorithm, Crypto, CryptoProvider, ReduceMode};
use samael::key_info::{KeyInfo, X509Data};
use samael::metadata::{EntityDescriptor, KeyDescriptor};
use samael::schema::Assertion;
use samael::service_provider::ServiceProvider;

use super::Question;

type PrivateKey = <Crypto as CryptoProvider>::PrivateKey;

/// Signatures with SHA-1 are refused, as the product refuses them by default.
const ALGORITHMS: [AllowedSignatureAlgorithm; 6] = [
    AllowedSignatureAlgorithm::RsaSha256,
    AllowedSignatureAlgorithm::RsaSha384,
    AllowedSignatureAlgorithm::RsaSha512,
    AllowedSignatureAlgorithm::EcdsaSha256,
    AllowedSignatureAlgorithm::EcdsaSha384,
    AllowedSignatureAlgorithm::EcdsaSha512,
];

pub(super) fn of(question: &Question) -> Result<ServiceProvider, Box<dyn Error>> {
    let key = question.sp_key_pem.as_ref().map(|pem| PrivateKey::private_key_from_pem(pem.as_bytes()));
    Ok(ServiceProvider {
        entity_id: Some(question.audience.clone()),
        key: key.transpose()?,
        acs_url: Some(question.acs.clone()),
        idp_metadata: identity_provider(question)?,
        max_clock_skew: Duration::seconds(question.skew_seconds.into()),
        // A rule of the library's own, about IssueInstant; SAML has none.
        max_issue_delay: Duration::days(1),
        allowed_signature_algorithms: Some(ALGORITHMS.to_vec()),
        ..ServiceProvider::default()
    })
}

/// The strictest way to read is for one signature alone: it takes the octets that were digested, and nothing else. With
/// more of them the library has one that keeps what any of them covers.
pub(super) fn read(
    reader: &ServiceProvider,
    request_id: &str,
    message: &[u8],
) -> Result<Assertion, Box<dyn Error>> {
    let xml = std::str::from_utf8(message)?;
    // One in the opening and one in the closing tag.
    let several = xml.matches("SignatureValue").count() > 2;
    let mode = if several { ReduceMode::ValidateAndMarkNoAncestors } else { ReduceMode::PreDigest };
    Ok(reader.parse_xml_response_with_mode(xml, Some(&[request_id]), mode)?)
}

fn identity_provider(question: &Question) -> Result<EntityDescriptor, Box<dyn Error>> {
    // Its descriptor has no constructor, but it is read from metadata.
    let mut known: EntityDescriptor = concat!(
        r#"<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="">"#,
        r#"<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/></EntityDescriptor>"#
    )
    .parse()
    .map_err(|_| "the metadata does not parse")?;
    known.entity_id = Some(question.issuer.clone());
    let certificate = question.certificate_pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let descriptor = KeyDescriptor {
        key_use: Some("signing".to_owned()),
        key_info: KeyInfo { id: None, x509_data: Some(X509Data { certificates: vec![certificate] }) },
        encryption_methods: None,
    };
    for provider in known.idp_sso_descriptors.iter_mut().flatten() {
        provider.key_descriptors = vec![descriptor.clone()];
    }
    Ok(known)
}
