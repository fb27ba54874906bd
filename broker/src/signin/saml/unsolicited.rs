//! A sign-in that the provider began, where a connection allows it: nothing opens by itself (SML-15, SAML-31).
//!
//! Whoever posts a response may have posted it into somebody else's browser. So a page names organisation and person, and only
//! its button, bound to a cookie that was set with the page, starts the workspace's sign-in, which then takes the response.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use hyper::body::Incoming;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::secret::same;
use vestibule_policies::claims::Claims;
use vestibule_policies::code::Code;
use vestibule_providers::saml::fault::SamlFault;
use vestibule_providers::{Answer, SignInError};

use crate::app::App;
use crate::deployment::Tenant;
use crate::http::cookie::{CookieName, Numbered, SetCookie};
use crate::http::form::Form;
use crate::http::origin::check_origin;
use crate::http::reply::{self, Reply};
use crate::http::route::WorkspaceRoute;
use crate::http::visit::Visit;
use crate::pages::{self, ArrivalPage, OnwardPage};

use super::super::arrive::{Also, Arrival};
use super::super::dispatch;
use super::super::handoff::Wanted;
use super::super::landing;
use super::super::start::Request;
use super::super::stop::Stop;
use super::super::transaction::Transaction;
use super::waiting::{self, Waiting};

const LARGEST_FORM: usize = 16 * 1024;

/// Whether the person pressed the button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Asked,
    Given,
}

/// The page that asks.
pub(super) async fn ask(visit: &Visit<'_>, code: &str, waiting: &Waiting) -> Result<Reply, Stop> {
    let app = visit.app;
    let deployment = app.deployment.load();
    let tenant = deployment.by_connection(waiting.connection).ok_or_else(gone)?;
    let at = |error: SignInError| Stop::new(error).at(tenant);
    let claims = claims(visit, tenant, waiting).await.map_err(at)?;
    let host = tenant.organization.workspaces.first();
    let host = host
        .ok_or_else(|| Stop::because(Code::AdmissionHost, "the organisation has no workspace").at(tenant))?;
    let number = number_of(app, code);
    // Never a display name: people choose theirs, and this page is to tell one person from another.
    let upn = claims.principal_name();
    let email = claims.email.as_ref().map(vestibule_policies::Email::as_str);
    let page = ArrivalPage {
        organization: &tenant.organization.name,
        person: upn.or(email).unwrap_or_default(),
        workspace: &format!("{}/", app.settings().origin(host)),
        form_token: &form_token(app, &number, code),
        code,
    };
    let mut reply =
        reply::page(StatusCode::OK, pages::arrival(&page, visit.language()), app.settings().scheme);
    let cookie = keep(app, number, code, Word::Asked)
        .map_err(|code| Stop::because(code, "the cookie cannot be sealed"))?;
    reply::set_cookies(&mut reply, &[cookie], app.settings().scheme);
    Ok(reply)
}

fn gone() -> Stop {
    Stop::because(Code::AdmissionConnection, "the answer is for a connection that is no longer there")
}

/// Whom the response names, mapped as a sign-in maps it.
async fn claims(visit: &Visit<'_>, tenant: &Tenant, waiting: &Waiting) -> Result<Claims, SignInError> {
    let internal = |what: &str| SignInError::new(Code::Internal, what);
    let host = tenant.organization.workspaces.first().ok_or_else(|| internal("no workspace"))?;
    let request = Request { host: host.clone(), challenge: [0; 32], wanted: Wanted::Session };
    let arrival = arrival(visit.app, tenant, waiting, &request)?;
    let proof = arrival.prove(visit.app, Answer::Response(waiting.response.clone()), None).await?;
    dispatch::claims(tenant, arrival.connection, &proof, visit.app.wall.now()).await
}

/// The button: `POST /landing`.
///
/// # Errors
/// Where the sign-in stops.
pub async fn agreed(visit: &Visit<'_>, body: Incoming) -> Result<Reply, Stop> {
    let app = visit.app;
    let refuse = |code, reason: &str| Stop::because(code, reason);
    check_origin(&visit.parts.headers, &app.accounts_origin())
        .map_err(|code| refuse(code, "the button was pressed on another origin"))?;
    let form = Form::read(visit.parts, body, LARGEST_FORM)
        .await
        .map_err(|code| refuse(code, "the form cannot be read"))?;
    let token = || refuse(Code::RequestFormToken, "the form is not the one that this browser was shown");
    let (Ok(code), Ok(sent)) = (form.only("code"), form.only("form_token")) else { return Err(token()) };
    let cookies = visit.cookies();
    let kept = cookies.numbered(Numbered::Transaction).find(|(number, value)| {
        open(app, number, value).is_some_and(|(kept, _)| same(kept.as_bytes(), code.as_bytes()))
    });
    let (number, _) =
        kept.ok_or_else(|| refuse(Code::SignInCookie, "the cookie of this page did not come back"))?;
    if !same(sent.as_bytes(), form_token(app, number, code).as_bytes()) {
        return Err(token());
    }
    let waiting = waiting::find(app, code).await.map_err(Stop::new)?;
    let waiting = waiting.ok_or_else(|| refuse(Code::SignInExpired, "the response waited for too long"))?;
    let deployment = app.deployment.load();
    let tenant = deployment.by_connection(waiting.connection).ok_or_else(gone)?;
    let host = tenant.organization.workspaces.first();
    let host =
        host.ok_or_else(|| refuse(Code::AdmissionHost, "the organisation has no workspace").at(tenant))?;
    let given = keep(app, number.to_owned(), code, Word::Given)
        .map_err(|code| refuse(code, "the cookie cannot be sealed"))?;
    // Always the workspace's own start: whatever the provider sent as relay state leads nowhere (SAML-31).
    let path = WorkspaceRoute::SignIn.path().unwrap_or_default();
    let url = format!("{}{path}?to=%2F", app.settings().origin(host));
    let page = OnwardPage { url: &url, organization: &tenant.organization.name };
    let mut reply =
        reply::page(StatusCode::OK, pages::onward(&page, visit.language()), app.settings().scheme);
    reply::set_cookies(&mut reply, &[given], app.settings().scheme);
    Ok(reply)
}

