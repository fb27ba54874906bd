//! Which header names speak of identity, and how a client's spelling of them is recognised.
//!
//! Interface 4, HTTP-03. Servers behind us fold `-`, `_` and other signs into one (CGI, WSGI, PHP), so
//! `X_Forwarded_User` from a client would arrive as the broker's own header.

use http::HeaderName;
use vestibule_policies::organization::{HeaderRule, Route};

/// Removed from every request: what only the broker says, and what a front proxy would say of the client.
const BROKERS_PREFIXES: [&str; 2] = ["x-forwarded-", "vestibule-"];
const BROKERS_NAMES: [&str; 5] =
    ["forwarded", "x-original-url", "x-original-method", "x-rewrite-url", "x-real-ip"];

/// Framing, routing and credentials: a rename to one of these would break the message or lose the person's own.
const UNUSABLE: [&str; 17] = [
    "connection",
    "content-length",
    "cookie",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
];

/// A header name of a route that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// Not a token of RFC 9110 §5.1, or none of its characters is a letter or digit.
    #[error("`{0}` is not a header name")]
    NotAName(String),
    /// The name has a meaning of its own in HTTP or in the broker.
    #[error("`{0}` is reserved and cannot carry identity")]
    Reserved(String),
}

/// The header names of one route; `None` where the header is not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteNames {
    /// The UPN.
    pub user: Option<HeaderName>,
    /// The email address.
    pub email: Option<HeaderName>,
    /// The whole UPN again.
    pub preferred_username: Option<HeaderName>,
    /// The groups, comma-joined.
    pub groups: Option<HeaderName>,
    /// Where to read groups that do not fit; `<groups>-ref`.
    pub groups_reference: Option<HeaderName>,
}

impl RouteNames {
    /// The names that `rule` asks for.
    ///
    /// # Errors
    /// [`NameFault`] for the first rename that cannot be a header of ours.
    pub fn of(rule: &HeaderRule) -> Result<Self, NameFault> {
        match rule {
            HeaderRule::Default => Ok(Self::standard()),
            HeaderRule::None => Ok(Self {
                user: None,
                email: None,
                preferred_username: None,
                groups: None,
                groups_reference: None,
            }),
            HeaderRule::Named(names) => Ok(Self {
                user: rename(names.user.as_deref())?,
                email: rename(names.email.as_deref())?,
                preferred_username: rename(names.preferred_username.as_deref())?,
                groups: rename(names.groups.as_deref())?,
                groups_reference: rename(names.groups.as_ref().map(|name| format!("{name}-ref")).as_deref())?,
            }),
        }
    }

    fn standard() -> Self {
        Self {
            user: Some(HeaderName::from_static("x-forwarded-user")),
            email: Some(HeaderName::from_static("x-forwarded-email")),
            preferred_username: Some(HeaderName::from_static("x-forwarded-preferred-username")),
            groups: Some(HeaderName::from_static("x-forwarded-groups")),
            groups_reference: Some(HeaderName::from_static("x-forwarded-groups-ref")),
        }
    }

    fn each(&self) -> impl Iterator<Item = &HeaderName> {
        let Self { user, email, preferred_username, groups, groups_reference } = self;
        [user, email, preferred_username, groups, groups_reference].into_iter().flatten()
    }
}

/// Every header name that a client of one workspace must not send: the defaults and the renames of all routes,
/// so that a route's rename is no gap in another. Made once for a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdentityNames {
    renamed: Vec<Box<str>>,
}

impl IdentityNames {
    /// Gathers the names of all routes.
    ///
    /// # Errors
    /// [`NameFault`] for the first rename that cannot be a header of ours.
    pub fn of(routes: &[Route]) -> Result<Self, NameFault> {
        let mut renamed = Vec::new();
        for route in routes {
            let names = RouteNames::of(&route.headers)?;
            renamed.extend(
                names.each().filter(|name| !is_brokers(name.as_str())).map(|name| folded(name.as_str())),
            );
        }
        renamed.sort_unstable();
        renamed.dedup();
        Ok(Self { renamed })
    }

    /// Whether a client's header of this name is removed.
    pub(super) fn contains(&self, sent: &HeaderName) -> bool {
        let sent = sent.as_str();
        is_brokers(sent) || self.renamed.iter().any(|ours| sent.len() == ours.len() && begins(sent, ours))
    }
}

/// A name that only the broker speaks, in requests and answers alike.
pub(super) fn is_vestibules(name: &HeaderName) -> bool {
    begins(name.as_str(), "vestibule-")
}

/// A name that is the broker's in every workspace.
fn is_brokers(sent: &str) -> bool {
    BROKERS_PREFIXES.iter().any(|prefix| begins(sent, prefix))
        || BROKERS_NAMES.iter().any(|name| sent.len() == name.len() && begins(sent, name))
}

fn rename(name: Option<&str>) -> Result<Option<HeaderName>, NameFault> {
    let Some(text) = name else { return Ok(None) };
    let fault = || NameFault::NotAName(text.to_owned());
    let name = HeaderName::from_bytes(text.as_bytes()).map_err(|_| fault())?;
    if !name.as_str().bytes().any(|byte| byte.is_ascii_alphanumeric()) {
        return Err(fault());
    }
    let folded = folded(name.as_str());
    if UNUSABLE.contains(&&*folded) || folded.starts_with("vestibule-") || folded.starts_with("proxy-") {
        return Err(NameFault::Reserved(text.to_owned()));
    }
    Ok(Some(name))
}

fn folded(name: &str) -> Box<str> {
    name.bytes().map(|byte| char::from(fold(byte))).collect::<String>().into()
}

/// `ours` is folded already.
fn begins(sent: &str, ours: &str) -> bool {
    sent.len() >= ours.len() && sent.bytes().zip(ours.bytes()).all(|(sent, ours)| fold(sent) == ours)
}

/// Whatever is no letter or digit counts as `-`, as the loosest server behind us would have it.
fn fold(byte: u8) -> u8 {
    if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase() } else { b'-' }
}

#[cfg(test)]
mod tests;
