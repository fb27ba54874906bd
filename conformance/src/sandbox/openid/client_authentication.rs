//! Who calls the token endpoint: `client_secret_basic` or `client_secret_post` (OIDC Core 9).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use percent_encoding::percent_decode_str;
use subtle::ConstantTimeEq;

use super::token::TokenError;
use super::{Client, Provider};
use crate::sandbox::call::Call;
use crate::sandbox::parameters::Parameters;

impl Provider {
    pub(super) fn authenticate(&self, call: &Call, form: &Parameters) -> Result<&Client, TokenError> {
        let header = call.headers.get(AUTHORIZATION);
        let credentials = match (header, form.has("client_secret")) {
            // RFC 6749 section 2.3: one method a request.
            (Some(_), true) => return Err(TokenError::InvalidRequest("Two ways of client authentication.")),
            (Some(header), false) => header.to_str().ok().and_then(basic),
            (None, _) => posted(form),
        };
        let (id, secret) = credentials.ok_or(TokenError::InvalidClient)?;
        let client = self.client(&id).ok_or(TokenError::InvalidClient)?;
        let matches: bool = client.secret.as_bytes().ct_eq(secret.as_bytes()).into();
        if matches { Ok(client) } else { Err(TokenError::InvalidClient) }
    }
}

fn posted(form: &Parameters) -> Option<(String, String)> {
    let id = form.one("client_id").ok()??;
    let secret = form.one("client_secret").ok()??;
    Some((id.to_owned(), secret.to_owned()))
}

/// RFC 6749 section 2.3.1: id and secret are form-urlencoded before they become a Basic pair.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((form_decode(id)?, form_decode(secret)?))
}

/// `None` where the bytes are no UTF-8.
fn form_decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    Some(percent_decode_str(&spaced).decode_utf8().ok()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_basic_pair_is_decoded_twice() {
        let header = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
        let good = Some(("broker one".to_owned(), "s:%+é/".to_owned()));
        let rows = [
            ("encoded", header("broker+one:s%3A%25%2B%C3%A9%2F"), good.clone()),
            (
                "scheme in lower case",
                header("broker%20one:s%3A%25%2B%C3%A9%2F").replace("Basic", "basic"),
                good,
            ),
            ("no colon", header("broker"), None),
            ("not UTF-8", header("broker:%FF"), None),
            ("bearer", header("a:b").replace("Basic", "Bearer"), None),
            ("not Base64", "Basic ***".to_owned(), None),
        ];
        for (name, header, expected) in rows {
            assert_eq!(basic(&header), expected, "{name}");
        }
    }
}
