//! From what a provider says to who a person is, seen from outside (CLM-01 to CLM-10, CLM-18; OIDC-RP-40).
//!
//! Every value comes over the wire from a provider and is read back at `/.vestibule/session`.

pub(crate) mod azure_ad;
mod okta;
mod okta_api;
mod scope;

use serde_json::{Value, json};
use vestibule_conformance::hostile::{Edit, Endpoint, Fault};
use vestibule_tests::world::{Manifest, Scheme, World};

use crate::openid::{Outcome, sign_in};

const SID: &str = "S-1-5-21-1004336348-1177238915-682003330-1104";
const OID: &str = "6f9619ff-8b86-d011-b42d-00c04fc964ff";

/// The token says this of the person.
fn token(name: &str, value: impl Into<Value>) -> Fault {
    Fault::Claims(Edit::set(name, value))
}

/// Userinfo says this of the person.
fn userinfo(name: &str, value: impl Into<Value>) -> Fault {
    Fault::UserInfo(Edit::set(name, value))
}

/// The session of whoever comes in now.
async fn session(world: &World, row: &str) -> Value {
    match sign_in(world, row).await {
        Outcome::In(session) => session,
        Outcome::Refused(code) => panic!("{row} was refused with {code}"),
    }
}

/// A sign-in that stops at a claim: its code, the canonical claim that page and audit name, and the reason in the audit.
async fn refused(world: &World, row: &str) -> (String, String, String) {
    let outcome = sign_in(world, row).await;
    assert!(matches!(outcome, Outcome::Refused(_)), "{row}: {outcome:?}");
    let event = world.audit().await.pop().expect("an event");
    let text = |name: &str| event.details[name].as_str().unwrap_or_default().to_owned();
    (outcome.code().to_owned(), text("claim"), text("reason"))
}

/// The provider remembers its person: without being asked anew it would send the same one again. A sign-in that stopped before
/// anybody was proved goes the ordinary way.
#[tokio::test]
async fn whoever_was_proved_and_turned_away_may_come_with_another_account() {
    let world = World::start().await;
    for (row, fault, code, fresh) in [
        ("no SID", Fault::Claims(Edit::remove("cip_sid")), "CLAIM-SID", true),
        ("no proof", Fault::Claims(Edit::remove("nonce")), "OIDC-NONCE", false),
    ] {
        world.provider.script(fault);
        let mut browser = world.browser();
        let page = browser.open(&world.url("acme", "/")).await.unwrap();
        assert!(page.text().contains(code), "{row}: {}", page.text());
        world.provider.behave();
        let again = page.links().into_iter().next().expect("a way back");
        let page = browser.click(&page, &again).await.unwrap();
        assert_eq!(page.text_body(), "the application", "{row}: {}", page.text());
        let query = world.provider.calls_to(Endpoint::Authorize).pop().unwrap().query;
        let parameters: Vec<&str> = query.split('&').collect();
        assert_eq!(parameters.contains(&"prompt=login"), fresh, "{row}: {query}");
        assert_eq!(parameters.contains(&"max_age=0"), fresh, "{row}: {query}");
    }
}

#[tokio::test]
async fn every_encoding_of_an_identifier_is_the_same_identifier() {
    let world = World::start().await;
    for (row, claim, value) in [
        ("SID as text", "cip_sid", SID.to_owned()),
        ("SID in braces", "cip_sid", format!("{{{SID}}}")),
        ("SID in quotes and white space", "cip_sid", format!(" \"{SID}\"\n")),
        ("SID with a leading zero", "cip_sid", SID.replace("-1104", "-01104")),
        ("SID in Base64", "cip_sid", "AQUAAAAAAAUVAAAA3PTcO4M9K0aCi6YoUAQAAA==".to_owned()),
        ("SID in Base64 without padding", "cip_sid", "AQUAAAAAAAUVAAAA3PTcO4M9K0aCi6YoUAQAAA".to_owned()),
        (
            "SID as text in Base64",
            "cip_sid",
            "Uy0xLTUtMjEtMTAwNDMzNjM0OC0xMTc3MjM4OTE1LTY4MjAwMzMzMC0xMTA0".to_owned(),
        ),
        ("object id as text", "cip_oid", OID.to_owned()),
        ("object id in capitals", "cip_oid", OID.to_uppercase()),
        ("object id in braces", "cip_oid", format!("{{{OID}}}")),
        ("object id without dashes", "cip_oid", OID.replace('-', "")),
        ("object id in Base64", "cip_oid", "/xmWb4aLEdC0LQDAT8lk/w==".to_owned()),
        ("object id in Base64 for addresses", "cip_oid", "_xmWb4aLEdC0LQDAT8lk_w".to_owned()),
        (
            "object id as text in Base64",
            "cip_oid",
            "NmY5NjE5ZmYtOGI4Ni1kMDExLWI0MmQtMDBjMDRmYzk2NGZm".to_owned(),
        ),
        ("UPN in white space", "cip_upn", " alice@corp.example ".to_owned()),
    ] {
        world.provider.script(token(claim, value));
        let claims = session(&world, row).await["claims"].clone();
        assert_eq!((&claims["cip_sid"], &claims["cip_oid"]), (&json!(SID), &json!(OID)), "OIDC-RP-40: {row}");
        assert_eq!(claims["cip_upn"], "alice@corp.example", "{row}");
    }
}

