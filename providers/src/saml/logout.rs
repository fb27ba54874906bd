//! Sign-out at the provider: an unsigned request by redirect, and what comes back (AMB-03; saml-core §3.7).
//!
//! Our own session is over before the request is sent. Nothing depends on the answer, so nothing of it is believed.

use url::Url;
use vestibule_policies::time::Timestamp;

use crate::error::SignInError;
use crate::step::UpstreamSession;

use super::fault::SamlFault;
use super::instant;
use super::redirect;
use super::verify;
use super::writer::Writer;
use super::xml::{Caps, Tree, namespace};

const CAPS: Caps = Caps { octets: redirect::LONGEST_INFLATED, tags: 1024 };
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// The address at the provider that ends its session.
pub(super) fn request(
    endpoint: &str,
    (entity_id, id, relay_state): (&str, &str, &str),
    upstream: &UpstreamSession,
    now: Timestamp,
) -> Result<Option<Url>, SignInError> {
    // A session without a name id cannot be named at the provider.
    let Some(name_id) = &upstream.name_id else { return Ok(None) };
    let attributes = [
        ("xmlns:samlp", namespace::PROTOCOL),
        ("ID", id),
        ("Version", "2.0"),
        ("IssueInstant", &instant::write(now)),
        ("Destination", endpoint),
    ];
    let mut writer = Writer::default();
    writer.element("samlp:LogoutRequest", &attributes, |inside| {
        let declared = ("xmlns:saml", namespace::ASSERTION);
        inside.leaf("saml:Issuer", &[declared], entity_id);
        // Exactly as it was received (SDP-SP31), and before the session index (saml-core §3.7.1).
        let optional = [
            ("Format", &name_id.format),
            ("NameQualifier", &name_id.name_qualifier),
            ("SPNameQualifier", &name_id.sp_name_qualifier),
        ];
        let given = optional.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        let attributes: Vec<_> = [declared].into_iter().chain(given).collect();
        inside.leaf("saml:NameID", &attributes, &name_id.value);
        if let Some(index) = &upstream.session_id {
            inside.leaf("samlp:SessionIndex", &[], index);
        }
    });
    redirect::address(endpoint, &writer.finish(), relay_state, None).map(Some)
}

/// What the provider answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogoutAnswer {
    /// Its session is over.
    Done,
    /// It says something else, for the log.
    Refused(String),
}

/// Reads a `LogoutResponse` as the redirect binding brings it.
///
/// # Errors
/// `SAML-LOGOUT` for whatever is no such answer; a request of the provider's to sign somebody out among it.
pub fn answer(parameter: &str) -> Result<LogoutAnswer, SignInError> {
    let refuse = |reason: &str| SamlFault::LogoutMalformed.because(reason);
    let message = redirect::inflated(parameter).ok_or_else(|| refuse("the answer cannot be inflated"))?;
    let tree = Tree::parse(&message, CAPS)
        .map_err(|fault| refuse(&format!("the answer: {}", verify::refusal(&fault).reason)))?;
    let root = tree.root().filter(|root| root.is(namespace::PROTOCOL, "LogoutResponse"));
    let root = root.ok_or_else(|| refuse("the message is no LogoutResponse"))?;
    let code = root
        .child(namespace::PROTOCOL, "Status")
        .and_then(|status| status.child(namespace::PROTOCOL, "StatusCode"))
        .and_then(|code| code.attribute("Value"));
    match code {
        Some(SUCCESS) => Ok(LogoutAnswer::Done),
        Some(other) => Ok(LogoutAnswer::Refused(other.to_owned())),
        None => Err(refuse("the answer has no status")),
    }
}
