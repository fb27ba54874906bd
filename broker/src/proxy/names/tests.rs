//! Tables for the parent module: what passes, and beside it what differs in one thing and does not.

use super::*;
use vestibule_policies::organization::HeaderNames;

fn names() -> IdentityNames {
    IdentityNames { renamed: vec!["remote-user".into()] }
}

#[test]
fn every_spelling_of_an_identity_name_is_recognised() {
    for (sent, ours) in [
        ("x-forwarded-user", true),
        ("X_Forwarded_User", true),
        ("x-forwarded_groups", true),
        ("x.forwarded.email", true),
        ("x-forwarded-for", true),
        ("x_forwarded_anything", true),
        ("Vestibule-Assertion", true),
        ("vestibule_assertion", true),
        ("vestibule-background", true),
        ("Forwarded", true),
        ("X_Original_URL", true),
        ("x-rewrite-url", true),
        ("x-real_ip", true),
        ("Remote-User", true),
        ("remote_user", true),
        ("remote-users", false),
        ("remote-use", false),
        ("x-forwarded", false),
        ("vestibule", false),
        ("my-vestibule-assertion", false),
        ("forwarded-by", false),
        ("accept", false),
    ] {
        let name = HeaderName::from_bytes(sent.as_bytes()).unwrap();
        assert_eq!(names().contains(&name), ours, "{sent}");
    }
}

#[test]
fn a_rename_has_to_be_a_header_of_its_own() {
    for (text, fault) in [
        ("X-Team-User", None),
        ("remote_user", None),
        ("X-Forwarded-User", None),
        ("", Some(NameFault::NotAName(String::new()))),
        ("x user", Some(NameFault::NotAName("x user".to_owned()))),
        ("x:user", Some(NameFault::NotAName("x:user".to_owned()))),
        ("--", Some(NameFault::NotAName("--".to_owned()))),
        ("Host", Some(NameFault::Reserved("Host".to_owned()))),
        ("content_length", Some(NameFault::Reserved("content_length".to_owned()))),
        ("X-Forwarded-For", Some(NameFault::Reserved("X-Forwarded-For".to_owned()))),
        ("Vestibule-Assertion", Some(NameFault::Reserved("Vestibule-Assertion".to_owned()))),
        ("Proxy-Authorization", Some(NameFault::Reserved("Proxy-Authorization".to_owned()))),
    ] {
        assert_eq!(rename(Some(text)).err(), fault, "{text}");
    }
}

#[test]
fn a_rule_names_only_what_it_lists() {
    let none = RouteNames::of(&HeaderRule::None).unwrap();
    assert_eq!(none.each().count(), 0);
    let rule = HeaderRule::Named(HeaderNames {
        user: Some("X-User".to_owned()),
        email: None,
        preferred_username: None,
        groups: Some("X-Teams".to_owned()),
    });
    let named = RouteNames::of(&rule).unwrap();
    let listed: Vec<_> = named.each().map(HeaderName::as_str).collect();
    assert_eq!(listed, ["x-user", "x-teams", "x-teams-ref"]);
}
