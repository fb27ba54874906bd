//! The page on which an administrator changes what is theirs (SGN-07, PWD-04, PWD-15, MFA-08 to MFA-23, ED-12; PWD-11, PWD-12, PWD-13,
//! PWD-19, SESS-12).

use vestibule_conformance::wire::{Browser, Form, Page, Request};

use super::{ADA, Enrolled, MINUTE, Office, PASSWORD, PHONE, STEP, assert_code, codes_of, secret_of};

const NEW: &str = "Blau-und-8-Tannen!";
const DAY: std::time::Duration = std::time::Duration::from_hours(24);

/// Every form, with what is typed into it for a change.
const FORMS: [(&str, &[(&str, &str)]); 5] = [
    ("/password", &[("current_password", PASSWORD), ("new_password", NEW), ("new_password_again", NEW)]),
    ("/device", &[("code", "000000")]),
    ("/backup-codes", &[("code", "000000")]),
    ("/phone", &[("phone", "+46 8 123 45 67")]),
    ("/email", &[("email", "ada@new.example"), ("current_password", PASSWORD)]),
];

impl Office {
    pub(super) fn profile(&self, path: &str) -> String {
        self.world.url("accounts", &format!("/profile/acme{path}"))
    }

    /// A browser in which Ada has just proved both factors; the next code of hers is fresh.
    pub(super) async fn proved(&self, ada: &Enrolled) -> Browser {
        let mut browser = self.world.browser();
        let page = self.sign_in(&mut browser, &self.console("/go/acme"), ada).await;
        assert_eq!(page.url.as_str(), self.console("/"), "{}", page.text());
        self.world.clock.advance(STEP);
        browser
    }

    pub(super) async fn ask(&self, browser: &mut Browser, path: &str) -> Page {
        browser.open(&self.profile(path)).await.unwrap()
    }

    pub(super) async fn events(&self, name: &str) -> usize {
        self.world.audit().await.iter().filter(|event| event.event == name).count()
    }
}

fn filled(page: &Page, field: &str, fields: &[(&str, &str)]) -> Form {
    let form = page.form_with(field).unwrap_or_else(|_| panic!("{} {}", page.url, page.text()));
    fields.iter().fold(form, |form, (name, value)| form.with(name, value))
}

