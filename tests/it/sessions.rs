//! How long a session lives: idle and maximum to the millisecond, what counts as activity, and what a change of the
//! limits, of the clock or of the server does to it (SESS-08, SESS-09, SESS-11, OPS-04).

mod roots;

use std::time::Duration;

use http::Method;
use vestibule_conformance::wire::{Browser, Request};
use vestibule_tests::world::{Manifest, Scheme, World};

const IDLE: Duration = Duration::from_mins(20);
const MAXIMUM: Duration = Duration::from_hours(2);
const MILLISECOND: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

fn manifest(idle: &str, maximum: &str) -> Manifest {
    Manifest { sessions: format!("idle = \"{idle}\"\nmaximum = \"{maximum}\"\n"), ..Manifest::of("acme") }
}

/// Idle after twenty minutes, over after two hours.
async fn world() -> World {
    World::with(Scheme::Http, &[manifest("20m", "2h")]).await
}

async fn signed_in(world: &World) -> Browser {
    let mut browser = world.browser();
    world.sign_in(&mut browser).await;
    browser
}

/// What the application gets of a person who clicks.
async fn click(world: &World, browser: &mut Browser, label: &str) {
    let request = Request::get(&world.url(label, "/")).unwrap();
    let page = browser.request(request).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{label} at a moment when the session lives");
}

#[tokio::test]
async fn idle_ends_a_session_at_its_very_millisecond() {
    let world = world().await;
    for (row, wait, lives) in [
        ("SESS-08 idle - 1 ms", IDLE.saturating_sub(MILLISECOND), true),
        ("SESS-08 idle", IDLE, false),
        ("SESS-08 idle + 1 ms", IDLE + MILLISECOND, false),
    ] {
        let mut browser = signed_in(&world).await;
        world.application.forget();
        world.clock.advance(wait);
        assert_eq!(world.has_session(&mut browser, "acme").await, lives, "{row}: to look is no activity");
        let page = browser.request(Request::get(&world.url("acme", "/")).unwrap()).await.unwrap();
        assert_eq!(page.status, if lives { 200 } else { 401 }, "{row}");
        assert_eq!(world.application.received().len(), usize::from(lives), "{row}");
    }
}

#[tokio::test]
async fn the_maximum_ends_a_session_at_its_very_millisecond_whatever_was_done() {
    for (row, left, lives) in
        [("SESS-09 maximum - 1 ms", MILLISECOND, true), ("SESS-09 maximum", Duration::ZERO, false)]
    {
        let world = world().await;
        let mut browser = signed_in(&world).await;
        let step = Duration::from_mins(10);
        for _ in 1..12 {
            world.clock.advance(step);
            click(&world, &mut browser, "acme").await;
            // A second workspace is opened anew each time: that too moves no maximum.
            let fresh = browser.cookie("acme-second.vestibule.localhost", "vestibule-access").is_none();
            let page = browser.open(&world.url("acme-second", "/")).await.unwrap();
            assert_eq!(page.status, 200, "{row}, first time {fresh}");
            browser.jar().remove("acme-second.vestibule.localhost", "vestibule-access");
        }
        world.clock.advance(step.saturating_sub(left));
        assert_eq!(world.has_session(&mut browser, "acme").await, lives, "{row}");
        if lives {
            click(&world, &mut browser, "acme").await;
            world.clock.advance(MILLISECOND);
            assert!(!world.has_session(&mut browser, "acme").await, "{row}: activity moved it");
        }
    }
}

