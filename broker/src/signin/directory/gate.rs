//! Counts attempts at passwords before a directory is asked: in the store, in one transaction, so that of a hundred at once no more
//! get through than one after the other (PWD-05).

use std::net::IpAddr;
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
use vestibule_providers::config::{DirectoryConfig, DomainConfig};
use vestibule_providers::ports::{Attempted, Gate, Judged};

use crate::app::App;
use crate::deployment::Tenant;
use crate::http::visit::Visit;
use crate::store;
use crate::store::{StoreError, attempts};

use super::super::arrive::Arrival;
use super::device::Devices;
use super::form;

/// Wrong passwords of one person before no more are looked at for a while.
const BUILT_IN: Rule = Rule { attempts: 5, window: Duration::from_mins(15) };

/// Of one attempt of one browser at one connection.
pub(in super::super) struct AttemptGate<'a> {
    visit: &'a Visit<'a>,
    connection: ConnectionId,
    /// For accounts, at this connection.
    rule: Rule,
    /// The organisation's connections to one of the same directories, this one among them, each with its own rule: an attempt at an
    /// account counts at all of them, or each would give its tries anew. Another organisation's are left alone: whoever claimed a
    /// domain could hold its people where they belong.
    alike: Vec<(ConnectionId, Rule)>,
    devices: Devices,
    reserved: Mutex<Option<Reserved>>,
}

/// One of the tallies in which an attempt is counted.
#[derive(Debug, Clone)]
struct Counted {
    connection: ConnectionId,
    key: Key,
    /// The connection's own, for accounts.
    rule: Rule,
}

