//! What holds for every page in every language: escaping, structure, no script but the one that posts to a provider, nothing
//! from elsewhere, and a policy that fits what the page ships (HTTP-15, SESS-06, OAUTH-11).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::digest::{SHA256, digest};
use vestibule_policies::code::Code;
use vestibule_policies::edition::{KindName, MATRIX};

use super::*;

mod built_in;
mod directory;
mod profile;
mod saml;

/// The pages with a form, by the begin of their names.
const FORMS: [&str; 15] = [
    "sign out",
    "post form",
    "arrival",
    "question of a test",
    "password",
    "change of a password",
    "one-time code",
    "registration",
    "account",
    "administrators",
    "forgotten",
    "new password",
    "profile ",
    "new backup codes",
    "passkey ",
];

const LANGUAGES: [Language; 2] = [Language::English, Language::Japanese];

/// Ends an attribute, an element, the title and the style, and tries the handlers that need no element of their own.
const HOSTILE: &str = r#""'></title></style><script>alert(1)</script><img src=x onerror=alert(1)>&lt;"#;
/// The same as an address that a link may carry.
const HOSTILE_URL: &str = r#"/x?"'></a><script>alert(1)</script>&lt;"#;

/// Every page with the given text in all its fields.
fn pages(text: &str, url: &str, language: Language) -> Vec<(&'static str, Html)> {
    let refusal = ErrorPage {
        code: Code::ClaimSid,
        claim: Some("cip_sid"),
        correlation: text,
        retry: Some(url),
        organization: Some(text),
    };
    let down = ApplicationDownPage { code: Code::ApplicationDown, correlation: text, retry: url };
    let question = SignOutPage { organization: text, person: text, form_token: text, to: url };
    let mut all = vec![
        ("error", error(&refusal, language)),
        ("application down", application_down(&down, language)),
        ("sign out", sign_out(&question, language)),
        ("signed out", signed_out(&SignedOutPage { organization: text, sign_in: url }, language)),
        ("onward", onward(&OnwardPage { url, organization: text }, language)),
        ("start", start(&start_page(text, url), language)),
        ("post form", post_form(&saml::form(text, url, &[(text, text)]), language)),
        ("arrival", arrival(&saml::question(text), language)),
        ("trial", saml::full_report(text, url, language)),
        ("question of a test", trial_question(&saml::test_question(text), language)),
        ("password", password(&directory::sign_in(text, url), language)),
        ("change of a password", change_password(&directory::change(text, url), language)),
        ("one-time code", token(&directory::second_step(text, url), language)),
        ("registration", register(&directory::registration(text, url), language)),
        ("account", account(&directory::own(text, url), language)),
        (
            "closed account",
            account_closed(&AccountClosedPage { organization: text, workspace: url }, language),
        ),
        ("administrators' sign-in", sign_in(&built_in::form(text, url), language)),
        ("forgotten", forgotten(&built_in::wish(text, url), language)),
        ("told", forgotten_sent(url, language)),
        ("new password", reset(&built_in::new_password(text, url), language)),
        ("overview", super::profile(&profile::overview(text, url), language)),
    ];
    all.extend(profile::forms(text, url, language));
    all
}

fn start_page<'a>(text: &'a str, url: &'a str) -> StartPage<'a> {
    let account = StartAccount { name: text, username: text, password: text, note: None };
    let special = StartAccount { note: Some(AccountNote::Locked), ..account };
    let sign_in = StartSignIn {
        kind: text,
        title: text,
        url,
        test: url.to_owned(),
        begun_by_provider: Some(url),
        directory: Some(StartDirectory { account: url, registers_device: true }),
        console: Some(url),
        accounts: vec![account],
        more: vec![special],
    };
    let administrator = StartAdministrator { url, username: text, password: text, secret: text, uri: text };
    let matrix = MATRIX.map(|row| StartMatrixRow {
        title: (row.kind != KindName::Local).then(|| row.kind.as_str()),
        served: [row.subscribers, row.administrators_global, row.administrators_japan],
    });
    StartPage { base: url, hosts: vec![text, text], sign_ins: vec![sign_in], matrix, administrator }
}

