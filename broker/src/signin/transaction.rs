//! A sign-in on its way: kept in the browser, sealed, so that a stranger who only starts costs no memory.
//!
//! One cookie each, at most 250 bytes with its name, at most thirty in a browser (SESS-04).

use std::time::Duration;

use vestibule_certs::purpose::Purpose;
use vestibule_certs::{digest, encoding, random};
use vestibule_policies::code::Code;
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::name::HostName;
use vestibule_policies::time::Timestamp;
use vestibule_providers::SignInError;
use vestibule_providers::step::{Freshness, Seed};

use crate::app::App;
use crate::http::cookie::{CookieName, Cookies, Numbered, SetCookie};

use super::handoff::{Wanted, number};

/// How long a person may take at the provider.
pub const LIFETIME: Duration = Duration::from_mins(15);
/// How long somebody new may take.
const ENROLMENT: Duration = Duration::from_hours(1);
const MOST: usize = 30;
const FORM: u8 = 1;
const HOST: usize = 8;
/// Bytes of a hand-off's challenge.
pub const CHALLENGE: usize = 32;

/// One sign-in of one browser.
#[derive(Debug, Clone)]
pub struct Transaction {
    /// Tells this cookie from the browser's others.
    pub number: String,
    /// From which everything unguessable is derived.
    pub seed: Seed,
    /// When it began, by the time that sessions live by: a clock that is set back makes no transaction young again.
    pub started: Timestamp,
    /// The connection that it goes through.
    pub connection: ConnectionId,
    /// SHA-256 of the hand-off's secret.
    pub challenge: [u8; CHALLENGE],
    /// Whether an older authentication will do.
    pub wanted: Wanted,
    host: [u8; HOST],
}

impl Transaction {
    /// A new one, which begins now.
    ///
    /// # Errors
    /// `INTERNAL` when the system has no randomness.
    pub fn begin(
        app: &App,
        (connection, host): (ConnectionId, &HostName),
        (challenge, wanted): ([u8; CHALLENGE], Wanted),
    ) -> Result<Self, SignInError> {
        let none = || SignInError::new(Code::Internal, "the system has no randomness");
        Ok(Self {
            number: number().map_err(|_| none())?,
            seed: Seed::from_bytes(random::bytes().map_err(|_| none())?),
            started: app.session_clock.now(),
            connection,
            challenge,
            wanted,
            host: host_digest(host),
        })
    }

    /// Whether this is the host that it will open.
    #[must_use]
    pub fn opens(&self, host: &HostName) -> bool {
        self.host == host_digest(host)
    }

    /// How old the authentication at the provider may be, by the wall, which is what providers live by.
    #[must_use]
    pub fn freshness(&self, app: &App) -> Freshness {
        match self.wanted {
            Wanted::Session | Wanted::Trial | Wanted::Enrolment => Freshness::Any,
            Wanted::FreshAuthentication => Freshness::Since(self.started_by_wall(app)),
        }
    }

    /// When it began, by the wall.
    #[must_use]
    pub fn started_by_wall(&self, app: &App) -> Timestamp {
        app.wall.now().minus(app.session_clock.now().since(self.started))
    }

