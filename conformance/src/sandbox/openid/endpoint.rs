//! The provider's addresses below its issuer, in the spelling of each shape.

use http::Method;

use super::Shape;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    Discovery,
    Keys,
    Authorize,
    SignIn,
    Token,
    UserInfo,
    EndSession,
}

const ALL: [Endpoint; 7] = [
    Endpoint::Discovery,
    Endpoint::Keys,
    Endpoint::Authorize,
    Endpoint::SignIn,
    Endpoint::Token,
    Endpoint::UserInfo,
    Endpoint::EndSession,
];

impl Endpoint {
    pub(super) fn at(path: &str, shape: Shape) -> Option<Self> {
        ALL.into_iter().find(|endpoint| endpoint.path(shape) == path)
    }

    pub(super) fn path(self, shape: Shape) -> &'static str {
        match (self, shape) {
            (Self::Discovery, Shape::Gateway) => "/oauth/idp/.well-known/openid-configuration",
            (Self::SignIn, Shape::Gateway) => "/oauth/idp/sign-in",
            (Self::Keys, Shape::Gateway) => "/oauth/idp/certs",
            (Self::Authorize, Shape::Gateway) => "/oauth/idp/login",
            (Self::Token, Shape::Gateway) => "/oauth/idp/token",
            (Self::UserInfo, Shape::Gateway) => "/oauth/idp/userinfo",
            (Self::EndSession, Shape::Gateway) => "/oauth/idp/logout",
            (Self::Discovery, _) => "/.well-known/openid-configuration",
            (Self::SignIn, _) => "/sign-in",
            (Self::Keys, Shape::Generic | Shape::Entra) => "/jwks",
            (Self::Keys, Shape::Okta) => "/v1/keys",
            (Self::Authorize, Shape::Generic | Shape::Entra) => "/authorize",
            (Self::Authorize, Shape::Okta) => "/v1/authorize",
            (Self::Token, Shape::Generic | Shape::Entra) => "/token",
            (Self::Token, Shape::Okta) => "/v1/token",
            (Self::UserInfo, Shape::Generic | Shape::Entra) => "/userinfo",
            (Self::UserInfo, Shape::Okta) => "/v1/userinfo",
            (Self::EndSession, Shape::Generic | Shape::Entra) => "/logout",
            (Self::EndSession, Shape::Okta) => "/v1/logout",
        }
    }

    /// Whether people's browsers open it.
    pub(super) const fn is_for_browsers(self) -> bool {
        match self {
            Self::Authorize | Self::SignIn | Self::EndSession => true,
            Self::Discovery | Self::Keys | Self::Token | Self::UserInfo => false,
        }
    }

    /// For `Allow`.
    pub(super) fn methods(self) -> &'static str {
        match self {
            Self::Discovery | Self::Keys => "GET",
            Self::SignIn | Self::Token => "POST",
            // OIDC Core 3.1.2.1 and 5.3.1: both methods.
            Self::Authorize | Self::UserInfo | Self::EndSession => "GET, POST",
        }
    }

    pub(super) fn takes(self, method: &Method) -> bool {
        self.methods().split(", ").any(|name| name == method.as_str())
    }
}
