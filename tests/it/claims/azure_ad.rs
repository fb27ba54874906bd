//! The kind `azure-ad`: one tenant, its object ids, and Graph (AAD-01 to AAD-20; annex c.7; interface 3, 4 and 5). Shape from docs:
//! what stands in for Graph says what Microsoft's reference says of it.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Response, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};
use vestibule_broker::apply::{ApplyError, Outcome};
use vestibule_conformance::hostile::{Edit, Endpoint, Fault, Setup};
use vestibule_conformance::wire::Browser;
use vestibule_tests::application::{Application, Received};
use vestibule_tests::world::{Manifest, Scheme, World};

use super::{OID, SID, session, token};
use crate::openid::{calls, sign_in};

pub(crate) const TENANT: &str = "11111111-2222-4333-8444-555555555555";
pub(crate) const ALICE: &str = "aaaaaaaa-0000-4000-8000-000000000001";
pub(crate) const FINANCE: &str = "bbbbbbbb-0000-4000-8000-000000000001";

/// A tenant whose people come in to `acme`.
pub(crate) struct Tenant {
    pub(crate) world: World,
    manifest: Manifest,
    pub(crate) graph: Application,
    person: Arc<Mutex<Value>>,
}

impl Tenant {
    pub(crate) async fn start(lines: &str) -> Self {
        let (graph, person) = graph().await;
        let setup = Setup { path: format!("/{TENANT}/v2.0"), ..Setup::default() };
        let connections = connection("any", &graph, lines);
        let manifest = Manifest { connections, ..Manifest::of("acme") };
        let world = World::with_provider(Scheme::Http, std::slice::from_ref(&manifest), setup).await;
        Self { world, manifest, graph, person }
    }

    /// Applies the manifest with further lines of `[organization]`, and whole tables at its end.
    pub(crate) async fn apply(&self, organization: &str, tables: &str) -> Result<Outcome, ApplyError> {
        self.apply_with("", organization, tables).await
    }

    /// The same, with lines above everything.
    pub(crate) async fn apply_with(
        &self,
        top: &str,
        organization: &str,
        tables: &str,
    ) -> Result<Outcome, ApplyError> {
        let text = format!("{top}{}", self.manifest.text(&self.world));
        let text = text.replace("workspaces =", &format!("{organization}workspaces ="));
        let applied = self.world.apply_text(&format!("{text}{tables}")).await;
        self.world.settle().await;
        applied
    }

    pub(crate) fn set(&self, name: &str, value: Value) {
        self.person.lock().unwrap()[name] = value;
    }
}

/// What stands in for Graph, and the one person whom it knows.
pub(crate) async fn graph() -> (Application, Arc<Mutex<Value>>) {
    let (graph, person) = (Application::start().await, Arc::new(Mutex::new(alice())));
    let shown = Arc::clone(&person);
    graph.answer_with(move |call| answer(call, &shown.lock().unwrap()));
    (graph, person)
}

/// A connection to the tenant.
pub(crate) fn connection(name: &str, graph: &Application, lines: &str) -> String {
    format!(
        "[[connections]]\nname = \"{name}\"\nkind = \"azure-ad\"\ntenant = \"{TENANT}\"\nauthority = \"{{origin}}\"\n\
         graph = \"http://{}\"\nclient_id = \"vestibule+hostile\"\nclient_secret = \"s:%+é/\"\n{lines}",
        graph.address()
    )
}

fn alice() -> Value {
    json!({
        "id": ALICE,
        "displayName": "Alice Andersen",
        "givenName": "Alice",
        "surname": "Andersen",
        "mail": "alice@mail.example",
        "userPrincipalName": "alice@tenant.example",
        "accountEnabled": true,
        "userType": "Member",
        "onPremisesSecurityIdentifier": SID,
        "onPremisesImmutableId": "/xmWb4aLEdC0LQDAT8lk/w==",
        "onPremisesUserPrincipalName": "alice@corp.example",
    })
}

