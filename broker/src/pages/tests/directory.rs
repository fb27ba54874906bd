//! The forms for password and one-time code, the registration of a device, and a person's own page.

use super::*;

pub(super) fn sign_in<'a>(text: &'a str, action: &'a str) -> PasswordPage<'a> {
    PasswordPage {
        organization: text,
        action,
        form_token: text,
        name: text,
        default_domain: Some(text),
        typed_domain: Some(DomainExample { name: text, netbios: Some(text) }),
        opens: Opens::Report,
        problem: None,
    }
}

pub(super) fn change<'a>(text: &'a str, action: &'a str) -> ChangePasswordPage<'a> {
    let why = Change::Expired;
    ChangePasswordPage { organization: text, action, form_token: text, name: text, why, problem: None }
}

pub(super) fn second_step<'a>(text: &'a str, action: &'a str) -> TokenPage<'a> {
    TokenPage { organization: text, action, ticket: text, problem: None }
}

pub(super) fn registration<'a>(text: &'a str, action: &'a str) -> RegisterPage<'a> {
    RegisterPage {
        registers: Registers::SignIn,
        organization: text,
        action,
        ticket: text,
        account: text,
        secret: text,
        uri: text,
        problem: None,
    }
}

pub(super) fn own<'a>(text: &'a str, url: &'a str) -> AccountPage<'a> {
    AccountPage {
        organization: text,
        person: text,
        workspace: url,
        change_password: url,
        device: Some(DeviceFact { registered: text }),
        reset_device: url,
        form_token: text,
        notice: Some(AccountNotice::PasswordChanged),
        problem: None,
    }
}

