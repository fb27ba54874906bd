//! Sessions: a root for one sign-in, an access for each host that it opens (architecture 4).
//!
//! The path of a live session reads memory only; the store is read when a token is met for the first time and when a
//! session seems to have gone idle.

pub mod activity;
pub mod assertion;
pub mod facts;
pub mod guard;
pub mod lease;
mod recheck;
pub mod root;
pub mod sign_out;
pub mod step_up;
mod sweep;
pub mod view;

use self::facts::Facts;
pub use self::recheck::recheck;
pub use self::root::{Access, Root};
pub use self::sweep::sweep;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use moka::sync::Cache;
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::token::TokenHash;
use vestibule_policies::ids::OrganizationId;
use vestibule_policies::time::Timestamp;

use crate::store::accesses;
use crate::store::roots::{self, EndedBy, RootId, RootRow};
use crate::store::{Store, StoreError};

/// Accesses in memory; those beyond are read again when they are used.
const MOST_ACCESSES: u64 = 200_000;
/// An access that nobody uses leaves memory, not the store.
const UNUSED: Duration = Duration::from_mins(15);
/// A fill that began before its root ended must not outlive this.
const REMEMBERED_ENDS: Duration = Duration::from_mins(2);

/// Every session that this server has met.
#[derive(Debug)]
pub struct Sessions {
    accesses: Cache<TokenHash, Arc<Access>, TokenHasher>,
    /// One `Root` for a root, whoever holds it, so that all see the same activity and the same end.
    roots: Mutex<HashMap<RootId, Weak<Root>>>,
    /// Roots that were made a moment ago and have no access yet.
    fresh: Cache<RootId, Arc<Root>>,
    recently_ended: Cache<RootId, ()>,
    recently_dropped: Cache<TokenHash, ()>,
}

/// What a token leads to.
#[derive(Debug, Clone)]
pub enum Found<T> {
    /// Something that had not ended when it was read.
    Live(T),
    /// A root that has ended, and whether the browser signed in afresh since.
    Ended { root: RootId, by: EndedBy, at: Timestamp, succeeded: bool },
    /// Nothing that we know.
    Unknown,
}

impl Default for Sessions {
    fn default() -> Self {
        let accesses = Cache::builder()
            .max_capacity(MOST_ACCESSES)
            .time_to_idle(UNUSED)
            .build_with_hasher(TokenHasher::default());
        Self {
            accesses,
            roots: Mutex::default(),
            fresh: remembered(),
            recently_ended: remembered(),
            recently_dropped: remembered(),
        }
    }
}

fn remembered<K, V>() -> Cache<K, V>
where
    K: std::hash::Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    Cache::builder().max_capacity(MOST_ACCESSES).time_to_live(REMEMBERED_ENDS).build()
}

impl Sessions {
    /// The access with that token: from memory, or nothing. For the path of a live session.
    #[must_use]
    pub fn known_access(&self, token: &TokenHash) -> Option<Arc<Access>> {
        self.accesses.get(token).filter(|access| !access.root.has_ended())
    }

