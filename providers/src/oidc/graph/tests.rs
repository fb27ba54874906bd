//! Shape from docs: what stands in for Graph here says what Microsoft's reference says of it.

use std::collections::HashMap;
use std::sync::Mutex as Lock;

use async_trait::async_trait;
use http::{Request, Response};
use serde_json::json;

use super::*;
use crate::BrowserEndpoints;
use crate::config::ResponseMode;
use crate::ports::HttpError;

const GRAPH: &str = "https://graph.example";
const TENANT: &str = "11111111-2222-4333-8444-555555555555";
const ALICE: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

/// Answers by path; each in the order in which they were put there, the last for good.
#[derive(Debug, Default)]
struct Stand {
    answers: Lock<HashMap<String, Vec<(u16, Value)>>>,
    asked: Lock<Vec<(String, String)>>,
}

impl Stand {
    fn put(&self, path: &str, status: u16, body: Value) {
        self.answers.lock().unwrap().entry(path.to_owned()).or_default().push((status, body));
    }

    fn asked(&self, path: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|(asked, _)| asked == path).count()
    }

    fn hosts(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|(_, host)| host.clone()).collect()
    }
}

#[async_trait]
impl Http for Stand {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpError> {
        let uri = request.uri().clone();
        let host = uri.host().unwrap().to_owned();
        let after = uri.query().and_then(|query| query.split("skip=").nth(1));
        let path = after.map_or_else(|| uri.path().to_owned(), |skip| format!("{}#{skip}", uri.path()));
        self.asked.lock().unwrap().push((path.clone(), host));
        let mut answers = self.answers.lock().unwrap();
        let Some(all) = answers.get_mut(&path) else {
            return Err(HttpError::Unreachable(format!("nobody at {path}")));
        };
        let (status, body) = if all.len() > 1 { all.remove(0) } else { all[0].clone() };
        let answer = Response::builder().status(status).header("content-type", "application/json");
        let answer = if status == 429 { answer.header("retry-after", body.to_string()) } else { answer };
        Ok(answer.body(serde_json::to_vec(&body).unwrap()).unwrap())
    }
}

struct Bench {
    stand: Arc<Stand>,
    graph: Graph,
    client: Client,
    metadata: Metadata,
}

