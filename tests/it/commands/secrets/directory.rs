//! The same of a directory: names, passwords, new passwords, the secret of a device, its codes and the connection's own password (AD-16,
//! TOK-02, OPS-12, PWD-03).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use vestibule_conformance::wire::{Browser, Page};
use vestibule_tests::directory::SandboxDirectory;

use super::super::deployment::Deployment;
use super::super::directory::{code, enter, form, manifest, shown_of};
use super::{TALKATIVE, remains};

const OLD: &str = "Canary-password-9a1c";
const NEW: &str = "Canary-new-password-77b0";
const WRONG: &str = "Canary-wrong-password-4e2d";
/// A password that went into the wrong field.
const NAME: &str = "Canary-typed-name-c0de";
const WEAK: &str = "canary";

fn fill(page: &Page, [current, new]: [&str; 2]) -> vestibule_conformance::wire::Form {
    let form = page.form_with("current_password").unwrap().with("current_password", current);
    form.with("new_password", new).with("new_password_again", new)
}

/// A secret as it could stand somewhere.
fn forms(name: &str, secret: &[u8]) -> Vec<(String, Vec<u8>)> {
    let wide: Vec<u8> = secret.iter().flat_map(|byte| [*byte, 0]).collect();
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap();
    let hexadecimal: String = secret.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect();
    // Without the last letters, which depend on what follows.
    let cut = |text: String| text.as_bytes()[..text.len() - 4].to_vec();
    vec![
        (name.to_owned(), secret.to_vec()),
        (format!("{name} in UTF-16"), wide),
        (format!("{name} in hexadecimal"), hexadecimal.into_bytes()),
        (format!("{name} in Base64"), cut(STANDARD.encode(secret))),
        (format!("{name} in Base64url"), cut(URL_SAFE_NO_PAD.encode(secret))),
    ]
}

/// Whether six digits stand there by themselves: not within a number, and not as a part of a second.
fn has_code(bytes: &[u8], code: &str) -> bool {
    let is_part = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'.');
    let places = bytes.windows(code.len()).enumerate().filter(|(_, window)| *window == code.as_bytes());
    places.into_iter().any(|(at, _)| {
        !is_part(at.checked_sub(1).and_then(|before| bytes.get(before)))
            && !is_part(bytes.get(at + code.len()))
    })
}

/// What a person did with all of the forms.
struct Walked {
    /// Every page but the one that shows the secret.
    pages: Vec<Page>,
    registering: Page,
    /// In groups of four.
    shown: String,
    codes: [String; 2],
}

impl Walked {
    /// A wrong password and a right one, the registration of a device; then the person's own page: a wrong password, a weak one, another
    /// one; the device with a used code and a good one.
    async fn through(deployment: &Deployment) -> Self {
        let mut browser = Browser::new();
        let mut pages = vec![
            form(deployment, &mut browser, "alice", WRONG).await,
            form(deployment, &mut Browser::new(), &format!("CORP\\{NAME}"), WRONG).await,
        ];
        let registering = form(deployment, &mut browser, "alice", OLD).await;
        let shown = shown_of(&registering);
        let secret = shown.replace(' ', "");
        let codes = [code(&secret, 0).await, code(&secret, 1).await];
        let first = enter(&mut browser, &registering, &codes[0]).await;
        assert_eq!(first.text_body(), "the application", "{}", first.text());
        pages.push(first);
        let account = format!("http://accounts.vestibule.localhost:{}/account/acme", deployment.port);
        let page = browser.open(&format!("{account}/password")).await.unwrap();
        for typed in [[WRONG, NEW], [OLD, WEAK], [OLD, NEW]] {
            pages.push(browser.submit(&fill(&page, typed)).await.unwrap());
        }
        let changed = pages.last().unwrap().text();
        assert!(changed.contains("Your password is changed."), "{changed}");
        let page = browser.open(&account).await.unwrap();
        for code in &codes {
            let form = page.form_with("code").unwrap().with("current_password", NEW).with("code", code);
            pages.push(browser.submit(&form).await.unwrap());
        }
        let removed = pages.last().unwrap().text();
        assert!(removed.contains("Your device is removed."), "{removed}");
        Self { pages, registering, shown, codes }
    }

    fn canaries(&self, bind_password: &str) -> Vec<(String, Vec<u8>)> {
        let secret = self.shown.replace(' ', "");
        let texts = [
            ("the password", OLD),
            ("the new one", NEW),
            ("a wrong one", WRONG),
            ("the connection's", bind_password),
            ("the secret", &secret),
        ];
        let mut canaries: Vec<_> =
            texts.into_iter().flat_map(|(name, text)| forms(name, text.as_bytes())).collect();
        canaries.push(("the secret in groups".to_owned(), self.shown.clone().into_bytes()));
        let ticket = self.registering.form_with("ticket").unwrap().field("ticket").unwrap().to_owned();
        canaries.push(("a ticket".to_owned(), ticket.into_bytes()));
        canaries
    }

    /// Pages and headers, by name.
    fn places(&self) -> impl Iterator<Item = (String, Vec<u8>)> + '_ {
        self.pages.iter().flat_map(|page| {
            let headers = page.hops.iter().flat_map(|hop| hop.headers.values());
            let headers = headers.flat_map(|one| one.as_bytes().to_vec()).collect();
            [
                (format!("the page {}", page.url), page.body.to_vec()),
                (format!("headers of {}", page.url), headers),
            ]
        })
    }
}

#[tokio::test]
async fn neither_log_nor_store_nor_page_holds_a_secret_of_a_directory() {
    let sandbox = SandboxDirectory::start(|settings| settings).await;
    sandbox.directory.set_password("alice", OLD);
    let domain = sandbox.domain();
    let deployment = Deployment::new().await;
    deployment.write("acme.toml", &manifest(&deployment, &domain));
    let mut said = String::new();
    for more in [&["--json"][..], &["--dry-run"], &[]] {
        let ended = deployment.apply(more).await;
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        said.push_str(&(ended.out + &ended.err));
    }
    let mut server = deployment.serve(Some(TALKATIVE)).await;
    let walked = Walked::through(&deployment).await;
    let while_running = remains(&deployment, &server.log());
    server.stop().await;
    let mut places: Vec<_> = while_running.into_iter().chain(remains(&deployment, &server.log())).collect();
    let typed_name = NAME.to_lowercase();
    for (place, bytes) in &places {
        let lower = bytes.to_ascii_lowercase();
        let found = lower.windows(typed_name.len()).any(|window| window == typed_name.as_bytes());
        assert!(!found, "a typed name stands in {place}");
    }
    places.push(("what apply said".to_owned(), said.into_bytes()));
    places.extend(walked.places());
    for (place, bytes) in &places {
        for (name, value) in &walked.canaries(&domain.bind_password) {
            let found = bytes.windows(value.len()).any(|window| window == value.as_slice());
            assert!(!found, "{name} stands in {place}");
        }
        for code in &walked.codes {
            assert!(!has_code(bytes, code), "a code stands in {place}");
        }
    }
    for name in ["vestibule.db", "the log", "what apply said"] {
        let found = places.iter().find(|(place, _)| place == name).unwrap();
        assert!(found.1.len() > 100, "{name} was looked at");
    }
}
