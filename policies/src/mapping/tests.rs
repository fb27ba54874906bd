//! Attributes in, claims out; beside each acceptance the refusals that differ from it in one attribute.

use super::*;
use crate::{ConnectionName, Source};

const SID: &str = "S-1-5-21-1-2-3-1001";
const OID: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

const GOOD: [(&str, &[&str]); 5] = [
    ("cip_sid", &[SID]),
    ("cip_upn", &["Alice@corp.example"]),
    ("cip_oid", &[OID]),
    ("cip_email", &["alice@mail.example"]),
    ("name", &["Alice Andersen"]),
];

fn raw(attributes: &[(&str, &[&str])]) -> RawAttributes {
    let mut raw = RawAttributes::default();
    for (name, values) in attributes {
        raw.push(*name, values.iter().map(|&value| value.to_owned()).collect(), Source::IdToken);
    }
    raw
}

/// The good attributes with one of them replaced, or added.
fn with(name: &str, values: &[&str]) -> RawAttributes {
    let mut attributes: Vec<_> = GOOD.into_iter().filter(|(present, _)| *present != name).collect();
    attributes.push((name, values));
    raw(&attributes)
}

fn policy(listed: &[&str]) -> ConnectionPolicy {
    ConnectionPolicy { required: ClaimName::ALL.to_vec(), ..samples::policy(listed) }
}

fn okta() -> ConnectionPolicy {
    let name = ConnectionName::parse("okta").unwrap();
    ConnectionPolicy { kind: KindName::Okta, name, ..policy(&["corp"]) }
}

fn mapped(raw: &RawAttributes, policy: &ConnectionPolicy) -> Result<Mapped, ClaimFault> {
    map(raw, policy, &samples::directories())
}

fn groups(policy: &ConnectionPolicy, values: &[&str]) -> (Vec<String>, Vec<String>, Vec<String>) {
    let outcome = mapped(&with("groups", values), policy).unwrap();
    let ids = outcome.claims.groups.into_iter().map(String::from).collect();
    (ids, outcome.claims.group_names, outcome.dropped_groups)
}

#[test]
fn good_attributes_become_claims_with_their_provenance() {
    let claims = mapped(&raw(&GOOD), &policy(&["corp"])).unwrap().claims;
    assert_eq!(claims.security_id.unwrap().as_str(), SID);
    assert_eq!(claims.upn.unwrap().as_str(), "Alice@corp.example");
    assert_eq!(claims.object_id.unwrap().to_string(), OID);
    assert_eq!(claims.email.unwrap().as_str(), "alice@mail.example");
    assert_eq!(claims.display_name.as_deref(), Some("Alice Andersen"));
    assert_eq!(claims.given_name, None);
    let known: Vec<&str> = claims.provenance.keys().map(String::as_str).collect();
    assert_eq!(known, ["cip_email", "cip_oid", "cip_sid", "cip_upn", "name"]);
    assert_eq!(claims.provenance["cip_sid"], "any:id_token");
}

#[test]
fn one_wrong_attribute_is_named() {
    use ClaimReason::{Missing, OutOfScope, SeveralValues};
    let unreadable = |error: &str| ClaimReason::Malformed(error.to_owned());
    for (name, attribute, values, reason, code) in [
        ("no sid", "cip_sid", &[][..], Missing, "CLAIM-SID"),
        ("no upn", "cip_upn", &[], Missing, "CLAIM-UPN"),
        ("no oid", "cip_oid", &[], Missing, "CLAIM-OID"),
        ("no email", "cip_email", &[], Missing, "CLAIM-EMAIL"),
        ("blank", "cip_upn", &["  "], Missing, "CLAIM-UPN"),
        ("two sids", "cip_sid", &[SID, "S-1-5-21-1-2-3-500"], SeveralValues, "CLAIM-SID"),
        ("the same twice", "cip_upn", &["a@corp.example", "a@corp.example"], SeveralValues, "CLAIM-UPN"),
        (
            "no sid at all",
            "cip_sid",
            &["alice"],
            unreadable("neither a SID in text form nor Base64 of one"),
            "CLAIM-SID",
        ),
        ("two at", "cip_email", &["a@b@c.example"], unreadable("expected exactly one @"), "CLAIM-EMAIL"),
        (
            "nil",
            "cip_oid",
            &["AAAAAAAAAAAAAAAAAAAAAA=="],
            unreadable("the object identifier is all zeros"),
            "CLAIM-OID",
        ),
        ("another domain", "cip_sid", &["S-1-5-21-4-5-6-1001"], OutOfScope, "CLAIM-SCOPE"),
        ("built-in", "cip_sid", &["S-1-5-32-544"], OutOfScope, "CLAIM-SCOPE"),
        ("another suffix", "cip_upn", &["alice@cloud.example"], OutOfScope, "CLAIM-SCOPE"),
    ] {
        let fault = mapped(&with(attribute, values), &policy(&["corp"])).unwrap_err();
        assert_eq!(
            (fault.attribute.as_str(), &fault.reason, fault.code().as_str()),
            (attribute, &reason, code),
            "{name}"
        );
        assert_eq!(fault.claim.outside(), attribute, "{name}");
    }
}

