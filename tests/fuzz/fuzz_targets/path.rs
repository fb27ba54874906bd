//! Paths. The one form is the one form of itself, and nobody who reads it, however often he decodes, sees another tree.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_policies::path::CanonicalPath;

fuzz_target!(|data: &[u8]| {
    let Some(raw) = vestibule_fuzz::text(data) else { return };
    let Ok(path) = CanonicalPath::parse(raw) else { return };
    let text = path.as_str();
    assert_eq!(CanonicalPath::parse(text).as_ref(), Ok(&path), "read again");
    assert!(text.starts_with('/') && !text.contains("//") && text.len() <= 8 * 1024);
    assert!(text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'?' | b'#')));
    let uri: http::Uri = text.parse().expect("a path is a target");
    assert_eq!((uri.path(), uri.query()), (text, None), "what is sent is what was decided on");
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..10 {
        assert_eq!(segments(&bytes), segments(text.as_bytes()), "decoding makes no new segment");
        for segment in bytes.split(|byte| *byte == b'/') {
            let name = segment.split(|byte| *byte == b';').next().unwrap_or_default();
            assert!(!matches!(name, b"." | b".."), "a dot segment after decoding");
            assert!(!segment.contains(&b'\\') && !segment.iter().any(u8::is_ascii_control));
        }
        bytes = decoded(&bytes);
    }
});

fn segments(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'/').count()
}

/// As the most forgiving server would: what is no encoding stays.
fn decoded(bytes: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], digit(bytes.get(at + 1)), digit(bytes.get(at + 2))) {
            (b'%', Some(high), Some(low)) => {
                plain.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, _, _) => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    plain
}
