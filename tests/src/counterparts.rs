//! The programs that stand beside the product in a test: a certified OpenID provider, SAML identity providers of two
//! lineages, two Active Directory forests, a directory that is none, a name server, a mail server, a real browser, libraries that verify
//! what the product signs, and libraries that judge what it reads.
//!
//! They share no code with the broker, so they are the second opinion. A counterpart that is missing fails the test
//! and says what installs it; nothing skips.

pub mod axe;
mod chromium;
mod described;
mod dns;
mod key_pair;
mod lineage;
mod node;
mod oathtool;
mod openid_provider;
mod opinions;
mod oracle;
mod people;
mod pysaml;
mod pysaml_sp;
mod python;
pub mod samba;
pub mod saml;
mod saml_provider;
mod served;
mod simple_saml;
mod slapd;
pub mod smtp;
mod verifiers;

use std::time::Duration;

pub use self::chromium::{Chromium, Flow, PasskeyFlow, Scheme, Step};
pub use self::described::holds_its_description;
pub use self::dns::{Dns, Record};
pub use self::key_pair::KeyPair;
pub use self::lineage::Lineage;
pub use self::oathtool::totp;
pub use self::openid_provider::{Client, OpenIdProvider, SignIn, SignOut, TokenAuth};
pub use self::opinions::{BACK_ENDS, Opinion, Question, opinions};
pub use self::people::Person;
pub use self::pysaml::PySaml;
pub use self::pysaml_sp::{PySamlSp, Sent};
pub use self::saml_provider::SamlProvider;
pub use self::simple_saml::SimpleSaml;
pub use self::slapd::Slapd;
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
    /// It answers, but not as it should.
    #[error("{program}: {fault}")]
    Answer {
        /// The program.
        program: &'static str,
        /// What is odd about the answer.
        fault: String,
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
