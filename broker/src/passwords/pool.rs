//! Work that is costly on purpose, a little at a time: a flood of sign-ins takes half of the cores and no more, so that the
//! requests of live sessions go on (ASVS 15.2.2).

use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::sync::Semaphore;

/// Pieces of work that wait for their turn; whoever comes after them is refused at once.
const WAITING: usize = 64;

/// Why a piece of work was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undone {
    /// As many wait as may.
    Full,
    /// It broke off, or the runtime is going down.
    BrokenOff,
}

/// A bounded number of turns, and a bounded queue before them, in the order of arrival.
#[derive(Debug)]
pub(super) struct Pool {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl Pool {
    /// For so many pieces of work at once, and so many that wait.
    pub(super) fn new(turns: usize, waiting: usize) -> Self {
        Self { turns: Arc::new(Semaphore::new(turns)), places: Arc::new(Semaphore::new(turns + waiting)) }
    }

    /// One turn for each two cores, at least one.
    pub(super) fn of_this_machine() -> Self {
        let cores = available_parallelism().map_or(1, usize::from);
        Self::new((cores / 2).max(1), WAITING)
    }

    /// Does a piece of work beside the threads that serve.
    ///
    /// # Errors
    /// [`Undone`].
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Undone> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Undone::Full)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| Undone::BrokenOff)?;
        let working = tokio::task::spawn_blocking(move || {
            // The work has them, not whoever waits for it: a browser that goes away ends nothing that has begun.
            let _held = (place, turn);
            work()
        });
        working.await.map_err(|_| Undone::BrokenOff)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::task::Poll;

    use futures_util::future::{FutureExt as _, poll_fn};

    use super::*;

    /// Lets everything run that can.
    async fn settle() {
        for _ in 0..64 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn so_many_work_so_many_wait_and_the_next_is_refused() {
        let pool = Arc::new(Pool::new(1, 2));
        let (begun, begins) = mpsc::channel();
        let mut gates = Vec::new();
        let mut under_way = Vec::new();
        for number in 0..3 {
            let (gate, opened) = mpsc::channel::<()>();
            let (pool, begun) = (Arc::clone(&pool), begun.clone());
            gates.push(gate);
            under_way.push(tokio::spawn(async move {
                let work = move || {
                    begun.send(number).unwrap();
                    opened.recv().ok();
                    number
                };
                pool.run(work).await
            }));
            settle().await;
        }
        assert_eq!(begins.recv(), Ok(0));
        assert_eq!(begins.try_recv(), Err(mpsc::TryRecvError::Empty), "the others wait");
        assert_eq!(pool.run(|| 3).now_or_never(), Some(Err(Undone::Full)));
        for (number, (gate, work)) in gates.into_iter().zip(under_way).enumerate() {
            drop(gate);
            assert_eq!(work.await.unwrap(), Ok(number), "in the order of arrival");
        }
        assert_eq!(pool.run(|| 4).await, Ok(4));
    }

    #[tokio::test]
    async fn who_goes_away_leaves_the_queue_and_not_the_work() {
        let pool = Pool::new(1, 1);
        let (begun, begins) = mpsc::channel();
        let (gate, opened) = mpsc::channel::<()>();
        let mut work = Box::pin(pool.run(move || {
            begun.send(()).unwrap();
            opened.recv().ok();
        }));
        poll_fn(|context| {
            assert!(work.poll_unpin(context).is_pending());
            Poll::Ready(())
        })
        .await;
        begins.recv().unwrap();
        drop(work);
        assert_eq!(pool.turns.available_permits(), 0, "the turn is still taken");
        let mut waiting = Box::pin(pool.run(|| ()));
        assert!(waiting.as_mut().now_or_never().is_none());
        assert_eq!(
            pool.run(|| ()).now_or_never(),
            Some(Err(Undone::Full)),
            "and so is the place in the queue"
        );
        drop(waiting);
        drop(gate);
        assert_eq!(pool.run(|| 1).await, Ok(1));
    }

    #[tokio::test]
    async fn work_that_breaks_off_frees_its_place() {
        let pool = Pool::new(1, 0);
        assert_eq!(pool.run(|| panic!("on purpose")).await, Err::<(), _>(Undone::BrokenOff));
        assert_eq!(pool.run(|| 1).await, Ok(1));
    }
}
