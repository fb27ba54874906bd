//! One connection to one controller: TCP, TLS, the guard, and then the LDAP library. What a password crosses is TLS, always
//! (LDAP-06, LDAP-07).

use std::sync::Arc;
use std::time::Duration;

use ldap3::controls::PagedResults;
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapResult, Mod, SearchOptions, SearchResult, StdStream};
use rustls_pki_types::ServerName;
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use vestibule_certs::secret::Secret;

use super::entry::Entry;
use super::wire::{Cause, guarded, start_tls};
use crate::config::{ControllerAddress, DirectorySecurity};
use crate::ports::Wire;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Lost {
    /// It takes too long.
    #[error("no answer within {0:?}")]
    Slow(Duration),
    /// There is no connection, or no longer.
    #[error("{0}")]
    Broken(String),
}

/// Whom the controller takes a connection for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Identity {
    /// It was not told, or somebody was tried.
    Nobody,
    /// The connection's own account.
    Service,
}

/// The result of an operation (RFC 4511 §4.1.9), without its referrals, which are not followed (LDAP-05).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) code: u32,
    pub(super) text: String,
}

impl From<LdapResult> for Answer {
    fn from(result: LdapResult) -> Self {
        Self { code: result.rc, text: result.text }
    }
}

impl Answer {
    /// `busy` and `unavailable`: another controller may do better.
    pub(super) const ELSEWHERE: [u32; 2] = [51, 52];

    pub(super) fn is_success(&self) -> bool {
        self.code == 0
    }
}

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Query<'a> {
    pub(super) base: &'a str,
    pub(super) scope: Scope,
    pub(super) filter: &'a str,
    pub(super) attributes: &'a [&'a str],
    /// The directory is asked for no more entries than this.
    pub(super) most: i32,
}

/// How far below its base a query looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Base,
    Subtree,
    /// The same, a page of it: a controller of Samba has no regard for the limit of a search.
    FirstPage,
}

/// One connection.
pub(super) struct Connection {
    ldap: Ldap,
    cause: Cause,
    guard: AbortHandle,
    pub(super) identity: Identity,
    pub(super) idle_since: Instant,
    /// Held as long as it is open, by which whoever keeps connections counts them.
    pub(super) counted: Option<Arc<()>>,
}

impl Connection {
    /// Opens one.
    pub(super) async fn open(
        wire: &dyn Wire,
        to: &ControllerAddress,
        within: Duration,
    ) -> Result<Self, Lost> {
        timeout(within, Self::reach(wire, to)).await.unwrap_or(Err(Lost::Slow(within)))
    }

    async fn reach(wire: &dyn Wire, to: &ControllerAddress) -> Result<Self, Lost> {
        let broken = |reason: String| Lost::Broken(reason);
        let mut stream = wire.connect(&to.host, to.port).await.map_err(|error| broken(error.to_string()))?;
        if to.security == DirectorySecurity::StartTls {
            start_tls(&mut stream).await.map_err(broken)?;
        }
        let name = ServerName::try_from(to.host.clone())
            .map_err(|_| broken(format!("{} is no name that a certificate bears", to.host)))?;
        let stream = TlsConnector::from(wire.tls())
            .connect(name, stream)
            .await
            .map_err(|error| broken(format!("TLS: {error}")))?;
        let (socket, cause, guard) = guarded(stream).map_err(|error| broken(error.to_string()))?;
        let settings = LdapConnSettings::new().set_std_stream(StdStream::Unix(socket));
        let (driver, ldap) = LdapConnAsync::with_settings(settings, "ldapi://guard")
            .await
            .map_err(|error| broken(error.to_string()))?;
        tokio::spawn(async move {
            // How it ends is told by the guard.
            let _ = driver.drive().await;
        });
        Ok(Self { ldap, cause, guard, identity: Identity::Nobody, idle_since: Instant::now(), counted: None })
    }

    /// Whether the other side has hung up.
    pub(super) fn is_over(&mut self) -> bool {
        self.cause.get().is_some() || self.ldap.is_closed()
    }