    /// The access with that token, from memory or from the store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn access(
        &self,
        store: &Store,
        keys: &KeyRing,
        token: &TokenHash,
    ) -> Result<Found<Arc<Access>>, StoreError> {
        if let Some(access) = self.known_access(token) {
            return Ok(Found::Live(access));
        }
        let Some(row) = accesses::by_token(store.readers(), token).await? else {
            return Ok(Found::Unknown);
        };
        Ok(match self.adopt(&row.root, keys) {
            Found::Live(root) => {
                let access = Arc::new(Access::new(row.host, root));
                self.accesses.insert(*token, Arc::clone(&access));
                // As in `adopt`: a drop between the reading of the row and now is seen by one of the two.
                if self.recently_dropped.contains_key(token) {
                    self.accesses.invalidate(token);
                    return Ok(Found::Unknown);
                }
                Found::Live(access)
            }
            Found::Ended { root, by, at, succeeded } => Found::Ended { root, by, at, succeeded },
            Found::Unknown => Found::Unknown,
        })
    }

    /// The root with that token.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn root(
        &self,
        store: &Store,
        keys: &KeyRing,
        token: &TokenHash,
    ) -> Result<Found<Arc<Root>>, StoreError> {
        match roots::by_token(store.readers(), token).await? {
            Some(row) => Ok(self.adopt(&row, keys)),
            None => Ok(Found::Unknown),
        }
    }

    /// The root with that public id.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn root_by_id(
        &self,
        store: &Store,
        keys: &KeyRing,
        id: RootId,
    ) -> Result<Found<Arc<Root>>, StoreError> {
        match roots::by_id(store.readers(), id).await? {
            Some(row) => Ok(self.adopt(&row, keys)),
            None => Ok(Found::Unknown),
        }
    }

    /// Takes a row into memory, or finds what is there already.
    fn adopt(&self, row: &RootRow, keys: &KeyRing) -> Found<Arc<Root>> {
        let (id, granted) = (row.id, row.granted);
        if let Some((by, at)) = row.ended {
            self.forget(id);
            return Found::Ended { root: id, by, at, succeeded: row.succeeded };
        }
        let fresh = match Root::open(row, keys) {
            Ok(root) => Arc::new(root),
            // Nobody can say who this is: it opens nothing, and its browser may sign in anew.
            Err(error) => {
                tracing::error!(session.id = %id, session.error = %error, "a session cannot be read");
                return Found::Unknown;
            }
        };
        let root = {
            let mut roots = self.roots.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = roots.get(&id).and_then(Weak::upgrade) {
                known.active_at(fresh.last_activity());
                known.lower(granted);
                known
            } else {
                roots.insert(id, Arc::downgrade(&fresh));
                fresh
            }
        };
        // `forget` first remembers the end and then looks for the root; this does it the other way round, so that an end
        // between the reading of the row and now is seen by one of the two.
        if self.recently_ended.contains_key(&id) {
            root.end();
        }
        Found::Live(root)
    }

    /// Keeps a root that was just written, until its first host takes it.
    pub(crate) fn keep_fresh(&self, row: &RootRow, facts: Facts) {
        let root = Arc::new(Root::new(row, facts));
        self.roots.lock().unwrap_or_else(PoisonError::into_inner).insert(row.id, Arc::downgrade(&root));
        self.fresh.insert(row.id, root);
    }

    /// A root that is in memory and has not ended.
    #[must_use]
    pub fn held(&self, id: RootId) -> Option<Arc<Root>> {
        let root = self.roots.lock().unwrap_or_else(PoisonError::into_inner).get(&id)?.upgrade()?;
        (!root.has_ended()).then_some(root)
    }

    /// The root ended, here or on another server: nothing in memory is live any more.
    pub fn forget(&self, id: RootId) {
        self.recently_ended.insert(id, ());
        self.fresh.invalidate(&id);
        let known = self.roots.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        if let Some(root) = known.and_then(|root| root.upgrade()) {
            root.end();
        }
    }

    /// The roots of an organisation whose requests are still under way.
    #[must_use]
    pub fn leased(&self, organization: OrganizationId) -> Vec<Arc<Root>> {
        let roots = self.roots.lock().unwrap_or_else(PoisonError::into_inner);
        let known = roots.values().filter_map(Weak::upgrade);
        known.filter(|root| root.organization == organization && root.is_leased()).collect()
    }

    /// Changes were missed: accesses are read again when they are used, and these are the roots that somebody still holds.
    #[must_use]
    pub fn distrust(&self) -> Vec<RootId> {
        self.accesses.invalidate_all();
        self.fresh.invalidate_all();
        let roots = self.roots.lock().unwrap_or_else(PoisonError::into_inner);
        roots.iter().filter(|(_, root)| root.strong_count() > 0).map(|(id, _)| *id).collect()
    }

    /// Takes a new access into memory.
    pub(crate) fn remember(&self, token: TokenHash, access: Arc<Access>) {
        self.accesses.insert(token, access);
    }

    /// Drops one access from memory.
    pub(crate) fn drop_access(&self, token: &TokenHash) {
        self.recently_dropped.insert(*token, ());
        self.accesses.invalidate(token);
    }

    /// Lets go of what nobody holds any more.
    fn tidy(&self) {
        self.accesses.run_pending_tasks();
        self.roots.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, root| root.strong_count() > 0);
    }

    /// Accesses in memory, for the metrics.
    #[must_use]
    pub fn in_memory(&self) -> u64 {
        self.accesses.entry_count()
    }
}

/// A token's hash is uniform already: its first eight bytes do.
#[derive(Debug, Clone, Default)]
struct TokenHasher(u64);

impl std::hash::Hasher for TokenHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for (byte, place) in bytes.iter().zip(0..8) {
            self.0 ^= u64::from(*byte) << (8 * place);
        }
    }

    fn write_usize(&mut self, _: usize) {}
}

impl std::hash::BuildHasher for TokenHasher {
    type Hasher = Self;

    fn build_hasher(&self) -> Self {
        Self(0)
    }
}