fn another(current: &str, new: &str, again: &str) -> [(&'static str, String); 3] {
    [
        ("current_password", current.to_owned()),
        ("new_password", new.to_owned()),
        ("new_password_again", again.to_owned()),
    ]
}

async fn change_password(office: &Office, browser: &mut Browser, fields: &[(&str, String)]) -> Page {
    let page = office.ask(browser, "/password").await;
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.submit(&filled(&page, "new_password", &fields)).await.unwrap()
}

#[tokio::test]
async fn the_overview_tells_what_there_is_and_no_secret() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.world.browser();
    let page = office.password(&mut browser, &office.console("/"), ADA, PASSWORD).await;
    let form = page.form_saying("Verify the backup code").unwrap().with("code", &ada.codes[0]);
    let page = browser.submit(&form).await.unwrap();
    browser.settle(page).await.unwrap();
    office.world.clock.advance(MINUTE * 59);
    let page = office.ask(&mut browser, "").await;
    for said in [
        "Ada Ekström",
        ADA,
        PHONE,
        "less than a day old",
        "10 codes generated on",
        "1 used",
        "Manage your primary MFA method",
        "Manage your MFA recovery methods",
        "the only ways back",
    ] {
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
    assert!(page.text_body().contains(&format!("href=\"{}\"", office.console("/"))));
    // PWD-12: neither the key nor a code comes back, on whichever page.
    let mut fresh = office.proved(&ada).await;
    for path in ["", "/password", "/device", "/backup-codes", "/phone", "/email"] {
        let page = office.ask(&mut fresh, path).await;
        assert_eq!((page.status.as_u16(), page.url.as_str()), (200, office.profile(path).as_str()));
        let body = page.text_body().replace(' ', "");
        assert!(!body.contains(&ada.secret), "{path}");
        assert!(ada.codes.iter().all(|code| !body.contains(&code.replace(' ', ""))), "{path}");
    }
}

/// PWD-19, ASVS 7.5.1.
#[tokio::test]
async fn changes_ask_for_a_recent_sign_in_and_forms_have_a_little_longer() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.proved(&ada).await;
    let mut opened = Vec::new();
    for (path, fields) in FORMS.into_iter().filter(|(path, _)| *path != "/email") {
        opened.push((path, filled(&office.ask(&mut browser, path).await, fields[0].0, fields)));
    }
    // Thirty seconds of the ten minutes are over.
    office.world.clock.advance(MINUTE * 9 + STEP);
    let console = office.console("/.vestibule/sign-in?fresh=1&to=%2Fprofile");
    for (path, _) in FORMS {
        let request = Request::get(&office.profile(path)).unwrap();
        let request = request.header("sec-fetch-mode", "navigate").unwrap();
        browser.stop_before(Some("/.vestibule/sign-in"));
        let page = browser.request(request).await.unwrap();
        assert_eq!((page.status.as_u16(), page.header("location")), (303, Some(console.as_str())), "{path}");
    }
    browser.stop_before(None);
    assert_eq!(office.ask(&mut browser, "").await.status, 200, "looking asks for nothing");
    let (_, phone) = opened.iter().find(|(path, _)| *path == "/phone").unwrap();
    let page = browser.clone().submit(phone).await.unwrap();
    assert!(page.text().contains("Your recovery phone is changed"), "in grace: {}", page.text());
    office.world.clock.advance(MINUTE * 5);
    for (path, form) in &opened {
        let page = browser.clone().submit(form).await.unwrap();
        let (_, to) = page.refresh().unwrap_or_else(|| panic!("{path}: {}", page.text()));
        assert_eq!(to.as_str(), console, "{path}");
    }
    for event in ["password.changed", "token.changed", "backup-codes.replaced"] {
        assert_eq!(office.events(event).await, 0, "{event}");
    }
    // Both factors anew, and the same page opens.
    let page = office.sign_in(&mut browser, &console, &ada).await;
    assert_eq!(page.url.as_str(), office.profile(""), "by way of the console, which knows the slug");
    assert_eq!(office.ask(&mut browser, "/phone").await.url.as_str(), office.profile("/phone"));
}

#[tokio::test]
async fn nobody_else_has_a_profile_and_no_form_of_others_changes_it() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut stranger = office.world.browser();
    for url in
        [office.profile(""), office.profile("/device"), office.world.url("accounts", "/profile/nobody")]
    {
        let page = stranger.open(&url).await.unwrap();
        assert_eq!(page.url.path(), "/sign-in", "{url} leads to the console, which asks who it is");
    }
    // A subscriber's session of the same organisation is none of an administrator.
    let mut subscriber = office.world.browser();
    office.world.sign_in(&mut subscriber).await;
    assert_eq!(office.ask(&mut subscriber, "").await.url.path(), "/sign-in");
    let mut browser = office.proved(&ada).await;
    let beta = office.world.url("accounts", "/profile/beta");
    assert_ne!(browser.clone().open(&beta).await.unwrap().url.as_str(), beta, "no session there");
    for (path, fields) in FORMS {
        let page = office.ask(&mut browser, path).await;
        let token =
            page.form_with("form_token").ok().and_then(|form| form.field("form_token").map(str::to_owned));
        let token = token.unwrap_or_default();
        for (origin, token, status, code) in [
            ("null", token.as_str(), 403, "REQUEST-ORIGIN"),
            ("https://evil.example", &token, 403, "REQUEST-ORIGIN"),
            (&office.world.origin("console"), &token, 403, "REQUEST-ORIGIN"),
            (&office.world.origin("accounts"), "", 403, "REQUEST-FORM-TOKEN"),
            (&office.world.origin("accounts"), "x", 403, "REQUEST-FORM-TOKEN"),
        ] {
            let mut sent = fields.to_vec();
            sent.push(("form_token", token));
            let request = Request::post(&office.profile(path), &sent).unwrap();
            let page = browser.request(request.header("origin", origin).unwrap()).await.unwrap();
            assert_code(&page, status, code);
        }
        let request = Request::post(&office.profile(path), &[("form_token", token.as_str())]).unwrap();
        let request = request.header("origin", &office.world.origin("accounts")).unwrap();
        assert_code(&office.world.browser().request(request).await.unwrap(), 401, "SIGN-IN-REQUIRED");
        let request =
            Request::get(&office.profile(path)).unwrap().header("sec-fetch-dest", "iframe").unwrap();
        assert_code(&browser.request(request).await.unwrap(), 403, "REQUEST-DESTINATION");
    }
    for path in ["/device/new", "/email/new"] {
        assert_eq!(office.ask(&mut browser, path).await.status, 405, "{path}");
    }
    assert!(office.ask(&mut browser, "").await.text().contains(PHONE));
}

