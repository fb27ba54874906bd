//! Where the link of the mail leads (SGN-06; PWD-04; PWD-14, PWD-15, PWD-18, SESS-12).

use std::time::Duration;

use vestibule_broker::person::{self, PasswordRecord};
use vestibule_broker::store::persons;
use vestibule_conformance::wire::{Browser, Page, Request};
use vestibule_policies::password::Candidate;

use super::forgotten::Desk;
use super::{ADA, MINUTE, PASSWORD, assert_code};

const NEW: &str = "Blau-und-8-Tannen!";
const NOT_RIGHT: &str = "The user name or the password is not right";

/// The form with a new password in it.
async fn choose(browser: &mut Browser, page: &Page, new: &str, again: &str) -> Page {
    let form = page.form_with("new_password").unwrap_or_else(|_| panic!("{}", page.text()));
    browser.submit(&form.with("new_password", new).with("new_password_again", again)).await.unwrap()
}

impl Desk {
    async fn open(&self, link: &str) -> Page {
        self.office().world.browser().open(link).await.unwrap()
    }

    /// From the link to another password.
    async fn set(&self, link: &str, new: &str) -> Page {
        let mut browser = self.office().world.browser();
        let page = browser.open(link).await.unwrap();
        choose(&mut browser, &page, new, new).await
    }

    /// Whether it is Ada's password.
    async fn is_password(&self, password: &str) -> bool {
        let office = self.office();
        let page = office.password(&mut office.world.browser(), &office.console("/"), ADA, password).await;
        assert_ne!(page.form_saying("Verify").is_ok(), page.text().contains(NOT_RIGHT), "{}", page.text());
        page.form_saying("Verify").is_ok()
    }
}

/// PWD-14: the second factor stays, sessions end, and the person is told.
#[tokio::test]
async fn a_reset_keeps_the_second_factor_and_ends_every_session() {
    let desk = Desk::start().await;
    let office = desk.office();
    let beta = office.link("beta", ADA).await;
    let (mut at_acme, mut at_beta) = (office.world.browser(), office.world.browser());
    office.sign_in(&mut at_beta, &beta, &desk.ada).await;
    office.world.clock.advance(MINUTE);
    office.sign_in(&mut at_acme, &office.console("/go/acme"), &desk.ada).await;
    assert_eq!(office.session(&mut at_acme).await.unwrap()["organization"], "acme");
    assert_eq!(office.session(&mut at_beta).await.unwrap()["organization"], "beta");
    let before = office.world.audit().await.len();
    let link = desk.link(1).await;
    let page = at_acme.open(&link).await.unwrap();
    assert!(page.status == 200 && page.text().contains(ADA), "{}", page.text());
    let page = choose(&mut at_acme, &page, NEW, NEW).await;
    assert!(page.status == 200 && page.text().contains("Your password was changed"), "{}", page.text());
    let to = page.link("Sign in").unwrap();
    assert_eq!(to.href.as_str(), office.console("/"));
    for browser in [&mut at_acme, &mut at_beta] {
        assert!(office.session(browser).await.is_none(), "it signs nobody in and everybody out");
    }
    assert!(!desk.is_password(PASSWORD).await);
    assert!(desk.is_password(NEW).await);
    // The same device, and the code is asked for.
    office.world.clock.advance(MINUTE);
    let mut browser = office.world.browser();
    let page = office.password(&mut browser, &office.console("/go/acme"), ADA, NEW).await;
    let wrong = office.second(&mut browser, &page, "000000").await;
    assert!(wrong.text().contains("The code is not right"), "{}", wrong.text());
    let page = office.second(&mut browser, &wrong, &office.code(&desk.ada.secret, 0).await).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
    let mails = desk.post.server.takes(2).await.unwrap();
    assert_eq!(
        (mails[1].to.as_slice(), mails[1].header("subject")),
        (&[ADA.to_owned()][..], Some("Your password was changed"))
    );
    let events = office.world.audit().await;
    // The third is of the browser in which she enrolled.
    let names: Vec<_> = events[before..].iter().map(|event| event.event.as_str()).collect();
    for (name, count) in [("password.reset-asked", 1), ("password.reset", 1), ("session.ended", 3)] {
        assert_eq!(names.iter().filter(|one| **one == name).count(), count, "{name} in {names:?}");
    }
}

