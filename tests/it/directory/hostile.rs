//! The broker before a directory that spoils exactly one thing: every fault, at each place of a sign-in where it can strike, beside
//! the same sign-in without it. A new fault does not compile before `expected` says what has to come of it.

mod expected;
mod lookup;
mod rows;
mod stage;
mod takeover;

use std::time::Duration;

use tokio::time::Instant;
use vestibule_conformance::hostile::directory::DirectoryFault;

use expected::{Outcome, SILENT, Way, expected, way};
pub(super) use stage::Stage;

/// No place of a fault takes longer, whatever the directory does: a step is given up after five seconds, and a debug build on a busy
/// machine takes its own time beside that.
const BOUND: Duration = Duration::from_secs(9);

/// The places of a fault that are tried in one world; those where it takes its time have a world each.
fn places(fault: DirectoryFault) -> Vec<Vec<(usize, Outcome)>> {
    let places: Vec<_> = expected(fault).into_iter().enumerate().collect();
    let takes_its_time = places.iter().any(|(_, outcome)| *outcome == SILENT);
    if takes_its_time { places.into_iter().map(|one| vec![one]).collect() } else { vec![places] }
}

/// Tries a fault at some of its places in a world of its own. Each time the same person comes in once nothing is wrong.
async fn try_fault(fault: DirectoryFault, places: Vec<(usize, Outcome)>) {
    let way = way(fault);
    let stage = Stage::start(way).await;
    if way == Way::Again {
        stage.judge("before anything is wrong", &stage.attempt().await, way.good());
    }
    for (good_answers, outcome) in places {
        let name = format!("{fault:?} after {good_answers} good answers");
        stage.spoil(fault, good_answers);
        let start = Instant::now();
        let spoiled = async { (stage.attempt().await, start.elapsed()) };
        let others = async {
            stage.others_come_in(&name).await;
            start.elapsed()
        };
        let ((spoiled, took), others) = tokio::join!(spoiled, others);
        assert!(took < BOUND, "{name}: it took {took:?}");
        assert!(outcome != SILENT || others < took, "{name}: others waited {others:?} with it");
        stage.judge(&name, &spoiled, outcome);
        stage.behave();
        stage.judge(&format!("{name}, and good again"), &stage.attempt().await, way.good());
    }
    stage.nothing_leaked(fault);
}
