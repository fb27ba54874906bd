//! `resolve_from_ad`: an OpenID provider that brings a name only, and a directory that knows the rest and has to agree.

use serde_json::json;
use vestibule_conformance::hostile::{Edit, Fault, Setup};
use vestibule_conformance::sandbox::directory::AccountState;
use vestibule_tests::directory::{DirectoryWorld, Domain, SandboxDirectory};
use vestibule_tests::world::{Scheme, World};

use crate::claims::azure_ad::{self, ALICE, TENANT};
use crate::openid::{Outcome, sign_in};

/// A workspace whose people come in through the OpenID provider, with a directory behind it.
pub(super) async fn world(domain: Domain) -> DirectoryWorld {
    let world = DirectoryWorld::start("active-directory", vec![domain], "").await;
    let mut manifest = world.manifest();
    manifest.workspace = "authentication = \"id\"\n".to_owned();
    manifest.connections.push_str(
        "[[connections]]\nname = \"id\"\nkind = \"oidc\"\nissuer = \"{issuer}\"\nclient_id = \"vestibule+hostile\"\n\
         client_secret = \"s:%+é/\"\ndirectories = [\"corp\"]\nresolve_from_ad = \"any\"\n\
         required_claims = [\"sid\", \"upn\", \"oid\", \"email\"]\n",
    );
    world.world.change(&manifest).await;
    world
}

/// What the provider says of the person: these claims, and of the common set no others.
pub(super) fn says(world: &DirectoryWorld, claims: &[(&str, &str)]) {
    let names = ["cip_sid", "cip_upn", "cip_oid", "cip_email", "email", "upn", "groups", "name"];
    let removed = names.iter().flat_map(|name| {
        let edit = Edit::remove(name);
        [Fault::Claims(edit.clone()), Fault::UserInfo(edit)]
    });
    let set = claims.iter().map(|(name, value)| Fault::Claims(Edit::set(name, *value)));
    world.world.provider.script_all(removed.chain(set).collect());
}

#[tokio::test]
async fn the_directory_fills_in_what_the_provider_does_not_bring() {
    let sandbox = SandboxDirectory::start(|settings| settings).await;
    let world = world(sandbox.domain()).await;
    let mut direct = world.world.browser();
    let people = vestibule_conformance::sandbox::people::People::standard();
    let alice = people.by_username("alice").unwrap();
    let sid = alice.security_id.clone().unwrap();
    for said in [
        &[("cip_upn", "alice@corp.example")][..],
        &[("cip_upn", "ALICE@corp.example")],
        &[("cip_sid", sid.as_str())],
        &[("cip_upn", "alice@corp.example"), ("cip_email", "alice@corp.example"), ("cip_sid", &sid)],
    ] {
        says(&world, said);
        let outcome = sign_in(&world.world, "resolved").await;
        let Outcome::In(session) = outcome else { panic!("{said:?}: {outcome:?}") };
        assert_eq!(session["claims"]["cip_sid"], sid.as_str(), "{said:?}");
        assert_eq!(session["claims"]["cip_oid"], alice.object_id.clone().unwrap().as_str(), "{said:?}");
        assert_eq!(session["claims"]["cip_email"], "alice@corp.example", "{said:?}");
        assert_eq!(session["kind"], "oidc");
        let names = session["claims"]["group_names"].as_array().unwrap();
        assert!(names.contains(&json!("Finance")), "{names:?}");
    }
    // The same person as by their own password.
    let mut manifest = world.manifest();
    manifest.workspace = "authentication = \"any\"\n".to_owned();
    world.world.change(&manifest).await;
    world.sign_in(&mut direct, "alice@corp.example", &sandbox.password("alice")).await;
    assert_eq!(world.session(&mut direct).await["claims"]["cip_sid"], sid.as_str());
}

