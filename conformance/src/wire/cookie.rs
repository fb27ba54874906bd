//! One cookie as a response sets it: the parsing and the refusals of RFC 6265bis §5.5-5.7.

mod attributes;

use std::net::IpAddr;

use url::Url;

use self::attributes::Attributes;

/// Name and value together, in octets (RFC 6265bis §5.7 step 5).
const MAX_PAIR: usize = 4096;

/// The `SameSite` attribute; what is absent or unknown counts as `Lax`, as Chromium has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// Never sent along with what another site started.
    Strict,
    /// Sent along with another site's safe top-level navigation, with nothing else of it.
    Lax,
    /// Always sent; needs `Secure`.
    None,
}

/// How long a cookie lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// Until the browser closes.
    Session,
    /// Until this second since 1970.
    Until(i64),
}

/// A cookie in the jar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// Octets before the first `=`.
    pub name: String,
    /// Octets after it.
    pub value: String,
    /// The host that set it, or the `Domain` attribute.
    pub domain: String,
    /// True without a `Domain` attribute: sub-hosts never see it.
    pub host_only: bool,
    /// The `Path` attribute, or the default path of the address that set it.
    pub path: String,
    /// Only over https.
    pub secure: bool,
    /// Hidden from scripts.
    pub http_only: bool,
    /// Which foreign requests carry it.
    pub same_site: SameSite,
    /// When it ends.
    pub lifetime: Lifetime,
}

/// Why the jar did not take a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CookieRefusal {
    /// No name and no value, or a control character.
    #[error("no cookie can be read in it")]
    Malformed,
    /// Name and value pass 4096 octets.
    #[error("name and value pass 4096 octets")]
    TooLong,
    /// `Secure` over http, whatever the host.
    #[error("Secure over http")]
    SecureOverHttp,
    /// `__Host-` without Secure and Path=/, or with Domain.
    #[error("__Host- without Secure and Path=/, or with Domain")]
    HostPrefix,
    /// `__Secure-` without Secure.
    #[error("__Secure- without Secure")]
    SecurePrefix,
    /// `SameSite=None` without Secure.
    #[error("SameSite=None without Secure")]
    NoneWithoutSecure,
    /// `Domain` does not cover the host, or is a public suffix.
    #[error("Domain does not cover the host")]
    ForeignDomain,
    /// Over http it would hide or replace a Secure cookie.
    #[error("over http, it would shadow a Secure cookie")]
    ShadowsSecure,
    /// An http-answer of a cross-site subresource sets what is not `SameSite=None`.
    #[error("set by a cross-site subresource")]
    CrossSite,
}

impl Cookie {
    /// Reads one `Set-Cookie` value that came from `url` at `now`.
    ///
    /// # Errors
    /// The clause of RFC 6265bis that keeps it out of the jar.
    pub fn parse(line: &str, url: &Url, now: i64) -> Result<Self, CookieRefusal> {
        if line.bytes().any(|octet| octet.is_ascii_control() && octet != b'\t') {
            return Err(CookieRefusal::Malformed);
        }
        let mut parts = line.split(';');
        let pair = parts.next().unwrap_or_default();
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() && value.is_empty() {
            return Err(CookieRefusal::Malformed);
        }
        if name.len() + value.len() > MAX_PAIR {
            return Err(CookieRefusal::TooLong);
        }
        let attributes = Attributes::read(parts, now);
        let (domain, host_only) = attributes.domain_for(url)?;
        let cookie = Self {
            name: name.to_owned(),
            value: value.to_owned(),
            domain,
            host_only,
            path: attributes.path.unwrap_or_else(|| default_path(url)),
            secure: attributes.secure,
            http_only: attributes.http_only,
            same_site: attributes.same_site,
            lifetime: attributes.max_age.or(attributes.expires).unwrap_or(Lifetime::Session),
        };
        cookie.keeps_the_rules(url, attributes.domain.is_some())
    }

