//! Passkeys of administrators: what a browser is asked, and what it brings held against the person's own (Web Authentication Level 3).
//!
//! The relying party is the one name of the accounts host under which factors are enrolled (ED-12). A challenge waits in the store with
//! the step that asked it, and is good for one answer.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use vestibule_certs::random;
use vestibule_certs::webauthn::{self, Assertion, Challenge, Fault, Party};
use vestibule_policies::code::Code;
use vestibule_policies::ids::PersonId;
use vestibule_providers::SignInError;

use crate::app::App;
use crate::http::form::Form;
use crate::http::visit::Visit;
use crate::pages::SecondProblem;
use crate::person::{self, Passkey, Person, user_handle};
use crate::store::persons;

use super::super::directory::tokens;
use super::super::ticket;
use super::second::Wrong;

/// How long an authenticator is waited for, in milliseconds: as long as the step that asks.
const TIMEOUT: u64 = 5 * 60 * 1000;

/// A challenge with the page's own permission to run its script.
pub(super) struct Asked {
    pub(super) challenge: Challenge,
    /// What the browser is asked, as JSON.
    pub(super) options: String,
    pub(super) nonce: String,
}

/// For a proof by any of the person's passkeys; none where they have none.
pub(super) fn ask(app: &App, person: &Person) -> Result<Option<Asked>, SignInError> {
    if person.record.passkeys.is_empty() {
        return Ok(None);
    }
    asked(|challenge| {
        json!({
            "challenge": challenge.as_str(),
            "rpId": app.settings().accounts().as_str(),
            "allowCredentials": known(person),
            "userVerification": "required",
            "timeout": TIMEOUT,
        })
    })
    .map(Some)
}

/// For a new passkey of the person.
pub(super) fn ask_new(app: &App, person: &Person) -> Result<Asked, SignInError> {
    let (settings, profile) = (app.settings(), &person.record.profile);
    let algorithm = |number: i32| json!({ "type": "public-key", "alg": number });
    asked(|challenge| {
        json!({
            "challenge": challenge.as_str(),
            "rp": { "id": settings.accounts().as_str(), "name": settings.console().as_str() },
            "user": {
                "id": user_handle(&app.keys, person.id),
                "name": profile.user_name.as_str(),
                "displayName": profile.display_name,
            },
            "pubKeyCredParams": [algorithm(-7), algorithm(-8), algorithm(-257)],
            "excludeCredentials": known(person),
            "authenticatorSelection": { "userVerification": "required", "residentKey": "discouraged" },
            "attestation": "none",
            "timeout": TIMEOUT,
        })
    })
}

fn asked(options: impl FnOnce(&Challenge) -> Value) -> Result<Asked, SignInError> {
    let failed = |_| SignInError::new(Code::Internal, "the system has no randomness");
    let (challenge, nonce) = (Challenge::generate().map_err(failed)?, random::bytes::<16>().map_err(failed)?);
    let options = options(&challenge).to_string();
    Ok(Asked { challenge, options, nonce: URL_SAFE_NO_PAD.encode(nonce) })
}

fn known(person: &Person) -> Vec<Value> {
    let passkeys = person.record.passkeys.iter();
    passkeys.map(|one| json!({ "type": "public-key", "id": one.credential.id() })).collect()
}

/// The relying party of this deployment, for whoever verifies.
pub(super) struct Here {
    id: String,
    origin: String,
}

impl Here {
    pub(super) fn of(app: &App) -> Self {
        Self { id: app.settings().accounts().to_string(), origin: app.accounts_origin() }
    }

    pub(super) fn party(&self) -> Party<'_> {
        Party { id: &self.id, origin: &self.origin }
    }
}

/// What a browser brought as proof of a passkey.
struct Brought {
    credential: String,
    client_data: String,
    authenticator_data: String,
    signature: String,
    user_handle: String,
}

impl Brought {
    fn of(form: &Form) -> Self {
        let field = |name| form.only(name).unwrap_or_default().to_owned();
        Self {
            credential: field("credential"),
            client_data: field("client_data"),
            authenticator_data: field("authenticator_data"),
            signature: field("signature"),
            user_handle: field("user_handle"),
        }
    }

    /// Which of these it is, and what is kept of it from now on.
    fn judge(
        &self,
        here: &Here,
        challenge: &Challenge,
        (passkeys, handle): (&[Passkey], &str),
    ) -> Result<(usize, webauthn::Credential), Fault> {
        // §7.2 step 6: the credential, and the account if it is told, are this very person's.
        let place = passkeys.iter().position(|one| one.credential.id() == self.credential);
        let (place, passkey) = place.and_then(|at| Some((at, passkeys.get(at)?))).ok_or(Fault::Credential)?;
        if !self.user_handle.is_empty() && self.user_handle != handle {
            return Err(Fault::Credential);
        }
        let assertion = Assertion {
            credential: &self.credential,
            client_data: &self.client_data,
            authenticator_data: &self.authenticator_data,
            signature: &self.signature,
        };
        webauthn::verify(here.party(), challenge, &passkey.credential, assertion).map(|one| (place, one))
    }
}

/// What a proof came to.
enum Proved {
    Right,
    Wrong(Fault),
    Resting,
    Nobody,
}

/// Holds what came for a challenge against the person's passkeys, and says what is wrong with it. A failed one counts against the same
/// rest as a wrong code: it is a guess at the same door.
pub(super) async fn prove(
    visit: &Visit<'_>,
    person: PersonId,
    (challenge, form): (Challenge, &Form),
) -> Result<Option<Wrong>, SignInError> {
    let app = visit.app;
    let (keys, owner, at) = (Arc::clone(&app.keys), person::owner(person), tokens::moment(app));
    let (here, brought) = (Here::of(app), Brought::of(form));
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            let Some(mut found) = person::of(transaction, &keys, person).await? else {
                return Ok(Proved::Nobody);
            };
            if !tokens::may_try(transaction, &owner, at).await? {
                return Ok(Proved::Resting);
            }
            let handle = user_handle(&keys, person);
            let judged = brought.judge(&here, &challenge, (&found.record.passkeys, &handle));
            tokens::count(transaction, &owner, (judged.is_ok(), at)).await?;
            let (place, credential) = match judged {
                Ok(proved) => proved,
                Err(fault) => return Ok(Proved::Wrong(fault)),
            };
            if let Some(passkey) = found.record.passkeys.get_mut(place) {
                passkey.credential = credential;
                passkey.used = Some(at.wall);
            }
            persons::update(transaction, &found.to_row(&keys)?).await?;
            Ok(Proved::Right)
        })
    });
    match write.await? {
        Proved::Right => Ok(None),
        Proved::Wrong(fault) => {
            Ok(Some(Wrong { problem: SecondProblem::WrongPasskey, cause: fault.as_str() }))
        }
        Proved::Resting => Ok(Some(Wrong::resting())),
        Proved::Nobody => Err(ticket::none()),
    }
}