/// PWD-15: mail scanners look, and use up nothing.
#[tokio::test]
async fn a_link_is_spent_by_the_post_that_sets_the_password_alone() {
    let desk = Desk::start().await;
    let link = desk.link(1).await;
    for method in [http::Method::GET, http::Method::HEAD, http::Method::GET] {
        let request = Request::new(method.clone(), &link).unwrap();
        let page = desk.office().world.browser().request(request).await.unwrap();
        assert_eq!(page.status, 200, "{method}: {}", page.text());
    }
    for method in ["PUT", "DELETE", "OPTIONS"] {
        let request = Request::new(method.parse().unwrap(), &link).unwrap();
        assert_eq!(desk.office().world.browser().request(request).await.unwrap().status, 405, "{method}");
    }
    let mut late = desk.office().world.browser();
    let waiting = late.open(&link).await.unwrap();
    let page = desk.set(&link, NEW).await;
    assert!(page.text().contains("Your password was changed"), "{}", page.text());
    assert_code(&desk.open(&link).await, 403, "PERSON-LINK");
    assert_code(
        &choose(&mut late, &waiting, "Rot-und-9-Tannen!", "Rot-und-9-Tannen!").await,
        403,
        "PERSON-LINK",
    );
    assert!(desk.is_password(NEW).await);
}

#[tokio::test]
async fn the_second_link_voids_the_first_and_an_hour_every_one() {
    let desk = Desk::start().await;
    let first = desk.link(1).await;
    let second = desk.link(2).await;
    assert_code(&desk.open(&first).await, 403, "PERSON-LINK");
    desk.office().world.clock.advance(Duration::from_secs(3599));
    let mut browser = desk.office().world.browser();
    let page = browser.open(&second).await.unwrap();
    assert!(page.form_with("new_password").is_ok(), "{}", page.text());
    desk.office().world.clock.advance(Duration::from_secs(1));
    assert_code(&desk.open(&second).await, 403, "PERSON-LINK");
    assert_code(&choose(&mut browser, &page, NEW, NEW).await, 403, "PERSON-LINK");
    assert!(desk.is_password(PASSWORD).await);
}

#[tokio::test]
async fn of_many_posts_at_once_one_sets_the_password() {
    let desk = Desk::start().await;
    let link = desk.link(1).await;
    let mut posts = tokio::task::JoinSet::new();
    for number in 0..4 {
        let mut browser = desk.office().world.browser();
        let page = browser.open(&link).await.unwrap();
        posts.spawn(async move {
            let new = format!("Farbe-{number}-und-Tannen!");
            (new.clone(), choose(&mut browser, &page, &new, &new).await)
        });
    }
    let mut winners = Vec::new();
    while let Some(ended) = posts.join_next().await {
        let (new, page) = ended.unwrap();
        if page.text().contains("Your password was changed") {
            winners.push(new);
        } else {
            assert_code(&page, 403, "PERSON-LINK");
        }
    }
    assert_eq!(winners.len(), 1);
    assert!(desk.is_password(&winners[0]).await);
    let events = desk.office().world.audit().await;
    assert_eq!(events.iter().filter(|event| event.event == "password.reset").count(), 1);
}

/// 256 bits, of which the store has a hash; each is of one person.
#[tokio::test]
async fn no_other_token_is_one() {
    let desk = Desk::start().await;
    desk.office().person("bea", "bea@acme.example").await;
    let link = desk.link(1).await;
    let (before, token) = link.split_once("token=").unwrap();
    assert_eq!(token.len(), 43);
    let flipped: String = token
        .chars()
        .rev()
        .enumerate()
        .map(|(at, c)| match (at, c) {
            (5, 'A') => 'B',
            (5, _) => 'A',
            (_, c) => c,
        })
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    assert_ne!(flipped, token);
    for other in
        [&flipped, &token[..42], &format!("{token}A"), "", &"A".repeat(43), &token.to_lowercase(), "%00"]
    {
        assert_code(&desk.open(&format!("{before}token={other}")).await, 403, "PERSON-LINK");
    }
    assert_code(&desk.open(&format!("{link}&token={token}")).await, 403, "PERSON-LINK");
    assert_code(&desk.open(before.trim_end_matches('?')).await, 403, "PERSON-LINK");
    // Nor is one of another errand, and this one is of none of theirs.
    let invitation = desk.office().link("beta", "grace@beta.example").await;
    let theirs = invitation.split_once("link=").unwrap().1;
    assert_code(&desk.open(&format!("{before}token={theirs}")).await, 403, "PERSON-LINK");
    let join = desk.office().console(&format!("/join?link={token}"));
    assert_code(&desk.open(&join).await, 403, "PERSON-LINK");
    let at_sign_in = desk.office().world.browser();
    let mut browser = at_sign_in;
    let form = browser.open(&desk.office().console("/")).await.unwrap();
    let address = format!("{}&link={token}", form.form_with("password").unwrap().action);
    assert_code(&browser.open(&address).await.unwrap(), 403, "PERSON-LINK");
    // Another person's is another person's.
    desk.ask("bea").await;
    let bea = desk.nth_link(2).await;
    let page = desk.set(&bea, NEW).await;
    assert!(page.text().contains("Your password was changed"), "{}", page.text());
    assert!(desk.is_password(PASSWORD).await && !desk.is_password(NEW).await);
    let page = desk.open(&link).await;
    assert!(page.text().contains(ADA), "hers is still good: {}", page.text());
    for entry in std::fs::read_dir(desk.office().world.directory()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("vestibule.db") {
            let octets = std::fs::read(&path).unwrap();
            assert!(!octets.windows(43).any(|window| window == token.as_bytes()), "{}", path.display());
        }
    }
}

