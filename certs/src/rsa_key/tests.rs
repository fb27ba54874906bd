//! Ciphertexts of the `openssl` command line; what we sign and certify, read by readers that are not ours.

use openssl::hash::MessageDigest;
use openssl::sign::Verifier;
use openssl::x509::X509;

use super::*;
use crate::testdata::{self, IDP_RSA_PEM, numbers, rsa_pkcs8, unhex};
use crate::verifying_key::SignatureAlgorithm;

const PLAIN: &[u8] = b"sixteen byte key";
const HASHES: [(&str, OaepHash); 4] = [
    ("sha1", OaepHash::Sha1),
    ("sha256", OaepHash::Sha256),
    ("sha384", OaepHash::Sha384),
    ("sha512", OaepHash::Sha512),
];

fn key() -> RsaKey {
    RsaKey::from_pkcs8(&rsa_pkcs8()).unwrap()
}

/// Hash of the label, hash of the mask, ciphertext.
fn ciphertexts() -> Vec<(OaepHash, OaepHash, Vec<u8>)> {
    let hash = |name: &str| HASHES.into_iter().find(|(known, _)| *known == name).unwrap().1;
    testdata::OAEP
        .lines()
        .map(|line| {
            let [digest, mask, ciphertext] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
            (hash(digest), hash(mask), unhex(ciphertext))
        })
        .collect()
}

fn ciphertext() -> Vec<u8> {
    ciphertexts().into_iter().find(|row| (row.0, row.1) == (OaepHash::Sha256, OaepHash::Sha1)).unwrap().2
}

#[test]
fn saml_08_ciphertexts_of_openssl_open_under_their_two_hashes_only() {
    let key = key();
    let ciphertexts = ciphertexts();
    assert_eq!(ciphertexts.len(), 16);
    for (digest, mask, ciphertext) in ciphertexts {
        for (_, named) in HASHES {
            for (_, masked) in HASHES {
                let opened = key.decrypt_oaep(&ciphertext, named, masked);
                let expected = (named, masked) == (digest, mask);
                assert_eq!(opened.is_ok_and(|plain| *plain == PLAIN), expected, "{named:?} {masked:?}");
            }
        }
    }
}

#[test]
fn whatever_is_wrong_with_a_ciphertext_the_error_is_the_same() {
    let key = key();
    let whole = ciphertext();
    let open = |ciphertext: &[u8]| key.decrypt_oaep(ciphertext, OaepHash::Sha256, OaepHash::Sha1);
    assert_eq!(open(&whole).as_deref().map(Vec::as_slice), Ok(PLAIN));
    for length in 0..whole.len() {
        assert_eq!(open(&whole[..length]), Err(DecryptionFailed), "{length} bytes");
    }
    assert_eq!(open(&[&whole[..], &[0]].concat()), Err(DecryptionFailed), "long");
    assert_eq!(open(&[&[0], &whole[..]].concat()), Err(DecryptionFailed), "leading zero");
    for place in [0, 1, whole.len() / 2, whole.len() - 1] {
        let mut altered = whole.clone();
        altered[place] ^= 1;
        assert_eq!(open(&altered), Err(DecryptionFailed), "byte {place}");
    }
    assert_eq!(open(&[0; 256]), Err(DecryptionFailed), "zero");
    assert_eq!(open(&[0xff; 256]), Err(DecryptionFailed), "above the modulus");
    let other = RsaKey::generate(2048).unwrap();
    assert_eq!(
        other.decrypt_oaep(&whole, OaepHash::Sha256, OaepHash::Sha1),
        Err(DecryptionFailed),
        "other key"
    );
}

#[test]
fn other_paddings_and_labels_do_not_open() {
    let rows: Vec<_> = testdata::REFUSED_OAEP.lines().map(|line| line.split_once(' ').unwrap()).collect();
    assert_eq!(rows.len(), 2);
    for (name, ciphertext) in rows {
        for (_, hash) in HASHES {
            assert_eq!(key().decrypt_oaep(&unhex(ciphertext), hash, hash), Err(DecryptionFailed), "{name}");
        }
    }
}

#[test]
fn what_a_ciphertext_shorter_than_the_modulus_hides_is_not_guessed() {
    // A ciphertext that begins with a zero byte, without it: OpenSSL alone would open it.
    let public = PKey::public_key_from_der(&key().spki()).unwrap();
    let (mut sealed, mut context) = (vec![0; 256], openssl::pkey_ctx::PkeyCtx::new(&public).unwrap());
    context.encrypt_init().unwrap();
    context.set_rsa_padding(openssl::rsa::Padding::PKCS1_OAEP).unwrap();
    while sealed[0] != 0 || sealed.iter().all(|byte| *byte == 0) {
        context.encrypt(PLAIN, Some(&mut sealed)).unwrap();
    }
    assert!(key().decrypt_oaep(&sealed, OaepHash::Sha1, OaepHash::Sha1).is_ok());
    assert_eq!(key().decrypt_oaep(&sealed[1..], OaepHash::Sha1, OaepHash::Sha1), Err(DecryptionFailed));
}

