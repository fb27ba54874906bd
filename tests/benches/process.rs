//! Processes that a measurement starts, and what the kernel says of them (proc(5)). Each ends with its owner.

use std::ffi::OsStr;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{ChildStdin, ChildStdout, Command};

use crate::Outcome;

/// How long a process may take to say what is waited for.
const PATIENCE: Duration = Duration::from_mins(1);
/// `USER_HZ`, in which the kernel counts for every process on Linux.
const TICK: Duration = Duration::from_millis(10);

/// A child of ours. Dropping it kills it.
pub(crate) struct Child {
    process: tokio::process::Child,
    id: u32,
    input: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Child {
    /// Starts a program, on one core where one is named.
    pub(crate) fn start(program: impl AsRef<OsStr>, words: &[&str], core: Option<usize>) -> Outcome<Self> {
        let mut command = match core {
            // It replaces itself with the program, so the process is the program's.
            Some(core) => {
                let mut command = Command::new("taskset");
                command.arg("-c").arg(core.to_string()).arg(program.as_ref());
                command
            }
            None => Command::new(program.as_ref()),
        };
        let mut process = command
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("{}: {error}", program.as_ref().display()))?;
        let (id, input, output) = (process.id(), process.stdin.take(), process.stdout.take());
        let (Some(id), Some(input), Some(output)) = (id, input, output) else {
            return Err("a process without pipes".into());
        };
        Ok(Self { process, id, input, lines: BufReader::new(output).lines() })
    }

    /// Starts this program again, in another part.
    pub(crate) fn part(words: &[&str], core: Option<usize>) -> Outcome<Self> {
        Self::start(std::env::current_exe()?, words, core)
    }

    /// Waits for a line that begins with this word, and gives what stands behind it.
    pub(crate) async fn hear(&mut self, word: &str) -> Outcome<String> {
        let heard = async {
            while let Some(line) = self.lines.next_line().await? {
                if let Some(rest) = line.strip_prefix(word) {
                    return Ok(rest.trim().to_owned());
                }
            }
            Err(format!("a process ended without saying {word}").into())
        };
        tokio::time::timeout(PATIENCE, heard).await.map_err(|_| format!("nobody said {word}"))?
    }

    /// Says a line to it.
    pub(crate) async fn say(&mut self, line: &str) -> Outcome<()> {
        self.input.write_all(format!("{line}\n").as_bytes()).await?;
        self.input.flush().await.map_err(Into::into)
    }

    /// The processor time that it has used, in steps of 10 ms.
    pub(crate) fn processor_time(&self) -> Outcome<Duration> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.id))?;
        // The name of the program stands in parentheses and may hold anything; user and system time are fields 14 and 15.
        let (_, fields) = text.rsplit_once(") ").ok_or("/proc/PID/stat has another form")?;
        let ticks: Vec<u32> =
            fields.split(' ').skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
        match ticks.as_slice() {
            [user, system] => Ok(TICK * (user + system)),
            _ => Err("/proc/PID/stat has another form".into()),
        }
    }

    /// How often its threads have waited for something, each of which costs a change of context.
    pub(crate) fn waits(&self) -> Outcome<u32> {
        let mut waits = 0;
        for thread in std::fs::read_dir(format!("/proc/{}/task", self.id))? {
            let status = std::fs::read_to_string(thread?.path().join("status"))?;
            let count = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
            waits += count.and_then(|count| count.trim().parse::<u32>().ok()).unwrap_or(0);
        }
        Ok(waits)
    }

    /// The memory that it holds, in KiB.
    pub(crate) fn resident(&self) -> Outcome<u32> {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.id))?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }

    /// Ends it as an operator would, and waits.
    pub(crate) async fn stop(mut self) -> Outcome<()> {
        Command::new("kill").arg("-TERM").arg(self.id.to_string()).status().await?;
        match tokio::time::timeout(PATIENCE, self.process.wait()).await {
            Ok(ended) => ended.map(drop).map_err(Into::into),
            Err(_) => self.process.kill().await.map_err(Into::into),
        }
    }
}

/// The two cores of a measurement that has sides, where the machine has two.
pub(crate) fn cores() -> (Option<usize>, Option<usize>) {
    match std::thread::available_parallelism() {
        Ok(count) if count.get() >= 2 => (Some(0), Some(1)),
        _ => (None, None),
    }
}
