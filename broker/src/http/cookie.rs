//! The broker's cookies: host-only, HttpOnly, `SameSite=Lax`, for the length of the browser's session (SESS-01).
//!
//! RFC 6265bis §4.1.3.2: the prefix `__Host-` keeps a sibling host from planting one; it needs https.

use std::time::Duration;

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use vestibule_policies::edition::Audience;
use vestibule_policies::ids::OrganizationId;

use crate::config::PublicScheme;

/// The names that start with this belong to the broker.
const BARE: &str = "vestibule-";
const PREFIXED: &str = "__Host-vestibule-";
/// More cookies than this are not looked at: a browser with all of ours has fewer.
const MOST: usize = 192;

/// What a cookie is for; the name follows from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CookieName {
    /// A subscriber's access to a workspace.
    Access,
    /// An administrator's access to the console.
    Administrator,
    /// A root, on the accounts host; see [`CookieName::root`].
    SignIn(String),
    /// A sign-in on its way, on the accounts host.
    Transaction(String),
    /// A sign-in on its way, on the host that it will open.
    Handoff(String),
    /// This browser signed out here.
    SignedOut,
    /// As whom this browser signed in, on the accounts host: the only one that outlives the browser.
    Device,
}

impl CookieName {
    /// The root of an organisation's subscriber, or of its administrator: one browser may hold both.
    #[must_use]
    pub fn root(organization: OrganizationId, audience: Audience) -> Self {
        Self::SignIn(match audience {
            Audience::Subscriber => organization.to_string(),
            Audience::Administrator => format!("{organization}-admin"),
        })
    }

    /// The access of an audience: to a workspace, or to the console.
    #[must_use]
    pub const fn access(audience: Audience) -> Self {
        match audience {
            Audience::Subscriber => Self::Access,
            Audience::Administrator => Self::Administrator,
        }
    }

    /// The name as browsers see it.
    #[must_use]
    pub fn text(&self, scheme: PublicScheme) -> String {
        format!("{}{}", prefix(scheme), self.bare())
    }

    fn bare(&self) -> String {
        match self {
            Self::Access => "access".to_owned(),
            Self::Administrator => "admin".to_owned(),
            Self::SignIn(organization) => format!("signin-{organization}"),
            Self::Transaction(number) => format!("txn-{number}"),
            Self::Handoff(number) => format!("handoff-{number}"),
            Self::SignedOut => "signed-out".to_owned(),
            Self::Device => "device".to_owned(),
        }
    }
}

const fn prefix(scheme: PublicScheme) -> &'static str {
    match scheme {
        PublicScheme::Https => PREFIXED,
        PublicScheme::Http => BARE,
    }
}

/// The broker's cookies of one request.
#[derive(Debug, Default)]
pub struct Cookies<'a> {
    /// Names without the prefix.
    ours: Vec<(&'a str, &'a str)>,
}

impl<'a> Cookies<'a> {
    /// Reads them. Two cookies of one name mean that somebody plants cookies: then none of ours counts.
    #[must_use]
    pub fn of(headers: &'a HeaderMap, scheme: PublicScheme) -> Self {
        let prefix = prefix(scheme);
        let mut ours: Vec<(&str, &str)> = Vec::new();
        let pieces =
            headers.get_all(COOKIE).iter().flat_map(|header| header.as_bytes().split(|byte| *byte == b';'));
        for piece in pieces.take(MOST) {
            let Ok(piece) = std::str::from_utf8(trimmed(piece)) else { continue };
            let Some((name, value)) = piece.split_once('=') else { continue };
            let Some(name) = name.strip_prefix(prefix) else { continue };
            if ours.iter().any(|(known, _)| *known == name) {
                return Self::default();
            }
            ours.push((name, value));
        }
        Self { ours }
    }

    /// The value of one.
    #[must_use]
    pub fn value(&self, name: &CookieName) -> Option<&'a str> {
        let bare = name.bare();
        self.named(&bare)
    }

    /// The value of the access cookie, without making a name first.
    #[must_use]
    pub fn access(&self) -> Option<&'a str> {
        self.named("access")
    }

    fn named(&self, bare: &str) -> Option<&'a str> {
        self.ours.iter().find(|(name, _)| *name == bare).map(|(_, value)| *value)
    }

    /// Every cookie of a numbered kind: number and value.
    pub fn numbered(&self, kind: Numbered) -> impl Iterator<Item = (&'a str, &'a str)> {
        let start = match kind {
            Numbered::Transaction => "txn-",
            Numbered::Handoff => "handoff-",
            Numbered::SignIn => "signin-",
        };
        self.ours.iter().filter_map(move |(name, value)| Some((name.strip_prefix(start)?, *value)))
    }
}

