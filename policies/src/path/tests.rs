//! Equivalent spellings, attacks, and the properties that hold for everything that is accepted.

use super::*;

#[test]
fn equivalent_spellings_have_one_form() {
    for (raw, expected) in [
        ("/", "/"),
        ("/a", "/a"),
        ("/a/", "/a/"),
        ("/%61dmin", "/admin"),
        ("/%7Eann", "/~ann"),
        ("/a/./b", "/a/b"),
        ("/a/../b", "/b"),
        ("/a/b/..", "/a/"),
        ("/a/.", "/a/"),
        ("/.", "/"),
        ("/a/..", "/"),
        ("/a/b/../../c", "/c"),
        ("/a%2bb%40c", "/a+b@c"),
        ("/a;v=1", "/a;v=1"),
        ("/a%3bv=1", "/a%3Bv=1"),
        ("/caf%c3%a9", "/caf%C3%A9"),
        ("/café", "/caf%C3%A9"),
        ("/latin%e9", "/latin%E9"),
        ("/a b\"<>^`{|}[]", "/a%20b%22%3C%3E%5E%60%7B%7C%7D%5B%5D"),
        ("/100%25", "/100%25"),
        ("/100%25zz", "/100%25zz"),
        ("/%25zz%2541", "/%25zz%2541"),
        ("/a%3f%23", "/a%3F%23"),
        ("/...", "/..."),
        ("/.hidden", "/.hidden"),
        ("/a..b", "/a..b"),
        ("/.%61", "/.a"),
    ] {
        assert_eq!(CanonicalPath::parse(raw).map(String::from).as_deref(), Ok(expected), "{raw}");
    }
}

#[test]
fn attacks_are_refused() {
    for (raw, fault) in [
        ("", PathFault::NotAbsolute),
        ("a", PathFault::NotAbsolute),
        ("http://evil.example/", PathFault::NotAbsolute),
        ("*", PathFault::NotAbsolute),
        ("//evil.example", PathFault::EmptySegment),
        ("/a//b", PathFault::EmptySegment),
        ("/a/..//b", PathFault::EmptySegment),
        ("/..", PathFault::AboveRoot),
        ("/a/../../b", PathFault::AboveRoot),
        ("/%2e%2e/admin", PathFault::DotSegment),
        ("/public/%2e%2e/admin", PathFault::DotSegment),
        ("/public/.%2E/admin", PathFault::DotSegment),
        ("/public/%2e", PathFault::DotSegment),
        ("/public/%252e%252e/admin", PathFault::DotSegment),
        ("/public/%25252e./admin", PathFault::DotSegment),
        ("/public/..;/admin", PathFault::DotSegment),
        ("/public/..;x=1/admin", PathFault::DotSegment),
        ("/public/..%3b/admin", PathFault::DotSegment),
        ("/public/.;/admin", PathFault::DotSegment),
        ("/a%2fb", PathFault::Slash),
        ("/a%2Fb", PathFault::Slash),
        ("/public/..%2fadmin", PathFault::Slash),
        ("/a%252fb", PathFault::Slash),
        ("/a\\b", PathFault::Backslash),
        ("/\\evil.example", PathFault::Backslash),
        ("/a%5cb", PathFault::Backslash),
        ("/a%255cb", PathFault::Backslash),
        ("/a%00", PathFault::Control),
        ("/a\0", PathFault::Control),
        ("/a%0d%0aSet-Cookie:x", PathFault::Control),
        ("/a%2500", PathFault::Control),
        ("/a%7f", PathFault::Control),
        ("/a\tb", PathFault::Control),
        ("/a%", PathFault::Percent),
        ("/a%4", PathFault::Percent),
        ("/a%zz", PathFault::Percent),
        ("/a%+1", PathFault::Percent),
        ("/a%u002e", PathFault::Percent),
        ("/a%c0%ae", PathFault::Overlong),
        ("/%c0%ae%c0%ae/admin", PathFault::Overlong),
        ("/a%e0%80%af", PathFault::Overlong),
        ("/a%f0%80%80%af", PathFault::Overlong),
        // A stray percent sign beside it does not hide what is encoded twice.
        ("/public/%25zz%252f%252e%252e%252fadmin", PathFault::Slash),
        ("/public/%252f%252e%252e%252fadmin%25zz", PathFault::Slash),
        ("/public/%25%252fadmin", PathFault::Slash),
        ("/public/%25%255cadmin", PathFault::Backslash),
        ("/public/%25zz%2500", PathFault::Control),
        ("/public/%25zz%25c0%25ae", PathFault::Overlong),
        ("/public/%252e%252e;%25zz/admin", PathFault::DotSegment),
        ("/public/%zz%252f", PathFault::Percent),
        ("/a?b", PathFault::Delimiter),
        ("/a#b", PathFault::Delimiter),
    ] {
        assert_eq!(CanonicalPath::parse(raw), Err(fault), "{raw:?}");
    }
    assert_eq!(CanonicalPath::parse(&format!("/{}", "a".repeat(MAX_BYTES))), Err(PathFault::TooLong));
    assert_eq!(CanonicalPath::parse(&format!("/{}", "é".repeat(MAX_BYTES / 3))), Err(PathFault::TooLong));
    assert_eq!(
        CanonicalPath::parse(&format!("/a%{}41", "25".repeat(MAX_DECODINGS + 1))),
        Err(PathFault::Percent)
    );
}

