//! The part of Microsoft Graph that a broker reads: people, and the groups of each. Shape from the vendor's reference.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::AUTHORIZATION;
use http::{Method, StatusCode};
use ring::digest;
use serde_json::{Map, Value, json};

use super::Provider;
use crate::sandbox::call::Call;
use crate::sandbox::parameters::Parameters;
use crate::sandbox::people::Person;
use crate::sandbox::reply::{self, Reply};

/// Groups of one page: few, so that everybody has to follow a link.
const PAGE: usize = 2;

impl Provider {
    /// What the token says besides the protocol: the tenant, the object in it, and names that nobody may rely on.
    pub(super) fn entra_claims(&self, person: &Person) -> Map<String, Value> {
        let pairs = [
            ("tid", json!(self.tenant())),
            ("oid", json!(self.id_of("user", &person.username))),
            ("name", json!(person.display_name)),
            ("preferred_username", json!(person.upn)),
            ("ver", json!("2.0")),
        ];
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    pub(super) fn graph(&self, call: &Call, path: &str) -> Reply {
        if call.method != Method::GET {
            return reply::method_not_allowed("GET");
        }
        let header = call.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer "));
        if !token.is_some_and(|token| self.grants().is_own(token, self.now())) {
            return refused(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken");
        }
        let people = &self.settings.people;
        let by_id = |id: &str| people.iter().find(|person| self.id_of("user", &person.username) == id);
        let segments: Vec<_> = path.split('/').collect();
        match segments.as_slice() {
            ["users"] => {
                let all: Vec<_> = people.iter().map(|person| self.user(person)).collect();
                reply::json(StatusCode::OK, &json!({ "value": all }))
            }
            ["groups"] => {
                let mut names: Vec<_> = people.iter().flat_map(|person| &person.groups).collect();
                names.sort();
                names.dedup();
                let all: Vec<_> = names.into_iter().map(|name| self.group(name)).collect();
                reply::json(StatusCode::OK, &json!({ "value": all }))
            }
            ["users", id] => by_id(id).map_or_else(
                || refused(StatusCode::NOT_FOUND, "Request_ResourceNotFound"),
                |person| reply::json(StatusCode::OK, &self.user(person)),
            ),
            ["users", id, "transitiveMemberOf"] => by_id(id).map_or_else(
                || refused(StatusCode::NOT_FOUND, "Request_ResourceNotFound"),
                |person| self.groups_of(person, call),
            ),
            _ => refused(StatusCode::BAD_REQUEST, "BadRequest"),
        }
    }

    fn groups_of(&self, person: &Person, call: &Call) -> Reply {
        let query = Parameters::parse(call.uri.query().unwrap_or_default().as_bytes());
        let skipped =
            query.one("$skiptoken").ok().flatten().and_then(|text| text.parse().ok()).unwrap_or(0_usize);
        let page: Vec<_> =
            person.groups.iter().skip(skipped).take(PAGE).map(|name| self.group(name)).collect();
        let mut body = json!({ "value": page });
        let next = skipped.saturating_add(PAGE);
        if let (true, Some(members)) = (next < person.groups.len(), body.as_object_mut()) {
            let link = format!("{}{}?$skiptoken={next}", self.place.origin, call.uri.path());
            members.insert("@odata.nextLink".to_owned(), json!(link));
        }
        reply::json(StatusCode::OK, &body)
    }

    /// A property without a value is there, and null.
    fn user(&self, person: &Person) -> Value {
        let synchronised = person.security_id.is_some();
        json!({
            "id": self.id_of("user", &person.username),
            "displayName": person.display_name,
            "givenName": person.given_name,
            "surname": person.family_name,
            "mail": person.email,
            "userPrincipalName": person.upn,
            "accountEnabled": true,
            "userType": "Member",
            "onPremisesSecurityIdentifier": person.security_id,
            "onPremisesImmutableId": person.object_id_bytes().map(|bytes| STANDARD.encode(bytes)),
            "onPremisesUserPrincipalName": synchronised.then_some(&person.upn),
        })
    }

    fn group(&self, name: &str) -> Value {
        json!({ "@odata.type": "#microsoft.graph.group", "id": self.id_of("group", name), "displayName": name })
    }

    /// The issuer is `…/<tenant>/v2.0`.
    fn tenant(&self) -> &str {
        self.place.base.trim_start_matches('/').split('/').next().unwrap_or_default()
    }

    fn id_of(&self, kind: &str, name: &str) -> String {
        object_id(self.tenant(), kind, name)
    }
}

/// The id of an object (`user` or `group`) in the sandbox's tenant: a version 4 UUID that this tenant alone has for it.
#[must_use]
pub fn object_id(tenant: &str, kind: &str, name: &str) -> String {
    let text = format!("{tenant}\n{kind}\n{name}");
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    let bits = hash.as_ref().iter().take(16).fold(0_u128, |sum, byte| (sum << 8) | u128::from(*byte));
    let bits = (bits & !(0xf << 76)) | (0x4 << 76);
    let bits = (bits & !(0x3 << 62)) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    let cut = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", cut(0, 8), cut(8, 12), cut(12, 16), cut(16, 20), cut(20, 32))
}

fn refused(status: StatusCode, code: &str) -> Reply {
    reply::json(status, &json!({ "error": { "code": code, "message": "The sandbox refuses this." } }))
}