#[tokio::test]
async fn what_is_no_identifier_stops_the_sign_in_and_names_the_claim() {
    let world = World::start().await;
    for (row, claim, value, code) in [
        ("SID cut short", "cip_sid", json!("AQUAAAAAAAUVAAAA3PTcO4M9K0aCi6YoUAQA"), "CLAIM-SID"),
        ("SID of revision 2", "cip_sid", json!("AgUAAAAAAAUVAAAA3PTcO4M9K0aCi6YoUAQAAA=="), "CLAIM-SID"),
        ("SID with a number too large", "cip_sid", json!("S-1-5-21-1-2-3-4294967296"), "CLAIM-SID"),
        ("SID with a sign", "cip_sid", json!("S-1-5-21-1-2-3-+1104"), "CLAIM-SID"),
        ("SID of a word", "cip_sid", json!("alice"), "CLAIM-SID"),
        ("two SIDs", "cip_sid", json!([SID, SID.replace("-1104", "-500")]), "CLAIM-SID"),
        ("one SID twice", "cip_sid", json!([SID, SID]), "CLAIM-SID"),
        ("SID is an object", "cip_sid", json!({ "value": SID }), "CLAIM-SID"),
        ("SID is null", "cip_sid", Value::Null, "CLAIM-SID"),
        ("SID is empty", "cip_sid", json!(""), "CLAIM-SID"),
        ("object id of 15 octets", "cip_oid", json!("/xmWb4aLEdC0LQDAT8lk"), "CLAIM-OID"),
        ("object id of zeros", "cip_oid", json!("00000000-0000-0000-0000-000000000000"), "CLAIM-OID"),
        ("two object ids", "cip_oid", json!([OID, OID]), "CLAIM-OID"),
        ("object id is a number", "cip_oid", json!(1104), "CLAIM-OID"),
        ("UPN without a suffix", "cip_upn", json!("alice"), "CLAIM-UPN"),
        ("UPN with two @", "cip_upn", json!("alice@evil.example@corp.example"), "CLAIM-UPN"),
        ("UPN with a line break", "cip_upn", json!("alice\r\nx@corp.example"), "CLAIM-UPN"),
        ("two UPNs", "cip_upn", json!(["alice@corp.example", "bob@corp.example"]), "CLAIM-UPN"),
        ("e-mail of a word", "cip_email", json!("alice"), "CLAIM-EMAIL"),
        ("two e-mails", "cip_email", json!(["a@corp.example", "b@corp.example"]), "CLAIM-EMAIL"),
    ] {
        world.provider.script(token(claim, value));
        let (found, named, reason) = refused(&world, row).await;
        assert_eq!((found.as_str(), named.as_str()), (code, claim), "CLM-05: {row}: {reason}");
    }
}

