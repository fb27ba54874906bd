//! `vestibule check`: what stands in the store can be served, and every connection's provider is the one that is configured.
//!
//! For one organisation it hands out a ticket for a test sign-in of each connection: the second half of "Test and Finish", which
//! needs a person (PRV-09, SML-20).

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;
use vestibule_policies::Directory;
use vestibule_policies::code::Code;
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::name::{ConnectionName, Slug};
use vestibule_policies::time::Timestamp;
use vestibule_providers::saml::fault::SamlFault;
use vestibule_providers::{Check, SignInError};

use crate::config::MailSettings;
use crate::deployment::{LoadError, Loader, Tenant, metadata};
use crate::mail::{self, Fault, Step};
use crate::pages::{Language, remedy_of};
use crate::signin::trial;
use crate::store::metadata::source_of;
use crate::store::organizations::ConnectionRow;

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Finding {
    /// The organisation's slug; none where it is the server's own matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// The connection's name; none where the organisation itself cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// What was looked at.
    pub check: String,
    /// The code of a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// What was found.
    pub detail: String,
    /// What to do about a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<&'static str>,
}

impl Finding {
    fn broken(error: &LoadError) -> Self {
        let (organization, detail) = match error {
            LoadError::Unusable { slug, reason } => (Some(slug.clone()), reason.clone()),
            LoadError::Store(error) => (None, error.to_string()),
        };
        Self {
            organization,
            connection: None,
            check: "organisation".to_owned(),
            code: Some(Code::Internal.as_str()),
            detail,
            remedy: None,
        }
    }
}

