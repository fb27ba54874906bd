//! The one writer. What waits while a commit goes to disk is done together in the next one.

use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection, Executor};
use tokio::sync::{mpsc, oneshot};

use super::{StoreError, Transaction};

/// Work that is done, to be answered once it is on disk.
type Delivery = Box<dyn FnOnce() + Send>;
type Job =
    Box<dyn for<'c> FnOnce(&'c mut Transaction) -> BoxFuture<'c, Result<Delivery, sqlx::Error>> + Send>;

/// Work that may wait before callers are held back.
const QUEUE: usize = 1024;
/// How long a caller waits for its commit.
const PATIENCE: Duration = Duration::from_secs(6);
/// Work in one commit.
const BATCH: usize = 64;

#[derive(Debug, Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
}

impl Writer {
    pub(super) fn start(connection: SqliteConnection, options: SqliteConnectOptions) -> Self {
        let (jobs, queue) = mpsc::channel(QUEUE);
        tokio::spawn(run(queue, connection, options));
        Self { jobs }
    }

    pub(super) async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c mut Transaction) -> BoxFuture<'c, Result<T, sqlx::Error>> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |transaction| {
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
            self.jobs.send(job).await.map_err(|_| gone())?;
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
) {
    let mut batch = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        if let Err(error) = commit(&mut connection, &mut batch).await {
            tracing::error!(store.error = %error, "a commit failed");
            batch.clear();
            // Whatever state the connection is in, the next work gets a clean one.
            if let Ok(fresh) = SqliteConnection::connect_with(&options).await {
                connection = fresh;
            }
        }
    }
}

async fn commit(connection: &mut SqliteConnection, batch: &mut Vec<Job>) -> Result<(), sqlx::Error> {
    connection.execute("BEGIN IMMEDIATE").await?;
    let alone = batch.len() == 1;
    let mut deliveries = Vec::with_capacity(batch.len());
    for job in batch.drain(..) {
        if alone {
            match job(connection).await {
                Ok(delivery) => deliveries.push(delivery),
                Err(_) => return connection.execute("ROLLBACK").await.map(drop),
            }
        } else {
            // One that fails takes nobody else's work with it.
            connection.execute("SAVEPOINT job").await?;
            match job(connection).await {
                Ok(delivery) => deliveries.push(delivery),
                Err(_) => {
                    connection.execute("ROLLBACK TO job").await?;
                }
            }
            connection.execute("RELEASE job").await?;
        }
    }
    connection.execute("COMMIT").await?;
    for deliver in deliveries {
        deliver();
    }
    Ok(())
}
