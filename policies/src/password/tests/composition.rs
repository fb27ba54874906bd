//! Length, classes, normal form, and common passwords.

use super::*;

/// Passwords of so many characters that have every class and are nothing common.
fn of_length(length: usize) -> String {
    "zK4#qW9@vH2!".chars().chain("xR7%nB3^mD6*tG8?jF5+yL0=uC1-".chars()).cycle().take(length).collect()
}

#[test]
fn every_preset_at_every_boundary_of_length() {
    let rows: [(Preset, [&[usize]; 3]); 4] = [
        (Preset::Global, [&[0, 7, 8, 11], &[12, 14, 15, 64, 128, 129, 256], &[257, 1024]]),
        (Preset::GlobalSignup, [&[0, 7], &[8, 11, 12, 15, 64, 128, 129, 256], &[257, 1024]]),
        (Preset::Japan, [&[0, 7], &[8, 11, 12, 14, 15, 64, 128], &[129, 256, 1024]]),
        (Preset::Nist, [&[0, 7, 8, 11, 12, 14], &[15, 64, 128, 129, 256], &[257, 1024]]),
    ];
    for (preset, [short, fit, long]) in rows {
        let (least, most) = (preset.policy().length.least(), preset.policy().length.most());
        for length in short {
            let found = judged(preset, &of_length(*length));
            assert!(found.contains(&Shortcoming::TooShort(least)), "{preset:?} {length}: {found:?}");
        }
        for length in fit {
            // Of more than 120 characters the sample would be the same three times; the end breaks that.
            let text = format!("{}é", of_length(length - 1));
            assert_eq!(judged(preset, &text), [], "{preset:?} {length}");
        }
        for length in long {
            let found = judged(preset, &format!("{}e", of_length(length - 1)));
            assert_eq!(found, [Shortcoming::TooLong(most)], "{preset:?} {length}");
        }
    }
}

#[test]
fn more_than_1024_bytes_are_not_looked_at() {
    for (name, text, read) in [
        ("1024", "a".repeat(1024), true),
        ("1025", "a".repeat(1025), false),
        ("256 characters of four bytes", "🗝".repeat(256), true),
        ("257 characters of four bytes", "🗝".repeat(257), false),
        ("a megabyte", "a".repeat(1024 * 1024), false),
    ] {
        assert_eq!(Candidate::read(&text).is_ok(), read, "{name}");
    }
}

#[test]
fn each_class_is_needed_where_the_preset_says_so() {
    use Class::{Digit, Lower, Special, Upper};
    let rows: [(&str, &str, &[Class]); 7] = [
        ("all", "zK4#qW9@vH2!xR7%", &[]),
        ("no upper case", "zk4#qw9@vh2!xr7%", &[Upper]),
        ("no lower case", "ZK4#QW9@VH2!XR7%", &[Lower]),
        ("no digit", "zKd#qWg@vHb!xRt%", &[Digit]),
        ("no special", "zK4aqW9svH2dxR7f", &[Special]),
        ("specials of others", "zK4&qW9(vH2)xR7~", &[Special]),
        ("spaces and letters", "vok zeb lum tir aq", &[Upper, Digit, Special]),
    ];
    for (name, text, lacking) in rows {
        for preset in Preset::ALL {
            let needed = preset.policy().classes;
            let expected: Vec<_> = lacking.iter().filter(|class| needed.contains(class)).collect();
            let found = judged(preset, text);
            let found: Vec<_> = found
                .iter()
                .map(|one| match one {
                    Shortcoming::Lacks(class) => class,
                    other => panic!("{preset:?} {name}: {other:?}"),
                })
                .collect();
            assert_eq!(found, expected, "{preset:?} {name}");
        }
    }
    assert_eq!(Preset::GlobalSignup.policy().classes, [Upper, Digit, Special], "lower case is not asked for");
    assert_eq!(Preset::Nist.policy().classes, []);
}

#[test]
fn the_eleven_specials_count_and_no_other_symbol_does() {
    for special in "!@#$%^*?+=-".chars() {
        assert_eq!(judged(Preset::Japan, &format!("zK4aqW9s{special}")), [], "{special}");
    }
    for other in "&()[]{}<>/\\|~`'\",.;:_ §€".chars() {
        let lacks = [Shortcoming::Lacks(Class::Special)];
        assert_eq!(judged(Preset::Japan, &format!("zK4aqW9s{other}")), lacks, "{other}");
    }
}

