//! The one door for XML that strangers send: bounded before it is parsed, read by one parser, looked at through one view.
//!
//! No document type, no processing instruction, no relative namespace, no id twice: what two readers could read differently is
//! refused here, before anybody asks what it says (saml-core §1.3; Somorovsky et al., USENIX Security 2012).

use std::borrow::Cow;
use std::collections::HashSet;

use uppsala::{Document, NodeId, NodeKind};

/// Namespaces by the names that the standards give them.
pub(super) mod namespace {
    pub(in super::super) const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
    pub(in super::super) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
    pub(in super::super) const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
    pub(in super::super) const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
    pub(in super::super) const ENCRYPTION: &str = "http://www.w3.org/2001/04/xmlenc#";
    pub(in super::super) const ENCRYPTION_11: &str = "http://www.w3.org/2009/xmlenc11#";
    pub(in super::super) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
    pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";
}

/// How much one document may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caps {
    /// Octets.
    pub(super) octets: usize,
    /// Tags, which bound the elements.
    pub(super) tags: usize,
}

/// A message: 5,000 groups fit.
pub(super) const MESSAGE: Caps = Caps { octets: 512 * 1024, tags: 32 * 1024 };
/// Attributes and namespace declarations of one element.
const MOST_ATTRIBUTES: usize = 64;
const DEEPEST: u32 = 48;
/// Octets of one namespace. Exclusive canonicalisation writes it again on each element that uses it, so a long one multiplies.
const LONGEST_NAMESPACE: usize = 256;

/// Why a text is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum XmlFault {
    #[error("the document is longer than {0} bytes")]
    TooLong(usize),
    #[error("the document is not UTF-8 without a byte order mark")]
    Encoding,
    #[error("the document has a document type declaration")]
    DocumentType,
    #[error("the document passes a limit: {0}")]
    Limit(&'static str),
    #[error("the document is not well-formed: {0}")]
    Malformed(String),
    #[error("the namespace {0:?} is not absolute")]
    Namespace(String),
    #[error("the id {0:?} stands twice")]
    RepeatedId(String),
    #[error("the document holds {0}")]
    Unwanted(&'static str),
}

/// A document that passed the door.
#[derive(Debug)]
pub(super) struct Tree<'a>(Document<'a>);

impl<'a> Tree<'a> {
    /// Reads a document.
    pub(super) fn parse(octets: &'a [u8], caps: Caps) -> Result<Self, XmlFault> {
        if octets.len() > caps.octets {
            return Err(XmlFault::TooLong(caps.octets));
        }
        let text = std::str::from_utf8(octets).map_err(|_| XmlFault::Encoding)?;
        if text.starts_with('\u{feff}') || text.contains('\0') {
            return Err(XmlFault::Encoding);
        }
        let lines = with_line_feeds(text);
        let begin = lines.len() - check_declaration(&lines)?.len();
        let places = scan(lines.as_bytes(), begin, caps.tags)?;
        let parser = uppsala::Parser::new().with_forbid_dtd(true).with_max_depth(DEEPEST);
        let document = match with_spaces(lines, &places) {
            Cow::Borrowed(text) => parser.parse(text),
            Cow::Owned(text) => parser.parse(&text).map(Document::into_static),
        };
        let tree = Self(document.map_err(|error| XmlFault::Malformed(error.to_string()))?);
        tree.inspect()?;
        Ok(tree)
    }

    /// The root element.
    pub(super) fn root(&self) -> Option<Node<'_>> {
        self.0.document_element().map(|id| Node { document: &self.0, id })
    }

    fn inspect(&self) -> Result<(), XmlFault> {
        let mut ids = HashSet::new();
        for id in self.0.descendants(self.0.root()) {
            if let Some(NodeKind::Element(element)) = self.0.node_kind(id) {
                inspect_element(element, &mut ids)?;
            }
        }
        Ok(())
    }
}

/// XML 1.0 §2.11: whatever ends a line is one line feed. Our parser leaves this to us in part, and §3.3.3 whole.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// XML 1.0 §3.3.3: white space in an attribute's value is a space, as whoever signed it has read it. References to characters stay.
fn with_spaces<'a>(text: Cow<'a, str>, places: &[usize]) -> Cow<'a, str> {
    if places.is_empty() {
        return text;
    }
    let mut whole = String::with_capacity(text.len());
    let mut from = 0;
    for &place in places {
        whole.push_str(text.get(from..place).unwrap_or_default());
        whole.push(' ');
        from = place + 1;
    }
    whole.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(whole)
}

