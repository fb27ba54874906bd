//! Every form of a sign-in at a directory as somebody else's page, a meddler or a broken program sends it (SESS-03, ASVS 3.5): it is
//! refused, nothing is asked of the directory, and nothing gives 500.

use http::Method;
use vestibule_conformance::wire::{Browser, Form, Page, Request};

use super::{Corp, MINUTE, PLAIN, STEP, TOKEN, WRONG, secret_of};

/// A form that would do something, in the browser that was shown it.
struct Ready {
    path: &'static str,
    browser: Browser,
    form: Form,
}

impl Ready {
    fn fields(&self) -> Vec<(&str, &str)> {
        self.form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }

    fn request(&self, fields: &[(&str, &str)]) -> Request {
        Request::post(self.form.action.as_str(), fields).unwrap().header("accept", "text/html").unwrap()
    }

    /// In a copy of the browser: what is refused may cost it its sign-in.
    async fn send(&self, request: Request) -> Page {
        self.browser.clone().request(request).await.unwrap()
    }
}

/// One form of each route, of alice with a device and of erika whose password is due.
async fn ready(corp: &Corp) -> Vec<Ready> {
    let secret = corp.register("alice").await;
    corp.world().clock.advance(STEP);
    let mut browser = corp.world().browser();
    let form = corp.typed(&mut browser, "bob", &corp.password("bob")).await;
    let mut forms = vec![Ready { path: "/password", browser, form }];
    let mut browser = corp.world().browser();
    let form = corp.first_step(&mut browser, "erika").await.form_with("new_password").unwrap();
    let old = corp.password("erika");
    let form = form.with("current_password", &old).with("new_password", "Another-password-7");
    let form = form.with("new_password_again", "Another-password-7");
    forms.push(Ready { path: "/password/change", browser, form });
    let mut browser = corp.world().browser();
    let form = corp.first_step(&mut browser, "alice").await.form_with("ticket").unwrap();
    let form = form.with("code", &corp.code(&secret, 0).await);
    forms.push(Ready { path: "/token", browser, form });
    let mut browser = corp.world().browser();
    let page = corp.first_step(&mut browser, "carol").await;
    let form = page.form_with("ticket").unwrap().with("code", &corp.code(&secret_of(&page), 0).await);
    forms.push(Ready { path: "/token/register", browser, form });
    for one in &forms {
        assert_eq!(one.form.action.path(), one.path);
    }
    forms
}

/// Nobody came in by any of it, and no password was tried or changed.
async fn assert_untouched(corp: &Corp, binds: &[(u64, u64)], before: usize) {
    let people = ["alice", "bob", "carol", "erika"].map(|name| corp.sandbox.directory.binds(name));
    assert_eq!(people.as_slice(), binds);
    let events = corp.world().audit().await.split_off(before);
    assert!(events.iter().all(|one| one.event == "sign-in.refused"), "{events:?}");
    assert_eq!((corp.rows("devices").await, corp.rows("roots").await), (1, 1));
}

