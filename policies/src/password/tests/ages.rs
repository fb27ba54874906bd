//! When a password is due, and when it may be changed.

use std::time::Duration;

use super::*;
use crate::Timestamp;

const DAY: i64 = 24 * 60 * 60 * 1000;
const SET: Timestamp = Timestamp::from_millis(1_000_000);

fn after(millis: i64) -> Timestamp {
    Timestamp::from_millis(SET.millis() + millis)
}

fn unused() -> Record {
    Record { set: SET, signed_in: None, flaw: None }
}

#[test]
fn each_preset_has_its_own_ends() {
    // Days after which a password that is never used, and one that is used every day, are due.
    for (preset, unused_for, used_for) in [
        (Preset::Global, Some((60, Due::Old)), Some((60, Due::Old))),
        (Preset::GlobalSignup, Some((183, Due::Unused)), None),
        (Preset::Japan, Some((60, Due::Unused)), None),
        (Preset::Nist, None, None),
    ] {
        let policy = preset.policy();
        for (name, expected, last) in [("never", unused_for, None), ("used", used_for, Some(DAY))] {
            let at = |now: Timestamp| {
                let signed_in = last.map(|before| now.minus(Duration::from_millis(before.unsigned_abs())));
                policy.due(&Record { signed_in, ..unused() }, now)
            };
            let Some((days, due)) = expected else {
                assert_eq!(at(after(3650 * DAY)), None, "{preset:?} {name}");
                continue;
            };
            assert_eq!(at(after(days * DAY)), None, "{preset:?} {name}: not before more than {days} days");
            assert_eq!(at(after(days * DAY + 1)), Some(due), "{preset:?} {name}");
        }
    }
}

#[test]
fn idleness_counts_from_the_last_use_and_a_reset_is_one() {
    let policy = Preset::Japan.policy();
    let used = Record { signed_in: Some(after(50 * DAY)), ..unused() };
    assert_eq!(policy.due(&used, after(110 * DAY)), None);
    assert_eq!(policy.due(&used, after(110 * DAY + 1)), Some(Due::Unused));
    let reset = Record { set: after(200 * DAY), ..used };
    assert_eq!(
        policy.due(&reset, after(201 * DAY)),
        None,
        "a new password is not due for its predecessor's sake"
    );
}

#[test]
fn a_sign_in_finds_what_the_policy_would_refuse() {
    use Listing::{Clean, Compromised, Unknown};
    for (name, preset, text, listing, flaw) in [
        ("good", Preset::Global, "zK4#qW9@vH2!", Clean, None),
        ("nobody could say", Preset::Global, "zK4#qW9@vH2!", Unknown, None),
        ("too short for the policy of today", Preset::Global, "zK4#qW9@", Clean, Some(Flaw::Weak)),
        ("common", Preset::GlobalSignup, "Password123!", Clean, Some(Flaw::Weak)),
        ("not asked for by japan", Preset::Japan, "Password123!", Clean, None),
        ("nor by nist", Preset::Nist, "short", Clean, None),
        ("known", Preset::Japan, "zK4#qW9@vH2!", Compromised, Some(Flaw::Compromised)),
        ("known is worse than weak", Preset::Global, "Password1!", Compromised, Some(Flaw::Compromised)),
    ] {
        assert_eq!(preset.policy().flaw(&candidate(text), listing), flaw, "{name}");
    }
}

#[test]
fn a_flaw_makes_it_due_at_once_and_comes_first() {
    let now = after(365 * DAY);
    for preset in Preset::ALL {
        for (flaw, due) in [(Flaw::Weak, Due::Weak), (Flaw::Compromised, Due::Compromised)] {
            let record = Record { flaw: Some(flaw), ..unused() };
            assert_eq!(preset.policy().due(&record, SET), Some(due), "{preset:?}");
            assert_eq!(preset.policy().due(&record, now), Some(due), "{preset:?}");
        }
    }
}

#[test]
fn within_a_day_it_may_only_be_changed_when_it_is_due() {
    for (preset, held) in
        [(Preset::Global, true), (Preset::GlobalSignup, true), (Preset::Japan, false), (Preset::Nist, false)]
    {
        let policy = preset.policy();
        let young = if held { Err(TooYoung { until: after(DAY) }) } else { Ok(()) };
        assert_eq!(policy.may_change(&unused(), SET), young, "{preset:?}");
        assert_eq!(policy.may_change(&unused(), after(DAY - 1)), young, "{preset:?}");
        assert_eq!(policy.may_change(&unused(), after(DAY)), Ok(()), "{preset:?}");
        let flawed = Record { flaw: Some(Flaw::Compromised), ..unused() };
        assert_eq!(policy.may_change(&flawed, SET), Ok(()), "{preset:?}");
    }
}

#[test]
fn a_record_is_stored_without_room_for_anything_else() {
    let record = Record { set: SET, signed_in: Some(after(1)), flaw: Some(Flaw::Weak) };
    let text = r#"{"set":1000000,"signed_in":1000001,"flaw":"weak"}"#;
    assert_eq!(serde_json::to_string(&record).unwrap(), text);
    assert_eq!(serde_json::from_str::<Record>(text).unwrap(), record);
    for text in [
        r#"{"set":1,"signed_in":null,"flaw":null,"more":1}"#,
        r#"{"set":1,"signed_in":null,"flaw":"old"}"#,
        r#"{"signed_in":null,"flaw":null}"#,
    ] {
        assert!(serde_json::from_str::<Record>(text).is_err(), "{text}");
    }
}
