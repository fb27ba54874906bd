//! Responses under the provider's own signature that its page has no switch for: they say whatever a test wants them to.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vestibule_conformance::saml::{AuthnRequest, Identity, Key, Message, Request, Signing, redirect, sign};
use vestibule_conformance::sandbox::people::People;
use vestibule_conformance::wire::Page;
use vestibule_tests::saml::SamlWorld;

/// What the sign-in asks that has reached this page of the provider, and the relay state that its answer needs.
pub(super) fn asked(saml: &SamlWorld, page: &Page) -> (Request, String) {
    let asked = redirect::decode(page.url.query().unwrap()).unwrap();
    let request = Request {
        request_id: Some(AuthnRequest::read(&asked.xml).unwrap().id),
        acs: saml.world.url("saml", "/saml/acs"),
        audience: saml.world.origin("saml"),
        issuer: saml.sandbox.entity_id(),
        now: (saml.world.clock.seconds())(),
    };
    (request, asked.relay_state.unwrap())
}

/// Alice, as the provider knows her.
pub(super) fn alice() -> Identity {
    let people = People::standard();
    let alice = people.by_username("alice").unwrap();
    Identity {
        sid: alice.security_id.clone(),
        upn: Some(alice.upn.clone()),
        oid: alice.object_id.clone(),
        email: Some(alice.email.clone()),
        display_name: Some(alice.display_name.clone()),
        given_name: None,
        family_name: None,
        groups: alice.groups.clone(),
    }
}

/// The provider's key.
pub(super) fn key(saml: &SamlWorld) -> Arc<Key> {
    Arc::new(Key::rsa(saml.signing_key().pkcs8()).unwrap())
}

/// The message as a form carries it.
pub(super) fn signed(saml: &SamlWorld, message: &Message) -> String {
    STANDARD.encode(sign(message, &Signing::both(key(saml))))
}