#[test]
fn new_keys_have_one_of_three_sizes() {
    for bits in [0, 1024, 2047, 2049, 2560, 8192, u32::MAX] {
        assert_eq!(RsaKey::generate(bits).unwrap_err(), RsaKeyFault::Size(bits));
    }
    for bits in [2048, 3072] {
        let key = RsaKey::generate(bits).unwrap();
        let public = VerifyingKey::from_spki(&key.spki()).unwrap();
        assert_eq!(public.describe(), format!("RSA {bits}"));
        let again = RsaKey::from_pkcs8(&key.to_pkcs8()).unwrap();
        let signature = again.sign(b"a message").unwrap();
        assert_eq!(public.verify(SignatureAlgorithm::RsaSha256, b"a message", &signature), Ok(()));
    }
}

#[test]
fn keys_that_are_not_read() {
    let pkcs8 = rsa_pkcs8();
    let weak = |bits| PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap().private_key_to_pkcs8().unwrap();
    let foreign = |pkcs8: PKey<Private>| pkcs8.private_key_to_pkcs8().unwrap();
    let mut torn = pkcs8.clone();
    torn[600] ^= 1;
    assert_eq!(*key().to_pkcs8(), pkcs8);
    for (name, der) in [
        ("empty", vec![]),
        ("short", pkcs8[..pkcs8.len() - 1].to_vec()),
        ("trailing", [&pkcs8[..], &[0]].concat()),
        ("numbers that do not belong together", torn),
        ("a public key", key().spki()),
        ("too long", vec![0x30; PKCS8_LIMIT + 1]),
    ] {
        assert_eq!(RsaKey::from_pkcs8(&der).unwrap_err(), RsaKeyFault::NotAKey, "{name}");
    }
    let refused = RsaKey::from_pkcs8(&weak(1024)).unwrap_err();
    assert!(matches!(refused, RsaKeyFault::Key(KeyFault::Weak(_))), "{refused:?}");
    let refused = RsaKey::from_pkcs8(&foreign(PKey::generate_ed25519().unwrap())).unwrap_err();
    assert!(matches!(refused, RsaKeyFault::Key(KeyFault::Unsupported(_))), "{refused:?}");
    let group = openssl::ec::EcGroup::from_curve_name(openssl::nid::Nid::X9_62_PRIME256V1).unwrap();
    let elliptic = PKey::from_ec_key(openssl::ec::EcKey::generate(&group).unwrap()).unwrap();
    assert_eq!(RsaKey::from_pkcs8(&foreign(elliptic)).unwrap_err(), RsaKeyFault::NotAKey);
}

#[test]
fn openssl_verifies_what_we_sign() {
    let key = key();
    let signature = key.sign(b"a message").unwrap();
    let public = PKey::public_key_from_der(&key.spki()).unwrap();
    let mut verifier = Verifier::new(MessageDigest::sha256(), &public).unwrap();
    assert!(verifier.verify_oneshot(&signature, b"a message").unwrap());
    let (modulus, exponent) = numbers();
    assert_eq!(VerifyingKey::from_spki(&key.spki()), VerifyingKey::from_rsa(&modulus, &exponent));
}

#[test]
fn a_certificate_of_our_own_is_read_back_and_holds() {
    let key = key();
    let (first, last) = (1_795_000_000, 2_600_000_000);
    let made = key.self_signed("Vestibule für acme", first, last).unwrap();
    assert_eq!(made.subject(), "CN=Vestibule für acme");
    assert_eq!((made.not_before(), made.not_after()), (first, last));
    let pinned = Certificate::from_pem(IDP_RSA_PEM).unwrap();
    assert_eq!(made.key(), pinned[0].key());
    let read = X509::from_der(made.der()).unwrap();
    assert_eq!(read.version(), 2);
    assert!(read.verify(&PKey::public_key_from_der(&key.spki()).unwrap()).unwrap());
    let (_, parsed) = x509_parser::parse_x509_certificate(made.der()).unwrap();
    assert!(!parsed.is_ca());
    let usage = parsed.key_usage().unwrap().unwrap().value;
    assert!(usage.digital_signature() && usage.key_encipherment() && !usage.key_cert_sign());
    let again = key.self_signed("Vestibule für acme", first, last).unwrap();
    assert_ne!(again.der(), made.der(), "the serial number is random");
    let serial = read.serial_number().to_bn().unwrap();
    assert!((96..=128).contains(&serial.num_bits()), "{serial}");
}

#[test]
fn names_and_times_without_a_form_in_x509_are_refused() {
    let key = key();
    let end = 253_402_300_799;
    let long = "é".repeat(64);
    for (name, first, last) in [("a", 0, 0), (long.as_str(), 0, end), ("a", end, end), ("a", 1, 2)] {
        let made = key.self_signed(name, first, last).unwrap();
        assert_eq!((made.not_before(), made.not_after()), (first, last));
        assert_eq!(made.subject(), format!("CN={name}"));
    }
    for name in ["", &"a".repeat(65), "a\n", "a\0b"] {
        assert_eq!(key.self_signed(name, 0, 1), Err(RsaKeyFault::CommonName), "{name:?}");
    }
    for (first, last) in [(2, 1), (-1, 1), (0, end + 1), (i64::MIN, i64::MAX)] {
        assert_eq!(key.self_signed("a", first, last), Err(RsaKeyFault::Validity), "{first} {last}");
    }
}

#[test]
fn debug_tells_nothing() {
    assert_eq!(format!("{:?}", key()), "RsaKey(..)");
}
