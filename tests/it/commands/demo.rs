//! `demo`: everything on one loopback port, in a data directory that nothing else touches (interface 1).

use serde_json::Value;
use tempfile::TempDir;
use vestibule_conformance::wire::{Browser, Page};
use vestibule_tests::counterparts::totp;

use super::program::{Program, run};

mod gateway;
mod states;
mod walk;

use walk::sign_in;

/// A demo on a free port.
async fn start(folder: &TempDir) -> (Program, String) {
    let mut demo = Program::start(folder.path(), &["demo", "--port", "0", "--data", "data"], Some("debug"));
    let base = demo.ready().await;
    (demo, base)
}

async fn list(base: &str) -> Value {
    let page = Browser::new().open(&format!("{base}demo.json")).await.unwrap();
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, Some("application/json")));
    page.json()
}

/// The sign-ins that lead to an application.
fn subscribers(list: &Value) -> impl Iterator<Item = &Value> {
    list["sign_ins"].as_array().unwrap().iter().filter(|entry| entry["audience"] == "subscriber")
}

/// Interface 1: an administrator is ready, for people and for scripts.
#[tokio::test]
async fn the_administrator_opens_the_console_of_every_organisation() {
    let folder = TempDir::new().unwrap();
    let (mut demo, base) = start(&folder).await;
    let list = list(&base).await;
    let mut browser = Browser::new();
    let page = ada_at(&mut browser, &list, "Acme (Okta)").await;
    assert_eq!(page.url.as_str(), console(&list), "{}", page.text());
    assert!(page.text().contains("Ada Ekström"), "{}", page.text());
    demo.stop().await;
}

fn console(list: &Value) -> &str {
    list["sign_ins"].as_array().unwrap().last().unwrap()["url"].as_str().unwrap()
}

/// The administrator, in the console of one organisation.
async fn ada_at(browser: &mut Browser, list: &Value, organization: &str) -> Page {
    let account = &list["sign_ins"].as_array().unwrap().last().unwrap()["accounts"][0];
    let page = browser.open(console(list)).await.unwrap();
    let form = page.form_with("password").unwrap();
    let form = form.with("name", account["username"].as_str().unwrap());
    let page = browser.submit(&form.with("password", account["password"].as_str().unwrap())).await.unwrap();
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let code = totp(account["totp_secret"].as_str().unwrap(), now).await.unwrap();
    let page = browser.submit(&page.form_saying("Verify").unwrap().with("code", &code)).await.unwrap();
    assert!(
        page.text().contains("Acme (Okta)") && page.text().contains("Acme (SAML 2.0)"),
        "{}",
        page.text()
    );
    let form = page.form_with("ticket").unwrap().press(organization).unwrap();
    let page = browser.submit(&form).await.unwrap();
    browser.settle(page).await.unwrap()
}

/// AAD-13, GRP-01: by the provider too, with what entry and group say; whoever is in neither stays out.
#[tokio::test]
async fn azure_ad_opens_the_console_of_its_organisation() {
    let folder = TempDir::new().unwrap();
    let (mut demo, base) = start(&folder).await;
    let list = list(&base).await;
    let mut entries = list["sign_ins"].as_array().unwrap().iter();
    let entry = entries.find(|one| one["kind"] == "azure-ad" && one["audience"] == "administrator").unwrap();
    let console = entry["url"].as_str().unwrap().replace("go/acme-azure-ad", "");
    for (username, status) in [("alice", 200), ("bob", 403)] {
        let mut browser = Browser::new();
        let page = sign_in(&mut browser, entry, username).await;
        assert_eq!(page.url.as_str(), console, "{username}: {}", page.text());
        let sessions = browser.open(&format!("{console}workspace")).await.unwrap();
        assert_eq!(sessions.status, 200, "{username}: {}", sessions.text());
        let administrators = browser.open(&format!("{console}administrators/invite")).await.unwrap();
        let code = if status == 200 { "ACCESS-BUILT-IN" } else { "ACCESS-DENIED" };
        assert!(administrators.text().contains(code), "{username}: {}", administrators.text());
    }
    let subscribers = subscribers(&list).find(|one| one["kind"] == "azure-ad").unwrap().clone();
    let hanako = serde_json::json!({ "url": entry["url"], "accounts": subscribers["accounts"] });
    let page = sign_in(&mut Browser::new(), &hanako, "hanako").await;
    assert!(page.status == 403 && page.text().contains("ADMISSION-MEMBERSHIP"), "{}", page.text());
    demo.stop().await;
}

