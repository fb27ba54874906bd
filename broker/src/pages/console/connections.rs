//! The ways in: what is connected, and what can be (PRV-03, PRV-04).

use askama::Template;
use vestibule_policies::KindName;
use vestibule_policies::edition::{Audience, Edition, Maturity, maturity};

use super::super::frame::Html;
use super::super::language::Language;
use super::super::texts::{ConnectionsTexts, connections_texts};
use super::shell::{ConsoleFrame, Shell, html};

/// What the page names.
#[derive(Debug)]
pub struct ConnectionsPage<'a> {
    /// What stands around it.
    pub frame: ConsoleFrame<'a>,
    /// By which matrix kinds serve people.
    pub edition: Edition,
    /// Where administrators of the built-in identity sign in.
    pub sign_in_address: &'a str,
    /// What is connected.
    pub rows: &'a [ConnectionItem],
    /// The directories.
    pub directories: &'a [String],
    /// Where the directories are changed.
    pub edit_directories: &'a str,
    /// Kinds that can be connected, and where; none where this version does not have one.
    pub kinds: &'a [(KindName, Option<String>)],
    /// Whether whoever looks may change any of it.
    pub may_change: bool,
}

/// One connection.
#[derive(Debug, Clone)]
pub struct ConnectionItem {
    pub name: String,
    pub kind: KindName,
    /// Whether it lets anybody in.
    pub enabled: bool,
    pub in_use: bool,
    /// Where it is changed.
    pub url: Option<String>,
}

/// The page.
#[must_use]
pub fn connections(page: &ConnectionsPage<'_>, language: Language) -> Html {
    let words = connections_texts(language);
    let built_in = Row {
        name: (words.kind_label)(KindName::Local).to_owned(),
        note: Some(page.sign_in_address.to_owned()),
        kind: (words.kind_label)(KindName::Local),
        state: words.connected,
        tone: "good",
        serves: served(page.edition, KindName::Local, words),
        url: None,
    };
    let row = |item: &ConnectionItem| Row {
        name: item.name.clone(),
        note: None,
        kind: (words.kind_label)(item.kind),
        state: match (item.enabled, item.in_use) {
            (false, _) => words.switched_off,
            (true, true) => words.in_use,
            (true, false) => words.connected,
        },
        tone: match (item.enabled, item.in_use) {
            (false, _) => "bad",
            (true, true) => "good",
            (true, false) => "",
        },
        serves: served(page.edition, item.kind, words),
        url: item.url.clone(),
    };
    let kind = |(kind, url): &(KindName, Option<String>)| Offer {
        label: (words.kind_label)(*kind),
        text: (words.kind_text)(*kind),
        url: url.clone(),
    };
    let sheet = Sheet {
        shell: Shell::new(&page.frame, language, words.heading, None),
        texts: words,
        rows: std::iter::once(built_in).chain(page.rows.iter().map(row)).collect(),
        directories: page.directories,
        edit_directories: page.edit_directories,
        kinds: page.kinds.iter().map(kind).collect(),
        may_change: page.may_change,
    };
    html(&sheet)
}

fn served(edition: Edition, kind: KindName, words: &ConnectionsTexts) -> String {
    let label = |audience| {
        let word = match audience {
            Audience::Subscriber => words.subscribers,
            Audience::Administrator => words.administrators,
        };
        Some(match maturity(edition, kind, audience)? {
            Maturity::Ready => word.to_owned(),
            Maturity::Preview => (words.preview)(word),
        })
    };
    let labels: Vec<_> = Audience::ALL.into_iter().filter_map(label).collect();
    labels.join(" · ")
}

#[derive(Template)]
#[template(path = "console/connections.html")]
struct Sheet<'a> {
    shell: Shell<'a>,
    texts: &'static ConnectionsTexts,
    rows: Vec<Row>,
    directories: &'a [String],
    edit_directories: &'a str,
    kinds: Vec<Offer>,
    may_change: bool,
}

struct Row {
    name: String,
    note: Option<String>,
    kind: &'static str,
    state: &'static str,
    tone: &'static str,
    serves: String,
    url: Option<String>,
}

struct Offer {
    label: &'static str,
    text: &'static str,
    url: Option<String>,
}
