//! Why a session is over.

/// Why a root ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndedBy {
    /// The person signed out.
    SignOut,
    /// Nothing was done for longer than the idle limit.
    Idle,
    /// The maximum limit.
    Maximum,
    /// Somebody signed in anew in the same browser.
    NewSignIn,
    /// The organisation's rules no longer let this person remain.
    Admission,
    /// The directory no longer knows this person as it did: disabled, deleted, or with another password.
    Directory,
    /// The person, or an administrator, ended every other session of theirs.
    Elsewhere,
    /// The provider said that its own session is over.
    Provider,
}

impl EndedBy {
    const ALL: [Self; 8] = [
        Self::SignOut,
        Self::Idle,
        Self::Maximum,
        Self::NewSignIn,
        Self::Admission,
        Self::Directory,
        Self::Elsewhere,
        Self::Provider,
    ];

    /// As it stands in the store and in the audit.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignOut => "sign-out",
            Self::Idle => "idle",
            Self::Maximum => "maximum",
            Self::NewSignIn => "new-sign-in",
            Self::Admission => "admission",
            Self::Directory => "directory",
            Self::Elsewhere => "elsewhere",
            Self::Provider => "provider",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }
}
