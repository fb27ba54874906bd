//! The provider's addresses below its origin.

use http::Method;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    Metadata,
    SignOn,
    /// Where a sign-in begins that no service provider asked for.
    Unsolicited,
    SignIn,
    Logout,
}

const ALL: [Endpoint; 5] =
    [Endpoint::Metadata, Endpoint::SignOn, Endpoint::Unsolicited, Endpoint::SignIn, Endpoint::Logout];

impl Endpoint {
    pub(super) fn at(path: &str) -> Option<Self> {
        ALL.into_iter().find(|endpoint| endpoint.path() == path)
    }

    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Metadata => "/saml/metadata",
            Self::SignOn => "/saml/sso",
            Self::Unsolicited => "/saml/unsolicited",
            Self::SignIn => "/saml/sign-in",
            Self::Logout => "/saml/slo",
        }
    }

    /// For `Allow`.
    pub(super) fn methods(self) -> &'static str {
        match self {
            Self::Metadata | Self::Unsolicited | Self::Logout => "GET",
            Self::SignIn => "POST",
            // saml-bindings sections 3.4 and 3.5.
            Self::SignOn => "GET, POST",
        }
    }

    pub(super) fn takes(self, method: &Method) -> bool {
        self.methods().split(", ").any(|name| name == method.as_str())
    }
}