#[tokio::test]
async fn whom_the_directory_does_not_know_as_the_provider_does_stays_outside() {
    let sandbox = SandboxDirectory::start(|settings| settings).await;
    let world = world(sandbox.domain()).await;
    let bob = "bob@corp.example";
    let people = vestibule_conformance::sandbox::people::People::standard();
    let sid = |name: &str| people.by_username(name).unwrap().security_id.clone().unwrap();
    for (case, said, code) in [
        ("agrees", vec![("cip_upn", bob.to_owned()), ("cip_sid", sid("bob"))], None),
        ("nobody", vec![("cip_upn", "mallory@corp.example".to_owned())], Some("AD-PERSON")),
        ("another domain's", vec![("cip_upn", "bob@elsewhere.example".to_owned())], Some("AD-PERSON")),
        (
            "no such SID",
            vec![("cip_sid", format!("{}-4711", sandbox.directory.domain_sid()))],
            Some("AD-PERSON"),
        ),
        ("another SID", vec![("cip_upn", bob.to_owned()), ("cip_sid", sid("alice"))], Some("AD-DISAGREES")),
        (
            "another address",
            vec![("cip_upn", bob.to_owned()), ("cip_email", "b@evil.example".to_owned())],
            Some("AD-DISAGREES"),
        ),
        ("neither name nor SID", vec![("cip_email", bob.to_owned())], Some("CLAIM-UPN")),
        ("a wildcard", vec![("cip_upn", "*@corp.example".to_owned())], Some("AD-PERSON")),
        ("a SID that is none", vec![("cip_sid", "S-1-5-21-x".to_owned())], Some("CLAIM-SID")),
        (
            "no address in the directory",
            vec![("cip_upn", "dave@corp.example".to_owned())],
            Some("CLAIM-EMAIL"),
        ),
        ("disabled", vec![("cip_upn", "greta@corp.example".to_owned())], Some("AD-DISABLED")),
        ("expired", vec![("cip_upn", "henrik@corp.example".to_owned())], Some("AD-ACCOUNT-EXPIRED")),
    ] {
        let claims: Vec<_> = said.iter().map(|(name, value)| (*name, value.as_str())).collect();
        says(&world, &claims);
        match (sign_in(&world.world, case).await, code) {
            (Outcome::In(_), None) => {}
            (Outcome::Refused(found), Some(code)) => assert_eq!(found, code, "{case}"),
            (outcome, _) => panic!("{case}: {outcome:?}"),
        }
    }
}

/// LDAP-16: what an account may do is looked at every time, by whichever of its names it is found. Where the password is no part of
/// the sign-in, neither are its age nor how often strangers mistyped it: a lock is no word on the person, as at the recheck.
#[tokio::test]
async fn the_state_of_an_account_counts_as_it_is_at_that_moment() {
    let sandbox = SandboxDirectory::start(|settings| settings).await;
    let world = world(sandbox.domain()).await;
    let people = vestibule_conformance::sandbox::people::People::standard();
    let sid = people.by_username("alice").unwrap().security_id.clone().unwrap();
    let (name, id) = ([("cip_upn", "alice@corp.example")], [("cip_sid", sid.as_str())]);
    for (state, code) in [
        (AccountState::Ready, None),
        (AccountState::Disabled, Some("AD-DISABLED")),
        (AccountState::Expired, Some("AD-ACCOUNT-EXPIRED")),
        (AccountState::Locked, None),
        (AccountState::MustChangePassword, None),
        (AccountState::Ready, None),
    ] {
        assert!(sandbox.directory.set_state("alice", state));
        for said in [&name, &id] {
            says(&world, said);
            match (sign_in(&world.world, "a state").await, code) {
                (Outcome::In(_), None) => {}
                (Outcome::Refused(found), Some(code)) => assert_eq!(found, code, "{state:?} {said:?}"),
                (outcome, _) => panic!("{state:?} {said:?}: {outcome:?}"),
            }
        }
    }
}

/// LDAP-12: a provider whose copy is older than a new name says the old one. It opens nothing while nobody has it, and where the
/// provider brings the SID as well, nobody comes in as who has it now.
#[tokio::test]
async fn a_name_that_changed_since_opens_nothing_and_the_sid_does() {
    let sandbox = SandboxDirectory::start(|settings| settings).await;
    let world = world(sandbox.domain()).await;
    let people = vestibule_conformance::sandbox::people::People::standard();
    let sid = people.by_username("alice").unwrap().security_id.clone().unwrap();
    let (old, new) = ("alice@mail.corp.example", "alicia@mail.corp.example");
    assert!(sandbox.directory.rename_upn("alice", old));
    for (row, said, code) in [
        ("before", vec![("cip_upn", old), ("cip_sid", &sid)], None),
        ("renamed", vec![("cip_upn", old)], Some("AD-PERSON")),
        ("the new name", vec![("cip_upn", new)], None),
        ("the SID", vec![("cip_sid", &sid)], None),
        ("the SID and the old name", vec![("cip_upn", old), ("cip_sid", &sid)], Some("AD-DISAGREES")),
        (
            "the SID and a name that is another's",
            vec![("cip_upn", old), ("cip_sid", &sid)],
            Some("AD-DISAGREES"),
        ),
    ] {
        match row {
            "renamed" => assert!(sandbox.directory.rename_upn("alice", new)),
            "the SID and a name that is another's" => assert!(sandbox.directory.rename_upn("bob", old)),
            _ => {}
        }
        says(&world, &said);
        match (sign_in(&world.world, row).await, code) {
            (Outcome::In(session), None) => assert_eq!(session["claims"]["cip_sid"], sid.as_str(), "{row}"),
            (Outcome::Refused(found), Some(code)) => assert_eq!(found, code, "{row}"),
            (outcome, _) => panic!("{row}: {outcome:?}"),
        }
    }
}

