//! Passkeys as a second factor, with an authenticator of the tests' own: what holds, and what does not in each single thing (PWD-11,
//! PWD-19, SESS-12).

use vestibule_conformance::wire::{Browser, Form, Page, Request};
use vestibule_tests::passkey::{Authenticator, Ceremony, Fields};

use super::{ADA, Enrolled, MINUTE, Office, PASSWORD, STEP, assert_code, codes_of, secret_of};

const PARTY: &str = "accounts.vestibule.localhost";
const NOT_ACCEPTED: &str = "The passkey was not accepted";

/// The question that a page has for the browser.
fn asked(page: &Page) -> serde_json::Value {
    let body = page.text_body();
    let options = body.split("data-options=\"").nth(1).and_then(|rest| rest.split('"').next());
    let options = options.unwrap_or_else(|| panic!("no passkey is asked for: {}", page.text()));
    serde_json::from_str(&options.replace("&#34;", "\"")).unwrap()
}

fn posted(page: &Page, fields: &Fields) -> Form {
    let form = page.form_with("client_data").unwrap_or_else(|_| panic!("{}", page.text()));
    fields.iter().fold(form, |form, (name, value)| form.with(name, value))
}

/// What makes a passkey, with a name and the current password.
fn named(page: &Page, fields: &Fields, name: &str) -> Form {
    posted(page, fields).with("passkey_name", name).with("current_password", PASSWORD)
}

impl Office {
    fn honest(&self, page: &Page) -> Ceremony {
        let challenge = asked(page)["challenge"].as_str().unwrap().to_owned();
        Ceremony::honest(&self.world.origin("accounts"), PARTY, &challenge)
    }

    /// A passkey of Ada's, added in a session that has just proved both factors.
    async fn add(&self, browser: &mut Browser) -> Authenticator {
        let key = Authenticator::generate().counted(1);
        let page = self.ask(browser, "/passkeys").await;
        let form = named(&page, &key.register(&self.honest(&page)), "Laptop");
        let page = browser.submit(&form).await.unwrap();
        assert!(page.text().contains("Your passkey is added"), "{}", page.text());
        key
    }

    async fn passworded(&self, browser: &mut Browser) -> Page {
        self.password(browser, &self.console("/"), ADA, PASSWORD).await
    }

    async fn send(&self, browser: &mut Browser, page: &Page, fields: &Fields) -> Page {
        let page = browser.submit(&posted(page, fields)).await.unwrap();
        browser.settle(page).await.unwrap()
    }
}

#[tokio::test]
async fn a_passkey_signs_in_like_the_app_and_beside_it() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut first = office.proved(&ada).await;
    let mut key = office.add(&mut first).await;
    assert!(office.session(&mut first).await.is_some() && office.events("passkey.added").await == 1);
    let mut browser = office.world.browser();
    let page = office.passworded(&mut browser).await;
    let options = asked(&page);
    assert_eq!((&options["rpId"], &options["userVerification"]), (&PARTY.into(), &"required".into()));
    key.counter = 2;
    let page = office.send(&mut browser, &page, &key.prove(&office.honest(&page))).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
    assert_eq!(office.session(&mut browser).await.unwrap()["amr"], serde_json::json!(["pwd", "pop"]));
    let overview = office.ask(&mut browser, "").await;
    assert!(
        overview.text().contains("Laptop") && overview.text().contains("last used on"),
        "{}",
        overview.text()
    );
    // The app and the backup codes are there as before.
    let page = office.sign_in(&mut office.world.browser(), &office.console("/"), &ada).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
    let mut browser = office.world.browser();
    let page = office.passworded(&mut browser).await;
    let form = page.form_saying("Verify the backup code").unwrap().with("code", &ada.codes[0]);
    let page = browser.submit(&form).await.unwrap();
    assert_eq!(browser.settle(page).await.unwrap().url.as_str(), office.console("/"));
}

/// What somebody posts in place of a right answer, by what is wrong with it.
type Lie<'a> = (&'a str, Box<dyn Fn(Ceremony) -> Fields + 'a>);

