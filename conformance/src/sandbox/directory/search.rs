//! Searches (RFC 4511 §4.5): where, what, how much of it at a time.

use super::Directory;
use super::attributes::{TOKEN_GROUPS, Wanted};
use super::dn::Dn;
use super::root::{references, root_dse};
use super::session::{Session, unauthenticated};
use super::world::{Object, World};
use crate::ldap::{Answer, Outcome, Paging, Scope, Search};

/// Entries of one answer (`MaxPageSize`, MS-ADTS §3.1.1.3.4.6).
const LARGEST_PAGE: usize = 1000;

impl Directory {
    pub(super) fn search(&self, session: &Session, search: &Search, paging: Option<&Paging>) -> Vec<Answer> {
        let Some(base) = Dn::parse(&search.base) else {
            let text = "0000208F: NameErr: DSID-0310022D, problem 2006 (BAD_NAME), data 8350, best match of:\n\t''\n";
            return done(Outcome::refused(34, text));
        };
        let (now, world) = (self.now(), self.world());
        if base.is_empty() && search.scope == Scope::Base {
            let root = Answer::Entry(root_dse(&world.names, &search.attributes, now));
            return [vec![root], done(Outcome::success())].concat();
        }
        if session.bound.is_none() {
            return done(unauthenticated());
        }
        if let Err(refused) = world.may(search, &base) {
            return done(refused);
        }
        let wanted = Wanted { attributes: &search.attributes, types_only: search.types_only, now };
        let found = world.found(search, &base, now);
        let (first, most) = page(search, paging);
        let shown = found.iter().skip(first).take(most);
        let mut answers: Vec<_> = shown.map(|object| Answer::Entry(world.entry(*object, &wanted))).collect();
        let more = found.len() > first + most;
        if !more && search.scope == Scope::Subtree && base == world.names.root {
            answers.extend(references(&world.names).map(Answer::Reference));
        }
        let by_page = paging.is_some();
        let next = if more { (first + most).to_string().into_bytes() } else { vec![] };
        let limited = more && (!by_page || client_limit(search) == Some(most));
        let outcome = if limited { Outcome::refused(4, "") } else { Outcome::success() };
        answers.push(Answer::Result { kind: Answer::SEARCHED, outcome, cookie: by_page.then_some(next) });
        answers
    }
}

/// The place of the first entry, and how many there may be.
fn page(search: &Search, paging: Option<&Paging>) -> (usize, usize) {
    let most = client_limit(search).unwrap_or(LARGEST_PAGE).min(LARGEST_PAGE);
    let Some(paging) = paging else { return (0, most) };
    let first = std::str::from_utf8(&paging.cookie).ok().and_then(|cookie| cookie.parse().ok());
    (first.unwrap_or(0), paging.size.min(most))
}

fn client_limit(search: &Search) -> Option<usize> {
    Some(search.size_limit).filter(|limit| *limit > 0)
}

fn done(outcome: Outcome) -> Vec<Answer> {
    vec![Answer::result(Answer::SEARCHED, outcome)]
}

impl World {
    /// Whether the base exists, and is ours, and what is asked can be asked there.
    fn may(&self, search: &Search, base: &Dn) -> Result<(), Outcome> {
        if base.depth_below(&self.names.root).is_none() {
            return Err(self.elsewhere(base));
        }
        if self.find(base).is_none() {
            let text = format!(
                "0000208D: NameErr: DSID-03100241, problem 2001 (NO_OBJECT), data 0, best match of:\n\t'{}'\n",
                self.names.root.as_str()
            );
            let matched = self.names.root.as_str().to_owned();
            return Err(Outcome { matched, ..Outcome::refused(32, text) });
        }
        let computed = search.attributes.iter().any(|name| name.eq_ignore_ascii_case(TOKEN_GROUPS));
        if computed && search.scope != Scope::Base {
            // Its value is computed for one object that is named.
            return Err(Outcome::refused(
                1,
                "00002120: SvcErr: DSID-03140217, problem 5012 (DIR_ERROR), data 0\n",
            ));
        }
        Ok(())
    }

    /// A name of no part of this forest: go and ask there (RFC 4511 §4.1.10).
    fn elsewhere(&self, base: &Dn) -> Outcome {
        let host = format!("elsewhere.{}", self.names.domain);
        let text = format!("0000202B: RefErr: DSID-03100781, data 0, 1 access points\n\tref 1: '{host}'\n");
        let referral = vec![format!("ldap://{host}/{}", base.as_str())];
        Outcome { referral, ..Outcome::refused(10, text) }
    }

    fn found(&self, search: &Search, base: &Dn, now: i64) -> Vec<Object<'_>> {
        let test = self.prepare(&search.filter);
        let inside = |object: &Object| {
            let depth = object.dn().depth_below(base);
            match search.scope {
                Scope::Base => depth == Some(0),
                Scope::OneLevel => depth == Some(1),
                Scope::Subtree => depth.is_some(),
            }
        };
        // The configuration is a partition of its own: a search from above it does not go down into it.
        let apart = |dn: &Dn| dn.depth_below(&self.names.configuration).is_some();
        let here = apart(base);
        self.objects()
            .filter(|object| inside(object) && apart(object.dn()) == here)
            .filter(|object| self.matches(&test, *object, now))
            .collect()
    }
}
