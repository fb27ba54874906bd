//! Where a person lands after the sign-in: one path and query of this host, and nothing that a browser could take for
//! another host (open redirects; RFC 9700 §4.11).
//!
//! Anything else is not repaired but becomes `/`, so that a sign-in never fails for a bad address.

use serde::{Deserialize, Serialize};

use crate::CanonicalPath;

const MAX_BYTES: usize = 2048;
/// The broker's own paths on a workspace: to land on one could start or end something (login CSRF, sign-out).
const OWN: &str = "/.vestibule";
/// The one of them that only asks.
const SIGN_OUT: &str = "/.vestibule/sign-out";

/// A path in its canonical form and, where there was one, its query; visible ASCII, at most 2048 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Landing(String);

impl Landing {
    /// Reads a path with query; whatever is not one of this host becomes `/`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        accepted(text).map_or_else(Self::default, Self)
    }

    /// The path and query.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Itself when it fits into `limit` bytes, else its path, else `/`: cookies have room for so much only.
    #[must_use]
    pub fn shortened(self, limit: usize) -> Self {
        if self.0.len() <= limit {
            return self;
        }
        match self.0.split_once('?') {
            Some((path, _)) if path.len() <= limit => Self(path.to_owned()),
            Some(_) | None => Self::default(),
        }
    }
}

fn accepted(text: &str) -> Option<String> {
    if text.len() > MAX_BYTES || !text.bytes().all(|byte| byte.is_ascii_graphic()) || text.contains('#') {
        return None;
    }
    let (path, query) = text.split_once('?').map_or((text, None), |(path, query)| (path, Some(query)));
    let path = CanonicalPath::parse(path).ok()?;
    let below_own =
        path.as_str().strip_prefix(OWN).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if below_own && path.as_str() != SIGN_OUT {
        return None;
    }
    let landing = match query {
        Some(query) => format!("{path}?{query}"),
        None => path.to_string(),
    };
    (landing.len() <= MAX_BYTES).then_some(landing)
}

impl Default for Landing {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

impl From<String> for Landing {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

impl From<Landing> for String {
    fn from(landing: Landing) -> Self {
        landing.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_host_are_kept() {
        for (text, expected) in [
            ("/", "/"),
            ("/reports?from=1&to=//2", "/reports?from=1&to=//2"),
            ("/a/../b?x", "/b?x"),
            ("/?", "/?"),
            ("/.vestibule-app", "/.vestibule-app"),
            ("/.vestibule/sign-out", "/.vestibule/sign-out"),
            ("/.vestibule/sign-out?x", "/.vestibule/sign-out?x"),
            ("/%2evestibule/sign-out", "/.vestibule/sign-out"),
        ] {
            assert_eq!(Landing::parse(text).as_str(), expected, "{text}");
            assert_eq!(Landing::parse(expected).as_str(), expected, "{text}, again");
        }
    }

    #[test]
    fn everything_else_becomes_the_root() {
        let long = format!("/{}", "a".repeat(MAX_BYTES));
        for text in [
            "",
            "reports",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "///evil.example",
            "http://evil.example/",
            "http:/evil",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x",
            "/a b",
            "/a#b",
            "/a?b#c",
            "/%2f/evil.example",
            "/%5cevil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            "/.vestibule",
            "/.vestibule/",
            "/.vestibule/sign-out/",
            "/.vestibule/sign-out/x",
            "/.vestibule/sign-outs",
            "/.vestibule/complete",
            "/.vestibule/sign-in",
            "/.vestibule/signed-out",
            "/%2evestibule/sign-in",
            "/a/../.vestibule/complete",
            "/.vestibule/sign-out/../complete",
            "/é",
            "/.vestibule?x",
            "?x",
            "@evil.example",
            &long,
        ] {
            assert_eq!(Landing::parse(text).as_str(), "/", "{text:?}");
        }
    }

    #[test]
    fn shortening_gives_up_the_query_first() {
        let landing = Landing::parse("/reports?from=1");
        for (limit, expected) in
            [(15, "/reports?from=1"), (14, "/reports"), (8, "/reports"), (7, "/"), (0, "/")]
        {
            assert_eq!(landing.clone().shortened(limit).as_str(), expected, "{limit}");
        }
    }

    #[test]
    fn stored_values_are_checked_again() {
        assert_eq!(serde_json::from_str::<Landing>("\"//evil.example\"").unwrap().as_str(), "/");
    }
}
