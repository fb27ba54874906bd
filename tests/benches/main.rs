//! The product's figures, each beside its aim: `cargo bench -p vestibule-tests`, or some of them, `… -- sign_in proxy`.
//!
//! Everything runs on loopback and ends by itself. What is measured is the release binary in a process of its own; the
//! people, the provider and the application are other processes, which are this program again in another part.
#![forbid(unsafe_code)]

mod bare;
mod browser;
mod deployment;
mod directory;
mod figure;
mod footprint;
mod forgotten;
mod guard;
mod load;
mod process;
mod proxy;
mod saml;
mod sign_in;
mod wire;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// What a measurement ends with; a run in which anything goes wrong gives no figures.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const ALL: [&str; 7] = ["sign_in", "proxy", "guard", "footprint", "saml", "directory", "forgotten"];

fn main() -> ExitCode {
    // Cargo adds `--bench`; whatever else starts with a dash is meant for other harnesses.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    vestibule_certs::jwt_backend::install();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            figure::note(&format!("no figures: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Outcome<()> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        // One thread: the load shares a core with the application and must leave the other to what is measured.
        ["load"] => {
            tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(load::serve())
        }
        ["bare", upstream] => runtime()?.block_on(bare::serve(upstream.parse()?)),
        ["provider"] => runtime()?.block_on(sign_in::provider()),
        wanted => runtime()?.block_on(measure(wanted)),
    }
}

/// As the product's own.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

async fn measure(wanted: &[&str]) -> Outcome<()> {
    if let Some(unknown) = wanted.iter().find(|name| !ALL.contains(name)) {
        return Err(format!("there is no figure {unknown}; there are {}", ALL.join(", ")).into());
    }
    let is_wanted = |name: &str| wanted.is_empty() || wanted.contains(&name);
    // The others are measured in process, and need not wait for it.
    let binary = if ["sign_in", "proxy", "footprint"].into_iter().any(is_wanted) {
        deployment::build_binary().await?
    } else {
        PathBuf::new()
    };
    if is_wanted("sign_in") {
        sign_in::measure(&binary).await?;
    }
    if is_wanted("proxy") {
        proxy::measure(&binary).await?;
    }
    if is_wanted("guard") {
        Box::pin(guard::measure()).await?;
    }
    if is_wanted("footprint") {
        footprint::measure(&binary).await?;
    }
    if is_wanted("saml") {
        saml::measure().await?;
    }
    if is_wanted("directory") {
        directory::measure().await?;
    }
    if is_wanted("forgotten") {
        forgotten::measure().await?;
    }
    Ok(())
}

/// The lines of standard input; they end when whoever started this part is gone.
fn orders() -> UnboundedReceiver<String> {
    let (sender, lines) = unbounded_channel();
    // A thread of its own, because such a read cannot be taken back.
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    lines
}

/// Until whoever started this part is gone.
async fn until_left_alone() {
    let mut orders = orders();
    while orders.recv().await.is_some() {}
}
