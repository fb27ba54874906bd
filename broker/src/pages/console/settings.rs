//! A form of settings, whatever they are of: each by its key, with what is wrong there, and what a provider said.

use askama::Template;
use vestibule_policies::KindName;

use super::super::address::navigable_or_root;
use super::super::frame::{Fact, Frame, Html, Value};
use super::super::language::Language;
use super::super::texts::{ConnectionsTexts, SettingsTexts, choice_text, connections_texts, setting_texts};
use super::clients::csv;
use super::shell::{ConsoleFrame, Shell, html};

/// What the page names.
#[derive(Debug)]
pub struct SettingsPage<'a> {
    /// What stands around it.
    pub frame: ConsoleFrame<'a>,
    /// What the settings are of.
    pub subject: Subject<'a>,
    /// What a provider has to be told.
    pub told: Vec<(Told, String)>,
    /// What was made for a Gateway, or can be.
    pub pair: Pair<'a>,
    /// Posted to it are `form_token`, `version`, `do`, which is `save`, `test`, `detect` or `pair`, `pair` where one was made, and each
    /// setting by its key; of several that can be ticked each by its key, a colon and its value.
    pub action: &'a str,
    /// Goes into the hidden field `form_token` of every form.
    pub form_token: &'a str,
    /// From what the settings were read.
    pub version: &'a str,
    /// The settings.
    pub groups: Vec<Group>,
    /// A test sign-in by what stands begins there: posted is `form_token`.
    pub trial: Option<String>,
    /// What the settings are of is switched off or on there.
    pub switch: Option<SwitchForm>,
    /// What the settings are of ends there: posted are `form_token`, `version` and `sure`.
    pub remove: Option<&'a str>,
    /// Whether whoever looks may change any of it, and whether they may have the provider asked.
    pub may: May,
    /// The way back.
    pub back: &'a str,
    /// Why the form is there again.
    pub problem: Option<SettingsProblem>,
    /// What is wrong at keys that are not on the form.
    pub unplaced: Vec<(String, String)>,
    /// What a provider said.
    pub findings: Vec<Found>,
}

/// A client id and secret that are ours to make.
#[derive(Debug, Clone, Copy)]
pub enum Pair<'a> {
    /// The kind has none.
    None,
    /// To be made once the provider was found.
    Detect,
    /// There is one, and another can be made.
    Another,
    /// It was made, and is shown on the way to the test: id, secret, and what goes back.
    Made(&'a str, &'a str, &'a str),
}

/// The button that switches a connection off or on.
#[derive(Debug)]
pub struct SwitchForm {
    /// Posted to it are `form_token`, `version`, `to`, which is `on` or `off`, and `acknowledge_subscriber_impact` where it is the method.
    pub action: String,
    /// What it is now.
    pub state: SwitchState,
}

/// Whether a connection lets anybody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SwitchState {
    On,
    /// Subscribers sign in by it, so that whoever switches it off confirms that they know.
    OnAndTheMethod,
    Off,
}

/// What whoever looks may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct May {
    /// Change it.
    pub change: bool,
    /// Have the provider of what stands asked.
    pub test: bool,
}

/// What settings are of.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// A connection that is to be.
    NewConnection(KindName),
    /// One that is, by its name.
    Connection(&'a str, KindName),
    /// The directories.
    Directories,
    /// The workspace.
    Workspace,
    /// Administrators' sessions.
    Organization,
}

/// What a provider has to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    RedirectUri,
    SignOutRedirectUri,
    BackChannelLogout,
    FrontChannelLogout,
    EntityId,
    Acs,
    Logout,
    Metadata,
    ClientId,
    ClientSecret,
    Issuer,
    Audience,
}

/// Why a form is there again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsProblem {
    /// Settings that are not allowed.
    Faulty,
    /// `CONNECTION-TEST`.
    TestFailed,
    /// `VERSION-STALE`.
    Stale,
    /// `CONNECTION-KNOWN`.
    Known,
    /// `CONNECTION-IN-USE`.
    InUse,
    /// `SUBSCRIBER-IMPACT`.
    Impact,
    /// The same, of a connection that is to be switched off.
    Shutting,
    /// `TEST-BUSY`.
    Busy,
    /// The box that confirms was not ticked.
    NotSure,
}

