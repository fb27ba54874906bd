//! The pages of settings that there are one of: directories, workspace, and administrators' sessions.

use serde_json::{Map, Value, json};
use vestibule_policies::code::Code;
use vestibule_policies::edition::{Audience, serves};
use vestibule_policies::operation::Operation;

use crate::administration::{FieldFault, Refusal, Version, directories, organization, workspace};
use crate::http::form::Form;
use crate::http::reply::Reply;
use crate::http::route::DeskRoute;
use crate::pages::console::{self, May, Notice, Pair, Section, SettingsPage, SettingsProblem, Subject};

use super::connections::problem_of;
use super::desk::Desk;
use super::shape::{self, Choices, Part, kinds};

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Directories,
    Workspace,
    Organization,
}

impl Of {
    const fn parts(self) -> &'static [Part] {
        match self {
            Self::Directories => kinds::DIRECTORIES,
            Self::Workspace => kinds::WORKSPACE,
            Self::Organization => kinds::ORGANIZATION,
        }
    }

    const fn subject(self) -> Subject<'static> {
        match self {
            Self::Directories => Subject::Directories,
            Self::Workspace => Subject::Workspace,
            Self::Organization => Subject::Organization,
        }
    }

    const fn section(self) -> Section {
        match self {
            Self::Directories => Section::Connections,
            Self::Workspace => Section::Workspace,
            Self::Organization => Section::Settings,
        }
    }

    fn route(self) -> DeskRoute {
        match self {
            Self::Directories => DeskRoute::Directories,
            Self::Workspace => DeskRoute::Workspace,
            Self::Organization => DeskRoute::Settings,
        }
    }

    /// What its form needs, also to be shown.
    const fn operation(self) -> Operation {
        match self {
            Self::Directories => Operation::WriteConnections,
            Self::Workspace => Operation::WriteWorkspace,
            Self::Organization => Operation::WriteAdministratorSessions,
        }
    }
}

/// The form, or what it does.
pub(super) async fn answer(desk: &Desk<'_>, of: Of, form: Option<Form>) -> Result<Reply, Code> {
    let Some(form) = form else {
        desk.may(of.operation())?;
        let (standing, version) = read(desk, of).await?;
        return Ok(page(desk, of, (standing, &version), None));
    };
    let (standing, _) = read(desk, of).await?;
    let members = shape::read(of.parts(), &form, &standing)?;
    let sent = Version::sent(form.only("version")?);
    let Err(refusal) = write(desk, of, &sent, &members).await else {
        return Ok(desk.on(&of.route(), Notice::Saved));
    };
    let code = refusal.code();
    let problem = problem_of(code).ok_or(code)?;
    // What was typed stays, unless it was made from what does not stand any more.
    let (now, version) = read(desk, of).await?;
    let shown = if code == Code::VersionStale { now } else { members };
    let faults = match refusal {
        Refusal::Faults(_, faults) => faults,
        Refusal::Code(_) => Vec::new(),
    };
    Ok(page(desk, of, (shown, &version), Some((problem, code, faults))))
}

async fn read(desk: &Desk<'_>, of: Of) -> Result<(Map<String, Value>, Version), Code> {
    let (visit, actor) = (desk.visit, &desk.actor);
    let own = |refusal: Refusal| refusal.code();
    let (value, version) = match of {
        Of::Directories => {
            let (all, version) = directories::list(visit, actor).await.map_err(own)?;
            (Ok(json!({ "directories": all })), version)
        }
        Of::Workspace => {
            let (settings, version) = workspace::read(visit, actor).await.map_err(own)?;
            (serde_json::to_value(settings), version)
        }
        Of::Organization => {
            let (shown, version) = organization::read(visit, actor).await.map_err(own)?;
            (serde_json::to_value(shown.sessions), version)
        }
    };
    match value {
        Ok(Value::Object(members)) => Ok((members, version)),
        _ => Err(Code::Internal),
    }
}

async fn write(desk: &Desk<'_>, of: Of, sent: &Version, members: &Map<String, Value>) -> Result<(), Refusal> {
    let (visit, actor) = (desk.visit, &desk.actor);
    match of {
        Of::Directories => {
            let rows = members.get("directories").and_then(Value::as_array).cloned().unwrap_or_default();
            let rows: Vec<_> = rows.iter().filter_map(Value::as_object).cloned().collect();
            directories::write(visit, actor, sent, &rows).await.map(drop)
        }
        Of::Workspace => workspace::write(visit, actor, sent, members).await.map(drop),
        Of::Organization => organization::write_sessions(visit, actor, sent, members).await.map(drop),
    }
}

fn page(
    desk: &Desk<'_>,
    of: Of,
    (members, version): (Map<String, Value>, &Version),
    refused: Option<(SettingsProblem, Code, Vec<FieldFault>)>,
) -> Reply {
    let language = desk.visit.language();
    let organization = &desk.tenant().organization;
    let methods = organization
        .connections
        .iter()
        .filter(|one| serves(organization.edition, one.kind, Audience::Subscriber))
        .map(|one| one.name.to_string());
    let choices = Choices { methods: methods.collect(), ..Choices::default() };
    let (problem, code, faults) = match refused {
        Some((problem, code, faults)) => (Some(problem), Some(code), faults),
        None => (None, None, Vec::new()),
    };
    let (groups, unplaced) = shape::groups(of.parts(), &members, &choices, (faults, language));
    let page = SettingsPage {
        frame: desk.frame(Some(of.section())),
        subject: of.subject(),
        told: Vec::new(),
        pair: Pair::None,
        action: &of.route().path(),
        form_token: &desk.form_token(),
        version: &version.to_string(),
        groups,
        trial: None,
        switch: None,
        remove: None,
        may: May { change: true, test: false },
        back: if of == Of::Directories { Section::Connections.path() } else { Section::Overview.path() },
        problem,
        unplaced,
        findings: Vec::new(),
    };
    desk.page(code, console::settings(page, language))
}
