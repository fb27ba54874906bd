//! The end on the accounts host: a root session, its audit event and a hand-over code, all in one transaction.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::secret::Secret;
use vestibule_certs::token::Token;
use vestibule_policies::code::Code;
use vestibule_policies::edition::Audience;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::limits::Limits;
use vestibule_policies::name::HostName;
use vestibule_policies::time::Timestamp;

use crate::app::App;
use crate::audit;
use crate::deployment::Tenant;
use crate::http::cookie::{CookieName, Cookies, Numbered, SetCookie};
use crate::http::route::WorkspaceRoute;
use crate::http::visit::Visit;
use crate::session::facts::Facts;
use crate::signout;
use crate::store;
use crate::store::audit::append;
use crate::store::handovers::{self, Handover};
use crate::store::roots::upstream::{self, Upstream, UpstreamTags, hint_binding};
use crate::store::roots::{self, EndedBy, Key, RootId, RootRow};

use super::admission::{AccessGrant, For, Proven, SessionGrant};
use super::before::{Before, predates};
use super::transaction::{LIFETIME, Transaction};

/// How long a hand-over code may be on its way.
const HANDOVER: Duration = Duration::from_mins(1);
/// Roots in one browser; the oldest makes room.
const MOST_ROOTS: usize = 8;

/// For whom, and where to.
pub(super) struct Arrival<'a> {
    pub(super) tenant: &'a Tenant,
    pub(super) host: &'a HostName,
    pub(super) transaction: &'a Transaction,
    pub(super) before: Before,
}

/// What the browser gets.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) root: RootId,
    pub(super) cookies: Vec<SetCookie>,
    pub(super) code: Token,
}

/// Opens a root and hands it over to the workspace.
pub(super) async fn finish<A: For>(
    visit: &Visit<'_>,
    grant: SessionGrant<A>,
    arrival: Arrival<'_>,
) -> Result<Finished, Code> {
    let app = visit.app;
    let (token, code) = (fresh_token()?, fresh_token()?);
    let root = root(app, (&arrival, A::AUDIENCE), grant.into_proven(), &token)?;
    let handover = Handover {
        root: root.row.id,
        host: arrival.host.clone(),
        challenge: arrival.transaction.challenge_text(),
        expires: app.session_clock.now().plus(HANDOVER),
    };
    let events = audit::signed_in(visit, &root, arrival.host);
    let replaced = Replaced::by(app, &arrival, A::AUDIENCE);
    let (code_hash, row, fresh) = (code.hash(), root.row.clone(), (root.row, root.facts));
    let (upstream, started) = (root.upstream, arrival.transaction.started);
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            let Some(ended) = replaced.end(transaction).await? else { return Ok(None) };
            if began_before_its_end(transaction, &upstream.tags, started).await? {
                return Ok(None);
            }
            roots::insert(transaction, &row, &upstream).await?;
            handovers::insert(transaction, &code_hash, &handover).await?;
            for event in &events {
                append(transaction, event).await?;
            }
            Ok(Some(ended))
        })
    });
    // The person signed out while the provider was asked, here or there.
    let ended = write.await.map_err(|error| error.code())?.ok_or(Code::OidcFresh)?;
    for id in ended {
        app.sessions.forget(id);
    }
    app.sessions.keep_fresh(&fresh.0, fresh.1);
    app.metrics.succeeded();
    let name = CookieName::root(arrival.tenant.organization.id, A::AUDIENCE);
    let mut cookies = make_room(visit, &name).await;
    cookies.push(SetCookie::Keep(name, token.as_str().to_owned()));
    Ok(Finished { root: fresh.0.id, cookies, code })
}

/// Whether the provider ended this session, or all of this person's, since the sign-in began.
async fn began_before_its_end(
    transaction: &mut store::Transaction,
    upstream: &UpstreamTags,
    started: Timestamp,
) -> Result<bool, sqlx::Error> {
    let remembered = upstream::remembered_end(transaction, upstream).await?;
    Ok(remembered.is_some_and(|until| started < until.minus(LIFETIME)))
}

/// Roots that the new one takes the place of: a browser holds one for an organisation.
struct Replaced {
    organization: OrganizationId,
    audience: Audience,
    siblings: Vec<Key>,
    this: Transaction,
    now: Timestamp,
    wall: Timestamp,
}

impl Replaced {
    fn by(app: &App, arrival: &Arrival<'_>, audience: Audience) -> Self {
        Self {
            organization: arrival.tenant.organization.id,
            audience,
            siblings: arrival.before.siblings(),
            this: arrival.transaction.clone(),
            now: app.session_clock.now(),
            wall: app.wall.now(),
        }
    }

    /// Ends them. Nothing, and nothing is written, if their person signed out since this sign-in began: what was true when
    /// the answer arrived need not be true any more.
    async fn end(self, transaction: &mut store::Transaction) -> Result<Option<Vec<RootId>>, sqlx::Error> {
        let mut found = Vec::with_capacity(self.siblings.len());
        for key in &self.siblings {
            if let Some(sibling) =
                roots::sibling(transaction, (self.organization, self.audience), key).await?
            {
                if sibling.signed_out.is_some_and(|at| predates(&self.this, at)) {
                    return Ok(None);
                }
                found.push(sibling.id);
            }
        }
        for &id in &found {
            let reason = EndedBy::NewSignIn;
            if roots::end(transaction, id, reason, self.now).await? {
                append(transaction, &audit::session_ended(self.wall, self.organization, id, reason, None))
                    .await?;
            }
            roots::mark_succeeded(transaction, id).await?;
        }
        Ok(Some(found))
    }
}

