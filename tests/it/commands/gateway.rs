//! What `apply` makes for a Gateway: client id and secret, once (GW-03 to GW-05, PRV-11; interface 1). Shape from docs.

use std::path::Path;

use serde_json::{Value, json};

use super::deployment::Deployment;
use super::program::Ended;

fn manifest(fqdn: &str) -> String {
    format!(
        "[organization]\nslug = \"acme\"\nworkspaces = [\"acme.vestibule.localhost\"]\n\
         [[directories]]\nname = \"corp\"\ndomain_sid = \"S-1-5-21-1-2-3\"\n\
         [[connections]]\nname = \"gateway\"\nkind = \"gateway\"\nfqdn = \"{fqdn}\"\ndirectories = [\"corp\"]\n"
    )
}

async fn applied(deployment: &Deployment, fqdn: &str, more: &[&str]) -> Ended {
    deployment.write("acme.toml", &manifest(fqdn));
    let ended = deployment.apply(more).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    ended
}

async fn generated(deployment: &Deployment, fqdn: &str, more: &[&str]) -> Vec<Value> {
    let arguments: Vec<&str> = [&["--json"], more].concat();
    let ended = applied(deployment, fqdn, &arguments).await;
    let answer: Value = serde_json::from_str(&ended.out).unwrap();
    answer["generated"].as_array().unwrap().clone()
}

/// Every file of a folder, the databases' logs among them.
fn files(folder: &Path) -> Vec<u8> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_file()).flat_map(|path| std::fs::read(path).unwrap()).collect()
}

/// Shape from docs.
#[tokio::test]
async fn a_pair_is_made_and_told_once_and_kept_while_the_gateway_stays() {
    let deployment = Deployment::new().await;
    let fqdn = "gateway.corp.example";
    assert_eq!(
        generated(&deployment, fqdn, &["--dry-run"]).await,
        [] as [Value; 0],
        "a dry run makes nothing"
    );
    let made = generated(&deployment, fqdn, &[]).await;
    let [pair] = made.as_slice() else { panic!("{made:?}") };
    assert_eq!((&pair["organization"], &pair["connection"]), (&json!("acme"), &json!("gateway")));
    let (id, secret) = (pair["client_id"].as_str().unwrap(), pair["client_secret"].as_str().unwrap());
    assert!((16..=127).contains(&id.len()) && (43..=239).contains(&secret.len()), "annex c.9");
    assert!(!secret.contains(id) && id.is_ascii() && secret.is_ascii());
    let written = files(deployment.folder());
    assert!(!written.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()), "it is written sealed");

    let again = applied(&deployment, fqdn, &["--json"]).await;
    let said: Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!((&said["changes"], &said["generated"]), (&json!([]), &json!([])));
    assert!(!again.out.contains(secret), "{again:?}");
    let redirect = format!("http://accounts.vestibule.localhost:{}/core/login-cip", deployment.port);
    assert_eq!(said["connections"][0]["addresses"]["redirect_uri"], redirect, "GW-04");
    let (connection, addresses) = (&said["connections"][0], &said["connections"][0]["addresses"]);
    let logout = format!("/core/logout/backchannel/{}", connection["id"].as_str().unwrap());
    assert!(addresses["back_channel_logout_uri"].as_str().unwrap().ends_with(&logout), "{addresses}");
    assert_eq!(addresses["front_channel_logout_uri"], Value::Null, "GW-17: its sid names no session");

    // Another Gateway is told nothing of the first one's secret.
    let other = generated(&deployment, "gateway2.corp.example", &[]).await;
    let [other] = other.as_slice() else { panic!("{other:?}") };
    assert!(other["client_id"] != id && other["client_secret"] != secret);
    let back = generated(&deployment, fqdn, &[]).await;
    assert!(back[0]["client_secret"] != secret, "nor is what went there kept for coming back");
}

/// Shape from docs.
#[tokio::test]
async fn people_read_the_pair_on_standard_output_once() {
    let deployment = Deployment::new().await;
    let first = applied(&deployment, "gateway.corp.example", &[]).await;
    let line = |name: &str| {
        let found = first.out.lines().find_map(|line| line.trim().strip_prefix(name));
        found.unwrap_or_else(|| panic!("{first:?}")).trim().to_owned()
    };
    let (id, secret) = (line("client ID"), line("client secret"));
    assert!(first.out.contains("/core/login-cip"), "{first:?}");
    assert!(!first.err.contains(&secret), "{first:?}");
    let again = applied(&deployment, "gateway.corp.example", &[]).await;
    assert!(!again.out.contains(&id) && !again.out.contains(&secret), "{again:?}");
}
