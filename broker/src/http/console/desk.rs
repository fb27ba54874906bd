//! A page of the console for somebody who is signed in: who they are, what they reach, and the forms that they post.

use std::sync::Arc;

use http::StatusCode;
use hyper::body::Incoming;
use vestibule_certs::secret::same;
use vestibule_policies::code::Code;
use vestibule_policies::edition::Audience;
use vestibule_policies::name::HostName;
use vestibule_policies::operation::Operation;
use vestibule_policies::permission::Access as Permitted;

use crate::administration::{Actor, Stage};
use crate::deployment::Tenant;
use crate::http::api;
use crate::http::cookie::CookieName;
use crate::http::form::Form;
use crate::http::origin::check_origin;
use crate::http::reply::{self, Reply};
use crate::http::route::{DeskRoute, WorkspaceRoute};
use crate::http::visit::Visit;
use crate::pages::Html;
use crate::pages::console::{self, ConsoleFrame, ConsoleHomePage, Notice, Section, StepUpPage};
use crate::session::Access;
use crate::session::activity::is_activity;
use crate::session::guard::guard_console;
use crate::signin::handoff::FRESH;
use crate::store::roots::RootId;

use super::settings::{self, Of};
use super::{administrators, clients, connections, sessions};

/// The largest form of the console: metadata and certificates are pasted into some.
const LARGEST: usize = 512 * 1024;
/// Fields of it: thirty-two domains have eight each.
const MOST: usize = 512;
/// The parameter of an address that says what has just been done.
const DONE: &str = "done";

/// One request of an administrator who is signed in.
pub(super) struct Desk<'a> {
    pub(super) visit: &'a Visit<'a>,
    pub(super) actor: Actor,
    host: &'a HostName,
    access: Arc<Access>,
    sections: Vec<Section>,
    deployment: String,
    profile: String,
}

impl<'a> Desk<'a> {
    /// Whoever this browser's session is; none where nobody is signed in.
    pub(super) async fn of(visit: &'a Visit<'a>, host: &'a HostName) -> Result<Option<Self>, Code> {
        let cookies = visit.cookies();
        let name = CookieName::access(Audience::Administrator);
        let Some((access, tenant)) = guard_console(visit.app, host, cookies.value(&name)).await? else {
            return Ok(None);
        };
        let Some(actor) = Actor::of_session(&tenant, &access.root) else { return Ok(None) };
        let reaches = |section: &Section| match section {
            Section::Overview | Section::Sessions => true,
            Section::Administrators => actor.reaches(Operation::ReadAdministrators),
            Section::Connections => actor.reaches(Operation::ReadConnections),
            Section::Workspace => actor.reaches(Operation::WriteWorkspace),
            Section::ApiAccess => actor.reaches(Operation::CreateClient),
            Section::Settings => {
                actor.reaches(Operation::WriteAdministratorSessions)
                    && tenant.organization.edition.lets_administrators_idle_be_set()
            }
        };
        Ok(Some(Self {
            visit,
            host,
            sections: Section::ALL.into_iter().filter(reaches).collect(),
            deployment: visit.app.settings().console().to_string(),
            profile: DeskRoute::Profile.path(),
            actor,
            access,
        }))
    }

