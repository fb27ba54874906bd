//! `vestibule administrator bootstrap`.

use std::sync::Arc;

use serde_json::json;
use vestibule_certs::key_ring::KeyRing;
use vestibule_policies::Email;
use vestibule_policies::name::Slug;

use crate::apply::Target;
use crate::bootstrap::{self, BootstrapError};
use crate::clock::{Clock as _, SessionClock, SystemClock};
use crate::config::{ServerConfig, read_server};
use crate::store::{Store, meta};

use super::apply::open;
use super::arguments::Bootstrap;
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
    let mark = meta::clock_mark(store.readers()).await?;
    let sessions = SessionClock::new(Arc::new(SystemClock), mark).now();
    let target = Target { store, keys, server: &config.server };
    bootstrap::link(target, (slug, email), (SystemClock.now(), sessions)).await
}
