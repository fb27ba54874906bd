//! Who runs an organisation: the list, an invitation, and one of them (ADM-15 to ADM-25).

use askama::Template;
use vestibule_policies::Email;
use vestibule_policies::permission::Access;

use super::super::address::navigable_or_root;
use super::super::field::{Field, FieldKind};
use super::super::frame::{Fact, Frame, Html, Value};
use super::super::language::Language;
use super::super::marked::Piece;
use super::super::texts::{AdministratorsTexts, RemovalTexts, administrators_texts};
use super::access::{AccessFields, AccessForm, summary};
use super::shell::{ConsoleFrame, Section, Shell, html};

/// What the list names.
#[derive(Debug, Clone, Copy)]
pub struct AdministratorsPage<'a> {
    /// What stands around it.
    pub frame: ConsoleFrame<'a>,
    /// Everybody, and everybody who was invited.
    pub rows: &'a [AdministratorRow<'a>],
    /// Whom a connection brings, which the manifest says.
    pub by_provider: &'a [ProviderRow<'a>],
    /// Where somebody is invited; none for whoever may not.
    pub invite: Option<&'a str>,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct AdministratorRow<'a> {
    /// Their name, or their address as long as it is all that is known.
    pub name: &'a str,
    /// Their address.
    pub email: &'a str,
    /// How far they have come.
    pub standing: Standing,
    /// What they may do.
    pub access: &'a Access,
    /// Where that is changed.
    pub url: String,
    /// Whether it is whoever looks.
    pub is_own: bool,
}

/// Somebody whom a connection brings, or everybody of a group (ADM-21, GRP-01).
#[derive(Debug, Clone)]
pub struct ProviderRow<'a> {
    /// Whether it is a group.
    pub is_group: bool,
    /// The stable id of the person or the group.
    pub id: String,
    /// What they may do.
    pub access: &'a Access,
    /// The connection.
    pub connection: &'a str,
}

impl<'a> AdministratorRow<'a> {
    /// Somebody by what is known of them, before it is said how far they have come.
    #[must_use]
    pub fn of(name: &'a str, email: &'a Email, access: &'a Access) -> Self {
        let url = Section::Administrators.path().to_owned();
        Self { name, email: email.as_str(), standing: Standing::Active, access, url, is_own: false }
    }
}

/// How far somebody has come (ADM-20).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// They run the organisation.
    Active,
    /// They were asked, and may come until then.
    Sent(String),
    /// They were asked, and did not come in time.
    Expired,
}

/// The list (ADM-21).
#[must_use]
pub fn administrators(page: &AdministratorsPage<'_>, language: Language) -> Html {
    let words = administrators_texts(language);
    let row = |row: &AdministratorRow<'_>| {
        let (status, tone) = match row.standing {
            Standing::Active => (words.active, "good"),
            Standing::Sent(_) => (words.sent, ""),
            Standing::Expired => (words.expired, "bad"),
        };
        let note = match &row.standing {
            Standing::Active => row.is_own.then(|| words.you.to_owned()),
            Standing::Sent(until) => Some((words.until)(until)),
            Standing::Expired => None,
        };
        Row {
            name: row.name.to_owned(),
            email: row.email.to_owned(),
            note,
            status,
            tone,
            access: summary(row.access, language),
            url: navigable_or_root(&row.url).to_owned(),
        }
    };
    let sheet = ListSheet {
        shell: Shell::new(&page.frame, language, words.heading, None),
        texts: words,
        rows: page.rows.iter().map(row).collect(),
        by_provider: page
            .by_provider
            .iter()
            .map(|row| ByProvider {
                kind: if row.is_group { words.group } else { words.user },
                id: row.id.clone(),
                access: summary(row.access, language),
                connection: row.connection.to_owned(),
            })
            .collect(),
        may_invite: page.invite.is_some(),
        may_change: page.invite.is_some(),
        invite: navigable_or_root(page.invite.unwrap_or("/")),
    };
    html(&sheet)
}

#[derive(Template)]
#[template(path = "console/administrators.html")]
struct ListSheet<'a> {
    shell: Shell<'a>,
    texts: &'static AdministratorsTexts,
    rows: Vec<Row>,
    by_provider: Vec<ByProvider>,
    may_invite: bool,
    may_change: bool,
    invite: &'a str,
}

struct ByProvider {
    kind: &'static str,
    id: String,
    access: String,
    connection: String,
}

struct Row {
    name: String,
    email: String,
    note: Option<String>,
    status: &'static str,
    tone: &'static str,
    access: String,
    url: String,
}

/// Why a form is there again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdministratorProblem {
    /// What was typed is no address.
    Address,
    /// `ADMINISTRATOR-KNOWN`.
    Known,
    /// `TOO-MANY`.
    TooMany,
    /// `ADMINISTRATOR-LAST`.
    Last,
    /// Custom access without a permission.
    NoPermission,
    /// The box that confirms was not ticked.
    NotSure,
}

fn said(problem: AdministratorProblem, words: &'static AdministratorsTexts) -> &'static str {
    match problem {
        AdministratorProblem::Address => words.no_address,
        AdministratorProblem::Known => words.known,
        AdministratorProblem::TooMany => words.too_many,
        AdministratorProblem::Last => words.last,
        AdministratorProblem::NoPermission => words.no_permission,
        AdministratorProblem::NotSure => words.not_sure,
    }
}

/// What the form of an invitation names.
#[derive(Debug, Clone, Copy)]
pub struct InvitePage<'a> {
    /// What stands around it.
    pub frame: ConsoleFrame<'a>,
    /// Posted to it are `form_token`, `email`, and what [`AccessForm`] says.
    pub action: &'a str,
    /// Goes into the hidden field `form_token`.
    pub form_token: &'a str,
    /// The address as it was typed before, or empty.
    pub email: &'a str,
    /// What stands chosen.
    pub access: AccessForm<'a>,
    /// Whether a mail will be sent.
    pub by_mail: bool,
    /// Why it is there again.
    pub problem: Option<AdministratorProblem>,
}

