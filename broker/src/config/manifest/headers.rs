//! A route's `headers`: the usual identity headers, none, or new names (interface 4). A new name must not be one that
//! steers the request itself, or configuration could be used to smuggle (RFC 9110 §7.6.1, RFC 9112 §11.2).

use http::HeaderName;
use vestibule_policies::{HeaderNames, HeaderRule};

use super::super::reader::{Item, Reported, Table, Unique};
use crate::proxy::RouteNames;

/// The longest name, in bytes.
const NAME_LIMIT: usize = 64;

/// Names that carry the request, its caller or its connection.
const RESERVED: [&str; 22] = [
    "accept-encoding",
    "authorization",
    "connection",
    "cookie",
    "date",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "max-forwards",
    "origin",
    "range",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
];

/// Beginnings of such names.
const RESERVED_PREFIXES: [&str; 6] = ["content-", "if-", "proxy-", "sec-", "vestibule-", "x-original-"];

pub(super) fn read(item: &Item<'_>) -> Result<HeaderRule, Reported> {
    match item.as_text() {
        Some("default") => Ok(HeaderRule::Default),
        Some("none") => Ok(HeaderRule::None),
        Some(_) => Err(item.invalid("expected \"default\", \"none\" or a table of names")),
        None => {
            let rule = HeaderRule::Named(item.section(names)?);
            // Whoever sends the headers has the last word on what can be one.
            RouteNames::of(&rule).map_err(|fault| item.invalid(fault.to_string()))?;
            Ok(rule)
        }
    }
}

fn names(table: &mut Table<'_>) -> Result<HeaderNames, Reported> {
    let mut taken = Unique::new();
    let user = table.maybe("user", |item| name(item, &mut taken));
    let email = table.maybe("email", |item| name(item, &mut taken));
    let preferred_username = table.maybe("preferred_username", |item| name(item, &mut taken));
    let groups = table.maybe("groups", |item| {
        let groups = name(item, &mut taken)?;
        // Groups that do not fit are told by a second header, which must not be one of the others either.
        taken.take(normal(&format!("{groups}-Ref")), item)?;
        Ok(groups)
    });
    Ok(HeaderNames { user: user?, email: email?, preferred_username: preferred_username?, groups: groups? })
}

fn name(item: &Item<'_>, taken: &mut Unique<String>) -> Result<String, Reported> {
    let text = item.text()?;
    if text.len() > NAME_LIMIT || HeaderName::from_bytes(text.as_bytes()).is_err() {
        return Err(item.invalid("expected the name of a header, of at most 64 characters"));
    }
    let normal = normal(text);
    if RESERVED.contains(&normal.as_str())
        || RESERVED_PREFIXES.iter().any(|prefix| normal.starts_with(prefix))
    {
        return Err(
            item.invalid("this header steers the request itself; choose another name, such as X-User")
        );
    }
    taken.take(normal, item)?;
    Ok(text.to_owned())
}

/// One spelling for names that an upstream may read as one: CGI maps case and `-` away (RFC 3875 §4.1.18).
fn normal(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}
