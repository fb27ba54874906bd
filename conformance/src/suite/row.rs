//! One row: what is asked for, who asks for it, and what stands behind it.

use std::fmt;

use super::section::Section;

/// The longest part of an id behind its slash, in letters.
const LONGEST_PART: usize = 24;

/// A row of the list, or the part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub id: RowId,
    /// Where it stands.
    pub section: Section,
    /// What has to come of it, in a few words.
    pub outcome: String,
    /// Who asks for it: clause, test module or published break.
    pub source: String,
    /// What stands behind it today.
    pub state: State,
}

/// `OIDC-RP-18`, or `OIDC-RP-18/form-post` for a part with a state of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(String);

impl RowId {
    /// The id of a row of this section: one of its prefixes, two digits, and perhaps a part in small letters.
    #[must_use]
    pub fn parse(text: &str, section: Section) -> Option<Self> {
        let (row, part) = text.split_once('/').map_or((text, None), |(row, part)| (row, Some(part)));
        let (prefix, number) = row.rsplit_once('-')?;
        let plain = |part: &str| {
            part.len() <= LONGEST_PART
                && part.split('-').all(|word| {
                    !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
                })
        };
        let fits = section.prefixes().contains(&prefix)
            && number.len() == 2
            && number.bytes().all(|digit| digit.is_ascii_digit())
            && part.is_none_or(plain);
        fits.then(|| Self(text.to_owned()))
    }

    /// The whole id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id without its part: the row as others cite it.
    #[must_use]
    pub fn whole(&self) -> &str {
        self.0.split_once('/').map_or(&self.0, |(row, _)| row)
    }
}

impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What stands behind a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// These tests prove it, by the paths that `cargo test` prints behind the name of their crate or test binary.
    Implemented(Vec<String>),
    /// The product does not offer it, for this reason.
    Waived(String),
    /// It waits for this.
    NotBuilt(Need),
}

/// What a row waits for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// A kind of connection, as manifests spell it.
    Kind(String),
    /// A command of the program.
    Command(String),
    /// A part that is neither.
    Part(Part),
    /// Nothing but a test: the product is there and nothing proves it.
    Test,
}

impl Need {
    /// `kind saml`, `command key`, `part console` or `test`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(' ') {
            None => (text == "test").then_some(Self::Test),
            Some((_, "")) => None,
            Some(("kind", name)) => Some(Self::Kind(name.to_owned())),
            Some(("command", name)) => Some(Self::Command(name.to_owned())),
            Some(("part", name)) => Part::parse(name).map(Self::Part),
            Some(_) => None,
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind(name) => write!(f, "kind {name}"),
            Self::Command(name) => write!(f, "command {name}"),
            Self::Part(part) => write!(f, "part {}", part.as_str()),
            Self::Test => f.write_str("test"),
        }
    }
}

/// Declares the parts with their words.
macro_rules! parts {
    ($($(#[$doc:meta])* $part:ident $word:literal;)*) => {
        /// A part of the product that is neither a kind nor a command. A closed list: a slip of the pen is a fault.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Part {
            $($(#[$doc])* $part,)*
        }

        impl Part {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$part),*];

            /// The word of the row files.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$part => $word,)*
                }
            }
        }
    };
}

parts! {
    /// The administration API.
    Api "api";
    /// Encrypted assertions in responses that are not signed.
    CipherTextInUnsignedResponse "cipher-text-in-unsigned-response";
    /// Applications as OpenID clients of the broker.
    Clients "clients";
    /// Answers of an OpenID provider as a posted form.
    /// HTTP/2 at the listener.
    Http2 "http2";
    /// A proxy for outbound calls.
    OutboundProxy "outbound-proxy";
    /// Asking a provider again whether a person still stands.
    ProviderRecheck "provider-recheck";
    /// Sign-out at the provider, begun on either side.
    ProviderSignOut "provider-sign-out";
    /// Refresh tokens of a provider.
    RefreshTokens "refresh-tokens";
    /// Lists of revoked certificates.
    RevocationLists "revocation-lists";
    /// Sign-ins that somebody else begins.
    ThirdPartyInitiatedSignIn "third-party-initiated-sign-in";
    /// WebSockets through the proxy.
    WebSocket "websocket";
}

impl Part {
    fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|part| part.as_str() == word)
    }
}
