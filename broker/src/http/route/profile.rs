//! Routes of an administrator's own page on the accounts host, below the slug that says which of the browser's sessions is meant.

use http::Method;

/// A page of the profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileRoute {
    /// What there is.
    Overview,
    /// Another password.
    Password,
    /// Another authenticator app: the question, and the proof by the present one.
    Device,
    /// The first code of the new one.
    NewDevice,
    /// Another set of backup codes.
    BackupCodes,
    /// Another passkey.
    Passkeys,
    /// One passkey less.
    RemovePasskey,
    /// Another recovery phone.
    Phone,
    /// Another address.
    Email,
    /// The code that went there.
    NewEmail,
}

impl ProfileRoute {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Overview,
        Self::Password,
        Self::Device,
        Self::NewDevice,
        Self::BackupCodes,
        Self::Passkeys,
        Self::RemovePasskey,
        Self::Phone,
        Self::Email,
        Self::NewEmail,
    ];

    /// The route of what stands below the slug.
    #[must_use]
    pub fn of(below: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|route| route.below() == below)
    }

    /// What stands below the slug.
    #[must_use]
    pub const fn below(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Password => "/password",
            Self::Device => "/device",
            Self::NewDevice => "/device/new",
            Self::BackupCodes => "/backup-codes",
            Self::Passkeys => "/passkeys",
            Self::RemovePasskey => "/passkeys/remove",
            Self::Phone => "/phone",
            Self::Email => "/email",
            Self::NewEmail => "/email/new",
        }
    }

    /// Whether it answers this method.
    #[must_use]
    pub fn takes(self, method: &Method) -> bool {
        match self {
            Self::Overview => matches!(*method, Method::GET | Method::HEAD),
            Self::Password
            | Self::Device
            | Self::BackupCodes
            | Self::Passkeys
            | Self::RemovePasskey
            | Self::Phone
            | Self::Email => {
                matches!(*method, Method::GET | Method::HEAD | Method::POST)
            }
            // Their pages answer the form before them, which a GET would not know of.
            Self::NewDevice | Self::NewEmail => *method == Method::POST,
        }
    }
}
