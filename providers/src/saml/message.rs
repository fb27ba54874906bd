//! A response as the browser posts it (saml-bindings §3.5.4): Base64 of the octets, nothing compressed.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vestibule_policies::time::Timestamp;

use crate::error::SignInError;

use super::fault::SamlFault;
use super::instant;
use super::verify;
use super::xml::{MESSAGE, Tree, namespace};

/// A posted response, of which nothing is believed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedResponse {
    /// The XML; what stood in the field where it was no Base64 and only a test sign-in is to say so.
    pub message: Vec<u8>,
    /// Whether it could be decoded.
    pub decoded: bool,
    /// Whether it came without a relay state of ours: the provider began.
    pub unsolicited: bool,
}

/// Who a response says that it is from and for. It only chooses whose keys to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressed {
    /// The provider's entity id.
    pub issuer: String,
    /// Every audience that is named; none where the assertion is encrypted.
    pub audiences: Option<Vec<String>>,
}

impl Addressed {
    /// Whether it may be for the service provider of this entity id.
    #[must_use]
    pub fn may_be_for(&self, entity_id: &str) -> bool {
        self.audiences.as_ref().is_none_or(|all| all.iter().any(|one| one == entity_id))
    }
}

impl PostedResponse {
    /// Decodes the field `SAMLResponse`. Line breaks are allowed (RFC 2045 §6.8), other alphabets are not.
    ///
    /// # Errors
    /// `SAML-MESSAGE` for what is no Base64, or too long.
    pub fn decode(field: &str, unsolicited: bool) -> Result<Self, SignInError> {
        if field.len() > MESSAGE.octets / 3 * 4 + 4096 {
            return Err(SamlFault::MessageLength.because("SAMLResponse is too long"));
        }
        let text: String = field.split_ascii_whitespace().collect();
        if text.is_empty() {
            return Err(SamlFault::MessageMissing.because("SAMLResponse is missing"));
        }
        let message = STANDARD
            .decode(text)
            .map_err(|_| SamlFault::MessageEncoding.because("SAMLResponse is no Base64"))?;
        Ok(Self { message, decoded: true, unsolicited })
    }

    /// A field that cannot be decoded, for the report of a test sign-in.
    #[must_use]
    pub fn undecodable(field: &str) -> Self {
        let some: String = field.chars().take(1024).collect();
        Self { message: some.into_bytes(), decoded: false, unsolicited: false }
    }

    /// Whose connections to try for a response that nobody asked for.
    ///
    /// # Errors
    /// When it is no response, or names nobody.
    pub fn addressed(&self) -> Result<Addressed, SignInError> {
        let tree = Tree::parse(&self.message, MESSAGE).map_err(|fault| verify::refusal(&fault))?;
        let root = tree.root().filter(|root| root.is(namespace::PROTOCOL, "Response"));
        let root = root.ok_or_else(|| SamlFault::RootWrong.because("the message is no samlp:Response"))?;
        let issuer = verify::issuer_of(root);
        let issuer =
            issuer.ok_or_else(|| SamlFault::ResponseIssuer.because("the response names no issuer"))?;
        let audiences = root.everywhere(namespace::ASSERTION, "Audience").into_iter();
        let audiences: Vec<_> = audiences.filter_map(|one| one.text().map(Cow::into_owned)).collect();
        let is_encrypted = root.child(namespace::ASSERTION, "EncryptedAssertion").is_some();
        Ok(Addressed { issuer: issuer.value, audiences: (!is_encrypted).then_some(audiences) })
    }
}

/// How far the provider's clock is ahead of ours, in seconds, as its message tells; for reports alone.
pub(super) fn skew(message: &[u8], now: Timestamp) -> Option<i64> {
    let tree = Tree::parse(message, MESSAGE).ok()?;
    let at = instant::read("IssueInstant", tree.root()?.attribute("IssueInstant")?).ok()?;
    Some(at.seconds() - now.seconds())
}
