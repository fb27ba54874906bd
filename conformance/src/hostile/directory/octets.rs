//! Answers that no library would write. In the spirit of the PROTOS suite for LDAP: the first octets are right, so
//! that a reader comes as far as the thing that is wrong.

use super::fault::DirectoryFault as Fault;
use super::spoil::{Spoiled, Then, encode, half};
use crate::ldap::ber::{self, ENUMERATED, INTEGER, OCTETS, SEQUENCE, SET};
use crate::ldap::{Answer, DISCONNECTION};

/// What [`Fault::HugeValue`] announces, in octets.
const HUGE: usize = 1 << 30;
/// What [`Fault::Dribble`] announces, in octets.
const DRIBBLED: usize = 1 << 19;
/// Sequences of [`Fault::DeepNesting`].
const DEEP: usize = 10_000;

/// The notice of disconnection as Active Directory writes it: the name stands behind the response and not in it.
pub(super) fn odd_notice() -> Vec<u8> {
    let response = ber::nested(
        Answer::EXTENDED,
        &[ber::number(ENUMERATED, 52), ber::octets(""), ber::octets("00000000: LdapErr: the server goes")],
    );
    let name = ber::element(0x8a, DISCONNECTION.as_bytes());
    ber::nested(SEQUENCE, &[ber::number(INTEGER, 0), response, name])
}

/// The answers in the octets of the fault. What is no fault of octets leaves them as they are.
pub(super) fn spoil_octets(fault: Fault, answers: &[Answer], id: i64) -> Spoiled {
    let good = encode(answers, id);
    let number = ber::number(INTEGER, id);
    // The tag of the first answer: the entry of a search, the response of a bind.
    let kind = match answers.first() {
        Some(Answer::Result { kind, .. }) => *kind,
        _ => 0x64,
    };
    let message =
        |parts: &[Vec<u8>]| ber::nested(SEQUENCE, &[number.as_slice(), &parts.concat()].map(<[u8]>::to_vec));
    let octets = match fault {
        Fault::HugeValue => return Spoiled::new(huge(kind, &number), Then::Silence),
        Fault::Dribble => {
            return Spoiled::new([ber::head(SEQUENCE, DRIBBLED), number].concat(), Then::Dribble);
        }
        Fault::HalfThenSilence => return Spoiled::new(half(&good), Then::Silence),
        Fault::Length31 => [ber::head(SEQUENCE, 1 << 31), content(&good)].concat(),
        Fault::Length63 => [ber::head(SEQUENCE, 1 << 63), content(&good)].concat(),
        Fault::IndefiniteLength => [&[SEQUENCE, 0x80], content(&good).as_slice(), &[0, 0]].concat(),
        Fault::DeepNesting => {
            let deep = (0..DEEP).fold(vec![], |inner, _| ber::element(SEQUENCE, &inner));
            message(&[ber::element(kind, &deep)])
        }
        Fault::EmptySequence => vec![SEQUENCE, 0],
        Fault::EmptyResponse => message(&[ber::element(kind, &[])]),
        Fault::MissingElements => message(&[ber::nested(kind, &[ber::number(ENUMERATED, 0)])]),
        Fault::WrongTypes => {
            let zero = || ber::number(INTEGER, 0);
            message(&[ber::nested(kind, &[ber::number(ENUMERATED, 0), zero(), zero(), zero()])])
        }
        Fault::NegativeId => encode(answers, -id),
        _ => good,
    };
    Spoiled::new(octets, Then::Continue)
}

/// What is in the first message, without its tag and length.
fn content(message: &[u8]) -> Vec<u8> {
    ber::Reader::new(message).take(SEQUENCE).map(<[u8]>::to_vec).unwrap_or_default()
}

/// The beginning of a response whose text, or of an entry whose e-mail address, has [`HUGE`] octets. All lengths
/// around it agree, so that nothing but the size is wrong.
fn huge(kind: u8, id: &[u8]) -> Vec<u8> {
    let layers: &[(u8, Vec<u8>)] = if kind == 0x64 {
        &[
            (SET, vec![]),
            (SEQUENCE, ber::octets("mail")),
            (SEQUENCE, vec![]),
            (kind, ber::octets("CN=Alice Andersen,CN=Users,DC=corp,DC=example")),
            (SEQUENCE, id.to_vec()),
        ]
    } else {
        &[(kind, [ber::number(ENUMERATED, 0), ber::octets("")].concat()), (SEQUENCE, id.to_vec())]
    };
    let start = (ber::head(OCTETS, HUGE), HUGE);
    let (octets, _) = layers.iter().fold(start, |(inner, to_come), (tag, before)| {
        let inner = [before.as_slice(), &inner].concat();
        ([ber::head(*tag, inner.len() + to_come), inner].concat(), to_come)
    });
    [octets, vec![b'a'; 64 * 1024]].concat()
}
