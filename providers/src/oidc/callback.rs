//! The authentication response as the browser brings it (OpenID Connect Core 1.0 §3.1.2.5, RFC 9207).

use vestibule_policies::code::Code;

use crate::error::SignInError;

use super::dialect::Dialect;
use super::discovery::Metadata;

/// The longest query that is read, in bytes: codes and states are short.
const LONGEST_QUERY: usize = 8 * 1024;
/// The most parameters that are read.
const MOST_PARAMETERS: usize = 32;

/// An authentication response, apart from its `state`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    issuer: Option<String>,
    /// One of these stood twice.
    repeated: bool,
}

impl Authorization {
    /// Reads a callback's query: its `state`, if there is one, and the answer. Another parameter that stands twice is
    /// refused later, by `check_form`: the transaction that the `state` names has to be spent first.
    ///
    /// # Errors
    /// `REQUEST-MALFORMED` when the query is too long or has two `state`.
    pub fn parse(query: &str) -> Result<(Option<String>, Self), SignInError> {
        let malformed = |reason: &str| SignInError::new(Code::RequestMalformed, reason);
        if query.len() > LONGEST_QUERY {
            return Err(malformed("the callback's query is too long"));
        }
        let (mut state, mut code, mut error, mut error_description, mut issuer) =
            (None, None, None, None, None);
        let mut repeated = false;
        for (index, (name, value)) in url::form_urlencoded::parse(query.as_bytes()).enumerate() {
            if index >= MOST_PARAMETERS {
                return Err(malformed("the callback has too many parameters"));
            }
            let place = match &*name {
                "state" => &mut state,
                "code" => &mut code,
                "error" => &mut error,
                "error_description" => &mut error_description,
                "iss" => &mut issuer,
                _ => continue,
            };
            // RFC 6749 §3.1: no parameter more than once; what two readers read differently is an attack.
            match (place.replace(value.into_owned()), &*name) {
                (None, _) => {}
                (Some(_), "state") => return Err(malformed("the callback has two states")),
                (Some(_), _) => repeated = true,
            }
        }
        Ok((state, Self { code, error, error_description, issuer, repeated }))
    }

    /// RFC 6749 §3.1.
    pub(super) fn check_form(&self) -> Result<(), SignInError> {
        if self.repeated {
            return Err(SignInError::new(Code::RequestMalformed, "a parameter of the callback stands twice"));
        }
        Ok(())
    }

    /// RFC 9207 §2.4: a wrong issuer is refused, and so is a missing one where the provider promises it.
    pub(super) fn check_issuer(&self, metadata: &Metadata) -> Result<(), SignInError> {
        let refuse = |reason: String| Err(SignInError::new(Code::OidcResponseIssuer, reason));
        match &self.issuer {
            Some(issuer) if issuer == metadata.issuer() => Ok(()),
            Some(issuer) => refuse(format!("the answer comes from {issuer}, not from {}", metadata.issuer())),
            None if metadata.promises_response_issuer() => {
                refuse("the answer names no issuer, though the provider's metadata promises it".to_owned())
            }
            None => Ok(()),
        }
    }

    /// The code, or the provider's refusal.
    pub(super) fn into_code(self, dialect: &Dialect) -> Result<String, SignInError> {
        if let Some(error) = self.error {
            return Err(dialect.refusal(&error, self.error_description.as_deref()));
        }
        self.code
            .filter(|code| !code.is_empty())
            .ok_or_else(|| SignInError::new(Code::OidcCode, "the answer holds neither a code nor an error"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_good_answer() {
        let (state, answer) =
            Authorization::parse("code=c%2B1&state=s&session_state=x&iss=https%3A%2F%2Fid.example").unwrap();
        assert_eq!(state.as_deref(), Some("s"));
        assert_eq!(answer.code.as_deref(), Some("c+1"));
        assert_eq!(answer.issuer.as_deref(), Some("https://id.example"));
    }

    #[test]
    fn refuses_what_two_readers_could_read_differently() {
        let many = "x=1&".repeat(MOST_PARAMETERS + 1);
        let long = format!("code={}", "c".repeat(LONGEST_QUERY));
        for (name, query) in [
            ("two states", "code=a&state=s&state=s"),
            ("many parameters", many.as_str()),
            ("long", long.as_str()),
        ] {
            let refused = Authorization::parse(query).unwrap_err();
            assert_eq!(refused.code, Code::RequestMalformed, "{name}");
        }
    }

    #[test]
    fn a_repeated_parameter_is_refused_once_the_state_is_known() {
        for (query, code) in [
            ("code=a&state=s&iss=a", None),
            ("code=a&code=a&state=s", Some(Code::RequestMalformed)),
            ("code=a&state=s&iss=a&iss=b", Some(Code::RequestMalformed)),
            ("error=a&state=s&error=b", Some(Code::RequestMalformed)),
        ] {
            let (state, answer) = Authorization::parse(query).unwrap();
            assert_eq!(state.as_deref(), Some("s"), "{query}");
            assert_eq!(answer.check_form().err().map(|error| error.code), code, "{query}");
        }
    }

    #[test]
    fn an_error_wins_over_a_code_and_an_empty_code_is_none() {
        let answer = |query| Authorization::parse(query).unwrap().1.into_code(&Dialect::Okta);
        assert_eq!(answer("code=a").unwrap(), "a");
        assert_eq!(answer("code=a&error=access_denied").unwrap_err().code, Code::OidcDenied);
        assert_eq!(answer("error=server_error").unwrap_err().code, Code::OidcError);
        assert_eq!(answer("code=").unwrap_err().code, Code::OidcCode);
        assert_eq!(answer("").unwrap_err().code, Code::OidcCode);
    }
}
