//! What every page shares: the frame around its text, and the headers that go with it.
//!
//! A page with a form to its own origin needs `same-origin`, since under `no-referrer` a browser sends `Origin: null` even
//! there, and a `form-action` of its own. The page that posts to a provider has that too and tells it no referrer. That one has a
//! script, and so have the pages that ask for a passkey. Every other page has none of these (interface 2; SESS-06, OAUTH-11).

use askama::Template;

use super::language::Language;
use super::style::STYLESHEET;
use super::texts::texts;

/// A finished page, without its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html {
    /// The document, UTF-8, to be sent as `text/html; charset=utf-8`.
    pub body: String,
    /// Value of `Content-Security-Policy`.
    pub policy: String,
    /// Value of `Referrer-Policy`.
    pub referrer: ReferrerPolicy,
}

/// The referrer policies that pages use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferrerPolicy {
    /// A page without a form, or with one that leaves for a provider.
    NoReferrer,
    /// A page with a form to its own origin, whose submission has to carry its `Origin`.
    SameOrigin,
}

impl ReferrerPolicy {
    /// The header's value.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            ReferrerPolicy::NoReferrer => "no-referrer",
            ReferrerPolicy::SameOrigin => "same-origin",
        }
    }
}

/// The drawing above the card: whether the way is open.
#[derive(Clone, Copy)]
pub(super) enum Door {
    Open,
    Closed,
}

/// Whether a page has a form, and where that may post to.
#[derive(Clone, Copy)]
pub(super) enum Forms<'a> {
    None,
    ToOwnOrigin,
    /// To our own origin, with the one script that asks for a passkey.
    WithScript {
        nonce: &'a str,
    },
    /// To our own address, which sends the browser on to a provider.
    ThroughOwnOrigin {
        /// Whether that may be without TLS.
        insecure: bool,
    },
    ToProvider(ToProvider<'a>),
}

/// What a page that posts to a provider may do beside.
#[derive(Clone, Copy)]
pub(super) struct ToProvider<'a> {
    /// Admits the one script that presses the button.
    pub(super) nonce: Option<&'a str>,
    /// Whether the provider may be reached without TLS.
    pub(super) insecure: bool,
}

/// The fields of the layout.
pub(super) struct Frame {
    pub(super) tag: &'static str,
    pub(super) title: String,
    pub(super) style: &'static str,
    door: Door,
}

impl Frame {
    /// A frame whose title is the page's matter; a sentence loses its full stop there.
    pub(super) fn new(language: Language, title: &str, door: Door) -> Self {
        let title = title.trim_end_matches(['.', '?', '。', '？']).to_owned();
        Self { tag: language.tag(), title, style: &STYLESHEET.text, door }
    }

    /// The frame of a form. One that is there again says so in its title, which is the first that a screen reader reads.
    pub(super) fn of_form(language: Language, title: &str, problem: Option<&str>) -> Self {
        match problem {
            Some(_) => Self::new(language, &format!("{}: {title}", texts(language).problem), Door::Open),
            None => Self::new(language, title, Door::Open),
        }
    }

    /// Asked by the templates: a heading whose words break at no hyphen. Codes keep theirs, since people search for them.
    pub(super) fn heading(text: impl AsRef<str>) -> String {
        let text = text.as_ref();
        let joins = |at: usize| text.get(at + 1..).is_some_and(|rest| rest.starts_with(char::is_lowercase));
        let letter = |(at, letter)| if letter == '-' && joins(at) { '\u{2011}' } else { letter };
        text.char_indices().map(letter).collect()
    }

    /// Asked by the templates: a name with its places to break, before a dot and an `@` within it, where a line is too short.
    pub(super) fn breakable(name: &str) -> Vec<&str> {
        let goes_on =
            |at: usize| name.get(at + 1..).is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
        let breaks =
            name.char_indices().filter(|&(at, letter)| at > 0 && matches!(letter, '.' | '@') && goes_on(at));
        let ends = breaks.map(|(at, _)| at).chain([name.len()]);
        let pieces = ends.scan(0, |start, end| name.get(std::mem::replace(start, end)..end));
        pieces.collect()
    }

    /// Asked by the layout.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.door, Door::Open)
    }
}

/// A name and its value in the small list below the text.
pub(super) struct Fact<'a> {
    pub(super) name: &'static str,
    pub(super) value: Value<'a>,
}

/// How a value is set.
pub(super) enum Value<'a> {
    /// A name, set like the text around it and kept from turning that text's direction.
    Name(&'a str),
    /// What is copied letter by letter, in a fixed width.
    Code(&'a str),
}

/// A link that goes on from the page.
pub(super) struct Link<'a> {
    pub(super) label: &'static str,
    pub(super) url: &'a str,
}

/// Renders a page and chooses the headers that suit its forms.
pub(super) fn html(template: &impl Template, forms: Forms<'_>) -> Html {
    let (form_action, referrer) = match forms {
        Forms::None => ("'none'", ReferrerPolicy::NoReferrer),
        Forms::ToOwnOrigin | Forms::WithScript { .. } => ("'self'", ReferrerPolicy::SameOrigin),
        // Browsers hold form-action against every redirect of a submission, so it cannot name one host.
        Forms::ThroughOwnOrigin { insecure: false } => ("'self' https:", ReferrerPolicy::SameOrigin),
        Forms::ThroughOwnOrigin { insecure: true } => ("'self' https: http:", ReferrerPolicy::SameOrigin),
        Forms::ToProvider(ToProvider { insecure: false, .. }) => ("https:", ReferrerPolicy::NoReferrer),
        Forms::ToProvider(ToProvider { insecure: true, .. }) => ("https: http:", ReferrerPolicy::NoReferrer),
    };
    let script = match forms {
        Forms::ToProvider(ToProvider { nonce: Some(nonce), .. }) | Forms::WithScript { nonce } => {
            format!("script-src 'nonce-{nonce}'; ")
        }
        Forms::ToProvider(ToProvider { nonce: None, .. })
        | Forms::None
        | Forms::ToOwnOrigin
        | Forms::ThroughOwnOrigin { .. } => String::new(),
    };
    let policy = format!(
        "default-src 'none'; style-src {style}; {script}img-src data:; form-action {form_action}; base-uri 'none'; \
         frame-ancestors 'none'",
        style = STYLESHEET.source,
    );
    // Writing to a string does not fail; if a template ever did, an empty page is better than a panic.
    let body = template.render().unwrap_or_default();
    Html { body, policy, referrer }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_break_at_their_joints() {
        for (name, pieces) in [
            ("alice@corp.example", &["alice", "@corp", ".example"][..]),
            ("Alice Andersen", &["Alice Andersen"]),
            ("@a", &["@a"]),
            ("\u{5c71}.\u{7530}", &["\u{5c71}", ".\u{7530}"]),
            ("It said no.", &["It said no."]),
            ("..", &[".."]),
            ("", &[""]),
        ] {
            assert_eq!(Frame::breakable(name), pieces, "{name}");
        }
        assert_eq!(Frame::heading("Enter your one-time code"), "Enter your one\u{2011}time code");
        assert_eq!(Frame::heading("The page says SIGN-IN-COOKIE"), "The page says SIGN-IN-COOKIE");
    }
}
