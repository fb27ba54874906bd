//! A SAML response. The trusted key has signed messages about one person alone, so that whoever is proved is this person, by an
//! assertion that it signed, asked for or unasked as it was signed. Of what a talkative provider signs anew, whatever is believed
//! stands in the signed text and is for us, for this request.
//!
//! The first octet chooses: 0 the field as it is posted; 1 to 8 a script that edits a good answer; 16 to 19 the same of a good
//! response that nobody asked for, and 20 to 23 of a good answer that comes as if nobody had asked; 24 to 31 a script that edits
//! before a provider of its own signs. All else is the message itself.
#![no_main]

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use vestibule_conformance::saml::{Element, Key, Message, Signing, elements, sign};
use vestibule_fuzz::saml::edit::edited;
use vestibule_fuzz::saml::good::{ANSWERS, FORGED, UNASKED, is_the_person};
use vestibule_fuzz::saml::{
    ACS, CLASS, ENTITY, NOW, REQUEST_ID, TRUSTED, config, context, described, person, provider, request,
};
use vestibule_policies::time::Timestamp;
use vestibule_providers::Provider as _;
use vestibule_providers::saml::examination::Clause;
use vestibule_providers::saml::{PostedResponse, Received, SamlProvider, ServiceAddress};
use vestibule_providers::step::Proof;
use vestibule_providers::verified::Verified;

const US: ServiceAddress<'static> = ServiceAddress { entity_id: ENTITY, acs: ACS };

static PROVIDER: LazyLock<SamlProvider> = LazyLock::new(|| provider(config(described(&TRUSTED))));

/// A provider that signs what it is given, and the texts that it is given.
struct Talkative {
    provider: SamlProvider,
    signing: Signing,
    assertion: String,
    response: String,
}

static TALKATIVE: LazyLock<Talkative> = LazyLock::new(|| {
    let key = Arc::new(Key::generate_p256().expect("randomness"));
    let signing = Signing { response: false, assertion: false, ..Signing::both(Arc::clone(&key)) };
    let mut message = Message::good(&request(Some(REQUEST_ID.clone())), &person());
    let response = sign(&message, &signing);
    let assertion = vestibule_conformance::saml::sign_assertion(&message, &signing);
    message.assertion = None;
    Talkative { provider: provider(config(described(&key))), signing, assertion, response }
});

/// The marks of the assertions that the trusted key signed.
struct Marks {
    answers: HashSet<[u8; 32]>,
    unasked: HashSet<[u8; 32]>,
}

static MARKS: LazyLock<Marks> = LazyLock::new(|| {
    let of = |messages: &[(&str, &[u8])], unsolicited| {
        let mark = |(name, message): &(&str, &[u8])| match judged(&PROVIDER, message, unsolicited) {
            Some((received, _)) => received.assertion,
            None => panic!("{name} is good, and refused"),
        };
        messages.iter().map(mark).collect()
    };
    Marks { answers: of(&ANSWERS, false), unasked: of(&UNASKED, true) }
});

fn posted(message: &[u8], unsolicited: bool) -> PostedResponse {
    PostedResponse { message: message.to_vec(), decoded: true, unsolicited }
}

/// What is believed of a message. Both ways of asking have to agree.
fn judged(provider: &SamlProvider, message: &[u8], unsolicited: bool) -> Option<(Received, Verified<Proof>)> {
    let posted = posted(message, unsolicited);
    let received = provider.receive(US, &posted, Timestamp::from_seconds(NOW));
    let seen = provider.examine(&context("relay"), &posted).expect("SAML can be examined");
    assert!(seen.passed.clauses().is_sorted() && seen.passed.clauses().len() <= Clause::ALL.len());
    match (received, seen.outcome) {
        (Ok(received), Ok(proof)) => {
            assert!(seen.passed.clauses().contains(&Clause::Signature));
            assert!(received.usable_until > Timestamp::from_seconds(NOW), "nothing would remember it");
            if unsolicited {
                let addressed = posted.addressed().expect("an accepted response names its issuer");
                assert!(provider.takes_unsolicited(&addressed.issuer));
            }
            Some((received, proof))
        }
        // Another request, or not anew: told once the browser is there.
        (Ok(_), Err(error)) => {
            assert!(error.code.as_str().starts_with("SAML-"), "{error:?}");
            None
        }
        (Err(error), Ok(_)) => panic!("received as {error:?}, and proved all the same"),
        (Err(error), Err(_)) => {
            assert!(error.code.as_str().starts_with("SAML-"), "{error:?}");
            None
        }
    }
}

