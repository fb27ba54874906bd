//! The way of one person through a sign-in of the demo, whatever its kind asks for.

use std::time::SystemTime;

use serde_json::Value;
use vestibule_conformance::wire::{Browser, Page};
use vestibule_tests::counterparts::totp;

/// The account of that name at a sign-in.
pub(super) fn account<'a>(sign_in: &'a Value, username: &str) -> &'a Value {
    let accounts = sign_in["accounts"].as_array().unwrap();
    accounts.iter().find(|one| one["username"] == username).unwrap_or_else(|| panic!("no {username}"))
}

/// Opens the workspace and types name and password, at a sandbox provider or at the broker itself.
pub(super) async fn prove(browser: &mut Browser, sign_in: &Value, username: &str) -> Page {
    let password = account(sign_in, username)["password"].as_str().unwrap();
    let page = browser.open(sign_in["url"].as_str().unwrap()).await.unwrap();
    // The SAML sandbox has one form more for each person.
    let form = page.forms().into_iter().rfind(|form| form.field("password").is_some()).unwrap();
    let name = if form.field("name").is_some() { "name" } else { "username" };
    let page = browser.submit(&form.with(name, username).with("password", password)).await.unwrap();
    match page.form_with("SAMLResponse") {
        Ok(form) => browser.auto_submit(&form).await.unwrap(),
        Err(_) => browser.settle(page).await.unwrap(),
    }
}

/// The whole sign-in of somebody who has no device yet.
pub(super) async fn sign_in(browser: &mut Browser, sign_in: &Value, username: &str) -> Page {
    let page = prove(browser, sign_in, username).await;
    match page.form_with("code") {
        Ok(form) => {
            let code = first_code(&page).await;
            let page = browser.submit(&form.with("code", &code)).await.unwrap();
            browser.settle(page).await.unwrap()
        }
        Err(_) => page,
    }
}

/// What an authenticator app shows that has just read the key of this page.
async fn first_code(page: &Page) -> String {
    let body = page.text_body();
    let (_, key) = body.split_once("secret=").unwrap_or_else(|| panic!("no key: {body}"));
    let key: String = key.chars().take_while(char::is_ascii_alphanumeric).collect();
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    totp(&key, now).await.unwrap()
}
