//! Verifying `Vestibule-Assertion`, written from the contract alone and sharing no code with the broker.
//!
//! ES256, `typ: vestibule-assertion+jwt`, a `kid`, an issuer below the known prefix, not expired (RFC 7519,
//! RFC 8725 section 3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Map, Value};

use super::Application;
use super::keys::KeysError;

pub(super) type Claims = Map<String, Value>;

const HEADER: &str = "vestibule-assertion";
const LIMIT: usize = 32 * 1024;
/// What two clocks may differ by.
const LEEWAY_SECONDS: i64 = 5;
/// The broker promises no longer life.
const LONGEST_SECONDS: i64 = 60;

#[derive(Debug)]
pub(super) enum Assertion {
    Absent,
    Verified(Claims),
    Refused(AssertionError),
}

/// Shown to the person, since the page is there to explain.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum AssertionError {
    #[error("there is more than one assertion")]
    Repeated,
    #[error("it is not a signed token of a sensible size")]
    Form,
    #[error("its header is not that of an assertion (ES256, type and key id)")]
    Header,
    #[error("its issuer is not the broker")]
    Issuer,
    #[error("{0}")]
    Keys(#[from] KeysError),
    #[error("its signature is wrong")]
    Signature,
    #[error("it has expired, or lives longer than an assertion may")]
    Time,
}

impl Application {
    pub(super) async fn assertion(&self, headers: &HeaderMap) -> Assertion {
        let mut sent = headers.get_all(HEADER).iter();
        let token = match (sent.next(), sent.next()) {
            (None, _) => return Assertion::Absent,
            (Some(_), Some(_)) => return Assertion::Refused(AssertionError::Repeated),
            (Some(token), None) => token.to_str().unwrap_or_default(),
        };
        match self.verify(token).await {
            Ok(claims) => Assertion::Verified(claims),
            Err(error) => Assertion::Refused(error),
        }
    }

    /// Issuer before key, key before signature, signature before any claim is acted on.
    async fn verify(&self, token: &str) -> Result<Claims, AssertionError> {
        let now = (self.settings.now)();
        let Parsed { key_id, claims, input, signature } = parse(token)?;
        let issuer = claims.get("iss").and_then(Value::as_str).unwrap_or_default();
        self.check_issuer(issuer)?;
        let key = self.keys.find(issuer, &key_id, now).await?;
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.0);
        key.verify(input.as_bytes(), &signature).map_err(|_| AssertionError::Signature)?;
        check_time(&claims, now)?;
        Ok(claims)
    }

    /// One slug below the prefix and nothing more: it becomes part of a URL.
    fn check_issuer(&self, issuer: &str) -> Result<(), AssertionError> {
        let slug = issuer.strip_prefix(&self.settings.issuer_prefix).unwrap_or_default();
        let sign = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if slug.is_empty() || !slug.bytes().all(sign) { Err(AssertionError::Issuer) } else { Ok(()) }
    }
}

struct Parsed<'a> {
    key_id: String,
    claims: Claims,
    input: &'a str,
    signature: Vec<u8>,
}

/// Nothing in here is believed yet.
fn parse(token: &str) -> Result<Parsed<'_>, AssertionError> {
    let form = || AssertionError::Form;
    if token.len() > LIMIT {
        return Err(form());
    }
    let (input, signature) = token.rsplit_once('.').ok_or_else(form)?;
    let (header, payload) = input.split_once('.').ok_or_else(form)?;
    let header = object(header).ok_or_else(form)?;
    let claims = object(payload).ok_or_else(form)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| form())?;
    let says = |name| header.get(name).and_then(Value::as_str);
    // RFC 8725 section 3.1 and 3.11: fixed algorithm, explicit type. RFC 7515 section 4.1.11: no `crit`.
    let right = says("alg") == Some("ES256") && says("typ") == Some("vestibule-assertion+jwt");
    let key_id = says("kid").filter(|_| right && !header.contains_key("crit"));
    let key_id = key_id.ok_or(AssertionError::Header)?.to_owned();
    Ok(Parsed { key_id, claims, input, signature })
}

/// A JSON object in unpadded base64url (RFC 7515 section 2).
fn object(segment: &str) -> Option<Claims> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(segment).ok()?).ok()
}

fn check_time(claims: &Claims, now: i64) -> Result<(), AssertionError> {
    let second = |name| claims.get(name).and_then(Value::as_i64).ok_or(AssertionError::Time);
    let (issued, expires) = (second("iat")?, second("exp")?);
    let begun = issued <= now.saturating_add(LEEWAY_SECONDS);
    let lives = now < expires.saturating_add(LEEWAY_SECONDS);
    let short = expires.saturating_sub(issued) <= LONGEST_SECONDS;
    if begun && lives && short { Ok(()) } else { Err(AssertionError::Time) }
}
