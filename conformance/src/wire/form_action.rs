//! CSP `form-action`, held against a submission and against every redirect that follows it (CSP3 §6.4.1):
//! browsers do that, and a sign-in that leaves through a form post breaks where a test client does not.

use http::HeaderMap;
use http::header::CONTENT_SECURITY_POLICY;
use url::Url;

use super::site::same_origin;

/// The `form-action` lists of one page, each of which has to allow the target.
#[derive(Clone, Debug)]
pub(super) struct FormAction {
    page: Url,
    lists: Vec<String>,
}

impl FormAction {
    /// The lists of every policy of the response that names the directive.
    pub(super) fn of(headers: &HeaderMap, page: &Url) -> Self {
        let lines =
            headers.get_all(CONTENT_SECURITY_POLICY).into_iter().filter_map(|value| value.to_str().ok());
        let lists = lines.flat_map(|line| line.split(',')).filter_map(directive).collect();
        Self { page: page.clone(), lists }
    }

    /// The list that forbids going to `target`, if one does. After a redirect paths do not count.
    pub(super) fn forbids(&self, target: &Url, redirected: bool) -> Option<&str> {
        let allows = |list: &&String| {
            list.split_ascii_whitespace().any(|source| self.source_allows(source, target, redirected))
        };
        self.lists.iter().find(|list| !allows(list)).map(String::as_str)
    }

    fn source_allows(&self, source: &str, target: &Url, redirected: bool) -> bool {
        match source.to_ascii_lowercase().as_str() {
            "'none'" => false,
            "'self'" => same_origin(&self.page, target),
            "*" => matches!(target.scheme(), "http" | "https"),
            scheme if scheme.ends_with(':') => scheme_fits(scheme.trim_end_matches(':'), target.scheme()),
            _ => self.host_source_allows(source, target, redirected),
        }
    }

    fn host_source_allows(&self, source: &str, target: &Url, redirected: bool) -> bool {
        let (scheme, rest) = source.split_once("://").unwrap_or((self.page.scheme(), source));
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        let (host, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
        scheme_fits(&scheme.to_ascii_lowercase(), target.scheme())
            && host_fits(&host.to_ascii_lowercase(), target.host_str().unwrap_or_default())
            && port_fits(port, target)
            && (redirected || path_fits(path, target.path()))
    }
}

fn directive(policy: &str) -> Option<String> {
    policy.split(';').find_map(|directive| {
        let (name, list) = directive.trim().split_once(' ').unwrap_or((directive.trim(), ""));
        name.eq_ignore_ascii_case("form-action").then(|| list.to_owned())
    })
}

/// CSP3 §6.7.2.8: http in a list covers https as well.
fn scheme_fits(listed: &str, actual: &str) -> bool {
    listed == actual || listed == "http" && actual == "https"
}

fn host_fits(listed: &str, actual: &str) -> bool {
    match listed.strip_prefix('*') {
        Some(suffix) => actual.ends_with(suffix) && actual != suffix,
        None => listed == actual,
    }
}

fn port_fits(listed: &str, target: &Url) -> bool {
    match listed {
        "*" => true,
        "" => target.port().is_none(),
        port => port.parse().ok() == target.port_or_known_default(),
    }
}

fn path_fits(listed: &str, actual: &str) -> bool {
    listed.is_empty() || if listed.ends_with('/') { actual.starts_with(listed) } else { actual == listed }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn each_kind_of_source() {
        let rows = [
            ("no directive", "default-src 'none'", "https://evil.example/", false, true),
            ("'self', own origin", "form-action 'self'", "http://a.localhost:1/x", false, true),
            ("'self', another port", "form-action 'self'", "http://a.localhost:2/", false, false),
            ("'none'", "form-action 'none'", "http://a.localhost:1/", false, false),
            ("a scheme", "form-action https:", "https://evil.example/", false, true),
            ("a scheme that is not it", "form-action https:", "http://evil.example/", false, false),
            ("http covers https", "form-action http:", "https://evil.example/", false, true),
            ("a host with port", "form-action http://b.localhost:7", "http://b.localhost:7/", false, true),
            (
                "a host without its port",
                "form-action http://b.localhost",
                "http://b.localhost:7/",
                false,
                false,
            ),
            ("a wildcard", "form-action *.localhost:*", "http://b.localhost:7/", false, true),
            ("not the wildcard's parent", "form-action *.localhost:*", "http://localhost/", false, false),
            ("a path", "form-action http://b.localhost/in", "http://b.localhost/out", false, false),
            (
                "a path after a redirect",
                "form-action http://b.localhost/in",
                "http://b.localhost/out",
                true,
                true,
            ),
            ("two policies", "form-action *, form-action 'self'", "https://evil.example/", false, false),
            ("an empty list", "form-action", "http://a.localhost:1/", false, false),
        ];
        for (name, policy, target, redirected, allowed) in rows {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
            let guard = FormAction::of(&headers, &Url::parse("http://a.localhost:1/page").unwrap());
            let refused = guard.forbids(&Url::parse(target).unwrap(), redirected);
            assert_eq!(refused.is_none(), allowed, "{name}");
        }
    }
}
