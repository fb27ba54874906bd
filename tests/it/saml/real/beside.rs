//! A broker with a provider of somebody else beside it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vestibule_conformance::wire::{Browser, Form, Page};
use vestibule_tests::counterparts::saml::{Options, ServiceProvider, type_in};
use vestibule_tests::counterparts::{Lineage, Person, SamlProvider, SimpleSaml};
use vestibule_tests::saml::SamlWorld;
use vestibule_tests::world::{Manifest, Scheme};

/// Where people want to go, with what an address may have.
pub(in crate::saml) const DEEP: &str = "/reports/2026?from=1&to=%C3%A9+2";

/// The world, which has not heard of the provider yet, and the provider, which knows the world.
pub(in crate::saml) struct Beside {
    pub(in crate::saml) saml: SamlWorld,
    pub(in crate::saml) idp: SamlProvider,
    case: String,
}

impl Beside {
    /// `SimpleSAMLphp` is told of us by hand, as `docs/saml.md` does it, and pysaml2 reads our metadata.
    pub(in crate::saml) async fn start(lineage: Lineage, options: Options) -> Self {
        let saml = SamlWorld::bare(Scheme::Http).await;
        let entity_id = saml.world.origin("saml");
        let idp = provider(&saml, lineage, &options, &entity_id).await;
        Self { saml, idp, case: format!("{lineage:?}: {options:?}") }
    }

    /// `SimpleSAMLphp`, which reads our metadata too.
    pub(super) async fn read_by_simple_saml(options: Options) -> Self {
        let saml = SamlWorld::bare(Scheme::Http).await;
        let idp = SimpleSaml::reading(&metadata(&saml).await, &options).await.unwrap();
        Self { saml, idp, case: format!("SimpleSaml with our metadata: {options:?}") }
    }

    /// `SimpleSAMLphp` for one organisation alone, and the address where its own sign-ins begin.
    pub(in crate::saml) async fn beginning() -> (Self, String) {
        let saml = SamlWorld::start("").await;
        let id = saml.world.app().deployment.load_full().tenants().next().unwrap().organization.id;
        let scoped = format!("{}/{id}", saml.world.origin("saml"));
        let idp = provider(&saml, Lineage::SimpleSaml, &Options::default(), &scoped).await;
        let start = format!("{}/saml2/idp/SSOService.php", idp.origin());
        let start = url::Url::parse_with_params(&start, [("spentityid", &scoped)]).unwrap();
        (Self { saml, idp, case: "SimpleSaml begins".to_owned() }, start.into())
    }

    pub(super) fn of(saml: SamlWorld, idp: SamlProvider) -> Self {
        Self { saml, idp, case: String::new() }
    }

    /// Applies the connection with these lines, and waits until the provider is known.
    pub(in crate::saml) async fn connect(&self, lines: &str) {
        self.saml.world.clock.catch_up();
        self.saml.world.change(&manifest(&self.idp, lines)).await;
        self.saml.until_known().await;
    }

    /// A sign-in with these lines that ends at the application, where it was meant to, as the person it was meant for.
    pub(super) async fn comes_in(&self, lines: &str) -> Browser {
        self.connect(lines).await;
        let mut browser = self.saml.world.browser();
        let page = self.sign_in(&mut browser).await;
        let case = self.case(lines);
        let at = self.saml.world.url("acme", DEEP);
        assert_eq!((page.url.as_str(), page.status.as_u16()), (at.as_str(), 200), "{case}: {}", page.text());
        assert_eq!(page.text_body(), "the application", "{case}");
        assert_is_alice(&self.saml, &mut browser, &case).await;
        browser
    }

    /// The same up to the provider's response, which ours refuses with this code.
    pub(super) async fn is_refused(&self, lines: &str, code: &str) {
        self.connect(lines).await;
        let before = self.saml.world.audit().await.len();
        let mut browser = self.saml.world.browser();
        let page = self.sign_in(&mut browser).await;
        let case = self.case(lines);
        assert!(page.status == 403 && page.text().contains(code), "{case}: {} {}", page.status, page.text());
        let events = self.saml.world.audit().await;
        let new: Vec<_> = events[before..].iter().map(|one| (&*one.event, one.code.as_deref())).collect();
        assert_eq!(new, [("sign-in.refused", Some(code))], "{case}");
        assert!(!self.saml.world.has_session(&mut browser, "acme").await, "{case}");
    }

