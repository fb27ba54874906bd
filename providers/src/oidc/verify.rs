//! The one place that believes an `id_token` (OpenID Connect Core 1.0 §3.1.3.7; RFC 8725).
//!
//! First the signature over strictly read bytes, then every claim; nothing of the payload is looked at before.

use serde_json::{Map, Value};
use vestibule_certs::jwks::{RemoteKeySet, SigningAlgorithm};
use vestibule_certs::jws::CompactJws;
use vestibule_certs::{digest, encoding, secret};
use vestibule_policies::code::Code;
use vestibule_policies::time::Timestamp;

use crate::error::SignInError;
use crate::step::{Freshness, UpstreamSession};
use crate::verified::{Evidence, Verified};

use super::claims::{Claims, outside};

/// The longest token that is read, in bytes (JWT-12): 5,000 group names fit.
const LONGEST_TOKEN: usize = 512 * 1024;
const KIND: &str = "id_token";
/// Core §2: a subject is at most 255 characters.
const LONGEST_SUBJECT: usize = 255;

/// What an `id_token` has to say to be believed here and now.
#[derive(Debug)]
pub struct Expectation<'a> {
    /// The configured issuer, to the letter.
    pub issuer: &'a str,
    /// Our client id.
    pub client_id: &'a str,
    /// The nonce of this transaction; none while its browser is not there, and nobody is believed then.
    pub nonce: Option<&'a str>,
    /// What the connection accepts; never chosen by the token.
    pub algorithms: &'a [SigningAlgorithm],
    /// How far the provider's clock may be from ours, in seconds.
    pub leeway: i64,
    /// The access token beside it, for `at_hash`.
    pub access_token: Option<&'a str>,
    /// How the token came.
    pub channel: Channel<'a>,
    /// How old the person's authentication may be.
    pub freshness: Freshness,
    /// Now.
    pub now: Timestamp,
}

/// How an `id_token` came, and the code of the same answer, for `c_hash`.
#[derive(Debug, Clone, Copy)]
pub enum Channel<'a> {
    /// By the browser, beside this code: `c_hash` has to be there (Core §3.3.2.11).
    Front(&'a str),
    /// From the token endpoint, for this code: `c_hash` is checked where it stands.
    Back(&'a str),
}

/// A believed `id_token`.
#[derive(Debug)]
pub struct IdToken {
    /// `sub`, byte for byte (JWT-17).
    pub subject: String,
    /// Every claim, of which none stands twice.
    pub claims: Map<String, Value>,
    issuer: String,
    authenticated_at: Option<Timestamp>,
}

impl Expectation<'_> {
    /// Reads the token's outside: three segments, a header of a kind and an algorithm that this connection accepts.
    ///
    /// # Errors
    /// `OIDC-TOKEN` for its form, `OIDC-ALGORITHM` for its algorithm.
    pub fn read(&self, text: &str) -> Result<CompactJws, SignInError> {
        let token = outside(text, LONGEST_TOKEN, KIND, self.algorithms)?;
        // RFC 8725 §3.11: a logout token or an access token is no id_token, though the same key signed it (JWT-16).
        match token.header().typ.as_deref() {
            None => Ok(token),
            Some(typ) if typ.eq_ignore_ascii_case("jwt") => Ok(token),
            Some(typ) => {
                Err(SignInError::new(Code::OidcToken, format!("the token is of type {typ}, not an id_token")))
            }
        }
    }

    /// Verifies the signature with one of the pinned keys, then every claim.
    ///
    /// # Errors
    /// One code per clause; see the functions below.
    pub fn verify(&self, token: &CompactJws, keys: &RemoteKeySet) -> Result<Verified<IdToken>, SignInError> {
        let claims = self.signed(token, keys)?;
        let header = token.header();
        claims.check_nonce(self.nonce)?;
        claims.check_access_token(header.alg, self.access_token)?;
        let authenticated_at = claims.check_freshness(self.freshness)?;
        let id_token = IdToken {
            subject: claims.subject()?.to_owned(),
            issuer: self.issuer.to_owned(),
            authenticated_at,
            claims: claims.into_members(),
        };
        let evidence = Evidence {
            issuer: self.issuer.to_owned(),
            key_id: header.kid.clone(),
            algorithm: header.alg.as_str(),
        };
        Ok(Verified::new(id_token, evidence))
    }

    /// Whatever of a token can be judged without its browser. It proves nothing to anybody yet.
    ///
    /// # Errors
    /// One code per clause.
    pub fn receive(&self, token: &CompactJws, keys: &RemoteKeySet) -> Result<(), SignInError> {
        self.signed(token, keys).map(drop)
    }

    /// The claims of a token whose signature and protocol claims hold, the nonce apart.
    fn signed(&self, token: &CompactJws, keys: &RemoteKeySet) -> Result<Claims, SignInError> {
        let header = token.header();
        let claims = Claims::signed(token, keys, KIND)?;
        claims.check_issuer(self.issuer)?;
        claims.check_audience(self.client_id)?;
        claims.check_times(self.now, self.leeway)?;
        claims.check_code(header.alg, self.channel)?;
        Ok(claims)
    }
}

impl IdToken {
    #[cfg(test)]
    pub(super) fn of_claims(claims: Map<String, Value>) -> Self {
        Self { subject: String::new(), issuer: String::new(), authenticated_at: None, claims }
    }

