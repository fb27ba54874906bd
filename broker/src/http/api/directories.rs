//! The directories that connections may speak for.

use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Map, Value};
use vestibule_policies::operation::Operation;

use crate::administration::settings::DeclaredDirectory;
use crate::administration::{FieldFault, Refusal, Version, directories};

use super::endpoint::{Answer, Body, Call, Endpoint, Gives, Outcome, Run, Takes, Verb};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: Verb::Get,
        path: "/organizations/{organization}/directories",
        id: "readDirectories",
        summary: "The domains and tenants that connections may speak for.",
        operation: Some(Operation::ReadConnections),
        takes: Takes::Nothing,
        status: 200,
        gives: Gives::Versioned(SchemaGenerator::subschema_for::<Directories>),
        changes: false,
        run: Run::Verb(read),
    },
    Endpoint {
        method: Verb::Put,
        path: "/organizations/{organization}/directories",
        id: "writeDirectories",
        summary: "Replaces them all. One that a connection speaks for cannot go.",
        operation: Some(Operation::WriteConnections),
        takes: Takes::Json(Body {
            schema: SchemaGenerator::subschema_for::<Directories>,
            required: &["directories"],
        }),
        status: 200,
        gives: Gives::Versioned(SchemaGenerator::subschema_for::<Directories>),
        changes: true,
        run: Run::Verb(write),
    },
];

/// All of them.
#[derive(Debug, Serialize, JsonSchema)]
struct Directories {
    /// In their order.
    directories: Vec<DeclaredDirectory>,
}

fn read<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move { shown(directories::list(call.visit, call.actor).await?) })
}

fn write<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let all = members(call.members)?;
        shown(directories::write(call.visit, call.actor, call.version()?, &all).await?)
    })
}

fn shown((directories, version): (Vec<DeclaredDirectory>, Version)) -> Result<Answer, Refusal> {
    Answer::versioned(&(Directories { directories }, version))
}

fn members(sent: &Map<String, Value>) -> Result<Vec<Map<String, Value>>, Refusal> {
    let unknown = sent.keys().filter(|key| *key != "directories");
    let unknown: Vec<_> = unknown.map(|key| FieldFault::unknown(key, &["directories"])).collect();
    if !unknown.is_empty() {
        return Err(Refusal::settings(unknown));
    }
    let all = sent.get("directories").and_then(Value::as_array);
    let all = all.and_then(|all| all.iter().map(|one| one.as_object().cloned()).collect());
    all.ok_or_else(|| {
        Refusal::settings(vec![FieldFault::invalid("directories", "expected a list of objects")])
    })
}
