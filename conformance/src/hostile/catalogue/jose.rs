//! Rows about the token as an object: algorithm, keys, header, encoding, size (RFC 8725).

use serde_json::json;

use super::super::fault::{Edit, Embedded, Encoding, EsForm, Fault, HmacKey, KeyFault, Place, Signing};
use super::super::keys::MAIN;
use super::super::provider::HostileProvider;
use super::{Row, accepted, either, refused};

pub(super) fn rows(provider: &HostileProvider) -> Vec<Row> {
    let mut rows = algorithms();
    rows.extend(keys());
    rows.extend(headers(provider));
    rows.extend(twins());
    rows.extend(encodings());
    rows.extend(sizes(provider));
    rows
}

fn algorithms() -> Vec<Row> {
    let row = |id, name, signing| refused(id, name, Fault::Signing(signing));
    vec![
        row("OIDC-RP-09", "alg none", Signing::Unsigned("none")),
        row("JWT-01", "alg None", Signing::Unsigned("None")),
        row("JWT-01", "alg NONE", Signing::Unsigned("NONE")),
        row("JWT-01", "alg is empty", Signing::Unsigned("")),
        row("JWT-01", "the signature is empty", Signing::EmptySignature),
        refused("JWT-01", "alg is absent", Fault::Header(Edit::remove("alg"))),
        row("JWT-02", "HS256 with the public key in PEM", Signing::Hs256(HmacKey::Pem)),
        row("JWT-02", "HS256 with the public key in DER", Signing::Hs256(HmacKey::Der)),
        row("JWT-02", "HS256 with the public key as JWK", Signing::Hs256(HmacKey::Jwk)),
        row("JWT-02", "HS256 with an EC key in PEM", Signing::Hs256(HmacKey::EcPem)),
        row("JWT-02", "HS256 with an EC key in DER", Signing::Hs256(HmacKey::EcDer)),
        row("JWT-02", "HS256 with an EC key as JWK", Signing::Hs256(HmacKey::EcJwk)),
        row("JWT-02", "HS256 with an EC key's point", Signing::Hs256(HmacKey::EcPoint)),
        row("JWT-09", "HS256 with an oct key of the key set", Signing::Hs256(HmacKey::PublishedOct)),
        row("OIDC-RP-10", "HS256 with the client secret", Signing::Hs256(HmacKey::ClientSecret)),
        row("OIDC-RP-10", "HS256, bad signature", Signing::BadHs256),
        row("OIDC-RP-10", "RS256, bad signature", Signing::BadRs256),
        row("OIDC-RP-10", "ES256, bad signature", Signing::BadEs256),
        row("OIDC-RP-10", "RS256 by another key under the good kid", Signing::ForeignKey),
        row("JWT-03", "RS256 said, PSS done", Signing::PssUnderRs256),
        row("JWT-03", "PS256 said, PKCS #1 done", Signing::Pkcs1UnderPs256),
        either("JWT-10", "ES256, good", Fault::Signing(Signing::Es256)),
        either("JWT-10", "EdDSA, good", Fault::Signing(Signing::EdDsa)),
        row("JWT-10", "ES256 in DER", Signing::Es256Form(EsForm::Der)),
        row("JWT-10", "ES256 in 65 octets", Signing::Es256Form(EsForm::SixtyFive)),
        row("JWT-10", "ES256 with r and s zero", Signing::Es256Form(EsForm::Zero)),
        row("JWT-10", "ES256 with r and s the order", Signing::Es256Form(EsForm::Order)),
        row("JWT-09", "RSA of 1024 bits", Signing::WeakRsa),
        row("JWT-09", "RSA with exponent 3", Signing::ExponentThree),
        row("JWT-09", "EC point off the curve", Signing::Es256OffCurve),
        row("JWT-05", "the attacker's key by jku", Signing::Embedded(Embedded::Jku)),
        row("JWT-05", "the attacker's key by x5u", Signing::Embedded(Embedded::X5u)),
        row("JWT-05", "the attacker's key by jwk", Signing::Embedded(Embedded::Jwk)),
        row("JWT-05", "the attacker's key by x5c", Signing::Embedded(Embedded::X5c)),
    ]
}

fn keys() -> Vec<Row> {
    let member = |name, edit| refused("JWT-03", name, Fault::Keys(KeyFault::Member(edit)));
    let private = Edit::set("d", MAIN.private_exponent());
    vec![
        member("the JWK says RS512", Edit::set("alg", "RS512")),
        member("the JWK says PS256", Edit::set("alg", "PS256")),
        member("the JWK is for encryption", Edit::set("use", "enc")),
        member("the JWK is for encryption by key_ops", Edit::set("key_ops", json!(["encrypt"]))),
        member("the JWK is of another type", Edit::set("kty", "EC")),
        refused("JWT-09", "the JWK shows its private part", Fault::Keys(KeyFault::Member(private))),
        refused("JWT-09", "the key set is empty", Fault::Keys(KeyFault::Empty)),
        accepted("OIDC-RP-08", "two other keys stand before the right one", Fault::Keys(KeyFault::Decoys(2))),
        either("JWT-04", "another key has the same kid", Fault::Keys(KeyFault::DuplicateKid)),
    ]
}

