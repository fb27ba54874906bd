//! Where a request was made from, as browsers tell it: navigations, embedded requests, and unsafe methods.

use http::header::{ACCEPT, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, Method};
use vestibule_policies::code::Code;

/// A navigation, which may be sent to the sign-in; everything else gets 401 (interface 4).
#[must_use]
pub fn is_navigation(parts: &Parts) -> bool {
    matches!(parts.method, Method::GET | Method::HEAD) && wants_page(parts)
}

/// A person looks at the answer, also to a form that was posted.
#[must_use]
pub fn wants_page(parts: &Parts) -> bool {
    let headers = &parts.headers;
    match text(headers, "sec-fetch-mode") {
        Some(mode) => mode == "navigate",
        None if headers.keys().any(|name| name.as_str().starts_with("sec-fetch-")) => false,
        None => headers
            .get_all(ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .any(|value| value.to_ascii_lowercase().contains("text/html")),
    }
}

/// Sign-ins happen in a page of their own, never in a frame or an image (SESS-03).
///
/// # Errors
/// `REQUEST-DESTINATION`, and then no cookie may be touched.
pub fn check_destination(headers: &HeaderMap) -> Result<(), Code> {
    match text(headers, "sec-fetch-dest") {
        None | Some("document") => Ok(()),
        Some(_) => Err(Code::RequestDestination),
    }
}

/// A sibling's page brings the cookie along; it is hostile here, though it could not read the answer.
///
/// # Errors
/// `REQUEST-ORIGIN`.
pub fn check_site(headers: &HeaderMap) -> Result<(), Code> {
    match text(headers, "sec-fetch-site") {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => Err(Code::RequestOrigin),
    }
}

/// A page of the console is opened by a person, from wherever they come; whatever else asks for it is a page of its own.
///
/// # Errors
/// `REQUEST-ORIGIN`: else a sibling's page could keep an administrator's session alive by images of it.
pub fn check_opened(headers: &HeaderMap) -> Result<(), Code> {
    if text(headers, "sec-fetch-dest") == Some("document") { Ok(()) } else { check_site(headers) }
}

/// An unsafe method needs exactly our own origin: a sibling host is hostile, though browsers call it the same site.
///
/// # Errors
/// `REQUEST-ORIGIN`.
pub fn check_origin(headers: &HeaderMap, own: &str) -> Result<(), Code> {
    let mut origins = headers.get_all(ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (Some(origin), None) if origin.as_bytes() == own.as_bytes() => Ok(()),
        _ => Err(Code::RequestOrigin),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(method: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = http::Request::builder().method(method);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn a_navigation_is_what_a_browser_calls_one() {
        for (method, headers, navigation) in [
            ("GET", &[("sec-fetch-mode", "navigate")][..], true),
            ("HEAD", &[("sec-fetch-mode", "navigate")], true),
            ("POST", &[("sec-fetch-mode", "navigate")], false),
            ("GET", &[("sec-fetch-mode", "cors"), ("accept", "text/html")], false),
            ("GET", &[("sec-fetch-site", "none"), ("accept", "text/html")], false),
            ("GET", &[("accept", "application/json, Text/HTML;q=0.9")], true),
            ("GET", &[("accept", "*/*")], false),
            ("GET", &[], false),
        ] {
            assert_eq!(is_navigation(&parts(method, headers)), navigation, "{method} {headers:?}");
        }
        assert!(wants_page(&parts("POST", &[("sec-fetch-mode", "navigate")])));
        assert!(!wants_page(&parts("POST", &[("sec-fetch-mode", "cors"), ("accept", "text/html")])));
    }

    #[test]
    fn only_our_own_origin_may_post() {
        let own = "https://acme.example";
        for (headers, allowed) in [
            (&[("origin", own)][..], true),
            (&[("origin", "https://evil.example")], false),
            (&[("origin", "https://acme.example:444")], false),
            (&[("origin", "http://acme.example")], false),
            (&[("origin", "https://beta.example")], false),
            (&[("origin", "null")], false),
            (&[("origin", own), ("origin", own)], false),
            (&[], false),
        ] {
            assert_eq!(check_origin(&parts("POST", headers).headers, own).is_ok(), allowed, "{headers:?}");
        }
    }
}
