//! The query of a callback. What is accepted has one state at most, and the state is the one that stands there; nothing is
//! refused at this place but two states and what is too long, because the transaction has to be spent first.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_providers::oidc::callback::Authorization;

fuzz_target!(|data: &[u8]| {
    let Some(query) = vestibule_fuzz::text(data) else { return };
    let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let states: Vec<&String> =
        pairs.iter().filter(|(name, _)| name == "state").map(|(_, value)| value).collect();
    let readable = query.len() <= 8 * 1024 && pairs.len() <= 32 && states.len() <= 1;
    match Authorization::parse(query) {
        Ok((state, answer)) => {
            assert!(readable);
            assert_eq!(state.as_ref(), states.first().copied());
            assert_eq!(Authorization::parse(query).ok(), Some((state, answer)), "read again");
        }
        Err(_) => assert!(!readable, "a readable answer was refused"),
    }
});