/// SGN-07, PWD-04; SESS-12.
#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_what_was_half_proved() {
    let office = Office::start().await;
    let ada = office.ada().await;
    office.world.clock.advance(DAY);
    let (mut elsewhere, mut beta) = (office.proved(&ada).await, office.world.browser());
    let link = office.link("beta", ADA).await;
    office.sign_in(&mut beta, &link, &ada).await;
    office.world.clock.advance(STEP);
    let mut half = office.world.browser();
    let waiting = office.password(&mut half, &office.console("/"), ADA, PASSWORD).await;
    let mut browser = office.proved(&ada).await;
    let page = change_password(&office, &mut browser, &another(PASSWORD, NEW, NEW)).await;
    assert!(page.text().contains("Your password is changed"), "{}", page.text());
    assert!(office.session(&mut browser).await.is_some(), "the session that did it stays");
    for other in [&mut elsewhere, &mut beta] {
        assert!(office.session(other).await.is_none());
    }
    let page = office.second(&mut half, &waiting, &office.code(&ada.secret, 0).await).await;
    assert_code(&page, 400, "TOKEN-TICKET");
    assert_eq!(office.events("password.changed").await, 1);
    let page = office.password(&mut office.world.browser(), &office.console("/"), ADA, PASSWORD).await;
    assert!(page.text().contains("is not right"), "the former one: {}", page.text());
    let page = office.password(&mut office.world.browser(), &office.console("/"), ADA, NEW).await;
    assert!(page.form_saying("Verify").is_ok(), "the new one: {}", page.text());
    // PWD-04: once a day.
    let page = change_password(&office, &mut browser, &another(NEW, PASSWORD, PASSWORD)).await;
    assert!(page.text().contains("less than a day ago"), "{}", page.text());
}

#[tokio::test]
async fn a_password_is_not_changed_without_the_current_one_or_against_the_rules() {
    let office = Office::start().await;
    let ada = office.ada().await;
    office.world.clock.advance(DAY);
    let mut browser = office.proved(&ada).await;
    for (current, new, again, status, said) in [
        ("", NEW, NEW, 200, "Fill in all three fields"),
        (PASSWORD, "", "", 200, "Fill in all three fields"),
        ("wrong", NEW, NEW, 403, "The current password is not right"),
        (PASSWORD, NEW, PASSWORD, 200, "not the same"),
        (PASSWORD, "short", "short", 200, "at least 12"),
        (PASSWORD, PASSWORD, PASSWORD, 200, "was yours before"),
    ] {
        let page = change_password(&office, &mut browser, &another(current, new, again)).await;
        assert_eq!(page.status, status, "{said}");
        assert!(page.text().contains(said), "{said}: {}", page.text());
        for password in [current, new].into_iter().filter(|typed| typed.len() > 5) {
            assert!(!page.text_body().contains(password), "no password comes back");
        }
    }
    assert_eq!(office.events("password.changed").await, 0);
    // Wrong ones are guesses at the sign-in's gate (PWD-05).
    for _ in 0..5 {
        change_password(&office, &mut browser, &another("wrong", NEW, NEW)).await;
    }
    let page = change_password(&office, &mut browser, &another(PASSWORD, NEW, NEW)).await;
    assert!(page.status == 403 && page.text().contains("is not right"), "held: {}", page.text());
}

