//! The program in a process of its own.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};

const PROGRAM: &str = env!("CARGO_BIN_EXE_vestibule-under-test");
/// Far more than anything here takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(20);

/// How a call ended and what it said.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

fn command<S: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("RUST_LOG")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

/// Runs a call to its end in `folder`.
pub(super) async fn run(folder: &Path, arguments: &[&str]) -> Ended {
    let output = tokio::time::timeout(DEADLINE, command(folder, arguments).output());
    let output = output.await.unwrap_or_else(|_| panic!("{arguments:?} does not end")).unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A call that runs until it is told to stop. It is killed when it is dropped.
pub(super) struct Program {
    child: Child,
    out: Lines,
    err: Lines,
}

type Lines = Arc<Mutex<Vec<String>>>;

impl Program {
    /// Starts it, with `RUST_LOG` where that is given.
    pub(super) fn start(folder: &Path, arguments: &[&str], log: Option<&str>) -> Self {
        let mut command = command(folder, arguments);
        if let Some(log) = log {
            command.env("RUST_LOG", log);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = lines(child.stdout.take().unwrap());
        let err = lines(child.stderr.take().unwrap());
        Self { child, out, err }
    }

    /// Its ready line, without `ready `.
    pub(super) async fn ready(&mut self) -> String {
        let said = async {
            loop {
                if let Some(address) = self.out().iter().find_map(|line| line.strip_prefix("ready ")) {
                    return address.to_owned();
                }
                if let Some(ended) = self.child.try_wait().unwrap() {
                    panic!("it ended with {ended}: {:?}", self.log());
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(DEADLINE, said).await.expect("a ready line")
    }

    /// Every line of its standard output so far.
    pub(super) fn out(&self) -> Vec<String> {
        self.out.lock().unwrap().clone()
    }

    /// Every line of its standard error so far.
    pub(super) fn log(&self) -> Vec<String> {
        self.err.lock().unwrap().clone()
    }

    /// Waits for a line of the log that holds `text`.
    pub(super) async fn logged(&self, text: &str) {
        let logged = async {
            while !self.log().iter().any(|line| line.contains(text)) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let logged = tokio::time::timeout(DEADLINE, logged).await;
        assert!(logged.is_ok(), "no {text:?} in {:#?}", self.log());
    }

    /// Sends a signal by its name.
    pub(super) async fn signal(&self, name: &str) {
        let process = self.child.id().expect("it runs").to_string();
        let sent = Command::new("kill").args(["-s", name, &process]).status().await.unwrap();
        assert!(sent.success(), "{name}");
    }

    /// Waits for its end.
    pub(super) async fn end(&mut self) -> Option<i32> {
        tokio::time::timeout(DEADLINE, self.child.wait()).await.expect("its end").unwrap().code()
    }

    /// Stops it as an operator does.
    pub(super) async fn stop(&mut self) {
        self.signal("TERM").await;
        assert_eq!(self.end().await, Some(0), "{:#?}", self.log());
    }
}

fn lines(pipe: impl AsyncRead + Unpin + Send + 'static) -> Lines {
    let kept = Lines::default();
    let keep = Arc::clone(&kept);
    tokio::spawn(async move {
        let mut lines = BufReader::new(pipe).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            keep.lock().unwrap().push(line);
        }
    });
    kept
}
