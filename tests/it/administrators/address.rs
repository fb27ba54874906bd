//! Another address, and what people are told of by mail when something of theirs changes (ORG-12, MFA-04, LOG-02).

use vestibule_conformance::wire::{Browser, Page};

use super::mail::{Post, code_of, other};
use super::{ADA, Enrolled, PASSWORD, PHONE, STEP, assert_code, secret_of};

const NEW: &str = "ada@new.example";
const GRACE: &str = "grace@acme.example";

impl Post {
    /// Ada, who enrolled before there was mail; and how many mails there are.
    async fn ada(&self) -> (Enrolled, usize) {
        let office = &self.office;
        let link = office.link("acme", ADA).await;
        let mut browser = office.world.browser();
        let (page, code) = self.asked(&mut browser, &link).await;
        let form = page.form_with("code").unwrap().with("code", &code).with("password", PASSWORD);
        let page = browser.submit(&form).await.unwrap();
        let secret = secret_of(&page);
        let form = page.form_with("code").unwrap().with("code", &office.code(&secret, 0).await);
        let page = browser.submit(&form).await.unwrap();
        let codes = super::codes_of(&page);
        let form = page.form_with("phone").unwrap().with("phone", PHONE).with("saved", "yes");
        browser.submit(&form).await.unwrap();
        office.world.clock.advance(STEP);
        (Enrolled { secret, codes }, self.server.takes(2).await.unwrap().len())
    }

    async fn to(&self, browser: &mut Browser, email: &str) -> Page {
        let page = self.office.ask(browser, "/email").await;
        let form = page.form_with("email").unwrap_or_else(|_| panic!("{}", page.text()));
        browser.submit(&form.with("email", email).with("current_password", PASSWORD)).await.unwrap()
    }
}

async fn answer(browser: &mut Browser, page: &Page, code: &str) -> Page {
    let form = page.form_with("code").unwrap_or_else(|_| panic!("{}", page.text()));
    browser.submit(&form.with("code", code)).await.unwrap()
}

#[tokio::test]
async fn an_address_changes_with_the_code_that_went_to_the_new_one() {
    let post = Post::start().await;
    let (ada, mails) = post.ada().await;
    let office = &post.office;
    let mut elsewhere = office.proved(&ada).await;
    let mut browser = office.proved(&ada).await;
    let page = post.to(&mut browser, NEW).await;
    assert!(page.text().contains(NEW) && page.text().contains("Verify your new address"), "{}", page.text());
    let mail = post.server.takes(mails + 1).await.unwrap().pop().unwrap();
    assert_eq!(mail.to, [NEW]);
    let first = code_of(&mail);
    let page = answer(&mut browser, &page, &other(&first)).await;
    assert!(page.text().contains("not the one of the latest mail"), "{}", page.text());
    let page =
        browser.submit(&page.form_saying("Resend email").unwrap().with("resend", "yes")).await.unwrap();
    assert!(page.text().contains("Another mail is on its way"), "{}", page.text());
    let second = code_of(post.server.takes(mails + 2).await.unwrap().last().unwrap());
    assert!(office.ask(&mut browser, "").await.text().contains(ADA), "nothing has changed yet");
    let form = page.form_with("code").unwrap().with("code", &second);
    let page = browser.submit(&form).await.unwrap();
    assert!(page.text().contains("Your e-mail address is changed"), "{}", page.text());
    assert!(page.text().contains(NEW) && !page.text().contains(ADA), "{}", page.text());
    assert_code(&browser.submit(&form).await.unwrap(), 400, "TOKEN-TICKET");
    // The address before is told, the other sessions end, and the user name went along.
    let told = post.server.takes(mails + 3).await.unwrap().pop().unwrap();
    assert!(told.to == [ADA] && told.text.contains("was changed"), "{told:?}");
    assert!(office.session(&mut browser).await.is_some() && office.session(&mut elsewhere).await.is_none());
    assert_eq!(office.events("email.changed").await, 1);
    let page = office.password(&mut office.world.browser(), &office.console("/"), ADA, PASSWORD).await;
    assert!(page.text().contains("is not right"), "{}", page.text());
    let page = office.password(&mut office.world.browser(), &office.console("/"), NEW, PASSWORD).await;
    assert!(page.form_saying("Verify").is_ok(), "{}", page.text());
}