/// Runs a check over every page in every language, with its name in what it says.
fn every_page(text: &str, url: &str, check: impl Fn(&str, Language, &Html)) {
    for language in LANGUAGES {
        for (name, page) in pages(text, url, language) {
            check(&format!("{name} {language:?}"), language, &page);
        }
    }
}

fn style(page: &Html) -> &str {
    let (_, rest) = page.body.split_once("<style>").unwrap();
    rest.split_once("</style>").unwrap().0
}

/// Names and attribute text of all tags, as an HTML tokenizer sees them in a document without raw `<` in its text.
fn tags(body: &str) -> Vec<&str> {
    body.split('<').skip(1).map(|rest| rest.split_once('>').unwrap().0).collect()
}

#[test]
fn hostile_text_stays_text_on_every_page() {
    let tame = pages("acme", "/x", Language::English);
    every_page(HOSTILE, HOSTILE_URL, |name, language, page| {
        assert!(!page.body.contains("<script>") && !page.body.contains("<img"), "{name}");
        assert!(page.body.contains("&#60;script&#62;"), "{name} shows what it was given");
        assert!(page.body.contains("&#38;lt;"), "{name} escapes what looks escaped");
        let (_, same) = tame.iter().find(|(kind, _)| name.starts_with(kind)).unwrap();
        assert_eq!(
            tags(&page.body).len(),
            tags(&same.body).len(),
            "{name}: {language:?} has the tags of the tame page"
        );
    });
}

#[test]
fn every_page_has_its_language_title_heading_and_landmarks() {
    every_page("acme", "/x", |name, language, page| {
        let once = |what: &str| assert_eq!(page.body.matches(what).count(), 1, "{name}: {what}");
        assert!(page.body.starts_with("<!doctype html>\n<html lang=\""), "{name}");
        once(&format!("<html lang=\"{}\">", language.tag()));
        for tag in ["<h1>", "<header>", "<main>", "<title>", " · Vestibule</title>"] {
            once(tag);
        }
        once("<meta charset=\"utf-8\">");
        once("name=\"viewport\"");
        assert!(!page.body.contains("<title> ·"), "{name} says its matter first");
        assert!(!page.body.contains("user-scalable"), "{name} may be zoomed");
    });
}

#[test]
fn every_element_that_opens_closes() {
    const VOID: [&str; 6] = ["!doctype", "meta", "link", "input", "path", "wbr"];
    every_page("acme", "/x", |name, _, page| {
        let mut open = Vec::new();
        for tag in tags(&page.body) {
            let word = tag.split([' ', '/']).find(|word| !word.is_empty()).unwrap();
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(word), "{name}");
            } else if !VOID.contains(&word) {
                open.push(word);
            }
        }
        assert!(open.is_empty(), "{name}: {open:?}");
    });
}

/// The pages that carry a script.
fn may_run(name: &str) -> bool {
    ["post form", "passkey "].iter().any(|one| name.starts_with(one))
}

#[test]
fn no_page_fetches_anything_and_none_but_the_post_to_a_provider_runs_anything() {
    every_page("acme", "/x", |name, _, page| {
        for tag in tags(&page.body) {
            let lower = tag.to_ascii_lowercase();
            if may_run(name) && lower.starts_with("script nonce=") {
                continue;
            }
            for wrong in ["script", "iframe", "object", "embed", "base", "img"] {
                assert!(!lower.starts_with(wrong), "{name}: <{tag}>");
            }
            for wrong in [" on", " style=", "javascript:", "//", " src=", "formaction", "target="] {
                let without_favicon = lower.replace("http%3a//www.w3.org/2000/svg", "");
                assert!(!without_favicon.contains(wrong), "{name}: <{tag}>");
            }
        }
        for wrong in ["@import", "url(", "expression"] {
            assert!(!style(page).contains(wrong), "{name}: {wrong}");
        }
    });
}