#[tokio::test]
async fn whatever_differs_in_one_thing_opens_nothing() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut key = office.add(&mut office.proved(&ada).await).await;
    key.counter = 5;
    let mut browser = office.world.browser();
    let page = office.passworded(&mut browser).await;
    office.send(&mut browser, &page, &key.prove(&office.honest(&page))).await;
    key.counter = 6;
    let sibling = office.world.origin("acme");
    let old = asked(&page)["challenge"].as_str().unwrap().to_owned();
    let mut stranger = Authenticator::generate().counted(6);
    stranger.id.clone_from(&key.id);
    let unknown = Authenticator::generate().counted(6);
    let lies: Vec<Lie<'_>> = vec![
        ("passkey-origin", Box::new(|told| key.prove(&Ceremony { origin: sibling.clone(), ..told }))),
        (
            "passkey-relying-party",
            Box::new(|told| key.prove(&Ceremony { party: "vestibule.localhost".to_owned(), ..told })),
        ),
        ("passkey-challenge", Box::new(|told| key.prove(&Ceremony { challenge: old.clone(), ..told }))),
        ("passkey-verification", Box::new(|told| key.prove(&Ceremony { flags: 1, ..told }))),
        ("passkey-presence", Box::new(|told| key.prove(&Ceremony { flags: 4, ..told }))),
        ("passkey-signature", Box::new(|told| stranger.prove(&told))),
        ("passkey-credential", Box::new(|told| unknown.prove(&told))),
    ];
    for (cause, lie) in lies {
        // Each in a sign-in of its own, with rests between them.
        office.world.clock.advance(MINUTE * 5);
        let mut browser = office.world.browser();
        let page = office.passworded(&mut browser).await;
        let page = office.send(&mut browser, &page, &lie(office.honest(&page))).await;
        assert!(page.status == 403 && page.text().contains(NOT_ACCEPTED), "{cause}: {}", page.text());
        assert!(office.session(&mut browser).await.is_none(), "{cause}");
        let events = office.world.audit().await;
        let last = events.iter().rev().find(|event| event.code.as_deref() == Some("TOKEN-CODE")).unwrap();
        assert!(format!("{last:?}").contains(cause), "{cause}: {last:?}");
        // The page is there again, with another challenge, and the truth is believed.
        assert_ne!(office.honest(&page).challenge, old);
    }
    office.world.clock.advance(MINUTE * 5);
    for counter in [5, 0] {
        let mut browser = office.world.browser();
        let page = office.passworded(&mut browser).await;
        key.counter = counter;
        let page = office.send(&mut browser, &page, &key.prove(&office.honest(&page))).await;
        assert!(page.text().contains(NOT_ACCEPTED), "{counter}: {}", page.text());
    }
    key.counter = 6;
    let mut browser = office.world.browser();
    let page = office.passworded(&mut browser).await;
    let page = office.send(&mut browser, &page, &key.prove(&office.honest(&page))).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
}

#[tokio::test]
async fn a_proof_is_good_once_in_its_browser_and_for_five_minutes() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut key = office.add(&mut office.proved(&ada).await).await;
    key.counter = 2;
    let mut browser = office.world.browser();
    let page = office.passworded(&mut browser).await;
    let form = posted(&page, &key.prove(&office.honest(&page)));
    // In another browser's sign-in the ticket is another's.
    let mut other = office.world.browser();
    assert_code(&other.submit(&form).await.unwrap(), 400, "SIGN-IN-COOKIE");
    let mut late = browser.clone();
    let entered = browser.submit(&form).await.unwrap();
    assert_eq!(browser.settle(entered).await.unwrap().url.as_str(), office.console("/"));
    let again = late.submit(&form).await.unwrap();
    assert!(again.status.is_client_error() && office.session(&mut late).await.is_none(), "{}", again.text());
    let mut slow = office.world.browser();
    let page = office.passworded(&mut slow).await;
    key.counter = 3;
    let form = posted(&page, &key.prove(&office.honest(&page)));
    office.world.clock.advance(MINUTE * 5);
    assert_code(&slow.submit(&form).await.unwrap(), 400, "TOKEN-TICKET");
}

