//! The program's commands. What a command answers goes to standard output, what happens to standard error (interface 1).

mod administrator;
mod apply;
mod arguments;
mod check;
#[cfg(feature = "demo")]
mod demo;
mod log;
mod serve;
mod token;

use std::fmt::Display;
use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use crate::http::listener;

use self::arguments::{AdministratorCommand, Arguments, Command, TokenCommand};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    Done,
    /// The work failed.
    Failed,
    /// The call or the configuration is wrong.
    Misused,
}

impl From<Ended> for ExitCode {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Done => Self::SUCCESS,
            Ended::Failed => Self::from(1),
            Ended::Misused => Self::from(2),
        }
    }
}

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    log::start();
    listener::raise_descriptor_limit();
    vestibule_certs::jwt_backend::install();
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error).into(),
    };
    runtime.block_on(dispatch(arguments.command)).into()
}

async fn dispatch(command: Command) -> Ended {
    match command {
        #[cfg(feature = "demo")]
        Command::Demo { port, data } => demo::run(port, &data).await,
        Command::Serve { config } => serve::run(&config).await,
        Command::Apply(call) => apply::run(call).await,
        Command::Check { config, organization, json } => {
            check::run(&config, organization.as_deref(), json).await
        }
        Command::Administrator(AdministratorCommand::Bootstrap(call)) => administrator::bootstrap(call).await,
        Command::Administrator(AdministratorCommand::Recover(call)) => administrator::recover(call).await,
        Command::Token(TokenCommand::Reset(call)) => token::reset(call).await,
        Command::NotBuilt(words) => {
            let name = words.first().map_or_else(String::new, |word| word.to_string_lossy().into_owned());
            misused(&arguments::not_built(&name))
        }
    }
}

/// Writes an answer.
fn answer(text: &dyn Display) {
    // Whoever closed our standard output does not want it.
    drop(writeln!(std::io::stdout().lock(), "{text}"));
}

fn failed(error: &dyn Display) -> Ended {
    drop(writeln!(std::io::stderr().lock(), "vestibule: {error}"));
    Ended::Failed
}

fn misused(error: &dyn Display) -> Ended {
    drop(writeln!(std::io::stderr().lock(), "vestibule: {error}"));
    Ended::Misused
}
