//! The opening of RSAES-OAEP (RFC 8017 §7.1.2). OpenSSL does it in a time that does not depend on where the padding
//! is wrong; its errors are dropped here, so that no caller can tell them apart.

use openssl::error::ErrorStack;
use openssl::md::{Md, MdRef};
use openssl::pkey::{PKey, Private};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use zeroize::Zeroizing;

use super::DecryptionFailed;

/// A hash of RSAES-OAEP, for the label or for the mask. SHA-1 is no weakness here: nothing in the proof of OAEP rests on
/// collisions.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum OaepHash {
    /// SHA-1, the default of XML-Enc for both.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl OaepHash {
    fn function(self) -> &'static MdRef {
        match self {
            Self::Sha1 => Md::sha1(),
            Self::Sha256 => Md::sha256(),
            Self::Sha384 => Md::sha384(),
            Self::Sha512 => Md::sha512(),
        }
    }
}

pub(super) fn open(
    key: &PKey<Private>,
    ciphertext: &[u8],
    digest: OaepHash,
    mask: OaepHash,
) -> Result<Zeroizing<Vec<u8>>, DecryptionFailed> {
    // RFC 8017 §7.1.2 step 1 b: exactly as long as the modulus. OpenSSL would take less.
    if ciphertext.len() != key.size() {
        return Err(DecryptionFailed);
    }
    unpad(key, ciphertext, digest, mask).map_err(|_| DecryptionFailed)
}

fn unpad(
    key: &PKey<Private>,
    ciphertext: &[u8],
    digest: OaepHash,
    mask: OaepHash,
) -> Result<Zeroizing<Vec<u8>>, ErrorStack> {
    let mut context = PkeyCtx::new(key)?;
    context.decrypt_init()?;
    context.set_rsa_padding(Padding::PKCS1_OAEP)?;
    context.set_rsa_oaep_md(digest.function())?;
    context.set_rsa_mgf1_md(mask.function())?;
    let mut plain = Zeroizing::new(vec![0; key.size()]);
    let length = context.decrypt(ciphertext, Some(&mut plain))?;
    plain.truncate(length);
    Ok(plain)
}
