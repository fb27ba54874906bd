//! Who of the organisation is signed in.

use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use vestibule_policies::code::Code;
use vestibule_policies::operation::Operation;

use crate::administration::sessions::{self, Listed};
use crate::administration::{FieldFault, Refusal};
use crate::session::view::rfc3339;
use crate::store::roots::RootId;

use super::endpoint::{Answer, Call, Endpoint, Gives, Outcome, Run, Takes, Verb};
use super::paging::Page;

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: Verb::Get,
        path: "/organizations/{organization}/sessions",
        id: "listSessions",
        summary: "The live sessions, subscribers' and administrators'. A page may be shorter than asked for and not be the last.",
        operation: Some(Operation::ReadSessions),
        takes: Takes::Nothing,
        status: 200,
        gives: Gives::List(SchemaGenerator::subschema_for::<SessionShown>),
        changes: false,
        run: Run::Verb(list),
    },
    Endpoint {
        method: Verb::Delete,
        path: "/organizations/{organization}/sessions/{session}",
        id: "endSession",
        summary: "Ends a session everywhere.",
        operation: Some(Operation::EndSessions),
        takes: Takes::Nothing,
        status: 204,
        gives: Gives::Nothing,
        changes: false,
        run: Run::Verb(end),
    },
];

/// A live session.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Session")]
struct SessionShown {
    /// Its public id, as applications and the audit know it.
    id: String,
    /// `subscriber` or `administrator`.
    audience: &'static str,
    /// What the person is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    /// Their address.
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// The connection by which they came; none of the built-in identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    connection: Option<String>,
    /// When they signed in.
    started_at: String,
    /// When they last did something.
    active_at: String,
    /// When it ends if nothing is done.
    ends_at: String,
}

impl From<Listed> for SessionShown {
    fn from(one: Listed) -> Self {
        Self {
            id: one.id.to_string(),
            audience: one.audience.as_str(),
            person: one.person,
            email: one.email.map(|email| email.as_str().to_owned()),
            connection: one.connection,
            started_at: rfc3339(one.began),
            active_at: rfc3339(one.last_activity),
            ends_at: rfc3339(one.ends),
        }
    }
}

fn list<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let (after, limit) = call.page.bounds();
        let after = after.map(str::parse::<RootId>).transpose().map_err(|_| {
            let fault = FieldFault::invalid("after", "expected `next` of another page");
            Refusal::Faults(Code::RequestMalformed, vec![fault])
        })?;
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let (found, next) = sessions::all(call.visit.app, call.actor, (after, limit)).await?;
        let items: Vec<SessionShown> = found.into_iter().map(SessionShown::from).collect();
        Page::whole(&items, next.map(|id| id.to_string()).as_deref())
    })
}

fn end<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let id = call.name().parse().map_err(|_| Code::NotFound)?;
        sessions::end(call.visit, call.actor, id).await?;
        Ok(Answer::Nothing)
    })
}
