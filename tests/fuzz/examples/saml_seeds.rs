//! Makes the seeds of the SAML targets anew: `cargo run --example saml_seeds` in `tests/fuzz`. The keys in `saml/` stay; messages
//! have fresh ids, so that every one of them changes. A key was made by
//! `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 | openssl pkcs8 -topk8 -nocrypt -outform DER`.
//!
//! What the trusted key signs about another person than the one stays out: `saml_response` takes it for a forgery.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use vestibule_conformance::hostile::saml::{Case, Form, Setting, VICTIM, Verdict, catalogue};
use vestibule_conformance::saml::{
    Content, DigestAlgorithm, Encryption, Endpoint, Identity, Key, KeyDescriptor, LogoutRequest,
    LogoutResponse, Message, Metadata, PublicKey, Signing, Transport, names, redirect, sign,
};
use vestibule_fuzz::saml::good::is_the_person;
use vestibule_fuzz::saml::{
    CLASS, ENTITY, ISSUER, NOW, OURS, REQUEST_ID, SIGN_ON, TRUSTED, certificate, config, context, described,
    person, provider, request,
};
use vestibule_providers::Provider as _;
use vestibule_providers::saml::{PostedResponse, SamlProvider};

/// A longer attack is not worth its place in the repository.
const LONGEST: usize = 8 * 1024;

fn main() {
    responses();
    metadata();
    logout();
}

fn write(target: &str, name: &str, octets: impl AsRef<[u8]>) {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    fs::create_dir_all(&place).expect("a directory");
    fs::write(place.join(name), octets).expect("a file");
}

fn responses() {
    let key = Arc::clone(&TRUSTED);
    let both = Signing::both(key);
    let answer = || Message::good(&request(Some(REQUEST_ID.clone())), &person());
    let unasked = || Message::good(&request(None), &person());
    let service = OURS.encryption.current.certificate.der();
    let service = || PublicKey::of_certificate(service).expect("our key");
    let weak = Encryption::to(service());
    let (digest, mask) = (DigestAlgorithm::Sha256, DigestAlgorithm::Sha256);
    let strong = Encryption {
        key: service(),
        content: Content::Aes256Gcm,
        transport: Transport::Oaep { digest, mask },
    };
    let response = Signing { assertion: false, ..both.clone() };
    let assertion = Signing { response: false, ..both.clone() };
    let sealed = Signing { encryption: Some(weak), ..both.clone() };
    let sealed_well = Signing { encryption: Some(strong), ..both.clone() };
    let informed = Signing { certificate: Some(certificate(&TRUSTED)), ..both.clone() };
    let listed = Signing { inclusive_prefixes: Some("xs".to_owned()), ..both.clone() };
    for (name, signing) in [
        ("good-response", &response),
        ("good-assertion", &assertion),
        ("good-both", &both),
        ("good-encrypted-128", &sealed),
        ("good-encrypted-256", &sealed_well),
        ("good-key-info", &informed),
    ] {
        write("saml_response", name, sign(&answer(), signing));
    }
    let mut prefixed = answer();
    prefixed
        .assertion
        .iter_mut()
        .for_each(|one| one.namespaces = vec![("xs".to_owned(), names::XS.to_owned())]);
    write("saml_response", "good-prefixes", sign(&prefixed, &listed));
    let mut full = answer();
    full.response.extensions = Some("<x:y xmlns:x=\"urn:example:x\"></x:y>".to_owned());
    full.assertion
        .iter_mut()
        .for_each(|one| one.advice = Some("<x:y xmlns:x=\"urn:example:x\">z</x:y>".to_owned()));
    write("saml_response", "good-rest", sign(&full, &both));
    for (name, signing) in [
        ("unasked-response", &response),
        ("unasked-assertion", &assertion),
        ("unasked-both", &both),
        ("unasked-encrypted", &sealed),
    ] {
        write("saml_response", name, sign(&unasked(), signing));
    }
    forged(&sealed);
    attacks();
    scripts();
}