fn headers(provider: &HostileProvider) -> Vec<Row> {
    let attacker = format!("{}/attacker/keys", provider.issuer());
    let set = |name: &str, value: serde_json::Value| Fault::Header(Edit::set(name, value));
    let mut rows = vec![
        accepted("OIDC-RP-06", "no kid and one fitting key", Fault::Header(Edit::remove("kid"))),
        accepted("JWT-16", "typ is absent", Fault::Header(Edit::remove("typ"))),
        refused("JWT-04", "kid is unknown", set("kid", json!("unknown"))),
        refused("JWT-04", "kid is a path", set("kid", json!("../../dev/null"))),
        refused("JWT-04", "kid is SQL", set("kid", json!("x' UNION SELECT 'key"))),
        refused("JWT-04", "kid has 1 MB", set("kid", json!("k".repeat(1_000_000)))),
        refused("JWT-04", "kid is a unicode twin", set("kid", json!("hostile\u{2010}1"))),
        refused("JWT-04", "kid is a number", set("kid", json!(1))),
        either("JWT-05", "jku beside a good signature", set("jku", json!(attacker))),
        either("JWT-05", "x5u beside a good signature", set("x5u", json!(attacker))),
        refused("JWT-06", "crit is unknown", set("crit", json!(["unheard"]))),
        refused("JWT-06", "crit is empty", set("crit", json!([]))),
        refused("JWT-06", "crit is no array", set("crit", json!("exp"))),
        refused("JWT-06", "b64 is false", set("b64", json!(false))),
        refused("JWT-06", "zip", set("zip", json!("DEF"))),
    ];
    for (name, typ) in [
        ("typ of a logout token", "logout+jwt"),
        ("typ of an access token", "at+jwt"),
        ("typ of a key-bound proof", "dpop+jwt"),
        ("typ of our own assertion", "vestibule-assertion+jwt"),
    ] {
        rows.push(refused("JWT-16", name, set("typ", json!(typ))));
    }
    rows
}

/// JWT-08: parsers differ in which twin they believe, so neither is.
fn twins() -> Vec<Row> {
    let claim = |name, place, member: &str, value: &str| {
        let edit = Edit::Raw { place, name: member.to_owned(), value: value.to_owned() };
        refused("JWT-08", name, Fault::Claims(edit))
    };
    let header =
        |name, member: &str, value: &str| refused("JWT-08", name, Fault::Header(Edit::raw(member, value)));
    let upn = "\"bob@corp.example\"";
    vec![
        claim("a second sub", Place::Last, "\"sub\"", "\"mallory\""),
        claim("a second sub before the good one", Place::First, "\"sub\"", "\"mallory\""),
        claim("a second sub, escaped", Place::Last, "\"su\\u0062\"", "\"mallory\""),
        claim("a second sub, equal", Place::Last, "\"sub\"", "\"hostile-subject-1\""),
        claim("a second UPN", Place::Last, "\"cip_upn\"", upn),
        claim("a second UPN, escaped", Place::First, "\"cip\\u005fupn\"", upn),
        claim("twins deep inside", Place::Last, "\"address\"", r#"{"a":1,"\u0061":2}"#),
        header("a second alg", "\"alg\"", "\"none\""),
        header("a second alg, escaped", "\"al\\u0067\"", "\"none\""),
        header("a second kid", "\"kid\"", "\"attacker-1\""),
    ]
}

fn encodings() -> Vec<Row> {
    let row = |name, encoding| refused("JWT-11", name, Fault::Encoding(encoding));
    vec![
        row("padding", Encoding::Padded),
        row("a space within", Encoding::Space),
        row("a line break within", Encoding::LineBreak),
        row("the standard alphabet", Encoding::StandardAlphabet),
        row("unused bits are set", Encoding::UnusedBits),
        row("two segments", Encoding::Segments(2)),
        row("four segments", Encoding::Segments(4)),
        row("five segments", Encoding::Segments(5)),
        row("six segments", Encoding::Segments(6)),
        row("the JSON serialization", Encoding::Json),
    ]
}

fn sizes(provider: &HostileProvider) -> Vec<Row> {
    let claim = |name, edit| refused("JWT-12", name, Fault::Claims(edit));
    let many: Vec<String> = (1..100_000).map(|n| format!("\"c{n}\":0")).collect();
    let nested = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let mut audience = vec!["other"; 9_999];
    audience.push(provider.client_id());
    vec![
        claim("a token of 1 MB", Edit::set("padding", "a".repeat(1_000_000))),
        claim("10,000 nested arrays", Edit::raw("\"nested\"", nested)),
        claim("100,000 claims", Edit::raw("\"c0\"", format!("0,{}", many.join(",")))),
        claim("an aud of 10,000 entries", Edit::set("aud", audience)),
    ]
}
