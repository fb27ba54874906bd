//! The trust decision: which octets of a response its provider has signed.
//!
//! First the shape of the whole document, then every signature in it, then what the connection expects to be signed. What
//! comes out are canonical octets; whoever reads an identity reads it from them (`super::assertion`), never from the message.

mod order;
pub(super) mod signature;

use vestibule_certs::verifying_key::SignatureAlgorithm;

use crate::config::SigningExpectation;
use crate::error::SignInError;

use self::signature::{Covered, Trust};

use super::decrypt::{self, Decryption};
use super::examination::{Clause, Passed};
use super::fault::SamlFault;
use super::xml::{self, MESSAGE, Node, Tree, XmlFault, namespace};

/// Octets that were signed, and by what.
#[derive(Debug)]
pub(super) struct Signed {
    /// The canonical octets: of the response, or of the assertion, whichever was signed; of the assertion if both were.
    pub(super) octets: Vec<u8>,
    pub(super) key: String,
    pub(super) algorithm: SignatureAlgorithm,
    /// The outside of the message, of which nothing is believed: it can only refuse.
    pub(super) envelope: Envelope,
}

/// The response around the assertion (saml-core §3.2.2). Where only the assertion was signed nobody vouches for it.
#[derive(Debug, Default)]
pub(super) struct Envelope {
    pub(super) version: Option<String>,
    pub(super) issue_instant: Option<String>,
    pub(super) destination: Option<String>,
    pub(super) in_response_to: Option<String>,
    pub(super) issuer: Option<Issuer>,
    /// From the outermost to the innermost code.
    pub(super) status: Vec<String>,
    pub(super) status_message: Option<String>,
}

/// saml-core §2.2.5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Issuer {
    pub(super) value: String,
    pub(super) format: Option<String>,
}

/// What a message is judged by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Demands<'a> {
    pub(super) trust: Trust<'a>,
    pub(super) signed: SigningExpectation,
    pub(super) decryption: Option<&'a dyn Decryption>,
}

/// Finds out what is signed.
pub(super) fn verify(
    message: &[u8],
    demands: Demands<'_>,
    passed: &mut Passed,
) -> Result<Signed, SignInError> {
    let tree = parse(message)?;
    let root = root(&tree)?;
    passed.add(Clause::Xml);
    let envelope = read_envelope(root);
    // A provider that refuses sends no assertion: what it says comes first, and signed or not it can only refuse.
    envelope.check_status()?;
    passed.add(Clause::Status);
    let body = check_shape(root)?;
    passed.add(Clause::Structure);
    let whole = signature_of(root)?.map(|one| signature::verify(one, demands.trust)).transpose()?;
    match body {
        Body::Plain(assertion) => plain(assertion, whole, demands, envelope, passed),
        Body::Encrypted(encrypted) => sealed(encrypted, whole.is_some(), demands, envelope, passed),
    }
}

fn plain(
    assertion: Node<'_>,
    whole: Option<Covered>,
    demands: Demands<'_>,
    envelope: Envelope,
    passed: &mut Passed,
) -> Result<Signed, SignInError> {
    let own = signature_of(assertion)?.map(|one| signature::verify(one, demands.trust)).transpose()?;
    expect(demands.signed, whole.is_some(), own.is_some())?;
    let covered = own.or(whole).ok_or_else(|| SamlFault::NothingSigned.because("nothing is signed"))?;
    passed.add(Clause::Signature);
    Ok(signed(covered, envelope))
}