/// The form of an invitation (ADM-15).
#[must_use]
pub fn invite(page: &InvitePage<'_>, language: Language) -> Html {
    let words = administrators_texts(language);
    let problem = page.problem.map(|problem| said(problem, words));
    let of_address = page.problem.is_some_and(|problem| problem != AdministratorProblem::NoPermission);
    let sheet = InviteSheet {
        shell: Shell::new(&page.frame, language, words.invite_heading, problem),
        texts: words,
        lead: if page.by_mail { words.invite_lead } else { words.invite_by_hand },
        action: navigable_or_root(page.action),
        form_token: page.form_token,
        fields: [Field::new("email", words.email, FieldKind::Address)
            .value(page.email)
            .faulty_if(of_address)
            .focused_if(true)],
        access: page.access.fields(language),
        problem,
        back: Section::Administrators.path(),
    };
    html(&sheet)
}

#[derive(Template)]
#[template(path = "console/invite.html")]
struct InviteSheet<'a> {
    shell: Shell<'a>,
    texts: &'static AdministratorsTexts,
    lead: &'static str,
    action: &'a str,
    form_token: &'a str,
    fields: [Field<'a>; 1],
    access: AccessFields,
    problem: Option<&'static str>,
    back: &'static str,
}

/// What the page of somebody names who runs the organisation, or was asked to.
#[derive(Debug, Clone, Copy)]
pub struct AdministratorPage<'a> {
    /// What stands around it.
    pub frame: ConsoleFrame<'a>,
    /// Name, or address.
    pub name: &'a str,
    /// Their address.
    pub email: &'a str,
    /// Their user name; none as long as they have not come.
    pub user_name: Option<&'a str>,
    /// When they were asked, and until when they may come.
    pub asked: Option<(&'a str, &'a str)>,
    /// Posted to it are `form_token` and what [`AccessForm`] says.
    pub action: &'a str,
    /// Goes into the hidden field `form_token` of every form.
    pub form_token: &'a str,
    /// What stands chosen; none where it cannot be changed.
    pub access: Option<AccessForm<'a>>,
    /// Where an invitation is sent again.
    pub resend: Option<&'a str>,
    /// Posted to it are `form_token` and `sure`.
    pub remove: &'a str,
    /// What that ends.
    pub removal: Removal,
    /// Why it is there again.
    pub problem: Option<AdministratorProblem>,
}

/// What a removal ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// Somebody else's access.
    Other,
    /// One's own.
    Own,
    /// An invitation.
    Invitation,
}

/// Somebody who runs the organisation, or was asked to.
#[must_use]
pub fn administrator(page: &AdministratorPage<'_>, language: Language) -> Html {
    let words = administrators_texts(language);
    let problem = page.problem.map(|problem| said(problem, words));
    let mut facts = vec![Fact { name: words.email, value: Value::Name(page.email) }];
    facts.extend(page.user_name.map(|name| Fact { name: words.user_name, value: Value::Name(name) }));
    if let Some((sent, until)) = page.asked {
        facts.push(Fact { name: words.sent_on, value: Value::Name(sent) });
        facts.push(Fact { name: words.good_until, value: Value::Name(until) });
    }
    let sheet = OneSheet {
        shell: Shell::new(&page.frame, language, page.name, problem),
        texts: words,
        name: page.name,
        facts,
        action: navigable_or_root(page.action),
        form_token: page.form_token,
        access: page.access.map(|access| access.fields(language)),
        resend: page.resend.map(navigable_or_root),
        remove: navigable_or_root(page.remove),
        removal: match page.removal {
            Removal::Other => &words.removal,
            Removal::Own => &words.own_removal,
            Removal::Invitation => &words.withdrawal,
        },
        problem,
        back: Section::Administrators.path(),
    };
    html(&sheet)
}

#[derive(Template)]
#[template(path = "console/administrator.html")]
struct OneSheet<'a> {
    shell: Shell<'a>,
    texts: &'static AdministratorsTexts,
    name: &'a str,
    facts: Vec<Fact<'a>>,
    action: &'a str,
    form_token: &'a str,
    access: Option<AccessFields>,
    resend: Option<&'a str>,
    remove: &'a str,
    removal: &'static RemovalTexts,
    problem: Option<&'static str>,
    back: &'static str,
}

/// What the page with a link names that somebody has to hand over.
#[derive(Debug, Clone, Copy)]
pub struct LinkPage<'a> {
    /// What stands around it.
    pub frame: ConsoleFrame<'a>,
    /// The link, shown this once.
    pub link: &'a str,
}

/// A link that somebody has to hand over, because no mail is sent.
#[must_use]
pub fn hand_over(page: &LinkPage<'_>, language: Language) -> Html {
    let words = administrators_texts(language);
    let sheet = LinkSheet {
        shell: Shell::new(&page.frame, language, words.link_heading, None),
        texts: words,
        link: page.link,
        back: Section::Administrators.path(),
    };
    html(&sheet)
}

#[derive(Template)]
#[template(path = "console/handed_over.html")]
struct LinkSheet<'a> {
    shell: Shell<'a>,
    texts: &'static AdministratorsTexts,
    link: &'a str,
    back: &'static str,
}
