//! The registration of a device: before the first session, its secret shown once, one device a person, bound to who they are in the
//! directory (TOK-01, TOK-03, TOK-05, TOK-08; PWD-11, PWD-12).

use vestibule_broker::clock::Clock as _;
use vestibule_conformance::wire::Page;
use vestibule_policies::totp::{self, SECRET_LENGTH};

use super::{Corp, PLAIN, STEP, TOKEN, WRONG, assert_code, enter, secret_of, ticket_of};

/// RFC 4648 §6, of twenty bytes.
fn bytes_of(base32: &str) -> [u8; SECRET_LENGTH] {
    let letters = base32.bytes().map(|letter| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'2'..=b'7' => letter - b'2' + 26,
        _ => panic!("{base32} is no Base32"),
    });
    let bits: Vec<bool> =
        letters.flat_map(|five| (0..5).rev().map(move |place| five >> place & 1 == 1)).collect();
    let octets: Vec<u8> = bits
        .chunks_exact(8)
        .map(|octet| octet.iter().fold(0, |octet, bit| octet << 1 | u8::from(*bit)))
        .collect();
    octets.try_into().unwrap()
}

fn uri_of(page: &Page) -> url::Url {
    let link = page.links().into_iter().find(|link| link.href.scheme() == "otpauth");
    link.unwrap_or_else(|| panic!("no link for an app: {}", page.text())).href
}

#[tokio::test]
async fn a_device_is_registered_before_the_first_session_and_its_secret_is_shown_then_alone() {
    let corp = Corp::start(TOKEN).await;
    let mut browser = corp.world().browser();
    let page = corp.first_step(&mut browser, "alice").await;
    assert_eq!(page.header("cache-control"), Some("no-store"), "PWD-12");
    let secret = secret_of(&page);
    let uri = uri_of(&page);
    assert_eq!((uri.host_str(), uri.path()), (Some("totp"), "/Acme%20acme:alice%40corp.example"));
    let parameter = |name: &str| uri.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    assert_eq!((parameter("secret"), parameter("issuer")), (secret.clone(), "Acme acme".to_owned()));
    assert!(page.text_body().contains("<svg class=\"qr\""), "a camera has something to look at");
    assert!(
        !corp.world().has_session(&mut browser, "acme").await,
        "PWD-11: a right password is half a sign-in"
    );
    assert!(corp.world().application.received().is_empty());
    assert_eq!(corp.rows("devices").await, 0, "PWD-12: it is registered by a code");
    // What another program makes of the secret, the product's own arithmetic takes too.
    let code = corp.code(&secret, 0).await;
    let own = totp::Secret::new(bytes_of(&secret));
    let now = corp.world().clock.now();
    assert_eq!(totp::verify(&own, &totp::Code::parse(&code).unwrap(), now, None), Ok(totp::Step::at(now)));
    let again = enter(&mut browser, &page, &corp.wrong_code(&secret).await).await;
    assert_eq!((secret_of(&again), corp.rows("devices").await), (secret.clone(), 0), "nothing is confirmed");
    let page = enter(&mut browser, &again, &code).await;
    assert_eq!(page.text_body(), "the application", "{}", page.text());
    let session = corp.at.session(&mut browser).await;
    assert_eq!(session["amr"], serde_json::json!(["pwd", "otp"]));
    assert_eq!(session["kind"], TOKEN);
    let events = corp.world().audit().await;
    let names: Vec<_> = events.iter().map(|one| one.event.as_str()).collect();
    assert_eq!(names, ["sign-in.refused", "token.registered", "sign-in.succeeded"]);
    assert_eq!(events[1].details["upn"], "alice@corp.example");
    // The next sign-in asks for a code and shows nothing; so does the person's own page.
    corp.world().clock.advance(STEP);
    let mut second = corp.world().browser();
    let asked = corp.first_step(&mut second, "alice").await;
    let account = browser.open(&corp.world().url("accounts", "/account/acme")).await.unwrap();
    assert!(account.text().contains("Registered on"), "{}", account.text());
    for page in [&asked, &account] {
        assert!(!page.text_body().contains("otpauth"), "PWD-12");
        assert!(!page.text_body().replace(' ', "").contains(&secret), "PWD-12");
    }
    let page = enter(&mut second, &asked, &corp.code(&secret, 0).await).await;
    assert_eq!(page.text_body(), "the application");
}

#[tokio::test]
async fn a_half_finished_registration_never_takes_the_place_of_a_device() {
    let corp = Corp::start(TOKEN).await;
    let (mut owner, mut thief) = (corp.world().browser(), corp.world().browser());
    // Both know the password and stand before the same person's first registration.
    let own = corp.first_step(&mut owner, "alice").await;
    let other = corp.first_step(&mut thief, "alice").await;
    let (secret, stolen) = (secret_of(&own), secret_of(&other));
    assert_ne!(secret, stolen);
    let page = enter(&mut owner, &own, &corp.code(&secret, 0).await).await;
    assert_eq!(page.text_body(), "the application");
    corp.world().application.forget();
    let page = enter(&mut thief, &other, &corp.code(&stolen, 0).await).await;
    assert_code(&page, 400, "TOKEN-TICKET");
    assert!(!corp.world().has_session(&mut thief, "acme").await);
    assert_eq!(corp.rows("devices").await, 1);
    corp.world().clock.advance(STEP);
    let asked = corp.first_step(&mut thief, "alice").await;
    let page = enter(&mut thief, &asked, &corp.code(&stolen, 0).await).await;
    assert!(page.text().contains("The code is not right"), "PWD-11: {}", page.text());
    let page = enter(&mut thief, &page, &corp.code(&secret, 0).await).await;
    assert_eq!(page.text_body(), "the application", "it is the first one's device still");
}

