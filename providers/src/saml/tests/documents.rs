//! What we read of a provider once, and what we send.

use vestibule_conformance::saml::{AuthnRequest, Endpoint, KeyDescriptor, Metadata, redirect};
use vestibule_policies::time::Timestamp;

use super::world::{ACS, ENTITY, NOW, World, certificate, key};
use crate::Provider as _;
use crate::config::{Binding, ContextClass, ContextDemand, IdentityProvider};
use crate::saml::metadata::MetadataFault;
use crate::step::{Freshness, Step};

const ID: &str = "https://idp.example/idp";

fn metadata() -> Metadata {
    let der = certificate(&key(), NOW - 10, NOW + 10);
    Metadata::good(ID, "https://idp.example/sso", "https://idp.example/slo", der)
}

fn read(change: impl FnOnce(&mut Metadata)) -> Result<IdentityProvider, MetadataFault> {
    let mut metadata = metadata();
    change(&mut metadata);
    IdentityProvider::read(metadata.write().as_bytes(), None)
}

#[test]
fn what_is_described_is_read_again() {
    let read = read(|m| m.valid_until = Some(NOW + 100)).unwrap();
    let a_moment_later = read.valid_until.map(|end| Timestamp::from_millis(end.millis() + 123));
    for (name, provider) in [
        ("whole", read.clone()),
        (
            "marks",
            IdentityProvider { entity_id: "https://idp.example/?a=1&b=\"<x>'".to_owned(), ..read.clone() },
        ),
        ("a fraction", IdentityProvider { valid_until: a_moment_later, ..read.clone() }),
        ("no logout, no end", IdentityProvider { logout: None, valid_until: None, ..read.clone() }),
        (
            "the other binding",
            IdentityProvider { post: read.redirect.clone(), redirect: None, ..read.clone() },
        ),
    ] {
        let document = provider.describe();
        assert_eq!(
            IdentityProvider::read(document.as_bytes(), None).unwrap(),
            provider,
            "{name}: {document}"
        );
    }
}

#[test]
fn a_providers_metadata_is_read_and_a_use_that_is_left_out_means_both() {
    let good = read(|_| {}).unwrap();
    assert_eq!(good.entity_id, ID);
    assert_eq!(good.redirect.as_deref(), Some("https://idp.example/sso"));
    assert_eq!(good.logout.as_deref(), Some("https://idp.example/slo"));
    assert_eq!(good.certificates.len(), 1);
    assert_eq!(read(|m| m.keys[0].usage = None).unwrap().certificates.len(), 1);
    let two = read(|m| {
        let der = certificate(&key(), NOW - 20, NOW + 20);
        m.keys.push(KeyDescriptor::signing(der));
    });
    assert_eq!(two.unwrap().certificates.len(), 2);
}

#[test]
fn an_import_that_could_turn_a_check_off_is_refused() {
    let p = |change: fn(&mut Metadata)| read(change).unwrap_err();
    assert_eq!(p(|m| m.keys.clear()), MetadataFault::NoCertificate);
    assert_eq!(p(|m| m.keys[0].usage = Some("encryption".to_owned())), MetadataFault::NoCertificate);
    assert!(matches!(p(|m| m.keys[0].certificate = vec![1, 2, 3]), MetadataFault::Certificate(_)));
    let weak = |m: &mut Metadata| {
        let key = vestibule_conformance::saml::Key::generate_rsa(1024).unwrap();
        m.keys[0].certificate = certificate(&key, NOW - 10, NOW + 10);
    };
    assert!(matches!(p(weak), MetadataFault::Certificate(_)));
    assert_eq!(p(|m| m.single_sign_on.clear()), MetadataFault::NoEndpoint);
    for location in
        ["javascript:alert(1)", "http://idp.example/sso", "file:///etc/passwd", "data:text/html,x"]
    {
        let refused = read(|m| {
            m.single_sign_on =
                vec![Endpoint::new("urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect", location)];
        });
        assert!(matches!(refused, Err(MetadataFault::Endpoint(_))), "{location}");
    }
    assert!(matches!(IdentityProvider::read(b"<!DOCTYPE x><x/>", None), Err(MetadataFault::Document(_))));
    assert!(matches!(
        IdentityProvider::read(&vec![b' '; 2 * 1024 * 1024], None),
        Err(MetadataFault::Document(_))
    ));
}