#[test]
fn the_policy_admits_the_style_that_the_page_ships_and_no_other() {
    every_page("acme", "/x", |name, _, page| {
        assert_eq!(page.body.matches("<style").count(), 1, "{name}");
        let hash = STANDARD.encode(digest(&SHA256, style(page).as_bytes()));
        assert!(page.policy.contains(&format!("; style-src 'sha256-{hash}';")), "{name}");
        assert!(page.policy.starts_with("default-src 'none'; "), "{name}");
        assert!(page.policy.ends_with("; base-uri 'none'; frame-ancestors 'none'"), "{name}");
        assert!(!page.policy.contains("unsafe"), "{name}");
        let scripted = page.body.contains("<script");
        assert_eq!(page.policy.contains("; script-src 'nonce-"), scripted, "{name}");
        assert_eq!(scripted, may_run(name), "{name}");
        assert!(page.policy.is_ascii() && !page.policy.contains('\n'), "{name} fits a header");
    });
}

#[test]
fn only_a_page_with_a_form_posts_and_shows_its_origin() {
    every_page("acme", "/x", |name, _, page| {
        let has_form = page.body.contains("<form");
        let (referrer, action) = if name.starts_with("post form") {
            (ReferrerPolicy::NoReferrer, "; form-action https:;")
        } else if name.starts_with("question of a test") {
            (ReferrerPolicy::SameOrigin, "; form-action 'self' https:;")
        } else if has_form {
            (ReferrerPolicy::SameOrigin, "; form-action 'self';")
        } else {
            (ReferrerPolicy::NoReferrer, "; form-action 'none';")
        };
        assert_eq!(page.referrer, referrer, "{name}");
        assert!(page.policy.contains(action), "{name}");
        assert_eq!(has_form, FORMS.iter().any(|one| name.starts_with(one)), "{name}");
    });
    assert_eq!(ReferrerPolicy::SameOrigin.as_str(), "same-origin");
    assert_eq!(ReferrerPolicy::NoReferrer.as_str(), "no-referrer");
}

#[test]
fn no_page_links_to_what_runs_or_leaves_by_a_trick() {
    for address in
        ["javascript:alert(1)", "//evil.example/", "/\\evil.example", "/\t/evil.example", "data:text/html,x"]
    {
        every_page("acme", address, |name, _, page| {
            assert!(!page.body.contains(address), "{name}: {address}");
            // These have a link back or none at all.
            let linked = [
                "sign out",
                "account",
                "administrators",
                "forgotten",
                "profile ",
                "passkey new",
                "passkey in place",
            ]
            .iter()
            .any(|one| name.starts_with(one));
            let without =
                name.starts_with("error") || (!linked && FORMS.iter().any(|one| name.starts_with(one)));
            assert_eq!(page.body.contains("href=\"/\""), !without, "{name}: {address}");
            assert!(!name.starts_with("post form") || !page.body.contains("<form"), "{name}: {address}");
        });
    }
}

#[test]
fn a_refusal_shows_code_attribute_and_reference_and_nothing_it_was_not_given() {
    let bare = ErrorPage {
        code: Code::ClaimSid,
        claim: None,
        correlation: "4f2a9c",
        retry: None,
        organization: None,
    };
    let page = error(&bare, Language::English).body;
    assert!(page.contains("<h1>Your organisation did not send a valid cip_sid for you.</h1>"));
    assert!(page.contains("<code>CLAIM-SID</code>") && page.contains("<code>4f2a9c</code>"));
    for absent in ["Organisation</dt>", "Attribute</dt>", "class=\"button\""] {
        assert!(!page.contains(absent), "{absent}");
    }
    let full = ErrorPage { claim: Some("cip_sid"), retry: Some("/go"), organization: Some("acme"), ..bare };
    let page = error(&full, Language::English).body;
    for present in
        ["<bdi>acme</bdi>", "<code>cip_sid</code>", "<a class=\"button\" href=\"/go\">Try again</a>"]
    {
        assert!(page.contains(present), "{present}");
    }
    for (code, label) in [
        (Code::SignInExpired, "Start again"),
        (Code::AdPasswordDue, "Start again"),
        (Code::AdDown, "Try again"),
        (Code::AdDisabled, "Use another account"),
        (Code::AdAccountExpired, "Use another account"),
        (Code::AdHours, "Use another account"),
        (Code::AdWorkstation, "Use another account"),
        (Code::AdRestricted, "Use another account"),
    ] {
        let page = error(&ErrorPage { code, ..full }, Language::English).body;
        assert!(page.contains(&format!("href=\"/go\">{label}</a>")), "{code}");
    }
}

