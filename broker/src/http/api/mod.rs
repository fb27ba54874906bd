//! The administration API, `/api/v1` on the console host (API-01 to API-05).
//!
//! One table, [`ENDPOINTS`], has every address with what it asks for, takes and gives: from it follow the routing, the check before a
//! body is read, and the `OpenAPI` description. Behind it stand the verbs of `administration`, which check once more.

pub mod body;
mod caller;
mod clients;
mod connections;
mod directories;
mod endpoint;
mod openapi;
mod organizations;
mod paging;
mod people;
mod problem;
mod sessions;
mod token;
mod workspace;

use std::net::IpAddr;

use http::request::Parts;
use http::{Method, StatusCode};
use hyper::body::Incoming;
use vestibule_policies::code::Code;
use vestibule_policies::name::HostName;

use crate::administration::{Refusal, Stage, Version};
use crate::app::App;

use super::reply::{self, Reply};
use super::visit::Visit;

use self::caller::Caller;
pub use self::caller::{FORM_TOKEN, form_token};
use self::endpoint::{Answer, Call, Run};
pub use self::endpoint::{Endpoint, Takes, Verb};
use self::paging::Page;

/// Where the API begins.
pub const ROOT: &str = "/api/v1";

/// Every address, in the order of the description.
pub const ENDPOINTS: [&[Endpoint]; 8] = [
    token::ENDPOINTS,
    organizations::ENDPOINTS,
    connections::ENDPOINTS,
    directories::ENDPOINTS,
    workspace::ENDPOINTS,
    people::ENDPOINTS,
    sessions::ENDPOINTS,
    clients::ENDPOINTS,
];

/// All of them, one after the other.
pub fn endpoints() -> impl Iterator<Item = &'static Endpoint> {
    ENDPOINTS.into_iter().flatten()
}

/// Whether a path is the API's.
#[must_use]
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// Answers a request to the API.
pub async fn api(app: &App, host: &HostName, (parts, body): (Parts, Incoming), peer: IpAddr) -> Reply {
    let visit = &Visit::new(app, &parts, peer);
    let (endpoint, arguments) = match route(&parts.method, parts.uri.path()) {
        Ok(found) => found,
        Err(allowed) => return problem::no_route(visit, &allowed),
    };
    let outcome = match endpoint.run {
        Run::Description => Ok(Answer::Raw(openapi::description(app))),
        Run::Token => return token::answer(visit, body).await,
        Run::Verb(_) => answer(visit, host, (endpoint, arguments), body).await,
    };
    match outcome {
        Ok(answer) => reply_with(visit, endpoint, answer),
        Err(refusal) => problem::refused(visit, host, &refusal),
    }
}

async fn answer(
    visit: &Visit<'_>,
    host: &HostName,
    (endpoint, arguments): (&'static Endpoint, Vec<&str>),
    body: Incoming,
) -> Result<Answer, Refusal> {
    let Run::Verb(run) = endpoint.run else { return Err(Code::NotFound.into()) };
    let Caller { actor, access } = caller::of(visit, host).await?;
    // One's own organisation; whether there are others is nobody's business.
    if endpoint.is_of_organization() {
        let slug = actor.tenant.organization.slug.as_str();
        if arguments.first().is_none_or(|first| *first != slug) {
            return Err(Code::NotFound.into());
        }
    }
    if let Some(operation) = endpoint.operation {
        actor.may(operation, Stage::Sent, visit.app.session_clock.now())?;
    }
    let version = if endpoint.changes { Some(version(visit)?) } else { None };
    let page = Page::of(visit, endpoint)?;
    let members = match endpoint.takes {
        Takes::Nothing => serde_json::Map::new(),
        Takes::Json(_) => body::read(visit.parts, body).await?,
        Takes::Form => return Err(Code::RequestMediaType.into()),
    };
    if let Some(access) = access {
        caller::touch(visit, &access);
    }
    let call = Call { visit, actor: &actor, arguments: &arguments, members: &members, version, page };
    run(&call).await
}

/// The endpoint of a path, with what stands in its places; or the methods that the path takes.
fn route<'p>(method: &Method, path: &'p str) -> Result<(&'static Endpoint, Vec<&'p str>), Vec<&'static str>> {
    let mut allowed = Vec::new();
    for endpoint in endpoints() {
        let Some(arguments) = endpoint.matches(path) else { continue };
        if endpoint.method.takes(method) {
            return Ok((endpoint, arguments));
        }
        allowed.push(endpoint.method.as_str());
    }
    Err(allowed)
}

/// What a change says that it was made from (RFC 9110 §13.1.1). A weak tag never matches, and `*` would be no answer.
fn version(visit: &Visit<'_>) -> Result<Version, Refusal> {
    let mut tags = visit.parts.headers.get_all(http::header::IF_MATCH).iter();
    let (Some(tag), None) = (tags.next(), tags.next()) else { return Err(Code::VersionMissing.into()) };
    let text = tag.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Err(Code::VersionMissing.into());
    }
    Ok(Version::sent(text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default()))
}

fn reply_with(visit: &Visit<'_>, endpoint: &Endpoint, answer: Answer) -> Reply {
    let scheme = visit.app.settings().scheme;
    let status = StatusCode::from_u16(endpoint.status).unwrap_or(StatusCode::OK);
    match answer {
        Answer::Raw(value) => reply::json(status, &value, scheme),
        Answer::Nothing => reply::no_content(scheme),
        Answer::One { value, version, location } => {
            let mut reply = reply::json(status, &value, scheme);
            reply::set_version(&mut reply, version.map(|version| version.to_string()).as_deref());
            reply::set_location(&mut reply, location.as_deref());
            reply
        }
    }
}
