//! Every route that the broker answers itself, as types. Links and tests are made from them, not from strings.

mod built_in;
mod console;
mod profile;

use http::Method;
use vestibule_policies::ids::{ConnectionId, OrganizationId};
use vestibule_policies::name::Slug;

pub use self::built_in::BuiltInRoute;
pub use self::console::{ConsoleRoute, DeskRoute};
pub use self::profile::ProfileRoute;

/// Paths of a workspace below this are the broker's; all else is the application's.
pub const RESERVED: &str = "/.vestibule/";

/// What a route does to a session; tests walk every route by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demands {
    /// Nothing of the person: anybody may come.
    Nothing,
    /// A live session.
    Session,
    /// It makes one, and asks admission first.
    MakesSession,
}

/// A route of a workspace host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkspaceRoute {
    /// Begins a sign-in and comes back to one path.
    SignIn,
    /// Takes the hand-over code.
    Complete,
    /// The live session as JSON.
    Session,
    /// Its groups as JSON.
    Groups,
    /// Asks, and ends the session.
    SignOut,
    /// What comes after.
    SignedOut,
    /// Forward authentication, which comes with a later version.
    Verify,
    /// Reserved, and nothing.
    Reserved,
    /// The application's.
    Application,
}

impl WorkspaceRoute {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::SignIn,
        Self::Complete,
        Self::Session,
        Self::Groups,
        Self::SignOut,
        Self::SignedOut,
        Self::Verify,
        Self::Reserved,
        Self::Application,
    ];

    /// The route of a path as it was sent.
    #[must_use]
    pub fn of(path: &str) -> Self {
        if path != "/.vestibule" && !path.starts_with(RESERVED) {
            return Self::Application;
        }
        Self::ALL.into_iter().find(|route| route.path() == Some(path)).unwrap_or(Self::Reserved)
    }

    /// Its path, where it has one of its own.
    #[must_use]
    pub const fn path(self) -> Option<&'static str> {
        match self {
            Self::SignIn => Some("/.vestibule/sign-in"),
            Self::Complete => Some("/.vestibule/complete"),
            Self::Session => Some("/.vestibule/session"),
            Self::Groups => Some("/.vestibule/groups"),
            Self::SignOut => Some("/.vestibule/sign-out"),
            Self::SignedOut => Some("/.vestibule/signed-out"),
            Self::Verify => Some("/.vestibule/verify"),
            Self::Reserved | Self::Application => None,
        }
    }

    /// What it asks for.
    #[must_use]
    pub const fn demands(self) -> Demands {
        match self {
            Self::Session | Self::Groups | Self::Application => Demands::Session,
            Self::Complete => Demands::MakesSession,
            Self::SignIn | Self::SignOut | Self::SignedOut | Self::Verify | Self::Reserved => {
                Demands::Nothing
            }
        }
    }

    /// Whether it answers this method.
    #[must_use]
    pub fn takes(self, method: &Method) -> bool {
        match self {
            Self::SignOut => matches!(*method, Method::GET | Method::HEAD | Method::POST),
            Self::SignIn | Self::Complete | Self::Session | Self::Groups | Self::SignedOut => {
                matches!(*method, Method::GET | Method::HEAD)
            }
            Self::Verify | Self::Reserved | Self::Application => true,
        }
    }
}

/// A route of the accounts host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountsRoute {
    /// Where every sign-in begins.
    Start,
    /// Where Okta's answers arrive (OKT-04).
    OktaCallback,
    /// Where Azure AD's answers arrive.
    AzureAdCallback,
    /// Where a Citrix Gateway's answers arrive (GW-04).
    GatewayCallback,
    /// Where any other OpenID provider's answers arrive.
    OidcCallback(ConnectionId),
    /// Where its provider posts logout tokens (Back-Channel Logout 1.0 §2.5).
    BackChannelLogout(ConnectionId),
    /// What its provider frames when somebody signs out there (Front-Channel Logout 1.0 §2).
    FrontChannelLogout(ConnectionId),
    /// Where an answer arrives that was posted from elsewhere (architecture 2, step 5).
    Landing,
    /// A test sign-in, which opens nothing.
    Trial,
    /// Name and password of a directory.
    Password,
    /// A password of a directory that is due.
    ChangePassword,
    /// The one-time code after a password.
    Token,
    /// The registration of a device for it.
    Register,
    /// A person's own page in one organisation.
    Account(Slug),
    /// Where that page changes the password.
    AccountPassword(Slug),
    /// Where it takes the device away.
    AccountDevice(Slug),
    /// An administrator's own page, and the forms below it.
    Profile(Slug, ProfileRoute),
    /// The keys of one organisation's assertions.
    KeySet(Slug),
    /// A form of the built-in identity.
    BuiltIn(BuiltInRoute),
}

