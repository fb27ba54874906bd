//! Tables for the parent module: what passes, and beside it what differs in one thing and does not.

use super::*;
use vestibule_policies::address::{Email, Upn};
use vestibule_policies::claims::GroupId;
use vestibule_policies::organization::{HeaderNames, HeaderRule};

const GROUPS_AT: &str = "http://acme.vestibule.localhost:8080/.vestibule/groups";

fn alice() -> Claims {
    Claims {
        upn: Upn::parse("alice@corp.example").ok(),
        email: Email::parse("Alice.Andersen@corp.example").ok(),
        groups: groups_named(&["S-1-5-21-1-2-3-513", "okta:Sales, North"]),
        ..Claims::default()
    }
}

fn groups_named(names: &[&str]) -> Vec<GroupId> {
    names.iter().map(|name| GroupId::parse(name).unwrap()).collect()
}

fn written(claims: &Claims, rule: &HeaderRule) -> Vec<(String, String)> {
    let names = RouteNames::of(rule).unwrap();
    let identity = IdentityHeaders::prepare(claims, &names, "a.b.c", GROUPS_AT).unwrap();
    let mut headers = HeaderMap::new();
    identity.write(&mut headers);
    let text = |value: &HeaderValue| value.to_str().unwrap().to_owned();
    let mut pairs: Vec<_> =
        headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    pairs.sort_unstable();
    pairs
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn the_rule_of_the_route_decides_which_headers_are_sent() {
    let renamed = HeaderNames {
        user: Some("Remote-User".to_owned()),
        email: None,
        preferred_username: None,
        groups: Some("Remote-Groups".to_owned()),
    };
    let rows = [
        (
            "default",
            HeaderRule::Default,
            pairs(&[
                ("vestibule-assertion", "a.b.c"),
                ("x-forwarded-email", "Alice.Andersen@corp.example"),
                ("x-forwarded-groups", "S-1-5-21-1-2-3-513,okta:Sales%2C%20North"),
                ("x-forwarded-preferred-username", "alice@corp.example"),
                ("x-forwarded-user", "alice@corp.example"),
            ]),
        ),
        ("none", HeaderRule::None, pairs(&[("vestibule-assertion", "a.b.c")])),
        (
            "renamed",
            HeaderRule::Named(renamed),
            pairs(&[
                ("remote-groups", "S-1-5-21-1-2-3-513,okta:Sales%2C%20North"),
                ("remote-user", "alice@corp.example"),
                ("vestibule-assertion", "a.b.c"),
            ]),
        ),
    ];
    for (row, rule, expected) in rows {
        assert_eq!(written(&alice(), &rule), expected, "{row}");
    }
}

#[test]
fn a_claim_without_a_value_sends_no_header() {
    let nobody = Claims::default();
    assert_eq!(written(&nobody, &HeaderRule::Default), pairs(&[("vestibule-assertion", "a.b.c")]));
}

#[test]
fn values_are_encoded_so_that_they_cannot_break_out() {
    for (text, expected) in [
        ("alice@corp.example", "alice@corp.example"),
        ("a,b", "a%2Cb"),
        ("50%", "50%25"),
        ("a b", "a%20b"),
        ("a\r\nX-Forwarded-User: bob", "a%0D%0AX-Forwarded-User:%20bob"),
        ("a\tb\u{7f}", "a%09b%7F"),
        ("søren", "s%C3%B8ren"),
        ("\"<>;~!", "\"<>;~!"),
    ] {
        assert_eq!(encoded(text).unwrap(), expected, "{text:?}");
    }
}

#[test]
fn groups_over_4_kib_are_sent_by_reference() {
    let names = RouteNames::of(&HeaderRule::Default).unwrap();
    // 63 groups of 64 bytes with their commas are 4095 bytes, and a list of one group has none.
    let many: Vec<String> = (0..63).map(|number| format!("{number:064}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (row, last, inline) in
        [("exactly 4096", "", true), ("one byte more", "x", false), ("encoded", ",", false)]
    {
        let first = format!("{}{last}", many[0]);
        let mut listed = many.clone();
        listed[0] = &first;
        // 63 * 64 + 62 = 4094; the comma and one more group of one byte make 4096.
        listed.push("y");
        let claims = Claims { groups: groups_named(&listed), ..Claims::default() };
        let groups = groups(&claims, &names, GROUPS_AT).unwrap();
        match (&groups, inline) {
            (GroupsHeader::Inline(list), true) => assert_eq!(list.len(), 4096, "{row}"),
            (GroupsHeader::Reference(at), false) => assert_eq!(at, GROUPS_AT, "{row}"),
            _ => panic!("{row}: {groups:?}"),
        }
    }
}

#[test]
fn the_reference_has_a_header_of_its_own() {
    let many: Vec<String> = (0..200).map(|number| format!("okta:group-{number:030}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let claims = Claims { groups: groups_named(&many), ..Claims::default() };
    let expected = pairs(&[("vestibule-assertion", "a.b.c"), ("x-forwarded-groups-ref", GROUPS_AT)]);
    assert_eq!(written(&claims, &HeaderRule::Default), expected);
}

#[test]
fn a_fresh_assertion_leaves_the_rest() {
    let names = RouteNames::of(&HeaderRule::Default).unwrap();
    let first = IdentityHeaders::prepare(&alice(), &names, "a.b.c", GROUPS_AT).unwrap();
    let second = first.with_assertion("d.e.f").unwrap();
    assert_eq!((second.assertion.to_str().unwrap(), &second.user), ("d.e.f", &first.user));
    assert!(second.assertion.is_sensitive());
    assert_eq!(first.with_assertion("d\ne").unwrap_err(), IdentityFault("assertion"));
    let refused = IdentityHeaders::prepare(&alice(), &names, "a\u{0}", GROUPS_AT);
    assert_eq!(refused.unwrap_err(), IdentityFault("assertion"));
}
