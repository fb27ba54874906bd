//! Microsoft Graph: what a tenant says of its people, by a token of our own (AAD-08 to AAD-10, annex c.7).

use std::sync::Arc;
use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};
use tokio::sync::Mutex;
use url::Url;
use vestibule_certs::secret::Secret;
use vestibule_policies::claims::EntraIdentity;
use vestibule_policies::code::Code;
use vestibule_policies::object_id::ObjectId;
use vestibule_policies::raw::{RawAttributes, Source};
use vestibule_policies::security_id::SecurityId;
use vestibule_policies::time::Timestamp;

use crate::Check;
use crate::config::AzureAdConfig;
use crate::error::SignInError;
use crate::ports::Http;

use super::Client;
use super::discovery::Metadata;
use super::exchange;
use super::json::{get_json, object};

/// None but the first four of these is in Graph's default set.
const PROPERTIES: &str = "id,displayName,givenName,surname,mail,userPrincipalName,accountEnabled,userType,\
                          onPremisesSecurityIdentifier,onPremisesImmutableId,onPremisesUserPrincipalName";
/// A token is got anew so long before it ends.
const EARLY: Duration = Duration::from_mins(5);
/// The longest wait that Graph may ask a sign-in for.
const LONGEST_WAIT: u64 = 3;
/// Pages of groups that are read: roles and units share them, and a link may lead in a circle.
const MOST_PAGES: usize = 12;
/// Groups of one person that are read; who has more has none, as everywhere (`Mapped::dropped_groups` says so).
const MOST_GROUPS: usize = 5_000;

/// What everybody's Graph asks with.
type Caller<'a> = (&'a Client, &'a Metadata);

/// Graph for one tenant.
#[derive(Debug)]
pub(super) struct Graph {
    tenant: ObjectId,
    address: String,
    /// Where a Global Administrator agrees.
    consent: String,
    http: Arc<dyn Http>,
    held: Mutex<Option<Held>>,
}

#[derive(Debug)]
struct Held {
    token: Arc<Secret>,
    until: Timestamp,
}

impl Graph {
    pub(super) fn new(config: &AzureAdConfig, http: Arc<dyn Http>) -> Self {
        Self {
            tenant: config.tenant,
            address: config.graph.clone(),
            consent: config.consent_address(),
            http,
            held: Mutex::new(None),
        }
    }

    pub(super) const fn tenant(&self) -> ObjectId {
        self.tenant
    }

    /// The claims of somebody, with their groups, nested ones among them.
    pub(super) async fn person(
        &self,
        caller: Caller<'_>,
        id: ObjectId,
        now: Timestamp,
    ) -> Result<RawAttributes, SignInError> {
        let address = format!("{}/v1.0/users/{id}?$select={PROPERTIES}", self.address);
        let person = self.get(caller, &address, now).await?;
        // PRV-20: whoever is disabled at the provider does not come in, whatever a token says.
        if person.get("accountEnabled").and_then(Value::as_bool) != Some(true) {
            return Err(SignInError::new(Code::AadPerson, format!("{id} is disabled in the tenant")));
        }
        let mut attributes = claims(&person);
        let (ids, names) = self.groups(caller, id, now).await?;
        attributes.push("groups", ids, Source::Api);
        attributes.push(RawAttributes::GROUP_NAMES, names, Source::Api);
        Ok(attributes)
    }

    /// Ids and names, one for each.
    async fn groups(
        &self,
        caller: Caller<'_>,
        person: ObjectId,
        now: Timestamp,
    ) -> Result<(Vec<String>, Vec<String>), SignInError> {
        let first = format!(
            "{}/v1.0/users/{person}/transitiveMemberOf?$select=id,displayName&$top=999",
            self.address
        );
        let (mut ids, mut names, mut next) = (Vec::new(), Vec::new(), Some(first));
        for _ in 0..MOST_PAGES {
            let Some(address) = next else { return Ok((ids, names)) };
            let page = self.get(caller, &address, now).await?;
            let members = page.get("value").and_then(Value::as_array);
            let members = members.ok_or_else(|| unusable(&address, "there is no list in the answer"))?;
            // Roles and administrative units stand in the same list.
            let groups = members.iter().filter(|one| {
                one.get("@odata.type").and_then(Value::as_str) == Some("#microsoft.graph.group")
            });
            for group in groups {
                let Some(id) = group.get("id").and_then(Value::as_str) else { continue };
                let name =
                    group.get("displayName").and_then(Value::as_str).filter(|name| !name.trim().is_empty());
                ids.push(id.to_owned());
                names.push(name.unwrap_or(id).to_owned());
            }
            next = match page.get("@odata.nextLink") {
                // One more than is read says that there are too many.
                Some(_) if ids.len() > MOST_GROUPS => None,
                Some(Value::String(link)) => Some(self.onward(link)?),
                Some(_) => return Err(unusable(&address, "the link to the next page is none")),
                None => None,
            };
        }
        match next {
            // Half of somebody's groups would pass for all of them.
            Some(address) => Err(unusable(&address, "the list of groups does not end")),
            None => Ok((ids, names)),
        }
    }

    /// A link is followed on Graph alone: our token is for nobody else.
    fn onward(&self, link: &str) -> Result<String, SignInError> {
        let (own, theirs) = (Url::parse(&self.address), Url::parse(link));
        match (own, theirs) {
            (Ok(own), Ok(theirs)) if own.origin() == theirs.origin() => Ok(theirs.into()),
            _ => Err(unusable(&self.address, "a page of groups leads to another host")),
        }
    }

