//! Where a sign-in stops: once to the log, once to the audit, once to the page (architecture 2, step 10).

use http::StatusCode;
use serde::Serialize;
use vestibule_policies::code::{Code, Fault};
use vestibule_policies::ids::OrganizationId;
use vestibule_providers::SignInError;

use crate::audit::{self, Evidence};
use crate::deployment::Tenant;
use crate::http::cookie::SetCookie;
use crate::http::reply::{self, Reply};
use crate::http::route::WorkspaceRoute;
use crate::http::visit::Visit;
use crate::pages::{self, ErrorPage};

use super::handoff::FRESH;

/// A sign-in that went no further.
#[derive(Debug)]
pub struct Stop(Box<Details>);

#[derive(Debug)]
struct Details {
    error: SignInError,
    organization: Option<(OrganizationId, String)>,
    retry: Option<String>,
    cookies: Vec<SetCookie>,
    evidence: Evidence,
    particulars: Particulars,
}

/// What is known of a sign-in when it stops.
#[derive(Debug, Default, Clone, Serialize)]
pub struct Particulars {
    /// The connection's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// The workspace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Whom the provider proved, by its own identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

impl Stop {
    /// Stopped before anybody was recognised.
    #[must_use]
    pub fn new(error: SignInError) -> Self {
        Self(Box::new(Details {
            error,
            organization: None,
            retry: None,
            cookies: Vec::new(),
            evidence: Evidence::Stranger,
            particulars: Particulars::default(),
        }))
    }

    /// A code with its reason.
    #[must_use]
    pub fn because(code: Code, reason: &str) -> Self {
        Self::new(SignInError::new(code, reason))
    }

    /// The organisation is known.
    #[must_use]
    pub fn at(mut self, tenant: &Tenant) -> Self {
        self.0.organization = Some((tenant.organization.id, tenant.organization.name.clone()));
        self
    }

    /// The workspace where the person may begin again.
    #[must_use]
    pub fn retry(mut self, origin: &str) -> Self {
        self.0.retry = Some(origin.to_owned());
        self
    }

    /// The browser held a transaction of ours, as anybody can: its event has the organisation's budget.
    #[must_use]
    pub fn of_a_transaction(mut self) -> Self {
        self.0.evidence = Evidence::Transaction;
        self
    }

    /// Who asked, as far as it is known by now: for the audit alone.
    #[must_use]
    pub fn about(mut self, particulars: Particulars) -> Self {
        if particulars.subject.is_some() {
            self.0.evidence = Evidence::Proof;
        }
        self.0.particulars = particulars;
        self
    }

    /// Changes of cookies that stand whatever happened.
    #[must_use]
    pub fn with_cookies(mut self, cookies: Vec<SetCookie>) -> Self {
        self.0.cookies = cookies;
        self
    }

    /// The three faces of one value.
    pub async fn answer(self, visit: &Visit<'_>) -> Reply {
        let Details { error, organization, retry, cookies, evidence, particulars } = *self.0;
        log(visit, &error, organization.as_ref());
        let retry = retry.map(|origin| way_back(&origin, error.code, evidence));
        let event =
            audit::sign_in_refused(visit, &error, organization.as_ref().map(|(id, _)| *id), &particulars);
        let mut code = error.code;
        if let Err(failed) = visit.app.audit.write(&visit.app.store, event, evidence).await {
            // A refusal that cannot be proved later is still a refusal.
            tracing::error!(audit.error = %failed, "a refusal could not be written to the audit");
            code = if code.fault() == Fault::Visitor { failed.code() } else { code };
        }
        visit.app.metrics.refused(error.code);
        let page = pages::error(
            &ErrorPage {
                code,
                claim: error.claim.map(vestibule_policies::ClaimName::outside),
                correlation: visit.correlation(),
                retry: retry.as_deref(),
                organization: organization.as_ref().map(|(_, name)| name.as_str()),
            },
            visit.language(),
        );
        let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut reply = reply::page(status, page, visit.app.settings().scheme);
        reply::set_cookies(&mut reply, &cookies, visit.app.settings().scheme);
        reply
    }
}

/// Whoever the provider named and we turned away is asked anew who they are: the provider remembers them, and the same account
/// would meet the same answer.
fn way_back(origin: &str, code: Code, evidence: Evidence) -> String {
    let anew = evidence == Evidence::Proof && code.fault() != Fault::Ours;
    match WorkspaceRoute::SignIn.path().filter(|_| anew) {
        Some(path) => format!("{origin}{path}?to=%2F&{FRESH}=1"),
        None => format!("{origin}/"),
    }
}

fn log(visit: &Visit<'_>, error: &SignInError, organization: Option<&(OrganizationId, String)>) {
    let organization = organization.map(|(id, _)| id.to_string());
    tracing::warn!(
        signin.code = error.code.as_str(),
        signin.claim = error.claim.map(vestibule_policies::ClaimName::outside),
        signin.cause = error.cause,
        signin.reason = error.reason,
        organization.id = organization,
        client.address = %visit.client(),
        correlation = visit.correlation(),
        "a sign-in was refused"
    );
}