/// MFA-14, MFA-15, MFA-16; SESS-12, PWD-12.
#[tokio::test]
async fn a_new_device_takes_the_place_of_the_old_one_with_its_first_code() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut elsewhere = office.proved(&ada).await;
    let mut browser = office.proved(&ada).await;
    let question = office.ask(&mut browser, "/device").await;
    assert!(question.text().contains("delete the former entry"), "{}", question.text());
    let form = question.form_saying("Yes, change device").unwrap();
    let page = browser.submit(&form.with("code", &office.code(&ada.secret, 0).await)).await.unwrap();
    let secret = secret_of(&page);
    assert_ne!(secret, ada.secret);
    office.world.clock.advance(STEP);
    // Until the first code of the new one, the old one signs in, and the new one does not.
    let mut half = office.world.browser();
    let waiting = office.password(&mut half, &office.console("/"), ADA, PASSWORD).await;
    let refused = office.second(&mut half, &waiting, &office.code(&secret, 0).await).await;
    assert!(refused.text().contains("The code is not right"), "{}", refused.text());
    let wrong = browser.submit(&filled(&page, "code", &[("code", "000000")])).await.unwrap();
    assert!(wrong.status == 403 && secret_of(&wrong) == secret, "{}", wrong.text());
    let form = filled(&wrong, "code", &[("code", &office.code(&secret, 0).await)]);
    let page = browser.submit(&form).await.unwrap();
    assert!(page.text().contains("Your authenticator app is changed"), "{}", page.text());
    assert!(office.session(&mut browser).await.is_some() && office.session(&mut elsewhere).await.is_none());
    assert_eq!(office.events("token.changed").await, 1);
    // A ticket is good once, and what was half proved by the old one is nothing.
    assert_code(&browser.submit(&form).await.unwrap(), 400, "TOKEN-TICKET");
    let page = office.second(&mut half, &refused, &office.code(&ada.secret, 0).await).await;
    assert!(page.status.is_client_error(), "{}", page.text());
    office.world.clock.advance(STEP);
    let page = office.sign_in(&mut office.world.browser(), &office.console("/"), &ada).await;
    assert!(page.text().contains("The code is not right"), "the old one: {}", page.text());
    let new = Enrolled { secret, codes: ada.codes };
    let page = office.sign_in(&mut office.world.browser(), &office.console("/"), &new).await;
    assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
}

