//! Graph beside the Entra shape: for the client's own token alone.

use serde_json::json;

use super::*;

const TENANT: &str = "11111111-2222-4333-8444-555555555555";
const HOST: &str = "http://azure-ad.sandbox.localhost:8080";

fn entra() -> World {
    let World { provider, clock } = World::new(Shape::Entra);
    let settings = Settings { issuer: format!("{HOST}/{TENANT}/v2.0"), ..provider.settings };
    World { provider: Provider::new(settings).unwrap(), clock }
}

impl World {
    async fn own_token(&self, secret: &str, scope: &str) -> Answer {
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", "broker"),
            ("client_secret", secret),
            ("scope", scope),
        ];
        self.post(&self.provider.url_of(Endpoint::Token), &[], &fields).await
    }
}

#[tokio::test]
async fn a_client_reads_people_and_every_page_of_their_groups() {
    let world = entra();
    let answer = world.own_token(SECRET, "https://graph.example/.default").await;
    let token = format!("Bearer {}", answer.json()["access_token"].as_str().unwrap());
    let read = async |path: &str, token: &str| world.get(path, &[(AUTHORIZATION, token)]).await;
    let people = read(&format!("{HOST}/v1.0/users"), &token).await.json();
    let carol = people["value"].as_array().unwrap().iter().find(|one| one["givenName"] == "Carol").unwrap();
    let id = carol["id"].as_str().unwrap();
    assert_eq!(read(&format!("{HOST}/v1.0/users/{id}"), &token).await.json(), *carol);
    let mut next = Some(format!("{HOST}/v1.0/users/{id}/transitiveMemberOf?$top=999"));
    let mut names = Vec::new();
    while let Some(address) = next {
        let page = read(&address, &token).await.json();
        names.extend(page["value"].as_array().unwrap().iter().map(|one| one["displayName"].clone()));
        next = page["@odata.nextLink"].as_str().map(str::to_owned);
    }
    assert_eq!(json!(names), json!(["Everyone", "Engineering", "Reviewers, external"]));
    let dave = people["value"].as_array().unwrap().iter().find(|one| one["givenName"] == "Dave").unwrap();
    assert!(dave["onPremisesSecurityIdentifier"].is_null() && dave["onPremisesImmutableId"].is_null());

    let nobody = format!("{HOST}/v1.0/users/{TENANT}");
    assert_eq!(read(&nobody, &token).await.status, StatusCode::NOT_FOUND);
    assert_eq!(read(&nobody, "Bearer other").await.status, StatusCode::UNAUTHORIZED);
    world.wait(3600);
    assert_eq!(read(&format!("{HOST}/v1.0/users"), &token).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_of_its_own_is_for_the_client_with_its_secret() {
    let world = entra();
    let refused = world.own_token("another", "https://graph.example/.default").await;
    assert_eq!(refused.json()["error"], "invalid_client");
    assert_eq!(world.own_token(SECRET, "openid").await.json()["error"], "invalid_request");
    let okta = World::new(Shape::Okta);
    let refused = okta.own_token(SECRET, "https://graph.example/.default").await;
    assert_eq!(refused.json()["error"], "unsupported_grant_type");
}