/// Somebody else, by a key that nobody trusts.
fn forged(sealed: &Signing) {
    let stranger = Arc::new(Key::generate_rsa(2048).expect("randomness"));
    let identity = Identity {
        sid: Some("S-1-5-21-1-2-3-500".to_owned()),
        upn: Some(VICTIM.to_owned()),
        email: Some(VICTIM.to_owned()),
        ..person()
    };
    let message = Message::good(&request(Some(REQUEST_ID.clone())), &identity);
    write("saml_response", "forged-both", sign(&message, &Signing::both(Arc::clone(&stranger))));
    let sealed = Signing { key: stranger, ..sealed.clone() };
    write("saml_response", "forged-encrypted", sign(&message, &sealed));
}

/// Of every row of the catalogue the first attack that fits, the forms in turn.
fn attacks() {
    let cases = catalogue(&Setting {
        request: request(Some(REQUEST_ID.clone())),
        identity: person(),
        trusted: Arc::clone(&TRUSTED),
        certificate: certificate(&TRUSTED),
        attacker: Arc::new(Key::generate_rsa(2048).expect("randomness")),
        encryption: Some(OURS.encryption.current.certificate.der().to_vec()),
        skew: 180,
        context: Some(CLASS.uri().to_owned()),
        forced: true,
    });
    let provider = provider(config(described(&TRUSTED)));
    let mut rows: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut forms = Form::ALL.into_iter().cycle();
    let mut form = forms.next();
    for case in cases.iter().filter(|case| is_of_use(&provider, case)) {
        // Wrappings differ more than the cases of other rows.
        let many = ("SAML-40"..="SAML-50").contains(&case.row);
        let key = (case.row, if many { case.name.split(", ").next().unwrap_or_default() } else { "" });
        if Some(case.form) == form && rows.insert(key) {
            form = forms.next();
            let words = case.name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
            let name = words.collect::<Vec<_>>().join("-").to_lowercase();
            write("saml_response", &name, &case.message);
        }
    }
}

fn is_of_use(provider: &SamlProvider, case: &Case) -> bool {
    if case.message.len() > LONGEST || matches!(case.verdict, Verdict::Accepted) {
        return false;
    }
    let posted = PostedResponse { message: case.message.clone(), decoded: true, unsolicited: false };
    match provider.examine(&context("relay"), &posted).map(|seen| seen.outcome) {
        Some(Ok(proof)) => is_the_person(&proof.value().upstream.subject, &proof.value().attributes),
        _ => true,
    }
}

/// The other ways into `saml_response`, by their first octet.
fn scripts() {
    for (name, script) in [
        ("script-nothing", &[1][..]),
        ("script-delete", &[2, 0, 2, 0, 9]),
        ("script-insert", &[3, 1, 2, 0, 3, b'a', b'b', b'c']),
        ("script-duplicate", &[3, 3, 2, 0, 0, 80, 3, 0]),
        ("script-comment", &[3, 4, 7, 0, 0]),
        ("script-element", &[2, 6, 14, 14]),
        ("script-move", &[2, 7, 14, 3]),
        ("script-donor", &[2, 8, 12, 14, 14, 0]),
        ("script-donor-instead", &[3, 9, 12, 14, 14, 1, 10, 2, 9]),
        ("script-sealed", &[4, 8, 13, 5, 5, 1]),
        ("script-value", &[3, 11, 5, 1, b'x']),
        ("script-attribute", &[3, 12, 4]),
        ("script-unasked", &[16, 10, 3, 7]),
        ("script-unasked-in-answer", &[2, 9, 9, 4, 4, 1]),
        ("script-answer-in-unasked", &[17, 9, 1, 4, 4, 1]),
        ("script-answer-as-unasked", &[21, 12, 3]),
        ("script-signed-response", &[24, 11, 40, 3, b'b', b'o', b'b']),
        ("script-signed-assertion", &[25, 11, 30, 3, b'b', b'o', b'b']),
        ("script-signed-copy", &[25, 6, 20, 25]),
    ] {
        write("saml_response", name, script);
    }
    write(
        "saml_response",
        "field",
        b"\0PHNhbWxwOlJlc3BvbnNlIHhtbG5zOnNhbWxwPSJ1cm46b2FzaXM6bmFtZXM6dGM6U0FNTDoyLjA6cHJvdG9jb2wiLz4=",
    );
}

