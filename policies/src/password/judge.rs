//! Whether a password may be chosen: everything that speaks against it at once.

use super::candidate::Candidate;
use super::policy::{Class, Compromised, Policy, Weak};
use super::{common, similar};
use crate::Email;

/// What a password is judged beside.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The person's address, which is what they sign in with.
    pub email: Option<&'a Email>,
    /// The person's names.
    pub names: &'a [&'a str],
    /// Names and slugs of the organisations that the person administers.
    pub organizations: &'a [&'a str],
    /// What the product is called.
    pub product: &'a [&'a str],
    /// The password that is changed, where it was typed beside the new one.
    pub current: Option<&'a Candidate>,
    /// Whether it was the person's before.
    pub reuse: Reuse,
    /// Whether others know it.
    pub listing: Listing,
}

/// Whether a password was the person's before: one of the [`Policy::history`] latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reuse {
    /// It was not, or nobody looked.
    #[default]
    New,
    /// It was.
    Earlier,
}

/// Whether a password is on a list of compromised ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Listing {
    /// It is not.
    Clean,
    /// It is.
    Compromised,
    /// Nobody could say. It is taken, and looked up again at the next sign-in (PWD-10).
    #[default]
    Unknown,
}

/// One thing that speaks against a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shortcoming {
    /// Shorter than so many characters.
    TooShort(usize),
    /// Longer than so many characters.
    TooLong(usize),
    /// No character of the class.
    Lacks(Class),
    /// A common password, one or two words with little beside them, a row of keys, or the same again and again.
    Common,
    /// It has the person's name or a part of their address in it.
    NamesPerson,
    /// It has the organisation's name in it.
    NamesOrganization,
    /// It has the product's name in it.
    NamesProduct,
    /// It is the current password: at least one character has to change (PWD-04).
    Unchanged,
    /// It is one of the former passwords.
    Reused,
    /// It stands on a list of compromised passwords.
    Compromised,
}

impl Policy {
    /// Judges a password that somebody wants to have.
    ///
    /// What costs a lookup comes in with the context. Judge once without it, so that no password is hashed or looked up that
    /// is refused anyway, and again with it.
    ///
    /// # Errors
    /// Every [`Shortcoming`], in the order in which they are listed; never an empty list.
    pub fn judge(&self, candidate: &Candidate, context: &Context<'_>) -> Result<(), Vec<Shortcoming>> {
        let mut found = self.composition(candidate);
        if self.refuses_as_common(candidate) {
            found.push(Shortcoming::Common);
        }
        if self.similar == Weak::Refused {
            found.extend(similar::named_in(candidate, context));
        }
        if context.current == Some(candidate) {
            found.push(Shortcoming::Unchanged);
        }
        if context.reuse == Reuse::Earlier {
            found.push(Shortcoming::Reused);
        }
        if context.listing == Listing::Compromised && self.compromised == Compromised::RefusedAndReset {
            found.push(Shortcoming::Compromised);
        }
        if found.is_empty() { Ok(()) } else { Err(found) }
    }

    /// Length and classes.
    pub(super) fn composition(&self, candidate: &Candidate) -> Vec<Shortcoming> {
        let characters = candidate.characters();
        let mut found = Vec::new();
        if characters < self.length.least() {
            found.push(Shortcoming::TooShort(self.length.least()));
        }
        if characters > self.length.most() {
            found.push(Shortcoming::TooLong(self.length.most()));
        }
        let lacking = self.classes.iter().filter(|class| !self.has(candidate, **class));
        found.extend(lacking.map(|class| Shortcoming::Lacks(*class)));
        found
    }

    pub(super) fn refuses_as_common(&self, candidate: &Candidate) -> bool {
        self.common == Weak::Refused && common::is_common(candidate)
    }

    fn has(&self, candidate: &Candidate, class: Class) -> bool {
        candidate.text().chars().any(|c| match class {
            Class::Upper => c.is_uppercase(),
            Class::Lower => c.is_lowercase(),
            Class::Digit => c.is_ascii_digit(),
            Class::Special => self.specials.contains(c),
        })
    }
}
