//! The clauses of admission. Each reads the organisation as it is now and refuses in one way.

use super::{Facts, Purpose, Question, Refusal};
use crate::{Audience, ConnectionId, ConnectionPolicy, KindName, Scope, edition, mapping::outside_scope};

/// One condition.
#[derive(Debug)]
pub struct Clause {
    /// Its name in tests and documentation.
    pub name: &'static str,
    /// Which questions ask it.
    pub serves: Serves,
    /// The condition.
    pub test: fn(&Facts<'_>) -> Result<(), Refusal>,
}

/// Which questions ask a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serves {
    /// Only when somebody enters.
    Enter,
    /// Only while somebody remains.
    Remain,
    /// Always.
    Both,
}

impl Serves {
    /// Whether the question asks it.
    #[must_use]
    pub const fn includes(self, question: Question) -> bool {
        match (self, question) {
            (Self::Both, _) | (Self::Enter, Question::Enter) | (Self::Remain, Question::Remain) => true,
            (Self::Enter, Question::Remain) | (Self::Remain, Question::Enter) => false,
        }
    }
}

/// All of them, in the order in which they are asked.
pub const CLAUSES: &[Clause] = &[
    Clause { name: "purpose", serves: Serves::Both, test: purpose },
    Clause { name: "host", serves: Serves::Both, test: host },
    Clause { name: "connection", serves: Serves::Both, test: exists },
    Clause { name: "switch", serves: Serves::Both, test: switch },
    Clause { name: "authority", serves: Serves::Both, test: authority },
    Clause { name: "audience", serves: Serves::Both, test: audience },
    Clause { name: "method", serves: Serves::Both, test: method },
    Clause { name: "required claims", serves: Serves::Both, test: required },
    Clause { name: "scope", serves: Serves::Both, test: scope },
    Clause { name: "groups", serves: Serves::Both, test: groups },
    Clause { name: "membership", serves: Serves::Both, test: membership },
];

fn purpose(facts: &Facts<'_>) -> Result<(), Refusal> {
    match facts.purpose {
        Purpose::SignIn => Ok(()),
        Purpose::Trial => Err(Refusal::TrialGrantsNothing),
    }
}

fn host(facts: &Facts<'_>) -> Result<(), Refusal> {
    let served = facts.host.is_none_or(|host| facts.organization.serves(host));
    refuse_unless(served, Refusal::NoWorkspace)
}

fn exists(facts: &Facts<'_>) -> Result<(), Refusal> {
    connection(facts).map(drop)
}

fn switch(facts: &Facts<'_>) -> Result<(), Refusal> {
    connection(facts)?.map_or(Ok(()), is_on)
}

/// Whether the connection is switched on. A sign-in asks before it sends anybody to the provider, or a password to a directory: the
/// answer is known, and a right password is not to be told from a wrong one.
///
/// # Errors
/// [`Refusal::ConnectionOff`].
pub fn is_on(connection: &ConnectionPolicy) -> Result<(), Refusal> {
    refuse_unless(connection.enabled, Refusal::ConnectionOff)
}

/// Whoever the old authority vouched for is unknown to the new one, though the connection kept its name.
fn authority(facts: &Facts<'_>) -> Result<(), Refusal> {
    let Some(connection) = connection(facts)? else { return Ok(()) };
    refuse_unless(connection.authority == facts.authority, Refusal::ConnectionReplaced)
}

fn audience(facts: &Facts<'_>) -> Result<(), Refusal> {
    let kind = connection(facts)?.map_or(KindName::Local, |connection| connection.kind);
    let served = edition::serves(facts.organization.edition, kind, facts.audience);
    refuse_unless(served, Refusal::AudienceNotServed)
}

fn method(facts: &Facts<'_>) -> Result<(), Refusal> {
    match facts.audience {
        Audience::Subscriber => {
            let method = facts.organization.workspace.authentication.as_ref();
            let chosen = connection(facts)?.is_some_and(|connection| method == Some(&connection.name));
            refuse_unless(chosen, Refusal::NotTheMethod)
        }
        // The built-in identity is always a way in.
        Audience::Administrator => {
            let chosen = connection(facts)?.is_none_or(|connection| {
                facts.organization.administrator_sign_in.as_ref() == Some(&connection.name)
            });
            refuse_unless(chosen, Refusal::NotTheMethod)
        }
    }
}

fn required(facts: &Facts<'_>) -> Result<(), Refusal> {
    let required = connection(facts)?.map_or(&[][..], |connection| &connection.required);
    match required.iter().find(|claim| !facts.claims.has(**claim)) {
        Some(missing) => Err(Refusal::ClaimMissing(*missing)),
        None => Ok(()),
    }
}

/// What the sign-in was allowed to say may since have been given to another directory.
fn scope(facts: &Facts<'_>) -> Result<(), Refusal> {
    let Some(connection) = connection(facts)? else { return Ok(()) };
    let scope = Scope::of(connection, &facts.organization.directories);
    outside_scope(facts.claims, &scope).map_or(Ok(()), |claim| Err(Refusal::OutOfScope(claim)))
}

fn groups(facts: &Facts<'_>) -> Result<(), Refusal> {
    let admitted = &facts.organization.workspace.admit_groups;
    match facts.audience {
        Audience::Subscriber => {
            let member =
                admitted.is_empty() || facts.claims.groups.iter().any(|group| admitted.contains(group));
            refuse_unless(member, Refusal::GroupNotAdmitted)
        }
        Audience::Administrator => Ok(()),
    }
}

/// Which administrators may come is the organisation's to say, whoever vouches for them.
fn membership(facts: &Facts<'_>) -> Result<(), Refusal> {
    match facts.audience {
        Audience::Subscriber => Ok(()),
        Audience::Administrator => {
            let is_guest = facts.claims.entra.is_some_and(|entra| entra.guest);
            refuse_unless(!is_guest, Refusal::Guest)?;
            let access = facts.organization.access_of(facts.connection, facts.person, facts.claims);
            refuse_unless(access.is_some(), Refusal::NoMembership)
        }
    }
}

/// The connection, or none for the built-in identity.
fn connection<'a>(facts: &Facts<'a>) -> Result<Option<&'a ConnectionPolicy>, Refusal> {
    if facts.connection == ConnectionId::BUILT_IN {
        return Ok(None);
    }
    facts.organization.connection(facts.connection).map(Some).ok_or(Refusal::ConnectionRemoved)
}

fn refuse_unless(holds: bool, refusal: Refusal) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(refusal) }
}
