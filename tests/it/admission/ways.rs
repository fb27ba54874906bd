//! Every way in which a session is used or made, as the typed routes have them.

use vestibule_broker::http::route::{AccountsRoute, WorkspaceRoute};
use vestibule_broker::signin::callback;
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::name::Slug;
use vestibule_policies::organization::ConnectionPolicy;

/// A way in which a session is used or made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// A request of a live session to the application.
    Application,
    /// The live session as its browser sees it.
    Session,
    /// Its groups.
    Groups,
    /// A hand-over code of a fresh sign-in that nobody has taken yet.
    HandOver,
    /// A hand-over code of a root that lived already.
    HandOverOfRoot,
    /// A live root at the start of a sign-in for a second workspace.
    Root,
    /// An answer of the provider that has not arrived yet.
    Callback,
    /// A response that has not been posted to the consumer service yet.
    Response,
    /// A response that was verified, and whose browser stands before the landing.
    Landing,
    /// A response that nobody asked for, before its person presses the button.
    Button,
}

pub(super) fn ways_of_workspace(route: WorkspaceRoute) -> &'static [Way] {
    match route {
        WorkspaceRoute::Application => &[Way::Application],
        WorkspaceRoute::Session => &[Way::Session],
        WorkspaceRoute::Groups => &[Way::Groups],
        WorkspaceRoute::Complete => &[Way::HandOver, Way::HandOverOfRoot],
        WorkspaceRoute::SignIn
        | WorkspaceRoute::SignOut
        | WorkspaceRoute::SignedOut
        | WorkspaceRoute::Verify
        | WorkspaceRoute::Reserved => &[],
    }
}

pub(super) fn ways_of_accounts(route: &AccountsRoute) -> &'static [Way] {
    match route {
        AccountsRoute::Start => &[Way::Root],
        AccountsRoute::OktaCallback | AccountsRoute::OidcCallback(_) => &[Way::Callback],
        // What is posted to the consumer service opens nothing there: it comes here.
        AccountsRoute::Landing => &[Way::Response, Way::Landing, Way::Button],
        AccountsRoute::Trial | AccountsRoute::KeySet(_) => &[],
    }
}

/// Every accounts route. Each names the next, so that a new one does not compile until it stands in the chain.
pub(super) fn accounts_routes(connection: ConnectionId) -> Vec<AccountsRoute> {
    let next = |route: &AccountsRoute| match route {
        AccountsRoute::Start => Some(AccountsRoute::OktaCallback),
        AccountsRoute::OktaCallback => Some(AccountsRoute::OidcCallback(connection)),
        AccountsRoute::OidcCallback(_) => Some(AccountsRoute::Landing),
        AccountsRoute::Landing => Some(AccountsRoute::Trial),
        AccountsRoute::Trial => Slug::parse("acme").ok().map(AccountsRoute::KeySet),
        AccountsRoute::KeySet(_) => None,
    };
    std::iter::successors(Some(AccountsRoute::Start), next).collect()
}

/// The ways that a workspace with this connection has.
pub(super) fn ways(connection: &ConnectionPolicy) -> Vec<Way> {
    let own = callback::route_of(connection);
    let reached = |route: &AccountsRoute| !takes_answers(route) || *route == own;
    let workspace = WorkspaceRoute::ALL.into_iter().flat_map(ways_of_workspace).copied();
    let accounts = accounts_routes(connection.id).into_iter().filter(reached);
    workspace.chain(accounts.flat_map(|route| ways_of_accounts(&route).to_vec())).collect()
}

/// Whether providers answer there: a connection has one such route.
fn takes_answers(route: &AccountsRoute) -> bool {
    match route {
        AccountsRoute::OktaCallback | AccountsRoute::OidcCallback(_) | AccountsRoute::Landing => true,
        AccountsRoute::Start | AccountsRoute::Trial | AccountsRoute::KeySet(_) => false,
    }
}

impl Way {
    /// Whether it is the workspace's own host that is asked.
    pub(super) fn is_of_workspace(self) -> bool {
        match self {
            Self::Application | Self::Session | Self::Groups | Self::HandOver | Self::HandOverOfRoot => true,
            Self::Root | Self::Callback | Self::Response | Self::Landing | Self::Button => false,
        }
    }

    /// Whether a live session is asked, again and again, and not one in the making.
    pub(super) fn is_of_session(self) -> bool {
        matches!(self, Self::Application | Self::Session | Self::Groups)
    }
}
