//! A provider's metadata (saml-metadata §2): read once into the few things that a connection needs, and refused whole where one of
//! them is missing. An import never turns a check off: no signing certificate, no connection (CVE-2026-16443).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use url::{Host, Url};
use vestibule_certs::x509::{Certificate, CertificateFault};
use vestibule_policies::time::Timestamp;

use super::instant;
use super::xml::{Caps, Node, Tree, XmlFault, namespace};

/// One provider's own metadata, not a federation's aggregate.
const CAPS: Caps = Caps { octets: 1024 * 1024, tags: 32 * 1024 };
/// The longest document, in bytes.
pub const LONGEST: usize = CAPS.octets;
/// Certificates of one provider.
const MOST_CERTIFICATES: usize = 16;
pub(super) const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
pub(super) const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// What a connection knows of its provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityProvider {
    /// Compared to the letter.
    pub entity_id: String,
    /// Where requests go by HTTP-Redirect.
    pub redirect: Option<String>,
    /// Where requests go by HTTP-POST.
    pub post: Option<String>,
    /// Where logout requests go, by HTTP-Redirect.
    pub logout: Option<String>,
    /// DER as Base64, each once.
    pub certificates: Vec<String>,
    /// When the document ends, where it says so. A new one is refused after that; one that is in use stays in use.
    pub valid_until: Option<Timestamp>,
}

/// Why metadata is of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetadataFault {
    /// It is no document that we read.
    #[error("the metadata cannot be read: {0}")]
    Document(String),
    /// It describes nobody, or several of whom none was named.
    #[error("{0}")]
    Entity(String),
    /// It is past its end.
    #[error("the metadata was valid until {0}")]
    Over(String),
    /// An endpoint that no browser should be sent to.
    #[error("{0} is no address for a browser: expected https, or http on loopback")]
    Endpoint(String),
    /// There is no way to send a request.
    #[error("the metadata names no SingleSignOnService for HTTP-Redirect or HTTP-POST")]
    NoEndpoint,
    /// Nothing that it signs could be verified.
    #[error("the metadata has no signing certificate: without one nothing can be verified")]
    NoCertificate,
    /// A certificate that cannot be used.
    #[error("a signing certificate: {0}")]
    Certificate(#[from] CertificateFault),
}

impl From<XmlFault> for MetadataFault {
    fn from(fault: XmlFault) -> Self {
        Self::Document(fault.to_string())
    }
}

impl IdentityProvider {
    /// Reads a document with one provider, or the one of this name.
    ///
    /// # Errors
    /// See [`MetadataFault`]. Whether it is still valid is asked apart: see [`Self::check_end`].
    pub fn read(document: &[u8], wanted: Option<&str>) -> Result<Self, MetadataFault> {
        let tree = Tree::parse(document, CAPS)?;
        let root = tree.root().ok_or_else(|| MetadataFault::Document("it is empty".to_owned()))?;
        let entity = the_entity(root, wanted)?;
        let role = the_role(entity)?;
        let ends = [root, entity, role].into_iter().filter_map(end);
        let provider = Self {
            entity_id: entity.attribute("entityID").unwrap_or_default().to_owned(),
            redirect: endpoint(role, "SingleSignOnService", REDIRECT)?,
            post: endpoint(role, "SingleSignOnService", POST)?,
            logout: endpoint(role, "SingleLogoutService", REDIRECT)?,
            certificates: certificates(role)?,
            valid_until: ends.collect::<Result<Vec<_>, _>>()?.into_iter().min(),
        };
        if provider.redirect.is_none() && provider.post.is_none() {
            return Err(MetadataFault::NoEndpoint);
        }
        Ok(provider)
    }

    /// SDP-MD02: a document without an end is taken; one that is over is not.
    ///
    /// # Errors
    /// When it is over.
    pub fn check_end(&self, now: Timestamp) -> Result<(), MetadataFault> {
        match self.valid_until {
            Some(end) if now >= end => Err(MetadataFault::Over(instant::write(end))),
            _ => Ok(()),
        }
    }

    /// Its certificates, each readable and strong enough.
    ///
    /// # Errors
    /// For a certificate that is not, and if there is none.
    pub fn certificates(&self) -> Result<Vec<Certificate>, MetadataFault> {
        let read = |text: &String| {
            let der = STANDARD
                .decode(text)
                .map_err(|_| MetadataFault::Document("a certificate is no Base64".to_owned()))?;
            Certificate::from_der(&der).map_err(MetadataFault::from)
        };
        let certificates = self.certificates.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        if certificates.is_empty() { Err(MetadataFault::NoCertificate) } else { Ok(certificates) }
    }
}

