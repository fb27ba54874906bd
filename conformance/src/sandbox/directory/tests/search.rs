//! Entries, filters, scopes, limits.

use super::*;

fn escaped(octets: &[u8]) -> String {
    octets.iter().fold(String::new(), |text, octet| format!("{text}\\{octet:02x}"))
}

#[tokio::test]
async fn everybody_is_the_same_person_here_as_in_the_other_sandboxes() {
    let bench = Bench::start().await;
    let mut client = bench.service().await;
    for person in &People::standard() {
        let filter =
            format!("(&(objectCategory=person)(objectClass=user)(userPrincipalName={}))", person.upn);
        let found = client.search(DOMAIN, "sub", &filter, &[]).await;
        assert_eq!((found.code, found.entries.len(), found.references), (0, 1, 3), "{}", person.upn);
        let entry = &found.entries[0];
        let text = |name: &str| entry.attrs.get(name).map(|values| values[0].as_str());
        let octets = |name: &str| match entry.bin_attrs.get(name) {
            Some(values) => values[0].clone(),
            None => entry.attrs[name][0].clone().into_bytes(),
        };
        assert_eq!(text("displayName"), Some(person.display_name.as_str()));
        assert_eq!(text("givenName"), Some(person.given_name.as_str()));
        assert_eq!(text("sn"), Some(person.family_name.as_str()));
        assert_eq!(entry.attrs["memberOf"].len(), person.groups.len());
        assert_eq!(text("tokenGroups"), None);
        assert_eq!(text("msDS-User-Account-Control-Computed"), None);
        if let (Some(sid), Some(guid)) = (person.security_id_bytes(), person.object_id_bytes()) {
            assert_eq!(octets("objectSid"), sid);
            assert_eq!(octets("objectGUID"), guid);
            assert_eq!(text("mail"), Some(person.email.as_str()));
        } else {
            assert_eq!((octets("objectSid").len(), octets("objectGUID").len()), (28, 16));
            assert_eq!(text("mail"), None, "what the directory lacks of {}", person.username);
        }
    }
}

#[tokio::test]
async fn filters_find_whom_they_describe() {
    let bench = Bench::start().await;
    let mut client = bench.service().await;
    let alice = People::standard().by_username("alice").unwrap().clone();
    let sid = escaped(&alice.security_id_bytes().unwrap());
    let guid = escaped(&alice.object_id_bytes().unwrap());
    let rows = [
        (format!("(objectSid={sid})"), "alice"),
        (format!("(objectSid={})", alice.security_id.as_ref().unwrap()), "alice"),
        (format!("(|(objectSid=\\01\\05)(OBJECTSID={sid}))"), "alice"),
        (format!("(objectGUID={guid})"), "alice"),
        (format!("(distinguishedName={ALICE})"), "alice"),
        ("(sAMAccountName=ALICE)".to_owned(), "alice"),
        ("(sAMAccountName=al*ce)".to_owned(), "alice"),
        ("(&(givenName=*lic*)(!(sn=Berg)))".to_owned(), "alice"),
        ("(userPrincipalName=nils.nord@mail.corp.example)".to_owned(), "nils"),
        ("(cn=Müller, Jörg \\28Test\\2a\\29)".to_owned(), "joerg"),
        ("(&(objectClass=user)(userAccountControl:1.2.840.113556.1.4.803:=2))".to_owned(), "greta"),
        ("(&(objectClass=user)(!(mail=*))(!(userAccountControl=66048)))".to_owned(), "dave"),
        ("(&(objectCategory=person)(pwdLastSet<=0))".to_owned(), "felix"),
        ("(&(objectCategory=person)(lockoutTime>=1))".to_owned(), "ida"),
    ];
    for (filter, name) in rows {
        let found = client.search(DOMAIN, "sub", &filter, &["samaccountname"]).await;
        let names: Vec<_> =
            found.entries.iter().map(|entry| entry.attrs["sAMAccountName"][0].as_str()).collect();
        assert_eq!((found.code, names), (0, vec![name]), "{filter}");
    }
    for filter in [
        "(sAMAccountName=\\2a)",
        "(sAMAccountName=al)",
        "(objectSid=\\01\\05)",
        "(unknown=*)",
        "(tokenGroups=*)",
        "(msDS-User-Account-Control-Computed:1.2.840.113556.1.4.803:=0)",
    ] {
        assert!(client.search(DOMAIN, "sub", filter, &[]).await.entries.is_empty(), "{filter}");
    }
}