#[tokio::test]
async fn only_what_a_person_does_at_the_application_is_activity() {
    let world = world().await;
    for (row, method, path, header, counts) in [
        ("a navigation", "GET", "/", Some(("sec-fetch-mode", "navigate")), true),
        ("a request of a script", "GET", "/data", Some(("sec-fetch-mode", "cors")), true),
        ("a post", "POST", "/data", None, true),
        ("any other method", "PUT", "/data", None, true),
        ("background 0", "GET", "/data", Some(("vestibule-background", "0")), true),
        ("SESS-08 background", "GET", "/data", Some(("vestibule-background", "1")), false),
        ("SESS-08 a background post", "POST", "/data", Some(("vestibule-background", "1")), false),
        ("SESS-08 prefetch", "GET", "/", Some(("sec-purpose", "prefetch")), false),
        ("SESS-08 prerender", "GET", "/", Some(("sec-purpose", "prefetch;prerender")), false),
        ("SESS-08 an event stream", "GET", "/events", Some(("accept", "text/event-stream")), false),
        ("SESS-08 the session", "GET", "/.vestibule/session", None, false),
        ("SESS-08 the groups", "GET", "/.vestibule/groups", None, false),
        ("SESS-08 the question", "GET", "/.vestibule/sign-out", None, false),
        ("SESS-08 the signed-out page", "GET", "/.vestibule/signed-out", None, false),
        ("SESS-08 the sign-in", "GET", "/.vestibule/sign-in?to=/", Some(("accept", "text/html")), false),
        ("SESS-08 a reserved path", "GET", "/.vestibule/other", None, false),
        ("SESS-08 a reserved path of another spelling", "GET", "/%2evestibule/session", None, false),
        ("SESS-08 the session behind dots", "GET", "/a/../.vestibule/session", None, false),
    ] {
        let mut browser = signed_in(&world).await;
        world.clock.advance(IDLE.saturating_sub(SECOND));
        let mut request = Request::new(Method::try_from(method).unwrap(), &world.url("acme", "/")).unwrap();
        if let Some((name, value)) = header {
            request = request.header(name, value).unwrap();
        }
        browser.request(request.target(path)).await.unwrap();
        world.clock.advance(SECOND);
        assert_eq!(world.has_session(&mut browser, "acme").await, counts, "{row}");
    }
}

#[tokio::test]
async fn coming_back_from_the_sign_in_page_is_no_activity_of_a_session_that_lives() {
    let world = world().await;
    let mut browser = signed_in(&world).await;
    world.clock.advance(IDLE.saturating_sub(SECOND));
    browser.stop_before(Some("/there"));
    let page = browser.open(&world.url("acme", "/.vestibule/sign-in?to=/there")).await.unwrap();
    assert!(page.url.path().ends_with("/complete"), "SESS-08: all but the landing, {}", page.url);
    world.clock.advance(SECOND);
    assert!(!world.has_session(&mut browser, "acme").await, "nothing under /.vestibule/ counts");
}

#[tokio::test]
async fn activity_at_any_workspace_keeps_the_session_everywhere() {
    let world = world().await;
    let mut browser = signed_in(&world).await;
    browser.open(&world.url("acme-second", "/")).await.unwrap();
    for _ in 0..3 {
        world.clock.advance(IDLE.saturating_sub(MILLISECOND));
        click(&world, &mut browser, "acme-second").await;
    }
    world.clock.advance(IDLE.saturating_sub(MILLISECOND));
    assert!(world.has_session(&mut browser, "acme").await, "the other workspace was busy");
    world.clock.advance(MILLISECOND);
    assert!(!world.has_session(&mut browser, "acme").await);
    assert!(!world.has_session(&mut browser, "acme-second").await, "idle is the root's");
}

#[tokio::test]
async fn idle_off_leaves_the_maximum_alone() {
    let world = World::with(Scheme::Http, &[manifest("off", "2h")]).await;
    let mut browser = signed_in(&world).await;
    world.clock.advance(MAXIMUM.saturating_sub(MILLISECOND));
    assert!(world.has_session(&mut browser, "acme").await);
    world.clock.advance(MILLISECOND);
    assert!(!world.has_session(&mut browser, "acme").await);
}

