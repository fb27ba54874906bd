//! An authenticator of the tests' own, with a key on P-256, and the browser's part of a ceremony with it. Each part can be changed, so
//! that a test tells one lie at a time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};

/// One credential in it.
#[derive(Debug)]
pub struct Authenticator {
    key: EcdsaKeyPair,
    /// Its id; another one's is a lie.
    pub id: Vec<u8>,
    /// Signatures so far; none are counted where it stays zero.
    pub counter: u32,
}

/// What the page and the authenticator say of themselves.
#[derive(Debug, Clone)]
pub struct Ceremony {
    /// Where the page is.
    pub origin: String,
    /// For whom the credential is.
    pub party: String,
    /// What was asked, in base64url.
    pub challenge: String,
    /// Present, and verified.
    pub flags: u8,
}

impl Ceremony {
    /// One that is told as it is.
    #[must_use]
    pub fn honest(origin: &str, party: &str, challenge: &str) -> Self {
        let (origin, party, challenge) = (origin.to_owned(), party.to_owned(), challenge.to_owned());
        Self { origin, party, challenge, flags: 1 | 4 }
    }

    fn client_data(&self, kind: &str) -> String {
        let Self { origin, challenge, .. } = self;
        format!(
            "{{\"type\":\"{kind}\",\"challenge\":\"{challenge}\",\"origin\":\"{origin}\",\"crossOrigin\":false}}"
        )
    }

    fn data(&self, more: u8, counter: u32) -> Vec<u8> {
        let party = digest(&SHA256, self.party.as_bytes());
        [party.as_ref(), &[self.flags | more], &counter.to_be_bytes()].concat()
    }
}

/// The fields of a form, by their names.
pub type Fields = Vec<(&'static str, String)>;

impl Authenticator {
    /// With a new key.
    ///
    /// # Panics
    /// When the system has no randomness.
    #[must_use]
    pub fn generate() -> Self {
        let (random, kind) = (SystemRandom::new(), &ECDSA_P256_SHA256_ASN1_SIGNING);
        let mut id = vec![0; 32];
        random.fill(&mut id).expect("randomness");
        let der = EcdsaKeyPair::generate_pkcs8(kind, &random).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(kind, der.as_ref(), &random).expect("the same key");
        Self { key, id, counter: 0 }
    }

    /// With so many signatures.
    #[must_use]
    pub fn counted(self, counter: u32) -> Self {
        Self { counter, ..self }
    }

    /// What a page posts of a new credential.
    #[must_use]
    pub fn register(&self, ceremony: &Ceremony) -> Fields {
        let point = self.key.public_key().as_ref();
        let (x, y) = (point.get(1..33).unwrap_or_default(), point.get(33..).unwrap_or_default());
        // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
        let cose = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], x, &[0x22, 0x58, 32], y].concat();
        let data = ceremony.data(64, self.counter);
        let data = [data.as_slice(), &[0; 16], &[0, 32], &self.id, &cose].concat();
        let length = u8::try_from(data.len()).unwrap_or_default();
        let head = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58";
        let attestation = [head.as_slice(), &[length], &data].concat();
        vec![
            ("client_data", URL_SAFE_NO_PAD.encode(ceremony.client_data("webauthn.create"))),
            ("attestation", URL_SAFE_NO_PAD.encode(attestation)),
        ]
    }

    /// What a page posts as proof of it.
    ///
    /// # Panics
    /// When the system has no randomness.
    #[must_use]
    pub fn prove(&self, ceremony: &Ceremony) -> Fields {
        let client = ceremony.client_data("webauthn.get");
        let data = ceremony.data(0, self.counter);
        let signed = [data.as_slice(), digest(&SHA256, client.as_bytes()).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("randomness");
        vec![
            ("credential", URL_SAFE_NO_PAD.encode(&self.id)),
            ("client_data", URL_SAFE_NO_PAD.encode(client)),
            ("authenticator_data", URL_SAFE_NO_PAD.encode(data)),
            ("signature", URL_SAFE_NO_PAD.encode(signature.as_ref())),
            ("user_handle", String::new()),
        ]
    }
}
