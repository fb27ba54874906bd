//! `vestibule serve`.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::app::{Running, Start, StartError};
use crate::clock::SystemClock;
use crate::config::read_server;
use crate::keys::KeysError;
use crate::store::lock::ServerLock;

use super::{Ended, answer, failed, misused};

pub(super) async fn run(file: &Path) -> Ended {
    let config = match read_server(file) {
        Ok(config) => config,
        Err(faults) => return misused(&faults),
    };
    let (front, operator) = (config.server.listen, config.server.operator_listen);
    let listener = match TcpListener::bind(front).await {
        Ok(listener) => listener,
        Err(error) => return failed(&format!("{front}: {error}")),
    };
    let operator = match TcpListener::bind(operator).await {
        Ok(listener) => listener,
        Err(error) => return failed(&format!("{operator}: {error}")),
    };
    let lock = match ServerLock::take(&config.store.sqlite) {
        Ok(lock) => lock,
        Err(error) => return failed(&format!("{}: {error}", config.store.sqlite.display())),
    };
    let mut signals = match Signals::listen() {
        Ok(signals) => signals,
        Err(error) => return failed(&format!("signals: {error}")),
    };
    let base = config.server.origin(&config.server.base_domain);
    let start = Start { config, listener, operator, clock: Arc::new(SystemClock), demo: None, lock };
    match Running::start(start).await {
        Ok(running) => {
            answer(&format!("ready {base}/"));
            signals.until_told_to_stop(&running, Some(file)).await;
            running.stop().await;
            Ended::Done
        }
        Err(error) => ended(&error),
    }
}

/// Which failures of a start are the configuration's.
pub(super) fn ended(error: &StartError) -> Ended {
    match error {
        StartError::Keys(KeysError::Store(_))
        | StartError::Store(_)
        | StartError::Load(_)
        | StartError::Tls(_) => failed(error),
        StartError::Keys(_) | StartError::IsDemo | StartError::IsNoDemo | StartError::Io { .. } => {
            misused(error)
        }
    }
}

/// SIGTERM and an interrupt end it; SIGHUP reads the configuration anew, and a faulty one changes nothing.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    /// Listens, from before anybody is told that the server is ready: a signal that comes right then is not lost.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Waits until somebody ends it.
    pub(super) async fn until_told_to_stop(&mut self, running: &Running, file: Option<&Path>) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.hang_up.recv() => match file.map(read_server) {
                    Some(Ok(config)) => {
                        if let Err(reason) = running.app.reconfigure(config) {
                            tracing::error!(configuration.fault = reason, "the configuration cannot be taken; the old one stays");
                        }
                    }
                    Some(Err(faults)) => tracing::error!(configuration.faults = %faults, "the configuration is faulty; the old one stays"),
                    None => {}
                },
            }
        }
    }
}
