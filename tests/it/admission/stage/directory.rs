//! A workspace whose people come in through a directory, and one of them before each of the broker's own forms.

use vestibule_broker::clock::Clock as _;
use vestibule_conformance::wire::{Browser, Form, Page};
use vestibule_tests::counterparts::totp;
use vestibule_tests::directory::{DirectoryWorld, SandboxDirectory};

use super::super::ways::Way;
use super::{Stage, without_email};

/// Who comes in; with a second step as somebody new each time, who registers a device.
const PERSON: &str = "alice";
/// Has a device already.
const REGISTERED: &str = "bob";
/// Whose password is due.
const DUE: &str = "erika";

/// The broker and the directory behind it.
pub(in super::super) struct Behind {
    pub(super) at: DirectoryWorld,
    sandbox: SandboxDirectory,
    due: String,
    device: Option<String>,
}

pub(super) async fn stage(kind: &'static str) -> Stage {
    let sandbox = SandboxDirectory::start(|settings| settings).await;
    for name in [PERSON, REGISTERED, DUE] {
        sandbox.directory.set_mail(name, None);
    }
    let mut domain = sandbox.domain();
    domain.upn_suffixes = vec!["corp.example".to_owned()];
    let at = DirectoryWorld::start(kind, vec![domain], "default_domain = \"corp\"\n").await;
    let due = sandbox.password(DUE);
    let mut stage = Stage::Directory(Box::new(Behind { at, sandbox, due, device: None }));
    without_email(&stage).await;
    if let (Stage::Directory(behind), "active-directory-token") = (&mut stage, kind) {
        let mut browser = behind.at.world.browser();
        let page = behind.type_in(&mut browser, REGISTERED).await;
        let secret = secret_of(&page).expect("the first registration");
        let form = behind.with_code(&page, &secret).await;
        browser.submit(&form).await.unwrap();
        // Each code once.
        behind.at.world.clock.advance(std::time::Duration::from_secs(30));
        behind.device = Some(secret);
    }
    stage
}

impl Behind {
    /// Where the browser ends once the directory knows who comes, and the second step is taken.
    pub(super) async fn through(&self, browser: &mut Browser, page: Page) -> Page {
        let Ok(form) = page.form_with("password") else { return page };
        let page = browser.submit(&self.filled(form)).await.unwrap();
        match secret_of(&page) {
            Some(secret) => browser.submit(&self.with_code(&page, &secret).await).await.unwrap(),
            None => page,
        }
    }

    fn filled(&self, form: Form) -> Form {
        if self.device.is_some() {
            // A new account has no device yet, and each code is good once.
            self.sandbox.directory.recreate(PERSON);
        }
        form.with("name", PERSON).with("password", &self.sandbox.password(PERSON))
    }

    async fn type_in(&self, browser: &mut Browser, name: &str) -> Page {
        let page = self.at.form(browser).await;
        let form = page.form_with("password").unwrap().with("name", name);
        browser.submit(&form.with("password", &self.sandbox.password(name))).await.unwrap()
    }

    async fn with_code(&self, page: &Page, secret: &str) -> Form {
        let now = u64::try_from(self.at.world.clock.now().seconds()).unwrap();
        page.form_with("ticket").unwrap().with("code", &totp(secret, now).await.unwrap())
    }
}

/// What a registration shows.
fn secret_of(page: &Page) -> Option<String> {
    let body = page.text_body();
    let shown = body.split("<p class=\"copy key\"><code>").nth(1)?.split('<').next()?;
    Some(shown.replace(' ', ""))
}

impl Stage {
    fn behind(&self) -> &Behind {
        let Self::Directory(behind) = self else { panic!("only directories have forms of ours") };
        behind
    }

    /// Name and password, typed.
    pub(in super::super) async fn password(&self, browser: &mut Browser) -> Form {
        let page = self.behind().at.form(browser).await;
        self.behind().filled(page.form_with("password").unwrap())
    }

    /// A new password for one that is due, typed.
    pub(in super::super) async fn due_password(&self, browser: &mut Browser) -> Form {
        let page = self.behind().type_in(browser, DUE).await;
        let form = page.form_with("new_password").unwrap().with("current_password", &self.behind().due);
        form.with("new_password", "Another-password-7").with("new_password_again", "Another-password-7")
    }

    /// The password that was due once more, should a sign-in have changed it and gone no further.
    pub(in super::super) fn renew(&self, way: Way) {
        if way == Way::ChangePassword {
            self.behind().sandbox.directory.set_password(DUE, &self.behind().due);
        }
    }

    /// The code of a device that is registered, typed.
    pub(in super::super) async fn code(&self, browser: &mut Browser) -> Form {
        let page = self.behind().type_in(browser, REGISTERED).await;
        self.behind().with_code(&page, self.behind().device.as_ref().unwrap()).await
    }

    /// The first code of a device, typed.
    pub(in super::super) async fn first_code(&self, browser: &mut Browser) -> Form {
        self.behind().sandbox.directory.recreate(PERSON);
        let page = self.behind().type_in(browser, PERSON).await;
        self.behind().with_code(&page, &secret_of(&page).unwrap()).await
    }

    /// A form of the person's own page that changes nothing as it stands: its fields are empty.
    pub(in super::super) async fn form_of_account(&self, browser: &mut Browser, field: &str) -> Form {
        self.sign_in(browser).await;
        let url = self.world().url("accounts", "/account/acme/password");
        let mut form = browser.open(&url).await.unwrap().form_with("form_token").unwrap();
        if field == "code" {
            // Where nobody has a device the page has no such form, and a meddler makes one.
            form.action.set_path("/account/acme/device");
        }
        form
    }
}