/// Hands a living root over to one more host.
///
/// # Errors
/// When the store cannot be written.
pub(super) async fn hand_over(
    visit: &Visit<'_>,
    grant: AccessGrant,
    challenge: String,
) -> Result<Token, Code> {
    let app = visit.app;
    let code = fresh_token()?;
    let handover = Handover {
        root: grant.root().id,
        host: grant.host().clone(),
        challenge,
        expires: app.session_clock.now().plus(HANDOVER),
    };
    let event = audit::entered(visit, grant.root(), grant.host());
    let hash = code.hash();
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            handovers::insert(transaction, &hash, &handover).await?;
            append(transaction, &event).await
        })
    });
    write.await.map_err(|error| error.code())?;
    Ok(code)
}

/// Where a host takes its hand-over.
#[must_use]
pub(super) fn complete_address(origin: &str, code: &Token) -> String {
    format!("{origin}{}?code={}", WorkspaceRoute::Complete.path().unwrap_or_default(), code.as_str())
}

fn fresh_token() -> Result<Token, Code> {
    Token::generate().map_err(|_| Code::Internal)
}

/// A root before it stands in the store.
pub(crate) struct NewRoot {
    pub(crate) row: RootRow,
    pub(crate) facts: Facts,
    pub(crate) evidence: vestibule_providers::verified::Evidence,
    pub(crate) dropped_groups: Vec<String>,
    pub(crate) upstream: Upstream,
}

fn root(
    app: &App,
    (arrival, audience): (&Arrival<'_>, Audience),
    proven: Proven,
    token: &Token,
) -> Result<NewRoot, Code> {
    let organization = &arrival.tenant.organization;
    let principal = proven.principal.canonical_bytes();
    // Stable in the organisation, and of no use to link a person across two of them.
    let pseudonym = app.keys.mac(Purpose::Pseudonym).tag(&[organization.id.as_bytes(), &principal]);
    let ends_at = proven.upstream.ends_at;
    let tags = signout::upstream::tags(&app.keys, &proven.connection, &proven.upstream);
    let facts = Facts {
        subject: URL_SAFE_NO_PAD.encode(pseudonym),
        connection: proven.connection.name.clone(),
        kind: proven.connection.kind.as_str().to_owned(),
        organization: organization.slug.to_string(),
        claims: proven.claims,
        upstream: proven.upstream,
    };
    let id = RootId::generate().map_err(|_| Code::Internal)?;
    let seal = |hint: Arc<Secret>| {
        let sealed = app.keys.sealer(Purpose::Rows).seal(hint.expose().as_bytes(), &hint_binding(id));
        sealed.map_err(|_| Code::Internal)
    };
    let hint = proven.hint.map(seal).transpose()?;
    let now = app.session_clock.now();
    let row = RootRow {
        id,
        token: token.hash(),
        organization: organization.id,
        connection: proven.connection.id,
        audience,
        principal: roots::principal_hash(&proven.principal),
        facts: facts.seal(id, &app.keys).map_err(|_| Code::Internal)?,
        started: now,
        last_activity: now,
        granted: capped(organization.sessions.of(audience), ends_at.map(|end| end.since(app.wall.now()))),
        ended: None,
        succeeded: false,
        origin: arrival.transaction.spend_id(),
    };
    Ok(NewRoot {
        row,
        facts,
        evidence: proven.evidence,
        dropped_groups: proven.dropped_groups,
        upstream: Upstream { tags, hint },
    })
}

/// The provider may end its session sooner than we would ours, never later (saml-core §2.7.2).
fn capped(limits: Limits, left: Option<Duration>) -> Limits {
    Limits { maximum: left.map_or(limits.maximum, |left| limits.maximum.min(left)), ..limits }
}

/// Browsers send every root with every request to the accounts host: at most eight of them.
async fn make_room(visit: &Visit<'_>, coming: &CookieName) -> Vec<SetCookie> {
    let cookies: Cookies<'_> = visit.cookies();
    let is_own = |id: &str| matches!(coming, CookieName::SignIn(own) if own == id);
    let others: Vec<_> = cookies.numbered(Numbered::SignIn).filter(|(id, _)| !is_own(id)).collect();
    if others.len() < MOST_ROOTS {
        return Vec::new();
    }
    let mut known = Vec::with_capacity(others.len());
    for (id, value) in others {
        let started = match Token::hash_of(value) {
            Some(token) => roots::by_token(visit.app.store.readers(), &token).await.ok().flatten(),
            None => None,
        };
        known.push((started.filter(|row| row.ended.is_none()).map(|row| row.started), id));
    }
    known.sort();
    let surplus = known.len() + 1 - MOST_ROOTS;
    known
        .into_iter()
        .take(surplus)
        .map(|(_, id)| SetCookie::Drop(CookieName::SignIn(id.to_owned())))
        .collect()
}