impl Bench {
    fn new() -> Self {
        let stand = Arc::new(Stand::default());
        let config = AzureAdConfig {
            tenant: ObjectId::parse_text(TENANT).unwrap(),
            client_id: "broker".to_owned(),
            authority: "https://login.example".to_owned(),
            graph: GRAPH.to_owned(),
            response_mode: ResponseMode::Query,
        };
        let issuer = config.issuer();
        let metadata = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/authorize"),
            "token_endpoint": "https://login.example/token",
            "jwks_uri": format!("{issuer}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        });
        let metadata =
            Metadata::read(&serde_json::to_vec(&metadata).unwrap(), &issuer, BrowserEndpoints::Https)
                .unwrap();
        let client = Client {
            id: "broker".to_owned(),
            secret: Secret::new("secret".to_owned()),
            response_mode: ResponseMode::Query,
        };
        let graph = Graph::new(&config, Arc::clone(&stand) as Arc<dyn Http>);
        stand.put(
            "/token",
            200,
            json!({ "access_token": "own", "token_type": "Bearer", "expires_in": 3599 }),
        );
        Self { stand, graph, client, metadata }
    }

    fn person(&self, changes: &Value) {
        let mut person = json!({
            "id": ALICE,
            "displayName": "Alice Andersen",
            "givenName": "Alice",
            "surname": "Andersen",
            "mail": "alice@corp.example",
            "userPrincipalName": "alice@corp.onmicrosoft.example",
            "accountEnabled": true,
            "userType": "Member",
            "onPremisesSecurityIdentifier": "S-1-5-21-1-2-3-1104",
            "onPremisesImmutableId": "rk0d+Ox90EGnZQCgyR5r9g==",
            "onPremisesUserPrincipalName": "alice@corp.example",
        });
        for (name, value) in changes.as_object().unwrap() {
            person[name] = value.clone();
        }
        self.stand.put(&format!("/v1.0/users/{ALICE}"), 200, person);
    }

    fn groups(&self, page: &str, groups: &Value, next: Option<&str>) {
        let mut body = json!({ "value": groups });
        if let Some(next) = next {
            body["@odata.nextLink"] = json!(next);
        }
        self.stand.put(&format!("/v1.0/users/{ALICE}/transitiveMemberOf{page}"), 200, body);
    }

    async fn ask(&self) -> Result<RawAttributes, SignInError> {
        let alice = ObjectId::parse_text(ALICE).unwrap();
        self.graph.person((&self.client, &self.metadata), alice, NOW).await
    }

    async fn refused(&self) -> Code {
        self.ask().await.unwrap_err().code
    }
}

fn one(attributes: &RawAttributes, name: &str) -> Option<String> {
    attributes.values(name).map(|found| found.values.join(" "))
}

#[tokio::test]
async fn the_properties_of_premises_become_claims() {
    for (name, changes, expected) in [
        (
            "synchronised",
            json!({}),
            [Some("S-1-5-21-1-2-3-1104"), Some("rk0d+Ox90EGnZQCgyR5r9g=="), Some("alice@corp.example")],
        ),
        (
            "of the cloud alone",
            json!({ "onPremisesSecurityIdentifier": null, "onPremisesImmutableId": null, "onPremisesUserPrincipalName": null }),
            [None, None, Some("alice@corp.onmicrosoft.example")],
        ),
        (
            "of the cloud, with an immutable id that somebody chose",
            json!({ "onPremisesSecurityIdentifier": null }),
            [None, None, Some("alice@corp.example")],
        ),
        (
            "synchronised by another anchor",
            json!({ "onPremisesImmutableId": "employee-4711" }),
            [Some("S-1-5-21-1-2-3-1104"), None, Some("alice@corp.example")],
        ),
    ] {
        let bench = Bench::new();
        bench.person(&changes);
        bench.groups("", &json!([]), None);
        let found = bench.ask().await.unwrap();
        let claims = ["cip_sid", "cip_oid", "cip_upn"].map(|claim| one(&found, claim));
        assert_eq!(claims, expected.map(|value| value.map(str::to_owned)), "{name}");
        assert_eq!(one(&found, "cip_email").as_deref(), Some("alice@corp.example"), "{name}");
        assert_eq!(one(&found, EntraIdentity::GUEST), None, "{name}");
    }
}

#[tokio::test]
async fn a_guest_is_marked_and_somebody_disabled_stays_out() {
    for (changes, guest) in [
        (json!({ "userType": "Guest" }), true),
        (json!({ "userPrincipalName": "alice_partner.example#EXT#@corp.onmicrosoft.example" }), true),
        (json!({ "userType": null }), false),
    ] {
        let bench = Bench::new();
        bench.person(&changes);
        bench.groups("", &json!([]), None);
        assert_eq!(one(&bench.ask().await.unwrap(), EntraIdentity::GUEST).is_some(), guest, "{changes}");
    }
    for enabled in [json!(false), json!(null), json!("true")] {
        let bench = Bench::new();
        bench.person(&json!({ "accountEnabled": enabled }));
        bench.groups("", &json!([]), None);
        assert_eq!(bench.refused().await, Code::AadPerson, "{enabled}");
    }
}

#[tokio::test]
async fn groups_are_read_to_their_last_page_and_on_no_other_host() {
    let group = |id: &str, name: &str| json!({ "@odata.type": "#microsoft.graph.group", "id": id, "displayName": name });
    let bench = Bench::new();
    bench.person(&json!({}));
    let next = format!("{GRAPH}/v1.0/users/{ALICE}/transitiveMemberOf?skip=1");
    let role = json!({ "@odata.type": "#microsoft.graph.directoryRole", "id": "r", "displayName": "Global Administrator" });
    bench.groups("", &json!([group("g1", "Finance"), role]), Some(&next));
    bench.groups("#1", &json!([group("g2", "")]), None);
    let found = bench.ask().await.unwrap();
    assert_eq!(one(&found, "groups").as_deref(), Some("g1 g2"));
    assert_eq!(one(&found, RawAttributes::GROUP_NAMES).as_deref(), Some("Finance g2"));

    for elsewhere in [
        "https://evil.example/v1.0/next?skip=1",
        "http://graph.example/v1.0/x?skip=1",
        "//evil.example/",
        "x",
    ] {
        let bench = Bench::new();
        bench.person(&json!({}));
        bench.groups("", &json!([group("g1", "Finance")]), Some(elsewhere));
        assert_eq!(bench.refused().await, Code::AadGraph, "{elsewhere}");
        assert!(bench.stand.hosts().iter().all(|host| host != "evil.example"), "{elsewhere}");
    }
}

#[tokio::test]
async fn somebody_in_too_many_groups_is_not_read_for_ever() {
    let bench = Bench::new();
    bench.person(&json!({}));
    let group = |id: usize| json!({ "@odata.type": "#microsoft.graph.group", "id": format!("g{id}") });
    let page: Vec<_> = (0..999).map(group).collect();
    let next = format!("{GRAPH}/v1.0/users/{ALICE}/transitiveMemberOf?skip=1");
    bench.groups("", &json!(page), Some(&next));
    bench.groups("#1", &json!(page), Some(&next));
    let found = bench.ask().await.unwrap();
    assert_eq!(found.values("groups").unwrap().values.len(), 6 * 999, "more than anybody may have");
    // Nor are roles, which a page that leads to itself has for ever, nor pages without anybody.
    let bench = Bench::new();
    bench.person(&json!({}));
    let role = json!({ "@odata.type": "#microsoft.graph.directoryRole", "id": "r" });
    bench.groups("", &json!([role]), Some(&next));
    bench.groups("#1", &json!([]), Some(&next));
    assert_eq!(bench.refused().await, Code::AadGraph);
    assert_eq!(bench.stand.asked(&format!("/v1.0/users/{ALICE}/transitiveMemberOf#1")), MOST_PAGES - 1);
    for link in [json!(7), json!({ "href": next })] {
        let bench = Bench::new();
        bench.person(&json!({}));
        let body = json!({ "value": [], "@odata.nextLink": link });
        bench.stand.put(&format!("/v1.0/users/{ALICE}/transitiveMemberOf"), 200, body);
        assert_eq!(bench.refused().await, Code::AadGraph, "{link}");
    }
}

#[tokio::test]
async fn each_refusal_of_graph_has_a_code() {
    let error = || json!({ "error": { "code": "Authorization_RequestDenied" } });
    for (status, body, code) in [
        (403, error(), Code::AadPermission),
        (404, error(), Code::AadPerson),
        (429, json!(120), Code::AadThrottled),
        (503, error(), Code::AadGraph),
        (302, error(), Code::AadGraph),
        (200, json!(["no object"]), Code::AadGraph),
    ] {
        let bench = Bench::new();
        bench.stand.put(&format!("/v1.0/users/{ALICE}"), status, body);
        assert_eq!(bench.refused().await, code, "{status}");
    }
    let bench = Bench::new();
    bench.person(&json!({}));
    bench.groups("", &json!([]), None);
    bench.stand.answers.lock().unwrap().remove("/token");
    bench.stand.put("/token", 401, json!({ "error": "invalid_client" }));
    assert_eq!(bench.refused().await, Code::OidcTokenRefused, "a wrong secret");
}

#[tokio::test]
async fn a_short_wait_is_waited_and_a_token_that_ended_is_got_anew_once() {
    let path = format!("/v1.0/users/{ALICE}");
    let bench = Bench::new();
    bench.stand.put(&path, 429, json!(0));
    bench.person(&json!({}));
    bench.groups("", &json!([]), None);
    assert!(bench.ask().await.is_ok());

    let bench = Bench::new();
    bench.stand.put(&path, 401, json!({}));
    bench.person(&json!({}));
    bench.groups("", &json!([]), None);
    assert!(bench.ask().await.is_ok());
    assert_eq!(bench.stand.asked("/token"), 2);
    assert!(bench.ask().await.is_ok());
    assert_eq!(bench.stand.asked("/token"), 2, "one token for many sign-ins");

    let bench = Bench::new();
    bench.stand.put(&path, 401, json!({}));
    assert_eq!(bench.refused().await, Code::AadPermission);
    assert_eq!(bench.stand.asked(&path), 2, "and no more");
}

#[tokio::test]
async fn the_check_tries_the_secret_and_each_permission() {
    let bench = Bench::new();
    bench.stand.put("/v1.0/users", 200, json!({ "value": [] }));
    bench.stand.put("/v1.0/groups", 403, json!({ "error": { "code": "Authorization_RequestDenied" } }));
    let checks = bench.graph.check((&bench.client, &bench.metadata), NOW).await;
    let found: Vec<_> = checks
        .iter()
        .map(|check| (check.name, check.outcome.as_ref().err().map(|error| error.code)))
        .collect();
    assert_eq!(found, [("application token", None), ("people", None), ("groups", Some(Code::AadPermission))]);
}
