//! Sign-ins: by both bindings, with a session, forced, passive, declined, unsolicited.

use super::*;

#[tokio::test]
async fn a_password_brings_a_response_to_the_consumer() {
    let world = World::new();
    let answer = world.sign_in("alice", "none").await;
    assert_eq!(answer.field("RelayState").as_deref(), Some("state&<1>"));
    let xml = answer.xml();
    let all = elements(&xml).unwrap();
    assert_eq!(all[0].attribute("InResponseTo"), Some("_request"));
    assert_eq!(all[0].attribute("Destination"), Some(ACS));
    assert!(xml.contains(">alice@corp.example</saml:NameID>") && xml.contains("cip_sid"));
    assert!(xml.contains(&format!("<saml:Audience>{ENTITY}</saml:Audience>")));
    assert_eq!(xml.matches("<ds:Signature ").count(), 2);
    let policy = answer.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
    let nonce = answer.body.split_once("nonce=\"").unwrap().1.split('"').next().unwrap();
    assert!(policy.contains(&format!("script-src 'nonce-{nonce}'")));
}

#[tokio::test]
async fn the_post_binding_does_as_well() {
    let world = World::new();
    let request = STANDARD.encode(request_xml(""));
    let fields = [("SAMLRequest", request.as_str()), ("RelayState", "a b")];
    let page = world.post(&format!("{ORIGIN_URL}/saml/sso"), &[], &fields).await;
    let people = People::standard();
    let password = people.by_username("bob").unwrap().password.as_str();
    let answer = world.post(&page.action(), &[], &[("username", "bob"), ("password", password)]).await;
    assert_eq!(answer.field("RelayState").as_deref(), Some("a b"));
    assert!(answer.xml().contains("bob@corp.example"));
}

#[tokio::test]
async fn a_session_answers_until_it_is_old_or_the_request_forces() {
    let world = World::new();
    let cookie = world.sign_in("alice", "none").await.cookie();
    let headers = [(COOKIE, cookie.as_str())];
    world.clock.fetch_add(60, Ordering::SeqCst);
    let again = world.get(&request_url(""), &headers).await.xml();
    assert!(again.contains("AuthnInstant=\"2027-01-15T08:00:00Z\""), "the password was given before");
    assert!(world.get(&request_url("ForceAuthn=\"true\""), &headers).await.asks());
    assert!(world.get(&request_url(""), &[]).await.asks(), "another browser");
    world.clock.fetch_add(8 * 60 * 60, Ordering::SeqCst);
    assert!(world.get(&request_url(""), &headers).await.asks());
}

#[tokio::test]
async fn refusals_are_statuses_without_an_assertion() {
    let world = World::new();
    let passive = world.get(&request_url("IsPassive=\"true\""), &[]).await.xml();
    assert!(passive.contains(names::NO_PASSIVE) && !passive.contains("<saml:Assertion"));
    let page = world.get(&request_url(""), &[]).await;
    let denied = world.post(&page.action(), &[], &[("deny", "yes")]).await.xml();
    assert!(denied.contains(names::AUTHN_FAILED) && !denied.contains("<saml:Assertion"));
    let wrong = world.post(&page.action(), &[], &[("username", "alice"), ("password", "x")]).await;
    assert!(wrong.asks() && wrong.body.contains("The name or the password is wrong."));
    let foreign = world.post(&page.action(), &[(ORIGIN, "https://evil.example")], &[("deny", "yes")]).await;
    assert_eq!(foreign.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_unsolicited_response_answers_no_request() {
    let world = World::new();
    let url = format!("{ORIGIN_URL}/saml/unsolicited?RelayState=x");
    let answer = world.sign_in_from(&url, "alice", "none").await;
    assert_eq!(answer.field("RelayState").as_deref(), Some("x"));
    assert!(!answer.xml().contains("InResponseTo") && answer.xml().contains(ENTITY));
}

#[tokio::test]
async fn a_request_without_form_is_shown_and_not_answered() {
    let world = World::new();
    let stranger = request_xml("").replace(ENTITY, "https://other.example");
    let rows = [
        ("none", format!("{ORIGIN_URL}/saml/sso")),
        ("noise", format!("{ORIGIN_URL}/saml/sso?SAMLRequest=x")),
        ("other consumer", request_url("AssertionConsumerServiceURL=\"https://evil.example\"")),
        ("other binding", request_url("ProtocolBinding=\"urn:other\"")),
        (
            "stranger",
            format!("{ORIGIN_URL}/saml/sso?{}", redirect::encode(Parameter::Request, &stranger, None)),
        ),
    ];
    for (name, url) in rows {
        let answer = world.get(&url, &[]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}");
        assert!(!answer.body.contains("<form"), "{name}");
    }
}

#[tokio::test]
async fn pages_speak_japanese_and_carry_the_chosen_fault() {
    let world = World::new();
    let page = world.get(&request_url(""), &[(ACCEPT_LANGUAGE, "ja")]).await;
    assert!(page.body.contains("わざと誤った応答を送信する"));
    for fault in Fault::ALL {
        assert!(page.body.contains(&format!("value=\"{}\"", fault.id())));
    }
    let fields = [("choose", "yes"), ("fault", "no-audience")];
    let chosen = world.post(&page.action(), &[], &fields).await;
    let every = chosen.body.matches("name=\"fault\" value=\"no-audience\"").count();
    assert_eq!(every, People::standard().iter().count());
}
