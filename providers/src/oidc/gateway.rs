//! A Citrix Gateway on the premises: what it says of people, and what an administrator asks of it (GW-01 to GW-21, annex c.9).

use http::{HeaderMap, Response, StatusCode};
use vestibule_policies::code::Code;
use vestibule_policies::time::Timestamp;

use crate::Check;
use crate::error::SignInError;
use crate::ports::HttpError;

use super::claims::told;
use super::discovery::Metadata;
use super::json::{is_json, request_json};
use super::{OpenIdProvider, exchange};

/// What is read of its tokens. Whatever else stands there goes before anything is kept, above all a password that the Gateway
/// sends along (`sendPassword`, GW-16, AMB-14), by whatever name.
pub(super) const CLAIMS: &[&str] = &[
    "acr",
    "amr",
    "auth_time",
    "email",
    "email_verified",
    "familyname",
    "givename",
    "groups",
    "name",
    "oid",
    "sid",
    "upn",
];

/// GW-19, and whose fault each is. Nothing after a fault can be looked at without what it stands for.
pub(super) async fn check(provider: &OpenIdProvider, now: Timestamp) -> Vec<Check> {
    let mut checks = Vec::new();
    let answer = match reach(provider).await {
        Ok(answer) => answer,
        Err(error) => return vec![Check::new("reachable FQDN", Err(error))],
    };
    checks.push(Check::new("reachable FQDN", Ok("answers, with a certificate that is trusted".to_owned())));
    checks.push(Check::new("clock", clock(answer.headers(), now, provider.dialect.leeway())));
    let policy = bound(provider, &answer);
    let is_bound = policy.is_ok();
    checks.push(Check::new("OAuth IdP policy", policy));
    if !is_bound {
        return checks;
    }
    let metadata = match provider.discovery.read(answer.body()) {
        Ok(metadata) => metadata,
        Err(error) => {
            let code = match error.code {
                Code::OidcIssuer => Code::GatewayIssuer,
                _ => Code::GatewayPolicy,
            };
            checks.push(Check::new("issuer", Err(SignInError { code, ..error })));
            return checks;
        }
    };
    checks.push(Check::new("issuer", Ok(metadata.issuer().to_owned())));
    checks.push(Check::new("signing keys", provider.keys.usable(&metadata, now).await));
    checks.push(Check::new("client id and secret", known(provider, &metadata).await));
    checks.push(Check::new("answers", provider.check_answers(&metadata)));
    checks
}

async fn reach(provider: &OpenIdProvider) -> Result<Response<Vec<u8>>, SignInError> {
    let address = provider.discovery.address();
    let answer = request_json(&*provider.http, address, None).await;
    answer.map_err(|error| {
        let code = match &error {
            HttpError::Untrusted(_) => Code::GatewayCertificate,
            HttpError::Forbidden(_)
            | HttpError::Unreachable(_)
            | HttpError::Late(_)
            | HttpError::TooLarge(_)
            | HttpError::Broken(_) => Code::GatewayUnreachable,
        };
        SignInError::new(code, format!("{address}: {error}"))
    })
}

/// Without a policy at its authentication server a Gateway answers with a page of its own, or not at all.
fn bound(provider: &OpenIdProvider, answer: &Response<Vec<u8>>) -> Result<String, SignInError> {
    let address = provider.discovery.address();
    let refuse = |what: String| Err(SignInError::new(Code::GatewayPolicy, format!("{address} {what}")));
    if answer.status() != StatusCode::OK {
        return refuse(format!("answers {}", answer.status()));
    }
    if !is_json(answer.headers()) {
        return refuse("answers with a page, not with a discovery document".to_owned());
    }
    Ok("bound: the Gateway describes itself as an identity provider".to_owned())
}

/// GW-12, by the `Date` of an answer (RFC 9110 §6.6.1).
fn clock(headers: &HeaderMap, now: Timestamp, tolerance: i64) -> Result<String, SignInError> {
    let date = headers.get(http::header::DATE).and_then(|value| value.to_str().ok());
    let Some(at) = date.and_then(seconds) else {
        return Ok("the Gateway does not tell its time; a sign-in measures it".to_owned());
    };
    let skew = at - now.seconds();
    let found = format!("the Gateway's clock is {}, {tolerance} s are tolerated", told(skew));
    if skew.saturating_abs() > tolerance {
        return Err(SignInError::new(Code::GatewayClock, found));
    }
    Ok(found)
}

/// An IMF-fixdate (RFC 9110 §5.6.7), in seconds since 1970.
fn seconds(date: &str) -> Option<i64> {
    use time::macros::format_description;
    let format = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    Some(time::PrimitiveDateTime::parse(date, format).ok()?.assume_utc().unix_timestamp())
}

/// Whether the Gateway takes our id and secret, by a code that nobody was given. Redirect URL and audience show in a test sign-in.
async fn known(provider: &OpenIdProvider, metadata: &Metadata) -> Result<String, SignInError> {
    let answered = exchange::refused_code(&*provider.http, &provider.client, metadata).await?;
    match answered.as_str() {
        "invalid_client" | "unauthorized_client" => Err(SignInError::new(
            Code::GatewayClient,
            format!("the Gateway answers {answered} to our client id {} and its secret", provider.client.id),
        )),
        "invalid_grant" => Ok(format!("the Gateway knows {} and its secret", provider.client.id)),
        _ => Ok(format!("the Gateway answers {answered} to a made-up code; a test sign-in tells more")),
    }
}

#[cfg(test)]
mod tests;
