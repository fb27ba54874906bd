//! Secure clients.

use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use vestibule_policies::operation::Operation;

use crate::administration::clients::{self, ClientShown};

use super::endpoint::{Answer, Body, Call, Endpoint, Gives, Outcome, Run, Takes, Verb};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: Verb::Get,
        path: "/organizations/{organization}/clients",
        id: "listClients",
        summary: "One's own secure clients, and with full access all.",
        operation: Some(Operation::ReadClients),
        takes: Takes::Nothing,
        status: 200,
        gives: Gives::List(SchemaGenerator::subschema_for::<ClientShown>),
        changes: false,
        run: Run::Verb(list),
    },
    Endpoint {
        method: Verb::Post,
        path: "/organizations/{organization}/clients",
        id: "createClient",
        summary: "Makes a secure client. Its secret is in this answer and nowhere else.",
        operation: Some(Operation::CreateClient),
        takes: Takes::Json(Body { schema: SchemaGenerator::subschema_for::<NewClient>, required: &["name"] }),
        status: 201,
        gives: Gives::One(SchemaGenerator::subschema_for::<ClientMade>),
        changes: false,
        run: Run::Verb(create),
    },
    Endpoint {
        method: Verb::Get,
        path: "/organizations/{organization}/clients/{client}",
        id: "readClient",
        summary: "A secure client.",
        operation: Some(Operation::ReadClients),
        takes: Takes::Nothing,
        status: 200,
        gives: Gives::One(SchemaGenerator::subschema_for::<ClientShown>),
        changes: false,
        run: Run::Verb(read),
    },
    Endpoint {
        method: Verb::Delete,
        path: "/organizations/{organization}/clients/{client}",
        id: "deleteClient",
        summary: "Deletes a secure client, and every token of it.",
        operation: Some(Operation::DeleteClient),
        takes: Takes::Nothing,
        status: 204,
        gives: Gives::Nothing,
        changes: false,
        run: Run::Verb(delete),
    },
];

/// A client that is to be made.
#[derive(Debug, Serialize, JsonSchema)]
struct NewClient {
    /// What people call it.
    #[schemars(length(min = 1, max = 64))]
    name: String,
}

/// A client that was made.
#[derive(Debug, Serialize, JsonSchema)]
struct ClientMade {
    /// The client.
    #[serde(flatten)]
    client: ClientShown,
    /// Its secret, which is shown once.
    secret: String,
}

fn list<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let all = clients::list(call.visit, call.actor).await?;
        call.page.cut(all.into_iter().map(|one| (one.id.clone(), one)).collect())
    })
}

fn read<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move { Answer::one(&clients::read(call.visit, call.actor, call.name()).await?) })
}

fn create<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let made = clients::create(call.visit, call.actor, call.members).await?;
        let path = format!("clients/{}", made.client.id);
        let shown = ClientMade { client: made.client, secret: made.secret.expose().to_owned() };
        Ok(Answer::one(&shown)?.at(call, &path))
    })
}

fn delete<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        clients::delete(call.visit, call.actor, call.name()).await?;
        Ok(Answer::Nothing)
    })
}