/// PWD-04 and every other rule, also at a reset; and nothing of it costs the link.
#[tokio::test]
async fn a_password_against_the_rules_keeps_the_link() {
    let desk = Desk::start().await;
    let mut browser = desk.office().world.browser();
    let mut page = browser.open(&desk.link(1).await).await.unwrap();
    for (new, again, said) in [
        ("short7!A", "short7!A", "at least 12 characters"),
        ("no-digits-here!A", "no-digits-here!A", "needs a digit"),
        ("Ada@acme.example-7!", "Ada@acme.example-7!", "your name, your address"),
        ("Acme acme-7-Tannen!", "Acme acme-7-Tannen!", "name of the organisation"),
        ("Password1234!", "Password1234!", "easy to guess"),
        (PASSWORD, PASSWORD, "was yours before"),
        (NEW, PASSWORD, "not the same"),
        ("", "", "at least 12 characters"),
    ] {
        page = choose(&mut browser, &page, new, again).await;
        assert!(page.status == 200 && page.text().contains(said), "{new}: {} {}", page.status, page.text());
        assert!(new.is_empty() || !page.text_body().contains(new), "no password comes back");
    }
    page = choose(&mut browser, &page, NEW, NEW).await;
    assert!(page.text().contains("Your password was changed"), "{}", page.text());
    // There is no least age: who forgot the new one, too, chooses a third; the two before are remembered.
    let mut page = browser.open(&desk.link(2).await).await.unwrap();
    for before in [PASSWORD, NEW] {
        page = choose(&mut browser, &page, before, before).await;
        assert!(page.text().contains("was yours before"), "{before}: {}", page.text());
    }
    page = choose(&mut browser, &page, "Rot-und-9-Tannen!", "Rot-und-9-Tannen!").await;
    assert!(page.text().contains("Your password was changed"), "{}", page.text());
}

#[tokio::test]
async fn a_link_dies_with_the_password_that_it_replaces() {
    let desk = Desk::start().await;
    let link = desk.link(1).await;
    let mut browser = desk.office().world.browser();
    let waiting = browser.open(&link).await.unwrap();
    let app = desk.office().world.app();
    let ada = person::named(&app.store, &app.keys, ADA).await.unwrap().unwrap();
    let mut changed = ada.clone();
    let hash = app.passwords.hasher.hash(&Candidate::read(NEW).unwrap()).await.unwrap();
    changed.record.password = PasswordRecord::chosen(hash.to_string(), app.session_clock.now());
    for (record, is_good) in [(&changed, false), (&ada, true)] {
        let row = record.to_row(&app.keys).unwrap();
        let update = app
            .store
            .write(move |transaction| Box::pin(async move { persons::update(transaction, &row).await }));
        update.await.unwrap();
        let page = desk.open(&link).await;
        assert_eq!(page.form_with("new_password").is_ok(), is_good, "{}", page.text());
        if !is_good {
            assert_code(&page, 403, "PERSON-LINK");
            let page = choose(&mut browser, &waiting, "Rot-und-9-Tannen!", "Rot-und-9-Tannen!").await;
            assert_code(&page, 403, "PERSON-LINK");
            assert!(desk.is_password(NEW).await);
        }
    }
}

/// PWD-11, SESS-12: whoever waits at the second step with the old password waits for nothing.
#[tokio::test]
async fn a_half_session_of_the_password_before_is_worth_nothing() {
    let desk = Desk::start().await;
    let office = desk.office();
    let (mut first, mut second) = (office.world.browser(), office.world.browser());
    let at_code = office.password(&mut first, &office.console("/"), ADA, PASSWORD).await;
    let at_backup = office.password(&mut second, &office.console("/"), ADA, PASSWORD).await;
    let page = desk.set(&desk.link(1).await, NEW).await;
    assert!(page.text().contains("Your password was changed"), "{}", page.text());
    let page = office.second(&mut first, &at_code, &office.code(&desk.ada.secret, 0).await).await;
    assert_code(&page, 400, "TOKEN-TICKET");
    let form = at_backup.form_saying("Verify the backup code").unwrap().with("code", &desk.ada.codes[0]);
    assert_code(&second.submit(&form).await.unwrap(), 400, "TOKEN-TICKET");
    for browser in [&mut first, &mut second] {
        assert!(office.session(browser).await.is_none());
    }
}

