//! A provider's keys, by `kid`: one fetch for many that wait, and a refetch for an unknown one at most once a minute
//! (OIDC-RP-21, annex c.11), or once for each sign-in where the provider changes its keys from one message to the next (GW-10).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
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

/// The refetches of one connection within a minute where each sign-in may need one. A token gets here after a code was
/// redeemed for it, within a sign-in of ours: so it takes a Gateway that turns on its own broker to spend them.
const MOST_REFETCHES: u32 = 300;

/// How often an unknown key may make us fetch again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refetches {
    /// Keys last.
    OnceAMinute,
    /// A Gateway with several certificates signs each message with another one (GW-10).
    ForEachSignIn,
}

/// For whom keys are fetched again. What strangers may send without a sign-in of ours has a budget of its own, so that none of
/// them takes a sign-in's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// A sign-in's token.
    SignIns,
    /// A token that anybody may have sent.
    Strangers,
}

/// The keys of one connection.
#[derive(Debug)]
pub(super) struct Keys {
    refetches: Refetches,
    http: Arc<dyn Http>,
    kept: Mutex<Kept>,
    /// Fetches that ended.
    ended: AtomicU64,
}

#[derive(Debug, Default)]
struct Kept {
    set: Option<(Arc<RemoteKeySet>, String)>,
    until: Option<Timestamp>,
    /// When the minute began in which the refetches of sign-ins are counted, and how many there were.
    refetched: Option<(Timestamp, u32)>,
    /// The same of strangers.
    strangers: Option<(Timestamp, u32)>,
    /// Why the latest fetch brought nothing.
    failed: Option<SignInError>,
}

impl Keys {
    pub(super) fn new(http: Arc<dyn Http>, refetches: Refetches) -> Self {
        Self { refetches, http, kept: Mutex::new(Kept::default()), ended: AtomicU64::new(0) }
    }

    /// A set that holds a key for this token, if the provider has one, and whether it was fetched again for it.
    pub(super) async fn for_token(
        &self,
        (metadata, whose): (&Metadata, Whose),
        token: &CompactJws,
        now: Timestamp,
    ) -> Result<(Arc<RemoteKeySet>, bool), SignInError> {
        let header = token.header();
        let set = self.current(metadata, now).await?;
        if !set.candidates(header.kid.as_deref(), header.alg).is_empty() {
            return Ok((set, false));
        }
        let set = self.refetched((metadata, whose), now).await?.unwrap_or(set);
        if set.keys().is_empty() && self.refetches == Refetches::ForEachSignIn {
            return Err(nothing_bound(&set));
        }
        if set.candidates(header.kid.as_deref(), header.alg).is_empty() {
            let reason = format!(
                "the provider has no key {} for {}",
                header.kid.as_deref().unwrap_or("without a name"),
                header.alg.as_str()
            );
            return Err(SignInError::new(Code::OidcKeyUnknown, reason));
        }
        Ok((set, true))
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
            (0, []) if self.refetches == Refetches::ForEachSignIn => Err(nothing_bound(&set)),
            (0, _) => Err(SignInError::new(
                Code::OidcKeys,
                format!("no usable key; left out: {}", ignored.join("; ")),
            )),
            (count, []) => Ok(format!("{count} usable")),
            (count, _) => Ok(format!("{count} usable; left out: {}", ignored.join("; "))),
        }
    }

    /// As with the metadata, whoever waited shares what came of the fetch.
    async fn current(&self, metadata: &Metadata, now: Timestamp) -> Result<Arc<RemoteKeySet>, SignInError> {
        let before = self.ended.load(Ordering::Acquire);
        let mut kept = self.kept.lock().await;
        let shared = self.ended.load(Ordering::Acquire) != before;
        if let Some(error) = kept.failed.as_ref().filter(|_| shared) {
            return Err(error.clone());
        }
        if let Some((set, address)) = &kept.set
            && (shared || kept.until.is_some_and(|until| now < until))
            && address == metadata.jwks_uri().as_str()
        {
            return Ok(Arc::clone(set));
        }
        self.fetch_into(&mut kept, metadata, now).await
    }

    /// Fetches again, unless that was done too often within a minute: then whatever came of it, if there is anything.
    pub(super) async fn refetched(
        &self,
        (metadata, whose): (&Metadata, Whose),
        now: Timestamp,
    ) -> Result<Option<Arc<RemoteKeySet>>, SignInError> {
        let mut kept = self.kept.lock().await;
        let most = match (self.refetches, whose) {
            (Refetches::OnceAMinute, _) | (Refetches::ForEachSignIn, Whose::Strangers) => 1,
            (Refetches::ForEachSignIn, Whose::SignIns) => MOST_REFETCHES,
        };
        let counted = match whose {
            Whose::SignIns => kept.refetched,
            Whose::Strangers => kept.strangers,
        };
        let within = counted.filter(|(since, _)| now < since.plus(BETWEEN_REFETCHES));
        let (since, before) = within.unwrap_or((now, 0));
        if before >= most {
            return Ok(kept.set.as_ref().map(|(set, _)| Arc::clone(set)));
        }
        let counted = Some((since, before + 1));
        match whose {
            Whose::SignIns => kept.refetched = counted,
            Whose::Strangers => kept.strangers = counted,
        }
        self.fetch_into(&mut kept, metadata, now).await.map(Some)
    }

    async fn fetch_into(
        &self,
        kept: &mut Kept,
        metadata: &Metadata,
        now: Timestamp,
    ) -> Result<Arc<RemoteKeySet>, SignInError> {
        let address = metadata.jwks_uri().as_str();
        let fetched = self.fetch(address).await;
        self.ended.fetch_add(1, Ordering::Release);
        match fetched {
            Ok((set, lifetime)) => {
                kept.set = Some((Arc::clone(&set), address.to_owned()));
                kept.until = Some(now.plus(lifetime));
                kept.failed = None;
                Ok(set)
            }
            Err(error) => {
                kept.failed = Some(error.clone());
                Err(error)
            }
        }
    }

    async fn fetch(&self, address: &str) -> Result<(Arc<RemoteKeySet>, Duration), SignInError> {
        let failed = |reason: String| SignInError::new(Code::OidcKeys, format!("{address}: {reason}"));
        let answer = get_json(&*self.http, address, None).await.map_err(failed)?;
        if answer.status() != StatusCode::OK {
            return Err(failed(format!("answered {}", answer.status())));
        }
        let set = RemoteKeySet::parse(answer.body()).map_err(|fault| failed(fault.to_string()))?;
        for ignored in &set.ignored {
            tracing::warn!(jwks.address = address, jwks.ignored = ?ignored, "a key of the provider is not usable");
        }
        Ok((Arc::new(set), lifetime::of(answer.headers())))
    }
}

/// GW-11: a Gateway whose signing certificates are bound to a server of it alone publishes none.
fn nothing_bound(set: &RemoteKeySet) -> SignInError {
    let reason = if set.ignored.is_empty() {
        "the Gateway's key set is empty: no signing certificate is bound globally"
    } else {
        "no key of the Gateway's key set can be used"
    };
    SignInError::new(Code::GatewayKeys, reason)
}
