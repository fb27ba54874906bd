//! `vestibule check`: what stands in the store can be served, and every connection's provider is the one that is configured.
//!
//! The rest of "Test and Finish" (TLS chain, clock skew, a test sign-in) comes with later versions.

use std::fmt;

use serde::Serialize;
use vestibule_policies::code::Code;
use vestibule_policies::time::Timestamp;

use crate::deployment::{LoadError, Loader};

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// The organisation's slug.
    pub organization: String,
    /// The connection's name; none where the organisation itself cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<String>,
    /// What was looked at.
    pub check: &'static str,
    /// The code of a fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// What was found.
    pub detail: String,
}

impl Finding {
    fn broken(error: &LoadError) -> Self {
        let (organization, detail) = match error {
            LoadError::Unusable { slug, reason } => (slug.clone(), reason.clone()),
            LoadError::Store(error) => (String::new(), error.to_string()),
        };
        Self {
            organization,
            connection: None,
            check: "organisation",
            code: Some(Code::Internal.as_str()),
            detail,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { organization, connection, check, code, detail } = self;
        let verdict = if code.is_some() { "FAULT" } else { "ok   " };
        write!(f, "{verdict} {organization}: ")?;
        if let Some(connection) = connection {
            write!(f, "{connection}: ")?;
        }
        write!(f, "{check}: {detail}")?;
        code.map_or(Ok(()), |code| write!(f, " ({code})"))
    }
}

/// Looks at every connection, or at those of one organisation.
///
/// # Errors
/// When the store cannot be read.
pub async fn check(loader: &Loader, only: Option<&str>, now: Timestamp) -> Result<Vec<Finding>, LoadError> {
    let (deployment, broken) = loader.all().await?;
    let mut findings: Vec<Finding> = broken.iter().map(Finding::broken).collect();
    findings.retain(|one| only.is_none_or(|slug| one.organization == slug));
    for tenant in
        deployment.tenants().filter(|one| only.is_none_or(|slug| one.organization.slug.as_str() == slug))
    {
        for connection in &tenant.organization.connections {
            let Some(provider) = tenant.provider(connection.id) else { continue };
            for one in provider.check(now).await {
                findings.push(Finding {
                    organization: tenant.organization.slug.to_string(),
                    connection: Some(connection.name.to_string()),
                    check: one.name,
                    code: one.outcome.as_ref().err().map(|error| error.code.as_str()),
                    detail: one.outcome.unwrap_or_else(|error| error.reason),
                });
            }
        }
    }
    Ok(findings)
}
