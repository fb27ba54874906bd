//! What a connection may say: people and groups of the directories for which it speaks, no others (CLAIM-SCOPE).

use serde_json::json;
use vestibule_conformance::hostile::{Edit, Fault};
use vestibule_tests::world::{DOMAIN_SID, Manifest, Scheme, World};

use super::{SID, refused, session, token};
use crate::openid::sign_in;

/// A directory beside the connection's own.
const LAB: &str =
    "[[directories]]\nname = \"lab\"\ndomain_sid = \"S-1-5-21-4-5-6\"\nupn_suffixes = [\"lab.example\"]\n";

fn with_lab() -> Manifest {
    let own = Manifest::of("acme");
    Manifest { directories: format!("{}{LAB}", own.directories), ..own }
}

/// The connection lists no directory; `lines` stand in its place. The organisation has both.
fn unlisted(lines: &str) -> Manifest {
    let own = with_lab();
    let connections = own.connections.replace("directories = [\"corp\"]\n", lines);
    let connections = connections.replace("[\"sid\", \"upn\", \"oid\", \"email\"]", "[\"upn\"]");
    Manifest { connections, ..own }
}

#[tokio::test]
async fn a_connection_speaks_for_its_own_directories_alone() {
    let world = World::with(Scheme::Http, &[with_lab()]).await;
    for (row, claim, value, code) in [
        ("its own SID", "cip_sid", SID.to_owned(), "in"),
        ("another directory's SID", "cip_sid", "S-1-5-21-4-5-6-1104".to_owned(), "CLAIM-SCOPE"),
        ("a SID of nobody", "cip_sid", "S-1-5-21-7-8-9-1104".to_owned(), "CLAIM-SCOPE"),
        ("Administrators", "cip_sid", "S-1-5-32-544".to_owned(), "CLAIM-SCOPE"),
        ("Everyone", "cip_sid", "S-1-1-0".to_owned(), "CLAIM-SCOPE"),
        ("the local system", "cip_sid", "S-1-5-18".to_owned(), "CLAIM-SCOPE"),
        ("the domain itself", "cip_sid", DOMAIN_SID.to_owned(), "CLAIM-SCOPE"),
        ("below an account", "cip_sid", format!("{SID}-1"), "CLAIM-SCOPE"),
        ("its own suffix", "cip_upn", "bob@corp.example".to_owned(), "in"),
        ("its own suffix in capitals", "cip_upn", "bob@CORP.EXAMPLE".to_owned(), "in"),
        ("another directory's suffix", "cip_upn", "bob@lab.example".to_owned(), "CLAIM-SCOPE"),
        ("another directory's suffix in capitals", "cip_upn", "bob@LAB.example".to_owned(), "CLAIM-SCOPE"),
        ("a suffix of nobody", "cip_upn", "bob@else.example".to_owned(), "CLAIM-SCOPE"),
        ("below its own suffix", "cip_upn", "bob@eu.corp.example".to_owned(), "CLAIM-SCOPE"),
    ] {
        world.provider.script(token(claim, value));
        if code == "in" {
            session(&world, row).await;
            continue;
        }
        let (found, named, reason) = refused(&world, row).await;
        assert_eq!((found.as_str(), named.as_str()), (code, claim), "{row}: {reason}");
    }
}

#[tokio::test]
async fn a_connection_without_directories_says_no_identifier() {
    let world = World::with(Scheme::Http, &[unlisted("")]).await;
    let [no_sid, without_oid] = ["cip_sid", "cip_oid"].map(|name| Fault::Claims(Edit::remove(name)));
    let upn = |upn: &str| token("cip_upn", upn);
    for (row, faults, code) in [
        ("an unclaimed suffix", vec![no_sid.clone(), without_oid.clone(), upn("bob@else.example")], "in"),
        ("a SID", vec![without_oid.clone(), upn("bob@else.example")], "CLAIM-SCOPE"),
        ("an object id", vec![no_sid.clone(), upn("bob@else.example")], "CLAIM-SCOPE"),
        (
            "a claimed suffix",
            vec![no_sid.clone(), without_oid.clone(), upn("bob@corp.example")],
            "CLAIM-SCOPE",
        ),
        ("another claimed suffix", vec![no_sid, without_oid, upn("bob@lab.example")], "CLAIM-SCOPE"),
    ] {
        world.provider.script_all(faults);
        assert_eq!(sign_in(&world, row).await.code(), code, "{row}");
    }
}

#[tokio::test]
async fn the_dangerous_key_lifts_the_fence_but_not_for_well_known_identifiers() {
    let world = World::with(Scheme::Http, &[unlisted("dangerous_any_directory = true\n")]).await;
    for (row, claim, value, code) in [
        ("a SID of nobody", "cip_sid", "S-1-5-21-7-8-9-1104", "in"),
        ("Administrators", "cip_sid", "S-1-5-32-544", "CLAIM-SCOPE"),
        ("Everyone", "cip_sid", "S-1-1-0", "CLAIM-SCOPE"),
        ("a claimed suffix", "cip_upn", "bob@lab.example", "in"),
    ] {
        world.provider.script(token(claim, value));
        assert_eq!(sign_in(&world, row).await.code(), code, "{row}");
    }
}

/// interface 4: groups of the directories as SIDs, all others behind the connection's name; what is somebody else's is
/// dropped and audited.
#[tokio::test]
async fn groups_that_are_not_its_own_are_dropped_and_audited() {
    let world = World::with(Scheme::Http, &[with_lab()]).await;
    let own = format!("{DOMAIN_SID}-513");
    let foreign = ["S-1-5-21-4-5-6-513", "S-1-5-32-544", "okta:00g1", "entra:8f3c:1"];
    let mut groups = vec!["Staff", own.as_str()];
    groups.extend(foreign);
    world.provider.script(token("groups", json!(groups)));
    let session = session(&world, "groups").await;
    assert_eq!(session["claims"]["groups"], json!(["any:Staff", own]), "{session}");
    assert_eq!(session["claims"]["group_names"], json!(["Staff", own]), "{session}");
    let events = world.audit().await;
    let dropped: Vec<_> =
        events.iter().filter(|event| event.code.as_deref() == Some("CLAIM-SCOPE")).collect();
    assert_eq!(dropped.len(), 1, "{events:?}");
    for group in foreign {
        assert!(dropped[0].details.to_string().contains(group), "{group} in {:?}", dropped[0].details);
    }
    world.provider.behave();
    let before = world.audit().await.len();
    sign_in(&world, "no foreign group").await;
    assert_eq!(world.audit().await.len(), before + 1, "nothing dropped, nothing audited");
}
