//! Whether people who are signed in still stand in their directory (AD-21, SESS-13).

use std::time::Duration;

use tokio::time::Instant;
use vestibule_conformance::wire::Browser;
use vestibule_tests::counterparts::samba::password_of;
use vestibule_tests::directory::DirectoryWorld;
use vestibule_tests::world::Audited;

use super::relay::{Passage, Relay};
use super::{both, corp, refuse};

const TURN: Duration = Duration::from_secs(11);

/// Lets one interval after the other pass until the session of this browser has ended.
pub(super) async fn until_ended(world: &DirectoryWorld, browser: &mut Browser) {
    for _ in 0..10 {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(2) {
            if !world.world.has_session(browser, "acme").await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // A connection that the broker had not seen yet waits its whole interval.
        world.world.clock.advance(TURN);
    }
    panic!("the session does not end");
}

/// How many sessions ended so.
pub(super) fn ended_with(events: &[Audited], by: &str) -> usize {
    events.iter().filter(|one| one.event == "session.ended" && one.details["by"] == by).count()
}

/// Why the directory ended a session.
fn cause(events: &[Audited], session: &str) -> Option<String> {
    let mut ended =
        events.iter().filter(|one| one.event == "session.ended" && one.details["session"] == session);
    let one = ended.next()?;
    assert!(ended.next().is_none() && one.details["by"] == "directory", "{one:?}");
    one.details["cause"].as_str().map(str::to_owned)
}

async fn signed_in(world: &DirectoryWorld, login: &str) -> (Browser, String, String) {
    let mut browser = world.world.browser();
    world.sign_in(&mut browser, &format!("{login}@corp.example"), &password_of(login)).await;
    let session = world.session(&mut browser).await;
    let text = |field: &str| session[field].as_str().unwrap().to_owned();
    (browser, text("session"), text("sub"))
}

#[tokio::test]
async fn what_an_administrator_does_ends_the_sessions_of_whom_it_is_done_to() {
    let (corp, world) = corp("recheck = \"10s\"\n").await;
    let mut people = Vec::new();
    for (act, expected) in [
        ("disabled", Some("disabled")),
        ("deleted", Some("deleted")),
        ("another password", Some("password-changed")),
        ("must change", Some("password-changed")),
        ("recreated", Some("deleted")),
        ("renamed", None),
        ("moved", None),
        ("in another group", None),
        ("nothing", None),
    ] {
        let login = corp.somebody();
        let (browser, session, _) = signed_in(&world, &login).await;
        people.push((act, expected, login, browser, session));
    }
    for (act, _, login, ..) in &people {
        match *act {
            "disabled" => corp.disable(login).await.unwrap(),
            "deleted" => corp.delete(login).await.unwrap(),
            "another password" => corp.set_password(login, "Another-Pw-2").await.unwrap(),
            "must change" => corp.must_change(login).await.unwrap(),
            "recreated" => corp.recreate(login).await.unwrap(),
            "renamed" => corp.rename_upn(login, &format!("{login}-new@mail.corp.example")).await.unwrap(),
            "moved" => corp.move_ou(login, "Leavers").await.unwrap(),
            "in another group" => corp.add_to_group(login, "VPN-Users").await.unwrap(),
            _ => {}
        }
    }
    // Nothing happens before it is time.
    for (act, _, _, browser, _) in &mut people {
        assert!(world.world.has_session(browser, "acme").await, "{act}");
    }
    world.world.clock.advance(TURN);
    for (act, expected, _, browser, _) in &mut people {
        if expected.is_some() {
            until_ended(&world, browser).await;
            let page = browser.open(&world.world.url("acme", "/")).await.unwrap();
            assert_ne!(page.text_body(), "the application", "{act}");
        }
    }
    let events = world.world.audit().await;
    for (act, expected, _, browser, session) in &mut people {
        assert_eq!(cause(&events, session).as_deref(), *expected, "{act}");
        assert_eq!(world.world.has_session(browser, "acme").await, expected.is_none(), "{act}");
    }
}

#[tokio::test]
async fn a_directory_that_is_away_signs_nobody_out() {
    let (corp, partner, mut world) = both("recheck = \"10s\"\n").await;
    let relay = Relay::before(corp.first()).await;
    world.domains[0].servers = vec![relay.url()];
    world.world.outbound = relay.outbound();
    world.world.restart().await;
    world.apply().await;
    let (login, control) = (corp.somebody(), partner.somebody());
    let (mut browser, session, _) = signed_in(&world, &login).await;
    let mut watched = world.world.browser();
    world.sign_in(&mut watched, &format!("{control}@partner.example"), &password_of(&control)).await;

    relay.set(Passage::Cut);
    corp.disable(&login).await.unwrap();
    partner.disable(&control).await.unwrap();
    world.world.clock.advance(TURN);
    until_ended(&world, &mut watched).await;
    assert!(world.world.has_session(&mut browser, "acme").await, "nobody could say");
    relay.set(Passage::Open);
    world.world.clock.advance(TURN);
    until_ended(&world, &mut browser).await;
    assert_eq!(cause(&world.world.audit().await, &session).as_deref(), Some("disabled"));
}

#[tokio::test]
async fn a_person_is_their_account_and_not_its_name() {
    let (corp, world) = corp("").await;
    let login = corp.somebody();
    let (_, _, before) = signed_in(&world, &login).await;
    corp.rename_upn(&login, &format!("{login}-new@mail.corp.example")).await.unwrap();
    corp.move_ou(&login, "Leavers").await.unwrap();
    let mut browser = world.world.browser();
    world.sign_in(&mut browser, &format!("{login}-new@mail.corp.example"), &password_of(&login)).await;
    let session = world.session(&mut browser).await;
    assert_eq!(session["sub"], before.as_str(), "renamed and moved");
    assert_eq!(session["claims"]["cip_upn"], format!("{login}-new@mail.corp.example"));

    corp.recreate(&login).await.unwrap();
    let (_, _, after) = signed_in(&world, &login).await;
    assert_ne!(after, before, "another account under the same name is another person");
    corp.delete(&login).await.unwrap();
    world.world.application.forget();
    let refused = refuse(&world, &format!("{login}@corp.example"), &password_of(&login)).await;
    assert_eq!(refused.why(), ("AD-CREDENTIALS", "unknown-name"));
}
