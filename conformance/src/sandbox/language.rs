//! The language of a page: English unless the browser would rather have Japanese (RFC 9110 section 12.5.4).

use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Japanese,
}

impl Language {
    pub(super) fn wanted(headers: &HeaderMap) -> Self {
        let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let weight = |language| header.split(',').filter_map(|range| weight_of(range, language)).max();
        if weight("ja") > weight("en") { Self::Japanese } else { Self::English }
    }

    /// One of two texts that mean the same.
    pub(super) fn say(self, english: &'static str, japanese: &'static str) -> &'static str {
        match self {
            Self::English => english,
            Self::Japanese => japanese,
        }
    }

    pub(super) fn tag(self) -> &'static str {
        self.say("en", "ja")
    }
}

/// In thousandths; an earlier language of the same weight does not win, English does.
fn weight_of(range: &str, language: &str) -> Option<u16> {
    let (tag, parameter) = range.split_once(';').unwrap_or((range, "q=1"));
    let primary = tag.trim().split('-').next().unwrap_or_default();
    if !primary.eq_ignore_ascii_case(language) {
        return None;
    }
    let digits = parameter.trim().strip_prefix("q=")?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let thousandths: u16 = format!("{whole}{fraction:0<3}").parse().ok()?;
    (thousandths > 0).then_some(thousandths.min(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heavier_language_wins() {
        let rows = [
            ("", Language::English),
            ("ja", Language::Japanese),
            ("ja-JP,ja;q=0.9,en-US;q=0.8,en;q=0.7", Language::Japanese),
            ("en-US,en;q=0.9,ja;q=0.8", Language::English),
            ("en;q=0.5, ja;q=0.75", Language::Japanese),
            ("de, ja;q=0.1", Language::Japanese),
            ("ja;q=0", Language::English),
            ("jav", Language::English),
            ("ja;q=x", Language::English),
        ];
        for (header, expected) in rows {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, header.parse().unwrap());
            assert_eq!(Language::wanted(&headers), expected, "{header}");
        }
    }
}
