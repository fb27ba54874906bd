//! Enveloped signatures (xmldsig-core1, saml-core section 5.4): one reference, two transforms.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use super::encryption::Encryption;
use super::key::Key;
use super::message::Message;
use super::names;
use super::render::Declared;
use super::xml::Tag;

/// How a message is signed, and whether its assertion is encrypted in between.
#[derive(Clone, Debug)]
pub struct Signing {
    pub key: Arc<Key>,
    pub algorithm: SignatureAlgorithm,
    pub digest: DigestAlgorithm,
    pub response: bool,
    pub assertion: bool,
    /// `PrefixList` of `InclusiveNamespaces` in the second transform.
    pub inclusive_prefixes: Option<String>,
    /// A certificate in DER for `KeyInfo`.
    pub certificate: Option<Vec<u8>>,
    /// The signed assertion is encrypted before the response is signed.
    pub encryption: Option<Encryption>,
}

impl Signing {
    /// Response and assertion signed by this key, SHA-256, no `KeyInfo`, nothing encrypted.
    #[must_use]
    pub fn both(key: Arc<Key>) -> Self {
        Self {
            algorithm: key.algorithm(),
            key,
            digest: DigestAlgorithm::Sha256,
            response: true,
            assertion: true,
            inclusive_prefixes: None,
            certificate: None,
            encryption: None,
        }
    }

    /// `ds:Signature` by reference to `id` over `canonical`, the referenced element without this signature.
    #[must_use]
    pub fn envelope(&self, id: &str, canonical: &str) -> String {
        let info = self.signed_info(id, canonical);
        let value = self.value_over(&info);
        let mut tag = Tag::new("ds:Signature").declare("ds", names::DSIG).raw(&info);
        tag = tag.child(Tag::new("ds:SignatureValue").text(&value));
        if let Some(certificate) = &self.certificate {
            let text = Tag::new("ds:X509Certificate").text(&STANDARD.encode(certificate));
            tag = tag.child(Tag::new("ds:KeyInfo").child(Tag::new("ds:X509Data").child(text)));
        }
        tag.write()
    }

    /// `ds:SignedInfo` as it stands within its signature.
    #[must_use]
    pub fn signed_info(&self, id: &str, canonical: &str) -> String {
        let named = |name: &str, uri: &str| Tag::new(name).with("Algorithm", uri);
        let mut exclusive = named("ds:Transform", names::EXCLUSIVE);
        if let Some(prefixes) = &self.inclusive_prefixes {
            let list = Tag::new("ec:InclusiveNamespaces").declare("ec", names::EXCLUSIVE);
            exclusive = exclusive.child(list.with("PrefixList", prefixes));
        }
        let enveloped = named("ds:Transform", names::ENVELOPED);
        let digest = STANDARD.encode(self.digest.of(canonical.as_bytes()));
        let reference = Tag::new("ds:Reference")
            .with("URI", &format!("#{id}"))
            .child(Tag::new("ds:Transforms").child(enveloped).child(exclusive))
            .child(named("ds:DigestMethod", self.digest.uri()))
            .child(Tag::new("ds:DigestValue").text(&digest));
        Tag::new("ds:SignedInfo")
            .child(named("ds:CanonicalizationMethod", names::EXCLUSIVE))
            .child(named("ds:SignatureMethod", self.algorithm.uri()))
            .child(reference)
            .write()
    }

    /// The value over a `ds:SignedInfo` that inherits its declaration from the signature.
    #[must_use]
    pub fn value_over(&self, info: &str) -> String {
        let declared = format!("<ds:SignedInfo xmlns:ds=\"{}\">", names::DSIG);
        let canonical = info.replacen("<ds:SignedInfo>", &declared, 1);
        STANDARD.encode(self.key.sign(self.algorithm, canonical.as_bytes()))
    }

    /// Declarations that exclusive canonicalisation keeps though no name uses them.
    fn kept(&self, declared: &[(String, String)]) -> Vec<(String, String)> {
        let list = self.inclusive_prefixes.as_deref().unwrap_or_default();
        let listed = |prefix: &str| list.split(' ').any(|name| name == prefix);
        declared.iter().filter(|(prefix, _)| listed(prefix)).cloned().collect()
    }
}

