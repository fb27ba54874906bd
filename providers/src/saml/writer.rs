//! Writes XML whose every value is escaped, in the form that exclusive canonicalisation gives it: what is signed is what is sent.

/// A document that grows.
#[derive(Debug, Default)]
pub(super) struct Writer(String);

impl Writer {
    /// An element with what is inside it. Attributes come in the order of their names, namespace declarations first; the caller
    /// declares each namespace where canonicalisation would.
    pub(super) fn element(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        inside: impl FnOnce(&mut Self),
    ) {
        self.0.push('<');
        self.0.push_str(name);
        let mut sorted = attributes.to_vec();
        sorted.sort_by_key(|(name, _)| (!name.starts_with("xmlns"), *name));
        for (name, value) in sorted {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            escape(value, true, &mut self.0);
            self.0.push('"');
        }
        self.0.push('>');
        inside(self);
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
    }

    /// An element that holds text alone.
    pub(super) fn leaf(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.element(name, attributes, |inside| inside.text(text));
    }

    /// Text.
    pub(super) fn text(&mut self, text: &str) {
        escape(text, false, &mut self.0);
    }

    /// What this type has written before, as it is.
    pub(super) fn written(&mut self, other: &str) {
        self.0.push_str(other);
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// Canonical XML 1.0 §2.3. Characters that XML cannot hold are left out.
fn escape(text: &str, attribute: bool, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' if !attribute => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\t' if attribute => out.push_str("&#x9;"),
            '\n' if attribute => out.push_str("&#xA;"),
            '\r' => out.push_str("&#xD;"),
            '\t' | '\n' => out.push(c),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_leaves_its_place() {
        let mut writer = Writer::default();
        writer.element("a", &[("z", "\"><b/>&\t\n"), ("xmlns:p", "u")], |inside| {
            inside.leaf("p:c", &[], "alice</p:c><evil/>\r&]]>\u{1}");
        });
        assert_eq!(
            writer.finish(),
            "<a xmlns:p=\"u\" z=\"&quot;>&lt;b/>&amp;&#x9;&#xA;\"><p:c>alice&lt;/p:c&gt;&lt;evil/&gt;&#xD;&amp;]]&gt;</p:c></a>"
        );
    }
}
