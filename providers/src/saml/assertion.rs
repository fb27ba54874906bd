//! What an assertion says, read from the canonical octets that its provider signed and from nothing else.

use std::collections::HashMap;

use vestibule_policies::raw::{RawAttributes, Source};
use vestibule_policies::time::Timestamp;

use crate::error::SignInError;
use crate::step::NameId;

use super::fault::SamlFault;
use super::instant;
use super::verify::{self, Issuer};
use super::xml::{MESSAGE, Node, Tree, namespace};

/// Values of attributes that are kept in all; more are a fault of whoever sends them.
const MOST_VALUES: usize = 10_000;
/// saml-core §8.3: a name id is at most 256 characters.
const LONGEST_NAME_ID: usize = 256;

/// An assertion (saml-core §2.3.3).
#[derive(Debug)]
pub(super) struct Assertion {
    pub(super) id: String,
    pub(super) version: Option<String>,
    pub(super) issue_instant: Option<String>,
    pub(super) issuer: Option<Issuer>,
    pub(super) subject: Option<Subject>,
    pub(super) conditions: Vec<Conditions>,
    pub(super) statements: Vec<AuthnStatement>,
    pub(super) attributes: RawAttributes,
}

/// saml-core §2.4.1.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) name_id: Option<NameId>,
    pub(super) encrypted: bool,
    pub(super) confirmations: Vec<Confirmation>,
}

/// saml-core §2.4.1.1.
#[derive(Debug)]
pub(super) struct Confirmation {
    pub(super) method: String,
    pub(super) has_data: bool,
    pub(super) not_before: Option<String>,
    pub(super) not_on_or_after: Option<String>,
    pub(super) recipient: Option<String>,
    pub(super) in_response_to: Option<String>,
}

/// saml-core §2.5.1.
#[derive(Debug)]
pub(super) struct Conditions {
    pub(super) not_before: Option<String>,
    pub(super) not_on_or_after: Option<String>,
    /// Each restriction's audiences.
    pub(super) audiences: Vec<Vec<String>>,
    /// The name of a condition that is none of the standard's.
    pub(super) unknown: Option<String>,
}

/// saml-core §2.7.2.
#[derive(Debug)]
pub(super) struct AuthnStatement {
    pub(super) instant: Timestamp,
    pub(super) session_index: Option<String>,
    pub(super) session_not_on_or_after: Option<Timestamp>,
    pub(super) context: Option<String>,
}

impl Assertion {
    /// Reads the assertion that these octets are, or that the response that they are holds.
    pub(super) fn read(octets: &[u8]) -> Result<Self, SignInError> {
        // Canonical octets are a document again; it passes the same door.
        let tree = Tree::parse(octets, MESSAGE).map_err(|fault| verify::refusal(&fault))?;
        let root = tree.root();
        let assertion = match root {
            Some(root) if root.is(namespace::ASSERTION, "Assertion") => Some(root),
            Some(root) if root.is(namespace::PROTOCOL, "Response") => {
                root.child(namespace::ASSERTION, "Assertion")
            }
            _ => None,
        };
        Self::of(
            assertion.ok_or_else(|| SamlFault::AssertionMissing.because("what is signed is no assertion"))?,
        )
    }

    fn of(assertion: Node<'_>) -> Result<Self, SignInError> {
        let owned = |name: &str| assertion.attribute(name).map(str::to_owned);
        let id = owned("ID").filter(|id| !id.is_empty());
        let statements = assertion.all(namespace::ASSERTION, "AuthnStatement").map(statement);
        Ok(Self {
            id: id.ok_or_else(|| SamlFault::IdMissing.because("the assertion has no ID"))?,
            version: owned("Version"),
            issue_instant: owned("IssueInstant"),
            issuer: verify::issuer_of(assertion),
            subject: assertion.child(namespace::ASSERTION, "Subject").map(subject).transpose()?,
            conditions: assertion.all(namespace::ASSERTION, "Conditions").map(conditions).collect(),
            statements: statements.collect::<Result<_, _>>()?,
            attributes: attributes(assertion)?,
        })
    }
}

fn subject(node: Node<'_>) -> Result<Subject, SignInError> {
    let name_id = node.child(namespace::ASSERTION, "NameID").map(name_id).transpose()?;
    Ok(Subject {
        name_id: name_id.filter(|name| !name.value.is_empty()),
        encrypted: node.child(namespace::ASSERTION, "EncryptedID").is_some(),
        confirmations: node.all(namespace::ASSERTION, "SubjectConfirmation").map(confirmation).collect(),
    })
}

