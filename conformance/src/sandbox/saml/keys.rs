//! The certificates of the metadata, and throw-away keys that nobody trusts, made when first asked for.

use std::sync::{Arc, LazyLock};

use crate::saml::{Certificate, Key};

/// Signs for whoever chose a signature by an unknown key, and cannot be decrypted for.
#[expect(clippy::expect_used, reason = "a machine without randomness cannot run this counterpart at all")]
static UNKNOWN: LazyLock<Arc<Key>> =
    LazyLock::new(|| Arc::new(Key::generate_rsa(2048).expect("an RSA key can be made")));

pub(super) fn unknown() -> Arc<Key> {
    Arc::clone(&UNKNOWN)
}

pub(super) fn certificate(name: &str) -> Certificate {
    Certificate { common_name: name.to_owned(), ..Certificate::default() }
}

/// Expired at the end of 2021.
pub(super) fn expired(name: &str) -> Certificate {
    Certificate { not_after: 1_640_995_199, ..certificate(name) }
}