/// Whether an address is somebody's user name is said to nobody who has not proved that it is theirs.
#[tokio::test]
async fn an_address_that_is_taken_is_told_after_its_code_alone() {
    let post = Post::start().await;
    let (ada, mails) = post.ada().await;
    let office = &post.office;
    let mut grace = office.world.browser();
    let link = office.link("acme", GRACE).await;
    let (page, code) = post.asked(&mut grace, &link).await;
    let form = page.form_with("code").unwrap().with("code", &code).with("password", PASSWORD);
    let page = grace.submit(&form).await.unwrap();
    let form = page.form_with("code").unwrap().with("code", &office.code(&secret_of(&page), 0).await);
    let page = grace.submit(&form).await.unwrap();
    let form = page.form_with("phone").unwrap().with("phone", PHONE).with("saved", "yes");
    grace.submit(&form).await.unwrap();
    post.server.takes(mails + 2).await.unwrap();

    let mut browser = office.proved(&ada).await;
    let free = post.to(&mut browser, NEW).await;
    let taken = post.to(&mut browser, "Grace@acme.example").await;
    assert_eq!(free.status, taken.status);
    assert_eq!(
        free.text().replace(NEW, ""),
        taken.text().replace("Grace@acme.example", ""),
        "the same answer"
    );
    let mails = post.server.takes(mails + 4).await.unwrap();
    let page = answer(&mut browser, &taken, &code_of(mails.last().unwrap())).await;
    assert!(page.text().contains("user name of another account"), "{}", page.text());
    assert!(office.ask(&mut browser, "").await.text().contains(ADA));
    assert_eq!(office.events("email.changed").await, 0);
    for (typed, said) in [
        ("", "no e-mail address"),
        ("ada", "no e-mail address"),
        ("a b@new.example", "no e-mail address"),
        ("ada@new.example\r\nBcc: eve@evil.example", "no e-mail address"),
        ("ADA@acme.example", "your address already"),
    ] {
        let page = post.to(&mut browser, typed).await;
        assert!(page.text().contains(said), "{typed}: {}", page.text());
    }
}

#[tokio::test]
async fn a_code_for_an_address_dies_with_its_tries_and_with_another_change() {
    let post = Post::start().await;
    let (ada, mails) = post.ada().await;
    let office = &post.office;
    let mut browser = office.proved(&ada).await;
    let mut page = post.to(&mut browser, NEW).await;
    let code = code_of(post.server.takes(mails + 1).await.unwrap().last().unwrap());
    let mut waiting = browser.clone();
    for _ in 0..5 {
        page = answer(&mut browser, &page, &other(&code)).await;
    }
    let page = answer(&mut browser, &page, &code).await;
    assert!(page.text().contains("not good any more"), "{}", page.text());
    // Another code that waits is void once the device is another one.
    let page = post.to(&mut waiting, NEW).await;
    let code = code_of(post.server.takes(mails + 2).await.unwrap().last().unwrap());
    let question = office.ask(&mut browser, "/device").await.form_saying("Yes, change device").unwrap();
    let form = question.with("code", &office.code(&ada.secret, 0).await);
    let device = browser.submit(&form).await.unwrap();
    let form = device.form_with("code").unwrap().with("code", &office.code(&secret_of(&device), 0).await);
    let changed = browser.submit(&form).await.unwrap();
    assert!(changed.text().contains("Your authenticator app is changed"), "{}", changed.text());
    assert_code(&answer(&mut waiting, &page, &code).await, 400, "TOKEN-TICKET");
    let told = post.server.takes(mails + 3).await.unwrap().pop().unwrap();
    assert!(told.to == [ADA] && told.text.contains("authenticator app"), "{told:?}");
}

#[tokio::test]
async fn every_change_is_told_by_mail() {
    let post = Post::start().await;
    let (ada, mails) = post.ada().await;
    let office = &post.office;
    office.world.clock.advance(std::time::Duration::from_hours(24));
    let mut browser = office.proved(&ada).await;
    let code = office.code(&ada.secret, 0).await;
    let new = "Blau-und-8-Tannen!";
    let password = [("current_password", PASSWORD), ("new_password", new), ("new_password_again", new)];
    for (count, (path, fields, said)) in (1..).zip([
        ("/phone", &[("phone", "+46 8 123 45 67")][..], "The number at which support calls you"),
        ("/backup-codes", &[("code", code.as_str())], "new backup codes"),
        ("/password", &password, "The password of your account"),
    ]) {
        let page = office.ask(&mut browser, path).await;
        let form = page.form_with(fields[0].0).unwrap();
        let form = fields.iter().fold(form, |form, (name, value)| form.with(name, value));
        let page = browser.submit(&form).await.unwrap();
        assert_eq!(page.status, 200, "{}", page.text());
        let told = post.server.takes(mails + count).await.unwrap().pop().unwrap();
        assert!(told.to == [ADA] && told.text.contains(said), "{path}: {told:?}");
    }
}

/// A way back that somebody's mailbox leads to is nobody's who only found a browser open; and codes are sent to few addresses.
#[tokio::test]
async fn an_address_needs_the_password_and_few_codes_are_sent() {
    let post = Post::start().await;
    let (ada, mails) = post.ada().await;
    let office = &post.office;
    let mut browser = office.proved(&ada).await;
    for password in ["", "not hers"] {
        let page = office.ask(&mut browser, "/email").await;
        let form = page.form_with("email").unwrap().with("email", NEW).with("current_password", password);
        let page = browser.submit(&form).await.unwrap();
        assert!(page.form_with("current_password").is_ok(), "{}", page.text());
    }
    office.world.clock.advance(super::MINUTE);
    for count in 1..=5 {
        let page = post.to(&mut browser, &format!("{count}@elsewhere.example")).await;
        assert!(page.text().contains("Verify your new address"), "{count}: {}", page.text());
    }
    let page = post.to(&mut browser, "sixth@elsewhere.example").await;
    assert_code(&page, 429, "SIGN-IN-BUSY");
    assert_eq!(post.server.takes(mails + 5).await.unwrap().len(), mails + 5);
}
