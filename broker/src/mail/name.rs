//! What people typed and others read in a mail: names of organisations and of people. It is one line of visible text, so that
//! it can neither begin a header of its own nor turn the text around it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest that is shown, in characters.
const LONGEST: usize = 128;

/// A name that people gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Name(String);

impl Name {
    /// The text without what no name has: control characters, line ends, marks that turn the direction of text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let shown = |c: char| if c.is_control() || is_format(c) { ' ' } else { c };
        let text: String = text.chars().map(shown).collect();
        let words: Vec<&str> = text.split_whitespace().collect();
        Self(words.join(" ").chars().take(LONGEST).collect())
    }

    /// The name; it may be empty.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Line and paragraph ends, and the invisible marks of direction (UAX #9 §2) and of joining.
const fn is_format(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for Name {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_of_visible_text() {
        for (given, shown) in [
            ("Acme Worldwide", "Acme Worldwide"),
            ("  Acme \t Worldwide ", "Acme Worldwide"),
            ("Acme\r\nBcc: all@corp.example\r\n\r\n<p>", "Acme Bcc: all@corp.example <p>"),
            ("Acme\u{2028}Bcc:\u{85}x\u{0}", "Acme Bcc: x"),
            ("\u{202e}emcA\u{2066}", "emcA"),
            ("株式会社アクメ", "株式会社アクメ"),
            ("\u{200b}", ""),
        ] {
            assert_eq!(Name::new(given).as_str(), shown, "{given:?}");
        }
        assert_eq!(Name::new(&"é".repeat(500)).as_str().chars().count(), 128);
    }
}