/// MFA-15: a backup code proves in the place of the app; PWD-11: nothing else does.
#[tokio::test]
async fn no_device_is_enrolled_over_another_without_it() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.proved(&ada).await;
    let used = office.code(&ada.secret, -1).await;
    for (code, backup, said) in [
        ("", false, "has six digits"),
        ("000000", false, "The code is not right"),
        (used.as_str(), false, "The code is not right"),
        ("aaaaa aaaaa", true, "The backup code is not right"),
    ] {
        let page = office.ask(&mut browser, "/device").await;
        let button = if backup { "with the backup code" } else { "Yes, change device" };
        let forms = page.forms();
        let form = forms.into_iter().find(|form| (form.field("backup").is_some()) == backup).unwrap();
        let page = browser.submit(&form.with("code", code)).await.unwrap();
        assert!(page.text().contains(said) && page.text().contains(button), "{code}: {}", page.text());
        assert!(!page.text_body().contains("otpauth"), "{code}");
    }
    // A ticket of the sign-in, or of nothing, opens no new device.
    let mut half = office.world.browser();
    let waiting = office.password(&mut half, &office.console("/"), ADA, PASSWORD).await;
    let ticket = waiting.form_saying("Verify").unwrap().field("ticket").unwrap().to_owned();
    let token = office.ask(&mut browser, "/device").await.form_with("form_token").unwrap();
    let token = token.field("form_token").unwrap().to_owned();
    for ticket in ["", "x", &"A".repeat(43), &ticket] {
        let fields = [("form_token", token.as_str()), ("ticket", ticket), ("code", "000000")];
        let request = Request::post(&office.profile("/device/new"), &fields).unwrap();
        let request = request.header("origin", &office.world.origin("accounts")).unwrap();
        assert_code(&browser.request(request).await.unwrap(), 400, "TOKEN-TICKET");
    }
    let page = office.ask(&mut browser, "/device").await;
    let form = page.forms().into_iter().find(|form| form.field("backup").is_some()).unwrap();
    let page = browser.submit(&form.with("code", &ada.codes[9])).await.unwrap();
    let _ = secret_of(&page);
    // A change that waits is void where the person is another by then: here with another password.
    office.world.clock.advance(STEP);
    assert_eq!(office.events("backup-code.used").await, 1);
    office.world.clock.advance(MINUTE * 5);
    let form = filled(&page, "code", &[("code", &office.code(&secret_of(&page), 0).await)]);
    assert_code(&browser.submit(&form).await.unwrap(), 400, "TOKEN-TICKET");
    assert_eq!(office.events("token.changed").await, 0);
}

/// PWD-10: guesses here and at the sign-in are guesses at one door.
#[tokio::test]
async fn wrong_codes_count_in_the_rest_of_the_sign_in() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.proved(&ada).await;
    for path in ["/device", "/backup-codes", "/device", "/backup-codes"] {
        let page = office.ask(&mut browser, path).await;
        browser.submit(&filled(&page, "code", &[("code", "000000")])).await.unwrap();
    }
    let mut half = office.world.browser();
    let waiting = office.password(&mut half, &office.console("/"), ADA, PASSWORD).await;
    let page = office.second(&mut half, &waiting, "000000").await;
    let page = office.second(&mut half, &page, &office.code(&ada.secret, 0).await).await;
    assert!(page.text().contains("too many wrong codes"), "{}", page.text());
    let page = office.ask(&mut browser, "/backup-codes").await;
    let form = filled(&page, "code", &[("code", &office.code(&ada.secret, 0).await)]);
    let page = browser.submit(&form).await.unwrap();
    assert!(page.status == 403 && page.text().contains("too many wrong codes"), "{}", page.text());
    let refusals = office.world.audit().await;
    let refusals = refusals.iter().filter(|event| event.code.as_deref() == Some("TOKEN-CODE")).count();
    assert_eq!(refusals, 5, "each is written down");
}

