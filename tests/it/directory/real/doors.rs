//! Whom a password is sent to: a controller of this domain, behind TLS that is believed, and nobody else (LDAP-06, LDAP-07).

use vestibule_tests::counterparts::samba::{Forest, LDAP, LDAPS, password_of};
use vestibule_tests::counterparts::{Dns, Record, Slapd};
use vestibule_tests::directory::{DirectoryWorld, Domain};

use super::{KIND, refuse};

#[tokio::test]
async fn both_kinds_of_tls_lead_in() {
    let (corp, _) = Forest::both().await.unwrap();
    let (address, login) = (corp.first().address(), corp.somebody());
    for server in [
        format!("ldaps://{address}"),
        format!("ldaps://{address}:{LDAPS}"),
        format!("ldap://{address}"),
        format!("ldap://{address}:{LDAP}"),
    ] {
        let domain = Domain { servers: vec![server.clone()], ..Domain::of(corp) };
        let world = DirectoryWorld::start(KIND, vec![domain], "").await;
        world
            .sign_in(&mut world.world.browser(), &format!("{login}@corp.example"), &password_of(&login))
            .await;
    }
}

#[tokio::test]
async fn nobody_is_given_a_password_without_tls_that_is_believed() {
    let (corp, partner) = Forest::both().await.unwrap();
    let (good, address) = (Domain::of(corp), corp.first().address());
    let rows = [
        (
            "an authority of somebody else",
            Domain { ca_pem: partner.ca_pem().to_owned(), ..good.clone() },
            "AD-DOWN",
            "UnknownIssuer",
        ),
        (
            "the same after StartTLS",
            Domain {
                ca_pem: partner.ca_pem().to_owned(),
                servers: vec![format!("ldap://{address}")],
                ..good.clone()
            },
            "AD-DOWN",
            "UnknownIssuer",
        ),
        (
            "no TLS where TLS is expected",
            Domain { servers: vec![format!("ldaps://{address}:{LDAP}")], ..good.clone() },
            "AD-DOWN",
            "TLS",
        ),
        (
            "no directory that listens",
            Domain { servers: vec![format!("ldaps://{address}:1")], ..good.clone() },
            "AD-DOWN",
            "refused",
        ),
    ];
    closed(corp, rows).await;
}

#[tokio::test]
async fn no_other_directory_is_given_a_password() {
    let (corp, partner) = Forest::both().await.unwrap();
    let good = Domain::of(corp);
    let slapd = Slapd::start(corp).await.unwrap();
    let rows = [
        (
            "a directory that is no Active Directory",
            good.clone().at_slapd(&slapd),
            "AD-DOMAIN",
            "no Active Directory",
        ),
        (
            "the SID of another domain",
            Domain { domain_sid: partner.domain_sid().to_owned(), ..good.clone() },
            "AD-DOMAIN",
            "its SID is",
        ),
        (
            "the name of another domain",
            Domain { name: "corp2.example".to_owned(), ..good.clone() },
            "AD-DOMAIN",
            "its naming context is DC=corp,DC=example",
        ),
        (
            "another NetBIOS name",
            Domain { netbios: Some("OTHER".to_owned()), ..good.clone() },
            "AD-DOMAIN",
            "its NetBIOS name is CORP",
        ),
        (
            "a controller of another domain",
            Domain {
                servers: vec![partner.first().url()],
                ca_pem: partner.ca_pem().to_owned(),
                bind_user: "svc-vestibule@partner.example".to_owned(),
                ..good.clone()
            },
            "AD-DOMAIN",
            "its naming context is DC=partner,DC=example",
        ),
    ];
    Box::pin(closed(corp, rows)).await;
}

#[tokio::test]
async fn a_password_of_our_own_that_is_wrong_is_sent_once() {
    let (corp, _) = Forest::both().await.unwrap();
    let good = Domain::of(corp);
    // A wrong password of the real account would lock it for everybody.
    let service = corp.somebody();
    let rows = [(
        "our own account with a wrong password",
        Domain {
            bind_user: format!("{service}@corp.example"),
            bind_password: "another".to_owned(),
            ..good.clone()
        },
        "AD-SERVICE",
        "52e",
    )];
    closed(corp, rows).await;
    assert_eq!(corp.binds(&service).await.unwrap().len(), 1);
}

/// Each of these domains refuses somebody with this code and for this reason, and is not sent their password.
async fn closed<const N: usize>(corp: &Forest, rows: [(&str, Domain, &str, &str); N]) {
    let login = corp.somebody();
    for (row, domain, code, reason) in rows {
        let name = format!("{login}@{}", domain.name);
        let world = DirectoryWorld::start(KIND, vec![domain], "").await;
        let refused = refuse(&world, &name, &password_of(&login)).await;
        assert_eq!(refused.code, code, "{row}: {}", refused.reason);
        assert!(refused.reason.contains(reason), "{row}: {}", refused.reason);
        if code == "AD-SERVICE" {
            let again = refuse(&world, &name, &password_of(&login)).await;
            assert_eq!((again.code, again.reason), (refused.code.clone(), refused.reason.clone()), "{row}");
        }
        assert_eq!(refused.page.status, 503, "{row}");
        assert!(refused.page.text().contains(code), "{row}: {}", refused.page.text());
        for secret in ["corp.example", "DC=", corp.first().address(), "svc-vestibule"] {
            assert!(!refused.page.text().contains(secret), "{row}: {secret}: {}", refused.page.text());
        }
    }
    assert!(corp.binds(&login).await.unwrap().is_empty(), "the person's password was sent");
}

#[tokio::test]
async fn a_certificate_bears_the_name_that_is_configured() {
    let (corp, _) = Forest::both().await.unwrap();
    let login = corp.somebody();
    let record = |name: &str| Record::A { name: name.to_owned(), address: corp.first().address().to_owned() };
    let dns = Dns::start(&[record("dc1.corp.example"), record("dc7.corp.example")]).await.unwrap();
    let mut world = DirectoryWorld::start(KIND, vec![Domain::of(corp)], "").await;
    world.world.outbound = format!("dns = [\"{}\"]\n", dns.address());
    world.world.restart().await;
    for (host, code) in [("dc7.corp.example", "AD-DOWN"), ("dc9.corp.example", "AD-DOWN")] {
        world.domains[0].servers = vec![format!("ldaps://{host}")];
        world.apply().await;
        let refused = refuse(&world, &format!("{login}@corp.example"), &password_of(&login)).await;
        assert_eq!(refused.code, code, "{host}: {}", refused.reason);
        assert!(refused.reason.contains(host), "{host}: {}", refused.reason);
    }
    assert!(corp.binds(&login).await.unwrap().is_empty());
    world.domains[0].servers = vec!["ldaps://dc1.corp.example".to_owned()];
    world.apply().await;
    world.sign_in(&mut world.world.browser(), &format!("{login}@corp.example"), &password_of(&login)).await;
}
