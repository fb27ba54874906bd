//! Every fault of the sandbox provider: what a person is told, and what a test sign-in diagnoses.

use std::collections::BTreeSet;

use serde_json::Value;
use vestibule_certs::token::Token;
use vestibule_conformance::sandbox::saml::Fault;
use vestibule_conformance::wire::Browser;
use vestibule_tests::saml::SamlWorld;

/// What a connection can ask for, so that every fault is one.
const DEMANDING: &str = "signed = \"both\"\nforce_authn = true\n\
    authentication_context = \"PasswordProtectedTransport\"\ncomparison = \"exact\"";

/// The fault, the code that a person sees, and the cause that an administrator is told. A claim's fault is known by its code; where
/// there is no code, what the provider does is right.
const FAULTS: &[(&str, &str, &str)] = &[
    ("none", "", ""),
    ("status-authn-failed", "SAML-DENIED", "status-authentication"),
    ("status-request-denied", "SAML-DENIED", "status-denied"),
    ("status-no-passive", "SAML-STATUS", "status-passive"),
    ("status-responder", "SAML-STATUS", "status-responder"),
    ("unsigned", "SAML-UNSIGNED", "response-unsigned"),
    ("assertion-only-unsigned-response", "SAML-UNSIGNED", "response-unsigned"),
    ("response-only", "SAML-UNSIGNED", "assertion-unsigned"),
    ("signed-by-unknown-key", "SAML-SIGNATURE", "key-unknown"),
    ("signed-by-expired-certificate-key", "SAML-CERTIFICATE", "key-expired"),
    ("tampered-after-signing", "SAML-SIGNATURE", "changed-after-signing"),
    ("sha1-signature", "SAML-ALGORITHM", "signature-algorithm"),
    ("sha1-digest", "SAML-ALGORITHM", "digest-algorithm"),
    ("unencrypted", "", ""),
    ("encrypted-to-another-key", "SAML-ENCRYPTION", "encryption-key"),
    ("encrypted-with-cbc", "SAML-ENCRYPTION", "encryption-algorithm"),
    ("wrong-destination", "SAML-DESTINATION", "destination-wrong"),
    ("no-destination", "SAML-DESTINATION", "destination-missing"),
    ("wrong-recipient", "SAML-RECIPIENT", "recipient-wrong"),
    ("wrong-audience", "SAML-AUDIENCE", "audience-wrong"),
    ("no-audience", "SAML-AUDIENCE", "audience-missing"),
    ("no-conditions", "SAML-CONDITIONS", "conditions-missing"),
    ("wrong-response-issuer", "SAML-ISSUER", "response-issuer"),
    ("wrong-assertion-issuer", "SAML-ISSUER", "assertion-issuer"),
    ("wrong-in-response-to", "SAML-REQUEST", "request-other"),
    ("no-in-response-to", "SAML-UNSOLICITED", "unsolicited"),
    ("relay-state-lost", "SAML-UNSOLICITED", ""),
    ("issued-in-the-future", "SAML-TIME", "issued-early"),
    ("issued-long-ago", "SAML-TIME", "issued-late"),
    ("conditions-not-yet-valid", "SAML-TIME", "conditions-early"),
    ("conditions-expired", "SAML-TIME", "conditions-late"),
    ("confirmation-expired", "SAML-TIME", "confirmation-expired"),
    ("session-already-over", "SAML-SESSION", "session-over"),
    ("old-authentication", "SAML-FRESH", "authentication-old"),
    ("clock-ahead", "SAML-TIME", "issued-early"),
    ("clock-behind", "SAML-TIME", "issued-late"),
    ("confirmation-not-bearer", "SAML-SUBJECT", "confirmation-method"),
    ("no-confirmation", "SAML-SUBJECT", "confirmation-missing"),
    ("no-authn-statement", "SAML-STATEMENT", "statement-missing"),
    ("weaker-context", "SAML-CONTEXT", "context-other"),
    ("two-assertions", "SAML-STRUCTURE", "assertion-several"),
    ("no-name-id", "", ""),
    ("missing-sid", "CLAIM-SID", ""),
    ("missing-upn", "CLAIM-UPN", ""),
    ("missing-oid", "CLAIM-OID", ""),
    ("missing-email", "CLAIM-EMAIL", ""),
    ("malformed-sid", "CLAIM-SID", ""),
    ("malformed-oid", "CLAIM-OID", ""),
    ("duplicate-upn", "CLAIM-UPN", ""),
    ("foreign-upn", "CLAIM-SCOPE", ""),
    ("wrong-version", "SAML-VERSION", "version-wrong"),
    ("doctype", "SAML-XML", "document-type"),
    ("not-base64", "SAML-MESSAGE", "message-encoding"),
];

