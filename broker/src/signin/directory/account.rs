//! A person's own page in one organisation: their password in the directory, and their device for one-time codes (AD-20, TOK-06).
//!
//! Whoever holds the browser's session still gives the current password, and to take a device away its current code. The session
//! that did it stays; the person's others end.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Method, StatusCode};
use hyper::body::Incoming;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::random;
use vestibule_certs::secret::Secret;
use vestibule_certs::token::Token;
use vestibule_policies::admission::Question;
use vestibule_policies::claims::PrincipalKey;
use vestibule_policies::code::Code;
use vestibule_policies::edition::Audience;
use vestibule_policies::name::Slug;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_policies::totp;
use vestibule_providers::step::{Context, Freshness, Proof, Seed};
use vestibule_providers::verified::Verified;
use vestibule_providers::{Answer, SignInError, Step};

use crate::audit::{self, Evidence};
use crate::deployment::{Deployment, Tenant};
use crate::http::cookie::CookieName;
use crate::http::form::Form;
use crate::http::reply::{self, Reply};
use crate::http::route::AccountsRoute;
use crate::http::visit::Visit;
use crate::pages::{
    self, AccountClosedPage, AccountNotice, AccountPage, AccountProblem, Change, ChangePasswordPage,
    ChangeProblem, DeviceFact,
};
use crate::session::{Found, Root, guard};
use crate::store;
use crate::store::audit::append;
use crate::store::devices::{self, Owner};
use crate::store::roots::{self, RootId};

use super::super::admission;
use super::super::start;
use super::super::stop::{Particulars, Stop};
use super::AttemptGate;
use super::change::{self, Typed};
use super::form::{self, check_shown, posted};
use super::tokens::{self, Presented};

/// Somebody who is signed in here through a directory.
struct Signed<'a> {
    tenant: &'a Tenant,
    connection: &'a ConnectionPolicy,
    root: Arc<Root>,
    owner: Owner,
}

/// Answers `GET /account/<slug>`.
///
/// # Errors
/// When there is no such organisation, or the store cannot be read.
pub(crate) async fn account(visit: &Visit<'_>, slug: &Slug) -> Result<Reply, Stop> {
    check_shown(visit)?;
    let deployment = visit.app.deployment.load();
    match signed(visit, &deployment, slug).await? {
        Ok(signed) => page(visit, &signed, (None, None)).await,
        Err(closed) => Ok(closed),
    }
}

/// Answers `/account/<slug>/password`: the form, and what was typed.
///
/// # Errors
/// When there is no such organisation, the form is not ours, or the directory cannot be asked.
pub(crate) async fn password(visit: &Visit<'_>, slug: &Slug, body: Incoming) -> Result<Reply, Stop> {
    let form = if visit.parts.method == Method::POST {
        Some(posted(visit, body).await?)
    } else {
        check_shown(visit)?;
        None
    };
    let deployment = visit.app.deployment.load();
    let signed = match signed(visit, &deployment, slug).await? {
        Ok(signed) => signed,
        Err(closed) => return Ok(closed),
    };
    let Some(form) = form else { return Ok(signed.change_page(visit, None)) };
    signed.check_token(visit, &form)?;
    let typed = match Typed::read(&form) {
        Ok(typed) => typed,
        Err(problem) => return Ok(signed.change_page(visit, Some(problem))),
    };
    // First who it is: a name that is somebody else's by now must not have their password changed.
    let proved = match signed.prove(visit, typed.current(signed.name())).await {
        Ok(_) => signed.prove(visit, typed.answer(signed.name())).await,
        Err(error) => Err(error),
    };
    match proved {
        Ok(proof) => {
            signed.password_changed(visit, &proof).await?;
            page(visit, &signed, (Some(AccountNotice::PasswordChanged), None)).await
        }
        Err(error) => match change::problem(error.code) {
            Some(problem) => {
                signed.refused(visit, &error).await?;
                Ok(signed.change_page(visit, Some(problem)))
            }
            None => Err(signed.stop(error)),
        },
    }
}

