//! `vestibule administrator bootstrap` and `recover`.

use std::sync::Arc;

use serde_json::json;
use vestibule_certs::key_ring::KeyRing;
use vestibule_policies::Email;
use vestibule_policies::name::Slug;

use crate::apply::Target;
use crate::bootstrap::{self, BootstrapError};
use crate::clock::{Clock as _, SessionClock, SystemClock};
use crate::config::{ServerConfig, read_server};
use crate::mail::Mail;
use crate::recovery::{self, Recovery, RecoveryError, Whom};
use crate::store::{Store, StoreError, meta};

use super::apply::open;
use super::arguments::{Bootstrap, Recover, RecoverWhom};
use super::token::no_store;
use super::{Ended, answer, failed, misused};

pub(super) async fn bootstrap(call: Bootstrap) -> Ended {
    let config = match read_server(&call.config) {
        Ok(config) => config,
        Err(faults) => return misused(&faults),
    };
    let Ok(slug) = Slug::parse(&call.organization) else {
        return misused(&format!("{} is no slug of an organisation", call.organization));
    };
    let Ok(email) = Email::parse(&call.email) else {
        return misused(&format!("{} is no e-mail address", call.email));
    };
    let (store, keys) = match open(&config).await {
        Ok(open) => open,
        Err(ended) => return ended,
    };
    let made = link(&config, (&store, &keys), &slug, email).await;
    store.close().await;
    match made {
        Ok(url) if call.json => {
            answer(&json!({ "organization": slug.as_str(), "url": url }));
            Ended::Done
        }
        Ok(url) => {
            answer(&url);
            Ended::Done
        }
        Err(error) => failed(&error),
    }
}

async fn link(
    config: &ServerConfig,
    (store, keys): (&Store, &KeyRing),
    slug: &Slug,
    email: Email,
) -> Result<String, BootstrapError> {
    let sessions = clock(store).await?.now();
    let target = Target { store, keys, server: &config.server };
    bootstrap::link(target, (slug, email), (SystemClock.now(), sessions)).await
}

pub(super) async fn recover(call: Recover) -> Ended {
    let config = match read_server(&call.config) {
        Ok(config) => config,
        Err(faults) => return misused(&faults),
    };
    if !config.store.sqlite.exists() {
        return misused(&no_store(&config.store.sqlite));
    }
    let (store, keys) = match open(&config).await {
        Ok(open) => open,
        Err(ended) => return ended,
    };
    let made = recovery(config, (&store, keys), call.whom).await;
    store.close().await;
    match made {
        Ok(Recovery { person, user_name, url }) if call.json => {
            answer(&json!({ "person": person.to_string(), "user_name": user_name, "url": url }));
            Ended::Done
        }
        Ok(Recovery { url, .. }) => {
            answer(&url);
            Ended::Done
        }
        Err(error) => failed(&error),
    }
}

async fn recovery(
    config: ServerConfig,
    (store, keys): (&Store, KeyRing),
    whom: RecoverWhom,
) -> Result<Recovery, RecoveryError> {
    let whom = match (whom.email, whom.user_name) {
        (Some(email), _) => Whom::Email(email),
        (None, Some(user_name)) => Whom::UserName(user_name),
        (None, None) => return Err(RecoveryError::Nobody),
    };
    let (keys, clock) = (Arc::new(keys), clock(store).await?);
    let mail = Mail::new(Arc::clone(&keys), (Arc::new(SystemClock), clock.clone()), config.mail);
    let target = Target { store, keys: &keys, server: &config.server };
    recovery::link(target, &mail, &whom, (SystemClock.now(), clock.now())).await
}

async fn clock(store: &Store) -> Result<SessionClock, StoreError> {
    let mark = meta::clock_mark(store.readers()).await?;
    Ok(SessionClock::new(Arc::new(SystemClock), mark))
}
