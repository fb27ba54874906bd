//! Access tokens of secure clients: 256 random bits, good for an hour, looked up at every use, dead with their client.

use std::time::Duration;

use serde_json::json;
use vestibule_certs::secret::{Secret, same};
use vestibule_certs::token::{Token, TokenHash};
use vestibule_policies::code::Code;
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::lockout::{self, Key, Network, Rule};
use vestibule_policies::time::Timestamp;

use crate::app::App;
use crate::audit::Evidence;
use crate::http::visit::Visit;
use crate::store::audit::{Event, append};
use crate::store::clients;
use crate::store::{StoreError, Transaction, attempts};

use super::super::Actor;
use super::Client;

/// How long a token is good.
pub(crate) const TOKEN_LIFETIME: Duration = Duration::from_hours(1);
/// Tokens of one client; the oldest gives way.
const MOST: i64 = 100;
/// Wrong secrets of one client from one network.
const WRONG: Rule = Rule { attempts: 10, window: Duration::from_mins(15) };

/// A token that was given to a program.
#[derive(Debug)]
pub struct Issued {
    /// What the program sends from now on.
    pub token: Secret,
}

/// Why a program gets none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// There is no such client, or this is not its secret, or its maker is no administrator any more.
    Unknown,
    /// Too many wrong secrets came from there.
    Held,
    /// The store is away.
    Away(Code),
}

/// Gives a program a token for its secret.
///
/// # Errors
/// Without telling more than [`Refused`].
pub async fn issue(visit: &Visit<'_>, id: &str, secret: &str) -> Result<Issued, Refused> {
    let app = visit.app;
    if !app.freshness.holds() {
        return Err(Refused::Away(Code::StoreLost));
    }
    let keys = keys(visit, id);
    if held(app, &keys).await.map_err(|error| away(&error))? {
        return Err(Refused::Held);
    }
    let Some(client) = proved(app, id, secret).await.map_err(|error| away(&error))? else {
        count(app, keys).await.map_err(|error| Refused::Away(error.code()))?;
        refused(visit, id).await.map_err(|error| Refused::Away(error.code()))?;
        return Err(Refused::Unknown);
    };
    let token = Token::generate().map_err(|_| Refused::Away(Code::Internal))?;
    let (hash, expires) = (token.hash(), app.session_clock.now().plus(TOKEN_LIFETIME));
    let event = told(visit, &client);
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            let stands = clients::issue(transaction, (client.id, MOST - 1), &hash, expires).await?;
            if stands {
                append(transaction, &event).await?;
            }
            Ok(stands)
        })
    });
    match write.await {
        Ok(true) => Ok(Issued { token: Secret::new(token.as_str().to_owned()) }),
        Ok(false) => Err(Refused::Unknown),
        Err(error) => Err(Refused::Away(error.code())),
    }
}

/// Who acts with this token; none where it is not good any more, or never was.
///
/// # Errors
/// `STORE-LOST` when this server does not know any more what is true.
pub async fn by_token(visit: &Visit<'_>, token: &str) -> Result<Option<Actor>, Code> {
    let app = visit.app;
    if !app.freshness.holds() {
        return Err(Code::StoreLost);
    }
    let Some(hash) = Token::hash_of(token) else { return Ok(None) };
    let lost = |error: sqlx::Error| {
        tracing::error!(client.error = %error, "an access token cannot be looked up");
        Code::StoreLost
    };
    let row = clients::by_token(app.store.readers(), &hash, app.session_clock.now()).await.map_err(lost)?;
    let Some(row) = row else { return Ok(None) };
    let client = Client::of_row(&row, &app.keys).map_err(lost)?;
    let deployment = app.deployment.load();
    Ok(deployment.tenant(client.organization).and_then(|tenant| Actor::of_client(tenant, client)))
}

/// The client, if this is its secret and its maker still runs the organisation. One that is not there costs as much.
async fn proved(app: &App, id: &str, secret: &str) -> Result<Option<Client>, sqlx::Error> {
    let given = Token::hash_of(secret);
    let row = match Client::parse_id(id) {
        Some(id) => clients::by_id(app.store.readers(), id).await?,
        None => None,
    };
    let nobodys = TokenHash::from_bytes([0; 32]);
    let kept = row.as_ref().map_or(nobodys, |row| row.secret);
    let is_right = given.is_some_and(|given| same(given.as_bytes(), kept.as_bytes()));
    let Some(row) = row.filter(|_| is_right) else { return Ok(None) };
    let client = Client::of_row(&row, &app.keys)?;
    let deployment = app.deployment.load();
    let tenant = deployment.tenant(client.organization);
    let is_alive = tenant.is_some_and(|tenant| tenant.organization.membership(client.maker).is_some());
    Ok(is_alive.then_some(client))
}

/// Of this client from this network, and of all from this network. Somebody elsewhere holds nobody's program.
fn keys(visit: &Visit<'_>, id: &str) -> Vec<Key> {
    let network = Network::of(visit.client());
    let client = Client::parse_id(id).map(|id| Key::Account(format!("client {id} from {network}")));
    client.into_iter().chain([Key::Address(network)]).collect()
}

async fn held(app: &App, keys: &[Key]) -> Result<bool, sqlx::Error> {
    let now = app.session_clock.now();
    for key in keys {
        let known = attempts::tally(app.store.readers(), ConnectionId::CLIENTS, &key.to_string()).await?;
        if lockout::reserve(known.unwrap_or_else(|| key.tally()), key.rule(WRONG), now).is_err() {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn count(app: &App, keys: Vec<Key>) -> Result<(), StoreError> {
    let now = app.session_clock.now();
    app.store.write(move |transaction| Box::pin(async move { counted(transaction, &keys, now).await })).await
}

async fn counted(transaction: &mut Transaction, keys: &[Key], now: Timestamp) -> Result<(), sqlx::Error> {
    for key in keys {
        let (text, rule) = (key.to_string(), key.rule(WRONG));
        let known = attempts::tally(&mut *transaction, ConnectionId::CLIENTS, &text).await?;
        if let Ok(tally) = lockout::reserve(known.unwrap_or_else(|| key.tally()), rule, now) {
            let expires = now.plus(rule.window.saturating_mul(2));
            attempts::keep(&mut *transaction, ConnectionId::CLIENTS, (&text, tally), expires).await?;
        }
    }
    Ok(())
}

fn told(visit: &Visit<'_>, client: &Client) -> Event {
    Event {
        at: visit.app.wall.now(),
        organization: Some(client.organization),
        name: "client.token-issued",
        code: None,
        correlation: visit.correlation().to_owned(),
        details: json!({ "target": client.about(), "client": visit.client().to_string() }),
    }
}

/// What was sent as an id may be a secret in the wrong field: only what could be an id is written down.
async fn refused(visit: &Visit<'_>, id: &str) -> Result<(), StoreError> {
    let id = Client::parse_id(id).map(|id| format!("{}{id}", super::PREFIX));
    let event = Event {
        at: visit.app.wall.now(),
        organization: None,
        name: "client.refused",
        code: Some(Code::ClientToken),
        correlation: visit.correlation().to_owned(),
        details: json!({ "target": { "client": id }, "client": visit.client().to_string() }),
    };
    visit.app.audit.write(&visit.app.store, event, Evidence::Stranger).await
}

fn away(error: &sqlx::Error) -> Refused {
    tracing::error!(client.error = %error, "a secure client cannot be looked up");
    Refused::Away(Code::StoreLost)
}
