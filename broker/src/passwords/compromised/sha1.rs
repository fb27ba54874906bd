//! The hash by which lists of compromised passwords are kept. It protects nothing: it is what those lists have.

use std::fmt;

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use zeroize::Zeroizing;

/// Digits that a service is told.
const PREFIX: usize = 5;
/// All of them.
pub(super) const DIGITS: usize = 40;

/// A SHA-1 as 40 upper-case hexadecimal digits. As good as the password to whoever guesses, so it is wiped and not shown.
pub(super) struct Sha1(Zeroizing<String>);

impl Sha1 {
    pub(super) fn of(password: &[u8]) -> Self {
        let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, password);
        let mut text = Zeroizing::new(String::with_capacity(DIGITS));
        for byte in hash.as_ref() {
            for nibble in [byte >> 4, byte & 0xf] {
                text.extend(char::from_digit(nibble.into(), 16).map(|digit| digit.to_ascii_uppercase()));
            }
        }
        Self(text)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// What the service is told, and what is compared here.
    pub(super) fn split(&self) -> (&str, &str) {
        self.0.split_at_checked(PREFIX).unwrap_or_default()
    }
}

impl fmt::Debug for Sha1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sha1(..)")
    }
}

/// An entry `HASH:COUNT`, whose hash has so many digits; none where the line is anything else.
pub(super) fn entry(line: &str, digits: usize) -> Option<(&str, u64)> {
    let (hash, count) = line.split_once(':')?;
    let is_hash = hash.len() == digits && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_count = count.bytes().all(|byte| byte.is_ascii_digit());
    if is_hash && is_count { Some((hash, count.parse().ok()?)) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_lists() {
        let hash = Sha1::of(b"password");
        assert_eq!(hash.as_str(), "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8");
        assert_eq!(hash.split(), ("5BAA6", "1E4C9B93F3F0682250B6CF8331B7EE68FD8"));
        assert_eq!(Sha1::of("é".as_bytes()).as_str().len(), DIGITS);
        assert_eq!(format!("{hash:?}"), "Sha1(..)");
    }

    #[test]
    fn an_entry_is_a_hash_and_a_count() {
        for (line, read) in [
            ("0A1b:7", Some(("0A1b", 7))),
            ("0A1B:0", Some(("0A1B", 0))),
            ("0A1B", None),
            ("0A1B:", None),
            ("0A1B:+7", None),
            ("0A1B:-7", None),
            ("0A1B: 7", None),
            ("0A1B:7:7", None),
            ("0A1BC:7", None),
            ("0A1:7", None),
            ("0A1G:7", None),
            ("é1B:7", None),
            ("0A1B:18446744073709551616", None),
            ("", None),
        ] {
            assert_eq!(entry(line, 4), read, "{line}");
        }
    }
}