#[test]
fn what_is_present_must_be_right_even_if_nothing_is_required() {
    let lax = ConnectionPolicy { required: vec![], ..policy(&["corp"]) };
    assert!(mapped(&raw(&[]), &lax).is_ok());
    for (attribute, value) in
        [("cip_sid", "alice"), ("cip_sid", "S-1-1-0"), ("cip_oid", "x"), ("cip_email", "x")]
    {
        assert!(mapped(&with(attribute, &[value]), &lax).is_err(), "{attribute}");
    }
}

#[test]
fn without_directories_there_is_no_sid_and_no_object_id() {
    let open = ConnectionPolicy { required: vec![], ..policy(&[]) };
    for (name, attributes, claim) in [
        ("sid", &[("cip_sid", &[SID][..])], ClaimName::SecurityId),
        ("oid", &[("cip_oid", &[OID][..])], ClaimName::ObjectId),
        ("claimed suffix", &[("cip_upn", &["alice@corp.example"][..])], ClaimName::Upn),
    ] {
        let fault = mapped(&raw(attributes), &open).unwrap_err();
        assert_eq!((fault.claim, fault.reason), (claim, ClaimReason::OutOfScope), "{name}");
    }
    assert!(mapped(&raw(&[("cip_upn", &["alice@else.example"])]), &open).is_ok());
}

#[test]
fn names_are_configurable_and_case_counts() {
    let mut renamed = ConnectionPolicy { required: vec![ClaimName::Upn], ..policy(&["corp"]) };
    renamed.names.upn = "userPrincipalName".to_owned();
    assert!(mapped(&raw(&[("userPrincipalName", &["a@corp.example"])]), &renamed).is_ok());
    for attribute in ["cip_upn", "userprincipalname"] {
        let fault = mapped(&raw(&[(attribute, &["a@corp.example"])]), &renamed).unwrap_err();
        assert_eq!((fault.attribute.as_str(), fault.reason), ("userPrincipalName", ClaimReason::Missing));
    }
}

#[test]
fn encodings_are_recognised() {
    let base64 = with("cip_oid", &["rk8d+Ox90BGnZQCgyR5r9g=="]);
    assert_eq!(mapped(&base64, &policy(&["corp"])).unwrap().claims.object_id.unwrap().to_string(), OID);
}

#[test]
fn okta_falls_back_to_a_standard_email_that_is_not_unverified() {
    let without: Vec<_> = GOOD.into_iter().filter(|(name, _)| *name != "cip_email").collect();
    let standard = ("email", &["bob@mail.example"][..]);
    for (name, policy, verified, expected) in [
        ("verified", okta(), &["true"][..], Some("bob@mail.example")),
        ("silent", okta(), &[], Some("bob@mail.example")),
        ("unverified", okta(), &["False"], None),
        ("both", okta(), &["true", "false"], None),
        ("another kind", policy(&["corp"]), &["true"], None),
    ] {
        let attributes = [without.clone(), vec![standard, ("email_verified", verified)]].concat();
        let lax = ConnectionPolicy { required: vec![], ..policy };
        let claims = mapped(&raw(&attributes), &lax).unwrap().claims;
        assert_eq!(claims.email.as_ref().map(Email::as_str), expected, "{name}");
        let strict = ConnectionPolicy { required: ClaimName::ALL.to_vec(), ..lax };
        assert_eq!(mapped(&raw(&attributes), &strict).is_ok(), expected.is_some(), "{name}");
    }
    let own = mapped(&with("email", &["bob@mail.example"]), &okta()).unwrap().claims;
    assert_eq!(own.email.unwrap().as_str(), "alice@mail.example");
}

