//! The client id and secret of a Gateway are ours to make, and its administrator enters them there before the connection can pass its test
//! (GW-03 to GW-05, PRV-11). So a pair is made first, shown this once, and comes back sealed with the settings that it is for.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use vestibule_certs::purpose::Purpose;
use vestibule_policies::code::Code;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::operation::Operation;
use vestibule_policies::time::Timestamp;

use crate::app::App;
use crate::apply::ClientPair;
use crate::check::Finding;
use crate::http::visit::Visit;

use super::super::{Actor, FieldFault, Refusal, Stage, events};
use super::test;

/// The key under which a pair comes back.
pub const KEY: &str = "pair";
/// How long somebody may take at the Gateway.
const LIFETIME: Duration = Duration::from_hours(24);

/// A pair that was made now. Its secret is shown this once; there is no `Debug`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Gateway pair")]
pub struct PairMade {
    /// Our client id at the Gateway.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// Goes back as `pair` with the settings of the connection, within a day.
    pub pair: String,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Sealed {
    id: String,
    secret: String,
    until: Timestamp,
}

/// Makes one; nothing is kept of it here.
///
/// # Errors
/// Where the actor may not.
pub async fn make(visit: &Visit<'_>, actor: &Actor) -> Result<PairMade, Refusal> {
    let app = visit.app;
    actor.may(Operation::WriteConnections, Stage::Sent, app.session_clock.now())?;
    let ClientPair { id, secret } = ClientPair::make()?;
    let event = events::event(visit, actor, "connection.pair-made", &json!({ "client_id": id }));
    test::told(app, event).await?;
    let until = app.session_clock.now().plus(LIFETIME);
    let pair =
        seal(app, actor.tenant.organization.id, &Sealed { id: id.clone(), secret: secret.clone(), until })?;
    Ok(PairMade { client_id: id, client_secret: secret, pair })
}

/// "Detect": whether a Gateway is where the settings say, and a pair for it.
///
/// # Errors
/// As [`make`], and `CONNECTION-TEST` when nobody answers there, or nobody whose certificate is trusted.
pub async fn detect(
    visit: &Visit<'_>,
    actor: &Actor,
    members: &Map<String, Value>,
) -> Result<(Vec<Finding>, PairMade), Refusal> {
    let made = make(visit, actor).await?;
    let mut members = members.clone();
    members.insert(KEY.to_owned(), Value::String(made.pair.clone()));
    let mut findings = test::test_draft(visit, actor, &members).await?;
    // Whether it knows the pair is asked when somebody has entered it.
    findings.truncate(1);
    Refusal::of_findings(&findings)?;
    Ok((findings, made))
}

/// The pair that settings brought, to be shown once more on the way.
///
/// # Errors
/// As [`take`].
pub fn shown(app: &App, actor: &Actor, pair: &str) -> Result<PairMade, Refusal> {
    let ClientPair { id, secret } = open(app, actor.tenant.organization.id, pair)?;
    Ok(PairMade { client_id: id, client_secret: secret, pair: pair.to_owned() })
}

/// Takes the pair out of the settings of a Gateway. Other kinds have no such key, and their reader says so.
///
/// # Errors
/// `SETTINGS-INVALID` for one of another organisation, of yesterday, or that was changed.
pub(super) fn take(
    app: &App,
    organization: OrganizationId,
    members: &Map<String, Value>,
) -> Result<(Map<String, Value>, Option<ClientPair>), Refusal> {
    let mut members = members.clone();
    let is_gateway = members.get("kind").and_then(Value::as_str) == Some("gateway");
    let pair = match members.get(KEY) {
        Some(Value::String(text)) if is_gateway => open(app, organization, text)?,
        _ => return Ok((members, None)),
    };
    members.remove(KEY);
    Ok((members, Some(pair)))
}

fn seal(app: &App, organization: OrganizationId, sealed: &Sealed) -> Result<String, Refusal> {
    let plain = zeroize::Zeroizing::new(serde_json::to_vec(sealed).map_err(|_| Code::Internal)?);
    let text = app.keys.sealer(Purpose::Rows).seal_text(&plain, &binding(organization));
    Ok(text.map_err(|_| Code::Internal)?)
}

fn open(app: &App, organization: OrganizationId, text: &str) -> Result<ClientPair, Refusal> {
    let opened = app.keys.sealer(Purpose::Rows).open_text(text, &binding(organization)).ok();
    let sealed = opened.and_then(|plain| serde_json::from_slice::<Sealed>(&plain).ok());
    let sealed = sealed.filter(|sealed| app.session_clock.now() < sealed.until).ok_or_else(|| {
        let message = "this pair is not of this organisation, or older than a day; make another one";
        Refusal::settings(vec![FieldFault::invalid(KEY, message)])
    })?;
    Ok(ClientPair { id: sealed.id, secret: sealed.secret })
}

fn binding(organization: OrganizationId) -> Vec<u8> {
    format!("gateway pair {organization}").into_bytes()
}
