//! Every way in which a session is used or made, as the typed routes have them.

use vestibule_broker::http::route::{AccountsRoute, WorkspaceRoute};
use vestibule_broker::signin::callback;
use vestibule_policies::edition::KindName;
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
    /// Name and password of a directory, typed and not sent.
    Password,
    /// A new password for one that is due, typed and not sent.
    ChangePassword,
    /// A one-time code, typed and not sent.
    Token,
    /// The first code of a new device, typed and not sent.
    Register,
    /// The person's own page, in a live session.
    Account,
    /// Its form that changes the password.
    AccountPassword,
    /// Its form that takes the device away.
    AccountDevice,
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
        AccountsRoute::OktaCallback
        | AccountsRoute::AzureAdCallback
        | AccountsRoute::GatewayCallback
        | AccountsRoute::OidcCallback(_) => &[Way::Callback],
        // What is posted to the consumer service opens nothing there: it comes here.
        AccountsRoute::Landing => &[Way::Response, Way::Landing, Way::Button],
        AccountsRoute::Password => &[Way::Password],
        AccountsRoute::ChangePassword => &[Way::ChangePassword],
        AccountsRoute::Token => &[Way::Token],
        AccountsRoute::Register => &[Way::Register],
        AccountsRoute::Account(_) => &[Way::Account],
        AccountsRoute::AccountPassword(_) => &[Way::AccountPassword],
        AccountsRoute::AccountDevice(_) => &[Way::AccountDevice],
        // Administrators have ways of their own, and tests of their own (`administrators`).
        AccountsRoute::Trial
        | AccountsRoute::BackChannelLogout(_)
        | AccountsRoute::FrontChannelLogout(_)
        | AccountsRoute::KeySet(_)
        | AccountsRoute::Profile(..)
        | AccountsRoute::BuiltIn(_) => &[],
    }
}

/// Every accounts route. Each names the next, so that a new one does not compile until it stands in the chain.
pub(super) fn accounts_routes(connection: ConnectionId) -> Vec<AccountsRoute> {
    let next = |route: &AccountsRoute| match route {
        AccountsRoute::Start => Some(AccountsRoute::OktaCallback),
        AccountsRoute::OktaCallback => Some(AccountsRoute::AzureAdCallback),
        AccountsRoute::AzureAdCallback => Some(AccountsRoute::GatewayCallback),
        AccountsRoute::GatewayCallback => Some(AccountsRoute::OidcCallback(connection)),
        AccountsRoute::OidcCallback(_) => Some(AccountsRoute::BackChannelLogout(connection)),
        AccountsRoute::BackChannelLogout(_) => Some(AccountsRoute::FrontChannelLogout(connection)),
        AccountsRoute::FrontChannelLogout(_) => Some(AccountsRoute::Landing),
        AccountsRoute::Landing => Some(AccountsRoute::Trial),
        AccountsRoute::Trial => Some(AccountsRoute::Password),
        AccountsRoute::Password => Some(AccountsRoute::ChangePassword),
        AccountsRoute::ChangePassword => Some(AccountsRoute::Token),
        AccountsRoute::Token => Some(AccountsRoute::Register),
        AccountsRoute::Register => Slug::parse("acme").ok().map(AccountsRoute::Account),
        AccountsRoute::Account(slug) => Some(AccountsRoute::AccountPassword(slug.clone())),
        AccountsRoute::AccountPassword(slug) => Some(AccountsRoute::AccountDevice(slug.clone())),
        AccountsRoute::AccountDevice(slug) => Some(AccountsRoute::KeySet(slug.clone())),
        // No workspace is entered by the forms of administrators.
        AccountsRoute::KeySet(_) | AccountsRoute::Profile(..) | AccountsRoute::BuiltIn(_) => None,
    };
    std::iter::successors(Some(AccountsRoute::Start), next).collect()
}

/// The ways that a workspace with this connection has.
pub(super) fn ways(connection: &ConnectionPolicy) -> Vec<Way> {
    let workspace = WorkspaceRoute::ALL.into_iter().flat_map(ways_of_workspace).copied();
    let accounts = accounts_routes(connection.id).into_iter().filter(|route| leads(route, connection));
    workspace.chain(accounts.flat_map(|route| ways_of_accounts(&route).to_vec())).collect()
}

/// Whether somebody of this connection comes to a session there.
fn leads(route: &AccountsRoute, connection: &ConnectionPolicy) -> bool {
    match route {
        // A connection has one such route.
        AccountsRoute::OktaCallback
        | AccountsRoute::AzureAdCallback
        | AccountsRoute::GatewayCallback
        | AccountsRoute::OidcCallback(_)
        | AccountsRoute::Landing => *route == callback::route_of(connection),
        // Where a second step follows, it is the one that makes the session.
        AccountsRoute::Password | AccountsRoute::ChangePassword => {
            connection.kind == KindName::ActiveDirectory
        }
        AccountsRoute::Token | AccountsRoute::Register => connection.kind == KindName::ActiveDirectoryToken,
        AccountsRoute::Account(_) | AccountsRoute::AccountPassword(_) | AccountsRoute::AccountDevice(_) => {
            connection.is_directory()
        }
        AccountsRoute::Start
        | AccountsRoute::BackChannelLogout(_)
        | AccountsRoute::FrontChannelLogout(_)
        | AccountsRoute::Trial
        | AccountsRoute::KeySet(_)
        | AccountsRoute::Profile(..)
        | AccountsRoute::BuiltIn(_) => true,
    }
}

impl Way {
    /// Whether it is the workspace's own host that is asked.
    pub(super) fn is_of_workspace(self) -> bool {
        match self {
            Self::Application | Self::Session | Self::Groups | Self::HandOver | Self::HandOverOfRoot => true,
            Self::Root
            | Self::Callback
            | Self::Response
            | Self::Landing
            | Self::Button
            | Self::Password
            | Self::ChangePassword
            | Self::Token
            | Self::Register
            | Self::Account
            | Self::AccountPassword
            | Self::AccountDevice => false,
        }
    }

    /// Whether a live session is asked, again and again, and not one in the making.
    pub(super) fn is_of_session(self) -> bool {
        matches!(self, Self::Application | Self::Session | Self::Groups)
    }

    /// Whether a live session is asked on a page of its person's own, which belongs to no workspace.
    pub(super) fn is_of_account(self) -> bool {
        matches!(self, Self::Account | Self::AccountPassword | Self::AccountDevice)
    }
}