/// CLM-01: whichever of the six kinds brings somebody, the four claims are the same, to the letter.
#[tokio::test]
async fn the_same_person_has_the_same_four_claims_through_every_kind() {
    let folder = TempDir::new().unwrap();
    let (mut demo, base) = start(&folder).await;
    let list = list(&base).await;
    for username in ["alice", "bob"] {
        let mut found: Vec<(Value, Vec<Value>)> = Vec::new();
        for entry in subscribers(&list) {
            let mut browser = Browser::new();
            sign_in(&mut browser, entry, username).await;
            let url = format!("{}.vestibule/session", entry["url"].as_str().unwrap());
            let claims = browser.open(&url).await.unwrap().json()["claims"].clone();
            let four = ["cip_sid", "cip_upn", "cip_oid", "cip_email"].map(|name| claims[name].clone());
            assert!(four.iter().all(Value::is_string), "{} {username}: {claims}", entry["kind"]);
            found.push((entry["kind"].clone(), four.to_vec()));
        }
        assert_eq!(found.len(), 7);
        for (kind, four) in &found {
            assert_eq!(*four, found[0].1, "{username} by {kind}");
        }
    }
    demo.stop().await;
}

#[tokio::test]
async fn everybody_signs_in_through_every_kind_but_for_the_one_whose_account_is_incomplete() {
    let folder = TempDir::new().unwrap();
    let (mut demo, base) = start(&folder).await;
    let list = list(&base).await;
    let kinds: Vec<_> = list["sign_ins"].as_array().unwrap().iter().map(|one| one["kind"].clone()).collect();
    assert_eq!(
        kinds,
        [
            "oidc",
            "okta",
            "azure-ad",
            "gateway",
            "saml",
            "active-directory",
            "active-directory-token",
            "azure-ad",
            "local"
        ]
    );
    for entry in subscribers(&list) {
        let accounts = entry["accounts"].as_array().unwrap().iter();
        for account in accounts.filter(|one| one["state"] == "ready") {
            let username = account["username"].as_str().unwrap();
            let mut browser = Browser::new();
            let page = sign_in(&mut browser, entry, username).await;
            let row = format!("{} {username}: {}", entry["kind"], page.text());
            let session =
                browser.open(&format!("{}.vestibule/session", entry["url"].as_str().unwrap())).await.unwrap();
            if username == "dave" {
                assert_eq!((page.status.as_u16(), session.status.as_u16()), (403, 401), "{row}");
                // A domain gives everybody a SID; an address it need not give.
                let of_directory = entry["kind"].as_str().unwrap().starts_with("active-directory");
                let (code, claim) =
                    if of_directory { ("CLAIM-EMAIL", "cip_email") } else { ("CLAIM-SID", "cip_sid") };
                assert!(page.text().contains(code) && page.text().contains(claim), "{row}");
                continue;
            }
            assert_eq!((page.status.as_u16(), session.status.as_u16()), (200, 200), "{row}");
            // One UPN of the directory has another suffix, and another name in it.
            let upn = match username {
                "nils" => "nils.nord@mail.corp.example".to_owned(),
                _ => format!("{username}@corp.example"),
            };
            assert_eq!(session.json()["claims"]["cip_upn"], upn, "{row}");
            assert!(page.text().contains(&upn), "the sample application shows it: {row}");
        }
    }
    demo.stop().await;
}

/// RP-Initiated Logout: at once where the broker can show the provider its own token, and after a question where it cannot.
#[tokio::test]
async fn a_sign_out_ends_the_session_at_the_sandbox_too_and_comes_back() {
    let folder = TempDir::new().unwrap();
    let (mut demo, base) = start(&folder).await;
    let list = list(&base).await;
    for (kind, asks) in [("oidc", false), ("okta", false), ("azure-ad", false), ("gateway", true)] {
        let entry = subscribers(&list).find(|entry| entry["kind"] == kind).unwrap();
        let url = entry["url"].as_str().unwrap();
        let mut browser = Browser::new();
        let page = sign_in(&mut browser, entry, "alice").await;
        assert_eq!(page.status, 200, "{kind}: {}", page.text());
        let sandbox = |browser: &Browser| browser.cookies(&format!("{kind}.sandbox.localhost")).len();
        let held = sandbox(&browser);
        assert!(held > 0, "{kind}: the sandbox keeps a session");
        let question = browser.open(&format!("{url}.vestibule/sign-out")).await.unwrap();
        let page = browser.submit(&question.form_with("form_token").unwrap()).await.unwrap();
        let mut page = browser.settle(page).await.unwrap();
        if asks {
            page = browser
                .submit(&page.form_saying("Sign out").unwrap().press("Sign out").unwrap())
                .await
                .unwrap();
        }
        assert_eq!(page.url.as_str(), format!("{url}.vestibule/signed-out"), "{kind}: {}", page.text());
        assert!(sandbox(&browser) < held, "{kind}: the sandbox's session goes on");
    }
    demo.stop().await;
}

