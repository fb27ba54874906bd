//! What of a message's headers crosses the broker, in each direction.
//!
//! RFC 9110 §7.6.1 (hop-by-hop), RFC 9112 §6.3 (one framing), HTTP-03, HTTP-07, HTTP-12. The header map is
//! changed in place; nothing is copied that stays.

use std::net::IpAddr;

use http::header::{CONNECTION, CONTENT_LENGTH, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::cookies;
use super::error::ForwardError;
use super::forward::PublicOrigin;
use super::names::{self, IdentityNames};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PORT: HeaderName = HeaderName::from_static("x-forwarded-port");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Not among the constants of `http`.
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Whether a request's body follows its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Follows {
    Body,
    Nothing,
}

/// Removes from a request what ends at the broker and what only the broker may say, and frames the body anew.
pub(super) fn clean_request(
    headers: &mut HeaderMap,
    names: &IdentityNames,
    follows: Follows,
) -> Result<(), ForwardError> {
    let trailers = lists(headers, &TE, "trailers");
    check_coding(headers)?;
    remove(headers, |name| is_hop_by_hop(name) || names.contains(name));
    if trailers {
        // RFC 9110 §10.1.4: whoever sends TE nominates it, so that the next hop ends it there.
        headers.insert(TE, HeaderValue::from_static("trailers"));
        headers.insert(CONNECTION, HeaderValue::from_static("te"));
    }
    if follows == Follows::Body && !headers.contains_key(CONTENT_LENGTH) {
        // Said outright, or the client would leave out the body of a GET.
        headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
    }
    Ok(())
}

/// Says where the request came in: the public host, never the one that the request claims (HTTP-03, HTTP-06).
pub(super) fn set_origin(
    headers: &mut HeaderMap,
    public: PublicOrigin<'_>,
    client: IpAddr,
) -> Result<(), ForwardError> {
    let host = match headers.get(HOST) {
        Some(sent) if sent.as_bytes() == public.host_with_port.as_bytes() => sent.clone(),
        Some(_) | None => value(public.host_with_port)?,
    };
    headers.insert(HOST, host.clone());
    headers.insert(FORWARDED_HOST, host);
    headers
        .insert(FORWARDED_PROTO, HeaderValue::from_static(if public.is_https() { "https" } else { "http" }));
    headers.insert(FORWARDED_PORT, port(public)?);
    headers.insert(FORWARDED_FOR, value(&client.to_string())?);
    Ok(())
}

/// Removes from an answer what ends at the broker, what only the broker may say, and cookies out of bounds.
pub(super) fn clean_response(headers: &mut HeaderMap, host: &str) {
    if headers.contains_key(TRANSFER_ENCODING) {
        // RFC 9112 §6.3: the coding overrides a length beside it, which would be read as the frame after us.
        headers.remove(CONTENT_LENGTH);
    }
    remove(headers, |name| is_hop_by_hop(name) || names::is_vestibules(name));
    cookies::filter_set(headers, host);
    if clears_cookies(headers) {
        headers.remove(CLEAR_SITE_DATA);
    }
}

/// Clear Site Data §3.1: `"cookies"` and `"*"` clear those of the whole registrable domain, the accounts host's among them.
fn clears_cookies(headers: &HeaderMap) -> bool {
    ["\"cookies\"", "\"*\""].iter().any(|directive| lists(headers, &CLEAR_SITE_DATA, directive))
}

/// Whether a comma-separated header holds `token`.
pub(super) fn lists(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .any(|line| tokens(line).any(|one| one.eq_ignore_ascii_case(token.as_bytes())))
}

/// HTTP-07, RFC 9112 §6.1: the one coding is `chunked`, named once. Another below it would be lost with the
/// header, and two lines are read differently by different servers. A length beside it does not count.
fn check_coding(headers: &mut HeaderMap) -> Result<(), ForwardError> {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    let Some(coding) = codings.next() else { return Ok(()) };
    if codings.next().is_some() || !coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked") {
        return Err(ForwardError::Malformed("transfer coding"));
    }
    headers.remove(CONTENT_LENGTH);
    Ok(())
}

/// Removes the names that `doomed` picks, and those that `Connection` nominates.
fn remove(headers: &mut HeaderMap, doomed: impl Fn(&HeaderName) -> bool) {
    let mut names = nominated(headers);
    names.extend(headers.keys().filter(|name| doomed(name)).cloned());
    for name in names {
        headers.remove(name);
    }
}

/// RFC 9110 §7.6.1. The options that every browser sends name no header of their own and are passed over.
fn nominated(headers: &HeaderMap) -> Vec<HeaderName> {
    let plain: [&[u8]; 3] = [b"keep-alive", b"close", b"upgrade"];
    let options = headers.get_all(CONNECTION).iter().flat_map(tokens);
    options
        .filter(|option| !plain.iter().any(|known| option.eq_ignore_ascii_case(known)))
        .filter_map(|option| HeaderName::from_bytes(option).ok())
        .collect()
}

/// Beside the listed ones everything of `Proxy`: credentials for a proxy, and `Proxy` itself, which CGI turns
/// into `HTTP_PROXY` (CVE-2016-5385).
fn is_hop_by_hop(name: &HeaderName) -> bool {
    [CONNECTION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE].contains(name) || {
        let text = name.as_str();
        text == "keep-alive" || text == "http2-settings" || text == "proxy" || text.starts_with("proxy-")
    }
}

fn tokens(line: &HeaderValue) -> impl Iterator<Item = &[u8]> {
    line.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii)
}

fn port(public: PublicOrigin<'_>) -> Result<HeaderValue, ForwardError> {
    match public.port() {
        Some(port) => value(port),
        None => Ok(HeaderValue::from_static(if public.is_https() { "443" } else { "80" })),
    }
}

fn value(text: &str) -> Result<HeaderValue, ForwardError> {
    HeaderValue::from_str(text).map_err(|_| ForwardError::Malformed("host"))
}

#[cfg(test)]
mod tests;
