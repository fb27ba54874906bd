//! The one place that believes a logout token (OpenID Connect Back-Channel Logout 1.0 §2.4, §2.6).
//!
//! The provider sends it from server to server, and so may anybody: nothing of it counts before its signature, and nobody's
//! session ends by what it leaves open.

use std::time::Duration;

use serde_json::Value;
use vestibule_certs::jwks::{RemoteKeySet, SigningAlgorithm};
use vestibule_certs::jws::CompactJws;
use vestibule_policies::code::Code;
use vestibule_policies::time::Timestamp;

use crate::error::SignInError;
use crate::verified::{Evidence, Verified};

use super::OpenIdProvider;
use super::claims::{Claims, outside};
use super::keys::Whose;

/// The longest logout token that is read, in bytes: it names a session and little else.
pub const LONGEST_LOGOUT_TOKEN: usize = 16 * 1024;
/// The longest `sub`, `sid` and `jti` (Core §2 has the first one).
const LONGEST_NAME: usize = 255;
/// How long after its `iat` a token may arrive, whatever its `exp`. §2.4 asks for two minutes; deliveries are repeated.
const MOST_AGE: Duration = Duration::from_mins(10);
/// The one member of `events` that makes a token a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
const KIND: &str = "logout token";

/// A believed logout token: which sessions end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutToken {
    /// The issuer, to the letter.
    pub issuer: String,
    /// Whose sessions, byte for byte. There is this one, the next, or both.
    pub subject: Option<String>,
    /// Which session at the provider.
    pub session_id: Option<String>,
    /// `jti`: it is used once.
    pub id: String,
    /// From then on it is refused by its age, and need not be remembered.
    pub until: Timestamp,
}

/// What a logout token has to say to be believed here and now.
#[derive(Debug)]
struct Expectation<'a> {
    issuer: &'a str,
    client_id: &'a str,
    algorithms: &'a [SigningAlgorithm],
    leeway: i64,
    /// Whether a `sid` of this provider is a session's.
    names_sessions: bool,
    now: Timestamp,
}

impl OpenIdProvider {
    /// Believes a logout token, or does not.
    pub(super) async fn believe_logout(
        &self,
        text: &str,
        now: Timestamp,
    ) -> Result<Verified<LogoutToken>, SignInError> {
        let metadata = self.discovery.metadata(now).await?;
        let expectation = Expectation {
            issuer: metadata.issuer(),
            client_id: &self.client.id,
            algorithms: &self.dialect.algorithms(&metadata),
            leeway: self.dialect.leeway(),
            names_sessions: self.dialect.names_sessions(),
            now,
        };
        let token = expectation.read(text)?;
        self.by_its_key((&metadata, Whose::Strangers), &token, now, |keys| expectation.verify(&token, keys))
            .await
    }
}

impl Expectation<'_> {
    /// The token's outside.
    fn read(&self, text: &str) -> Result<CompactJws, SignInError> {
        let token = outside(text, LONGEST_LOGOUT_TOKEN, KIND, self.algorithms)?;
        match token.header().typ.as_deref() {
            // §2.4 recommends a type of its own. Where there is none, or the one that says no more than that it is a JWT,
            // `events` and the missing nonce tell it from an id_token (RFC 8725 §3.11).
            None => Ok(token),
            Some(typ) if typ.eq_ignore_ascii_case("logout+jwt") || typ.eq_ignore_ascii_case("jwt") => {
                Ok(token)
            }
            Some(typ) => Err(SignInError::new(
                Code::OidcToken,
                format!("the token is of type {typ}, not a logout token"),
            )),
        }
    }

    /// The signature, then §2.6 clause by clause.
    fn verify(&self, token: &CompactJws, keys: &RemoteKeySet) -> Result<Verified<LogoutToken>, SignInError> {
        let claims = Claims::signed(token, keys, KIND)?;
        claims.check_issuer(self.issuer)?;
        claims.check_audience(self.client_id)?;
        claims.check_times(self.now, self.leeway)?;
        let until = self.usable_until(&claims)?;
        check_event(&claims)?;
        // §2.6 step 7: an id_token is no logout token, though the same key signed it.
        if claims.value("nonce").is_some() {
            return Err(SignInError::new(Code::OidcLogoutNonce, "the logout token has a nonce"));
        }
        let (subject, session_id) = self.whose(&claims)?;
        let id = name(&claims, "jti", Code::OidcLogoutId)?
            .ok_or_else(|| SignInError::new(Code::OidcLogoutId, "the logout token has no jti"))?;
        let logout = LogoutToken { issuer: self.issuer.to_owned(), subject, session_id, id, until };
        let header = token.header();
        let evidence = Evidence {
            issuer: self.issuer.to_owned(),
            key_id: header.kid.clone(),
            algorithm: header.alg.as_str(),
        };
        Ok(Verified::new(logout, evidence))
    }

    /// A token that says it lasts for years is held to its `iat` all the same: what is remembered of it is bounded.
    fn usable_until(&self, claims: &Claims) -> Result<Timestamp, SignInError> {
        let leeway = Duration::from_secs(u64::try_from(self.leeway).unwrap_or(0));
        let at = |name| claims.seconds(name).map(|at| at.map(Timestamp::from_seconds));
        let (Some(issued), Some(end)) = (at("iat")?, at("exp")?) else {
            return Err(SignInError::new(Code::OidcTime, "the logout token has no times"));
        };
        let until = issued.plus(MOST_AGE).min(end).plus(leeway);
        if self.now < until {
            return Ok(until);
        }
        let reason =
            format!("the logout token was issued {} s ago by our clock", self.now.since(issued).as_secs());
        Err(SignInError::new(Code::OidcTime, reason))
    }

    /// §2.4: `sub`, `sid` or both. What a Gateway calls `sid` is the person's Windows SID, which ends nobody's session (GW-17).
    fn whose(&self, claims: &Claims) -> Result<(Option<String>, Option<String>), SignInError> {
        let subject = name(claims, "sub", Code::OidcLogoutSubject)?;
        let session_id =
            if self.names_sessions { name(claims, "sid", Code::OidcLogoutSubject)? } else { None };
        if subject.is_none() && session_id.is_none() {
            let reason = "the logout token names neither a person nor a session";
            return Err(SignInError::new(Code::OidcLogoutSubject, reason));
        }
        Ok((subject, session_id))
    }
}

/// §2.6 step 6: an object with exactly this member, whose value is an object.
fn check_event(claims: &Claims) -> Result<(), SignInError> {
    match claims.value("events").and_then(|events| events.as_object()?.get(EVENT)) {
        Some(Value::Object(_)) => Ok(()),
        _ => Err(SignInError::new(Code::OidcLogoutEvent, "events does not say that this is a logout token")),
    }
}

/// A text of bounded length, where it stands.
fn name(claims: &Claims, of: &str, code: Code) -> Result<Option<String>, SignInError> {
    match claims.value(of) {
        None => Ok(None),
        Some(Value::String(text)) if (1..=LONGEST_NAME).contains(&text.len()) => Ok(Some(text.clone())),
        Some(_) => Err(SignInError::new(code, format!("the logout token's {of} is not usable"))),
    }
}

#[cfg(test)]
mod tests;
