//! Answers that a browser posts from the provider's site, without a cookie of ours (interface 2 and 6, OIDC-RP-18; OAuth 2.0
//! Form Post Response Mode). Beside each sign-in that succeeds stand those that differ from it in one thing.

mod certified;
mod hybrid;

use std::time::Duration;

use vestibule_broker::clock::Clock;
use vestibule_broker::signin::trial;
use vestibule_broker::store::parked::{Parked, park};
use vestibule_certs::token::Token;
use vestibule_conformance::hostile::{AnswerFault, Edit, Endpoint, Fault};
use vestibule_conformance::wire::{Browser, Form, Page, Request};
use vestibule_tests::world::{Manifest, Scheme, World};

use super::{calls, judge};

const SECOND: Duration = Duration::from_secs(1);

fn posting() -> Manifest {
    let of = Manifest::of("acme");
    Manifest { connections: format!("{}response_mode = \"form_post\"\n", of.connections), ..of }
}

async fn world() -> World {
    World::with(Scheme::Http, &[posting()]).await
}

/// A browser that has been at the provider and holds its answer for `acme`, not yet posted.
async fn holding(world: &World) -> (Browser, Form) {
    let mut browser = world.browser();
    let page = browser.open(&world.url("acme", "/")).await.expect("the provider");
    let form = page.form_with("state").unwrap_or_else(|error| panic!("{error}: {}", page.text_body()));
    (browser, form)
}

/// The way from the callback to the landing, not yet gone.
async fn landing(world: &World) -> (Browser, Form, String) {
    let (mut browser, form) = holding(world).await;
    browser.stop_before(Some("/landing"));
    let page = browser.auto_submit(&form).await.unwrap();
    browser.stop_before(None);
    (browser, form, page.location().expect("the landing").to_string())
}

fn fields(form: &Form) -> Vec<(&str, &str)> {
    ["code", "state", "iss", "id_token"]
        .into_iter()
        .filter_map(|name| Some((name, form.field(name)?)))
        .collect()
}

/// Posts these fields to the form's address from a browser without a history.
async fn post(world: &World, form: &Form, fields: &[(&str, &str)]) -> Page {
    let request = Request::post(form.action.as_str(), fields).unwrap();
    world.browser().request(request).await.unwrap()
}

async fn comes_in(browser: &mut Browser, form: &Form) {
    let page = browser.auto_submit(form).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{}", page.text());
}

#[tokio::test]
async fn a_posted_answer_opens_a_session() {
    for scheme in [Scheme::Http, Scheme::Https] {
        let world = World::with(scheme, &[posting()]).await;
        let (mut browser, form) = holding(&world).await;
        let before = world.audit().await.len();
        world.provider.forget_calls();
        let page = browser.auto_submit(&form).await.unwrap();
        let outcome = judge(&world, "form_post", (&mut browser, &page), before).await;
        assert_eq!(outcome.code(), "in");
        assert_eq!(calls(&world, Endpoint::Token), 1);
    }
}

#[tokio::test]
async fn it_is_asked_for_with_pkce_and_a_code_alone() {
    let world = world().await;
    holding(&world).await;
    let [call] = world.provider.calls_to(Endpoint::Authorize).try_into().expect("one request");
    for part in ["response_mode=form_post", "response_type=code&", "code_challenge_method=S256", "nonce="] {
        assert!(format!("{}&", call.query).contains(part), "{part}: {}", call.query);
    }
}

/// interface 2: blind to every cookie. A browser that sends them gets the same answer as one that does not.
#[tokio::test]
async fn the_callback_neither_reads_nor_sets_a_cookie() {
    let world = world().await;
    let (mut browser, form) = holding(&world).await;
    let mut places = Vec::new();
    for browser in [&mut browser, &mut world.browser()] {
        browser.stop_before(Some("/landing"));
        let request = Request::post(form.action.as_str(), &fields(&form)).unwrap();
        let page = browser.request(request.header("origin", "null").unwrap()).await.unwrap();
        browser.stop_before(None);
        assert_eq!(page.status, 303, "{}", page.text());
        assert!(!page.headers.contains_key("set-cookie"));
        places.push(page.location().unwrap());
    }
    assert_eq!(places[0], places[1], "the same octets find the same place");
    assert_eq!(calls(&world, Endpoint::Token), 0, "nobody is called before the browser is there");
    comes_in(&mut browser, &form).await;
}

#[tokio::test]
async fn an_answer_is_taken_once_also_after_a_restart() {
    let mut world = world().await;
    let (mut browser, form) = holding(&world).await;
    comes_in(&mut browser, &form).await;
    for restarted in [false, true] {
        if restarted {
            world.restart().await;
        }
        world.provider.forget_calls();
        for again in [form.clone(), form.clone().with("code", "AAAA")] {
            let before = world.audit().await.len();
            let page = browser.auto_submit(&again).await.unwrap();
            assert_eq!(page.status, 400, "{}", page.text());
            world.assert_refused(before, "SIGN-IN-REPLAY").await;
        }
        assert_eq!(calls(&world, Endpoint::Token), 0);
    }
}

