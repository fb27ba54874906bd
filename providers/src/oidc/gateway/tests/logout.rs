//! Logout tokens of a Gateway: as anybody may send them, and with a `sid` that names no session. Shape from docs.

use super::*;

fn token(number: usize) -> String {
    let claims = json!({
        "iss": ISSUER, "aud": "vestibule-id", "iat": NOW, "exp": NOW + 120, "jti": "1", "sub": "alice", "sid": SID,
        "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
    });
    signed((number, "RS256"), &claims)
}

/// Shape from docs.
#[tokio::test]
async fn a_person_is_named_and_never_a_session() {
    let provider = Gateway::new().provider(60);
    let logout = provider.logout(&token(0), Timestamp::from_seconds(NOW)).await.unwrap();
    let logout = logout.value();
    assert_eq!((logout.subject.as_deref(), &logout.session_id), (Some("alice"), &None), "GW-17");
}

/// A stranger's tokens cost one fetch a minute, and sign-ins have theirs all the same. Shape from docs.
#[tokio::test]
async fn strangers_take_no_refetch_from_sign_ins() {
    let gateway = Gateway::new();
    let provider = gateway.provider(60);
    sign_in(&provider, NOW).await.unwrap();
    for _ in 0..400 {
        let error = provider.logout(&token(1), Timestamp::from_seconds(NOW)).await.unwrap_err();
        assert_eq!(error.code, Code::OidcKeyUnknown);
    }
    assert_eq!(gateway.calls_of("/certs"), 2);
    gateway.change(|world| {
        world.keys = json!([public(1)]);
        world.signs.0 = 1;
    });
    sign_in(&provider, NOW).await.unwrap();
}
