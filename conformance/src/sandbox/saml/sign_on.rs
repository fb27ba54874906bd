//! The single sign-on service: a live session answers at once, else the page does (saml-core section 3.4.1).

use http::StatusCode;

use super::SamlProvider;
use super::answer::Answer;
use super::endpoint::Endpoint;
use super::fault::Fault;
use super::incoming::Incoming;
use super::page::{self, SignInPage};
use crate::sandbox::call::Call;
use crate::sandbox::language::Language;
use crate::sandbox::message::{Message, Said, message};
use crate::sandbox::reply::{self, Reply};

impl SamlProvider {
    pub(super) fn sign_on(&self, call: &Call) -> Reply {
        let language = call.language();
        let incoming = match self.read(call) {
            Ok(incoming) => incoming,
            Err(text) => return refuse(language, text),
        };
        let (force, passive) =
            incoming.request.as_ref().map_or((false, false), |r| (r.force_authn, r.is_passive));
        match self.session(call).filter(|_| !force) {
            Some(session) => self.post_back(language, &incoming, &Answer::Session(session), Fault::None),
            // saml-core section 3.4.1: a passive request must not take over the page.
            None if passive => self.post_back(language, &incoming, &Answer::NoPassive, Fault::None),
            None => self.sign_in_page(language, &incoming, ["", ""], Fault::None),
        }
    }

    /// Always asks, so that a fault can be chosen.
    pub(super) fn unsolicited(&self, call: &Call) -> Reply {
        let incoming = Self::read_unsolicited(call.uri.query().unwrap_or_default());
        self.sign_in_page(call.language(), &incoming, ["", ""], Fault::None)
    }

    /// The page to choose a person on; `wrong` is empty the first time.
    pub(super) fn sign_in_page(
        &self,
        language: Language,
        incoming: &Incoming,
        [typed, wrong]: [&str; 2],
        chosen: Fault,
    ) -> Reply {
        let action = format!("{}?{}", self.url_of(Endpoint::SignIn), incoming.query);
        page::sign_in(&SignInPage {
            style: reply::STYLE,
            language,
            provider: &self.settings.name,
            entity_id: &self.entity_id(),
            application: &self.settings.service.name,
            action: action.trim_end_matches('?'),
            people: &self.settings.people,
            typed,
            wrong,
            chosen,
        })
    }
}

pub(super) fn refuse(language: Language, text: Said) -> Reply {
    let title = ["This sign-in cannot go on", "サインインを続行できません"];
    message(language, StatusCode::BAD_REQUEST, &Message { title, text })
}
