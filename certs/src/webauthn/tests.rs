//! An authenticator of the tests' own, and what each of its lies comes to.

use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};

use super::*;

const PARTY: Party<'static> =
    Party { id: "accounts.corp.example", origin: "https://accounts.corp.example:8443" };
const PRESENT: u8 = 1;
const VERIFIED: u8 = 4;
const ELIGIBLE: u8 = 8;
const BACKED_UP: u8 = 16;
const MADE: u8 = 64;

enum Key {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
}

impl Key {
    fn es256() -> Self {
        let (kind, random) = (&ECDSA_P256_SHA256_ASN1_SIGNING, SystemRandom::new());
        let der = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        Self::Es256(EcdsaKeyPair::from_pkcs8(kind, der.as_ref(), &random).unwrap())
    }

    fn ed_dsa() -> Self {
        let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::EdDsa(Ed25519KeyPair::from_pkcs8(der.as_ref()).unwrap())
    }

    fn cose(&self) -> Vec<u8> {
        match self {
            Self::Es256(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = (&point[1..33], &point[33..]);
                [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], x, &[0x22, 0x58, 32], y].concat()
            }
            Self::EdDsa(pair) => {
                [&[0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 32], pair.public_key().as_ref()].concat()
            }
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Es256(pair) => pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec(),
            Self::EdDsa(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }
}

/// What an authenticator and its browser say, each part to be changed by a test.
#[derive(Clone)]
struct Story {
    client: String,
    party: String,
    flags: u8,
    counter: u32,
    id: Vec<u8>,
    cose: Vec<u8>,
    tail: Vec<u8>,
    format: &'static [u8],
}

impl Story {
    fn of(kind: &str, challenge: &Challenge, key: &Key) -> Self {
        Self {
            client: client(kind, challenge.as_str(), PARTY.origin, ",\"crossOrigin\":false"),
            party: PARTY.id.to_owned(),
            flags: PRESENT | VERIFIED,
            counter: 0,
            id: vec![7; 32],
            cose: key.cose(),
            tail: Vec::new(),
            // {"fmt": "none", "attStmt": {}, "authData": …}
            format: b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData",
        }
    }

    fn data(&self) -> Vec<u8> {
        let mut data = sha256(self.party.as_bytes()).to_vec();
        data.push(self.flags);
        data.extend(self.counter.to_be_bytes());
        if self.flags & MADE != 0 {
            data.extend([0; 16]);
            data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
            data.extend(&self.id);
            data.extend(&self.cose);
        }
        data.extend(&self.tail);
        data
    }

    fn register(&self, challenge: &Challenge) -> Result<Credential, Fault> {
        let data = self.data();
        let length = u16::try_from(data.len()).unwrap().to_be_bytes();
        let head = if data.len() < 256 { vec![0x58, length[1]] } else { vec![0x59, length[0], length[1]] };
        let attestation = base64url(&[self.format, &head, &data].concat());
        let client_data = base64url(self.client.as_bytes());
        register(PARTY, challenge, Registration { client_data: &client_data, attestation: &attestation })
    }

