//! What any token of a provider has to be and its claims have to say, whatever the token is for (OpenID Connect Core 1.0 §3.1.3.7).
//!
//! The signature comes first, over strictly read bytes: there is no way to claims that nobody signed.

use serde_json::{Map, Value};
use vestibule_certs::jwks::{RemoteKeySet, SigningAlgorithm};
use vestibule_certs::jws::CompactJws;
use vestibule_policies::code::Code;
use vestibule_policies::time::Timestamp;

use crate::error::SignInError;

use super::json::object;

/// The most audiences that are read.
const MOST_AUDIENCES: usize = 64;

/// A token's outside: three segments of this many bytes at most, and a header with one of the connection's algorithms. What type it may have
/// is for its own reader to say.
///
/// # Errors
/// `OIDC-TOKEN` for its form, `OIDC-ALGORITHM` for its algorithm.
pub(super) fn outside(
    text: &str,
    longest: usize,
    of: &str,
    algorithms: &[SigningAlgorithm],
) -> Result<CompactJws, SignInError> {
    let token = CompactJws::parse(text, longest).map_err(|fault| {
        let code = if fault.is_algorithm() { Code::OidcAlgorithm } else { Code::OidcToken };
        SignInError::new(code, format!("the {of} cannot be read: {fault}"))
    })?;
    let algorithm = token.header().alg;
    if !algorithms.contains(&algorithm) {
        let reason = format!("{} is not an algorithm of this connection", algorithm.as_str());
        return Err(SignInError::new(Code::OidcAlgorithm, reason));
    }
    Ok(token)
}

/// The claims of a token whose signature held.
#[derive(Debug)]
pub(super) struct Claims {
    members: Map<String, Value>,
    /// What kind of token it is, for reasons.
    of: &'static str,
}

impl Claims {
    /// The claims that one of these keys signed.
    ///
    /// # Errors
    /// `OIDC-SIGNATURE`, or `OIDC-TOKEN` for what is no object or has a member twice.
    pub(super) fn signed(
        token: &CompactJws,
        keys: &RemoteKeySet,
        of: &'static str,
    ) -> Result<Self, SignInError> {
        let header = token.header();
        let payload = keys
            .candidates(header.kid.as_deref(), header.alg)
            .into_iter()
            .find_map(|key| token.verify(key).ok())
            .ok_or_else(|| {
                SignInError::new(Code::OidcSignature, "no key of the provider made this signature")
            })?;
        let members = object(payload.bytes())
            .map_err(|reason| SignInError::new(Code::OidcToken, format!("the {of}'s claims: {reason}")))?;
        Ok(Self { members, of })
    }

    /// A claim as it stands.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// All of them.
    pub(super) fn into_members(self) -> Map<String, Value> {
        self.members
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str)
    }

    /// RFC 7519 §2: a `NumericDate` in whole seconds; fractions are cut.
    pub(super) fn seconds(&self, name: &str) -> Result<Option<i64>, SignInError> {
        const FARTHEST: f64 = 253_402_300_799.0; // the end of the year 9999
        let Some(value) = self.members.get(name) else { return Ok(None) };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the range is checked, and fractions are to be cut"
        )]
        let seconds =
            value.as_f64().filter(|number| (0.0..=FARTHEST).contains(number)).map(|number| number as i64);
        seconds.map(Some).ok_or_else(|| SignInError::new(Code::OidcTime, format!("{name} is not a time")))
    }

    /// Core §3.1.3.7 rule 2: exactly the issuer (OIDC-RP-02, JWT-17).
    pub(super) fn check_issuer(&self, issuer: &str) -> Result<(), SignInError> {
        match self.text("iss") {
            Some(theirs) if theirs == issuer => Ok(()),
            theirs => {
                let reason = format!("the {}'s issuer is {}", self.of, theirs.unwrap_or("missing"));
                Err(SignInError::new(Code::OidcTokenIssuer, reason))
            }
        }
    }

    /// Core §3.1.3.7 rules 3 to 5 (OIDC-RP-04, OIDC-RP-33).
    pub(super) fn check_audience(&self, client_id: &str) -> Result<(), SignInError> {
        let audiences: Vec<&str> = match self.members.get("aud") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(several)) if several.len() <= MOST_AUDIENCES => {
                several.iter().filter_map(Value::as_str).collect()
            }
            _ => Vec::new(),
        };
        if !audiences.contains(&client_id) {
            let reason = format!("the {} is not meant for our client id", self.of);
            return Err(SignInError::new(Code::OidcAudience, reason));
        }
        match self.members.get("azp") {
            None if audiences.len() == 1 => Ok(()),
            Some(Value::String(party)) if party == client_id => Ok(()),
            _ => Err(SignInError::new(
                Code::OidcAuthorizedParty,
                format!("the {} was issued to another client (azp)", self.of),
            )),
        }
    }

    /// Core §3.1.3.7 rules 9 and 10; RFC 7519 §4.1.4 to §4.1.6 (OIDC-RP-05, OIDC-RP-35, JWT-14).
    pub(super) fn check_times(&self, now: Timestamp, leeway: i64) -> Result<(), SignInError> {
        let (now, of) = (now.seconds(), self.of);
        // GW-12: a token is new when it comes, so that its `iat` measures the provider's clock.
        let skew = self.seconds("iat").ok().flatten().map(|issued| issued - now);
        let refuse = |reason: String| {
            let measured = skew.map(|skew| format!("; by its iat the provider's clock is {}", told(skew)));
            Err(SignInError::new(Code::OidcTime, reason + &measured.unwrap_or_default()))
        };
        match self.seconds("exp")? {
            None => return refuse(format!("the {of} has no exp")),
            Some(end) if now >= end + leeway => {
                return refuse(format!("the {of} ended {} s ago by our clock", now - end));
            }
            Some(_) => {}
        }
        match self.seconds("iat")? {
            None => return refuse(format!("the {of} has no iat")),
            Some(issued) if issued > now + leeway => {
                return refuse(format!("the {of} was issued {} s in the future by our clock", issued - now));
            }
            Some(_) => {}
        }
        match self.seconds("nbf")? {
            Some(start) if start > now + leeway => {
                refuse(format!("the {of} begins in {} s by our clock", start - now))
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// A clock's distance from ours, in words.
pub(super) fn told(skew: i64) -> String {
    match skew {
        0 => "with ours".to_owned(),
        1.. => format!("{skew} s ahead of ours"),
        _ => format!("{} s behind ours", skew.saturating_neg()),
    }
}
