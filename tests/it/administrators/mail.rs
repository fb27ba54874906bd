//! What goes by mail: the code that proves an address (MFA-04), and what people are told of (ADM-22).

use std::time::Duration;

use vestibule_conformance::wire::{Browser, Page, Request};
use vestibule_tests::counterparts::smtp::{Received, Setup, SmtpServer};

use super::{ADA, Office, PASSWORD, PHONE, assert_code, secret_of};
use crate::mail::table;

/// An office that sends through a server.
pub(super) struct Post {
    pub(super) office: Office,
    pub(super) server: SmtpServer,
}

impl Post {
    pub(super) async fn start() -> Self {
        Self::of(Office::start().await).await
    }

    /// The same of an office in which something happened without mail, with further tables of its configuration.
    pub(super) async fn of(mut office: Office) -> Self {
        let server = SmtpServer::start(&Setup::default()).await.unwrap();
        let mail = table(&format!("url = \"smtp://127.0.0.1:{}\"\n", server.port()));
        office.world.outbound = format!("{}{mail}", office.world.outbound);
        office.world.restart().await;
        Self { office, server }
    }

    /// The page that asks for the code, and the code of the mail that came with it.
    pub(super) async fn asked(&self, browser: &mut Browser, link: &str) -> (Page, String) {
        let before = self.server.received().unwrap().len();
        let page = self.office.name_and_password(browser, link).await;
        assert!(page.text().contains("Verify your address"), "{}", page.text());
        (page, self.code(before + 1).await)
    }

    /// The code of the mail that comes as this one of all.
    async fn code(&self, count: usize) -> String {
        code_of(self.server.takes(count).await.unwrap().last().unwrap())
    }
}

pub(super) fn code_of(mail: &Received) -> String {
    let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|octet| octet.is_ascii_digit());
    let code = mail.text.lines().map(str::trim).find(is_code);
    code.unwrap_or_else(|| panic!("{}", mail.text)).to_owned()
}

/// Another code of six digits.
pub(super) fn other(code: &str) -> String {
    let first = if code.starts_with('1') { "2" } else { "1" };
    format!("{first}{}", &code[1..])
}

async fn answer(browser: &mut Browser, page: &Page, code: &str, password: &str) -> Page {
    let form = page.form_with("code").unwrap_or_else(|_| panic!("{}", page.text()));
    browser.submit(&form.with("code", code).with("password", password)).await.unwrap()
}

#[tokio::test]
async fn the_code_of_the_mail_comes_before_the_device() {
    let post = Post::start().await;
    let link = post.office.link("acme", ADA).await;
    let mut browser = post.office.world.browser();
    let (page, code) = post.asked(&mut browser, &link).await;
    let page = answer(&mut browser, &page, &code, PASSWORD).await;
    let secret = secret_of(&page);
    let form = page.form_with("code").unwrap().with("code", &post.office.code(&secret, 0).await);
    let page = browser.submit(&form).await.unwrap();
    let form = page.form_with("phone").unwrap().with("phone", PHONE).with("saved", "yes");
    let page = browser.submit(&form).await.unwrap();
    assert_eq!(browser.settle(page).await.unwrap().url.as_str(), post.office.console("/"));
    let mails = post.server.takes(2).await.unwrap();
    assert!(mails.iter().all(|mail| mail.to == [ADA]), "{mails:?}");
    assert!(mails[1].text.contains(&post.office.console("/go/acme")), "{}", mails[1].text);
}

#[tokio::test]
async fn only_the_code_of_the_latest_mail_with_the_own_password_proves_the_address() {
    let post = Post::start().await;
    let link = post.office.link("acme", ADA).await;
    let mut browser = post.office.world.browser();
    let (page, first) = post.asked(&mut browser, &link).await;
    let page = answer(&mut browser, &page, &other(&first), PASSWORD).await;
    assert!(page.text().contains("not the one of the latest mail"), "{}", page.text());
    let page = answer(&mut browser, &page, &first, "Another-7-Tannen!").await;
    assert!(page.text().contains("not the one that you just chose"), "{}", page.text());
    let again = page.form_saying("Resend email").unwrap().with("resend", "yes");
    let page = browser.submit(&again).await.unwrap();
    assert!(page.text().contains("Another mail is on its way"), "{}", page.text());
    let second = post.code(2).await;
    let page = answer(&mut browser, &page, &first, PASSWORD).await;
    assert!(first == second || page.text().contains("not the one of the latest mail"), "{}", page.text());
    let page = answer(&mut browser, &page, &second, PASSWORD).await;
    let _ = secret_of(&page);
}

