//! The authentication response as the browser brings it (OpenID Connect Core 1.0 §3.1.2.5 and §3.3.2.5, RFC 9207).

use serde::{Deserialize, Serialize};
use vestibule_certs::secret::Secret;
use vestibule_policies::code::Code;

use crate::config::ResponseMode;
use crate::error::SignInError;

use super::dialect::{Dialect, Response};
use super::discovery::Metadata;

/// The longest answer that is read, in bytes, its `id_token` apart: codes and states are short.
const LONGEST: usize = 8 * 1024;
/// The longest `id_token` beside a code: what it does not hold comes from the token endpoint.
const LONGEST_TOKEN: usize = 64 * 1024;
/// The most parameters that are read.
const MOST_PARAMETERS: usize = 32;

/// An authentication response, apart from its `state`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorization {
    came_by: ResponseMode,
    code: Option<String>,
    id_token: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    issuer: Option<String>,
    /// One of these stood twice.
    repeated: bool,
}

/// What a successful answer brought.
pub(super) struct Granted {
    pub(super) code: String,
    /// Where it was asked for.
    pub(super) id_token: Option<Secret>,
}

impl Authorization {
    /// The longest form that is read, in bytes.
    pub const LARGEST_FORM: usize = LONGEST + LONGEST_TOKEN;

    /// Reads a callback's query: its `state`, if there is one, and the answer. Another parameter that stands twice is
    /// refused later, by `check_form`: the transaction that the `state` names has to be spent first.
    ///
    /// # Errors
    /// `REQUEST-MALFORMED` when the query is too long or has two `state`.
    pub fn parse(query: &str) -> Result<(Option<String>, Self), SignInError> {
        if query.len() > LONGEST {
            return Err(malformed("the callback's query is too long"));
        }
        let fields = url::form_urlencoded::parse(query.as_bytes());
        Self::of_fields(ResponseMode::Query, fields)
    }

    /// Reads a posted form in the same way (OAuth 2.0 Form Post Response Mode §2).
    ///
    /// # Errors
    /// `REQUEST-MALFORMED` when a field is too long or there are two `state`.
    pub fn posted<'a>(
        fields: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<(Option<String>, Self), SignInError> {
        Self::of_fields(ResponseMode::FormPost, fields)
    }

    fn of_fields<N: AsRef<str>, V: AsRef<str>>(
        came_by: ResponseMode,
        fields: impl Iterator<Item = (N, V)>,
    ) -> Result<(Option<String>, Self), SignInError> {
        let (mut state, mut code, mut id_token, mut error, mut error_description, mut issuer) =
            (None, None, None, None, None, None);
        let mut repeated = false;
        for (index, (name, value)) in fields.enumerate() {
            let (name, value) = (name.as_ref(), value.as_ref());
            if index >= MOST_PARAMETERS {
                return Err(malformed("the callback has too many parameters"));
            }
            let place = match name {
                "state" => &mut state,
                "code" => &mut code,
                "id_token" => &mut id_token,
                "error" => &mut error,
                "error_description" => &mut error_description,
                "iss" => &mut issuer,
                _ => continue,
            };
            if value.len() > if name == "id_token" { LONGEST_TOKEN } else { LONGEST } {
                return Err(malformed("a parameter of the callback is too long"));
            }
            // RFC 6749 §3.1: no parameter more than once; what two readers read differently is an attack.
            match (place.replace(value.to_owned()), name) {
                (None, _) => {}
                (Some(_), "state") => return Err(malformed("the callback has two states")),
                (Some(_), _) => repeated = true,
            }
        }
        Ok((state, Self { came_by, code, id_token, error, error_description, issuer, repeated }))
    }

    /// RFC 6749 §3.1; and an answer that came another way than it was asked to is none to this request, unless it says why.
    pub(super) fn check_form(&self, asked: ResponseMode) -> Result<(), SignInError> {
        if self.repeated {
            return Err(malformed("a parameter of the callback stands twice"));
        }
        let reason = match asked {
            _ if self.came_by == asked || self.error.is_some() => return Ok(()),
            ResponseMode::FormPost => "the answer came in the query, not as a posted form",
            ResponseMode::Query => "the answer was posted, and it was asked for in the query",
        };
        Err(SignInError::new(Code::OidcResponseMode, reason))
    }

    /// RFC 9207 §2.4: a wrong issuer is refused, and so is a missing one where the provider promises it.
    pub(super) fn check_issuer(&self, metadata: &Metadata) -> Result<(), SignInError> {
        let refuse = |reason: String| Err(SignInError::new(Code::OidcResponseIssuer, reason));
        match &self.issuer {
            Some(issuer) if issuer == metadata.issuer() => Ok(()),
            Some(issuer) => refuse(format!("the answer comes from {issuer}, not from {}", metadata.issuer())),
            // RFC 9207 §2.4: beside a code the front-channel id_token names the issuer, and it is compared to the letter.
            None if self.id_token.is_some() => Ok(()),
            None if metadata.promises_response_issuer() => {
                refuse("the answer names no issuer, though the provider's metadata promises it".to_owned())
            }
            None => Ok(()),
        }
    }

    /// Whether the provider refused.
    pub(super) const fn is_refusal(&self) -> bool {
        self.error.is_some()
    }

    /// The same without what this kind of answer does not hold.
    pub(super) fn only(self, response: Response) -> Self {
        match response {
            Response::Code => Self { id_token: None, ..self },
            Response::CodeAndToken => self,
        }
    }

    /// The code and what came with it, or the provider's refusal.
    pub(super) fn granted(self, dialect: &Dialect, response: Response) -> Result<Granted, SignInError> {
        if let Some(error) = self.error {
            return Err(dialect.refusal(&error, self.error_description.as_deref()));
        }
        let code = self.code.filter(|code| !code.is_empty()).ok_or_else(|| {
            SignInError::new(Code::OidcCode, "the answer holds neither a code nor an error")
        })?;
        let id_token = match response {
            Response::Code => None,
            Response::CodeAndToken => Some(Secret::new(self.id_token.ok_or_else(|| {
                SignInError::new(Code::OidcCode, "the answer holds a code and no id_token")
            })?)),
        };
        Ok(Granted { code, id_token })
    }
}

fn malformed(reason: &str) -> SignInError {
    SignInError::new(Code::RequestMalformed, reason)
}

#[cfg(test)]
mod tests;
