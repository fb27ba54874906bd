//! Who runs an organisation, in the console: invitations, access, removal, and the sessions of those who do (ADM-15 to ADM-25, SES-09,
//! PWD-17 to PWD-19).

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use vestibule_conformance::wire::{Browser, Form, Page, Request};

use http::Method;
use vestibule_broker::http::route::DeskRoute;
use vestibule_policies::{InvitationId, PersonId};

use super::{ADA, Enrolled, MINUTE, Office, PASSWORD, assert_code};

const GRACE: &str = "grace@acme.example";
const DAY: Duration = Duration::from_hours(24);

/// Two people with full access, each at a desk.
pub(super) struct Desks {
    pub(super) office: Office,
    ada: Browser,
    pub(super) grace: Browser,
    grace_id: String,
}

impl Office {
    /// A browser in which Ada signed in just now.
    pub(super) async fn ada_at_her_desk(&self) -> (Browser, Enrolled) {
        let ada = self.ada().await;
        let mut browser = self.world.browser();
        let page = self.sign_in(&mut browser, &self.console("/"), &ada).await;
        assert_eq!(page.url.as_str(), self.console("/"), "{}", page.text());
        (browser, ada)
    }

    /// Invites somebody, and gives the link that is to be handed over.
    pub(super) async fn invite(&self, browser: &mut Browser, email: &str, access: &[&str]) -> String {
        let page = self.fill_in(browser, email, access).await;
        link_of(&page)
    }

    async fn fill_in(&self, browser: &mut Browser, email: &str, access: &[&str]) -> Page {
        let page = browser.open(&self.console("/administrators/invite")).await.unwrap();
        let form = page.form_with("email").unwrap_or_else(|_| panic!("{}", page.text()));
        browser.submit(&with_access(form.with("email", email), access)).await.unwrap()
    }

    pub(super) async fn desks(access: &[&str]) -> Desks {
        let office = Self::start().await;
        let (mut ada, _) = office.ada_at_her_desk().await;
        let link = office.invite(&mut ada, GRACE, access).await;
        let mut grace = office.world.browser();
        let (page, _) = office.enrol(&mut grace, &link).await;
        assert_eq!(page.url.as_str(), office.console("/"), "{}", page.text());
        let list = ada.open(&office.console("/administrators")).await.unwrap();
        let grace_id = id_of(&list, GRACE);
        Desks { office, ada, grace, grace_id }
    }

    /// How often an event of that name was written down.
    pub(super) async fn count(&self, name: &str) -> usize {
        self.world.audit().await.iter().filter(|event| event.event == name).count()
    }
}

impl Desks {
    fn page(&self, path: &str) -> String {
        self.office.console(path)
    }

    /// The form of an administrator's page that has this button.
    async fn form(&mut self, id: &str, button: &str) -> Form {
        let url = self.page(&format!("/administrators/{id}"));
        let page = self.ada.open(&url).await.unwrap();
        page.form_saying(button).unwrap_or_else(|_| panic!("{}: {}", page.status, page.text()))
    }
}

fn with_access(form: Form, access: &[&str]) -> Form {
    match access {
        ["full"] => form.with("access", "full"),
        permissions => permissions.iter().fold(form.with("access", "custom"), |form, permission| {
            form.with(&format!("permission.{permission}"), "yes")
        }),
    }
}

fn link_of(page: &Page) -> String {
    let body = page.text_body();
    let link = body.split("<code>").nth(1).and_then(|rest| rest.split('<').next());
    link.unwrap_or_else(|| panic!("no link: {} {}", page.status, page.text())).to_owned()
}

