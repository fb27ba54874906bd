//! One sign-in across the three hosts, and everything that must not become one (architecture 2).

use vestibule_tests::world::World;

#[tokio::test]
async fn a_person_comes_in_through_the_provider_and_reaches_the_application() {
    let world = World::start().await;
    let mut browser = world.browser();
    let page = browser.open(&world.url("acme", "/reports?year=2026")).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(
        page.url.as_str(),
        world.url("acme", "/reports?year=2026"),
        "back at the address that was asked for"
    );
    let received = world.application.last();
    assert_eq!(received.target, "/reports?year=2026");
    assert_eq!(received.header("x-forwarded-user"), Some("alice@corp.example"));
    let events = world.audit().await;
    assert_eq!(events.iter().map(|one| one.event.as_str()).collect::<Vec<_>>(), ["sign-in.succeeded"]);
}
