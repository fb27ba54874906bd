//! The programs that stand beside the product in a test: a certified OpenID provider, a real browser, and libraries that
//! verify what the product signs.
//!
//! They share no code with the broker, so they are the second opinion. A counterpart that is missing fails the test
//! and says what installs it; nothing skips.

mod chromium;
mod node;
mod openid_provider;
mod people;
mod python;
mod verifiers;

use std::time::Duration;

pub use self::chromium::{Chromium, Flow, Scheme, Step};
pub use self::openid_provider::{Client, OpenIdProvider, SignIn, TokenAuth};
pub use self::people::Person;
pub use self::verifiers::{VERIFIERS, verify};

/// Why a counterpart did not do its part.
#[derive(Debug, thiserror::Error)]
pub enum CounterpartError {
    /// It is not on this machine.
    #[error("{0} is missing: run tests/setup.sh")]
    NotInstalled(&'static str),
    /// It could not be started, or its pipes broke.
    #[error("{program}: {source}")]
    Process {
        /// The script.
        program: &'static str,
        /// What the system says.
        source: std::io::Error,
    },
    /// It ended before it did what it is for; standard error says why.
    #[error("{0} ended too early, its standard error says why")]
    Ended(&'static str),
    /// It took too long.
    #[error("{program} said nothing within {deadline:?}")]
    Deadline {
        /// The script.
        program: &'static str,
        /// How long it had.
        deadline: Duration,
    },
    /// Its answer, or a file of this folder, is not JSON of the expected shape.
    #[error("{program}: {source}")]
    Json {
        /// The script or file.
        program: &'static str,
        /// Where the JSON goes wrong.
        source: serde_json::Error,
    },
    /// Nobody of that name is in `people.json`.
    #[error("{0} is not one of the provider's people")]
    Stranger(String),
    /// The browser could not take a step.
    #[error("{fault}; the browser shows {shown}")]
    Stuck {
        /// The step and what went wrong.
        fault: String,
        /// The page at that moment, as the report has it.
        shown: Box<serde_json::Value>,
    },
}
