//! A Gateway is connected in the console: found first, then told a pair that was made for it (GW-02 to GW-07, PRV-09 to PRV-11). Shape from
//! docs: the Gateway is the demo's own.

use tempfile::TempDir;
use vestibule_conformance::wire::{Browser, Form, Page};

use super::{ada_at, console, list, start};

/// What is shown beside a word of the page.
fn fact(page: &Page, name: &str) -> String {
    let body = page.text_body();
    let after = body.split_once(&format!("<dt>{name}</dt>")).map(|(_, rest)| rest);
    let value = after.and_then(|rest| rest.split_once("<code>")).and_then(|(_, rest)| rest.split('<').next());
    value.unwrap_or_else(|| panic!("no {name}: {}", page.text())).to_owned()
}

/// The Gateway that is connected already: its name, and whom it is trusted by.
async fn standing(browser: &mut Browser, console: &str) -> (String, String) {
    let page = browser.open(&format!("{console}connections/gateway")).await.unwrap();
    let form = page.form_with("fqdn").unwrap();
    (form.field("fqdn").unwrap().to_owned(), form.field("ca.pem").unwrap().to_owned())
}

async fn sent(browser: &mut Browser, form: Form, press: &str) -> Page {
    browser.submit(&form.press(press).unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_gateway_is_found_told_a_pair_and_not_saved_before_it_knows_it() {
    let folder = TempDir::new().unwrap();
    let (mut demo, base) = start(&folder).await;
    let list = list(&base).await;
    let console = console(&list).to_owned();
    let mut browser = Browser::new();
    ada_at(&mut browser, &list, "Acme (Citrix Gateway)").await;
    let (fqdn, ca) = standing(&mut browser, &console).await;
    let url = format!("{console}connections/new/gateway");
    let filled_in = |page: &Page, fqdn: &str| {
        page.form_with("fqdn").unwrap().with("name", "second").with("fqdn", fqdn).with("ca.pem", &ca)
    };

    // Nobody is there: no pair is shown.
    let page = browser.open(&url).await.unwrap();
    assert!(page.form_saying("Test and finish").is_err(), "{}", page.text());
    let page = sent(&mut browser, filled_in(&page, "gateway.nowhere.localhost:9"), "Detect").await;
    assert!(page.text().contains("GATEWAY-UNREACHABLE"), "{}", page.text());
    assert!(page.form_saying("Test and finish").is_err() && !page.text().contains("Client secret"));

    // It is there: what it has to be told is shown, and it does not know it yet.
    let page = sent(&mut browser, filled_in(&page, &fqdn), "Detect").await;
    let (id, secret) = (fact(&page, "Client ID"), fact(&page, "Client secret"));
    assert!(id.starts_with("vestibule-") && secret.len() >= 43, "{id}");
    assert_eq!(fact(&page, "Audience"), id);
    assert_eq!(fact(&page, "Issuer name"), format!("https://{fqdn}"));
    assert!(fact(&page, "Redirect URI").ends_with("/core/login-cip"));
    assert!(page.text_body().contains("data:text/csv;base64,"), "it can be downloaded");
    let form = page.form_saying("Test and finish").unwrap();
    assert!(!form.field("pair").unwrap().contains(&secret));
    let page = sent(&mut browser, form.clone(), "Test and finish").await;
    assert!(page.text().contains("GATEWAY-CLIENT"), "{}", page.text());
    assert_eq!(fact(&page, "Client secret"), secret, "the same pair goes on");
    let connections = browser.open(&format!("{console}connections")).await.unwrap();
    assert!(!connections.text().contains("second"), "{}", connections.text());

    // A pair that is none, or of another organisation.
    let broken = form.clone().with("pair", "AAAA");
    let page = sent(&mut browser, broken, "Test and finish").await;
    assert!(page.text().contains("make another one"), "{}", page.text());
    let page = sent(&mut browser, form.without("pair"), "Test and finish").await;
    assert!(page.text().contains("make a pair"), "{}", page.text());

    // The one that stands keeps its own, also when it is changed; a new one is not saved unless the Gateway knows it.
    let url = format!("{console}connections/gateway");
    let page = browser.open(&url).await.unwrap();
    let form = page.form_with("fqdn").unwrap().with("clock_tolerance", "90s");
    let page = sent(&mut browser, form, "Test and finish").await;
    assert!(page.status == 200 && page.text().contains("saved"), "{}", page.text());
    let form = page.form_with("fqdn").unwrap();
    let page = sent(&mut browser, form, "Make a new client ID and secret").await;
    let another = fact(&page, "Client ID");
    assert!(another.starts_with("vestibule-") && another != id);
    let page = sent(&mut browser, page.form_with("fqdn").unwrap(), "Test and finish").await;
    assert!(page.text().contains("GATEWAY-CLIENT"), "{}", page.text());
    let page = browser.open(&url).await.unwrap();
    let page = sent(&mut browser, page.form_with("fqdn").unwrap(), "Test only").await;
    assert!(!page.text().contains("GATEWAY-CLIENT"), "{}", page.text());
    demo.stop().await;
}
