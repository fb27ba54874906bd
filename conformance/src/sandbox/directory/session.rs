//! One connection's state, and the answer to one request.

use std::sync::atomic::Ordering;

use super::Directory;
use super::dn::Dn;
use crate::ldap::{Answer, Operation, Outcome, Request, START_TLS};

/// Who speaks on a connection, and whether anybody else can listen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Session {
    /// `sAMAccountName` of whoever has signed in; `None` for nobody, with whom every connection begins.
    pub(crate) bound: Option<String>,
    pub(crate) encrypted: bool,
}

/// What follows an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    Continue,
    StartTls,
    Close,
}

impl Session {
    pub(crate) fn new(encrypted: bool) -> Self {
        Self { bound: None, encrypted }
    }
}

impl Directory {
    pub(crate) fn answer(&self, session: &mut Session, request: &Request) -> (Vec<Answer>, After) {
        self.round_trips.fetch_add(1, Ordering::Relaxed);
        let one = |kind, outcome| (vec![Answer::result(kind, outcome)], After::Continue);
        if request.unknown_critical {
            let outcome = Outcome::refused(12, "00002040: SvcErr: unavailable critical extension");
            return one(kind(&request.operation), outcome);
        }
        match &request.operation {
            Operation::Bind { name, password } => {
                one(Answer::BOUND, self.bind(session, name, password.as_deref()))
            }
            Operation::Unbind => (vec![], After::Close),
            Operation::Abandon => (vec![], After::Continue),
            Operation::Search(search) => {
                (self.search(session, search, request.paging.as_ref()), After::Continue)
            }
            Operation::Modify { dn, changes } => {
                one(Answer::MODIFIED, self.modify(session, Dn::parse(dn).as_ref(), changes))
            }
            Operation::Extended(name) if name == START_TLS => start_tls(session),
            Operation::Extended(_) => {
                one(Answer::EXTENDED, Outcome::refused(2, "Extended Operation is not supported"))
            }
            Operation::Other(kind) => one(*kind, insufficient()),
        }
    }
}

fn kind(operation: &Operation) -> u8 {
    match operation {
        Operation::Bind { .. } => Answer::BOUND,
        Operation::Search(_) => Answer::SEARCHED,
        Operation::Modify { .. } => Answer::MODIFIED,
        Operation::Other(kind) => *kind,
        Operation::Extended(_) | Operation::Unbind | Operation::Abandon => Answer::EXTENDED,
    }
}

fn start_tls(session: &Session) -> (Vec<Answer>, After) {
    let (outcome, after) = if session.encrypted {
        (Outcome::refused(1, "00000000: TLS or SSL already in effect"), After::Continue)
    } else {
        (Outcome { name: Some(START_TLS), ..Outcome::success() }, After::StartTls)
    };
    (vec![Answer::result(Answer::EXTENDED, outcome)], after)
}

/// Nobody here may do that.
pub(super) fn insufficient() -> Outcome {
    let text = "00000005: SecErr: DSID-03152612, problem 4003 (INSUFF_ACCESS_RIGHTS), data 0\n";
    Outcome::refused(50, text)
}

/// Only after a bind.
pub(super) fn unauthenticated() -> Outcome {
    Outcome::refused(1, "00002020: Operation unavailable without authentication")
}
