//! Counts attempts at passwords before a directory is asked: in the store, in one transaction, so that of a hundred at once no more
//! get through than one after the other (PWD-05).

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vestibule_certs::purpose::Purpose;
use vestibule_policies::code::Code;
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::lockout::{self, Key, Network, Rule, Tally};
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_policies::time::Timestamp;
use vestibule_providers::SignInError;
use vestibule_providers::ports::{Gate, Judged};

use crate::deployment::Tenant;
use crate::http::visit::Visit;
use crate::store;
use crate::store::attempts;

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

    fn keys(&self, account: &str) -> Vec<Key> {
        let app = self.visit.app;
        // A name that nobody has may be a password that went into the wrong field.
        let account = match account.strip_prefix("name ") {
            Some(name) => {
                let tag = app.keys.mac(Purpose::Pseudonym).tag(&[b"attempts", name.as_bytes()]);
                format!("name:{}", URL_SAFE_NO_PAD.encode(tag))
            }
            None => account.to_owned(),
        };
        let own = match self.devices.of_account(app, self.connection, &account) {
            Some(device) => Key::AccountFromDevice { account, device },
            None => Key::Account(account),
        };
        vec![own, Key::Address(Network::of(self.visit.client())), Key::Everybody]
    }
}

#[async_trait]
impl Gate for AttemptGate<'_> {
    async fn admits(&self) -> Result<(), SignInError> {
        let app = self.visit.app;
        let (connection, rule, now) = (self.connection, self.rule, app.session_clock.now());
        let mut keys = vec![Key::Address(Network::of(self.visit.client()))];
        // Whose account it will be is not known yet: a browser that signed in here before is let through to where it is.
        if !self.devices.have_been_at(connection) {
            keys.push(Key::Everybody);
        }
        let write = app.store.write(move |transaction| {
            Box::pin(async move {
                for key in keys {
                    let known = attempts::tally(transaction, connection, &key.to_string()).await?;
                    let known = known.unwrap_or_else(|| key.tally());
                    if lockout::reserve(known, key.rule(rule), now).is_err() {
                        return Ok(Err(key));
                    }
                }
                Ok(Ok(()))
            })
        });
        match write.await.map_err(|error| SignInError::new(error.code(), error.to_string()))? {
            Ok(()) => Ok(()),
            Err(key) => Err(busy(&key)),
        }
    }

    async fn reserve(&self, account: &str) -> Result<(), SignInError> {
        let app = self.visit.app;
        let (connection, rule, now) = (self.connection, self.rule, app.session_clock.now());
        let mut keys = self.keys(account);
        if keys.iter().any(|key| matches!(key, Key::AccountFromDevice { .. })) {
            // What strangers do to everybody does not keep out who signed in as this account before.
            keys.retain(|key| *key != Key::Everybody);
        }
        let counted = keys.clone();
        let write = app.store.write(move |transaction| {
            Box::pin(async move { reserve(transaction, connection, (&counted, rule), now).await })
        });
        match write.await.map_err(|error| SignInError::new(error.code(), error.to_string()))? {
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
            Err(key @ (Key::Address(_) | Key::Everybody)) => {
                let reason =
                    format!("there were too many wrong passwords: {key}; the directory was not asked");
                Err(SignInError::new(Code::SignInBusy, reason))
            }
        }
    }

    async fn settle(&self, _: &str, judged: Judged) {
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

/// All of the keys, or none and the one that says no.
async fn reserve(
    transaction: &mut store::Transaction,
    connection: ConnectionId,
    (keys, rule): (&[Key], Rule),
    now: Timestamp,
) -> Result<Result<(), Key>, sqlx::Error> {
    let mut tallies: Vec<(String, Tally, Rule)> = Vec::with_capacity(keys.len());
    for key in keys {
        let (text, of_key) = (key.to_string(), key.rule(rule));
        let known = attempts::tally(transaction, connection, &text).await?.unwrap_or_else(|| key.tally());
        match lockout::reserve(known, of_key, now) {
            Ok(tally) => tallies.push((text, tally, of_key)),
            Err(_) => return Ok(Err(key.clone())),
        }
    }
    for (text, tally, of_key) in tallies {
        keep(transaction, connection, (&text, tally, of_key), now).await?;
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
        let (text, of_key) = (key.to_string(), key.rule(rule));
        let Some(tally) = attempts::tally(transaction, connection, &text).await? else { continue };
        let tally = match judged {
            Judged::Right => lockout::release(tally, of_key, at),
            Judged::ByNobody => lockout::give_back(tally, of_key, at),
            Judged::Wrong => tally,
        };
        keep(transaction, connection, (&text, tally, of_key), now).await?;
    }
    Ok(())
}

async fn keep(
    transaction: &mut store::Transaction,
    connection: ConnectionId,
    (key, tally, rule): (&str, Tally, Rule),
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    // A rolling tally looks one window back.
    let expires = now.plus(rule.window.saturating_mul(2));
    attempts::keep(transaction, connection, (key, tally), expires).await
}
