//! A provider's metadata. Whatever is taken has a name, somewhere to send a browser to that no stranger reads along, and
//! certificates that hold; a connection that is made of it sends its request there and nowhere else.
//!
//! A first octet of 0 means that the provider is looked for by its name.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_executor::block_on;
use libfuzzer_sys::fuzz_target;
use url::{Host, Url};
use vestibule_conformance::saml::{AuthnRequest, PublicKey, redirect};
use vestibule_fuzz::saml::{ISSUER, NOW, config, context, is_plain, provider};
use vestibule_policies::time::Timestamp;
use vestibule_providers::Provider as _;
use vestibule_providers::config::Binding;
use vestibule_providers::saml::metadata::IdentityProvider;
use vestibule_providers::step::Step;

fn check_address(address: &str) {
    let url = Url::parse(address).expect("an address");
    let loopback = match url.host().expect("a host") {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    assert!(url.scheme() == "https" || url.scheme() == "http" && loopback, "{address}");
}

fn check_certificates(known: &IdentityProvider) {
    let certificates = known.certificates().expect("what was read has certificates");
    assert_eq!(certificates.len(), known.certificates.len());
    assert!((1..=16).contains(&certificates.len()));
    for one in &certificates {
        assert!(one.subject().chars().count() <= 256);
        let kind = one.key().describe();
        let bits = kind.strip_prefix("RSA ").map_or(2048, |bits| bits.parse().expect("a number"));
        assert!((2048..=8192).contains(&bits), "{kind}");
        // Another reader of keys, where it reads this one.
        let rsa = PublicKey::of_certificate(one.der()).filter(|key| key.rsa().is_some());
        assert!(rsa.is_none_or(|key| key.info().len() > 2048 / 8), "a weak key");
    }
}

/// What a connection does with it.
fn check_connection(known: &IdentityProvider) {
    for binding in [Binding::Redirect, Binding::Post] {
        let there = match binding {
            Binding::Redirect => &known.redirect,
            Binding::Post => &known.post,
        };
        let mut config = config(known.clone());
        (config.binding, config.sign_requests) = (binding, false);
        let provider = provider(config);
        let (xml, there) = match (block_on(provider.begin(&context("relay"))), there) {
            (Ok(Step::Redirect(url)), Some(there)) => {
                let base = Url::parse(there).expect("an address");
                assert_eq!((url.scheme(), url.host(), url.port()), (base.scheme(), base.host(), base.port()));
                let query = url.query().unwrap_or_default();
                let own = query.rfind("SAMLRequest=").and_then(|at| query.get(at..)).expect("a request");
                let decoded = redirect::decode(own).expect("a request");
                assert_eq!(decoded.relay_state.as_deref(), Some("relay"));
                (decoded.xml, there)
            }
            (Ok(Step::PostForm(form)), Some(there)) => {
                assert_eq!(&form.to, there);
                let xml = STANDARD.decode(&form.fields[0].1).expect("Base64");
                (String::from_utf8(xml).expect("UTF-8"), there)
            }
            (Ok(step), _) => panic!("{step:?}"),
            (Err(error), _) => {
                let code = error.code.as_str();
                assert!(code.starts_with("SAML-"), "{error:?}");
                continue;
            }
        };
        let request = AuthnRequest::read(&xml).expect("a request");
        assert!(!is_plain(there) || request.destination.as_ref() == Some(there), "{xml}");
    }
}

fuzz_target!(|data: &[u8]| {
    let (wanted, document) = match data.split_first() {
        Some((0, rest)) => (Some(ISSUER), rest),
        _ => (None, data),
    };
    let Ok(known) = IdentityProvider::read(document, wanted) else { return };
    assert!((1..=1024).contains(&known.entity_id.len()));
    assert!(wanted.is_none_or(|wanted| wanted == known.entity_id));
    assert!(known.redirect.is_some() || known.post.is_some());
    for address in [&known.redirect, &known.post, &known.logout].into_iter().flatten() {
        check_address(address);
    }
    check_certificates(&known);
    let now = Timestamp::from_seconds(NOW);
    assert_eq!(known.check_end(now).is_ok(), known.valid_until.is_none_or(|end| now < end));
    check_connection(&known);
});