    /// The page of a route, or what its form does.
    pub(super) async fn answer(&self, route: DeskRoute, form: Option<Form>) -> Result<Reply, Code> {
        if is_activity(&self.visit.parts.headers) {
            self.visit.app.activity.touch(&self.access.root, self.visit.app.session_clock.now());
        }
        let answered = match (&route, form) {
            (DeskRoute::Home, _) => Ok(self.home()),
            (DeskRoute::Profile, _) => self.to_profile(),
            (DeskRoute::Connections, _) => connections::list(self).await,
            (DeskRoute::Connect(kind), form) => connections::connect(self, *kind, form).await,
            (DeskRoute::Connection(name), form) => connections::one(self, name, form).await,
            (DeskRoute::TryConnection(name), Some(_)) => connections::trial(self, name).await,
            (DeskRoute::SwitchConnection(name), Some(form)) => connections::switch(self, name, &form).await,
            (DeskRoute::Disconnect(name), Some(form)) => connections::disconnect(self, name, &form).await,
            (DeskRoute::Directories, form) => settings::answer(self, Of::Directories, form).await,
            (DeskRoute::Workspace, form) => settings::answer(self, Of::Workspace, form).await,
            (DeskRoute::Settings, form) => settings::answer(self, Of::Organization, form).await,
            (DeskRoute::ApiAccess, form) => clients::answer(self, form).await,
            (DeskRoute::DeleteClient(id), Some(_)) => clients::delete(self, id).await,
            (DeskRoute::Sessions, None) => sessions::page(self).await,
            (DeskRoute::Sessions, Some(form)) => sessions::end(self, &form).await,
            (
                DeskRoute::Administrators
                | DeskRoute::Invite
                | DeskRoute::Administrator(_)
                | DeskRoute::RemoveAdministrator(_)
                | DeskRoute::Invitation(_)
                | DeskRoute::ResendInvitation(_)
                | DeskRoute::WithdrawInvitation(_),
                form,
            ) => administrators::answer(self, &route, form).await,
            (
                DeskRoute::TryConnection(_)
                | DeskRoute::SwitchConnection(_)
                | DeskRoute::Disconnect(_)
                | DeskRoute::DeleteClient(_),
                None,
            ) => Err(Code::MethodNotAllowed),
        };
        match answered {
            // A form comes back from the page that it stands on, and that is where the sign-in leads.
            Err(Code::StepUp) => Ok(self.step_up(&page_of(route).path())),
            answered => answered,
        }
    }

    /// A form of the console's, from a page of our own for this session.
    pub(super) async fn posted(&self, body: Incoming) -> Result<Form, Code> {
        let form = Form::of_many(self.visit.parts, body, (LARGEST, MOST)).await?;
        let sent = form.only("form_token").map_err(|_| Code::RequestFormToken)?;
        let token = api::form_token(self.visit.app, self.access.root.id, self.host);
        if same(sent.as_bytes(), token.as_bytes()) { Ok(form) } else { Err(Code::RequestFormToken) }
    }

    /// What this session's forms carry.
    pub(super) fn form_token(&self) -> String {
        api::form_token(self.visit.app, self.access.root.id, self.host)
    }

    /// Its public id.
    pub(super) fn session(&self) -> RootId {
        self.access.root.id
    }

    /// Whether the page of an operation may be shown now.
    pub(super) fn may(&self, operation: Operation) -> Result<(), Code> {
        self.actor.may(operation, Stage::Shown, self.visit.app.session_clock.now())
    }

