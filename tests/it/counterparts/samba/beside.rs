//! What stands beside the forests: a name server, a directory that is no Active Directory, and one-time passwords.

use serde_json::{Value, json};
use tokio::process::Command;
use vestibule_tests::counterparts::samba::{Forest, Realm};
use vestibule_tests::counterparts::{Dns, Record, Slapd, totp};

use super::client::{Client, INVALID_CREDENTIALS, OK};

async fn resolved(dns: &Dns, name: &str, kind: &str) -> Value {
    let (address, port) = (dns.address().ip().to_string(), dns.address().port().to_string());
    let output = Command::new("/usr/bin/python3")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/counterparts/resolve.py"))
        .args([address.as_str(), port.as_str(), name, kind])
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn the_name_server_knows_the_controllers_and_nobody_else() {
    let corp = Forest::shared(Realm::Corp).await.unwrap();
    let mut records = Record::of_forest(corp);
    records.push(Record::A { name: "elsewhere.example".to_owned(), address: "127.0.0.9".to_owned() });
    let dns = Dns::start(&records).await.unwrap();
    let address = corp.first().address();
    for (name, kind, answers) in [
        (
            "_ldap._tcp.dc._msdcs.corp.example",
            "SRV",
            json!(["0 100 389 dc1.corp.example.", "0 100 389 dc2.corp.example."]),
        ),
        (
            "_gc._tcp.corp.example",
            "SRV",
            json!(["0 100 3268 dc1.corp.example.", "0 100 3268 dc2.corp.example."]),
        ),
        ("dc1.corp.example", "A", json!([address])),
        ("elsewhere.example", "A", json!(["127.0.0.9"])),
    ] {
        assert_eq!(
            resolved(&dns, name, kind).await,
            json!({ "code": "NOERROR", "records": answers }),
            "{name}"
        );
    }
    let unknown = resolved(&dns, "_ldap._tcp.dc._msdcs.partner.example", "SRV").await;
    assert_eq!(unknown, json!({ "code": "NXDOMAIN", "records": [] }));
}

#[tokio::test]
async fn open_ldap_does_not_look_like_active_directory() {
    let partner = Forest::shared(Realm::Partner).await.unwrap();
    let slapd = Slapd::start(partner).await.unwrap();
    let alice = Client::of(partner, "alice", Slapd::PASSWORD).at(&slapd.url()).named(Slapd::PERSON);
    let root =
        alice.search("", "(objectClass=*)", &["namingContexts", "defaultNamingContext", "vendorName"]).await;
    assert_eq!(root.values("namingContexts"), ["dc=linux,dc=example"]);
    assert!(root.values("defaultNamingContext").is_empty(), "{root:?}");
    let refused = alice.with_password("another").bind().await;
    assert_eq!((refused.code, refused.data()), (INVALID_CREDENTIALS, None), "{refused:?}");
    let empty = alice.named("alice@corp.example").bind().await;
    assert_eq!(empty.code, 34, "invalidDNSyntax (RFC 4511 §A.2): it knows names of one form: {empty:?}");
    assert_eq!(alice.bind().await.code, OK);
}

#[tokio::test]
async fn oathtool_computes_the_vectors_of_the_standard() {
    // RFC 6238 appendix B, for SHA-1; an app shows the last six of the eight digits.
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    for (at, digits) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        assert_eq!(totp(secret, at).await.unwrap(), digits, "{at}");
    }
    assert!(totp("not base32!", 59).await.is_err());
}
