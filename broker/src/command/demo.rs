//! `vestibule demo`.

use std::path::Path;

use crate::demo::{self, DemoError};

use super::serve::Signals;
use super::{Ended, answer, failed, misused};

pub(super) async fn run(port: u16, data: &Path) -> Ended {
    let mut signals = match Signals::listen() {
        Ok(signals) => signals,
        Err(error) => return failed(&format!("signals: {error}")),
    };
    match demo::start(port, data).await {
        Ok(running) => {
            answer(&format!("ready http://vestibule.localhost:{}/", running.address.port()));
            signals.until_told_to_stop(&running, None).await;
            running.stop().await;
            Ended::Done
        }
        Err(error @ (DemoError::Data(_) | DemoError::Configuration(_))) => misused(&error),
        Err(error) => failed(&error),
    }
}