#[test]
fn sign_out_posts_its_token_to_the_one_path_and_offers_to_stay() {
    let question =
        SignOutPage { organization: "acme", person: "Alice Andersen", form_token: "t0k3n", to: "/reports" };
    let page = sign_out(&question, Language::English).body;
    assert!(page.contains("method=\"post\" action=\"/.vestibule/sign-out\""));
    assert!(page.contains("<input type=\"hidden\" name=\"form_token\" value=\"t0k3n\">"));
    assert!(page.contains("href=\"/reports\">Stay signed in</a>"));
    assert!(page.contains("<bdi>Alice Andersen</bdi>") && page.contains("<bdi>acme</bdi>"));
    // Where a directory proves people there is no identity provider.
    assert!(
        page.contains("At the next sign-in you will be asked to prove again who you are.")
            && !page.contains("provider")
    );
}

#[test]
fn onward_goes_on_at_once_and_by_a_link_and_no_other_page_does() {
    let page = onward(&OnwardPage { url: "/next?a=1&b=2", organization: "acme" }, Language::English).body;
    assert!(page.contains("<meta http-equiv=\"refresh\" content=\"0; url=/next?a=1&#38;b=2\">"));
    assert!(page.contains("href=\"/next?a=1&#38;b=2\""));
    every_page("acme", "/x", |name, _, page| {
        assert_eq!(page.body.contains("http-equiv"), name.starts_with("onward"), "{name}");
    });
}

#[test]
fn accounts_that_are_the_same_are_listed_once_and_no_password_is_lost() {
    let mut page = start_page("acme", "/x");
    let account = |password| StartAccount { name: "Alice", username: "alice", password, note: None };
    let one = StartSignIn {
        kind: "okta",
        title: "Okta",
        accounts: vec![account("pw-one")],
        more: Vec::new(),
        ..page.sign_ins[0].clone()
    };
    let same = StartSignIn { kind: "saml", title: "SAML", ..one.clone() };
    let other = StartSignIn { kind: "ad", title: "AD", accounts: vec![account("pw-two")], ..one.clone() };
    page.sign_ins = vec![one, same, other];
    let body = start(&page, Language::English).body;
    for (once, count) in [("pw-one", 1), ("pw-two", 1), ("<table", 3), ("<section id=", 5)] {
        assert_eq!(body.matches(once).count(), count, "{once}");
    }
    assert!(body.contains("href=\"#okta\">The same accounts as with Okta</a>"));
    for kind in ["okta", "saml", "ad"] {
        assert!(
            body.contains(&format!("<li><a class=\"quiet\" href=\"#{kind}\">")),
            "{kind} is in the index"
        );
        assert!(body.contains(&format!("<section id=\"{kind}\">")), "{kind}");
    }
}

#[test]
fn the_start_page_gives_a_hosts_line_for_every_name() {
    let mut page = start_page("acme", "http://acme-okta.vestibule.localhost:8080/");
    page.hosts = vec!["vestibule.localhost", "accounts.vestibule.localhost"];
    let body = start(&page, Language::English).body;
    assert!(
        body.contains("<code>127.0.0.1 vestibule.localhost\n127.0.0.1 accounts.vestibule.localhost</code>")
    );
    assert!(body.contains("href=\"http://acme-okta.vestibule.localhost:8080/\">Sign in with acme</a>"));
}