#[tokio::test]
async fn of_two_registrations_at_once_one_wins() {
    let corp = Corp::start(TOKEN).await;
    let mut browsers = Vec::new();
    for _ in 0..6 {
        let mut browser = corp.world().browser();
        let page = corp.first_step(&mut browser, "alice").await;
        let code = corp.code(&secret_of(&page), 0).await;
        browsers.push((browser, page, code));
    }
    let mut tries = tokio::task::JoinSet::new();
    for (mut browser, page, code) in browsers {
        tries.spawn(async move { enter(&mut browser, &page, &code).await.text_body() });
    }
    let bodies = tries.join_all().await;
    assert_eq!(bodies.iter().filter(|body| *body == "the application").count(), 1);
    assert_eq!(bodies.iter().filter(|body| body.contains("TOKEN-TICKET")).count(), 5);
    assert_eq!(corp.rows("devices").await, 1);
}

#[tokio::test]
async fn a_device_belongs_to_the_security_identifier() {
    let corp = Corp::start(TOKEN).await;
    let secret = corp.register("alice").await;
    corp.world().clock.advance(STEP);
    assert!(corp.sandbox.directory.rename_upn("alice", "alicia@corp.example"));
    let mut browser = corp.world().browser();
    let page = corp.type_in(&mut browser, "alicia@corp.example", &corp.password("alice")).await;
    let page = enter(&mut browser, &page, &corp.code(&secret, 0).await).await;
    assert_eq!(page.text_body(), "the application", "TOK-08: {}", page.text());
    // Somebody else with the name and, by chance, the password.
    assert!(corp.sandbox.directory.recreate("alice"));
    corp.world().clock.advance(STEP);
    let mut browser = corp.world().browser();
    let page = corp.type_in(&mut browser, "alicia@corp.example", &corp.password("alice")).await;
    assert_ne!(secret_of(&page), secret, "TOK-08: a new account has no device, and gets no old secret");
    let page = enter(&mut browser, &page, &corp.code(&secret, 0).await).await;
    assert!(page.text().contains("The code is not right"), "{}", page.text());
}

#[tokio::test]
async fn both_steps_outlast_a_restart() {
    let mut corp = Corp::start(TOKEN).await;
    let mut browser = corp.world().browser();
    let page = corp.first_step(&mut browser, "alice").await;
    let secret = secret_of(&page);
    corp.at.world.restart().await;
    let page = enter(&mut browser, &page, &corp.code(&secret, 0).await).await;
    assert_eq!(page.text_body(), "the application", "{}", page.text());
    corp.world().clock.advance(STEP);
    let mut browser = corp.world().browser();
    let page = corp.first_step(&mut browser, "alice").await;
    let ticket = ticket_of(&page);
    corp.at.world.crash().await;
    let page = enter(&mut browser, &page, &corp.code(&secret, 0).await).await;
    assert_eq!(page.text_body(), "the application", "{}", page.text());
    assert!(!ticket.is_empty());
}

#[tokio::test]
async fn a_connection_without_a_second_step_asks_for_none() {
    let corp = Corp::start(PLAIN).await;
    let mut browser = corp.world().browser();
    let page = corp.first_step(&mut browser, "alice").await;
    assert_eq!(page.text_body(), "the application");
    assert_eq!(corp.at.session(&mut browser).await["amr"], serde_json::json!(["pwd"]));
    assert_eq!((corp.rows("devices").await, corp.rows("pending").await), (0, 0));
}

/// TOK-09: whoever has no right password learns nothing of the second step: neither that it is there, nor whether somebody has a
/// device, nor whether it is locked.
#[tokio::test]
async fn a_wrong_password_never_leads_to_the_second_step() {
    let corp = Corp::start(TOKEN).await;
    let secret = corp.register("alice").await;
    let mut stranger = corp.world().browser();
    let form = corp.typed(&mut stranger, "x", "wrong").await;
    let mut pages = Vec::new();
    for (row, name) in [("with a device", "alice"), ("without one", "bob"), ("nobody", "nobody")] {
        let page = stranger.submit(&form.clone().with("name", name)).await.unwrap();
        assert!(page.status == 403 && page.text().contains(WRONG), "{row}: {}", page.text());
        assert!(page.form_with("ticket").is_err(), "{row}");
        pages.push(page.text_body().replace(&format!("value=\"{name}\""), "value=\"\""));
    }
    assert!(pages.windows(2).all(|two| two[0] == two[1]), "TOK-09: the three look alike");
    // And what the second step says is the same after any first step: only the ticket differs.
    corp.world().clock.advance(STEP);
    let (mut one, mut two) = (corp.world().browser(), corp.world().browser());
    let first = corp.type_in(&mut one, "CORP\\Alice", &corp.password("alice")).await;
    let second = corp.type_in(&mut two, "alice@corp.example", &corp.password("alice")).await;
    let plain = |page: &Page| {
        let action = page.form_with("ticket").unwrap().action;
        let path = action.query().unwrap().to_owned();
        page.text_body().replace(&ticket_of(page), "").replace(&path, "")
    };
    assert_eq!(plain(&first), plain(&second));
    assert!(!first.text_body().to_lowercase().contains("alice"), "{}", first.text());
    let wrong = enter(&mut two, &second, &corp.wrong_code(&secret).await).await;
    assert!(!wrong.text().to_lowercase().contains("password"), "TOK-09: {}", wrong.text());
}
