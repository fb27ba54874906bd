//! The language of a page, chosen from `Accept-Language` (RFC 9110 §12.5.4, ranges by RFC 4647 §3.3.1).

/// A language that every page is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// British English; the answer to everybody who asks for neither.
    English,
    /// Japanese.
    Japanese,
}

/// Longest `Accept-Language` that is read, in bytes; browsers send well under a hundred.
const LONGEST: usize = 512;

impl Language {
    /// The language that the header prefers; English when it is absent, malformed, longer than 512 bytes or names
    /// neither. Of two with the same weight the first one wins.
    #[must_use]
    pub fn negotiate(accept_language: Option<&str>) -> Language {
        let Some(header) = accept_language.filter(|header| header.len() <= LONGEST) else {
            return Language::English;
        };
        let ranges: Vec<Range<'_>> = header.split(',').enumerate().filter_map(Range::parse).collect();
        let japanese = preference(&ranges, Language::Japanese);
        if japanese.0 > 0 && japanese > preference(&ranges, Language::English) {
            Language::Japanese
        } else {
            Language::English
        }
    }

    /// The tag for `<html lang>` and `Content-Language` (BCP 47).
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Japanese => "ja",
        }
    }
}

/// One element of the header.
struct Range<'a> {
    primary: &'a str,
    weight: u16,
    position: usize,
}

impl<'a> Range<'a> {
    fn parse((position, element): (usize, &'a str)) -> Option<Self> {
        let mut parts = element.split(';').map(str::trim);
        let primary = parts.next()?.split('-').next().filter(|primary| !primary.is_empty())?;
        let weight = match (parts.next(), parts.next()) {
            (None, _) => 1000,
            (Some(parameter), None) => weight(parameter)?,
            (Some(_), Some(_)) => return None,
        };
        Some(Self { primary, weight, position })
    }
}

/// RFC 9110 §12.4.2: `q=` and a number from 0 to 1 with at most three decimals; in thousandths.
fn weight(parameter: &str) -> Option<u16> {
    let value = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="))?;
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: u16 = format!("{decimals:0<3}").parse().ok()?;
    match (whole, thousandths) {
        ("0", thousandths) => Some(thousandths),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

/// Weight and earliness of a language; `*` stands for a language that no range names.
fn preference(ranges: &[Range<'_>], language: Language) -> (u16, std::cmp::Reverse<usize>) {
    let best = |primary: &str| {
        let named = ranges.iter().filter(|range| range.primary.eq_ignore_ascii_case(primary));
        named.map(|range| (range.weight, std::cmp::Reverse(range.position))).max()
    };
    best(language.tag()).or_else(|| best("*")).unwrap_or((0, std::cmp::Reverse(usize::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_decides_and_english_is_the_rest() {
        let capped = format!("ja{}", " ".repeat(LONGEST - 2));
        let too_long = format!("ja{}", " ".repeat(LONGEST - 1));
        let rows = [
            ("Chrome in Japan", "ja,en-US;q=0.9,en;q=0.8", Language::Japanese),
            ("Firefox in Japan", "ja,en-US;q=0.7,en;q=0.3", Language::Japanese),
            ("with a region", "ja-JP", Language::Japanese),
            ("upper case", "JA;Q=0.8", Language::Japanese),
            ("after a language we lack", "fr, ja;q=0.5, en;q=0.4", Language::Japanese),
            ("the best of several ranges counts", "ja-JP;q=0.2, en;q=0.5, ja;q=0.9", Language::Japanese),
            ("first of equals", "ja, en", Language::Japanese),
            ("anything but English", "en;q=0, *", Language::Japanese),
            ("as long as is read", &capped, Language::Japanese),
            ("one byte longer", &too_long, Language::English),
            ("second of equals", "en, ja", Language::English),
            ("Japanese refused", "ja;q=0", Language::English),
            ("both refused", "ja;q=0, en;q=0", Language::English),
            ("anything", "*", Language::English),
            ("neither", "fr, de;q=0.5", Language::English),
            ("another language that begins alike", "jam", Language::English),
            ("weight out of range", "ja;q=1.1", Language::English),
            ("weight with four decimals", "ja;q=0.1234", Language::English),
            ("weight that is no number", "ja;q=high", Language::English),
            ("negative weight", "ja;q=-1", Language::English),
            ("two parameters", "ja;q=1;q=1", Language::English),
            ("nothing", "", Language::English),
            ("commas", ",,;,", Language::English),
        ];
        for (name, header, language) in rows {
            assert_eq!(Language::negotiate(Some(header)), language, "{name}");
        }
        assert_eq!(Language::negotiate(None), Language::English);
    }
}