#[test]
fn every_shortcoming_is_told_at_once() {
    use Class::{Digit, Special, Upper};
    let all = [
        Shortcoming::TooShort(12),
        Shortcoming::Lacks(Upper),
        Shortcoming::Lacks(Digit),
        Shortcoming::Lacks(Special),
        Shortcoming::Common,
        Shortcoming::NamesPerson,
        Shortcoming::Unchanged,
        Shortcoming::Reused,
        Shortcoming::Compromised,
    ];
    let current = candidate("welcome");
    let context = Context {
        names: &["Welcome"],
        current: Some(&current),
        reuse: Reuse::Earlier,
        listing: Listing::Compromised,
        ..Context::default()
    };
    assert_eq!(judged_with(Preset::Global, "welcome", &context), all);
}

#[test]
fn one_text_is_one_password_in_any_normal_form() {
    let (composed, decomposed) = ("r\u{e9}sum\u{e9}", "re\u{301}sume\u{301}");
    assert_eq!(candidate(composed), candidate(decomposed));
    assert_eq!(candidate(decomposed).as_bytes(), composed.as_bytes());
    assert_eq!(candidate(decomposed).characters(), 6, "counted after normalising");
    assert_eq!(candidate("\u{1100}\u{1161}").characters(), 1, "Hangul");
    assert_ne!(candidate("\u{ff21}"), candidate("A"), "compatibility forms stay apart: NFC, not NFKC");
    let short = "e\u{301}".repeat(7);
    assert!(judged(Preset::Japan, &short).contains(&Shortcoming::TooShort(8)), "14 code points as typed");
}

#[test]
fn nothing_is_trimmed_and_nothing_is_cut() {
    assert_eq!(candidate(" a b ").as_bytes(), b" a b ");
    assert_ne!(candidate("a "), candidate("a"));
    assert_ne!(candidate("A"), candidate("a"));
    let long = of_length(255);
    assert_ne!(candidate(&format!("{long}a")), candidate(&format!("{long}b")));
    // U+1D160 becomes three code points of four bytes each: the worst that there is.
    let worst = candidate(&"\u{1d160}".repeat(256));
    assert_eq!((worst.characters(), worst.as_bytes().len()), (256 * 3, 256 * 12));
}

#[test]
fn a_candidate_does_not_show_itself() {
    assert_eq!(format!("{:?}", candidate("zK4#qW9@vH2!")), "Candidate(..)");
}

#[test]
fn what_is_tried_first_is_refused() {
    for text in [
        "Password123!",
        "P@ssw0rd1234",
        "p455w0rd",
        "Pa$$word2026",
        "Summer2026!!",
        "!!Winter26!!",
        "4dmin2026!",
        "LetMeIn12345",
        "Hello World1!",
        "Dragon-Monkey7",
        "Sunshine Princess 1",
        "1Qaz2Wsx!",
        "Abc123!!!!",
        "Qwertyuiop1!",
        "poiuytrewQ1!",
        "Abcdefgh1234",
        "1234567890",
        "aaaaaaaaaaaa",
        "AAAbbb111!!!",
        "Xy7#Xy7#Xy7#",
        "x9Kx9Kx9Kx9Kx",
        "Sakura2026!",
        "Tr0ub4dour&3",
        "trustno1!",
        "W3lc0me!2026",
        "Apple#123456",
        "he110123!",
        "Monkey7Dragon!!",
    ] {
        let found = judged(Preset::Japan, text);
        assert!(found.contains(&Shortcoming::Common), "{text}: {found:?}");
    }
}

#[test]
fn what_is_long_or_strange_enough_is_taken() {
    for text in [
        "correct horse battery staple",
        "zK4#qW9@vH2!",
        "summer river dragon hat",
        "Password and 9 other bad ideas",
        "Monkey#4711#qzvt",
        "Xy7#Xy7#Xy8#Qm",
        "パスワードを変えました",
        "Summer-83-Quixotic!",
        "kahvi 12 tuoli 7",
        "Sun9#vKq2!xZw7",
        "abcd-zulmir-99x",
        "dr4g0n+vexillum",
        "Summer River Dragon 1!",
        "Monkey#47114092",
        "Qwert-vK9#zu",
        "Xy7#qmXy7#qm",
    ] {
        let found = judged(Preset::GlobalSignup, text);
        assert!(!found.contains(&Shortcoming::Common), "{text}: {found:?}");
    }
}

#[test]
fn a_policy_may_leave_the_words_out() {
    let policy = Policy { common: Weak::Allowed, ..Preset::Japan.policy() };
    assert_eq!(policy.judge(&candidate("Password123!"), &Context::default()), Ok(()));
}