/// One thing that was looked at.
#[derive(Debug, Clone)]
pub struct Found {
    pub check: String,
    pub code: Option<&'static str>,
    pub detail: String,
    pub remedy: Option<&'static str>,
}

/// Settings that stand together.
#[derive(Debug)]
pub struct Group {
    pub frame: GroupFrame,
    pub settings: Vec<Setting>,
}

/// What stands around them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupFrame {
    Plain,
    Titled(GroupTitle),
    /// Few people need them.
    Folded(GroupTitle),
}

/// What a group is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupTitle {
    More,
    Claims,
    Domain,
    AnotherDomain,
    Route,
    AnotherRoute,
    Directory,
    AnotherDirectory,
}

/// One setting.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Dotted, as in what is stored.
    pub key: String,
    pub label: &'static str,
    pub hint: Option<&'static str>,
    pub input: Input,
    /// What stands there; `yes` is a switch that is on, and of several that are ticked each stands on a line.
    pub value: String,
    pub required: bool,
    /// What is wrong there.
    pub faults: Vec<String>,
    /// The key as an id of the page.
    id: String,
}

/// How a setting is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    Text,
    /// Never shown.
    Secret,
    /// Several lines.
    Area,
    Switch,
    /// One of these: value and label.
    Choice(Vec<(String, String)>),
    /// Any of these: value and label.
    Many(Vec<(String, String)>),
}

impl Setting {
    /// A setting that is called what `about` is called, its key without places in lists.
    #[must_use]
    pub fn new(key: String, about: &str, (input, value): (Input, String), language: Language) -> Self {
        let (label, hint) = setting_texts(about, language);
        let hint = (!hint.is_empty()).then_some(hint);
        let id = key.replace(['.', ':'], "-");
        Self { key, label, hint, input, value, required: false, faults: Vec::new(), id }
    }

    fn is_described(&self) -> bool {
        self.hint.is_some() || self.is_faulty()
    }

    fn is_faulty(&self) -> bool {
        !self.faults.is_empty()
    }

    fn holds(&self, value: &str) -> bool {
        self.value.lines().any(|line| line == value)
    }
}

impl Group {
    fn is_faulty(&self) -> bool {
        self.settings.iter().any(Setting::is_faulty)
    }
}

/// Values with what they are called; one that has no other name is called what it is, and the empty one is none.
#[must_use]
pub fn labelled<'a>(values: impl IntoIterator<Item = &'a str>, language: Language) -> Vec<(String, String)> {
    let none = connections_texts(language).settings.none;
    let label = |value: &str| match value {
        "" => none.to_owned(),
        value => choice_text(value, language).unwrap_or(value).to_owned(),
    };
    values.into_iter().map(|value| (value.to_owned(), label(value))).collect()
}

/// The page.
#[must_use]
pub fn settings(page: SettingsPage<'_>, language: Language) -> Html {
    let all = connections_texts(language);
    let words = &all.settings;
    let heading = heading(page.subject, all);
    let problem = page.problem.map(|problem| said(problem, words));
    let facts =
        page.told.iter().map(|(told, value)| Fact { name: name(*told, words), value: Value::Code(value) });
    let group = |group: Group| GroupSheet {
        is_folded: matches!(group.frame, GroupFrame::Folded(_)),
        title: match group.frame {
            GroupFrame::Plain => None,
            GroupFrame::Titled(of) | GroupFrame::Folded(of) => Some(title(of, words)),
        },
        is_faulty: group.is_faulty(),
        settings: group.settings,
    };
    let made = match page.pair {
        Pair::Made(id, secret, sealed) => Some(Made {
            sealed,
            file: format!("{id}.csv"),
            address: csv(&format!("client_id,client_secret\r\n{id},{secret}\r\n")),
        }),
        Pair::None | Pair::Detect | Pair::Another => None,
    };
    let sheet = Sheet {
        shell: Shell::new(&page.frame, language, &heading, problem),
        texts: words,
        lead: match page.subject {
            Subject::NewConnection(_) => words.connect_lead,
            Subject::Connection(..) => words.edit_lead,
            Subject::Directories => words.directories_lead,
            Subject::Workspace => words.workspace_lead,
            Subject::Organization => words.organization_lead,
        },
        facts: facts.collect(),
        made,
        detect: matches!(page.pair, Pair::Detect).then_some(words.detect),
        renew: matches!(page.pair, Pair::Another).then_some(words.renew),
        problem,
        unplaced: page.unplaced,
        findings: page.findings,
        action: navigable_or_root(page.action),
        form_token: page.form_token,
        version: page.version,
        groups: page.groups.into_iter().map(group).collect(),
        save: match page.subject {
            Subject::NewConnection(_) | Subject::Connection(..) => words.finish,
            Subject::Directories | Subject::Workspace | Subject::Organization => words.save,
        },
        may_change: page.may.change,
        may_test: page.may.test
            && matches!(page.subject, Subject::NewConnection(_) | Subject::Connection(..)),
        trial: page.trial.filter(|_| page.may.test),
        switch: page.switch.filter(|_| page.may.change),
        remove: page.remove.filter(|_| page.may.change).map(navigable_or_root),
        back: navigable_or_root(page.back),
        heading,
    };
    html(&sheet)
}

