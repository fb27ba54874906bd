//! The `id_token` as it goes over the wire: claims, header, signature, and how they are written down.

use serde_json::{Map, Value, json};

use super::document::Document;
use super::fault::{Edit, Encoding};
use super::jws::Signer;
use super::keys::b64;
use super::state::Script;

/// A compact JWS of the good claims under the script's faults. `now` is what time edits count from.
pub(super) fn id_token<'a>(
    claims: &Map<String, Value>,
    signer: &Signer<'_>,
    (script, edits): (&Script, impl Iterator<Item = &'a Edit>),
    now: i64,
) -> String {
    let header = Document::new(&signer.header()).edit_all(script.header(), now).text();
    let claims = Document::new(claims).edit_all(edits, now).text();
    write(&header, &claims, signer, script.encoding())
}

/// A logout token (Back-Channel Logout 1.0 §2.4) under faults of its own.
pub(super) fn logout_token(
    claims: &Map<String, Value>,
    signer: &Signer<'_>,
    script: &Script,
    now: i64,
) -> String {
    let mut header = signer.header();
    header.insert("typ".to_owned(), Value::from("logout+jwt"));
    let header = Document::new(&header).edit_all(script.header(), now).text();
    let claims = Document::new(claims).edit_all(script.claims(), now).text();
    write(&header, &claims, signer, script.encoding())
}

/// Claims that are no `id_token`, well signed.
pub(super) fn plain(claims: &str, signer: &Signer<'_>) -> String {
    write(&Value::Object(signer.header()).to_string(), claims, signer, None)
}

fn write(header: &str, claims: &str, signer: &Signer<'_>, encoding: Option<Encoding>) -> String {
    let (header, claims) = (b64(header), payload(claims, encoding));
    let signature = signer.sign(format!("{header}.{claims}").as_bytes());
    let written = match encoding {
        Some(Encoding::UnusedBits) => with_unused_bits(b64(&signature)),
        Some(Encoding::Json) => {
            return json!({ "payload": claims, "protected": header, "signature": b64(&signature) })
                .to_string();
        }
        Some(
            Encoding::Padded
            | Encoding::Space
            | Encoding::LineBreak
            | Encoding::StandardAlphabet
            | Encoding::Segments(_),
        )
        | None => b64(&signature),
    };
    match encoding {
        Some(Encoding::Segments(count)) => segments(vec![header, claims, written], count),
        Some(_) | None => format!("{header}.{claims}.{written}"),
    }
}

/// RFC 7515 §2: no padding, no white space, no other alphabet.
fn payload(claims: &str, encoding: Option<Encoding>) -> String {
    match encoding {
        // Trailing spaces of the JSON bring the length to where padding is due.
        Some(Encoding::Padded) => {
            let padding = " ".repeat((4 - claims.len() % 3) % 3);
            format!("{}==", b64(format!("{claims}{padding}")))
        }
        Some(Encoding::Space) => torn(&b64(claims), " "),
        Some(Encoding::LineBreak) => torn(&b64(claims), "\n"),
        Some(Encoding::StandardAlphabet) => b64(with_slashes(claims)).replace('-', "+").replace('_', "/"),
        Some(Encoding::UnusedBits | Encoding::Segments(_) | Encoding::Json) | None => b64(claims),
    }
}

/// A member whose text is sure to need the two letters in which the alphabets differ.
fn with_slashes(claims: &str) -> String {
    let body = claims.strip_suffix('}').unwrap_or(claims);
    format!("{body},\"letters\":\"???>>>???>>>~~~\"}}")
}

fn torn(text: &str, by: &str) -> String {
    let (before, after) = text.split_at(text.len() / 2);
    format!("{before}{by}{after}")
}

/// 256 octets (and 64) leave four bits of the last letter unused, all zero: the next letter of the alphabet
/// reads as the same octets wherever those bits are ignored.
fn with_unused_bits(mut text: String) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    if let Some(last) = text.pop() {
        let next = ALPHABET.chars().skip_while(|letter| *letter != last).nth(1);
        text.push(next.unwrap_or(last));
    }
    text
}

fn segments(mut parts: Vec<String>, count: usize) -> String {
    let last = parts.last().cloned().unwrap_or_default();
    parts.resize(count, last);
    parts.join(".")
}