/// The octets are UTF-8; a declaration that says otherwise is for another reader than us. Gives what follows it.
fn check_declaration(text: &str) -> Result<&str, XmlFault> {
    let Some(rest) = text.strip_prefix("<?xml") else { return Ok(text) };
    let Some((declaration, rest)) = rest.split_once("?>") else {
        return Err(XmlFault::Malformed("something is not closed".to_owned()));
    };
    let Some((_, encoding)) = declaration.split_once("encoding") else { return Ok(rest) };
    let name = encoding.trim_start().trim_start_matches('=').trim_start();
    let name = name.trim_matches(|c: char| c == '"' || c == '\'' || c.is_ascii_whitespace());
    let name = name.split(['"', '\'']).next().unwrap_or_default();
    if name.eq_ignore_ascii_case("utf-8") { Ok(rest) } else { Err(XmlFault::Encoding) }
}

/// Namespaces in XML 1.0 §4: one colon at most, with something on either side (CVE-2020-29509 to -29511).
fn check_name(name: &uppsala::QName<'_>) -> Result<(), XmlFault> {
    let is_part = |part: &str| {
        let first = part.chars().next();
        first.is_some_and(|c| c.is_alphabetic() || c == '_') && !part.contains(':')
    };
    if is_part(&name.local_name) && name.prefix.as_deref().is_none_or(is_part) {
        Ok(())
    } else {
        Err(XmlFault::Malformed("a name with a colon out of place".to_owned()))
    }
}

/// An id attribute under whatever spelling some library takes for one; `xml:id` has no place in SAML.
fn inspect_element(element: &uppsala::Element<'_>, ids: &mut HashSet<String>) -> Result<(), XmlFault> {
    check_name(&element.name)?;
    for (prefix, uri) in &element.namespace_declarations {
        // Namespaces in XML 1.0 §5: a prefix cannot be undeclared.
        if (uri.is_empty() && !prefix.is_empty()) || prefix.contains(':') {
            return Err(XmlFault::Namespace(prefix.chars().take(64).collect()));
        }
        // C14N §1.3.2: a relative namespace makes canonicalisation fail or worse (CVE-2025-66568).
        if !uri.is_empty() && !uri.contains(':') {
            return Err(XmlFault::Namespace(uri.chars().take(64).collect()));
        }
        if uri.len() > LONGEST_NAMESPACE || prefix.len() > LONGEST_NAMESPACE {
            return Err(XmlFault::Limit("too long a namespace"));
        }
    }
    for attribute in &element.attributes {
        let name = &attribute.name;
        check_name(name)?;
        if name.namespace_uri.as_deref() == Some(namespace::XML) && name.local_name == "id" {
            return Err(XmlFault::Unwanted("an xml:id"));
        }
        let is_id = name.namespace_uri.is_none() && name.local_name.eq_ignore_ascii_case("id");
        if is_id && !ids.insert(attribute.value.to_string()) {
            return Err(XmlFault::RepeatedId(attribute.value.chars().take(64).collect()));
        }
    }
    Ok(())
}

/// One pass over what follows the declaration, before any tree is made: how many tags there are, and how many attributes one of
/// them has. Gives the places where a value holds a tab or a line feed.
fn scan(octets: &[u8], begin: usize, most_tags: usize) -> Result<Vec<usize>, XmlFault> {
    let mut rest = octets.get(begin..).unwrap_or_default();
    let mut tags = 0;
    let mut places = Vec::new();
    while let Some(start) = rest.iter().position(|&byte| byte == b'<') {
        rest = rest.get(start + 1..).unwrap_or_default();
        if let Some(comment) = rest.strip_prefix(b"!--") {
            rest = after(comment, b"-->")?;
        } else if let Some(section) = rest.strip_prefix(b"![CDATA[") {
            rest = after(section, b"]]>")?;
        } else if rest.starts_with(b"!") {
            return Err(XmlFault::DocumentType);
        } else if rest.starts_with(b"?") {
            // Also because a quote in it would not be one of an attribute, and hide from this pass what follows.
            return Err(XmlFault::Unwanted("a processing instruction"));
        } else {
            tags += 1;
            if tags > most_tags {
                return Err(XmlFault::Limit("too many elements"));
            }
            let begin = octets.len() - rest.len();
            rest = scan_tag(rest, |index| places.push(begin + index))?;
        }
    }
    Ok(places)
}

fn after<'a>(octets: &'a [u8], end: &[u8]) -> Result<&'a [u8], XmlFault> {
    let found = octets.windows(end.len()).position(|window| window == end);
    let found = found.ok_or_else(|| XmlFault::Malformed("something is not closed".to_owned()))?;
    Ok(octets.get(found + end.len()..).unwrap_or_default())
}

