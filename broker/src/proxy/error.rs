//! Why a request did not come through to the application, and what the visitor is told.
//!
//! Rule kept: nothing that a visitor sends gives 500, and an application that is away is 502 or 504 (interface 6).

use std::error::Error;

use hyper_util::client::legacy;
use vestibule_policies::code::Code;

/// A request that was not forwarded, or whose application gave no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum ForwardError {
    /// No connection, or one that broke, or an answer that is not HTTP. 502.
    #[error("the application could not be reached or did not answer in HTTP")]
    Unreachable(#[source] legacy::Error),
    /// No response head within the route's timeout. 504.
    #[error("the application did not answer within the route's timeout")]
    Slow,
    /// The application switched protocols although it was never asked to. 502.
    #[error("the application switched protocols unasked")]
    BadUpgrade,
    /// TRACE or CONNECT. 405.
    #[error("this method is not forwarded")]
    Method,
    /// A WebSocket handshake, which this version does not carry. 501.
    #[error("WebSockets are not built")]
    UpgradeNotBuilt,
    /// The request's framing, target or body is unsound; the text names the part. 400.
    #[error("the request is malformed: {0}")]
    Malformed(&'static str),
}

impl ForwardError {
    /// The stable code for page, log and audit.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Unreachable(_) | Self::BadUpgrade => Code::ApplicationDown,
            Self::Slow => Code::ApplicationSlow,
            Self::Method => Code::MethodNotAllowed,
            Self::UpgradeNotBuilt => Code::NotBuilt,
            Self::Malformed(_) => Code::RequestMalformed,
        }
    }

    /// The HTTP status. It is the code's own, but for an upgrade: a function that the server lacks is 501
    /// (RFC 9110 §15.6.2).
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::UpgradeNotBuilt => 501,
            Self::Unreachable(_) | Self::BadUpgrade | Self::Slow | Self::Method | Self::Malformed(_) => {
                self.code().status()
            }
        }
    }
}

impl From<legacy::Error> for ForwardError {
    /// A request body that breaks off (HTTP-07: bad chunk, early end) is the visitor's doing, not the application's.
    fn from(error: legacy::Error) -> Self {
        let mut cause: Option<&(dyn Error + 'static)> = error.source();
        while let Some(link) = cause {
            if link.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_user) {
                return Self::Malformed("body");
            }
            cause = link.source();
        }
        Self::Unreachable(error)
    }
}
