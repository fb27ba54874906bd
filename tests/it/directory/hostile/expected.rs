//! What has to come of each fault, at each place of a sign-in where it can strike: where somebody is found, where their password is
//! tried, where they are read.

use vestibule_conformance::hostile::directory::DirectoryFault as Fault;

use Outcome::{In, Refused};

/// What has to come of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// A session.
    In,
    /// None, with this code, and a cause or reason in the audit that has these words.
    Refused(&'static str, &'static str),
}

/// By which way somebody comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// TLS from the first octet on.
    Tls,
    /// The same, and somebody came in before.
    Again,
    /// TLS after `StartTLS`.
    StartTls,
    /// By TLS, somebody whose account is disabled.
    Disabled,
    /// By TLS, somebody whose password has expired.
    Expired,
    /// The same, who chooses another one.
    Change,
}

impl Way {
    pub(super) const fn person(self) -> &'static str {
        match self {
            Self::Tls | Self::Again | Self::StartTls => "alice",
            Self::Disabled => "greta",
            Self::Expired | Self::Change => "erika",
        }
    }

    /// What comes of it when nothing is wrong.
    pub(super) const fn good(self) -> Outcome {
        match self {
            Self::Tls | Self::Again | Self::StartTls | Self::Change => In,
            Self::Disabled => Refused("AD-DISABLED", "disabled"),
            Self::Expired => Refused("AD-PASSWORD-DUE", "expired"),
        }
    }
}

pub(super) const fn way(fault: Fault) -> Way {
    match fault {
        Fault::StartTlsUnknown
        | Fault::StartTlsUnwilling
        | Fault::StartTlsGarbage
        | Fault::StartTlsInjected
        | Fault::StartTlsThenSilence
        | Fault::StartTlsThenPlain => Way::StartTls,
        Fault::ErrorWithoutData => Way::Expired,
        Fault::ErrorWithUnknownData | Fault::ErrorFlood => Way::Disabled,
        Fault::ChangePretended => Way::Change,
        Fault::Slow(_) => Way::Again,
        _ => Way::Tls,
    }
}

const fn down(reason: &'static str) -> Outcome {
    Refused("AD-DOWN", reason)
}

const fn answer(reason: &'static str) -> Outcome {
    Refused("AD-ANSWER", reason)
}

const fn email(reason: &'static str) -> Outcome {
    Refused("CLAIM-EMAIL", reason)
}

const NOTICE: Outcome = down("the directory says that it ends the connection");
const NOBODY: Outcome = Refused("AD-CREDENTIALS", "unknown-name");
const ANOTHER_ONE: Outcome = answer("is another one's by now");
const ANOTHER_DOMAIN: Outcome = answer("of another domain");
pub(super) const SILENT: Outcome = down("no answer within 5s");
const NO_TLS: Outcome = down("TLS: received corrupt message");
const NOT_TOLD: Outcome = down("a length that is not told, or of more than four octets");
const NO_ENTRY: Outcome = down("an entry without a name");
const NO_RESULT: Outcome = down("a result without a code");
const NO_NAME: Outcome = down("a result without its name");
const CUT_SHORT: Outcome = down("an element is missing or cut short");
const TOO_LONG: Outcome = down("a message is longer than 1 MiB");