#[tokio::test]
async fn a_landing_is_good_once_and_for_a_minute() {
    let mut world = world().await;
    let (mut browser, _, place) = landing(&world).await;
    world.restart().await;
    let page = browser.open(&place).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{}", page.text());
    let again = browser.open(&place).await.unwrap();
    assert!(again.text().contains("SIGN-IN-REPLAY"), "{}", again.text());
    for (seconds, there) in [(59, true), (60, false)] {
        let (mut browser, _, place) = landing(&world).await;
        world.clock.advance(seconds * SECOND);
        let page = browser.open(&place).await.unwrap();
        assert_eq!(page.text_body() == "the application", there, "{seconds} s: {}", page.text());
    }
}

#[tokio::test]
async fn another_browser_gets_nothing_and_takes_nothing() {
    let world = world().await;
    let (mut browser, _, place) = landing(&world).await;
    let (mut other, _) = holding(&world).await;
    for stranger in [&mut other, &mut world.browser()] {
        let page = stranger.open(&place).await.unwrap();
        assert!(page.status == 400 && page.text().contains("SIGN-IN-COOKIE"), "{}", page.text());
    }
    assert_eq!(calls(&world, Endpoint::Token), 0);
    let page = browser.open(&place).await.unwrap();
    assert_eq!(page.text_body(), "the application");
}

/// One waiting answer for each sign-in: whoever posts a second one gets no place, and the first stays.
#[tokio::test]
async fn a_second_answer_for_one_sign_in_finds_no_place() {
    let world = world().await;
    let (mut browser, form, place) = landing(&world).await;
    let state = form.field("state").unwrap();
    let page = post(&world, &form, &[("code", "AAAA"), ("state", state)]).await;
    assert!(page.status == 400 && page.text().contains("SIGN-IN-REPLAY"), "{}", page.text());
    let page = browser.open(&place).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{}", page.text());
}

/// interface 6: what is refused before its browser is there spends nothing.
#[tokio::test]
async fn what_is_malformed_is_refused_and_spends_nothing() {
    let world = world().await;
    let (mut browser, form) = holding(&world).await;
    let good = fields(&form);
    let state = form.field("state").unwrap().to_owned();
    let mut flipped = state.clone().into_bytes();
    flipped[60] ^= 1;
    let flipped = String::from_utf8(flipped).unwrap();
    let without = |name: &str| good.iter().copied().filter(|(field, _)| *field != name).collect::<Vec<_>>();
    let with = |field| [good.clone(), vec![field]].concat();
    let long = "c".repeat(9 * 1024);
    for (row, fields, code) in [
        ("no state", without("state"), "SIGN-IN-STATE"),
        ("another tag", [without("state"), vec![("state", &flipped)]].concat(), "SIGN-IN-STATE"),
        ("two states", with(("state", &state)), "REQUEST-MALFORMED"),
        ("two codes", with(("code", "AAAA")), "REQUEST-MALFORMED"),
        ("no code", without("code"), "OIDC-CODE"),
        ("a long code", [without("code"), vec![("code", &long)]].concat(), "REQUEST-MALFORMED"),
    ] {
        let page = post(&world, &form, &fields).await;
        assert!(page.status.is_client_error() && page.text().contains(code), "{row}: {}", page.text());
    }
    for (row, path) in [("Okta's", "/core/login-okta"), ("another's", "/core/login-oidc/0000000000000000")] {
        let request = Request::post(&world.url("accounts", path), &good).unwrap();
        let page = world.browser().request(request).await.unwrap();
        assert!(page.status.is_client_error(), "{row} address: {}", page.status);
    }
    let request = Request::post(form.action.as_str(), &good).unwrap();
    let page = world.browser().request(request.header("sec-fetch-dest", "iframe").unwrap()).await.unwrap();
    assert!(page.status == 403 && page.text().contains("REQUEST-DESTINATION"), "{}", page.text());
    assert_eq!(calls(&world, Endpoint::Token), 0);
    comes_in(&mut browser, &form).await;
}

#[tokio::test]
async fn too_much_is_refused_before_it_is_read() {
    let world = world().await;
    let (mut browser, form) = holding(&world).await;
    let long = "A".repeat(512 * 1024);
    let page = post(&world, &form, &[("code", &long), ("state", form.field("state").unwrap())]).await;
    assert_eq!(page.status, 413, "{}", page.text());
    comes_in(&mut browser, &form).await;
}

