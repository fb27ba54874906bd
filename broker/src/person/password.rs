//! What is remembered of a password.

use serde::{Deserialize, Serialize};
use vestibule_policies::password::Record;
use vestibule_policies::time::Timestamp;

/// What is remembered of a password. All of it is sealed with the person.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordRecord {
    /// argon2id, in the PHC string format.
    pub hash: String,
    /// The same of earlier ones, the latest first (PWD-04).
    pub earlier: Vec<String>,
    /// By what it becomes due, in session time.
    pub record: Record,
}

impl PasswordRecord {
    /// One that was chosen now.
    #[must_use]
    pub const fn chosen(hash: String, now: Timestamp) -> Self {
        let record = Record { set: now, signed_in: None, flaw: None };
        Self { hash, earlier: Vec::new(), record }
    }

    /// The next one in its place, which remembers so many former ones.
    #[must_use]
    pub fn followed_by(self, next: Self, history: usize) -> Self {
        let mut earlier = self.earlier;
        earlier.insert(0, self.hash);
        earlier.truncate(history);
        Self { earlier, ..next }
    }
}

impl std::fmt::Debug for PasswordRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PasswordRecord").field("record", &self.record).finish_non_exhaustive()
    }
}
