//! The good flow, its refusals, and whole endpoints that misbehave.

use super::*;

#[tokio::test]
async fn a_good_sign_in_is_good_everywhere() {
    let provider = provider().await;
    let signed_in = sign_in(&provider).await;
    assert!(signed_in.is_signed_by("hostile-1"));
    let claims: Value = serde_json::from_str(&signed_in.segment(1)).unwrap();
    assert_eq!(claims["iss"], provider.issuer());
    assert_eq!((&claims["aud"], &claims["sub"]), (&Value::from(provider.client_id()), &Value::from(SUBJECT)));
    assert_eq!((claims["exp"].as_i64(), claims["nonce"].as_str()), (Some(NOW + 300), Some(NONCE)));
    assert_eq!(value(&signed_in.answer, "iss"), provider.issuer());
    assert_eq!(value(&signed_in.answer, "state"), "state-1");
    assert!(signed_in.user_info.contains(SUBJECT));
    let asked: Vec<_> = provider.calls().into_iter().filter_map(|call| call.endpoint).collect();
    let expected =
        [Endpoint::Discovery, Endpoint::Keys, Endpoint::Authorize, Endpoint::Token, Endpoint::UserInfo];
    assert_eq!(asked, expected);
    let token_call = &provider.calls_to(Endpoint::Token)[0];
    assert!(token_call.body.contains("grant_type=authorization_code"));
    assert!(token_call.authorization.as_deref().is_some_and(|value| value.starts_with("Basic ")));
    provider.forget_calls();
    assert!(provider.calls().is_empty());
}

#[tokio::test]
async fn the_request_has_to_be_right() {
    let provider = provider().await;
    let rows = [
        ("another client", ("client_id", "other")),
        ("the implicit flow", ("response_type", "id_token")),
        ("a plain challenge", ("code_challenge_method", "plain")),
        ("a short challenge", ("code_challenge", "short")),
        ("a short nonce", ("nonce", "short")),
        ("no state", ("state", "")),
        ("no openid", ("scope", "profile")),
        ("no redirect URI", ("redirect_uri", "")),
    ];
    for (name, change) in rows {
        let page = get(&authorization_url(&provider, &[change])).await.unwrap();
        assert_eq!(page.status, 400, "{name}");
    }
    let twice = format!("{}&nonce={NONCE}", authorization_url(&provider, &[]));
    assert_eq!(get(&twice).await.unwrap().status, 400, "a parameter twice");
}

#[tokio::test]
async fn a_code_is_bound_and_used_once() {
    let provider = provider().await;
    let answer = code(&provider).await;
    assert_eq!(redeem(&provider, value(&answer, "code")).await.unwrap().status, 200);
    assert_eq!(redeem(&provider, value(&answer, "code")).await.unwrap().json()["error"], "invalid_grant");
    let credentials = basic(provider.client_id(), provider.client_secret());
    for (name, field) in [("another verifier", "code_verifier"), ("another redirect URI", "redirect_uri")] {
        let answer = code(&provider).await;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", value(&answer, "code")),
            ("redirect_uri", BACK),
            ("code_verifier", VERIFIER),
        ];
        fields.iter_mut().filter(|(found, _)| *found == field).for_each(|(_, value)| *value = "other");
        let request = Request::post(&format!("{}/token", provider.issuer()), &fields).unwrap();
        let page =
            Browser::new().request(request.header("authorization", &credentials).unwrap()).await.unwrap();
        assert_eq!(page.json()["error"], "invalid_grant", "{name}");
    }
}

#[tokio::test]
async fn client_authentication_is_exact() {
    let provider = provider().await;
    let (id, secret) = (provider.client_id(), provider.client_secret());
    let raw = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let posted = Serializer::new(String::new())
        .append_pair("client_id", id)
        .append_pair("client_secret", secret)
        .finish();
    let (basic_only, post_only) = (Some(ClientAuth::BasicOnly), Some(ClientAuth::PostOnly));
    let good = basic(id, secret);
    let rows = [
        ("basic", None, Some(good.as_str()), "", true),
        ("post", None, None, posted.as_str(), true),
        ("basic where basic is wanted", basic_only, Some(&good), "", true),
        ("post where post is wanted", post_only, None, &posted, true),
        ("post where basic is wanted", basic_only, None, &posted, false),
        ("basic where post is wanted", post_only, Some(&good), "", false),
        ("both at once", None, Some(&good), &posted, false),
        ("neither", None, None, "", false),
        ("basic without form encoding", None, Some(&raw), "", false),
    ];
    for (name, wanted, header, more, accepted) in rows {
        provider.script_all(wanted.map(Fault::ClientAuth).into_iter().collect());
        let answer = code(&provider).await;
        let pairs = [("grant_type", "authorization_code"), ("code", value(&answer, "code"))];
        let rest = [("redirect_uri", BACK), ("code_verifier", VERIFIER)];
        let body = Serializer::new(String::new()).extend_pairs(pairs.iter().chain(&rest)).finish();
        let mut request = redemption(&provider, "").body(format!("{body}&{more}"));
        if let Some(header) = header {
            request = request.header("authorization", header).unwrap();
        }
        let status = Browser::new().request(request).await.unwrap().status;
        assert_eq!(status, if accepted { 200 } else { 401 }, "{name}");
    }
}

#[tokio::test]
async fn rotation_changes_key_and_key_set() {
    let provider = provider().await;
    let before = sign_in(&provider).await;
    provider.rotate();
    let after = sign_in(&provider).await;
    assert!(before.is_signed_by("hostile-1") && after.is_signed_by("hostile-2"));
    assert!(!after.keys.contains("hostile-1"));
}

#[tokio::test]
async fn endpoints_misbehave_as_told() {
    let provider = provider().await;
    let way = |misbehaviour| Fault::Endpoint(Endpoint::Token, misbehaviour);
    let rows = [
        (Misbehaviour::Redirect, 302, 0),
        (Misbehaviour::Status(500), 500, 20),
        (Misbehaviour::Html, 200, 50),
        (Misbehaviour::Oversized(10_000_000), 200, 10_000_000),
        (Misbehaviour::GzipBomb, 200, 300_000),
        (Misbehaviour::ErrorWith200, 200, 50),
    ];
    for (misbehaviour, status, least) in rows {
        let answer = code(&provider).await;
        provider.script(way(misbehaviour));
        let page = redeem(&provider, value(&answer, "code")).await.unwrap();
        assert_eq!(page.status, status, "{misbehaviour:?}");
        assert!(page.body.len() >= least, "{misbehaviour:?}: {}", page.body.len());
        provider.behave();
    }
    for misbehaviour in [Misbehaviour::Broken, Misbehaviour::Endless] {
        let answer = code(&provider).await;
        provider.script(way(misbehaviour));
        // The browser's own cap of 16 MiB ends the endless one.
        let ended = redeem(&provider, value(&answer, "code")).await;
        assert!(matches!(ended, Err(WireError::Network { .. })), "{misbehaviour:?}");
        provider.behave();
    }
}

#[tokio::test]
async fn claims_and_the_address_are_free_to_choose() {
    let setup = Setup { host: "hostile.sandbox.localhost".to_owned(), ..Setup::default() };
    let provider = HostileProvider::start_with(setup).await.unwrap();
    assert_eq!(parsed(provider.issuer()).host_str(), Some("hostile.sandbox.localhost"));
    provider.claims([("cip_upn".to_owned(), Value::from("bob@corp.example"))].into_iter().collect());
    let signed_in = sign_in(&provider).await;
    assert!(signed_in.is_signed_by("hostile-1") && signed_in.claims().contains("bob@corp.example"));
}