/// XML Encryption hides, and proves nothing: the inner signature is always needed, and so is the outer one, or anybody could
/// put a cipher text of his own into the message (CVE-2026-2092).
fn sealed(
    encrypted: Node<'_>,
    response_signed: bool,
    demands: Demands<'_>,
    envelope: Envelope,
    passed: &mut Passed,
) -> Result<Signed, SignInError> {
    if !response_signed {
        let reason = "the assertion is encrypted in a response that is not signed";
        return Err(SamlFault::ResponseUnsigned.because(reason));
    }
    let keys = demands
        .decryption
        .ok_or_else(|| SamlFault::EncryptionKey.because("this server has no key to decrypt with"))?;
    let plain = decrypt::assertion(encrypted, keys)?;
    passed.add(Clause::Decryption);
    let tree = parse(&plain)?;
    let assertion = tree.root().filter(|root| root.is(namespace::ASSERTION, "Assertion"));
    let assertion =
        assertion.ok_or_else(|| SamlFault::EncryptionForm.because("what was encrypted is no assertion"))?;
    check_assertion(assertion)?;
    let own = signature_of(assertion)?.ok_or_else(|| {
        SamlFault::AssertionUnsigned.because("the encrypted assertion has no signature of its own")
    })?;
    let covered = signature::verify(own, demands.trust)?;
    passed.add(Clause::Signature);
    Ok(signed(covered, envelope))
}

fn signed(covered: Covered, envelope: Envelope) -> Signed {
    Signed { octets: covered.octets, key: covered.key, algorithm: covered.algorithm, envelope }
}

/// SML-08: a response that is not signed as the connection says is refused, never read in part.
fn expect(expected: SigningExpectation, response: bool, assertion: bool) -> Result<(), SignInError> {
    let (needs_response, needs_assertion) = match expected {
        SigningExpectation::Response => (true, false),
        SigningExpectation::Assertion => (false, true),
        SigningExpectation::Both => (true, true),
        SigningExpectation::Either if !response && !assertion => {
            return Err(SamlFault::NothingSigned.because("neither the response nor the assertion is signed"));
        }
        SigningExpectation::Either => (false, false),
    };
    if needs_response && !response {
        return Err(
            SamlFault::ResponseUnsigned.because("the response is not signed, and the connection expects it")
        );
    }
    if needs_assertion && !assertion {
        return Err(SamlFault::AssertionUnsigned
            .because("the assertion is not signed, and the connection expects it"));
    }
    Ok(())
}

fn parse(message: &[u8]) -> Result<Tree<'_>, SignInError> {
    Tree::parse(message, MESSAGE).map_err(|fault| refusal(&fault))
}

/// What the door said, as a sign-in's refusal.
pub(super) fn refusal(fault: &XmlFault) -> SignInError {
    let cause = match fault {
        XmlFault::TooLong(_) => SamlFault::MessageLength,
        XmlFault::Encoding => SamlFault::MessageEncoding,
        XmlFault::DocumentType => SamlFault::DocumentType,
        XmlFault::Limit(_) | XmlFault::Namespace(_) | XmlFault::Unwanted(_) => SamlFault::XmlLimits,
        XmlFault::Malformed(_) => SamlFault::NotXml,
        XmlFault::RepeatedId(_) => SamlFault::IdRepeated,
    };
    cause.because(fault.to_string())
}

fn root<'t>(tree: &'t Tree<'_>) -> Result<Node<'t>, SignInError> {
    let root = tree.root().filter(|root| root.is(namespace::PROTOCOL, "Response"));
    root.ok_or_else(|| SamlFault::RootWrong.because("the message is no samlp:Response"))
}

