//! What the forms of a built-in sign-in share beyond every form (`signin/form`): the errand that their address names, and the console
//! as the way back.

use hyper::body::Incoming;
use vestibule_certs::token::TokenHash;
use vestibule_policies::code::Code;
use vestibule_policies::ids::{ConnectionId, PersonId};
use vestibule_policies::name::{HostName, Slug};
use vestibule_providers::SignInError;

use crate::app::App;
use crate::audit::Evidence;
use crate::http::form::Form;
use crate::http::host::is_canonical;
use crate::http::reply::{self, Reply};
use crate::http::route::{AccountsRoute, BuiltInRoute};
use crate::http::visit::Visit;
use crate::pages::Html;

use super::super::form::{self, SIGN_IN};
use super::super::stop::{Particulars, Stop};
use super::super::transaction::{LIFETIME, Transaction};

/// The organisation whose sign-in address was opened.
pub(super) const ORGANIZATION: &str = "organization";
/// A link that somebody was given.
pub(super) const LINK: &str = "link";

/// One sign-in of one browser, and what it is for.
#[derive(Debug, Clone)]
pub(super) struct Sitting {
    pub(super) transaction: Transaction,
    /// The organisation that the person would like to come to. A wish: whether they may is asked at the end.
    pub(super) organization: Option<Slug>,
    /// The link that brought them.
    pub(super) link: Option<String>,
}

impl Sitting {
    /// The sign-in that the address names, if this browser is in it.
    pub(super) fn of(visit: &Visit<'_>) -> Result<Self, Stop> {
        let transaction = form::transaction(visit).map_err(|stop| at_console(visit, stop))?;
        if transaction.connection != ConnectionId::BUILT_IN {
            return Err(stop(visit, Code::SignInState, "the cookie of this sign-in does not open"));
        }
        let sitting = Self {
            organization: visit.parameter(ORGANIZATION).and_then(|slug| Slug::parse(&slug).ok()),
            link: visit.parameter(LINK),
            transaction,
        };
        let now = visit.app.session_clock.now();
        // An enrolment has an hour, and is one only as long as there is a link.
        let is_over = sitting.link.is_none() && now >= sitting.transaction.started.plus(LIFETIME);
        if is_over || sitting.transaction.has_expired(now) {
            let error = SignInError::new(Code::SignInExpired, "the sign-in began too long ago");
            return Err(sitting.ended(visit, error));
        }
        Ok(sitting)
    }

    /// Whether a sign-in is named at all: whoever has the bare address is sent to the console, which begins one.
    pub(super) fn is_named(visit: &Visit<'_>) -> bool {
        visit.has_parameter(SIGN_IN)
    }

    /// Where a form of it is.
    pub(super) fn address(&self, route: BuiltInRoute) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair(SIGN_IN, &self.transaction.number);
        if let Some(organization) = &self.organization {
            query.append_pair(ORGANIZATION, organization.as_str());
        }
        if let Some(link) = &self.link {
            query.append_pair(LINK, link);
        }
        format!("{}?{}", AccountsRoute::BuiltIn(route).path(), query.finish())
    }

    /// The same on the way to one organisation, its link used.
    pub(super) fn towards(self, organization: Slug) -> Self {
        Self { organization: Some(organization), link: None, ..self }
    }

    /// Where it begins.
    pub(super) fn first_page(&self) -> String {
        self.address(if self.link.is_some() { BuiltInRoute::Join } else { BuiltInRoute::SignIn })
    }

    /// The console's host that it will open, if it still is one.
    pub(super) fn host(&self, app: &App) -> Option<HostName> {
        app.settings().hosts.console.iter().find(|host| self.transaction.opens(host)).cloned()
    }

    /// The token that its forms carry.
    pub(super) fn form_token(&self, app: &App) -> String {
        form::token(app, &self.transaction)
    }

    /// Whether a form came back with its token.
    pub(super) fn check_token(&self, visit: &Visit<'_>, form: &Form) -> Result<(), Stop> {
        form::check_token(form, &self.form_token(visit.app)).map_err(|stop| at_console(visit, stop))
    }

    /// The ticket that a form carries.
    pub(super) fn ticket(&self, visit: &Visit<'_>, form: &Form) -> Result<TokenHash, Stop> {
        let sent = vestibule_certs::token::Token::hash_of(form.only("ticket").unwrap_or_default());
        sent.ok_or_else(|| self.ended(visit, super::super::ticket::none()))
    }

    /// A refusal that ends the sign-in.
    pub(super) fn ended(&self, visit: &Visit<'_>, error: SignInError) -> Stop {
        begun(visit, error).with_cookies(vec![self.transaction.drop_cookie()])
    }
}

/// A page is shown to a person, and to nothing inside another page.
pub(super) fn check_shown(visit: &Visit<'_>) -> Result<(), Stop> {
    form::check_shown(visit).map_err(|stop| at_console(visit, stop))
}

/// The form that was posted, from a page of our own.
pub(super) async fn posted(visit: &Visit<'_>, body: Incoming) -> Result<Form, Stop> {
    form::posted(visit, body).await.map_err(|stop| at_console(visit, stop))
}

/// Enrolment and every other use of a link happen under the one name that people know (ED-12).
pub(super) fn check_canonical(visit: &Visit<'_>) -> Result<(), SignInError> {
    if is_canonical(visit.app, visit.parts) {
        return Ok(());
    }
    let reason = "somebody uses a link under another name of the accounts host than its first";
    Err(SignInError::new(Code::PersonHost, reason))
}

/// There is no link of that token for what was wanted.
pub(super) fn no_link() -> SignInError {
    let reason = "the link is unknown, for something else, too old, was used, or a later one took its place";
    SignInError::new(Code::PersonLink, reason)
}

/// A refusal of somebody who is in no sign-in.
pub(super) fn refuse(visit: &Visit<'_>, error: SignInError) -> Stop {
    at_console(visit, Stop::new(error))
}

/// Whether a form of the profile came back with its token.
pub(super) fn check_token(visit: &Visit<'_>, form: &Form, token: &str) -> Result<(), Stop> {
    form::check_token(form, token).map_err(|stop| at_console(visit, stop))
}

/// A refusal that leaves the sign-in as it is.
pub(super) fn begun(visit: &Visit<'_>, error: SignInError) -> Stop {
    at_console(visit, Stop::new(error).of_a_transaction())
}

/// A refusal whose way back is the console.
pub(super) fn stop(visit: &Visit<'_>, code: Code, reason: &str) -> Stop {
    at_console(visit, Stop::because(code, reason))
}

fn at_console(visit: &Visit<'_>, stop: Stop) -> Stop {
    let settings = visit.app.settings();
    stop.retry(&settings.origin(settings.console()))
}

/// Whose sign-in it is, once somebody proved something.
pub(super) fn subject(person: PersonId) -> Particulars {
    Particulars { connection: Some("built-in".to_owned()), host: None, subject: Some(person.to_string()) }
}

/// A refusal after which the same form is shown again: it is written down like any other.
pub(super) async fn refused(
    visit: &Visit<'_>,
    error: &SignInError,
    (evidence, subject): (Evidence, Option<String>),
) -> Result<(), Stop> {
    let known = Particulars { connection: Some("built-in".to_owned()), host: None, subject };
    let written = form::shown_again(visit, error, (None, &known), evidence).await;
    written.map_err(|error| at_console(visit, Stop::new(error)))
}

/// A form, with the status of the refusal that shows it again.
pub(super) fn page(visit: &Visit<'_>, refused: Option<Code>, page: Html) -> Reply {
    reply::page(form::status(refused), page, visit.app.settings().scheme)
}
