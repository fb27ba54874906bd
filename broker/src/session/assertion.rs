//! What an application receives: a signed assertion and plain headers, prepared once and used for half a minute
//! (interface 4).

use std::sync::PoisonError;
use std::time::Duration;

use serde::Serialize;
use vestibule_policies::code::Code;
use vestibule_policies::organization::Route;
use vestibule_policies::time::Timestamp;

use crate::app::App;
use crate::deployment::Tenant;
use crate::proxy::{IdentityHeaders, RouteNames};

use super::{Access, Root, view};

/// RFC 8725 §3.11: a type of its own, so that it is taken for no other token.
const TYPE: &str = "vestibule-assertion+jwt";
/// How long an assertion may be believed.
const LIFETIME: Duration = Duration::from_mins(1);
/// How long it is used; what is left of its life is for the application's clock.
const USE: Duration = Duration::from_secs(30);
/// Groups whose names are longer than this together are read at `/.vestibule/groups` instead.
const LONGEST_GROUPS: usize = 4096;

/// Headers that are ready for one route.
#[derive(Debug)]
pub struct Prepared {
    route: String,
    /// The state of the rules that it was made under.
    epoch: i64,
    headers: IdentityHeaders,
    until: Timestamp,
}

impl Prepared {
    fn serves(&self, epoch: i64, route: &Route, now: Timestamp) -> bool {
        self.epoch == epoch && self.route == route.path.as_str() && now < self.until
    }
}

/// The claims of an assertion; one without a value is left out.
#[derive(Debug, Serialize)]
struct Assertion<'a> {
    iss: String,
    aud: String,
    sub: &'a str,
    sid: String,
    iat: i64,
    exp: i64,
    auth_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cip_sid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cip_upn: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cip_oid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cip_email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    group_names: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    groups_ref: Option<String>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    amr: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'a str>,
}

/// The identity headers of this access on this route.
///
/// # Errors
/// `INTERNAL` when signing fails.
pub fn headers(app: &App, tenant: &Tenant, access: &Access, route: &Route) -> Result<IdentityHeaders, Code> {
    let now = app.session_clock.now();
    let mut prepared = access.prepared.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(ready) = prepared.iter().find(|one| one.serves(tenant.epoch, route, now)) {
        return Ok(ready.headers.clone());
    }
    let fresh = prepare(app, tenant, access, route).map_err(|reason| {
        tracing::error!(assertion.error = reason, "an assertion could not be made");
        Code::Internal
    })?;
    let headers = fresh.headers.clone();
    prepared.retain(|one| one.epoch == tenant.epoch && now < one.until);
    prepared.push(fresh);
    Ok(headers)
}

fn prepare(app: &App, tenant: &Tenant, access: &Access, route: &Route) -> Result<Prepared, String> {
    let now = app.session_clock.now();
    // No assertion outlives the session. Applications live by the wall, sessions by a time of their own: what both share
    // is what is left.
    let left = view::remaining(tenant, &access.root, now).min(LIFETIME);
    let wall = app.wall.now();
    let origin = app.settings().origin(&access.host);
    let groups_at = format!("{origin}/.vestibule/groups");
    let issuer = app.issuer(&tenant.organization.slug);
    let audience = format!("{origin}{}", route.path.as_str());
    let assertion = assertion(&access.root, issuer, audience, &groups_at, (wall, wall.plus(left)));
    let token = tenant.signing_key.sign_jwt(TYPE, &assertion).map_err(|error| error.to_string())?;
    let names = RouteNames::of(&route.headers).map_err(|fault| fault.to_string())?;
    let headers = IdentityHeaders::prepare(&access.root.facts.claims, &names, &token, &groups_at)
        .map_err(|fault| fault.to_string())?;
    Ok(Prepared {
        route: route.path.as_str().to_owned(),
        epoch: tenant.epoch,
        headers,
        until: now.plus(left.min(USE)),
    })
}

fn assertion<'a>(
    root: &'a Root,
    iss: String,
    aud: String,
    groups_at: &str,
    (now, expires): (Timestamp, Timestamp),
) -> Assertion<'a> {
    let (claims, upstream) = (&root.facts.claims, &root.facts.upstream);
    let ids = claims.groups.iter().map(|group| group.as_str().len() + 3);
    let fit =
        ids.chain(claims.group_names.iter().map(|name| name.len() + 3)).sum::<usize>() <= LONGEST_GROUPS;
    Assertion {
        iss,
        aud,
        sub: &root.facts.subject,
        sid: root.id.to_string(),
        iat: now.seconds(),
        exp: expires.seconds(),
        auth_time: upstream.authenticated_at.seconds(),
        cip_sid: claims.security_id.as_ref().map(vestibule_policies::SecurityId::as_str),
        cip_upn: claims.principal_name(),
        cip_oid: claims.object_id.as_ref().map(ToString::to_string),
        cip_email: claims.email.as_ref().map(vestibule_policies::Email::as_str),
        name: claims.display_name.as_deref(),
        given_name: claims.given_name.as_deref(),
        family_name: claims.family_name.as_deref(),
        groups: if fit {
            claims.groups.iter().map(vestibule_policies::GroupId::as_str).collect()
        } else {
            Vec::new()
        },
        group_names: if fit { &claims.group_names } else { &[] },
        groups_ref: (!fit).then(|| groups_at.to_owned()),
        amr: &upstream.methods,
        acr: upstream.context.as_deref(),
    }
}
