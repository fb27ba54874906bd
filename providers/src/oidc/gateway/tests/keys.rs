//! Keys that change from one message to the next (GW-10, GW-11). Shape from docs.

use super::*;

fn rotate(gateway: &Gateway, number: usize) {
    gateway.change(|world| {
        world.keys = json!([public(number)]);
        world.signs.0 = number;
    });
}

/// Shape from docs.
#[tokio::test]
async fn each_sign_in_may_bring_a_key_that_nobody_has_seen() {
    let gateway = Gateway::new();
    let provider = gateway.provider(60);
    for number in [0, 1, 0, 1] {
        rotate(&gateway, number);
        sign_in(&provider, NOW).await.unwrap();
    }
    assert_eq!(gateway.calls_of("/certs"), 4);
    // One whose key is known costs no call, and one whose key is nowhere costs one.
    sign_in(&provider, NOW).await.unwrap();
    assert_eq!(gateway.calls_of("/certs"), 4);
    gateway.change(|world| world.signs.0 = 0);
    let error = sign_in(&provider, NOW).await.unwrap_err();
    assert_eq!((error.code, gateway.calls_of("/certs")), (Code::OidcKeyUnknown, 5));
}

/// A connection's budget ends what a Gateway could make us call. Shape from docs.
#[tokio::test]
async fn refetches_have_a_budget() {
    let gateway = Gateway::new();
    let provider = gateway.provider(60);
    sign_in(&provider, NOW).await.unwrap();
    gateway.change(|world| world.signs.0 = 1);
    for _ in 0..300 {
        assert_eq!(sign_in(&provider, NOW).await.unwrap_err().code, Code::OidcKeyUnknown);
    }
    assert_eq!(gateway.calls_of("/certs"), 301);
    rotate(&gateway, 1);
    assert_eq!(sign_in(&provider, NOW + 59).await.unwrap_err().code, Code::OidcKeyUnknown);
    assert_eq!(gateway.calls_of("/certs"), 301, "spent for this minute");
    sign_in(&provider, NOW + 60).await.unwrap();
}

/// A key of the right name that did not sign: the set is fetched once more, and not again where it was just fetched.
/// Shape from docs.
#[tokio::test]
async fn a_signature_by_another_key_is_refused_after_one_look() {
    let gateway = Gateway::new();
    let provider = gateway.provider(60);
    let mut posing = public(0);
    posing["kid"] = json!(key(1).id());
    gateway.change(|world| {
        world.keys = json!([&posing]);
        world.signs.0 = 1;
    });
    let error = sign_in(&provider, NOW).await.unwrap_err();
    assert_eq!((error.code, gateway.calls_of("/certs")), (Code::OidcSignature, 2));

    let gateway = Gateway::new();
    let provider = gateway.provider(60);
    sign_in(&provider, NOW).await.unwrap();
    gateway.change(|world| {
        world.keys = json!([posing]);
        world.signs.0 = 1;
    });
    let error = sign_in(&provider, NOW).await.unwrap_err();
    assert_eq!(
        (error.code, gateway.calls_of("/certs")),
        (Code::OidcSignature, 2),
        "an unknown name, looked up once"
    );
}

/// Shape from docs.
#[tokio::test]
async fn keys_that_are_not_bound_globally_are_named() {
    for (row, keys) in [("none", json!([])), ("none of use", json!([{ "kty": "RSA", "kid": "x" }]))] {
        let gateway = Gateway::new();
        gateway.change(|world| world.keys = keys);
        let error = sign_in(&gateway.provider(60), NOW).await.unwrap_err();
        assert_eq!(error.code, Code::GatewayKeys, "{row}: {error}");
    }
    let gateway = Gateway::new();
    gateway.change(|world| world.keys = json!([public(1)]));
    assert_eq!(
        sign_in(&gateway.provider(60), NOW).await.unwrap_err().code,
        Code::OidcKeyUnknown,
        "another key"
    );
}