#[test]
fn a_connection_that_reads_the_standard_email_takes_no_unverified_one() {
    let mut standard = ConnectionPolicy { required: vec![ClaimName::Email], ..policy(&["corp"]) };
    standard.names.email = "email".to_owned();
    let attributes = [("email", &["alice@mail.example"][..]), ("email_verified", &["false"])];
    assert_eq!(mapped(&raw(&attributes), &standard).unwrap_err().reason, ClaimReason::Missing);
    assert!(mapped(&raw(&attributes[..1]), &standard).is_ok());
}

#[test]
fn groups_of_oidc_stand_behind_its_name_or_are_sids_in_scope() {
    let (ids, names, dropped) = groups(
        &policy(&["corp"]),
        &[
            "staff",
            "S-1-5-21-1-2-3-513",
            "staff",
            "S-1-5-21-4-5-6-512",
            "S-1-5-32-544",
            "okta:admins",
            "entra:t:g",
        ],
    );
    assert_eq!(ids, ["any:staff", "S-1-5-21-1-2-3-513"]);
    assert_eq!(names, ["staff", "S-1-5-21-1-2-3-513"]);
    assert_eq!(dropped, ["S-1-5-21-4-5-6-512", "S-1-5-32-544", "okta:admins", "entra:t:g"]);
}

#[test]
fn groups_of_okta_stand_behind_its_kind() {
    let (ids, names, dropped) = groups(&okta(), &["00g1", "S-1-5-21-1-2-3-512"]);
    assert_eq!(ids, ["okta:00g1", "okta:S-1-5-21-1-2-3-512"]);
    assert_eq!(names, ["00g1", "S-1-5-21-1-2-3-512"]);
    assert!(dropped.is_empty());
}

#[test]
fn a_connection_named_like_a_kind_forges_nothing() {
    let impostor = ConnectionPolicy { name: ConnectionName::parse("okta").unwrap(), ..policy(&["corp"]) };
    let (ids, _, dropped) = groups(&impostor, &["admins"]);
    assert!(ids.is_empty());
    assert_eq!(dropped, ["admins"]);
}

#[test]
fn malformed_and_too_many_groups_are_left_out() {
    let long = "g".repeat(300);
    let (ids, _, dropped) = groups(&policy(&["corp"]), &["a\0b", &long, "fine"]);
    assert_eq!(ids, ["any:fine"]);
    assert_eq!(dropped, ["ab", &long[..256]]);

    let many: Vec<String> = (0..5_001).map(|n| n.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(groups(&policy(&["corp"]), &many[..5_000]).0.len(), 5_000);
    let (ids, names, dropped) = groups(&policy(&["corp"]), &many);
    assert!(ids.is_empty() && names.is_empty());
    assert_eq!(dropped, ["all of 5001 groups: more than 5000"]);
}

#[test]
fn display_names_are_cleaned_and_cut() {
    let long = "ä".repeat(300);
    for (name, value, expected) in [
        ("plain", "Bob Berg", Some("Bob Berg")),
        ("controls", "Bob\u{202e}\r\n Berg\0", Some("Bob Berg")),
        ("nothing left", "\u{200b}", None),
        ("long", &long, Some(&long[..512])),
    ] {
        let claims = mapped(&with("name", &[value]), &policy(&["corp"])).unwrap().claims;
        assert_eq!(claims.display_name.as_deref(), expected, "{name}");
    }
}

#[test]
fn a_directory_names_its_groups_and_nobody_else_does() {
    let groups = |source| {
        let texts = |all: [&str; 2]| all.map(str::to_owned).to_vec();
        let mut raw = RawAttributes::default();
        raw.push("cip_upn", vec!["alice@corp.example".to_owned()], source);
        raw.push("groups", texts(["S-1-5-21-1-2-3-513", "S-1-5-21-1-2-3-1200"]), source);
        raw.push(RawAttributes::GROUP_NAMES, texts(["Domain Users", "営業部"]), source);
        let lax = ConnectionPolicy { required: vec![], ..policy(&["corp"]) };
        map(&raw, &lax, &samples::directories()).unwrap().claims.group_names
    };
    assert_eq!(groups(Source::Directory), ["Domain Users", "営業部"]);
    assert_eq!(groups(Source::Assertion), ["S-1-5-21-1-2-3-513", "S-1-5-21-1-2-3-1200"]);
}
