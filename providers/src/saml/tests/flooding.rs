//! What strangers can make costly, and what somebody who belongs here could: bounded before it costs anything.

use std::sync::Arc;
use std::time::Duration;

use vestibule_conformance::saml::{Key, Signing};
use vestibule_policies::code::Code;
use vestibule_policies::time::Timestamp;

use super::world::{ACS, ENTITY, ISSUER, NOW, World, encryption_to, key, ours};
use crate::Provider as _;
use crate::config::SamlSource;
use crate::saml::profile::OLDEST;
use crate::saml::{PostedResponse, SamlProvider, ServiceAddress};

fn cause(world: &World, message: &str) -> Option<&'static str> {
    world.judge(message.as_bytes()).err().and_then(|error| error.cause)
}

fn assertion_signed() -> Signing {
    Signing { response: false, ..Signing::both(key()) }
}

/// Exclusive canonicalisation writes a namespace again on each sibling that uses it: 140 KB would become 400 MB.
#[test]
fn a_namespace_that_multiplies_is_refused_and_a_usual_one_is_not() {
    let world = World::new();
    for (length, refused) in [(200, false), (100_000, true)] {
        let uri = format!("urn:{}", "A".repeat(length));
        let extensions =
            format!("<samlp:Extensions xmlns:p=\"{uri}\">{}</samlp:Extensions>", "<p:c></p:c>".repeat(1_000));
        // Not covered: the assertion alone is signed.
        let sent = world.sent(&assertion_signed(), |_| {});
        let sent = sent.replacen("<samlp:Status>", &format!("{extensions}<samlp:Status>"), 1);
        assert!(sent.contains("<p:c>"));
        assert_eq!(cause(&world, &sent), refused.then_some("xml-limits"), "{length}");
    }
}

#[test]
fn the_key_is_asked_for_before_the_whole_is_canonicalised() {
    let world = World::new();
    let change = |sent: String| sent.replace("alice@corp.example", "admin@corp.example");
    let strangers = Arc::new(Key::generate_rsa(2048).unwrap());
    let theirs = change(world.sent(&Signing::both(strangers), |_| {}));
    assert_eq!(cause(&world, &theirs), Some("key-unknown"));
    let ours = change(world.sent(&Signing::both(key()), |_| {}));
    assert_eq!(cause(&world, &ours), Some("changed-after-signing"));
}

/// A quote in a processing instruction would hide from the counting what the parser then reads, which is quadratic.
#[test]
fn nothing_hides_from_the_counting() {
    let world = World::new();
    let good = world.sent(&Signing::both(key()), |_| {});
    assert!(world.judge(format!("<?xml version=\"1.0\" encoding='UTF-8'?>\n{good}").as_bytes()).is_ok());
    // What follows is not well-formed: whoever parsed it first would say so.
    for start in ["<?x '?>", "<?xml version=\"1.0\"?><?x '?>", "<!--a--><?x \"?>", " <?xml version='1.0'?>"] {
        let sent = format!("{start}<a b='' b=''><!--'-->");
        assert_eq!(cause(&world, &sent), Some("xml-limits"), "{start}");
    }
    let many: Vec<_> = (0..65).map(|n| format!("a{n}=''")).collect();
    assert_eq!(cause(&world, &format!("<a {}/>", many.join(" "))), Some("xml-limits"));
}

#[test]
fn elements_are_counted_before_they_are_read() {
    let world = World::new();
    for (elements, said) in [(32_000, "root-wrong"), (32_768, "xml-limits")] {
        let sent = format!("<a>{}</a>", "<b/>".repeat(elements));
        assert_eq!(cause(&world, &sent), Some(said), "{elements}");
    }
}

/// A message waits in the store: nobody may make a small sign-in of his a large one.
#[test]
fn a_message_that_is_mostly_padding_is_refused() {
    let world = World::new();
    let both = Signing::both(key());
    for (signing, unsigned) in [(assertion_signed(), true), (both.clone(), false)] {
        for (padding, refused) in [(8 * 1024, false), (128 * 1024, true)] {
            let sent = world.sent(&signing, |_| {});
            let space = " ".repeat(padding);
            let sent = if unsigned {
                sent.replacen("<samlp:Status>", &format!("{space}<samlp:Status>"), 1)
            } else {
                sent.replacen("</ds:SignedInfo>", &format!("</ds:SignedInfo>{space}"), 1)
            };
            assert_eq!(cause(&world, &sent), refused.then_some("message-length"), "{padding} {unsigned}");
        }
    }
    // Encrypted, the same is told in more bytes.
    let groups: Vec<_> = (0..4_000).map(|n| format!("S-1-5-21-1-2-3-{n}")).collect();
    let encrypted = Signing { encryption: Some(encryption_to(false)), ..both };
    let sent = world.sent(&encrypted, |message| {
        let attributes = &mut message.assertion.as_mut().unwrap().attributes;
        attributes.iter_mut().find(|one| one.name == "groups").unwrap().values = groups.clone();
    });
    assert!(sent.len() > 300_000 && world.judge(sent.as_bytes()).is_ok());
}

#[test]
fn what_is_remembered_of_an_assertion_ends_with_its_last_use() {
    let world = World::new();
    let far = 20 * 365 * 86_400;
    let sent = world.sent(&Signing::both(key()), |message| {
        let assertion = message.assertion.as_mut().unwrap();
        let subject = assertion.subject.as_mut().unwrap();
        subject.confirmations[0].data.as_mut().unwrap().not_on_or_after = Some(NOW + far);
        assertion.conditions.as_mut().unwrap().not_on_or_after = Some(NOW + far);
    });
    let response = PostedResponse { message: sent.into_bytes(), decoded: true, unsolicited: false };
    let us = ServiceAddress { entity_id: ENTITY, acs: ACS };
    let last = Timestamp::from_seconds(NOW).plus(OLDEST);
    let received = |now| world.provider().receive(us, &response, now);
    for now in [Timestamp::from_seconds(NOW), last] {
        assert_eq!(received(now).unwrap().usable_until, last.plus(Duration::from_secs(1)));
    }
    assert!(received(last.plus(Duration::from_secs(1))).is_err());
}

/// A pin that is set or changed later counts at once: what was fetched before is another provider's.
#[test]
fn a_copy_of_another_provider_than_the_named_one_is_none() {
    let mut world = World::new();
    let SamlSource::Given(copy) = world.config.source.clone() else { unreachable!() };
    let message = world.sent(&Signing::both(key()), |_| {});
    let response = PostedResponse { message: message.into_bytes(), decoded: true, unsolicited: false };
    let us = ServiceAddress { entity_id: ENTITY, acs: ACS };
    for (pin, code) in
        [(None, None), (Some(ISSUER), None), (Some("https://other.example/idp"), Some(Code::SamlMetadata))]
    {
        let url = "https://idp.example/metadata".to_owned();
        world.config.source = SamlSource::Url { url, entity_id: pin.map(str::to_owned) };
        let provider = SamlProvider::new(world.config.clone(), Some(&copy), ours());
        let received = provider.receive(us, &response, Timestamp::from_seconds(NOW));
        assert_eq!(received.err().map(|error| error.code), code, "{pin:?}");
    }
}
