//! The task that hands mails to the server, one after the other and over one connection as long as there are any.
//!
//! A server that is away says nothing about a mail: then all wait together, and the server is tried again after 10 s, 20 s, up to
//! a minute. A mail that the server does not want now has a pace of its own: 10 s, 20 s, up to half an hour.

use std::sync::Arc;
use std::time::Duration;

use vestibule_policies::time::Timestamp;

use super::connection::Connection;
use super::fault::{Bearing, Fault, Step};
use super::letter::Letter;
use super::mime;
use super::text::Occasion;
use crate::app::App;
use crate::audit;
use crate::config::MailSettings;
use crate::store::audit::append;
use crate::store::mails::{self, Backlog, MailRow};
use crate::store::{Store, StoreError};

/// The first pause, of a mail and of the server.
const FIRST: Duration = Duration::from_secs(10);
/// The longest pause of a mail.
const LONGEST: Duration = Duration::from_mins(30);
/// Of a server that is away. A code lives for minutes, and one connection a minute is no burden.
const LONGEST_AWAY: Duration = Duration::from_mins(1);
/// Of a server that refuses our password: it may lock the account.
const LONGEST_LOCKED_OUT: Duration = Duration::from_mins(10);
/// Attempts at one mail; with the pauses that is the better part of a day.
const MOST_ATTEMPTS: u32 = 50;
/// It is looked at least so often: another process beside this one may have queued something.
const LOOK: Duration = Duration::from_secs(10);
/// Expired rows that are taken at once.
const AT_ONCE: u32 = 50;

/// Why a mail was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dropped {
    /// What it told of is over.
    Expired,
    /// The server does not take it and never will.
    Refused,
    /// It was tried too often.
    GivenUp,
    /// Its row cannot be opened.
    Unreadable,
}

impl Dropped {
    pub(super) const ALL: [Self; 4] = [Self::Expired, Self::Refused, Self::GivenUp, Self::Unreadable];

    /// The name in audit and metrics.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Refused => "refused",
            Self::GivenUp => "given-up",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Sends until the server stops.
pub(crate) async fn send(app: Arc<App>) {
    let (closing, mut line) = (app.mail.shared.closing.clone(), Line::default());
    while !closing.is_cancelled() {
        let pause = match round(&app, &mut line).await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::warn!(store.error = %error, "the queue of mails cannot be read; the next look does it");
                LOOK
            }
        };
        tokio::select! {
            () = app.mail.shared.wake.notified() => {}
            () = closing.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    line.hang_up().await;
}

/// The way to the server.
#[derive(Default)]
struct Line {
    connection: Option<Connection>,
    /// What it was opened with; others are another server, with which nothing has happened yet.
    settings: Option<Arc<MailSettings>>,
    failures: u32,
    rests_until: Option<Timestamp>,
}

impl Line {
    async fn hang_up(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.close().await;
        }
    }

    /// Holds it to the settings as they are now.
    async fn follow(&mut self, settings: &Arc<MailSettings>) {
        if !self.settings.as_ref().is_some_and(|own| Arc::ptr_eq(own, settings)) {
            self.hang_up().await;
            *self = Self { settings: Some(Arc::clone(settings)), ..Self::default() };
        }
    }

    /// The connection that is open, if it still is, or a new one.
    async fn pick_up(&mut self, app: &App, settings: &MailSettings) -> Result<(), Fault> {
        if let Some(mut open) = self.connection.take()
            && open.is_alive().await.is_ok()
        {
            self.connection = Some(open);
            return Ok(());
        }
        let own_name = app.settings().base_domain.to_string();
        self.connection = Some(Connection::open(settings, &own_name, &mut Vec::new()).await?);
        Ok(())
    }

    fn rest(&mut self, app: &App, fault: &Fault) {
        self.connection = None;
        self.failures = self.failures.saturating_add(1);
        let pause = pause(self.failures, longest_rest(fault));
        self.rests_until = Some(app.session_clock.now().plus(pause));
        app.mail.metrics().server_is_away(true);
        tracing::warn!(
            mail.step = fault.step.as_str(), mail.fault = %fault.detail, mail.pause = pause.as_secs(),
            "the mail server takes nothing: {}", fault.remedy()
        );
    }

    fn works(&mut self, app: &App) {
        self.failures = 0;
        self.rests_until = None;
        app.mail.metrics().server_is_away(false);
    }
}

/// Sends what is due, and says how long nothing is.
async fn round(app: &App, line: &mut Line) -> Result<Duration, StoreError> {
    loop {
        let now = app.session_clock.now();
        let backlog = look(app, now).await?;
        app.mail.metrics().waiting(backlog.waiting);
        let Some(settings) = app.mail.shared.settings.load_full() else {
            line.hang_up().await;
            return Ok(LOOK);
        };
        line.follow(&settings).await;
        let due = backlog.next.filter(|_| !app.mail.shared.closing.is_cancelled());
        let Some(next) = due.map(|next| next.max(line.rests_until.unwrap_or(next))) else {
            line.hang_up().await;
            return Ok(LOOK);
        };
        if next > now {
            line.hang_up().await;
            return Ok(next.since(now).min(LOOK));
        }
        // The server first: an attempt that did not come to the mail is none of the mail's.
        if let Err(fault) = line.pick_up(app, &settings).await {
            line.rest(app, &fault);
            continue;
        }
        let begun = app.store.write(move |transaction| {
            Box::pin(mails::begin_attempt(transaction, now, |attempts| pause(attempts, LONGEST)))
        });
        if let Some(row) = begun.await? {
            attempt(app, line, &settings, row).await?;
        }
    }
}