    /// The provider itself sends nobody on: what it shows.
    pub(super) async fn is_turned_away(&self, lines: &str) {
        self.connect(lines).await;
        let page = self.at_the_provider(&mut self.saml.world.browser()).await;
        let case = self.case(lines);
        assert!(page.url.as_str().starts_with(&self.idp.origin()), "{case}: {}", page.url);
        assert!(page.form_with("password").is_err(), "{case}: {}", page.text());
    }

    async fn sign_in(&self, browser: &mut Browser) -> Page {
        let page = self.at_the_provider(browser).await;
        let form = self.answered(browser, &page).await;
        let page = browser.auto_submit(&form).await.unwrap();
        browser.settle(page).await.unwrap()
    }

    /// The provider's form for a name, by whichever binding.
    pub(super) async fn at_the_provider(&self, browser: &mut Browser) -> Page {
        let page = browser.open(&self.saml.world.url("acme", DEEP)).await.unwrap();
        match page.form_with("SAMLRequest") {
            Ok(form) => posted(browser, &form).await,
            Err(_) => page,
        }
    }

    /// The provider's response, once alice has typed.
    pub(super) async fn answered(&self, browser: &mut Browser, page: &Page) -> Form {
        let said = || format!("{}: {} {}", self.case, page.url, page.text());
        let page =
            type_in(browser, page, "alice").await.unwrap_or_else(|error| panic!("{error}: {}", said()));
        page.form_with("SAMLResponse").unwrap_or_else(|error| panic!("{error}: {}: {}", said(), page.text()))
    }

    fn case(&self, lines: &str) -> String {
        format!("{}: {lines}", self.case)
    }
}

/// `SimpleSAMLphp` keeps the request behind a cookie that it sets in answer to the post. The browser of the wire takes a post from
/// another site for no navigation and keeps none from there, as Chromium does (`chromium`): it is told to.
async fn posted(browser: &mut Browser, form: &Form) -> Page {
    browser.stop_before(Some("/module.php"));
    let page = browser.auto_submit(form).await.unwrap();
    browser.stop_before(None);
    if page.location().is_none() {
        return page;
    }
    for line in page.headers.get_all("set-cookie") {
        browser.set_cookie(page.url.as_str(), line.to_str().unwrap()).unwrap();
    }
    browser.follow(&page).await.unwrap()
}

/// One that knows us by this entity id.
async fn provider(saml: &SamlWorld, lineage: Lineage, options: &Options, entity_id: &str) -> SamlProvider {
    let keys = saml.world.app().service_provider().await.unwrap();
    let sp = ServiceProvider {
        entity_id: entity_id.to_owned(),
        acs_url: saml.world.url("saml", "/saml/acs"),
        logout_url: saml.world.url("saml", "/saml/logout/callback"),
        certificate_pem: Some(pem("CERTIFICATE", keys.signing.current.certificate.der())),
    };
    let started = lineage.start(&sp, &metadata(saml).await, options).await;
    started.unwrap_or_else(|error| panic!("{lineage:?}: {options:?}: {error}"))
}

/// Ours, as it is served.
async fn metadata(saml: &SamlWorld) -> String {
    let page = saml.world.browser().open(&saml.world.url("saml", "/saml/metadata.xml")).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    page.text_body()
}

/// The organisation that signs in over this provider, by its metadata's address unless the lines say otherwise.
fn manifest(idp: &SamlProvider, lines: &str) -> Manifest {
    let address = format!("metadata = {{ url = \"{}\" }}\n", idp.metadata_url());
    let source = if lines.contains("metadata =") { String::new() } else { address };
    Manifest {
        connections: format!(
            "[[connections]]\nname = \"any\"\nkind = \"saml\"\ndirectories = [\"corp\"]\n{source}{lines}\n"
        ),
        ..Manifest::of("acme")
    }
}

/// The session's own word for every claim that has to be there.
pub(in crate::saml) async fn assert_is_alice(saml: &SamlWorld, browser: &mut Browser, case: &str) {
    let alice = Person::with_login("alice").unwrap();
    let session = browser.open(&saml.world.url("acme", "/.vestibule/session")).await.unwrap().json();
    assert_eq!(session["kind"], "saml", "{case}: {session}");
    for (claim, value) in [
        ("cip_sid", &alice.cip_sid),
        ("cip_upn", &alice.cip_upn),
        ("cip_oid", &alice.cip_oid),
        ("cip_email", &alice.cip_email),
    ] {
        assert_eq!(session["claims"][claim], **value, "{case}: {claim}: {session}");
        assert_eq!(session["provenance"][claim], "any:assertion", "{case}: {claim}: {session}");
    }
}

/// DER in armour.
pub(in crate::saml) fn pem(name: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN {name}-----\n{}\n-----END {name}-----\n", lines.join("\n"))
}
