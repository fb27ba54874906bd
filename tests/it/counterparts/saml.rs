//! The SAML identity providers, met by a service provider that is not the product: pysaml2.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::time::timeout;
use vestibule_conformance::wire::Browser;
use vestibule_tests::counterparts::saml::{NameIdMode, Options, SignedPart, type_in};
use vestibule_tests::counterparts::{Lineage, Opinion, Person, PySamlSp, SamlProvider};

pub(super) const ENTITY_ID: &str = "https://accounts.vestibule.example/saml/metadata.xml";
pub(super) const ACS: &str = "http://accounts.vestibule.localhost:1/saml/acs";
const LOGOUT: &str = "http://accounts.vestibule.localhost:1/saml/logout";

/// An identity provider and the service provider that it knows.
pub(super) struct Pair {
    pub(super) idp: SamlProvider,
    pub(super) sp: PySamlSp,
    pub(super) metadata: String,
}

/// A Response that the browser was about to take to the service provider.
pub(super) struct Captured {
    pub(super) xml: Vec<u8>,
    pub(super) request_id: String,
}

impl Pair {
    pub(super) async fn start(lineage: Lineage, options: Options) -> Self {
        let sp = PySamlSp::new(ENTITY_ID, ACS, LOGOUT).await.unwrap();
        let idp = lineage.start(sp.provider(), &sp.metadata().await.unwrap(), &options).await;
        let idp = idp.unwrap_or_else(|error| panic!("{lineage:?}: {error}"));
        let metadata = idp.metadata().await.unwrap();
        Self { idp, sp, metadata }
    }

    /// Signs alice in with this browser.
    pub(super) async fn signed_in(&self, browser: &mut Browser) -> Captured {
        let sent = self.sp.request(&self.metadata, true).await.unwrap();
        let page = browser.open(&sent.url).await.unwrap();
        let page = type_in(browser, &page, "alice").await.unwrap();
        let form = page.form_with("SAMLResponse").unwrap_or_else(|error| panic!("{error}: {}", page.text()));
        assert_eq!(form.action.as_str(), ACS);
        assert_eq!(form.field("RelayState"), Some("state of pysaml2"));
        let xml = STANDARD.decode(form.field("SAMLResponse").unwrap()).unwrap();
        Captured { xml, request_id: sent.id }
    }

    async fn read(&self, captured: &Captured, signed: SignedPart) -> Opinion {
        self.sp.read(&self.metadata, &captured.request_id, &captured.xml, signed).await.unwrap()
    }
}

fn assert_alice(opinion: &Opinion, case: &str) {
    let alice = Person::with_login("alice").unwrap();
    assert!(opinion.accepted, "{case}: {}", opinion.reason);
    assert_eq!(opinion.name_id.as_ref(), Some(&alice.cip_email), "{case}");
    for (name, values) in [
        ("cip_sid", vec![alice.cip_sid]),
        ("cip_upn", vec![alice.cip_upn]),
        ("cip_oid", vec![alice.cip_oid]),
        ("cip_email", vec![alice.cip_email]),
        ("displayName", vec![alice.name]),
        ("groups", alice.groups),
    ] {
        assert_eq!(opinion.attributes.get(name), Some(&values), "{case}: {name}");
    }
}