fn answer(call: &Received, person: &Value) -> Response<Full<Bytes>> {
    let group = json!({ "@odata.type": "#microsoft.graph.group", "id": FINANCE, "displayName": "Finance" });
    let path = call.target.split('?').next().unwrap_or_default();
    let known = person["id"].as_str().unwrap_or_default();
    let (status, body) = match path.strip_prefix("/v1.0/users/") {
        _ if call.header("authorization") != Some("Bearer the-clients-own") => {
            (StatusCode::UNAUTHORIZED, json!({ "error": { "code": "InvalidAuthenticationToken" } }))
        }
        Some(id) if id == known => (StatusCode::OK, person.clone()),
        Some(rest) if rest.strip_suffix("/transitiveMemberOf") == Some(known) => {
            (StatusCode::OK, json!({ "value": [group] }))
        }
        _ => (StatusCode::NOT_FOUND, json!({ "error": { "code": "Request_ResourceNotFound" } })),
    };
    let answer = Response::builder().status(status).header("content-type", "application/json");
    answer.body(Full::from(body.to_string())).unwrap()
}

/// What a token of the tenant says of the person.
pub(crate) fn says(tenant: &str, object: &str) -> Vec<Fault> {
    vec![token("tid", tenant), token("oid", object)]
}

#[tokio::test]
async fn a_person_is_who_graph_says_and_the_token_is_believed_for_tenant_and_object_alone() {
    let tenant = Tenant::start("directories = [\"corp\"]\n").await;
    let mut faults = says(TENANT, ALICE);
    for (name, value) in [
        ("cip_sid", "S-1-5-21-1004336348-1177238915-682003330-500"),
        ("email", "victim@corp.example"),
        ("preferred_username", "victim@corp.example"),
        ("upn", "victim@corp.example"),
    ] {
        faults.push(token(name, value));
    }
    // OIDC-RP-24: more groups than a token holds; the address that it names is the token's word alone.
    let elsewhere = format!("{}/attacker/claims", tenant.world.provider.issuer());
    faults.push(Fault::Claims(Edit::set("_claim_names", json!({ "groups": "src1" }))));
    faults.push(Fault::Claims(Edit::set("_claim_sources", json!({ "src1": { "endpoint": elsewhere } }))));
    tenant.world.provider.script_all(faults);
    let session = session(&tenant.world, "AAD: a person").await;
    assert_eq!(session["kind"], "azure-ad");
    assert_eq!(
        session["claims"],
        json!({
            "cip_sid": SID, "cip_oid": OID, "cip_upn": "alice@corp.example", "cip_email": "alice@mail.example",
            "entra_tid": TENANT, "entra_oid": ALICE, "displayName": "Alice Andersen", "givenName": "Alice",
            "familyName": "Andersen", "groups": [format!("entra:{TENANT}:{FINANCE}")], "group_names": ["Finance"],
        }),
        "interface 3 and 4"
    );
    assert_eq!(session["provenance"]["cip_sid"], "any:api");
    assert_eq!(calls(&tenant.world, Endpoint::Attacker), 0, "OIDC-RP-24");
    assert_eq!(calls(&tenant.world, Endpoint::UserInfo), 0, "everything comes from Graph");
    let [call] = tenant.world.provider.calls_to(Endpoint::Authorize).try_into().expect("one request");
    assert!(call.query.contains("core%2Flogin-aad"), "interface 3: {}", call.query);
    let asked: Vec<_> = tenant.graph.received().iter().map(|call| call.target.clone()).collect();
    assert!(asked.iter().all(|target| target.contains(ALICE)), "of nobody else: {asked:?}");
}

