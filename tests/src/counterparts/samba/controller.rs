//! One controller of a forest, as a test knows and treats it.

use serde::Deserialize;
use serde_json::json;

use super::{CounterpartError, LDAPS, Talk};

/// A domain controller on a loopback address of its own.
#[derive(Debug)]
pub struct Controller {
    index: usize,
    place: Place,
    talk: Talk,
}

/// Where it is.
#[derive(Debug, Deserialize)]
pub(super) struct Place {
    host: String,
    address: String,
}

impl Controller {
    pub(super) fn new(index: usize, place: Place, talk: &Talk) -> Self {
        Self { index, place, talk: talk.clone() }
    }

    /// `dc1.corp.example`, by which its certificate calls it.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.place.host
    }

    /// Its address, also in its certificate.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.place.address
    }

    /// `ldaps://<address>:636`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("ldaps://{}:{LDAPS}", self.address())
    }

    /// Ends it as a power failure would. Its connections are reset, and it takes no new ones.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn kill(&self) -> Result<(), CounterpartError> {
        self.told("kill").await
    }

    /// Starts it if it does not run, waits until it answers, and gives it what it missed.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn start(&self) -> Result<(), CounterpartError> {
        self.told("start").await
    }

    /// It answers nothing more, although the kernel still takes connections for it.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn pause(&self) -> Result<(), CounterpartError> {
        self.told("pause").await
    }

    /// Ends a pause, and gives it what it missed.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn resume(&self) -> Result<(), CounterpartError> {
        self.told("resume").await
    }

    async fn told(&self, act: &str) -> Result<(), CounterpartError> {
        self.talk.ask(json!({ "act": act, "controller": self.index })).await
    }
}