/// Every form as it is there again, by the name of its problem, with the fields that have it and the one with the focus.
fn problems(language: Language) -> Vec<(&'static str, Html, &'static [&'static str], &'static str)> {
    let sign_in = PasswordPage { problem: Some(PasswordProblem::Wrong), ..sign_in("acme", "/x") };
    let change = |problem| {
        change_password(&ChangePasswordPage { problem: Some(problem), ..change("acme", "/x") }, language)
    };
    let own = |problem| account(&AccountPage { problem: Some(problem), ..own("acme", "/x") }, language);
    let code = Some(TokenProblem::Wrong);
    let missing = Some(PasswordProblem::Missing);
    let new: &[&str] = &["new_password", "new_password_again"];
    let all: &[&str] = &["current_password", "new_password", "new_password_again"];
    vec![
        ("wrong", password(&sign_in, language), &["name", "password"], "password"),
        (
            "nothing",
            password(&PasswordPage { name: " ", problem: missing, ..sign_in }, language),
            &["name", "password"],
            "name",
        ),
        (
            "no password",
            password(&PasswordPage { problem: missing, ..sign_in }, language),
            &["password"],
            "password",
        ),
        ("three empty", change(ChangeProblem::Missing), all, "current_password"),
        ("current", change(ChangeProblem::Wrong), &["current_password"], "current_password"),
        ("differ", change(ChangeProblem::Differ), new, "current_password"),
        ("same", change(ChangeProblem::Same), new, "current_password"),
        ("policy", change(ChangeProblem::Policy), new, "current_password"),
        (
            "code",
            token(&TokenPage { problem: code, ..second_step("acme", "/x") }, language),
            &["code"],
            "code",
        ),
        (
            "first code",
            register(&RegisterPage { problem: code, ..registration("acme", "/x") }, language),
            &["code"],
            "code",
        ),
        ("own empty", own(AccountProblem::Missing), &["current_password", "code"], "current_password"),
        ("own password", own(AccountProblem::Wrong), &["current_password"], "current_password"),
        ("own code", own(AccountProblem::Code), &["code"], "current_password"),
    ]
}

/// The inputs that a person sees.
fn fields(body: &str) -> Vec<&str> {
    let seen = |tag: &&str| tag.starts_with("input ") && !tag.contains("hidden");
    tags(body).into_iter().filter(seen).collect()
}

/// The value of an attribute of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

#[test]
fn every_field_has_a_label_and_says_what_it_wants() {
    every_page("acme", "/x", |name, _, page| {
        for field in fields(&page.body) {
            // A tick has its words around it.
            if attribute(field, "type") == Some("checkbox") {
                continue;
            }
            let id = attribute(field, "id").unwrap();
            assert_eq!(page.body.matches(&format!("<label for=\"{id}\">")).count(), 1, "{name}: {id}");
            let posted = if id == "backup" { "code" } else { id };
            assert_eq!(attribute(field, "name"), Some(posted), "{name}");
            assert!(field.ends_with(" required"), "{name}: {id}");
            let (kind, autocomplete) = match id {
                "name" => ("text", "username"),
                "password" | "current_password" => ("password", "current-password"),
                "new_password" | "new_password_again" => ("password", "new-password"),
                "code" => ("text", "one-time-code"),
                "organization" | "backup" | "passkey_name" => ("text", "off"),
                "phone" => ("tel", "tel"),
                "email" => ("email", "email"),
                other => panic!("{name}: {other}"),
            };
            assert_eq!(attribute(field, "type"), Some(kind), "{name}: {id}");
            assert_eq!(attribute(field, "autocomplete"), Some(autocomplete), "{name}: {id}");
            assert_eq!(attribute(field, "inputmode"), (id == "code").then_some("numeric"), "{name}: {id}");
        }
        for described in tags(&page.body).into_iter().filter_map(|tag| attribute(tag, "aria-describedby")) {
            for id in described.split(' ') {
                assert_eq!(page.body.matches(&format!(" id=\"{id}\"")).count(), 1, "{name}: {id}");
            }
        }
        assert!(page.body.matches(" autofocus").count() <= 1, "{name}");
        // What only a script shows is not there yet.
        let main = page.body.split_once("<main>").unwrap().1.replace("role=\"alert\" hidden", "");
        assert!(!main.contains("role=\"alert\"") && !main.contains("aria-invalid"), "{name}");
    });
}

#[test]
fn a_problem_is_told_above_the_form_in_the_title_and_at_its_fields() {
    for (language, title) in
        [(Language::English, "<title>Problem: "), (Language::Japanese, "<title>エラー: ")]
    {
        let mut told = std::collections::BTreeSet::new();
        for (name, page, faulty, focused) in problems(language) {
            let (before, after) =
                page.body.split_once("<p class=\"problem\" id=\"problem\" role=\"alert\">").unwrap();
            assert!(before.contains(title) && !before.contains("<form"), "{name} {language:?}");
            assert!(after.contains("<form") && !after.contains("role=\"alert\""), "{name} {language:?}");
            told.insert(after.split_once('<').unwrap().0.to_owned());
            for field in fields(&page.body) {
                let id = attribute(field, "id").unwrap();
                let describes = attribute(field, "aria-describedby")
                    .is_some_and(|ids| ids.split(' ').any(|id| id == "problem"));
                assert_eq!(field.contains("aria-invalid=\"true\""), faulty.contains(&id), "{name}: {id}");
                assert_eq!(field.contains(" autofocus"), id == focused, "{name}: {id}");
                assert_eq!(describes, faulty.contains(&id) || id == focused, "{name}: {id}");
            }
        }
        assert_eq!(told.len(), 11, "{language:?}: {told:?}");
    }
}

#[test]
fn a_password_page_says_whose_account_and_what_may_be_typed() {
    let page = PasswordPage { name: "", ..sign_in("Acme Corporation", "/sign") };
    let bare = password(&page, Language::English).body;
    for present in [
        "<strong><bdi>Acme Corporation</bdi></strong>",
        "<form class=\"form\" method=\"post\" action=\"/sign\">",
        "help desk",
    ] {
        assert!(bare.contains(present), "{present}");
    }
    assert!(fields(&bare)[0].ends_with(" autofocus required"));
    let known = password(&PasswordPage { name: "CORP\\alice", ..page }, Language::English).body;
    assert!(known.contains("value=\"CORP\\alice\"") && fields(&known)[1].ends_with(" autofocus required"));
}

#[test]
fn the_form_of_a_test_says_that_it_is_one_and_no_other_does() {
    for (opens, said) in [(Opens::Report, true), (Opens::Session, false)] {
        let page = PasswordPage { opens, ..sign_in("acme", "/x") };
        for (language, word) in [(Language::English, "This is a test"), (Language::Japanese, "テスト")] {
            assert_eq!(password(&page, language).body.contains(word), said, "{opens:?} {language:?}");
        }
    }
}

#[test]
fn a_hint_names_the_organisations_own_domains_and_no_others() {
    let with = |name, netbios| Some(DomainExample { name, netbios });
    for (default, typed, expected) in [
        (Some("korp.example"), None, "The name alone is enough in <code>korp.example</code>."),
        (
            Some("korp.example"),
            with("other.example", Some("OTHER")),
            "The name alone is enough in <code>korp.example</code>. For another domain type \
             <code>name@other.example</code> or <code>OTHER\\name</code>.",
        ),
        (
            None,
            with("korp.example", Some("KORP")),
            "Type it in full, as <code>name@korp.example</code> or <code>KORP\\name</code>.",
        ),
        (None, with("korp.example", None), "Type it in full, as <code>name@korp.example</code>."),
        (None, None, ""),
    ] {
        let page = PasswordPage { default_domain: default, typed_domain: typed, ..sign_in("acme", "/sign") };
        let body = password(&page, Language::English).body;
        let hint = body.split_once("id=\"name-hint\">").map(|(_, rest)| rest.split_once("</p>").unwrap().0);
        assert_eq!(hint.unwrap_or_default(), expected);
        let japanese = password(&page, Language::Japanese).body;
        for body in [&body, &japanese] {
            assert_eq!(body.matches("<code>").count(), expected.matches("<code>").count(), "{expected}");
        }
    }
}

#[test]
fn a_backtick_in_a_domain_turns_no_words_into_code() {
    let page = PasswordPage { default_domain: Some("a`b`c"), ..sign_in("x`y", "/x") };
    for language in LANGUAGES {
        let body = password(&page, language).body;
        assert!(body.contains("<code>abc</code>") && body.contains("<code>xy\\name</code>"));
    }
}

#[test]
fn one_sentence_tells_wrong_names_wrong_passwords_and_locked_accounts() {
    let page = PasswordPage { problem: Some(PasswordProblem::Wrong), ..sign_in("acme", "/x") };
    let body = password(&page, Language::English).body;
    for present in ["user name or the password is not right", "sign-in is paused for a while", "help desk"] {
        assert!(body.contains(present), "{present}");
    }
}

#[test]
fn no_secret_that_was_typed_comes_back() {
    for language in LANGUAGES {
        for (name, page, ..) in problems(language) {
            for field in fields(&page.body) {
                let value = attribute(field, "value").unwrap_or_default();
                assert!(value.is_empty() || attribute(field, "name") == Some("name"), "{name}: {field}");
            }
        }
    }
}

#[test]
fn every_reason_to_change_a_password_has_its_words() {
    for language in LANGUAGES {
        let told: std::collections::BTreeSet<String> = [Change::Expired, Change::MustChange, Change::Wish]
            .into_iter()
            .map(|why| change_password(&ChangePasswordPage { why, ..change("acme", "/x") }, language).body)
            .collect();
        assert_eq!(told.len(), 3, "{language:?}");
    }
    for (why, brought) in
        [(Change::Expired, Some("expired")), (Change::MustChange, Some("must-change")), (Change::Wish, None)]
    {
        let body =
            change_password(&ChangePasswordPage { why, ..change("acme", "/x") }, Language::English).body;
        let hidden = tags(&body).into_iter().find(|tag| attribute(tag, "name") == Some("why"));
        assert_eq!(hidden.and_then(|tag| attribute(tag, "value")), brought, "{why:?}");
        assert!(brought.is_none_or(|value| Change::of_form(value) == why), "{why:?}");
    }
    for stranger in ["", "wish", "Expired", "<script>"] {
        assert_eq!(Change::of_form(stranger), Change::MustChange, "{stranger}");
    }
    let body = change_password(&change("alice@corp.example", "/x"), Language::English).body;
    assert!(body.contains(
        "type=\"text\" name=\"name\" value=\"alice@corp.example\" autocomplete=\"username\" readonly"
    ));
}

#[test]
fn a_registration_shows_its_secret_in_three_ways() {
    let uri = "otpauth://totp/Acme:alice%40corp.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme";
    let page = RegisterPage { secret: "GEZD GNBV", uri, ..registration("acme", "/x") };
    let body = register(&page, Language::English).body;
    for present in [
        "<svg class=\"qr\" role=\"img\" aria-labelledby=\"qr-title\" aria-describedby=\"qr-use\"",
        "<title id=\"qr-title\">QR code</title>",
        "<code>GEZD GNBV</code>",
        "href=\"otpauth://totp/Acme:alice%40corp.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&#38;issuer=Acme\"",
    ] {
        assert!(body.contains(present), "{present}");
    }
    assert_eq!(body.matches("<li>").count(), 3);
    // Nothing but such an address becomes a link, and what is too long for a drawing is shown as text alone.
    let long = "x".repeat(3000);
    let plain = register(&RegisterPage { uri: &long, ..page }, Language::English).body;
    assert!(!plain.contains("href=\"x") && !plain.contains("class=\"qr\"") && plain.contains("GEZD GNBV"));
}

#[test]
fn an_account_without_a_device_has_no_form_for_one() {
    let page = AccountPage {
        device: None,
        notice: Some(AccountNotice::DeviceRemoved),
        problem: Some(AccountProblem::Code),
        ..own("acme", "/x")
    };
    let html = account(&page, Language::English);
    assert!(html.body.contains("<p class=\"notice\" role=\"status\">Your device is removed."));
    assert!(!html.body.contains("<form") && !html.body.contains("role=\"alert\""));
    assert!(html.policy.contains("; form-action 'none';"));
    let own = own("2026-01-31", "/x");
    assert!(account(&own, Language::English).body.contains("Registered on 2026-01-31."));
    assert!(account(&own, Language::Japanese).body.contains("登録日: 2026-01-31"));
}

#[test]
fn a_closed_account_leads_to_the_workspace() {
    let page = AccountClosedPage { organization: "acme", workspace: "https://acme.apps.example/" };
    let body = account_closed(&page, Language::English).body;
    assert!(body.contains("<h1>You are not signed in.</h1>"));
    assert!(body.contains("<a class=\"button\" href=\"https://acme.apps.example/\">Sign in</a>"));
}
