//! The address of a test sign-in, which `vestibule check --organization` prints too (PRV-09): the whole way to the provider and back, a
//! report, and no session.

use vestibule_certs::token::Token;
use vestibule_policies::code::Code;
use vestibule_policies::operation::Operation;

use crate::http::visit::Visit;
use crate::signin::trial::address;
use crate::store::audit::append;
use crate::store::trials;

use super::super::{Actor, Refusal, Stage, events, standing};
use super::{about, named};

/// Makes an address by which a connection can be tried for an hour, as it stands; one that is switched off too. Whoever holds it may
/// read the report.
///
/// # Errors
/// Where the actor may not, or there is no connection of that name.
pub async fn trial(visit: &Visit<'_>, actor: &Actor, name: &str) -> Result<String, Refusal> {
    let app = visit.app;
    actor.may(Operation::TestConnection, Stage::Sent, app.session_clock.now())?;
    let row = standing::row(app, actor).await?;
    let policy = named(&row, name)?;
    let ticket = Token::generate().map_err(|_| Code::Internal)?;
    let (hash, expires) = (ticket.hash(), app.session_clock.now().plus(trials::LIFETIME));
    let (connection, event) = (policy.id, events::event(visit, actor, "test.issued", &about(policy)));
    let write = actor.write(app, Operation::TestConnection, move |transaction| {
        Box::pin(async move {
            append(transaction, &event).await?;
            trials::issue(transaction, &hash, connection, expires).await.map(Ok)
        })
    });
    write.await?;
    Ok(address(&app.accounts_origin(), ticket.as_str()))
}
