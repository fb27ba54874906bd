//! Routes of the built-in identity on the accounts host.

use http::Method;

use super::Demands;

/// A form of the built-in identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuiltInRoute {
    /// User name and password.
    SignIn,
    /// "Sign in with my organization".
    Elsewhere,
    /// The one-time code.
    Code,
    /// A passkey in its place.
    Passkey,
    /// A backup code in its place.
    Backup,
    /// Another password in place of one that is due.
    Password,
    /// Which of several organisations.
    Choose,
    /// A link that makes somebody an administrator.
    Join,
    /// The code that went to the address of somebody new.
    Address,
    /// The device of somebody new.
    Device,
    /// Backup codes and recovery phone, and the end.
    Recovery,
    /// The wish for a link to a new password.
    Forgotten,
    /// Where that link leads.
    Reset,
}

impl BuiltInRoute {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::SignIn,
        Self::Elsewhere,
        Self::Code,
        Self::Passkey,
        Self::Backup,
        Self::Password,
        Self::Choose,
        Self::Join,
        Self::Address,
        Self::Device,
        Self::Recovery,
        Self::Forgotten,
        Self::Reset,
    ];

    /// The route of a path.
    #[must_use]
    pub fn of(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|route| route.path() == path)
    }

    /// Its path.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::SignIn => "/sign-in",
            Self::Elsewhere => "/sign-in/organization",
            Self::Code => "/sign-in/code",
            Self::Passkey => "/sign-in/passkey",
            Self::Backup => "/sign-in/backup-code",
            Self::Password => "/sign-in/password",
            Self::Choose => "/sign-in/choose",
            Self::Join => "/join",
            Self::Address => "/join/address",
            Self::Device => "/join/device",
            Self::Recovery => "/join/recovery",
            Self::Forgotten => "/sign-in/forgotten",
            Self::Reset => "/reset",
        }
    }

    /// What it asks for.
    #[must_use]
    pub const fn demands(self) -> Demands {
        match self {
            Self::SignIn
            | Self::Code
            | Self::Passkey
            | Self::Backup
            | Self::Password
            | Self::Choose
            | Self::Recovery => Demands::MakesSession,
            // Another password signs nobody in.
            Self::Elsewhere | Self::Join | Self::Address | Self::Device | Self::Forgotten | Self::Reset => {
                Demands::Nothing
            }
        }
    }

    /// Whether it answers this method.
    #[must_use]
    pub fn takes(self, method: &Method) -> bool {
        match self {
            Self::SignIn | Self::Join | Self::Forgotten | Self::Reset => {
                matches!(*method, Method::GET | Method::HEAD | Method::POST)
            }
            // Their pages answer the form before them, which a GET would not know of.
            Self::Elsewhere
            | Self::Code
            | Self::Passkey
            | Self::Backup
            | Self::Password
            | Self::Choose
            | Self::Address
            | Self::Device
            | Self::Recovery => *method == Method::POST,
        }
    }
}
