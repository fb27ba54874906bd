//! One enveloped signature (XML Signature 1.1), in the one shape that the SAML profile allows (saml-core §5.4).
//!
//! A signature is over its parent and nothing else; keys are the pinned ones and never what the message brings along; what is
//! handed on are the canonical octets that were hashed, and nothing of the document that they came from.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra_c14n::{C14nMode, canonicalize_doc};
use bergshamra_xml::NodeSet;
use ring::digest::{self, Algorithm as DigestFunction};
use vestibule_certs::secret::same;
use vestibule_certs::verifying_key::SignatureAlgorithm;
use vestibule_certs::x509::{Certificate, fingerprint};
use vestibule_policies::time::Timestamp;

use crate::error::SignInError;

use super::super::fault::SamlFault;
use super::super::xml::{Node, namespace};

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE: &str = namespace::EXCLUSIVE;
/// Prefixes in one `InclusiveNamespaces`.
const MOST_PREFIXES: usize = 32;
/// The longest certificate that a fault tells of.
const LONGEST_CERTIFICATE: usize = 16 * 1024;
/// The longest signature value: RSA of 8192 bits.
const LONGEST_SIGNATURE: usize = 1024;

/// What a signature is held against.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Trust<'a> {
    /// The provider's certificates; of one that is not valid now the key is only recognised.
    pub(in super::super) certificates: &'a [Certificate],
    /// The connection's dangerous switch.
    pub(in super::super) sha1: bool,
    pub(in super::super) now: Timestamp,
}

/// What one signature covers.
#[derive(Debug)]
pub(in super::super) struct Covered {
    /// The canonical octets of the signed element, without the signature itself.
    pub(in super::super) octets: Vec<u8>,
    /// The fingerprint of the certificate whose key made it.
    pub(in super::super) key: String,
    pub(in super::super) algorithm: SignatureAlgorithm,
}

/// Verifies the signature of its parent.
pub(in super::super) fn verify(signature: Node<'_>, trust: Trust<'_>) -> Result<Covered, SignInError> {
    let parent = signature
        .parent()
        .ok_or_else(|| SamlFault::SignatureMisplaced.because("a signature signs itself"))?;
    let parts = Parts::of(signature)?;
    let algorithm = signature_algorithm(parts.method, trust.sha1)?;
    let reference = Reference::of(parts.reference, parent, trust.sha1)?;
    let signed = canonical(parts.info, None, &prefixes(parts.canonicalization)?)?;
    let value = base64_text(parts.value, LONGEST_SIGNATURE)?;
    // The key first: what costs more, canonicalising the whole element, is done for nobody who does not have it.
    let key = maker(trust, algorithm, &signed, &value).map_err(|error| parts.naming_the_key(error))?;
    let octets = canonical(parent, Some(signature), &reference.prefixes)?;
    let found = digest::digest(reference.function, &octets);
    if !same(found.as_ref(), &reference.digest) {
        let reason = format!("the {} is not what was signed: its digest differs", parent.name());
        return Err(SamlFault::ChangedAfterSigning.because(reason));
    }
    Ok(Covered { octets, key, algorithm })
}

/// The pinned key that made this signature. One whose certificate has ended is recognised, and refused by that name.
fn maker(
    trust: Trust<'_>,
    algorithm: SignatureAlgorithm,
    signed: &[u8],
    value: &[u8],
) -> Result<String, SignInError> {
    let is_valid = |one: &&Certificate| one.is_valid_at(trust.now.seconds());
    let made = |one: &&Certificate| one.key().verify(algorithm, signed, value).is_ok();
    if let Some(one) = trust.certificates.iter().filter(is_valid).find(made) {
        return Ok(one.fingerprint());
    }
    match trust.certificates.iter().filter(|one| !is_valid(one)).find(made) {
        Some(one) => Err(SamlFault::KeyExpired.because(format!(
            "the signature was made with the key of {}, whose certificate is not valid now",
            one.subject()
        ))),
        None => Err(SamlFault::KeyUnknown
            .because(format!("no certificate of the connection made this {} signature", algorithm.name()))),
    }
}

/// `ds:Signature` taken apart (XML Signature 1.1 §4.2 to §4.4): no `ds:Object`, one `ds:SignedInfo` with one `ds:Reference`.
struct Parts<'t> {
    info: Node<'t>,
    canonicalization: Node<'t>,
    method: Node<'t>,
    reference: Node<'t>,
    value: Node<'t>,
    key: Option<Node<'t>>,
}

