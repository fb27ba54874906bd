//! The response that waits has met its browser at `accounts./landing` (architecture 2, step 5).

use vestibule_certs::token::TokenHash;
use vestibule_policies::code::Code;
use vestibule_providers::saml::fault::SamlFault;
use vestibule_providers::{Answer, SignInError};

use crate::http::reply::Reply;
use crate::http::visit::Visit;
use crate::store::parked::Parked;
use crate::store::spends::spend;

use super::super::arrive::{Also, Arrival};
use super::super::callback;
use super::super::handoff::Wanted;
use super::super::landing::take;
use super::super::state::State;
use super::super::stop::{Particulars, Stop};
use super::super::trial;
use super::unsolicited;
use super::waiting::{self, Waiting};

/// The way on from there.
///
/// # Errors
/// Where the sign-in stops.
pub(in super::super) async fn land(
    visit: &Visit<'_>,
    code: &str,
    found: (TokenHash, Parked),
) -> Result<Reply, Stop> {
    let waiting = waiting::open(visit.app, found).map_err(Stop::new)?;
    let Some(relay_state) = waiting.relay_state.clone() else {
        return unsolicited::ask(visit, code, &waiting).await;
    };
    let deployment = visit.app.deployment.load();
    let tenant = deployment.by_connection(waiting.connection);
    let tenant = tenant.ok_or_else(|| {
        Stop::because(Code::AdmissionConnection, "the answer is for a connection that is no longer there")
    })?;
    let connection = waiting::connection_of(tenant, &waiting).map_err(|error| Stop::new(error).at(tenant))?;
    let state = State::parse(visit.app, &relay_state)
        .ok_or_else(|| Stop::because(Code::SignInState, "the relay state is none of ours").at(tenant))?;
    let transaction = callback::transaction(visit, tenant, &state)?;
    let arrival = Arrival::new(visit.app, (tenant, connection), transaction);
    if arrival.transaction.wanted == Wanted::Trial {
        take(visit.app, waiting.code).await.map_err(|error| Stop::new(error).at(tenant))?;
        let also = Also { id: waiting.assertion, until: waiting.usable_until };
        return trial::conclude(visit, &arrival, Answer::Response(waiting.response), Some(also)).await;
    }
    let mut known = arrival.particulars();
    match arrive(visit, &arrival, waiting, &mut known).await {
        Ok(reply) => Ok(reply),
        // It is another sign-in's answer: this one stays (interface 6).
        Err(error) if is_for_another(&error) => Err(arrival.stop(visit, error, known, Vec::new())),
        Err(error) => Err(arrival.stop(visit, error, known, vec![arrival.transaction.drop_cookie()])),
    }
}

/// The answer is compared before anything is spent: a mismatch uses up only what was presented.
async fn arrive(
    visit: &Visit<'_>,
    arrival: &Arrival<'_>,
    waiting: Waiting,
    known: &mut Particulars,
) -> Result<Reply, SignInError> {
    let app = visit.app;
    let also = Also { id: waiting.assertion, until: waiting.usable_until };
    let proof = arrival.prove(app, Answer::Response(waiting.response), None).await;
    if !take(app, waiting.code).await? {
        return Err(SignInError::new(Code::SignInReplay, "this answer was taken a moment ago"));
    }
    if let Err(error) = &proof
        && is_for_another(error)
    {
        let (id, until) = (also.id, also.until);
        let write = app
            .store
            .write_one(move |transaction| Box::pin(async move { spend(transaction, &id, until).await }));
        write.await?;
        return Err(error.clone());
    }
    arrival.spend(app, Some(also)).await?;
    let before = arrival.before(visit).await?;
    let proof = proof?;
    known.subject = Some(proof.value().upstream.subject.clone());
    arrival.open_with(visit, &proof, before).await
}

fn is_for_another(error: &SignInError) -> bool {
    let causes = [SamlFault::RequestOther, SamlFault::ConfirmationRequest];
    causes.into_iter().any(|fault| error.cause == Some(fault.id()))
}