/// A response that the person agreed to, in this browser, for this organisation.
pub(in super::super) struct Agreed {
    number: String,
    waiting: Waiting,
}

/// Finds one. After the minute that it waits the sign-in goes its usual way.
pub(in super::super) async fn agreed_here(
    visit: &Visit<'_>,
    tenant: &Tenant,
) -> Result<Option<Agreed>, SignInError> {
    let cookies = visit.cookies();
    let given = cookies.numbered(Numbered::Transaction).filter_map(|(number, value)| {
        let (code, word) = open(visit.app, number, value)?;
        (word == Word::Given).then(|| (number.to_owned(), code))
    });
    for (number, code) in given {
        if let Some(waiting) = waiting::find(visit.app, &code).await?
            && tenant.organization.connection(waiting.connection).is_some()
        {
            return Ok(Some(Agreed { number, waiting }));
        }
    }
    Ok(None)
}

impl Agreed {
    /// Takes the response and opens the workspace with it, as if the provider had just been asked.
    pub(in super::super) async fn open(
        self,
        visit: &Visit<'_>,
        tenant: &Tenant,
        request: &Request,
    ) -> Result<Reply, Stop> {
        let arrival = arrival(visit.app, tenant, &self.waiting, request)
            .map_err(|error| Stop::new(error).at(tenant))?;
        let dropped = SetCookie::Drop(CookieName::Transaction(self.number));
        let mut known = arrival.particulars();
        let outcome = take(visit, &arrival, self.waiting, &mut known.subject).await;
        match outcome {
            Ok(mut reply) => {
                reply::set_cookies(&mut reply, &[dropped], visit.app.settings().scheme);
                Ok(reply)
            }
            Err(error) => Err(arrival.stop(visit, error, known, vec![dropped])),
        }
    }
}

async fn take(
    visit: &Visit<'_>,
    arrival: &Arrival<'_>,
    waiting: Waiting,
    subject: &mut Option<String>,
) -> Result<Reply, SignInError> {
    if arrival.transaction.wanted != Wanted::Session {
        return Err(
            SamlFault::AuthenticationOld.because("the person signed out; the provider has to ask anew")
        );
    }
    if !landing::take(visit.app, waiting.code).await? {
        return Err(SignInError::new(Code::SignInReplay, "this answer was taken a moment ago"));
    }
    arrival.spend(visit.app, Some(Also { id: waiting.assertion, until: waiting.usable_until })).await?;
    let before = arrival.before(visit).await?;
    let proof = arrival.prove(visit.app, Answer::Response(waiting.response), None).await?;
    *subject = Some(proof.value().upstream.subject.clone());
    arrival.open_with(visit, &proof, before).await
}

fn arrival<'a>(
    app: &App,
    tenant: &'a Tenant,
    waiting: &Waiting,
    request: &Request,
) -> Result<Arrival<'a>, SignInError> {
    let connection = waiting::connection_of(tenant, waiting)?;
    let asked = (request.challenge, request.wanted);
    let transaction = Transaction::begin(app, (connection.id, &request.host), asked)?;
    Ok(Arrival::new(app, (tenant, connection), transaction))
}

/// The cookie's number: of the response, so that a page that is opened again and again leaves one cookie.
fn number_of(app: &App, code: &str) -> String {
    let tag = app.keys.mac(Purpose::Cookies).tag(&[b"landing number", code.as_bytes()]);
    URL_SAFE_NO_PAD.encode(tag.first_chunk::<6>().copied().unwrap_or_default())
}

fn form_token(app: &App, number: &str, code: &str) -> String {
    let tag = app.keys.mac(Purpose::Cookies).tag(&[b"landing", number.as_bytes(), code.as_bytes()]);
    URL_SAFE_NO_PAD.encode(tag)
}

fn keep(app: &App, number: String, code: &str, word: Word) -> Result<SetCookie, Code> {
    let mut plain = vec![u8::from(word == Word::Given)];
    plain.extend_from_slice(code.as_bytes());
    let sealed = app.keys.sealer(Purpose::Cookies).seal_text(&plain, &binding(&number));
    Ok(SetCookie::Keep(CookieName::Transaction(number), sealed.map_err(|_| Code::Internal)?))
}

fn open(app: &App, number: &str, value: &str) -> Option<(String, Word)> {
    let plain = app.keys.sealer(Purpose::Cookies).open_text(value, &binding(number)).ok()?;
    let (word, code) = plain.split_first()?;
    let word = if *word == 1 { Word::Given } else { Word::Asked };
    Some((String::from_utf8(code.to_vec()).ok()?, word))
}

fn binding(number: &str) -> Vec<u8> {
    format!("landing {number}").into_bytes()
}
