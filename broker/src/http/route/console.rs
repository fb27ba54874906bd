//! Routes of the console host.

use http::Method;
use vestibule_policies::KindName;
use vestibule_policies::ids::{InvitationId, PersonId};

use super::{Demands, WorkspaceRoute};

/// A route of the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsoleRoute {
    /// The sign-in address of an organisation; whatever stands there (ED-06).
    Go(String),
    /// A link that makes somebody an administrator.
    Join,
    /// Begins a sign-in and comes back to one path.
    SignIn,
    /// Takes the hand-over code.
    Complete,
    /// The live session as JSON.
    Session,
    /// Asks, and ends the session.
    SignOut,
    /// What comes after.
    SignedOut,
    /// A page for an administrator who is signed in.
    Desk(DeskRoute),
}

/// A page of the console for an administrator who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskRoute {
    /// The organisation at a glance.
    Home,
    /// Everybody who runs it, and everybody who was asked to.
    Administrators,
    /// The form of an invitation.
    Invite,
    /// One of those who run it, and what they may do.
    Administrator(PersonId),
    /// The end of their access.
    RemoveAdministrator(PersonId),
    /// One of those who were asked to.
    Invitation(InvitationId),
    /// The same mail again.
    ResendInvitation(InvitationId),
    /// The end of an invitation.
    WithdrawInvitation(InvitationId),
    /// What is connected, and what can be.
    Connections,
    /// The form of a new connection.
    Connect(KindName),
    /// One that stands, by its name.
    Connection(String),
    /// A test sign-in by a connection.
    TryConnection(String),
    /// A connection, off or on.
    SwitchConnection(String),
    /// The end of a connection.
    Disconnect(String),
    /// The directories that connections speak for.
    Directories,
    /// How subscribers sign in, and to what.
    Workspace,
    /// How long administrators' sessions live.
    Settings,
    /// Secure clients.
    ApiAccess,
    /// The end of one.
    DeleteClient(String),
    /// Who is signed in.
    Sessions,
    /// On to the person's own page, which is the accounts host's.
    Profile,
}

impl ConsoleRoute {
    /// The route of a path.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        if path == "/join" {
            return Some(Self::Join);
        }
        if let Some(slug) = path.strip_prefix("/go/") {
            return Some(Self::Go(slug.to_owned()));
        }
        match WorkspaceRoute::of(path) {
            WorkspaceRoute::SignIn => Some(Self::SignIn),
            WorkspaceRoute::Complete => Some(Self::Complete),
            WorkspaceRoute::Session => Some(Self::Session),
            WorkspaceRoute::SignOut => Some(Self::SignOut),
            WorkspaceRoute::SignedOut => Some(Self::SignedOut),
            WorkspaceRoute::Groups | WorkspaceRoute::Verify | WorkspaceRoute::Reserved => None,
            WorkspaceRoute::Application => DeskRoute::of(path).map(Self::Desk),
        }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> String {
        let own = |route: WorkspaceRoute| route.path().unwrap_or_default().to_owned();
        match self {
            Self::Go(slug) => format!("/go/{slug}"),
            Self::Join => "/join".to_owned(),
            Self::SignIn => own(WorkspaceRoute::SignIn),
            Self::Complete => own(WorkspaceRoute::Complete),
            Self::Session => own(WorkspaceRoute::Session),
            Self::SignOut => own(WorkspaceRoute::SignOut),
            Self::SignedOut => own(WorkspaceRoute::SignedOut),
            Self::Desk(desk) => desk.path(),
        }
    }

    /// What it asks for.
    #[must_use]
    pub const fn demands(&self) -> Demands {
        match self {
            Self::Desk(_) | Self::Session => Demands::Session,
            Self::Complete => Demands::MakesSession,
            Self::Go(_) | Self::Join | Self::SignIn | Self::SignOut | Self::SignedOut => Demands::Nothing,
        }
    }

    /// Whether it answers this method.
    #[must_use]
    pub fn takes(&self, method: &Method) -> bool {
        match self {
            Self::SignOut => matches!(*method, Method::GET | Method::HEAD | Method::POST),
            Self::Desk(desk) => desk.takes(method),
            Self::Go(_) | Self::Join | Self::SignIn | Self::Complete | Self::Session | Self::SignedOut => {
                matches!(*method, Method::GET | Method::HEAD)
            }
        }
    }
}

impl DeskRoute {
    /// All of them, about this person and this invitation, and about a connection and a client of some name.
    #[must_use]
    pub fn every(person: PersonId, invitation: InvitationId) -> Vec<Self> {
        let some = || "some".to_owned();
        vec![
            Self::Home,
            Self::Administrators,
            Self::Invite,
            Self::Administrator(person),
            Self::RemoveAdministrator(person),
            Self::Invitation(invitation),
            Self::ResendInvitation(invitation),
            Self::WithdrawInvitation(invitation),
            Self::Connections,
            Self::Connect(KindName::Oidc),
            Self::Connection(some()),
            Self::TryConnection(some()),
            Self::SwitchConnection(some()),
            Self::Disconnect(some()),
            Self::Directories,
            Self::Workspace,
            Self::Settings,
            Self::ApiAccess,
            Self::DeleteClient(some()),
            Self::Sessions,
            Self::Profile,
        ]
    }

