//! Content encryption of XML-Enc 1.1 that proves what it opens: AES-GCM. The CBC modes are not on the list and cannot be
//! spelled, because they open whatever an attacker altered (XML-Enc 1.1 §5.2; SAML-08).

use ring::aead::{AES_128_GCM, AES_256_GCM, Aad, Algorithm, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::rsa_key::DecryptionFailed;

/// Content encryption of XML-Enc 1.1 §5.2.4: IV of 12 bytes, ciphertext, tag of 16 bytes.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ContentAlgorithm {
    /// AES-GCM with a key of 16 bytes.
    Aes128Gcm,
    /// AES-GCM with a key of 32 bytes.
    Aes256Gcm,
}

impl ContentAlgorithm {
    const ALL: [Self; 2] = [Self::Aes128Gcm, Self::Aes256Gcm];

    /// The identifier in `EncryptionMethod`.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Aes128Gcm => "http://www.w3.org/2009/xmlenc11#aes128-gcm",
            Self::Aes256Gcm => "http://www.w3.org/2009/xmlenc11#aes256-gcm",
        }
    }

    /// Reads an exact identifier; everything else is `None`.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.uri() == uri)
    }

    /// Length of its key, in bytes.
    #[must_use]
    pub const fn key_length(self) -> usize {
        match self {
            Self::Aes128Gcm => 16,
            Self::Aes256Gcm => 32,
        }
    }

    /// Opens IV, ciphertext and tag. Nothing of the plaintext is given out before the tag holds.
    ///
    /// # Errors
    /// [`DecryptionFailed`], also for a key of another length and for fewer than 28 bytes.
    pub fn open(self, key: &[u8], data: &[u8]) -> Result<Vec<u8>, DecryptionFailed> {
        let (iv, sealed) = data.split_at_checked(NONCE_LEN).ok_or(DecryptionFailed)?;
        let nonce = Nonce::try_assume_unique_for_key(iv).map_err(|_| DecryptionFailed)?;
        let key = UnboundKey::new(self.function(), key).map_err(|_| DecryptionFailed)?;
        let mut content = sealed.to_vec();
        let length = LessSafeKey::new(key)
            .open_in_place(nonce, Aad::empty(), &mut content)
            .map_err(|_| DecryptionFailed)?
            .len();
        content.truncate(length);
        Ok(content)
    }

    fn function(self) -> &'static Algorithm {
        match self {
            Self::Aes128Gcm => &AES_128_GCM,
            Self::Aes256Gcm => &AES_256_GCM,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testdata::unhex;

    const PLAIN: &str = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
                         1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
    const IV: &str = "cafebabefacedbaddecaf888";

    /// `McGrew` and Viega, The Galois/Counter Mode of Operation, appendix B, test cases 3 and 15: key, then IV,
    /// ciphertext and tag.
    fn published() -> [(ContentAlgorithm, Vec<u8>, Vec<u8>); 2] {
        let key = "feffe9928665731c6d6a8f9467308308";
        let short = "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e\
                     21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985\
                     4d5c2af327cd64a62cf35abd2ba6fab4";
        let long = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
                    8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad\
                    b094dac5d93471bdec1a502270e3cc6c";
        [
            (ContentAlgorithm::Aes128Gcm, unhex(key), unhex(&format!("{IV}{short}"))),
            (ContentAlgorithm::Aes256Gcm, unhex(&key.repeat(2)), unhex(&format!("{IV}{long}"))),
        ]
    }

    #[test]
    fn saml_08_published_ciphertexts_open() {
        for (algorithm, key, data) in published() {
            assert_eq!(key.len(), algorithm.key_length());
            assert_eq!(algorithm.open(&key, &data), Ok(unhex(PLAIN)), "{algorithm:?}");
        }
    }

    #[test]
    fn what_was_altered_does_not_open() {
        for (algorithm, key, data) in published() {
            for place in 0..data.len() {
                let mut altered = data.clone();
                altered[place] ^= 1;
                assert_eq!(algorithm.open(&key, &altered), Err(DecryptionFailed), "byte {place}");
            }
            for length in 0..data.len() {
                assert_eq!(algorithm.open(&key, &data[..length]), Err(DecryptionFailed), "{length} bytes");
            }
            assert_eq!(algorithm.open(&key, &[&data[..], &[0]].concat()), Err(DecryptionFailed), "long");
        }
    }

    #[test]
    fn only_the_whole_key_of_its_own_length_opens() {
        let [(short, key, data), (long, long_key, _)] = published();
        for (algorithm, key) in [
            (short, &[][..]),
            (short, &key[..15]),
            (short, &[0; 16]),
            (short, &long_key),
            (long, &key),
            (long, &long_key),
            (long, &[&long_key[..], &[0]].concat()),
        ] {
            assert_eq!(
                algorithm.open(key, &data),
                Err(DecryptionFailed),
                "{algorithm:?} {} bytes",
                key.len()
            );
        }
    }

    #[test]
    fn foreign_identifiers_cannot_be_spelled() {
        for algorithm in ContentAlgorithm::ALL {
            assert_eq!(ContentAlgorithm::from_uri(algorithm.uri()), Some(algorithm));
        }
        for uri in [
            "",
            "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
            "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
            "http://www.w3.org/2001/04/xmlenc#tripledes-cbc",
            "http://www.w3.org/2009/xmlenc11#aes192-gcm",
            "http://www.w3.org/2001/04/xmlenc#aes128-gcm",
            "http://www.w3.org/2009/xmlenc11#AES128-GCM",
        ] {
            assert_eq!(ContentAlgorithm::from_uri(uri), None, "{uri}");
        }
    }
}
