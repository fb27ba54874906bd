//! Tables for the parent module: what passes, and beside it what differs in one thing and does not.

use super::*;
use http::header::{CONTENT_TYPE, SET_COOKIE};

fn map(lines: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        headers.append(name, HeaderValue::from_static(value));
    }
    headers
}

fn listed(headers: &HeaderMap) -> Vec<String> {
    let mut lines: Vec<_> =
        headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    lines.sort_unstable();
    lines
}

type Lines = &'static [(&'static str, &'static str)];

#[test]
fn what_ends_at_the_broker_does_not_cross_it() {
    let rows: &[(&str, Lines, Follows, &[&str])] = &[
        ("plain", &[("Accept", "*/*")], Follows::Nothing, &["accept: */*"]),
        (
            "listed",
            &[("Keep-Alive", "timeout=5"), ("Trailer", "x"), ("HTTP2-Settings", "AA")],
            Follows::Nothing,
            &[],
        ),
        ("close", &[("Connection", "close"), ("Close", "kept")], Follows::Nothing, &["close: kept"]),
        (
            "nominated",
            &[("Connection", "x-one, X-Two"), ("X-One", "1"), ("X-Two", "2")],
            Follows::Nothing,
            &[],
        ),
        (
            "nominated in a second line",
            &[("Connection", "close"), ("Connection", "X-One"), ("X-One", "1")],
            Follows::Nothing,
            &[],
        ),
        ("nominated, no name", &[("Connection", "a b, ,"), ("X-One", "1")], Follows::Nothing, &["x-one: 1"]),
        (
            "proxy",
            &[("Proxy", "http://evil"), ("Proxy-Authorization", "x"), ("Proxy-Connection", "x")],
            Follows::Nothing,
            &[],
        ),
        (
            "upgrade",
            &[("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c"), ("HTTP2-Settings", "AA")],
            Follows::Nothing,
            &[],
        ),
        ("TE", &[("TE", "deflate")], Follows::Nothing, &[]),
        (
            "TE, trailers",
            &[("TE", "deflate, Trailers")],
            Follows::Nothing,
            &["connection: te", "te: trailers"],
        ),
        ("length", &[("Content-Length", "3")], Follows::Body, &["content-length: 3"]),
        (
            "length nominated",
            &[("Connection", "content-length"), ("Content-Length", "3")],
            Follows::Body,
            &["transfer-encoding: chunked"],
        ),
        ("chunked", &[("Transfer-Encoding", " Chunked\t")], Follows::Body, &["transfer-encoding: chunked"]),
        (
            "both",
            &[("Content-Length", "3"), ("Transfer-Encoding", "chunked")],
            Follows::Body,
            &["transfer-encoding: chunked"],
        ),
        (
            "expectation",
            &[("Expect", "100-continue"), ("Content-Length", "3")],
            Follows::Body,
            &["content-length: 3", "expect: 100-continue"],
        ),
    ];
    for (row, sent, follows, expected) in rows {
        let mut headers = map(sent);
        clean_request(&mut headers, &IdentityNames::default(), *follows).unwrap();
        assert_eq!(listed(&headers), *expected, "{row}");
    }
}

#[test]
fn what_only_the_broker_says_is_taken_from_clients() {
    let mut headers = map(&[
        ("X-Forwarded-User", "bob"),
        ("X_Forwarded_User", "bob"),
        ("x-forwarded_groups", "admins"),
        ("X-Forwarded-For", "10.0.0.1"),
        ("X-Forwarded-Client-Cert", "x"),
        ("Forwarded", "for=10.0.0.1"),
        ("X-Original-URL", "/admin"),
        ("X_Rewrite-URL", "/admin"),
        ("X-Real-IP", "10.0.0.1"),
        ("Vestibule-Assertion", "forged"),
        ("Vestibule_Assertion", "forged"),
        ("Vestibule-Background", "1"),
        ("Authorization", "Bearer own"),
    ]);
    clean_request(&mut headers, &IdentityNames::default(), Follows::Nothing).unwrap();
    assert_eq!(listed(&headers), ["authorization: Bearer own"]);
}

#[test]
fn any_coding_but_one_chunked_is_refused() {
    let rows: &[(&str, Lines)] = &[
        ("identity", &[("Transfer-Encoding", "identity")]),
        ("xchunked", &[("Transfer-Encoding", "xchunked")]),
        ("gzip below", &[("Transfer-Encoding", "gzip, chunked")]),
        ("twice in a line", &[("Transfer-Encoding", "chunked, chunked")]),
        ("two lines", &[("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")]),
        ("empty", &[("Transfer-Encoding", "")]),
    ];
    for (row, sent) in rows {
        let refused = clean_request(&mut map(sent), &IdentityNames::default(), Follows::Body);
        assert!(matches!(refused, Err(ForwardError::Malformed("transfer coding"))), "{row}");
    }
}

#[test]
fn the_origin_is_the_configured_one() {
    let client = "192.0.2.7".parse().unwrap();
    for (row, sent, scheme, host, port) in [
        ("same host", "acme.vestibule.localhost:8080", "http", "acme.vestibule.localhost:8080", "8080"),
        ("other host", "evil.example", "http", "acme.vestibule.localhost:8080", "8080"),
        ("https", "acme.example", "https", "acme.example", "443"),
        ("http, default port", "acme.localhost", "http", "acme.localhost", "80"),
    ] {
        let mut headers = HeaderMap::new();
        headers.append(HOST, HeaderValue::from_static(sent));
        headers.append(HOST, HeaderValue::from_static("second.example"));
        set_origin(&mut headers, PublicOrigin { scheme, host_with_port: host }, client).unwrap();
        let expected = [
            format!("host: {host}"),
            "x-forwarded-for: 192.0.2.7".to_owned(),
            format!("x-forwarded-host: {host}"),
            format!("x-forwarded-port: {port}"),
            format!("x-forwarded-proto: {scheme}"),
        ];
        assert_eq!(listed(&headers), expected, "{row}");
    }
}

#[test]
fn an_answer_loses_what_ends_here_and_nothing_is_added() {
    let mut headers = map(&[
        ("Connection", "close, X-Hop"),
        ("X-Hop", "1"),
        ("Keep-Alive", "timeout=5"),
        ("Proxy-Authenticate", "Basic"),
        ("Vestibule-Sign-In", "https://evil.example"),
        ("Vestibule_Assertion", "forged"),
        ("Content-Length", "3"),
        ("X-Forwarded-User", "kept"),
    ]);
    headers.append(SET_COOKIE, HeaderValue::from_static("a=1"));
    headers.append(SET_COOKIE, HeaderValue::from_static("__Host-vestibule-access=forged; Secure; Path=/"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    clean_response(&mut headers, "acme.vestibule.localhost");
    let expected =
        ["content-length: 3", "content-type: text/plain", "set-cookie: a=1", "x-forwarded-user: kept"];
    assert_eq!(listed(&headers), expected);
}

#[test]
fn a_length_beside_a_coding_is_dropped_from_an_answer() {
    let mut headers = map(&[("Content-Length", "3"), ("Transfer-Encoding", "chunked")]);
    clean_response(&mut headers, "acme.vestibule.localhost");
    assert_eq!(listed(&headers), Vec::<String>::new());
}
