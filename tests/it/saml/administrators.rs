//! Administrators by SAML: groups alone, and in the edition that has it (PRV-01, PRV-02, GRP-02, GRP-06).

use vestibule_broker::apply::ApplyError;
use vestibule_tests::saml::SamlWorld;

const WAY: &str = "administrator_sign_in = \"any\"\n";
const GROUP: &str =
    "[[administrator_groups]]\nconnection = \"any\"\ngroup = \"any:Finance\"\naccess = [\"library\"]\n";
const LINES: &str = "[connections.attributes]\ngroups = \"groups\"\n";

fn text(saml: &SamlWorld, organization: &str, tables: &str) -> String {
    let text = saml.manifest("acme", LINES).text(&saml.world);
    format!("{}{tables}", text.replace("workspaces =", &format!("{organization}workspaces =")))
}

#[tokio::test]
async fn a_group_of_a_saml_provider_opens_the_console_in_the_edition_that_has_it() {
    for (row, edition, tables, code) in [
        ("a member", "japan", GROUP.to_owned(), "in"),
        (
            "a member of another group",
            "japan",
            GROUP.replace("Finance", "Engineering"),
            "ADMISSION-MEMBERSHIP",
        ),
        ("no group", "japan", String::new(), "ADMISSION-MEMBERSHIP"),
    ] {
        let saml = SamlWorld::start(LINES).await;
        let organization = format!("edition = \"{edition}\"\n{WAY}");
        saml.world.apply_text(&text(&saml, &organization, &tables)).await.unwrap();
        saml.world.settle().await;
        let mut browser = saml.world.browser();
        let page = saml.sign_in(&mut browser, &saml.world.url("console", "/go/acme"), "none").await;
        let session = browser.open(&saml.world.url("console", "/.vestibule/session")).await.unwrap();
        assert_eq!(session.status == 200, code == "in", "{row}: {}", page.text());
        if code == "in" {
            assert_eq!(page.url.as_str(), saml.world.url("console", "/"), "{row}");
            assert_eq!(
                (&session.json()["audience"], &session.json()["kind"]),
                (&"administrator".into(), &"saml".into())
            );
        } else {
            assert!(page.text().contains(code), "{row}: {}", page.text());
        }
    }
}

#[tokio::test]
async fn what_saml_may_not_bring_is_refused_in_the_manifest() {
    let saml = SamlWorld::start(LINES).await;
    let japan = "edition = \"japan\"\n";
    let person = "[[administrators]]\nconnection = \"any\"\nobject_id = \"f81d4fae-7dec-41d0-a765-00a0c91e6bf6\"\naccess = []\n";
    for (row, organization, tables) in [
        ("the other edition", WAY, String::new()),
        ("its groups", "", GROUP.to_owned()),
        ("full access", japan, GROUP.replace("[\"library\"]", "\"full\"")),
        ("somebody alone", japan, person.to_owned()),
    ] {
        let applied = saml.world.apply_text(&text(&saml, organization, &tables)).await;
        assert!(matches!(applied, Err(ApplyError::Faults(_))), "{row}: {applied:?}");
    }
    saml.world.apply_text(&text(&saml, &format!("{japan}{WAY}"), GROUP)).await.unwrap();
}