#[tokio::test]
async fn each_provider_signs_what_it_is_told_to() {
    for lineage in Lineage::ALL {
        for signed in [SignedPart::Response, SignedPart::Assertion, SignedPart::Both, SignedPart::Neither] {
            let pair = Pair::start(lineage, Options { signed, ..Options::default() }).await;
            let captured = pair.signed_in(&mut Browser::new()).await;
            for wanted in SignedPart::SIGNED {
                let case = format!("{lineage:?}: {signed:?} is signed, {wanted:?} is wanted");
                let opinion = pair.read(&captured, wanted).await;
                if signed == SignedPart::Both || signed == wanted {
                    assert_alice(&opinion, &case);
                } else {
                    assert!(!opinion.accepted, "{case}: {opinion:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn each_provider_encrypts_to_the_service_provider() {
    for lineage in Lineage::ALL {
        let pair = Pair::start(lineage, Options { encrypt: true, ..Options::default() }).await;
        let captured = pair.signed_in(&mut Browser::new()).await;
        let text = String::from_utf8(captured.xml.clone()).unwrap();
        assert!(text.contains("EncryptedAssertion") && !text.contains("alice@"), "{lineage:?}: {text}");
        assert_alice(&pair.read(&captured, SignedPart::Response).await, &format!("{lineage:?}"));
    }
}

#[tokio::test]
async fn each_provider_signs_with_sha_1_where_that_is_wanted() {
    for lineage in Lineage::ALL {
        let pair = Pair::start(lineage, Options { sha1: true, ..Options::default() }).await;
        let captured = pair.signed_in(&mut Browser::new()).await;
        let text = String::from_utf8(captured.xml).unwrap();
        assert_eq!(text.matches("xmldsig#rsa-sha1").count(), 2, "{lineage:?}: {text}");
        assert!(!text.contains("sha256"), "{lineage:?}: {text}");
    }
}

#[tokio::test]
async fn each_provider_names_people_as_it_is_told_to() {
    let alice = Person::with_login("alice").unwrap();
    for lineage in Lineage::ALL {
        for name_id in [NameIdMode::Persistent, NameIdMode::Transient, NameIdMode::Unspecified] {
            let pair = Pair::start(lineage, Options { name_id, ..Options::default() }).await;
            let mut names = Vec::new();
            for _ in 0..2 {
                let captured = pair.signed_in(&mut Browser::new()).await;
                let text = String::from_utf8(captured.xml.clone()).unwrap();
                assert!(text.contains(name_id.format()), "{lineage:?}: {name_id:?}: {text}");
                names.push(pair.read(&captured, SignedPart::Both).await.name_id.unwrap());
            }
            assert_eq!(names[0] == names[1], name_id != NameIdMode::Transient, "{lineage:?}: {names:?}");
            assert_eq!(
                names[0] == alice.cip_upn,
                name_id == NameIdMode::Unspecified,
                "{lineage:?}: {names:?}"
            );
        }
    }
}

#[tokio::test]
async fn each_provider_refuses_an_unsigned_request_where_it_wants_signatures() {
    for lineage in Lineage::ALL {
        let pair =
            Pair::start(lineage, Options { require_signed_requests: true, ..Options::default() }).await;
        let unsigned = pair.sp.request(&pair.metadata, false).await.unwrap();
        let signed = pair.sp.request(&pair.metadata, true).await.unwrap();
        let damaged = signed.url.replacen("Signature=", "Signature=AAAA", 1);
        for (case, url, asked) in
            [("unsigned", &unsigned.url, false), ("damaged", &damaged, false), ("signed", &signed.url, true)]
        {
            let page = Browser::new().open(url).await.unwrap();
            assert_eq!(page.form_with("password").is_ok(), asked, "{lineage:?}: {case}: {}", page.text());
        }
    }
}

#[tokio::test]
async fn each_provider_refuses_a_wrong_password() {
    for lineage in Lineage::ALL {
        let pair = Pair::start(lineage, Options::default()).await;
        let sent = pair.sp.request(&pair.metadata, false).await.unwrap();
        let mut browser = Browser::new();
        let form = browser.open(&sent.url).await.unwrap().form_with("password").unwrap();
        let page = browser.submit(&form.with("username", "alice").with("password", "another")).await.unwrap();
        assert!(page.form_with("SAMLResponse").is_err(), "{lineage:?}");
        assert!(page.text().contains("Incorrect username or password"), "{lineage:?}: {}", page.text());
    }
}

#[tokio::test]
async fn each_provider_answers_a_sign_out_by_redirect() {
    let alice = Person::with_login("alice").unwrap();
    for lineage in Lineage::ALL {
        let pair =
            Pair::start(lineage, Options { require_signed_requests: true, ..Options::default() }).await;
        let mut browser = Browser::new();
        pair.signed_in(&mut browser).await;
        let format = NameIdMode::Email.format();
        let sent = pair.sp.sign_out(&pair.metadata, &alice.cip_email, format).await.unwrap();
        browser.stop_before(Some("/saml/logout"));
        let page = browser.open(&sent.url).await.unwrap();
        let location = page.location().unwrap_or_else(|| panic!("{lineage:?}: {}", page.text()));
        for part in [LOGOUT, "SAMLResponse=", "RelayState=", "Signature="] {
            assert!(location.as_str().contains(part), "{lineage:?}: {location}");
        }

        browser.stop_before(None);
        let again = pair.sp.request(&pair.metadata, true).await.unwrap();
        let page = browser.open(&again.url).await.unwrap();
        assert!(page.form_with("password").is_ok(), "{lineage:?}: {}", page.text());
    }
}

#[tokio::test]
async fn each_provider_is_gone_with_its_handle() {
    for lineage in Lineage::ALL {
        let pair = Pair::start(lineage, Options::default()).await;
        let address = pair.idp.metadata_url();
        assert!(pair.metadata.contains(pair.idp.entity_id()), "{lineage:?}: {}", pair.metadata);
        drop(pair);
        let gone = async { while Browser::new().open(&address).await.is_ok() {} };
        timeout(Duration::from_secs(10), gone).await.unwrap_or_else(|_| panic!("{lineage:?} still serves"));
    }
}
