//! The AuthnRequest (saml-core section 3.4.1), as far as a provider without a memory needs it.

use super::scan::{Element, elements};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthnRequest {
    pub id: String,
    pub version: Option<String>,
    pub issue_instant: Option<String>,
    pub destination: Option<String>,
    pub acs_url: Option<String>,
    pub protocol_binding: Option<String>,
    pub issuer: Option<String>,
    pub force_authn: bool,
    pub is_passive: bool,
    pub name_id_format: Option<String>,
    /// `Comparison` of the `RequestedAuthnContext`.
    pub comparison: Option<String>,
    /// Its class references.
    pub classes: Vec<String>,
}

impl AuthnRequest {
    /// `None` if the root is another, has no ID, or a tag does not end.
    #[must_use]
    pub fn read(xml: &str) -> Option<Self> {
        let all = elements(xml)?;
        let root = all.first().filter(|root| root.name == "AuthnRequest")?;
        let owned = |name| root.attribute(name).map(str::to_owned);
        let of = |name: &str, attribute: &str| find(&all, name)?.attribute(attribute).map(str::to_owned);
        let classes = all.iter().filter(|element| element.name == "AuthnContextClassRef");
        Some(Self {
            id: owned("ID").filter(|id| !id.is_empty())?,
            version: owned("Version"),
            issue_instant: owned("IssueInstant"),
            destination: owned("Destination"),
            acs_url: owned("AssertionConsumerServiceURL"),
            protocol_binding: owned("ProtocolBinding"),
            issuer: find(&all, "Issuer").map(|issuer| issuer.text.clone()),
            force_authn: root.is_true("ForceAuthn"),
            is_passive: root.is_true("IsPassive"),
            name_id_format: of("NameIDPolicy", "Format"),
            comparison: of("RequestedAuthnContext", "Comparison"),
            classes: classes.map(|class| class.text.clone()).collect(),
        })
    }
}

pub(super) fn find<'a>(all: &'a [Element], name: &str) -> Option<&'a Element> {
    all.iter().find(|element| element.name == name)
}