impl AccountsRoute {
    /// The route of a path.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        match path {
            "/start" => Some(Self::Start),
            "/core/login-okta" => Some(Self::OktaCallback),
            "/core/login-aad" => Some(Self::AzureAdCallback),
            "/core/login-cip" => Some(Self::GatewayCallback),
            "/landing" => Some(Self::Landing),
            "/test" => Some(Self::Trial),
            "/password" => Some(Self::Password),
            "/password/change" => Some(Self::ChangePassword),
            "/token" => Some(Self::Token),
            "/token/register" => Some(Self::Register),
            _ => path
                .strip_prefix("/core/login-oidc/")
                .and_then(|id| id.parse().ok())
                .map(Self::OidcCallback)
                .or_else(|| {
                    let id = path.strip_prefix("/core/logout/backchannel/")?;
                    id.parse().ok().map(Self::BackChannelLogout)
                })
                .or_else(|| {
                    let id = path.strip_prefix("/core/logout/frontchannel/")?;
                    id.parse().ok().map(Self::FrontChannelLogout)
                })
                .or_else(|| BuiltInRoute::of(path).map(Self::BuiltIn))
                .or_else(|| Self::of_account(path.strip_prefix("/account/")?))
                .or_else(|| Self::of_profile(path.strip_prefix("/profile/")?))
                .or_else(|| {
                    let slug = path.strip_prefix("/o/")?.strip_suffix("/oauth2/jwks")?;
                    Slug::parse(slug).ok().map(Self::KeySet)
                }),
        }
    }

    fn of_account(below: &str) -> Option<Self> {
        let (slug, page) = below.split_once('/').unwrap_or((below, ""));
        let slug = Slug::parse(slug).ok()?;
        match (page, below.ends_with('/')) {
            ("", false) => Some(Self::Account(slug)),
            ("password", false) => Some(Self::AccountPassword(slug)),
            ("device", false) => Some(Self::AccountDevice(slug)),
            _ => None,
        }
    }

    fn of_profile(below: &str) -> Option<Self> {
        let (slug, page) = below.split_at(below.find('/').unwrap_or(below.len()));
        Some(Self::Profile(Slug::parse(slug).ok()?, ProfileRoute::of(page)?))
    }

    /// Whether a path belongs to a part that comes with a later version: it is refused by that name.
    #[must_use]
    pub fn is_later(path: &str) -> bool {
        path.starts_with("/o/")
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Start => "/start".to_owned(),
            Self::OktaCallback => "/core/login-okta".to_owned(),
            Self::AzureAdCallback => "/core/login-aad".to_owned(),
            Self::GatewayCallback => "/core/login-cip".to_owned(),
            Self::Landing => "/landing".to_owned(),
            Self::Trial => "/test".to_owned(),
            Self::Password => "/password".to_owned(),
            Self::ChangePassword => "/password/change".to_owned(),
            Self::Token => "/token".to_owned(),
            Self::Register => "/token/register".to_owned(),
            Self::Account(slug) => format!("/account/{slug}"),
            Self::AccountPassword(slug) => format!("/account/{slug}/password"),
            Self::AccountDevice(slug) => format!("/account/{slug}/device"),
            Self::Profile(slug, route) => format!("/profile/{slug}{}", route.below()),
            Self::OidcCallback(id) => format!("/core/login-oidc/{id}"),
            Self::BackChannelLogout(id) => format!("/core/logout/backchannel/{id}"),
            Self::FrontChannelLogout(id) => format!("/core/logout/frontchannel/{id}"),
            Self::KeySet(slug) => format!("/o/{slug}/oauth2/jwks"),
            Self::BuiltIn(route) => route.path().to_owned(),
        }
    }

    /// What it asks for.
    #[must_use]
    pub const fn demands(&self) -> Demands {
        match self {
            // A root that lives here already is handed over without a trip to the provider.
            Self::Start
            | Self::OktaCallback
            | Self::AzureAdCallback
            | Self::GatewayCallback
            | Self::OidcCallback(_)
            | Self::Landing
            | Self::Password
            | Self::ChangePassword
            | Self::Token
            | Self::Register => Demands::MakesSession,
            Self::Account(_) | Self::AccountPassword(_) | Self::AccountDevice(_) | Self::Profile(..) => {
                Demands::Session
            }
            Self::Trial | Self::KeySet(_) | Self::BackChannelLogout(_) | Self::FrontChannelLogout(_) => {
                Demands::Nothing
            }
            Self::BuiltIn(route) => route.demands(),
        }
    }

    /// Whether it answers this method.
    #[must_use]
    pub fn takes(&self, method: &Method) -> bool {
        match self {
            // Their buttons: for a sign-in that the provider began, and for a test.
            Self::Landing | Self::Trial | Self::Password | Self::AccountPassword(_) => {
                matches!(*method, Method::GET | Method::HEAD | Method::POST)
            }
            // Answers come in the query, or as a form (`response_mode`).
            Self::OktaCallback | Self::AzureAdCallback | Self::GatewayCallback | Self::OidcCallback(_) => {
                matches!(*method, Method::GET | Method::HEAD | Method::POST)
            }
            // Their pages answer the form before them, which a GET would not know of.
            Self::ChangePassword | Self::Token | Self::Register | Self::AccountDevice(_) => {
                *method == Method::POST
            }
            Self::BackChannelLogout(_) => *method == Method::POST,
            // A HEAD changes nothing, and this does.
            Self::FrontChannelLogout(_) => *method == Method::GET,
            Self::Start | Self::Account(_) | Self::KeySet(_) => {
                matches!(*method, Method::GET | Method::HEAD)
            }
            Self::Profile(_, route) => route.takes(method),
            Self::BuiltIn(route) => route.takes(method),
        }
    }
}

