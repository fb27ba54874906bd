//! Tables for the parent module: what passes, and beside it what differs in one thing and does not.

use super::*;

fn sent(lines: &[&'static str]) -> Vec<String> {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(COOKIE, HeaderValue::from_static(line));
    }
    withhold(&mut headers, &|name| name == "also-ours");
    headers.get_all(COOKIE).iter().map(|line| line.to_str().unwrap().to_owned()).collect()
}

#[test]
fn the_brokers_cookies_stay_with_the_broker() {
    let rows: &[(&str, &[&'static str], &[&str])] = &[
        ("none", &["a=1;b=2"], &["a=1;b=2"]),
        ("alone", &["vestibule-access=t"], &[]),
        ("first", &["vestibule-access=t; a=1"], &["a=1"]),
        ("middle", &["a=1; __Host-vestibule-access=t; b=2"], &["a=1; b=2"]),
        ("last", &["a=1; __Host-vestibule-txn-7=t"], &["a=1"]),
        ("case", &["a=1; __HOST-Vestibule-Access=t"], &["a=1"]),
        ("space about the name", &["a=1;\t vestibule-access =t"], &["a=1"]),
        ("without a value", &["vestibule-access; a"], &["a"]),
        ("nameless", &["=vestibule-access=t; a=1"], &["a=1"]),
        ("empty pieces", &["; ;vestibule-access=t;; a=1;"], &["a=1"]),
        ("sandwich", &["a=\"x; vestibule-access=t; b=y\""], &["a=\"x; b=y\""]),
        ("several lines", &["a=1", "vestibule-access=t", "b=2"], &["a=1; b=2"]),
        ("several lines, none ours", &["a=1", "b=2"], &["a=1; b=2"]),
        ("named by the caller", &["also-ours=1; a=1"], &["a=1"]),
        ("twice", &["vestibule-access=t; vestibule-access=u"], &[]),
        ("a name that only contains ours", &["x-vestibule-access=1"], &["x-vestibule-access=1"]),
        ("a value that only contains ours", &["a=vestibule-access=1"], &["a=vestibule-access=1"]),
    ];
    for (row, lines, expected) in rows {
        assert_eq!(sent(lines), *expected, "{row}");
    }
}

#[test]
fn bytes_outside_ascii_are_kept() {
    let mut headers = HeaderMap::new();
    let line = HeaderValue::from_bytes(b"a=\xff\xe9; vestibule-access=t; \xfe=1").unwrap();
    headers.insert(COOKIE, line);
    withhold(&mut headers, &|_| false);
    assert_eq!(headers.get(COOKIE).unwrap().as_bytes(), b"a=\xff\xe9; \xfe=1");
}

#[test]
fn an_application_sets_only_its_own_cookies() {
    for (row, line, kept) in [
        ("plain", "a=1; Path=/", true),
        ("the host itself", "a=1; Domain=acme.vestibule.localhost", true),
        ("leading dot, case", "a=1; domain = .ACME.vestibule.localhost", true),
        ("below the host", "a=1; Domain=x.acme.vestibule.localhost", true),
        ("empty Domain", "a=1; Domain=", true),
        ("parent", "a=1; Domain=vestibule.localhost", false),
        ("top", "a=1; Domain=localhost", false),
        ("sibling", "a=1; Domain=other.vestibule.localhost", false),
        ("a longer name with our end", "a=1; Domain=evilacme.vestibule.localhost", false),
        ("wide, then narrow", "a=1; Domain=localhost; Domain=acme.vestibule.localhost", false),
        ("narrow, then wide", "a=1; Domain=acme.vestibule.localhost; Domain=localhost", false),
        ("reserved", "vestibule-access=t; Path=/", false),
        ("reserved, prefixed, case", "__HOST-vestibule-ACCESS=t; Secure; Path=/", false),
        ("reserved, nameless", "=vestibule-access=t", false),
        ("reserved, no value", "vestibule-access", false),
        ("reserved, space before", " \tvestibule-access=t", false),
        ("only begins alike", "vestibule=1", true),
        ("Domain in the value", "a=Domain=localhost", true),
    ] {
        assert_eq!(
            may_set(&HeaderValue::from_static(line), "acme.vestibule.localhost"),
            kept,
            "{row}: {line}"
        );
    }
}

#[test]
fn dropping_one_cookie_keeps_the_others_in_order() {
    let mut headers = HeaderMap::new();
    for line in ["a=1", "vestibule-access=t", "b=2; HttpOnly"] {
        headers.append(SET_COOKIE, HeaderValue::from_static(line));
    }
    filter_set(&mut headers, "acme.vestibule.localhost");
    let kept: Vec<_> = headers.get_all(SET_COOKIE).iter().collect();
    assert_eq!(kept, ["a=1", "b=2; HttpOnly"]);
}