#[tokio::test]
async fn a_required_claim_that_is_missing_stops_the_sign_in() {
    let world = World::start().await;
    for (claim, fault, code) in [
        ("cip_sid", Fault::Claims(Edit::remove("cip_sid")), "CLAIM-SID"),
        ("cip_upn", Fault::Claims(Edit::remove("cip_upn")), "CLAIM-UPN"),
        ("cip_oid", Fault::Claims(Edit::remove("cip_oid")), "CLAIM-OID"),
        ("cip_email", Fault::UserInfo(Edit::remove("cip_email")), "CLAIM-EMAIL"),
    ] {
        world.provider.script(fault);
        let (found, named, reason) = refused(&world, claim).await;
        assert_eq!((found.as_str(), named.as_str()), (code, claim), "CLM-05: {reason}");
        assert!(reason.contains("missing"), "CLM-05: {reason}");
    }
    // CLM-10: case counts, and so does every letter.
    world
        .provider
        .script_all(vec![Fault::Claims(Edit::remove("cip_upn")), token("CIP_UPN", "alice@corp.example")]);
    assert_eq!(refused(&world, "CLM-10: another case").await.0, "CLAIM-UPN");
}

/// The connection's own names for the claims (CLM-02). The page speaks of the canonical claim, the log of both.
#[tokio::test]
async fn renamed_claims_are_read_and_faults_name_the_canonical_claim() {
    let mut manifest = Manifest::of("acme");
    manifest.connections += "[connections.claims]\nsid = \"securityIdentifier\"\nupn = \"upn\"\noid = \"objectGUID\"\nemail = \"mail\"\n";
    let world = World::with(Scheme::Http, &[manifest]).await;
    let good = || {
        vec![
            token("securityIdentifier", SID),
            token("upn", "bob@corp.example"),
            token("objectGUID", OID),
            userinfo("mail", "bob@mail.example"),
            // What stands under the default names is nobody's.
            token("cip_upn", "mallory@corp.example"),
        ]
    };
    world.provider.script_all(good());
    let claims = session(&world, "CLM-02: renamed").await["claims"].clone();
    assert_eq!(
        (&claims["cip_upn"], &claims["cip_email"]),
        (&json!("bob@corp.example"), &json!("bob@mail.example"))
    );
    for (row, fault, code, claim, own) in [
        (
            "missing",
            Fault::Claims(Edit::remove("securityIdentifier")),
            "CLAIM-SID",
            "cip_sid",
            "securityIdentifier",
        ),
        ("malformed", token("upn", "bob"), "CLAIM-UPN", "cip_upn", "upn"),
        ("two values", token("objectGUID", json!([OID, OID])), "CLAIM-OID", "cip_oid", "objectGUID"),
        ("missing at userinfo", Fault::UserInfo(Edit::remove("mail")), "CLAIM-EMAIL", "cip_email", "mail"),
        (
            "out of scope",
            token("securityIdentifier", "S-1-5-21-1-2-3-1104"),
            "CLAIM-SCOPE",
            "cip_sid",
            "securityIdentifier",
        ),
    ] {
        let mut faults = good();
        faults.push(fault);
        world.provider.script_all(faults);
        let (found, named, reason) = refused(&world, row).await;
        assert_eq!((found.as_str(), named.as_str()), (code, claim), "CLM-05: {row}: {reason}");
        assert!(reason.contains(own) && reason.contains(claim), "interface 6: {row}: {reason}");
    }
}

#[tokio::test]
async fn every_claim_says_where_it_came_from() {
    let world = World::start().await;
    let provenance = session(&world, "provenance").await["provenance"].clone();
    for (claim, source) in [
        ("cip_sid", "any:id_token"),
        ("cip_upn", "any:id_token"),
        ("cip_oid", "any:id_token"),
        ("cip_email", "any:userinfo"),
        ("name", "any:id_token"),
        ("groups", "any:id_token"),
    ] {
        assert_eq!(provenance[claim], source, "interface 3: {claim} in {provenance}");
    }
    world
        .provider
        .script_all(vec![Fault::Claims(Edit::remove("cip_upn")), userinfo("cip_upn", "bob@corp.example")]);
    let session = session(&world, "the UPN at userinfo").await;
    assert_eq!(session["provenance"]["cip_upn"], "any:userinfo");
    assert_eq!(session["claims"]["cip_upn"], "bob@corp.example");
}

/// What the token says is not overwritten by what userinfo says.
#[tokio::test]
async fn the_token_comes_before_userinfo() {
    let world = World::start().await;
    world.provider.script_all(vec![
        userinfo("cip_upn", "mallory@corp.example"),
        userinfo("cip_sid", SID.replace("-1104", "-500")),
    ]);
    let claims = session(&world, "userinfo says otherwise").await["claims"].clone();
    assert_eq!((&claims["cip_upn"], &claims["cip_sid"]), (&json!("alice@corp.example"), &json!(SID)));
}
