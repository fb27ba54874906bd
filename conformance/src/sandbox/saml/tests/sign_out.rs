//! Single logout.

use super::*;

fn logout_url(issuer: &str, session_indexes: Vec<String>) -> String {
    let request = LogoutRequest {
        id: "_out".to_owned(),
        issue_instant: NOON,
        destination: None,
        issuer: Some(Issuer { value: issuer.to_owned(), format: None }),
        name_id: None,
        session_indexes,
    };
    let query = redirect::encode(Parameter::Request, &request.write(), Some("back"));
    format!("{ORIGIN_URL}/saml/slo?{query}")
}

#[tokio::test]
async fn a_logout_ends_the_session_and_goes_back_signed() {
    let world = World::new();
    let cookie = world.sign_in("alice", "none").await.cookie();
    let headers = [(COOKIE, cookie.as_str())];
    let answer = world.get(&logout_url(ENTITY, Vec::new()), &headers).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let query = answer.headers[LOCATION].to_str().unwrap().strip_prefix(OUT).unwrap();
    assert!(redirect::verify(&query[1..], world.provider.certificate()));
    let decoded = redirect::decode(&query[1..]).unwrap();
    assert_eq!(decoded.relay_state.as_deref(), Some("back"));
    let response = LogoutResponse::read(&decoded.xml).unwrap();
    assert_eq!(response.in_response_to.as_deref(), Some("_out"));
    assert!(world.get(&request_url(""), &headers).await.asks());
}

#[tokio::test]
async fn a_session_can_be_named_and_a_stranger_ends_none() {
    let world = World::new();
    let signed_in = world.sign_in("alice", "none").await;
    let (cookie, xml) = (signed_in.cookie(), signed_in.xml());
    let headers = [(COOKIE, cookie.as_str())];
    let refused = world.get(&logout_url("https://other.example", Vec::new()), &headers).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(!world.get(&request_url(""), &headers).await.asks());
    let index = xml.split_once("SessionIndex=\"").unwrap().1.split('"').next().unwrap().to_owned();
    world.get(&logout_url(ENTITY, vec![index]), &[]).await;
    assert!(world.get(&request_url(""), &headers).await.asks());
}
