//! The workspace.

use schemars::SchemaGenerator;
use vestibule_policies::operation::Operation;

use crate::administration::settings::{WorkspaceChange, WorkspaceSettings};
use crate::administration::workspace;

use super::endpoint::{Answer, Body, Call, Endpoint, Gives, Outcome, Run, Takes, Verb};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: Verb::Get,
        path: "/organizations/{organization}/workspace",
        id: "readWorkspace",
        summary: "How subscribers sign in, who of them, for how long, and to what.",
        operation: Some(Operation::ReadWorkspace),
        takes: Takes::Nothing,
        status: 200,
        gives: Gives::Versioned(SchemaGenerator::subschema_for::<WorkspaceSettings>),
        changes: false,
        run: Run::Verb(read),
    },
    Endpoint {
        method: Verb::Put,
        path: "/organizations/{organization}/workspace",
        id: "writeWorkspace",
        summary: "Replaces that. Another `authentication` needs `acknowledge_subscriber_impact`.",
        operation: Some(Operation::WriteWorkspace),
        takes: Takes::Json(Body { schema: SchemaGenerator::subschema_for::<WorkspaceChange>, required: &[] }),
        status: 200,
        gives: Gives::Versioned(SchemaGenerator::subschema_for::<WorkspaceSettings>),
        changes: true,
        run: Run::Verb(write),
    },
];

fn read<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move { Answer::versioned(&workspace::read(call.visit, call.actor).await?) })
}

fn write<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        Answer::versioned(&workspace::write(call.visit, call.actor, call.version()?, call.members).await?)
    })
}