    /// RFC 6265bis §5.7: secure-only, `SameSite=None` and the name prefixes (compared without case).
    fn keeps_the_rules(self, url: &Url, domain_named: bool) -> Result<Self, CookieRefusal> {
        let name = self.name.to_ascii_lowercase();
        if self.secure && url.scheme() != "https" {
            return Err(CookieRefusal::SecureOverHttp);
        }
        if self.same_site == SameSite::None && !self.secure {
            return Err(CookieRefusal::NoneWithoutSecure);
        }
        if name.starts_with("__secure-") && !self.secure {
            return Err(CookieRefusal::SecurePrefix);
        }
        if name.starts_with("__host-") && (!self.secure || self.path != "/" || domain_named) {
            return Err(CookieRefusal::HostPrefix);
        }
        Ok(self)
    }
}

/// RFC 6265bis §5.1.3; an IP address matches nothing but itself.
pub(super) fn domain_match(host: &str, domain: &str) -> bool {
    host == domain
        || host.parse::<IpAddr>().is_err()
            && host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// RFC 6265bis §5.1.4: up to, not including, the last slash.
fn default_path(url: &Url) -> String {
    match url.path().rsplit_once('/') {
        Some(("", _)) | None => "/".to_owned(),
        Some((directory, _)) => directory.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str, line: &str) -> Result<Cookie, CookieRefusal> {
        Cookie::parse(line, &Url::parse(url).unwrap(), 1_000)
    }

    #[test]
    fn a_good_cookie_is_read_whole() {
        let cookie =
            parse("https://acme.corp.example/a/b", "__Host-n=v=w; Path=/; Secure; HttpOnly; SameSite=Strict");
        let cookie = cookie.unwrap();
        assert_eq!((cookie.name.as_str(), cookie.value.as_str()), ("__Host-n", "v=w"));
        assert!(cookie.secure && cookie.http_only && cookie.host_only);
        assert_eq!((cookie.same_site, cookie.lifetime), (SameSite::Strict, Lifetime::Session));
        assert_eq!(parse("http://a.localhost/x/y", "n=v").unwrap().path, "/x");
    }

    #[test]
    fn each_rule_refuses() {
        use CookieRefusal::*;
        let https = "https://acme.corp.example/";
        let rows = [
            ("Secure over http", "http://a.vestibule.localhost/", "n=v; Secure", SecureOverHttp),
            ("__Host- without Secure", https, "__Host-n=v; Path=/", HostPrefix),
            ("__Host- below a path", https, "__Host-n=v; Secure; Path=/a", HostPrefix),
            (
                "__Host- with Domain",
                https,
                "__host-n=v; Secure; Path=/; Domain=acme.corp.example",
                HostPrefix,
            ),
            ("__Secure- without Secure", https, "__Secure-n=v", SecurePrefix),
            ("None without Secure", https, "n=v; SameSite=None", NoneWithoutSecure),
            ("a sister's Domain", https, "n=v; Domain=other.corp.example", ForeignDomain),
            ("a suffix as Domain", https, "n=v; Domain=example", ForeignDomain),
            ("half a label", https, "n=v; Domain=orp.example", ForeignDomain),
            ("a control character", https, "n=\u{1}", Malformed),
            ("nothing", https, "=; Path=/", Malformed),
        ];
        for (name, url, line, refusal) in rows {
            assert_eq!(parse(url, line), Err(refusal), "{name}");
        }
        assert_eq!(parse(https, &format!("n={}", "v".repeat(4096))), Err(TooLong));
    }

    #[test]
    fn lifetimes_are_read() {
        let of = |line| parse("http://a.localhost/", line).unwrap().lifetime;
        assert_eq!(of("n=v; Max-Age=60"), Lifetime::Until(1_060));
        assert_eq!(of("n=v; Max-Age=0"), Lifetime::Until(0));
        assert_eq!(of("n=v; Expires=Thu, 01 Jan 1970 00:00:01 GMT"), Lifetime::Until(1));
        assert_eq!(of("n=v; Expires=Sun, 06 Nov 1994 08:49:37 GMT"), Lifetime::Until(784_111_777));
        assert_eq!(of("n=v; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:01 GMT"), Lifetime::Until(1_005));
    }
}
