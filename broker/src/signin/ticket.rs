//! Tickets: what a half-finished sign-in has proved waits in the store, sealed, and the form carries the one key to it (architecture
//! 2, step 7). A ticket is good for one attempt, and for the transaction that it was made in. So does a half-finished change of a
//! person's own.

use serde::Serialize;
use serde::de::DeserializeOwned;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::token::{Token, TokenHash};
use vestibule_policies::code::Code;
use vestibule_policies::time::Timestamp;
use vestibule_providers::SignInError;

use crate::app::App;
use crate::store::devices::Owner;
use crate::store::pending::{self, Pending};
use crate::store::roots::RootId;

use super::transaction::Transaction;

/// What a ticket is good in, and nowhere else.
pub(super) struct Errand(String);

impl Errand {
    /// A change that somebody makes in their session.
    pub(super) fn change(root: RootId, what: &str) -> Self {
        Self(format!("{what} in {root}"))
    }
}

impl From<&Transaction> for Errand {
    fn from(transaction: &Transaction) -> Self {
        Self(transaction.spend_id())
    }
}

/// Lets something wait, in place of what waited for the same errand before.
pub(super) async fn wait<T: Serialize>(
    app: &App,
    errand: impl Into<Errand>,
    (owner, what): (&Owner, &T),
    deadline: Timestamp,
) -> Result<Token, SignInError> {
    let internal = |what: &str| SignInError::new(Code::Internal, what);
    let ticket = Token::generate().map_err(|_| internal("the system has no randomness"))?;
    let hash = ticket.hash();
    let plain = serde_json::to_vec(what).map_err(|error| internal(&error.to_string()))?;
    let plain = zeroize::Zeroizing::new(plain);
    let sealed = app.keys.sealer(Purpose::Rows).seal(&plain, &binding(&hash));
    let row = Pending {
        organization: owner.organization,
        sign_in: errand.into().0,
        principal: owner.principal.clone(),
        step: sealed.map_err(|_| internal("the system has no randomness"))?,
        expires: deadline,
    };
    let now = app.session_clock.now();
    let write = app.store.write(move |transaction| {
        Box::pin(async move { pending::wait(transaction, &hash, &row, now).await })
    });
    match write.await {
        Ok(true) => Ok(ticket),
        Ok(false) => Err(SignInError::new(Code::SignInBusy, "too many first steps wait for their second")),
        Err(error) => Err(error.into()),
    }
}

/// Takes what waits: whatever comes of this attempt, the ticket is used up.
pub(super) async fn take<T: DeserializeOwned>(
    app: &App,
    errand: impl Into<Errand>,
    ticket: TokenHash,
) -> Result<(T, Timestamp), SignInError> {
    let write = app
        .store
        .write_one(move |transaction| Box::pin(async move { pending::take(transaction, &ticket).await }));
    let row = write.await?;
    let Errand(sign_in) = errand.into();
    let row = row.filter(|row| row.sign_in == sign_in && app.session_clock.now() < row.expires);
    let row = row.ok_or_else(none)?;
    let plain = app.keys.sealer(Purpose::Rows).open(&row.step, &binding(&ticket)).map_err(|_| none())?;
    let what = serde_json::from_slice(&plain).map_err(|_| none())?;
    Ok((what, row.expires))
}

/// There is nothing that the ticket opens.
pub(super) fn none() -> SignInError {
    let reason = "the first step is too long ago, was used, or is another browser's";
    SignInError::new(Code::TokenTicket, reason)
}

fn binding(ticket: &TokenHash) -> Vec<u8> {
    format!("pending {}", ticket.to_hex()).into_bytes()
}
