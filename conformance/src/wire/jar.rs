//! The cookie jar: which cookies are kept and which a request carries (RFC 6265bis §5.7-5.8).

use http::HeaderMap;
use http::header::SET_COOKIE;
use url::Url;

use super::cookie::{Cookie, CookieRefusal, Lifetime, SameSite, domain_match};

/// Cookies a host may keep; the oldest goes first, as in Chromium.
const MAX_PER_HOST: usize = 180;

/// How a request stands to the site that started it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Same site all along the chain: every cookie goes along.
    SameSite,
    /// Another site's top-level navigation with a safe method: Lax goes along, Strict does not.
    CrossSiteNavigation,
    /// Another site's form post, picture or script: only `SameSite=None` goes along.
    CrossSite,
}

/// The cookies of one browser; a clone is a copy of its own.
#[derive(Clone, Debug, Default)]
pub struct CookieJar {
    cookies: Vec<Cookie>,
    refused: Vec<(String, CookieRefusal)>,
}

impl CookieJar {
    /// Takes every `Set-Cookie` of a response in order; what is refused is remembered.
    pub fn take(&mut self, headers: &HeaderMap, url: &Url, relation: Relation, now: i64) {
        for value in headers.get_all(SET_COOKIE) {
            let line = String::from_utf8_lossy(value.as_bytes());
            if let Err(refusal) = self.set(&line, url, relation, now) {
                self.refused.push((line.into_owned(), refusal));
            }
        }
    }

    /// Takes one `Set-Cookie` value.
    ///
    /// # Errors
    /// The clause of RFC 6265bis that keeps it out.
    pub fn set(&mut self, line: &str, url: &Url, relation: Relation, now: i64) -> Result<(), CookieRefusal> {
        let cookie = Cookie::parse(line, url, now)?;
        // RFC 6265bis §5.7: another site's subresource sets nothing but SameSite=None.
        if relation == Relation::CrossSite && cookie.same_site != SameSite::None {
            return Err(CookieRefusal::CrossSite);
        }
        if url.scheme() != "https" && self.cookies.iter().any(|kept| shadows(&cookie, kept)) {
            return Err(CookieRefusal::ShadowsSecure);
        }
        self.put(cookie, now);
        Ok(())
    }

    fn put(&mut self, cookie: Cookie, now: i64) {
        // A replacement keeps its place, thus its age (RFC 6265bis §5.7 step 24).
        match self.cookies.iter_mut().find(|kept| same_place(kept, &cookie)) {
            Some(kept) => *kept = cookie,
            None => self.cookies.push(cookie),
        }
        self.drop_expired(now);
        if let Some(domain) = self.cookies.last().map(|last| last.domain.clone())
            && self.cookies.iter().filter(|kept| kept.domain == domain).count() > MAX_PER_HOST
            && let Some(oldest) = self.cookies.iter().position(|kept| kept.domain == domain)
        {
            self.cookies.remove(oldest);
        }
    }

