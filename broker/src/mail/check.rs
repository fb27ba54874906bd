//! `vestibule check` on the mail server: each step of a conversation that sends nothing.

use super::connection::Connection;
use super::fault::{Fault, Step};
use crate::config::MailSettings;

/// Connects, encrypts, greets, signs in and asks whether the server is there. The steps that went well, and the first that
/// did not.
pub async fn check(settings: &MailSettings, own_name: &str) -> (Vec<(Step, String)>, Option<Fault>) {
    let mut passed = Vec::new();
    let fault = match Connection::open(settings, own_name, &mut passed).await {
        Err(fault) => Some(fault),
        Ok(mut connection) => {
            let alive = connection.is_alive().await;
            connection.close().await;
            alive.err()
        }
    };
    if fault.is_none() {
        let senders = &settings.senders;
        let addresses: Vec<&str> = [&senders.verification, &senders.invitation, &senders.notice]
            .map(|sender| sender.address().as_str())
            .to_vec();
        passed.push((
            Step::Alive,
            format!("the server answers; mail is from {}", distinct(addresses).join(", ")),
        ));
    }
    (passed, fault)
}

fn distinct(mut texts: Vec<&str>) -> Vec<&str> {
    texts.dedup();
    texts
}
