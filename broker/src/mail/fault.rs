//! What goes wrong between us and a mail server, and what to do about it. Nothing here holds a mail's recipient or content: a
//! server may repeat either in its answer, so of answers about a mail the numbers alone are kept.

use std::fmt;

/// How far a conversation had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// TCP.
    Connection,
    /// The server's greeting and its answer to EHLO.
    Greeting,
    /// STARTTLS, or TLS from the start.
    Tls,
    /// AUTH.
    SignIn,
    /// NOOP.
    Alive,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA and what follows.
    Content,
}

impl Step {
    /// For `check` and the log.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Greeting => "greeting",
            Self::Tls => "TLS",
            Self::SignIn => "sign-in",
            Self::Alive => "NOOP",
            Self::Sender => "sender",
            Self::Recipient => "recipient",
            Self::Content => "content",
        }
    }
}

/// Why a step was the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// No connection, or one that broke.
    Unreachable,
    /// Nothing within the time for a step.
    Silent,
    /// What came is no SMTP.
    Garbled,
    /// The server does not offer STARTTLS, or somebody struck the offer out.
    NoStartTls,
    /// Something stood in the clear behind the answer to STARTTLS, to be taken for an answer under TLS (RFC 3207 §6).
    Injected,
    /// The handshake failed; the certificate above all.
    Handshake,
    /// None of the ways to sign in that we know, which are PLAIN and LOGIN.
    NoMechanism,
    /// The answer has this number.
    Refused(u16),
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {detail}", step.as_str())]
pub struct Fault {
    pub step: Step,
    pub cause: Cause,
    /// In words, for whoever runs the server.
    pub detail: String,
}

/// What a fault means for the mail that was under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bearing {
    /// It says nothing about the mail: every other one would have met it.
    Server,
    /// This mail, for now.
    Later,
    /// This mail, for ever.
    Never,
}

impl Fault {
    pub(super) fn new(step: Step, cause: Cause, detail: impl Into<String>) -> Self {
        Self { step, cause, detail: detail.into() }
    }

    pub(super) fn silent(step: Step, seconds: u64) -> Self {
        Self::new(step, Cause::Silent, format!("no answer within {seconds} s"))
    }

    /// RFC 5321 §4.2.1: 4yz may succeed later, 5yz will not. A sender that is refused, a connection that is closed (421) and a
    /// sign-in that is asked for (RFC 4954 §6) are the operator's to mend, and until then every mail waits.
    pub(super) const fn bearing(&self) -> Bearing {
        match (self.step, self.cause) {
            (Step::Recipient | Step::Content, Cause::Refused(421 | 454 | 530 | 534 | 535 | 538)) => {
                Bearing::Server
            }
            (Step::Recipient | Step::Content, Cause::Refused(500..)) => Bearing::Never,
            (Step::Recipient | Step::Content, Cause::Refused(..500)) => Bearing::Later,
            (
                Step::Connection | Step::Greeting | Step::Tls | Step::SignIn | Step::Alive | Step::Sender,
                _,
            )
            | (
                Step::Recipient | Step::Content,
                Cause::Unreachable
                | Cause::Silent
                | Cause::Garbled
                | Cause::NoStartTls
                | Cause::Injected
                | Cause::Handshake
                | Cause::NoMechanism,
            ) => Bearing::Server,
        }
    }

    /// The answer's number, where there is one.
    pub(super) const fn status(&self) -> Option<u16> {
        match self.cause {
            Cause::Refused(status) => Some(status),
            Cause::Unreachable
            | Cause::Silent
            | Cause::Garbled
            | Cause::NoStartTls
            | Cause::Injected
            | Cause::Handshake
            | Cause::NoMechanism => None,
        }
    }

    /// What whoever runs the server does about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match (self.cause, self.step) {
            (Cause::Unreachable | Cause::Silent, Step::Connection) => {
                "Look at host and port of `mail.url`, at DNS and at firewalls on the way: usual are 587 for `smtp://` and 465 for `smtps://`."
            }
            (Cause::Unreachable | Cause::Silent | Cause::Garbled, Step::Greeting) => {
                "Something answers that speaks no SMTP, or another form of it: port 465 wants `smtps://`, port 587 `smtp://`."
            }
            (Cause::NoStartTls | Cause::Injected, _) => {
                "Let the server offer STARTTLS or use `smtps://`. If it does offer it, something on the way changes what it says."
            }
            (Cause::Unreachable | Cause::Silent | Cause::Garbled | Cause::Handshake, Step::Tls) => {
                "The certificate has to be valid for the host in `mail.url` and come from an authority that this machine knows, or from the one in `mail.ca`. Port 587 wants `smtp://`."
            }
            (Cause::NoMechanism, _) => {
                "Let the server offer AUTH PLAIN or LOGIN, or leave `mail.username` and `mail.password` out."
            }
            (Cause::Refused(_), Step::SignIn) => {
                "Correct `mail.username` and `mail.password`; some providers want a password of their own for applications."
            }
            (Cause::Refused(_), Step::Sender) => {
                "The account may not send as this address: correct `mail.from` and `mail.senders`, or set `mail.username` and `mail.password`."
            }
            (Cause::Refused(_), Step::Greeting | Step::Connection | Step::Tls | Step::Alive) => {
                "The server does not want to talk to this machine now: its own log says why."
            }
            (Cause::Refused(_), Step::Recipient | Step::Content) => {
                "The server's own log says what it has against this mail."
            }
            (
                Cause::Unreachable | Cause::Silent | Cause::Garbled | Cause::Handshake,
                Step::SignIn | Step::Alive | Step::Sender | Step::Recipient | Step::Content,
            )
            | (Cause::Garbled | Cause::Handshake, Step::Connection)
            | (Cause::Handshake, Step::Greeting) => {
                "The connection broke or the server was silent: its own log says why. `mail.timeout` is the time for one step."
            }
        }
    }
}

/// What a server said, for one line: at most 200 characters, without what a terminal would act on.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(200).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_ends_by_what_is_said_of_it_alone() {
        for (step, cause, bearing) in [
            (Step::Recipient, Cause::Refused(550), Bearing::Never),
            (Step::Content, Cause::Refused(554), Bearing::Never),
            (Step::Recipient, Cause::Refused(451), Bearing::Later),
            (Step::Content, Cause::Refused(452), Bearing::Later),
            (Step::Recipient, Cause::Refused(421), Bearing::Server),
            (Step::Recipient, Cause::Refused(530), Bearing::Server),
            (Step::Sender, Cause::Refused(550), Bearing::Server),
            (Step::SignIn, Cause::Refused(535), Bearing::Server),
            (Step::Greeting, Cause::Refused(554), Bearing::Server),
            (Step::Content, Cause::Silent, Bearing::Server),
            (Step::Recipient, Cause::Unreachable, Bearing::Server),
        ] {
            assert_eq!(Fault::new(step, cause, "").bearing(), bearing, "{step} {cause:?}");
        }
    }
}
