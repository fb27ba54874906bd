//! `saml:EncryptedAssertion` (saml-core section 2.3.4, xmlenc-core1): a fresh content key for one receiver.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_128_GCM, AES_256_GCM, Aad, Algorithm, LessSafeKey, Nonce, UnboundKey};
use rsa::Pkcs1v15Encrypt;
use rsa::rand_core::OsRng;

use super::algorithm::DigestAlgorithm;
use super::key::random;
use super::public_key::PublicKey;
use super::xml::Tag;
use super::{aes, names, oaep};

/// Content encryption. CBC is here to be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    Aes128Gcm,
    Aes256Gcm,
    Aes128Cbc,
}

/// Key transport. PKCS #1 v1.5 is here to be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// `rsa-oaep-mgf1p`: the mask is always SHA-1 (xmlenc-core1 section 5.5.2).
    OaepMgf1p {
        digest: DigestAlgorithm,
    },
    /// `xmlenc11#rsa-oaep`.
    Oaep {
        digest: DigestAlgorithm,
        mask: DigestAlgorithm,
    },
    Pkcs1,
}

#[derive(Clone, Debug)]
pub struct Encryption {
    pub key: PublicKey,
    pub content: Content,
    pub transport: Transport,
}

impl Encryption {
    /// AES-128-GCM and `rsa-oaep-mgf1p` with SHA-1, which every service provider has to take (IIP-ALG04).
    #[must_use]
    pub fn to(key: PublicKey) -> Self {
        let transport = Transport::OaepMgf1p { digest: DigestAlgorithm::Sha1 };
        Self { key, content: Content::Aes128Gcm, transport }
    }

    /// `saml:EncryptedAssertion` with the octets of `xml` in it.
    #[must_use]
    pub fn encrypt(&self, xml: &str) -> String {
        let (key, cipher) = self.content.encrypt(xml.as_bytes());
        let info = Tag::new("ds:KeyInfo").declare("ds", names::DSIG).child(self.encrypted_key(&key));
        let method = Tag::new("xenc:EncryptionMethod").with("Algorithm", self.content.uri());
        let data = Tag::new("xenc:EncryptedData")
            .declare("xenc", names::XENC)
            .with("Type", "http://www.w3.org/2001/04/xmlenc#Element");
        let data = data.child(method).child(info).child(cipher_data(&cipher));
        Tag::new("saml:EncryptedAssertion").declare("saml", names::ASSERTION).child(data).write()
    }

    fn encrypted_key(&self, key: &[u8]) -> Tag {
        let cipher = self.key.rsa().map(|rsa| match self.transport {
            Transport::OaepMgf1p { digest } => oaep::encrypt(&rsa, [digest, DigestAlgorithm::Sha1], key),
            Transport::Oaep { digest, mask } => oaep::encrypt(&rsa, [digest, mask], key),
            Transport::Pkcs1 => rsa.encrypt(&mut OsRng, Pkcs1v15Encrypt, key).unwrap_or_default(),
        });
        let key = Tag::new("xenc:EncryptedKey").child(self.transport.method());
        key.child(cipher_data(&cipher.unwrap_or_default()))
    }
}

impl Transport {
    fn method(self) -> Tag {
        let tag = |uri: &str| Tag::new("xenc:EncryptionMethod").with("Algorithm", uri);
        let digest = |d: DigestAlgorithm| Tag::new("ds:DigestMethod").with("Algorithm", d.uri());
        match self {
            Self::OaepMgf1p { digest: hash } => {
                tag("http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p").child(digest(hash))
            }
            Self::Oaep { digest: hash, mask } => {
                let mask =
                    Tag::new("xenc11:MGF").declare("xenc11", names::XENC11).with("Algorithm", mgf(mask));
                tag("http://www.w3.org/2009/xmlenc11#rsa-oaep").child(digest(hash)).child(mask)
            }
            Self::Pkcs1 => tag("http://www.w3.org/2001/04/xmlenc#rsa-1_5"),
        }
    }
}

fn mgf(mask: DigestAlgorithm) -> &'static str {
    match mask {
        DigestAlgorithm::Sha1 => "http://www.w3.org/2009/xmlenc11#mgf1sha1",
        DigestAlgorithm::Sha256 => "http://www.w3.org/2009/xmlenc11#mgf1sha256",
        DigestAlgorithm::Sha384 => "http://www.w3.org/2009/xmlenc11#mgf1sha384",
        DigestAlgorithm::Sha512 => "http://www.w3.org/2009/xmlenc11#mgf1sha512",
    }
}

fn cipher_data(cipher: &[u8]) -> Tag {
    Tag::new("xenc:CipherData").child(Tag::new("xenc:CipherValue").text(&STANDARD.encode(cipher)))
}

impl Content {
    fn uri(self) -> &'static str {
        match self {
            Self::Aes128Gcm => "http://www.w3.org/2009/xmlenc11#aes128-gcm",
            Self::Aes256Gcm => "http://www.w3.org/2009/xmlenc11#aes256-gcm",
            Self::Aes128Cbc => "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
        }
    }

    /// A fresh key and what `CipherValue` holds: the initial vector, the cipher text, the tag if there is one.
    fn encrypt(self, plain: &[u8]) -> (Vec<u8>, Vec<u8>) {
        match self {
            Self::Aes128Gcm => gcm(&AES_128_GCM, random::<16>().to_vec(), plain),
            Self::Aes256Gcm => gcm(&AES_256_GCM, random::<32>().to_vec(), plain),
            Self::Aes128Cbc => {
                let key = random();
                (key.to_vec(), aes::encrypt_cbc(&key, &random(), plain))
            }
        }
    }
}

fn gcm(algorithm: &'static Algorithm, key: Vec<u8>, plain: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let nonce = random::<12>();
    let mut cipher = plain.to_vec();
    let sealed = UnboundKey::new(algorithm, &key).and_then(|unbound| {
        let nonce = Nonce::assume_unique_for_key(nonce);
        LessSafeKey::new(unbound).seal_in_place_append_tag(nonce, Aad::empty(), &mut cipher)
    });
    // Key and nonce have the right length, so this cannot fail; if it did, nobody could decrypt.
    if sealed.is_err() {
        cipher.clear();
    }
    (key, [nonce.as_slice(), &cipher].concat())
}
