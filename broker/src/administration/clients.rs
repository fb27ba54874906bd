//! Secure clients: programs that administrators give a part of their own power (API-02, API-03, ADM-11, ADM-27).
//!
//! A client may do what its maker may do at that moment, and nothing once they are no administrator any more. Its secret is shown
//! once; the store has hashes.

mod token;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::random;
use vestibule_certs::secret::Secret;
use vestibule_certs::token::{Token, TokenHash};
use vestibule_policies::code::Code;
use vestibule_policies::ids::{ClientId, OrganizationId, PersonId};
use vestibule_policies::operation::Operation;
use vestibule_policies::permission::Access;
use vestibule_policies::time::Timestamp;

use crate::app::App;
use crate::http::visit::Visit;
use crate::person;
use crate::session::view::rfc3339;
use crate::store::audit::{Event, append};
use crate::store::clients::{self, ClientRow};
use crate::store::{StoreError, Transaction};

use super::{Actor, FieldFault, Refusal, Stage, events};

pub(crate) use self::token::TOKEN_LIFETIME;
pub use self::token::{Issued, Refused, by_token, issue};

/// Secure clients of one organisation.
const MOST: i64 = 100;
const LONGEST_NAME: usize = 64;
const PREFIX: &str = "client_";

/// A secure client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// For ever.
    pub id: ClientId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// What people call it.
    pub name: String,
    /// Whose access it has.
    pub maker: PersonId,
    /// When it was made.
    pub created: Timestamp,
}

/// A secure client as administrators see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(title = "Client")]
pub struct ClientShown {
    /// The client id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Who made it, and whose access it has.
    pub made_by: String,
    /// When.
    pub created_at: String,
}

/// A new client. The secret is nowhere else.
pub struct Made {
    /// The client.
    pub client: ClientShown,
    /// Its secret, to be shown once.
    pub secret: Secret,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    name: String,
    maker: PersonId,
}

/// One's own, and with full access all.
///
/// # Errors
/// Where the actor may not see them.
pub async fn list(visit: &Visit<'_>, actor: &Actor) -> Result<Vec<ClientShown>, Refusal> {
    let app = visit.app;
    actor.may(Operation::ReadClients, Stage::Sent, app.session_clock.now())?;
    let rows = clients::of_organization(app.store.readers(), actor.tenant.organization.id).await;
    let mut shown = Vec::new();
    for row in rows.map_err(StoreError::Read)? {
        let client = Client::of_row(&row, &app.keys).map_err(StoreError::Read)?;
        if client.is_within(actor) {
            shown.push(client.shown(app).await?);
        }
    }
    Ok(shown)
}

/// One of them.
///
/// # Errors
/// Where the actor may not see it, and where there is none.
pub async fn read(visit: &Visit<'_>, actor: &Actor, id: &str) -> Result<ClientShown, Refusal> {
    let app = visit.app;
    actor.may(Operation::ReadClients, Stage::Sent, app.session_clock.now())?;
    found(app, actor, id).await?.shown(app).await
}

/// Makes one, with the power of whoever asks.
///
/// # Errors
/// Where the actor may not, the name is not allowed, or there are too many.
pub async fn create(visit: &Visit<'_>, actor: &Actor, members: &Map<String, Value>) -> Result<Made, Refusal> {
    let app = visit.app;
    actor.may(Operation::CreateClient, Stage::Sent, app.session_clock.now())?;
    // Whoever is no person of the built-in identity has no access that could be looked up later.
    let maker = actor.person().ok_or(Code::AccessDenied)?;
    let name = name(members)?;
    let internal = |_| Refusal::Code(Code::Internal);
    let id = ClientId::from_bytes(random::bytes().map_err(internal)?);
    let secret = Token::generate().map_err(internal)?;
    let organization = actor.tenant.organization.id;
    let client = Client { id, organization, name, maker, created: app.wall.now() };
    let row = client.to_row(&app.keys, secret.hash()).map_err(StoreError::Read)?;
    let event = events::event(visit, actor, "client.created", &client.about());
    let write = actor.write(app, Operation::CreateClient, move |transaction| {
        Box::pin(async move {
            if !clients::insert(transaction, &row, MOST).await? {
                return Ok(Err(Code::TooMany));
            }
            append(transaction, &event).await.map(Ok)
        })
    });
    write.await?;
    Ok(Made { client: client.shown(app).await?, secret: Secret::new(secret.as_str().to_owned()) })
}

/// Deletes one, and every token of it with it.
///
/// # Errors
/// Where the actor may not, and where there is none.
pub async fn delete(visit: &Visit<'_>, actor: &Actor, id: &str) -> Result<(), Refusal> {
    let app = visit.app;
    actor.may(Operation::DeleteClient, Stage::Sent, app.session_clock.now())?;
    let client = found(app, actor, id).await?;
    let event = events::event(visit, actor, "client.deleted", &client.about());
    let write = actor.write(app, Operation::DeleteClient, move |transaction| {
        Box::pin(async move {
            if !clients::delete(transaction, client.id).await? {
                return Ok(Err(Code::NotFound));
            }
            append(transaction, &event).await.map(Ok)
        })
    });
    Ok(write.await?)
}