#[tokio::test]
async fn the_list_for_scripts_has_its_shape_and_the_page_shows_the_same() {
    let folder = TempDir::new().unwrap();
    let (mut demo, base) = start(&folder).await;
    let list = list(&base).await;
    let people: Vec<_> =
        list["people"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(people.contains(&"Alice Andersen") && people.contains(&"Bob Berg"), "{people:?}");
    let page = Browser::new().open(&base).await.unwrap();
    assert_eq!(page.status, 200);
    for entry in list["sign_ins"].as_array().unwrap() {
        let mut keys: Vec<_> = entry.as_object().unwrap().keys().map(String::as_str).collect();
        keys.sort_unstable();
        assert_eq!(keys, ["accounts", "audience", "kind", "url"]);
        let kind = entry["kind"].as_str().unwrap();
        let port = base.trim_end_matches('/').rsplit(':').next().unwrap();
        let (host, path) = match (kind, entry["audience"].as_str().unwrap()) {
            ("local", "administrator") => ("console".to_owned(), String::new()),
            ("azure-ad", "administrator") => ("console".to_owned(), format!("go/acme-{kind}")),
            (kind, audience) => {
                assert_eq!(audience, "subscriber", "{kind}");
                (format!("acme-{kind}"), String::new())
            }
        };
        assert_eq!(entry["url"], format!("http://{host}.vestibule.localhost:{port}/{path}"));
        assert!(page.links().iter().any(|link| entry["url"] == link.href.as_str()), "the page links {kind}");
        for account in entry["accounts"].as_array().unwrap() {
            assert!(
                account["username"].is_string() && account["password"].as_str().unwrap().len() >= 16,
                "{account}"
            );
            assert_eq!(account["totp_secret"].is_string(), kind == "local", "{account}");
            assert!(page.text().contains(account["password"].as_str().unwrap()), "{account}");
        }
    }
    demo.stop().await;
}

#[tokio::test]
async fn passwords_and_keys_are_the_directorys_own_and_stay() {
    let (folder, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut passwords = Vec::new();
    for folder in [&folder, &folder, &other] {
        let (mut demo, base) = start(folder).await;
        passwords.push(list(&base).await["sign_ins"][0]["accounts"].clone());
        demo.stop().await;
    }
    assert_eq!(passwords[0], passwords[1], "the same directory again");
    assert_ne!(passwords[0], passwords[2], "another directory");
}

#[tokio::test]
async fn a_demo_and_a_deployment_never_share_a_directory() {
    let folder = TempDir::new().unwrap();
    let (mut demo, _) = start(&folder).await;
    demo.stop().await;
    let data = folder.path().join("data");
    let server =
        "[server]\nlisten = \"127.0.0.1:0\"\noperator_listen = \"127.0.0.1:0\"\npublic_port = 8080\n";
    std::fs::write(data.join("vestibule.toml"), server).unwrap();
    std::fs::write(data.join("acme.toml"), "[organization]\nslug = \"acme\"\n").unwrap();
    for call in [
        &["serve", "--config", "data/vestibule.toml"][..],
        &["apply", "--config", "data/vestibule.toml", "-f", "data/acme.toml"],
        &["apply", "--config", "data/vestibule.toml", "-f", "data/acme.toml", "--dry-run"],
    ] {
        let ended = run(folder.path(), call).await;
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{call:?}: {ended:?}");
        assert!(ended.err.contains("demo"), "{call:?}: {ended:?}");
    }
    let theirs = folder.path().join("theirs");
    std::fs::create_dir(&theirs).unwrap();
    std::fs::write(theirs.join("letter.txt"), "x").unwrap();
    let ended = run(folder.path(), &["demo", "--port", "0", "--data", "theirs"]).await;
    assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{ended:?}");
    assert_eq!(std::fs::read_dir(&theirs).unwrap().count(), 1, "and nothing was put there");
}

/// OPS-12: the passwords that were typed, and every cookie, stay out of the demo's log and store.
#[tokio::test]
async fn a_password_that_was_typed_stands_in_no_log_and_no_store() {
    let folder = TempDir::new().unwrap();
    let (mut demo, base) = start(&folder).await;
    let list = list(&base).await;
    let mut canaries = Vec::new();
    for entry in subscribers(&list) {
        let mut browser = Browser::new();
        let page = sign_in(&mut browser, entry, "alice").await;
        assert_eq!(page.status, 200, "{}", page.text());
        canaries.push(entry["accounts"][0]["password"].as_str().unwrap().to_owned());
        for host in [page.url.host_str().unwrap(), "accounts.vestibule.localhost"] {
            canaries.extend(browser.cookies(host).into_iter().map(|cookie| cookie.value));
        }
    }
    demo.stop().await;
    let store = std::fs::read(folder.path().join("data/vestibule.db")).unwrap();
    let log = demo.log().join("\n").into_bytes();
    assert!(canaries.len() >= 6 && !log.is_empty(), "{canaries:?}");
    for canary in &canaries {
        for (place, bytes) in [("the store", &store), ("the log", &log)] {
            let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
            assert!(!found, "{canary} stands in {place}");
        }
    }
}