/// The id in the address of the row with that e-mail address.
fn id_of(page: &Page, email: &str) -> String {
    let body = page.text_body();
    let row = body.split("<tr>").find(|row| row.replace("<wbr>", "").contains(email));
    let link = row.and_then(|row| row.split("href=\"").nth(1)).and_then(|rest| rest.split('"').next());
    let link = link.unwrap_or_else(|| panic!("no row of {email}: {}", page.text()));
    link.rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn somebody_is_invited_and_comes_with_what_they_were_given() {
    let mut desks = Office::desks(&["library", "system-log"]).await;
    let page = desks.ada.open(&desks.page("/administrators")).await.unwrap();
    assert!(
        page.text().contains("Library, System log") && !page.text().contains("Invite sent"),
        "{}",
        page.text()
    );
    // What they were not given is not theirs, nor is the way to it shown.
    let list = desks.grace.open(&desks.page("/administrators")).await.unwrap();
    assert!(list.status == 200 && list.link("Invite an administrator").is_err(), "{}", list.text());
    let own = format!("/administrators/{}", desks.grace_id);
    for path in ["/administrators/invite", &own] {
        let page = desks.grace.open(&desks.page(path)).await.unwrap();
        assert_code(&page, 403, "ACCESS-DENIED");
    }
    let sessions = desks.grace.open(&desks.page("/sessions")).await.unwrap();
    assert!(
        sessions.text().contains("Yours") && !sessions.text().contains("Everybody's"),
        "{}",
        sessions.text()
    );
    assert_eq!(desks.office.count("administrator.invited").await, 1);
}

/// ADM-18 to ADM-20, PWD-17: five days from the first mail, whatever is sent after it; once; and only the latest link.
#[tokio::test]
async fn an_invitation_is_good_for_five_days_and_once() {
    let office = Office::start().await;
    let (mut ada, secrets) = office.ada_at_her_desk().await;
    let first = office.invite(&mut ada, GRACE, &["full"]).await;
    let again = office.fill_in(&mut ada, GRACE, &["full"]).await;
    assert!(again.status == 409 && again.text().contains("was invited"), "{}", again.text());
    let own = office.fill_in(&mut ada, ADA, &["full"]).await;
    assert_eq!(own.status, 409, "somebody who is one already: {}", own.text());

    office.world.clock.advance(4 * DAY);
    let page = office.sign_in(&mut ada, &office.console("/administrators"), &secrets).await;
    let id = id_of(&page, GRACE);
    let page = ada.open(&office.console(&format!("/invitations/{id}"))).await.unwrap();
    let page = ada.submit(&page.form_saying("Send again").unwrap()).await.unwrap();
    let second = link_of(&page);
    let dead = office.world.browser().open(&first).await.unwrap();
    assert_code(&dead, 403, "PERSON-LINK");
    let alive = office.world.browser().open(&second).await.unwrap();
    assert!(alive.form_with("display_name").is_ok(), "{}", alive.text());

    office.world.clock.advance(DAY);
    let late = office.world.browser().open(&second).await.unwrap();
    assert_code(&late, 403, "PERSON-LINK");
    office.world.clock.advance(MINUTE);
    let page = office.sign_in(&mut ada, &office.console("/administrators"), &secrets).await;
    assert!(page.text().contains("Expired"), "{}", page.text());
    let page = ada.open(&office.console(&format!("/invitations/{id}"))).await.unwrap();
    assert!(page.form_saying("Send again").is_err(), "its days are over: {}", page.text());
    let form = page.form_saying("Withdraw").unwrap();
    let unsure = ada.submit(&form.clone()).await.unwrap();
    assert!(unsure.status == 400 && unsure.text().contains("Tick the box"), "{}", unsure.text());
    let page = ada.submit(&form.with("sure", "yes")).await.unwrap();
    assert!(page.text().contains("was withdrawn") && !page.text().contains(GRACE), "{}", page.text());

    let third = office.invite(&mut ada, GRACE, &["full"]).await;
    office.enrol(&mut office.world.browser(), &third).await;
    let used = office.world.browser().open(&third).await.unwrap();
    assert_code(&used, 403, "PERSON-LINK");
}

#[tokio::test]
async fn a_withdrawn_invitation_leads_nowhere() {
    let office = Office::start().await;
    let (mut ada, _) = office.ada_at_her_desk().await;
    let link = office.invite(&mut ada, GRACE, &["full"]).await;
    let mut grace = office.world.browser();
    let half = office.name_and_password(&mut grace, &link).await;
    let list = ada.open(&office.console("/administrators")).await.unwrap();
    let page = ada.open(&office.console(&format!("/invitations/{}", id_of(&list, GRACE)))).await.unwrap();
    ada.submit(&page.form_saying("Withdraw").unwrap().with("sure", "yes")).await.unwrap();
    // Also for somebody who is half-way in.
    let code = office.code(&super::secret_of(&half), 0).await;
    let page = grace.submit(&half.form_with("code").unwrap().with("code", &code)).await.unwrap();
    assert_code(&page, 403, "PERSON-LINK");
    assert_eq!(office.count("administrator.invitation-withdrawn").await, 1);
}

/// PWD-17: the link is the invited person's alone, in whatever letters their address is written.
#[tokio::test]
async fn only_the_invited_person_gains_the_organisation() {
    let office = Office::start().await;
    let (mut ada, secrets) = office.ada_at_her_desk().await;
    let link = office.invite(&mut ada, GRACE, &["full"]).await;
    let (page, _) = office.enrol(&mut office.world.browser(), &link).await;
    assert_eq!(page.url.as_str(), office.console("/"));
    office.world.clock.advance(MINUTE);
    // Ada is invited to another organisation, and Grace's link to it is of no use to Ada.
    let mut beta = office.world.browser();
    let (page, _) = {
        let link = office.link("beta", "boss@beta.example").await;
        office.enrol(&mut beta, &link).await
    };
    assert_eq!(page.url.as_str(), office.console("/"));
    let of_grace = office.invite(&mut beta, GRACE, &["full"]).await;
    let page = office.sign_in(&mut office.world.browser(), &of_grace, &secrets).await;
    assert_code(&page, 403, "PERSON-LINK");
    office.world.clock.advance(MINUTE);
    let of_ada = office.invite(&mut beta, "ADA@Acme.Example", &["library"]).await;
    let mut browser = office.world.browser();
    office.sign_in(&mut browser, &of_ada, &secrets).await;
    assert_eq!(office.session(&mut browser).await.unwrap()["organization"], "beta");
    // What stays hers at acme is what it was.
    office.world.clock.advance(MINUTE);
    office.sign_in(&mut browser, &office.console("/go/acme"), &secrets).await;
    let page = browser.open(&office.console("/administrators/invite")).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
}

/// ADM-24, PWD-18: somebody with full access stays.
#[tokio::test]
async fn the_last_one_with_full_access_is_neither_removed_nor_demoted() {
    let mut desks = Office::desks(&["library"]).await;
    let list = desks.ada.open(&desks.page("/administrators")).await.unwrap();
    let own = id_of(&list, ADA);
    let form = with_access(desks.form(&own, "Save").await, &["library"]);
    let page = desks.ada.submit(&form).await.unwrap();
    assert!(page.status == 409 && page.text().contains("last administrator"), "{}", page.text());
    let form = desks.form(&own, "Leave").await.with("sure", "yes");
    let page = desks.ada.submit(&form).await.unwrap();
    assert!(page.status == 409 && page.text().contains("last administrator"), "{}", page.text());
    // With a second one, both may go.
    let grace = desks.grace_id.clone();
    let form = with_access(desks.form(&grace, "Save").await, &["full"]);
    let page = desks.ada.submit(&form).await.unwrap();
    assert!(page.text().contains("was changed"), "{}", page.text());
    let form = with_access(desks.form(&own, "Save").await, &["library"]);
    desks.ada.submit(&form).await.unwrap();
    let page = desks.ada.open(&desks.page("/administrators/invite")).await.unwrap();
    assert_code(&page, 403, "ACCESS-DENIED");
    assert_eq!(desks.office.count("administrator.access-changed").await, 2);
}

/// SES-09, ADM-25: what is open of somebody who is removed ends, also where a page of theirs is on its way.
#[tokio::test]
async fn whoever_is_removed_is_out_at_once() {
    let mut desks = Office::desks(&["full"]).await;
    let grace = desks.grace_id.clone();
    let theirs = desks.grace.open(&desks.page("/administrators/invite")).await.unwrap();
    let form = with_access(theirs.form_with("email").unwrap().with("email", "crony@acme.example"), &["full"]);
    let removal = desks.form(&grace, "Remove").await;
    let unsure = desks.ada.submit(&removal.clone()).await.unwrap();
    assert_eq!(unsure.status, 400, "{}", unsure.text());
    let page = desks.ada.submit(&removal.with("sure", "yes")).await.unwrap();
    assert!(page.text().contains("was removed"), "{}", page.text());
    let page = desks.grace.submit(&form).await.unwrap();
    assert_eq!(page.status, 401, "{}", page.text());
    assert!(desks.office.session(&mut desks.grace).await.is_none());
    let list = desks.ada.open(&desks.page("/administrators")).await.unwrap();
    assert!(!list.text().contains("crony") && !list.text().contains(GRACE), "{}", list.text());
    assert_eq!(desks.office.count("administrator.removed").await, 1);
}

/// PWD-19: ten minutes after the sign-in a change asks for a fresh one, and leads back to its page; a form that was open has five more.
#[tokio::test]
async fn what_changes_who_gets_in_needs_a_recent_sign_in() {
    let office = Office::start().await;
    let (mut ada, secrets) = office.ada_at_her_desk().await;
    office.world.clock.advance(Duration::from_secs(599));
    let page = ada.open(&office.console("/administrators/invite")).await.unwrap();
    let form = with_access(page.form_with("email").unwrap().with("email", GRACE), &["full"]);
    office.world.clock.advance(Duration::from_secs(1));
    let stale = ada.open(&office.console("/administrators/invite")).await.unwrap();
    assert!(stale.status == 403 && stale.text().contains("Confirm that it is you"), "{}", stale.text());
    office.world.clock.advance(5 * MINUTE);
    let page = ada.submit(&form).await.unwrap();
    assert!(page.status == 403 && page.text().contains("Confirm that it is you"), "{}", page.text());
    // What only looks is as open as before.
    let list = ada.open(&office.console("/administrators")).await.unwrap();
    assert!(list.status == 200 && !list.text().contains(GRACE), "{}", list.text());
    let link = stale.link("Sign in again").unwrap();
    let page = ada.click(&stale, &link).await.unwrap();
    let form = page.form_with("password").unwrap().with("name", ADA).with("password", PASSWORD);
    let page = ada.submit(&form).await.unwrap();
    let page = office.second(&mut ada, &page, &office.code(&secrets.secret, 0).await).await;
    assert_eq!(page.url.as_str(), office.console("/administrators/invite"), "{}", page.text());
    assert!(page.form_with("email").is_ok(), "{}", page.text());
}

/// The five minutes of grace are a form's, to the second.
#[tokio::test]
async fn a_form_that_was_open_may_come_five_minutes_late() {
    let office = Office::start().await;
    let (mut ada, _) = office.ada_at_her_desk().await;
    let page = ada.open(&office.console("/administrators/invite")).await.unwrap();
    let form = with_access(page.form_with("email").unwrap().with("email", GRACE), &["full"]);
    office.world.clock.advance(Duration::from_secs(899));
    let page = ada.submit(&form).await.unwrap();
    assert!(page.status == 200 && page.text().contains("Hand this link over"), "{}", page.text());
}

/// No form of the console is anybody's but the session's that was shown it.
#[tokio::test]
async fn forms_of_others_change_nothing() {
    let mut desks = Office::desks(&["full"]).await;
    let grace = desks.grace_id.clone();
    let removal = desks.form(&grace, "Remove").await.with("sure", "yes");
    let theirs = desks.grace.open(&desks.page("/administrators/invite")).await.unwrap();
    let token = theirs.form_with("email").unwrap().field("form_token").unwrap().to_owned();
    for (what, form) in [
        ("without a token", removal.clone().without("form_token")),
        ("with another session's", removal.clone().with("form_token", &token)),
    ] {
        let page = desks.ada.submit(&form).await.unwrap();
        assert!(page.status == 400 || page.status == 403, "{what}: {} {}", page.status, page.text());
        assert!(page.text().contains("REQUEST-FORM-TOKEN"), "{what}: {}", page.text());
    }
    let fields = [("sure", "yes"), ("form_token", removal.field("form_token").unwrap())];
    for origin in ["https://evil.example", "http://acme.vestibule.localhost", "null"] {
        let request =
            Request::post(removal.action.as_str(), &fields).unwrap().header("origin", origin).unwrap();
        let page = desks.ada.request(request).await.unwrap();
        assert_code(&page, 403, "REQUEST-ORIGIN");
    }
    assert!(desks.office.session(&mut desks.grace).await.is_some(), "nothing came of it");
    let page = desks.ada.submit(&removal).await.unwrap();
    assert!(page.text().contains("was removed"), "{}", page.text());
}

/// HTTP-16: people and invitations of another organisation are not there.
#[tokio::test]
async fn another_organisation_is_not_there() {
    let mut desks = Office::desks(&["full"]).await;
    let office = &desks.office;
    let mut boss = office.world.browser();
    let link = office.link("beta", "boss@beta.example").await;
    office.enrol(&mut boss, &link).await;
    office.invite(&mut desks.ada, "third@acme.example", &["full"]).await;
    let list = desks.ada.open(&office.console("/administrators")).await.unwrap();
    let (person, invitation) = (desks.grace_id.clone(), id_of(&list, "third@acme.example"));
    let list = boss.open(&office.console("/administrators")).await.unwrap();
    assert!(!list.text().contains("acme.example"), "{}", list.text());
    let own = id_of(&list, "boss@beta.example");
    let page = boss.open(&office.console(&format!("/administrators/{own}"))).await.unwrap();
    let removal = page.form_saying("Leave").unwrap().with("sure", "yes");
    let save = with_access(page.form_saying("Save").unwrap(), &["library"]);
    for path in [
        format!("/administrators/{person}"),
        format!("/administrators/{}", "0".repeat(16)),
        format!("/invitations/{invitation}"),
    ] {
        assert_code(&boss.open(&office.console(&path)).await.unwrap(), 404, "NOT-FOUND");
    }
    for (path, form) in [
        (format!("/administrators/{person}/remove"), &removal),
        (format!("/administrators/{person}"), &save),
        (format!("/invitations/{invitation}/withdraw"), &removal),
        (format!("/invitations/{invitation}/resend"), &removal),
    ] {
        let mut form = form.clone();
        form.action = office.console(&path).parse().unwrap();
        let page = boss.submit(&form).await.unwrap();
        assert_code(&page, 404, "NOT-FOUND");
    }
    assert!(desks.office.session(&mut desks.grace).await.is_some());
}

#[tokio::test]
async fn a_person_ends_their_other_sessions_and_full_access_ends_anybodys() {
    let mut desks = Office::desks(&["library"]).await;
    let session = async |office: &Office, browser: &mut Browser| office.session(browser).await;
    let id = session(&desks.office, &mut desks.grace).await.unwrap()["session"].as_str().unwrap().to_owned();
    let own = session(&desks.office, &mut desks.ada).await.unwrap()["session"].as_str().unwrap().to_owned();
    // Grace has none but this one, and may not end Ada's, nor learn whether there is such a session.
    let page = desks.grace.open(&desks.page("/administrators")).await.unwrap();
    assert!(page.forms().is_empty(), "{}", page.text());
    let page = desks.ada.open(&desks.page("/sessions")).await.unwrap();
    let form = page.forms().into_iter().find(|form| form.field("session") == Some(&id)).unwrap();
    assert!(page.forms().iter().all(|form| form.field("session") != Some(&own)), "this one is marked");
    let page = desks.ada.submit(&form).await.unwrap();
    assert!(page.text().contains("The session was ended"), "{}", page.text());
    assert!(session(&desks.office, &mut desks.grace).await.is_none());
    let page = desks.ada.submit(&form).await.unwrap();
    assert!(page.text().contains("The session was ended"), "twice is once: {}", page.text());
}

#[tokio::test]
async fn custom_access_ends_nobody_elses_session() {
    let office = Office::start().await;
    let (mut ada, _) = office.ada_at_her_desk().await;
    let link = office.invite(&mut ada, GRACE, &["library"]).await;
    let mut grace = office.world.browser();
    let (_, secrets) = office.enrol(&mut grace, &link).await;
    office.world.clock.advance(MINUTE);
    let mut second = office.world.browser();
    let page = office.password(&mut second, &office.console("/"), GRACE, PASSWORD).await;
    office.second(&mut second, &page, &office.code(&secrets.secret, 0).await).await;
    let of_ada = office.session(&mut ada).await.unwrap()["session"].as_str().unwrap().to_owned();
    let page = grace.open(&office.console("/sessions")).await.unwrap();
    let form = page.forms().into_iter().find(|form| form.field("session").is_some()).unwrap();
    for session in [of_ada.as_str(), &"0".repeat(of_ada.len())] {
        let page = grace.submit(&form.clone().with("session", session)).await.unwrap();
        assert_code(&page, 403, "ACCESS-DENIED");
    }
    assert!(office.session(&mut ada).await.is_some());
    let all = page.forms().into_iter().find(|form| form.field("all").is_some()).unwrap();
    let page = grace.submit(&all).await.unwrap();
    assert!(page.text().contains("other sessions were ended"), "{}", page.text());
    assert!(office.session(&mut second).await.is_none(), "their other one");
    assert!(office.session(&mut grace).await.is_some(), "this one");
}

/// Without a session nothing of the desk is there: a page leads to the sign-in, a form is refused before it is read.
#[tokio::test]
async fn without_a_session_every_page_leads_to_the_sign_in() {
    let office = Office::start().await;
    let (mut ada, _) = office.ada_at_her_desk().await;
    let list = ada.open(&office.console("/administrators")).await.unwrap();
    let (person, invitation): (PersonId, _) =
        (id_of(&list, ADA).parse().unwrap(), InvitationId::from_bytes([1; 8]));
    for route in DeskRoute::every(person, invitation) {
        let url = office.console(&route.path());
        if route.takes(&Method::GET) {
            let page = office.world.browser().open(&url).await.unwrap();
            assert!(
                page.url.path() == "/sign-in" && page.form_with("password").is_ok(),
                "{url}: {}",
                page.text()
            );
        }
        if route.takes(&Method::POST) {
            let request = Request::post(&url, &[("form_token", "x"), ("sure", "yes")]).unwrap();
            let request = request.header("origin", &office.world.origin("console")).unwrap();
            let page = office.world.browser().request(request).await.unwrap();
            assert_code(&page, 401, "SIGN-IN-REQUIRED");
        }
    }
}

/// Whoever is removed while a request of theirs is under way changes nothing by it: the question is asked again where it is written.
#[tokio::test]
async fn what_is_under_way_when_somebody_is_removed_comes_to_nothing() {
    let mut desks = Office::desks(&["full"]).await;
    let page = desks.grace.open(&desks.page("/administrators/invite")).await.unwrap();
    let form = page.form_with("email").unwrap();
    let token = form.field("form_token").unwrap();
    let body = format!("form_token={token}&email=crony%40acme.example&access=full");
    let origin = desks.office.world.origin("console");
    let host = origin.split("//").nth(1).unwrap().to_owned();
    let cookies = desks.grace.cookies(host.split(':').next().unwrap());
    let cookies: Vec<_> = cookies.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
    let head = format!(
        "POST /administrators/invite HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nCookie: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        cookies.join("; "),
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(desks.office.world.address()).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&body.as_bytes()[..5]).await.unwrap();
    // The request is there: the session it came with has been looked at.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let grace = desks.grace_id.clone();
    let removal = desks.form(&grace, "Remove").await.with("sure", "yes");
    let page = desks.ada.submit(&removal).await.unwrap();
    assert!(page.text().contains("was removed"), "{}", page.text());
    stream.write_all(&body.as_bytes()[5..]).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("ACCESS-DENIED"), "{answer}");
    let list = desks.ada.open(&desks.page("/administrators")).await.unwrap();
    assert!(!list.text().contains("crony"), "{}", list.text());
}

