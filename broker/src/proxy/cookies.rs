//! Cookies at the border: the broker's own never reach an application, and an application cannot set them.
//!
//! Interface 4, HTTP-12, SESS-16. A stolen access cookie is a stolen session, and an application that could
//! set one, or one for sibling hosts, could plant a session of its choice.

use bytes::Bytes;
use http::header::{COOKIE, Entry, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

const RESERVED: [&[u8]; 2] = [b"vestibule-", b"__host-vestibule-"];

/// Takes the broker's cookies out of a request. Several `Cookie` lines become one (RFC 6265 §5.4); the bytes
/// of the remaining cookies stay as they are. `own` adds names beside the reserved prefixes.
pub(super) fn withhold(headers: &mut HeaderMap, own: &dyn Fn(&str) -> bool) {
    let Entry::Occupied(mut entry) = headers.entry(COOKIE) else { return };
    let mut lines = entry.iter();
    let (first, more) = (lines.next(), lines.next());
    if more.is_none() && first.is_none_or(|line| pieces(line).all(|piece| !is_ours(piece, own))) {
        return;
    }
    match rebuilt(entry.iter(), own) {
        Some(line) => drop(entry.insert(line)),
        None => drop(entry.remove_entry_mult()),
    }
}

/// Drops every `Set-Cookie` with a reserved name, or with a Domain that reaches beyond `host` (without port).
pub(super) fn filter_set(headers: &mut HeaderMap, host: &str) {
    let Entry::Occupied(entry) = headers.entry(SET_COOKIE) else { return };
    if entry.iter().all(|line| may_set(line, host)) {
        return;
    }
    let (name, lines) = entry.remove_entry_mult();
    let kept: Vec<HeaderValue> = lines.filter(|line| may_set(line, host)).collect();
    for line in kept {
        headers.append(&name, line);
    }
}

fn rebuilt<'a>(
    lines: impl Iterator<Item = &'a HeaderValue>,
    own: &dyn Fn(&str) -> bool,
) -> Option<HeaderValue> {
    let mut kept: Vec<u8> = Vec::new();
    for piece in lines.flat_map(pieces).filter(|piece| !is_ours(piece, own)) {
        if kept.is_empty() {
            kept.reserve(256);
        } else {
            kept.extend_from_slice(b"; ");
        }
        kept.extend_from_slice(piece);
    }
    if kept.is_empty() { None } else { HeaderValue::from_maybe_shared(Bytes::from(kept)).ok() }
}

/// Splits at every `;`, quotes or not: a parser that honours quotes would hide our cookie inside a neighbour's
/// value and hand it to the application ("cookie sandwich").
fn pieces(line: &HeaderValue) -> impl Iterator<Item = &[u8]> {
    line.as_bytes().split(|byte| *byte == b';').map(<[u8]>::trim_ascii).filter(|piece| !piece.is_empty())
}

fn is_ours(piece: &[u8], own: &dyn Fn(&str) -> bool) -> bool {
    let name = name(piece);
    is_reserved(name) || std::str::from_utf8(name).is_ok_and(own)
}

/// The name that a browser would send back. A nameless cookie (`=vestibule-access=x`, or without any `=`) is
/// sent back as its bare value, which then reads as a name: leading `=` are therefore skipped. So is everything before
/// the first visible ASCII character: a lenient reader behind us may trim Unicode spaces, and then `U+2000vestibule-access`
/// would be ours.
fn name(pair: &[u8]) -> &[u8] {
    let start = pair.iter().position(|byte| *byte != b'=' && byte.is_ascii_graphic()).unwrap_or(pair.len());
    let pair = pair.get(start..).unwrap_or_default();
    pair.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii()
}

fn is_reserved(name: &[u8]) -> bool {
    RESERVED
        .iter()
        .any(|prefix| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)))
}

fn may_set(line: &HeaderValue, host: &str) -> bool {
    let mut parts = line.as_bytes().split(|byte| *byte == b';');
    let pair = parts.next().unwrap_or_default();
    !is_reserved(name(pair)) && parts.all(|attribute| stays_within(attribute, host.as_bytes()))
}

/// RFC 6265 §5.2.3, §5.3: an empty Domain means this host alone. Every Domain counts, not only the last,
/// because browsers differ in which one they take.
fn stays_within(attribute: &[u8], host: &[u8]) -> bool {
    let mut halves = attribute.splitn(2, |byte| *byte == b'=').map(<[u8]>::trim_ascii);
    if !halves.next().is_some_and(|key| key.eq_ignore_ascii_case(b"domain")) {
        return true;
    }
    let domain = halves.next().unwrap_or_default();
    let domain = domain.strip_prefix(b".").unwrap_or(domain);
    domain.is_empty() || domain.eq_ignore_ascii_case(host) || is_below(domain, host)
}

fn is_below(domain: &[u8], host: &[u8]) -> bool {
    let Some(split) = domain.len().checked_sub(host.len()) else { return false };
    let (labels, tail) = domain.split_at(split);
    labels.ends_with(b".") && tail.eq_ignore_ascii_case(host)
}

#[cfg(test)]
mod tests;
