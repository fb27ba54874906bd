//! One address of the API: a row of the table from which routing, check and description follow.

use std::fmt;

use futures_util::future::BoxFuture;
use http::Method;
use schemars::{Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Map, Value};
use vestibule_policies::code::Code;
use vestibule_policies::operation::Operation;

use crate::administration::{Actor, Refusal, Version};
use crate::http::visit::Visit;

use super::ROOT;
use super::paging::Page;

/// A row of the table.
#[derive(Debug)]
pub struct Endpoint {
    /// How it is called.
    pub method: Verb,
    /// Its path below [`ROOT`], with places in braces.
    pub path: &'static str,
    /// What it is called in generated clients.
    pub id: &'static str,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// What it asks of an administrator; none where anybody may call it.
    pub operation: Option<Operation>,
    /// What it takes.
    pub takes: Takes,
    /// The status when it goes well.
    pub status: u16,
    /// What it gives then.
    pub gives: Gives,
    /// Whether it changes something that may have changed meanwhile: then it needs `If-Match`.
    pub changes: bool,
    /// What it does.
    pub run: Run,
}

/// How an address is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the method of its name")]
pub enum Verb {
    Get,
    Post,
    Put,
    Delete,
}

/// Makes the schema of a body.
pub(super) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// What an address takes.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// No body.
    Nothing,
    /// JSON; of members that the schema asks for only these are needed.
    Json(Body),
    /// A form: the token endpoint's.
    Form,
}

/// A JSON body.
#[derive(Clone, Copy)]
pub struct Body {
    /// Its schema.
    pub schema: SchemaOf,
    /// Members that have to be there.
    pub required: &'static [&'static str],
}

/// What an address gives.
#[derive(Clone, Copy)]
pub enum Gives {
    /// Nothing.
    Nothing,
    /// One thing.
    One(SchemaOf),
    /// One thing, with its version as `ETag`.
    Versioned(SchemaOf),
    /// A page of a list.
    List(SchemaOf),
}

/// What is done.
#[derive(Clone, Copy)]
pub enum Run {
    /// A verb of an administrator.
    Verb(for<'c> fn(&'c Call<'c>) -> Outcome<'c>),
    /// The description of this table.
    Description,
    /// A token for a secure client.
    Token,
}

/// What a verb comes to.
pub(super) type Outcome<'c> = BoxFuture<'c, Result<Answer, Refusal>>;

/// One request of somebody who may make it.
#[derive(Debug)]
pub struct Call<'c> {
    pub visit: &'c Visit<'c>,
    pub actor: &'c Actor,
    /// What stands in the places of the path, the organisation's slug first.
    pub arguments: &'c [&'c str],
    /// The members of the body.
    pub members: &'c Map<String, Value>,
    /// What a change was made from.
    pub version: Option<Version>,
    /// Which part of a list.
    pub page: Page,
}

/// What an address answers when it goes well.
#[derive(Debug)]
pub enum Answer {
    /// JSON as it is.
    Raw(Value),
    /// One thing.
    One { value: Value, version: Option<Version>, location: Option<String> },
    /// Nothing.
    Nothing,
}

impl Answer {
    /// One thing.
    pub fn one(value: &impl Serialize) -> Result<Self, Refusal> {
        let value = serde_json::to_value(value).map_err(|_| Code::Internal)?;
        Ok(Self::One { value, version: None, location: None })
    }

    /// One thing, and what it was when it was read.
    pub fn versioned((value, version): &(impl Serialize, Version)) -> Result<Self, Refusal> {
        let value = serde_json::to_value(value).map_err(|_| Code::Internal)?;
        Ok(Self::One { value, version: Some(version.clone()), location: None })
    }

    /// Something new, which can be read from now on at this path below the organisation's.
    pub fn at(self, call: &Call<'_>, path: &str) -> Self {
        let Self::One { value, version, .. } = self else { return self };
        let slug = &call.actor.tenant.organization.slug;
        Self::One { value, version, location: Some(format!("{ROOT}/organizations/{slug}/{path}")) }
    }
}

impl Call<'_> {
    /// What stands in the place after the organisation's.
    pub fn name(&self) -> &str {
        self.arguments.get(1).copied().unwrap_or_default()
    }

    /// What a change was made from.
    pub fn version(&self) -> Result<&Version, Refusal> {
        self.version.as_ref().ok_or_else(|| Code::VersionMissing.into())
    }
}

impl Endpoint {
    /// Whether it is about one organisation.
    #[must_use]
    pub fn is_of_organization(&self) -> bool {
        self.path.starts_with("/organizations/{")
    }

    /// The names of the places in its path.
    pub fn places(&self) -> impl Iterator<Item = &'static str> {
        let names = self.path.split('/').map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
        names.flatten()
    }

    /// What stands in the places of a path, if it is this address. A segment that would have to be decoded is none: every name is
    /// made of letters, digits, `-` and `_`.
    pub(super) fn matches<'p>(&self, path: &'p str) -> Option<Vec<&'p str>> {
        let mut sent = path.strip_prefix(ROOT)?.split('/');
        let mut arguments = Vec::new();
        for own in self.path.split('/') {
            let segment = sent.next()?;
            let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
            match own.starts_with('{') {
                true if !segment.is_empty() && segment.bytes().all(is_word) => arguments.push(segment),
                false if segment == own => {}
                true | false => return None,
            }
        }
        if sent.next().is_none() { Some(arguments) } else { None }
    }
}

impl Verb {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Whether this request is meant; HEAD is GET without its body (RFC 9110 §9.3.2).
    pub(super) fn takes(self, method: &Method) -> bool {
        method.as_str() == self.as_str() || (self == Self::Get && *method == Method::HEAD)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("required", &self.required).finish_non_exhaustive()
    }
}

impl fmt::Debug for Gives {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::One(_) => "One",
            Self::Versioned(_) => "Versioned",
            Self::List(_) => "List",
        })
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Verb(_) => "Verb",
            Self::Description => "Description",
            Self::Token => "Token",
        })
    }
}
