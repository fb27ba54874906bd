//! Figure 2: a live session's request against a proxy that does nothing else, both by the processor time of one request,
//! which a neighbour on the machine does not change. On two cores of one's own it is the share of the throughput too.
//!
//! Each proxy has the first core alone while its round lasts, load and application have the second. Rounds alternate, so that
//! whatever else the machine does meets both.

use std::net::SocketAddr;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::Outcome;
use crate::browser::Browser;
use crate::deployment::{Deployment, WORKSPACE};
use crate::figure::{Aim, median, note, show};
use crate::process::{Child, cores};
use crate::sign_in::start_provider;

const CONNECTIONS: usize = 64;
const PAIRS: usize = 9;
const ROUND_MILLISECONDS: u32 = 1_000;

/// One proxy's round.
struct Round {
    per_second: f64,
    /// Processor time of one request, in microseconds.
    cost: f64,
    /// Share of its core that the proxy used.
    busy: f64,
}

/// Measures.
pub(crate) async fn measure(binary: &Path) -> Outcome<()> {
    let (first, second) = cores();
    let (_provider, provider) = start_provider().await?;
    let mut load = Child::part(&["load"], second)?;
    let application = load.hear("    application").await?;
    let deployment = Deployment::of(binary, &provider.to_string(), &application).await?;
    let broker = deployment.serve(first).await?;
    let mut bare = Child::part(&["bare", &application], first)?;
    let bare_address: SocketAddr = bare.hear("    bare").await?.parse()?;
    let requests = requests(&deployment, provider).await?;
    let mut pairs = Vec::with_capacity(PAIRS);
    for _ in 0..=PAIRS {
        let through = round(&mut load, &broker, deployment.address, requests.path()).await?;
        let past = round(&mut load, &bare, bare_address, requests.path()).await?;
        pairs.push((through, past));
    }
    // The first pair filled pools and caches.
    pairs.remove(0);
    report(&pairs);
    broker.stop().await
}

fn report(pairs: &[(Round, Round)]) {
    let of = |figure: fn(&(Round, Round)) -> f64| median(pairs.iter().map(figure).collect());
    let share = of(|(through, past)| 100.0 * past.cost / through.cost);
    show("a bare proxy's processor time, as a share of ours", share, "%", Aim::AtLeast(65.0));
    let throughput = of(|(through, past)| 100.0 * through.per_second / past.per_second);
    note(&format!("{throughput:.0} % of its throughput, which is no figure while a core below is not busy"));
    for (name, side) in [("broker", of_broker as fn(&(Round, Round)) -> &Round), ("bare", of_bare)] {
        let of = |figure: fn(&Round) -> f64| median(pairs.iter().map(|pair| figure(side(pair))).collect());
        let (rate, cost, busy) = (of(|one| one.per_second), of(|one| one.cost), of(|one| one.busy));
        note(&format!("{name}: {rate:.0} requests/s, {cost:.1} µs each, core {:.0} % busy", 100.0 * busy));
    }
}

fn of_broker(pair: &(Round, Round)) -> &Round {
    &pair.0
}

fn of_bare(pair: &(Round, Round)) -> &Round {
    &pair.1
}

async fn round(load: &mut Child, proxy: &Child, address: SocketAddr, requests: &Path) -> Outcome<Round> {
    let before = proxy.processor_time()?;
    load.say(&format!("{address} {ROUND_MILLISECONDS} {}", requests.display())).await?;
    let answer = load.hear("    round").await?;
    let spent = proxy.processor_time()?.saturating_sub(before).as_secs_f64();
    let (answered, nanoseconds) = answer.split_once(' ').ok_or("no figures of a round")?;
    let (answered, seconds) = (answered.parse::<f64>()?, nanoseconds.parse::<f64>()? / 1e9);
    Ok(Round { per_second: answered / seconds, cost: 1e6 * spent / answered, busy: spent / seconds })
}

/// A request a connection, each of a session of its own, as a browser sends it.
async fn requests(deployment: &Deployment, provider: SocketAddr) -> Outcome<NamedTempFile> {
    let mut browser = Browser::open(deployment.address, provider).await?;
    let port = deployment.address.port();
    let mut lines = Vec::with_capacity(CONNECTIONS);
    for number in 0..CONNECTIONS {
        let cookies = browser.sign_in().await?;
        lines.push(format!(
            "GET /reports/{number}?from=1 HTTP/1.1|host: {WORKSPACE}:{port}|accept: text/html,application/xhtml+xml|\
             accept-language: en-GB,en;q=0.9|user-agent: Mozilla/5.0 (X11; Linux x86_64)|sec-fetch-mode: navigate|\
             cookie: theme=dark; {cookies}\n"
        ));
    }
    let file = NamedTempFile::new()?;
    std::fs::write(file.path(), lines.concat())?;
    Ok(file)
}
