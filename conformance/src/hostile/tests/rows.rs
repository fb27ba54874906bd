//! The self-check of the catalogue: each row spoils what it says and leaves the rest as it was.

use std::collections::BTreeSet;

use super::*;

/// The texts in which `left` and `right` differ.
fn differences(left: &SignIn, right: &SignIn) -> BTreeSet<&'static str> {
    let places = [
        ("discovery", left.discovery == right.discovery),
        ("keys", left.keys == right.keys),
        ("answer", left.answer == right.answer),
        ("response", left.response == right.response),
        ("header", left.segment(0) == right.segment(0)),
        ("claims", left.claims() == right.claims()),
        ("user_info", left.user_info == right.user_info),
    ];
    places.into_iter().filter(|(_, same)| !same).map(|(place, _)| place).collect()
}

#[tokio::test]
async fn each_row_differs_in_one_place() {
    let provider = provider().await;
    let good = sign_in(&provider).await;
    for row in catalogue(&provider) {
        let Some(fault) = row.fault else { continue };
        let expected: &[&str] = match fault {
            Fault::Discovery(_) => &["discovery"],
            Fault::Keys(_) => &["keys"],
            Fault::TokenResponse(_) => &["response"],
            Fault::Header(_) => &["header"],
            Fault::Claims(_) => &["claims"],
            // No row: the code flow has no such token.
            Fault::FrontClaims(_) => continue,
            Fault::UserInfo(_) | Fault::UserInfoAsJwt => &["user_info"],
            // Flow and signature have tests of their own.
            Fault::Answer(_)
            | Fault::Signing(_)
            | Fault::Encoding(_)
            | Fault::ClientAuth(_)
            | Fault::Endpoint(..)
            | Fault::MaxAge(..) => {
                continue;
            }
        };
        let kept = matches!(fault, Fault::Header(_) | Fault::Claims(_));
        provider.script(fault);
        let bad = sign_in(&provider).await;
        let found = differences(&good, &bad);
        let token_is_gone = row.name.contains("id_token") && row.id == "OIDC-RP-34";
        if !token_is_gone {
            assert_eq!(found, expected.iter().copied().collect(), "{}: {}", row.id, row.name);
        }
        assert!(!kept || bad.is_signed_by("hostile-1"), "{}: {} is well signed", row.id, row.name);
    }
}

#[tokio::test]
async fn answers_differ_in_one_parameter() {
    let provider = provider().await;
    let good = sign_in(&provider).await.answer;
    for row in catalogue(&provider) {
        let Some(Fault::Answer(fault)) = row.fault else { continue };
        provider.script(Fault::Answer(fault.clone()));
        let page = get(&authorization_url(&provider, &[])).await.unwrap();
        let answer: Vec<(String, String)> = page.location().unwrap().query_pairs().into_owned().collect();
        let changed: BTreeSet<&str> = good
            .iter()
            .chain(&answer)
            .map(|(name, _)| name.as_str())
            .filter(|name| {
                let of = |all: &[(String, String)]| -> Vec<String> {
                    all.iter().filter(|(found, _)| found == name).map(|(_, value)| value.clone()).collect()
                };
                *name != "code" && of(&good) != of(&answer)
            })
            .collect();
        let error = matches!(fault, AnswerFault::Error(..));
        let of_code = row.name.starts_with("code");
        assert_eq!(changed.len(), if error { 2 } else { usize::from(!of_code) }, "{}: {changed:?}", row.name);
    }
}

#[tokio::test]
async fn signatures_are_good_or_bad_as_named() {
    let provider = provider().await;
    let rows = [
        (Signing::Unsigned("none"), "hostile-1", "none", false),
        (Signing::EmptySignature, "hostile-1", "RS256", false),
        (Signing::Hs256(HmacKey::Pem), "hostile-1", "HS256", false),
        (Signing::PssUnderRs256, "hostile-1", "RS256", false),
        (Signing::Pkcs1UnderPs256, "hostile-1", "PS256", true),
        (Signing::BadRs256, "hostile-1", "RS256", false),
        (Signing::ForeignKey, "hostile-1", "RS256", false),
        (Signing::WeakRsa, "weak-1", "RS256", true),
        (Signing::ExponentThree, "three-1", "RS256", true),
    ];
    for (signing, kid, algorithm, good) in rows {
        provider.script(Fault::Signing(signing));
        let signed_in = sign_in(&provider).await;
        let header: Value = serde_json::from_str(&signed_in.segment(0)).unwrap();
        assert_eq!(
            (header["alg"].as_str(), header["kid"].as_str()),
            (Some(algorithm), Some(kid)),
            "{signing:?}"
        );
        assert_eq!(signed_in.is_signed_by(kid), good, "{signing:?}");
    }
}

