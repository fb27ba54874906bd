//! A provider's metadata (saml-metadata section 2.4.3), with the knobs that its readers trip over.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::key::fresh_id;
use super::names;
use super::signature::Signing;
use super::time::instant;
use super::xml::Tag;

/// One `md:EntityDescriptor` with an `md:IDPSSODescriptor`.
#[derive(Clone, Debug)]
pub struct Metadata {
    pub entity_id: String,
    /// Seconds since 1970.
    pub valid_until: Option<i64>,
    pub cache_duration: Option<String>,
    pub keys: Vec<KeyDescriptor>,
    pub single_sign_on: Vec<Endpoint>,
    pub single_logout: Vec<Endpoint>,
    pub name_id_formats: Vec<String>,
    pub wants_signed_requests: Option<bool>,
    /// XML at the end of the descriptor.
    pub further: String,
}

#[derive(Clone, Debug)]
pub struct KeyDescriptor {
    /// `signing`, `encryption`, or none for both.
    pub usage: Option<String>,
    /// DER.
    pub certificate: Vec<u8>,
}

#[derive(Clone, Debug)]
pub struct Endpoint {
    pub binding: String,
    pub location: String,
}

impl Endpoint {
    #[must_use]
    pub fn new(binding: &str, location: &str) -> Self {
        Self { binding: binding.to_owned(), location: location.to_owned() }
    }
}

impl KeyDescriptor {
    #[must_use]
    pub fn signing(certificate: Vec<u8>) -> Self {
        Self { usage: Some("signing".to_owned()), certificate }
    }
}

impl Metadata {
    /// Redirect and POST for sign-in, Redirect for sign-out, e-mail addresses as names.
    #[must_use]
    pub fn good(entity_id: &str, sign_on: &str, logout: &str, certificate: Vec<u8>) -> Self {
        Self {
            entity_id: entity_id.to_owned(),
            valid_until: None,
            cache_duration: None,
            keys: vec![KeyDescriptor::signing(certificate)],
            single_sign_on: vec![
                Endpoint::new(names::REDIRECT, sign_on),
                Endpoint::new(names::POST, sign_on),
            ],
            single_logout: vec![Endpoint::new(names::REDIRECT, logout)],
            name_id_formats: vec![names::EMAIL.to_owned()],
            wants_signed_requests: None,
            further: String::new(),
        }
    }

    #[must_use]
    pub fn write(&self) -> String {
        self.document("", None)
    }

    /// The same with an enveloped signature.
    #[must_use]
    pub fn signed(&self, signing: &Signing) -> String {
        let id = fresh_id();
        let signature = signing.envelope(&id, &self.document("", Some(&id)));
        self.document(&signature, Some(&id))
    }

    fn document(&self, signature: &str, id: Option<&str>) -> String {
        let mut descriptor = Tag::new("md:IDPSSODescriptor")
            .with("protocolSupportEnumeration", names::PROTOCOL)
            .maybe("WantAuthnRequestsSigned", self.wants_signed_requests.map(boolean));
        descriptor = self.keys.iter().map(KeyDescriptor::tag).fold(descriptor, Tag::child);
        let logout = self.single_logout.iter().map(|e| e.tag("md:SingleLogoutService"));
        let formats = self.name_id_formats.iter().map(|name| Tag::new("md:NameIDFormat").text(name));
        let sign_on = self.single_sign_on.iter().map(|e| e.tag("md:SingleSignOnService"));
        descriptor = logout.chain(formats).chain(sign_on).fold(descriptor, Tag::child);
        Tag::new("md:EntityDescriptor")
            .declare("md", names::METADATA)
            .maybe("ID", id)
            .with("entityID", &self.entity_id)
            .maybe("validUntil", self.valid_until.map(instant).as_deref())
            .maybe("cacheDuration", self.cache_duration.as_deref())
            .raw(signature)
            .child(descriptor.raw(&self.further))
            .write()
    }
}

fn boolean(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

impl KeyDescriptor {
    fn tag(&self) -> Tag {
        let certificate = Tag::new("ds:X509Certificate").text(&STANDARD.encode(&self.certificate));
        let info = Tag::new("ds:KeyInfo").declare("ds", names::DSIG);
        let info = info.child(Tag::new("ds:X509Data").child(certificate));
        Tag::new("md:KeyDescriptor").maybe("use", self.usage.as_deref()).child(info)
    }
}

impl Endpoint {
    fn tag(&self, name: &str) -> Tag {
        Tag::new(name).with("Binding", &self.binding).with("Location", &self.location)
    }
}
