//! What "the same site" means: scheme and registrable domain (RFC 6265bis §5.2, schemeful).
//!
//! There is no public suffix list here: the last two labels are the registrable domain, so that
//! `vestibule.localhost` and `sandbox.localhost` are two sites. Names below suffixes of two labels
//! (`co.uk`) are out of this browser's reach.

use std::net::IpAddr;

use url::{Host, Url};

/// A site: `https` + `corp.example`. Ports do not tell sites apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    scheme: String,
    domain: String,
}

impl Site {
    /// The site that an address belongs to.
    #[must_use]
    pub fn of(url: &Url) -> Self {
        let domain = match url.host() {
            Some(Host::Domain(name)) => registrable(name),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            None => String::new(),
        };
        Self { scheme: url.scheme().to_owned(), domain }
    }
}

/// Whether two addresses share scheme, host and port.
pub(super) fn same_origin(left: &Url, right: &Url) -> bool {
    left.origin() == right.origin()
}

/// The last two labels; an IP address is its own registrable domain.
fn registrable(host: &str) -> String {
    if host.parse::<IpAddr>().is_ok() {
        return host.to_owned();
    }
    let labels: Vec<&str> = host.trim_end_matches('.').rsplitn(3, '.').take(2).collect();
    labels.into_iter().rev().collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_scheme_and_registrable_domain() {
        let rows = [
            ("host and sub-host", "http://acme.vestibule.localhost/", "http://vestibule.localhost/", true),
            ("ports do not count", "http://a.corp.example:1/", "http://b.corp.example:2/", true),
            (
                "the sandbox is elsewhere",
                "http://okta.sandbox.localhost/",
                "http://vestibule.localhost/",
                false,
            ),
            ("the scheme counts", "https://corp.example/", "http://corp.example/", false),
            ("an address is itself", "http://127.0.0.1/", "http://127.0.0.2/", false),
            ("an address is no name", "http://127.0.0.1/", "http://localhost/", false),
        ];
        for (name, left, right, same) in rows {
            let (left, right) = (Url::parse(left).unwrap(), Url::parse(right).unwrap());
            assert_eq!(Site::of(&left) == Site::of(&right), same, "{name}");
        }
    }
}
