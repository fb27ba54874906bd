//! The authorization endpoint (RFC 6749 section 3.1): a live session answers at once, else the page does.

use http::{Method, StatusCode};
use url::Url;

use super::endpoint::Endpoint;
use super::grants::{Grant, NoRandomness, Session};
use super::page::{self, SignInPage};
use super::request::{AuthorizationRequest, Interaction, Refused, ReturnTo};
use super::{Provider, Shape};
use crate::sandbox::call::Call;
use crate::sandbox::language::Language;
use crate::sandbox::message::{Message, message};
use crate::sandbox::parameters::Parameters;
use crate::sandbox::reply::{self, Reply};

/// Host-only; its path is the issuer's, so that two providers of one host keep apart.
pub(super) const SESSION_COOKIE: &str = "sandbox-openid-session";

impl Provider {
    pub(super) fn authorize(&self, call: &Call) -> Reply {
        let language = call.language();
        let sent = match call.method {
            Method::POST => Parameters::parse(&call.body),
            _ => Parameters::parse(call.uri.query().unwrap_or_default().as_bytes()),
        };
        let request = match self.read_request(&sent) {
            Ok(request) => request,
            Err(refused) => return self.refuse(language, &refused),
        };
        match (self.usable_session(call, &request), request.interaction) {
            (Some(session), Interaction::AsNeeded | Interaction::Never) => {
                self.grant(language, &request, session)
            }
            (None, Interaction::Never) => {
                let (error, description) = ("login_required", "Nobody is signed in here.");
                self.refuse(language, &Refused::Returned { to: request.return_to, error, description })
            }
            (None, Interaction::AsNeeded) | (_, Interaction::Always) => {
                let typed = request.login_hint.clone().unwrap_or_default();
                self.sign_in_page(language, &request, &sent, [&typed, ""])
            }
        }
    }

    /// The page to choose a person on; `fault` is empty the first time.
    pub(super) fn sign_in_page(
        &self,
        language: Language,
        request: &AuthorizationRequest<'_>,
        sent: &Parameters,
        [typed, fault]: [&str; 2],
    ) -> Reply {
        // The whole request travels in the form's address and is read again: nothing is pending here.
        let action = format!("{}?{}", self.url_of(Endpoint::SignIn), sent.encode());
        page::sign_in(&SignInPage {
            style: reply::STYLE,
            language,
            provider: self.title(language),
            issuer: &self.settings.issuer,
            application: &request.client.name,
            action: &action,
            people: &self.settings.people,
            typed,
            fault,
        })
    }

    /// Sends a code to the client.
    pub(super) fn grant(
        &self,
        language: Language,
        request: &AuthorizationRequest<'_>,
        session: Session,
    ) -> Reply {
        let grant = Grant {
            client_id: request.client.id.clone(),
            redirect_uri: request.return_to.redirect_uri.clone(),
            challenge: request.challenge.clone(),
            nonce: request.nonce.clone(),
            scopes: request.scopes.clone(),
            session,
        };
        match self.grants().issue_code(grant, self.now()) {
            Ok(code) => self.send_back(language, &request.return_to, &[("code", &code)]),
            Err(NoRandomness) => self.refuse(
                language,
                &Refused::Returned {
                    to: request.return_to.clone(),
                    error: "server_error",
                    description: "No code could be made.",
                },
            ),
        }
    }

    /// Two audiences, two ways: see [`Refused`].
    pub(super) fn refuse(&self, language: Language, refused: &Refused) -> Reply {
        match refused {
            Refused::Shown(text) => {
                let title = ["This sign-in cannot go on", "サインインを続行できません"];
                message(language, StatusCode::BAD_REQUEST, &Message { title, text: *text })
            }
            Refused::Returned { to, error, description } => {
                self.send_back(language, to, &[("error", error), ("error_description", description)])
            }
        }
    }

    fn send_back(&self, language: Language, to: &ReturnTo, answer: &[(&str, &str)]) -> Reply {
        let Ok(mut url) = Url::parse(&to.redirect_uri) else {
            return self.refuse(
                language,
                &Refused::Shown([
                    "The registered address is not a URL (redirect_uri).",
                    "登録されたアドレスが URL ではありません (redirect_uri)。",
                ]),
            );
        };
        let mut query = url.query_pairs_mut();
        query.extend_pairs(answer);
        if let Some(state) = &to.state {
            query.append_pair("state", state);
        }
        // RFC 9207 section 2: the issuer goes with every answer, errors too; a Gateway knows nothing of that.
        if self.settings.shape != Shape::Gateway {
            query.append_pair("iss", &self.settings.issuer);
        }
        drop(query);
        reply::see_other(url.as_str())
    }

    /// OIDC Core 3.1.2.1: a session older than `max_age` will not do.
    fn usable_session(&self, call: &Call, request: &AuthorizationRequest<'_>) -> Option<Session> {
        let now = self.now();
        let session = self.grants().session(call.cookie(SESSION_COOKIE)?, now)?.clone();
        let age = now.saturating_sub(session.auth_time);
        request.max_age.is_none_or(|limit| age <= limit).then_some(session)
    }
}
