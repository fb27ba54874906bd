//! The second opinions: what a provider really sent is taken, and hardly changed it is not.

use vestibule_conformance::wire::Browser;
use vestibule_tests::counterparts::saml::{Options, SignedPart};
use vestibule_tests::counterparts::{BACK_ENDS, Lineage, Opinion, Person, Question, opinions};

use super::saml::{ACS, Captured, ENTITY_ID, Pair};

fn question(pair: &Pair, captured: &Captured, signed: SignedPart) -> Question {
    Question {
        issuer: pair.idp.entity_id().to_owned(),
        certificate_pem: pair.idp.key().certificate_pem.clone(),
        acs: ACS.to_owned(),
        audience: ENTITY_ID.to_owned(),
        request_id: captured.request_id.clone(),
        signed,
        skew_seconds: 60,
        sp_key_pem: None,
    }
}

async fn captured(lineage: Lineage, options: Options) -> (Pair, Captured) {
    let pair = Pair::start(lineage, options).await;
    let captured = pair.signed_in(&mut Browser::new()).await;
    (pair, captured)
}

/// One letter of an attribute's value is another.
fn flipped(message: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(message.to_vec()).unwrap();
    assert!(text.contains(">Alice Andersen<"), "{text}");
    text.replacen(">Alice Andersen<", ">Alicf Andersen<", 1).into_bytes()
}

fn assert_each(judged: &[Opinion; BACK_ENDS.len()], accepted: bool, case: &str) {
    for (name, opinion) in BACK_ENDS.iter().zip(judged) {
        assert_eq!(opinion.accepted, accepted, "{case}: {name}: {opinion:?}");
        assert_eq!(opinion.reason.is_empty(), accepted, "{case}: {name}: {opinion:?}");
    }
}

/// `xmlsec` says nothing of persons.
fn assert_reads_alice(opinion: &Opinion, name: &str, case: &str) {
    assert!(opinion.accepted, "{case}: {name}: {}", opinion.reason);
    if name == "xmlsec" {
        return;
    }
    let alice = Person::with_login("alice").unwrap();
    assert_eq!(opinion.name_id.as_ref(), Some(&alice.cip_email), "{case}: {name}");
    for (attribute, values) in
        [("cip_sid", vec![alice.cip_sid]), ("displayName", vec![alice.name]), ("groups", alice.groups)]
    {
        assert_eq!(opinion.attributes.get(attribute), Some(&values), "{case}: {name}: {attribute}");
    }
}

#[tokio::test]
async fn each_back_end_takes_what_a_provider_sent_and_nothing_that_was_changed() {
    for lineage in Lineage::ALL {
        for signed in SignedPart::SIGNED {
            let (pair, captured) = captured(lineage, Options { signed, ..Options::default() }).await;
            let question = question(&pair, &captured, signed);
            let messages = [captured.xml.clone(), flipped(&captured.xml), b"<a/>".to_vec(), Vec::new()];
            let judged = opinions(&question, &messages).await.unwrap();
            let case = format!("{lineage:?}: {signed:?}");
            for (name, opinion) in BACK_ENDS.iter().zip(&judged[0]) {
                assert_reads_alice(opinion, name, &case);
            }
            for (judged, change) in judged.iter().skip(1).zip(["another letter", "no Response", "nothing"]) {
                assert_each(judged, false, &format!("{case}: {change}"));
            }
        }
    }
}

#[tokio::test]
async fn no_back_end_takes_a_response_without_signature() {
    for lineage in Lineage::ALL {
        let unsigned = Options { signed: SignedPart::Neither, ..Options::default() };
        let (pair, captured) = captured(lineage, unsigned).await;
        let question = question(&pair, &captured, SignedPart::Neither);
        let judged = opinions(&question, std::slice::from_ref(&captured.xml)).await.unwrap();
        assert_each(&judged[0], false, &format!("{lineage:?}"));
    }
}

/// xmlsec alone has no opinion of this, for it knows no SAML.
#[tokio::test]
async fn a_response_to_somebody_else_is_refused() {
    let (pair, captured) = captured(Lineage::SimpleSaml, Options::default()).await;
    let good = question(&pair, &captured, SignedPart::Both);
    let another = |change: fn(&mut Question)| {
        let mut question = good.clone();
        change(&mut question);
        question
    };
    for (case, question) in [
        ("issuer", another(|question| question.issuer.push('x'))),
        ("audience", another(|question| question.audience.push('x'))),
        ("request", another(|question| question.request_id.push('x'))),
    ] {
        let judged = opinions(&question, std::slice::from_ref(&captured.xml)).await.unwrap();
        assert!(judged[0][0].accepted, "{case}: {:?}", judged[0][0]);
        for (name, opinion) in BACK_ENDS.iter().zip(&judged[0]).skip(1) {
            assert!(!opinion.accepted, "{case}: {name}: {opinion:?}");
        }
    }
}

/// samael does not read the form in which pysaml2 encrypts, nor python3-saml a signature inside of it: there the Response
/// alone is signed.
#[tokio::test]
async fn an_encrypted_assertion_is_read_with_the_key_alone() {
    for (lineage, signed, readers) in [
        (Lineage::SimpleSaml, SignedPart::Both, &BACK_ENDS[..]),
        (Lineage::PySaml, SignedPart::Response, &["xmlsec", "python3-saml", "node-saml"]),
    ] {
        let (pair, captured) =
            captured(lineage, Options { signed, encrypt: true, ..Options::default() }).await;
        let mut question = question(&pair, &captured, SignedPart::Response);
        let message = std::slice::from_ref(&captured.xml);
        let [_, keyless @ ..] = opinions(&question, message).await.unwrap().remove(0);
        assert!(keyless.iter().all(|opinion| !opinion.accepted), "{lineage:?}: {keyless:?}");

        question.sp_key_pem = Some(pair.sp.key().key_pem.clone());
        let judged = opinions(&question, message).await.unwrap().remove(0);
        for (name, opinion) in BACK_ENDS.iter().zip(judged).filter(|(name, _)| readers.contains(name)) {
            assert_reads_alice(&opinion, name, &format!("{lineage:?}"));
        }
    }
}

#[tokio::test]
async fn many_messages_are_judged_in_one_go() {
    let (pair, captured) = captured(Lineage::SimpleSaml, Options::default()).await;
    let question = question(&pair, &captured, SignedPart::Both);
    let (good, changed) = (captured.xml.clone(), flipped(&captured.xml));
    let messages: Vec<Vec<u8>> = [good, changed].into_iter().cycle().take(200).collect();
    let judged = opinions(&question, &messages).await.unwrap();
    assert_eq!(judged.len(), messages.len());
    for (number, judged) in judged.iter().enumerate() {
        assert_each(judged, number % 2 == 0, &format!("message {number}"));
    }
}
