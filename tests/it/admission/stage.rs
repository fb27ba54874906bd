//! A world of each kind, and its organisation as an operator changes it.

mod directory;

use vestibule_broker::clock::Clock;
use vestibule_broker::store::Store;
use vestibule_broker::store::organizations::{self, OrganizationRow};
use vestibule_conformance::hostile::{Edit, Fault};
use vestibule_conformance::wire::{Browser, Form, Page};
use vestibule_policies::admission::Switch;
use vestibule_policies::claims::ClaimName;
use vestibule_policies::name::Slug;
use vestibule_tests::saml::SamlWorld;
use vestibule_tests::world::{Manifest, Scheme, World};

use self::directory::Behind;

/// What makes the sandbox leave the e-mail address out.
const WITHOUT_EMAIL: &str = "missing-email";

/// A kind of connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Oidc,
    Okta,
    Saml,
    Directory,
    DirectoryToken,
}

/// A workspace of one kind, and a person without an e-mail address, whom every switch concerns.
pub(super) enum Stage {
    /// The provider answers by itself.
    OpenId(World),
    /// The provider asks who comes, each time.
    Saml(SamlWorld),
    /// The broker asks for a password itself, each time.
    Directory(Box<Behind>),
}

impl Stage {
    pub(super) async fn of(kind: Kind) -> Self {
        match kind {
            Kind::Oidc => {
                open_id("kind = \"oidc\"\nissuer = \"{issuer}\"\nrequired_claims = [\"upn\"]").await
            }
            Kind::Okta => open_id("kind = \"okta\"\ndomain = \"{issuer}\"\ncustom_domain = true").await,
            Kind::Saml => saml().await,
            Kind::Directory => directory::stage("active-directory").await,
            Kind::DirectoryToken => directory::stage("active-directory-token").await,
        }
    }

    pub(super) fn world(&self) -> &World {
        match self {
            Self::OpenId(world) => world,
            Self::Saml(saml) => &saml.world,
            Self::Directory(behind) => &behind.at.world,
        }
    }

    /// Signs in on `acme` and ends at the application.
    pub(super) async fn sign_in(&self, browser: &mut Browser) {
        let page = browser.open(&self.world().url("acme", "/")).await.unwrap();
        let page = self.through_provider(browser, page).await;
        let page = browser.settle(page).await.unwrap();
        assert_eq!(page.text_body(), "the application", "{} {}", page.url, page.text());
    }

    /// Where the browser ends once the provider knows who comes.
    pub(super) async fn through_provider(&self, browser: &mut Browser, page: Page) -> Page {
        match self {
            Self::Saml(saml) if page.form_with("password").is_ok() => {
                let page = saml.choose(browser, &page, "alice", WITHOUT_EMAIL).await;
                browser.auto_submit(&page.form_with("SAMLResponse").unwrap()).await.unwrap()
            }
            Self::Directory(behind) => behind.through(browser, page).await,
            Self::Saml(_) | Self::OpenId(_) => page,
        }
    }

    /// The provider's response to a sign-in on `acme`, not yet posted.
    pub(super) async fn response(&self, browser: &mut Browser) -> Form {
        let Self::Saml(saml) = self else { panic!("only SAML has responses") };
        let url = saml.world.url("acme", "/pending");
        saml.until_response(browser, &url, WITHOUT_EMAIL).await.form_with("SAMLResponse").unwrap()
    }

    /// The button of a sign-in that the provider began, not yet pressed.
    pub(super) async fn button(&self, browser: &mut Browser) -> Form {
        let Self::Saml(saml) = self else { panic!("only SAML begins at the provider") };
        let page = browser.open(&format!("{}/saml/unsolicited", saml.origin())).await.unwrap();
        self.through_provider(browser, page).await.form_with("form_token").unwrap()
    }

    pub(super) async fn row(&self) -> OrganizationRow {
        let slug = Slug::parse("acme").unwrap();
        organizations::by_slug(self.world().app().store.readers(), &slug).await.unwrap().unwrap()
    }

    /// Writes the organisation as `apply` does: beside the running broker, over a connection of its own.
    pub(super) async fn save(&self, mut row: OrganizationRow) {
        row.epoch = self.row().await.epoch;
        let world = self.world();
        let store = Store::open(world.app().store.path()).await.unwrap();
        let now = world.clock.now();
        let write = store.write(move |transaction| {
            Box::pin(async move { organizations::save(transaction, &row, now).await })
        });
        write.await.unwrap();
        world.settle().await;
    }

    pub(super) async fn flip(&self, switch: Switch, mut row: OrganizationRow) {
        switch.flip(&mut row.organization);
        let left: Vec<_> = row.organization.connections.iter().map(|one| one.id).collect();
        row.connections.retain(|one| left.contains(&one.id));
        self.save(row).await;
    }
}

/// Lets somebody without an e-mail address in, as no manifest can: these kinds demand the common claim set (CLM-01).
async fn without_email(stage: &Stage) {
    let mut row = stage.row().await;
    row.organization.connections[0].required.retain(|claim| *claim != ClaimName::Email);
    stage.save(row).await;
}

async fn open_id(provider: &str) -> Stage {
    let mut manifest = Manifest::of("acme");
    manifest.connections = format!(
        "[[connections]]\nname = \"any\"\n{provider}\nclient_id = \"vestibule+hostile\"\n\
         client_secret = \"s:%+é/\"\ndirectories = [\"corp\"]\n"
    );
    let world = World::with(Scheme::Http, &[manifest]).await;
    let removed = ["cip_email", "email"].map(Edit::remove);
    let faults = removed.iter().flat_map(|edit| [Fault::Claims(edit.clone()), Fault::UserInfo(edit.clone())]);
    world.provider.script_all(faults.collect());
    Stage::OpenId(world)
}

async fn saml() -> Stage {
    // The provider has to ask anew: whom it remembers it sends with an e-mail address.
    let saml = SamlWorld::start("idp_initiated = true\nscoped_entity_id = true\nforce_authn = true").await;
    let stage = Stage::Saml(saml);
    without_email(&stage).await;
    let id = stage.row().await.organization.id;
    if let Stage::Saml(saml) = &stage {
        saml.begin_for(&format!("{}/{id}", saml.world.origin("saml")));
    }
    stage
}
