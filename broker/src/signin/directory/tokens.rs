//! Devices for one-time codes: whose they are, their sealed secrets, and what becomes of a code (TOK-01 to TOK-09).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::purpose::Purpose;
use vestibule_policies::claims::Claims;
use vestibule_policies::code::Code as Refused;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::totp::{Code, Moment, Refusal, SECRET_LENGTH, Secret};
use vestibule_providers::SignInError;

use crate::app::App;
use crate::store;
use crate::store::devices::{self, Owner};

/// A device that a page may speak of.
pub(in super::super) async fn look(
    app: &App,
    owner: &Owner,
) -> Result<Option<devices::DeviceRow>, SignInError> {
    let found = devices::look(app.store.readers(), owner).await;
    found.map_err(SignInError::from)
}

/// Now, by both clocks.
pub(in super::super) fn moment(app: &App) -> Moment {
    Moment { wall: app.wall.now(), session: app.session_clock.now() }
}

/// What a code came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Presented {
    Right,
    Refused(Refusal),
    /// There is no device.
    Nothing,
}

/// Holds a code against somebody's device, and writes down what is to be remembered of it, in this transaction.
pub(in super::super) async fn present(
    transaction: &mut store::Transaction,
    keys: &KeyRing,
    owner: &Owner,
    (code, at): (&Code, Moment),
    name_tag: &str,
) -> Result<Presented, sqlx::Error> {
    let Some(row) = devices::of(transaction, owner).await? else { return Ok(Presented::Nothing) };
    let secret =
        open(keys, owner, &row.secret).ok_or_else(|| sqlx::Error::Decode("devices.secret".into()))?;
    let (device, outcome) = row.device.present(&secret, code, at);
    devices::remember(transaction, owner, &device, name_tag).await?;
    Ok(match outcome {
        Ok(_) => Presented::Right,
        Err(refusal) => Presented::Refused(refusal),
    })
}

/// Whether something may be tried in a code's place.
pub(in super::super) async fn may_try(
    transaction: &mut store::Transaction,
    owner: &Owner,
    at: Moment,
) -> Result<bool, sqlx::Error> {
    let row = devices::of(transaction, owner).await?;
    Ok(row.is_some_and(|row| row.device.admits(at.session).is_ok()))
}

/// Writes down what was tried in a code's place.
pub(in super::super) async fn count(
    transaction: &mut store::Transaction,
    owner: &Owner,
    (is_right, at): (bool, Moment),
) -> Result<(), sqlx::Error> {
    let Some(row) = devices::of(transaction, owner).await? else { return Ok(()) };
    devices::remember(transaction, owner, &row.device.beside(is_right, at.session), "").await
}

/// Seals a secret to its owner.
pub(crate) fn seal(keys: &KeyRing, owner: &Owner, secret: &Secret) -> Result<Vec<u8>, SignInError> {
    let sealed = keys.sealer(Purpose::Rows).seal(secret.bytes(), &binding(owner));
    sealed.map_err(|_| SignInError::new(Refused::Internal, "the system has no randomness"))
}

fn open(keys: &KeyRing, owner: &Owner, sealed: &[u8]) -> Option<Secret> {
    let plain = keys.sealer(Purpose::Rows).open(sealed, &binding(owner)).ok()?;
    plain
        .first_chunk::<SECRET_LENGTH>()
        .filter(|_| plain.len() == SECRET_LENGTH)
        .map(|bytes| Secret::new(*bytes))
}

fn binding(owner: &Owner) -> Vec<u8> {
    format!("device {} {}", owner.organization, owner.principal).into_bytes()
}

/// By what an administrator finds somebody's device: a MAC of the UPN, so that the store names nobody.
#[must_use]
pub(crate) fn name_tag(keys: &KeyRing, organization: OrganizationId, principal_name: &str) -> String {
    let name = principal_name.trim().to_lowercase();
    let tag = keys.mac(Purpose::Pseudonym).tag(&[b"device name", organization.as_bytes(), name.as_bytes()]);
    URL_SAFE_NO_PAD.encode(tag)
}

/// The same of somebody's claims.
pub(super) fn name_tag_of(keys: &KeyRing, organization: OrganizationId, claims: &Claims) -> String {
    name_tag(keys, organization, claims.principal_name().unwrap_or_default())
}

/// What a refused code is to the person, the log and the audit.
pub(in super::super) fn refusal(refusal: Refusal) -> SignInError {
    let (code, reason, cause) = match refusal {
        Refusal::Wrong => (Refused::TokenCode, "the one-time code is not right", "wrong-code"),
        Refusal::Used => (Refused::TokenCode, "the one-time code was used before", "used-code"),
        Refusal::Resting(_) => (Refused::TokenLocked, "there were too many wrong one-time codes", "resting"),
        Refusal::Locked => (Refused::TokenDevice, "a hundred one-time codes were wrong", "locked"),
    };
    SignInError::new(code, reason).with_cause(cause)
}
