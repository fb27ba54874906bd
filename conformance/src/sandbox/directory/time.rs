//! The two ways in which a directory writes a time.

use crate::saml::instant;

/// 1970 in units of 100 ns since 1601 (MS-DTYP §2.3.3).
const EPOCH: i64 = 116_444_736_000_000_000;

/// A time that does not come.
pub(super) const NEVER: i64 = i64::MAX;

/// FILETIME of seconds since 1970.
pub(super) fn file_time(seconds: i64) -> i64 {
    seconds.saturating_mul(10_000_000).saturating_add(EPOCH)
}

/// `20260102030405.0Z` (RFC 4517 §3.3.13, with the tenth that this directory writes).
pub(super) fn generalised(seconds: i64) -> String {
    let digits: String = instant(seconds).chars().filter(char::is_ascii_digit).collect();
    format!("{digits}.0Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_directory() {
        assert_eq!(generalised(951_827_696), "20000229123456.0Z");
        assert_eq!(file_time(0), EPOCH);
        assert_eq!(file_time(1_800_000_000), 134_444_736_000_000_000);
    }
}
