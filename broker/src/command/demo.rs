//! `vestibule demo`.

use std::path::Path;

use crate::demo::{self, DemoError};

use super::serve::until_told_to_stop;
use super::{Ended, answer, failed, misused};

pub(super) async fn run(port: u16, data: &Path) -> Ended {
    match demo::start(port, data).await {
        Ok(running) => {
            answer(&format!("ready http://vestibule.localhost:{}/", running.address.port()));
            until_told_to_stop(&running, None).await;
            running.stop().await;
            Ended::Done
        }
        Err(error @ (DemoError::Data(_) | DemoError::Configuration(_))) => misused(&error),
        Err(error) => failed(&error),
    }
}
