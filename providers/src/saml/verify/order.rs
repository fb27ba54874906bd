//! What a response and its status hold, in which order and how often, and which attributes they have (saml-core §3.2.2, §3.2.2.1,
//! §3.2.2.2).
//!
//! Where only the assertion is signed nobody vouches for the rest: of what stands twice one reader takes the first and another the
//! last, and python3-saml takes neither.

use crate::error::SignInError;

use super::super::fault::SamlFault;
use super::super::xml::{Node, namespace};

/// How often an element may stand there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Often {
    Once,
    /// Whoever looks at it counts it, and says so by its own name.
    Counted,
}

type Place = (&'static str, &'static str, Often);

const RESPONSE: &[Place] = &[
    (namespace::ASSERTION, "Issuer", Often::Once),
    (namespace::SIGNATURE, "Signature", Often::Counted),
    (namespace::PROTOCOL, "Extensions", Often::Once),
    (namespace::PROTOCOL, "Status", Often::Once),
    (namespace::ASSERTION, "Assertion", Often::Counted),
    (namespace::ASSERTION, "EncryptedAssertion", Often::Counted),
];
const RESPONSE_ATTRIBUTES: &[&str] =
    &["ID", "InResponseTo", "Version", "IssueInstant", "Destination", "Consent"];
const CODE: Place = (namespace::PROTOCOL, "StatusCode", Often::Once);
const STATUS: &[Place] = &[
    CODE,
    (namespace::PROTOCOL, "StatusMessage", Often::Once),
    (namespace::PROTOCOL, "StatusDetail", Often::Once),
];

pub(super) fn check(response: Node<'_>) -> Result<(), SignInError> {
    holds(response, RESPONSE, RESPONSE_ATTRIBUTES)?;
    let Some(status) = response.child(namespace::PROTOCOL, "Status") else { return Ok(()) };
    holds(status, STATUS, &[])?;
    let mut code = status.child(namespace::PROTOCOL, "StatusCode");
    while let Some(outer) = code {
        holds(outer, &[CODE], &["Value"])?;
        code = outer.child(namespace::PROTOCOL, "StatusCode");
    }
    Ok(())
}

fn holds(node: Node<'_>, places: &[Place], attributes: &[&str]) -> Result<(), SignInError> {
    if let Some(other) = node.attributes().find(|name| !attributes.contains(name)) {
        let reason = format!("the {} has an attribute {other}", node.name());
        return Err(SamlFault::ElementUnexpected.because(reason));
    }
    if node.has_text_between() {
        let reason = format!("text stands between the elements of the {}", node.name());
        return Err(SamlFault::XmlLimits.because(reason));
    }
    let mut next = 0;
    for child in node.children() {
        let unexpected = |how: &str| {
            SamlFault::ElementUnexpected.because(format!("the {} holds {}{how}", node.name(), child.name()))
        };
        let found = places.iter().position(|(uri, name, _)| child.is(uri, name));
        let place = found.ok_or_else(|| unexpected(""))?;
        match places.get(place) {
            Some((_, _, Often::Once)) if place < next => return Err(unexpected(" twice or too late")),
            Some((_, _, Often::Once)) => next = place + 1,
            Some((_, _, Often::Counted)) | None => next = next.max(place),
        }
    }
    Ok(())
}
