//! A route of the workspace: which paths go to which upstream, for whom, and with which headers.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{CanonicalPath, PathFault};

/// One application behind the broker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// The prefix, on whole segments.
    pub path: RoutePath,
    /// Where requests go.
    pub upstream: Url,
    /// Who may pass.
    pub access: Access,
    /// Which identity headers go along.
    pub headers: HeaderRule,
    /// How long the upstream may take. Stored in milliseconds.
    #[serde(with = "crate::millis")]
    pub timeout: Duration,
    /// Whether frames of the client on a WebSocket count as activity.
    pub websocket_activity: bool,
}

/// Who may pass a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Whoever has a session.
    Session,
    /// Everybody.
    Open,
}

/// Which identity headers an upstream receives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeaderRule {
    /// The usual names.
    Default,
    /// No identity headers.
    None,
    /// Other names.
    Named(HeaderNames),
}

/// The table of new names; a key that is left out means that this header is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HeaderNames {
    /// Carries the UPN.
    pub user: Option<String>,
    /// Carries the e-mail address.
    pub email: Option<String>,
    /// Carries the UPN once more.
    pub preferred_username: Option<String>,
    /// Carries the groups; with `-Ref` behind it the pointer to them when they are too many.
    pub groups: Option<String>,
}

/// A canonical prefix without a slash at its end, save for `/` itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoutePath(String);

impl RoutePath {
    /// Reads the prefix of a manifest. It must be written in its canonical form already, so that what an operator reads
    /// is what is compared; a slash at the end is dropped.
    ///
    /// # Errors
    /// [`PathFault`]; [`PathFault::NotCanonical`] when it is a path but not in its one form.
    pub fn parse(text: &str) -> Result<Self, PathFault> {
        let canonical = CanonicalPath::parse(text)?;
        if canonical.as_str() != text {
            return Err(PathFault::NotCanonical);
        }
        let trimmed = text.strip_suffix('/').unwrap_or(text);
        Ok(Self(if trimmed.is_empty() { "/".to_owned() } else { trimmed.to_owned() }))
    }

    /// The prefix.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the path is this prefix or lies below it; `/admin` does not cover `/administrator`.
    #[must_use]
    pub fn covers(&self, path: &CanonicalPath) -> bool {
        let prefix = self.0.strip_suffix('/').unwrap_or(&self.0);
        path.as_str().strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl fmt::Display for RoutePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RoutePath {
    type Error = PathFault;

    fn try_from(text: String) -> Result<Self, PathFault> {
        Self::parse(&text)
    }
}

impl From<RoutePath> for String {
    fn from(path: RoutePath) -> Self {
        path.0
    }
}