    /// The `Cookie` header for a request, longer paths first, then older ones; `None` if empty.
    pub fn header(&mut self, url: &Url, relation: Relation, now: i64) -> Option<String> {
        self.drop_expired(now);
        let mut going: Vec<&Cookie> =
            self.cookies.iter().filter(|cookie| goes(cookie, url, relation)).collect();
        going.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<String> = going.iter().map(|cookie| pair(cookie)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Every cookie that some page of this host would send.
    pub fn of_host<'a>(&'a self, host: &'a str) -> impl Iterator<Item = &'a Cookie> {
        self.cookies.iter().filter(move |cookie| host_fits(cookie, host))
    }

    /// Every `Set-Cookie` that was refused, oldest first.
    #[must_use]
    pub fn refused(&self) -> &[(String, CookieRefusal)] {
        &self.refused
    }

    /// Forgets the cookies of that name at that host.
    pub fn remove(&mut self, host: &str, name: &str) {
        self.cookies.retain(|cookie| cookie.name != name || !host_fits(cookie, host));
    }

    /// Forgets what ends with the browser's process, as closing it does.
    pub fn end_session(&mut self) {
        self.cookies.retain(|cookie| cookie.lifetime != Lifetime::Session);
    }

    fn drop_expired(&mut self, now: i64) {
        self.cookies.retain(|cookie| match cookie.lifetime {
            Lifetime::Session => true,
            Lifetime::Until(end) => end > now,
        });
    }
}

fn goes(cookie: &Cookie, url: &Url, relation: Relation) -> bool {
    let travels = match (cookie.same_site, relation) {
        (_, Relation::SameSite) | (SameSite::None, _) | (SameSite::Lax, Relation::CrossSiteNavigation) => {
            true
        }
        (SameSite::Strict | SameSite::Lax, Relation::CrossSite)
        | (SameSite::Strict, Relation::CrossSiteNavigation) => false,
    };
    travels
        && (!cookie.secure || url.scheme() == "https")
        && host_fits(cookie, url.host_str().unwrap_or_default())
        && path_match(url.path(), &cookie.path)
}

fn host_fits(cookie: &Cookie, host: &str) -> bool {
    if cookie.host_only { cookie.domain == host } else { domain_match(host, &cookie.domain) }
}

/// RFC 6265bis §5.1.4.
fn path_match(request: &str, cookie: &str) -> bool {
    request
        .strip_prefix(cookie)
        .is_some_and(|rest| rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/'))
}

fn same_place(left: &Cookie, right: &Cookie) -> bool {
    left.name == right.name
        && left.domain == right.domain
        && left.path == right.path
        && left.host_only == right.host_only
}

/// RFC 6265bis §5.7, "leave secure cookies alone": http may not hide what https set.
fn shadows(new: &Cookie, kept: &Cookie) -> bool {
    kept.secure
        && kept.name == new.name
        && (domain_match(&new.domain, &kept.domain) || domain_match(&kept.domain, &new.domain))
        && path_match(&new.path, &kept.path)
}

fn pair(cookie: &Cookie) -> String {
    if cookie.name.is_empty() { cookie.value.clone() } else { format!("{}={}", cookie.name, cookie.value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn jar(at: &str, lines: &[&str]) -> CookieJar {
        let mut jar = CookieJar::default();
        for line in lines {
            jar.set(line, &url(at), Relation::SameSite, 0).unwrap();
        }
        jar
    }

    #[test]
    fn same_site_decides_what_travels() {
        let lines = ["s=1; SameSite=Strict", "l=1; SameSite=Lax", "d=1", "n=1; SameSite=None; Secure"];
        let mut jar = jar("https://acme.corp.example/", &lines);
        let rows = [
            (Relation::SameSite, "s=1; l=1; d=1; n=1"),
            (Relation::CrossSiteNavigation, "l=1; d=1; n=1"),
            (Relation::CrossSite, "n=1"),
        ];
        for (relation, expected) in rows {
            let header = jar.header(&url("https://acme.corp.example/"), relation, 0);
            assert_eq!(header.as_deref(), Some(expected), "{relation:?}");
        }
    }

    #[test]
    fn host_path_and_scheme_decide_too() {
        let mut jar = jar("https://acme.corp.example/", &["h=1", "p=1; Path=/a", "s=1; Secure; Path=/"]);
        jar.set("w=1; Domain=corp.example", &url("https://acme.corp.example/"), Relation::SameSite, 0)
            .unwrap();
        let rows = [
            ("its own host", "https://acme.corp.example/", Some("h=1; s=1; w=1")),
            ("below the path", "https://acme.corp.example/a/b", Some("p=1; h=1; s=1; w=1")),
            ("beside the path", "https://acme.corp.example/ab", Some("h=1; s=1; w=1")),
            ("over http", "http://acme.corp.example/", Some("h=1; w=1")),
            ("a sub-host", "https://x.acme.corp.example/", Some("w=1")),
            ("another host", "https://acme.other.example/", None),
        ];
        for (name, at, expected) in rows {
            assert_eq!(jar.header(&url(at), Relation::SameSite, 0).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn replacing_ending_and_shadowing() {
        let at = url("https://acme.corp.example/");
        let mut jar = jar(at.as_str(), &["n=1; Secure", "n=2; Secure", "m=1; Max-Age=5"]);
        assert_eq!(jar.header(&at, Relation::SameSite, 4).as_deref(), Some("n=2; m=1"));
        assert_eq!(jar.header(&at, Relation::SameSite, 5).as_deref(), Some("n=2"));
        let plain = url("http://acme.corp.example/");
        let shadow = jar.set("n=3", &plain, Relation::SameSite, 0);
        assert_eq!(shadow, Err(CookieRefusal::ShadowsSecure));
        assert_eq!(jar.set("x=1", &plain, Relation::CrossSite, 0), Err(CookieRefusal::CrossSite));
        jar.set("n=; Max-Age=0; Secure", &at, Relation::SameSite, 5).unwrap();
        assert_eq!(jar.header(&at, Relation::SameSite, 5), None);
    }

    #[test]
    fn a_host_keeps_180_cookies() {
        let mut jar = CookieJar::default();
        for n in 0..200 {
            jar.set(&format!("c{n}=1"), &url("http://a.localhost/"), Relation::SameSite, 0).unwrap();
        }
        assert_eq!(jar.of_host("a.localhost").count(), 180);
        assert!(jar.of_host("a.localhost").all(|cookie| cookie.name != "c19"));
    }
}
