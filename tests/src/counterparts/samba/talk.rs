//! The conversation with the process that owns a forest: a line of JSON for a line of JSON, and its end is the forest's end.
//!
//! It outlives the runtime of the test that began it, so a thread holds the pipes and a channel leads there.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::{Arc, CounterpartError};
use crate::counterparts::python;

const PROGRAM: &str = "samba/forest.py";
/// Debian's own: the modules of Samba belong to it.
const PYTHON: &str = "/usr/bin/python3";
const INSTALLED: [(&str, &str); 2] =
    [("/usr/sbin/samba", "samba"), ("/usr/share/samba/setup/provision.ldif", "samba-ad-provision")];
/// Provisioning takes five seconds on an idle machine.
const PATIENCE: Duration = Duration::from_mins(3);

type Line = Result<String, CounterpartError>;

/// What a thread has to ask, and who waits for the answer. The first answer comes unasked.
type Question = (Option<Value>, oneshot::Sender<Line>);

#[derive(Debug, Clone)]
pub(super) struct Talk {
    questions: mpsc::UnboundedSender<Question>,
    log: Arc<File>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Done(Value),
    Fault(String),
}

impl Talk {
    pub(super) fn start(settings: &Value) -> Result<Self, CounterpartError> {
        if let Some((_, missing)) = INSTALLED.iter().find(|(file, _)| !Path::new(file).is_file()) {
            return Err(CounterpartError::NotInstalled(missing));
        }
        if !rustix::process::geteuid().is_root() {
            let fault = "a domain controller needs root, for its ports are below 1024".to_owned();
            return Err(CounterpartError::Answer { program: PROGRAM, fault });
        }
        let log = tempfile::tempfile().map_err(failed)?;
        let mut child = Command::new(PYTHON)
            .args([PROGRAM, &settings.to_string()])
            .current_dir(python::FOLDER)
            // What Python would keep of its scripts is no part of the repository.
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log.try_clone().map_err(failed)?)
            .spawn()
            .map_err(failed)?;
        let (input, output) =
            child.stdin.take().zip(child.stdout.take()).ok_or(CounterpartError::Ended(PROGRAM))?;
        let (questions, asked) = mpsc::unbounded_channel();
        std::thread::spawn(move || converse(asked, child, input, BufReader::new(output)));
        Ok(Self { questions, log: Arc::new(log) })
    }

    /// What it says of itself once it stands.
    pub(super) async fn greeting<T: DeserializeOwned>(&self) -> Result<T, CounterpartError> {
        self.heard(None).await
    }

    pub(super) async fn ask<T: DeserializeOwned>(&self, question: Value) -> Result<T, CounterpartError> {
        self.heard(Some(question)).await
    }

    pub(super) fn odd(fault: &str) -> CounterpartError {
        CounterpartError::Answer { program: PROGRAM, fault: fault.to_owned() }
    }

    async fn heard<T: DeserializeOwned>(&self, question: Option<Value>) -> Result<T, CounterpartError> {
        let (reply, answer) = oneshot::channel();
        self.questions.send((question, reply)).map_err(|_| CounterpartError::Ended(PROGRAM))?;
        let line = match timeout(PATIENCE, answer).await {
            Ok(Ok(Ok(line))) => line,
            Ok(Ok(Err(error))) => return Err(self.complaining(error)),
            Ok(Err(_)) => return Err(self.complaining(CounterpartError::Ended(PROGRAM))),
            Err(_) => {
                let deadline = CounterpartError::Deadline { program: PROGRAM, deadline: PATIENCE };
                return Err(self.complaining(deadline));
            }
        };
        let wrong = |source| CounterpartError::Json { program: PROGRAM, source };
        match serde_json::from_str(&line).map_err(wrong)? {
            Answer::Done(value) => serde_json::from_value(value).map_err(wrong),
            Answer::Fault(fault) => Err(Self::odd(&fault)),
        }
    }

    /// Its own words go to standard error, for they are gone with it.
    fn complaining(&self, error: CounterpartError) -> CounterpartError {
        let mut words = String::new();
        let mut log = &*self.log;
        if log.seek(SeekFrom::Start(0)).and_then(|_| log.read_to_string(&mut words)).is_ok() {
            eprintln!("{PROGRAM}: {words}");
        }
        error
    }
}

/// Until nobody can ask any more: then the pipes close, and the script takes its forest down.
fn converse(
    mut asked: mpsc::UnboundedReceiver<Question>,
    mut child: Child,
    mut input: ChildStdin,
    mut output: BufReader<ChildStdout>,
) {
    while let Some((question, reply)) = asked.blocking_recv() {
        // A test that gave up waiting leaves its answer to nobody.
        let _ = reply.send(answered(question, &mut input, &mut output));
    }
    drop((input, output));
    if let Err(error) = child.wait() {
        eprintln!("{PROGRAM}: {error}");
    }
}

fn answered(question: Option<Value>, input: &mut ChildStdin, output: &mut BufReader<ChildStdout>) -> Line {
    if let Some(question) = question {
        input.write_all(format!("{question}\n").as_bytes()).map_err(failed)?;
    }
    let mut line = String::new();
    match output.read_line(&mut line).map_err(failed)? {
        0 => Err(CounterpartError::Ended(PROGRAM)),
        _ => Ok(line),
    }
}

fn failed(source: io::Error) -> CounterpartError {
    CounterpartError::Process { program: PROGRAM, source }
}
