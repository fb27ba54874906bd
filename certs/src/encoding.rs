//! The two texts of bytes that the crate writes and reads: base64url without padding, and lower-case hex.
//! Reading is canonical (RFC 4648 §3.5): one value has one text, so nobody can alter a text and keep its meaning.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Writes base64url without padding (RFC 7515 §2).
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads base64url; padding, white space, foreign letters and non-zero trailing bits give `None`.
pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    // The engine refuses padding and trailing bits by its default configuration; a test below holds it to that.
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Reads base64url as [`from_base64url`] does, into memory of the caller, and gives the number of bytes. `None` also when
/// there is less room than three bytes for every four letters begun.
pub(crate) fn base64url_into(text: &str, room: &mut [u8]) -> Option<usize> {
    URL_SAFE_NO_PAD.decode_slice(text, room).ok()
}

/// Writes two lower-case digits a byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0x0f])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// Reads exactly `N` bytes of lower-case hex.
pub(crate) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = (digit(*high)? << 4) | digit(*low)?;
    }
    Some(bytes)
}

const fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_is_read_in_one_form_only() {
        assert_eq!(from_base64url("-_8").as_deref(), Some(&[0xfb, 0xff][..]));
        let refused = [
            ("padding", "-_8="),
            ("standard alphabet", "+/8"),
            ("trailing bits", "-_9"),
            ("space", "-_8 "),
            ("newline", "-_\n8"),
            ("impossible length", "-_8-_"),
        ];
        for (name, text) in refused {
            assert_eq!(from_base64url(text), None, "{name}");
            assert_eq!(base64url_into(text, &mut [0; 6]), None, "{name}, into memory");
        }
        let mut room = [7; 4];
        assert_eq!((base64url_into("-_8", &mut room), room), (Some(2), [0xfb, 0xff, 7, 7]));
        assert_eq!(base64url_into("-_8", &mut [0; 1]), None, "no room");
    }

    #[test]
    fn hex_is_read_in_one_form_only() {
        assert_eq!(hex(&[0x00, 0x9f, 0xff]), "009fff");
        assert_eq!(from_hex::<3>("009fff"), Some([0x00, 0x9f, 0xff]));
        for (name, text) in
            [("upper case", "009FFF"), ("short", "009ff"), ("long", "009fff0"), ("letters", "00zfff")]
        {
            assert_eq!(from_hex::<3>(text), None, "{name}");
        }
    }
}
