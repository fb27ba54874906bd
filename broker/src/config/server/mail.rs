//! The section `[mail]`: through whom mail goes, and who it says that it is from (SGN-11).
//!
//! What leaves this machine is encrypted: `smtps` from the first octet, `smtp` after STARTTLS, which is then no offer that
//! somebody on the way may strike out (RFC 8314 §3). Only a server on loopback is talked to in the clear.

use std::time::Duration;

use url::Host;
use vestibule_certs::secret::Secret;
use vestibule_certs::trust::Trust;
use vestibule_policies::limits::parse_duration;

use super::super::{
    address::{self, AddressFault},
    fault::FaultCode,
    reader::{Item, Reported, Table},
    secret, trust,
};
use crate::mail::{Class, Sender};

/// Submission, with STARTTLS (RFC 6409 §3.1) and with TLS from the start (RFC 8314 §7.3).
const SUBMISSION: u16 = 587;
const SUBMISSIONS: u16 = 465;
/// One step of a conversation with the server, from a second to ten minutes.
const TIMEOUT: Duration = Duration::from_mins(1);
/// The longest user name, in bytes.
const USERNAME_LIMIT: usize = 255;

/// The section `[mail]`, where it names a server.
#[derive(Debug)]
pub struct MailSettings {
    /// Who takes the mails.
    pub server: MailServer,
    /// As whom; none: without signing in.
    pub credentials: Option<MailCredentials>,
    /// Whose certificates the server may have.
    pub trust: Trust,
    /// Who the mails are from.
    pub senders: MailSenders,
    /// How long one step of the conversation may take.
    pub timeout: Duration,
}

/// A server for outgoing mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailServer {
    /// A name or an address, IPv6 without brackets.
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
}

/// How the way to the server is kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecurity {
    /// Not at all: the server is on this machine.
    Loopback,
    /// By STARTTLS, or not a word more is said (RFC 3207).
    StartTls,
    /// By TLS from the first octet.
    Tls,
}

/// What the server knows us by.
#[derive(Debug)]
pub struct MailCredentials {
    pub username: String,
    pub password: Secret,
}

/// The sender of each class of mail, so that people can let each one through (SGN-11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSenders {
    pub verification: Sender,
    pub invitation: Sender,
    pub notice: Sender,
}

impl MailSenders {
    /// Who a mail of this class is from.
    #[must_use]
    pub const fn of(&self, class: Class) -> &Sender {
        match class {
            Class::Verification => &self.verification,
            Class::Invitation => &self.invitation,
            Class::Notice => &self.notice,
        }
    }
}

impl MailSettings {
    /// An empty section is as good as none; one that names no server is not.
    pub(super) fn read(table: &mut Table<'_>) -> Result<Option<Self>, Reported> {
        let url = table.optional("url");
        let rest = Rest::read(table);
        let Some(url) = url else {
            return if rest?.is_empty() {
                Ok(None)
            } else {
                Err(table.fault("url", FaultCode::Missing, "say through which server mail goes"))
            };
        };
        let trusts_own = rest.as_ref().is_ok_and(|rest| rest.trust.is_some());
        let server = url.parse(|text| server(text, trusts_own));
        let rest = rest?;
        let from = match rest.from {
            Some(from) => Ok(from),
            None => Err(table.fault(
                "from",
                FaultCode::Missing,
                "say who mail is from, such as vestibule@corp.example",
            )),
        };
        let credentials = credentials(table, rest.username, rest.password);
        let (server, from) = (server?, from?);
        let [verification, invitation, notice] =
            rest.senders.map(|sender| sender.unwrap_or_else(|| from.clone()));
        Ok(Some(Self {
            server,
            credentials: credentials?,
            trust: rest.trust.unwrap_or(Trust::Public),
            senders: MailSenders { verification, invitation, notice },
            timeout: rest.timeout.unwrap_or(TIMEOUT),
        }))
    }
}