    /// What stands around a page.
    pub(super) fn frame(&self, here: Option<Section>) -> ConsoleFrame<'_> {
        let claims = &self.access.root.facts.claims;
        ConsoleFrame {
            organization: &self.tenant().organization.name,
            deployment: &self.deployment,
            person: claims.display_name.as_deref().unwrap_or_default(),
            sections: &self.sections,
            here,
            notice: self.visit.parameter(DONE).and_then(|text| Notice::parse(&text)),
            profile: self.actor.person().map(|_| self.profile.as_str()),
            sign_out: WorkspaceRoute::SignOut.path().unwrap_or_default(),
        }
    }

    /// A finished page; one that refuses what was posted has its code's status.
    pub(super) fn page(&self, refused: Option<Code>, page: Html) -> Reply {
        let status = refused.map_or(StatusCode::OK, |code| {
            StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
        });
        reply::page(status, page, self.visit.app.settings().scheme)
    }

    /// On to a section, which says what has just been done.
    pub(super) fn done(&self, section: Section, notice: Notice) -> Reply {
        self.to(section.path(), notice)
    }

    /// On to a page, which says what has just been done.
    pub(super) fn on(&self, route: &DeskRoute, notice: Notice) -> Reply {
        self.to(&route.path(), notice)
    }

    fn to(&self, path: &str, notice: Notice) -> Reply {
        let address = format!("{path}?{DONE}={}", notice.as_str());
        reply::see_other(&address, &[], self.visit.app.settings().scheme)
    }

    pub(super) fn tenant(&self) -> &Tenant {
        &self.actor.tenant
    }

    fn step_up(&self, to: &str) -> Reply {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair(FRESH, "1").append_pair("to", to);
        let sign_in = format!("{}?{}", WorkspaceRoute::SignIn.path().unwrap_or_default(), query.finish());
        let page = StepUpPage { frame: self.frame(None), sign_in: &sign_in };
        self.page(Some(Code::StepUp), console::step_up(&page, self.visit.language()))
    }

    /// Whom a provider brings has their password and their factors there.
    fn to_profile(&self) -> Result<Reply, Code> {
        self.actor.person().ok_or(Code::AccessBuiltIn)?;
        let slug = &self.tenant().organization.slug;
        let address = format!("{}/profile/{slug}", self.visit.app.accounts_origin());
        Ok(reply::see_other(&address, &[], self.visit.app.settings().scheme))
    }

    fn home(&self) -> Reply {
        let app = self.visit.app;
        let (settings, organization) = (app.settings(), &self.tenant().organization);
        let person = self.actor.person();
        let deployment = app.deployment.load();
        let others: Vec<(String, &str)> = deployment
            .tenants()
            .filter(|other| other.organization.id != organization.id)
            .filter(|other| person.is_some_and(|person| other.organization.membership(person).is_some()))
            .map(|other| (format!("/go/{}", other.organization.slug), other.organization.name.as_str()))
            .collect();
        let full = organization.administrators.iter().filter(|one| one.access == Permitted::Full).count();
        let page = ConsoleHomePage {
            frame: self.frame(Some(Section::Overview)),
            customer: &organization.id.to_string(),
            email: self
                .access
                .root
                .facts
                .claims
                .email
                .as_ref()
                .map(vestibule_policies::Email::as_str)
                .unwrap_or_default(),
            sign_in_address: &format!("{}/go/{}", settings.origin(settings.console()), organization.slug),
            workspaces: &organization
                .workspaces
                .iter()
                .map(|host| format!("{}/", settings.origin(host)))
                .collect::<Vec<_>>(),
            others: &others,
            alone: full == 1 && person.is_some() && *self.actor.access() == Permitted::Full,
        };
        self.page(None, console::console_home(&page, self.visit.language()))
    }
}

/// Whether a form was posted by a page of this host. Asked before anything else is looked at.
pub(super) fn check_posted(visit: &Visit<'_>, host: &HostName) -> Result<(), Code> {
    check_origin(&visit.parts.headers, &visit.app.settings().origin(host))
}

/// The page with a route's form.
fn page_of(route: DeskRoute) -> DeskRoute {
    match route {
        DeskRoute::RemoveAdministrator(id) => DeskRoute::Administrator(id),
        DeskRoute::ResendInvitation(id) | DeskRoute::WithdrawInvitation(id) => DeskRoute::Invitation(id),
        DeskRoute::TryConnection(name) | DeskRoute::SwitchConnection(name) | DeskRoute::Disconnect(name) => {
            DeskRoute::Connection(name)
        }
        DeskRoute::DeleteClient(_) => DeskRoute::ApiAccess,
        DeskRoute::Home
        | DeskRoute::Administrators
        | DeskRoute::Invite
        | DeskRoute::Administrator(_)
        | DeskRoute::Invitation(_)
        | DeskRoute::Connections
        | DeskRoute::Connect(_)
        | DeskRoute::Connection(_)
        | DeskRoute::Directories
        | DeskRoute::Workspace
        | DeskRoute::Settings
        | DeskRoute::ApiAccess
        | DeskRoute::Sessions
        | DeskRoute::Profile => route,
    }
}