/// Answers `POST /account/<slug>/device`: takes the device away, after the current password and its current code.
///
/// # Errors
/// When there is no such organisation, the form is not ours, or the directory cannot be asked.
pub(crate) async fn device(visit: &Visit<'_>, slug: &Slug, body: Incoming) -> Result<Reply, Stop> {
    let form = posted(visit, body).await?;
    let deployment = visit.app.deployment.load();
    let signed = match signed(visit, &deployment, slug).await? {
        Ok(signed) => signed,
        Err(closed) => return Ok(closed),
    };
    signed.check_token(visit, &form)?;
    let (typed, code) =
        (form.only("current_password").unwrap_or_default(), form.only("code").unwrap_or_default());
    if typed.is_empty() || code.trim().is_empty() {
        return page(visit, &signed, (None, Some(AccountProblem::Missing))).await;
    }
    let answer = Answer::Password { name: signed.name().to_owned(), password: Secret::new(typed.to_owned()) };
    if let Err(error) = signed.prove(visit, answer).await {
        if error.code != Code::AdCredentials {
            return Err(signed.stop(error));
        }
        signed.refused(visit, &error).await?;
        return page(visit, &signed, (None, Some(AccountProblem::Wrong))).await;
    }
    let Some(code) = totp::Code::parse(code) else {
        return page(visit, &signed, (None, Some(AccountProblem::Code))).await;
    };
    match signed.remove_device(visit, code).await? {
        Presented::Right | Presented::Nothing => {
            page(visit, &signed, (Some(AccountNotice::DeviceRemoved), None)).await
        }
        Presented::Refused(refusal) => {
            let error = tokens::refusal(refusal);
            if error.code != Code::TokenCode {
                return Err(signed.stop(error));
            }
            signed.refused(visit, &error).await?;
            page(visit, &signed, (None, Some(AccountProblem::Code))).await
        }
    }
}

/// Who is signed in at this organisation in this browser; else the page that says that nobody is.
async fn signed<'a>(
    visit: &Visit<'_>,
    deployment: &'a Deployment,
    slug: &Slug,
) -> Result<Result<Signed<'a>, Reply>, Stop> {
    let app = visit.app;
    let tenant = deployment.by_slug(slug);
    let tenant = tenant.ok_or_else(|| Stop::because(Code::NotFound, "there is no such organisation"))?;
    let name = CookieName::root(tenant.organization.id, Audience::Subscriber);
    let Some(token) = visit.cookies().value(&name).and_then(Token::hash_of) else {
        return Ok(Err(closed(visit, tenant)));
    };
    if !app.freshness.holds() {
        return Err(Stop::because(Code::StoreLost, "the change feed was not read for too long"));
    }
    let lost = |error: store::StoreError| Stop::because(error.code(), &error.to_string()).at(tenant);
    let Found::Live(root) = app.sessions.root(&app.store, &app.keys, &token).await.map_err(lost)? else {
        return Ok(Err(closed(visit, tenant)));
    };
    let connection = tenant.organization.connection(root.connection).filter(|one| one.is_directory());
    let remains = || admission::ask(Question::Remain, tenant, &root, None).is_ok();
    match connection {
        Some(connection) if start::lives(visit, tenant, &root) && remains() => {
            let owner = owner(tenant, connection, &root);
            Ok(Ok(Signed { tenant, connection, root, owner }))
        }
        _ => Ok(Err(closed(visit, tenant))),
    }
}

fn owner(tenant: &Tenant, connection: &ConnectionPolicy, root: &Root) -> Owner {
    let upstream = &root.facts.upstream;
    let directories = &tenant.organization.directories;
    let principal =
        PrincipalKey::of(&root.facts.claims, connection, directories, &upstream.issuer, &upstream.subject);
    Owner::of(tenant.organization.id, &principal)
}