/// RFC 6265 §5.4 writes one space between two cookies, and nothing else is trimmed: a browser holds the prefix rules only for
/// a name that starts with the prefix, so a sibling host may plant `U+2000__Host-…`, and that must stay another name.
fn trimmed(mut piece: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = piece {
        piece = rest;
    }
    piece
}

/// The kinds of which a browser may hold several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbered {
    /// See [`CookieName::Transaction`].
    Transaction,
    /// See [`CookieName::Handoff`].
    Handoff,
    /// See [`CookieName::SignIn`].
    SignIn,
}

/// Whether a cookie of this whole name is the broker's: applications never see it and never set it.
#[must_use]
pub fn is_ours(name: &str) -> bool {
    let name = name.trim_start_matches(|c: char| !c.is_ascii_graphic());
    let starts = |start: &str| name.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    starts(BARE) || starts(PREFIXED)
}

/// A change to the browser's cookies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetCookie {
    /// Keeps a value until the browser ends.
    Keep(CookieName, String),
    /// Keeps it for so long.
    Remember(CookieName, String, Duration),
    /// Forgets it.
    Drop(CookieName),
}

impl SetCookie {
    /// The header's value. Values are ours: base64url text.
    #[must_use]
    pub fn to_header(&self, scheme: PublicScheme) -> Option<HeaderValue> {
        let secure = match scheme {
            PublicScheme::Https => "; Secure",
            PublicScheme::Http => "",
        };
        let text = match self {
            Self::Keep(name, value) => {
                format!("{}{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}", prefix(scheme), name.bare())
            }
            Self::Remember(name, value, age) => {
                format!(
                    "{}{}={value}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}",
                    prefix(scheme),
                    name.bare(),
                    age.as_secs()
                )
            }
            Self::Drop(name) => {
                format!(
                    "{}{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}",
                    prefix(scheme),
                    name.bare()
                )
            }
        };
        HeaderValue::try_from(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(COOKIE, HeaderValue::from_bytes(value).unwrap());
        }
        headers
    }

    #[test]
    fn ours_are_read_among_others_and_odd_pieces() {
        for (name, values, expected) in [
            ("alone", &[b"vestibule-access=t" as &[u8]][..], Some("t")),
            ("among others", &[b"a=1; vestibule-access=t; b=2"], Some("t")),
            ("in a second header", &[b"a=1", b"vestibule-access=t"], Some("t")),
            ("odd pieces", &[b"; ;=;x; vestibule-access=t;;"], Some("t")),
            ("bytes of no text beside it", &[b"x=\xff\xfe; vestibule-access=t"], Some("t")),
            ("bytes of no text in it", &[b"vestibule-access=\xff"], None),
            ("twice", &[b"vestibule-access=t; vestibule-access=u"], None),
            ("twice in two headers", &[b"vestibule-access=t", b"vestibule-access=t"], None),
            ("another one twice", &[b"vestibule-access=t; vestibule-txn-1=a; vestibule-txn-1=a"], None),
            ("behind U+2000", &["\u{2000}vestibule-access=t".as_bytes()], None),
            ("behind U+3000", &["a=1; \u{3000}vestibule-access=t".as_bytes()], None),
            ("behind U+00A0", &["\u{a0}vestibule-access=t".as_bytes()], None),
            ("behind U+0085", &["\u{85}vestibule-access=t".as_bytes()], None),
            ("a space before the equals sign", &[b"vestibule-access =t"], None),
            (
                "a planted one beside it",
                &["vestibule-access=t; \u{2000}vestibule-access=u".as_bytes()],
                Some("t"),
            ),
            ("another case", &[b"Vestibule-Access=t"], None),
            ("the other scheme's name", &[b"__Host-vestibule-access=t"], None),
        ] {
            let headers = headers(values);
            assert_eq!(Cookies::of(&headers, PublicScheme::Http).access(), expected, "{name}");
        }
    }

    #[test]
    fn every_cookie_is_host_only_and_hidden_from_scripts() {
        let keep = SetCookie::Keep(CookieName::Transaction("n".to_owned()), "v".to_owned());
        assert_eq!(
            keep.to_header(PublicScheme::Https).unwrap(),
            "__Host-vestibule-txn-n=v; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            keep.to_header(PublicScheme::Http).unwrap(),
            "vestibule-txn-n=v; Path=/; HttpOnly; SameSite=Lax"
        );
        assert_eq!(
            SetCookie::Drop(CookieName::Access).to_header(PublicScheme::Https).unwrap(),
            "__Host-vestibule-access=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
        );
    }

    #[test]
    fn reserved_names_are_known_in_any_case() {
        assert!(is_ours("vestibule-access") && is_ours("__host-Vestibule-x") && is_ours("VESTIBULE-"));
        assert!(!is_ours("vestibule") && !is_ours("my-vestibule-access") && !is_ours("é"));
    }
}
