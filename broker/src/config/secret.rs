//! Secrets of the configuration: a plain string, `{ env = "NAME" }`, `{ file = "PATH" }`, or in a manifest
//! `{ stored = "…" }` for the one that the store already holds (interface 5). Any other form is `SECRET-FORM`.
//! No fault repeats a secret, and no type here shows one.

use std::path::PathBuf;

use vestibule_certs::secret::Secret;

use super::{
    fault::FaultCode,
    files::read_text,
    reader::{Item, Reported},
};

/// The longest secret, in bytes.
const SECRET_LIMIT: usize = 64 * 1024;

/// A secret as a manifest gives it.
#[derive(Debug)]
pub enum SecretSource {
    /// The secret itself.
    Given(Secret),
    /// The one that the store holds stays. It is bound to the address that it is sent to, so whoever applies the
    /// manifest demands it anew when that address changed.
    Stored,
}

/// The master key as the server's configuration gives it.
#[derive(Debug)]
pub enum MasterKeySource {
    /// A file, made on the first start of an empty store; it need not be there yet.
    File(PathBuf),
    /// The key's text.
    Given(Secret),
}

impl SecretSource {
    pub(super) fn read(item: &Item<'_>) -> Result<Self, Reported> {
        match Form::of(item)? {
            Form::Plain(text) => given(item, text.to_owned()).map(Self::Given),
            Form::Variable(name) => variable(&name).map(Self::Given),
            Form::File(path) => file(&path).map(Self::Given),
            // The text after `stored` is for people; it is never compared, for it proves nothing.
            Form::Stored(_) => Ok(Self::Stored),
        }
    }
}

/// A secret of the server itself, which no store keeps.
pub(super) fn plain(item: &Item<'_>) -> Result<Secret, Reported> {
    match Form::of(item)? {
        Form::Plain(text) => given(item, text.to_owned()),
        Form::Variable(name) => variable(&name),
        Form::File(path) => file(&path),
        Form::Stored(stored) => {
            Err(stored.refuse(FaultCode::SecretForm, "only manifests have stored secrets; give this one"))
        }
    }
}

impl MasterKeySource {
    pub(super) fn read(item: &Item<'_>) -> Result<Self, Reported> {
        match Form::of(item)? {
            Form::Plain(text) => given(item, text.to_owned()).map(Self::Given),
            Form::Variable(name) => variable(&name).map(Self::Given),
            Form::File(path) => path.path().map(Self::File),
            Form::Stored(stored) => {
                Err(stored
                    .refuse(FaultCode::SecretForm, "the master key is never stored; use { file = \"…\" }"))
            }
        }
    }
}

/// The four ways to write a secret.
enum Form<'a> {
    Plain(&'a str),
    Variable(Item<'a>),
    File(Item<'a>),
    Stored(Item<'a>),
}

impl<'a> Form<'a> {
    fn of(item: &Item<'a>) -> Result<Self, Reported> {
        if let Some(text) = item.as_text() {
            return Ok(Self::Plain(text));
        }
        match item.only_entry() {
            Some(("env", name)) => Ok(Self::Variable(name)),
            Some(("file", path)) => Ok(Self::File(path)),
            Some(("stored", stored)) => Ok(Self::Stored(stored)),
            Some(_) | None => {
                let message =
                    "write a secret as a text, { env = \"NAME\" }, { file = \"PATH\" } or { stored = \"…\" }";
                Err(item.refuse(FaultCode::SecretForm, message))
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this module is where the environment is read")]
fn variable(item: &Item<'_>) -> Result<Secret, Reported> {
    item.operators()?;
    let name = item.text()?;
    // Rust's own look-up fails on these as on a variable that is not there; the operator is told which it is.
    if name.is_empty() || name.contains(['=', '\0']) {
        return Err(item.invalid("this is not the name of a variable"));
    }
    match std::env::var(name) {
        Ok(text) => given(item, text),
        Err(std::env::VarError::NotPresent) => {
            Err(item.refuse(FaultCode::Missing, format!("the variable {name} is not set")))
        }
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(item.invalid(format_args!("the variable {name} is not UTF-8")))
        }
    }
}

fn file(item: &Item<'_>) -> Result<Secret, Reported> {
    let read = read_text(&item.path()?, SECRET_LIMIT);
    let mut text = read.map_err(|fault| item.refuse(FaultCode::Unreadable, fault.to_string()))?;
    // Editors end a file with a newline, which is never part of the secret.
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    given(item, text)
}

fn given(item: &Item<'_>, text: String) -> Result<Secret, Reported> {
    let secret = Secret::new(text);
    match secret.expose().len() {
        0 => Err(item.invalid("the secret is empty")),
        1..=SECRET_LIMIT => Ok(secret),
        _ => Err(item.invalid(format_args!("a secret is at most {SECRET_LIMIT} bytes long"))),
    }
}
