//! How long a fetched document may be believed (OIDC-RP-19; RFC 9111 §5.2.2).

use std::time::Duration;

use http::HeaderMap;
use http::header::CACHE_CONTROL;

/// Where the provider says nothing.
const DEFAULT: Duration = Duration::from_mins(10);
/// Whatever the provider says: a withdrawn key must not live on for a day.
const LONGEST: Duration = Duration::from_hours(1);

/// The lifetime of an answer with these headers; zero when it must not be kept.
pub(super) fn of(headers: &HeaderMap) -> Duration {
    let mut lifetime = DEFAULT;
    for value in headers.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok()) {
        for directive in value.split(',').map(|directive| directive.trim().to_ascii_lowercase()) {
            if matches!(directive.as_str(), "no-store" | "no-cache") {
                return Duration::ZERO;
            }
            if let Some(seconds) = directive.strip_prefix("max-age=").and_then(|text| text.parse().ok()) {
                lifetime = Duration::from_secs(seconds);
            }
        }
    }
    lifetime.min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_provider_within_bounds() {
        for (value, expected) in [
            ("", DEFAULT),
            ("public, max-age=60", Duration::from_mins(1)),
            ("max-age=86400", LONGEST),
            ("max-age=0", Duration::ZERO),
            ("max-age=600, no-store", Duration::ZERO),
            ("No-Cache", Duration::ZERO),
            ("max-age=soon", DEFAULT),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CACHE_CONTROL, value.parse().unwrap());
            assert_eq!(of(&headers), expected, "{value}");
        }
    }
}
