//! The pages about ways in: the list, a form for each kind, and what a provider said when it was asked (PRV-03, PRV-09).

use serde_json::{Map, Value, json};
use vestibule_policies::KindName;
use vestibule_policies::code::Code;
use vestibule_policies::edition::required_claims;
use vestibule_policies::operation::Operation;

use crate::administration::connections::pair::{self, PairMade};
use crate::administration::connections::{self, ConnectionState, Switched};
use crate::administration::settings::Kind;
use crate::administration::workspace::ACKNOWLEDGEMENT;
use crate::administration::{FieldFault, Refusal, Version, directories};
use crate::apply::Addresses;
use crate::check::Finding;
use crate::http::form::Form;
use crate::http::reply::Reply;
use crate::http::route::{AccountsRoute, DeskRoute};
use crate::pages::console::{
    self, ConnectionItem, ConnectionsPage, Found, May, Notice, Pair, Section, SettingsPage, SettingsProblem,
    Subject, SwitchForm, SwitchState, Told,
};
use crate::pages::{self, Language, OnwardPage, remedy_of};

use super::desk::Desk;
use super::shape::kinds::{self, NAME};
use super::shape::{self, Choices, Part};

/// Kinds in the order in which they are offered.
const OFFERED: [KindName; 7] = [
    KindName::ActiveDirectory,
    KindName::ActiveDirectoryToken,
    KindName::AzureAd,
    KindName::Gateway,
    KindName::Okta,
    KindName::Saml,
    KindName::Oidc,
];

/// What is connected, and what can be.
pub(super) async fn list(desk: &Desk<'_>) -> Result<Reply, Code> {
    let all = connections::list(desk.visit, &desk.actor).await.map_err(|refusal| refusal.code())?;
    let (declared, _) = directories::list(desk.visit, &desk.actor).await.map_err(|refusal| refusal.code())?;
    let item = |(one, _): &connections::Versioned| ConnectionItem {
        name: one.settings.name.clone(),
        kind: kind_of(&one.settings.kind),
        enabled: one.settings.enabled,
        in_use: one.state == ConnectionState::InUse,
        url: Some(DeskRoute::Connection(one.settings.name.clone()).path()),
    };
    let rows: Vec<_> = all.iter().map(item).collect();
    let offer = |kind: KindName| {
        let url = kinds::of_kind(kind).map(|_| DeskRoute::Connect(kind).path());
        (kind, url)
    };
    let settings = desk.visit.app.settings();
    let organization = &desk.tenant().organization;
    let page = ConnectionsPage {
        frame: desk.frame(Some(Section::Connections)),
        edition: organization.edition,
        sign_in_address: &format!("{}/go/{}", settings.origin(settings.console()), organization.slug),
        rows: &rows,
        directories: &declared.iter().map(|one| one.name.clone()).collect::<Vec<_>>(),
        edit_directories: &DeskRoute::Directories.path(),
        kinds: &OFFERED.map(offer),
        may_change: desk.actor.reaches(Operation::WriteConnections),
    };
    Ok(desk.page(None, console::connections(&page, desk.visit.language())))
}

const fn kind_of(kind: &Kind) -> KindName {
    match kind {
        Kind::Oidc(_) => KindName::Oidc,
        Kind::Okta(_) => KindName::Okta,
        Kind::AzureAd(_) => KindName::AzureAd,
        Kind::Gateway(_) => KindName::Gateway,
        Kind::Saml(_) => KindName::Saml,
        Kind::ActiveDirectory(_) => KindName::ActiveDirectory,
        Kind::ActiveDirectoryToken(_) => KindName::ActiveDirectoryToken,
    }
}

/// What a form is shown with.
struct Draft {
    members: Map<String, Value>,
    problem: Option<(SettingsProblem, Code)>,
    faults: Vec<FieldFault>,
    findings: Vec<Found>,
    /// What was made for a Gateway.
    pair: Option<PairMade>,
}

impl Draft {
    fn of(members: Map<String, Value>) -> Self {
        Self { members, problem: None, faults: Vec::new(), findings: Vec::new(), pair: None }
    }

    /// With the pair that the form brought, if it brought one.
    fn sent(desk: &Desk<'_>, form: &Form, members: Map<String, Value>) -> Result<Self, Code> {
        let mut draft = Self::of(members);
        if let Some(text) = form.optional(pair::KEY)?.filter(|text| !text.is_empty()) {
            draft.members.insert(pair::KEY.to_owned(), Value::String(text.to_owned()));
            // One that is too old is refused where it is used.
            draft.pair = pair::shown(desk.visit.app, &desk.actor, text).ok();
        }
        Ok(draft)
    }

