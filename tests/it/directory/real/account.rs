//! A password that is changed by who is signed in, at `/account/acme/password`: their other sessions end, this one stays.

use std::time::Duration;

use vestibule_conformance::wire::{Browser, Page};
use vestibule_tests::counterparts::samba::{Forest, Realm, password_of};
use vestibule_tests::directory::{DirectoryWorld, Domain};

use super::standing::{ended_with, until_ended};
use super::{KIND, corp};

const NEW: &str = "Another-Pw-2";

async fn page(world: &DirectoryWorld, browser: &mut Browser) -> Page {
    browser.open(&world.world.url("accounts", "/account/acme/password")).await.unwrap()
}

async fn change(browser: &mut Browser, page: &Page, (current, new): (&str, &str)) -> Page {
    let form = page.form_with("new_password").unwrap();
    let form =
        form.with("current_password", current).with("new_password", new).with("new_password_again", new);
    browser.submit(&form).await.unwrap()
}

#[tokio::test]
async fn the_persons_other_sessions_end_and_this_one_stays() {
    let (corp, world) = corp("recheck = \"10s\"\n").await;
    let (login, other, control) = (corp.somebody(), corp.somebody(), corp.somebody());
    let old = password_of(&login);
    let mut browsers = [(); 4].map(|()| world.world.browser());
    let [this, elsewhere, somebody_else, watched] = &mut browsers;
    world.sign_in(this, &format!("{login}@corp.example"), &old).await;
    world.sign_in(elsewhere, &format!("CORP\\{login}"), &old).await;
    world.sign_in(somebody_else, &format!("{other}@corp.example"), &password_of(&other)).await;
    world.sign_in(watched, &format!("{control}@corp.example"), &password_of(&control)).await;

    let form = page(&world, this).await;
    let wrong = change(this, &form, ("wrong-Pw-1", NEW)).await;
    assert!(wrong.text().contains("The current password is not right"), "{}", wrong.text());
    let short = change(this, &form, (&old, "short")).await;
    assert!(short.text().contains("did not accept"), "{}", short.text());
    let foreign = form.form_with("new_password").unwrap().with("form_token", "another");
    assert_eq!(this.submit(&foreign).await.unwrap().status, 403);
    // Another browser's form is not this one's.
    let theirs = page(&world, somebody_else).await;
    let token = theirs.form_with("new_password").unwrap().field("form_token").unwrap().to_owned();
    let stolen = form.form_with("new_password").unwrap().with("form_token", &token);
    assert_eq!(this.submit(&stolen).await.unwrap().status, 403);
    assert!(world.world.has_session(elsewhere, "acme").await, "nothing has changed yet");

    let done = change(this, &form, (&old, NEW)).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert!(world.world.has_session(this, "acme").await);
    assert!(!world.world.has_session(elsewhere, "acme").await);
    assert!(world.world.has_session(somebody_else, "acme").await);

    // The next look at the directory takes it for no change by somebody else.
    corp.disable(&control).await.unwrap();
    world.world.clock.advance(Duration::from_secs(11));
    until_ended(&world, watched).await;
    assert!(world.world.has_session(this, "acme").await);
    assert!(world.world.has_session(somebody_else, "acme").await);
    let events = world.world.audit().await;
    assert_eq!(events.iter().filter(|one| one.event == "password.changed").count(), 1);
    assert_eq!(ended_with(&events, "elsewhere"), 1);
}

#[tokio::test]
async fn nobody_changes_a_password_without_a_session() {
    let (corp, world) = corp("").await;
    let login = corp.somebody();
    let mut browser = world.world.browser();
    for path in ["/account/acme", "/account/acme/password"] {
        let page = browser.open(&world.world.url("accounts", path)).await.unwrap();
        assert_eq!(page.status, 403, "{path}: {}", page.text());
        assert!(page.form_with("new_password").is_err(), "{path}");
    }
    let page = browser.open(&world.world.url("accounts", "/account/other/password")).await.unwrap();
    assert_eq!(page.status, 404);
    assert!(corp.binds(&login).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_controller_that_has_not_heard_of_the_change_ends_nothing() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let (second, _held) = corp.second().await.unwrap();
    let domain = Domain { servers: vec![second.url(), corp.first().url()], ..Domain::of(corp) };
    let world = DirectoryWorld::start(KIND, vec![domain], "recheck = \"10s\"\n").await;
    let (login, control) = (corp.somebody(), corp.somebody());
    let (mut browser, mut watched) = (world.world.browser(), world.world.browser());
    world.sign_in(&mut browser, &format!("{login}@corp.example"), &password_of(&login)).await;
    world.sign_in(&mut watched, &format!("{control}@corp.example"), &password_of(&control)).await;
    let form = page(&world, &mut browser).await;
    let done = change(&mut browser, &form, (&password_of(&login), NEW)).await;
    assert_eq!(done.status, 200, "{}", done.text());

    // What the second controller wrote has not reached the first one, which is all that is left.
    second.kill().await.unwrap();
    corp.disable(&control).await.unwrap();
    world.world.clock.advance(Duration::from_secs(11));
    until_ended(&world, &mut watched).await;
    assert!(world.world.has_session(&mut browser, "acme").await);
    second.start().await.unwrap();
    world.sign_in(&mut world.world.browser(), &format!("{login}@corp.example"), NEW).await;
}