/// MFA-10, MFA-11; PWD-13.
#[tokio::test]
async fn replaced_backup_codes_are_shown_once_and_the_old_set_is_dead() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.proved(&ada).await;
    let page = office.ask(&mut browser, "/backup-codes").await;
    let form = page.form_saying("Yes, replace").unwrap();
    // A backup code does not get another set of them.
    let page = browser.submit(&form.clone().with("code", &ada.codes[1])).await.unwrap();
    assert!(page.text().contains("has six digits"), "{}", page.text());
    let form = page.form_saying("Yes, replace").unwrap();
    let page = browser.submit(&form.with("code", &office.code(&ada.secret, 0).await)).await.unwrap();
    let codes = codes_of(&page);
    assert!(codes.len() == 10 && codes.iter().all(|code| !ada.codes.contains(code)));
    assert!(page.text_body().contains("download=\"vestibule-backup-codes.txt\""));
    let close = page.form_saying("Close").unwrap().with("saved", "yes");
    let page = browser.submit(&close).await.unwrap();
    assert_eq!(page.url.path(), "/profile/acme");
    assert!(page.text().contains(", 0 used"), "{}", page.text());
    assert!(codes.iter().all(|code| !page.text_body().contains(code)), "shown once");
    assert!(office.session(&mut browser).await.is_some());
    let enter = async |code: &str| {
        let mut browser = office.world.browser();
        let page = office.password(&mut browser, &office.console("/"), ADA, PASSWORD).await;
        let form = page.form_saying("Verify the backup code").unwrap().with("code", code);
        let page = browser.submit(&form).await.unwrap();
        browser.settle(page).await.unwrap()
    };
    for code in &ada.codes[..3] {
        assert!(enter(code).await.text().contains("is not right, or was used before"), "{code}");
    }
    assert_eq!(enter(&codes[0]).await.url.as_str(), office.console("/"));
    assert!(enter(&codes[0]).await.text().contains("was used before"), "each works once");
    assert_eq!(office.events("backup-codes.replaced").await, 1);
}

/// MFA-08, MFA-18.
#[tokio::test]
async fn the_recovery_phone_is_changed_where_its_owner_enrolled() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let link = office.link("beta", ADA).await;
    let mut beta = office.world.browser();
    office.sign_in(&mut beta, &link, &ada).await;
    office.world.clock.advance(STEP);
    let there = office.world.url("accounts", "/profile/beta");
    let page = beta.open(&format!("{there}/phone")).await.unwrap();
    assert!(page.text().contains("enrolled for: Acme"), "{}", page.text());
    let token = beta.open(&format!("{there}/device")).await.unwrap().form_with("form_token").unwrap();
    let fields = [("form_token", token.field("form_token").unwrap()), ("phone", "+46 8 123 45 67")];
    let request = Request::post(&format!("{there}/phone"), &fields).unwrap();
    let request = request.header("origin", &office.world.origin("accounts")).unwrap();
    assert!(beta.request(request).await.unwrap().text().contains("enrolled for: Acme"));
    assert_eq!(office.events("recovery-phone.changed").await, 0);
    let mut browser = office.proved(&ada).await;
    for (phone, said) in
        [("none", "Type a telephone number"), ("+46 8 123 45 67", "Your recovery phone is changed")]
    {
        let page = office.ask(&mut browser, "/phone").await;
        let page = browser.submit(&filled(&page, "phone", &[("phone", phone)])).await.unwrap();
        assert!(page.text().contains(said), "{}", page.text());
    }
    assert!(office.ask(&mut browser, "").await.text().contains("+46 8 123 45 67"));
    assert!(office.session(&mut beta).await.is_some(), "no factor was changed");
    assert_eq!(office.events("recovery-phone.changed").await, 1);
}

#[tokio::test]
async fn without_mail_no_address_is_changed() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.proved(&ada).await;
    let page = office.ask(&mut browser, "/email").await;
    assert!(page.text().contains("sends no mail") && page.form_with("email").is_err(), "{}", page.text());
    let token = office.ask(&mut browser, "/device").await.form_with("form_token").unwrap();
    let fields = [("form_token", token.field("form_token").unwrap()), ("email", "ada@new.example")];
    let request = Request::post(&office.profile("/email"), &fields).unwrap();
    let request = request.header("origin", &office.world.origin("accounts")).unwrap();
    assert!(browser.request(request).await.unwrap().text().contains("sends no mail"));
}