#[tokio::test]
async fn a_token_of_another_tenant_or_of_nobody_leads_to_no_question() {
    let tenant = Tenant::start("directories = [\"corp\"]\n").await;
    let other = TENANT.replace("5555555555", "5555555556");
    let another_issuer = tenant.world.provider.issuer().replace(TENANT, &other);
    for (row, faults, code) in [
        ("its own", says(TENANT, ALICE), "in"),
        ("in capitals", says(&TENANT.to_uppercase(), &ALICE.to_uppercase()), "in"),
        ("another tid", says(&other, ALICE), "AAD-TENANT"),
        ("no tid", vec![token("oid", ALICE)], "AAD-TENANT"),
        ("no oid", vec![token("tid", TENANT)], "OIDC-SUBJECT"),
        ("an oid that is an address", says(TENANT, "alice@corp.example"), "OIDC-SUBJECT"),
        (
            "another issuer",
            says(TENANT, ALICE).into_iter().chain([token("iss", another_issuer)]).collect(),
            "OIDC-TOKEN-ISSUER",
        ),
        ("somebody whom Graph does not know", says(TENANT, FINANCE), "AAD-PERSON"),
    ] {
        tenant.graph.forget();
        tenant.world.provider.script_all(faults);
        assert_eq!(sign_in(&tenant.world, row).await.code(), code, "OIDC-RP-38: {row}");
        let asked = !tenant.graph.received().is_empty();
        assert_eq!(asked, matches!(code, "in" | "AAD-PERSON"), "OIDC-RP-38: {row}");
    }
}

#[tokio::test]
async fn a_person_is_the_tenants_object_whatever_name_address_or_sid_it_has() {
    let tenant = Tenant::start("directories = [\"corp\"]\n").await;
    let sub = async |row: &str, object: &str| {
        tenant.world.provider.script_all(says(TENANT, object));
        session(&tenant.world, row).await["sub"].clone()
    };
    let own = sub("alice", ALICE).await;
    for (row, name, value) in [
        ("another name", "onPremisesUserPrincipalName", json!("alice.berg@corp.example")),
        ("another address", "mail", json!("alice.berg@mail.example")),
        ("another SID", "onPremisesSecurityIdentifier", json!(SID.replace("-1104", "-2208"))),
        ("no SID any more", "onPremisesSecurityIdentifier", json!(null)),
    ] {
        tenant.set(name, value);
        assert_eq!(sub(row, ALICE).await, own, "{row}");
    }
    // A new account under the old name, with everything that was Alice's.
    *tenant.person.lock().unwrap() = alice();
    let successor = ALICE.replace("0001", "0002");
    tenant.set("id", json!(successor));
    assert_ne!(sub("another object", &successor).await, own);
}

/// A directory that is a tenant is this connection's own tenant, or the connection could say nothing of its people.
#[tokio::test]
async fn a_directory_of_another_tenant_is_refused() {
    let tenant = Tenant::start("directories = [\"corp\"]\n").await;
    let text = tenant.manifest.text(&tenant.world);
    let domain = text.lines().find(|line| line.starts_with("domain_sid")).expect("a domain").to_owned();
    for (row, id, taken) in
        [("its own", TENANT.to_owned(), true), ("another", TENANT.replace("5555555555", "5555555556"), false)]
    {
        let text = text.replace(&domain, &format!("entra_tenant = \"{id}\""));
        let applied = tenant.world.apply_text(&text).await;
        assert_eq!(applied.is_ok(), taken, "{row}: {applied:?}");
    }
}