#[test]
fn metadata_has_an_end_and_an_entity_is_chosen_by_its_name() {
    let over = read(|m| m.valid_until = Some(NOW)).unwrap();
    assert!(over.check_end(Timestamp::from_seconds(NOW)).is_err());
    assert!(over.check_end(Timestamp::from_seconds(NOW - 1)).is_ok());
    let document = metadata().write();
    assert!(IdentityProvider::read(document.as_bytes(), Some(ID)).is_ok());
    assert!(matches!(
        IdentityProvider::read(document.as_bytes(), Some("https://other")),
        Err(MetadataFault::Entity(_))
    ));
}

/// The request as a provider reads it, with its query.
async fn request(world: &World) -> (AuthnRequest, String) {
    let Step::Redirect(to) = world.provider().begin(&world.context()).await.unwrap() else {
        panic!("no redirect")
    };
    let query = to.query().unwrap().to_owned();
    let decoded = redirect::decode(&query).unwrap();
    (AuthnRequest::read(&decoded.xml).unwrap(), query)
}

fn now<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

#[test]
fn a_request_says_who_we_are_and_where_the_answer_goes() {
    let mut world = World::new();
    let (plain, _) = now(request(&world));
    assert_eq!(plain.issuer.as_deref(), Some(ENTITY));
    assert_eq!(plain.acs_url.as_deref(), Some(ACS));
    assert_eq!(plain.destination.as_deref(), Some("https://idp.example/sso"));
    assert!(plain.id.starts_with('_') && plain.id.len() == 33, "{}", plain.id);
    assert!(!plain.force_authn && plain.classes.is_empty());
    world.config.context = Some(ContextDemand { class: ContextClass::Kerberos, exact: true });
    world.freshness = Freshness::Since(Timestamp::from_seconds(NOW));
    let (asked, _) = now(request(&world));
    assert!(asked.force_authn);
    assert_eq!(asked.comparison.as_deref(), Some("exact"));
    assert_eq!(asked.classes, [ContextClass::Kerberos.uri()]);
}

#[test]
fn every_class_of_the_list_can_be_asked_for() {
    let mut world = World::new();
    for class in ContextClass::ALL {
        world.config.context = Some(ContextDemand { class, exact: false });
        let (asked, _) = now(request(&world));
        assert_eq!(
            (asked.comparison.as_deref(), asked.classes.as_slice()),
            (Some("minimum"), &[class.uri().to_owned()][..])
        );
    }
}

#[test]
fn a_redirect_is_signed_over_its_own_parameters_also_behind_a_query() {
    let mut world = World::new();
    let ours = World::signing_certificate();
    let (_, query) = now(request(&world));
    assert!(redirect::verify(&query, &ours), "{query}");
    world.set_endpoint("https://idp.example/sso?idpid=C01");
    let (_, query) = now(request(&world));
    let own = query.strip_prefix("idpid=C01&").unwrap();
    assert!(redirect::verify(own, &ours));
    assert!(!redirect::verify(&own.replace("RelayState=relay", "RelayState=other"), &ours));
    world.config.sign_requests = false;
    assert!(!now(request(&world)).1.contains("Signature="));
}

#[test]
fn a_posted_request_is_signed_where_it_is_to_be() {
    use base64::Engine as _;
    let mut world = World::new();
    world.config.binding = Binding::Post;
    for signed in [true, false] {
        world.config.sign_requests = signed;
        let Step::PostForm(form) = now(world.provider().begin(&world.context())).unwrap() else {
            panic!("no form")
        };
        assert_eq!(form.to, "https://idp.example/sso");
        let (name, value) = &form.fields[0];
        assert_eq!(*name, "SAMLRequest");
        let xml =
            String::from_utf8(base64::engine::general_purpose::STANDARD.decode(value).unwrap()).unwrap();
        assert_eq!(AuthnRequest::read(&xml).unwrap().issuer.as_deref(), Some(ENTITY));
        assert_eq!(xml.contains("<ds:Signature "), signed);
        assert_eq!(form.fields[1], ("RelayState", "relay".to_owned()));
    }
}