#[tokio::test]
async fn a_code_dies_with_its_tries_and_its_time() {
    let post = Post::start().await;
    let link = post.office.link("acme", ADA).await;
    let mut browser = post.office.world.browser();
    let (mut page, code) = post.asked(&mut browser, &link).await;
    for _ in 0..5 {
        page = answer(&mut browser, &page, &other(&code), PASSWORD).await;
        assert!(page.text().contains("not the one of the latest mail"), "{}", page.text());
    }
    let page = answer(&mut browser, &page, &code, PASSWORD).await;
    assert!(page.text().contains("not good any more"), "{}", page.text());

    let mut browser = post.office.world.browser();
    let (page, code) = post.asked(&mut browser, &link).await;
    post.office.world.clock.advance(Duration::from_mins(15));
    let page = answer(&mut browser, &page, &code, PASSWORD).await;
    assert!(page.text().contains("not good any more"), "{}", page.text());
    let again = page.form_saying("Resend email").unwrap().with("resend", "yes");
    let page = browser.submit(&again).await.unwrap();
    let page = answer(&mut browser, &page, &post.code(3).await, PASSWORD).await;
    let _ = secret_of(&page);
}

#[tokio::test]
async fn no_later_step_is_open_before_the_address_is_proved() {
    let post = Post::start().await;
    let link = post.office.link("acme", ADA).await;
    for step in ["/join/device", "/join/recovery"] {
        let mut browser = post.office.world.browser();
        let (page, code) = post.asked(&mut browser, &link).await;
        let form = page.form_with("code").unwrap();
        let action = form.action.as_str().replace("/join/address", step);
        let ticket = form.field("ticket").unwrap();
        let fields = [("ticket", ticket), ("code", &code), ("phone", PHONE), ("saved", "yes")];
        let request = Request::post(&action, &fields).unwrap();
        let request = request.header("origin", &post.office.world.origin("accounts")).unwrap();
        assert_code(&browser.request(request).await.unwrap(), 400, "TOKEN-TICKET");
    }
}

/// ADM-17, ADM-19, PWD-16: the link goes to the invited address alone, under the configured name, whatever host the request named.
#[tokio::test]
async fn an_invitation_goes_by_mail_and_is_shown_to_nobody() {
    let post = Post::start().await;
    let office = &post.office;
    let link = office.link("acme", ADA).await;
    let mut ada = office.world.browser();
    let (page, code) = post.asked(&mut ada, &link).await;
    let page = answer(&mut ada, &page, &code, PASSWORD).await;
    let secret = secret_of(&page);
    let form = page.form_with("code").unwrap().with("code", &office.code(&secret, 0).await);
    let page = ada.submit(&form).await.unwrap();
    let form = page.form_with("phone").unwrap().with("phone", PHONE).with("saved", "yes");
    ada.submit(&form).await.unwrap();
    post.server.takes(2).await.unwrap();
    ada.open(&office.console("/")).await.unwrap();
    let page = ada.open(&office.console("/administrators/invite")).await.unwrap();
    let form = page.form_with("email").unwrap_or_else(|_| panic!("{} {}", page.url, page.text()));
    let form = form.with("email", "grace@acme.example").with("access", "full");
    let fields: Vec<_> = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let request = Request::post(form.action.as_str(), &fields)
        .unwrap()
        .header("origin", &office.world.origin("console"))
        .unwrap()
        .header("x-forwarded-host", "evil.example")
        .unwrap();
    let page = ada.request(request).await.unwrap();
    assert!(
        page.status == 303 && page.location().unwrap().as_str().ends_with("done=invited"),
        "{}",
        page.text()
    );
    let mails = post.server.takes(3).await.unwrap();
    assert_eq!(mails[2].to, ["grace@acme.example"]);
    let link = |mail: &Received| {
        let start = office.console("/join?link=");
        let found = mail.text.split_whitespace().find(|word| word.starts_with(&start));
        found.unwrap_or_else(|| panic!("{}", mail.text)).to_owned()
    };
    let first = link(&mails[2]);
    assert!(mails[2].text.contains("Ada Ekström") && mails[2].text.contains("Acme"), "{}", mails[2].text);
    let list = ada.open(&office.console("/administrators")).await.unwrap();
    assert!(!list.text_body().contains("link="), "{}", list.text());
    let row = list.links().into_iter().find(|link| link.href.path().starts_with("/invitations/")).unwrap();
    let page = ada.click(&list, &row).await.unwrap();
    let page = ada.submit(&page.form_saying("Send again").unwrap()).await.unwrap();
    assert!(page.text().contains("on its way again"), "{}", page.text());
    let second = link(&post.server.takes(4).await.unwrap()[3]);
    assert_code(&office.world.browser().open(&first).await.unwrap(), 403, "PERSON-LINK");
    assert!(office.world.browser().open(&second).await.unwrap().form_with("display_name").is_ok());
}
