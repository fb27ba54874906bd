//! An encrypted assertion (saml-core §2.3.4; XML Encryption 1.1): AES-GCM under a key that RSA-OAEP carries. No CBC, no
//! RSA 1.5, whose faults tell an attacker the plain text (Jager, Somorovsky 2011), and one answer for whatever goes wrong.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vestibule_certs::content::ContentAlgorithm;
use vestibule_certs::rsa_key::OaepHash;
use zeroize::Zeroizing;

use crate::error::SignInError;

use super::fault::SamlFault;
use super::xml::{Node, namespace};

/// The keys of the service provider: the current one and the next.
pub trait Decryption: std::fmt::Debug + Send + Sync {
    /// The content key, under whichever of the keys it was carried. Nothing tells which step failed.
    fn unwrap(
        &self,
        wrapped: &[u8],
        digest: OaepHash,
        mask: OaepHash,
        length: usize,
    ) -> Option<Zeroizing<Vec<u8>>>;
}

/// The longest cipher text of a key: RSA of 4096 bits.
const LONGEST_KEY: usize = 512;
const CONTENT: &str = "http://www.w3.org/2001/04/xmlenc#Element";
const OAEP_MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
const OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";

/// Decrypts an `EncryptedAssertion`; the octets are one XML document of their own.
pub(super) fn assertion(encrypted: Node<'_>, keys: &dyn Decryption) -> Result<Vec<u8>, SignInError> {
    let data =
        encrypted.child(namespace::ENCRYPTION, "EncryptedData").ok_or_else(|| form("no EncryptedData"))?;
    if data.attribute("Type").is_some_and(|kind| kind != CONTENT) {
        return Err(form("what is encrypted is no element"));
    }
    let algorithm = method(data)?.0;
    let content = ContentAlgorithm::from_uri(algorithm).ok_or_else(|| {
        SamlFault::EncryptionAlgorithm.because(format!("content: {algorithm} is not allowed"))
    })?;
    let key = carried_key(encrypted, data)?;
    let transport = Transport::of(key)?;
    let wrapped = cipher_value(key, LONGEST_KEY)?;
    let sealed = cipher_value(data, super::xml::MESSAGE.octets)?;
    // One sentence for a wrong key, a wrong tag and a wrong length: whoever varies cipher texts learns nothing.
    let refused = || SamlFault::EncryptionKey.because("the assertion cannot be decrypted with our keys");
    let key =
        keys.unwrap(&wrapped, transport.digest, transport.mask, content.key_length()).ok_or_else(refused)?;
    content.open(&key, &sealed).map_err(|_| refused())
}

fn form(reason: &str) -> SignInError {
    SamlFault::EncryptionForm.because(reason)
}

/// The one `EncryptedKey`: inside the data's `KeyInfo`, or beside the data.
fn carried_key<'t>(encrypted: Node<'t>, data: Node<'t>) -> Result<Node<'t>, SignInError> {
    let inside = data.child(namespace::SIGNATURE, "KeyInfo").into_iter();
    let inside = inside.flat_map(|info| info.all(namespace::ENCRYPTION, "EncryptedKey"));
    let mut keys = inside.chain(encrypted.all(namespace::ENCRYPTION, "EncryptedKey"));
    match (keys.next(), keys.next()) {
        (Some(key), None) => Ok(key),
        (None, _) => Err(form("no EncryptedKey")),
        // Each would cost a private operation.
        (Some(_), Some(_)) => Err(form("several EncryptedKey")),
    }
}

fn method(node: Node<'_>) -> Result<(&str, Node<'_>), SignInError> {
    let method =
        node.child(namespace::ENCRYPTION, "EncryptionMethod").ok_or_else(|| form("no EncryptionMethod"))?;
    Ok((method.attribute("Algorithm").unwrap_or_default(), method))
}

/// XML Encryption 1.1 §5.5.2: digest and mask are set apart.
struct Transport {
    digest: OaepHash,
    mask: OaepHash,
}

impl Transport {
    fn of(key: Node<'_>) -> Result<Self, SignInError> {
        let (algorithm, method) = method(key)?;
        let refuse = |uri: &str| SamlFault::EncryptionAlgorithm.because(format!("key: {uri} is not allowed"));
        let digest = match method.child(namespace::SIGNATURE, "DigestMethod") {
            Some(digest) => digest.attribute("Algorithm").unwrap_or_default(),
            None => "http://www.w3.org/2000/09/xmldsig#sha1",
        };
        let digest = hash(digest).ok_or_else(|| refuse(digest))?;
        let mask = match (algorithm, method.child(namespace::ENCRYPTION_11, "MGF")) {
            // §5.5.2: mgf1p is MGF1 with SHA-1 whatever the digest.
            (OAEP_MGF1P, _) | (OAEP, None) => OaepHash::Sha1,
            (OAEP, Some(mask)) => {
                let uri = mask.attribute("Algorithm").unwrap_or_default();
                mask_hash(uri).ok_or_else(|| refuse(uri))?
            }
            (other, _) => return Err(refuse(other)),
        };
        if method.child(namespace::ENCRYPTION, "OAEPparams").is_some() {
            return Err(refuse("OAEPparams"));
        }
        Ok(Self { digest, mask })
    }
}

fn hash(uri: &str) -> Option<OaepHash> {
    match uri {
        "http://www.w3.org/2000/09/xmldsig#sha1" => Some(OaepHash::Sha1),
        "http://www.w3.org/2001/04/xmlenc#sha256" => Some(OaepHash::Sha256),
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => Some(OaepHash::Sha384),
        "http://www.w3.org/2001/04/xmlenc#sha512" => Some(OaepHash::Sha512),
        _ => None,
    }
}

fn mask_hash(uri: &str) -> Option<OaepHash> {
    match uri.strip_prefix("http://www.w3.org/2009/xmlenc11#mgf1")? {
        "sha1" => Some(OaepHash::Sha1),
        "sha256" => Some(OaepHash::Sha256),
        "sha384" => Some(OaepHash::Sha384),
        "sha512" => Some(OaepHash::Sha512),
        _ => None,
    }
}

fn cipher_value(node: Node<'_>, longest: usize) -> Result<Vec<u8>, SignInError> {
    let value = node
        .child(namespace::ENCRYPTION, "CipherData")
        .and_then(|data| data.child(namespace::ENCRYPTION, "CipherValue"))
        .filter(|value| !value.is_interrupted())
        .and_then(Node::text)
        .ok_or_else(|| form("no CipherValue"))?;
    let text: String = value.split_ascii_whitespace().collect();
    let bytes = STANDARD.decode(text).map_err(|_| form("a CipherValue is no Base64"))?;
    if bytes.len() > longest { Err(form("a CipherValue is too long")) } else { Ok(bytes) }
}
