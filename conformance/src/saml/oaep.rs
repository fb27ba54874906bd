//! RSAES-OAEP (RFC 8017 section 7.1) with any two hashes; the label is empty.

use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPublicKey};

use super::algorithm::DigestAlgorithm;
use super::key::random;

/// Empty if the message is too long for the key.
pub(super) fn encrypt(key: &RsaPublicKey, [digest, mask]: [DigestAlgorithm; 2], message: &[u8]) -> Vec<u8> {
    let (size, label) = (key.size(), digest.of(b""));
    let Some(padding) = size.checked_sub(message.len() + 2 * label.len() + 2) else { return Vec::new() };
    let block = [&label, vec![0; padding].as_slice(), &[1], message].concat();
    let mut seed = random::<64>().to_vec();
    seed.truncate(label.len());
    let masked_block = exclusive_or(&block, &generate_mask(mask, &seed, block.len()));
    let masked_seed = exclusive_or(&seed, &generate_mask(mask, &masked_block, seed.len()));
    let encoded = BigUint::from_bytes_be(&[masked_seed, masked_block].concat());
    let cipher = encoded.modpow(key.e(), key.n()).to_bytes_be();
    [vec![0; size.saturating_sub(cipher.len())], cipher].concat()
}

/// MGF1 (RFC 8017 appendix B.2.1).
fn generate_mask(digest: DigestAlgorithm, seed: &[u8], length: usize) -> Vec<u8> {
    let block = |counter: u32| digest.of(&[seed, &counter.to_be_bytes()].concat());
    (0..).flat_map(block).take(length).collect()
}

fn exclusive_or(a: &[u8], b: &[u8]) -> Vec<u8> {
    a.iter().zip(b).map(|(a, b)| a ^ b).collect()
}