#[tokio::test]
async fn a_lowered_limit_acts_at_once_on_sessions_that_live() {
    for (row, idle, maximum, wait, lives) in [
        (
            "SESS-11 idle is lower, not yet over",
            "5m",
            "2h",
            Duration::from_mins(5).saturating_sub(MILLISECOND),
            true,
        ),
        ("SESS-11 idle is lower", "5m", "2h", Duration::from_mins(5), false),
        ("SESS-11 the maximum is lower", "20m", "6m", Duration::from_mins(6), false),
        ("SESS-11 nothing is lower", "20m", "2h", Duration::from_mins(6), true),
    ] {
        let world = world().await;
        let mut browser = signed_in(&world).await;
        world.clock.advance(wait);
        world.change(&manifest(idle, maximum)).await;
        assert_eq!(world.has_session(&mut browser, "acme").await, lives, "{row}");
        // Also where this browser's access was never looked at before.
        let page = browser.open(&world.url("acme-second", "/")).await.unwrap();
        let trips = page.hops.iter().filter(|hop| hop.url.path() == "/authorize").count();
        assert_eq!(trips, usize::from(!lives), "{row}: the root on accounts");
    }
}

#[tokio::test]
async fn a_limit_that_was_lowered_and_raised_again_revives_no_session() {
    for (row, lower) in [("SESS-11 idle", manifest("5m", "2h")), ("SESS-11 maximum", manifest("20m", "5m"))] {
        let mut world = world().await;
        let mut browser = signed_in(&world).await;
        world.change(&lower).await;
        world.clock.advance(Duration::from_mins(5));
        world.change(&manifest("20m", "2h")).await;
        assert!(!world.has_session(&mut browser, "acme").await, "{row}: dead by the lower limit");
        world.restart().await;
        assert!(!world.has_session(&mut browser, "acme").await, "{row}: and after a restart");
    }
}

