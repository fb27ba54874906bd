//! The pages about who runs an organisation.

use std::collections::BTreeSet;

use vestibule_policies::Email;
use vestibule_policies::code::Code;
use vestibule_policies::ids::{InvitationId, PersonId};
use vestibule_policies::operation::Operation;
use vestibule_policies::permission::{Access, Permission};
use vestibule_policies::time::Timestamp;

use crate::administration::administrators::{self, Administrator, ByProvider, Invited, Sent};
use crate::http::form::Form;
use crate::http::reply::Reply;
use crate::http::route::DeskRoute;
use crate::pages::console::{
    self, AccessForm, AdministratorPage, AdministratorProblem, AdministratorRow, AdministratorsPage,
    InvitePage, LinkPage, Notice, ProviderRow, Removal, Section, Standing,
};
use crate::session::view::moment;

use super::desk::Desk;

/// The page of a route, or what its form does.
pub(super) async fn answer(desk: &Desk<'_>, route: &DeskRoute, form: Option<Form>) -> Result<Reply, Code> {
    match (route, form) {
        (DeskRoute::Invite, None) => invite_page(desk, "", &Access::Full, None),
        (DeskRoute::Invite, Some(form)) => invite(desk, &form).await,
        (DeskRoute::Administrator(id), None) => one(desk, *id, (None, None)).await,
        (DeskRoute::Administrator(id), Some(form)) => change(desk, *id, &form).await,
        (DeskRoute::RemoveAdministrator(id), Some(form)) => remove(desk, *id, &form).await,
        (DeskRoute::Invitation(id), None) => invited(desk, *id, None).await,
        (DeskRoute::ResendInvitation(id), Some(_)) => resend(desk, *id).await,
        (DeskRoute::WithdrawInvitation(id), Some(form)) => withdraw(desk, *id, &form).await,
        _ => list(desk).await,
    }
}

async fn list(desk: &Desk<'_>) -> Result<Reply, Code> {
    let app = desk.visit.app;
    let there = administrators::list(app, &desk.actor).await?;
    let asked = administrators::invited(app, &desk.actor).await?;
    let mut rows: Vec<_> = there.iter().map(|one| there_row(desk, one)).collect();
    rows.extend(asked.iter().map(asked_row));
    let brought: Vec<_> = administrators::by_provider(app, &desk.actor)?.map(brought_row).collect();
    let page = AdministratorsPage {
        frame: desk.frame(Some(Section::Administrators)),
        rows: &rows,
        by_provider: &brought,
        invite: desk.actor.reaches(Operation::InviteAdministrator).then_some(INVITE),
    };
    Ok(desk.page(None, console::administrators(&page, desk.visit.language())))
}

fn utc(at: Timestamp) -> String {
    format!("{} UTC", moment(at).shown)
}

const INVITE: &str = "/administrators/invite";

fn there_row<'a>(desk: &Desk<'_>, one: &'a Administrator) -> AdministratorRow<'a> {
    AdministratorRow {
        is_own: desk.actor.person() == Some(one.person),
        url: DeskRoute::Administrator(one.person).path(),
        ..AdministratorRow::of(&one.display_name, &one.email, &one.access)
    }
}

fn brought_row(one: ByProvider<'_>) -> ProviderRow<'_> {
    match one {
        ByProvider::Person(one) => ProviderRow {
            is_group: false,
            id: one.object.to_string(),
            access: &one.access,
            connection: one.connection.as_str(),
        },
        ByProvider::Group(one) => ProviderRow {
            is_group: true,
            id: one.group.to_string(),
            access: &one.access,
            connection: one.connection.as_str(),
        },
    }
}

fn asked_row(one: &Invited) -> AdministratorRow<'_> {
    AdministratorRow {
        url: DeskRoute::Invitation(one.id).path(),
        standing: if one.has_expired { Standing::Expired } else { Standing::Sent(utc(one.until)) },
        ..AdministratorRow::of(one.email.as_str(), &one.email, &one.access)
    }
}

fn invite_page(
    desk: &Desk<'_>,
    email: &str,
    access: &Access,
    problem: Option<(AdministratorProblem, Code)>,
) -> Result<Reply, Code> {
    if problem.is_none() {
        desk.may(Operation::InviteAdministrator)?;
    }
    let page = InvitePage {
        frame: desk.frame(Some(Section::Administrators)),
        action: INVITE,
        form_token: &desk.form_token(),
        email,
        access: AccessForm { chosen: access },
        by_mail: desk.visit.app.mail.is_configured(),
        problem: problem.map(|(problem, _)| problem),
    };
    Ok(desk.page(problem.map(|(_, code)| code), console::invite(&page, desk.visit.language())))
}

async fn invite(desk: &Desk<'_>, form: &Form) -> Result<Reply, Code> {
    let typed = form.only("email")?;
    let access = chosen(form)?;
    let again = |problem, code| invite_page(desk, typed, &access, Some((problem, code)));
    let Ok(email) = Email::parse(typed.trim()) else {
        return again(AdministratorProblem::Address, Code::RequestMalformed);
    };
    if is_nothing(&access) {
        return again(AdministratorProblem::NoPermission, Code::RequestMalformed);
    }
    match administrators::invite(desk.visit, &desk.actor, email, access.clone()).await {
        Ok(sent) => Ok(on_its_way(desk, &sent, Notice::Invited)),
        Err(code @ Code::AdministratorKnown) => again(AdministratorProblem::Known, code),
        Err(code @ Code::TooMany) => again(AdministratorProblem::TooMany, code),
        Err(code) => Err(code),
    }
}

