//! Us, as a service provider: keys, certificates and metadata (saml-metadata §2.4.4).

use vestibule_certs::rsa_key::{OaepHash, RsaKey};
use vestibule_certs::x509::Certificate;
use zeroize::Zeroizing;

use super::decrypt::Decryption;
use super::request::x509_data;
use super::writer::Writer;
use super::xml::namespace;

const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
/// What `decrypt` takes, the best first.
const ENCRYPTION: [&str; 4] = [
    "http://www.w3.org/2009/xmlenc11#aes256-gcm",
    "http://www.w3.org/2009/xmlenc11#aes128-gcm",
    "http://www.w3.org/2009/xmlenc11#rsa-oaep",
    "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
];

/// A key with the certificate that providers know it by.
#[derive(Debug)]
pub struct KeyPair {
    /// The private key.
    pub key: RsaKey,
    /// Its certificate, signed by itself: trust comes from where it was put.
    pub certificate: Certificate,
}

/// Now and next, so that a provider can take the next certificate before it is used.
#[derive(Debug)]
pub struct Rollover {
    /// In use.
    pub current: KeyPair,
    /// Published ahead.
    pub next: KeyPair,
}

/// The keys of the deployment's service provider.
#[derive(Debug)]
pub struct ServiceProviderKeys {
    /// Signs requests.
    pub signing: Rollover,
    /// Opens encrypted assertions; a provider may use either.
    pub encryption: Rollover,
}

impl Decryption for ServiceProviderKeys {
    fn unwrap(
        &self,
        wrapped: &[u8],
        digest: OaepHash,
        mask: OaepHash,
        length: usize,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let Rollover { current, next } = &self.encryption;
        [current, next]
            .into_iter()
            .filter_map(|pair| pair.key.decrypt_oaep(wrapped, digest, mask).ok())
            .find(|key| key.len() == length)
    }
}

/// Where the service provider is reached.
#[derive(Debug, Clone, Copy)]
pub struct Addresses<'a> {
    /// Our name.
    pub entity_id: &'a str,
    /// Where responses arrive, by POST alone.
    pub acs: &'a str,
    /// Where answers to logout requests arrive (SML-04).
    pub logout: &'a str,
}

/// The metadata document.
#[must_use]
pub fn metadata(addresses: Addresses<'_>, keys: &ServiceProviderKeys) -> String {
    let mut writer = Writer::default();
    let root = [("xmlns:md", namespace::METADATA), ("entityID", addresses.entity_id)];
    writer.element("md:EntityDescriptor", &root, |inside| {
        let role = [
            ("AuthnRequestsSigned", "true"),
            ("WantAssertionsSigned", "true"),
            ("protocolSupportEnumeration", namespace::PROTOCOL),
        ];
        inside.element("md:SPSSODescriptor", &role, |inside| {
            for pair in [&keys.signing.current, &keys.signing.next] {
                key_descriptor(inside, "signing", &pair.certificate);
            }
            for pair in [&keys.encryption.current, &keys.encryption.next] {
                key_descriptor(inside, "encryption", &pair.certificate);
            }
            let logout = [("Binding", REDIRECT), ("Location", addresses.logout)];
            inside.leaf("md:SingleLogoutService", &logout, "");
            let acs = [("Binding", POST), ("Location", addresses.acs), ("index", "0"), ("isDefault", "true")];
            inside.leaf("md:AssertionConsumerService", &acs, "");
        });
    });
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", writer.finish())
}

fn key_descriptor(writer: &mut Writer, purpose: &str, certificate: &Certificate) {
    writer.element("md:KeyDescriptor", &[("use", purpose)], |inside| {
        inside.element("ds:KeyInfo", &[("xmlns:ds", namespace::SIGNATURE)], |inside| {
            x509_data(inside, certificate);
        });
        if purpose == "encryption" {
            for algorithm in ENCRYPTION {
                inside.leaf("md:EncryptionMethod", &[("Algorithm", algorithm)], "");
            }
        }
    });
}
