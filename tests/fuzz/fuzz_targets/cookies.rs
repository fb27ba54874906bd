//! The cookie header. Ours are found wherever they stand, and a planted twin makes none of them count.
#![no_main]

use http::HeaderMap;
use http::header::COOKIE;
use libfuzzer_sys::fuzz_target;
use vestibule_broker::config::PublicScheme;
use vestibule_broker::http::cookie::{Cookies, Numbered, is_ours};

fuzz_target!(|data: &[u8]| {
    let mut headers = HeaderMap::new();
    for line in vestibule_fuzz::header_lines(data) {
        headers.append(COOKIE, line);
    }
    for (scheme, prefix) in [(PublicScheme::Http, "vestibule-"), (PublicScheme::Https, "__Host-vestibule-")] {
        let cookies = Cookies::of(&headers, scheme);
        let named: Vec<(&str, &str)> = pairs(&headers).filter(|(name, _)| name.starts_with(prefix)).collect();
        let twins = named
            .iter()
            .enumerate()
            .any(|(at, (name, _))| named[..at].iter().any(|(other, _)| other == name));
        let access =
            named.iter().find(|(name, _)| name[prefix.len()..] == *"access").map(|(_, value)| *value);
        assert_eq!(cookies.access(), access.filter(|_| !twins));
        for kind in [Numbered::Transaction, Numbered::Handoff, Numbered::SignIn] {
            assert!(cookies.numbered(kind).all(|(_, value)| named.iter().any(|(_, known)| *known == value)));
            assert!(!twins || cookies.numbered(kind).next().is_none());
        }
        assert!(named.iter().all(|(name, _)| is_ours(name)), "what we read no application may set");
    }
});

/// Names and values of the pieces that are looked at, read in the plainest way.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let pieces =
        headers.get_all(COOKIE).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b';')).take(192);
    pieces.filter_map(|piece| {
        // RFC 6265 §5.4: browsers write `name=value` and a space between two; nothing else is forgiven.
        let piece = std::str::from_utf8(piece).ok()?.trim_matches([' ', '\t']);
        piece.split_once('=')
    })
}