fn the_entity<'t>(root: Node<'t>, wanted: Option<&str>) -> Result<Node<'t>, MetadataFault> {
    let refuse = |reason: String| Err(MetadataFault::Entity(reason));
    let entities = root.everywhere(namespace::METADATA, "EntityDescriptor");
    let named = |node: &Node<'_>| wanted.is_none_or(|wanted| node.attribute("entityID") == Some(wanted));
    let is_provider = |node: &Node<'_>| the_role(*node).is_ok();
    let mut found = entities.iter().filter(|one| named(one)).filter(|one| is_provider(one));
    match (found.next(), found.next(), wanted) {
        (Some(one), None, _) => match one.attribute("entityID") {
            Some(id) if (1..=1024).contains(&id.len()) => Ok(*one),
            _ => refuse("the metadata's entityID is missing or too long".to_owned()),
        },
        (Some(_), Some(_), None) => {
            refuse("the metadata describes several providers; name one with entity_id".to_owned())
        }
        (Some(_), Some(_), Some(wanted)) => refuse(format!("the metadata describes {wanted} twice")),
        (None, _, Some(wanted)) => refuse(format!("the metadata describes no identity provider {wanted}")),
        (None, _, None) => refuse("the metadata describes no SAML 2.0 identity provider".to_owned()),
    }
}

/// saml-metadata §2.4.3: the role of an identity provider that speaks SAML 2.0.
fn the_role(entity: Node<'_>) -> Result<Node<'_>, MetadataFault> {
    let speaks = |role: &Node<'_>| {
        role.attribute("protocolSupportEnumeration")
            .is_some_and(|list| list.split_ascii_whitespace().any(|one| one == namespace::PROTOCOL))
    };
    entity.all(namespace::METADATA, "IDPSSODescriptor").find(speaks).ok_or_else(|| {
        MetadataFault::Entity("the metadata describes no SAML 2.0 identity provider".to_owned())
    })
}

fn end(node: Node<'_>) -> Option<Result<Timestamp, MetadataFault>> {
    let text = node.attribute("validUntil")?;
    Some(instant::read("validUntil", text).map_err(|error| MetadataFault::Document(error.reason)))
}

/// The first endpoint of a binding. Others, as SOAP, are passed over (SML-06, SML-23).
fn endpoint(role: Node<'_>, service: &str, binding: &str) -> Result<Option<String>, MetadataFault> {
    let location = role
        .children()
        .filter(|child| child.is(namespace::METADATA, service))
        .find(|child| child.attribute("Binding") == Some(binding))
        .and_then(|child| child.attribute("Location"));
    match location {
        Some(location) if is_for_browsers(location) => Ok(Some(location.to_owned())),
        Some(location) => Err(MetadataFault::Endpoint(location.chars().take(200).collect())),
        None => Ok(None),
    }
}

/// Neither a script (CVE-2023-45683) nor a way on which a stranger reads along.
fn is_for_browsers(location: &str) -> bool {
    let Ok(url) = Url::parse(location) else { return false };
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback)
}

/// Every certificate that may sign: `use` is `signing`, or left out, which means both (saml-metadata §2.4.1.1).
fn certificates(role: Node<'_>) -> Result<Vec<String>, MetadataFault> {
    let signs = |key: &Node<'_>| matches!(key.attribute("use"), None | Some("signing"));
    let keys = role.all(namespace::METADATA, "KeyDescriptor").filter(signs);
    let infos = keys.flat_map(|key| key.all(namespace::SIGNATURE, "KeyInfo"));
    let datas = infos.flat_map(|info| info.all(namespace::SIGNATURE, "X509Data"));
    let mut found: Vec<String> = Vec::new();
    for node in datas.flat_map(|data| data.all(namespace::SIGNATURE, "X509Certificate")) {
        let text = node.text().filter(|_| !node.is_interrupted());
        let text: String = text.unwrap_or_default().split_ascii_whitespace().collect();
        let der = STANDARD
            .decode(&text)
            .map_err(|_| MetadataFault::Document("a certificate is no Base64".to_owned()))?;
        // Weak and unreadable ones are told now, not at eight in the morning (SAML-06).
        Certificate::from_der(&der)?;
        if !found.contains(&text) {
            found.push(text);
        }
        if found.len() > MOST_CERTIFICATES {
            return Err(MetadataFault::Document(format!(
                "it has more than {MOST_CERTIFICATES} certificates"
            )));
        }
    }
    if found.is_empty() { Err(MetadataFault::NoCertificate) } else { Ok(found) }
}
