//! The end-session endpoint.

use http::HeaderName;

use super::*;

const ORIGIN_HERE: &str = "http://okta.sandbox.localhost:8080";

/// A signed-in browser: its cookie and its id token.
async fn signed_in(world: &World) -> (String, String) {
    let answer = world.sign_in("alice", &[]).await;
    let tokens = world.redeem(&[("code", &answer.query()["code"])]).await.json();
    (answer.cookie(), tokens["id_token"].as_str().unwrap().to_owned())
}

async fn is_live(world: &World, cookie: &str) -> bool {
    let answer = world.get(&world.authorize_url(&[("prompt", "none")]), &[(COOKIE, cookie)]).await;
    answer.query().contains_key("code")
}

#[tokio::test]
async fn a_link_asks_and_the_button_ends() {
    let world = World::new(Shape::Okta);
    let (cookie, _) = signed_in(&world).await;
    let url = world.provider.url_of(Endpoint::EndSession);
    world.get(&format!("{url}?confirm=yes"), &[(COOKIE, &cookie)]).await;
    assert!(is_live(&world, &cookie).await, "a link");
    world.post(&url, &[(COOKIE, &cookie), (ORIGIN, "http://evil.example")], &[("confirm", "yes")]).await;
    assert!(is_live(&world, &cookie).await, "another site's form");
    world.post(&url, &[(COOKIE, &cookie), (ORIGIN, ORIGIN_HERE)], &[("confirm", "yes")]).await;
    assert!(!is_live(&world, &cookie).await, "the own form");
}

/// A client that has no token says who it is, and the person says yes.
#[tokio::test]
async fn after_the_button_a_client_that_named_itself_is_gone_back_to() {
    let world = World::new(Shape::Okta);
    let (cookie, _) = signed_in(&world).await;
    let url = world.provider.url_of(Endpoint::EndSession);
    let own: [(HeaderName, &str); 2] = [(COOKIE, &cookie), (ORIGIN, ORIGIN_HERE)];
    let fields = |back| {
        [("client_id", "broker"), ("post_logout_redirect_uri", back), ("state", "s"), ("confirm", "yes")]
    };
    let asked = world
        .get(&format!("{url}?client_id=broker&state=s&post_logout_redirect_uri={SIGNED_OUT}"), &own)
        .await;
    assert!(asked.body.contains(SIGNED_OUT) && asked.location().is_empty(), "{}", asked.body);
    let answer = world.post(&url, &own, &fields(SIGNED_OUT)).await;
    assert_eq!(answer.location(), format!("{SIGNED_OUT}?state=s"));
    let answer = world.post(&url, &own, &fields("http://evil.example/")).await;
    assert_eq!(answer.location(), "");
}

#[tokio::test]
async fn an_id_token_ends_at_once_and_leads_back_to_the_client_alone() {
    let world = World::new(Shape::Okta);
    let rows = [
        ("good", true, SIGNED_OUT, true, format!("{SIGNED_OUT}?state=s")),
        ("another site", true, "http://evil.example/", true, String::new()),
        ("another port", true, "http://acme.vestibule.localhost:9/", true, String::new()),
        ("another path", true, "http://acme.vestibule.localhost:8080/a", true, String::new()),
        ("script", true, "javascript:alert(1)", true, String::new()),
        ("forged token", false, SIGNED_OUT, false, String::new()),
    ];
    for (name, genuine, back, ended, location) in rows {
        let (cookie, token) = signed_in(&world).await;
        let token = if genuine { token } else { token.replacen("ey", "eY", 1) };
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("id_token_hint", token.as_str()),
                ("post_logout_redirect_uri", back),
                ("state", "s"),
            ])
            .finish();
        let url = format!("{}?{query}", world.provider.url_of(Endpoint::EndSession));
        let answer = world.get(&url, &[(COOKIE, &cookie)]).await;
        assert_eq!(answer.location(), location, "{name}");
        assert_eq!(!is_live(&world, &cookie).await, ended, "{name}");
    }
}
