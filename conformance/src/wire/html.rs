//! As much HTML as forms and links need: tags, attributes, text. Not a tree builder: what a test reads
//! from a page of ours is well-formed, or the test should fail.

/// One piece of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Text with its character references resolved.
    Text(String),
    /// A start tag, its name and attribute names in lower case.
    Open { name: String, attributes: Vec<(String, String)> },
    /// An end tag.
    Close(String),
}

impl Token {
    /// The attribute's value; the first of a name counts, as in HTML §13.2.5.33.
    pub(super) fn attribute(&self, wanted: &str) -> Option<&str> {
        match self {
            Self::Open { attributes, .. } => {
                attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
            }
            Self::Text(_) | Self::Close(_) => None,
        }
    }
}

/// Cuts a page into its pieces.
pub(super) fn tokens(html: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        push_text(&mut found, before);
        rest = markup(after, &mut found);
    }
    push_text(&mut found, rest);
    found
}

/// Reads what follows a `<`; answers what is left.
fn markup<'a>(after: &'a str, found: &mut Vec<Token>) -> &'a str {
    if let Some(comment) = after.strip_prefix("!--") {
        return comment.split_once("-->").map_or("", |(_, rest)| rest);
    }
    if after.starts_with(['!', '?']) {
        return after.split_once('>').map_or("", |(_, rest)| rest);
    }
    if let Some(close) = after.strip_prefix('/') {
        let (name, rest) = close.split_once('>').unwrap_or((close, ""));
        found.push(Token::Close(name.trim().to_ascii_lowercase()));
        return rest;
    }
    if !after.starts_with(|first: char| first.is_ascii_alphabetic()) {
        push_text(found, "<");
        return after;
    }
    let (name, attributes, rest) = open_tag(after);
    let raw = matches!(name.as_str(), "script" | "style" | "textarea" | "title");
    let end = format!("</{name}");
    found.push(Token::Open { name: name.clone(), attributes });
    if !raw {
        return rest;
    }
    // Inside these elements `<` is text until their own end tag.
    let (text, rest) = rest.split_at(rest.to_ascii_lowercase().find(&end).unwrap_or(rest.len()));
    if name != "script" && name != "style" {
        push_text(found, text);
    }
    rest
}

fn open_tag(after: &str) -> (String, Vec<(String, String)>, &str) {
    let (name, mut rest) = cut(after, |c: char| c.is_ascii_whitespace() || c == '>' || c == '/');
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(done) = rest.strip_prefix('>') {
            return (name.to_ascii_lowercase(), attributes, done);
        }
        if rest.is_empty() {
            return (name.to_ascii_lowercase(), attributes, "");
        }
        let (key, after_key) = cut(rest, |c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/'));
        let (value, after_value) = match after_key.trim_start().strip_prefix('=') {
            Some(assigned) => attribute_value(assigned.trim_start()),
            None => ("", after_key),
        };
        if !key.is_empty() {
            attributes.push((key.to_ascii_lowercase(), unescape(value)));
        }
        rest = after_value;
    }
}

fn attribute_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(quoted) = text.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    cut(text, |c: char| c.is_ascii_whitespace() || c == '>')
}

fn cut(text: &str, stop: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(stop).unwrap_or(text.len()))
}

fn push_text(found: &mut Vec<Token>, text: &str) {
    if !text.is_empty() {
        found.push(Token::Text(unescape(text)));
    }
}

/// Resolves the character references that templates write.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let reference = after.split_once(';').and_then(|(name, tail)| Some((character(name)?, tail)));
        if let Some((character, tail)) = reference {
            plain.push(character);
            rest = tail;
        } else {
            plain.push('&');
            rest = after;
        }
    }
    plain.push_str(rest);
    plain
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_attributes_and_text() {
        let page = "<!doctype html><p class=a id='b' data-x=\"1 &amp; 2\" hidden>5 < 6 &#x27;&#39;</P ><!-- <p> --><br/>";
        let found = tokens(page);
        assert_eq!(found.first().and_then(|tag| tag.attribute("data-x")), Some("1 & 2"));
        assert_eq!(found.first().and_then(|tag| tag.attribute("hidden")), Some(""));
        assert_eq!(found.first().and_then(|tag| tag.attribute("id")), Some("b"));
        assert!(found.contains(&Token::Text(" 6 ''".to_owned())));
        assert!(found.contains(&Token::Close("p".to_owned())));
        assert_eq!(found.iter().filter(|token| matches!(token, Token::Open { .. })).count(), 2);
    }

    #[test]
    fn scripts_and_broken_tails_are_no_tags() {
        let found = tokens("<script>if (a<b) '<form>'</script><textarea><b></textarea><a href");
        let names: Vec<_> = found
            .iter()
            .filter_map(|token| if let Token::Open { name, .. } = token { Some(name.as_str()) } else { None })
            .collect();
        assert_eq!(names, ["script", "textarea", "a"]);
        assert!(found.contains(&Token::Text("<b>".to_owned())));
    }
}
