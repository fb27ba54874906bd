//! Where a sign-in lands: always on the host where it began, as a browser reads addresses.
#![no_main]

use libfuzzer_sys::fuzz_target;
use url::Url;
use vestibule_policies::landing::Landing;

fuzz_target!(|data: &[u8]| {
    let Some(text) = vestibule_fuzz::text(data) else { return };
    let landing = Landing::parse(text);
    let target = landing.as_str();
    assert!(
        target.starts_with('/') && target.len() <= 2048 && target.bytes().all(|byte| byte.is_ascii_graphic())
    );
    assert_eq!(Landing::parse(target), landing, "read again");
    let base = Url::parse("https://acme.example/.vestibule/complete?code=x").expect("an address");
    // As a reference, and as the broker writes it: after the origin.
    for url in [base.join(target), Url::parse(&format!("https://acme.example{target}"))] {
        let url = url.expect("an address");
        assert_eq!(
            (url.scheme(), url.host_str(), url.port()),
            ("https", Some("acme.example"), None),
            "{target}"
        );
        assert!(url.username().is_empty() && url.password().is_none());
        let own = url.path() == "/.vestibule" || url.path().starts_with("/.vestibule/");
        // Of our own paths the one that only asks.
        assert!(!own || url.path() == "/.vestibule/sign-out", "{target}");
    }
    let limit = text.len() % 64;
    let short = landing.clone().shortened(limit);
    assert!(short == landing || short.as_str().len() <= limit.max(1));
    assert_eq!(Landing::parse(short.as_str()), short);
});
