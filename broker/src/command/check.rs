//! `vestibule check`.

use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use vestibule_providers::BrowserEndpoints;

use crate::check::{self, check};
use crate::clock::{Clock as _, SystemClock};
use crate::config::read_server;
use crate::deployment::Loader;
use crate::outbound::{Outbound, Reach};
use crate::service_provider;
use crate::store::organizations;

use super::{Ended, answer, apply, failed, misused};

pub(super) async fn run(file: &Path, organization: Option<&str>, as_json: bool) -> Ended {
    let config = match read_server(file) {
        Ok(config) => config,
        Err(faults) => return misused(&faults),
    };
    if !config.store.sqlite.exists() {
        return misused(&format!("there is no store at {}; `apply` makes it", config.store.sqlite.display()));
    }
    let (store, ring) = match apply::open(&config).await {
        Ok(open) => open,
        Err(ended) => return ended,
    };
    let reach = Reach {
        allow_private: config.outbound.allow_private,
        forbidden: vec![config.server.listen, config.server.operator_listen],
        dns: config.outbound.dns,
    };
    let loader = Loader {
        store: store.clone(),
        keys: Arc::new(ring),
        outbound: Outbound::new(reach),
        service_provider: service_provider::Keys::default(),
        clock: Arc::new(SystemClock),
        browsers: BrowserEndpoints::Https,
    };
    let standing = organizations::ids(store.readers()).await;
    let checked = check(&loader, organization, SystemClock.now()).await;
    let tickets = match (organization, &checked) {
        (Some(slug), Ok(_)) => {
            let origin = config.server.origin(config.server.accounts());
            check::tickets(&loader, slug, &origin, SystemClock.now()).await
        }
        _ => Ok(Vec::new()),
    };
    store.close().await;
    let tickets = match tickets {
        Ok(tickets) => tickets,
        Err(error) => return failed(&error),
    };
    let mut findings = match checked {
        Ok(findings) => findings,
        Err(error) => return failed(&error),
    };
    // Whose organisation is looked at is not to wait for a server that is none of its matter.
    let of_server = config.mail.as_ref().filter(|_| organization.is_none());
    if let Some(mail) = of_server {
        findings.extend(check::mail(mail, config.server.base_domain.as_str()).await);
    }
    if as_json {
        answer(&json!({ "findings": findings, "tests": tickets }));
    } else {
        answer(&"ok    the configuration");
        for finding in &findings {
            answer(finding);
        }
        for ticket in &tickets {
            answer(&format!("test  {}: {}: {}", ticket.organization, ticket.connection, ticket.url));
        }
        if standing.is_ok_and(|all| all.is_empty()) {
            answer(&"note  there is no organisation yet; `apply` makes one");
        }
    }
    if organization.is_some() && findings.is_empty() {
        return failed(&"there is no such organisation, or it has no connection");
    }
    if findings.iter().all(|finding| finding.code.is_none()) { Ended::Done } else { Ended::Failed }
}
