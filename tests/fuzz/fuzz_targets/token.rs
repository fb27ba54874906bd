//! Compact tokens. A stranger's text verifies with nobody's key; our own signature holds, and stops holding with the first
//! letter that somebody changes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_certs::jws::CompactJws;
use vestibule_fuzz::SIGNER;

const CAP: usize = 64 * 1024;

fuzz_target!(|data: &[u8]| {
    let Some((&form, data)) = data.split_first() else { return };
    if form % 2 == 0 {
        let Some(text) = vestibule_fuzz::text(data) else { return };
        strangers(text);
    } else if let Some((place, payload)) = data.split_first_chunk::<3>() {
        signed(payload, u16::from_be_bytes([place[0], place[1]]), place[2]);
    }
});

fn strangers(text: &str) {
    let Ok(token) = CompactJws::parse(text, CAP) else { return };
    assert_eq!(text.split('.').count(), 3);
    assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')));
    let header = token.header();
    assert!(header.kid.as_ref().is_none_or(|kid| kid.len() <= 512));
    for key in SIGNER.key_set.keys() {
        assert!(token.verify(key).is_err(), "a stranger made our signature");
    }
}

fn signed(payload: &[u8], place: u16, letter: u8) {
    let Ok(claims) = serde_json::from_slice::<serde_json::Value>(payload) else { return };
    let Ok(text) = SIGNER.key.sign_jwt("JWT", &claims) else { return };
    let verify = |text: &str| {
        let token = CompactJws::parse(text, CAP).ok()?;
        let keys = SIGNER.key_set.candidates(token.header().kid.as_deref(), token.header().alg);
        keys.into_iter().find_map(|key| token.verify(key).ok())
    };
    if text.len() <= CAP {
        let verified = verify(&text).expect("our own signature holds");
        assert_eq!(verified.bytes(), serde_json::to_vec(&claims).expect("they were signed"));
    }
    let mut changed = text.clone().into_bytes();
    let at = usize::from(place) % changed.len();
    changed[at] = letter;
    if let Ok(changed) = String::from_utf8(changed)
        && changed != text
    {
        assert!(verify(&changed).is_none(), "a changed token verifies: {changed}");
    }
}
