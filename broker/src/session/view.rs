//! A live session as its own browser may see it: `/.vestibule/session` and `/.vestibule/groups`.

use std::time::Duration;

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use vestibule_policies::limits::{idle_expires_at, maximum_expires_at};
use vestibule_policies::time::Timestamp;

use crate::app::App;
use crate::deployment::Tenant;
use crate::pages::console::Moment;

use super::Root;

/// The session as JSON (interface 3). A claim without a value is left out.
#[must_use]
pub fn session(app: &App, tenant: &Tenant, root: &Root) -> Value {
    let facts = &root.facts;
    let span = root.span(&tenant.organization);
    let (wall, now) = (app.wall.now(), app.session_clock.now());
    let shown = |end: Timestamp| rfc3339(wall.plus(end.since(now)));
    let mut view = json!({
        "organization": tenant.organization.slug.as_str(),
        "audience": root.audience.as_str(),
        "connection": facts.connection.as_str(),
        "kind": facts.kind,
        "session": root.id.to_string(),
        "sub": facts.subject,
        "claims": claims(root),
        "provenance": facts.claims.provenance,
        "amr": facts.upstream.methods,
        "authenticated_at": rfc3339(facts.upstream.authenticated_at),
        "idle_expires_at": idle_expires_at(&span).map(shown),
        "maximum_expires_at": shown(maximum_expires_at(&span)),
        "now": rfc3339(wall),
    });
    if let (Some(context), Some(members)) = (&facts.upstream.context, view.as_object_mut()) {
        members.insert("acr".to_owned(), json!(context));
    }
    view
}

/// How long the session lives on if nothing more is done.
#[must_use]
pub fn remaining(tenant: &Tenant, root: &Root, now: Timestamp) -> Duration {
    let span = root.span(&tenant.organization);
    let maximum = maximum_expires_at(&span);
    idle_expires_at(&span).map_or(maximum, |idle| idle.min(maximum)).since(now)
}

/// The groups that may not have fitted a header.
#[must_use]
pub fn groups(root: &Root) -> Value {
    let claims = &root.facts.claims;
    json!({ "groups": claims.groups, "group_names": claims.group_names })
}

fn claims(root: &Root) -> Value {
    let claims = &root.facts.claims;
    let texts = [
        ("cip_sid", claims.security_id.as_ref().map(ToString::to_string)),
        ("cip_upn", claims.upn.as_ref().map(|upn| upn.as_str().to_owned())),
        ("cip_oid", claims.object_id.as_ref().map(ToString::to_string)),
        ("cip_email", claims.email.as_ref().map(|email| email.as_str().to_owned())),
        ("entra_tid", claims.entra.map(|entra| entra.tenant.to_string())),
        ("entra_oid", claims.entra.map(|entra| entra.object.to_string())),
        ("displayName", claims.display_name.clone()),
        ("givenName", claims.given_name.clone()),
        ("familyName", claims.family_name.clone()),
    ];
    let mut view: serde_json::Map<String, Value> = texts
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), Value::String(value?))))
        .collect();
    view.insert("groups".to_owned(), json!(claims.groups));
    view.insert("group_names".to_owned(), json!(claims.group_names));
    Value::Object(view)
}

pub(crate) fn rfc3339(at: Timestamp) -> String {
    OffsetDateTime::from_unix_timestamp(at.seconds())
        .ok()
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_default()
}

/// A moment for a page, in UTC.
pub(crate) fn moment(at: Timestamp) -> Moment {
    let machine = rfc3339(at);
    let shown = match (machine.get(..10), machine.get(11..16)) {
        (Some(day), Some(time)) => format!("{day} {time}"),
        _ => machine.clone(),
    };
    Moment { machine, shown }
}
