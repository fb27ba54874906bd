//! The query of a callback. What is accepted has each of our parameters at most once, and the state is the one that stands there.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_providers::oidc::callback::Authorization;

const OURS: [&str; 5] = ["state", "code", "error", "error_description", "iss"];

fuzz_target!(|data: &[u8]| {
    let Some(query) = vestibule_fuzz::text(data) else { return };
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let count = |name: &str| pairs.iter().filter(|(found, _)| found == name).count();
    let single = OURS.iter().all(|name| count(name) <= 1);
    match Authorization::parse(query) {
        Ok((state, answer)) => {
            assert!(single && query.len() <= 8 * 1024 && pairs.len() <= 32);
            let stands = pairs.iter().find(|(name, _)| name == "state").map(|(_, value)| value);
            assert_eq!(state.as_ref(), stands);
            assert_eq!(Authorization::parse(query).ok(), Some((state, answer)), "read again");
        }
        Err(_) => assert!(!single || query.len() > 8 * 1024 || pairs.len() > 32, "a good answer was refused"),
    }
});
