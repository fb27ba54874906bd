//! What a client asks (RFC 4511 §4). Passwords and asserted values stay octets.

use super::ber::{BOOLEAN, ENUMERATED, INTEGER, OCTETS, Reader, SEQUENCE, SET};
use super::control::Paging;
use super::filter::Filter;

const CONTROLS: u8 = 0xa0;
const SIMPLE: u8 = 0x80;
const EXTENDED_NAME: u8 = 0x80;

/// One message of a client.
pub(crate) struct Request {
    pub(crate) id: i64,
    pub(crate) operation: Operation,
    pub(crate) paging: Option<Paging>,
    /// A control that the client insists on and that nobody here knows.
    pub(crate) unknown_critical: bool,
}

pub(crate) enum Operation {
    /// `password` is `None` for any method but the simple one.
    Bind {
        name: String,
        password: Option<Vec<u8>>,
    },
    Unbind,
    Search(Search),
    Modify {
        dn: String,
        changes: Vec<Change>,
    },
    /// The name of an extended operation.
    Extended(String),
    Abandon,
    /// Add, delete, rename, compare: by the tag that its answer has.
    Other(u8),
}

pub(crate) struct Search {
    pub(crate) base: String,
    pub(crate) scope: Scope,
    /// 0 for no limit of the client's.
    pub(crate) size_limit: usize,
    pub(crate) types_only: bool,
    pub(crate) filter: Filter,
    /// As spelt; empty for all that are stored.
    pub(crate) attributes: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Base,
    OneLevel,
    Subtree,
}

pub(crate) struct Change {
    pub(crate) kind: ChangeKind,
    pub(crate) attribute: String,
    pub(crate) values: Vec<Vec<u8>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeKind {
    Add,
    Delete,
    Replace,
}

impl Request {
    /// `None` for octets that are no request.
    pub(crate) fn parse(message: &[u8]) -> Option<Self> {
        let mut message = Reader::new(message).inside(SEQUENCE)?;
        let id = message.number(INTEGER)?;
        let (tag, content) = message.any()?;
        let operation = Operation::parse(tag, content)?;
        let (mut paging, mut unknown_critical) = (None, false);
        if !message.is_empty() {
            let mut controls = message.inside(CONTROLS)?;
            while !controls.is_empty() {
                let mut control = controls.inside(SEQUENCE)?;
                let name = control.text()?;
                let critical = control.peek() == Some(BOOLEAN) && control.take(BOOLEAN)? != [0];
                match name.as_str() {
                    Paging::OID => paging = Some(Paging::parse(control.take(OCTETS)?)?),
                    _ => unknown_critical |= critical,
                }
            }
        }
        Some(Self { id, operation, paging, unknown_critical })
    }
}

impl Operation {
    fn parse(tag: u8, content: &[u8]) -> Option<Self> {
        let mut content_reader = Reader::new(content);
        Some(match tag {
            0x60 => bind(content_reader)?,
            0x42 => Self::Unbind,
            0x50 => Self::Abandon,
            0x63 => Self::Search(search(content_reader)?),
            0x66 => modify(content_reader)?,
            0x77 => {
                let name = content_reader.take(EXTENDED_NAME)?;
                Self::Extended(String::from_utf8(name.to_vec()).ok()?)
            }
            0x68 | 0x6c | 0x6e => Self::Other(tag + 1),
            0x4a => Self::Other(0x6b),
            _ => return None,
        })
    }
}

fn bind(mut bind: Reader) -> Option<Operation> {
    bind.number(INTEGER).filter(|version| *version == 3)?;
    let name = bind.text()?;
    let (method, credentials) = bind.any()?;
    Some(Operation::Bind { name, password: (method == SIMPLE).then(|| credentials.to_vec()) })
}

fn search(mut search: Reader) -> Option<Search> {
    let base = search.text()?;
    let scope = match search.number(ENUMERATED)? {
        0 => Scope::Base,
        1 => Scope::OneLevel,
        2 => Scope::Subtree,
        _ => return None,
    };
    let _aliases = search.number(ENUMERATED)?;
    let size_limit = usize::try_from(search.number(INTEGER)?).ok()?;
    let _time_limit = search.number(INTEGER)?;
    let types_only = search.take(BOOLEAN)? != [0];
    let filter = Filter::parse(&mut search)?;
    let mut names = search.inside(SEQUENCE)?;
    let mut attributes = Vec::new();
    while !names.is_empty() {
        attributes.push(names.text()?);
    }
    Some(Search { base, scope, size_limit, types_only, filter, attributes })
}

fn modify(mut modify: Reader) -> Option<Operation> {
    let dn = modify.text()?;
    let (mut list, mut changes) = (modify.inside(SEQUENCE)?, Vec::new());
    while !list.is_empty() {
        let mut change = list.inside(SEQUENCE)?;
        let kind = match change.number(ENUMERATED)? {
            0 => ChangeKind::Add,
            1 => ChangeKind::Delete,
            2 => ChangeKind::Replace,
            _ => return None,
        };
        let mut attribute = change.inside(SEQUENCE)?;
        let name = attribute.text()?;
        let (mut set, mut values) = (attribute.inside(SET)?, Vec::new());
        while !set.is_empty() {
            values.push(set.take(OCTETS)?.to_vec());
        }
        changes.push(Change { kind, attribute: name, values });
    }
    Some(Operation::Modify { dn, changes })
}