fn heading(subject: Subject<'_>, all: &ConnectionsTexts) -> String {
    let words = &all.settings;
    match subject {
        Subject::NewConnection(kind) => format!("{}: {}", all.connect_one, (all.kind_label)(kind)),
        Subject::Connection(name, kind) => format!("{name} ({})", (all.kind_label)(kind)),
        Subject::Directories => words.directories_heading.to_owned(),
        Subject::Workspace => words.workspace_heading.to_owned(),
        Subject::Organization => words.organization_heading.to_owned(),
    }
}

const fn said(problem: SettingsProblem, words: &'static SettingsTexts) -> &'static str {
    match problem {
        SettingsProblem::Faulty => words.faulty,
        SettingsProblem::TestFailed => words.test_failed,
        SettingsProblem::Stale => words.stale,
        SettingsProblem::Known => words.known,
        SettingsProblem::InUse => words.in_use,
        SettingsProblem::Impact => words.impact,
        SettingsProblem::Shutting => words.switch.impact,
        SettingsProblem::Busy => words.busy,
        SettingsProblem::NotSure => words.not_sure,
    }
}

const fn name(told: Told, words: &'static SettingsTexts) -> &'static str {
    match told {
        Told::RedirectUri => words.redirect_uri,
        Told::SignOutRedirectUri => words.sign_out_redirect_uri,
        Told::BackChannelLogout => words.back_channel_logout,
        Told::FrontChannelLogout => words.front_channel_logout,
        Told::EntityId => words.entity_id,
        Told::Acs => words.acs,
        Told::Logout => words.logout,
        Told::Metadata => words.metadata,
        Told::ClientId => words.client_id,
        Told::ClientSecret => words.client_secret,
        Told::Issuer => words.issuer,
        Told::Audience => words.audience,
    }
}

const fn title(of: GroupTitle, words: &'static SettingsTexts) -> &'static str {
    match of {
        GroupTitle::More => words.more,
        GroupTitle::Claims => words.claims,
        GroupTitle::Domain => words.domain,
        GroupTitle::AnotherDomain => words.another_domain,
        GroupTitle::Route => words.route,
        GroupTitle::AnotherRoute => words.another_route,
        GroupTitle::Directory => words.directory,
        GroupTitle::AnotherDirectory => words.another_directory,
    }
}

#[derive(Template)]
#[template(path = "console/settings.html")]
struct Sheet<'a> {
    shell: Shell<'a>,
    texts: &'static SettingsTexts,
    heading: String,
    lead: &'static str,
    facts: Vec<Fact<'a>>,
    made: Option<Made<'a>>,
    /// The button in the place of the test.
    detect: Option<&'static str>,
    /// The button beside it.
    renew: Option<&'static str>,
    problem: Option<&'static str>,
    unplaced: Vec<(String, String)>,
    findings: Vec<Found>,
    action: &'a str,
    form_token: &'a str,
    version: &'a str,
    groups: Vec<GroupSheet>,
    save: &'static str,
    may_change: bool,
    may_test: bool,
    trial: Option<String>,
    switch: Option<SwitchForm>,
    remove: Option<&'a str>,
    back: &'a str,
}

/// A pair on its way: what goes back, and the file that it can be kept in, by name and as an address.
struct Made<'a> {
    sealed: &'a str,
    file: String,
    address: String,
}

struct GroupSheet {
    is_folded: bool,
    title: Option<&'static str>,
    is_faulty: bool,
    settings: Vec<Setting>,
}