#[tokio::test]
async fn a_form_counts_from_the_page_that_was_shown_and_nowhere_else() {
    let corp = Corp::start(TOKEN).await;
    let forms = ready(&corp).await;
    let binds = ["alice", "bob", "carol", "erika"].map(|name| corp.sandbox.directory.binds(name));
    let before = corp.world().audit().await.len();
    let own = corp.world().origin("accounts");
    let siblings = [corp.world().origin("acme"), corp.world().origin("console"), corp.world().origin("saml")];
    for one in &forms {
        let fields = one.fields();
        let page = one.send(one.request(&fields)).await;
        assert!(
            page.status == 403 && page.text().contains("REQUEST-ORIGIN"),
            "{}: {}",
            one.path,
            page.text()
        );
        let origins =
            ["null", "https://evil.example", "", &own.replace("http:", "https:"), &format!("{own}/")];
        for origin in origins.into_iter().chain(siblings.iter().map(String::as_str)) {
            let page = one.send(one.request(&fields).header("origin", origin).unwrap()).await;
            let refused = page.status == 403 && page.text().contains("REQUEST-ORIGIN");
            assert!(refused, "{} {origin:?}: {}", one.path, page.text());
            assert!(page.header("set-cookie").is_none(), "{} {origin:?}", one.path);
        }
        let twice = one.request(&fields).header("origin", &own).unwrap().header("origin", &own).unwrap();
        assert_eq!(one.send(twice).await.status, 403, "{}: two origins", one.path);
        // Of a page elsewhere, by a person's click: the Lax cookies stay at home.
        let inputs: Vec<_> =
            fields.iter().map(|(name, value)| format!("<input name=\"{name}\" value=\"{value}\">")).collect();
        let html = format!("<form method=post action=\"{}\">{}</form>", one.form.action, inputs.concat());
        let elsewhere = Page::imagined("https://evil.example/", &html).unwrap().forms().remove(0);
        let page = one.browser.clone().submit(&elsewhere).await.unwrap();
        assert!(
            page.status == 403 && page.text().contains("REQUEST-ORIGIN"),
            "{}: {}",
            one.path,
            page.text()
        );
        // In a browser that is in no sign-in, or whose address names none.
        let request = one.request(&fields).header("origin", &own).unwrap();
        let page = corp.world().browser().request(request.clone()).await.unwrap();
        assert!(
            page.status == 400 && page.text().contains("SIGN-IN-COOKIE"),
            "{}: {}",
            one.path,
            page.text()
        );
        let bare = one.form.action.as_str().split('?').next().unwrap();
        for query in ["", "?sign-in=", "?sign-in=x", "?sign-in=..%2f&sign-in=1", "?sign-in=%00"] {
            let request = Request::post(&format!("{bare}{query}"), &fields).unwrap();
            let page = one.send(request.header("origin", &own).unwrap()).await;
            assert_eq!(page.status, 400, "{} {query}: {}", one.path, page.text());
        }
    }
    // A form token is of one sign-in, in the same browser as well.
    let other = corp.typed(&mut forms[0].browser.clone(), "x", "y").await;
    for one in &forms[..2] {
        for token in [None, Some(""), Some("x"), other.field("form_token")] {
            let mut fields = one.fields();
            fields.retain(|(name, _)| *name != "form_token");
            fields.extend(token.map(|token| ("form_token", token)));
            let page = one.send(one.request(&fields).header("origin", &own).unwrap()).await;
            let refused = page.status == 403 && page.text().contains("REQUEST-FORM-TOKEN");
            assert!(refused, "{} {token:?}: {}", one.path, page.text());
        }
    }
    assert_untouched(&corp, &binds, before).await;
}

#[tokio::test]
async fn a_form_that_is_none_gives_no_500() {
    let corp = Corp::start(TOKEN).await;
    let forms = ready(&corp).await;
    let binds = ["alice", "bob", "carol", "erika"].map(|name| corp.sandbox.directory.binds(name));
    let before = corp.world().audit().await.len();
    let own = corp.world().origin("accounts");
    for one in &forms {
        let mebibyte = "x".repeat(1 << 20);
        let all = one.fields();
        let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&all).finish();
        let many = (0..40).map(|number| format!("&f{number}=1")).collect::<Vec<_>>().concat();
        for (row, body, kind, status) in [
            ("empty", String::new(), "application/x-www-form-urlencoded", 0),
            ("no form", encoded.clone(), "application/json", 400),
            ("no kind of form", encoded.clone(), "multipart/form-data; boundary=x", 400),
            ("too many fields", format!("{encoded}{many}"), "application/x-www-form-urlencoded", 400),
            ("a MiB", format!("{encoded}&more={mebibyte}"), "application/x-www-form-urlencoded", 413),
            (
                "a MiB in its fields",
                encoded.replace('=', &format!("={mebibyte}")),
                "application/x-www-form-urlencoded",
                413,
            ),
            (
                "no UTF-8",
                "name=%ff%fe&password=%ff&ticket=%ff&code=%ff".to_owned(),
                "application/x-www-form-urlencoded",
                0,
            ),
        ] {
            let request =
                Request::new(Method::POST, one.form.action.as_str()).unwrap().header("origin", &own).unwrap();
            let request = request.header("content-type", kind).unwrap().body(body);
            let page = one.send(request).await;
            assert!(page.status.is_client_error(), "{} {row}: {} {}", one.path, page.status, page.text());
            assert!(
                status == 0 || page.status == status,
                "{} {row}: {} {}",
                one.path,
                page.status,
                page.text()
            );
        }
        for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::GET, Method::HEAD]
        {
            let shown = one.path == "/password" && matches!(method, Method::GET | Method::HEAD);
            let request = Request::new(method.clone(), one.form.action.as_str()).unwrap();
            let page = one.send(request.header("origin", &own).unwrap()).await;
            assert_eq!(page.status, if shown { 200 } else { 405 }, "{} {method}", one.path);
            assert!(method != Method::HEAD || page.body.is_empty());
        }
        for destination in ["iframe", "image", "object", "empty"] {
            let request = Request::get(one.form.action.as_str()).unwrap();
            let page = one.send(request.header("sec-fetch-dest", destination).unwrap()).await;
            assert_eq!(
                page.status,
                if one.path == "/password" { 403 } else { 405 },
                "{} {destination}",
                one.path
            );
        }
    }
    assert_untouched(&corp, &binds, before).await;
}