impl Finding {
    pub(crate) fn of((slug, connection): (&Slug, &ConnectionName), check: Check) -> Self {
        let fault = check.outcome.as_ref().err();
        let remedy = fault.and_then(|error| remedy_of(error.code.as_str(), error.cause, Language::English));
        Self {
            remedy,
            organization: Some(slug.to_string()),
            connection: Some(connection.to_string()),
            check: match check.of {
                Some(which) => format!("{} of {which}", check.name),
                None => check.name.to_owned(),
            },
            code: check.outcome.as_ref().err().map(|error| error.code.as_str()),
            detail: check.outcome.unwrap_or_else(|error| error.reason),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { organization, connection, check, code, detail, remedy } = self;
        let verdict = if code.is_some() { "FAULT" } else { "ok   " };
        write!(f, "{verdict} ")?;
        for whose in [organization, connection].into_iter().flatten() {
            write!(f, "{whose}: ")?;
        }
        write!(f, "{check}: {detail}")?;
        code.map_or(Ok(()), |code| write!(f, " ({code})"))?;
        remedy.map_or(Ok(()), |remedy| write!(f, "\n      {remedy}"))
    }
}

/// Looks at every connection, or at those of one organisation.
///
/// # Errors
/// When the store cannot be read.
pub async fn check(loader: &Loader, only: Option<&str>, now: Timestamp) -> Result<Vec<Finding>, LoadError> {
    let (deployment, broken) = loader.all().await?;
    let mut findings: Vec<Finding> = broken.iter().map(Finding::broken).collect();
    findings.retain(|one| only.is_none_or(|slug| one.organization.as_deref() == Some(slug)));
    for tenant in
        deployment.tenants().filter(|one| only.is_none_or(|slug| one.organization.slug.as_str() == slug))
    {
        for connection in &tenant.organization.connections {
            for one in checks(loader, tenant, connection.id, now).await? {
                findings.push(Finding::of((&tenant.organization.slug, &connection.name), one));
            }
        }
    }
    Ok(findings)
}

/// Looks at the mail server, step by step, without sending anything.
pub async fn mail(settings: &MailSettings, own_name: &str) -> Vec<Finding> {
    let (passed, fault) = mail::check(settings, own_name).await;
    let finding = |step: Step, detail: String, fault: Option<&Fault>| Finding {
        organization: None,
        connection: None,
        check: format!("mail {step}"),
        code: fault.map(|_| Code::MailServer.as_str()),
        detail,
        remedy: fault.map(Fault::remedy),
    };
    let mut findings: Vec<Finding> =
        passed.into_iter().map(|(step, detail)| finding(step, detail, None)).collect();
    findings.extend(fault.map(|fault| finding(fault.step, fault.detail.clone(), Some(&fault))));
    findings
}

/// What the provider of a connection says that is not saved yet, or not like this. Nothing is kept.
pub(crate) async fn draft(
    loader: &Loader,
    row: ConnectionRow,
    directories: &[Directory],
    now: Timestamp,
) -> Vec<Check> {
    let broken = |reason: String| SignInError::new(Code::Internal, reason);
    let mut checks = Vec::new();
    let mut row = row;
    if source_of(&row.document.provider).is_some() {
        let fetched = match loader.client(&row) {
            Ok(client) => metadata::fetch(&*client, &row, now).await,
            Err(reason) => Err(SamlFault::MetadataMissing.because(reason)),
        };
        match fetched {
            Ok(fetched) => {
                checks.push(Check::new("metadata address", Ok("fetched".to_owned())));
                row.metadata = Some(fetched);
            }
            Err(error) => return vec![Check::new("metadata address", Err(error))],
        }
    }
    match loader.provider_of(row, directories).await {
        Ok(provider) => checks.extend(provider.check(now).await),
        Err(reason) => checks.push(Check::new("connection", Err(broken(reason)))),
    }
    checks
}

/// What a connection's provider says. Metadata at an address is fetched anew first, and kept if it passes.
pub(crate) async fn checks(
    loader: &Loader,
    tenant: &Tenant,
    connection: ConnectionId,
    now: Timestamp,
) -> Result<Vec<Check>, LoadError> {
    let Some((provider, row)) = tenant.provider(connection).zip(tenant.connection_row(connection)) else {
        return Ok(Vec::new());
    };
    if source_of(&row.document.provider).is_none() {
        return Ok(provider.check(now).await);
    }
    let client = loader.client(row).map_err(|reason| SamlFault::MetadataMissing.because(reason));
    let fetched = match client {
        Ok(client) => metadata::fetch(&*client, row, now).await,
        Err(error) => Err(error),
    };
    let fetched = match fetched {
        Ok(fetched) => fetched,
        Err(error) => {
            let mut checks = vec![Check::new("metadata address", Err(error))];
            checks.extend(provider.check(now).await);
            return Ok(checks);
        }
    };
    let mut checks = vec![Check::new("metadata address", Ok("fetched".to_owned()))];
    if row.metadata.as_ref() == Some(&fetched) {
        checks.extend(provider.check(now).await);
    } else {
        metadata::keep(&loader.store, tenant.organization.id, row, fetched.clone(), now).await?;
        let row = ConnectionRow { metadata: Some(fetched), ..row.clone() };
        let fresh = loader.provider_of(row, &tenant.organization.directories).await;
        match fresh {
            Ok(fresh) => checks.extend(fresh.check(now).await),
            Err(reason) => {
                checks.push(Check::new("metadata", Err(SamlFault::MetadataMissing.because(reason))));
            }
        }
    }
    Ok(checks)
}

/// A ticket for one test sign-in after another, for an hour.
#[derive(Debug, Serialize)]
pub struct TestSignIn {
    /// The organisation's slug.
    pub organization: String,
    /// The connection's name.
    pub connection: String,
    /// What to open in a browser; asked for JSON, it gives the report.
    pub url: String,
}

/// Hands out tickets for the connections of one organisation.
///
/// # Errors
/// When the store cannot be written.
pub async fn tickets(
    loader: &Loader,
    slug: &str,
    accounts_origin: &str,
    now: Timestamp,
) -> Result<Vec<TestSignIn>, LoadError> {
    let (deployment, _) = loader.all().await?;
    let mut tickets = Vec::new();
    for tenant in deployment.tenants().filter(|one| one.organization.slug.as_str() == slug) {
        for connection in &tenant.organization.connections {
            let ticket = trial::issue(&loader.store, (tenant.organization.id, connection.id), now).await?;
            tickets.push(TestSignIn {
                organization: slug.to_owned(),
                connection: connection.name.to_string(),
                url: trial::address(accounts_origin, ticket.as_str()),
            });
        }
    }
    Ok(tickets)
}
