//! `Accept-Language`. Japanese is for those alone who ask for it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_broker::pages::Language;

fuzz_target!(|data: &[u8]| {
    let Some(header) = vestibule_fuzz::text(data) else { return };
    let language = Language::negotiate(Some(header));
    assert_eq!(language, Language::negotiate(Some(header)));
    if language == Language::Japanese {
        assert!(header.len() <= 512);
        assert!(header.to_ascii_lowercase().contains("ja") || header.contains('*'), "nobody asked for it");
    }
    assert!(matches!(language.tag(), "en" | "ja"));
});
