//! The userinfo endpoint (OpenID Connect Core 1.0 §5.3): plain JSON only, of the same subject.

use http::StatusCode;
use serde_json::{Map, Value};
use url::Url;
use vestibule_policies::claims::ClaimName;
use vestibule_policies::code::Code;
use vestibule_policies::raw::RawAttributes;

use crate::error::SignInError;
use crate::ports::Http;

use super::json::{get_json, object};

/// Whether the token left one of the four claims out that userinfo may bring. A connection that renames them is asked for
/// the rest in any case: one more call, never a claim less.
pub(super) fn may_add_to(attributes: &RawAttributes) -> bool {
    ClaimName::ALL.into_iter().any(|claim| attributes.values(claim.outside()).is_none())
}

/// Core §5.3.2: the subject must be the token's, or nothing of the answer is used (OIDC-RP-12).
pub(super) async fn fetch(
    http: &dyn Http,
    endpoint: &Url,
    access_token: &str,
    subject: &str,
) -> Result<Map<String, Value>, SignInError> {
    let failed = |reason: String| SignInError::new(Code::OidcUserinfo, format!("{endpoint}: {reason}"));
    let answer = get_json(http, endpoint.as_str(), Some(access_token)).await.map_err(failed)?;
    if answer.status() != StatusCode::OK {
        return Err(failed(format!("answered {}", answer.status())));
    }
    let claims = object(answer.body()).map_err(failed)?;
    match claims.get("sub") {
        Some(Value::String(theirs)) if theirs == subject => Ok(claims),
        _ => Err(SignInError::new(
            Code::OidcUserinfoSubject,
            "userinfo speaks of another subject than the id_token",
        )),
    }
}
