//! The one writer. What waits while a commit goes to disk is done together in the next one.

use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Executor};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::{StoreError, Transaction};

/// Work that is done, to be answered once it is on disk.
type Delivery = Box<dyn FnOnce() + Send>;
type Work =
    Box<dyn for<'c> FnOnce(&'c mut Transaction) -> BoxFuture<'c, Result<Delivery, sqlx::Error>> + Send>;

struct Job {
    work: Work,
    extent: Extent,
}

/// How much is done. Each statement is a trip to the thread that owns the connection, and so is each bracket around one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// One statement, which is whole by itself.
    Statement,
    /// Several, of which all or none must stand.
    Several,
}

/// Work that may wait before callers are held back.
const QUEUE: usize = 1024;
/// How long a caller waits for its commit.
const PATIENCE: Duration = Duration::from_secs(6);
/// Work in one commit.
const BATCH: usize = 64;

#[derive(Debug, Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
    closing: CancellationToken,
    closed: CancellationToken,
}

impl Writer {
    pub(super) fn start(connection: SqliteConnection, options: SqliteConnectOptions) -> Self {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let (closing, closed) = (CancellationToken::new(), CancellationToken::new());
        let writer = Self { jobs, closing: closing.clone(), closed: closed.clone() };
        tokio::spawn(async move {
            let _closed = closed.drop_guard();
            run(queue, connection, options, &closing).await;
        });
        writer
    }

    /// Does what waits, takes nothing more, and closes the connection.
    pub(super) async fn close(&self) {
        self.closing.cancel();
        self.closed.cancelled().await;
    }

    pub(super) async fn write<T, W>(&self, extent: Extent, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c mut Transaction) -> BoxFuture<'c, Result<T, sqlx::Error>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let work: Work = Box::new(move |transaction| {
            Box::pin(async move {
                if answer.is_closed() {
                    // Nobody waits for it any more: they were told no, and so it is.
                    return Err(sqlx::Error::PoolTimedOut);
                }
                match work(transaction).await {
                    Ok(value) => Ok(Box::new(move || drop(answer.send(Ok(value)))) as Delivery),
                    Err(error) => {
                        drop(answer.send(Err(error.to_string())));
                        Err(error)
                    }
                }
            })
        });
        let gone = || StoreError::Write("the commit failed".to_owned());
        let written = async {
            self.jobs.send(Job { work, extent }).await.map_err(|_| gone())?;
            answered.await.map_err(|_| gone())?.map_err(StoreError::Write)
        };
        let late = |_| Err(StoreError::Write(format!("no commit within {} s", PATIENCE.as_secs())));
        tokio::time::timeout(PATIENCE, written).await.unwrap_or_else(late)
    }
}

async fn run(
    mut queue: mpsc::Receiver<Job>,
    mut connection: SqliteConnection,
    options: SqliteConnectOptions,
    closing: &CancellationToken,
) {
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        tokio::select! {
            count = queue.recv_many(&mut batch, BATCH) => if count == 0 { break },
            () = closing.cancelled(), if !queue.is_closed() => {
                queue.close();
                continue;
            }
        }
        if let Err(error) = commit(&mut connection, &mut batch).await {
            tracing::error!(store.error = %error, "a commit failed");
            batch.clear();
            // Whatever state the connection is in, the next work gets a clean one.
            if let Ok(fresh) = SqliteConnection::connect_with(&options).await {
                connection = fresh;
            }
        }
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(store.error = %error, "the store was not closed in order");
    }
}

async fn commit(connection: &mut SqliteConnection, batch: &mut Vec<Job>) -> Result<(), sqlx::Error> {
    if let [Job { extent: Extent::Statement, .. }] = batch.as_slice() {
        for job in batch.drain(..) {
            // Its commit is its own; an error has been told to whoever waits.
            if let Ok(deliver) = (job.work)(connection).await {
                deliver();
            }
        }
        return Ok(());
    }
    connection.execute("BEGIN IMMEDIATE").await?;
    let alone = batch.len() == 1;
    let mut deliveries = Vec::with_capacity(batch.len());
    for job in batch.drain(..) {
        match (job.extent, alone) {
            (Extent::Statement, _) => deliveries.extend((job.work)(connection).await.ok()),
            (Extent::Several, true) => match (job.work)(connection).await {
                Ok(delivery) => deliveries.push(delivery),
                Err(_) => return connection.execute("ROLLBACK").await.map(drop),
            },
            (Extent::Several, false) => deliveries.extend(apart(connection, job.work).await?),
        }
    }
    connection.execute("COMMIT").await?;
    for deliver in deliveries {
        deliver();
    }
    Ok(())
}

/// Work that fails takes nobody else's with it.
async fn apart(connection: &mut SqliteConnection, work: Work) -> Result<Option<Delivery>, sqlx::Error> {
    connection.execute("SAVEPOINT job").await?;
    let done = work(connection).await.ok();
    if done.is_none() {
        connection.execute("ROLLBACK TO job").await?;
    }
    connection.execute("RELEASE job").await?;
    Ok(done)
}