    fn refused(self, refusal: Refusal) -> Result<Self, Code> {
        let code = refusal.code();
        let problem = problem_of(code).ok_or(code)?;
        let Refusal::Faults(_, faults) = refusal else {
            return Ok(Self { problem: Some((problem, code)), ..self });
        };
        if code == Code::ConnectionTest {
            let found = |fault: FieldFault| Found {
                check: fault.key,
                code: Code::ALL.iter().map(|code| code.as_str()).find(|code| *code == fault.code),
                detail: fault.message,
                remedy: None,
            };
            return Ok(Self {
                problem: Some((problem, code)),
                findings: faults.into_iter().map(found).collect(),
                ..self
            });
        }
        Ok(Self { problem: Some((problem, code)), faults, ..self })
    }
}

/// Refusals after which a form is there again.
pub(super) fn problem_of(code: Code) -> Option<SettingsProblem> {
    Some(match code {
        Code::SettingsInvalid | Code::SecretForm => SettingsProblem::Faulty,
        Code::ConnectionTest => SettingsProblem::TestFailed,
        Code::VersionStale => SettingsProblem::Stale,
        Code::ConnectionKnown => SettingsProblem::Known,
        Code::ConnectionInUse => SettingsProblem::InUse,
        Code::SubscriberImpact => SettingsProblem::Impact,
        Code::TestBusy => SettingsProblem::Busy,
        _ => return None,
    })
}

fn found(findings: Vec<Finding>, language: Language) -> Vec<Found> {
    let one = |finding: Finding| Found {
        remedy: match language {
            Language::English => finding.remedy,
            Language::Japanese => {
                finding.code.and_then(|code| remedy_of(code, None, language)).or(finding.remedy)
            }
        },
        check: finding.check,
        code: finding.code,
        detail: finding.detail,
    };
    findings.into_iter().map(one).collect()
}

/// The form of a new connection, or what it does.
pub(super) async fn connect(desk: &Desk<'_>, kind: KindName, form: Option<Form>) -> Result<Reply, Code> {
    let parts = kinds::of_kind(kind).ok_or(Code::NotBuilt)?;
    let parts: Vec<Part> = std::iter::once(NAME).chain(parts.iter().copied()).collect();
    let Some(form) = form else {
        desk.may(Operation::WriteConnections)?;
        let least = required_claims(desk.tenant().organization.edition, kind);
        let least: Vec<_> = least.iter().map(|claim| claim.config()).collect();
        let members = Map::from_iter([("required_claims".to_owned(), json!(least))]);
        return new_page(desk, kind, &parts, Draft::of(members)).await;
    };
    let standing = Map::from_iter([("kind".to_owned(), Value::String(kind.as_str().to_owned()))]);
    let draft = Draft::sent(desk, &form, shape::read(&parts, &form, &standing)?)?;
    let members = draft.members.clone();
    let draft = match form.optional("do")? {
        Some("test") => match connections::test_draft(desk.visit, &desk.actor, &members).await {
            Ok(findings) => Draft { findings: found(findings, desk.visit.language()), ..draft },
            Err(refusal) => draft.refused(refusal)?,
        },
        Some("detect") => match pair::detect(desk.visit, &desk.actor, &members).await {
            Ok((findings, made)) => {
                Draft { findings: found(findings, desk.visit.language()), pair: Some(made), ..draft }
            }
            Err(refusal) => draft.refused(refusal)?,
        },
        _ => match connections::create(desk.visit, &desk.actor, &members).await {
            Ok((made, _)) => {
                return Ok(desk.on(&DeskRoute::Connection(made.settings.name), Notice::Connected));
            }
            Err(refusal) => draft.refused(refusal)?,
        },
    };
    new_page(desk, kind, &parts, draft).await
}

async fn new_page(desk: &Desk<'_>, kind: KindName, parts: &[Part], draft: Draft) -> Result<Reply, Code> {
    let action = DeskRoute::Connect(kind).path();
    page(desk, (Subject::NewConnection(kind), parts, &action), (draft, Vec::new(), None)).await
}

