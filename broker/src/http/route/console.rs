//! Routes of the console host.

use http::Method;

use super::{Demands, WorkspaceRoute};

/// A route of the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsoleRoute {
    /// The organisation at a glance.
    Home,
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
}

impl ConsoleRoute {
    /// The route of a path.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        match path {
            "/" => return Some(Self::Home),
            "/join" => return Some(Self::Join),
            _ => {}
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
            WorkspaceRoute::Groups
            | WorkspaceRoute::Verify
            | WorkspaceRoute::Reserved
            | WorkspaceRoute::Application => None,
        }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> String {
        let own = |route: WorkspaceRoute| route.path().unwrap_or_default().to_owned();
        match self {
            Self::Home => "/".to_owned(),
            Self::Go(slug) => format!("/go/{slug}"),
            Self::Join => "/join".to_owned(),
            Self::SignIn => own(WorkspaceRoute::SignIn),
            Self::Complete => own(WorkspaceRoute::Complete),
            Self::Session => own(WorkspaceRoute::Session),
            Self::SignOut => own(WorkspaceRoute::SignOut),
            Self::SignedOut => own(WorkspaceRoute::SignedOut),
        }
    }

    /// What it asks for.
    #[must_use]
    pub const fn demands(&self) -> Demands {
        match self {
            Self::Home | Self::Session => Demands::Session,
            Self::Complete => Demands::MakesSession,
            Self::Go(_) | Self::Join | Self::SignIn | Self::SignOut | Self::SignedOut => Demands::Nothing,
        }
    }

    /// Whether it answers this method.
    #[must_use]
    pub fn takes(&self, method: &Method) -> bool {
        match self {
            Self::SignOut => matches!(*method, Method::GET | Method::HEAD | Method::POST),
            Self::Home
            | Self::Go(_)
            | Self::Join
            | Self::SignIn
            | Self::Complete
            | Self::Session
            | Self::SignedOut => matches!(*method, Method::GET | Method::HEAD),
        }
    }
}
