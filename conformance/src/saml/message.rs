//! A SAML response with one assertion (saml-core sections 2 and 3), field by field.
//!
//! [`Message::good`] is what a well-behaved provider sends for a request; a test changes a field and signs.

use super::key::fresh_id;
use super::names;

/// What the response answers.
#[derive(Clone, Debug)]
pub struct Request {
    /// `None` for a response that nobody asked for.
    pub request_id: Option<String>,
    pub acs: String,
    pub audience: String,
    /// Entity id of the provider.
    pub issuer: String,
    /// Seconds since 1970.
    pub now: i64,
}

/// The person of an assertion. What is `None` is not sent.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    pub sid: Option<String>,
    pub upn: Option<String>,
    pub oid: Option<String>,
    pub email: Option<String>,
    pub display_name: Option<String>,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub groups: Vec<String>,
}

/// The whole message.
#[derive(Clone, Debug)]
pub struct Message {
    pub response: Response,
    pub assertion: Option<Assertion>,
    /// XML before the assertion.
    pub earlier: String,
    /// XML after the assertion.
    pub further: String,
    /// Texts of the message that are written otherwise before anything is signed.
    pub replaced: Vec<(String, String)>,
}

/// `samlp:Response` without its assertion.
#[derive(Clone, Debug)]
pub struct Response {
    pub id: Option<String>,
    pub version: Option<String>,
    pub issue_instant: Option<i64>,
    pub destination: Option<String>,
    pub in_response_to: Option<String>,
    pub issuer: Option<Issuer>,
    pub status: Option<Status>,
    /// XML within `samlp:Extensions`.
    pub extensions: Option<String>,
    /// Further declarations on the element, prefix and name.
    pub namespaces: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub struct Issuer {
    pub value: String,
    pub format: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Status {
    pub code: String,
    pub nested: Option<String>,
    pub message: Option<String>,
    /// XML within `samlp:StatusDetail`.
    pub detail: Option<String>,
}

/// `saml:Assertion`.
#[derive(Clone, Debug)]
pub struct Assertion {
    pub id: Option<String>,
    pub version: Option<String>,
    pub issue_instant: Option<i64>,
    pub issuer: Option<Issuer>,
    pub subject: Option<Subject>,
    pub conditions: Option<Conditions>,
    /// XML within `saml:Advice`.
    pub advice: Option<String>,
    pub authn: Option<AuthnStatement>,
    pub attributes: Vec<Attribute>,
    /// XML after the statements.
    pub statements: String,
    /// Further declarations on the element, prefix and name.
    pub namespaces: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub struct Subject {
    pub name_id: Option<NameId>,
    pub confirmations: Vec<Confirmation>,
}

#[derive(Clone, Debug)]
pub struct NameId {
    pub value: String,
    pub format: Option<String>,
    pub name_qualifier: Option<String>,
    pub sp_name_qualifier: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Confirmation {
    pub method: String,
    pub data: Option<ConfirmationData>,
}

#[derive(Clone, Debug, Default)]
pub struct ConfirmationData {
    pub recipient: Option<String>,
    pub not_before: Option<i64>,
    pub not_on_or_after: Option<i64>,
    pub in_response_to: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Conditions {
    pub not_before: Option<i64>,
    pub not_on_or_after: Option<i64>,
    /// One list of audiences for each restriction.
    pub audiences: Vec<Vec<String>>,
    pub one_time_use: bool,
}

#[derive(Clone, Debug)]
pub struct AuthnStatement {
    pub instant: i64,
    pub session_index: Option<String>,
    pub session_not_on_or_after: Option<i64>,
    pub class: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Attribute {
    pub name: String,
    pub name_format: Option<String>,
    pub friendly_name: Option<String>,
    /// `xsi:type` of the values.
    pub value_type: Option<String>,
    pub values: Vec<String>,
}

impl Message {
    #[must_use]
    pub fn good(request: &Request, identity: &Identity) -> Self {
        let response = Response::good(request);
        let assertion = Some(Assertion::good(request, identity));
        let (earlier, further, replaced) = (String::new(), String::new(), Vec::new());
        Self { response, assertion, earlier, further, replaced }
    }

    /// The answer that nobody was signed in: a status and no assertion.
    #[must_use]
    pub fn failure(request: &Request, code: &str, nested: Option<&str>) -> Self {
        let mut response = Response::good(request);
        let nested = nested.map(str::to_owned);
        response.status = Some(Status { code: code.to_owned(), nested, message: None, detail: None });
        let (earlier, further, replaced) = (String::new(), String::new(), Vec::new());
        Self { response, assertion: None, earlier, further, replaced }
    }
}

impl Response {
    fn good(request: &Request) -> Self {
        Self {
            id: Some(fresh_id()),
            version: Some("2.0".to_owned()),
            issue_instant: Some(request.now),
            destination: Some(request.acs.clone()),
            in_response_to: request.request_id.clone(),
            issuer: Some(Issuer { value: request.issuer.clone(), format: None }),
            status: Some(Status {
                code: names::SUCCESS.to_owned(),
                nested: None,
                message: None,
                detail: None,
            }),
            extensions: None,
            namespaces: Vec::new(),
        }
    }
}

impl Assertion {
    fn good(request: &Request, identity: &Identity) -> Self {
        Self {
            id: Some(fresh_id()),
            version: Some("2.0".to_owned()),
            issue_instant: Some(request.now),
            issuer: Some(Issuer { value: request.issuer.clone(), format: None }),
            subject: Some(Subject::good(request, identity)),
            conditions: Some(Conditions {
                not_before: Some(request.now - 60),
                not_on_or_after: Some(request.now + 300),
                audiences: vec![vec![request.audience.clone()]],
                one_time_use: false,
            }),
            advice: None,
            authn: Some(AuthnStatement {
                instant: request.now,
                session_index: Some(fresh_id()),
                session_not_on_or_after: Some(request.now + 8 * 60 * 60),
                class: Some(names::PASSWORD_PROTECTED.to_owned()),
            }),
            attributes: identity.attributes(),
            statements: String::new(),
            namespaces: Vec::new(),
        }
    }
}

impl Subject {
    /// saml-profiles section 4.1.4.2: bearer, for this consumer and this request, for some minutes.
    fn good(request: &Request, identity: &Identity) -> Self {
        let data = ConfirmationData {
            recipient: Some(request.acs.clone()),
            not_before: None,
            not_on_or_after: Some(request.now + 300),
            in_response_to: request.request_id.clone(),
        };
        let name_id = identity.email.clone().map(|value| NameId {
            value,
            format: Some(names::EMAIL.to_owned()),
            name_qualifier: None,
            sp_name_qualifier: None,
        });
        let confirmation = Confirmation { method: names::BEARER.to_owned(), data: Some(data) };
        Self { name_id, confirmations: vec![confirmation] }
    }
}

impl Attribute {
    #[must_use]
    pub fn basic(name: &str, values: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            name_format: Some(names::BASIC.to_owned()),
            friendly_name: None,
            value_type: None,
            values: values.iter().map(|&value| value.to_owned()).collect(),
        }
    }
}

impl Identity {
    /// The common claim set (CLM-01) and what is for display.
    fn attributes(&self) -> Vec<Attribute> {
        let single = [
            ("cip_sid", &self.sid),
            ("cip_upn", &self.upn),
            ("cip_oid", &self.oid),
            ("cip_email", &self.email),
            ("displayName", &self.display_name),
            ("givenName", &self.given_name),
            ("familyName", &self.family_name),
        ];
        let present = single.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        let mut attributes: Vec<_> = present.map(|(name, value)| Attribute::basic(name, &[value])).collect();
        if !self.groups.is_empty() {
            let groups: Vec<&str> = self.groups.iter().map(String::as_str).collect();
            attributes.push(Attribute::basic("groups", &groups));
        }
        attributes
    }
}