/// A directory behind another kind of provider: it fills in, and has to agree.
async fn behind(setup: Setup, domain: Domain, connection: String) -> DirectoryWorld {
    let world = World::with_provider(Scheme::Http, &[], setup).await;
    let world = DirectoryWorld::of(world, "active-directory", vec![domain], "").await;
    let mut manifest = world.manifest();
    manifest.workspace = "authentication = \"id\"\n".to_owned();
    manifest.connections.push_str(&connection);
    manifest.connections.push_str("directories = [\"corp\"]\nresolve_from_ad = \"any\"\n");
    world.world.change(&manifest).await;
    world
}

/// How a sign-in ends, and what the audit has of a refusal.
async fn ends(world: &DirectoryWorld, row: &str, code: Option<&str>, sid: &str) {
    match (sign_in(&world.world, row).await, code) {
        (Outcome::In(session), None) => assert_eq!(session["claims"]["cip_sid"], sid, "{row}"),
        (Outcome::Refused(found), Some(code)) => {
            assert_eq!(found, code, "{row}");
            let event = world.world.audit().await.pop().expect("an event");
            assert_eq!(
                (event.event.as_str(), event.code.as_deref()),
                ("sign-in.refused", Some(code)),
                "{row}"
            );
        }
        (outcome, _) => panic!("{row}: {outcome:?}"),
    }
}

#[tokio::test]
async fn a_directory_stands_behind_okta_too() {
    let sandbox = SandboxDirectory::start(|settings| settings).await;
    let connection = "[[connections]]\nname = \"id\"\nkind = \"okta\"\ndomain = \"{origin}\"\ncustom_domain = true\n\
                      client_id = \"vestibule+hostile\"\nclient_secret = \"s:%+é/\"\n";
    let world = behind(Setup::default(), sandbox.domain(), connection.to_owned()).await;
    let people = vestibule_conformance::sandbox::people::People::standard();
    let sid = |name: &str| people.by_username(name).unwrap().security_id.clone().unwrap();
    for (row, said, code) in [
        ("okta: a name alone", vec![("cip_upn", "alice@corp.example".to_owned())], None),
        (
            "okta: another's SID",
            vec![("cip_upn", "alice@corp.example".to_owned()), ("cip_sid", sid("bob"))],
            Some("AD-DISAGREES"),
        ),
        ("okta: nobody", vec![("cip_upn", "mallory@corp.example".to_owned())], Some("AD-PERSON")),
    ] {
        let claims: Vec<_> = said.iter().map(|(name, value)| (*name, value.as_str())).collect();
        says(&world, &claims);
        ends(&world, row, code, &sid("alice")).await;
    }
}

/// Shape from docs.
#[tokio::test]
async fn a_directory_stands_behind_azure_ad_too() {
    let sandbox = SandboxDirectory::start(|settings| settings).await;
    let (graph, person) = azure_ad::graph().await;
    let setup = Setup { path: format!("/{TENANT}/v2.0"), ..Setup::default() };
    let connection = azure_ad::connection("id", &graph, "required_claims = [\"sid\", \"upn\", \"oid\"]\n");
    let world = behind(setup, sandbox.domain(), connection).await;
    let people = vestibule_conformance::sandbox::people::People::standard();
    let sid = |name: &str| people.by_username(name).unwrap().security_id.clone().unwrap();
    world.world.provider.script_all(azure_ad::says(TENANT, ALICE));
    for (row, own, name, code) in [
        ("azure-ad: a name alone", None, "alice@corp.example", None),
        ("azure-ad: both agree", Some(sid("alice")), "alice@corp.example", None),
        ("azure-ad: another's SID", Some(sid("bob")), "alice@corp.example", Some("AD-DISAGREES")),
        ("azure-ad: nobody", None, "mallory@corp.example", Some("AD-PERSON")),
    ] {
        {
            let mut person = person.lock().unwrap();
            person["onPremisesSecurityIdentifier"] = json!(own);
            person["onPremisesImmutableId"] = json!(null);
            person["onPremisesUserPrincipalName"] = json!(name);
            person["mail"] = json!(null);
        }
        ends(&world, row, code, &sid("alice")).await;
    }
}
