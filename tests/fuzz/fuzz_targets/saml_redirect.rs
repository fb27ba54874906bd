//! The HTTP-Redirect binding. What comes back to the logout callback is inflated up to a bound; what we send, to whatever address
//! and with whatever relay state and name id, is what the other side reads, and our key has signed it.
//!
//! Lines: the query of a callback; an address of the provider; all else is a relay state and a name id.
#![no_main]

use std::sync::LazyLock;

use futures_executor::block_on;
use libfuzzer_sys::fuzz_target;
use url::{Url, form_urlencoded};
use vestibule_conformance::saml::{AuthnRequest, LogoutRequest, redirect};
use vestibule_fuzz::saml::{ENTITY, NOW, OURS, TRUSTED, config, context, described, is_plain, provider};
use vestibule_policies::time::Timestamp;
use vestibule_providers::Provider as _;
use vestibule_providers::config::{Logout, SamlConfig};
use vestibule_providers::saml::logout::{LogoutAnswer, answer};
use vestibule_providers::step::{NameId, Step, UpstreamSession};

static CONFIG: LazyLock<SamlConfig> = LazyLock::new(|| config(described(&TRUSTED)));

/// What our own query is, behind that of the address.
fn own(url: &Url) -> &str {
    let query = url.query().unwrap_or_default();
    query.rfind("SAMLRequest=").and_then(|at| query.get(at..)).expect("a request")
}

fn is_at(url: &Url, address: &str) -> bool {
    let base = Url::parse(address).expect("an address");
    (url.scheme(), url.host(), url.port(), url.path(), url.fragment())
        == (base.scheme(), base.host(), base.port(), base.path(), base.fragment())
}

fn check_sign_in(address: &str, state: &str) {
    let mut known = described(&TRUSTED);
    known.redirect = Some(address.to_owned());
    // Signing takes longer than all else.
    let signs = state.len() % 4 == 0;
    let provider = provider(SamlConfig { sign_requests: signs, ..config(known) });
    let url = match block_on(provider.begin(&context(state))) {
        Ok(Step::Redirect(url)) => url,
        Ok(step) => panic!("{step:?}"),
        Err(error) => {
            assert!(Url::parse(address).is_err(), "{error:?}");
            return;
        }
    };
    assert!(is_at(&url, address), "{url}");
    let decoded = redirect::decode(own(&url)).expect("a request");
    assert_eq!((decoded.parameter, decoded.signed), (redirect::Parameter::Request, signs));
    assert_eq!(decoded.relay_state.as_deref(), Some(state));
    assert!(!signs || redirect::verify(own(&url), OURS.signing.current.certificate.der()), "{url}");
    let request = AuthnRequest::read(&decoded.xml).expect("a request");
    assert_eq!(request.issuer.as_deref(), Some(ENTITY));
    assert!(!is_plain(address) || request.destination.as_deref() == Some(address), "{}", decoded.xml);
}

fn check_sign_out(address: &str, text: &str) {
    let mut config = CONFIG.clone();
    config.logout = Logout::To(address.to_owned());
    let name = NameId {
        value: text.to_owned(),
        format: Some(text.to_owned()),
        name_qualifier: None,
        sp_name_qualifier: Some(text.to_owned()),
    };
    let upstream = UpstreamSession {
        issuer: String::new(),
        subject: text.to_owned(),
        session_id: Some(text.to_owned()),
        name_id: Some(name),
        ends_at: None,
        authenticated_at: Timestamp::from_seconds(NOW),
        methods: Vec::new(),
        context: None,
        account: None,
    };
    let Ok(url) = block_on(provider(config).sign_out(&context(text), &upstream, None)) else {
        assert!(Url::parse(address).is_err(), "{address}");
        return;
    };
    let url = url.expect("there is an address and a name");
    assert!(is_at(&url, address), "{url}");
    let decoded = redirect::decode(own(&url)).expect("a request");
    assert_eq!(decoded.relay_state.as_deref(), Some(text));
    let request = LogoutRequest::read(&decoded.xml).expect("a request");
    if is_plain(text) {
        let name = request.name_id.expect("a name");
        let found =
            [Some(name.value), name.format, name.sp_name_qualifier, request.session_indexes.first().cloned()];
        assert!(found.iter().all(|one| one.as_deref() == Some(text)), "{}", decoded.xml);
    }
    // The other direction never takes a request for an answer.
    let pairs = form_urlencoded::parse(own(&url).as_bytes());
    for (_, value) in pairs.filter(|(name, _)| name == "SAMLRequest") {
        assert!(answer(&value).is_err());
    }
}

fuzz_target!(|data: &[u8]| {
    let Some(text) = vestibule_fuzz::text(data) else { return };
    let mut lines = text.splitn(3, '\n');
    let query = lines.next().unwrap_or_default();
    for (_, value) in form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "SAMLResponse") {
        match answer(&value) {
            Ok(LogoutAnswer::Done) => assert!(value.len() <= 16 * 1024),
            Ok(LogoutAnswer::Refused(status)) => assert!(status.len() <= 64 * 1024),
            Err(error) => assert!(error.code.as_str() == "SAML-LOGOUT", "{error:?}"),
        }
    }
    let Some(address) = lines.next().filter(|address| address.len() <= 2048) else { return };
    let rest = lines.next().unwrap_or_default();
    if rest.len() <= 2048 {
        check_sign_in(address, rest);
        check_sign_out(address, rest);
    }
});