/// Another person's passkey proves nobody but them, though they know the password.
#[tokio::test]
async fn a_passkey_is_of_its_own_person() {
    let office = Office::start().await;
    let ada = office.ada().await;
    office.add(&mut office.proved(&ada).await).await;
    let link = office.link("acme", "grace@acme.example").await;
    let (_, grace) = office.enrol(&mut office.world.browser(), &link).await;
    office.world.clock.advance(STEP);
    let mut browser = office.world.browser();
    let page = office.password(&mut browser, &office.console("/"), "grace@acme.example", PASSWORD).await;
    office.second(&mut browser, &page, &office.code(&grace.secret, 0).await).await;
    let theirs = office.add(&mut browser).await.counted(2);
    let mut browser = office.world.browser();
    let page = office.passworded(&mut browser).await;
    let page = office.send(&mut browser, &page, &theirs.prove(&office.honest(&page))).await;
    assert!(page.text().contains(NOT_ACCEPTED), "{}", page.text());
    assert!(office.session(&mut browser).await.is_none());
}

/// PWD-10: a failed passkey is a guess at the one door of codes and backup codes.
#[tokio::test]
async fn failed_passkeys_count_in_the_rest_of_codes() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut key = office.add(&mut office.proved(&ada).await).await;
    let unknown = Authenticator::generate();
    for _ in 0..5 {
        let mut browser = office.world.browser();
        let page = office.passworded(&mut browser).await;
        office.send(&mut browser, &page, &unknown.prove(&office.honest(&page))).await;
    }
    let mut browser = office.world.browser();
    let page = office.passworded(&mut browser).await;
    let page = office.second(&mut browser, &page, &office.code(&ada.secret, 0).await).await;
    assert!(page.text().contains("too many wrong codes"), "{}", page.text());
    key.counter = 2;
    let page = office.send(&mut browser, &page, &key.prove(&office.honest(&page))).await;
    assert!(page.text().contains("too many wrong codes"), "nor the right one: {}", page.text());
    assert!(office.session(&mut browser).await.is_none());
}

/// SESS-12: whoever loses a passkey loses what was opened with it, and what it had half proved.
#[tokio::test]
async fn a_removed_passkey_ends_the_other_sessions_and_proves_nothing() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.proved(&ada).await;
    let mut key = office.add(&mut browser).await;
    let (mut elsewhere, mut half) = (office.world.browser(), office.world.browser());
    let page = office.passworded(&mut elsewhere).await;
    key.counter = 2;
    office.send(&mut elsewhere, &page, &key.prove(&office.honest(&page))).await;
    assert!(office.session(&mut elsewhere).await.is_some());
    let waiting = office.passworded(&mut half).await;
    let overview = office.ask(&mut browser, "").await;
    let link = overview.link("Remove Laptop").unwrap();
    let page = browser.click(&overview, &link).await.unwrap();
    let form = page.form_saying("Yes, remove").unwrap();
    for password in ["", "not hers"] {
        let page = browser.submit(&form.clone().with("current_password", password)).await.unwrap();
        assert!(page.form_saying("Yes, remove").is_ok(), "{}", page.text());
        assert_eq!(office.events("passkey.removed").await, 0);
    }
    let form = form.with("current_password", PASSWORD);
    let page = browser.submit(&form).await.unwrap();
    assert!(page.text().contains("The passkey is removed"), "{}", page.text());
    assert!(office.session(&mut browser).await.is_some() && office.session(&mut elsewhere).await.is_none());
    key.counter = 3;
    let page = office.send(&mut half, &waiting, &key.prove(&office.honest(&waiting))).await;
    assert!(page.text().contains(NOT_ACCEPTED), "{}", page.text());
    let page = office.second(&mut half, &page, &office.code(&ada.secret, 0).await).await;
    assert_code(&page, 400, "TOKEN-TICKET");
    assert_eq!(office.events("passkey.removed").await, 1);
    assert_code(&browser.submit(&form).await.unwrap(), 400, "TOKEN-TICKET");
}

