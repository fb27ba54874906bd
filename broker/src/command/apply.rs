//! `vestibule apply`.

use std::io;
use std::path::PathBuf;

use serde_json::json;
use vestibule_certs::random;

use crate::app::check_owner;
use crate::apply::{ApplyError, Mode, Outcome, Target, apply};
use crate::clock::{Clock as _, SystemClock};
use crate::config::{MasterKeySource, ServerConfig, read_manifests, read_server};
use crate::keys::{self, KeysError};
use crate::store::Store;

use super::arguments::ApplyCall;
use super::{Ended, answer, failed, misused, serve};

pub(super) async fn run(call: ApplyCall) -> Ended {
    let mut config = match read_server(&call.config) {
        Ok(config) => config,
        Err(faults) => return misused(&faults),
    };
    let manifests = match read_manifests(&call.files, &config) {
        Ok(manifests) => manifests,
        Err(faults) => return misused(&faults),
    };
    // A dry run makes nothing, not even an empty store.
    let scratch = match (call.dry_run && !config.store.sqlite.exists()).then(Scratch::new).transpose() {
        Ok(scratch) => scratch,
        Err(error) => return failed(&error),
    };
    if let Some(scratch) = &scratch {
        config.store.sqlite = scratch.0.join("dry-run.db");
        config.master_key = MasterKeySource::File(scratch.0.join("master.key"));
    }
    let (store, ring) = match open(&config).await {
        Ok(open) => open,
        Err(ended) => return ended,
    };
    let target = Target { store: &store, keys: &ring, server: &config.server };
    let mode = if call.dry_run { Mode::DryRun } else { Mode::Write };
    let applied = apply(target, manifests, SystemClock.now(), mode).await;
    store.close().await;
    match applied {
        Ok(outcome) => {
            print(&outcome, call.json, mode);
            Ended::Done
        }
        Err(error @ ApplyError::Faults(_)) => misused(&error),
        Err(error) => failed(&error),
    }
}

/// A directory that goes when the dry run ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> io::Result<Self> {
        let bytes: [u8; 8] = random::bytes().map_err(io::Error::other)?;
        let directory = std::env::temp_dir().join(format!("vestibule-{:016x}", u64::from_be_bytes(bytes)));
        std::fs::create_dir(&directory)?;
        Ok(Self(directory))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(directory = %self.0.display(), %error, "a temporary directory stays behind");
        }
    }
}

/// The store and its keys, for a command beside a server.
pub(super) async fn open(
    config: &ServerConfig,
) -> Result<(Store, vestibule_certs::key_ring::KeyRing), Ended> {
    let store = Store::open(&config.store.sqlite).await.map_err(|error| failed(&error))?;
    check_owner(&store, false).await.map_err(|error| serve::ended(&error))?;
    let ring = keys::open(&store, &config.master_key).await.map_err(|error| match error {
        KeysError::Store(_) => failed(&error),
        KeysError::Missing { .. } | KeysError::Unusable(_) | KeysError::Ring(_) => misused(&error),
    })?;
    Ok((store, ring))
}

fn print(outcome: &Outcome, as_json: bool, mode: Mode) {
    if as_json {
        answer(&json!(outcome));
        return;
    }
    for change in &outcome.changes {
        answer(change);
    }
    match (outcome.changes.len(), mode) {
        (0, _) => answer(&"no changes"),
        (1, Mode::Write) => answer(&"1 change applied"),
        (count, Mode::Write) => answer(&format!("{count} changes applied")),
        (1, Mode::DryRun) => answer(&"1 change; nothing was written (--dry-run)"),
        (count, Mode::DryRun) => answer(&format!("{count} changes; nothing was written (--dry-run)")),
    }
    for connection in &outcome.connections {
        answer(&format!("\n{}: {} ({})", connection.organization, connection.name, connection.kind));
        let addresses = &connection.addresses;
        if let Some(address) = &addresses.redirect_uri {
            answer(&format!("  redirect URI           {address}"));
        }
        for address in &addresses.sign_out_redirect_uris {
            answer(&format!("  sign-out redirect URI  {address}"));
        }
        if let Some(address) = &addresses.back_channel_logout_uri {
            answer(&format!("  back-channel logout    {address}"));
        }
        if let Some(address) = &addresses.front_channel_logout_uri {
            answer(&format!("  front-channel logout   {address}"));
        }
        if let Some(ours) = &addresses.service_provider {
            answer(&format!("  entity id              {}", ours.entity_id));
            answer(&format!("  ACS (HTTP-POST)        {}", ours.acs));
            answer(&format!("  logout (HTTP-Redirect) {}", ours.logout));
            answer(&format!("  metadata               {}", ours.metadata));
        }
    }
    for made in &outcome.generated {
        answer(&format!(
            "\n{}: {}: made now, and shown this once:\n  client ID              {}\n  client secret          {}",
            made.organization, made.connection, made.client_id, made.client_secret
        ));
    }
    for (at, workspace) in outcome.workspaces.iter().enumerate() {
        let begins = if at == 0 { "\n" } else { "" };
        answer(&format!("{begins}{}: people open {}", workspace.organization, workspace.address));
    }
}