fn metadata() {
    let good = || Metadata::good(ISSUER, SIGN_ON, "https://idp.example/slo", certificate(&TRUSTED));
    let place = |binding: &str, location: &str| Endpoint {
        binding: binding.to_owned(),
        location: location.to_owned(),
    };
    write("saml_metadata", "good", good().write());
    write("saml_metadata", "named", [b"\0".as_slice(), good().write().as_bytes()].concat());
    write("saml_metadata", "signed", good().signed(&Signing::both(Arc::clone(&TRUSTED))));
    let curve = Key::generate_p256().expect("randomness");
    let two = vec![
        KeyDescriptor::signing(certificate(&TRUSTED)),
        KeyDescriptor { usage: None, certificate: certificate(&curve) },
    ];
    write("saml_metadata", "two-keys", Metadata { keys: two, ..good() }.write());
    write(
        "saml_metadata",
        "curve",
        Metadata { keys: vec![KeyDescriptor::signing(certificate(&curve))], ..good() }.write(),
    );
    let small = Key::generate_rsa(1024).expect("randomness");
    write(
        "saml_metadata",
        "weak",
        Metadata { keys: vec![KeyDescriptor::signing(certificate(&small))], ..good() }.write(),
    );
    write("saml_metadata", "no-key", Metadata { keys: Vec::new(), ..good() }.write());
    write(
        "saml_metadata",
        "until",
        Metadata { valid_until: Some(NOW - 1), cache_duration: Some("PT1H".to_owned()), ..good() }.write(),
    );
    for (name, location) in [
        ("query", "https://idp.example/sso?idpid=C01&x=%2F#part"),
        ("script", "javascript:alert(1)"),
        ("loopback", "http://[::1]:8080/sso"),
        ("plain", "http://idp.example/sso"),
    ] {
        let single_sign_on =
            vec![place(names::SOAP, "urn:x"), place(names::REDIRECT, location), place(names::POST, location)];
        write("saml_metadata", name, Metadata { single_sign_on, ..good() }.write());
    }
    let other = Metadata { entity_id: "https://other.example".to_owned(), ..good() };
    let several = format!(
        "<md:EntitiesDescriptor xmlns:md=\"{}\">{}{}</md:EntitiesDescriptor>",
        names::METADATA,
        good().write(),
        other.write()
    );
    write("saml_metadata", "several", &several);
    write("saml_metadata", "one-of-several", [b"\0".as_slice(), several.as_bytes()].concat());
}

fn logout() {
    let success = LogoutResponse::success(ISSUER, "_request", ENTITY, NOW);
    let partial = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout".to_owned();
    let refused =
        LogoutResponse { status: names::RESPONDER.to_owned(), nested: Some(partial), ..success.clone() };
    let asked = LogoutRequest {
        id: "_theirs".to_owned(),
        issue_instant: NOW,
        destination: None,
        issuer: success.issuer.clone(),
        name_id: None,
        session_indexes: vec!["_session".to_owned()],
    };
    let bomb = format!("<a>{}</a>", "a".repeat(128 * 1024));
    for (name, xml) in
        [("success", success.write()), ("refused", refused.write()), ("request", asked.write())]
    {
        write("saml_logout", name, &xml);
        let query = redirect::encode(redirect::Parameter::Response, &xml, Some("state"));
        write("saml_redirect", name, format!("{query}\nhttps://idp.example/slo?x=1\nalice@corp.example"));
    }
    let query = redirect::encode(redirect::Parameter::Response, &bomb, None);
    write("saml_redirect", "bomb", format!("{query}\n"));
    write(
        "saml_redirect",
        "hostile",
        "SAMLResponse=%00&SAMLResponse=AAAA\nHTTPS://u:p@id\u{fc}.example:443/a b?q=\"<&#f\n\"><x/>&amp;&RelayState=y\t\u{1}",
    );
}