/// Anybody can begin sign-ins and post answers to them: one connection holds so many, and the others go on.
#[tokio::test]
async fn a_flood_fills_one_connections_share_alone() {
    let beta = Manifest { slug: "beta".to_owned(), workspaces: vec!["beta".to_owned()], ..posting() };
    let world = World::with(Scheme::Http, &[posting(), beta]).await;
    let (_, form) = holding(&world).await;
    let id: String = form.action.path().rsplit('/').next().unwrap().to_owned();
    let now = world.clock.now();
    for number in 0..1_000_u32 {
        let hash = Token::generate().unwrap().hash();
        let parked = Parked {
            connection: id.parse().unwrap(),
            sign_in: format!("posted {number}"),
            assertion: format!("posted {number}"),
            usable_until: now.plus(SECOND),
            message: vec![0],
            expires: now.plus(60 * SECOND),
        };
        let write = world
            .app()
            .store
            .write(move |transaction| Box::pin(async move { park(transaction, &hash, &parked, now).await }));
        write.await.unwrap();
    }
    let page = post(&world, &form, &fields(&form)).await;
    assert!(page.status == 503 && page.text().contains("STORE-BUSY"), "{}", page.text());
    let mut browser = world.browser();
    let page = browser.open(&world.url("beta", "/")).await.unwrap();
    comes_in(&mut browser, &page.form_with("state").unwrap()).await;
}

/// An answer in the query is none where a form was asked for, and the other way round.
#[tokio::test]
async fn an_answer_that_comes_the_other_way_is_refused() {
    let world = world().await;
    let (mut browser, form) = holding(&world).await;
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields(&form)).finish();
    let before = world.audit().await.len();
    let page = browser.open(&format!("{}?{query}", form.action)).await.unwrap();
    assert_eq!(judge(&world, "GET", (&mut browser, &page), before).await.code(), "OIDC-RESPONSE-MODE");
    let before = world.audit().await.len();
    browser.auto_submit(&form).await.unwrap();
    // Its cookie went with the refusal.
    world.assert_refused(before, "SIGN-IN-COOKIE").await;
    assert_eq!(calls(&world, Endpoint::Token), 0);

    let world = World::start().await;
    let mut browser = world.browser();
    let held = world.until_the_answer(&mut browser, "acme", "/").await;
    let address = held.location().unwrap();
    let fields: Vec<(String, String)> = address.query_pairs().into_owned().collect();
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let request = Request::post(address.as_str().split('?').next().unwrap(), &fields).unwrap();
    let page = world.browser().request(request).await.unwrap();
    assert!(page.status == 403 && page.text().contains("OIDC-RESPONSE-MODE"), "{}", page.text());
    assert_eq!(calls(&world, Endpoint::Token), 0);
    // That spent nothing.
    let page = browser.follow(&held).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{}", page.text());
}

/// OIDC-RP-18: an error that is posted gives a page, and its sign-in is over.
#[tokio::test]
async fn a_posted_error_gives_a_page_and_spends_the_state() {
    let world = world().await;
    for (error, code) in [("access_denied", "OIDC-DENIED"), ("login_required", "OIDC-ERROR")] {
        let text = "\"><script>alert(1)</script>";
        world.provider.script(Fault::Answer(AnswerFault::Error(error.to_owned(), text.to_owned())));
        let (mut browser, form) = holding(&world).await;
        let mut held = browser.clone();
        let before = world.audit().await.len();
        let page = browser.auto_submit(&form).await.unwrap();
        assert_eq!(judge(&world, error, (&mut browser, &page), before).await.code(), code);
        // Also for whoever kept its cookie.
        let before = world.audit().await.len();
        let good = form.clone().with("code", "AAAA").without("error");
        held.auto_submit(&good).await.unwrap();
        world.assert_refused(before, "SIGN-IN-REPLAY").await;
        assert_eq!(calls(&world, Endpoint::Token), 0);
    }
}

/// A test sign-in goes the same way, opens nothing, and shows what an ordinary one would have been refused for.
#[tokio::test]
async fn a_test_sign_in_shows_what_was_posted() {
    let world = hybrid::okta().await;
    let (organization, connection) = {
        let deployment = world.app().deployment.load_full();
        let tenant = deployment.tenants().next().unwrap();
        (tenant.organization.id, tenant.organization.connections[0].id)
    };
    for (fault, code) in [
        (None, None),
        (Some(Fault::FrontClaims(Edit::remove("c_hash"))), Some("OIDC-CODE-HASH")),
        (Some(Fault::FrontClaims(Edit::remove("nonce"))), Some("OIDC-NONCE")),
    ] {
        match fault {
            Some(fault) => world.provider.script(fault),
            None => world.provider.behave(),
        }
        let ticket =
            trial::issue(&world.app().store, (organization, connection), world.clock.now()).await.unwrap();
        let mut browser = world.browser();
        let address = world.url("accounts", &format!("/test?ticket={}", ticket.as_str()));
        let question = browser.open(&address).await.unwrap().form_with("ticket").unwrap();
        let page = browser.submit(&question).await.unwrap();
        browser.auto_submit(&page.form_with("state").unwrap()).await.unwrap();
        let event = world.audit().await.pop().unwrap();
        assert_eq!((event.event.as_str(), event.details["code"].as_str()), ("test.concluded", code));
        assert!(!world.has_session(&mut browser, "acme").await);
    }
}
