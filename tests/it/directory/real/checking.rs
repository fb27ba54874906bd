//! `vestibule check` on connections to real directories: each fault by its code, and with something to do (PRV-09).

use std::time::Duration;

use vestibule_broker::check::Finding;
use vestibule_tests::counterparts::Slapd;
use vestibule_tests::counterparts::samba::{Forest, LDAP};
use vestibule_tests::directory::{DirectoryWorld, Domain};

use super::KIND;
use crate::openid::issuer::findings;

/// Ours has to come before the lockout of the domain, which is after five within half an hour.
const SETTINGS: &str = "lockout_attempts = 2\nlockout_window = \"30m\"\n";

fn faults(findings: &[Finding]) -> Vec<(&str, &str)> {
    findings.iter().filter_map(|one| Some((one.check.as_str(), one.code?))).collect()
}

#[tokio::test]
async fn a_good_connection_passes_in_every_part() {
    let (corp, partner) = Forest::both().await.unwrap();
    let world = DirectoryWorld::start(KIND, vec![Domain::of(corp), Domain::of(partner)], SETTINGS).await;
    let found = findings(&world.world).await;
    assert!(faults(&found).is_empty(), "{found:#?}");
    for forest in [corp, partner] {
        let domain = forest.realm().domain();
        for (check, says) in [
            ("controllers", forest.first().url()),
            ("domain", forest.realm().base_dn().to_owned()),
            ("domain", forest.realm().net_bios().to_owned()),
            ("domain", format!("mail.{domain}, group.example")),
            ("clock", "s apart".to_owned()),
            ("people", "people looked at".to_owned()),
            ("lockout", "5 wrong passwords within 30 min lock an account; we stop at 2".to_owned()),
        ] {
            let name = format!("{check} of {domain}");
            let one =
                found.iter().find(|one| one.check == name).unwrap_or_else(|| panic!("{name}: {found:#?}"));
            assert!(one.detail.contains(&says), "{says}: {one}");
        }
    }
}

#[tokio::test]
async fn a_controller_that_does_not_let_us_in_is_named() {
    let (corp, partner) = Forest::both().await.unwrap();
    let (good, service) = (Domain::of(corp), corp.somebody());
    let address = corp.first().address();
    let rows = [
        (
            "a wrong password of our own",
            Domain {
                bind_user: format!("{service}@corp.example"),
                bind_password: "another".to_owned(),
                ..good.clone()
            },
            ["controller of corp.example", "AD-SERVICE", "refuses the account", "`bind_password`"],
        ),
        (
            "an account that nobody has",
            Domain { bind_user: "CN=nobody,DC=corp,DC=example".to_owned(), ..good.clone() },
            [
                "controller of corp.example",
                "AD-SERVICE",
                "refuses the account CN=nobody",
                "unlock the account",
            ],
        ),
        (
            "another authority",
            Domain { ca_pem: partner.ca_pem().to_owned(), ..good.clone() },
            ["controller of corp.example", "AD-DOWN", "UnknownIssuer", "`ca`"],
        ),
        (
            "a port that is closed",
            Domain { servers: vec![format!("ldaps://{address}:1")], ..good.clone() },
            ["controller of corp.example", "AD-DOWN", "refused", "`servers`"],
        ),
        (
            "a port without TLS",
            Domain { servers: vec![format!("ldaps://{address}:{LDAP}")], ..good.clone() },
            ["controller of corp.example", "AD-DOWN", "TLS", "port 636 or 389"],
        ),
    ];
    each(rows).await;
    assert_eq!(corp.binds(&service).await.unwrap().len(), 1, "a wrong password is sent once");
}

#[tokio::test]
async fn a_directory_that_is_another_one_is_named() {
    let (corp, partner) = Forest::both().await.unwrap();
    let (good, slapd) = (Domain::of(corp), Slapd::start(corp).await.unwrap());
    let rows = [
        (
            "a directory that is no Active Directory",
            good.clone().at_slapd(&slapd),
            ["domain of corp.example", "AD-DOMAIN", "no Active Directory", "`servers`"],
        ),
        (
            "another name",
            Domain { name: "corp2.example".to_owned(), ..good.clone() },
            ["domain of corp2.example", "AD-DOMAIN", "its naming context is DC=corp,DC=example", "`name`"],
        ),
        (
            "another SID",
            Domain { domain_sid: partner.domain_sid().to_owned(), ..good.clone() },
            ["domain of corp.example", "AD-DOMAIN", corp.domain_sid(), "`domain_sid`"],
        ),
    ];
    each(rows).await;
}

/// The one fault of each: where, its code, what is wrong and what can be done.
async fn each<const N: usize>(rows: [(&str, Domain, [&str; 4]); N]) {
    for (row, domain, [check, code, says, remedy]) in rows {
        let world = DirectoryWorld::start(KIND, vec![domain], SETTINGS).await;
        let found = findings(&world.world).await;
        assert_eq!(faults(&found), [(check, code)], "{row}: {found:#?}");
        let fault = found.iter().find(|one| one.code.is_some()).unwrap();
        assert!(fault.detail.contains(says), "{row}: {fault}");
        assert!(fault.remedy.is_some_and(|text| text.contains(remedy)), "{row}: {fault}");
    }
}

#[tokio::test]
async fn one_controller_of_two_and_clocks_that_differ() {
    let (corp, _) = Forest::both().await.unwrap();
    let away = format!("ldaps://{}:1", corp.first().address());
    let domain = Domain { servers: vec![away.clone(), corp.first().url()], ..Domain::of(corp) };
    let world = DirectoryWorld::start(KIND, vec![domain], SETTINGS).await;
    let found = findings(&world.world).await;
    assert_eq!(faults(&found), [("controller of corp.example", "AD-DOWN")], "{found:#?}");
    assert!(found.iter().any(|one| one.code.is_some() && one.detail.contains(&away)), "{found:#?}");
    assert!(
        found.iter().any(|one| one.check == "people of corp.example" && one.code.is_none()),
        "{found:#?}"
    );

    world.world.clock.advance(Duration::from_mins(10));
    let found = findings(&world.world).await;
    let clock = found.iter().find(|one| one.check == "clock of corp.example").unwrap();
    assert!(clock.code.is_some() && clock.detail.contains("set both by the same time server"), "{clock}");
}