fn workspace(visit: &Visit<'_>, tenant: &Tenant) -> String {
    let host = tenant.organization.workspaces.first();
    host.map_or_else(|| "/".to_owned(), |host| format!("{}/", visit.app.settings().origin(host)))
}

fn closed(visit: &Visit<'_>, tenant: &Tenant) -> Reply {
    let page =
        AccountClosedPage { organization: &tenant.organization.name, workspace: &workspace(visit, tenant) };
    let page = pages::account_closed(&page, visit.language());
    reply::page(StatusCode::FORBIDDEN, page, visit.app.settings().scheme)
}

async fn page(
    visit: &Visit<'_>,
    signed: &Signed<'_>,
    (notice, problem): (Option<AccountNotice>, Option<AccountProblem>),
) -> Result<Reply, Stop> {
    let device = tokens::look(visit.app, &signed.owner).await.map_err(|error| signed.stop(error))?;
    let registered = device.map(|row| crate::session::view::rfc3339(row.registered));
    let day = registered.as_ref().and_then(|text| text.get(..10));
    let slug = &signed.tenant.organization.slug;
    let page = AccountPage {
        organization: &signed.tenant.organization.name,
        person: signed.name(),
        workspace: &workspace(visit, signed.tenant),
        change_password: &AccountsRoute::AccountPassword(slug.clone()).path(),
        device: day.map(|registered| DeviceFact { registered }),
        reset_device: &AccountsRoute::AccountDevice(slug.clone()).path(),
        form_token: &signed.token(visit),
        notice,
        problem,
    };
    let status = form::status(match problem {
        Some(AccountProblem::Wrong) => Some(Code::AdCredentials),
        Some(AccountProblem::Code) => Some(Code::TokenCode),
        Some(AccountProblem::Missing) | None => None,
    });
    Ok(reply::page(status, pages::account(&page, visit.language()), visit.app.settings().scheme))
}

