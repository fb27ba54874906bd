//! What may stand on the command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A federated identity broker gateway: people come in through the provider that their organisation chose.
#[derive(Debug, Parser)]
#[command(name = "vestibule", version, disable_help_subcommand = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    #[cfg(feature = "demo")]
    /// A complete broker on this machine, with sandbox providers and a sample application.
    Demo {
        /// The loopback port of everything.
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// Where its data lies.
        #[arg(long, default_value = "demo-data")]
        data: PathBuf,
    },
    /// The broker. SIGHUP reads the configuration anew, SIGTERM drains.
    Serve {
        /// The server's configuration.
        #[arg(long)]
        config: PathBuf,
    },
    /// Makes organisations as their manifests say, all or none.
    Apply(ApplyCall),
    /// Every fault of the configuration, then every connection's provider.
    Check {
        /// The server's configuration.
        #[arg(long)]
        config: PathBuf,
        /// Only this organisation's connections.
        #[arg(long)]
        organization: Option<String>,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Administrators of organisations.
    #[command(subcommand)]
    Administrator(AdministratorCommand),
    /// People's devices for one-time codes.
    #[command(subcommand)]
    Token(TokenCommand),
    #[command(external_subcommand)]
    NotBuilt(Vec<OsString>),
}

#[derive(Debug, Subcommand)]
pub(super) enum AdministratorCommand {
    /// Prints a link with which somebody becomes an organisation's administrator with full access.
    Bootstrap(Bootstrap),
    /// Prints a link with which an administrator who lost everything sets their account up anew.
    Recover(Recover),
}

#[derive(Debug, Args)]
pub(super) struct Bootstrap {
    /// The server's configuration.
    #[arg(long)]
    pub(super) config: PathBuf,
    /// The organisation's slug; it is made if there is none.
    #[arg(long)]
    pub(super) organization: String,
    /// The person's e-mail address.
    #[arg(long)]
    pub(super) email: String,
    /// Answer as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Recover {
    /// The server's configuration.
    #[arg(long)]
    pub(super) config: PathBuf,
    #[command(flatten)]
    pub(super) whom: RecoverWhom,
    /// Answer as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct RecoverWhom {
    /// The person's e-mail address, if nobody else has it.
    #[arg(long)]
    pub(super) email: Option<String>,
    /// The person's user name.
    #[arg(long)]
    pub(super) user_name: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Takes a person's device away: the next sign-in registers anew.
    Reset(TokenReset),
}

#[derive(Debug, Args)]
pub(super) struct TokenReset {
    /// The server's configuration.
    #[arg(long)]
    pub(super) config: PathBuf,
    /// The organisation's slug.
    #[arg(long)]
    pub(super) organization: String,
    /// The person's user principal name.
    #[arg(long)]
    pub(super) upn: String,
}

#[derive(Debug, Args)]
pub(super) struct ApplyCall {
    /// The server's configuration.
    #[arg(long)]
    pub(super) config: PathBuf,
    /// A manifest; may stand several times.
    #[arg(short = 'f', long = "file", required = true)]
    pub(super) files: Vec<PathBuf>,
    /// Say what would change, and change nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Answer as JSON.
    #[arg(long)]
    pub(super) json: bool,
}

/// Commands of parts that this version does not have.
const LATER: [&str; 5] = ["backup", "key", "audit", "explain", "connector"];

/// What is said of a command that is not there.
pub(super) fn not_built(name: &str) -> String {
    if LATER.contains(&name) {
        format!("NOT-BUILT: this version has no `{name}` command")
    } else {
        format!("there is no command `{name}`; `vestibule --help` lists them")
    }
}
