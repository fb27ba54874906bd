//! The end of a built-in sign-in: one organisation, admission, and a session of its console.

use http::StatusCode;
use vestibule_policies::claims::{ClaimName, Claims};
use vestibule_policies::code::Code;
use vestibule_policies::edition::{Audience, KindName};
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::mapping::ClaimNames;
use vestibule_policies::name::ConnectionName;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_providers::SignInError;
use vestibule_providers::step::UpstreamSession;
use vestibule_providers::verified::Evidence;

use crate::deployment::Tenant;
use crate::http::reply::{self, Reply};
use crate::http::visit::Visit;
use crate::pages::{self, OnwardPage};
use crate::person::{self, Person};
use crate::session::guard;
use crate::store::roots::EndedBy;
use crate::store::spends::{Spend, spend};

use super::super::admission::{self, Administrator, Proven};
use super::super::before::Before;
use super::super::directory;
use super::super::finish::{self, Arrival, complete_address};
use super::super::ticket;
use super::form::Sitting;
use super::join;
use super::organization;
use super::sign_in::account;
use super::steps::PersonProof;

/// Where a person who is proved goes on: to the organisation that they came for, to their only one, or to the question which.
pub(super) async fn go_on(
    visit: &Visit<'_>,
    sitting: Sitting,
    proof: PersonProof,
) -> Result<Reply, SignInError> {
    let sitting = &match &sitting.link {
        Some(link) => {
            let slug = join::accept(visit, link, &proof).await?;
            sitting.towards(slug)
        }
        None => sitting,
    };
    let deployment = visit.app.deployment.load();
    let member = |tenant: &&std::sync::Arc<Tenant>| tenant.organization.membership(proof.person()).is_some();
    let mine: Vec<_> = deployment.tenants().filter(member).collect();
    let wished = sitting.organization.as_ref();
    let wished = wished.and_then(|slug| mine.iter().find(|tenant| tenant.organization.slug == *slug));
    match (wished, mine.as_slice()) {
        (Some(tenant), _) => open(visit, sitting, tenant, &proof).await,
        // Whoever wished for another one is asked, so that nobody works in an organisation that they did not mean.
        (None, [tenant]) if sitting.organization.is_none() => open(visit, sitting, tenant, &proof).await,
        (None, []) => {
            let reason = "the person is an administrator of no organisation";
            Err(SignInError::new(Code::AdmissionMembership, reason))
        }
        (None, several) => organization::ask(visit, sitting, (proof, several)).await,
    }
}

/// Opens a session of one organisation's console, and leads there.
pub(super) async fn open(
    visit: &Visit<'_>,
    sitting: &Sitting,
    tenant: &Tenant,
    proof: &PersonProof,
) -> Result<Reply, SignInError> {
    let app = visit.app;
    let gone =
        || SignInError::new(Code::AdmissionHost, "the console's host of this sign-in is no longer one");
    let host = sitting.host(app).ok_or_else(gone)?;
    let person = person::look(&app.store, &app.keys, proof.person()).await?;
    let person = person.filter(|person| proof.is_of(&person.record)).ok_or_else(ticket::none)?;
    let transaction = &sitting.transaction;
    once(visit, sitting).await?;
    let before = Before::of(visit, (tenant, Audience::Administrator), transaction)
        .await
        .map_err(|code| SignInError::new(code, "the browser's root session cannot be read"))?;
    let proven = proven(visit, &person, proof)?;
    let grant = admission::enter::<Administrator>(tenant, &host, proven)
        .map_err(|refusal| SignInError::new(refusal.code(), format!("admission: {refusal:?}")))?;
    let arrival = Arrival { tenant, host: &host, transaction, before };
    let finished = finish::finish(visit, grant, arrival)
        .await
        .map_err(|code| SignInError::new(code, "the session could not be opened"))?;
    // A change of the password ends the sessions that stand when it is written. One that was written a moment before this one's sees it
    // here.
    let now = person::look(&app.store, &app.keys, person.id).await?;
    if !now.is_some_and(|now| proof.is_of(&now.record)) {
        let ended = guard::end(app, tenant.organization.id, finished.root, EndedBy::Elsewhere, None).await;
        ended
            .map_err(|code| SignInError::new(code, "a session whose password changed could not be ended"))?;
        return Err(ticket::none());
    }
    let mut cookies = finished.cookies;
    cookies.push(transaction.drop_cookie());
    cookies.extend(directory::remember_device(visit, &account(person.id)));
    let url = complete_address(&app.settings().origin(&host), &finished.code);
    let page = OnwardPage { url: &url, organization: &tenant.organization.name };
    let scheme = app.settings().scheme;
    let mut reply = reply::page(StatusCode::OK, pages::onward(&page, visit.language()), scheme);
    reply::set_cookies(&mut reply, &cookies, scheme);
    Ok(reply)
}

/// A sign-in is completed once, also after a restart; of two submissions at once one wins.
async fn once(visit: &Visit<'_>, sitting: &Sitting) -> Result<(), SignInError> {
    let (id, until) = (sitting.transaction.spend_id(), sitting.transaction.expires());
    let write = visit
        .app
        .store
        .write_one(move |transaction| Box::pin(async move { spend(transaction, &id, until).await }));
    match write.await? {
        Spend::First => Ok(()),
        Spend::Again => Err(SignInError::new(Code::SignInReplay, "this sign-in was used before")),
    }
}

/// The person in the form in which admission and sessions know everybody.
fn proven(visit: &Visit<'_>, person: &Person, proof: &PersonProof) -> Result<Proven, SignInError> {
    let issuer = visit.app.accounts_origin();
    let profile = &person.record.profile;
    let name = ConnectionName::parse("built-in")
        .map_err(|_| SignInError::new(Code::Internal, "the built-in identity has no name"))?;
    let claims = Claims {
        email: Some(profile.email.clone()),
        display_name: Some(profile.display_name.clone()),
        provenance: std::iter::once((ClaimName::Email.outside().to_owned(), "built-in".to_owned())).collect(),
        ..Claims::default()
    };
    Ok(Proven {
        connection: ConnectionPolicy {
            id: ConnectionId::BUILT_IN,
            name,
            enabled: true,
            kind: KindName::Local,
            authority: issuer.clone(),
            directories: Vec::new(),
            any_directory: false,
            required: Vec::new(),
            names: ClaimNames::default(),
            resolve_from: None,
        },
        principal: person::principal(person.id),
        claims,
        upstream: UpstreamSession {
            issuer: issuer.clone(),
            subject: person.id.to_string(),
            session_id: None,
            name_id: None,
            ends_at: None,
            authenticated_at: visit.app.wall.now(),
            methods: proof.methods().to_vec(),
            context: None,
            account: None,
        },
        hint: None,
        evidence: Evidence { issuer, key_id: None, algorithm: "built-in" },
        person: Some(person.id),
        dropped_groups: Vec::new(),
    })
}
