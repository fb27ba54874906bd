//! `Referrer-Policy`, and what it does to `Referer` and to `Origin` (Referrer Policy §8.3, Fetch §3.2).

use http::HeaderMap;
use http::header::REFERRER_POLICY;
use url::Url;

use super::site::same_origin;

/// The policies of the specification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ReferrerPolicy {
    NoReferrer,
    NoReferrerWhenDowngrade,
    Origin,
    OriginWhenCrossOrigin,
    SameOrigin,
    StrictOrigin,
    #[default]
    StrictOriginWhenCrossOrigin,
    UnsafeUrl,
}

impl ReferrerPolicy {
    /// The last policy of the header that is known; `None` where the header says nothing.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let lines = headers.get_all(REFERRER_POLICY).into_iter().filter_map(|value| value.to_str().ok());
        lines.flat_map(|line| line.split(',')).filter_map(|token| Self::named(token.trim())).next_back()
    }

    fn named(token: &str) -> Option<Self> {
        match token.to_ascii_lowercase().as_str() {
            "no-referrer" => Some(Self::NoReferrer),
            "no-referrer-when-downgrade" => Some(Self::NoReferrerWhenDowngrade),
            "origin" => Some(Self::Origin),
            "origin-when-cross-origin" => Some(Self::OriginWhenCrossOrigin),
            "same-origin" => Some(Self::SameOrigin),
            "strict-origin" => Some(Self::StrictOrigin),
            "strict-origin-when-cross-origin" => Some(Self::StrictOriginWhenCrossOrigin),
            "unsafe-url" => Some(Self::UnsafeUrl),
            _ => None,
        }
    }

    /// The `Referer` that a request to `target` carries for a page at `from`.
    pub(super) fn referer(self, from: &Url, target: &Url) -> Option<String> {
        let whole = || Some(without_secrets(from).into());
        let origin = || Some(format!("{}/", from.origin().ascii_serialization()));
        let (same, downgrade) = (same_origin(from, target), is_downgrade(from, target));
        match self {
            Self::NoReferrer => None,
            Self::UnsafeUrl => whole(),
            Self::Origin => origin(),
            Self::SameOrigin => same.then(whole).flatten(),
            Self::NoReferrerWhenDowngrade => (!downgrade).then(whole).flatten(),
            Self::OriginWhenCrossOrigin => {
                if same {
                    whole()
                } else {
                    origin()
                }
            }
            Self::StrictOriginWhenCrossOrigin if same => whole(),
            Self::StrictOrigin | Self::StrictOriginWhenCrossOrigin => (!downgrade).then(origin).flatten(),
        }
    }

    /// Fetch, "append a request `Origin` header": where an unsafe method says `null` instead.
    pub(super) fn hides_origin(self, from: &Url, target: &Url) -> bool {
        match self {
            Self::NoReferrer => true,
            Self::SameOrigin => !same_origin(from, target),
            Self::NoReferrerWhenDowngrade | Self::StrictOrigin | Self::StrictOriginWhenCrossOrigin => {
                is_downgrade(from, target)
            }
            Self::Origin | Self::OriginWhenCrossOrigin | Self::UnsafeUrl => false,
        }
    }
}

fn is_downgrade(from: &Url, target: &Url) -> bool {
    from.scheme() == "https" && target.scheme() != "https"
}

/// A referrer never carries fragment, user or password.
fn without_secrets(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    // Both fail only for addresses without a host, which no page of ours has.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_shape_referer_and_origin() {
        let from = Url::parse("https://a.example/page?q=1#f").unwrap();
        let (same, other) =
            (Url::parse("https://a.example/x").unwrap(), Url::parse("https://b.example/").unwrap());
        let plain = Url::parse("http://b.example/").unwrap();
        let rows = [
            ("no-referrer", [None, None, None], [true, true, true]),
            ("same-origin", [Some("https://a.example/page?q=1"), None, None], [false, true, true]),
            (
                "",
                [Some("https://a.example/page?q=1"), Some("https://a.example/"), None],
                [false, false, true],
            ),
            ("unsafe-url", [Some("https://a.example/page?q=1"); 3], [false, false, false]),
        ];
        for (name, referers, hidden) in rows {
            let policy = ReferrerPolicy::named(name).unwrap_or_default();
            for (index, target) in [&same, &other, &plain].into_iter().enumerate() {
                assert_eq!(policy.referer(&from, target).as_deref(), referers[index], "{name} {target}");
                assert_eq!(policy.hides_origin(&from, target), hidden[index], "{name} {target}");
            }
        }
    }
}
