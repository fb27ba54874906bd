//! Figure 1: the processor time that one sign-in costs the broker, with every commit on disk before it is answered.
//!
//! Kind `okta`, all four claims in the token: discovery and keys are known, so one call to the provider is left.

use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Map, Value};
use vestibule_broker::clock::steady;
use vestibule_conformance::hostile::{HostileProvider, Setup};

use crate::browser::Browser;
use crate::deployment::Deployment;
use crate::figure::{Aim, note, show};
use crate::process::Child;
use crate::{Outcome, until_left_alone};

const SIGN_INS: u32 = 3_000;
const WARM_UP: u32 = 200;

/// The part of the provider: an Okta authorization server by its shape.
pub(crate) async fn provider() -> Outcome<()> {
    let setup = Setup { path: "/oauth2/default".to_owned(), ..Setup::default() };
    let provider = HostileProvider::start_with(setup).await?;
    let mail = Value::from("alice@corp.example");
    provider.claims(Map::from_iter([("cip_email".to_owned(), mail)]));
    note(&format!("provider {}", provider.origin().trim_start_matches("http://")));
    until_left_alone().await;
    Ok(())
}

/// Starts the provider; its address.
pub(crate) async fn start_provider() -> Outcome<(Child, SocketAddr)> {
    let mut child = Child::part(&["provider"], None)?;
    let address = child.hear("    provider").await?.parse()?;
    Ok((child, address))
}

/// Measures with one person after the other, and with sixteen at once.
pub(crate) async fn measure(binary: &Path) -> Outcome<()> {
    let (_provider, provider) = start_provider().await?;
    let deployment = Deployment::of(binary, &provider.to_string(), "127.0.0.1:9").await?;
    let broker = deployment.serve(None).await?;
    people(&deployment, provider, 4, WARM_UP).await?;
    for at_once in [1, 16] {
        let (began, before, waits) = (steady(), broker.processor_time()?, broker.waits()?);
        people(&deployment, provider, at_once, SIGN_INS).await?;
        let (spent, took) = (broker.processor_time()?.saturating_sub(before), began.elapsed());
        let milliseconds = spent.as_secs_f64() * 1e3 / f64::from(SIGN_INS);
        show(
            &format!("processor time of a sign-in, {at_once} at once"),
            milliseconds,
            "ms",
            Aim::AtMost(0.25),
        );
        let waits = f64::from(broker.waits()?.saturating_sub(waits)) / f64::from(SIGN_INS);
        let (seconds, resident) = (took.as_secs_f64(), broker.resident()?);
        note(&format!(
            "{SIGN_INS} sign-ins in {seconds:.1} s, {waits:.0} waits each, {resident} KiB resident"
        ));
    }
    broker.stop().await
}

/// So many sign-ins, of so many people at once.
async fn people(deployment: &Deployment, provider: SocketAddr, at_once: u32, sign_ins: u32) -> Outcome<()> {
    let mut browsers = tokio::task::JoinSet::new();
    for _ in 0..at_once {
        let mut browser = Browser::open(deployment.address, provider).await?;
        browsers.spawn(async move {
            for _ in 0..sign_ins / at_once {
                browser.sign_in().await?;
            }
            Outcome::Ok(())
        });
    }
    while let Some(ended) = browsers.join_next().await {
        ended??;
    }
    Ok(())
}
