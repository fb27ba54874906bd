//! A provider's key set. Every key is used or listed, and a token's key id only ever finds keys of exactly that name.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_certs::jwks::{KEY_LIMIT, KID_LIMIT, RemoteKeySet, SigningAlgorithm, TRY_LIMIT};

fuzz_target!(|data: &[u8]| {
    let Ok(set) = RemoteKeySet::parse(data) else { return };
    let document: serde_json::Value = serde_json::from_slice(data).expect("ours is the stricter reader");
    let elements = document["keys"].as_array().expect("an array `keys`").len();
    assert_eq!(set.keys().len() + set.ignored.len(), elements);
    assert!(elements <= KEY_LIMIT);
    for key in set.keys() {
        assert!(!key.algorithms.is_empty(), "a key that serves nothing is not usable");
        assert!(key.kid.as_ref().is_none_or(|kid| kid.len() <= KID_LIMIT));
    }
    let names = set.keys().iter().map(|key| key.kid.as_deref()).chain([None, Some("")]);
    for (name, algorithm) in names.flat_map(|name| SigningAlgorithm::ALL.map(|algorithm| (name, algorithm))) {
        let found = set.candidates(name, algorithm);
        assert!(found.len() <= TRY_LIMIT);
        assert!(found.iter().all(|key| key.algorithms.contains(&algorithm)));
        assert!(name.is_none() || found.iter().all(|key| key.kid.as_deref() == name));
    }
});