/// After as many good answers as stand before it.
pub(super) fn expected(fault: Fault) -> Vec<Outcome> {
    match fault {
        Fault::TwoEntries => vec![Refused("AD-CREDENTIALS", "ambiguous"), answer("cannot be read")],
        Fault::EntryOfSomebodyElse | Fault::AnotherPersonsEntry | Fault::EntryOutsideBase => {
            vec![NOBODY, ANOTHER_ONE]
        }
        // Nobody has that DN: the bind is by what was found, and by nothing that was typed.
        Fault::EntryRenamed => vec![Refused("AD-CREDENTIALS", "wrong-password"), ANOTHER_ONE],
        Fault::BindIdZero
        | Fault::NoticeBefore
        | Fault::NoticeInstead
        | Fault::NoticeAfter
        | Fault::OddNoticeBefore
        | Fault::OddNoticeInstead
        | Fault::OddNoticeAfter => vec![NOTICE],
        Fault::BindIdWrong => vec![down("an answer to a question that nobody asked")],
        Fault::BindReferral => vec![answer("the bind ended with result 10")],
        Fault::BindSaslInProgress => vec![answer("the bind ended with result 14")],
        Fault::BindOtherResponse => vec![down("an answer of another kind than was asked for")],
        Fault::BindPretended => vec![answer("its owner cannot read it: result 1")],
        Fault::SearchReferral => {
            vec![answer("ended with result 10"), answer("its owner cannot read it: result 10")]
        }
        // References to others are passed over, groups of others dropped.
        Fault::SearchReferences | Fault::TokensOfOthers => vec![In, In],
        Fault::StartTlsUnknown => vec![down("refuses StartTLS with result 2")],
        Fault::StartTlsUnwilling => vec![down("refuses StartTLS with result 53")],
        Fault::StartTlsGarbage => vec![down("StartTLS: ")],
        Fault::StartTlsInjected | Fault::StartTlsThenPlain | Fault::PlainInsteadOfTls => vec![NO_TLS],
        Fault::StartTlsThenSilence | Fault::NeverAnswers => vec![SILENT],
        Fault::CertificateForAnotherHost | Fault::CertificateForAddressOnly => {
            vec![down("certificate not valid for name")]
        }
        Fault::CertificateExpired => vec![down("certificate expired")],
        Fault::CertificateOfUnknownAuthority => vec![down("invalid peer certificate: BadSignature")],
        Fault::CertificateSelfSigned => vec![down("invalid peer certificate: UnknownIssuer")],
        Fault::ErrorWithoutData | Fault::ErrorWithUnknownData => {
            vec![Refused("AD-CREDENTIALS", "wrong-password")]
        }
        Fault::ErrorFlood => vec![Refused("AD-DISABLED", "disabled")],
        Fault::ChangePretended => vec![answer("says that it changed the password")],
        Fault::SidRevisionTwo => vec![answer("the revision is not 1"); 2],
        Fault::SidTruncated => vec![answer("the length does not match"); 2],
        Fault::SidTooLong => vec![answer("1 to 15 sub-authorities"); 2],
        Fault::SidOfAnotherDomain | Fault::SidWellKnown => vec![ANOTHER_DOMAIN; 2],
        Fault::SidTwice => vec![answer("objectSid has several values"); 2],
        Fault::SidMissing => vec![answer("objectSid is missing"); 2],
        Fault::GuidTooShort | Fault::GuidTooLong => {
            vec![answer("objectGUID: an object identifier has 16 bytes"); 2]
        }
        Fault::MailWithTwoSigns => vec![email("expected exactly one @"); 2],
        Fault::MailWithControls => vec![email("unseen characters"); 2],
        Fault::TokensTruncated => {
            vec![answer("ended with result 4"), answer("its owner cannot read it: result 4")]
        }
        Fault::TokensJunk => vec![answer("tokenGroups of "); 2],
        Fault::TokensMissing => vec![answer("cannot be read (tokenGroups)"); 2],
        Fault::RangeEndless => vec![down("the groups of a person come in too many parts"); 2],
        Fault::RangeRepeats => vec![down("tokenGroups came in parts that do not follow each other"); 2],
        Fault::ControlMissing => vec![answer("userAccountControl is missing"); 2],
        Fault::ControlJunk => vec![answer("userAccountControl is no number"); 2],
        Fault::MailTwice => vec![email("more than one value"); 2],
        Fault::MailEmpty => vec![email("missing"); 2],
        Fault::UpnTwice => vec![answer("userPrincipalName has several values"); 2],
        Fault::UpnBinary => vec![answer("userPrincipalName is no text"); 2],
        // Whichever bound comes first on that machine: messages, octets or seconds.
        Fault::EndlessEntries => vec![down("no controller answers"); 2],
        Fault::HugeValue | Fault::Length31 => vec![TOO_LONG; 3],
        Fault::Dribble | Fault::HalfThenSilence => vec![SILENT; 3],
        Fault::Length63 | Fault::IndefiniteLength => vec![NOT_TOLD; 3],
        // Who is read on a connection that was open before is tried once more on a new one, and there it is the bind that fails.
        Fault::DeepNesting => vec![NO_ENTRY, NO_RESULT, NO_RESULT],
        Fault::EmptySequence | Fault::EmptyResponse => vec![CUT_SHORT; 3],
        Fault::MissingElements => vec![NO_ENTRY, CUT_SHORT, CUT_SHORT],
        Fault::WrongTypes => vec![NO_ENTRY, NO_NAME, NO_NAME],
        Fault::NegativeId => vec![down("a negative number"); 3],
        Fault::Slow(_) => vec![In],
        Fault::ClosesAfterTls | Fault::ClosesInBind => vec![down("the directory closed the connection")],
        Fault::RefusesConnections => vec![down("Connection refused")],
    }
}