/// Kept exactly as it was sent, for a logout has to repeat it (SDP-SP31).
fn name_id(node: Node<'_>) -> Result<NameId, SignInError> {
    let owned = |name: &str| node.attribute(name).map(str::to_owned);
    let value = node.text().ok_or_else(|| SamlFault::SubjectMissing.because("the name id holds elements"))?;
    if value.chars().count() > LONGEST_NAME_ID {
        return Err(SamlFault::SubjectMissing.because("the name id is longer than 256 characters"));
    }
    Ok(NameId {
        value: value.into_owned(),
        format: owned("Format"),
        name_qualifier: owned("NameQualifier"),
        sp_name_qualifier: owned("SPNameQualifier"),
    })
}

fn confirmation(node: Node<'_>) -> Confirmation {
    let data = node.child(namespace::ASSERTION, "SubjectConfirmationData");
    let owned = |name: &str| data.and_then(|data| data.attribute(name)).map(str::to_owned);
    Confirmation {
        method: node.attribute("Method").unwrap_or_default().to_owned(),
        has_data: data.is_some(),
        not_before: owned("NotBefore"),
        not_on_or_after: owned("NotOnOrAfter"),
        recipient: owned("Recipient"),
        in_response_to: owned("InResponseTo"),
    }
}

fn conditions(node: Node<'_>) -> Conditions {
    let owned = |name: &str| node.attribute(name).map(str::to_owned);
    let restrictions = node.all(namespace::ASSERTION, "AudienceRestriction");
    let known = |child: &Node<'_>| {
        ["AudienceRestriction", "OneTimeUse", "ProxyRestriction"]
            .into_iter()
            .any(|name| child.is(namespace::ASSERTION, name))
    };
    Conditions {
        not_before: owned("NotBefore"),
        not_on_or_after: owned("NotOnOrAfter"),
        audiences: restrictions
            .map(|one| {
                let audiences = one.all(namespace::ASSERTION, "Audience");
                audiences.filter_map(|audience| Some(audience.text()?.into_owned())).collect()
            })
            .collect(),
        unknown: node.children().find(|child| !known(child)).map(|child| child.name().to_owned()),
    }
}

fn statement(node: Node<'_>) -> Result<AuthnStatement, SignInError> {
    let at = node.attribute("AuthnInstant").unwrap_or_default();
    let context = node
        .child(namespace::ASSERTION, "AuthnContext")
        .and_then(|context| context.child(namespace::ASSERTION, "AuthnContextClassRef"));
    Ok(AuthnStatement {
        instant: instant::read("AuthnInstant", at)?,
        session_index: node.attribute("SessionIndex").map(str::to_owned),
        session_not_on_or_after: node
            .attribute("SessionNotOnOrAfter")
            .map(|text| instant::read("SessionNotOnOrAfter", text))
            .transpose()?,
        context: context.and_then(Node::text).map(|text| text.trim().to_owned()),
    })
}

/// Every attribute by its `Name`, to the letter; a friendly name names nothing (IIP-SP06). An attribute that stands twice has
/// the values of both, so that no claim can be taken from the one and its twin be overlooked.
fn attributes(assertion: Node<'_>) -> Result<RawAttributes, SignInError> {
    let statements = assertion.all(namespace::ASSERTION, "AttributeStatement");
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut found: Vec<(&str, Vec<String>)> = Vec::new();
    let mut count = 0;
    for attribute in statements.flat_map(|one| one.all(namespace::ASSERTION, "Attribute")) {
        let name = attribute.attribute("Name").unwrap_or_default();
        let place = *places.entry(name).or_insert_with(|| {
            found.push((name, Vec::new()));
            found.len() - 1
        });
        // A value that holds elements is a structure of somebody else's.
        let values = attribute.all(namespace::ASSERTION, "AttributeValue").filter_map(Node::text);
        if let Some((_, kept)) = found.get_mut(place) {
            let before = kept.len();
            kept.extend(values.map(std::borrow::Cow::into_owned));
            count += kept.len() - before;
        }
        if count > MOST_VALUES {
            return Err(SamlFault::XmlLimits.because("the assertion holds more than 10,000 values"));
        }
    }
    Ok(RawAttributes::gathered(
        found.into_iter().map(|(name, values)| (name.to_owned(), values)),
        Source::Assertion,
    ))
}
