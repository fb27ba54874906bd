//! What stands around a person: names, the current password, former ones, and lists of compromised ones.

use super::*;
use crate::Email;

const PERSON: Shortcoming = Shortcoming::NamesPerson;
const ORGANIZATION: Shortcoming = Shortcoming::NamesOrganization;
const PRODUCT: Shortcoming = Shortcoming::NamesProduct;

#[test]
fn names_are_found_in_any_spelling() {
    let email = Email::parse("ada.lovelace@corp.example").unwrap();
    let names = ["Augusta Ada", "Lovelace", "Jose\u{301} Ng", "山田 太郎", "Jo Lee"];
    let organizations = ["Acme Worldwide", "acme-east", "Studio54"];
    let context = Context {
        email: Some(&email),
        names: &names,
        organizations: &organizations,
        product: &["Vestibule"],
        ..Context::default()
    };
    let rows: [(&str, &[Shortcoming]); 22] = [
        ("zK4#Lovelace9@", &[PERSON]),
        ("zK4#LOVE-lace9@", &[PERSON]),
        ("zK4#l0v3lac39@", &[PERSON]),
        ("zK4#1ove1ace9@", &[PERSON]),
        ("zK4#ecalevol9@", &[PERSON]),
        ("zK4#augusta9@q", &[PERSON]),
        ("zK4#ada#9@qWv!", &[PERSON]),
        ("zK4#jolee9@qWv", &[PERSON]),
        ("Ada4711#qWv!zz", &[PERSON]),
        ("zK4#jos\u{e9}9@qWv", &[PERSON]),
        ("zK4#山田9@qWvH2", &[PERSON]),
        ("zK4#Corp9@qWvH", &[PERSON]),
        ("zK4#acme9@qWvH", &[ORGANIZATION]),
        ("zK4#W0rldwide!", &[ORGANIZATION]),
        ("zK#studio-54@qW", &[ORGANIZATION]),
        ("zK4#V3st1bul3!", &[PRODUCT]),
        ("Lovelace@Acme#Vestibule1", &[PERSON, ORGANIZATION, PRODUCT]),
        ("zK4#canada9@qW", &[]),
        ("zK4#ng9@qWvH2!", &[]),
        ("zK4#example9@q", &[]),
        ("zK4#lovelac9@q", &[]),
        ("zK4#山9@qWvH2!xR", &[]),
    ];
    for (text, expected) in rows {
        assert_eq!(judged_with(Preset::Global, text, &context), expected, "{text}");
    }
    let careless = Policy { similar: Weak::Allowed, ..Preset::Global.policy() };
    assert_eq!(careless.judge(&candidate("zK4#Lovelace9@"), &context), Ok(()));
}

#[test]
fn addresses_are_taken_apart() {
    for (email, text, found) in [
        ("root@localhost", "zK4#localhost9@q", true),
        ("x@a.b.corporation.example", "zK4#corporation9", true),
        ("x@corp.international", "zK4#international", false),
        ("yamada@corp.example", "zK4#Yamada9@qWvH", true),
        ("yamada@corp.example", "zK4#Tanaka9@qWvH", false),
        ("x-y@qq.example", "zK4#xy9@qWvH2!xR", false),
    ] {
        let email = Email::parse(email).unwrap();
        let context = Context { email: Some(&email), ..Context::default() };
        let expected: &[Shortcoming] = if found { &[PERSON] } else { &[] };
        assert_eq!(judged_with(Preset::Japan, text, &context), expected, "{email} {text}");
    }
}

#[test]
fn at_least_one_character_has_to_change() {
    let current = candidate("zK4#qW9@vH2\u{e9}");
    let context = Context { current: Some(&current), ..Context::default() };
    for preset in [Preset::Global, Preset::GlobalSignup, Preset::Japan] {
        assert_eq!(judged_with(preset, "zK4#qW9@vH2e\u{301}", &context), [Shortcoming::Unchanged]);
        assert_eq!(judged_with(preset, "zK4#qW9@vH3\u{e9}", &context), []);
    }
}

#[test]
fn former_and_compromised_passwords_are_refused_and_an_unknown_one_is_taken() {
    let text = "zK4#qW9@vH2!xR7%";
    let with = |reuse, listing| Context { reuse, listing, ..Context::default() };
    for preset in Preset::ALL {
        for (context, expected) in [
            (with(Reuse::New, Listing::Clean), vec![]),
            (with(Reuse::New, Listing::Unknown), vec![]),
            (with(Reuse::Earlier, Listing::Clean), vec![Shortcoming::Reused]),
            (with(Reuse::New, Listing::Compromised), vec![Shortcoming::Compromised]),
        ] {
            assert_eq!(judged_with(preset, text, &context), expected, "{preset:?} {context:?}");
        }
    }
    let later = Policy { compromised: Compromised::Reset, ..Preset::Global.policy() };
    assert_eq!(later.judge(&candidate(text), &with(Reuse::New, Listing::Compromised)), Ok(()));
}

#[test]
fn so_many_former_passwords_may_not_come_back() {
    let depths = Preset::ALL.map(|preset| preset.policy().history);
    assert_eq!(depths, [24, 24, 5, 0]);
}
