//! The stylesheet of all pages, that of the console, and the Content-Security-Policy source that admits each and nothing else.

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::digest::{SHA256, digest};

use super::palette::{DARK, LIGHT};

/// The stylesheet as it stands between the tags, with its hash source.
pub(super) struct Stylesheet {
    /// The text; contains no `</style`.
    pub(super) text: String,
    /// `'sha256-…'` (CSP 3 §2.3.1, hash-source), quotes included.
    pub(super) source: String,
}

/// The stylesheet, made once.
pub(super) static STYLESHEET: LazyLock<Stylesheet> = LazyLock::new(|| Stylesheet::with(""));

impl Stylesheet {
    /// The rules of every page, and further ones.
    pub(super) fn with(further: &str) -> Self {
        let text = format!(
            ":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n{rules}{further}",
            light = LIGHT.properties(),
            dark = DARK.properties(),
            rules = include_str!("../../templates/style.css"),
        );
        let source = format!("'sha256-{}'", STANDARD.encode(digest(&SHA256, text.as_bytes())));
        Self { text, source }
    }
}