/// One that stands, or what its form does.
pub(super) async fn one(desk: &Desk<'_>, name: &str, form: Option<Form>) -> Result<Reply, Code> {
    let (stands, version) = read(desk, name).await?;
    let kind = kind_of(&stands.settings.kind);
    let parts = kinds::of_kind(kind).ok_or(Code::NotBuilt)?;
    let standing = members_of(&stands)?;
    let again = async |draft: Draft| {
        let route = DeskRoute::Connection(name.to_owned()).path();
        let subject = Subject::Connection(name, kind);
        let told = told(&stands.addresses);
        page(desk, (subject, parts, &route), (draft, told, Some(&version))).await
    };
    let Some(form) = form else {
        // Whoever sees it may not always change it; its form says so when it is sent.
        return again(Draft::of(standing)).await;
    };
    let draft = Draft::sent(desk, &form, shape::read(parts, &form, &standing)?)?;
    let members = draft.members.clone();
    if form.optional("do")? == Some("pair") && kind == KindName::Gateway {
        let made = pair::make(desk.visit, &desk.actor).await.map_err(|refusal| refusal.code())?;
        return again(Draft { pair: Some(made), ..draft }).await;
    }
    if form.optional("do")? == Some("test") {
        let tested = if desk.actor.reaches(Operation::WriteConnections) {
            connections::test_draft(desk.visit, &desk.actor, &members).await
        } else {
            // Whoever may not name another provider has the one asked that stands.
            connections::test(desk.visit, &desk.actor, name).await
        };
        return match tested {
            Ok(findings) => again(Draft { findings: found(findings, desk.visit.language()), ..draft }).await,
            Err(refusal) => again(draft.refused(refusal)?).await,
        };
    }
    let sent = Version::sent(form.only("version")?);
    match connections::write(desk.visit, &desk.actor, (name, &sent), &members).await {
        Ok(_) => Ok(desk.on(&DeskRoute::Connection(name.to_owned()), Notice::Saved)),
        Err(refusal) if refusal.code() == Code::VersionStale => {
            again(Draft::of(standing).refused(refusal)?).await
        }
        Err(refusal) => again(draft.refused(refusal)?).await,
    }
}

/// The end of a connection.
pub(super) async fn disconnect(desk: &Desk<'_>, name: &str, form: &Form) -> Result<Reply, Code> {
    let refused = if form.optional("sure")?.is_none() {
        (SettingsProblem::NotSure, Code::RequestMalformed)
    } else {
        let sent = Version::sent(form.only("version")?);
        match connections::delete(desk.visit, &desk.actor, (name, &sent)).await {
            Ok(()) => return Ok(desk.done(Section::Connections, Notice::Disconnected)),
            Err(refusal) => {
                let code = refusal.code();
                (problem_of(code).ok_or(code)?, code)
            }
        }
    };
    as_it_stands(desk, name, refused).await
}

/// The button that leads to a test sign-in by what stands.
pub(super) async fn trial(desk: &Desk<'_>, name: &str) -> Result<Reply, Code> {
    let made = connections::trial(desk.visit, &desk.actor, name).await;
    let url = made.map_err(|refusal| refusal.code())?;
    let page = OnwardPage { url: &url, organization: &desk.tenant().organization.name };
    Ok(desk.page(None, pages::onward(&page, desk.visit.language())))
}

/// The button that switches a connection off, or on again.
pub(super) async fn switch(desk: &Desk<'_>, name: &str, form: &Form) -> Result<Reply, Code> {
    let (to, notice) = match form.only("to")? {
        "on" => (Switched::On, Notice::SwitchedOn),
        "off" => {
            let acknowledged = form.optional(ACKNOWLEDGEMENT)?.is_some();
            (Switched::Off { acknowledged }, Notice::SwitchedOff)
        }
        _ => return Err(Code::RequestMalformed),
    };
    let sent = Version::sent(form.only("version")?);
    match connections::switch(desk.visit, &desk.actor, (name, &sent), to).await {
        Ok(_) => Ok(desk.on(&DeskRoute::Connection(name.to_owned()), notice)),
        Err(refusal) => {
            let code = refusal.code();
            let problem = match code {
                Code::SubscriberImpact => SettingsProblem::Shutting,
                code => problem_of(code).ok_or(code)?,
            };
            as_it_stands(desk, name, (problem, code)).await
        }
    }
}

/// The page of a connection after one of its buttons was refused.
async fn as_it_stands(desk: &Desk<'_>, name: &str, refused: (SettingsProblem, Code)) -> Result<Reply, Code> {
    let (stands, version) = read(desk, name).await?;
    let kind = kind_of(&stands.settings.kind);
    let parts = kinds::of_kind(kind).ok_or(Code::NotBuilt)?;
    let draft = Draft { problem: Some(refused), ..Draft::of(members_of(&stands)?) };
    let route = DeskRoute::Connection(name.to_owned()).path();
    let told = told(&stands.addresses);
    page(desk, (Subject::Connection(name, kind), parts, &route), (draft, told, Some(&version))).await
}

async fn read(desk: &Desk<'_>, name: &str) -> Result<connections::Versioned, Code> {
    connections::read(desk.visit, &desk.actor, name).await.map_err(|refusal| refusal.code())
}

