//! The description of the API (`OpenAPI` 3.1), made from the table and from the types that are sent.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::http::cookie::CookieName;
use vestibule_policies::edition::Audience;

use super::endpoint::{Body, Endpoint, Gives, Run, Takes, Verb};
use super::paging::MOST;
use super::problem::Problem;
use super::token::TokenError;
use super::{FORM_TOKEN, ROOT, endpoints};

/// Where schemas stand.
const SCHEMAS: &str = "#/components/schemas/";
/// What an administrator's request may be refused with, whatever it is.
const REFUSALS: [u16; 5] = [400, 401, 403, 404, 503];

/// The whole description.
pub(super) fn description(app: &App) -> Value {
    let settings = app.settings();
    let console = settings.origin(settings.console());
    let mut schemas = Schemas::new();
    let mut paths: Map<String, Value> = Map::new();
    for endpoint in endpoints() {
        let operation = schemas.operation(endpoint);
        let path = paths.entry(format!("{ROOT}{}", endpoint.path)).or_insert_with(|| json!({}));
        if let Some(members) = path.as_object_mut() {
            members.insert(endpoint.method.as_str().to_ascii_lowercase(), operation);
        }
    }
    let cookie = CookieName::access(Audience::Administrator).text(settings.scheme);
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Vestibule",
            "version": "1",
            "summary": "Administration of one's own organisation.",
            "description": "A program has an access token of a secure client. A page of the console has its cookie, and sends \
                            the session's form token with every unsafe method. A body has to be what its schema says; a key \
                            without a meaning is refused.",
        },
        "servers": [{ "url": console }],
        "paths": paths,
        "components": {
            "schemas": schemas.finish(),
            "securitySchemes": {
                "client": {
                    "type": "oauth2",
                    "flows": { "clientCredentials": { "tokenUrl": format!("{console}{ROOT}/token"), "scopes": {} } },
                },
                "session": { "type": "apiKey", "in": "cookie", "name": cookie },
                "form_token": { "type": "apiKey", "in": "header", "name": FORM_TOKEN },
            },
        },
    })
}

/// The schemas that are named.
struct Schemas {
    given: SchemaGenerator,
    taken: SchemaGenerator,
}

impl Schemas {
    fn new() -> Self {
        let generator = || {
            let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            });
            settings.into_generator()
        };
        Self { given: generator(), taken: generator() }
    }

    /// What is taken stands under names of its own: a body may leave out what an answer always has.
    fn finish(mut self) -> Value {
        let mut schemas = self.given.take_definitions(true);
        for (name, mut schema) in self.taken.take_definitions(true) {
            loosen(&mut schema);
            schemas.insert(format!("{name}Sent"), schema);
        }
        Value::Object(schemas)
    }

    fn operation(&mut self, endpoint: &Endpoint) -> Value {
        let mut operation = json!({
            "operationId": endpoint.id,
            "summary": endpoint.summary,
            "parameters": parameters(endpoint),
            "responses": self.responses(endpoint),
            "security": security(endpoint),
        });
        let body = match endpoint.takes {
            Takes::Nothing => None,
            Takes::Form => Some(form()),
            Takes::Json(body) => Some(self.body(body)),
        };
        if let (Some(body), Some(members)) = (body, operation.as_object_mut()) {
            members.insert("requestBody".to_owned(), body);
        }
        operation
    }

    fn body(&mut self, Body { schema, required }: Body) -> Value {
        let mut schema: Value = schema(&mut self.taken).into();
        loosen(&mut schema);
        let schema = json!({ "allOf": [schema], "type": "object", "required": required });
        json!({ "required": true, "content": { "application/json": { "schema": schema } } })
    }

    fn responses(&mut self, endpoint: &Endpoint) -> Value {
        let mut responses = Map::new();
        let (schema, headers): (Option<Value>, Value) = match endpoint.gives {
            Gives::Nothing => (None, json!({})),
            Gives::One(schema) => (Some(schema(&mut self.given).into()), json!({})),
            Gives::Versioned(schema) => {
                let tag = json!({ "description": "What a change sends as `If-Match`.", "required": true,
                                  "schema": { "type": "string" } });
                (Some(schema(&mut self.given).into()), json!({ "ETag": tag }))
            }
            Gives::List(schema) => {
                let items: Value = schema(&mut self.given).into();
                let next =
                    json!({ "type": "string", "description": "What `after` takes for the next page." });
                let page = json!({
                    "type": "object",
                    "required": ["items"],
                    "properties": { "items": { "type": "array", "items": items }, "next": next },
                });
                (Some(page), json!({}))
            }
        };
        let mut good = json!({ "description": "Done." });
        if let (Some(schema), Some(members)) = (schema, good.as_object_mut()) {
            members.insert("content".to_owned(), json!({ "application/json": { "schema": schema } }));
            members.insert("headers".to_owned(), headers);
        }
        responses.insert(endpoint.status.to_string(), good);
        for status in refusals(endpoint) {
            let response = match endpoint.run {
                Run::Token => self.refusal::<TokenError>("application/json"),
                Run::Verb(_) | Run::Description => self.refusal::<Problem>("application/problem+json"),
            };
            responses.insert(status.to_string(), response);
        }
        Value::Object(responses)
    }

    fn refusal<T: schemars::JsonSchema>(&mut self, kind: &str) -> Value {
        let schema: Value = self.given.subschema_for::<T>().into();
        json!({ "description": "Not done.", "content": { kind: { "schema": schema } } })
    }
}