fn scan_tag(octets: &[u8], mut spaced: impl FnMut(usize)) -> Result<&[u8], XmlFault> {
    let (mut attributes, mut quote) = (0, None);
    for (index, &byte) in octets.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Ok(octets.get(index + 1..).unwrap_or_default()),
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'=') => {
                attributes += 1;
                if attributes > MOST_ATTRIBUTES {
                    return Err(XmlFault::Limit("too many attributes or namespaces of one element"));
                }
            }
            (Some(open), close) if open == close => quote = None,
            (Some(_), b'\t' | b'\n') => spaced(index),
            _ => {}
        }
    }
    Err(XmlFault::Malformed("a tag is not closed".to_owned()))
}

/// One element of a document.
#[derive(Clone, Copy)]
pub(super) struct Node<'t> {
    document: &'t Document<'t>,
    id: NodeId,
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Node({})", self.name())
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && std::ptr::eq(self.document, other.document)
    }
}

impl<'t> Node<'t> {
    pub(super) const fn id(self) -> NodeId {
        self.id
    }

    pub(super) const fn document(self) -> &'t Document<'t> {
        self.document
    }

    /// Whether it has this name.
    pub(super) fn is(self, namespace: &str, local: &str) -> bool {
        self.document.element(self.id).is_some_and(|element| element.matches_name_ns(namespace, local))
    }

    /// Its local name, for messages.
    pub(super) fn name(self) -> &'t str {
        self.document.element(self.id).map_or("", |element| element.name.local_name.as_ref())
    }

    /// The element that holds it; none for the root.
    pub(super) fn parent(self) -> Option<Self> {
        let id = self.document.parent(self.id)?;
        self.document.element(id).map(|_| Self { id, ..self })
    }

    /// The elements directly below.
    pub(super) fn children(self) -> impl Iterator<Item = Self> + use<'t> {
        let document = self.document;
        document
            .children_iter(self.id)
            .filter(move |id| document.element(*id).is_some())
            .map(move |id| Self { document, id })
    }

    /// The elements of this name directly below.
    pub(super) fn all(self, namespace: &'t str, local: &'t str) -> impl Iterator<Item = Self> + use<'t> {
        self.children().filter(move |child| child.is(namespace, local))
    }

    /// The first element of this name directly below.
    pub(super) fn child(self, namespace: &'t str, local: &'t str) -> Option<Self> {
        self.all(namespace, local).next()
    }

    /// Every element of this name below, however deep, itself included.
    pub(super) fn everywhere(self, namespace: &str, local: &str) -> Vec<Self> {
        let document = self.document;
        let below = document.descendants(self.id).into_iter().chain([self.id]);
        below.map(|id| Self { document, id }).filter(|node| node.is(namespace, local)).collect()
    }

    /// An attribute without a namespace.
    pub(super) fn attribute(self, name: &str) -> Option<&'t str> {
        let element = self.document.element(self.id)?;
        element
            .attributes
            .iter()
            .find(|one| one.name.namespace_uri.is_none() && one.name.local_name == name)
            .map(|one| one.value.as_ref())
    }

    /// The names of its attributes without a namespace.
    pub(super) fn attributes(self) -> impl Iterator<Item = &'t str> + use<'t> {
        let attributes = self.document.element(self.id).map_or(&[][..], |element| &element.attributes[..]);
        let plain = attributes.iter().filter(|one| one.name.namespace_uri.is_none());
        plain.map(|one| one.name.local_name.as_ref())
    }

    /// Its whole text, never cut at a comment; nothing if it holds elements.
    pub(super) fn text(self) -> Option<Cow<'t, str>> {
        let mut parts =
            self.document.children_iter(self.id).filter_map(|id| match self.document.node_kind(id) {
                Some(NodeKind::Text(text) | NodeKind::CData(text)) => Some(Ok(text.as_ref())),
                Some(NodeKind::Element(_)) => Some(Err(())),
                _ => None,
            });
        let Some(first) = parts.next() else { return Some(Cow::Borrowed("")) };
        let first = first.ok()?;
        let Some(second) = parts.next() else { return Some(Cow::Borrowed(first)) };
        let mut whole = first.to_owned();
        whole.push_str(second.ok()?);
        for part in parts {
            whole.push_str(part.ok()?);
        }
        Some(Cow::Owned(whole))
    }

    /// Whether text other than space stands directly below.
    pub(super) fn has_text_between(self) -> bool {
        self.document.children_iter(self.id).any(|id| match self.document.node_kind(id) {
            Some(NodeKind::Text(text) | NodeKind::CData(text)) => !text.trim_ascii().is_empty(),
            _ => false,
        })
    }

    /// Whether a comment or a CDATA section stands directly below: where octets count, nothing may hide among them.
    pub(super) fn is_interrupted(self) -> bool {
        self.document
            .children_iter(self.id)
            .any(|id| matches!(self.document.node_kind(id), Some(NodeKind::Comment(_) | NodeKind::CData(_))))
    }
}