/// PRV-18, AAD-19: two organisations may share a tenant, its application, and so the one address of all answers. Nothing of the one is of
/// use at the other.
#[tokio::test]
async fn two_organisations_of_one_tenant_stay_apart() {
    let tenant = Tenant::start("directories = [\"corp\"]\n").await;
    let world = &tenant.world;
    world
        .change(&Manifest { connections: tenant.manifest.connections.clone(), ..Manifest::of("beta") })
        .await;
    world.provider.script_all(says(TENANT, ALICE));
    let answer = async |browser: &mut Browser, slug: &str| {
        browser.stop_before(Some("/core/"));
        let page = browser.open(&world.url(slug, "/")).await.unwrap();
        browser.stop_before(None);
        page.location().expect("an answer")
    };
    let parameter = |url: &url::Url, name: &str| {
        url.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .expect("a parameter")
    };
    let mut victim = world.browser();
    let own = answer(&mut victim, "acme").await;
    let theirs = answer(&mut world.browser(), "beta").await;
    assert_eq!(own.path(), theirs.path(), "one address for both");
    // The other organisation's answer, and its code in an answer of one's own.
    let page = victim.open(theirs.as_str()).await.unwrap();
    assert!(page.status == 400 && page.text().contains("SIGN-IN-COOKIE"), "{}", page.text());
    let injected = own.as_str().replace(
        &format!("code={}", parameter(&own, "code")),
        &format!("code={}", parameter(&theirs, "code")),
    );
    assert_ne!(injected, own.as_str());
    let before = world.audit().await.len();
    let page = victim.open(&injected).await.unwrap();
    assert!(page.status.is_client_error(), "{}: {}", page.status, page.text());
    let event = world.audit().await.split_off(before).remove(0);
    assert_eq!(event.event, "sign-in.refused", "{event:?}");
    for slug in ["acme", "beta"] {
        assert!(!world.has_session(&mut victim, slug).await, "{slug}");
    }
    // The same person, and somebody else to each of the two.
    let mut subs = Vec::new();
    for slug in ["acme", "beta"] {
        let mut browser = world.browser();
        let page = browser.open(&world.url(slug, "/")).await.unwrap();
        assert_eq!(page.text_body(), "the application", "{slug}");
        let session = browser.open(&world.url(slug, "/.vestibule/session")).await.unwrap().json();
        assert_eq!(session["claims"]["entra_oid"], ALICE, "{slug}");
        subs.push(session["sub"].clone());
    }
    assert_ne!(subs[0], subs[1]);
}

#[tokio::test]
async fn what_graph_says_is_held_against_the_connection() {
    let tenant = Tenant::start("directories = [\"corp\"]\n").await;
    tenant.world.provider.script_all(says(TENANT, ALICE));
    for (row, name, value, code) in [
        ("as it is", "id", json!(ALICE), "in"),
        ("disabled", "accountEnabled", json!(false), "AAD-PERSON"),
        ("nothing said of it", "accountEnabled", json!(null), "AAD-PERSON"),
        (
            "a SID of another domain",
            "onPremisesSecurityIdentifier",
            json!("S-1-5-21-9-9-9-1104"),
            "CLAIM-SCOPE",
        ),
        ("a SID that is none", "onPremisesSecurityIdentifier", json!("alice"), "CLAIM-SID"),
        (
            "a name of another suffix",
            "onPremisesUserPrincipalName",
            json!("alice@elsewhere.example"),
            "CLAIM-SCOPE",
        ),
        ("a guest, who is a subscriber all the same", "userType", json!("Guest"), "in"),
    ] {
        *tenant.person.lock().unwrap() = alice();
        tenant.set(name, value);
        assert_eq!(sign_in(&tenant.world, row).await.code(), code, "{row}");
    }
}

/// Interface 5: `upn` alone is demanded unless the connection asks for more, and whoever lives in the cloud alone has no more.
#[tokio::test]
async fn somebody_of_the_cloud_alone_has_neither_sid_nor_object_id() {
    for (lines, code) in [("", "in"), ("required_claims = [\"sid\", \"upn\"]\n", "CLAIM-SID")] {
        let tenant = Tenant::start(lines).await;
        for name in ["onPremisesSecurityIdentifier", "onPremisesImmutableId", "onPremisesUserPrincipalName"] {
            tenant.set(name, json!(null));
        }
        tenant.world.provider.script_all(says(TENANT, ALICE));
        let outcome = sign_in(&tenant.world, lines).await;
        assert_eq!(outcome.code(), code, "{lines}");
        if let crate::openid::Outcome::In(session) = outcome {
            let claims = &session["claims"];
            assert!(claims.get("cip_sid").is_none() && claims.get("cip_oid").is_none(), "{claims}");
            assert_eq!(
                (&claims["cip_upn"], &claims["entra_oid"]),
                (&json!("alice@tenant.example"), &json!(ALICE))
            );
        }
    }
}
