//! The good answer, with the one thing in it spoiled.

use super::attributes::spoil_entry;
use super::fault::{DirectoryFault as Fault, Stage};
use super::octets::{odd_notice, spoil_octets};
use super::state::State;
use crate::ldap::{Answer, Entry, Filter, Operation, Outcome, Request, START_TLS, Scope, Search};
use crate::sandbox::directory::{After, Session, disconnection};

/// What goes out, and what follows it.
pub(super) struct Spoiled {
    pub(super) octets: Vec<u8>,
    pub(super) then: Then,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Then {
    Continue,
    StartTls,
    Close,
    Silence,
    /// One octet a second for ever.
    Dribble,
    /// These octets for ever.
    Repeat(Vec<u8>),
}

impl Spoiled {
    pub(super) fn new(octets: Vec<u8>, then: Then) -> Self {
        Self { octets, then }
    }

    fn good(answers: &[Answer], id: i64, after: After) -> Self {
        let then = match after {
            After::Continue => Then::Continue,
            After::StartTls => Then::StartTls,
            After::Close => Then::Close,
        };
        Self::new(encode(answers, id), then)
    }
}

pub(super) fn answer(state: &State, session: &mut Session, request: &Request) -> Spoiled {
    let id = request.id;
    match &request.operation {
        Operation::Bind { name, .. } if !state.directory.is_service(name) => bind(state, session, request),
        Operation::Search(_) => search(state, session, request),
        Operation::Modify { .. } if state.spoils(&[Stage::Change]).is_some() => {
            let pretended = Answer::result(Answer::MODIFIED, Outcome::success());
            Spoiled::good(&[pretended], id, After::Continue)
        }
        Operation::Extended(name) if name == START_TLS && !session.encrypted => {
            let (answers, after) = state.directory.answer(session, request);
            match state.spoils(&[Stage::StartTls]) {
                None => Spoiled::good(&answers, id, after),
                Some(fault) => start_tls(fault, encode(&answers, id), id),
            }
        }
        _ => {
            let (answers, after) = state.directory.answer(session, request);
            Spoiled::good(&answers, id, after)
        }
    }
}

fn start_tls(fault: Fault, success: Vec<u8>, id: i64) -> Spoiled {
    let refused = |code| {
        let outcome = Outcome::refused(code, "00000000: LdapErr: comment: no TLS here");
        Spoiled::new(Answer::result(Answer::EXTENDED, outcome).encode(id), Then::Continue)
    };
    match fault {
        Fault::StartTlsUnknown => refused(2),
        Fault::StartTlsUnwilling => refused(53),
        Fault::StartTlsGarbage => Spoiled::new(b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), Then::Close),
        Fault::StartTlsInjected => {
            let bound = Answer::result(Answer::BOUND, Outcome::success());
            let injected = (id + 1..id + 4).flat_map(|next| bound.encode(next));
            Spoiled::new(success.into_iter().chain(injected).collect(), Then::StartTls)
        }
        Fault::StartTlsThenSilence => Spoiled::new(success, Then::Silence),
        Fault::StartTlsThenPlain => Spoiled::new(success, Then::Continue),
        _ => Spoiled::new(success, Then::StartTls),
    }
}

fn bind(state: &State, session: &mut Session, request: &Request) -> Spoiled {
    let id = request.id;
    let fault = state.spoils(&[Stage::Bind, Stage::Answer]);
    if fault == Some(Fault::BindPretended) {
        session.bound = None;
        let pretended = Answer::result(Answer::BOUND, Outcome::success());
        return Spoiled::good(&[pretended], id, After::Continue);
    }
    let (mut answers, after) = state.directory.answer(session, request);
    let Some(fault) = fault else { return Spoiled::good(&answers, id, after) };
    let good = encode(&answers, id);
    let as_result = |kind, outcome| Spoiled::new(Answer::result(kind, outcome).encode(id), Then::Continue);
    match fault {
        Fault::BindIdZero => Spoiled::new(encode(&answers, 0), Then::Continue),
        Fault::BindIdWrong => Spoiled::new(encode(&answers, id + 7), Then::Continue),
        Fault::BindReferral => {
            let referral = vec![state.attacker_url()];
            as_result(Answer::BOUND, Outcome { referral, ..Outcome::refused(10, "") })
        }
        Fault::BindSaslInProgress => as_result(Answer::BOUND, Outcome::refused(14, "")),
        Fault::BindOtherResponse => as_result(Answer::SEARCHED, Outcome::success()),
        Fault::NoticeBefore => Spoiled::new([disconnection(52), good].concat(), Then::Continue),
        Fault::NoticeInstead => Spoiled::new(disconnection(52), Then::Close),
        Fault::NoticeAfter => Spoiled::new([good, disconnection(52)].concat(), Then::Close),
        Fault::OddNoticeBefore => Spoiled::new([odd_notice(), good].concat(), Then::Continue),
        Fault::OddNoticeInstead => Spoiled::new(odd_notice(), Then::Close),
        Fault::OddNoticeAfter => Spoiled::new([good, odd_notice()].concat(), Then::Close),
        Fault::ClosesInBind => Spoiled::new(half(&good), Then::Close),
        Fault::ErrorWithoutData | Fault::ErrorWithUnknownData | Fault::ErrorFlood => {
            for answer in &mut answers {
                spoil_text(answer, fault);
            }
            Spoiled::good(&answers, id, after)
        }
        _ => spoil_octets(fault, &answers, id),
    }
}

