//! One canonical path for the decision and for forwarding, end to end (interface 5; conformance HTTP-03).

use vestibule_tests::world::{Manifest, Scheme, World};

use super::ask_target;

/// A protected workspace with an open corner, and the same with everything open.
async fn world(root: &str) -> World {
    let mut manifest = Manifest::of("acme");
    manifest.routes = format!(
        "[[workspace.routes]]\npath = \"/\"\nupstream = \"http://{{application}}\"\naccess = \"{root}\"\n\
         [[workspace.routes]]\npath = \"/open\"\nupstream = \"http://{{application}}\"\naccess = \"open\"\n"
    );
    World::with(Scheme::Http, &[manifest]).await
}

/// A target, and what a stranger gets: the canonical target at the application, or a status.
const STRANGER: &[(&str, Result<&str, u16>)] = &[
    ("/open", Ok("/open")),
    ("/open/a?b=c", Ok("/open/a?b=c")),
    ("/%6fpen/a", Ok("/open/a")),
    ("/open/%7ea", Ok("/open/~a")),
    ("/secret/../open/a", Ok("/open/a")),
    ("/open/./a", Ok("/open/a")),
    ("/open/%e5%b1%b1", Ok("/open/%E5%B1%B1")),
    ("/open?to=/../secret", Ok("/open?to=/../secret")),
    ("/open/../secret", Err(401)),
    ("/openly", Err(401)),
    ("/OPEN/a", Err(401)),
    ("/", Err(401)),
    ("/open/%2e%2e/secret", Err(400)),
    ("/open/%2e./secret", Err(400)),
    ("/open/%2e/secret", Err(400)),
    ("/open/%252e%252e/secret", Err(400)),
    ("/open/..%2fsecret", Err(400)),
    ("/open/..%252fsecret", Err(400)),
    ("/open/..;/secret", Err(400)),
    ("/open/..%3b/secret", Err(400)),
    ("/open/..%5csecret", Err(400)),
    ("/open/%00", Err(400)),
    ("/open/%0d%0aX:1", Err(400)),
    ("/open/%c0%ae%c0%ae/secret", Err(400)),
    ("/open/%zz", Err(400)),
    ("/open/%", Err(400)),
    ("/open//secret", Err(400)),
    ("//open", Err(400)),
    ("/../open", Err(400)),
];

#[tokio::test]
async fn no_spelling_of_a_path_is_judged_as_one_thing_and_served_as_another() {
    let world = world("session").await;
    for (target, expected) in STRANGER {
        world.application.forget();
        let page = ask_target(&mut world.browser(), &world, target).await;
        let received: Vec<_> = world.application.received().into_iter().map(|one| one.target).collect();
        match expected {
            Ok(canonical) => {
                assert_eq!(
                    (page.status.as_u16(), received),
                    (200, vec![(*canonical).to_owned()]),
                    "{target}"
                );
            }
            Err(status) => assert_eq!((page.status.as_u16(), received), (*status, Vec::new()), "{target}"),
        }
    }
}

/// Paths of the broker, also where every path of the application is open.
#[tokio::test]
async fn no_spelling_of_a_reserved_path_reaches_the_application() {
    let world = world("open").await;
    for (target, status) in [
        ("/.vestibule/session", 401),
        ("/%2evestibule/session", 401),
        ("/.vestibul%65/session", 401),
        ("/open/../.vestibule/session", 401),
        ("/.vestibule/./session", 401),
        ("/.vestibule", 404),
        ("/.vestibule/", 404),
        ("/%2Evestibule/", 404),
        ("/.vestibule/anything", 404),
        ("/.vestibule/verify", 404),
        ("/.vestibule/session/", 404),
        ("/.vestibule/sign-in/../anything", 404),
        ("/.vestibule;x/session", 200),
        ("/.vestibules/session", 200),
        ("/.Vestibule/session", 200),
        ("/a/.vestibule/session", 200),
    ] {
        world.application.forget();
        let page = ask_target(&mut world.browser(), &world, target).await;
        assert_eq!(page.status, status, "{target}: {}", page.text());
        assert_eq!(world.application.received().is_empty(), status != 200, "{target}");
    }
}

/// What lies outside every route is not open by default, whoever asks.
#[tokio::test]
async fn no_route_is_not_found() {
    let mut manifest = Manifest::of("acme");
    manifest.routes =
        "[[workspace.routes]]\npath = \"/app\"\nupstream = \"http://{application}\"\n".to_owned();
    let world = World::with(Scheme::Http, &[manifest]).await;
    let mut browser = world.browser();
    let page = browser.open(&world.url("acme", "/app")).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    world.application.forget();
    for target in ["/", "/ap", "/apps", "/app/../other", "/APP"] {
        for browser in [&mut browser, &mut world.browser()] {
            let page = ask_target(browser, &world, target).await;
            assert_eq!(
                (page.status.as_u16(), page.json()["error"].as_str()),
                (404, Some("ROUTE-NONE")),
                "{target}"
            );
        }
    }
    assert!(world.application.received().is_empty());
}