fn refusals(endpoint: &Endpoint) -> Vec<u16> {
    match endpoint.run {
        Run::Description => return Vec::new(),
        Run::Token => return vec![400, 401, 413, 429, 503],
        Run::Verb(_) => {}
    }
    let mut statuses = REFUSALS.to_vec();
    if matches!(endpoint.takes, Takes::Json(_)) {
        statuses.extend([409, 413, 415, 422, 429]);
    }
    if endpoint.method != Verb::Get && matches!(endpoint.takes, Takes::Nothing) {
        statuses.extend([409, 422, 429]);
    }
    if endpoint.changes {
        statuses.extend([412, 428]);
    }
    statuses
}

fn parameters(endpoint: &Endpoint) -> Value {
    let mut parameters: Vec<Value> = Vec::new();
    for name in endpoint.places() {
        let schema = json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$" });
        parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
    }
    if matches!(endpoint.gives, Gives::List(_)) {
        let limit = json!({ "type": "integer", "minimum": 1, "maximum": MOST });
        parameters.push(json!({ "name": "limit", "in": "query", "schema": limit }));
        let after = json!({ "type": "string", "maxLength": 128 });
        parameters.push(json!({ "name": "after", "in": "query", "schema": after }));
    }
    if endpoint.changes {
        let tag = json!({ "type": "string", "pattern": "^\"[A-Za-z0-9_-]*\"$" });
        parameters.push(json!({ "name": "If-Match", "in": "header", "required": true, "schema": tag }));
    }
    Value::Array(parameters)
}

/// A program's token, or a session; with what changes something, its form token too.
fn security(endpoint: &Endpoint) -> Value {
    match (endpoint.run, endpoint.method) {
        (Run::Description | Run::Token, _) => json!([]),
        (Run::Verb(_), Verb::Get) => json!([{ "client": [] }, { "session": [] }]),
        (Run::Verb(_), Verb::Post | Verb::Put | Verb::Delete) => {
            json!([{ "client": [] }, { "session": [], "form_token": [] }])
        }
    }
}

fn form() -> Value {
    let text = json!({ "type": "string" });
    let schema = json!({
        "type": "object",
        "required": ["grant_type"],
        "properties": {
            "grant_type": { "const": "client_credentials" }, "client_id": text, "client_secret": text,
        },
    });
    json!({ "required": true, "content": { "application/x-www-form-urlencoded": { "schema": schema } } })
}

/// A body may leave out whatever has a default, and refers to what is taken.
fn loosen(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let is_tag = |members: &Map<String, Value>| {
                members
                    .get("properties")
                    .and_then(|all| all.get("kind"))
                    .is_some_and(|kind| kind.get("const").is_some())
            };
            if is_tag(members) {
                members.insert("required".to_owned(), json!(["kind"]));
            } else {
                members.remove("required");
            }
            if let Some(Value::String(reference)) = members.get_mut("$ref")
                && reference.starts_with(SCHEMAS)
                && !reference.ends_with("Sent")
            {
                reference.push_str("Sent");
            }
            members.values_mut().for_each(loosen);
        }
        Value::Array(values) => values.iter_mut().for_each(loosen),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
