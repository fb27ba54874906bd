//! The authorization endpoint and the sign-in page.

use super::*;

#[tokio::test]
async fn the_page_offers_everybody_and_takes_a_password() {
    let world = World::new(Shape::Okta);
    let page = world.get(&world.authorize_url(&[("login_hint", "a\"><b")]), &[]).await;
    for person in &People::standard() {
        assert!(page.body.contains(&person.display_name), "{}", person.username);
    }
    assert!(page.body.contains("a&#34;&#62;&#60;b") && !page.body.contains("a\"><b"));
    let policy = page.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("form-action 'self' http: https:"), "{policy}");
    assert!(!page.body.contains("<script"));
}

#[tokio::test]
async fn the_page_speaks_the_language_of_its_reader() {
    let world = World::new(Shape::Okta);
    let rows = [
        (
            "",
            "en",
            ["Who is signing in to Vestibule?", "No SID: ", "Deny"],
            "The name or the password is wrong.",
        ),
        (
            "ja",
            "ja",
            ["Vestibuleにサインインする人を選んでください", "SID がないため、", "拒否"],
            "ユーザー名またはパスワードが正しくありません。",
        ),
    ];
    for (header, tag, _, fault) in rows {
        let headers: &[_] = if header.is_empty() { &[] } else { &[(ACCEPT_LANGUAGE, header)] };
        let page = world.get(&world.authorize_url(&[]), headers).await;
        assert!(page.body.contains(&format!("<html lang=\"{tag}\">")), "{tag}");
        for (_, other, words, _) in rows {
            for word in words {
                assert_eq!(page.body.contains(word), other == tag, "{tag}: {word}");
            }
        }
        let wrong =
            world.post(&page.action(), headers, &[("username", "alice"), ("password", "guess")]).await;
        assert!(wrong.body.contains(fault), "{fault}");
    }
}

#[tokio::test]
async fn signing_in_answers_with_code_state_and_issuer() {
    let world = World::new(Shape::Okta);
    let answer = world.sign_in("alice", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let query = answer.query();
    assert_eq!(query["state"], "the state");
    assert_eq!(query["iss"], ISSUER);
    assert_eq!(query["code"].len(), 43);
    let cookie = answer.headers[SET_COOKIE].to_str().unwrap();
    assert!(cookie.ends_with("; Path=/oauth2/default; HttpOnly; SameSite=Lax"), "{cookie}");
}

#[tokio::test]
async fn a_faulty_request_goes_back_only_to_the_registered_address() {
    let world = World::new(Shape::Okta);
    let long = "n".repeat(3000);
    let shown = "";
    let rows = [
        ("unknown client", "client_id", "mallory", shown),
        ("no client", "client_id", "", shown),
        ("foreign redirect", "redirect_uri", "http://evil.example/", shown),
        (
            "longer redirect",
            "redirect_uri",
            "http://accounts.vestibule.localhost:8080/core/login-okta/",
            shown,
        ),
        ("no redirect", "redirect_uri", "", shown),
        ("no response type", "response_type", "", "invalid_request"),
        ("implicit", "response_type", "id_token", "unsupported_response_type"),
        ("form post", "response_mode", "form_post", "invalid_request"),
        ("no openid", "scope", "profile", "invalid_scope"),
        ("no PKCE", "code_challenge", "", "invalid_request"),
        ("short PKCE", "code_challenge", "abc", "invalid_request"),
        ("plain PKCE", "code_challenge_method", "plain", "invalid_request"),
        ("PKCE without method", "code_challenge_method", "", "invalid_request"),
        ("long nonce", "nonce", long.as_str(), "invalid_request"),
        ("negative age", "max_age", "-1", "invalid_request"),
        ("none and login", "prompt", "none login", "invalid_request"),
        ("unknown prompt", "prompt", "dance", "invalid_request"),
        ("request object", "request", "e30.e30.", "request_not_supported"),
        ("request URI", "request_uri", "http://a/", "request_uri_not_supported"),
        ("nobody is signed in", "prompt", "none", "login_required"),
    ];
    for (name, field, value, error) in rows {
        let answer = world.get(&world.authorize_url(&[(field, value)]), &[]).await;
        if error == shown {
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}");
            assert_eq!(answer.location(), "", "{name}");
        } else {
            let query = answer.query();
            assert_eq!((query["error"].as_str(), query["state"].as_str()), (error, "the state"), "{name}");
            assert_eq!(query["iss"], ISSUER, "{name}");
        }
    }
}

#[tokio::test]
async fn a_repeated_parameter_is_refused_where_it_can_be_said() {
    let world = World::new(Shape::Okta);
    let good = world.authorize_url(&[]);
    let twice = world.get(&format!("{good}&nonce=other"), &[]).await;
    assert_eq!(twice.query()["error"], "invalid_request");
    let twice = world.get(&format!("{good}&client_id=broker"), &[]).await;
    assert_eq!(twice.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_form_is_believed_from_this_origin_alone() {
    let world = World::new(Shape::Okta);
    let action = world.get(&world.authorize_url(&[]), &[]).await.action();
    let people = People::standard();
    let password = people.by_username("alice").unwrap().password.as_str();
    let (right, wrong) = ("http://okta.sandbox.localhost:8080", "http://evil.sandbox.localhost:8080");
    let rows = [
        ("own page", right, password, StatusCode::SEE_OTHER),
        ("sibling host", wrong, password, StatusCode::BAD_REQUEST),
        ("hidden origin", "null", password, StatusCode::BAD_REQUEST),
        ("wrong password", right, "guess", StatusCode::OK),
    ];
    for (name, origin, password, status) in rows {
        let fields = [("username", "alice"), ("password", password)];
        let answer = world.post(&action, &[(ORIGIN, origin)], &fields).await;
        assert_eq!(answer.status, status, "{name}");
        assert_eq!(answer.headers.contains_key(SET_COOKIE), status == StatusCode::SEE_OTHER, "{name}");
    }
    let denied = world.post(&action, &[(ORIGIN, right)], &[("deny", "yes")]).await;
    assert_eq!(denied.query()["error"], "access_denied");
}

#[tokio::test]
async fn a_session_answers_without_the_page_as_long_as_the_client_agrees() {
    let world = World::new(Shape::Okta);
    let cookie = world.sign_in("alice", &[]).await.cookie();
    world.wait(100);
    let rows = [
        ("nothing asked", "state", "s", true),
        ("silent", "prompt", "none", true),
        ("age is reached", "max_age", "100", true),
        ("age is passed", "max_age", "99", false),
        ("age zero", "max_age", "0", false),
        ("login", "prompt", "login", false),
        ("select_account", "prompt", "select_account", false),
    ];
    for (name, field, value, silent) in rows {
        let url = world.authorize_url(&[(field, value)]);
        let answer = world.get(&url, &[(COOKIE, &format!("a=b; {cookie}"))]).await;
        assert_eq!(answer.status == StatusCode::SEE_OTHER, silent, "{name}");
    }
    let doubled = format!("{cookie}; {cookie}");
    let answer = world.get(&world.authorize_url(&[]), &[(COOKIE, &doubled)]).await;
    assert_eq!(answer.status, StatusCode::OK, "two cookies of the name");
    world.wait(8 * 60 * 60);
    let answer = world.get(&world.authorize_url(&[]), &[(COOKIE, &cookie)]).await;
    assert_eq!(answer.status, StatusCode::OK, "the session is old");
}