const TELLING: [&str; 8] = ["/", "a", ".", "%2e", "%25", "2f", ";", "é"];
/// Mostly what goes the short way, with its nearest neighbours that must not.
const PLAIN: [&str; 8] = ["/", "a", ".", "-", "_", "~", "Z9", "+"];

/// Every path of up to five of the pieces.
fn every_path(pieces: [&str; 8]) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut longest = all.clone();
    for _ in 0..5 {
        longest = longest.iter().flat_map(|path| pieces.map(|piece| format!("{path}{piece}"))).collect();
        all.extend(longest.iter().cloned());
    }
    all
}

#[test]
fn what_is_accepted_is_canonical() {
    let (mut accepted, mut refused) = (0, 0);
    for raw in every_path(TELLING) {
        let Ok(path) = CanonicalPath::parse(&format!("/{raw}")) else {
            refused += 1;
            continue;
        };
        accepted += 1;
        let form = path.as_str();
        assert_eq!(CanonicalPath::parse(form).as_ref(), Ok(&path), "not idempotent: {raw}");
        assert!(form.starts_with('/') && form.is_ascii() && !form.contains("//"), "{raw} -> {form}");
        assert!(!form.split('/').any(|segment| matches!(segment, "." | "..")), "{raw} -> {form}");
        let lower = form.to_ascii_lowercase();
        assert!(!["%2f", "%5c", "%2e", "%00", "\\"].iter().any(|bad| lower.contains(bad)), "{raw} -> {form}");
    }
    assert!(accepted > 1_000 && refused > 1_000, "{accepted} accepted, {refused} refused");
}

#[test]
fn the_short_way_gives_what_the_long_way_gives() {
    let limit = [MAX_BYTES - 2, MAX_BYTES - 1, MAX_BYTES].map(|length| "a".repeat(length));
    let (mut short, mut long) = (0, 0);
    for raw in every_path(PLAIN).into_iter().chain(every_path(TELLING)).chain(limit) {
        *(if is_plain(&raw) { &mut short } else { &mut long }) += 1;
        let path = format!("/{raw}");
        let expected = if path.len() > MAX_BYTES { Err(PathFault::TooLong) } else { rewritten(&raw) };
        assert_eq!(CanonicalPath::parse(&path).map(String::from), expected, "{path}");
    }
    assert!(short > 10_000 && long > 10_000, "{short} short, {long} long");
}

#[test]
fn only_plain_paths_go_the_short_way() {
    for (segments, plain) in [
        ("", true),
        ("a", true),
        ("a/", true),
        ("a/b-c/d_e.f~0", true),
        (".well-known/...", true),
        (".", false),
        ("a/..", false),
        ("a/./b", false),
        ("/", false),
        ("a//b", false),
        ("a//", false),
        ("a%41", false),
        ("a;b", false),
        ("a+b", false),
        ("a?b", false),
        ("a\\b", false),
        ("é", false),
    ] {
        assert_eq!(is_plain(segments), plain, "{segments:?}");
    }
}

#[test]
fn stored_values_are_checked_again() {
    assert!(serde_json::from_str::<CanonicalPath>("\"/a\"").is_ok());
    assert!(serde_json::from_str::<CanonicalPath>("\"//a\"").is_err());
}