/// By the key that signs for one person.
fn check(message: &[u8], unsolicited: bool) -> Option<Received> {
    let (received, proof) = judged(&PROVIDER, message, unsolicited)?;
    let proof = proof.value();
    let subject = &proof.upstream.subject;
    assert!(is_the_person(subject, &proof.attributes), "{subject:?} {:?}", proof.attributes);
    assert_eq!(proof.upstream.name_id.as_ref().map(|name| &name.value), Some(subject));
    assert!(proof.upstream.authenticated_at <= Timestamp::from_seconds(NOW));
    Some(received)
}

fn check_edited((good, script): (&[(&str, &[u8])], &[u8]), choice: u8, unsolicited: bool) {
    let donors: Vec<&[u8]> =
        ANSWERS.iter().chain(&UNASKED).chain(&FORGED).map(|(_, octets)| *octets).collect();
    let message = edited(good[usize::from(choice) % good.len()].1, &donors, script);
    let marks = if unsolicited { &MARKS.unasked } else { &MARKS.answers };
    if let Some(received) = check(&message, unsolicited) {
        assert!(marks.contains(&received.assertion), "an assertion that was not signed for this");
    }
}

/// By a provider that signs the edited text. Nothing is asked of it but what an accepted text has to hold.
fn check_talkative(whole: bool, script: &[u8]) {
    let Talkative { provider, signing, assertion, response } = &*TALKATIVE;
    let text = if whole { response } else { assertion };
    let text = edited(text.as_bytes(), &[assertion.as_bytes()], script);
    let Ok(text) = String::from_utf8(text) else { return };
    let Some(id) = text.split_once(" ID=\"").and_then(|(_, rest)| rest.split('"').next()) else { return };
    let envelope = signing.envelope(id, &text);
    let signed = text.replacen("</saml:Issuer>", &format!("</saml:Issuer>{envelope}"), 1);
    let message = if whole { signed } else { response.replacen(assertion, &signed, 1) };
    let Some((_, proof)) = judged(provider, message.as_bytes(), false) else { return };
    let proof = proof.value();
    // The signed octets are canonical, so that a simple reader reads them; not so their references to characters.
    if text.contains("&#") {
        return;
    }
    let all = elements(&text).expect("a canonical document");
    let named = |name: &'static str| all.iter().filter(move |element| element.name == name);
    let has = |name, text: &str| named(name).any(|element: &Element| element.text == text.trim());
    let subject = &proof.upstream.subject;
    assert!(subject.is_empty() || has("NameID", subject), "{subject:?}");
    for attribute in proof.attributes.iter() {
        assert!(named("Attribute").any(|one| one.attribute("Name").unwrap_or_default() == attribute.name));
        assert!(attribute.values.iter().all(|value| has("AttributeValue", value)), "{attribute:?}");
    }
    assert!(has("Audience", ENTITY) && has("Issuer", vestibule_fuzz::saml::ISSUER));
    assert!(has("AuthnContextClassRef", CLASS.uri()));
    let confirmed = |one: &Element| {
        one.attribute("Recipient") == Some(ACS) && one.attribute("InResponseTo") == Some(&REQUEST_ID)
    };
    assert!(named("SubjectConfirmationData").any(confirmed));
    assert!(all.iter().any(|one| one.attribute("Version") == Some("2.0")));
}

fuzz_target!(|data: &[u8]| {
    match data.split_first() {
        Some((0, field)) => {
            let Some(field) = vestibule_fuzz::text(field) else { return };
            if let Ok(response) = PostedResponse::decode(field, true) {
                let _ = response.addressed();
                check(&response.message, true);
            }
            let undecodable = PostedResponse::undecodable(field);
            let seen = PROVIDER.examine(&context("relay"), &undecodable).expect("SAML can be examined");
            assert!(seen.outcome.is_err() && seen.passed.clauses().is_empty());
        }
        Some((&choice @ 1..=8, script)) => check_edited((&ANSWERS, script), choice - 1, false),
        Some((&choice @ 16..=19, script)) => check_edited((&UNASKED, script), choice - 16, true),
        Some((&choice @ 20..=23, script)) => check_edited((&ANSWERS, script), choice - 20, true),
        Some((&choice @ 24..=31, script)) => check_talkative(choice % 2 == 0, script),
        _ => {
            check(data, false);
        }
    }
});
