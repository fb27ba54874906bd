//! The sections of the list, each with its file, which is part of the program.

/// A section of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// A: the broker in front of an OpenID provider.
    RelyingParty,
    /// B: the broker as an OpenID provider.
    Provider,
    /// C: OAuth's best practice.
    OAuth,
    /// D: the broker as a SAML service provider.
    Saml,
    /// E: sessions, browsers, the reverse proxy.
    Sessions,
    /// F: passwords, codes, invitations.
    Passwords,
    /// G: directories and identities.
    Directory,
    /// H: JWTs and key sets.
    Tokens,
    /// I: TLS and certificates.
    Tls,
    /// J: operations.
    Operations,
}

impl Section {
    /// All of them, in their order.
    pub const ALL: [Self; 10] = [
        Self::RelyingParty,
        Self::Provider,
        Self::OAuth,
        Self::Saml,
        Self::Sessions,
        Self::Passwords,
        Self::Directory,
        Self::Tokens,
        Self::Tls,
        Self::Operations,
    ];

    /// Its letter, `A` to `J`.
    #[must_use]
    pub const fn letter(self) -> char {
        match self {
            Self::RelyingParty => 'A',
            Self::Provider => 'B',
            Self::OAuth => 'C',
            Self::Saml => 'D',
            Self::Sessions => 'E',
            Self::Passwords => 'F',
            Self::Directory => 'G',
            Self::Tokens => 'H',
            Self::Tls => 'I',
            Self::Operations => 'J',
        }
    }

    /// What it is about.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::RelyingParty => "OpenID Connect relying party",
            Self::Provider => "OpenID provider",
            Self::OAuth => "OAuth best practice",
            Self::Saml => "SAML service provider",
            Self::Sessions => "Sessions, browsers, reverse proxy",
            Self::Passwords => "Passwords, codes, invitations",
            Self::Directory => "Directories and identities",
            Self::Tokens => "JWTs and key sets",
            Self::Tls => "TLS and certificates",
            Self::Operations => "Operations",
        }
    }

    /// The file below `conformance/rows`.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::RelyingParty => "a-relying-party.toml",
            Self::Provider => "b-provider.toml",
            Self::OAuth => "c-oauth.toml",
            Self::Saml => "d-saml.toml",
            Self::Sessions => "e-sessions.toml",
            Self::Passwords => "f-passwords.toml",
            Self::Directory => "g-directory.toml",
            Self::Tokens => "h-tokens.toml",
            Self::Tls => "i-tls.toml",
            Self::Operations => "j-operations.toml",
        }
    }

    /// What stands in it.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::RelyingParty => include_str!("../../rows/a-relying-party.toml"),
            Self::Provider => include_str!("../../rows/b-provider.toml"),
            Self::OAuth => include_str!("../../rows/c-oauth.toml"),
            Self::Saml => include_str!("../../rows/d-saml.toml"),
            Self::Sessions => include_str!("../../rows/e-sessions.toml"),
            Self::Passwords => include_str!("../../rows/f-passwords.toml"),
            Self::Directory => include_str!("../../rows/g-directory.toml"),
            Self::Tokens => include_str!("../../rows/h-tokens.toml"),
            Self::Tls => include_str!("../../rows/i-tls.toml"),
            Self::Operations => include_str!("../../rows/j-operations.toml"),
        }
    }

    /// What its rows' ids begin with.
    #[must_use]
    pub const fn prefixes(self) -> &'static [&'static str] {
        match self {
            Self::RelyingParty => &["OIDC-RP"],
            Self::Provider => &["OIDC-OP"],
            Self::OAuth => &["OAUTH"],
            Self::Saml => &["SAML"],
            Self::Sessions => &["SESS", "HTTP"],
            Self::Passwords => &["PWD"],
            Self::Directory => &["LDAP"],
            Self::Tokens => &["JWT"],
            Self::Tls => &["TLS"],
            Self::Operations => &["OPS"],
        }
    }

    /// The section of a letter in either case.
    #[must_use]
    pub fn of(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| letter.eq_ignore_ascii_case(&section.letter().to_string()))
    }
}
