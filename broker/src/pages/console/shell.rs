//! What stands around every page of the console.

use std::sync::LazyLock;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vestibule_certs::digest;

use super::super::address::navigable_or_root;
use super::super::frame::{Html, ReferrerPolicy};
use super::super::language::Language;
use super::super::style::Stylesheet;
use super::super::texts::{
    ShellTexts, administrators_texts, connections_texts, console_texts, sessions_texts, texts,
};

/// What a page's surroundings name.
#[derive(Debug, Clone, Copy)]
pub struct ConsoleFrame<'a> {
    /// The organisation.
    pub organization: &'a str,
    /// The console's host (ED-11).
    pub deployment: &'a str,
    /// Who is signed in.
    pub person: &'a str,
    /// Sections that they reach, in their order.
    pub sections: &'a [Section],
    /// Where this page is.
    pub here: Option<Section>,
    /// What has just been done.
    pub notice: Option<Notice>,
    /// Where the person's own page is; whom a provider brings has theirs there.
    pub profile: Option<&'a str>,
    /// Where the session is ended.
    pub sign_out: &'a str,
}

/// A part of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The organisation at a glance.
    Overview,
    /// Who runs it.
    Administrators,
    /// The ways in.
    Connections,
    /// How subscribers sign in, and to what.
    Workspace,
    /// Secure clients.
    ApiAccess,
    /// Who is signed in.
    Sessions,
    /// What an organisation sets for its administrators.
    Settings,
}

/// What has just been done; it stands in an address after a form, and nothing else can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    Invited,
    SentAgain,
    Withdrawn,
    AccessChanged,
    Removed,
    SessionEnded,
    SessionsEnded,
    Connected,
    Saved,
    SwitchedOff,
    SwitchedOn,
    Disconnected,
    ClientDeleted,
}

impl Section {
    /// All of them, in the order of the console.
    pub const ALL: [Self; 7] = [
        Self::Overview,
        Self::Connections,
        Self::Administrators,
        Self::ApiAccess,
        Self::Workspace,
        Self::Sessions,
        Self::Settings,
    ];

    /// Its path.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Overview => "/",
            Self::Administrators => "/administrators",
            Self::Connections => "/connections",
            Self::Workspace => "/workspace",
            Self::ApiAccess => "/api-access",
            Self::Sessions => "/sessions",
            Self::Settings => "/settings",
        }
    }

    const fn label(self, words: &'static ShellTexts) -> &'static str {
        match self {
            Self::Overview => words.overview,
            Self::Administrators => words.administrators,
            Self::Connections => words.connections,
            Self::Workspace => words.workspace,
            Self::ApiAccess => words.api_access,
            Self::Sessions => words.sessions,
            Self::Settings => words.settings,
        }
    }
}

impl Notice {
    const ALL: [Self; 13] = [
        Self::Invited,
        Self::SentAgain,
        Self::Withdrawn,
        Self::AccessChanged,
        Self::Removed,
        Self::SessionEnded,
        Self::SessionsEnded,
        Self::Connected,
        Self::Saved,
        Self::SwitchedOff,
        Self::SwitchedOn,
        Self::Disconnected,
        Self::ClientDeleted,
    ];

    /// As it stands in an address.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::SentAgain => "sent-again",
            Self::Withdrawn => "withdrawn",
            Self::AccessChanged => "access-changed",
            Self::Removed => "removed",
            Self::SessionEnded => "session-ended",
            Self::SessionsEnded => "sessions-ended",
            Self::Connected => "connected",
            Self::Saved => "saved",
            Self::SwitchedOff => "switched-off",
            Self::SwitchedOn => "switched-on",
            Self::Disconnected => "disconnected",
            Self::ClientDeleted => "client-deleted",
        }
    }

    /// Reads that.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.as_str() == text)
    }

    fn text(self, language: Language) -> &'static str {
        let (done, sessions) = (&administrators_texts(language).notices, sessions_texts(language));
        let ways = &connections_texts(language).notices;
        match self {
            Self::Invited => done.invited,
            Self::SentAgain => done.sent_again,
            Self::Withdrawn => done.withdrawn,
            Self::AccessChanged => done.access_changed,
            Self::Removed => done.removed,
            Self::SessionEnded => sessions.ended,
            Self::SessionsEnded => sessions.all_ended,
            Self::Connected => ways.connected,
            Self::Saved => ways.saved,
            Self::SwitchedOff => ways.switched_off,
            Self::SwitchedOn => ways.switched_on,
            Self::Disconnected => ways.disconnected,
            Self::ClientDeleted => ways.client_deleted,
        }
    }
}

/// The fields of the console's layout.
pub(super) struct Shell<'a> {
    pub(super) tag: &'static str,
    pub(super) title: String,
    pub(super) style: &'static str,
    pub(super) script: &'static str,
    pub(super) texts: &'static ShellTexts,
    pub(super) organization: &'a str,
    pub(super) deployment: &'a str,
    pub(super) person: &'a str,
    pub(super) sections: Vec<(&'static str, &'static str, bool)>,
    pub(super) notice: Option<&'static str>,
    pub(super) profile: Option<&'a str>,
    pub(super) sign_out: &'a str,
}

impl<'a> Shell<'a> {
    /// The surroundings of a page. One whose form is there again says so in its title, which is the first that a screen reader reads.
    pub(super) fn new(
        frame: &ConsoleFrame<'a>,
        language: Language,
        title: &str,
        problem: Option<&str>,
    ) -> Self {
        let words = &console_texts(language).shell;
        let title = match problem {
            Some(_) => format!("{}: {title}", texts(language).problem),
            None => title.to_owned(),
        };
        let section =
            |section: &Section| (section.path(), section.label(words), frame.here == Some(*section));
        Self {
            tag: language.tag(),
            title,
            style: &STYLESHEET.text,
            script: SCRIPT,
            texts: words,
            organization: frame.organization,
            deployment: frame.deployment,
            person: frame.person,
            sections: frame.sections.iter().map(section).collect(),
            // A form that is there again has a problem; whatever went well before is no news then.
            notice: frame.notice.filter(|_| problem.is_none()).map(|notice| notice.text(language)),
            profile: frame.profile.map(navigable_or_root),
            sign_out: navigable_or_root(frame.sign_out),
        }
    }
}

const SCRIPT: &str = include_str!("../../../templates/console/console.js");

/// The stylesheet of every page, with what the console adds.
static STYLESHEET: LazyLock<Stylesheet> =
    LazyLock::new(|| Stylesheet::with(include_str!("../../../templates/console/console.css")));

static POLICY: LazyLock<String> = LazyLock::new(|| {
    let script = STANDARD.encode(digest::sha256(SCRIPT.as_bytes()));
    format!(
        "default-src 'none'; style-src {style}; script-src 'sha256-{script}'; connect-src 'self'; img-src data:; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        style = STYLESHEET.source,
    )
});

/// Renders a page of the console. Every one has forms or leads to some.
pub(super) fn html(template: &impl Template) -> Html {
    // Writing to a string does not fail; if a template ever did, an empty page is better than a panic.
    let body = template.render().unwrap_or_default();
    Html { body, policy: POLICY.clone(), referrer: ReferrerPolicy::SameOrigin }
}