#[tokio::test]
async fn elliptic_keys_sign_what_they_publish() {
    use ring::signature::{ECDSA_P256_SHA256_FIXED, ED25519, UnparsedPublicKey};
    let provider = provider().await;
    for (signing, index, good) in [
        (Signing::Es256, 1, true),
        (Signing::BadEs256, 1, false),
        (Signing::Es256OffCurve, 1, false),
        (Signing::Es256Form(EsForm::Der), 1, false),
        (Signing::Es256Form(EsForm::SixtyFive), 1, false),
        (Signing::Es256Form(EsForm::Zero), 1, false),
        (Signing::Es256Form(EsForm::Order), 1, false),
        (Signing::EdDsa, 1, true),
    ] {
        provider.script(Fault::Signing(signing));
        let signed_in = sign_in(&provider).await;
        let jwk = serde_json::from_str::<Value>(&signed_in.keys).unwrap()["keys"][index].clone();
        let part = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap_or_default()).unwrap();
        let (input, signature) = signed_in.token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let verified = if jwk["kty"] == "OKP" {
            UnparsedPublicKey::new(&ED25519, part("x")).verify(input.as_bytes(), &signature)
        } else {
            let point = [vec![4], part("x"), part("y")].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(input.as_bytes(), &signature)
        };
        assert_eq!(verified.is_ok(), good, "{signing:?}");
    }
}

/// JWT-02: what looks like a key of the provider's is one, in each of the forms that a library may hand to HMAC.
#[tokio::test]
async fn tokens_under_a_public_ec_key_are_keyed_with_the_published_one() {
    let provider = provider().await;
    for (form, header, length) in [
        (HmacKey::EcPem, "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE", 178),
        (HmacKey::EcDer, "", 91),
        (HmacKey::EcJwk, "{\"", 0),
        (HmacKey::EcPoint, "", 65),
    ] {
        provider.script(Fault::Signing(Signing::Hs256(form)));
        let signed_in = sign_in(&provider).await;
        let jwk = serde_json::from_str::<Value>(&signed_in.keys).unwrap()["keys"][1].clone();
        let part = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap_or_default()).unwrap();
        let point = [vec![4], part("x"), part("y")].concat();
        let key = ec_key(form, &point, &jwk);
        assert!(key.starts_with(header.as_bytes()), "{form:?}");
        assert!(length == 0 || key.len() == length, "{form:?}: {}", key.len());
        let (input, signature) = signed_in.token.rsplit_once('.').unwrap();
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &key);
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        assert!(ring::hmac::verify(&key, input.as_bytes(), &signature).is_ok(), "{form:?}");
    }
}

/// The key's octets, made from what the set publishes.
fn ec_key(form: HmacKey, point: &[u8], jwk: &Value) -> Vec<u8> {
    // id-ecPublicKey and prime256v1 before the point (RFC 5480 §2.1.1).
    let prefix = URL_SAFE_NO_PAD.decode("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgA").unwrap();
    let der = [prefix, point.to_vec()].concat();
    match form {
        HmacKey::EcPem => {
            let text = base64::engine::general_purpose::STANDARD.encode(&der);
            let (first, second) = text.split_at(64);
            format!("-----BEGIN PUBLIC KEY-----\n{first}\n{second}\n-----END PUBLIC KEY-----\n").into_bytes()
        }
        HmacKey::EcDer => der,
        HmacKey::EcJwk => jwk.to_string().into_bytes(),
        HmacKey::EcPoint => point.to_vec(),
        HmacKey::Pem | HmacKey::Der | HmacKey::Jwk | HmacKey::PublishedOct | HmacKey::ClientSecret => {
            panic!("{form:?} is no form of an EC key")
        }
    }
}

#[tokio::test]
async fn encodings_break_one_rule_of_the_serialization() {
    let provider = provider().await;
    let clean = |token: &str| token.split('.').all(|segment| URL_SAFE_NO_PAD.decode(segment).is_ok());
    for (encoding, segments) in [
        (Encoding::Padded, 3),
        (Encoding::Space, 3),
        (Encoding::LineBreak, 3),
        (Encoding::StandardAlphabet, 3),
        (Encoding::UnusedBits, 3),
        (Encoding::Segments(2), 2),
        (Encoding::Segments(5), 5),
        (Encoding::Json, 1),
    ] {
        provider.script(Fault::Encoding(encoding));
        let signed_in = sign_in(&provider).await;
        assert_eq!(signed_in.token.split('.').count(), segments, "{encoding:?}");
        let spoiled = !matches!(encoding, Encoding::Segments(_));
        assert_eq!(clean(&signed_in.token), !spoiled, "{encoding:?}");
    }
    provider.behave();
    assert!(clean(&sign_in(&provider).await.token));
}

#[tokio::test]
async fn rows_have_names_of_their_own() {
    let provider = provider().await;
    let rows = catalogue(&provider);
    let names: BTreeSet<(&str, &str)> = rows.iter().map(|row| (row.id, row.name)).collect();
    assert_eq!(names.len(), rows.len());
    assert!(rows.iter().filter(|row| row.verdict == Verdict::Accepted).count() >= 10);
    assert!(rows.iter().filter(|row| row.verdict == Verdict::Refused).count() >= 100);
    assert!(rows.iter().all(|row| row.never.contains(&Endpoint::Attacker)));
}
