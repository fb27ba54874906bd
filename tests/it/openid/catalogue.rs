//! Every row of the hostile catalogue against the broker: the verdict, the code, the endpoints that must stay unasked, and
//! that the `state` is worth nothing afterwards.
//!
//! The rows are parted by the place of their fault, so that the parts run side by side.

use std::time::Duration;

use vestibule_conformance::hostile::{AnswerFault, Endpoint, Fault, Misbehaviour, Row, Verdict, catalogue};
use vestibule_conformance::wire::{Browser, Page};
use vestibule_tests::world::World;

use super::codes::code_of;
use super::{Outcome, judge, sign_in};

/// No row but the slow ones may take longer, whatever it sends (JWT-12, OIDC-RP-41).
const BOUND: Duration = Duration::from_secs(5);

/// The place of a row's fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Discovery,
    Answer,
    Exchange,
    Claims,
    Header,
    Signature,
    Userinfo,
    /// Takes the whole deadline: see `deadlines`.
    Slow,
}

fn part_of(row: &Row) -> Part {
    match &row.fault {
        None => Part::Claims,
        Some(fault) => match fault {
            Fault::Endpoint(_, Misbehaviour::Stalled | Misbehaviour::Silent) => Part::Slow,
            Fault::Discovery(_) | Fault::MaxAge(..) => Part::Discovery,
            Fault::Answer(_) => Part::Answer,
            Fault::TokenResponse(_) | Fault::ClientAuth(_) => Part::Exchange,
            Fault::Claims(_) | Fault::FrontClaims(_) => Part::Claims,
            Fault::Header(_) | Fault::Encoding(_) => Part::Header,
            Fault::Keys(_) | Fault::Signing(_) => Part::Signature,
            Fault::UserInfo(_) | Fault::UserInfoAsJwt => Part::Userinfo,
            Fault::Endpoint(endpoint, _) => match endpoint {
                Endpoint::Discovery => Part::Discovery,
                Endpoint::Authorize | Endpoint::Attacker => Part::Answer,
                Endpoint::Token | Endpoint::Keys => Part::Exchange,
                Endpoint::UserInfo => Part::Userinfo,
            },
        },
    }
}

#[tokio::test]
async fn rows_about_discovery() {
    rows(Part::Discovery, 9).await;
}

#[tokio::test]
async fn rows_about_the_authorization_response() {
    rows(Part::Answer, 12).await;
}

#[tokio::test]
async fn rows_about_the_token_endpoint_and_the_key_set() {
    rows(Part::Exchange, 17).await;
}

#[tokio::test]
async fn rows_about_the_claims_of_the_token() {
    rows(Part::Claims, 42).await;
}

#[tokio::test]
async fn rows_about_the_header_and_the_spelling_of_the_token() {
    rows(Part::Header, 32).await;
}

#[tokio::test]
async fn rows_about_keys_and_signatures() {
    rows(Part::Signature, 38).await;
}

#[tokio::test]
async fn rows_about_userinfo() {
    rows(Part::Userinfo, 6).await;
}

/// The rows of a part; a part that lost rows proves nothing.
async fn rows(part: Part, at_least: usize) {
    let world = World::start().await;
    let rows: Vec<Row> = catalogue(&world.provider).into_iter().filter(|row| part_of(row) == part).collect();
    assert!(rows.len() >= at_least, "{part:?} has {} rows", rows.len());
    for row in rows {
        let name = format!("{}: {}", row.id, row.name);
        let tried = tokio::time::timeout(BOUND, try_row(&world, &name, &row)).await;
        assert!(tried.is_ok(), "{name}: not within {BOUND:?}");
    }
    // Nothing of all that is left in a cache: the next person comes in.
    world.provider.behave();
    assert_eq!(sign_in(&world, "afterwards").await.code(), "in");
}

async fn try_row(world: &World, name: &str, row: &Row) {
    match &row.fault {
        Some(fault) => world.provider.script(fault.clone()),
        None => world.provider.behave(),
    }
    world.provider.forget_calls();
    world.application.forget();
    let before = world.audit().await.len();
    let mut browser = world.browser();
    browser.stop_before(Some("/core/"));
    let mut page =
        browser.open(&world.url("acme", "/")).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    browser.stop_before(None);
    // The browser as it is just before the answer, with the transaction's cookie.
    let arrived = page.location().is_some().then(|| (browser.clone(), page.clone()));
    if arrived.is_some() {
        page = browser.follow(&page).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    let outcome = judge(world, name, (&mut browser, &page), before).await;
    assert_verdict(name, row, &outcome);
    for endpoint in row.never {
        assert_eq!(world.provider.calls_to(*endpoint).len(), 0, "{name}: {endpoint:?} was asked");
    }
    if let Some((browser, redirect)) = arrived.filter(|_| brings_our_state(row)) {
        world.provider.behave();
        assert_spent(world, name, browser, &redirect).await;
    }
}

fn assert_verdict(name: &str, row: &Row, outcome: &Outcome) {
    match (row.verdict, outcome) {
        (Verdict::Accepted | Verdict::Either, Outcome::In(_)) => {}
        (Verdict::Refused | Verdict::Either, Outcome::Refused(code)) => {
            assert_eq!(code, code_of(row.name), "{name}");
        }
        (verdict, outcome) => panic!("{name}: {verdict:?} was asked for, {outcome:?} came of it"),
    }
}

/// Whether the answer names the browser's own transaction; another `state`, or two, are nobody's.
fn brings_our_state(row: &Row) -> bool {
    match &row.fault {
        Some(Fault::Answer(
            AnswerFault::Set(name, _) | AnswerFault::Remove(name) | AnswerFault::Again(name, _),
        )) => name != "state",
        Some(_) | None => true,
    }
}

/// interface 6: spent, whatever the outcome. A good answer to the same `state`, from the same browser, comes too late.
async fn assert_spent(world: &World, name: &str, mut browser: Browser, redirect: &Page) {
    let before = world.audit().await.len();
    world.provider.forget_calls();
    let mut again = redirect.location().expect("the answer's address");
    let state = again.query_pairs().find(|(name, _)| name == "state").map(|(_, state)| state.into_owned());
    let state = state.unwrap_or_else(|| panic!("{name}: no state in {again}"));
    again.query_pairs_mut().clear().extend_pairs([
        ("code", "AAAA"),
        ("state", &state),
        ("iss", world.provider.issuer()),
    ]);
    let page = browser.open(again.as_str()).await.expect("the answer again");
    assert_eq!(page.status, 400, "{name}, again: {}", page.text());
    world.assert_refused(before, "SIGN-IN-REPLAY").await;
    assert!(
        world.provider.calls_to(Endpoint::Token).is_empty(),
        "{name}: the code of a spent answer was redeemed"
    );
}
