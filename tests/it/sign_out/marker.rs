//! What a browser remembers of a sign-out is of no use against another browser, nor at another host.

use vestibule_conformance::wire::Browser;
use vestibule_tests::world::World;

use super::{assert_signed_out, sign_out, signed_in, world};

const THIRD: &str = "acme-third.vestibule.localhost";
const MARKER: &str = "vestibule-signed-out";

/// The address with which the accounts host tells a workspace of this browser's sign-out; the browser stops before it.
async fn told_address(world: &World, browser: &mut Browser) -> String {
    browser.stop_before(Some("/.vestibule/signed-out"));
    let page = browser.open(&world.url("acme-third", "/")).await.unwrap();
    browser.stop_before(None);
    let address = page.location().expect("it is told through accounts").to_string();
    assert!(address.contains("ended="), "{address}");
    address
}

#[tokio::test]
async fn a_marker_signs_no_other_browser_out() {
    let world = world().await;
    let mut attacker = signed_in(&world).await;
    sign_out(&world, &mut attacker).await;
    let address = told_address(&world, &mut attacker).await;
    attacker.open(&address).await.unwrap();
    let planted = attacker.cookie(THIRD, MARKER).expect("the marker").value;
    // The victim has a session right there.
    let mut victim = signed_in(&world).await;
    victim.open(&world.url("acme-third", "/")).await.unwrap();
    let page = victim.open(&address).await.unwrap();
    assert_eq!(page.text_body(), "the application", "{}", page.text());
    victim.set_cookie(&world.url("acme-third", "/"), &format!("{MARKER}={planted}; Path=/")).unwrap();
    let page = victim.open(&world.url("acme-third", "/")).await.unwrap();
    assert_eq!(page.text_body(), "the application", "a planted marker: {}", page.text());
    for label in ["acme", "acme-second", "acme-third"] {
        assert!(world.has_session(&mut victim, label).await, "{label}");
    }
}

#[tokio::test]
async fn a_marker_that_a_person_without_a_session_there_was_sent_ends_no_session_elsewhere() {
    let world = world().await;
    let mut attacker = signed_in(&world).await;
    sign_out(&world, &mut attacker).await;
    let address = told_address(&world, &mut attacker).await;
    let mut victim = signed_in(&world).await;
    victim.open(&address).await.unwrap();
    for label in ["acme", "acme-second"] {
        assert!(world.has_session(&mut victim, label).await, "{label}");
        let page = victim.open(&world.url(label, "/")).await.unwrap();
        assert_eq!(page.text_body(), "the application", "{label}: {}", page.text());
    }
}

#[tokio::test]
async fn a_marker_is_believed_in_its_own_browser_on_its_own_host_and_unspoilt_alone() {
    let world = world().await;
    let mut attacker = signed_in(&world).await;
    sign_out(&world, &mut attacker).await;
    let address = told_address(&world, &mut attacker).await;
    let flipped = match address.strip_suffix('A') {
        Some(rest) => format!("{rest}g"),
        None => format!("{}A", &address[..address.len() - 1]),
    };
    // A stranger who was sent the address, in the middle of a sign-in of their own, is told so and remembers nothing.
    let mut stranger = world.browser();
    stranger.stop_before(Some("/start"));
    stranger.open(&world.url("acme-third", "/")).await.unwrap();
    stranger.stop_before(None);
    stranger.open(&address).await.unwrap();
    assert!(stranger.cookie(THIRD, MARKER).is_none(), "a marker is for the browser that it was made for");
    for (row, address, believed) in [
        ("the paired positive", address.clone(), true),
        ("another host", address.replace("acme-third", "acme-second"), false),
        ("one letter changed", flipped, false),
        ("cut short", address[..address.len() - 4].to_owned(), false),
        ("empty", world.url("acme-third", "/.vestibule/signed-out?ended="), false),
        ("twice", format!("{address}&ended=x"), false),
        ("none", world.url("acme-third", "/.vestibule/signed-out"), false),
    ] {
        let mut browser = attacker.clone();
        for label in ["acme", "acme-second", "acme-third"] {
            browser.jar().remove(&format!("{label}.vestibule.localhost"), MARKER);
            browser.jar().remove(&format!("{label}.vestibule.localhost"), "vestibule-access");
        }
        let page = browser.open(&address).await.unwrap();
        assert_signed_out(&page, row);
        let kept = ["acme-second.vestibule.localhost", THIRD]
            .iter()
            .any(|host| browser.cookie(host, MARKER).is_some());
        assert_eq!(kept, believed, "{row}");
    }
}