/// A route of the SAML host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SamlRoute {
    /// Our metadata; of one organisation with the parameter `organization`.
    Metadata,
    /// Our metadata, where an organisation's own entity id points.
    ScopedMetadata(OrganizationId),
    /// The assertion consumer service.
    Acs,
    /// Logout requests of providers, which come with a later version.
    Logout,
    /// Where providers answer our logout requests (SML-04).
    LogoutCallback,
}

impl SamlRoute {
    /// The route of a path.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        match path {
            "/saml/metadata.xml" => Some(Self::Metadata),
            "/saml/acs" => Some(Self::Acs),
            "/saml/logout" => Some(Self::Logout),
            "/saml/logout/callback" => Some(Self::LogoutCallback),
            _ => path.strip_prefix('/').and_then(|id| id.parse().ok()).map(Self::ScopedMetadata),
        }
    }

    /// Its path.
    #[must_use]
    pub fn path(self) -> String {
        match self {
            Self::Metadata => "/saml/metadata.xml".to_owned(),
            Self::ScopedMetadata(id) => format!("/{id}"),
            Self::Acs => "/saml/acs".to_owned(),
            Self::Logout => "/saml/logout".to_owned(),
            Self::LogoutCallback => "/saml/logout/callback".to_owned(),
        }
    }

    /// What it asks for. The consumer service verifies and opens nothing: the browser comes to the landing for that.
    #[must_use]
    pub const fn demands(self) -> Demands {
        Demands::Nothing
    }

    /// Whether it answers this method (SAML-02: responses come by POST alone).
    #[must_use]
    pub fn takes(self, method: &Method) -> bool {
        match self {
            Self::Acs => *method == Method::POST,
            Self::Logout => true,
            Self::Metadata | Self::ScopedMetadata(_) | Self::LogoutCallback => {
                matches!(*method, Method::GET | Method::HEAD)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_found_by_its_own_path() {
        for route in WorkspaceRoute::ALL {
            if let Some(path) = route.path() {
                assert_eq!(WorkspaceRoute::of(path), route);
            }
        }
        let slug = Slug::parse("acme").unwrap();
        let id = ConnectionId::from_bytes([7; 8]);
        for route in [
            AccountsRoute::Password,
            AccountsRoute::ChangePassword,
            AccountsRoute::Token,
            AccountsRoute::Register,
            AccountsRoute::Account(slug.clone()),
            AccountsRoute::AccountPassword(slug.clone()),
            AccountsRoute::AccountDevice(slug.clone()),
            AccountsRoute::Start,
            AccountsRoute::OktaCallback,
            AccountsRoute::AzureAdCallback,
            AccountsRoute::GatewayCallback,
            AccountsRoute::OidcCallback(id),
            AccountsRoute::BackChannelLogout(id),
            AccountsRoute::FrontChannelLogout(id),
            AccountsRoute::Landing,
            AccountsRoute::Trial,
            AccountsRoute::KeySet(slug.clone()),
        ]
        .into_iter()
        .chain(BuiltInRoute::ALL.map(AccountsRoute::BuiltIn))
        .chain(ProfileRoute::ALL.map(|route| AccountsRoute::Profile(slug.clone(), route)))
        {
            assert_eq!(AccountsRoute::of(&route.path()), Some(route));
        }
        let id = OrganizationId::from_bytes([9; 8]);
        for route in [
            SamlRoute::Metadata,
            SamlRoute::ScopedMetadata(id),
            SamlRoute::Acs,
            SamlRoute::Logout,
            SamlRoute::LogoutCallback,
        ] {
            assert_eq!(SamlRoute::of(&route.path()), Some(route));
        }
    }

    #[test]
    fn near_misses_lead_nowhere() {
        for path in [
            "/start/",
            "/core/login-oidc/",
            "/core/login-oidc/xyz",
            "/core/logout/backchannel/",
            "/core/logout/backchannel/xyz",
            "/core/logout/frontchannel/",
            "/o//oauth2/jwks",
            "/o/Acme/oauth2/jwks",
            "/account/",
            "/account/acme/",
            "/account/acme/device/",
            "/account/acme/other",
            "/account/Acme",
            "/profile/",
            "/profile/acme/",
            "/profile/acme/device/",
            "/profile/acme/other",
            "/profile/Acme/device",
            "/password/",
            "//start",
        ] {
            assert_eq!(AccountsRoute::of(path), None, "{path}");
        }
        for path in ["/.vestibule", "/.vestibule/", "/.vestibule/session/", "/.vestibule/other"] {
            assert_eq!(WorkspaceRoute::of(path), WorkspaceRoute::Reserved, "{path}");
        }
        assert_eq!(WorkspaceRoute::of("/.vestibules"), WorkspaceRoute::Application);
    }
}
