//! `administrator recover` beside a running server (SGN-16): whom it means, what it prints, and what it never says (PWD-18).

use serde_json::Value;
use vestibule_conformance::wire::Browser;
use vestibule_tests::counterparts::smtp::{Setup, SmtpServer};
use vestibule_tests::counterparts::totp;

use super::deployment::Deployment;
use super::program::Ended;
use crate::mail::table;

const ADA: &str = "ada@acme.example";
const PASSWORD: &str = "Canary-Tannen-7-rot!";
const NEW: &str = "Canary-Tannen-8-blau!";
const PHONE: &str = "+81 3-1234-5678";

/// A deployment with its server running.
struct Office {
    deployment: Deployment,
    told: Vec<String>,
}

impl Office {
    async fn run(&mut self, arguments: &[&str]) -> Ended {
        let ended = self.deployment.run(arguments).await;
        self.told.extend([ended.out.clone(), ended.err.clone()]);
        ended
    }

    async fn recover(&mut self, whom: &[&str]) -> Ended {
        self.run(&[&["administrator", "recover", "--config", "vestibule.toml"], whom].concat()).await
    }
}

/// From a link to the console; the device's secret.
async fn enrol(browser: &mut Browser, link: &str, password: &str) -> String {
    let page = browser.open(link).await.unwrap();
    let mut form = page.form_with("new_password").unwrap_or_else(|_| panic!("{}", page.text()));
    if form.field("display_name").is_some() {
        form = form.with("display_name", "Ada Ekström");
    }
    let form = form.with("new_password", password).with("new_password_again", password);
    let page = browser.submit(&form).await.unwrap();
    let body = page.text_body();
    let secret = body.split("<p class=\"copy key\"><code>").nth(1).and_then(|rest| rest.split('<').next());
    let secret = secret.unwrap_or_else(|| panic!("{}", page.text())).replace(' ', "");
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    let form = page.form_with("code").unwrap().with("code", &totp(&secret, now).await.unwrap());
    let page = browser.submit(&form).await.unwrap();
    let form = page.form_with("phone").unwrap().with("phone", PHONE).with("saved", "yes");
    let page = browser.submit(&form).await.unwrap();
    let page = browser.settle(page).await.unwrap();
    assert!(page.text().contains(ADA), "in the console: {} {}", page.url, page.text());
    secret
}

#[tokio::test]
async fn an_operator_opens_the_way_back_and_sees_nothing_of_it() {
    let server = SmtpServer::start(&Setup::default()).await.unwrap();
    let deployment = Deployment::new().await;
    let mut office = Office { deployment, told: Vec::new() };
    // Nothing is made by asking for somebody in a store that is not there.
    let ended = office.recover(&["--email", ADA]).await;
    assert!(ended.code == Some(2) && ended.err.contains("there is no store"), "{ended:?}");
    assert_eq!(office.deployment.apply(&[]).await.code, Some(0));
    let mut serving = office.deployment.serve(Some("debug")).await;
    let call = ["administrator", "bootstrap", "--config", "vestibule.toml", "--organization", "acme"];
    let made = office.run(&[&call[..], &["--email", ADA]].concat()).await;
    let first = enrol(&mut Browser::new(), made.out.trim(), PASSWORD).await;
    serving.stop().await;
    let mail = table(&format!("url = \"smtp://127.0.0.1:{}\"", server.port()));
    let config = format!("{}{mail}", office.deployment.server(""));
    office.deployment.write("vestibule.toml", &config);
    let mut again = office.deployment.serve(Some("debug")).await;

    for (row, whom, code, said) in [
        ("nobody", &["--email", "nobody@acme.example"][..], 1, "there is no administrator"),
        ("no user name", &["--user-name", "nobody"], 1, "there is no administrator"),
        ("nothing", &[], 2, "required"),
        ("both", &["--email", ADA, "--user-name", ADA], 2, "cannot be used with"),
    ] {
        let ended = office.recover(whom).await;
        assert!(ended.code == Some(code) && ended.out.is_empty(), "{row}: {ended:?}");
        assert!(ended.err.contains(said), "{row}: {ended:?}");
    }
    let by_name = office.recover(&["--user-name", ADA]).await;
    assert_eq!(by_name.code, Some(0), "{by_name:?}");
    let made = office.recover(&["--email", ADA, "--json"]).await;
    let answer: Value = serde_json::from_str(&made.out).unwrap();
    assert_eq!(answer["user_name"], ADA);
    assert_eq!(answer["person"].as_str().unwrap().len(), 16);
    let url = answer["url"].as_str().unwrap();
    let console = format!("http://console.vestibule.localhost:{}/join?link=", office.deployment.port);
    assert!(url.starts_with(&console) && by_name.out.starts_with(&console), "{url}");
    let page = Browser::new().open(by_name.out.trim()).await.unwrap();
    assert!(page.text().contains("PERSON-LINK"), "the second voids the first: {}", page.text());
    let second = enrol(&mut Browser::new(), url, NEW).await;
    assert_ne!(first, second);
    let mails = server.takes(6).await.unwrap();
    assert!(mails.iter().all(|mail| mail.to == [ADA]), "{mails:?}");
    again.stop().await;
    let token = url.split_once("link=").unwrap().1;
    assert!(
        ![serving.log(), again.log()].concat().iter().any(|line| line.contains(token)),
        "no log has the link"
    );
    // What the operator has: answers, logs, and the store.
    let mut seen = office.told.join("\n").into_bytes();
    seen.extend(serving.log().join("\n").into_bytes());
    seen.extend(again.log().join("\n").into_bytes());
    for entry in std::fs::read_dir(office.deployment.folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("vestibule.db") {
            seen.extend(std::fs::read(path).unwrap());
        }
    }
    let holds = |octets: &[u8]| seen.windows(octets.len()).any(|window| window == octets);
    for secret in [PASSWORD, NEW, &first, &second, PHONE] {
        assert!(!holds(secret.as_bytes()), "{secret}");
    }
    for seed in [&first, &second] {
        assert!(!holds(&octets(seed)), "{seed} as octets");
    }
    assert!(holds(b"administrator.recovered"), "the canaries are looked for in the right place");
}

/// RFC 4648 §6.
fn octets(base32: &str) -> Vec<u8> {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let value = |letter: u8| letters.iter().position(|one| *one == letter).unwrap();
    let bits = base32.bytes().flat_map(|letter| (0..5).rev().map(move |bit| value(letter) >> bit & 1));
    let bits: Vec<usize> = bits.collect();
    bits.chunks_exact(8)
        .map(|byte| byte.iter().fold(0, |octet, bit| octet << 1 | u8::try_from(*bit).unwrap()))
        .collect()
}