#[tokio::test]
async fn states_show_in_the_attributes() {
    let bench = Bench::start().await;
    let mut client = bench.service().await;
    let never = i64::MAX.to_string();
    let rows = [
        ("alice", "512", "0", never.as_str()),
        ("greta", "514", "0", &never),
        ("ida", "512", "16", &never),
        ("erika", "512", "8388608", &never),
        ("henrik", "512", "0", "134443872000000000"),
    ];
    for (account, control, computed, expires) in rows {
        let names = ["userAccountControl", "msds-user-account-control-computed", "accountExpires"];
        let filter = format!("(sAMAccountName={account})");
        let found = client.search(DOMAIN, "sub", &filter, &names).await;
        let entry = &found.entries[0].attrs;
        let shown = ["userAccountControl", "msDS-User-Account-Control-Computed", "accountExpires"]
            .map(|name| entry[name][0].as_str());
        assert_eq!(shown, [control, computed, expires], "{account}");
    }
    let jonas = client.search(DOMAIN, "sub", "(sAMAccountName=jonas)", &["logonHours"]).await;
    assert_eq!(jonas.entries[0].attrs["logonHours"][0].len(), 21);
}

#[tokio::test]
async fn a_new_account_of_an_old_name_is_somebody_else() {
    let bench = Bench::start().await;
    let mut client = bench.service().await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        let entry =
            client.search(ALICE, "base", "(objectClass=*)", &["objectSid", "objectGUID"]).await.entries;
        seen.extend(["objectSid", "objectGUID"].map(|name| entry[0].bin_attrs[name][0].clone()));
        assert!(bench.directory.recreate("alice"));
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), count);
}

#[tokio::test]
async fn the_root_speaks_to_everybody_and_nothing_else_does() {
    let bench = Bench::start().await;
    let mut client = bench.client().await;
    let root = client.search("", "base", "(objectClass=*)", &[]).await;
    let text = |name: &str| root.entries[0].attrs[name][0].as_str();
    assert_eq!(text("defaultNamingContext"), DOMAIN);
    assert_eq!(text("configurationNamingContext"), "CN=Configuration,DC=corp,DC=example");
    assert_eq!(text("dnsHostName"), "dc1.corp.example");
    assert_eq!(text("ldapServiceName"), "corp.example:dc1$@CORP.EXAMPLE");
    assert_eq!(text("currentTime"), "20270115080000.0Z");
    assert_eq!(text("supportedCapabilities"), "1.2.840.113556.1.4.800");
    for (base, scope) in [(DOMAIN, "base"), (DOMAIN, "sub"), ("", "sub"), (ALICE, "base")] {
        assert_eq!(client.search(base, scope, "(objectClass=*)", &[]).await.code, 1, "{base}");
    }
}

#[tokio::test]
async fn the_partitions_know_the_names_of_the_domain() {
    let bench = Bench::start().await;
    let mut client = bench.service().await;
    let base = format!("CN=Partitions,CN=Configuration,{DOMAIN}");
    let filter = format!("(&(objectClass=crossRef)(nCName={DOMAIN}))");
    let found = client.search(&base, "one", &filter, &["nETBIOSName", "dnsRoot"]).await;
    assert_eq!((found.entries.len(), found.references), (1, 0));
    assert_eq!(found.entries[0].attrs["nETBIOSName"], ["CORP"]);
    assert_eq!(found.entries[0].attrs["dnsRoot"], ["corp.example"]);
    let found = client.search(&base, "base", "(objectClass=*)", &["uPNSuffixes"]).await;
    assert_eq!(found.entries[0].attrs["uPNSuffixes"], ["mail.corp.example"]);
    assert!(client.search(DOMAIN, "sub", "(nETBIOSName=*)", &[]).await.entries.is_empty());
}

#[tokio::test]
async fn more_than_a_thousand_entries_come_by_pages_only() {
    let bench = Bench::start().await;
    let mut client = bench.service().await;
    let found = client.search(DOMAIN, "sub", "(cn=Group *)", &["cn"]).await;
    assert_eq!((found.code, found.entries.len()), (4, 1000));
    let mut names = client.pages(DOMAIN, "(cn=Group *)", 700).await;
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 4998);
}

#[tokio::test]
async fn a_base_is_here_or_nowhere_or_elsewhere() {
    let bench = Bench::start().await;
    let mut client = bench.service().await;
    for (base, code) in [
        ("CN=Nobody,CN=Users,DC=corp,DC=example", 32),
        ("DC=other,DC=example", 10),
        ("alice@corp.example", 34),
        ("cn=users,dc=CORP,dc=example", 0),
    ] {
        assert_eq!(client.search(base, "base", "(objectClass=*)", &["1.1"]).await.code, code, "{base}");
    }
    let below = client.search(DOMAIN, "one", "(objectClass=*)", &["1.1"]).await;
    assert_eq!(below.entries.len(), 3);
}
