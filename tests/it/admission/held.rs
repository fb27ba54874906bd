//! A browser that stands one step before a session, in every way.

use vestibule_broker::http::route::{AccountsRoute, WorkspaceRoute};
use vestibule_conformance::wire::{Browser, Form, Page, Request};
use vestibule_policies::name::Slug;
use vestibule_policies::organization::ConnectionPolicy;

use super::stage::Stage;
use super::ways::{Way, ways};

/// A session, or one in the making, that needs one step more.
pub(super) struct Held {
    pub(super) way: Way,
    browser: Browser,
    step: Step,
}

/// The step that is missing.
enum Step {
    /// A live session asks a host for this path.
    Request(&'static str, String),
    /// The browser goes on from a redirect.
    Follow(Page),
    /// The browser goes on from a page that leads on by itself.
    Settle(Page),
    /// The browser sends a form, and goes wherever that leads.
    Submit(Form),
}

impl Held {
    async fn prepare(stage: &Stage, way: Way) -> Self {
        let mut browser = stage.world().browser();
        let complete = WorkspaceRoute::Complete.path().unwrap();
        let (start, landing) = (AccountsRoute::Start.path(), AccountsRoute::Landing.path());
        let step = match way {
            Way::Application => inside(stage, &mut browser, "/").await,
            Way::Session => inside(stage, &mut browser, WorkspaceRoute::Session.path().unwrap()).await,
            Way::Groups => inside(stage, &mut browser, WorkspaceRoute::Groups.path().unwrap()).await,
            Way::HandOver => before(stage, &mut browser, ("acme", complete)).await,
            Way::Callback => before(stage, &mut browser, ("acme", "/core/")).await,
            Way::Landing => before(stage, &mut browser, ("acme", &landing)).await,
            Way::HandOverOfRoot => {
                stage.sign_in(&mut browser).await;
                before(stage, &mut browser, ("acme-second", complete)).await
            }
            Way::Root => {
                stage.sign_in(&mut browser).await;
                before(stage, &mut browser, ("acme-second", &start)).await
            }
            Way::Password => Step::Submit(stage.password(&mut browser).await),
            Way::ChangePassword => Step::Submit(stage.due_password(&mut browser).await),
            Way::Token => Step::Submit(stage.code(&mut browser).await),
            Way::Register => Step::Submit(stage.first_code(&mut browser).await),
            Way::Account => {
                stage.sign_in(&mut browser).await;
                Step::Request("accounts", account())
            }
            Way::AccountPassword => Step::Submit(stage.form_of_account(&mut browser, "new_password").await),
            Way::AccountDevice => Step::Submit(stage.form_of_account(&mut browser, "code").await),
            Way::Response => Step::Submit(stage.response(&mut browser).await),
            Way::Button => Step::Submit(stage.button(&mut browser).await),
        };
        Self { way, browser, step }
    }

    /// Takes the step, each time in the browser as it stood: what is used up is so for whoever kept its cookies.
    pub(super) async fn step(&self, stage: &Stage) -> Page {
        let mut browser = self.browser.clone();
        match &self.step {
            Step::Request(label, path) => {
                let request = Request::get(&stage.world().url(label, path)).unwrap();
                browser.request(request).await.unwrap()
            }
            Step::Follow(page) => {
                let page = browser.follow(page).await.unwrap();
                let page = stage.through_provider(&mut browser, page).await;
                browser.settle(page).await.unwrap()
            }
            Step::Settle(page) => browser.settle(page.clone()).await.unwrap(),
            Step::Submit(form) => {
                stage.renew(self.way);
                let page = browser.submit(form).await.unwrap();
                browser.settle(page).await.unwrap()
            }
        }
    }
}

async fn inside(stage: &Stage, browser: &mut Browser, path: &'static str) -> Step {
    stage.sign_in(browser).await;
    Step::Request("acme", path.to_owned())
}

fn account() -> String {
    AccountsRoute::Account(Slug::parse("acme").unwrap()).path()
}

/// On the way to that workspace, the browser stops before that path.
async fn before(stage: &Stage, browser: &mut Browser, (workspace, stop): (&str, &str)) -> Step {
    browser.stop_before(Some(stop));
    let page = browser.open(&stage.world().url(workspace, "/pending")).await.unwrap();
    let page = stage.through_provider(browser, page).await;
    browser.stop_before(None);
    if let Some((_, onward)) = page.refresh() {
        assert!(onward.path().starts_with(stop), "it leads to {onward}");
        return Step::Settle(page);
    }
    assert!(page.location().unwrap().path().starts_with(stop), "it stands at {:?}", page.location());
    Step::Follow(page)
}

/// One of every way that this connection has.
pub(super) async fn prepared(stage: &Stage, connection: &ConnectionPolicy) -> Vec<Held> {
    let mut held = Vec::new();
    for way in ways(connection) {
        held.push(Held::prepare(stage, way).await);
    }
    held
}