    /// One object. A token that ended early is got anew once, and a short wait is waited.
    async fn get(
        &self,
        caller: Caller<'_>,
        address: &str,
        now: Timestamp,
    ) -> Result<Map<String, Value>, SignInError> {
        let mut again = true;
        loop {
            let token = self.token(caller, now).await?;
            let answer = get_json(&*self.http, address, Some(token.expose())).await;
            let answer = answer.map_err(|reason| unusable(address, &reason))?;
            let (status, first) = (answer.status(), std::mem::replace(&mut again, false));
            match status {
                StatusCode::OK => return object(answer.body()).map_err(|reason| unusable(address, &reason)),
                StatusCode::UNAUTHORIZED if first => self.forget(&token).await,
                StatusCode::TOO_MANY_REQUESTS if first && wait(answer.headers()) <= LONGEST_WAIT => {
                    tokio::time::sleep(Duration::from_secs(wait(answer.headers()))).await;
                }
                _ => return Err(self.refusal(address, status, &answer)),
            }
        }
    }

    /// Another sign-in may hold a newer one already.
    async fn forget(&self, refused: &Arc<Secret>) {
        let mut held = self.held.lock().await;
        if held.as_ref().is_some_and(|held| Arc::ptr_eq(&held.token, refused)) {
            *held = None;
        }
    }

    fn refusal(&self, address: &str, status: StatusCode, answer: &http::Response<Vec<u8>>) -> SignInError {
        let said = object(answer.body()).ok();
        let said = said.as_ref().and_then(|body| body.get("error")?.get("code")?.as_str());
        let said: String = said.unwrap_or("no reason").chars().take(100).collect();
        let (code, reason) = match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => (
                Code::AadPermission,
                format!("an administrator agrees to what is missing at {}", self.consent),
            ),
            StatusCode::NOT_FOUND if address.contains("/v1.0/users/") => {
                (Code::AadPerson, "the tenant has nobody of this id".to_owned())
            }
            StatusCode::TOO_MANY_REQUESTS => {
                (Code::AadThrottled, format!("Graph asks for {} s of patience", wait(answer.headers())))
            }
            _ => (Code::AadGraph, "Graph is away".to_owned()),
        };
        SignInError::new(code, format!("{address} answered {status} ({said}): {reason}"))
    }

    /// Our own token; many sign-ins share one.
    async fn token(
        &self,
        (client, metadata): Caller<'_>,
        now: Timestamp,
    ) -> Result<Arc<Secret>, SignInError> {
        let mut held = self.held.lock().await;
        if let Some(held) = held.as_ref().filter(|held| now < held.until) {
            return Ok(Arc::clone(&held.token));
        }
        let scope = format!("{}/.default", self.address);
        let (token, lifetime) = exchange::own_token(&*self.http, client, metadata, scope).await?;
        let token = Arc::new(token);
        *held = Some(Held { token: Arc::clone(&token), until: now.plus(lifetime.saturating_sub(EARLY)) });
        Ok(token)
    }

    /// The secret, and what the application may read (AAD-06, AAD-20).
    pub(super) async fn check(&self, caller: Caller<'_>, now: Timestamp) -> Vec<Check> {
        let token = self.token(caller, now).await;
        let mut checks = vec![Check::new(
            "application token",
            token.as_ref().map(|_| "given".to_owned()).map_err(Clone::clone),
        )];
        if token.is_ok() {
            for (name, list, permission) in
                [("people", "users", "User.Read.All"), ("groups", "groups", "GroupMember.Read.All")]
            {
                let address = format!("{}/v1.0/{list}?$select=id&$top=1", self.address);
                let read = self.get(caller, &address, now).await;
                checks.push(Check::new(name, read.map(|_| format!("readable ({permission})"))));
            }
        }
        checks
    }
}

/// Graph's properties under the names of the claims. What came from a directory on premises is taken from there alone: the
/// tenant's own `id` is another thing than `objectGUID`.
fn claims(person: &Map<String, Value>) -> RawAttributes {
    let text = |name: &str| person.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let security_id = text("onPremisesSecurityIdentifier");
    // Anybody may be given an immutable id; it is an `objectGUID` where the account came from a directory.
    let object_id = text("onPremisesImmutableId").filter(|id| {
        security_id.is_some_and(|sid| SecurityId::parse_text(sid).is_ok()) && ObjectId::decode(id).is_ok()
    });
    let own_name = text("userPrincipalName");
    let mut attributes = RawAttributes::default();
    for (name, value) in [
        ("cip_sid", security_id),
        ("cip_oid", object_id),
        ("cip_upn", text("onPremisesUserPrincipalName").or(own_name)),
        ("cip_email", text("mail")),
        ("name", text("displayName")),
        ("given_name", text("givenName")),
        ("family_name", text("surname")),
    ] {
        attributes.push(name, value.map(str::to_owned).into_iter().collect(), Source::Api);
    }
    if text("userType") == Some("Guest") || own_name.is_some_and(|name| name.contains("#EXT#")) {
        attributes.push(EntraIdentity::GUEST, vec!["true".to_owned()], Source::Api);
    }
    attributes
}

/// Seconds that are asked for; without a word, long.
fn wait(headers: &HeaderMap) -> u64 {
    headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok()).unwrap_or(60)
}

fn unusable(address: &str, reason: &str) -> SignInError {
    SignInError::new(Code::AadGraph, format!("{address}: {reason}"))
}

#[cfg(test)]
mod tests;
