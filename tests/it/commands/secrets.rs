//! OPS-12: a whole sign-in at the most talkative level, and not one secret of it in the log or in the store.

mod directory;

use std::fs;

use serde_json::Value;
use vestibule_conformance::wire::{Browser, Page};

use super::deployment::{CLIENT_SECRET, Deployment};

/// Everything of ours, and of the libraries what an operator would turn on to look for a fault.
const TALKATIVE: &str =
    "debug,vestibule_broker=trace,vestibule_providers=trace,vestibule_policies=trace,vestibule_certs=trace";

/// What must not be found: cookies, one-time codes, states and nonces of a sign-in, by what they are.
fn canaries(browser: &Browser, page: &Page) -> Vec<(String, String)> {
    let mut canaries = vec![("the client secret".to_owned(), CLIENT_SECRET.to_owned())];
    for host in ["acme.vestibule.localhost", "accounts.vestibule.localhost"] {
        canaries.extend(browser.cookies(host).into_iter().map(|cookie| (cookie.name, cookie.value)));
    }
    for hop in &page.hops {
        for (name, value) in hop.url.query_pairs() {
            // The hand-off's and PKCE's challenges are digests, made to be seen.
            if matches!(&*name, "code" | "state" | "nonce") {
                canaries.push((format!("{name} of {}", hop.url.path()), value.into_owned()));
            }
        }
        for line in hop.headers.get_all("set-cookie") {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            canaries.push((name.to_owned(), value.to_owned()));
        }
    }
    canaries.retain(|(_, value)| !value.is_empty());
    canaries
}

/// Log and store as bytes, by name.
fn remains(deployment: &Deployment, log: &[String]) -> Vec<(String, Vec<u8>)> {
    let mut remains = vec![("the log".to_owned(), log.join("\n").into_bytes())];
    for entry in fs::read_dir(deployment.folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.starts_with("vestibule.db") {
            remains.push((name, fs::read(path).unwrap()));
        }
    }
    remains
}

#[tokio::test]
async fn neither_log_nor_store_holds_a_secret() {
    let deployment = Deployment::new().await;
    assert_eq!(deployment.apply(&[]).await.code, Some(0));
    let mut server = deployment.serve(Some(TALKATIVE)).await;
    let mut browser = Browser::new();
    let page = browser.open(&deployment.url("/?q=canary-of-a-query")).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    let mut canaries = canaries(&browser, &page);
    assert!(canaries.len() > 10, "{canaries:?}");
    // A refused one says even more: its reason goes to the log.
    let page = browser.open(page.hops[3].url.as_str()).await.unwrap();
    assert!(page.status.is_client_error(), "{}", page.text());
    canaries.push(("any JWT".to_owned(), "eyJ".to_owned()));
    let while_running = remains(&deployment, &server.log());
    server.stop().await;
    for (place, bytes) in while_running.into_iter().chain(remains(&deployment, &server.log())) {
        for (name, value) in &canaries {
            let found = bytes.windows(value.len()).any(|window| window == value.as_bytes());
            assert!(!found, "{name} stands in {place}");
        }
    }
    for name in ["vestibule.db", "the log"] {
        let found =
            remains(&deployment, &server.log()).into_iter().find(|(place, _)| place == name).unwrap().1;
        assert!(found.len() > 1000, "{name} was looked at");
    }
}

/// OPS-13: one event a line, each of them JSON, whatever a stranger sends.
#[tokio::test]
async fn the_log_is_lines_of_json() {
    let deployment = Deployment::new().await;
    assert_eq!(deployment.apply(&[]).await.code, Some(0));
    let mut server = deployment.serve(Some("debug")).await;
    let hostile = "%0d%0a%7B%22level%22:%22ERROR%22%7D%1b[31m%22";
    let start = format!(
        "http://accounts.vestibule.localhost:{}/start?host={hostile}&handoff={hostile}",
        deployment.port
    );
    let page = Browser::new().open(&start).await.unwrap();
    let reference = page.text().rsplit(' ').next().unwrap().to_owned();
    deployment.sign_in().await;
    server.stop().await;
    let log = server.log();
    for line in &log {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|fault| panic!("{fault}: {line}"));
        for key in ["timestamp", "level", "message"] {
            assert!(event[key].is_string(), "{key} in {line}");
        }
    }
    let refused: Vec<_> = log.iter().filter(|line| line.contains(&reference)).collect();
    assert_eq!(refused.len(), 1, "the page's reference {reference} finds its line in {log:#?}");
    let event: Value = serde_json::from_str(refused[0]).unwrap();
    assert_eq!(event["signin.code"], "REQUEST-MALFORMED", "{event}");
}
