//! Digests (FIPS 180-4), message authentication and key derivation over SHA-256 (RFC 2104, RFC 5869).
//! Every part of a message goes in with its length before it, so that no two lists of parts give the same bytes.

use std::fmt;

use ring::{digest, hmac};

use crate::algorithm::SigningAlgorithm;

/// SHA-256 of the bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    array(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// SHA-1 of the bytes, for XML signatures of providers that an administrator let stay behind. Collisions are for sale:
/// nothing new is built on it.
#[must_use]
pub fn sha1(bytes: &[u8]) -> [u8; 20] {
    array(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref())
}

/// SHA-384 of the bytes.
#[must_use]
pub fn sha384(bytes: &[u8]) -> [u8; 48] {
    array(digest::digest(&digest::SHA384, bytes).as_ref())
}

/// SHA-512 of the bytes.
#[must_use]
pub fn sha512(bytes: &[u8]) -> [u8; 64] {
    array(digest::digest(&digest::SHA512, bytes).as_ref())
}

/// The digest that belongs to a signature algorithm: 32, 48 or 64 bytes. `at_hash` and `c_hash` are the left half of it
/// (`OpenID` Connect Core 1.0 §3.1.3.6). Ed25519 hashes with SHA-512 (RFC 8032 §5.1).
#[must_use]
pub fn for_algorithm(algorithm: SigningAlgorithm, bytes: &[u8]) -> Vec<u8> {
    let function = match algorithm {
        SigningAlgorithm::RS256 | SigningAlgorithm::PS256 | SigningAlgorithm::ES256 => &digest::SHA256,
        SigningAlgorithm::RS384 | SigningAlgorithm::PS384 | SigningAlgorithm::ES384 => &digest::SHA384,
        SigningAlgorithm::RS512 | SigningAlgorithm::PS512 | SigningAlgorithm::EdDSA => &digest::SHA512,
    };
    digest::digest(function, bytes).as_ref().to_vec()
}

/// HMAC-SHA-256 over parts; `["ab", "c"]` and `["a", "bc"]` give different tags.
#[must_use]
pub fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    MacKey::new(key).tag(parts)
}

/// HKDF-Expand to 32 bytes (RFC 5869 §2.3). `seed` must already be uniformly random, at least 16 bytes;
/// different labels give unrelated keys.
#[must_use]
pub fn hkdf_expand(seed: &[u8], label: &str) -> [u8; 32] {
    // Thirty-two bytes are one block: T(1) = HMAC(PRK, info | 0x01).
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, seed));
    context.update(label.as_bytes());
    context.update(&[1]);
    array(context.sign().as_ref())
}

/// A key made ready once, for paths that compute a tag on every request.
#[derive(Clone)]
pub struct MacKey(hmac::Key);

impl MacKey {
    /// Prepares the key.
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The tag of the parts, as in [`hmac_sha256`].
    #[must_use]
    pub fn tag(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        array(context.sign().as_ref())
    }

    /// Whether `tag` is the whole tag of the parts, compared in constant time. A shortened tag never holds.
    #[must_use]
    pub fn holds(&self, parts: &[&[u8]], tag: &[u8]) -> bool {
        crate::secret::same(&self.tag(parts), tag)
    }
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey(..)")
    }
}

/// `N` is always the length of the function's digest, so the lengths agree.
fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(bytes);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::hex;

    #[test]
    fn digests_give_the_published_values() {
        // FIPS 180-4, example "abc".
        assert_eq!(hex(&sha1(b"abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(hex(&sha256(b"abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(
            hex(&sha384(b"abc")),
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed\
             8086072ba1e7cc2358baeca134c825a7"
        );
        assert_eq!(
            hex(&sha512(b"abc")),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        );
    }

    #[test]
    fn every_algorithm_has_the_digest_of_its_name() {
        for algorithm in SigningAlgorithm::ALL {
            let bits = algorithm.as_str().get(2..).and_then(|bits| bits.parse().ok()).unwrap_or(512);
            assert_eq!(for_algorithm(algorithm, b"abc").len() * 8, bits, "{algorithm}");
        }
        assert_eq!(for_algorithm(SigningAlgorithm::ES256, b"abc"), sha256(b"abc"));
    }

    #[test]
    fn expand_gives_the_published_value() {
        // RFC 5869 appendix A.3: empty info, the first 32 of 42 bytes.
        let prk = crate::encoding::from_hex::<32>(
            "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        );
        let okm = hkdf_expand(&prk.unwrap(), "");
        assert_eq!(hex(&okm), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    }

    #[test]
    fn labels_separate_keys() {
        assert_ne!(hkdf_expand(&[1; 32], "a"), hkdf_expand(&[1; 32], "b"));
        assert_ne!(hkdf_expand(&[1; 32], "a"), hkdf_expand(&[2; 32], "a"));
    }

    #[test]
    fn parts_cannot_run_into_each_other() {
        let lists: [&[&[u8]]; 5] =
            [&[b"ab", b"c"], &[b"a", b"bc"], &[b"abc"], &[b"abc", b""], &[b"", b"abc"]];
        for (place, one) in lists.iter().enumerate() {
            for other in &lists[place + 1..] {
                assert_ne!(hmac_sha256(b"key", one), hmac_sha256(b"key", other), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_tag_holds_whole_or_not_at_all() {
        let key = MacKey::new(b"key");
        let tag = key.tag(&[b"part"]);
        assert_eq!(tag, hmac_sha256(b"key", &[b"part"]));
        assert!(key.holds(&[b"part"], &tag));
        assert!(!key.holds(&[b"parts"], &tag), "other parts");
        assert!(!key.holds(&[b"part"], &tag[..31]), "shortened tag");
        assert!(!MacKey::new(b"kez").holds(&[b"part"], &tag), "other key");
        assert_eq!(format!("{key:?}"), "MacKey(..)");
    }
}