/// What was counted, to be given back.
#[derive(Debug, Clone)]
struct Reserved {
    counted: Vec<Counted>,
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
        Ok(Self {
            visit,
            connection: connection.id,
            rule: rule(config),
            alike: alike(tenant, config),
            devices: Devices::of(visit),
            reserved: Mutex::default(),
        })
    }

    /// For the built-in identity, which belongs to the deployment (MFA-22).
    pub(in super::super) fn built_in(visit: &'a Visit<'a>) -> Self {
        Self {
            visit,
            connection: ConnectionId::BUILT_IN,
            rule: BUILT_IN,
            alike: vec![(ConnectionId::BUILT_IN, BUILT_IN)],
            devices: Devices::of(visit),
            reserved: Mutex::default(),
        }
    }

    /// All tallies of an attempt. At which connections they stand depends on nothing of the account, so that a name that somebody has
    /// and one that nobody has are held after as many attempts.
    fn counted(&self, attempted: Attempted<'_>) -> Vec<Counted> {
        let own = [(self.connection, self.rule)];
        let tallies = |key: Key| {
            let at = match key {
                Key::Account(_) | Key::AccountFromDevice { .. } => self.alike.as_slice(),
                Key::Address(_) | Key::Everybody => &own,
            };
            let one = |(connection, rule): &(ConnectionId, Rule)| Counted {
                connection: *connection,
                key: key.clone(),
                rule: *rule,
            };
            at.iter().map(one).collect::<Vec<_>>()
        };
        self.keys(attempted).into_iter().flat_map(tallies).collect()
    }

    fn keys(&self, attempted: Attempted<'_>) -> Vec<Key> {
        let app = self.visit.app;
        let account = account(app, attempted);
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

fn rule(config: &DirectoryConfig) -> Rule {
    Rule { attempts: config.lockout_attempts, window: Duration::from_millis(config.lockout_window_ms) }
}

fn alike(tenant: &Tenant, config: &DirectoryConfig) -> Vec<(ConnectionId, Rule)> {
    let is_own = |one: &DomainConfig| config.domains.iter().any(|own| own.directory == one.directory);
    let of = |connection: &ConnectionPolicy| {
        let other = form::config(tenant, connection).ok()?;
        other.domains.iter().any(is_own).then(|| (connection.id, rule(other)))
    };
    tenant.organization.connections.iter().filter_map(of).collect()
}

#[async_trait]
impl Gate for AttemptGate<'_> {
    async fn admits(&self) -> Result<(), SignInError> {
        let app = self.visit.app;
        let now = app.session_clock.now();
        // Whose account it will be is not known yet: a browser that signed in here before is let through to where it is.
        let everybody = (!self.devices.have_been_at(self.connection)).then_some(Key::Everybody);
        for key in std::iter::once(self.address()).chain(everybody) {
            let counted = Counted { connection: self.connection, key, rule: self.rule };
            let next = next(app.store.readers(), &counted, now).await;
            if next.map_err(StoreError::Read)?.is_none() {
                return Err(busy(&counted.key));
            }
        }
        Ok(())
    }

    async fn reserve(&self, account: Attempted<'_>) -> Result<(), SignInError> {
        let app = self.visit.app;
        let now = app.session_clock.now();
        let counted = self.counted(account);
        let kept = counted.clone();
        let write = app
            .store
            .write(move |transaction| Box::pin(async move { reserve(transaction, &counted, now).await }));
        match write.await? {
            Ok(()) => {
                *self.reserved.lock().unwrap_or_else(PoisonError::into_inner) =
                    Some(Reserved { counted: kept, at: now });
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
        let Some(reserved) = reserved.filter(|_| judged != Judged::Wrong) else { return };
        let now = self.visit.app.session_clock.now();
        let write = self.visit.app.store.write(move |transaction| {
            Box::pin(async move { give_back(transaction, &reserved, judged, now).await })
        });
        if let Err(error) = write.await {
            tracing::warn!(store.error = %error, "an attempt that was none stays counted");
        }
    }
}

/// Counts a wish for a link to a new password: no network and not everybody together has more of them than of wrong passwords, and
/// no account's tally is touched. `false` where there were enough.
pub(in super::super) async fn count_forgotten(
    transaction: &mut store::Transaction,
    client: IpAddr,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let counted = [Key::Address(Network::of(client)), Key::Everybody].map(|key| Counted {
        connection: ConnectionId::FORGOTTEN,
        key,
        rule: BUILT_IN,
    });
    Ok(reserve(transaction, &counted, now).await?.is_ok())
}

/// Under what the attempts at an account are counted.
pub(in super::super) fn account(app: &App, attempted: Attempted<'_>) -> String {
    match attempted {
        Attempted::Account(id) => id.as_str().to_owned(),
        // It may be a password that went into the wrong field.
        Attempted::Name(name) => {
            let tag = app.keys.mac(Purpose::Pseudonym).tag(&[b"attempts", name.as_bytes()]);
            format!("name:{}", URL_SAFE_NO_PAD.encode(tag))
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
    Counted { connection, key, rule }: &Counted,
    now: Timestamp,
) -> Result<Option<Tally>, sqlx::Error> {
    let known = attempts::tally(executor, *connection, &key.to_string()).await?;
    Ok(lockout::reserve(known.unwrap_or_else(|| key.tally()), key.rule(*rule), now).ok())
}

/// In all of the tallies, or in none and the key that says no.
async fn reserve(
    transaction: &mut store::Transaction,
    counted: &[Counted],
    now: Timestamp,
) -> Result<Result<(), Key>, sqlx::Error> {
    let mut tallies = Vec::with_capacity(counted.len());
    for one in counted {
        match next(&mut *transaction, one, now).await? {
            Some(tally) => tallies.push((one, tally)),
            None => return Ok(Err(one.key.clone())),
        }
    }
    for (one, tally) in tallies {
        keep(transaction, (one, tally), now).await?;
    }
    Ok(Ok(()))
}

async fn give_back(
    transaction: &mut store::Transaction,
    Reserved { counted, at }: &Reserved,
    judged: Judged,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    for one in counted {
        let known = attempts::tally(&mut *transaction, one.connection, &one.key.to_string()).await?;
        let (Some(tally), of_key) = (known, one.key.rule(one.rule)) else { continue };
        let tally = match judged {
            Judged::Right => lockout::release(tally, of_key, *at),
            Judged::ByNobody => lockout::give_back(tally, of_key, *at),
            Judged::Wrong => tally,
        };
        keep(transaction, (one, tally), now).await?;
    }
    Ok(())
}

async fn keep(
    transaction: &mut store::Transaction,
    (Counted { connection, key, rule }, tally): (&Counted, Tally),
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    // A rolling tally looks one window back.
    let expires = now.plus(key.rule(*rule).window.saturating_mul(2));
    attempts::keep(transaction, *connection, (&key.to_string(), tally), expires).await
}
