//! A posted answer between the address where it was posted and the browser that has to bring it: one for each sign-in,
//! sealed. The same octets posted again find the same place; others for that sign-in find none.

use vestibule_certs::purpose::Purpose;
use vestibule_certs::token::{Token, TokenHash};
use vestibule_certs::{digest, encoding};
use vestibule_policies::code::Code;
use vestibule_policies::ids::ConnectionId;
use vestibule_providers::SignInError;
use vestibule_providers::oidc::callback::Authorization;

use crate::app::App;
use crate::signin::transaction::LIFETIME as SIGN_IN;
use crate::store::parked::{self, LIFETIME, Parked, Parking, UNPROVED};

/// How the row of such an answer begins; a SAML response's never does.
const POSTED: &str = "posted ";

/// An answer that waits, opened.
pub(super) struct Waiting {
    pub(super) connection: ConnectionId,
    pub(super) state: String,
    pub(super) answer: Authorization,
    /// What is spent with its transaction.
    pub(super) spend_id: String,
}

/// Whether what waits is a posted answer.
pub(in super::super) fn is_one(parked: &Parked) -> bool {
    parked.sign_in.starts_with(POSTED)
}

/// Lets an answer wait, and gives the code that finds it. It does not hold for a test sign-in whose faults are to be shown.
pub(super) async fn park(
    app: &App,
    connection: ConnectionId,
    state: &str,
    (answer, holds): (&Authorization, bool),
) -> Result<String, SignInError> {
    let internal = || SignInError::new(Code::Internal, "an answer could not be sealed");
    let now = app.session_clock.now();
    let message = zeroize::Zeroizing::new(serde_json::to_vec(answer).map_err(|_| internal())?);
    let fingerprint = encoding::base64url(&digest::sha256(&message));
    let tag = app.keys.mac(Purpose::Handover).tag(&[b"posted", state.as_bytes(), fingerprint.as_bytes()]);
    let code = encoding::base64url(&tag);
    let hash = Token::hash_of(&code).ok_or_else(internal)?;
    let sealed = app.keys.sealer(Purpose::Handover).seal(&message, &binding(&hash));
    let parked = Parked {
        connection,
        sign_in: format!("{POSTED}{state}"),
        assertion: if holds {
            format!("{POSTED}{}", encoding::base64url(&digest::sha256(state.as_bytes())))
        } else {
            format!("{UNPROVED}{fingerprint}")
        },
        // Its transaction is over by then.
        usable_until: now.plus(SIGN_IN),
        message: sealed.map_err(|_| internal())?,
        expires: now.plus(LIFETIME),
    };
    let write = app.store.write(move |transaction| {
        Box::pin(async move { parked::park(transaction, &hash, &parked, now).await })
    });
    match write.await {
        Ok(Parking::Waits) => Ok(code),
        Ok(Parking::Taken) => {
            Err(SignInError::new(Code::SignInReplay, "an answer for this sign-in was here before"))
        }
        Ok(Parking::Full) => {
            Err(SignInError::new(Code::StoreBusy, "too many answers wait for their browsers"))
        }
        Err(error) => Err(error.into()),
    }
}

/// Opens what was found.
pub(super) fn open(app: &App, code: &TokenHash, parked: Parked) -> Result<Waiting, SignInError> {
    let broken = || SignInError::new(Code::Internal, "an answer that waits does not open");
    let opened = app.keys.sealer(Purpose::Handover).open(&parked.message, &binding(code));
    let opened = opened.map_err(|_| broken())?;
    Ok(Waiting {
        connection: parked.connection,
        state: parked.sign_in.strip_prefix(POSTED).ok_or_else(broken)?.to_owned(),
        answer: serde_json::from_slice(&opened).map_err(|_| broken())?,
        spend_id: parked.assertion,
    })
}

fn binding(code: &TokenHash) -> Vec<u8> {
    format!("posted {}", code.to_hex()).into_bytes()
}