    /// Core §3.3.3.6: the token that came by the browser and the one of the token endpoint speak of one person at one
    /// provider. The issuer was compared to the letter in both.
    pub(super) fn check_same(&self, other: &Self) -> Result<(), SignInError> {
        if self.issuer == other.issuer && self.subject == other.subject {
            return Ok(());
        }
        Err(SignInError::new(Code::OidcTokensDiffer, "the two id_tokens of one answer name different people"))
    }

    /// The same without any claim but these.
    pub(super) fn only(mut self, names: &[&str]) -> Self {
        self.claims.retain(|name, _| names.contains(&name.as_str()));
        self
    }

    /// The provider's session as the token tells it.
    pub(super) fn into_upstream(self, now: Timestamp, names_sessions: bool) -> UpstreamSession {
        let text = |name: &str| self.claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let methods = match self.claims.get("amr") {
            Some(Value::Array(methods)) => methods
                .iter()
                .filter_map(Value::as_str)
                .take(16)
                .map(|method| method.chars().take(64).collect())
                .collect(),
            _ => Vec::new(),
        };
        UpstreamSession {
            session_id: text("sid").filter(|_| names_sessions),
            name_id: None,
            ends_at: None,
            context: text("acr"),
            methods,
            // Nobody authenticated after now, whatever the provider's clock says.
            authenticated_at: self.authenticated_at.map_or(now, |at| at.min(now)),
            issuer: self.issuer,
            subject: self.subject,
            account: None,
        }
    }
}

/// What an `id_token` alone has to say.
impl Claims {
    /// Core §3.1.3.7 rule 11 (OIDC-RP-13, OIDC-RP-35).
    fn check_nonce(&self, nonce: Option<&str>) -> Result<(), SignInError> {
        match self.text("nonce") {
            Some(theirs) if nonce.is_some_and(|ours| secret::same(theirs.as_bytes(), ours.as_bytes())) => {
                Ok(())
            }
            Some(_) => Err(SignInError::new(Code::OidcNonce, "the id_token's nonce is of another sign-in")),
            None => Err(SignInError::new(Code::OidcNonce, "the id_token has no nonce")),
        }
    }

    /// Core §3.1.3.8: `at_hash` is optional in the code flow, and checked where it stands.
    fn check_access_token(
        &self,
        algorithm: SigningAlgorithm,
        access_token: Option<&str>,
    ) -> Result<(), SignInError> {
        let (Some(theirs), Some(access_token)) = (self.value("at_hash"), access_token) else { return Ok(()) };
        if is_half_hash(theirs, algorithm, access_token) {
            return Ok(());
        }
        Err(SignInError::new(Code::OidcAccessTokenHash, "at_hash is not of this access token"))
    }

    /// Core §3.3.2.11: what comes by the browser has to fit together, or a code could be put beside another's token.
    fn check_code(&self, algorithm: SigningAlgorithm, channel: Channel<'_>) -> Result<(), SignInError> {
        let refuse = |reason| Err(SignInError::new(Code::OidcCodeHash, reason));
        match (self.value("c_hash"), channel) {
            (Some(theirs), Channel::Front(code) | Channel::Back(code)) => {
                if is_half_hash(theirs, algorithm, code) {
                    Ok(())
                } else {
                    refuse("c_hash is not of this code")
                }
            }
            (None, Channel::Front(_)) => refuse("the id_token beside the code has no c_hash"),
            (None, Channel::Back(_)) => Ok(()),
        }
    }

    /// Core §3.1.3.7 rule 13. After a sign-out no leeway: the moment is the start of that sign-in, to the second.
    fn check_freshness(&self, freshness: Freshness) -> Result<Option<Timestamp>, SignInError> {
        let authenticated = self.seconds("auth_time")?;
        match (freshness, authenticated) {
            (Freshness::Any, _) => {}
            (Freshness::Since(start), Some(at)) if at >= start.seconds() => {}
            (Freshness::Since(start), Some(at)) => {
                let reason =
                    format!("the person authenticated {} s before this sign-in began", start.seconds() - at);
                return Err(SignInError::new(Code::OidcFresh, reason));
            }
            (Freshness::Since(_), None) => {
                return Err(SignInError::new(
                    Code::OidcFresh,
                    "the provider does not say when the person authenticated",
                ));
            }
        }
        Ok(authenticated.map(Timestamp::from_seconds))
    }

    /// Core §2, §5.3.2: never empty (OIDC-RP-03).
    fn subject(&self) -> Result<&str, SignInError> {
        self.text("sub")
            .filter(|subject| (1..=LONGEST_SUBJECT).contains(&subject.len()))
            .ok_or_else(|| SignInError::new(Code::OidcSubject, "the id_token has no usable sub"))
    }
}

/// Core §3.1.3.6: the left half of the digest that belongs to the signature's algorithm.
fn is_half_hash(theirs: &Value, algorithm: SigningAlgorithm, of: &str) -> bool {
    let hash = digest::for_algorithm(algorithm, of.as_bytes());
    let ours = encoding::base64url(hash.get(..hash.len() / 2).unwrap_or_default());
    theirs.as_str().is_some_and(|theirs| secret::same(theirs.as_bytes(), ours.as_bytes()))
}
