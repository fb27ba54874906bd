//! Wishes for a link to a new password, which are looked at beside the requests and one after the other (SGN-06, SGN-15).
//!
//! Whoever asked has their answer by then. In one transaction a wish is counted, people are looked up, and each of them gets a mail with
//! a link that voids the one before; an address that got enough mails keeps the link that it has. Of whom nobody knows, the counting is
//! written alone.

use std::collections::VecDeque;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::token::Token;
use vestibule_policies::lockout::Network;
use vestibule_policies::time::Timestamp;
use zeroize::Zeroizing;

use crate::app::App;
use crate::audit;
use crate::http::route::BuiltInRoute;
use crate::mail::{Enqueued, Letter, Link, Mail, Message, Name};
use crate::pages::Language;
use crate::person::link::{Errand, Reset};
use crate::person::{self, Person};
use crate::store::audit::append;
use crate::store::{Transaction, links};

use super::super::directory::count_forgotten;

/// How long a link may be used (PWD-15).
const MINUTES: u16 = 60;
/// People of one address who get a mail each.
const MOST_PEOPLE: u32 = 5;
/// Wishes that wait, of everybody and of one network: what is beyond is dropped.
const MOST: usize = 256;
const MOST_OF_ONE: usize = 8;

/// Somebody's wish.
pub(super) struct Asking {
    /// As it was typed; it may be a password that went into the wrong field.
    pub(super) name: Zeroizing<String>,
    pub(super) language: Language,
    pub(super) client: IpAddr,
    pub(super) correlation: String,
}

impl fmt::Debug for Asking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asking").field("correlation", &self.correlation).finish_non_exhaustive()
    }
}

/// The wishes that wait.
#[derive(Debug, Default)]
pub struct Asked {
    waiting: Mutex<VecDeque<Asking>>,
    wake: Notify,
    closing: CancellationToken,
}

impl Asked {
    /// Lets one wait, or drops it where too many do.
    pub(super) fn push(&self, asking: Asking) {
        let network = Network::of(asking.client);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let of_one = waiting.iter().filter(|one| Network::of(one.client) == network).count();
        if waiting.len() >= MOST || of_one >= MOST_OF_ONE {
            tracing::warn!(
                correlation = asking.correlation,
                "too many ask for new passwords; one is dropped"
            );
            return;
        }
        waiting.push_back(asking);
        drop(waiting);
        self.wake.notify_one();
    }

    fn pop(&self) -> Option<Asking> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    /// Lets the task end after what waits.
    pub(crate) fn close(&self) {
        self.closing.cancel();
    }
}

/// Looks at wishes until the server stops.
pub(crate) async fn look_up(app: Arc<App>) {
    loop {
        match app.asked.pop() {
            Some(asking) => settle(&app, asking).await,
            None if app.asked.closing.is_cancelled() => return,
            None => tokio::select! {
                () = app.asked.wake.notified() => {}
                () = app.asked.closing.cancelled() => {}
            },
        }
    }
}

async fn settle(app: &App, asking: Asking) {
    let correlation = asking.correlation.clone();
    let now = app.session_clock.now();
    let writing = Writing {
        keys: Arc::clone(&app.keys),
        mail: app.mail.clone(),
        address: format!("{}{}", app.accounts_origin(), BuiltInRoute::Reset.path()),
        now,
        wall: app.wall.now(),
    };
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            if !count_forgotten(transaction, asking.client, now).await? {
                return Ok(None);
            }
            let people =
                person::bearing(&mut *transaction, &writing.keys, (&asking.name, MOST_PEOPLE)).await?;
            let mut queued = 0;
            for person in &people {
                queued += usize::from(writing.one(transaction, (person, &asking)).await?);
            }
            Ok(Some((people.len(), queued)))
        })
    });
    // The log is the operator's, and says no name.
    match write.await {
        Ok(Some((people, queued))) => {
            tracing::info!(correlation, people, queued, "somebody asked for a new password");
        }
        Ok(None) => tracing::warn!(correlation, "too many ask for new passwords; this one gets none"),
        Err(error) => tracing::error!(correlation, store.error = %error, "a link was not made"),
    }
}

/// What the transaction needs.
struct Writing {
    keys: Arc<KeyRing>,
    mail: Mail,
    address: String,
    now: Timestamp,
    wall: Timestamp,
}

impl Writing {
    /// A mail with a link for one person. `false` if there is none: it cannot be addressed, or there were enough.
    async fn one(
        &self,
        transaction: &mut Transaction,
        (person, asking): (&Person, &Asking),
    ) -> Result<bool, sqlx::Error> {
        let encode = |error: &dyn fmt::Display| sqlx::Error::Encode(error.to_string().into());
        let token = Token::generate().map_err(|error| encode(&error))?;
        let link = Link::new(&format!("{}?token={}", self.address, token.as_str()));
        let profile = &person.record.profile;
        let message = Message::PasswordReset {
            link: link.map_err(|error| encode(&error))?,
            minutes: MINUTES,
            account: Name::new(profile.user_name.as_str()),
        };
        let Some(letter) = Letter::addressed(&profile.email, asking.language, message) else {
            return Ok(false);
        };
        // Without a mail there is no link, and the one before stays good: nobody can void it by asking without end.
        if self.mail.enqueue(transaction, &letter).await? != Enqueued::Queued {
            return Ok(false);
        }
        let reset = Reset { person: person.id, proved: person.record.fingerprint() };
        let hash = token.hash();
        let expires = self.now.plus(Duration::from_mins(u64::from(MINUTES)));
        let row = Errand::Reset(reset).to_link(&self.keys, &hash, expires)?;
        links::issue(transaction, (&hash, &format!("reset {}", person.id)), &row).await?;
        let event = audit::reset_asked(self.wall, person.id, (&asking.correlation, asking.client));
        append(transaction, &event).await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(client: &str) -> Asking {
        Asking {
            name: Zeroizing::new("ada".to_owned()),
            language: Language::English,
            client: client.parse().unwrap(),
            correlation: String::new(),
        }
    }

    #[test]
    fn a_network_fills_a_part_of_the_places_and_all_together_no_more_than_there_are() {
        let asked = Asked::default();
        for _ in 0..MOST {
            asked.push(asking("192.0.2.1"));
        }
        assert_eq!(asked.waiting.lock().unwrap().len(), MOST_OF_ONE);
        for host in 0..=255 {
            asked.push(asking(&format!("198.51.100.{host}")));
        }
        assert_eq!(asked.waiting.lock().unwrap().len(), MOST);
        assert_eq!(asked.pop().unwrap().client, "192.0.2.1".parse::<IpAddr>().unwrap(), "in their order");
    }

    #[test]
    fn what_was_typed_is_in_no_log() {
        assert!(!format!("{:?}", asking("192.0.2.1")).contains("ada"));
    }
}