#[tokio::test]
async fn a_raised_limit_extends_no_session() {
    for (row, changes) in [
        ("SESS-11 raised", vec![manifest("60m", "24h")]),
        ("SESS-11 off", vec![manifest("off", "24h")]),
        ("SESS-11 lowered, then raised", vec![manifest("5m", "2h"), manifest("20m", "2h")]),
    ] {
        let world = world().await;
        let mut browser = signed_in(&world).await;
        let limit = if changes.len() == 1 { IDLE } else { Duration::from_mins(5) };
        for change in &changes {
            world.change(change).await;
        }
        world.clock.advance(limit.saturating_sub(MILLISECOND));
        assert!(world.has_session(&mut browser, "acme").await, "{row}");
        world.clock.advance(MILLISECOND);
        assert!(!world.has_session(&mut browser, "acme").await, "{row}: the lowest limit stays");
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_revives_nothing_and_extends_nothing() {
    let mut world = world().await;
    let (mut dead, mut alive) = (signed_in(&world).await, signed_in(&world).await);
    world.clock.advance(IDLE.saturating_sub(MILLISECOND));
    click(&world, &mut alive, "acme").await;
    world.clock.advance(MILLISECOND);
    // The clock of sessions has seen this moment; the session itself was not asked for in it.
    assert!(world.has_session(&mut alive, "acme").await);
    world.clock.set_back(Duration::from_hours(1));
    assert!(!world.has_session(&mut dead, "acme").await, "OPS-04: an hour back");
    world.restart().await;
    assert!(!world.has_session(&mut dead, "acme").await, "OPS-04: after a restart");
    assert!(world.has_session(&mut alive, "acme").await, "nobody is signed out by it");
    world.clock.advance(Duration::from_hours(1) + IDLE);
    assert!(!world.has_session(&mut alive, "acme").await, "OPS-04: an hour back and forth extends none");
}

/// OPS-04: what the wall lost before the stop is still added after it, so that the time between counts too.
#[tokio::test]
async fn session_time_goes_on_over_a_restart_after_the_wall_was_set_back() {
    let away = Duration::from_mins(5);
    for (row, back) in [
        ("never", Duration::ZERO),
        ("by a millisecond", MILLISECOND),
        ("by less than the restart takes", Duration::from_mins(3)),
        ("by an hour", Duration::from_hours(1)),
    ] {
        for (moment, lives) in [("just before", true), ("at its end", false)] {
            let mut world = world().await;
            let mut browser = signed_in(&world).await;
            world.clock.set_back(back);
            assert!(world.has_session(&mut browser, "acme").await, "{row}: nobody is signed out by it");
            world.restart_after(away).await;
            let left = IDLE.saturating_sub(away);
            world.clock.advance(if lives { left.saturating_sub(MILLISECOND) } else { left });
            let found = world.has_session(&mut browser, "acme").await;
            assert_eq!(found, lives, "OPS-04, SESS-08: set back {row}, {moment}");
        }
    }
}

/// OPS-04: set back while nothing runs, which nobody can tell from time that stood still: never longer than it lived so far.
#[tokio::test]
async fn a_wall_that_is_set_back_between_stop_and_start_revives_nothing() {
    let mut world = world().await;
    let mut browser = signed_in(&world).await;
    world.clock.advance(IDLE.saturating_sub(MILLISECOND));
    assert!(world.has_session(&mut browser, "acme").await);
    world.clock.set_back(Duration::from_hours(1));
    world.restart().await;
    world.clock.set_back(Duration::from_hours(1));
    world.restart().await;
    assert!(world.has_session(&mut browser, "acme").await, "OPS-04: nobody is signed out by it");
    world.clock.advance(MILLISECOND);
    assert!(!world.has_session(&mut browser, "acme").await, "OPS-04: and nothing is won");
}

#[tokio::test]
async fn a_restart_keeps_sessions_and_their_latest_activity() {
    let mut world = world().await;
    let mut browser = signed_in(&world).await;
    world.clock.advance(Duration::from_secs(3));
    click(&world, &mut browser, "acme").await;
    world.restart().await;
    world.clock.advance(IDLE.saturating_sub(MILLISECOND));
    assert!(world.has_session(&mut browser, "acme").await, "what was coalesced was written at the stop");
    world.clock.advance(MILLISECOND);
    assert!(!world.has_session(&mut browser, "acme").await);
}

#[tokio::test]
async fn a_crash_only_shortens_a_session() {
    let mut world = world().await;
    let mut browser = signed_in(&world).await;
    world.clock.advance(Duration::from_secs(3));
    click(&world, &mut browser, "acme").await;
    world.crash().await;
    world.clock.advance(IDLE.saturating_sub(Duration::from_secs(3)).saturating_sub(MILLISECOND));
    assert!(world.has_session(&mut browser, "acme").await, "what was written counts");
    world.clock.advance(Duration::from_secs(3) + MILLISECOND);
    assert!(!world.has_session(&mut browser, "acme").await, "nothing was gained");
}

#[tokio::test]
async fn activity_reaches_the_store_within_five_seconds() {
    let world = world().await;
    let mut browser = signed_in(&world).await;
    let start = last_activity(&world).await;
    world.clock.advance(SECOND);
    click(&world, &mut browser, "acme").await;
    // Nothing more is done: what waits is written all the same, once five seconds of the clock have gone by.
    world.clock.advance(Duration::from_secs(4));
    let written = tokio::time::timeout(Duration::from_secs(3), async {
        while last_activity(&world).await < start + 1000 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    written
        .await
        .expect("one second of activity stands in the store, and the crash that comes takes none of it");
    assert_eq!(last_activity(&world).await, start + 1000);
}

/// As the store has it, in milliseconds.
async fn last_activity(world: &World) -> i64 {
    sqlx::query_scalar("SELECT MAX(last_activity_ms) FROM roots")
        .fetch_one(world.app().store.readers())
        .await
        .unwrap()
}
