//! How soon a change is felt: measured at the running broker, from the end of `apply` (architecture 5, SESS-12).

use std::time::Duration;

use tokio::task::JoinSet;
use vestibule_tests::world::{Manifest, World};

use super::status;

/// The bound that is promised for every change of a rule.
const BOUND: Duration = Duration::from_secs(2);

type Edit = fn(&mut Manifest);

/// Each way to shut somebody out by a manifest, the status that their requests then get, and the code of the end.
const SHUT: [(&str, Edit, u16, &str); 7] = [
    ("the method", |one| "admit_groups = []\n".clone_into(&mut one.workspace), 401, "ADMISSION-METHOD"),
    ("the group", |one| one.workspace += "admit_groups = [\"any:nobody\"]\n", 401, "ADMISSION-GROUP"),
    ("the domain", |one| replace(&mut one.directories, "S-1-5-21-1", "S-1-5-21-2"), 401, "CLAIM-SCOPE"),
    ("the directory", |one| replace(&mut one.connections, "[\"corp\"]", "[]"), 401, "CLAIM-SCOPE"),
    ("the connection", rename_connection, 401, "ADMISSION-CONNECTION"),
    (
        "the authority",
        |one| replace(&mut one.connections, "{issuer}", "{issuer}/new"),
        401,
        "ADMISSION-REPLACED",
    ),
    ("the host", |one| one.workspaces = vec!["elsewhere".to_owned()], 421, ""),
];

fn replace(text: &mut String, from: &str, to: &str) {
    assert!(text.contains(from), "{from} stands in {text}");
    *text = text.replace(from, to);
}

fn rename_connection(manifest: &mut Manifest) {
    replace(&mut manifest.connections, "\"any\"", "\"new\"");
    replace(&mut manifest.workspace, "\"any\"", "\"new\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_away_is_gone_within_two_seconds() {
    let mut rows = JoinSet::new();
    for (row, edit, expected, code) in SHUT {
        rows.spawn(async move {
            let world = World::start().await;
            let mut browser = world.browser();
            world.sign_in(&mut browser).await;
            let mut manifest = Manifest::of("acme");
            edit(&mut manifest);
            world.apply(&manifest).await.unwrap();
            let address = world.url("acme", "/");
            let gone = async {
                while status(&mut browser, &address).await == 200 {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            };
            assert!(tokio::time::timeout(BOUND, gone).await.is_ok(), "{row}: still there after {BOUND:?}");
            assert_eq!(status(&mut browser, &address).await, expected, "{row}");
            let ended = world.audit().await.into_iter().find(|one| one.event == "session.ended");
            let ended = ended.and_then(|one| one.code).unwrap_or_default();
            // A request that had found its host when the host went is judged, and ends the session.
            let judged = code.is_empty() && ended == "ADMISSION-HOST";
            assert!(ended == code || judged, "{row}: {ended:?}");
        });
    }
    while let Some(ended) = rows.join_next().await {
        ended.unwrap();
    }
}
