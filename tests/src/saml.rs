//! A world whose people come in over SAML: the broker, and the sandbox provider with its switch for each fault on a port of its own.

use std::convert::Infallible;
use std::sync::{Arc, LazyLock};

use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use vestibule_broker::clock::Clock as _;
use vestibule_broker::service_provider::{self, Made};
use vestibule_conformance::sandbox::people::People;
use vestibule_conformance::sandbox::rsa_key::RsaSigningKey;
use vestibule_conformance::sandbox::saml::{EntityIds, SamlProvider, ServiceProvider, Settings};
use vestibule_conformance::wire::{Browser, Page};

use crate::world::{Manifest, Scheme, World};

/// RSA keys take long to make: one set serves every test.
static KEYS: LazyLock<[Arc<RsaSigningKey>; 2]> =
    LazyLock::new(|| [(); 2].map(|()| Arc::new(RsaSigningKey::generate().expect("a key"))));

/// A world with a SAML provider beside it.
pub struct SamlWorld {
    /// The broker and all else.
    pub world: World,
    /// The provider.
    pub sandbox: Arc<SamlProvider>,
    origin: String,
    _serving: JoinSet<()>,
}

impl SamlWorld {
    /// The organisation `acme`, whose one connection `any` is of kind `saml`, with these lines beside its metadata's address.
    pub async fn start(lines: &str) -> Self {
        let saml = Self::bare(Scheme::Http).await;
        saml.apply(lines).await;
        saml
    }

    /// Without any organisation.
    pub async fn bare(scheme: Scheme) -> Self {
        let world = World::with(scheme, &[]).await;
        keep_keys(&world).await;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("its address").port();
        let origin = format!("http://saml.sandbox.localhost:{port}");
        let people = Arc::new(People::standard());
        let [signing, retired] = &*KEYS;
        let settings = Settings {
            origin: origin.clone(),
            name: "Sandbox".to_owned(),
            service: ServiceProvider {
                entity_ids: EntityIds::Any { unsolicited: world.origin("saml") },
                acs_url: world.url("saml", "/saml/acs"),
                logout_callback: Some(world.url("saml", "/saml/logout/callback")),
                encryption_certificate: None,
                name: "Vestibule".to_owned(),
            },
            people,
            signing_key: Arc::clone(signing),
            retired_key: Some(Arc::clone(retired)),
            now: world.clock.seconds(),
        };
        let sandbox = Arc::new(SamlProvider::new(settings).expect("the sandbox"));
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, Arc::clone(&sandbox)));
        Self { world, sandbox, origin, _serving: serving }
    }

    /// Applies `acme` with these lines of its connection, and waits until the provider's metadata is there.
    pub async fn apply(&self, lines: &str) {
        self.world.change(&self.manifest("acme", lines)).await;
        self.until_known().await;
    }

    /// An organisation that signs in over the sandbox.
    #[must_use]
    pub fn manifest(&self, slug: &str, lines: &str) -> Manifest {
        let source = format!("metadata = {{ url = \"{}\" }}\n", self.sandbox.entity_id());
        let source =
            if lines.contains("metadata =") || lines.contains("sso_url") { String::new() } else { source };
        Manifest {
            directories: format!(
                "[[directories]]\nname = \"corp\"\ndomain_sid = \"{}\"\nupn_suffixes = [\"corp.example\"]\n",
                domain_sid()
            ),
            connections: format!(
                "[[connections]]\nname = \"any\"\nkind = \"saml\"\ndirectories = [\"corp\"]\n{source}{lines}\n"
            ),
            ..Manifest::of(slug)
        }
    }

    /// Waits for what the running server fetches by itself: within the two seconds that are promised.
    pub async fn until_known(&self) {
        let known = tokio::time::timeout(std::time::Duration::from_secs(2), async {
            loop {
                let deployment = self.world.app().deployment.load_full();
                let all = deployment.tenants().all(|tenant| {
                    let connections = tenant.organization.connections.iter();
                    connections
                        .filter_map(|one| tenant.provider(one.id))
                        .all(|one| !one.certificates().is_empty())
                });
                if all {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        });
        known.await.expect("the metadata within two seconds");
    }

    /// From now on the provider's own sign-ins are for this entity id.
    pub fn begin_for(&self, entity_id: &str) {
        self.sandbox.set_unsolicited_audience(entity_id);
    }

    /// The key that the provider signs with.
    #[must_use]
    pub fn signing_key(&self) -> Arc<RsaSigningKey> {
        let [signing, _] = &*KEYS;
        Arc::clone(signing)
    }

    /// The provider's origin.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// From now on the provider encrypts to us.
    pub async fn encrypt(&self) {
        let keys = self.world.app().service_provider().await.expect("our keys");
        self.sandbox.set_encryption_certificate(Some(keys.encryption.current.certificate.der().to_vec()));
    }

    /// Opens a page that leads to the provider, and signs alice in there with this fault. Ends where the browser ends.
    pub async fn sign_in(&self, browser: &mut Browser, url: &str, fault: &str) -> Page {
        let posting = self.until_response(browser, url, fault).await;
        let form = posting.form_with("SAMLResponse").expect("the response");
        browser.auto_submit(&form).await.expect("the way back")
    }

    /// The page that holds the provider's response, before it is posted.
    pub async fn until_response(&self, browser: &mut Browser, url: &str, fault: &str) -> Page {
        let page = browser.open(url).await.expect("the provider's page");
        // A test sign-in asks first.
        let page = match page.form_with("ticket") {
            Ok(question) => browser.submit(&question).await.expect("the provider's page"),
            Err(_) => page,
        };
        self.choose(browser, &page, "alice", fault).await
    }

    /// Fills the provider's form in.
    pub async fn choose(&self, browser: &mut Browser, page: &Page, username: &str, fault: &str) -> Page {
        let people = People::standard();
        let person = people.by_username(username).expect("the person");
        let form = page.forms().into_iter().rfind(|form| form.field("password").is_some());
        let form =
            form.unwrap_or_else(|| panic!("no sign-in at {}: {} {}", page.url, page.status, page.text()));
        let form =
            form.with("username", username).with("password", person.password.as_str()).with("fault", fault);
        browser.submit(&form).await.expect("the provider's answer")
    }
}

/// Our own keys too: made once, and kept in every world's store.
async fn keep_keys(world: &World) {
    static MADE: tokio::sync::OnceCell<Made> = tokio::sync::OnceCell::const_new();
    let made = MADE.get_or_init(async || Made::generate(world.clock.now()).await.expect("keys")).await;
    service_provider::keep(&world.app().store, &world.app().keys, made).await.expect("the keys are kept");
}

/// The domain of the sandbox's people.
#[must_use]
pub fn domain_sid() -> String {
    let people = People::standard();
    let sid = people.iter().find_map(|one| one.security_id.clone()).expect("somebody with a SID");
    sid.rsplit_once('-').expect("a domain").0.to_owned()
}

async fn serve(listener: TcpListener, sandbox: Arc<SamlProvider>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let sandbox = Arc::clone(&sandbox);
        let service = service_fn(move |request: Request<Incoming>| {
            let sandbox = Arc::clone(&sandbox);
            async move { Ok::<_, Infallible>(sandbox.handle(request).await) }
        });
        connections.spawn(
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
        );
        while connections.try_join_next().is_some() {}
    }
}