/// Another text for a bind that was refused.
fn spoil_text(answer: &mut Answer, fault: Fault) {
    let Answer::Result { outcome, .. } = answer else { return };
    if outcome.code != 49 {
        return;
    }
    outcome.text = match fault {
        Fault::ErrorWithoutData => "80090308: LdapErr: DSID-0C0903A9, comment: no more".to_owned(),
        Fault::ErrorWithUnknownData => {
            outcome.text.replace("data 5", "data 1, was 5").replace("data 7", "data 1, was 7")
        }
        _ => format!("{}\u{1b}[2J\r\n\0{}", outcome.text, "\u{7}<b>\n".repeat(16 * 1024)),
    };
}

fn search(state: &State, session: &mut Session, request: &Request) -> Spoiled {
    let id = request.id;
    let (mut answers, after) = state.directory.answer(session, request);
    // Only what is about people: the search for the domain's names is good.
    let person = |answer: &Answer| matches!(answer, Answer::Entry(entry) if entry.dn.contains(",CN=Users,"));
    let concerned = answers.iter().any(person);
    let fault = if concerned { state.spoils(&[Stage::Search, Stage::Answer]) } else { None };
    let Some(fault) = fault else { return Spoiled::good(&answers, id, after) };
    match fault {
        Fault::SearchReferral => {
            let referral = vec![state.attacker_url()];
            let outcome = Outcome { referral, ..Outcome::refused(10, "") };
            answers = vec![Answer::result(Answer::SEARCHED, outcome)];
        }
        Fault::SearchReferences => answers.insert(0, Answer::Reference(state.attacker_url())),
        Fault::TwoEntries => {
            if let Some(Answer::Entry(mut twin)) = answers.iter().find(|answer| person(answer)).cloned() {
                twin.dn = format!("CN=Twin,OU=Elsewhere,{}", domain(&twin.dn));
                answers.insert(0, Answer::Entry(twin));
            }
        }
        Fault::AnotherPersonsEntry => {
            let another = another_person(state, session, request);
            for answer in answers.iter_mut().filter(|answer| person(answer)) {
                if let Some(another) = &another {
                    *answer = Answer::Entry(another.clone());
                }
            }
        }
        Fault::EndlessEntries => {
            let entry = answers.iter().find(|answer| person(answer)).map(|answer| answer.encode(id));
            return Spoiled::new(vec![], Then::Repeat(entry.unwrap_or_default()));
        }
        _ if fault.stage() == Stage::Answer => return spoil_octets(fault, &answers, id),
        _ => {
            for answer in answers.iter_mut().filter(|answer| person(answer)) {
                if let Answer::Entry(entry) = answer {
                    spoil_entry(fault, entry, request);
                }
            }
            if fault == Fault::TokensTruncated
                && let Some(Answer::Result { outcome, .. }) = answers.last_mut()
            {
                outcome.code = 4;
            }
        }
    }
    Spoiled::good(&answers, id, after)
}

/// What the directory has of `bob`, as it was asked for somebody else.
fn another_person(state: &State, session: &mut Session, request: &Request) -> Option<Entry> {
    let Operation::Search(asked) = &request.operation else { return None };
    let mut read = |base: String, scope, filter| {
        let attributes = asked.attributes.clone();
        // Computed for one object that is named, and else refused.
        let attributes = attributes.into_iter().filter(|name| scope == Scope::Base || name != "tokenGroups");
        let search = Search {
            base,
            scope,
            size_limit: 0,
            types_only: false,
            filter,
            attributes: attributes.collect(),
        };
        let operation = Operation::Search(search);
        let request = Request { id: request.id, operation, paging: None, unknown_critical: false };
        let (answers, _) = state.directory.answer(session, &request);
        answers.into_iter().find_map(|answer| match answer {
            Answer::Entry(entry) => Some(entry),
            Answer::Result { .. } | Answer::Reference(_) => None,
        })
    };
    let bob = Filter::Equal("sAMAccountName".to_owned(), b"bob".to_vec());
    let found = read(domain(&asked.base).to_owned(), Scope::Subtree, bob)?;
    read(found.dn, Scope::Base, Filter::Present("objectClass".to_owned()))
}

/// The part of a DN that names the domain.
pub(super) fn domain(dn: &str) -> &str {
    dn.find("DC=").and_then(|start| dn.get(start..)).unwrap_or(dn)
}

pub(super) fn encode(answers: &[Answer], id: i64) -> Vec<u8> {
    answers.iter().flat_map(|answer| answer.encode(id)).collect()
}

pub(super) fn half(octets: &[u8]) -> Vec<u8> {
    octets.iter().take(octets.len() / 2).copied().collect()
}
