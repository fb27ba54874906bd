//! Every page of an administrator's, as axe-core sees it in Chromium: WCAG 2.2 AA, in both languages, both themes and two widths, with
//! its strict policy and without a fault of its script.

use std::collections::BTreeMap;
use std::path::PathBuf;

use vestibule_conformance::wire::Browser;
use vestibule_tests::counterparts::axe::{self, Look, OwnCookie, Shown, Variant};

use super::{Office, assert_code};

const GRACE: &str = "grace@acme.example";

impl Office {
    /// What a browser holds of these hosts.
    fn cookies(&self, browser: &Browser) -> Vec<OwnCookie> {
        let of = |label: &str| {
            let url = self.world.origin(label);
            let host = url.split("//").nth(1).and_then(|rest| rest.split(':').next()).unwrap().to_owned();
            let cookies = browser.cookies(&host);
            cookies.into_iter().map(move |cookie| OwnCookie {
                name: cookie.name,
                value: cookie.value,
                url: url.clone(),
            })
        };
        of("console").chain(of("accounts")).collect()
    }
}

fn sent(url: String, fill: &[(&str, &str)], press: &str) -> Shown {
    let fill: BTreeMap<_, _> = fill.iter().map(|(at, text)| ((*at).to_owned(), (*text).to_owned())).collect();
    Shown { url, fill, press: Some(press.to_owned()) }
}

#[tokio::test]
async fn every_page_is_accessible() {
    let office = Office::start().await;
    let (mut ada, _) = office.ada_at_her_desk().await;
    office.invite(&mut ada, GRACE, &["library"]).await;
    let list = ada.open(&office.console("/administrators")).await.unwrap();
    let links: Vec<String> = list.links().into_iter().map(|link| link.href.path().to_owned()).collect();
    let one = |beginning: &str| {
        links.iter().find(|path| path.starts_with(beginning) && !path.ends_with("/invite")).unwrap()
    };
    let mut paths: Vec<&str> = vec![
        "/",
        "/connections",
        "/connections/any",
        "/connections/new/oidc",
        "/connections/new/okta",
        "/connections/new/saml",
        "/connections/new/active-directory",
        "/connections/new/active-directory-token",
        "/directories",
        "/administrators",
        "/administrators/invite",
        "/api-access",
        "/workspace",
        "/sessions",
        "/.vestibule/sign-out",
        "/nowhere",
    ];
    paths.extend([one("/administrators/").as_str(), one("/invitations/").as_str()]);
    let mut pages: Vec<Shown> =
        paths.into_iter().map(|path| Shown { url: office.console(path), ..Shown::default() }).collect();
    let save = "button[value=save]";
    pages.extend([
        sent(office.console("/administrators/invite"), &[("#email", GRACE)], "main form button[type=submit]"),
        sent(office.console("/workspace"), &[("#sessions-idle", "soon")], save),
        sent(office.console("/connections/any"), &[("#issuer", "http://127.0.0.1:9")], "button[value=test]"),
    ]);
    let signed_in = Look {
        cookies: office.cookies(&ada),
        variants: Variant::ALL.to_vec(),
        pages,
        screenshots: pictures("console"),
    };
    judge(&signed_in, &[403, 404, 409, 422]).await;

    let own = ["", "/password", "/device", "/backup-codes", "/passkeys", "/phone", "/email"];
    let own = own.map(|path| office.world.url("accounts", &format!("/profile/acme{path}")));
    let mut pages: Vec<Shown> = own.into_iter().map(|url| Shown { url, ..Shown::default() }).collect();
    pages.push(sent(
        office.world.url("accounts", "/profile/acme/password"),
        &[("#current_password", "x"), ("#new_password", "y"), ("#new_password_again", "z")],
        "main form button[type=submit]",
    ));
    judge(&Look { pages, screenshots: pictures("profile"), ..signed_in.clone() }, &[403]).await;

    // Nobody yet, and somebody who has to prove themselves anew.
    let nobody = Look {
        cookies: Vec::new(),
        pages: vec![
            Shown { url: office.console("/"), ..Shown::default() },
            sent(office.console("/"), &[("#name", "x"), ("#password", "y")], "main form button[type=submit]"),
        ],
        screenshots: pictures("nobody"),
        ..signed_in.clone()
    };
    judge(&nobody, &[403]).await;
    office.world.clock.advance(std::time::Duration::from_mins(11));
    let page = ada.open(&office.console("/administrators/invite")).await.unwrap();
    assert_code(&page, 403, "");
    let stale = Look {
        pages: vec![Shown { url: office.console("/administrators/invite"), ..Shown::default() }],
        screenshots: None,
        ..signed_in
    };
    judge(&stale, &[403]).await;
}

/// A folder of the one that whoever runs this named, if they want to look.
fn pictures(name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("VESTIBULE_SCREENSHOTS")?).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    Some(folder)
}

/// No rule is broken, nothing is refused by a policy, and no page is wider than its window.
async fn judge(wanted: &Look, refusals: &[u16]) {
    let report = axe::look(wanted).await.unwrap();
    assert_eq!(report.seen.len(), wanted.pages.len() * wanted.variants.len());
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
    let mut broken = Vec::new();
    for seen in &report.seen {
        assert!(seen.status < 400 || refusals.contains(&seen.status), "{seen:?}");
        if !seen.violations.is_empty() || seen.wider || seen.title.is_empty() {
            broken.push(format!(
                "{} ({}): wider {} {:#?}",
                seen.url, seen.variant, seen.wider, seen.violations
            ));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