#[tokio::test]
async fn a_test_sign_in_tells_each_fault_by_its_name_and_what_to_do_and_opens_nothing() {
    let saml = SamlWorld::start(DEMANDING).await;
    saml.encrypt().await;
    let mut diagnoses = BTreeSet::new();
    for (fault, code, cause) in FAULTS {
        let mut browser = saml.world.browser();
        let report = trial(&saml, &mut browser, fault).await;
        if *fault == "relay-state-lost" {
            assert_eq!(report["state"], "waiting", "nothing says whose response it is");
            continue;
        }
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let found = (text(&report["fault"]["code"]), text(&report["fault"]["cause"]));
        assert_eq!(found, ((*code).to_owned(), (*cause).to_owned()), "{fault}: {report}");
        if !code.is_empty() {
            assert_eq!(report["state"], "refused");
            assert!(report["fault"]["remedy"].is_string(), "{fault} has no remedy: {report}");
            diagnoses.insert(format!("{code} {cause} {}", report["fault"]["reason"]));
        }
        assert!(!saml.world.has_session(&mut browser, "acme").await, "{fault}");
        assert_eq!(browser.cookies(&format!("accounts.{}", saml.world.domain())).len(), 0, "{fault}");
    }
    assert!(diagnoses.len() >= 45, "{} different diagnoses", diagnoses.len());
}

#[tokio::test]
async fn a_person_is_told_the_code_and_nothing_of_the_cause() {
    let saml = SamlWorld::start(DEMANDING).await;
    saml.encrypt().await;
    assert_eq!(FAULTS.len(), Fault::ALL.len(), "every fault of the sandbox stands in the list");
    for (fault, code, _) in FAULTS {
        let before = saml.world.audit().await.len();
        let mut browser = saml.world.browser();
        let page = saml.sign_in(&mut browser, &saml.world.url("acme", "/"), fault).await;
        if code.is_empty() {
            assert_eq!(page.text_body(), "the application", "{fault}");
            continue;
        }
        assert!(page.status.is_client_error(), "{fault}: {} {}", page.status, page.text());
        let text = page.text();
        assert!(
            text.contains(code) && !text.contains("urn:oasis") && !text.contains("digest"),
            "{fault}: {text}"
        );
        saml.world.assert_refused(before, code).await;
        assert!(!saml.world.has_session(&mut browser, "acme").await, "{fault}");
    }
}

async fn trial(saml: &SamlWorld, browser: &mut Browser, fault: &str) -> Value {
    let ticket = ticket(saml).await;
    let url = saml.world.url("accounts", &format!("/test?ticket={ticket}"));
    saml.sign_in(browser, &url, fault).await;
    browser.open(&format!("{url}&json=1")).await.unwrap().json()
}

/// As `vestibule check` hands them out.
pub(super) async fn ticket(saml: &SamlWorld) -> String {
    let app = saml.world.app();
    let deployment = app.deployment.load_full();
    let connection = deployment.tenants().next().unwrap().organization.connections[0].id;
    let ticket = Token::generate().unwrap();
    let (hash, expires) = (ticket.hash(), app.session_clock.now().plus(std::time::Duration::from_mins(1)));
    let write = app.store.write_one(move |transaction| {
        Box::pin(async move {
            vestibule_broker::store::trials::issue(transaction, &hash, connection, expires).await
        })
    });
    write.await.unwrap();
    ticket.as_str().to_owned()
}
