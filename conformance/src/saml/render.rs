//! A [`Message`] as XML. A signature, where there is one, stands behind the issuer (saml-core section 5.4).

use super::message::{
    Assertion, Attribute, Conditions, Confirmation, Issuer, Message, Response, Status, Subject,
};
use super::message::{AuthnStatement, NameId};
use super::names;
use super::time::instant;
use super::xml::Tag;

/// Declarations on an element besides that of its own prefix.
pub(super) type Declared<'a> = &'a [(String, String)];

impl Message {
    /// With the texts of [`Message::replaced`] exchanged.
    pub(super) fn replace(&self, xml: String) -> String {
        self.replaced.iter().fold(xml, |xml, (from, to)| xml.replace(from, to))
    }
}

impl Response {
    /// `body` is the assertion and what stands around it.
    pub(super) fn write(&self, signature: &str, body: &str, declared: Declared<'_>) -> String {
        let tag = Tag::new("samlp:Response")
            .declare("samlp", names::PROTOCOL)
            .maybe("ID", self.id.as_deref())
            .maybe("Version", self.version.as_deref())
            .maybe("IssueInstant", self.issue_instant.map(instant).as_deref())
            .maybe("Destination", self.destination.as_deref())
            .maybe("InResponseTo", self.in_response_to.as_deref());
        let mut tag = declared.iter().fold(tag, |tag, (prefix, uri)| tag.declare(prefix, uri));
        if let Some(issuer) = &self.issuer {
            tag = tag.child(issuer.tag().declare("saml", names::ASSERTION));
        }
        tag = tag.raw(signature);
        if let Some(extensions) = &self.extensions {
            tag = tag.child(Tag::new("samlp:Extensions").raw(extensions));
        }
        if let Some(status) = &self.status {
            tag = tag.child(status.tag());
        }
        tag.raw(body).write()
    }
}

impl Issuer {
    fn tag(&self) -> Tag {
        Tag::new("saml:Issuer").maybe("Format", self.format.as_deref()).text(&self.value)
    }
}

impl Status {
    fn tag(&self) -> Tag {
        let mut code = Tag::new("samlp:StatusCode").with("Value", &self.code);
        if let Some(nested) = &self.nested {
            code = code.child(Tag::new("samlp:StatusCode").with("Value", nested));
        }
        let mut tag = Tag::new("samlp:Status").child(code);
        if let Some(message) = &self.message {
            tag = tag.child(Tag::new("samlp:StatusMessage").text(message));
        }
        match &self.detail {
            Some(detail) => tag.child(Tag::new("samlp:StatusDetail").raw(detail)),
            None => tag,
        }
    }
}

impl Assertion {
    pub(super) fn write(&self, signature: &str, declared: Declared<'_>) -> String {
        let tag = Tag::new("saml:Assertion")
            .declare("saml", names::ASSERTION)
            .maybe("ID", self.id.as_deref())
            .maybe("Version", self.version.as_deref())
            .maybe("IssueInstant", self.issue_instant.map(instant).as_deref());
        let mut tag = declared.iter().fold(tag, |tag, (prefix, uri)| tag.declare(prefix, uri));
        let issuer = self.issuer.as_ref().map(Issuer::tag);
        let subject = self.subject.as_ref().map(Subject::tag);
        let conditions = self.conditions.as_ref().map(Conditions::tag);
        let advice = self.advice.as_ref().map(|xml| Tag::new("saml:Advice").raw(xml));
        let authn = self.authn.as_ref().map(AuthnStatement::tag);
        tag = issuer.into_iter().fold(tag, Tag::child).raw(signature);
        tag = [subject, conditions, advice, authn].into_iter().flatten().fold(tag, Tag::child);
        if !self.attributes.is_empty() {
            let statement = Tag::new("saml:AttributeStatement");
            tag = tag.child(self.attributes.iter().map(Attribute::tag).fold(statement, Tag::child));
        }
        tag.raw(&self.statements).write()
    }
}

impl Subject {
    fn tag(&self) -> Tag {
        let tag = self.name_id.iter().map(NameId::tag).fold(Tag::new("saml:Subject"), Tag::child);
        self.confirmations.iter().map(Confirmation::tag).fold(tag, Tag::child)
    }
}

impl NameId {
    pub(super) fn tag(&self) -> Tag {
        Tag::new("saml:NameID")
            .maybe("Format", self.format.as_deref())
            .maybe("NameQualifier", self.name_qualifier.as_deref())
            .maybe("SPNameQualifier", self.sp_name_qualifier.as_deref())
            .text(&self.value)
    }
}

impl Confirmation {
    fn tag(&self) -> Tag {
        let tag = Tag::new("saml:SubjectConfirmation").with("Method", &self.method);
        let Some(data) = &self.data else { return tag };
        tag.child(
            Tag::new("saml:SubjectConfirmationData")
                .maybe("Recipient", data.recipient.as_deref())
                .maybe("NotBefore", data.not_before.map(instant).as_deref())
                .maybe("NotOnOrAfter", data.not_on_or_after.map(instant).as_deref())
                .maybe("InResponseTo", data.in_response_to.as_deref()),
        )
    }
}

impl Conditions {
    fn tag(&self) -> Tag {
        let mut tag = Tag::new("saml:Conditions")
            .maybe("NotBefore", self.not_before.map(instant).as_deref())
            .maybe("NotOnOrAfter", self.not_on_or_after.map(instant).as_deref());
        for audiences in &self.audiences {
            let audience = |value: &String| Tag::new("saml:Audience").text(value);
            let restriction = Tag::new("saml:AudienceRestriction");
            tag = tag.child(audiences.iter().map(audience).fold(restriction, Tag::child));
        }
        if self.one_time_use { tag.child(Tag::new("saml:OneTimeUse")) } else { tag }
    }
}

impl AuthnStatement {
    fn tag(&self) -> Tag {
        let tag = Tag::new("saml:AuthnStatement")
            .with("AuthnInstant", &instant(self.instant))
            .maybe("SessionIndex", self.session_index.as_deref())
            .maybe("SessionNotOnOrAfter", self.session_not_on_or_after.map(instant).as_deref());
        let class = self.class.as_deref().map(|class| Tag::new("saml:AuthnContextClassRef").text(class));
        tag.child(class.into_iter().fold(Tag::new("saml:AuthnContext"), Tag::child))
    }
}

impl Attribute {
    fn tag(&self) -> Tag {
        let tag = Tag::new("saml:Attribute")
            .with("Name", &self.name)
            .maybe("NameFormat", self.name_format.as_deref())
            .maybe("FriendlyName", self.friendly_name.as_deref());
        let value = |value: &String| {
            let tag = Tag::new("saml:AttributeValue").text(value);
            match &self.value_type {
                Some(name) => tag.declare("xsi", names::XSI).with("xsi:type", name),
                None => tag,
            }
        };
        self.values.iter().map(value).fold(tag, Tag::child)
    }
}
