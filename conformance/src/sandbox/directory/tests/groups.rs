//! Groups in groups, from either end, in parts and as tokens.

use std::collections::HashSet;

use super::*;

const LARS: &str = "CN=Lars Lund,CN=Users,DC=corp,DC=example";
const METTE: &str = "CN=Mette Moe,CN=Users,DC=corp,DC=example";
const CHAIN: &str = "1.2.840.113556.1.4.1941";

async fn names(client: &mut Client, filter: &str) -> Vec<String> {
    let found = client.search(DOMAIN, "sub", filter, &["sAMAccountName"]).await;
    assert_eq!(found.code, 0, "{filter}");
    let mut names: Vec<_> =
        found.entries.iter().map(|entry| entry.attrs["sAMAccountName"][0].clone()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_membership_is_followed_where_the_filter_says_so() {
    let bench = Bench::start().await;
    let mut client = bench.service().await;
    assert_eq!(names(&mut client, &format!("(member={ALICE})")).await, ["Everyone", "Finance"]);
    let all = names(&mut client, &format!("(member:{CHAIN}:={ALICE})")).await;
    assert_eq!(all, ["Everyone", "Finance", "Staff"]);
    let group = |name: &str| format!("CN={name},OU=Groups,{DOMAIN}");
    let direct = names(&mut client, &format!("(&(objectClass=user)(memberOf={}))", group("Finance"))).await;
    assert_eq!(direct, ["alice"]);
    let people = format!("(&(objectCategory=user)(memberOf:{CHAIN}:={}))", group("Staff"));
    assert!(names(&mut client, &people).await.contains(&"bob".to_owned()));
    let external = group("Reviewers\\5c, external");
    assert_eq!(names(&mut client, &format!("(memberOf={external})")).await, ["carol"]);
    let nobody = format!("(member:{CHAIN}:=CN=Nobody,{DOMAIN})");
    assert_eq!(names(&mut client, &nobody).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_circle_of_groups_ends() {
    let bench = Bench::start().await;
    let mut client = bench.service().await;
    assert_eq!(names(&mut client, &format!("(member:{CHAIN}:={METTE})")).await.len(), 50);
    let last = format!("CN=Nested 50,OU=Groups,{DOMAIN}");
    let people = format!("(&(objectClass=user)(memberOf:{CHAIN}:={last}))");
    assert_eq!(names(&mut client, &people).await, ["mette"]);
    let found = client.search(METTE, "base", "(objectClass=*)", &["tokenGroups"]).await;
    assert_eq!(found.entries[0].bin_attrs["tokenGroups"].len(), 52);
}

#[tokio::test]
async fn tokens_have_every_group_once_and_only_of_an_object_that_is_named() {
    let bench = Bench::start().await;
    let mut client = bench.service().await;
    let found = client.search(ALICE, "base", "(objectClass=user)", &["tokenGroups", "memberOf"]).await;
    let entry = &found.entries[0];
    assert_eq!(entry.attrs["memberOf"].len(), 2);
    let tokens = &entry.bin_attrs["tokenGroups"];
    let own = |relative: &str| format!("{}-{relative}", bench.directory.domain_sid());
    let sids: HashSet<_> = tokens.iter().map(|sid| matching::security_id(sid).unwrap()).collect();
    assert_eq!(sids.len(), 5);
    assert!(sids.contains(&own("513")), "the primary group: {sids:?}");
    assert!(sids.contains("S-1-5-32-545"), "the built-in group that has it: {sids:?}");
    let many = client.search(DOMAIN, "sub", "(sAMAccountName=alice)", &["tokenGroups"]).await;
    assert_eq!((many.code, many.entries.len()), (1, 0));

    let found = client.search(LARS, "base", "(objectClass=*)", &["tokenGroups"]).await;
    let tokens: HashSet<_> = found.entries[0].bin_attrs["tokenGroups"].iter().collect();
    assert_eq!(tokens.len(), 5001, "5,000 and the built-in one");
}

#[tokio::test]
async fn many_values_come_in_parts() {
    let bench = Bench::start().await;
    let mut client = bench.service().await;
    for (dn, attribute, total) in [
        (LARS.to_owned(), "memberOf", 4998),
        (format!("CN=Numbered groups,OU=Groups,{DOMAIN}"), "member", 4998),
    ] {
        let (mut values, mut asked) = (HashSet::new(), attribute.to_owned());
        for round in 0.. {
            assert!(round < 4, "{asked}");
            let found = client.search(&dn, "base", "(objectClass=*)", &[&asked]).await;
            let attributes = &found.entries[0].attrs;
            assert!(attributes.get(attribute).is_none_or(Vec::is_empty));
            let (name, part) = attributes.iter().find(|(name, _)| name.contains(";range=")).unwrap();
            assert!(part.len() <= 1500);
            values.extend(part.clone());
            let last = name.rsplit_once('-').unwrap().1;
            if last == "*" {
                break;
            }
            asked = format!("{attribute};range={}-*", last.parse::<usize>().unwrap() + 1);
        }
        assert_eq!(values.len(), total, "{attribute}");
    }
    let beyond = client.search(LARS, "base", "(objectClass=*)", &["memberOf;range=5000-*"]).await;
    assert!(beyond.entries[0].attrs.is_empty());
}
