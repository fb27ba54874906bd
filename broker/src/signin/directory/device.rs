//! The browser's cookie that says as whom it signed in here before: attempts from it count apart, so that strangers can lock nobody
//! out of their own browser (interface 2).

use std::time::Duration;

use vestibule_certs::purpose::Purpose;
use vestibule_certs::random;
use vestibule_policies::ids::ConnectionId;
use vestibule_providers::ports::Attempted;

use crate::app::App;
use crate::http::cookie::{CookieName, SetCookie};
use crate::http::visit::Visit;

use super::gate;

const LIFETIME: Duration = Duration::from_hours(90 * 24);
/// Accounts that one browser remembers; the oldest makes room.
const MOST: usize = 8;
const FORM: u8 = 1;
const BINDING: &[u8] = b"device";

/// What a browser remembers.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Devices {
    /// Tells this browser from others.
    id: Option<[u8; 8]>,
    /// The latest last.
    accounts: Vec<Account>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Account {
    connection: [u8; 8],
    /// A MAC of the account's name.
    tag: [u8; 8],
}

impl Devices {
    pub(super) fn of(visit: &Visit<'_>) -> Self {
        let opened = visit.cookies().value(&CookieName::Device).and_then(|value| {
            let plain = visit.app.keys.sealer(Purpose::Cookies).open_text(value, BINDING).ok()?;
            Self::from_bytes(&plain)
        });
        opened.unwrap_or_default()
    }

    /// This device's id, if somebody signed in as this account from it.
    pub(super) fn of_account(&self, app: &App, connection: ConnectionId, account: &str) -> Option<String> {
        let wanted = Account::new(app, connection, account);
        let id = self.id.filter(|_| self.accounts.contains(&wanted))?;
        Some(vestibule_certs::encoding::base64url(&id))
    }

    /// Whether anybody signed in at this connection from it.
    pub(super) fn have_been_at(&self, connection: ConnectionId) -> bool {
        self.accounts.iter().any(|account| account.connection == *connection.as_bytes())
    }

    /// The cookie after a sign-in; none when it cannot be made, which costs nobody more than a convenience.
    pub(in super::super) fn after_sign_in(
        visit: &Visit<'_>,
        connection: ConnectionId,
        account: &str,
    ) -> Option<SetCookie> {
        let mut devices = Self::of(visit);
        let account = Account::new(visit.app, connection, account);
        devices.accounts.retain(|known| *known != account);
        devices.accounts.push(account);
        let surplus = devices.accounts.len().saturating_sub(MOST);
        devices.accounts.drain(..surplus);
        let id = match devices.id {
            Some(id) => id,
            None => random::bytes().ok()?,
        };
        devices.id = Some(id);
        let sealed =
            visit.app.keys.sealer(Purpose::Cookies).seal_text(&devices.to_bytes(id), BINDING).ok()?;
        Some(SetCookie::Remember(CookieName::Device, sealed, LIFETIME))
    }

    fn to_bytes(&self, id: [u8; 8]) -> Vec<u8> {
        let accounts = self.accounts.iter().flat_map(|one| one.connection.iter().chain(&one.tag));
        std::iter::once(&FORM).chain(&id).chain(accounts).copied().collect()
    }

    fn from_bytes(plain: &[u8]) -> Option<Self> {
        let (form, rest) = plain.split_first()?;
        let (id, rest) = rest.split_first_chunk::<8>()?;
        let (chunks, left) = rest.as_chunks::<16>();
        if *form != FORM || !left.is_empty() || chunks.len() > MOST {
            return None;
        }
        let account = |chunk: &[u8; 16]| {
            let (connection, tag) = chunk.split_first_chunk::<8>()?;
            Some(Account { connection: *connection, tag: *tag.first_chunk()? })
        };
        Some(Self { id: Some(*id), accounts: chunks.iter().map(account).collect::<Option<_>>()? })
    }
}

/// The cookie after a sign-in of a person of the built-in identity, whose attempts are counted under this name.
pub(in super::super) fn remember_person(visit: &Visit<'_>, name: &str) -> Option<SetCookie> {
    let account = gate::account(visit.app, Attempted::Name(name));
    Devices::after_sign_in(visit, ConnectionId::BUILT_IN, &account)
}

impl Account {
    fn new(app: &App, connection: ConnectionId, account: &str) -> Self {
        let tag = app.keys.mac(Purpose::Cookies).tag(&[b"device", connection.as_bytes(), account.as_bytes()]);
        Self { connection: *connection.as_bytes(), tag: tag.first_chunk().copied().unwrap_or_default() }
    }
}
