//! Figures 4 to 6: how fast a broker starts on a store that is there, what it holds when nobody comes, and what strangers
//! who only begin a sign-in leave behind.

use std::path::Path;
use std::time::Duration;

use tokio::task::JoinSet;
use vestibule_broker::clock::steady;

use crate::Outcome;
use crate::browser::Browser;
use crate::deployment::{Deployment, WORKSPACE};
use crate::figure::{Aim, median, note, show};
use crate::process::Child;
use crate::sign_in::start_provider;
use crate::wire::Wire;

const STARTS: usize = 20;
const SESSIONS: usize = 200;
const STRANGERS: u32 = 200_000;
/// Until buffers, caches and the allocator have what they need.
const WARM_UP: u32 = 40_000;
const CONNECTIONS: u32 = 16;
/// What an allocator may keep of its own, in KiB: five bytes a stranger, of which none can be a record.
const NOISE: f64 = 1024.0;

/// Measures.
pub(crate) async fn measure(binary: &Path) -> Outcome<()> {
    let (_provider, provider) = start_provider().await?;
    let deployment = Deployment::of(binary, &provider.to_string(), "127.0.0.1:9").await?;
    let broker = deployment.serve(None).await?;
    let mut browser = Browser::open(deployment.address, provider).await?;
    for _ in 0..SESSIONS {
        browser.sign_in().await?;
    }
    drop(browser);
    broker.stop().await?;
    starts(&deployment).await?;
    let broker = deployment.serve(None).await?;
    // The tasks beside the requests have run once by then.
    tokio::time::sleep(Duration::from_secs(2)).await;
    show("resident memory, idle", f64::from(broker.resident()?) / 1024.0, "MiB", Aim::AtMost(25.0));
    // Any challenge of the right length will do: nothing is kept of it.
    let start = format!("/start?host={WORKSPACE}&handoff={}", "A".repeat(43));
    strangers(&deployment, &broker, "accounts.vestibule.localhost", &start).await?;
    strangers(&deployment, &broker, WORKSPACE, "/.vestibule/sign-in?to=/reports").await?;
    broker.stop().await
}

async fn starts(deployment: &Deployment) -> Outcome<()> {
    let mut milliseconds = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        let began = steady();
        let broker = deployment.serve(None).await?;
        milliseconds.push(began.elapsed().as_secs_f64() * 1e3);
        broker.stop().await?;
    }
    show("start to ready on an existing store, median of 20", median(milliseconds), "ms", Aim::AtMost(30.0));
    Ok(())
}

async fn strangers(deployment: &Deployment, broker: &Child, host: &str, target: &str) -> Outcome<()> {
    come(deployment, WARM_UP, host, target).await?;
    let (before, spent_before) = (broker.resident()?, broker.processor_time()?);
    come(deployment, STRANGERS, host, target).await?;
    let grown = f64::from(broker.resident()?) - f64::from(before);
    let spent = broker.processor_time()?.saturating_sub(spent_before) / STRANGERS;
    let path = target.split('?').next().unwrap_or_default();
    show(&format!("growth after 200,000 strangers at {path}"), grown, "KiB", Aim::AtMost(NOISE));
    note(&format!("{before} KiB before; {spent:?} of processor time each"));
    Ok(())
}

async fn come(deployment: &Deployment, count: u32, host: &str, target: &str) -> Outcome<()> {
    let port = deployment.address.port();
    let request =
        format!("GET {target} HTTP/1.1\r\nhost: {host}:{port}\r\naccept: text/html\r\n\r\n").into_bytes();
    let mut connections = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (mut wire, request) = (Wire::to(deployment.address).await?, request.clone());
        connections.spawn(async move {
            for _ in 0..count / CONNECTIONS {
                wire.exchange(&request, "303").await?;
            }
            Outcome::Ok(())
        });
    }
    while let Some(ended) = connections.join_next().await {
        ended??;
    }
    Ok(())
}
