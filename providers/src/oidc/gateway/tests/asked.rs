//! What `vestibule check` finds at a Gateway (GW-06, GW-19, PRV-09, PRV-10). Shape from docs.

use super::*;

type Break = fn(&mut World);

/// What was looked at, and the code of what is wrong.
async fn found(gateway: &Gateway) -> Vec<(&'static str, Option<Code>)> {
    let checks = gateway.provider(60).check(Timestamp::from_seconds(NOW)).await;
    checks.into_iter().map(|check| (check.name, check.outcome.err().map(|error| error.code))).collect()
}

fn fault(found: &[(&'static str, Option<Code>)]) -> Option<(&'static str, Code)> {
    let mut faults = found.iter().filter_map(|(name, code)| Some((*name, (*code)?)));
    let first = faults.next();
    assert_eq!(faults.next(), None, "one thing is wrong: {found:?}");
    first
}

/// Shape from docs.
#[tokio::test]
async fn a_gateway_that_is_set_up_passes_every_question() {
    let gateway = Gateway::new();
    gateway.change(|world| {
        world.token_error = Some("invalid_grant");
        world.date = Some("Tue, 14 Nov 2023 22:13:20 GMT");
    });
    let found = found(&gateway).await;
    let names: Vec<_> = found.iter().map(|(name, _)| *name).collect();
    let expected = [
        "reachable FQDN",
        "clock",
        "OAuth IdP policy",
        "issuer",
        "signing keys",
        "client id and secret",
        "answers",
    ];
    assert_eq!(names, expected);
    assert_eq!(fault(&found), None);
}

/// Shape from docs. One thing is wrong in each row.
#[tokio::test]
async fn each_fault_has_its_own_code() {
    let unreachable = || Some(Err(HttpError::Unreachable("refused".to_owned())));
    let untrusted = || Some(Err(HttpError::Untrusted("unknown issuer".to_owned())));
    let rows: [(&str, Code, Break); 9] = [
        ("issuer", Code::GatewayIssuer, |world| world.document["issuer"] = json!(ISSUER.to_lowercase())),
        ("issuer", Code::GatewayPolicy, |world| {
            world.document["token_endpoint"] = json!("http://x.example/");
        }),
        ("OAuth IdP policy", Code::GatewayPolicy, |world| world.discovery = Some(Ok((404, "text/html")))),
        ("OAuth IdP policy", Code::GatewayPolicy, |world| world.discovery = Some(Ok((200, "text/html")))),
        ("signing keys", Code::GatewayKeys, |world| world.keys = json!([])),
        ("client id and secret", Code::GatewayClient, |world| world.token_error = Some("invalid_client")),
        ("client id and secret", Code::OidcToken, |world| world.token_error = None),
        ("clock", Code::GatewayClock, |world| world.date = Some("Tue, 14 Nov 2023 22:14:21 GMT")),
        ("clock", Code::GatewayClock, |world| world.date = Some("Tue, 14 Nov 2023 22:12:19 GMT")),
    ];
    for (name, code, change) in rows {
        let gateway = Gateway::new();
        gateway.change(|world| world.token_error = Some("invalid_grant"));
        gateway.change(change);
        assert_eq!(fault(&found(&gateway).await), Some((name, code)), "{name}");
    }
    for (discovery, code) in
        [(unreachable(), Code::GatewayUnreachable), (untrusted(), Code::GatewayCertificate)]
    {
        let gateway = Gateway::new();
        gateway.change(|world| world.discovery = discovery);
        assert_eq!(found(&gateway).await, [("reachable FQDN", Some(code))]);
    }
}

/// Shape from docs: what a Gateway answers to a made-up code is not written down anywhere.
#[tokio::test]
async fn an_answer_that_says_nothing_of_us_is_no_fault() {
    let gateway = Gateway::new();
    gateway.change(|world| world.token_error = Some("invalid_request"));
    assert_eq!(fault(&found(&gateway).await), None);
}

/// Only what a browser opens, only on this machine, and only where the broker was started for that.
#[tokio::test]
async fn a_browser_is_sent_to_plain_http_by_a_demo_alone() {
    let gateway = Gateway::new();
    let of = |browsers| {
        let provider = gateway.provider(60);
        let (address, http) = (provider.discovery.address().to_owned(), Arc::clone(&provider.http));
        crate::oidc::discovery::Discovery::at(address, ISSUER.to_owned(), browsers, http)
    };
    for (row, endpoint, address, plain, https) in [
        ("https", "authorization_endpoint", "https://else.example/login", true, true),
        (
            "this machine",
            "authorization_endpoint",
            "http://gateway.sandbox.localhost:8080/login",
            true,
            false,
        ),
        ("its address", "authorization_endpoint", "http://127.0.0.1:8080/login", true, false),
        ("another machine", "authorization_endpoint", "http://gateway.corp.example/login", false, false),
        (
            "a name that looks like it",
            "authorization_endpoint",
            "http://localhost.example/login",
            false,
            false,
        ),
        ("another endpoint", "token_endpoint", "http://127.0.0.1:8080/token", false, false),
        ("the keys", "jwks_uri", "http://localhost:8080/certs", false, false),
        ("userinfo", "userinfo_endpoint", "http://localhost:8080/userinfo", false, false),
    ] {
        let mut document = Gateway::new().0.lock().unwrap().document.clone();
        document[endpoint] = json!(address);
        for (browsers, expected) in
            [(BrowserEndpoints::PlainOnLoopback, plain), (BrowserEndpoints::Https, https)]
        {
            let read = of(browsers).read(document.to_string().as_bytes());
            assert_eq!(read.is_ok(), expected, "{row} {browsers:?}");
        }
    }
}
