//! XML as exclusive canonicalisation writes it: no empty-element tags, double quotes, attributes in order.

/// One element on its way out. A namespace is declared where it is first used, and by the caller.
#[derive(Clone, Debug)]
pub struct Tag {
    name: String,
    namespaces: Vec<(String, String)>,
    attributes: Vec<(String, String)>,
    content: String,
}

impl Tag {
    #[must_use]
    pub fn new(name: &str) -> Self {
        let (namespaces, attributes) = (Vec::new(), Vec::new());
        Self { name: name.to_owned(), namespaces, attributes, content: String::new() }
    }

    #[must_use]
    pub fn declare(mut self, prefix: &str, uri: &str) -> Self {
        self.namespaces.push((prefix.to_owned(), uri.to_owned()));
        self
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.attributes.push((name.to_owned(), value.to_owned()));
        self
    }

    #[must_use]
    pub fn maybe(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.content.push_str(&escape(text));
        self
    }

    /// Content that is XML already.
    #[must_use]
    pub fn raw(mut self, xml: &str) -> Self {
        self.content.push_str(xml);
        self
    }

    #[must_use]
    pub fn child(self, child: Self) -> Self {
        self.raw(&child.write())
    }

    /// xml-c14n section 2.2: declarations by prefix, then attributes by namespace and name; those without a
    /// prefix have no namespace and come first.
    #[must_use]
    pub fn write(mut self) -> String {
        self.namespaces.sort();
        self.attributes.sort_by(|(a, _), (b, _)| (a.contains(':'), a).cmp(&(b.contains(':'), b)));
        let declared = self.namespaces.iter().map(|(prefix, uri)| match prefix.as_str() {
            "" => written("xmlns", uri),
            prefix => written(&format!("xmlns:{prefix}"), uri),
        });
        let attributes = self.attributes.iter().map(|(name, value)| written(name, value));
        let head: String = declared.chain(attributes).collect();
        format!("<{name}{head}>{}</{name}>", self.content, name = self.name)
    }
}

fn written(name: &str, value: &str) -> String {
    format!(" {name}=\"{}\"", escape_attribute(value))
}

/// xml-c14n section 2.3, text nodes.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#xD;")
}

/// xml-c14n section 2.3, attribute nodes.
fn escape_attribute(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    text.replace('\t', "&#x9;").replace('\n', "&#xA;").replace('\r', "&#xD;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_written_in_canonical_form() {
        let tag = Tag::new("a:b").with("z", "1\"<\n").with("x:a", "2").with("c", "&>").declare("x", "u:x");
        let written = tag.declare("a", "u:a").text("<&>\r\"").child(Tag::new("a:c")).write();
        let expected = "<a:b xmlns:a=\"u:a\" xmlns:x=\"u:x\" c=\"&amp;>\" z=\"1&quot;&lt;&#xA;\" x:a=\"2\">\
                        &lt;&amp;&gt;&#xD;\"<a:c></a:c></a:b>";
        assert_eq!(written, expected);
    }
}
