//! A deployment whose people come in through the sandbox directory and a one-time code, and the steps of one of them.

use vestibule_conformance::wire::{Browser, Page};
use vestibule_tests::counterparts::totp;
use vestibule_tests::directory::Domain;
use vestibule_tests::world::DOMAIN_SID;

use super::deployment::Deployment;

/// The manifest of `acme` with a connection to this domain.
pub(super) fn manifest(deployment: &Deployment, domain: &Domain) -> String {
    let oidc = deployment.manifest().replace(DOMAIN_SID, &domain.domain_sid);
    let (before, _) = oidc.split_once("[[connections]]").unwrap();
    deployment.write("ca.pem", &domain.ca_pem);
    format!(
        "{before}[[connections]]\nname = \"any\"\nkind = \"active-directory-token\"\ndefault_domain = \"corp\"\n\
         [[connections.domains]]\ndirectory = \"corp\"\nname = \"{}\"\nnetbios = \"CORP\"\nservers = [\"{}\"]\n\
         ca = {{ file = \"ca.pem\" }}\nbind_user = '{}'\nbind_password = \"{}\"\n",
        domain.name, domain.servers[0], domain.bind_user, domain.bind_password
    )
}

/// Name and password, and what comes.
pub(super) async fn form(deployment: &Deployment, browser: &mut Browser, name: &str, password: &str) -> Page {
    let page = browser.open(&deployment.url("/")).await.unwrap();
    let form = page.form_with("password").unwrap().with("name", name).with("password", password);
    browser.submit(&form).await.unwrap()
}

/// The code of the step so many steps from now.
pub(super) async fn code(secret: &str, steps: i64) -> String {
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    totp(secret, now.saturating_add_signed(30 * steps)).await.unwrap()
}

/// Types a code into the second step's form, whichever it is, and goes on.
pub(super) async fn enter(browser: &mut Browser, page: &Page, code: &str) -> Page {
    let page = browser.submit(&page.form_with("ticket").unwrap().with("code", code)).await.unwrap();
    browser.settle(page).await.unwrap()
}

/// The secret of a device as the registration shows it, in groups of four.
pub(super) fn shown_of(page: &Page) -> String {
    let body = page.text_body();
    let shown = body.split("<p class=\"copy key\"><code>").nth(1).and_then(|rest| rest.split('<').next());
    shown.unwrap_or_else(|| panic!("no registration: {}", page.text())).to_owned()
}
