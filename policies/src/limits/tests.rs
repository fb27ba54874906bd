//! Bounds of configuration, and the ends of a session to the millisecond.

use super::*;
use crate::Timestamp;

fn minutes(n: u64) -> Duration {
    Duration::from_mins(n)
}

fn limits(idle: Option<u64>, maximum: u64) -> Limits {
    Limits { idle: idle.map(minutes), maximum: minutes(maximum) }
}

#[test]
fn administrator_bounds() {
    let day = minutes(24 * 60);
    let refused = ShortSessions::Refused;
    for (name, idle, maximum, short, fault) in [
        ("least idle", Some(minutes(10)), day, refused, None),
        ("most idle", Some(TWELVE_HOURS), day, refused, None),
        ("off", None, SEVENTY_TWO_HOURS, refused, None),
        (
            "short idle",
            Some(Duration::from_secs(599)),
            day,
            refused,
            Some(LimitsFault::IdleTooShort(TEN_MINUTES)),
        ),
        (
            "long idle",
            Some(TWELVE_HOURS + ONE_SECOND),
            day,
            refused,
            Some(LimitsFault::IdleTooLong(TWELVE_HOURS)),
        ),
        ("short maximum", None, minutes(9), refused, Some(LimitsFault::MaximumTooShort(TEN_MINUTES))),
        (
            "long maximum",
            None,
            SEVENTY_TWO_HOURS + ONE_SECOND,
            refused,
            Some(LimitsFault::MaximumTooLong(SEVENTY_TWO_HOURS)),
        ),
        ("trial", Some(ONE_SECOND), ONE_SECOND, ShortSessions::Allowed, None),
        (
            "trial of nothing",
            Some(Duration::ZERO),
            day,
            ShortSessions::Allowed,
            Some(LimitsFault::IdleTooShort(ONE_SECOND)),
        ),
        (
            "a trial lifts no upper bound",
            None,
            SEVENTY_TWO_HOURS + ONE_SECOND,
            ShortSessions::Allowed,
            Some(LimitsFault::MaximumTooLong(SEVENTY_TWO_HOURS)),
        ),
    ] {
        assert_eq!(Limits::administrator(idle, maximum, short).err(), fault, "{name}");
    }
}

#[test]
fn subscriber_bounds() {
    assert!(Limits::subscriber(Some(TEN_SECONDS), TEN_SECONDS).is_ok());
    assert!(Limits::subscriber(None, minutes(60 * 24 * 365)).is_ok());
    let short = Duration::from_millis(9_999);
    assert_eq!(Limits::subscriber(Some(short), TEN_SECONDS), Err(LimitsFault::IdleTooShort(TEN_SECONDS)));
    assert_eq!(Limits::subscriber(None, short), Err(LimitsFault::MaximumTooShort(TEN_SECONDS)));
}

#[test]
fn the_tighter_limit_counts() {
    for (name, one, two, both) in [
        ("idle on one side", limits(None, 60), limits(Some(5), 90), limits(Some(5), 60)),
        ("idle on both", limits(Some(7), 90), limits(Some(5), 90), limits(Some(5), 90)),
        ("idle on none", limits(None, 60), limits(None, 50), limits(None, 50)),
    ] {
        assert_eq!(one.tightest(two), both, "{name}");
        assert_eq!(two.tightest(one), both, "{name}, the other way round");
    }
}

#[test]
fn a_session_ends_to_the_millisecond() {
    let started = Timestamp::from_seconds(1_000);
    let granted = limits(Some(20), 60);
    let span = |last_minute: u64, current| Span {
        started,
        last_activity: started.plus(minutes(last_minute)),
        granted,
        current,
    };
    let just_before = |n: u64| Duration::from_millis(n * 60_000 - 1);
    for (name, span, at, expected) in [
        ("just started", span(0, granted), minutes(0), Standing::Live),
        ("last idle millisecond", span(0, granted), just_before(20), Standing::Live),
        ("idle", span(0, granted), minutes(20), Standing::Idle),
        ("active, last millisecond", span(59, granted), just_before(60), Standing::Live),
        ("activity moves no maximum", span(59, granted), minutes(60), Standing::Expired),
        ("past both", span(0, granted), minutes(90), Standing::Expired),
        ("idle lowered", span(0, limits(Some(10), 60)), minutes(10), Standing::Idle),
        ("idle raised gives nothing", span(0, limits(Some(40), 60)), minutes(20), Standing::Idle),
        ("idle switched off gives nothing", span(0, limits(None, 60)), minutes(20), Standing::Idle),
        ("maximum lowered", span(29, limits(Some(20), 30)), minutes(30), Standing::Expired),
        ("maximum raised gives nothing", span(59, limits(Some(20), 600)), minutes(60), Standing::Expired),
    ] {
        assert_eq!(standing(started.plus(at), &span), expected, "{name}");
    }
}

#[test]
fn without_idle_only_the_maximum_ends() {
    let started = Timestamp::from_seconds(0);
    let span = Span { started, last_activity: started, granted: limits(None, 60), current: limits(None, 60) };
    assert_eq!(idle_expires_at(&span), None);
    assert_eq!(maximum_expires_at(&span), started.plus(minutes(60)));
    assert_eq!(standing(started.plus(minutes(59)), &span), Standing::Live);
}

#[test]
fn is_stored_in_milliseconds() {
    let json = serde_json::to_string(&limits(Some(1), 2)).unwrap();
    assert_eq!(json, r#"{"idle":60000,"maximum":120000}"#);
    assert_eq!(serde_json::from_str::<Limits>(&json).unwrap(), limits(Some(1), 2));
    assert_eq!(serde_json::from_str::<Limits>(r#"{"idle":null,"maximum":60000}"#).unwrap(), limits(None, 1));
}
