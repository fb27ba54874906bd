//! `serve`: its ready line, its store and its master key (interface 1, 5; architecture 5).

use std::os::unix::fs::PermissionsExt;

use vestibule_conformance::hostile::{Fault, Signing};
use vestibule_conformance::wire::Browser;
use vestibule_tests::port;

use super::deployment::Deployment;

#[tokio::test]
async fn a_server_says_when_it_is_ready_and_serves() {
    let deployment = Deployment::new().await;
    assert_eq!(deployment.apply(&[]).await.code, Some(0));
    let mut server = deployment.serve(None).await;
    assert_eq!(server.out(), [format!("ready http://vestibule.localhost:{}/", deployment.port)]);
    deployment.sign_in().await;
    server.stop().await;
    assert_eq!(server.out().len(), 1, "one line and nothing else");
    for file in ["master.key", "vestibule.db"] {
        let mode = std::fs::metadata(deployment.path(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file} is its owner's alone");
    }
}

/// What was answered stands in the file itself once nobody has the store open: no copy of it misses anything.
#[tokio::test]
async fn whoever_closes_a_store_last_leaves_one_whole_file() {
    let deployment = Deployment::new().await;
    let wal = deployment.path("vestibule.db-wal");
    assert_eq!(deployment.apply(&[]).await.code, Some(0));
    assert!(!wal.exists(), "after apply");
    let mut server = deployment.serve(None).await;
    deployment.sign_in().await;
    assert!(wal.exists(), "while a server runs");
    assert_eq!(deployment.apply(&[]).await.code, Some(0));
    server.stop().await;
    assert!(!wal.exists(), "after serve");
    assert_eq!(deployment.run(&["check", "--config", "vestibule.toml"]).await.code, Some(0));
    assert!(!wal.exists(), "after check");
    let copy = deployment.path("copy");
    std::fs::create_dir(&copy).unwrap();
    for file in ["vestibule.db", "master.key", "vestibule.toml"] {
        std::fs::copy(deployment.path(file), copy.join(file)).unwrap();
    }
    let checked = deployment.run(&["check", "--config", "copy/vestibule.toml"]).await;
    assert!(checked.code == Some(0) && checked.out.contains("acme: any:"), "{checked:?}");
}

/// A store that holds nothing is no fault, and nobody takes it for one that is served.
#[tokio::test]
async fn a_store_without_an_organisation_is_named() {
    let deployment = Deployment::new().await;
    let mut server = deployment.serve(None).await;
    server.logged("no organisation yet").await;
    let checked = deployment.run(&["check", "--config", "vestibule.toml"]).await;
    assert!(checked.code == Some(0) && checked.out.contains("no organisation yet"), "{checked:?}");
    server.stop().await;
    assert_eq!(deployment.apply(&[]).await.code, Some(0));
    let mut server = deployment.serve(None).await;
    server.stop().await;
    assert!(!server.log().iter().any(|line| line.contains("no organisation yet")), "{:#?}", server.log());
    let checked = deployment.run(&["check", "--config", "vestibule.toml"]).await;
    assert!(!checked.out.contains("no organisation yet"), "{checked:?}");
}

#[tokio::test]
async fn a_master_key_that_others_can_open_is_told() {
    let deployment = Deployment::new().await;
    assert_eq!(deployment.apply(&[]).await.code, Some(0));
    let key = deployment.path("master.key");
    for (mode, told) in [(0o600, false), (0o640, true), (0o604, true)] {
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).unwrap();
        let mut server = deployment.serve(None).await;
        server.stop().await;
        let log = server.log();
        let warned = log.iter().any(|line| line.contains("master key") && line.contains("WARN"));
        assert_eq!(warned, told, "{mode:o}: {log:#?}");
    }
}

/// JWT-09: the operator reads it in the log, without having asked.
#[tokio::test]
async fn a_key_that_is_left_out_stands_in_the_log() {
    let deployment = Deployment::new().await;
    assert_eq!(deployment.apply(&[]).await.code, Some(0));
    let mut server = deployment.serve(None).await;
    let warning = "a key of the provider is not usable";
    deployment.sign_in().await;
    assert!(!server.log().iter().any(|line| line.contains(warning)), "{:#?}", server.log());
    deployment.provider.script(Fault::Signing(Signing::WeakRsa));
    let page = Browser::new().open(&deployment.url("/")).await.unwrap();
    assert!(page.text().contains("OIDC-KEY-UNKNOWN"), "{}", page.text());
    server.logged(warning).await;
    let log = server.log();
    let line = log.iter().find(|line| line.contains(warning)).unwrap();
    assert!(line.contains("weak-1") && line.contains("WARN"), "{line}");
    server.stop().await;
}

#[tokio::test]
async fn a_second_server_on_one_store_is_refused() {
    let deployment = Deployment::new().await;
    assert_eq!(deployment.apply(&[]).await.code, Some(0));
    let mut first = deployment.serve(None).await;
    // On ports of its own, so that nothing but the store is in its way.
    let (port, operator) = (port::free(), port::free());
    let other = deployment.server("").replace(&format!(":{}\"", deployment.port), &format!(":{port}\""));
    deployment.write(
        "other.toml",
        &other.replace(&format!(":{}\"", deployment.operator), &format!(":{operator}\"")),
    );
    let second = deployment.run(&["serve", "--config", "other.toml"]).await;
    assert_eq!((second.code, second.out.as_str()), (Some(1), ""), "{second:?}");
    assert!(second.err.contains("another server"), "{second:?}");
    assert_eq!(deployment.apply(&[]).await.code, Some(0), "a command is no server");
    deployment.sign_in().await;
    first.stop().await;
    deployment.serve(None).await.stop().await;
}

#[tokio::test]
async fn a_master_key_that_is_missing_or_wrong_is_two() {
    let deployment = Deployment::new().await;
    assert_eq!(deployment.apply(&[]).await.code, Some(0));
    let key = std::fs::read_to_string(deployment.path("master.key")).unwrap();
    let elsewhere = Deployment::new().await;
    assert_eq!(elsewhere.apply(&[]).await.code, Some(0));
    let other = std::fs::read_to_string(elsewhere.path("master.key")).unwrap();
    for (row, text) in [
        ("missing", None),
        ("of another store", Some(other.as_str())),
        ("no key", Some("x")),
        ("empty", Some("")),
    ] {
        std::fs::remove_file(deployment.path("master.key")).ok();
        if let Some(text) = text {
            deployment.write("master.key", text);
        }
        for command in ["serve", "check", "apply"] {
            let more: &[&str] = if command == "apply" { &["-f", "acme.toml"] } else { &[] };
            let ended = deployment.run(&[&[command, "--config", "vestibule.toml"], more].concat()).await;
            assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{row}, {command}: {ended:?}");
            assert!(ended.err.contains("master_key"), "{row}, {command}: {ended:?}");
            assert_eq!(
                deployment.path("master.key").exists(),
                text.is_some(),
                "{row}: none is made for a store that has one"
            );
        }
    }
    deployment.write("master.key", &key);
    deployment.serve(None).await.stop().await;
}
