//! Sign-ins through a provider that misbehaves in one thing at a time, seen from outside (conformance A and H).
//!
//! [`sign_in`] is one sign-in of a fresh browser. It holds every refusal against the same rule: no session, one audit event,
//! a plain page with the code, nothing at the application.

mod catalogue;
mod client;
mod codes;
mod deadlines;
mod front_channel;
pub(crate) mod issuer;
mod keys;
mod logout;
mod other_tokens;
mod posted;
mod sign_out;
mod subjects;
mod times;

use vestibule_conformance::hostile::Endpoint;
use vestibule_conformance::wire::{Browser, Page};
use vestibule_policies::code::Code;
use vestibule_tests::world::World;

/// How a sign-in ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    /// At the application, with this session as `/.vestibule/session` shows it.
    In(serde_json::Value),
    /// On the page of a refusal with this code.
    Refused(String),
}

impl Outcome {
    /// The code of a refusal, or `in`.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::In(_) => "in",
            Self::Refused(code) => code,
        }
    }
}

/// Signs in on `acme` with a fresh browser.
pub(crate) async fn sign_in(world: &World, row: &str) -> Outcome {
    let before = world.audit().await.len();
    world.application.forget();
    let mut browser = world.browser();
    let page = browser.open(&world.url("acme", "/")).await.unwrap_or_else(|error| panic!("{row}: {error}"));
    judge(world, row, (&mut browser, &page), before).await
}

/// Holds the end of a sign-in against the rule. `before` is how many audit events there were when it began.
pub(crate) async fn judge(
    world: &World,
    row: &str,
    (browser, page): (&mut Browser, &Page),
    before: usize,
) -> Outcome {
    let events = world.audit().await.split_off(before);
    match events.first().map(|event| (event.event.as_str(), event.code.clone())) {
        Some(("sign-in.succeeded", None)) => {
            assert_eq!((page.status.as_u16(), page.text_body().as_str()), (200, "the application"), "{row}");
            let session = browser.open(&world.url("acme", "/.vestibule/session")).await.expect("the session");
            assert_eq!(session.status, 200, "{row}");
            Outcome::In(session.json())
        }
        Some(("sign-in.refused", Some(code))) => {
            assert_eq!(events.len(), 1, "{row}: one refusal is one event: {events:?}");
            assert_refusal(row, page, &code);
            // CLM-05: what is wrong with one claim names that claim.
            if let Some(claim) = events[0].details["claim"].as_str() {
                assert!(page.text().contains(claim), "{row}: {}", page.text());
            }
            assert_no_session(world, row, browser).await;
            Outcome::Refused(code)
        }
        _ => panic!("{row}: {} at {} with {events:?}", page.status, page.url),
    }
}

/// A plain page: the code's own status, never 500, and nothing of what the provider wrote.
fn assert_refusal(row: &str, page: &Page, code: &str) {
    let known = Code::ALL.iter().find(|one| one.as_str() == code);
    let known = known.unwrap_or_else(|| panic!("{row}: {code} is no code"));
    assert_eq!(page.status.as_u16(), known.status(), "{row}: {}", page.text());
    assert!(
        page.status.is_client_error() || matches!(page.status.as_u16(), 502 | 503),
        "{row}: {}",
        page.status
    );
    assert!(page.is_html(), "{row}");
    assert!(page.text().contains(code), "{row}: {}", page.text());
    assert!(!page.text_body().contains("<script"), "{row}: {}", page.text_body());
}

async fn assert_no_session(world: &World, row: &str, browser: &mut Browser) {
    let access = browser.cookie(&format!("acme.{}", world.domain()), &world.cookie_name("access"));
    assert_eq!(access, None, "{row}: an access cookie");
    let roots = browser.cookies(&format!("accounts.{}", world.domain()));
    let is_root = |name: &str| name.starts_with(&world.cookie_name("signin-"));
    assert!(!roots.iter().any(|cookie| is_root(&cookie.name)), "{row}: a root cookie");
    assert!(world.application.received().is_empty(), "{row}: a request reached the application");
    assert!(!world.has_session(browser, "acme").await, "{row}: a session");
}

/// How often the provider's endpoint was asked since the last `forget_calls`.
pub(crate) fn calls(world: &World, endpoint: Endpoint) -> usize {
    world.provider.calls_to(endpoint).len()
}
