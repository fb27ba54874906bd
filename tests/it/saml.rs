//! Sign-in over SAML, end to end through the wire: every fault that the sandbox can send, what strangers post, sign-ins that the
//! provider begins, sign-out, metadata.

mod administrators;
mod applying;
mod attacks;
mod chromium;
mod faults;
mod forging;
mod landing;
mod metadata;
mod opinions;
mod passing;
mod posting;
mod real;
mod sign_out;
mod trials;
mod unsolicited;

use vestibule_conformance::wire::{Browser, Form, Page, Request};
use vestibule_tests::saml::SamlWorld;

/// A browser that has been at the provider and holds its response for `acme`, not yet posted.
async fn holding(saml: &SamlWorld) -> (Browser, Form) {
    let mut browser = saml.world.browser();
    let page = saml.until_response(&mut browser, &saml.world.url("acme", "/"), "none").await;
    let form = page.form_with("SAMLResponse").unwrap();
    (browser, form)
}

/// Posts these fields to the consumer service from a browser without a history.
async fn post(saml: &SamlWorld, fields: &[(&str, &str)]) -> Page {
    let url = saml.world.url("saml", "/saml/acs");
    let request = Request::post(&url, fields).unwrap();
    saml.world.browser().request(request).await.unwrap()
}
