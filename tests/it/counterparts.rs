//! The counterparts themselves: a test that leans on one has to know that it stands.

mod opinions;
mod samba;
mod saml;

use vestibule_conformance::wire::Browser;
use vestibule_tests::counterparts::{
    Chromium, Client, CounterpartError, Flow, OpenIdProvider, SignIn, SignOut, Step, TokenAuth,
};

const REDIRECT_URI: &str = "http://accounts.vestibule.localhost:1/core/login-okta";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

async fn provider(sign_in: SignIn) -> OpenIdProvider {
    let client = Client {
        id: "vestibule".to_owned(),
        secret: "a secret of this test alone".to_owned(),
        redirect_uris: vec![REDIRECT_URI.to_owned()],
        token_auth: TokenAuth::Basic,
        sign_out: SignOut::default(),
    };
    OpenIdProvider::start(&client, &sign_in).await.unwrap()
}

/// An authentication request; each refusal below changes one field of it.
fn request(issuer: &str, redirect_uri: &str, challenge: &str) -> String {
    let method = if challenge.is_empty() { "" } else { "&code_challenge_method=S256&code_challenge=" };
    format!(
        "{issuer}/auth?client_id=vestibule&response_type=code&scope=openid&state=s&nonce=n\
         &redirect_uri={redirect_uri}{method}{challenge}"
    )
}

#[tokio::test]
async fn the_provider_serves_under_its_issuer_until_it_is_stopped() {
    let provider = provider(SignIn::ByHand).await;
    let address = format!("{}/.well-known/openid-configuration", provider.issuer());
    let metadata = Browser::new().open(&address).await.unwrap().json();
    assert_eq!(metadata["issuer"], provider.issuer());
    assert_eq!(metadata["code_challenge_methods_supported"], serde_json::json!(["S256"]));
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);

    assert!(provider.stop().await.unwrap().success());
    assert!(Browser::new().open(&address).await.is_err());
}

#[tokio::test]
async fn the_provider_answers_only_what_was_agreed() {
    let provider = provider(SignIn::Scripted("alice".to_owned())).await;
    let rows = [
        ("as agreed", REDIRECT_URI, CHALLENGE, Some("code=")),
        ("without PKCE", REDIRECT_URI, "", Some("error=invalid_request")),
        ("another redirect URI", "http://accounts.vestibule.localhost:1/core/login-oktb", CHALLENGE, None),
    ];
    for (name, redirect_uri, challenge, answer) in rows {
        let mut browser = Browser::new();
        browser.stop_before(Some("/core/"));
        let page = browser.open(&request(provider.issuer(), redirect_uri, challenge)).await.unwrap();
        let location = page.location().map(String::from);
        match (answer, &location) {
            (None, None) => assert_eq!(page.status, 400, "{name}"),
            (Some(part), Some(location)) => {
                assert!(location.starts_with(REDIRECT_URI) && location.contains(part), "{name}: {location}");
            }
            _ => panic!("{name}: {} {location:?}", page.status),
        }
    }
}

#[tokio::test]
async fn a_real_browser_reports_what_it_saw() {
    let provider = provider(SignIn::ByHand).await;
    let page = request(provider.issuer(), REDIRECT_URI, CHALLENGE);
    let flow = Flow { steps: Some(vec![Step::Open]), ..Flow::round(page, "alice", "any") };
    let report = Chromium::run(&flow).await.unwrap();
    let seen = &report["steps"][0];
    assert_eq!((seen["step"].as_str(), seen["status"].as_u64()), (Some("open"), Some(200)), "{report}");
    assert_eq!(seen["asked"], true, "the page wants a password: {report}");
    assert_eq!(seen["answers"].as_array().map(Vec::len), Some(2), "one redirect and the page: {report}");
    assert_eq!(seen["cookies"][0]["sameSite"], "Lax", "{report}");

    // The same address on a port where nobody listens.
    let address = flow.workspace.clone();
    provider.stop().await.unwrap();
    let fault = Chromium::run(&Flow { workspace: address, ..flow }).await.unwrap_err();
    assert!(matches!(fault, CounterpartError::Stuck { .. }), "{fault}");
    assert!(fault.to_string().contains("open: "), "{fault}");
}