/// Drops what has expired, and says what is left.
async fn look(app: &App, now: Timestamp) -> Result<Backlog, StoreError> {
    let wall = app.wall.now();
    let (expired, backlog) = app
        .store
        .write(move |transaction| {
            Box::pin(async move {
                let expired = mails::take_expired(transaction, now, AT_ONCE).await?;
                for row in &expired {
                    append(transaction, &audit::mail_dropped(wall, row, Dropped::Expired, None)).await?;
                }
                Ok((expired.len(), mails::backlog(transaction).await?))
            })
        })
        .await?;
    for _ in 0..expired {
        app.mail.metrics().dropped(Dropped::Expired);
    }
    if expired > 0 {
        tracing::warn!(mail.count = expired, "mails were not sent in time and are of no use any more");
    }
    Ok(backlog)
}

async fn attempt(
    app: &App,
    line: &mut Line,
    settings: &MailSettings,
    row: MailRow,
) -> Result<(), StoreError> {
    let domain = app.settings().base_domain.to_string();
    let occasion = Occasion { at: row.created, domain: &domain };
    let letter = Letter::open(&app.keys, (&row.id, row.organization), &row.letter);
    let mail = letter.and_then(|letter| mime::posting(&letter, &row.id, &settings.senders, occasion).ok());
    let Some(mail) = mail else {
        return give_up(app, row, Dropped::Unreadable, None).await;
    };
    let Some(mut connection) = line.connection.take() else { return Ok(()) };
    let Err(fault) = connection.deliver(&mail).await else {
        line.works(app);
        line.connection = Some(connection);
        return accepted(app, row).await;
    };
    match fault.bearing() {
        Bearing::Server => {
            line.rest(app, &fault);
            failed(app, row, &fault).await
        }
        Bearing::Later => {
            line.works(app);
            connection.close().await;
            failed(app, row, &fault).await
        }
        Bearing::Never => {
            line.works(app);
            connection.close().await;
            give_up(app, row, Dropped::Refused, fault.status()).await
        }
    }
}

async fn accepted(app: &App, row: MailRow) -> Result<(), StoreError> {
    let (mail, class, attempts) = (row.id.clone(), row.class.clone(), row.attempts);
    let event = audit::mail_sent(app.wall.now(), &row);
    remove(&app.store, row, event).await?;
    app.mail.metrics().sent();
    tracing::info!(mail.id = mail, mail.class = class, mail.attempts = attempts, "a mail was sent");
    Ok(())
}

/// It waits for its next attempt, which was set before this one, unless that was the last.
async fn failed(app: &App, row: MailRow, fault: &Fault) -> Result<(), StoreError> {
    app.mail.metrics().failed();
    tracing::info!(
        mail.id = row.id,
        mail.class = row.class,
        mail.attempts = row.attempts,
        mail.step = fault.step.as_str(),
        mail.status = fault.status(),
        "a mail was not taken; it is tried again"
    );
    if row.attempts >= MOST_ATTEMPTS {
        return give_up(app, row, Dropped::GivenUp, fault.status()).await;
    }
    Ok(())
}

async fn give_up(app: &App, row: MailRow, reason: Dropped, status: Option<u16>) -> Result<(), StoreError> {
    tracing::warn!(
        mail.id = row.id,
        mail.class = row.class,
        mail.attempts = row.attempts,
        mail.reason = reason.as_str(),
        mail.status = status,
        "a mail was given up"
    );
    let event = audit::mail_dropped(app.wall.now(), &row, reason, status);
    remove(&app.store, row, event).await?;
    app.mail.metrics().dropped(reason);
    Ok(())
}

async fn remove(store: &Store, row: MailRow, event: crate::store::audit::Event) -> Result<(), StoreError> {
    let removed = store.write(move |transaction| {
        Box::pin(async move {
            mails::remove(transaction, &row.id).await?;
            append(transaction, &event).await
        })
    });
    removed.await
}

/// How long the server is left alone at most.
const fn longest_rest(fault: &Fault) -> Duration {
    match (fault.step, fault.status()) {
        (Step::SignIn, Some(_)) => LONGEST_LOCKED_OUT,
        (
            Step::Connection
            | Step::Greeting
            | Step::Tls
            | Step::SignIn
            | Step::Alive
            | Step::Sender
            | Step::Recipient
            | Step::Content,
            _,
        ) => LONGEST_AWAY,
    }
}

/// After so many failures.
fn pause(failures: u32, longest: Duration) -> Duration {
    FIRST.saturating_mul(2_u32.saturating_pow(failures.saturating_sub(1).min(16))).min(longest)
}

#[cfg(test)]
mod tests {
    use super::super::fault::Cause;
    use super::*;

    #[test]
    fn pauses_double_up_to_their_longest() {
        let seconds = |failures, longest| pause(failures, longest).as_secs();
        let mail: Vec<u64> = (1..=10).map(|failures| seconds(failures, LONGEST)).collect();
        assert_eq!(mail, [10, 20, 40, 80, 160, 320, 640, 1280, 1800, 1800]);
        let server: Vec<u64> = (1..=5).map(|failures| seconds(failures, LONGEST_AWAY)).collect();
        assert_eq!(server, [10, 20, 40, 60, 60]);
        assert_eq!(pause(u32::MAX, LONGEST), LONGEST);
    }

    #[test]
    fn a_server_that_refuses_a_password_is_left_alone_for_longer() {
        for (step, cause, longest) in [
            (Step::SignIn, Cause::Refused(535), LONGEST_LOCKED_OUT),
            (Step::SignIn, Cause::Silent, LONGEST_AWAY),
            (Step::Connection, Cause::Unreachable, LONGEST_AWAY),
            (Step::Sender, Cause::Refused(550), LONGEST_AWAY),
        ] {
            assert_eq!(longest_rest(&Fault::new(step, cause, "")), longest, "{step} {cause:?}");
        }
    }
}
