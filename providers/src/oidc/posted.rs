//! An answer that the browser posted, which brings none of our cookies (OAuth 2.0 Form Post Response Mode §2).
//!
//! What can be judged without the browser is judged here, so that nothing waits for it that a stranger made up: of a code
//! its form alone, of a token beside it everything but the nonce.

use vestibule_policies::code::Code;
use vestibule_policies::time::Timestamp;

use crate::config::ResponseMode;
use crate::error::SignInError;
use crate::step::Freshness;

use super::OpenIdProvider;
use super::callback::{Authorization, Granted};
use super::dialect::Response;
use super::discovery::Metadata;
use super::keys::Whose;
use super::verify::{Channel, Expectation};

impl OpenIdProvider {
    /// What of the answer is worth keeping until its browser comes.
    pub(super) async fn receive_posted(
        &self,
        answer: Authorization,
        now: Timestamp,
    ) -> Result<Authorization, SignInError> {
        if self.client.response_mode != ResponseMode::FormPost {
            let reason = "the answer was posted, and it was asked for in the query";
            return Err(SignInError::new(Code::OidcResponseMode, reason));
        }
        answer.check_form(self.client.response_mode)?;
        let answer = answer.only(self.response());
        if answer.is_refusal() {
            // It is shown to the browser that it belongs to, and ends its sign-in.
            return Ok(answer);
        }
        let Granted { code, id_token } = answer.clone().granted(&self.dialect, self.response())?;
        if let Some(token) = id_token {
            self.receive_token(token.expose(), &code, now).await?;
        }
        Ok(answer)
    }

    async fn receive_token(&self, token: &str, code: &str, now: Timestamp) -> Result<(), SignInError> {
        let metadata = self.discovery.metadata(now).await?;
        let expectation = Expectation {
            issuer: metadata.issuer(),
            client_id: &self.client.id,
            nonce: None,
            algorithms: &self.dialect.algorithms(&metadata),
            leeway: self.dialect.leeway(),
            access_token: None,
            channel: Channel::Front(code),
            freshness: Freshness::Any,
            now,
        };
        let token = expectation.read(token)?;
        let who = (&*metadata, Whose::SignIns);
        self.by_its_key(who, &token, now, |keys| expectation.receive(&token, keys)).await
    }

    /// Whether the provider says that it answers the way it is asked to.
    pub(super) fn check_answers(&self, metadata: &Metadata) -> Result<String, SignInError> {
        let mode = self.client.response_mode;
        let name = match mode {
            ResponseMode::Query => "query",
            ResponseMode::FormPost => "form_post",
        };
        let refuse = |reason: String| Err(SignInError::new(Code::OidcResponseMode, reason));
        if metadata.answers_by(mode) == Some(false) {
            return refuse(format!("the provider's metadata does not offer response_mode {name}"));
        }
        if self.response() == Response::CodeAndToken && !metadata.gives_code_and_token() {
            return refuse(
                "the provider's metadata does not offer response_type \"code id_token\"".to_owned(),
            );
        }
        Ok(match (metadata.answers_by(mode), self.response()) {
            (None, Response::Code) => format!("{name}; the provider does not say which it offers"),
            (Some(_), Response::Code) => name.to_owned(),
            (_, Response::CodeAndToken) => format!("{name}, code and id_token"),
        })
    }
}
