//! The response: made good, spoilt in the one way that was chosen, signed, and posted by the browser.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;

use super::fault::{Fault, Parts};
use super::incoming::Incoming;
use super::page::{self, PostPage};
use super::sessions::Session;
use super::{SamlProvider, keys};
use crate::saml::{Encryption, Identity, Key, Message, PublicKey, Request, Signing, names};
use crate::sandbox::bounded::random_secret;
use crate::sandbox::language::Language;
use crate::sandbox::people::Person;
use crate::sandbox::reply::{self, Reply};

/// What came of the sign-in.
#[derive(Clone, Debug)]
pub(super) enum Answer {
    Session(Session),
    Denied,
    NoPassive,
}

impl SamlProvider {
    /// The page whose form carries the response to the service provider (saml-bindings section 3.5.4).
    pub(super) fn post_back(
        &self,
        language: Language,
        incoming: &Incoming,
        answer: &Answer,
        fault: Fault,
    ) -> Reply {
        let Some(nonce) = random_secret() else {
            return reply::text(StatusCode::INTERNAL_SERVER_ERROR, "No response could be made.");
        };
        let parts = self.parts(incoming, answer);
        let (response, relay_state) = fault.spoil(parts);
        page::post(
            &PostPage {
                style: reply::STYLE,
                language,
                provider: &self.settings.name,
                application: &self.settings.service.name,
                action: &self.settings.service.acs_url,
                response: &response,
                relay_state: relay_state.as_deref(),
                nonce: &nonce,
            },
            &nonce,
        )
    }

    fn parts(&self, incoming: &Incoming, answer: &Answer) -> Parts {
        let service = &self.settings.service;
        let issuer = incoming.request.as_ref().and_then(|request| request.issuer.as_deref());
        let request = Request {
            request_id: incoming.request.as_ref().map(|request| request.id.clone()),
            acs: service.acs_url.clone(),
            audience: issuer.map_or_else(|| self.unsolicited_audience(), str::to_owned),
            issuer: self.entity_id(),
            now: self.now(),
        };
        let encryption = self.encryption_certificate().and_then(|der| PublicKey::of_certificate(&der));
        let signing = Signing {
            certificate: Some(self.certificate.clone()),
            encryption: encryption.map(Encryption::to),
            ..Signing::both(Arc::clone(&self.key))
        };
        Parts {
            message: self.message(&request, incoming, answer),
            signing,
            relay_state: incoming.relay_state.clone(),
            now: request.now,
            retired: self
                .settings
                .retired_key
                .as_ref()
                .and_then(|key| Key::rsa(key.pkcs8()).ok())
                .map(Arc::new),
            unknown: keys::unknown,
        }
    }

    fn message(&self, request: &Request, incoming: &Incoming, answer: &Answer) -> Message {
        let session = match answer {
            Answer::Session(session) => session,
            Answer::Denied => {
                return Message::failure(request, names::RESPONDER, Some(names::AUTHN_FAILED));
            }
            Answer::NoPassive => {
                return Message::failure(request, names::RESPONDER, Some(names::NO_PASSIVE));
            }
        };
        let Some(person) = self.settings.people.by_username(&session.username) else {
            return Message::failure(request, names::RESPONDER, None);
        };
        let mut message = Message::good(request, &identity(person));
        if let Some(statement) = message.assertion.as_mut().and_then(|a| a.authn.as_mut()) {
            statement.instant = session.auth_time;
            statement.session_index = Some(session.index.clone());
            // saml-core section 3.3.2.2.1: one of the classes that were asked for.
            if let Some(class) = incoming.request.as_ref().and_then(|r| r.classes.first()) {
                statement.class = Some(class.clone());
            }
        }
        message
    }
}

fn identity(person: &Person) -> Identity {
    Identity {
        sid: person.security_id.clone(),
        upn: Some(person.upn.clone()),
        oid: person.object_id.clone(),
        email: Some(person.email.clone()),
        display_name: Some(person.display_name.clone()),
        given_name: Some(person.given_name.clone()),
        family_name: Some(person.family_name.clone()),
        groups: person.groups.clone(),
    }
}

/// As the form carries it.
pub(super) fn encoded(xml: &str) -> String {
    STANDARD.encode(xml)
}