    /// A simple bind (RFC 4511 §4.2). An empty password would be a bind as nobody, which succeeds (RFC 4513 §5.1.2).
    pub(super) async fn bind(
        &mut self,
        name: &str,
        password: &Secret,
        within: Duration,
    ) -> Result<Answer, Lost> {
        self.identity = Identity::Nobody;
        if password.expose().is_empty() {
            return Err(Lost::Broken("an empty password is never sent".to_owned()));
        }
        let bound = timeout(within, self.ldap.simple_bind(name, password.expose())).await;
        self.answered(bound, within).map(Answer::from)
    }

    /// Entries, and how the search ended. References to other servers are passed over (LDAP-05).
    pub(super) async fn search(
        &mut self,
        query: &Query<'_>,
        within: Duration,
    ) -> Result<(Vec<Entry>, Answer), Lost> {
        let scope = match query.scope {
            Scope::Base => ldap3::Scope::Base,
            Scope::Subtree | Scope::FirstPage => ldap3::Scope::Subtree,
        };
        if query.scope == Scope::FirstPage {
            // RFC 2696 §3. Who does not know it passes over it, and has the limit.
            self.ldap.with_controls(PagedResults { size: query.most, cookie: Vec::new() });
        }
        let seconds = i32::try_from(within.as_secs().max(1)).unwrap_or(i32::MAX);
        let options = SearchOptions::new().sizelimit(query.most).timelimit(seconds);
        let search =
            self.ldap.with_search_options(options).search(query.base, scope, query.filter, query.attributes);
        let found = timeout(within, search).await;
        let SearchResult(found, result) = self.answered(found, within)?;
        let answer = Answer::from(result);
        if let Some(lost) = unfinished(&answer, within) {
            return Err(lost);
        }
        let entries = found.into_iter().filter(|one| !one.is_ref() && !one.is_intermediate());
        let entries = entries.map(|one| Entry::of(ldap3::SearchEntry::construct(one))).collect();
        Ok((entries, answer))
    }

    /// Takes one value away and adds another, in one (RFC 4511 §4.6).
    pub(super) async fn exchange(
        &mut self,
        entry: &str,
        attribute: &str,
        (old, new): (&[u8], &[u8]),
        within: Duration,
    ) -> Result<Answer, Lost> {
        let (name, one) =
            (attribute.as_bytes().to_vec(), |value: &[u8]| std::iter::once(value.to_vec()).collect());
        let changes = vec![Mod::Delete(name.clone(), one(old)), Mod::Add(name, one(new))];
        let answer = timeout(within, self.ldap.modify(entry, changes)).await;
        self.answered(answer, within).map(Answer::from)
    }

    fn answered<T>(
        &self,
        outcome: Result<Result<T, ldap3::LdapError>, tokio::time::error::Elapsed>,
        within: Duration,
    ) -> Result<T, Lost> {
        match outcome {
            Err(_) => Err(Lost::Slow(within)),
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                Err(Lost::Broken(self.cause.get().cloned().unwrap_or_else(|| error.to_string())))
            }
        }
    }
}

/// A search that the controller gave up, which says nothing of what is looked for.
fn unfinished(answer: &Answer, within: Duration) -> Option<Lost> {
    /// `timeLimitExceeded`.
    const TOO_LONG: u32 = 3;
    match answer.code {
        TOO_LONG => Some(Lost::Slow(within)),
        code if Answer::ELSEWHERE.contains(&code) => {
            Some(Lost::Broken(format!("result {code}: {}", answer.text)))
        }
        _ => None,
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.guard.abort();
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("identity", &self.identity).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_that_was_given_up_is_asked_elsewhere() {
        let within = Duration::from_secs(1);
        let unfinished = |code, text: &str| unfinished(&Answer { code, text: text.to_owned() }, within);
        assert_eq!(unfinished(3, ""), Some(Lost::Slow(within)));
        assert_eq!(unfinished(51, "busy"), Some(Lost::Broken("result 51: busy".to_owned())));
        assert!(unfinished(52, "").is_some());
        for code in [0, 1, 4, 10, 32, 50, 53] {
            assert_eq!(unfinished(code, ""), None, "{code}");
        }
    }
}