/// Two readers could each take another one of two fields: neither counts.
#[tokio::test]
async fn a_field_that_stands_twice_is_none() {
    let corp = Corp::start(TOKEN).await;
    let own = corp.world().origin("accounts");
    for one in &ready(&corp).await {
        let mut fields = one.fields();
        let first = fields.iter().position(|(name, _)| *name != "form_token" && *name != "ticket").unwrap();
        // A name on the form of a change is for password managers; the password itself is what counts.
        let name = if one.path == "/password/change" { "current_password" } else { fields[first].0 };
        fields.push((name, "x"));
        let page = one.send(one.request(&fields).header("origin", &own).unwrap()).await;
        let shown_again = page.status == 200 && !page.forms().is_empty();
        assert!(shown_again, "{} {name}: {} {}", one.path, page.status, page.text());
    }
    assert_eq!(corp.rows("roots").await, 1, "the one that registered");
}

#[tokio::test]
async fn names_and_passwords_that_nobody_has_are_wrong_and_nothing_else() {
    let corp = Corp::with(PLAIN, "lockout_attempts = 100\n").await;
    let mut browser = corp.world().browser();
    let form = corp.typed(&mut browser, "alice", "x").await;
    let long = "x".repeat(10_000);
    for name in [
        "*",
        "(",
        ")",
        "\\",
        "*)(uid=*",
        "admin)(|(a=b",
        "a\0b",
        "CORP\\",
        "\\alice",
        "@corp.example",
        "alice@",
        "@",
        "\u{202e}ecila",
        "alice@corp.example\0",
        "CN=Alice Andersen,CN=Users,DC=corp,DC=example",
        "alice*",
        "a@b@corp.example",
        "\u{7f}",
        &long,
        "ａlice",
        "alice\r\nX: y",
        "<script>alert(1)</script>",
    ] {
        let page = browser.submit(&form.clone().with("name", name)).await.unwrap();
        assert!(
            page.status == 403 && page.text().contains(WRONG),
            "LDAP-01 {name:?}: {} {}",
            page.status,
            page.text()
        );
        assert!(!page.text_body().contains("<script"), "{name:?}");
        corp.world().clock.advance(MINUTE / 4);
    }
    let form = corp.typed(&mut browser, "alice", "x").await;
    for password in ["\0", "a\0b", " ", "\t\n", "\u{a0}", &long, "\u{feff}", "é", "＊"] {
        let page = browser.submit(&form.clone().with("password", password)).await.unwrap();
        assert!(
            page.status == 403 && page.text().contains(WRONG),
            "{password:?}: {} {}",
            page.status,
            page.text()
        );
        assert!(
            !password.is_ascii() || password.len() < 3 || !page.text_body().contains(password),
            "{password:?}"
        );
    }
    for (name, password) in [("", "x"), (" ", "x"), ("alice", "")] {
        let page = browser.submit(&form.clone().with("name", name).with("password", password)).await.unwrap();
        assert!(page.status == 200 && !page.text().contains(WRONG), "{name:?} {password:?}: {}", page.text());
    }
}
