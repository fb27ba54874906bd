//! The people of the sandboxes: the same from the same seed, and each with what a directory would say of them.

use super::*;

#[test]
fn one_seed_gives_the_same_people_and_another_gives_others() {
    assert_eq!(People::generate(&[1; 32]), People::generate(&[1; 32]));
    let (one, two) = (People::generate(&[1; 32]), People::generate(&[2; 32]));
    for (a, b) in one.iter().zip(&two) {
        assert_eq!(a.username, b.username);
        assert_ne!(a.password, b.password);
        if a.security_id.is_some() {
            assert_ne!(a.security_id, b.security_id);
            assert_ne!(a.object_id, b.object_id);
        }
    }
}

#[test]
fn people_survive_their_file() {
    let people = People::standard();
    let json = serde_json::to_string(&people).unwrap();
    assert_eq!(serde_json::from_str::<People>(&json).unwrap(), people);
}

#[test]
fn one_domain_holds_everybody_but_the_incomplete_account() {
    let people = People::standard();
    let domains: std::collections::HashSet<_> =
        people.iter().filter_map(|p| p.security_id.as_deref()?.rsplit_once('-')).map(|(d, _)| d).collect();
    assert_eq!(domains.len(), 1);
    let dave = people.by_username("dave").unwrap();
    assert_eq!((&dave.security_id, &dave.object_id), (&None, &None));
    assert_eq!(dave.security_id_bytes(), None);
    assert_eq!(dave.object_id_bytes(), None);
}

#[test]
fn a_password_is_four_groups_and_hides_from_debug() {
    let people = People::standard();
    let alice = people.by_username("alice").unwrap();
    let groups: Vec<_> = alice.password.as_str().split('-').map(str::len).collect();
    assert_eq!(groups, [5, 5, 5, 5]);
    assert!(!format!("{alice:?}").contains(alice.password.as_str()));
}

#[test]
fn signing_in_needs_the_own_password() {
    let people = People::standard();
    let (alice, bob) = (people.by_username("alice").unwrap(), people.by_username("bob").unwrap());
    let secret = alice.password.as_str();
    let rows = [
        ("username", "alice", secret, true),
        ("upn", "alice@corp.example", secret, true),
        ("upper case and a space", " Alice ", secret, true),
        ("another's password", "alice", bob.password.as_str(), false),
        ("empty password", "alice", "", false),
        ("a beginning of it", "alice", &secret[..10], false),
        ("unknown name", "mallory", secret, false),
        ("no name", "", secret, false),
    ];
    for (name, username, password, accepted) in rows {
        assert_eq!(people.sign_in(username, password).is_some(), accepted, "{name}");
    }
}

#[test]
fn binary_forms_are_those_of_the_directory() {
    let mut person = People::standard().by_username("alice").unwrap().clone();
    person.security_id = Some("S-1-5-21-1-2-258-1104".to_owned());
    person.object_id = Some("00112233-4455-6677-8899-aabbccddeeff".to_owned());
    let sid = person.security_id_bytes().unwrap();
    assert_eq!(sid.len(), 28);
    assert_eq!(&sid[..12], [1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0]);
    assert_eq!(&sid[20..], [2, 1, 0, 0, 80, 4, 0, 0]);
    let expected =
        [0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff];
    assert_eq!(person.object_id_bytes().unwrap(), expected);
}
