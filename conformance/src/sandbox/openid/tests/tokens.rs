//! The token endpoint, the id token and userinfo.

use super::*;

#[tokio::test]
async fn a_code_gives_a_signed_id_token_with_every_claim() {
    let world = World::new(Shape::Okta);
    let code = world.code("alice").await;
    world.wait(10);
    let tokens = world.redeem(&[("code", &code)]).await.json();
    let claims = shared_key().open(tokens["id_token"].as_str().unwrap()).unwrap();
    let hash = digest::digest(&digest::SHA256, tokens["access_token"].as_str().unwrap().as_bytes());
    let people = People::standard();
    let alice = people.by_username("alice").unwrap();
    let expected = serde_json::json!({
        "iss": ISSUER, "aud": "broker", "sub": claims["sub"], "nonce": "the nonce",
        "iat": NOON + 10, "exp": NOON + 310, "auth_time": NOON, "amr": ["pwd"],
        "at_hash": URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]),
        "cip_sid": alice.security_id, "cip_oid": alice.object_id, "cip_upn": alice.upn, "cip_email": alice.email,
        "name": "Alice Andersen", "given_name": "Alice", "family_name": "Andersen",
        "preferred_username": alice.upn, "email": alice.email, "email_verified": true, "groups": alice.groups,
    });
    assert_eq!(claims, expected);
    assert_eq!(tokens["expires_in"], 300);
    assert_eq!(tokens["scope"], "openid profile email");
}

#[tokio::test]
async fn identifiers_come_as_text_as_base64_or_not_at_all() {
    let world = World::new(Shape::Okta);
    let people = People::standard();
    for (name, present) in [("bob", true), ("hanako", true), ("dave", false)] {
        let code = world.code(name).await;
        let tokens = world.redeem(&[("code", &code)]).await.json();
        let claims = shared_key().open(tokens["id_token"].as_str().unwrap()).unwrap();
        assert_eq!(claims.get("cip_sid").is_some(), present, "{name}");
        assert_eq!(claims.get("cip_oid").is_some(), present, "{name}");
        if name == "bob" {
            let bob = people.by_username(name).unwrap();
            assert_eq!(claims["cip_sid"], STANDARD.encode(bob.security_id_bytes().unwrap()));
            assert_eq!(claims["cip_oid"], STANDARD.encode(bob.object_id_bytes().unwrap()));
        }
    }
}

