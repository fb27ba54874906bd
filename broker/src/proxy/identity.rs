//! The headers that tell an application who is asking, made once for a session and a route.
//!
//! Interface 4: the assertion always, the plain headers as the route's rule says. Values are percent-encoded
//! outside visible ASCII and for comma and `%`, so that no claim can break out of its header or its list.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use vestibule_policies::claims::Claims;

use super::names::RouteNames;

const ASSERTION: HeaderName = HeaderName::from_static("vestibule-assertion");

/// Longest value of the groups header, in bytes as sent.
const GROUPS_LIMIT: usize = 4096;

/// Outside visible ASCII (RFC 5234 VCHAR), comma and `%`; beyond ASCII is always encoded.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b',').add(b'%');

/// What an application receives about the session. A clone copies no text.
#[derive(Debug, Clone)]
pub struct IdentityHeaders {
    /// The signed assertion; lives for at most 60 s, see [`IdentityHeaders::with_assertion`].
    pub assertion: HeaderValue,
    /// The UPN.
    pub user: Option<HeaderValue>,
    /// The email address.
    pub email: Option<HeaderValue>,
    /// The whole UPN again: its local part is not unique across domains.
    pub preferred_username: Option<HeaderValue>,
    /// The stable group ids.
    pub groups: GroupsHeader,
    names: RouteNames,
}

/// How the groups travel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupsHeader {
    /// Comma-joined, at most 4 KiB.
    Inline(HeaderValue),
    /// Where the application reads them, since they do not fit.
    Reference(HeaderValue),
    /// There are none, or the route does not send them.
    None,
}

/// A value that is no header text: the assertion or the groups' address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the {0} cannot stand in a header")]
pub struct IdentityFault(&'static str);

impl IdentityHeaders {
    /// Prepares the headers of one session on one route. `groups_at` is the address of `/.vestibule/groups` on
    /// the workspace; the application is sent there when the groups are over 4 KiB.
    ///
    /// # Errors
    /// [`IdentityFault`] when `assertion` or `groups_at` holds what a header cannot.
    pub fn prepare(
        claims: &Claims,
        names: &RouteNames,
        assertion: &str,
        groups_at: &str,
    ) -> Result<Self, IdentityFault> {
        let upn = claims.upn.as_ref().and_then(|upn| encoded(upn.as_str()));
        let email = claims.email.as_ref().and_then(|email| encoded(email.as_str()));
        Ok(Self {
            assertion: assertion_value(assertion)?,
            user: upn.clone().filter(|_| names.user.is_some()),
            email: email.filter(|_| names.email.is_some()),
            preferred_username: upn.filter(|_| names.preferred_username.is_some()),
            groups: groups(claims, names, groups_at)?,
            names: names.clone(),
        })
    }

    /// The same headers around a fresh assertion.
    ///
    /// # Errors
    /// [`IdentityFault`] when `assertion` holds what a header cannot.
    pub fn with_assertion(&self, assertion: &str) -> Result<Self, IdentityFault> {
        Ok(Self { assertion: assertion_value(assertion)?, ..self.clone() })
    }

    /// Sets them; whatever a client sent under these names is gone by now.
    pub(super) fn write(&self, headers: &mut HeaderMap) {
        headers.insert(ASSERTION, self.assertion.clone());
        let names = &self.names;
        set(headers, names.user.as_ref(), self.user.as_ref());
        set(headers, names.email.as_ref(), self.email.as_ref());
        set(headers, names.preferred_username.as_ref(), self.preferred_username.as_ref());
        match &self.groups {
            GroupsHeader::Inline(list) => set(headers, names.groups.as_ref(), Some(list)),
            GroupsHeader::Reference(at) => set(headers, names.groups_reference.as_ref(), Some(at)),
            GroupsHeader::None => {}
        }
    }
}

fn set(headers: &mut HeaderMap, name: Option<&HeaderName>, value: Option<&HeaderValue>) {
    if let (Some(name), Some(value)) = (name, value) {
        headers.insert(name.clone(), value.clone());
    }
}

fn groups(claims: &Claims, names: &RouteNames, groups_at: &str) -> Result<GroupsHeader, IdentityFault> {
    if names.groups.is_none() || claims.groups.is_empty() {
        return Ok(GroupsHeader::None);
    }
    if let Some(list) = joined(claims) {
        return Ok(GroupsHeader::Inline(list));
    }
    HeaderValue::from_str(groups_at).map(GroupsHeader::Reference).map_err(|_| IdentityFault("groups address"))
}

/// `None` as soon as the list is over the limit.
fn joined(claims: &Claims) -> Option<HeaderValue> {
    let mut list = String::new();
    for group in &claims.groups {
        if !list.is_empty() {
            list.push(',');
        }
        list.extend(utf8_percent_encode(group.as_str(), ENCODED));
        if list.len() > GROUPS_LIMIT {
            return None;
        }
    }
    HeaderValue::try_from(list).ok()
}

/// Visible ASCII always is a header value, so nothing is lost here.
fn encoded(text: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&Cow::from(utf8_percent_encode(text, ENCODED))).ok()
}

fn assertion_value(text: &str) -> Result<HeaderValue, IdentityFault> {
    let mut value = HeaderValue::from_str(text).map_err(|_| IdentityFault("assertion"))?;
    // A bearer proof: Debug output of a header map must not show it.
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests;