/// The keys beside `url`.
struct Rest {
    username: Option<String>,
    password: Option<Secret>,
    trust: Option<Trust>,
    from: Option<Sender>,
    /// Verification, invitation, notice.
    senders: [Option<Sender>; 3],
    timeout: Option<Duration>,
}

impl Rest {
    fn read(table: &mut Table<'_>) -> Result<Self, Reported> {
        let username = table.maybe("username", username);
        let password = table.maybe("password", secret::plain);
        let trust = table.maybe("ca", |item| trust::read(item).map(|(_, trust)| trust));
        let from = table.maybe("from", sender);
        let senders = table.section_or_empty("senders", |table| {
            let verification = table.maybe("verification", sender);
            let invitation = table.maybe("invitation", sender);
            let notice = table.maybe("notice", sender);
            Ok([verification?, invitation?, notice?])
        });
        let timeout = table.maybe("timeout", timeout);
        Ok(Self {
            username: username?,
            password: password?,
            trust: trust?,
            from: from?,
            senders: senders?,
            timeout: timeout?,
        })
    }

    fn is_empty(&self) -> bool {
        let Self { username, password, trust, from, senders, timeout } = self;
        username.is_none()
            && password.is_none()
            && trust.is_none()
            && from.is_none()
            && senders.iter().all(Option::is_none)
            && timeout.is_none()
    }
}

/// A server on loopback whose certificates are given is one that has to show them.
fn server(text: &str, trusts_own: bool) -> Result<MailServer, AddressFault> {
    let (tls, rest) = match text.split_once("://") {
        Some(("smtps", rest)) => (true, rest),
        Some(("smtp", rest)) => (false, rest),
        Some(_) | None => return Err(AddressFault::MailServer),
    };
    // The rules for addresses are the same; only the scheme and its port differ.
    let url = address::literal_url(&format!("https://{rest}"))?;
    if url.path() != "/" {
        return Err(AddressFault::Path);
    }
    let host = match url.host() {
        Some(Host::Ipv6(address)) => address.to_string(),
        Some(host) => host.to_string(),
        None => return Err(AddressFault::MailServer),
    };
    let usual = if tls { SUBMISSIONS } else { SUBMISSION };
    let port = match (url.port(), address::authority(rest).ends_with(":443")) {
        (Some(port), _) => port,
        (None, true) => 443,
        (None, false) => usual,
    };
    let security = match (tls, address::is_loopback(&url) && !trusts_own) {
        (true, _) => MailSecurity::Tls,
        (false, true) => MailSecurity::Loopback,
        (false, false) => MailSecurity::StartTls,
    };
    if port == 0 { Err(AddressFault::MailServer) } else { Ok(MailServer { host, port, security }) }
}

fn credentials(
    table: &Table<'_>,
    username: Option<String>,
    password: Option<Secret>,
) -> Result<Option<MailCredentials>, Reported> {
    match (username, password) {
        (Some(username), Some(password)) => Ok(Some(MailCredentials { username, password })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(table.fault("password", FaultCode::Missing, "a user name needs its password")),
        (None, Some(_)) => Err(table.fault("username", FaultCode::Missing, "a password needs its user name")),
    }
}

fn username(item: &Item<'_>) -> Result<String, Reported> {
    let text = item.text()?;
    // NUL parts the fields of AUTH PLAIN (RFC 4616 §2).
    if (1..=USERNAME_LIMIT).contains(&text.len()) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(item.invalid(format_args!("expected 1 to {USERNAME_LIMIT} bytes without control characters")))
    }
}

fn sender(item: &Item<'_>) -> Result<Sender, Reported> {
    item.parse(Sender::parse)
}

fn timeout(item: &Item<'_>) -> Result<Duration, Reported> {
    let timeout = item.parse(parse_duration)?;
    if (Duration::from_secs(1)..=Duration::from_mins(10)).contains(&timeout) {
        Ok(timeout)
    } else {
        Err(item.invalid("expected a time from 1s to 10m"))
    }
}
