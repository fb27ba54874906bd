//! A provider's keys, by `kid`: one fetch for many that wait, and a refetch for an unknown one at most once a minute
//! (OIDC-RP-21, annex c.11).

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use tokio::sync::Mutex;
use vestibule_certs::jwks::RemoteKeySet;
use vestibule_certs::jws::CompactJws;
use vestibule_policies::code::Code;
use vestibule_policies::time::Timestamp;

use crate::error::SignInError;
use crate::ports::Http;

use super::discovery::Metadata;
use super::json::get_json;
use super::lifetime;

/// Whoever sends tokens with invented key ids must not make us call the provider for each.
const BETWEEN_REFETCHES: Duration = Duration::from_mins(1);

/// The keys of one connection.
#[derive(Debug)]
pub(super) struct Keys {
    http: Arc<dyn Http>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    set: Option<(Arc<RemoteKeySet>, String)>,
    until: Option<Timestamp>,
    refetched_at: Option<Timestamp>,
}

impl Keys {
    pub(super) fn new(http: Arc<dyn Http>) -> Self {
        Self { http, kept: Mutex::new(Kept::default()) }
    }

    /// A set that holds a key for this token, if the provider has one.
    pub(super) async fn for_token(
        &self,
        metadata: &Metadata,
        token: &CompactJws,
        now: Timestamp,
    ) -> Result<Arc<RemoteKeySet>, SignInError> {
        let header = token.header();
        let set = self.current(metadata, now).await?;
        if !set.candidates(header.kid.as_deref(), header.alg).is_empty() {
            return Ok(set);
        }
        let set = self.refetched(metadata, now).await?.unwrap_or(set);
        if set.candidates(header.kid.as_deref(), header.alg).is_empty() {
            let reason = format!(
                "the provider has no key {} for {}",
                header.kid.as_deref().unwrap_or("without a name"),
                header.alg.as_str()
            );
            return Err(SignInError::new(Code::OidcKeyUnknown, reason));
        }
        Ok(set)
    }

    /// For the check of a connection: how many keys there are, and which of them nobody can use.
    pub(super) async fn usable(&self, metadata: &Metadata, now: Timestamp) -> Result<String, SignInError> {
        let set = self.current(metadata, now).await?;
        let ignored: Vec<String> = set
            .ignored
            .iter()
            .map(|key| format!("{}: {}", key.kid.as_deref().unwrap_or("without a name"), key.reason))
            .collect();
        match (set.keys().len(), ignored.as_slice()) {
            (0, _) => Err(SignInError::new(
                Code::OidcKeys,
                format!("no usable key; left out: {}", ignored.join("; ")),
            )),
            (count, []) => Ok(format!("{count} usable")),
            (count, _) => Ok(format!("{count} usable; left out: {}", ignored.join("; "))),
        }
    }

    async fn current(&self, metadata: &Metadata, now: Timestamp) -> Result<Arc<RemoteKeySet>, SignInError> {
        let mut kept = self.kept.lock().await;
        if let (Some((set, address)), Some(until)) = (&kept.set, kept.until)
            && now < until
            && address == metadata.jwks_uri().as_str()
        {
            return Ok(Arc::clone(set));
        }
        self.fetch_into(&mut kept, metadata, now).await
    }

    /// Fetches again, unless that was done within the last minute: then nothing.
    pub(super) async fn refetched(
        &self,
        metadata: &Metadata,
        now: Timestamp,
    ) -> Result<Option<Arc<RemoteKeySet>>, SignInError> {
        let mut kept = self.kept.lock().await;
        if kept.refetched_at.is_some_and(|last| now < last.plus(BETWEEN_REFETCHES)) {
            return Ok(None);
        }
        kept.refetched_at = Some(now);
        self.fetch_into(&mut kept, metadata, now).await.map(Some)
    }

    async fn fetch_into(
        &self,
        kept: &mut Kept,
        metadata: &Metadata,
        now: Timestamp,
    ) -> Result<Arc<RemoteKeySet>, SignInError> {
        let address = metadata.jwks_uri().as_str();
        let failed = |reason: String| SignInError::new(Code::OidcKeys, format!("{address}: {reason}"));
        let answer = get_json(&*self.http, address, None).await.map_err(failed)?;
        if answer.status() != StatusCode::OK {
            return Err(failed(format!("answered {}", answer.status())));
        }
        let set = RemoteKeySet::parse(answer.body()).map_err(|fault| failed(fault.to_string()))?;
        for ignored in &set.ignored {
            tracing::warn!(jwks.address = address, jwks.ignored = ?ignored, "a key of the provider is not usable");
        }
        let set = Arc::new(set);
        kept.set = Some((Arc::clone(&set), address.to_owned()));
        kept.until = Some(now.plus(lifetime::of(answer.headers())));
        Ok(set)
    }
}