/// What was guessed of the password before holds nobody who has another one.
#[tokio::test]
async fn who_mistyped_too_often_comes_in_after_a_reset() {
    let desk = Desk::start().await;
    let office = desk.office();
    let mut own = office.world.browser();
    office.sign_in(&mut own, &office.console("/"), &desk.ada).await;
    let fresh = office.console("/.vestibule/sign-in?to=%2F&fresh=1");
    for _ in 0..5 {
        office.password(&mut office.world.browser(), &office.console("/"), ADA, "wrong").await;
        office.password(&mut own, &fresh, ADA, "wrong").await;
    }
    assert!(!desk.is_password(PASSWORD).await, "held");
    desk.set(&desk.link(1).await, NEW).await;
    assert!(desk.is_password(NEW).await);
    let page = office.password(&mut own, &fresh, ADA, NEW).await;
    assert!(page.form_saying("Verify").is_ok(), "{}", page.text());
}

#[tokio::test]
async fn only_our_own_page_sets_a_password() {
    let desk = Desk::start().await;
    let office = desk.office();
    let link = desk.link(1).await;
    let token = link.split_once("token=").unwrap().1;
    let address = office.world.url("accounts", "/reset");
    let fields = [("token", token), ("new_password", NEW), ("new_password_again", NEW)];
    for origin in
        ["null", "https://evil.example", &office.world.origin("acme"), &office.world.origin("console")]
    {
        let request = Request::post(&address, &fields).unwrap().header("origin", origin).unwrap();
        assert_code(&office.world.browser().request(request).await.unwrap(), 403, "REQUEST-ORIGIN");
    }
    let request = Request::post(&address, &fields).unwrap();
    assert_code(&office.world.browser().request(request).await.unwrap(), 403, "REQUEST-ORIGIN");
    for inside in ["iframe", "image", "script"] {
        let request = Request::get(&link).unwrap().header("sec-fetch-dest", inside).unwrap();
        assert_code(&office.world.browser().request(request).await.unwrap(), 403, "REQUEST-DESTINATION");
    }
    // The token of the address alone is no form.
    let own = office.world.origin("accounts");
    let request = Request::post(&link, &fields[1..]).unwrap().header("origin", &own).unwrap();
    assert_code(&office.world.browser().request(request).await.unwrap(), 403, "PERSON-LINK");
    assert!(desk.is_password(PASSWORD).await);
    let request = Request::post(&address, &fields).unwrap().header("origin", &own).unwrap();
    let page = office.world.browser().request(request).await.unwrap();
    assert!(page.text().contains("Your password was changed"), "{}", page.text());
}

/// The token stands in an address: nothing on the page takes it elsewhere, and nobody keeps the page.
#[tokio::test]
async fn nothing_carries_the_token_away() {
    let desk = Desk::start().await;
    let page = desk.open(&desk.link(1).await).await;
    let header = |name| page.header(name).unwrap_or_default().to_owned();
    assert_eq!(
        (header("cache-control"), header("referrer-policy")),
        ("no-store".into(), "same-origin".into())
    );
    assert_eq!(
        (header("x-frame-options"), header("cross-origin-opener-policy")),
        ("DENY".into(), "same-origin".into())
    );
    assert!(header("content-security-policy").starts_with("default-src 'none'; style-src 'sha256-"));
    assert!(header("content-security-policy").contains("form-action 'self'"));
    let body = page.text_body();
    for foreign in ["<script", "<img", "<link rel=\"stylesheet", "<iframe", "url(", "@import", " src="] {
        assert!(!body.contains(foreign), "{foreign}");
    }
    assert!(page.links().is_empty() && page.header("set-cookie").is_none());
    assert_eq!(page.form_with("new_password").unwrap().action.path(), "/reset");
    assert_eq!(page.form_with("new_password").unwrap().action.query(), None);
}

/// ED-12: another name of the accounts host is not where links are used.
#[tokio::test]
async fn a_link_is_used_at_the_first_name_of_the_accounts_host() {
    let hosts =
        "[server.hosts]\naccounts = [\"accounts.vestibule.localhost\", \"login.vestibule.localhost\"]\n";
    let desk = Desk::with(hosts).await;
    let office = desk.office();
    let link = desk.link(1).await;
    let elsewhere = link.replace("//accounts.", "//login.");
    assert_code(&desk.open(&elsewhere).await, 403, "PERSON-HOST");
    let token = link.split_once("token=").unwrap().1;
    let fields = [("token", token), ("new_password", NEW), ("new_password_again", NEW)];
    let request = Request::post(&office.world.url("login", "/reset"), &fields).unwrap();
    let request = request.header("origin", &office.world.origin("accounts")).unwrap();
    assert_code(&office.world.browser().request(request).await.unwrap(), 403, "PERSON-HOST");
    assert!(desk.is_password(PASSWORD).await);
    assert!(desk.open(&link).await.form_with("new_password").is_ok());
}