impl<'t> Parts<'t> {
    fn of(signature: Node<'t>) -> Result<Self, SignInError> {
        let refuse = |what: &str| SamlFault::SignatureForm.because(what);
        if signature.has_text_between() {
            return Err(refuse("text stands between the elements of the signature"));
        }
        let is = |node: Node<'_>, local| node.is(namespace::SIGNATURE, local);
        let children: Vec<_> = signature.children().collect();
        let (info, value, key) = match children.as_slice() {
            [info, value] if is(*info, "SignedInfo") && is(*value, "SignatureValue") => (*info, *value, None),
            // What ds:KeyInfo says is not read: keys are pinned.
            [info, value, key]
                if is(*info, "SignedInfo") && is(*value, "SignatureValue") && is(*key, "KeyInfo") =>
            {
                (*info, *value, Some(*key))
            }
            _ => {
                return Err(refuse(
                    "a signature holds more or less than SignedInfo, SignatureValue, KeyInfo",
                ));
            }
        };
        let inside: Vec<_> = info.children().collect();
        match inside.as_slice() {
            [canonicalization, method, reference]
                if is(*canonicalization, "CanonicalizationMethod")
                    && is(*method, "SignatureMethod")
                    && is(*reference, "Reference") =>
            {
                let (canonicalization, method, reference) = (*canonicalization, *method, *reference);
                Ok(Self { info, canonicalization, method, reference, value, key })
            }
            _ => Err(refuse("SignedInfo holds more or less than two methods and one reference")),
        }
    }
}

impl Parts<'_> {
    /// Tells whoever compares certificates which one the message brings along. It is told and never used.
    fn naming_the_key(&self, error: SignInError) -> SignInError {
        let brought = self.key.and_then(|key| key.everywhere(namespace::SIGNATURE, "X509Certificate").pop());
        match brought.and_then(|one| base64_text(one, LONGEST_CERTIFICATE).ok()) {
            Some(der) => SignInError {
                reason: format!("{}; it names the certificate {}", error.reason, fingerprint(&der)),
                ..error
            },
            None => error,
        }
    }
}

fn signature_algorithm(method: Node<'_>, sha1: bool) -> Result<SignatureAlgorithm, SignInError> {
    let uri = method.attribute("Algorithm").unwrap_or_default();
    let known = SignatureAlgorithm::from_uri(uri).filter(|algorithm| sha1 || !algorithm.is_weak());
    // A parameter such as HMACOutputLength (CVE-2009-0217) belongs to no algorithm of ours.
    match known {
        Some(algorithm) if method.children().next().is_none() => Ok(algorithm),
        Some(_) => Err(SamlFault::SignatureForm.because("the signature method has parameters")),
        None => Err(SamlFault::SignatureAlgorithm.because(format!("{uri} is not allowed"))),
    }
}

/// `ds:Reference` (XML Signature 1.1 §4.4.3), which has to name its signature's parent.
struct Reference {
    prefixes: Vec<String>,
    function: &'static DigestFunction,
    digest: Vec<u8>,
}

impl Reference {
    fn of(reference: Node<'_>, parent: Node<'_>, sha1: bool) -> Result<Self, SignInError> {
        let id = parent.attribute("ID").filter(|id| !id.is_empty());
        let id = id
            .ok_or_else(|| SamlFault::IdMissing.because(format!("the signed {} has no ID", parent.name())))?;
        let target = reference.attribute("URI").and_then(|uri| uri.strip_prefix('#'));
        if target != Some(id) {
            return Err(SamlFault::SignatureReference.because(format!(
                "the signature of the {} is a reference to something else",
                parent.name()
            )));
        }
        if reference.attribute("Type").is_some() {
            return Err(
                SamlFault::SignatureReference.because("the reference is to something of another type")
            );
        }
        let children: Vec<_> = reference.children().collect();
        let [transforms, method, value] = children.as_slice() else {
            return Err(
                SamlFault::SignatureForm.because("a reference holds transforms, a method and a digest")
            );
        };
        let named = transforms.is(namespace::SIGNATURE, "Transforms")
            && method.is(namespace::SIGNATURE, "DigestMethod")
            && value.is(namespace::SIGNATURE, "DigestValue");
        if !named {
            return Err(
                SamlFault::SignatureForm.because("a reference holds transforms, a method and a digest")
            );
        }
        let function = digest_function(*method, sha1)?;
        let digest = base64_text(*value, function.output_len())?;
        Ok(Self { prefixes: transformed(*transforms)?, function, digest })
    }
}

