//! Distinguished names (RFC 4514): two spellings of one name are equal.

/// Characters that a value escapes wherever they stand (RFC 4514 §2.4).
const SPECIAL: &str = ",+\"\\<>;=";

/// A name as it was spelt, and its parts in lower case, the leaf first.
#[derive(Clone, Debug)]
pub(crate) struct Dn {
    text: String,
    parts: Vec<(String, String)>,
}

impl PartialEq for Dn {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl Dn {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        if !text.trim().is_empty() {
            for part in split(text) {
                let (attribute, value) = part.split_once('=')?;
                let value = unescape(trim(value))?;
                parts.push((attribute.trim().to_lowercase(), value.to_lowercase()));
            }
        }
        Some(Self { text: text.to_owned(), parts })
    }

    /// `DC=corp,DC=example` of `corp.example`.
    pub(super) fn of_domain(domain: &str) -> Self {
        let labels = domain.split('.').filter(|label| !label.is_empty());
        let text: Vec<_> = labels.clone().map(|label| format!("DC={label}")).collect();
        let parts = labels.map(|label| ("dc".to_owned(), label.to_lowercase())).collect();
        Self { text: text.join(","), parts }
    }

    /// The name of a thing below this one.
    pub(super) fn child(&self, attribute: &str, value: &str) -> Self {
        let own = (attribute.to_lowercase(), value.to_lowercase());
        Self {
            text: format!("{attribute}={},{}", escape(value), self.text),
            parts: std::iter::once(own).chain(self.parts.iter().cloned()).collect(),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether this is the rootDSE's name.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// How many levels this stands below `base`: 0 for itself, `None` when it stands elsewhere.
    pub(super) fn depth_below(&self, base: &Self) -> Option<usize> {
        let depth = self.parts.len().checked_sub(base.parts.len())?;
        (self.parts.get(depth..) == Some(base.parts.as_slice())).then_some(depth)
    }
}

/// The value of one part, so that it reads back as itself.
fn escape(value: &str) -> String {
    let last = value.chars().count().saturating_sub(1);
    let mut escaped = String::new();
    for (place, sign) in value.chars().enumerate() {
        let edge = (place == 0 && (sign == ' ' || sign == '#')) || (place == last && sign == ' ');
        if edge || SPECIAL.contains(sign) {
            escaped.push('\\');
        }
        escaped.push(sign);
    }
    escaped
}

/// At commas that nothing escapes.
fn split(text: &str) -> Vec<&str> {
    let mut escaped = false;
    text.split(|sign| {
        let separates = sign == ',' && !escaped;
        escaped = sign == '\\' && !escaped;
        separates
    })
    .collect()
}

/// Without the spaces around, but with an escaped one at the end.
fn trim(value: &str) -> &str {
    let value = value.trim_start_matches(' ');
    let bare = value.trim_end_matches(' ');
    if bare.ends_with('\\') { value.get(..=bare.len()).unwrap_or(bare) } else { bare }
}

/// `\,` and `\c3\bc` to what they stand for.
fn unescape(value: &str) -> Option<String> {
    let (mut octets, mut rest) = (Vec::new(), value.as_bytes());
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'\\' {
            octets.push(first);
            continue;
        }
        let hex = rest.get(..2).filter(|pair| pair.iter().all(u8::is_ascii_hexdigit));
        let hex = hex.and_then(|pair| std::str::from_utf8(pair).ok());
        if let Some(octet) = hex.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            octets.push(octet);
            rest = rest.get(2..)?;
        } else {
            let (&escaped, after) = rest.split_first()?;
            octets.push(escaped);
            rest = after;
        }
    }
    String::from_utf8(octets).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_of_one_name_are_equal() {
        let name = Dn::of_domain("corp.example").child("CN", "Müller, Jörg (#1)*");
        assert_eq!(name.as_str(), "CN=Müller\\, Jörg (#1)*,DC=corp,DC=example");
        for spelling in [
            name.as_str(),
            "cn=müller\\2C jörg (#1)* , dc=CORP,dc=Example",
            "CN=M\\C3\\BCller\\, J\\c3\\b6rg \\28#1\\29\\2a,DC=corp,DC=example",
        ] {
            assert_eq!(Dn::parse(spelling), Some(name.clone()), "{spelling}");
        }
        for other in ["CN=Müller,DC=corp,DC=example", "CN=Müller\\, Jörg (#1)*,DC=corp", ""] {
            assert_ne!(Dn::parse(other), Some(name.clone()), "{other}");
        }
        for broken in ["alice", "alice@corp.example", "CORP\\alice", "CN=a\\", "CN=a,,DC=b"] {
            assert_eq!(Dn::parse(broken), None, "{broken}");
        }
    }

    #[test]
    fn a_value_survives_whatever_it_holds() {
        for value in [" a", "a ", "#a", "a,b", "a+b", "a\"b", "a\\b", "a<b>c;d=e", "山田 花子", "a\\, "] {
            let name = Dn::of_domain("example").child("CN", value);
            assert_eq!(Dn::parse(name.as_str()), Some(name.clone()), "{value:?}: {}", name.as_str());
        }
    }

    #[test]
    fn depth_is_counted_from_the_base() {
        let base = Dn::of_domain("corp.example");
        let leaf = base.child("CN", "Users").child("CN", "a");
        assert_eq!(leaf.depth_below(&base), Some(2));
        assert_eq!(base.depth_below(&base), Some(0));
        assert_eq!(base.depth_below(&leaf), None);
        assert_eq!(leaf.depth_below(&Dn::of_domain("other.example")), None);
    }
}
