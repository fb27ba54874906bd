//! The page about secure clients.

use serde_json::{Map, Value};
use vestibule_policies::code::Code;
use vestibule_policies::operation::Operation;

use crate::administration::clients::{self, ClientShown};
use crate::http::form::Form;
use crate::http::reply::Reply;
use crate::http::route::DeskRoute;
use crate::pages::console::{self, ClientItem, ClientMadePage, ClientProblem, ClientsPage, Notice, Section};

use super::desk::Desk;

/// The list, or a new client.
pub(super) async fn answer(desk: &Desk<'_>, form: Option<Form>) -> Result<Reply, Code> {
    let Some(form) = form else { return page(desk, "", None).await };
    let name = form.only("name")?.trim();
    let members = Map::from_iter([("name".to_owned(), Value::String(name.to_owned()))]);
    let refusal = match clients::create(desk.visit, &desk.actor, &members).await {
        Ok(made) => {
            let page = ClientMadePage {
                frame: desk.frame(Some(Section::ApiAccess)),
                name: &made.client.name,
                id: &made.client.id,
                secret: made.secret.expose(),
            };
            return Ok(desk.page(None, console::client_made(&page, desk.visit.language())));
        }
        Err(refusal) => refusal,
    };
    match refusal.code() {
        code @ Code::SettingsInvalid => page(desk, name, Some((ClientProblem::Name, code))).await,
        code @ Code::TooMany => page(desk, name, Some((ClientProblem::TooMany, code))).await,
        code => Err(code),
    }
}

/// The end of a client.
pub(super) async fn delete(desk: &Desk<'_>, id: &str) -> Result<Reply, Code> {
    clients::delete(desk.visit, &desk.actor, id).await.map_err(|refusal| refusal.code())?;
    Ok(desk.done(Section::ApiAccess, Notice::ClientDeleted))
}

async fn page(desk: &Desk<'_>, name: &str, problem: Option<(ClientProblem, Code)>) -> Result<Reply, Code> {
    if problem.is_none() {
        // Whoever comes to make one proves themselves first, so that the form need not be filled in twice.
        desk.may(Operation::CreateClient)?;
    }
    let all = clients::list(desk.visit, &desk.actor).await.map_err(|refusal| refusal.code())?;
    let item = |client: ClientShown| ClientItem {
        created: client.created_at.get(..10).unwrap_or_default().to_owned(),
        delete: DeskRoute::DeleteClient(client.id.clone()).path(),
        name: client.name,
        id: client.id,
        made_by: client.made_by,
    };
    let rows: Vec<_> = all.into_iter().map(item).collect();
    let page = ClientsPage {
        frame: desk.frame(Some(Section::ApiAccess)),
        customer: &desk.tenant().organization.id.to_string(),
        rows: &rows,
        action: Section::ApiAccess.path(),
        form_token: &desk.form_token(),
        name,
        problem: problem.map(|(problem, _)| problem),
    };
    Ok(desk.page(problem.map(|(_, code)| code), console::clients(&page, desk.visit.language())))
}
