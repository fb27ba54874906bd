//! Each fault makes another response, and only in its place.

use super::*;
use crate::saml::instant;

/// IDs, signatures and instants differ from run to run.
fn outline(xml: &str) -> Vec<String> {
    let shown = ["Signature", "Audience", "AttributeValue", "Issuer", "NameID", "Conditions", "Assertion"];
    elements(xml).unwrap().into_iter().filter(|e| shown.contains(&e.name.as_str())).map(|e| e.name).collect()
}

#[tokio::test]
async fn every_fault_changes_what_is_sent() {
    let world = World::new();
    let good = world.sign_in("alice", "none").await.xml();
    let there: &[(&str, &str)] = &[
        ("wrong-destination", "https://other.example/acs"),
        ("wrong-recipient", "https://other.example/acs"),
        ("wrong-audience", "<saml:Audience>https://other.example<"),
        ("wrong-in-response-to", "_another"),
        ("sha1-signature", "#rsa-sha1"),
        ("sha1-digest", "xmldsig#sha1"),
        ("status-request-denied", names::REQUEST_DENIED),
        ("confirmation-not-bearer", names::HOLDER_OF_KEY),
        ("weaker-context", "classes:Password<"),
        ("foreign-upn", "alice@other.example"),
        ("wrong-version", "Version=\"1.1\""),
        ("doctype", "<!DOCTYPE"),
        ("encrypted-with-cbc", "#aes128-cbc"),
        ("encrypted-to-another-key", "#aes128-gcm"),
    ];
    for (id, text) in there {
        assert!(!good.contains(text), "{id}");
        assert!(world.sign_in("alice", id).await.xml().contains(text), "{id}");
    }
    let gone = [
        ("no-destination", "Destination="),
        ("no-audience", "<saml:Audience>"),
        ("no-conditions", "<saml:Conditions"),
        ("no-in-response-to", "InResponseTo"),
        ("no-confirmation", "<saml:SubjectConfirmation"),
        ("no-authn-statement", "<saml:AuthnStatement"),
        ("no-name-id", "<saml:NameID"),
        ("missing-sid", "cip_sid"),
        ("missing-upn", "cip_upn"),
        ("missing-oid", "cip_oid"),
        ("missing-email", "cip_email"),
    ];
    for (id, text) in gone {
        assert!(good.contains(text), "{id}");
        assert!(!world.sign_in("alice", id).await.xml().contains(text), "{id}");
    }
}

#[tokio::test]
async fn signatures_are_left_out_or_do_not_hold() {
    let world = World::new();
    let signatures = |xml: String| xml.matches("<ds:Signature ").count();
    for (id, count) in [
        ("unsigned", 0),
        ("assertion-only-unsigned-response", 1),
        ("response-only", 1),
        ("two-assertions", 3),
        ("tampered-after-signing", 2),
    ] {
        assert_eq!(signatures(world.sign_in("alice", id).await.xml()), count, "{id}");
    }
    let tampered = world.sign_in("alice", "tampered-after-signing").await.xml();
    assert!(tampered.contains(">S-1-5-21-9"));
    assert_eq!(outline(&tampered), outline(&world.sign_in("alice", "none").await.xml()));
}

#[tokio::test]
async fn times_are_out_of_bounds() {
    let world = World::new();
    for (id, name, offset) in [
        ("issued-in-the-future", "IssueInstant", 3600),
        ("issued-long-ago", "IssueInstant", -3600),
        ("conditions-not-yet-valid", "NotBefore", 1800),
        ("conditions-expired", "NotOnOrAfter", -1800),
        ("confirmation-expired", "NotOnOrAfter", -1800),
        ("session-already-over", "SessionNotOnOrAfter", -3600),
        ("old-authentication", "AuthnInstant", -86_400),
        ("clock-ahead", "AuthnInstant", 600),
        ("clock-behind", "IssueInstant", -600),
    ] {
        let text = format!("{name}=\"{}\"", instant(NOON + offset));
        assert!(world.sign_in("alice", id).await.xml().contains(&text), "{id}");
    }
}

#[tokio::test]
async fn the_envelope_can_be_bad_too() {
    let world = World::new();
    let answer = world.sign_in("alice", "not-base64").await;
    assert!(STANDARD.decode(answer.field("SAMLResponse").unwrap()).is_err());
    let answer = world.sign_in("alice", "relay-state-lost").await;
    assert!(answer.field("RelayState").is_none() && answer.field("SAMLResponse").is_some());
}

#[tokio::test]
async fn assertions_are_encrypted_as_soon_as_a_certificate_is_known() {
    let world = World::new();
    world.provider.set_encryption_certificate(Some(world.provider.certificate().to_vec()));
    let encrypted = world.sign_in("alice", "none").await.xml();
    assert!(encrypted.contains("<saml:EncryptedAssertion") && !encrypted.contains("alice@"));
    assert!(world.sign_in("alice", "unencrypted").await.xml().contains("alice@"));
    world.provider.set_encryption_certificate(None);
    assert!(world.sign_in("alice", "none").await.xml().contains("alice@"));
}
