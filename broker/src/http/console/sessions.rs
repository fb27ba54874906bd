//! The page about who is signed in.

use vestibule_policies::Email;
use vestibule_policies::code::Code;
use vestibule_policies::operation::Operation;

use crate::administration::sessions::{self, Listed};
use crate::http::form::Form;
use crate::http::reply::Reply;
use crate::http::route::DeskRoute;
use crate::pages::console::{self, Notice, Section, SessionList, SessionRow, SessionsPage};
use crate::session::view::moment;
use crate::store::roots::RootId;

use super::desk::Desk;

/// Sessions on one page.
const PAGE: u32 = 50;
/// The parameter with the session after which a page begins.
const AFTER: &str = "after";

/// One's own sessions, and everybody's for whoever may see them.
pub(super) async fn page(desk: &Desk<'_>) -> Result<Reply, Code> {
    let (app, this) = (desk.visit.app, desk.session());
    let own = sessions::own(app, &desk.actor).await?;
    let own: Vec<_> = own.iter().map(|one| row(one, Some(one.organization.clone()), this)).collect();
    let after = desk.visit.parameter(AFTER).and_then(|id| id.parse::<RootId>().ok());
    let all = if desk.actor.reaches(Operation::ReadSessions) {
        Some(sessions::all(app, &desk.actor, (after, PAGE)).await?)
    } else {
        None
    };
    let all = all.map(|(all, next)| {
        let email = |one: &Listed| one.email.as_ref().map(|email| Email::as_str(email).to_owned());
        let rows: Vec<_> = all.iter().map(|one| row(one, email(one), this)).collect();
        let next = next.map(|id| format!("{}?{AFTER}={id}", Section::Sessions.path()));
        (rows, next)
    });
    let page = SessionsPage {
        frame: desk.frame(Some(Section::Sessions)),
        action: &DeskRoute::Sessions.path(),
        form_token: &desk.form_token(),
        own: &own,
        all: all.as_ref().map(|(rows, next)| SessionList { rows, next: next.as_deref() }),
    };
    Ok(desk.page(None, console::sessions(&page, desk.visit.language())))
}

/// Ends one, or all of one's own but this.
pub(super) async fn end(desk: &Desk<'_>, form: &Form) -> Result<Reply, Code> {
    if form.optional("all")?.is_some() {
        sessions::end_own(desk.visit, &desk.actor).await?;
        return Ok(desk.done(Section::Sessions, Notice::SessionsEnded));
    }
    let id = form.only("session")?.parse().map_err(|_| Code::RequestMalformed)?;
    match sessions::end(desk.visit, &desk.actor, id).await {
        // It ended by itself meanwhile, which is what was wanted.
        Ok(()) | Err(Code::NotFound) => Ok(desk.done(Section::Sessions, Notice::SessionEnded)),
        Err(code) => Err(code),
    }
}

fn row(one: &Listed, note: Option<String>, this: RootId) -> SessionRow {
    SessionRow {
        id: one.id.to_string(),
        who: one.person.clone().unwrap_or_default(),
        note,
        way: one.connection.clone(),
        began: moment(one.began),
        last: moment(one.last_activity),
        ends: moment(one.ends),
        is_this: one.id == this,
    }
}
