//! The provider as a test holds it: started, scripted, asked what reached it, ended by dropping it.

use std::sync::Arc;

use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::fault::{Edit, Endpoint, Fault};
use super::serve::serve;
use super::served::Served;
use super::state::{Call, Script, State};
use super::token::logout_token;
use crate::clock::{Clock, machine};

/// What a test may choose before the start.
#[derive(Clone)]
pub struct Setup {
    /// The issuer's host: `127.0.0.1`, or a name below `.localhost`.
    pub host: String,
    /// The issuer's path, empty or `/…` without a final slash. Every endpoint hangs below it.
    pub path: String,
    /// The one client.
    pub client_id: String,
    /// Its secret, by default with every character that a careless encoder trips over (OIDC-RP-16).
    pub client_secret: String,
    /// The time that tokens are made by.
    pub clock: Clock,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            path: String::new(),
            client_id: "vestibule+hostile".to_owned(),
            client_secret: "s:%+é/".to_owned(),
            clock: machine(),
        }
    }
}

/// A scriptable OpenID provider on a port of its own. It ends when it is dropped.
pub struct HostileProvider {
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl HostileProvider {
    /// Starts a provider that behaves, on 127.0.0.1 and a free port.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start() -> std::io::Result<Self> {
        Self::start_with(Setup::default()).await
    }

    /// The same with a setup.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start_with(setup: Setup) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let state = Arc::new(State::new(setup, listener.local_addr()?.port()));
        let task = tokio::spawn(serve(listener, Arc::clone(&state)));
        Ok(Self { state, task })
    }

    /// The issuer, as the broker's configuration must have it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.state.issuer
    }

    /// Scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.state.origin
    }

    /// The client's id.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.state.setup.client_id
    }

    /// The client's secret.
    #[must_use]
    pub fn client_secret(&self) -> &str {
        &self.state.setup.client_secret
    }

    /// From now on this one thing is wrong, and nothing else.
    pub fn script(&self, fault: Fault) {
        self.state.rewrite(vec![fault]);
    }

    /// From now on all of these are wrong.
    pub fn script_all(&self, faults: Vec<Fault>) {
        self.state.rewrite(faults);
    }

    /// From now on the `id_token` has these claims on top of the good ones.
    pub fn claims(&self, claims: Map<String, Value>) {
        let edits = claims.into_iter().map(|(name, value)| Fault::Claims(Edit::Set(name, value)));
        self.state.rewrite(edits.collect());
    }

    /// Nothing is wrong any more.
    pub fn behave(&self) {
        self.state.rewrite(Vec::new());
    }

    /// From now on this path and query of the listener answer so; several answers in their order, the last one for ever.
    pub fn serve(&self, target: &str, answers: Vec<Served>) {
        self.state.serve(target, answers);
    }

    /// Signs with the other key from now on, and publishes that alone (OIDC-RP-21).
    pub fn rotate(&self) {
        self.state.rotate();
    }

    /// A logout token of everybody who signs in here, good but for these faults of header, claims, signature and encoding.
    #[must_use]
    pub fn logout_token(&self, faults: Vec<Fault>) -> String {
        let (script, attacker) = (Script(faults), self.state.attacker());
        let signer = self.state.signer(&script, &attacker);
        logout_token(&self.state.good_logout(), &signer, &script, self.state.now())
    }

    /// Every request so far, 10,000 at most, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.state.calls()
    }

    /// The requests to one endpoint.
    #[must_use]
    pub fn calls_to(&self, endpoint: Endpoint) -> Vec<Call> {
        self.calls().into_iter().filter(|call| call.endpoint == Some(endpoint)).collect()
    }

    /// Starts the list of requests anew.
    pub fn forget_calls(&self) {
        self.state.forget_calls();
    }
}

impl Drop for HostileProvider {
    fn drop(&mut self) {
        self.task.abort();
    }
}
