//! Counts attempts at passwords before a directory is asked: in the store, in one transaction, so that of a hundred at once no more
//! get through than one after the other (PWD-05).

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sqlx::SqliteExecutor;
use vestibule_certs::purpose::Purpose;
use vestibule_policies::code::Code;
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::lockout::{self, Key, Network, Rule, Tally};
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_policies::time::Timestamp;
use vestibule_providers::SignInError;
use vestibule_providers::ports::{Attempted, Gate, Judged};

use crate::deployment::Tenant;
use crate::http::visit::Visit;
use crate::store;
use crate::store::{StoreError, attempts};

use super::super::arrive::Arrival;
use super::device::Devices;
use super::form;

/// Of one attempt of one browser at one connection.
pub(in super::super) struct AttemptGate<'a> {
    visit: &'a Visit<'a>,
    connection: ConnectionId,
    rule: Rule,
    devices: Devices,
    reserved: Mutex<Option<Reserved>>,
}

/// What was counted, to be given back.
#[derive(Debug, Clone)]
struct Reserved {
    keys: Vec<Key>,
    at: Timestamp,
}

impl<'a> AttemptGate<'a> {
    /// For the connection of this sign-in.
    pub(in super::super) fn of(visit: &'a Visit<'a>, arrival: &Arrival<'_>) -> Result<Self, SignInError> {
        Self::at(visit, arrival.tenant, arrival.connection)
    }

    /// For this connection.
    pub(super) fn at(
        visit: &'a Visit<'a>,
        tenant: &Tenant,
        connection: &ConnectionPolicy,
    ) -> Result<Self, SignInError> {
        let config = form::config(tenant, connection)?;
        let window = Duration::from_millis(config.lockout_window_ms);
        Ok(Self {
            visit,
            connection: connection.id,
            rule: Rule { attempts: config.lockout_attempts, window },
            devices: Devices::of(visit),
            reserved: Mutex::default(),
        })
    }

    fn keys(&self, attempted: Attempted<'_>) -> Vec<Key> {
        let app = self.visit.app;
        let account = match attempted {
            Attempted::Account(id) => id.as_str().to_owned(),
            // It may be a password that went into the wrong field.
            Attempted::Name(name) => {
                let tag = app.keys.mac(Purpose::Pseudonym).tag(&[b"attempts", name.as_bytes()]);
                format!("name:{}", URL_SAFE_NO_PAD.encode(tag))
            }
        };
        let address = self.address();
        match self.devices.of_account(app, self.connection, &account) {
            // What strangers do to everybody does not keep out who signed in as this account before.
            Some(device) => vec![Key::AccountFromDevice { account, device }, address],
            None => vec![Key::Account(account), address, Key::Everybody],
        }
    }

    fn address(&self) -> Key {
        Key::Address(Network::of(self.visit.client()))
    }
}

#[async_trait]
impl Gate for AttemptGate<'_> {
    async fn admits(&self) -> Result<(), SignInError> {
        let app = self.visit.app;
        let now = app.session_clock.now();
        // Whose account it will be is not known yet: a browser that signed in here before is let through to where it is.
        let everybody = (!self.devices.have_been_at(self.connection)).then_some(Key::Everybody);
        for key in std::iter::once(self.address()).chain(everybody) {
            let next = next(app.store.readers(), self.connection, (&key, self.rule), now).await;
            if next.map_err(StoreError::Read)?.is_none() {
                return Err(busy(&key));
            }
        }
        Ok(())
    }

    async fn reserve(&self, account: Attempted<'_>) -> Result<(), SignInError> {
        let app = self.visit.app;
        let (connection, rule, now) = (self.connection, self.rule, app.session_clock.now());
        let keys = self.keys(account);
        let counted = keys.clone();
        let write = app.store.write(move |transaction| {
            Box::pin(async move { reserve(transaction, connection, (&counted, rule), now).await })
        });
        match write.await? {
            Ok(()) => {
                *self.reserved.lock().unwrap_or_else(PoisonError::into_inner) =
                    Some(Reserved { keys, at: now });
                Ok(())
            }
            Err(Key::Account(_) | Key::AccountFromDevice { .. }) => {
                let reason =
                    "there were too many wrong passwords of this account; the directory was not asked";
                Err(SignInError::new(Code::AdCredentials, reason).with_cause("held"))
            }
            Err(key @ (Key::Address(_) | Key::Everybody)) => Err(busy(&key)),
        }
    }

    async fn settle(&self, judged: Judged) {
        let reserved = self.reserved.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Reserved { keys, at }) = reserved.filter(|_| judged != Judged::Wrong) else { return };
        let (connection, rule, now) = (self.connection, self.rule, self.visit.app.session_clock.now());
        let write = self.visit.app.store.write(move |transaction| {
            Box::pin(
                async move { give_back(transaction, connection, (&keys, rule), (judged, at, now)).await },
            )
        });
        if let Err(error) = write.await {
            tracing::warn!(store.error = %error, "an attempt that was none stays counted");
        }
    }
}

fn busy(key: &Key) -> SignInError {
    let reason = format!("there were too many wrong passwords: {key}; the directory was not asked");
    SignInError::new(Code::SignInBusy, reason)
}

/// The tally with one more attempt; none if there were enough.
async fn next(
    executor: impl SqliteExecutor<'_>,
    connection: ConnectionId,
    (key, rule): (&Key, Rule),
    now: Timestamp,
) -> Result<Option<Tally>, sqlx::Error> {
    let known = attempts::tally(executor, connection, &key.to_string()).await?;
    Ok(lockout::reserve(known.unwrap_or_else(|| key.tally()), key.rule(rule), now).ok())
}

/// All of the keys, or none and the one that says no.
async fn reserve(
    transaction: &mut store::Transaction,
    connection: ConnectionId,
    (keys, rule): (&[Key], Rule),
    now: Timestamp,
) -> Result<Result<(), Key>, sqlx::Error> {
    let mut tallies = Vec::with_capacity(keys.len());
    for key in keys {
        match next(&mut *transaction, connection, (key, rule), now).await? {
            Some(tally) => tallies.push((key, tally)),
            None => return Ok(Err(key.clone())),
        }
    }
    for (key, tally) in tallies {
        keep(transaction, connection, (key, tally, rule), now).await?;
    }
    Ok(Ok(()))
}

async fn give_back(
    transaction: &mut store::Transaction,
    connection: ConnectionId,
    (keys, rule): (&[Key], Rule),
    (judged, at, now): (Judged, Timestamp, Timestamp),
) -> Result<(), sqlx::Error> {
    for key in keys {
        let known = attempts::tally(&mut *transaction, connection, &key.to_string()).await?;
        let (Some(tally), of_key) = (known, key.rule(rule)) else { continue };
        let tally = match judged {
            Judged::Right => lockout::release(tally, of_key, at),
            Judged::ByNobody => lockout::give_back(tally, of_key, at),
            Judged::Wrong => tally,
        };
        keep(transaction, connection, (key, tally, rule), now).await?;
    }
    Ok(())
}

async fn keep(
    transaction: &mut store::Transaction,
    connection: ConnectionId,
    (key, tally, rule): (&Key, Tally, Rule),
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    // A rolling tally looks one window back.
    let expires = now.plus(key.rule(rule).window.saturating_mul(2));
    attempts::keep(transaction, connection, (&key.to_string(), tally), expires).await
}