/// The one assertion, as it stands in the message.
enum Body<'t> {
    Plain(Node<'t>),
    Encrypted(Node<'t>),
}

/// The only shape in which a message is looked at: known children of the response, one assertion in the whole document and
/// directly below it, signatures directly below what they sign (Somorovsky et al. 2012; CVE-2022-41912; CVE-2024-8698).
fn check_shape(root: Node<'_>) -> Result<Body<'_>, SignInError> {
    if root.attribute("ID").is_none_or(str::is_empty) {
        return Err(SamlFault::IdMissing.because("the response has no ID"));
    }
    order::check(root)?;
    let plain = root.everywhere(namespace::ASSERTION, "Assertion");
    let encrypted = root.everywhere(namespace::ASSERTION, "EncryptedAssertion");
    if root.everywhere(namespace::PROTOCOL, "Response").len() != 1 {
        return Err(SamlFault::ElementUnexpected.because("a response holds another response"));
    }
    let body = match (plain.as_slice(), encrypted.as_slice()) {
        ([one], []) if one.parent() == Some(root) => Body::Plain(*one),
        ([], [one]) if one.parent() == Some(root) => Body::Encrypted(*one),
        ([], []) => return Err(SamlFault::AssertionMissing.because("the response holds no assertion")),
        ([_], []) | ([], [_]) => {
            return Err(
                SamlFault::ElementUnexpected.because("the assertion is not directly below the response")
            );
        }
        (plain, encrypted) => {
            let reason = format!("the response holds {} assertions", plain.len() + encrypted.len());
            return Err(SamlFault::AssertionSeveral.because(reason));
        }
    };
    let assertion = match body {
        Body::Plain(assertion) => Some(assertion),
        Body::Encrypted(_) => None,
    };
    let allowed =
        |parent: Option<Node<'_>>| parent == Some(root) || (parent.is_some() && parent == assertion);
    if !root.everywhere(namespace::SIGNATURE, "Signature").into_iter().all(|one| allowed(one.parent())) {
        let reason = "a signature stands elsewhere than directly below the response or the assertion";
        return Err(SamlFault::SignatureMisplaced.because(reason));
    }
    Ok(body)
}

/// The same of an assertion that was encrypted.
fn check_assertion(assertion: Node<'_>) -> Result<(), SignInError> {
    let inner = assertion.everywhere(namespace::ASSERTION, "Assertion").len();
    if inner != 1 || !assertion.everywhere(namespace::ASSERTION, "EncryptedAssertion").is_empty() {
        return Err(SamlFault::AssertionSeveral.because("the encrypted assertion holds another one"));
    }
    let signatures = assertion.everywhere(namespace::SIGNATURE, "Signature");
    if signatures.into_iter().all(|one| one.parent() == Some(assertion)) {
        Ok(())
    } else {
        Err(SamlFault::SignatureMisplaced
            .because("a signature stands inside the encrypted assertion's parts"))
    }
}

/// saml-core §2.3.3, §3.2.2: one at most, right behind the issuer.
fn signature_of(node: Node<'_>) -> Result<Option<Node<'_>>, SignInError> {
    let misplaced = |what: &str| SamlFault::SignatureMisplaced.because(format!("the {} {what}", node.name()));
    let mut signatures = node.all(namespace::SIGNATURE, "Signature");
    let Some(signature) = signatures.next() else { return Ok(None) };
    if signatures.next().is_some() {
        return Err(misplaced("has two signatures"));
    }
    // That an issuer is missing is said later, by its name.
    let mut children = node.children().skip_while(|first| first.is(namespace::ASSERTION, "Issuer"));
    if children.next() == Some(signature) {
        Ok(Some(signature))
    } else {
        Err(misplaced("has its signature not right behind the issuer"))
    }
}

fn read_envelope(root: Node<'_>) -> Envelope {
    let owned = |name: &str| root.attribute(name).map(str::to_owned);
    let status = root.child(namespace::PROTOCOL, "Status");
    Envelope {
        version: owned("Version"),
        issue_instant: owned("IssueInstant"),
        destination: owned("Destination"),
        in_response_to: owned("InResponseTo"),
        issuer: issuer_of(root),
        status: status.map(status_codes).unwrap_or_default(),
        status_message: status
            .and_then(|status| status.child(namespace::PROTOCOL, "StatusMessage"))
            .and_then(xml::Node::text)
            .map(std::borrow::Cow::into_owned),
    }
}

/// saml-core §2.2.5.
pub(super) fn issuer_of(node: Node<'_>) -> Option<Issuer> {
    let issuer = node.child(namespace::ASSERTION, "Issuer")?;
    Some(Issuer { value: issuer.text()?.into_owned(), format: issuer.attribute("Format").map(str::to_owned) })
}

/// saml-core §3.2.2.2: codes are nested, at most three deep in practice.
fn status_codes(status: Node<'_>) -> Vec<String> {
    let mut codes = Vec::new();
    let mut next = status.child(namespace::PROTOCOL, "StatusCode");
    while let Some(code) = next.filter(|_| codes.len() < 4) {
        codes.push(code.attribute("Value").unwrap_or_default().to_owned());
        next = code.child(namespace::PROTOCOL, "StatusCode");
    }
    codes
}
