//! `apply` from outside: what it says, what it writes, and that a running server follows (interface 1).

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use vestibule_conformance::wire::Request;

use super::deployment::{CLIENT_SECRET, Deployment};
use super::program::Ended;

fn json_of(ended: &Ended) -> Value {
    assert_eq!(ended.code, Some(0), "{ended:?}");
    serde_json::from_str(&ended.out).unwrap_or_else(|fault| panic!("{fault}: {ended:?}"))
}

#[tokio::test]
async fn json_has_the_shape_that_scripts_rely_on() {
    let deployment = Deployment::new().await;
    let first = json_of(&deployment.apply(&["--json"]).await);
    let mut names: Vec<_> = first.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["changes", "connections", "generated", "workspaces"]);
    let workspace = format!("http://acme.vestibule.localhost:{}/", deployment.port);
    assert_eq!(first["workspaces"], json!([{ "organization": "acme", "address": workspace }]));
    assert_eq!(first["generated"], json!([]), "an OpenID provider makes its own");
    let change = &first["changes"][0];
    assert_eq!(change["organization"], "acme");
    assert!(change["key"].is_string() && change["after"].is_string(), "{change}");
    let connection = &first["connections"][0];
    let id = connection["id"].as_str().unwrap();
    let redirect = format!("http://accounts.vestibule.localhost:{}/core/login-oidc/{id}", deployment.port);
    for (key, expected) in [("organization", "acme"), ("name", "any"), ("kind", "oidc")] {
        assert_eq!(connection[key], expected);
    }
    assert_eq!(connection["addresses"]["redirect_uri"], redirect);
    let again = json_of(&deployment.apply(&["--json"]).await);
    assert_eq!((&again["changes"], &again["connections"]), (&json!([]), &first["connections"]), "ids stay");
    assert_eq!(again["workspaces"], first["workspaces"]);
    assert!(!first.to_string().contains(CLIENT_SECRET), "{first}");
}

#[tokio::test]
async fn text_says_the_difference_and_what_the_provider_has_to_be_told() {
    let deployment = Deployment::new().await;
    let dry = deployment.apply(&["--dry-run"]).await;
    assert_eq!((dry.code, dry.err.as_str()), (Some(0), ""), "{dry:?}");
    assert!(dry.out.contains("nothing was written") && dry.out.contains("+ acme: workspace"), "{dry:?}");
    assert!(!dry.out.contains("no changes"), "{dry:?}");
    // Nothing was written: the next one says the same, and so does the one that writes.
    let said = |ended: &Ended| {
        ended.out.lines().filter(|line| line.starts_with("+ ")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(said(&deployment.apply(&["--dry-run"]).await), said(&dry));
    let first = deployment.apply(&[]).await;
    assert_eq!(said(&first), said(&dry), "{first:?}");
    assert!(first.out.contains("/core/login-oidc/"), "{first:?}");
    let opened = format!("\nacme: people open http://acme.vestibule.localhost:{}/\n", deployment.port);
    for ended in [&dry, &first] {
        assert!(ended.out.ends_with(&opened), "{ended:?}");
    }
    let again = deployment.apply(&[]).await;
    assert!(again.code == Some(0) && again.out.starts_with("no changes\n"), "{again:?}");
    for ended in [dry, first, again] {
        assert!(!format!("{ended:?}").contains(CLIENT_SECRET), "{ended:?}");
    }
}

#[tokio::test]
async fn a_running_server_follows_within_two_seconds() {
    let deployment = Deployment::new().await;
    let mut server = deployment.serve(None).await;
    let mut browser = vestibule_conformance::wire::Browser::new();
    let mut status = async || {
        let request = Request::new(Method::GET, &deployment.url("/")).unwrap();
        browser.request(request).await.unwrap().status.as_u16()
    };
    assert_eq!(status().await, 421, "nothing is applied yet");
    let open = deployment.manifest().replace("path = \"/\"", "path = \"/\"\naccess = \"open\"");
    let closed = deployment.manifest();
    for (row, text, expected) in
        [("made", closed.clone(), 401), ("opened", open, 200), ("closed", closed, 401)]
    {
        deployment.write("acme.toml", &text);
        assert_eq!(deployment.apply(&[]).await.code, Some(0), "{row}");
        let followed = async {
            while status().await != expected {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let followed = tokio::time::timeout(Duration::from_secs(2), followed).await;
        assert!(followed.is_ok(), "{row}: not within two seconds");
    }
    server.stop().await;
}
