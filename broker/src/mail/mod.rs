//! E-mail: what the broker writes to people, the queue in the store that it waits in, and the task that hands it to a server.
//!
//! A mail is queued in the transaction of what it tells of, so that both are there or neither is. It leaves the queue when a
//! server has taken it. An attempt is written down **before** it is made: so a mail on which the process dies does not come
//! back at once and for ever. Between a server's yes and the end of the row lies one commit, and only a crash or a connection
//! that is lost there sends a mail twice, under the same id.

mod address;
mod carrier;
mod check;
mod connection;
mod fault;
mod letter;
mod message;
mod metrics;
mod mime;
mod name;
mod reply;
mod sender;
mod text;

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use vestibule_certs::encoding::base64url;
use vestibule_certs::key_ring::KeyRing;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::random;

use crate::clock::{Clock, SessionClock};
use crate::config::MailSettings;
use crate::store::Transaction;
use crate::store::mails::{self, Count, MailRow, Queuing};

pub use self::address::{Address, AddressFault, Sender};
pub use self::check::check;
pub use self::fault::{Cause, Fault, Step};
pub use self::letter::Letter;
pub use self::message::{Budget, Class, CodeFault, Link, LinkFault, Message, OneTimeCode};
pub(crate) use self::metrics::MailMetrics;
pub use self::name::Name;
pub(crate) use self::sender::{Dropped, send};

/// What became of a letter. **A stranger is never told which**: whoever asked for a code or a reset reads the same page
/// whatever this says, or the page would tell who has an account and how often somebody tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Enqueued {
    /// It will be sent.
    Queued,
    /// Its address got ten of the kind within the hour; this one is not sent.
    Capped,
    /// Too many mails wait; this one is not sent.
    Full,
    /// There is no `[mail]`.
    NotConfigured,
}

/// Mail, for whoever has something to tell. Clones are one.
#[derive(Debug, Clone)]
pub struct Mail {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    keys: Arc<KeyRing>,
    wall: Arc<dyn Clock>,
    clock: SessionClock,
    settings: ArcSwapOption<MailSettings>,
    wake: Notify,
    closing: CancellationToken,
    metrics: MailMetrics,
}

impl Mail {
    /// Mail through the server that the settings name.
    #[must_use]
    pub fn new(
        keys: Arc<KeyRing>,
        (wall, clock): (Arc<dyn Clock>, SessionClock),
        settings: Option<Arc<MailSettings>>,
    ) -> Self {
        let shared = Shared {
            keys,
            wall,
            clock,
            settings: ArcSwapOption::new(settings),
            wake: Notify::new(),
            closing: CancellationToken::new(),
            metrics: MailMetrics::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Whether there is a server to send through. Ask before a page promises a mail.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.shared.settings.load().is_some()
    }

    /// Lets a letter wait, as part of the transaction of what it tells of.
    ///
    /// # Errors
    /// When the store cannot be written; then nothing of the transaction must stand.
    pub async fn enqueue(
        &self,
        transaction: &mut Transaction,
        letter: &Letter,
    ) -> Result<Enqueued, sqlx::Error> {
        if !self.is_configured() {
            return Ok(Enqueued::NotConfigured);
        }
        let now = self.shared.clock.now();
        let row = self.row(letter)?;
        let budget = letter.message.budget();
        let count =
            Count { budget: budget.as_str(), by_strangers: matches!(budget, Budget::Asked | Budget::Coded) };
        let queuing = mails::wait(transaction, &row, count, now).await?;
        // The task looks by way of the one writer, and so after this transaction.
        self.wake();
        Ok(match queuing {
            Queuing::Waits => Enqueued::Queued,
            Queuing::Capped => {
                self.shared.metrics.capped();
                Enqueued::Capped
            }
            Queuing::Full => {
                self.shared.metrics.full();
                Enqueued::Full
            }
        })
    }

    /// Has the task look now.
    pub fn wake(&self) {
        self.shared.wake.notify_one();
    }

    pub(crate) fn configure(&self, settings: Option<Arc<MailSettings>>) {
        self.shared.settings.store(settings);
        self.wake();
    }

    /// Lets the task end after the mail that it is at.
    pub(crate) fn close(&self) {
        self.shared.closing.cancel();
    }

    pub(crate) fn metrics(&self) -> &MailMetrics {
        &self.shared.metrics
    }

    fn row(&self, letter: &Letter) -> Result<MailRow, sqlx::Error> {
        let Shared { keys, wall, clock, .. } = &*self.shared;
        let id: [u8; 16] = random::bytes().map_err(|error| sqlx::Error::Encode(error.into()))?;
        let id = format!("{:032x}", u128::from_be_bytes(id));
        let sealed = letter.seal(keys, &id).map_err(|error| sqlx::Error::Encode(error.into()))?;
        Ok(MailRow {
            organization: letter.organization,
            class: letter.message.class().as_str().to_owned(),
            recipient: tag(keys, &letter.to),
            letter: sealed,
            attempts: 0,
            created: wall.now(),
            expires: clock.now().plus(letter.message.lifetime()),
            id,
        })
    }
}

/// By what the store and the audit know an address.
fn tag(keys: &KeyRing, address: &Address) -> String {
    base64url(&keys.mac(Purpose::Pseudonym).tag(&[b"mail recipient", address.folded().as_bytes()]))
}
