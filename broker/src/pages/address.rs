//! Which addresses a link on a page may carry.
//!
//! Escaping keeps an address inside its attribute, but not a browser from running `javascript:` or from reading
//! `//evil.example` as another host (HTTP-15). Callers pass addresses of our own hosts; this is the second lock.

/// Where a link leads whose own address was refused: the root of the host that serves the page.
const ROOT: &str = "/";

/// The address if it is one path of this host or an absolute http(s) URL.
pub(super) fn navigable(address: &str) -> Option<&str> {
    // WHATWG URL 4.4: browsers drop tabs and newlines and read `\` as `/`, so `/\t/evil` would become `//evil`.
    if address.bytes().any(|byte| byte.is_ascii_control() || byte == b' ' || byte == b'\\') {
        return None;
    }
    let own_path = address.starts_with('/') && !address.starts_with("//");
    let absolute = ["https://", "http://"].iter().any(|scheme| {
        address
            .strip_prefix(scheme)
            .is_some_and(|rest| rest.starts_with(|first: char| first.is_alphanumeric() || first == '['))
    });
    (own_path || absolute).then_some(address)
}

/// The address, or the root of this host where a link must not carry it.
pub(super) fn navigable_or_root(address: &str) -> &str {
    navigable(address).unwrap_or(ROOT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_carry_own_paths_and_absolute_addresses_only() {
        let rows = [
            ("the root", "/", true),
            ("a path with a query", "/.vestibule/sign-in?to=%2Freports", true),
            ("an https address", "https://acme.vestibule.example/reports", true),
            ("an http address with a port", "http://acme.vestibule.localhost:8080/", true),
            ("an IPv6 literal", "http://[::1]:8080/", true),
            ("nothing", "", false),
            ("a relative path", "reports", false),
            ("another host without a scheme", "//evil.example/", false),
            ("another host by a backslash", "/\\evil.example/", false),
            ("another host by a dropped tab", "/\t/evil.example/", false),
            ("another host by a dropped newline", "/\n/evil.example/", false),
            ("a script", "javascript:alert(1)", false),
            ("a script in mixed case", "JavaScript:alert(1)", false),
            ("a script behind a space", " javascript:alert(1)", false),
            ("data", "data:text/html,x", false),
            ("a scheme without a host", "https:///evil.example", false),
        ];
        for (name, address, linked) in rows {
            assert_eq!(navigable(address).is_some(), linked, "{name}");
            assert_eq!(navigable_or_root(address), if linked { address } else { "/" }, "{name}");
        }
    }
}
