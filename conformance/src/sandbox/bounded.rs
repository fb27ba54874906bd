//! A map from secrets to what they open: bounded, expiring, and without the secrets themselves.

use std::collections::{HashMap, VecDeque};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};

/// Strangers can make entries: beyond this many the oldest goes.
const CAPACITY: usize = 10_000;

/// SHA-256 of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    pub(super) fn of(secret: &str) -> Self {
        let mut bytes = [0; 32];
        let hash = digest::digest(&digest::SHA256, secret.as_bytes());
        bytes.iter_mut().zip(hash.as_ref()).for_each(|(to, from)| *to = *from);
        Self(bytes)
    }
}

/// 256 random bits in base64url. `None` if the machine has no randomness.
pub(super) fn random_secret() -> Option<String> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

/// Entries by the digest of their secret, so that a look-up leaks nothing about a secret through time.
#[derive(Debug)]
pub(super) struct Bounded<V> {
    entries: HashMap<Digest, Entry<V>>,
    /// Oldest first; a spent entry keeps its place here until it is the oldest.
    order: VecDeque<Digest>,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    /// Seconds since 1970; dead from this second on.
    expires: i64,
}

impl<V> Default for Bounded<V> {
    fn default() -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new() }
    }
}

impl<V> Bounded<V> {
    pub(super) fn insert(&mut self, secret: &str, value: V, expires: i64) {
        while self.order.len() >= CAPACITY {
            if let Some(oldest) = self.order.pop_front() {
                self.entries.remove(&oldest);
            }
        }
        let key = Digest::of(secret);
        self.order.push_back(key);
        self.entries.insert(key, Entry { value, expires });
    }

    /// Takes it out: a one-use thing is spent by being presented.
    pub(super) fn take(&mut self, secret: &str, now: i64) -> Option<V> {
        let entry = self.entries.remove(&Digest::of(secret))?;
        (now < entry.expires).then_some(entry.value)
    }

    pub(super) fn live(&self, secret: &str, now: i64) -> Option<&V> {
        let entry = self.entries.get(&Digest::of(secret))?;
        (now < entry.expires).then_some(&entry.value)
    }

    pub(super) fn keep_only(&mut self, keep: impl Fn(&V) -> bool) {
        self.entries.retain(|_, entry| keep(&entry.value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_lives_until_its_second_and_is_taken_once() {
        let mut map = Bounded::default();
        map.insert("secret", 7, 100);
        assert_eq!(map.live("secret", 99), Some(&7));
        assert_eq!(map.live("secret", 100), None);
        assert_eq!(map.live("other", 99), None);
        assert_eq!(map.take("secret", 99), Some(7));
        assert_eq!(map.take("secret", 99), None);
        map.insert("late", 8, 100);
        assert_eq!(map.take("late", 100), None);
    }

    #[test]
    fn the_oldest_makes_room() {
        let mut map = Bounded::default();
        for n in 0..=CAPACITY {
            map.insert(&n.to_string(), n, 100);
        }
        assert_eq!(map.live("0", 0), None);
        assert_eq!(map.live("1", 0), Some(&1));
        assert_eq!(map.entries.len(), CAPACITY);
    }
}