#[tokio::test]
async fn the_generic_shape_keeps_the_profile_for_userinfo() {
    let world = World::new(Shape::Generic);
    let code = world.code("hanako").await;
    let tokens = world.redeem(&[("code", &code)]).await.json();
    let claims = shared_key().open(tokens["id_token"].as_str().unwrap()).unwrap();
    assert_eq!(claims["cip_upn"], "hanako@corp.example");
    assert_eq!((claims.get("cip_sid"), claims.get("name")), (None, None));
    let token = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let url = world.provider.url_of(Endpoint::UserInfo);
    let info = world.get(&url, &[(AUTHORIZATION, &token)]).await.json();
    assert_eq!((&info["sub"], &info["name"]), (&claims["sub"], &serde_json::json!("山田 花子")));
    assert!(info["cip_sid"].as_str().unwrap().starts_with("S-1-5-21-"));
    for (name, header) in [("another token", "Bearer x"), ("not a bearer", "Basic x"), ("empty", "Bearer ")] {
        let answer = world.get(&url, &[(AUTHORIZATION, header)]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}");
    }
    world.wait(300);
    assert_eq!(world.get(&url, &[(AUTHORIZATION, &token)]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn scopes_decide_about_name_and_email() {
    let world = World::new(Shape::Okta);
    let code =
        world.sign_in("alice", &[("scope", "openid"), ("nonce", "")]).await.query().remove("code").unwrap();
    let tokens = world.redeem(&[("code", &code)]).await.json();
    let claims = shared_key().open(tokens["id_token"].as_str().unwrap()).unwrap();
    for absent in ["name", "email", "nonce"] {
        assert_eq!(claims.get(absent), None, "{absent}");
    }
    assert_eq!(claims["cip_upn"], "alice@corp.example");
}

#[tokio::test]
async fn a_code_is_bound_to_everything_it_was_made_with() {
    let world = World::new(Shape::Okta);
    let other_verifier = VERIFIER.replace('0', "1");
    let rows = [
        ("good", "scope", "", StatusCode::OK, ""),
        ("another client", "client_id", "other", StatusCode::BAD_REQUEST, "invalid_grant"),
        ("another redirect", "redirect_uri", "http://a/", StatusCode::BAD_REQUEST, "invalid_grant"),
        ("no redirect", "redirect_uri", "", StatusCode::BAD_REQUEST, "invalid_grant"),
        ("another verifier", "code_verifier", &other_verifier, StatusCode::BAD_REQUEST, "invalid_grant"),
        ("no verifier", "code_verifier", "", StatusCode::BAD_REQUEST, "invalid_grant"),
        ("another code", "code", "abc", StatusCode::BAD_REQUEST, "invalid_grant"),
        ("no code", "code", "", StatusCode::BAD_REQUEST, "invalid_request"),
        ("no grant type", "grant_type", "", StatusCode::BAD_REQUEST, "invalid_request"),
        ("password grant", "grant_type", "password", StatusCode::BAD_REQUEST, "unsupported_grant_type"),
        ("wrong secret", "client_secret", "guess", StatusCode::UNAUTHORIZED, "invalid_client"),
        ("no secret", "client_secret", "", StatusCode::UNAUTHORIZED, "invalid_client"),
        ("unknown client", "client_id", "mallory", StatusCode::UNAUTHORIZED, "invalid_client"),
    ];
    for (name, field, value, status, error) in rows {
        let code = world.code("alice").await;
        let changed =
            if field == "code" { vec![(field, value)] } else { vec![("code", &*code), (field, value)] };
        let answer = world.redeem(&changed).await;
        assert_eq!(answer.status, status, "{name}");
        assert_eq!(answer.json()["error"].as_str().unwrap_or_default(), error, "{name}");
    }
}

#[tokio::test]
async fn a_client_proves_itself_in_one_way() {
    let world = World::new(Shape::Okta);
    let basic = format!("Basic {}", STANDARD.encode("broker:s%3A%25%2B%C3%A9%2F"));
    let raw = format!("Basic {}", STANDARD.encode("broker:s:%+é/"));
    let rows = [
        ("basic", Some(&basic), "", StatusCode::OK),
        ("basic without form encoding", Some(&raw), "", StatusCode::UNAUTHORIZED),
        ("both", Some(&basic), SECRET, StatusCode::BAD_REQUEST),
        ("neither", None, "", StatusCode::UNAUTHORIZED),
    ];
    for (name, header, secret, status) in rows {
        let code = world.code("alice").await;
        let headers: Vec<_> = header.iter().map(|value| (AUTHORIZATION, value.as_str())).collect();
        let fields = with(
            &[
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
            ],
            &[("client_secret", secret)],
        );
        let answer = world.post(&world.provider.url_of(Endpoint::Token), &headers, &fields).await;
        assert_eq!(answer.status, status, "{name}");
    }
}

#[tokio::test]
async fn a_code_is_good_once_and_for_a_minute() {
    let world = World::new(Shape::Okta);
    let code = world.code("alice").await;
    world.wait(59);
    let tokens = world.redeem(&[("code", &code)]).await.json();
    let token = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let url = world.provider.url_of(Endpoint::UserInfo);
    assert_eq!(world.get(&url, &[(AUTHORIZATION, &token)]).await.status, StatusCode::OK);
    assert_eq!(world.redeem(&[("code", &code)]).await.json()["error"], "invalid_grant");
    let after = world.get(&url, &[(AUTHORIZATION, &token)]).await;
    assert_eq!(after.status, StatusCode::UNAUTHORIZED, "the replay took the token back");
    let late = world.code("alice").await;
    world.wait(60);
    assert_eq!(world.redeem(&[("code", &late)]).await.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn the_subject_stays_and_differs_between_people() {
    let world = World::new(Shape::Okta);
    let mut seen = Vec::new();
    for name in ["alice", "alice", "bob"] {
        let code = world.code(name).await;
        let tokens = world.redeem(&[("code", &code)]).await.json();
        let claims = shared_key().open(tokens["id_token"].as_str().unwrap()).unwrap();
        seen.push(claims["sub"].as_str().unwrap().to_owned());
    }
    assert_eq!(seen[0], seen[1]);
    assert_ne!(seen[0], seen[2]);
    assert!(!seen[0].contains("alice"));
}