/// Whom somebody invited does not come in once they are removed, or may no longer invite; nor is an image of a page a visit.
#[tokio::test]
async fn an_invitation_ends_with_its_inviters_access() {
    let mut desks = Office::desks(&["full"]).await;
    let grace = desks.grace_id.clone();
    let first = desks.office.invite(&mut desks.grace, "first@acme.example", &["full"]).await;
    let kept = desks.office.invite(&mut desks.ada, "kept@acme.example", &["full"]).await;
    let demotion = with_access(desks.form(&grace, "Save").await, &["library"]);
    desks.ada.submit(&demotion).await.unwrap();
    let page = desks.office.world.browser().open(&first).await.unwrap();
    assert_code(&page, 403, "PERSON-LINK");
    let page = desks.office.world.browser().open(&kept).await.unwrap();
    assert!(page.form_with("display_name").is_ok(), "somebody else's stays: {}", page.text());
    for (site, destination, status) in [
        ("same-site", "image", 403),
        ("cross-site", "iframe", 403),
        ("same-site", "document", 200),
        ("same-origin", "empty", 200),
    ] {
        let request = Request::get(&desks.page("/sessions")).unwrap();
        let request = request.header("sec-fetch-site", site).unwrap();
        let request = request.header("sec-fetch-dest", destination).unwrap();
        let page = desks.ada.request(request).await.unwrap();
        assert_eq!(page.status, status, "{site} {destination}: {}", page.text());
    }
}