/// Deletes what somebody made who is no administrator any more, in the transaction that says so, with an event like `why` each: were
/// they one again one day, their old programs would not be (ADM-27).
///
/// # Errors
/// When the store cannot be read or written.
pub(crate) async fn end_of_maker(
    transaction: &mut Transaction,
    keys: &KeyRing,
    maker: PersonId,
    why: &Event,
) -> Result<(), sqlx::Error> {
    let Some(organization) = why.organization else { return Ok(()) };
    for row in clients::of_organization(&mut *transaction, organization).await? {
        let client = Client::of_row(&row, keys)?;
        if client.maker == maker && clients::delete(&mut *transaction, client.id).await? {
            let mut event = Event { name: "client.deleted", ..why.clone() };
            if let Some(details) = event.details.as_object_mut() {
                details.insert("target".to_owned(), client.about());
            }
            append(&mut *transaction, &event).await?;
        }
    }
    Ok(())
}

/// One that is there and the actor's business; what is not is not there.
async fn found(app: &App, actor: &Actor, id: &str) -> Result<Client, Refusal> {
    let Some(id) = Client::parse_id(id) else { return Err(Code::NotFound.into()) };
    let row = clients::by_id(app.store.readers(), id).await.map_err(StoreError::Read)?;
    let Some(row) = row.filter(|row| row.organization == actor.tenant.organization.id) else {
        return Err(Code::NotFound.into());
    };
    let client = Client::of_row(&row, &app.keys).map_err(StoreError::Read)?;
    if client.is_within(actor) { Ok(client) } else { Err(Code::NotFound.into()) }
}

fn name(members: &Map<String, Value>) -> Result<String, Refusal> {
    let mut faults: Vec<FieldFault> = Vec::new();
    let unknown = members.keys().filter(|key| *key != "name");
    faults.extend(unknown.map(|key| FieldFault::unknown(key, &["name"])));
    let name = members.get("name").and_then(Value::as_str).filter(|name| {
        name.trim() == *name
            && (1..=LONGEST_NAME).contains(&name.chars().count())
            && !name.contains(char::is_control)
    });
    let Some(name) = name else {
        let message =
            "expected 1 to 64 characters, without spaces around them and without control characters";
        faults.push(FieldFault::invalid("name", message));
        return Err(Refusal::settings(faults));
    };
    if faults.is_empty() { Ok(name.to_owned()) } else { Err(Refusal::settings(faults)) }
}

impl Client {
    /// The client id that programs send.
    #[must_use]
    pub fn public_id(&self) -> String {
        format!("{PREFIX}{}", self.id)
    }

    fn parse_id(text: &str) -> Option<ClientId> {
        text.strip_prefix(PREFIX)?.parse().ok()
    }

    /// ADM-11: one's own alone, unless access is full.
    fn is_within(&self, actor: &Actor) -> bool {
        *actor.access() == Access::Full || actor.person() == Some(self.maker)
    }

    /// For the audit.
    #[must_use]
    pub fn about(&self) -> Value {
        json!({ "client": self.public_id(), "name": self.name, "made_by": self.maker.to_string() })
    }

    async fn shown(&self, app: &App) -> Result<ClientShown, Refusal> {
        let maker = person::look(&app.store, &app.keys, self.maker).await?;
        Ok(ClientShown {
            id: self.public_id(),
            name: self.name.clone(),
            made_by: maker.map_or_else(String::new, |person| person.record.profile.display_name),
            created_at: rfc3339(self.created),
        })
    }

    fn to_row(&self, keys: &KeyRing, secret: TokenHash) -> Result<ClientRow, sqlx::Error> {
        let Self { id, organization, name, maker, created } = self.clone();
        let plain = serde_json::to_vec(&Record { name, maker });
        let plain = plain.map_err(|error| sqlx::Error::Encode(error.into()))?;
        let sealed = keys.sealer(Purpose::Rows).seal(&plain, &binding(id, organization, &secret));
        let record = sealed.map_err(|error| sqlx::Error::Encode(error.into()))?;
        Ok(ClientRow { id, organization, secret, record, created })
    }

    fn of_row(row: &ClientRow, keys: &KeyRing) -> Result<Self, sqlx::Error> {
        let unreadable = || sqlx::Error::Decode("clients.record".into());
        let bound = binding(row.id, row.organization, &row.secret);
        let plain = keys.sealer(Purpose::Rows).open(&row.record, &bound).map_err(|_| unreadable())?;
        let Record { name, maker } = serde_json::from_slice(&plain).map_err(|_| unreadable())?;
        Ok(Self { id: row.id, organization: row.organization, name, maker, created: row.created })
    }
}

/// A record holds for one id in one organisation with one secret: whoever writes to the store cannot move it.
fn binding(id: ClientId, organization: OrganizationId, secret: &TokenHash) -> Vec<u8> {
    format!("client {id} of {organization} {}", secret.to_hex()).into_bytes()
}

impl fmt::Debug for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Made").field("client", &self.client).finish_non_exhaustive()
    }
}
