//! The ways in.

use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use vestibule_policies::operation::Operation;

use crate::administration::connections::pair::{self, PairMade};
use crate::administration::connections::{self, ConnectionShown};
use crate::administration::settings::ConnectionSettings;
use crate::check::Finding;

use super::endpoint::{Answer, Body, Call, Endpoint, Gives, Outcome, Run, Takes, Verb};

const SETTINGS: Body =
    Body { schema: SchemaGenerator::subschema_for::<ConnectionSettings>, required: &["name", "kind"] };

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: Verb::Get,
        path: "/organizations/{organization}/connections",
        id: "listConnections",
        summary: "The connections, by name.",
        operation: Some(Operation::ReadConnections),
        takes: Takes::Nothing,
        status: 200,
        gives: Gives::List(SchemaGenerator::subschema_for::<ConnectionShown>),
        changes: false,
        run: Run::Verb(list),
    },
    Endpoint {
        method: Verb::Post,
        path: "/organizations/{organization}/connections",
        id: "createConnection",
        summary: "Makes a connection, if its provider passes its test.",
        operation: Some(Operation::WriteConnections),
        takes: Takes::Json(SETTINGS),
        status: 201,
        gives: Gives::Versioned(SchemaGenerator::subschema_for::<ConnectionShown>),
        changes: false,
        run: Run::Verb(create),
    },
    Endpoint {
        method: Verb::Post,
        path: "/organizations/{organization}/connections/test",
        id: "testSettings",
        summary: "Asks the provider of a connection that is not saved, or not like this; nothing is saved.",
        operation: Some(Operation::WriteConnections),
        takes: Takes::Json(SETTINGS),
        status: 200,
        gives: Gives::One(SchemaGenerator::subschema_for::<Findings>),
        changes: false,
        run: Run::Verb(test_draft),
    },
    Endpoint {
        method: Verb::Post,
        path: "/organizations/{organization}/connections/gateway-pair",
        id: "makeGatewayPair",
        summary: "Makes the client id and secret that a Gateway is told, before its connection is made; shown this once.",
        operation: Some(Operation::WriteConnections),
        takes: Takes::Nothing,
        status: 201,
        gives: Gives::One(SchemaGenerator::subschema_for::<PairMade>),
        changes: false,
        run: Run::Verb(make_pair),
    },
    Endpoint {
        method: Verb::Get,
        path: "/organizations/{organization}/connections/{connection}",
        id: "readConnection",
        summary: "A connection with the keys of a manifest; secrets are `{\"stored\": \"…\"}`.",
        operation: Some(Operation::ReadConnections),
        takes: Takes::Nothing,
        status: 200,
        gives: Gives::Versioned(SchemaGenerator::subschema_for::<ConnectionShown>),
        changes: false,
        run: Run::Verb(read),
    },
    Endpoint {
        method: Verb::Put,
        path: "/organizations/{organization}/connections/{connection}",
        id: "writeConnection",
        summary: "Replaces a connection's settings, if its provider passes its test with them.",
        operation: Some(Operation::WriteConnections),
        takes: Takes::Json(SETTINGS),
        status: 200,
        gives: Gives::Versioned(SchemaGenerator::subschema_for::<ConnectionShown>),
        changes: true,
        run: Run::Verb(write),
    },
    Endpoint {
        method: Verb::Delete,
        path: "/organizations/{organization}/connections/{connection}",
        id: "deleteConnection",
        summary: "Deletes a connection that is not in use.",
        operation: Some(Operation::WriteConnections),
        takes: Takes::Nothing,
        status: 204,
        gives: Gives::Nothing,
        changes: true,
        run: Run::Verb(delete),
    },
    Endpoint {
        method: Verb::Post,
        path: "/organizations/{organization}/connections/{connection}/test",
        id: "testConnection",
        summary: "Asks the provider of a connection whether all is well, as `vestibule check` does.",
        operation: Some(Operation::TestConnection),
        takes: Takes::Nothing,
        status: 200,
        gives: Gives::One(SchemaGenerator::subschema_for::<Findings>),
        changes: false,
        run: Run::Verb(test),
    },
    Endpoint {
        method: Verb::Post,
        path: "/organizations/{organization}/connections/{connection}/trial",
        id: "tryConnection",
        summary: "Makes the address of a test sign-in by a connection, which lives an hour and opens no session.",
        operation: Some(Operation::TestConnection),
        takes: Takes::Nothing,
        status: 200,
        gives: Gives::One(SchemaGenerator::subschema_for::<TrialAddress>),
        changes: false,
        run: Run::Verb(trial),
    },
];

/// Where a connection is tried.
#[derive(Debug, Serialize, JsonSchema)]
struct TrialAddress {
    /// To be opened in a browser; whoever holds it may read the report.
    url: String,
}

/// What was found at a provider.
#[derive(Debug, Serialize, JsonSchema)]
struct Findings {
    /// Whether there is no fault among them.
    passed: bool,
    /// One after the other.
    findings: Vec<Finding>,
}

impl From<Vec<Finding>> for Findings {
    fn from(findings: Vec<Finding>) -> Self {
        Self { passed: findings.iter().all(|finding| finding.code.is_none()), findings }
    }
}

fn list<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let all = connections::list(call.visit, call.actor).await?;
        call.page.cut(all.into_iter().map(|(one, _)| (one.settings.name.clone(), one)).collect())
    })
}

fn read<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move { Answer::versioned(&connections::read(call.visit, call.actor, call.name()).await?) })
}

fn create<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let made = connections::create(call.visit, call.actor, call.members).await?;
        let path = format!("connections/{}", made.0.settings.name);
        Ok(Answer::versioned(&made)?.at(call, &path))
    })
}

fn write<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let of = (call.name(), call.version()?);
        Answer::versioned(&connections::write(call.visit, call.actor, of, call.members).await?)
    })
}

fn delete<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        connections::delete(call.visit, call.actor, (call.name(), call.version()?)).await?;
        Ok(Answer::Nothing)
    })
}

fn test<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let findings = connections::test(call.visit, call.actor, call.name()).await?;
        Answer::one(&Findings::from(findings))
    })
}

fn make_pair<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move { Answer::one(&pair::make(call.visit, call.actor).await?) })
}

fn test_draft<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let findings = connections::test_draft(call.visit, call.actor, call.members).await?;
        Answer::one(&Findings::from(findings))
    })
}

fn trial<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let url = connections::trial(call.visit, call.actor, call.name()).await?;
        Answer::one(&TrialAddress { url })
    })
}