/// The list again, or the link for somebody to hand over.
fn on_its_way(desk: &Desk<'_>, sent: &Sent, notice: Notice) -> Reply {
    let Some(link) = &sent.link else { return desk.done(Section::Administrators, notice) };
    let page = LinkPage { frame: desk.frame(Some(Section::Administrators)), link };
    desk.page(None, console::hand_over(&page, desk.visit.language()))
}

/// What a form says that somebody may do.
fn chosen(form: &Form) -> Result<Access, Code> {
    match form.only("access")? {
        "full" => Ok(Access::Full),
        "custom" => {
            let mut held = BTreeSet::new();
            for permission in Permission::ALL {
                if form.optional(&format!("permission.{}", permission.as_str()))?.is_some() {
                    held.insert(permission);
                }
            }
            Ok(Access::Custom(held))
        }
        _ => Err(Code::RequestMalformed),
    }
}

fn is_nothing(access: &Access) -> bool {
    matches!(access, Access::Custom(held) if held.is_empty())
}

async fn one(
    desk: &Desk<'_>,
    id: PersonId,
    (typed, problem): (Option<&Access>, Option<(AdministratorProblem, Code)>),
) -> Result<Reply, Code> {
    if problem.is_none() {
        desk.may(Operation::WriteAccess)?;
    }
    let one = administrators::one(desk.visit.app, &desk.actor, id).await?;
    let is_own = desk.actor.person() == Some(id);
    let page = AdministratorPage {
        frame: desk.frame(Some(Section::Administrators)),
        name: &one.display_name,
        email: one.email.as_str(),
        user_name: Some(&one.user_name),
        asked: None,
        action: &DeskRoute::Administrator(id).path(),
        form_token: &desk.form_token(),
        access: Some(AccessForm { chosen: typed.unwrap_or(&one.access) }),
        resend: None,
        remove: &DeskRoute::RemoveAdministrator(id).path(),
        removal: if is_own { Removal::Own } else { Removal::Other },
        problem: problem.map(|(problem, _)| problem),
    };
    Ok(desk.page(problem.map(|(_, code)| code), console::administrator(&page, desk.visit.language())))
}

async fn change(desk: &Desk<'_>, id: PersonId, form: &Form) -> Result<Reply, Code> {
    let access = chosen(form)?;
    if is_nothing(&access) {
        let problem = (AdministratorProblem::NoPermission, Code::RequestMalformed);
        return one(desk, id, (Some(&access), Some(problem))).await;
    }
    match administrators::change_access(desk.visit, &desk.actor, id, access.clone()).await {
        Ok(()) => Ok(desk.done(Section::Administrators, Notice::AccessChanged)),
        Err(code @ Code::AdministratorLast) => {
            one(desk, id, (Some(&access), Some((AdministratorProblem::Last, code)))).await
        }
        Err(code) => Err(code),
    }
}

async fn remove(desk: &Desk<'_>, id: PersonId, form: &Form) -> Result<Reply, Code> {
    if form.optional("sure")?.is_none() {
        let problem = (AdministratorProblem::NotSure, Code::RequestMalformed);
        return one(desk, id, (None, Some(problem))).await;
    }
    match administrators::remove(desk.visit, &desk.actor, id).await {
        Ok(()) => Ok(desk.done(Section::Administrators, Notice::Removed)),
        Err(code @ Code::AdministratorLast) => {
            one(desk, id, (None, Some((AdministratorProblem::Last, code)))).await
        }
        Err(code) => Err(code),
    }
}

async fn invited(
    desk: &Desk<'_>,
    id: InvitationId,
    problem: Option<(AdministratorProblem, Code)>,
) -> Result<Reply, Code> {
    if problem.is_none() {
        desk.may(Operation::InviteAdministrator)?;
    }
    let one = administrators::invitation(desk.visit.app, &desk.actor, id).await?;
    let (sent, until) = (utc(one.sent), utc(one.until));
    let resend = DeskRoute::ResendInvitation(id).path();
    let page = AdministratorPage {
        frame: desk.frame(Some(Section::Administrators)),
        name: one.email.as_str(),
        email: one.email.as_str(),
        user_name: None,
        asked: Some((&sent, &until)),
        action: &DeskRoute::Invitation(id).path(),
        form_token: &desk.form_token(),
        access: None,
        resend: (!one.has_expired).then_some(resend.as_str()),
        remove: &DeskRoute::WithdrawInvitation(id).path(),
        removal: Removal::Invitation,
        problem: problem.map(|(problem, _)| problem),
    };
    Ok(desk.page(problem.map(|(_, code)| code), console::administrator(&page, desk.visit.language())))
}

async fn resend(desk: &Desk<'_>, id: InvitationId) -> Result<Reply, Code> {
    let sent = administrators::resend(desk.visit, &desk.actor, id).await?;
    Ok(on_its_way(desk, &sent, Notice::SentAgain))
}

async fn withdraw(desk: &Desk<'_>, id: InvitationId, form: &Form) -> Result<Reply, Code> {
    if form.optional("sure")?.is_none() {
        return invited(desk, id, Some((AdministratorProblem::NotSure, Code::RequestMalformed))).await;
    }
    administrators::withdraw(desk.visit, &desk.actor, id).await?;
    Ok(desk.done(Section::Administrators, Notice::Withdrawn))
}
