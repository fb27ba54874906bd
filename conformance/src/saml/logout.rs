//! `LogoutRequest` and `LogoutResponse` (saml-core section 3.7), written and read.

use super::key::fresh_id;
use super::message::{Issuer, NameId};
use super::names;
use super::request::find;
use super::scan::elements;
use super::time::instant;
use super::xml::Tag;

#[derive(Clone, Debug)]
pub struct LogoutRequest {
    pub id: String,
    /// Seconds since 1970; zero after reading.
    pub issue_instant: i64,
    pub destination: Option<String>,
    pub issuer: Option<Issuer>,
    pub name_id: Option<NameId>,
    pub session_indexes: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct LogoutResponse {
    pub id: String,
    /// Seconds since 1970; zero after reading.
    pub issue_instant: i64,
    pub destination: Option<String>,
    pub in_response_to: Option<String>,
    pub issuer: Option<Issuer>,
    pub status: String,
    pub nested: Option<String>,
}

impl LogoutRequest {
    /// `None` if the root is another, has no ID, or a tag does not end.
    #[must_use]
    pub fn read(xml: &str) -> Option<Self> {
        let all = elements(xml)?;
        let root = all.first().filter(|root| root.name == "LogoutRequest")?;
        let name_id = find(&all, "NameID").map(|element| NameId {
            value: element.text.clone(),
            format: element.attribute("Format").map(str::to_owned),
            name_qualifier: element.attribute("NameQualifier").map(str::to_owned),
            sp_name_qualifier: element.attribute("SPNameQualifier").map(str::to_owned),
        });
        let indexes = all.iter().filter(|element| element.name == "SessionIndex");
        Some(Self {
            id: root.attribute("ID").filter(|id| !id.is_empty())?.to_owned(),
            issue_instant: 0,
            destination: root.attribute("Destination").map(str::to_owned),
            issuer: find(&all, "Issuer").map(|e| Issuer { value: e.text.clone(), format: None }),
            name_id,
            session_indexes: indexes.map(|index| index.text.clone()).collect(),
        })
    }

    /// Section 3.7.1: the subject before its sessions.
    #[must_use]
    pub fn write(&self) -> String {
        let tag = head("samlp:LogoutRequest", &self.id, self.issue_instant, self.destination.as_deref());
        let mut tag = with_issuer(tag, self.issuer.as_ref());
        if let Some(name_id) = &self.name_id {
            tag = tag.child(name_id.tag().declare("saml", names::ASSERTION));
        }
        let index = |index: &String| Tag::new("samlp:SessionIndex").text(index);
        self.session_indexes.iter().map(index).fold(tag, Tag::child).write()
    }
}

impl LogoutResponse {
    /// The answer that all went well.
    #[must_use]
    pub fn success(issuer: &str, in_response_to: &str, destination: &str, now: i64) -> Self {
        Self {
            id: fresh_id(),
            issue_instant: now,
            destination: Some(destination.to_owned()),
            in_response_to: Some(in_response_to.to_owned()),
            issuer: Some(Issuer { value: issuer.to_owned(), format: None }),
            status: names::SUCCESS.to_owned(),
            nested: None,
        }
    }

    /// `None` if the root is another, has no ID or no status, or a tag does not end.
    #[must_use]
    pub fn read(xml: &str) -> Option<Self> {
        let all = elements(xml)?;
        let root = all.first().filter(|root| root.name == "LogoutResponse")?;
        let mut codes = all.iter().filter(|element| element.name == "StatusCode");
        let mut code = || codes.next()?.attribute("Value").map(str::to_owned);
        Some(Self {
            id: root.attribute("ID").filter(|id| !id.is_empty())?.to_owned(),
            issue_instant: 0,
            destination: root.attribute("Destination").map(str::to_owned),
            in_response_to: root.attribute("InResponseTo").map(str::to_owned),
            issuer: find(&all, "Issuer").map(|e| Issuer { value: e.text.clone(), format: None }),
            status: code()?,
            nested: code(),
        })
    }

    #[must_use]
    pub fn write(&self) -> String {
        let tag = head("samlp:LogoutResponse", &self.id, self.issue_instant, self.destination.as_deref());
        let tag = tag.maybe("InResponseTo", self.in_response_to.as_deref());
        let mut code = Tag::new("samlp:StatusCode").with("Value", &self.status);
        if let Some(nested) = &self.nested {
            code = code.child(Tag::new("samlp:StatusCode").with("Value", nested));
        }
        with_issuer(tag, self.issuer.as_ref()).child(Tag::new("samlp:Status").child(code)).write()
    }
}

fn head(name: &str, id: &str, now: i64, destination: Option<&str>) -> Tag {
    let tag = Tag::new(name).declare("samlp", names::PROTOCOL).with("ID", id).with("Version", "2.0");
    tag.with("IssueInstant", &instant(now)).maybe("Destination", destination)
}

fn with_issuer(tag: Tag, issuer: Option<&Issuer>) -> Tag {
    let element = |i: &Issuer| {
        let tag = Tag::new("saml:Issuer").declare("saml", names::ASSERTION);
        tag.maybe("Format", i.format.as_deref()).text(&i.value)
    };
    issuer.map(element).into_iter().fold(tag, Tag::child)
}