    fn prove(&self, challenge: &Challenge, credential: &Credential, key: &Key) -> Result<Credential, Fault> {
        let data = self.data();
        let signature = key.sign(&[data.as_slice(), &sha256(self.client.as_bytes())].concat());
        let assertion = Assertion {
            credential: &base64url(&self.id),
            client_data: &base64url(self.client.as_bytes()),
            authenticator_data: &base64url(&data),
            signature: &base64url(&signature),
        };
        verify(PARTY, challenge, credential, assertion)
    }
}

fn client(kind: &str, challenge: &str, origin: &str, more: &str) -> String {
    format!("{{\"type\":\"{kind}\",\"challenge\":\"{challenge}\",\"origin\":\"{origin}\"{more}}}")
}

fn made(challenge: &Challenge, key: &Key) -> Story {
    Story { flags: PRESENT | VERIFIED | MADE, ..Story::of("webauthn.create", challenge, key) }
}

#[test]
fn a_credential_of_each_kind_is_made_and_proved() {
    for key in [Key::es256(), Key::ed_dsa()] {
        let challenge = Challenge::generate().unwrap();
        let credential = made(&challenge, &key).register(&challenge).unwrap();
        assert_eq!(credential.id(), base64url(&[7; 32]));
        let challenge = Challenge::generate().unwrap();
        let story = Story::of("webauthn.get", &challenge, &key);
        assert_eq!(story.prove(&challenge, &credential, &key), Ok(credential.clone()));
        // What browsers add to say that they may add anything.
        let more =
            ",\"crossOrigin\":false,\"other_keys_can_be_added_here\":\"do not compare clientDataJSON\"";
        let client = client("webauthn.get", challenge.as_str(), PARTY.origin, more);
        assert!(Story { client, ..story }.prove(&challenge, &credential, &key).is_ok());
    }
}

#[test]
fn whatever_differs_in_one_thing_is_no_proof() {
    let key = Key::es256();
    let first = Challenge::generate().unwrap();
    let credential = Credential { counter: 5, ..made(&first, &key).register(&first).unwrap() };
    let challenge = Challenge::generate().unwrap();
    let right = Story { counter: 6, ..Story::of("webauthn.get", &challenge, &key) };
    assert_eq!(right.prove(&challenge, &credential, &key).unwrap().counter, 6);
    let told = |kind: &str, challenge: &str, origin: &str, more: &str| Story {
        client: client(kind, challenge, origin, more),
        ..right.clone()
    };
    let (get, asked, origin) = ("webauthn.get", challenge.as_str(), PARTY.origin);
    for (name, story, fault) in [
        ("another question", told("webauthn.create", asked, origin, ""), Fault::Type),
        ("another challenge", told(get, first.as_str(), origin, ""), Fault::Challenge),
        ("no challenge", told(get, "", origin, ""), Fault::Challenge),
        ("http", told(get, asked, "http://accounts.corp.example:8443", ""), Fault::Origin),
        ("another port", told(get, asked, "https://accounts.corp.example", ""), Fault::Origin),
        ("a sibling", told(get, asked, "https://evil.corp.example:8443", ""), Fault::Origin),
        ("a page within another", told(get, asked, origin, ",\"crossOrigin\":true"), Fault::CrossOrigin),
        ("crossOrigin is no boolean", told(get, asked, origin, ",\"crossOrigin\":0"), Fault::CrossOrigin),
        ("a top origin", told(get, asked, origin, ",\"topOrigin\":\"https://x\""), Fault::CrossOrigin),
        ("a member twice", told(get, asked, origin, ",\"type\":\"webauthn.get\""), Fault::Malformed),
        ("no JSON", Story { client: "x".to_owned(), ..right.clone() }, Fault::Malformed),
        ("another party", Story { party: "evil.example".to_owned(), ..right.clone() }, Fault::RelyingParty),
        ("its parent", Story { party: "corp.example".to_owned(), ..right.clone() }, Fault::RelyingParty),
        ("nobody there", Story { flags: VERIFIED, ..right.clone() }, Fault::Presence),
        ("nobody verified", Story { flags: PRESENT, ..right.clone() }, Fault::Verification),
        ("backed up", Story { flags: PRESENT | VERIFIED | BACKED_UP, ..right.clone() }, Fault::Backup),
        ("eligible now", Story { flags: PRESENT | VERIFIED | ELIGIBLE, ..right.clone() }, Fault::Backup),
        ("the same count", Story { counter: 5, ..right.clone() }, Fault::Counter),
        ("a lower count", Story { counter: 4, ..right.clone() }, Fault::Counter),
        ("no count any more", Story { counter: 0, ..right.clone() }, Fault::Counter),
        ("another credential", Story { id: vec![8; 32], ..right.clone() }, Fault::Credential),
        (
            "a credential in a proof",
            Story { flags: PRESENT | VERIFIED | MADE, ..right.clone() },
            Fault::Malformed,
        ),
        ("more than there is", Story { tail: vec![0], ..right.clone() }, Fault::Malformed),
    ] {
        assert_eq!(story.prove(&challenge, &credential, &key), Err(fault), "{name}");
    }
    assert_eq!(right.prove(&challenge, &credential, &Key::es256()), Err(Fault::Signature), "another key");
    let long = "A".repeat(LONGEST + 4);
    let assertion =
        Assertion { credential: credential.id(), client_data: &long, authenticator_data: "", signature: "" };
    assert_eq!(verify(PARTY, &challenge, &credential, assertion), Err(Fault::Malformed), "too long");
}

#[test]
fn whatever_differs_in_one_thing_is_no_registration() {
    let key = Key::es256();
    let challenge = Challenge::generate().unwrap();
    let right = made(&challenge, &key);
    assert!(right.register(&challenge).is_ok());
    let eligible = Story { flags: right.flags | ELIGIBLE | BACKED_UP, ..right.clone() };
    assert!(eligible.register(&challenge).unwrap().backup_eligible);
    let told = |kind: &str, challenge: &str, origin: &str| Story {
        client: client(kind, challenge, origin, ""),
        ..right.clone()
    };
    let (asked, other) = (challenge.as_str(), Challenge::generate().unwrap());
    let cose = |change: fn(&mut Vec<u8>)| {
        let mut cose = right.cose.clone();
        change(&mut cose);
        Story { cose, ..right.clone() }
    };
    let packed = b"\xa3\x63fmt\x66packed\x67attStmt\xa0\x68authData";
    let stated = b"\xa3\x63fmt\x64none\x67attStmt\xa1\x61x\x01\x68authData";
    for (name, story, fault) in [
        ("a proof", told("webauthn.get", asked, PARTY.origin), Fault::Type),
        ("another challenge", told("webauthn.create", other.as_str(), PARTY.origin), Fault::Challenge),
        ("another origin", told("webauthn.create", asked, "https://evil.example"), Fault::Origin),
        ("another party", Story { party: "evil.example".to_owned(), ..right.clone() }, Fault::RelyingParty),
        ("nobody verified", Story { flags: PRESENT | MADE, ..right.clone() }, Fault::Verification),
        ("no credential", Story { flags: PRESENT | VERIFIED, ..right.clone() }, Fault::Malformed),
        ("no id", Story { id: Vec::new(), ..right.clone() }, Fault::Malformed),
        ("a long id", Story { id: vec![1; LONGEST_ID + 1], ..right.clone() }, Fault::Malformed),
        ("another format", Story { format: packed, ..right.clone() }, Fault::Attestation),
        ("a statement", Story { format: stated, ..right.clone() }, Fault::Attestation),
        ("another algorithm", cose(|cose| cose[4] = 0x27), Fault::Key),
        ("another curve", cose(|cose| cose[6] = 2), Fault::Key),
        (
            "a short coordinate",
            cose(|cose| drop(cose.splice(9..42, [31].into_iter().chain([1; 31])))),
            Fault::Key,
        ),
        ("a member twice", cose(|cose| cose[42] = 0x21), Fault::Malformed),
        ("cut off", cose(|cose| cose.truncate(50)), Fault::Malformed),
        ("more than there is", Story { tail: vec![0], ..right.clone() }, Fault::Malformed),
    ] {
        assert_eq!(story.register(&challenge), Err(fault), "{name}");
    }
}

#[test]
fn numbers_are_short_and_containers_are_few() {
    for bytes in [
        &b"\x18\x17"[..],
        b"\x19\x00\xff",
        b"\x1a\x00\x00\xff\xff",
        b"\x1b\x00\x00\x00\x00\xff\xff\xff\xff",
        b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x5f\x41a\xff",
        b"\xbf\xff",
        b"\xc0\x01",
        b"\xf9\x00\x00",
        b"\x81\x81\x81\x81\x81\x01",
        b"\x98\x21",
        b"\xa2\x01\x01\x01\x02",
        b"\x41",
        b"\x61\xff",
        b"",
    ] {
        assert!(cbor::read(bytes).is_none(), "{bytes:02x?}");
    }
    let (value, rest) = cbor::read(b"\x82\x20\x82\xf5\xf6!").unwrap();
    assert_eq!(rest, b"!");
    let inner = Value::Array(vec![Value::Bool(true), Value::Null]);
    assert_eq!(value, Value::Array(vec![Value::Integer(-1), inner]));
}
