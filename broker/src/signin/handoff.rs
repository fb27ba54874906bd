//! The beginning on the workspace: a secret that only this browser holds, and where it wanted to go.
//!
//! No hand-over code is of use without the secret, so that a sign-in that somebody else finished cannot be slipped into
//! this browser (SESS-03).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::{digest, random};
use vestibule_policies::code::Code;
use vestibule_policies::landing::Landing;
use vestibule_policies::name::HostName;
use vestibule_policies::time::Timestamp;

use crate::app::App;
use crate::http::cookie::{CookieName, Cookies, Numbered, SetCookie};
use crate::http::reply::{self, Reply};
use crate::http::route::AccountsRoute;

/// Sign-ins that one browser may have under way on one host; the oldest makes room (SESS-04).
const MOST: usize = 30;
/// All of them together, in bytes; of each its value, its number and the longest [`NAME`] count.
const LARGEST: usize = 6 * 1024;
/// One of them at most: thirty of these may be under way at once only if their addresses are short.
const LONGEST_LANDING: usize = 1024;
const SECRET: usize = 32;
/// The parameter that asks for fresh authentication.
pub const FRESH: &str = "fresh";
const NAME: usize = "__Host-vestibule-handoff-".len();

/// An opened hand-off cookie.
#[derive(Debug)]
pub struct Handoff {
    number: String,
    began: Timestamp,
    secret: [u8; SECRET],
    landing: Landing,
    size: usize,
}

impl Handoff {
    /// What names the secret outside without giving it away: SHA-256, base64url.
    #[must_use]
    pub fn challenge(&self) -> String {
        challenge(&self.secret)
    }

    /// Where the browser wanted to go.
    #[must_use]
    pub fn landing(&self) -> &Landing {
        &self.landing
    }

    /// Forgets it.
    #[must_use]
    pub fn drop_cookie(&self) -> SetCookie {
        SetCookie::Drop(CookieName::Handoff(self.number.clone()))
    }

    /// Every one that this browser holds on this host.
    #[must_use]
    pub fn all(app: &App, host: &HostName, cookies: &Cookies<'_>) -> Vec<Self> {
        let opened = cookies.numbered(Numbered::Handoff).take(2 * MOST);
        opened.filter_map(|(number, value)| open(app, host, number, value)).collect()
    }
}

fn challenge(secret: &[u8; SECRET]) -> String {
    URL_SAFE_NO_PAD.encode(digest::sha256(secret))
}

/// Whether the person's older sign-in will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Any.
    Session,
    /// After a sign-out, or when the account at the provider was the wrong one: the provider has to ask anew.
    FreshAuthentication,
    /// A test sign-in: nothing is opened, so nothing lives or is fresh.
    Trial,
    /// Somebody new: they have an app to find and codes to keep, and nobody to ask at a provider.
    Enrolment,
}

/// Sends the browser to the accounts host, and remembers where it wanted to go.
///
/// # Errors
/// `INTERNAL` when the system has no randomness.
pub fn send(
    app: &App,
    host: &HostName,
    cookies: &Cookies<'_>,
    landing: Landing,
    wanted: Wanted,
) -> Result<Reply, Code> {
    send_with(app, host, cookies, (landing, wanted), &[])
}

/// The same, with further parameters for `/start`.
///
/// # Errors
/// As [`send`].
pub fn send_with(
    app: &App,
    host: &HostName,
    cookies: &Cookies<'_>,
    (landing, wanted): (Landing, Wanted),
    further: &[(&str, &str)],
) -> Result<Reply, Code> {
    let secret = random::bytes::<SECRET>().map_err(|_| Code::Internal)?;
    let number = number()?;
    let value = seal(app, host, &number, &secret, landing)?;
    let mut changes = make_room(app, host, cookies, NAME + number.len() + value.len());
    changes.push(SetCookie::Keep(CookieName::Handoff(number), value));
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("host", host.as_str()).append_pair("handoff", &challenge(&secret));
    if wanted == Wanted::FreshAuthentication {
        query.append_pair(FRESH, "1");
    }
    query.extend_pairs(further);
    let location = format!("{}{}?{}", app.accounts_origin(), AccountsRoute::Start.path(), query.finish());
    Ok(reply::see_other(&location, &changes, app.settings().scheme))
}

/// 48 random bits, for telling cookies apart.
pub(super) fn number() -> Result<String, Code> {
    random::bytes::<6>().map(|bytes| URL_SAFE_NO_PAD.encode(bytes)).map_err(|_| Code::Internal)
}

/// The oldest go, as many as it takes.
fn make_room(app: &App, host: &HostName, cookies: &Cookies<'_>, coming: usize) -> Vec<SetCookie> {
    let mut changes = Vec::new();
    let mut known = Handoff::all(app, host, cookies);
    for (number, _) in cookies.numbered(Numbered::Handoff) {
        if !known.iter().any(|handoff| handoff.number == number) {
            changes.push(SetCookie::Drop(CookieName::Handoff(number.to_owned())));
        }
    }
    known.sort_by_key(|handoff| std::cmp::Reverse(handoff.began));
    let mut total = coming;
    for (index, handoff) in known.iter().enumerate() {
        total += handoff.size;
        if index + 1 >= MOST || total > LARGEST {
            changes.push(handoff.drop_cookie());
        }
    }
    changes
}

fn binding(host: &HostName, number: &str) -> Vec<u8> {
    format!("handoff {host} {number}").into_bytes()
}

fn seal(
    app: &App,
    host: &HostName,
    number: &str,
    secret: &[u8; SECRET],
    landing: Landing,
) -> Result<String, Code> {
    let landing = landing.shortened(LONGEST_LANDING);
    let mut plain = app.wall.now().millis().to_be_bytes().to_vec();
    plain.extend_from_slice(secret);
    plain.extend_from_slice(landing.as_str().as_bytes());
    app.keys.sealer(Purpose::Cookies).seal_text(&plain, &binding(host, number)).map_err(|_| Code::Internal)
}

fn open(app: &App, host: &HostName, number: &str, value: &str) -> Option<Handoff> {
    let plain = app.keys.sealer(Purpose::Cookies).open_text(value, &binding(host, number)).ok()?;
    let (began, rest) = plain.split_first_chunk::<8>()?;
    let (secret, landing) = rest.split_first_chunk::<SECRET>()?;
    Some(Handoff {
        number: number.to_owned(),
        began: Timestamp::from_millis(i64::from_be_bytes(*began)),
        secret: *secret,
        landing: Landing::parse(std::str::from_utf8(landing).ok()?),
        size: NAME + number.len() + value.len(),
    })
}