/// Makes a `ds:Signature` by reference to an ID over canonical octets.
pub type Envelope<'a> = &'a dyn Fn(&Signing, &str, &str) -> String;

/// The assertion, signed if that is asked for; empty for a message without one.
#[must_use]
pub fn sign_assertion(message: &Message, signing: &Signing) -> String {
    assertion_with(message, signing, &Signing::envelope)
}

fn assertion_with(message: &Message, signing: &Signing, envelope: Envelope<'_>) -> String {
    let Some(assertion) = &message.assertion else { return String::new() };
    let mut signature = String::new();
    if signing.assertion {
        // What the response declares is in scope as well; the nearer declaration counts.
        let own = |prefix: &str| assertion.namespaces.iter().any(|(name, _)| name == prefix);
        let inherited = message.response.namespaces.iter().filter(|(prefix, _)| !own(prefix));
        let scope: Vec<_> = inherited.chain(&assertion.namespaces).cloned().collect();
        let canonical = framed_assertion(message, "", &signing.kept(&scope));
        signature = envelope(signing, assertion.id.as_deref().unwrap_or_default(), &canonical);
    }
    framed_assertion(message, &signature, &assertion.namespaces)
}

/// The whole message: assertion signed, then encrypted, then the response signed.
#[must_use]
pub fn sign(message: &Message, signing: &Signing) -> String {
    sign_with(message, signing, &Signing::envelope)
}

/// The same with signatures of another making.
#[must_use]
pub fn sign_with(message: &Message, signing: &Signing, envelope: Envelope<'_>) -> String {
    let assertion = assertion_with(message, signing, envelope);
    let encrypt = |encryption: &Encryption| encryption.encrypt(&assertion);
    let encrypted = signing.encryption.as_ref().filter(|_| message.assertion.is_some()).map(encrypt);
    let around = |body: &str| format!("{}{body}{}", message.earlier, message.further);
    let response = &message.response;
    let mut signature = String::new();
    if signing.response {
        let declared = signing.kept(&response.namespaces);
        let within = encrypted.clone().unwrap_or_else(|| canonical_within(message, signing, &assertion));
        let canonical = framed_response(message, ["", &around(&within)], &declared);
        signature = envelope(signing, response.id.as_deref().unwrap_or_default(), &canonical);
    }
    let body = around(encrypted.as_deref().unwrap_or(&assertion));
    framed_response(message, [&signature, &body], &response.namespaces)
}

/// Signs that no XML has, so that texts are exchanged in the frame and not in what is put into it.
const SIGNATURE: &str = "\u{1}";
const BODY: &str = "\u{2}";

fn framed_assertion(message: &Message, signature: &str, declared: Declared<'_>) -> String {
    let Some(assertion) = &message.assertion else { return String::new() };
    message.replace(assertion.write(SIGNATURE, declared)).replacen(SIGNATURE, signature, 1)
}

fn framed_response(message: &Message, [signature, body]: [&str; 2], declared: Declared<'_>) -> String {
    let frame = message.replace(message.response.write(SIGNATURE, BODY, declared));
    frame.replacen(SIGNATURE, signature, 1).replacen(BODY, body, 1)
}

/// The signed assertion as canonicalisation of the response writes it: declarations that no name uses go,
/// unless they are listed and the response has not written them already.
fn canonical_within(message: &Message, signing: &Signing, written: &str) -> String {
    let Some(assertion) = &message.assertion else { return String::new() };
    let above = signing.kept(&message.response.namespaces);
    let mut kept = signing.kept(&assertion.namespaces);
    kept.retain(|declared| !above.contains(declared));
    let head = |declared: &[(String, String)]| {
        let whole = framed_assertion(message, "", declared);
        whole.split_once('>').map(|(head, _)| head.to_owned()).unwrap_or_default()
    };
    written.replacen(&head(&assertion.namespaces), &head(&kept), 1)
}