    /// Whether it is too old by now.
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        now >= self.expires()
    }

    /// When nobody accepts it any more.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        self.started.plus(match self.wanted {
            Wanted::Session | Wanted::FreshAuthentication | Wanted::Trial => LIFETIME,
            Wanted::Enrolment => ENROLMENT,
        })
    }

    /// What stands in the store once it was used.
    #[must_use]
    pub fn spend_id(&self) -> String {
        encoding::base64url(&digest::sha256(&self.seed.derive("spend")))
    }

    /// The hand-off's challenge as text.
    #[must_use]
    pub fn challenge_text(&self) -> String {
        encoding::base64url(&self.challenge)
    }

    /// The cookie that carries it, and the oldest ones that make room for it.
    ///
    /// # Errors
    /// `INTERNAL` when the system has no randomness.
    pub fn keep(&self, app: &App, cookies: &Cookies<'_>) -> Result<Vec<SetCookie>, Code> {
        let value = app
            .keys
            .sealer(Purpose::Cookies)
            .seal_text(&self.to_bytes(), &binding(&self.number))
            .map_err(|_| Code::Internal)?;
        let mut changes = make_room(app, cookies);
        changes.push(SetCookie::Keep(CookieName::Transaction(self.number.clone()), value));
        Ok(changes)
    }

    /// Forgets it.
    #[must_use]
    pub fn drop_cookie(&self) -> SetCookie {
        SetCookie::Drop(CookieName::Transaction(self.number.clone()))
    }

    /// Opens the cookie with that number.
    #[must_use]
    pub fn open(app: &App, number: &str, value: &str) -> Option<Self> {
        let plain = app.keys.sealer(Purpose::Cookies).open_text(value, &binding(number)).ok()?;
        Self::from_bytes(number, &plain)
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut plain = vec![FORM];
        plain.extend_from_slice(self.seed.as_bytes());
        plain.extend_from_slice(&self.started.millis().to_be_bytes());
        plain.extend_from_slice(self.connection.as_bytes());
        plain.extend_from_slice(&self.host);
        plain.extend_from_slice(&self.challenge);
        plain.push(match self.wanted {
            Wanted::Session => 0,
            Wanted::FreshAuthentication => 1,
            Wanted::Trial => 2,
            Wanted::Enrolment => 3,
        });
        plain
    }

    fn from_bytes(number: &str, plain: &[u8]) -> Option<Self> {
        let (form, rest) = plain.split_first()?;
        let (seed, rest) = rest.split_first_chunk::<{ Seed::LENGTH }>()?;
        let (started, rest) = rest.split_first_chunk::<8>()?;
        let (connection, rest) = rest.split_first_chunk::<8>()?;
        let (host, rest) = rest.split_first_chunk::<HOST>()?;
        let (challenge, rest) = rest.split_first_chunk::<CHALLENGE>()?;
        let wanted = match (form, rest) {
            (&FORM, [0]) => Wanted::Session,
            (&FORM, [1]) => Wanted::FreshAuthentication,
            (&FORM, [2]) => Wanted::Trial,
            (&FORM, [3]) => Wanted::Enrolment,
            _ => return None,
        };
        Some(Self {
            number: number.to_owned(),
            seed: Seed::from_bytes(*seed),
            started: Timestamp::from_millis(i64::from_be_bytes(*started)),
            connection: ConnectionId::from_bytes(*connection),
            host: *host,
            challenge: *challenge,
            wanted,
        })
    }
}

/// The sign-ins of this browser that were under way when it sent this request, by what they leave among the spends.
#[must_use]
pub fn under_way(app: &App, cookies: &Cookies<'_>) -> Vec<String> {
    cookies
        .numbered(Numbered::Transaction)
        .filter_map(|(number, value)| Transaction::open(app, number, value))
        .take(MOST)
        .map(|transaction| transaction.spend_id())
        .collect()
}

fn make_room(app: &App, cookies: &Cookies<'_>) -> Vec<SetCookie> {
    let now = app.session_clock.now();
    let mut changes = Vec::new();
    let mut known = Vec::new();
    for (number, value) in cookies.numbered(Numbered::Transaction) {
        match Transaction::open(app, number, value).filter(|transaction| !transaction.has_expired(now)) {
            Some(transaction) => known.push(transaction),
            None => changes.push(SetCookie::Drop(CookieName::Transaction(number.to_owned()))),
        }
    }
    known.sort_by_key(|transaction| std::cmp::Reverse(transaction.started));
    changes.extend(known.iter().skip(MOST - 1).map(Transaction::drop_cookie));
    changes
}

fn host_digest(host: &HostName) -> [u8; HOST] {
    let digest = digest::sha256(host.as_str().as_bytes());
    digest.first_chunk().copied().unwrap_or_default()
}

fn binding(number: &str) -> Vec<u8> {
    format!("transaction {number}").into_bytes()
}