/// PWD-11, PWD-19.
#[tokio::test]
async fn a_passkey_is_added_by_its_owner_alone_and_five_at_most() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.proved(&ada).await;
    let page = office.ask(&mut browser, "/passkeys").await;
    let options = asked(&page);
    assert_eq!((&options["attestation"], &options["rp"]["id"]), (&"none".into(), &PARTY.into()));
    assert!(!options["user"]["id"].as_str().unwrap().contains("ada"));
    let key = Authenticator::generate();
    let told = office.honest(&page);
    for lie in [
        Ceremony { origin: office.world.origin("console"), ..told.clone() },
        Ceremony { party: "console.vestibule.localhost".to_owned(), ..told.clone() },
        Ceremony { challenge: "A".repeat(43), ..told.clone() },
        Ceremony { flags: 1, ..told },
    ] {
        let page = office.ask(&mut browser, "/passkeys").await;
        let challenge = if lie.challenge.starts_with("AAA") {
            lie.challenge.clone()
        } else {
            office.honest(&page).challenge
        };
        let fields = key.register(&Ceremony { challenge, ..lie });
        let page = browser.submit(&named(&page, &fields, "x")).await.unwrap();
        assert!(page.status == 403 && page.text().contains("was not accepted"), "{}", page.text());
    }
    // Whoever found a browser open has no password (PWD-11).
    for password in ["", "not hers"] {
        let page = office.ask(&mut browser, "/passkeys").await;
        let form = named(&page, &key.register(&office.honest(&page)), "x").with("current_password", password);
        let page = browser.submit(&form).await.unwrap();
        assert!(page.text().contains("password is not right"), "{}", page.text());
        assert_eq!(office.events("passkey.added").await, 0);
    }
    let page = office.ask(&mut browser, "/passkeys").await;
    let fields = key.register(&office.honest(&page));
    let page = browser.submit(&named(&page, &fields, " ")).await.unwrap();
    assert!(page.text().contains("Type a name"), "{}", page.text());
    for count in 1..=5 {
        office.add(&mut browser).await;
        assert_eq!(office.events("passkey.added").await, count);
    }
    let page = office.ask(&mut browser, "/passkeys").await;
    assert!(page.text().contains("as many as there can be"), "{}", page.text());
    // Another session's question is none of this one's.
    let mut other = office.proved(&ada).await;
    let token = office.ask(&mut other, "/device").await.form_with("form_token").unwrap();
    let fields = [
        ("form_token", token.field("form_token").unwrap()),
        ("ticket", &"A".repeat(43)),
        ("passkey_name", "x"),
        ("current_password", PASSWORD),
    ];
    let request = Request::post(&office.profile("/passkeys"), &fields).unwrap();
    let request = request.header("origin", &office.world.origin("accounts")).unwrap();
    assert_code(&other.request(request).await.unwrap(), 400, "TOKEN-TICKET");
    office.world.clock.advance(MINUTE * 10);
    assert_eq!(
        office.ask(&mut other, "/passkeys").await.url.path(),
        "/sign-in",
        "a recent sign-in is needed"
    );
}

/// A passkey answers the questions of the profile, too (MFA-11, MFA-15).
#[tokio::test]
async fn a_passkey_proves_in_place_of_a_code_before_a_change() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.proved(&ada).await;
    let mut key = office.add(&mut browser).await;
    let page = office.ask(&mut browser, "/backup-codes").await;
    let unknown = Authenticator::generate();
    let page = browser.submit(&posted(&page, &unknown.prove(&office.honest(&page)))).await.unwrap();
    assert!(page.status == 403 && page.text().contains(NOT_ACCEPTED), "{}", page.text());
    key.counter = 2;
    let form = posted(&page, &key.prove(&office.honest(&page)));
    let page = browser.submit(&form).await.unwrap();
    let codes = codes_of(&page);
    assert_code(&browser.submit(&form).await.unwrap(), 400, "TOKEN-TICKET");
    let page = office.ask(&mut browser, "/device").await;
    key.counter = 3;
    let page = browser.submit(&posted(&page, &key.prove(&office.honest(&page)))).await.unwrap();
    let new = Enrolled { secret: secret_of(&page), codes };
    assert_ne!(new.secret, ada.secret);
}