/// ED-12: nothing is enrolled or changed under another name of the accounts host, whichever session its browser has.
#[tokio::test]
async fn a_profile_has_one_host() {
    let mut office = Office::start().await;
    office.world.outbound = "[server.hosts]\naccounts = [\"accounts.vestibule.localhost\", \
                             \"accounts-internal.vestibule.localhost\"]\n"
        .to_owned();
    office.world.restart().await;
    let ada = office.ada().await;
    let mut browser = office.proved(&ada).await;
    let name = browser
        .cookies("accounts.vestibule.localhost")
        .into_iter()
        .find(|cookie| cookie.name.ends_with("-admin"))
        .unwrap();
    let internal = |path: &str| office.world.url("accounts-internal", &format!("/profile/acme{path}"));
    browser.set_cookie(&internal(""), &format!("{}={}; Path=/", name.name, name.value)).unwrap();
    for (path, fields) in FORMS {
        assert_code(&browser.open(&internal(path)).await.unwrap(), 403, "PERSON-HOST");
        let request = Request::post(&internal(path), fields).unwrap();
        let request = request.header("origin", &office.world.origin("accounts")).unwrap();
        assert_code(&browser.request(request).await.unwrap(), 403, "PERSON-HOST");
    }
    assert_eq!(office.ask(&mut browser, "").await.status, 200);
}

/// PWD-09: RFC 6238 §5.2, at the sign-in as in the profile.
#[tokio::test]
async fn a_code_is_taken_one_step_early_or_late_and_each_once() {
    let office = Office::start().await;
    let ada = office.ada().await;
    for (steps, taken) in [(-2, false), (2, false), (-1, true), (1, true)] {
        office.world.clock.advance(MINUTE * 6);
        let mut browser = office.world.browser();
        let page = office.password(&mut browser, &office.console("/"), ADA, PASSWORD).await;
        let code = office.code(&ada.secret, steps).await;
        let page = office.second(&mut browser, &page, &code).await;
        assert_eq!(page.url.as_str() == office.console("/"), taken, "{steps}: {}", page.text());
        let mut again = office.world.browser();
        let page = office.password(&mut again, &office.console("/"), ADA, PASSWORD).await;
        let page = office.second(&mut again, &page, &code).await;
        assert!(page.text().contains("The code is not right"), "{steps} again: {}", page.text());
    }
}

/// PWD-13: in parallel, too.
#[tokio::test]
async fn of_one_backup_code_many_times_at_once_one_is_taken() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut waiting = Vec::new();
    for _ in 0..4 {
        let mut browser = office.world.browser();
        let page = office.password(&mut browser, &office.console("/"), ADA, PASSWORD).await;
        let form = page.form_saying("Verify the backup code").unwrap().with("code", &ada.codes[0]);
        waiting.push((browser, form));
    }
    let tried = waiting.into_iter().map(|(mut browser, form)| {
        tokio::spawn(async move {
            let page = browser.submit(&form).await.unwrap();
            browser.settle(page).await.unwrap().url.path().to_owned()
        })
    });
    let mut entered = 0;
    for one in tried.collect::<Vec<_>>() {
        entered += usize::from(one.await.unwrap() == "/");
    }
    assert_eq!((entered, office.events("backup-code.used").await), (1, 1));
}

/// PWD-03: neither what proves somebody nor what names them stands in the store as it is.
#[tokio::test]
async fn the_store_holds_nothing_of_a_person_in_clear() {
    let office = Office::start().await;
    let ada = office.ada().await;
    let mut browser = office.proved(&ada).await;
    let page = office.ask(&mut browser, "/phone").await;
    browser.submit(&filled(&page, "phone", &[("phone", "+46 8 123 45 67")])).await.unwrap();
    let mut octets = Vec::new();
    let mut folders = vec![office.world.directory().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                octets.extend(std::fs::read(entry.path()).unwrap());
            }
        }
    }
    let holds = |text: &str| octets.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("administrator.joined"), "the store is among the files");
    let codes = ada.codes.iter().flat_map(|code| [code.clone(), code.replace(' ', "")]);
    let secrets = [PASSWORD, &ada.secret, "$argon2id$", PHONE, "+46 8 123 45 67", "Ada Ekstr"];
    for secret in secrets.into_iter().map(str::to_owned).chain(codes) {
        assert!(!holds(&secret), "{secret}");
    }
}
