//! Sessions: one's own, and for full access everybody's, each with the way to end it.

use askama::Template;

use super::super::address::navigable_or_root;
use super::super::frame::{Frame, Html};
use super::super::language::Language;
use super::super::texts::{SessionsTexts, sessions_texts};
use super::shell::{ConsoleFrame, Shell, html};

/// What the page names.
#[derive(Debug, Clone, Copy)]
pub struct SessionsPage<'a> {
    /// What stands around it.
    pub frame: ConsoleFrame<'a>,
    /// Posted to it are `form_token`, and `session`, an id, or `all`, which is `own`.
    pub action: &'a str,
    /// Goes into the hidden field `form_token` of every form.
    pub form_token: &'a str,
    /// The person's own.
    pub own: &'a [SessionRow],
    /// The organisation's, for whoever may see them.
    pub all: Option<SessionList<'a>>,
}

/// Sessions of an organisation.
#[derive(Debug, Clone, Copy)]
pub struct SessionList<'a> {
    /// Some of them.
    pub rows: &'a [SessionRow],
    /// Where further ones are.
    pub next: Option<&'a str>,
}

/// One session.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// Its public id.
    pub id: String,
    /// The person.
    pub who: String,
    /// The organisation, or the person's address.
    pub note: Option<String>,
    /// The connection by which they came; none is the built-in identity.
    pub way: Option<String>,
    /// When it began.
    pub began: Moment,
    /// When something was last done.
    pub last: Moment,
    /// When it ends if nothing is done.
    pub ends: Moment,
    /// Whether it is the one that looks.
    pub is_this: bool,
}

/// A time, by the wall.
#[derive(Debug, Clone)]
pub struct Moment {
    /// RFC 3339.
    pub machine: String,
    /// For people, in UTC, to the minute.
    pub shown: String,
}

/// The page.
#[must_use]
pub fn sessions(page: &SessionsPage<'_>, language: Language) -> Html {
    let words = sessions_texts(language);
    let rows = |rows: &[SessionRow]| rows.iter().map(|row| shown(row, words)).collect::<Vec<_>>();
    let own = List {
        heading: words.own,
        caption: words.own_caption,
        rows: rows(page.own),
        next: None,
        ends_all: page.own.len() > 1,
    };
    let all = page.all.map(|all| List {
        heading: words.all,
        caption: words.all_caption,
        rows: rows(all.rows),
        next: all.next.map(|next| navigable_or_root(next).to_owned()),
        ends_all: false,
    });
    let sheet = Sheet {
        shell: Shell::new(&page.frame, language, words.heading, None),
        texts: words,
        action: navigable_or_root(page.action),
        form_token: page.form_token,
        lists: std::iter::once(own).chain(all).collect(),
    };
    html(&sheet)
}

fn shown(row: &SessionRow, words: &SessionsTexts) -> SessionRow {
    let way = row.way.clone().unwrap_or_else(|| words.built_in.to_owned());
    SessionRow { way: Some(way), ..row.clone() }
}

#[derive(Template)]
#[template(path = "console/sessions.html")]
struct Sheet<'a> {
    shell: Shell<'a>,
    texts: &'static SessionsTexts,
    action: &'a str,
    form_token: &'a str,
    lists: Vec<List>,
}

struct List {
    heading: &'static str,
    caption: &'static str,
    rows: Vec<SessionRow>,
    next: Option<String>,
    ends_all: bool,
}
