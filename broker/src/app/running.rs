//! A broker that serves: its listeners and the tasks beside the requests.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::deployment;
use crate::http::listener::{self, Tls};
use crate::http::{operator, serve};
use crate::mail;
use crate::session;
use crate::signin::built_in;
use crate::store::lock::ServerLock;
use crate::store::{Store, meta};

use super::start::{Start, StartError, assemble, check_owner};
use super::{App, Bound};

/// How long a stop waits for the mail that is under way.
const MAIL: Duration = Duration::from_secs(5);
/// How long it waits for links that somebody was promised.
const ASKED: Duration = Duration::from_secs(5);

/// A broker that serves.
#[derive(Debug)]
pub struct Running {
    /// What it serves with.
    pub app: Arc<App>,
    /// Where its front door is.
    pub address: SocketAddr,
    /// Where the operator's is.
    pub operator: SocketAddr,
    stop: watch::Sender<bool>,
    servers: JoinSet<()>,
    tasks: JoinSet<()>,
    /// A set, so that it ends with a broker that is dropped: only a stop writes what waits.
    writer: JoinSet<()>,
    /// Apart from the other tasks, because a mail that is under way is not broken off.
    mailer: JoinSet<()>,
    /// What somebody asked for before the stop is still sent.
    asked: JoinSet<()>,
    _lock: ServerLock,
}

impl Running {
    /// Starts serving.
    ///
    /// # Errors
    /// When the store, its keys, an organisation, or a certificate cannot be used.
    pub async fn start(start: Start) -> Result<Self, StartError> {
        let Start { config, listener, operator, clock, demo, lock } = start;
        let io = |what: &str| {
            let what = what.to_owned();
            move |error| StartError::Io { what, error }
        };
        let address = listener.local_addr().map_err(io("listen"))?;
        let operator_address = operator.local_addr().map_err(io("operator_listen"))?;
        let store = Store::open(&config.store.sqlite).await?;
        check_owner(&store, demo.is_some()).await?;
        let tls = config.server.tls.as_ref().map(Tls::load).transpose().map_err(io("server.tls"))?;
        let bound = Bound { front: address, operator: operator_address };
        let (app, writer, position) = assemble(config, store, clock, demo, bound).await?;
        let (stop, stopped) = watch::channel(false);
        let mut servers = JoinSet::new();
        let front = Arc::clone(&app);
        servers.spawn(listener::serve(listener, tls.clone(), stopped.clone(), move |request, peer| {
            let front = Arc::clone(&front);
            async move { Ok(serve::answer(front, request, peer).await) }
        }));
        let health = Arc::clone(&app);
        servers.spawn(listener::serve(operator, None, stopped, move |request, _| {
            std::future::ready(Ok(operator::answer(&health, &request)))
        }));
        let mut tasks = JoinSet::new();
        tasks.spawn(deployment::follow(Arc::clone(&app), position));
        tasks.spawn(deployment::metadata::follow(Arc::clone(&app)));
        tasks.spawn(session::sweep(Arc::clone(&app)));
        tasks.spawn(session::recheck(Arc::clone(&app)));
        if let Some(tls) = tls {
            tasks.spawn(tls.reload());
        }
        let mut mailer = JoinSet::new();
        mailer.spawn(mail::send(Arc::clone(&app)));
        let mut asked = JoinSet::new();
        asked.spawn(built_in::look_up(Arc::clone(&app)));
        let mut writing = JoinSet::new();
        writing.spawn(writer.run());
        Ok(Self {
            app,
            address,
            operator: operator_address,
            stop,
            servers,
            tasks,
            writer: writing,
            mailer,
            asked,
            _lock: lock,
        })
    }

    /// Stops: no new connections, requests under way end, activity is written.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        self.app.mail.close();
        while self.servers.join_next().await.is_some() {}
        self.app.asked.close();
        if tokio::time::timeout(ASKED, self.asked.join_next()).await.is_err() {
            tracing::warn!("links to new passwords were promised and not sent");
            self.asked.shutdown().await;
        }
        self.tasks.shutdown().await;
        // What was said to the server and not yet answered would be said again after the start.
        if tokio::time::timeout(MAIL, self.mailer.join_next()).await.is_err() {
            tracing::warn!("a mail was broken off; it is sent again after the next start");
            self.mailer.shutdown().await;
        }
        let (app, mark) = (&self.app, self.app.session_clock.mark());
        let kept =
            app.store.write(move |transaction| Box::pin(meta::keep_clock_mark(transaction, mark))).await;
        let flushed = app.audit.flush(&app.store, app.wall.now()).await;
        if let Err(error) = kept.and(flushed) {
            tracing::warn!(store.error = %error, "the last words were not written");
        }
        self.app.activity.close();
        if tokio::time::timeout(Duration::from_secs(5), self.writer.join_next()).await.is_err() {
            tracing::warn!("activity was not written in time; sessions may end earlier");
        }
        if tokio::time::timeout(Duration::from_secs(5), self.app.store.close()).await.is_err() {
            tracing::warn!("the store was not closed in time; its newest commits stay in its -wal file");
        }
    }
}