/// saml-core §5.4.4: enveloped signature, then exclusive canonicalisation, and nothing else.
fn transformed(transforms: Node<'_>) -> Result<Vec<String>, SignInError> {
    let children: Vec<_> = transforms.children().collect();
    match children.as_slice() {
        [enveloped, exclusive]
            if enveloped.is(namespace::SIGNATURE, "Transform")
                && exclusive.is(namespace::SIGNATURE, "Transform")
                && enveloped.attribute("Algorithm") == Some(ENVELOPED)
                && enveloped.children().next().is_none() =>
        {
            prefixes(*exclusive)
        }
        _ => Err(SamlFault::SignatureTransforms
            .because("the transforms are not the enveloped signature and exclusive canonicalisation")),
    }
}

/// The prefixes of `ec:InclusiveNamespaces`, of a method that has to be exclusive canonicalisation without comments.
fn prefixes(method: Node<'_>) -> Result<Vec<String>, SignInError> {
    if method.attribute("Algorithm") != Some(EXCLUSIVE) {
        let uri = method.attribute("Algorithm").unwrap_or("nothing");
        return Err(SamlFault::SignatureTransforms.because(format!("{uri} is no canonicalisation of ours")));
    }
    let children: Vec<_> = method.children().collect();
    let list = match children.as_slice() {
        [] => return Ok(Vec::new()),
        [one] if one.is(EXCLUSIVE, "InclusiveNamespaces") => one.attribute("PrefixList").unwrap_or_default(),
        _ => return Err(SamlFault::SignatureTransforms.because("a canonicalisation has unknown parameters")),
    };
    let prefixes: Vec<String> = list.split_ascii_whitespace().map(str::to_owned).collect();
    if prefixes.len() > MOST_PREFIXES {
        return Err(SamlFault::SignatureTransforms.because("a canonicalisation lists too many prefixes"));
    }
    Ok(prefixes)
}

fn digest_function(method: Node<'_>, sha1: bool) -> Result<&'static DigestFunction, SignInError> {
    match method.attribute("Algorithm").unwrap_or_default() {
        "http://www.w3.org/2001/04/xmlenc#sha256" => Ok(&digest::SHA256),
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => Ok(&digest::SHA384),
        "http://www.w3.org/2001/04/xmlenc#sha512" => Ok(&digest::SHA512),
        "http://www.w3.org/2000/09/xmldsig#sha1" if sha1 => Ok(&digest::SHA1_FOR_LEGACY_USE_ONLY),
        other => Err(SamlFault::DigestAlgorithm.because(format!("{other} is not allowed"))),
    }
}

/// Base64 with white space, and nothing hidden among it (CVE-2025-29775).
fn base64_text(node: Node<'_>, longest: usize) -> Result<Vec<u8>, SignInError> {
    let refuse = || SamlFault::SignatureForm.because(format!("{} is not plain Base64", node.name()));
    if node.is_interrupted() {
        return Err(refuse());
    }
    let text: String = node.text().ok_or_else(refuse)?.split_ascii_whitespace().collect();
    let bytes = STANDARD.decode(text).map_err(|_| refuse())?;
    if bytes.is_empty() || bytes.len() > longest { Err(refuse()) } else { Ok(bytes) }
}

/// Exclusive XML Canonicalization 1.0 of an element, without comments and without one element below it.
pub(in super::super) fn canonical(
    node: Node<'_>,
    without: Option<Node<'_>>,
    prefixes: &[String],
) -> Result<Vec<u8>, SignInError> {
    let document = node.document();
    let mut set = NodeSet::tree_without_comments(node.id(), document);
    if let Some(without) = without {
        set = set.subtract(&NodeSet::tree_with_comments(without.id(), document));
    }
    let octets = canonicalize_doc(document, C14nMode::Exclusive, Some(&set), prefixes)
        .map_err(|error| SamlFault::SignatureForm.because(format!("canonicalisation failed: {error}")))?;
    // An empty result would let the digest of nothing pass for a signed document.
    if octets.is_empty() {
        Err(SamlFault::SignatureForm.because("canonicalisation gave nothing"))
    } else {
        Ok(octets)
    }
}