    /// The page of a path.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        let mut parts = path.strip_prefix('/')?.split('/');
        let route = match (parts.next()?, parts.next(), parts.next()) {
            ("", None, None) => Self::Home,
            ("administrators", None, None) => Self::Administrators,
            ("administrators", Some("invite"), None) => Self::Invite,
            ("administrators", Some(id), None) => Self::Administrator(id.parse().ok()?),
            ("administrators", Some(id), Some("remove")) => Self::RemoveAdministrator(id.parse().ok()?),
            ("invitations", Some(id), None) => Self::Invitation(id.parse().ok()?),
            ("invitations", Some(id), Some("resend")) => Self::ResendInvitation(id.parse().ok()?),
            ("invitations", Some(id), Some("withdraw")) => Self::WithdrawInvitation(id.parse().ok()?),
            ("connections", None, None) => Self::Connections,
            ("connections", Some(name), None) => Self::Connection(name.to_owned()),
            ("connections", Some(name), Some("try")) => Self::TryConnection(name.to_owned()),
            ("connections", Some(name), Some("switch")) => Self::SwitchConnection(name.to_owned()),
            ("connections", Some(name), Some("disconnect")) => Self::Disconnect(name.to_owned()),
            ("connections", Some("new"), Some(kind)) => Self::Connect(KindName::parse(kind)?),
            ("directories", None, None) => Self::Directories,
            ("workspace", None, None) => Self::Workspace,
            ("settings", None, None) => Self::Settings,
            ("api-access", None, None) => Self::ApiAccess,
            ("api-access", Some(id), Some("delete")) => Self::DeleteClient(id.to_owned()),
            ("sessions", None, None) => Self::Sessions,
            ("profile", None, None) => Self::Profile,
            _ => return None,
        };
        parts.next().is_none().then_some(route)
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Home => "/".to_owned(),
            Self::Administrators => "/administrators".to_owned(),
            Self::Invite => "/administrators/invite".to_owned(),
            Self::Administrator(id) => format!("/administrators/{id}"),
            Self::RemoveAdministrator(id) => format!("/administrators/{id}/remove"),
            Self::Invitation(id) => format!("/invitations/{id}"),
            Self::ResendInvitation(id) => format!("/invitations/{id}/resend"),
            Self::WithdrawInvitation(id) => format!("/invitations/{id}/withdraw"),
            Self::Connections => "/connections".to_owned(),
            Self::Connect(kind) => format!("/connections/new/{}", kind.as_str()),
            Self::Connection(name) => format!("/connections/{name}"),
            Self::TryConnection(name) => format!("/connections/{name}/try"),
            Self::SwitchConnection(name) => format!("/connections/{name}/switch"),
            Self::Disconnect(name) => format!("/connections/{name}/disconnect"),
            Self::Directories => "/directories".to_owned(),
            Self::Workspace => "/workspace".to_owned(),
            Self::Settings => "/settings".to_owned(),
            Self::ApiAccess => "/api-access".to_owned(),
            Self::DeleteClient(id) => format!("/api-access/{id}/delete"),
            Self::Sessions => "/sessions".to_owned(),
            Self::Profile => "/profile".to_owned(),
        }
    }

    /// Whether it answers this method.
    #[must_use]
    pub fn takes(&self, method: &Method) -> bool {
        let (is_look, is_post) = (matches!(*method, Method::GET | Method::HEAD), *method == Method::POST);
        match self {
            Self::Home | Self::Administrators | Self::Invitation(_) | Self::Connections | Self::Profile => {
                is_look
            }
            Self::Invite
            | Self::Administrator(_)
            | Self::Connect(_)
            | Self::Connection(_)
            | Self::Directories
            | Self::Workspace
            | Self::Settings
            | Self::ApiAccess
            | Self::Sessions => is_look || is_post,
            // Their pages are the ones with the button.
            Self::RemoveAdministrator(_)
            | Self::ResendInvitation(_)
            | Self::WithdrawInvitation(_)
            | Self::TryConnection(_)
            | Self::SwitchConnection(_)
            | Self::Disconnect(_)
            | Self::DeleteClient(_) => is_post,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_page() {
        let (person, invitation) = (PersonId::from_bytes([1; 8]), InvitationId::from_bytes([2; 8]));
        for route in DeskRoute::every(person, invitation) {
            assert_eq!(ConsoleRoute::of(&format!("{}/x/y/z", route.path())), None, "{route:?}");
            assert_eq!(ConsoleRoute::of(&route.path()), Some(ConsoleRoute::Desk(route)));
        }
        for path in
            ["", "x", "//", "/administrators/", "/administrators/1", "/administrators//remove", "/Sessions"]
        {
            assert_eq!(ConsoleRoute::of(path), None, "{path}");
        }
    }
}
