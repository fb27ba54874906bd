//! A server of other people: on a free port of loopback, in a folder and a process group of its own, and gone with its
//! handle.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};
use vestibule_conformance::wire::Browser;

use super::CounterpartError;
use crate::port;

/// A busy machine starts an interpreter slowly; idle these need a second at most.
const PATIENCE: Duration = Duration::from_mins(1);
/// Between two looks whether it serves.
const PAUSE: Duration = Duration::from_millis(20);
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/counterparts");

/// Where a server is about to run.
#[derive(Debug)]
pub(super) struct Place {
    folder: TempDir,
    port: u16,
}

impl Place {
    /// An empty folder, and a port of its own.
    pub(super) fn new(program: &'static str) -> Result<Self, CounterpartError> {
        Self::at(program, port::free())
    }

    /// The same on a port that somebody had before.
    pub(super) fn at(program: &'static str, port: u16) -> Result<Self, CounterpartError> {
        let failed = |source| CounterpartError::Process { program, source };
        Ok(Self { folder: TempDir::new().map_err(failed)?, port })
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// By what one sees that a server serves.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ready {
    /// The page at this path is there.
    Page(&'static str),
    /// It takes connections, and speaks something other than HTTP.
    Connections,
}

impl Ready {
    async fn holds(self, place: &Place) -> bool {
        match self {
            Self::Page(path) => {
                let address = format!("{}{path}", place.origin());
                Browser::new().open(&address).await.is_ok_and(|page| page.status == 200)
            }
            Self::Connections => TcpStream::connect(("127.0.0.1", place.port)).await.is_ok(),
        }
    }
}

/// A running server.
#[derive(Debug)]
pub(super) struct Served {
    program: &'static str,
    place: Place,
    child: Child,
}

impl Served {
    /// Starts a program, whose arguments name scripts from `tests/counterparts`, and waits until it is ready.
    pub(super) async fn start(
        program: &'static str,
        place: Place,
        mut command: Command,
        ready: Ready,
    ) -> Result<Self, CounterpartError> {
        let failed = |source| CounterpartError::Process { program, source };
        let log = std::fs::File::create(log_of(&place)).map_err(failed)?;
        let child = command
            .current_dir(SCRIPTS)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(log.try_clone().map_err(failed)?)
            .stderr(log)
            .spawn()
            .map_err(failed)?;
        let mut served = Self { program, place, child };
        match timeout(PATIENCE, served.becomes(ready)).await {
            Ok(Ok(())) => Ok(served),
            Ok(Err(error)) => Err(served.complaining(error)),
            Err(_) => Err(served.complaining(CounterpartError::Deadline { program, deadline: PATIENCE })),
        }
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// What an address of this server shows.
    pub(super) async fn shown(&self, address: &str) -> Result<String, CounterpartError> {
        let odd = |fault| CounterpartError::Answer { program: self.program, fault };
        let page = Browser::new().open(address).await.map_err(|error| odd(error.to_string()))?;
        if page.status != 200 {
            return Err(odd(format!("{address}: {} {}", page.status, page.text())));
        }
        Ok(page.text_body())
    }

    async fn becomes(&mut self, ready: Ready) -> Result<(), CounterpartError> {
        loop {
            let status = self
                .child
                .try_wait()
                .map_err(|source| CounterpartError::Process { program: self.program, source })?;
            if status.is_some() {
                return Err(CounterpartError::Ended(self.program));
            }
            if ready.holds(&self.place).await {
                return Ok(());
            }
            sleep(PAUSE).await;
        }
    }

    /// The server's own words go to standard error, for its folder goes too.
    fn complaining(&self, error: CounterpartError) -> CounterpartError {
        eprintln!("{}: {}", self.program, std::fs::read_to_string(log_of(&self.place)).unwrap_or_default());
        error
    }
}

impl Drop for Served {
    /// Ends the server with its workers and with whatever they run.
    fn drop(&mut self) {
        let group = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(group) = group
            && let Err(error) = kill_process_group(group, Signal::KILL)
        {
            eprintln!("{}: {}", self.program, io::Error::from(error));
        }
    }
}

fn log_of(place: &Place) -> PathBuf {
    place.folder().join("server.log")
}
