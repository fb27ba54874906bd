//! `vestibule token reset`: takes a person's device for one-time codes away (TOK-06). The next sign-in registers anew.

use std::path::Path;
use std::sync::Arc;

use vestibule_policies::claims::PrincipalKey;
use vestibule_policies::name::Slug;
use vestibule_policies::raw::RawAttributes;
use vestibule_policies::security_id::SecurityId;
use vestibule_policies::time::Timestamp;
use vestibule_policies::{ClaimNames, Scope};
use vestibule_providers::BrowserEndpoints;
use vestibule_providers::directory::Key;

use crate::audit;
use crate::clock::SystemClock;
use crate::config::read_server;
use crate::deployment::{Loader, Tenant};
use crate::outbound::{Outbound, Reach};
use crate::service_provider;
use crate::session::guard;
use crate::signin::directory::tokens;
use crate::store::audit::append;
use crate::store::devices::{self, Owner};
use crate::store::{Store, StoreError};

use super::arguments::TokenReset;
use super::{Ended, answer, apply, failed, misused};

pub(super) async fn reset(call: TokenReset) -> Ended {
    let config = match read_server(&call.config) {
        Ok(config) => config,
        Err(faults) => return misused(&faults),
    };
    let Ok(slug) = Slug::parse(&call.organization) else {
        return misused(&format!("{} is no slug of an organisation", call.organization));
    };
    if !config.store.sqlite.exists() {
        return misused(&no_store(&config.store.sqlite));
    }
    let (store, ring) = match apply::open(&config).await {
        Ok(open) => open,
        Err(ended) => return ended,
    };
    let loader = Loader {
        store: store.clone(),
        keys: Arc::new(ring),
        outbound: Outbound::new(Reach {
            allow_private: config.outbound.allow_private,
            forbidden: vec![config.server.listen, config.server.operator_listen],
            dns: config.outbound.dns,
        }),
        service_provider: service_provider::Keys::default(),
        clock: Arc::new(SystemClock),
        browsers: BrowserEndpoints::Https,
    };
    let ended = match loader.all().await {
        Ok((deployment, _)) => match deployment.by_slug(&slug) {
            Some(tenant) => reset_at(&loader, tenant, &call.upn).await,
            None => failed(&format!("there is no organisation {slug}")),
        },
        Err(error) => failed(&error),
    };
    store.close().await;
    ended
}

pub(super) fn no_store(path: &Path) -> String {
    format!("there is no store at {}; `apply` makes it", path.display())
}

async fn reset_at(loader: &Loader, tenant: &Tenant, upn: &str) -> Ended {
    // Who bears the name today is meant. Only where no directory knows it, the name of a device's last use counts: names change hands.
    let today = in_directory(tenant, upn, loader.clock.now()).await;
    match remove(loader, tenant, upn, today).await {
        Ok(0) => failed(&format!("no device is registered for {upn}")),
        Ok(_) => {
            answer(&format!("the device of {upn} is taken away; the next sign-in registers another"));
            Ended::Done
        }
        Err(error) => failed(&error),
    }
}

/// The person of that name in the organisation's directories, as the store knows people.
async fn in_directory(tenant: &Tenant, upn: &str, now: Timestamp) -> Vec<Owner> {
    let mut found = Vec::new();
    for connection in tenant.organization.connections.iter().filter(|one| one.is_directory()) {
        let Some(provider) = tenant.provider(connection.id) else { continue };
        let Some(directory) = provider.directory() else { continue };
        // A directory that is away does not keep an administrator from what the store knows.
        let Ok(Some(attributes)) = directory.resolve(&Key::Principal(upn.to_owned()), now).await else {
            continue;
        };
        let scope = Scope::of(connection, &tenant.organization.directories);
        let key = security_id(&attributes).and_then(|security_id| {
            let directory = scope.directory_of(&security_id)?.name.clone();
            Some(PrincipalKey::DirectorySid { directory, security_id })
        });
        found.extend(key.map(|key| Owner::of(tenant.organization.id, &key)));
    }
    found
}

fn security_id(attributes: &RawAttributes) -> Option<SecurityId> {
    let values = &attributes.values(&ClaimNames::default().sid)?.values;
    SecurityId::parse_text(values.first()?).ok()
}

/// Takes the devices away and ends the sessions of whoever's they were.
async fn remove(loader: &Loader, tenant: &Tenant, upn: &str, today: Vec<Owner>) -> Result<usize, StoreError> {
    let organization = tenant.organization.id;
    let name_tag = tokens::name_tag(&loader.keys, organization, upn);
    let now = loader.clock.now();
    let upn = upn.to_owned();
    let store: &Store = &loader.store;
    let write = store.write(move |transaction| {
        Box::pin(async move {
            let mut whose = if today.is_empty() {
                let principals = devices::remove_by_name(transaction, organization, &name_tag).await?;
                principals.into_iter().map(|principal| Owner { organization, principal }).collect()
            } else {
                Vec::new()
            };
            for owner in today {
                if devices::remove(transaction, &owner).await? {
                    whose.push(owner);
                }
            }
            for owner in &whose {
                guard::end_of_person(transaction, owner, None, (now, now)).await?;
            }
            // Where nobody had a device nothing was done, and nothing is written down.
            if !whose.is_empty() {
                append(transaction, &audit::token_reset(now, organization, &upn, whose.len())).await?;
            }
            Ok(whose.len())
        })
    });
    write.await
}
