//! A tolerant reader of elements, for messages that the broker sends. It verifies nothing and nests nothing.

/// A start tag with the text right behind it. Prefixes are cut off: `saml2:Issuer` is `Issuer`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
}

impl Element {
    /// The value of an attribute by its name, prefix and all.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// saml-core: an `xs:boolean`.
    #[must_use]
    pub fn is_true(&self, name: &str) -> bool {
        matches!(self.attribute(name), Some("true" | "1"))
    }
}

/// Every element of the document in order. `None` if a tag does not end.
#[must_use]
pub fn elements(xml: &str) -> Option<Vec<Element>> {
    let (mut found, mut rest) = (Vec::new(), xml);
    while let Some((_, after)) = rest.split_once('<') {
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->")?.1;
            continue;
        }
        let end = tag_end(after)?;
        let (tag, behind) = (after.get(..end)?, after.get(end + 1..)?);
        if !tag.starts_with(['/', '?', '!']) {
            let text = behind.split('<').next().unwrap_or_default();
            found.push(element(tag.trim_end_matches('/'), text));
        }
        rest = behind;
    }
    Some(found)
}

/// Where the tag closes; a `>` within quotes does not close it.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (place, sign) in tag.char_indices() {
        match (quote, sign) {
            (None, '>') => return Some(place),
            (None, '"' | '\'') => quote = Some(sign),
            (Some(open), _) if open == sign => quote = None,
            (None | Some(_), _) => {}
        }
    }
    None
}

fn element(tag: &str, text: &str) -> Element {
    let (name, mut rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let mut attributes = Vec::new();
    while let Some((key, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let Some(quote) = after.chars().next().filter(|sign| matches!(sign, '"' | '\'')) else { break };
        let Some((value, behind)) = after.get(1..).and_then(|after| after.split_once(quote)) else { break };
        attributes.push((key.trim().to_owned(), unescape(value)));
        rest = behind;
    }
    let local = name.rsplit(':').next().unwrap_or_default();
    Element { name: local.to_owned(), attributes, text: unescape(text.trim()) }
}

fn unescape(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&apos;", "'").replace("&#39;", "'").replace("&#34;", "\"").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_with_attributes_and_text() {
        let xml =
            "<?xml version='1.0'?><!-- <x> --><a:r ID=\"1>2\" x = 'it&apos;s'><b/><c> t&amp;u </c></a:r>";
        let found = elements(xml).unwrap();
        let names: Vec<_> = found.iter().map(|element| element.name.as_str()).collect();
        assert_eq!(names, ["r", "b", "c"]);
        assert_eq!((found[0].attribute("ID"), found[0].attribute("x")), (Some("1>2"), Some("it's")));
        assert_eq!(found[2].text, "t&u");
    }

    #[test]
    fn a_tag_without_end_is_refused_and_noise_does_not_panic() {
        for xml in ["<a", "<a b=\"", "<!-- x", "<a b='>"] {
            assert_eq!(elements(xml), None, "{xml}");
        }
        for xml in ["", "<>", "< >", "<a =>", "<a b=c>", "<é ü='ä'>ö", "</>", "<a b='"] {
            let _ = elements(xml);
        }
    }
}