impl Signed<'_> {
    /// As whom the directory knows the person.
    fn name(&self) -> &str {
        self.root.facts.claims.principal_name().unwrap_or_default()
    }

    fn token(&self, visit: &Visit<'_>) -> String {
        let id = self.root.id.to_string();
        URL_SAFE_NO_PAD.encode(visit.app.keys.mac(Purpose::Cookies).tag(&[b"account", id.as_bytes()]))
    }

    fn check_token(&self, visit: &Visit<'_>, form: &Form) -> Result<(), Stop> {
        form::check_sent(form, &self.token(visit), self.tenant)
    }

    fn change_page(&self, visit: &Visit<'_>, problem: Option<ChangeProblem>) -> Reply {
        let page = ChangePasswordPage {
            organization: &self.tenant.organization.name,
            action: &AccountsRoute::AccountPassword(self.tenant.organization.slug.clone()).path(),
            form_token: &self.token(visit),
            name: self.name(),
            why: Change::Wish,
            problem,
        };
        let page = pages::change_password(&page, visit.language());
        let status = form::status(problem.and_then(change::refusal));
        reply::page(status, page, visit.app.settings().scheme)
    }

    /// Proves that it is still the person of this session, and nobody else with the name that they had.
    async fn prove(&self, visit: &Visit<'_>, answer: Answer) -> Result<Verified<Proof>, SignInError> {
        let app = visit.app;
        let internal = |what: &str| SignInError::new(Code::Internal, what);
        let provider = self.tenant.provider(self.connection.id).ok_or_else(|| internal("no provider"))?;
        let gate = AttemptGate::at(visit, self.tenant, self.connection)?;
        let seed = Seed::from_bytes(random::bytes().map_err(|_| internal("no randomness"))?);
        let context = Context {
            now: app.wall.now(),
            seed: &seed,
            state: "",
            redirect_uri: "",
            entity_id: "",
            started: app.wall.now(),
            freshness: Freshness::Any,
            gate: Some(&gate),
        };
        match provider.advance(&context, answer).await? {
            Step::Done(proof) if proof.value().upstream.subject == self.root.facts.upstream.subject => {
                Ok(*proof)
            }
            Step::Done(_) => {
                let reason = "the name of this session's person is another person's by now";
                Err(SignInError::new(Code::AdCredentials, reason).with_cause("another-person"))
            }
            Step::Prompt(_) => {
                Err(SignInError::new(Code::AdPasswordDue, "the password has to be changed first"))
            }
            Step::Redirect(_) | Step::PostForm(_) => Err(internal("a directory sends nobody away")),
        }
    }

    async fn password_changed(&self, visit: &Visit<'_>, proof: &Verified<Proof>) -> Result<(), Stop> {
        // When it was proved first, and by what, stays as it was; the directory's mark is what changed.
        let mut facts = self.root.facts.clone();
        facts.upstream.account = proof.value().upstream.account;
        let sealed = facts.seal(self.root.id, &visit.app.keys);
        let sealed =
            sealed.map_err(|_| self.stop(SignInError::new(Code::Internal, "the facts cannot be sealed")))?;
        let event =
            audit::about_person(visit, self.owner.organization, "password.changed", &self.root.facts.claims);
        let (this, owner) = (self.root.id, self.owner.clone());
        let (now, wall) = (visit.app.session_clock.now(), visit.app.wall.now());
        let write = visit.app.store.write(move |transaction| {
            Box::pin(async move {
                roots::keep_facts(transaction, this, &sealed).await?;
                append(transaction, &event).await?;
                guard::end_of_person(transaction, &owner, Some(this), (now, wall)).await
            })
        });
        self.forget(visit, write.await)
    }

    async fn remove_device(&self, visit: &Visit<'_>, code: totp::Code) -> Result<Presented, Stop> {
        let app = visit.app;
        let name_tag = tokens::name_tag_of(&app.keys, self.owner.organization, &self.root.facts.claims);
        let event =
            audit::about_person(visit, self.owner.organization, "token.removed", &self.root.facts.claims);
        let (this, owner, keys) = (self.root.id, self.owner.clone(), Arc::clone(&app.keys));
        let at = tokens::moment(app);
        let write = app.store.write(move |transaction| {
            Box::pin(async move {
                let presented = tokens::present(transaction, &keys, &owner, (&code, at), &name_tag).await?;
                if presented != Presented::Right {
                    return Ok((presented, Vec::new()));
                }
                devices::remove(transaction, &owner).await?;
                append(transaction, &event).await?;
                let ended =
                    guard::end_of_person(transaction, &owner, Some(this), (at.session, at.wall)).await?;
                Ok((presented, ended))
            })
        });
        let (presented, ended) = match write.await {
            Ok((presented, ended)) => (Ok(presented), Ok(ended)),
            Err(error) => (Err(error.code()), Err(error)),
        };
        self.forget(visit, ended)?;
        presented.map_err(|code| Stop::because(code, "the device could not be looked at").at(self.tenant))
    }

    fn forget(&self, visit: &Visit<'_>, ended: Result<Vec<RootId>, store::StoreError>) -> Result<(), Stop> {
        let ended = ended.map_err(|error| Stop::because(error.code(), &error.to_string()).at(self.tenant))?;
        for id in ended {
            visit.app.sessions.forget(id);
        }
        Ok(())
    }

    async fn refused(&self, visit: &Visit<'_>, error: &SignInError) -> Result<(), Stop> {
        let event = audit::sign_in_refused(visit, error, Some(self.owner.organization), &self.particulars());
        visit.app.metrics.refused(error.code);
        let written = visit.app.audit.write(&visit.app.store, event, Evidence::Transaction).await;
        written.map_err(|failed| Stop::because(failed.code(), &failed.to_string()).at(self.tenant))
    }

    fn particulars(&self) -> Particulars {
        Particulars {
            connection: Some(self.connection.name.to_string()),
            host: None,
            subject: Some(self.root.facts.upstream.subject.clone()),
        }
    }

    fn stop(&self, error: SignInError) -> Stop {
        Stop::new(error).at(self.tenant).of_a_transaction().about(self.particulars())
    }
}