/// What can be sent back.
fn members_of(stands: &connections::ConnectionShown) -> Result<Map<String, Value>, Code> {
    match serde_json::to_value(&stands.settings) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(Code::Internal),
    }
}

fn told(addresses: &Addresses) -> Vec<(Told, String)> {
    let mut told: Vec<_> =
        addresses.redirect_uri.iter().map(|uri| (Told::RedirectUri, uri.clone())).collect();
    let sign_outs = addresses.sign_out_redirect_uris.iter();
    told.extend(sign_outs.map(|uri| (Told::SignOutRedirectUri, uri.clone())));
    let back = addresses.back_channel_logout_uri.iter().map(|uri| (Told::BackChannelLogout, uri.clone()));
    let front = addresses.front_channel_logout_uri.iter().map(|uri| (Told::FrontChannelLogout, uri.clone()));
    told.extend(back.chain(front));
    if let Some(party) = &addresses.service_provider {
        told.push((Told::EntityId, party.entity_id.clone()));
        told.push((Told::Acs, party.acs.clone()));
        told.push((Told::Logout, party.logout.clone()));
        told.push((Told::Metadata, party.metadata.clone()));
    }
    told
}

/// What goes into the profile of a Gateway, in its order.
fn told_of_a_gateway(desk: &Desk<'_>, members: &Map<String, Value>, made: &PairMade) -> Vec<(Told, String)> {
    let fqdn = members.get("fqdn").and_then(Value::as_str).unwrap_or_default();
    let app = desk.visit.app;
    vec![
        (Told::ClientId, made.client_id.clone()),
        (Told::ClientSecret, made.client_secret.clone()),
        (Told::RedirectUri, format!("{}{}", app.accounts_origin(), AccountsRoute::GatewayCallback.path())),
        (Told::Issuer, format!("https://{fqdn}")),
        (Told::Audience, made.client_id.clone()),
    ]
}

async fn page(
    desk: &Desk<'_>,
    (subject, parts, action): (Subject<'_>, &[Part], &str),
    (draft, mut told, version): (Draft, Vec<(Told, String)>, Option<&Version>),
) -> Result<Reply, Code> {
    if let Some(made) = &draft.pair {
        told = told_of_a_gateway(desk, &draft.members, made);
    }
    let language = desk.visit.language();
    let (declared, _) = directories::list(desk.visit, &desk.actor).await.map_err(|refusal| refusal.code())?;
    let organization = &desk.tenant().organization;
    let resolvers = organization.connections.iter().filter(|one| one.is_directory());
    let choices = Choices {
        directories: declared.into_iter().map(|one| one.name).collect(),
        resolvers: resolvers.map(|one| one.name.to_string()).collect(),
        methods: Vec::new(),
    };
    let (groups, unplaced) = shape::groups(parts, &draft.members, &choices, (draft.faults, language));
    let remove = match subject {
        Subject::Connection(name, _) => Some(DeskRoute::Disconnect(name.to_owned()).path()),
        _ => None,
    };
    let pair = match (&draft.pair, subject) {
        (Some(made), _) => Pair::Made(&made.client_id, &made.client_secret, &made.pair),
        (None, Subject::NewConnection(KindName::Gateway)) => Pair::Detect,
        (None, Subject::Connection(_, KindName::Gateway)) => Pair::Another,
        (None, _) => Pair::None,
    };
    let switch = match subject {
        Subject::Connection(name, _) => organization.connections.iter().find(|one| one.name.as_str() == name),
        _ => None,
    };
    let switch = switch.map(|one| SwitchForm {
        action: DeskRoute::SwitchConnection(one.name.to_string()).path(),
        state: match (one.enabled, organization.workspace.authentication.as_ref() == Some(&one.name)) {
            (false, _) => SwitchState::Off,
            (true, false) => SwitchState::On,
            (true, true) => SwitchState::OnAndTheMethod,
        },
    });
    let page = SettingsPage {
        frame: desk.frame(Some(Section::Connections)),
        subject,
        told,
        pair,
        action,
        form_token: &desk.form_token(),
        version: &version.map(ToString::to_string).unwrap_or_default(),
        groups,
        trial: match subject {
            Subject::Connection(name, _) => Some(DeskRoute::TryConnection(name.to_owned()).path()),
            _ => None,
        },
        switch,
        remove: remove.as_deref(),
        may: May {
            change: desk.actor.reaches(Operation::WriteConnections),
            test: desk.actor.reaches(Operation::WriteConnections)
                || desk.actor.reaches(Operation::TestConnection),
        },
        back: Section::Connections.path(),
        problem: draft.problem.map(|(problem, _)| problem),
        unplaced,
        findings: draft.findings,
    };
    Ok(desk.page(draft.problem.map(|(_, code)| code), console::settings(page, language)))
}
