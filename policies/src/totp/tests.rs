//! The vectors of the standard, the window, each code once, and what a guesser gets out of it.

use std::time::Duration;

use super::*;

/// The secret of RFC 6238 appendix B for SHA-1.
const KEY: [u8; SECRET_LENGTH] = *b"12345678901234567890";

fn secret() -> Secret {
    Secret::new(KEY)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn moment(seconds: i64) -> Moment {
    Moment { wall: at(seconds), session: at(seconds) }
}

/// The right code of a moment.
fn right(seconds: i64) -> Code {
    Code(hotp(&KEY, Step::at(at(seconds)).0, DIGITS))
}

/// A code that is right at no step near the moment.
fn wrong(seconds: i64) -> Code {
    let near: Vec<Code> = (-2..=2).map(|steps| right(seconds + steps * PERIOD)).collect();
    (0..1_000_000).map(Code).find(|code| !near.contains(code)).unwrap()
}

#[test]
fn the_vectors_of_the_standard_for_sha_1() {
    // RFC 6238 appendix B, with its eight digits; six digits are the last of these.
    for (seconds, step, code) in [
        (59, 0x1, 94_287_082),
        (1_111_111_109, 0x0235_23EC, 7_081_804),
        (1_111_111_111, 0x0235_23ED, 14_050_471),
        (1_234_567_890, 0x0273_EF07, 89_005_924),
        (2_000_000_000, 0x03F9_40AA, 69_279_037),
        (20_000_000_000, 0x27BC_86AA, 65_353_130),
    ] {
        assert_eq!(Step::at(at(seconds)).number(), step, "{seconds}");
        assert_eq!(hotp(&KEY, step, 8), code, "{seconds}");
        assert_eq!(hotp(&KEY, step, 6), code % 1_000_000, "{seconds}");
    }
}

#[test]
fn the_vectors_of_counters() {
    // RFC 4226 appendix D.
    let codes = [755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871, 520_489];
    for (counter, code) in (0..).zip(codes) {
        assert_eq!(hotp(&KEY, counter, 6), code, "{counter}");
    }
}

#[test]
fn codes_as_people_type_them() {
    for (seconds, text) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050 471"),
        (1_234_567_890, " 005924\t"),
        (2_000_000_000, "279\u{3000}037"),
        (20_000_000_000, "3 5 3 1 3 0"),
    ] {
        let code = Code::parse(text).unwrap();
        assert_eq!(verify(&secret(), &code, at(seconds), None).unwrap(), Step::at(at(seconds)), "{text}");
    }
    for text in
        ["", " ", "28708", "2870820", "0287082", "28708a", "-28708", "+287082", "287.082", "２８７０８２"]
    {
        assert_eq!(Code::parse(text), None, "{text}");
    }
    assert_eq!(Code::parse(&"0".repeat(100_000)), None);
    assert_ne!(Code::parse("005924"), Code::parse("592400"));
}

#[test]
fn one_step_early_or_late_is_taken_and_two_are_not() {
    let now = 1_700_000_010;
    for (drift, taken) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
        let code = right(now + drift * PERIOD);
        let answer = verify(&secret(), &code, at(now), None);
        let step = Step::at(at(now + drift * PERIOD));
        assert_eq!(answer, if taken { Ok(step) } else { Err(Refusal::Wrong) }, "{drift}");
    }
    // The ends of a step, to the second.
    let begin = now / PERIOD * PERIOD;
    for (seconds, step) in [(begin - 1, -1), (begin, 0), (begin + 29, 0), (begin + 30, 1)] {
        assert_eq!(Step::at(at(seconds)).number(), Step::at(at(begin)).number().wrapping_add_signed(step));
    }
}

#[test]
fn each_code_is_taken_once_and_none_before_it_any_more() {
    let now = 1_700_000_010;
    let used = verify(&secret(), &right(now), at(now), None).unwrap();
    for (drift, answer) in [
        (-1, Err(Refusal::Used)),
        (0, Err(Refusal::Used)),
        (1, Ok(Step(used.0 + 1))),
        (2, Err(Refusal::Wrong)),
    ] {
        assert_eq!(verify(&secret(), &right(now + drift * PERIOD), at(now), Some(used)), answer, "{drift}");
    }
    // A clock that is set back revives no code.
    assert_eq!(verify(&secret(), &right(now - 300), at(now - 300), Some(used)), Err(Refusal::Used));
}

#[test]
fn absurd_moments_are_moments() {
    for millis in [i64::MIN, -1, 0, i64::MAX] {
        let now = Timestamp::from_millis(millis);
        let Step(step) = Step::at(now);
        let code = Code(hotp(&KEY, step, DIGITS));
        assert!(verify(&secret(), &code, now, None).is_ok(), "{millis}");
    }
}

#[test]
fn the_secret_is_shown_in_two_forms_and_never_by_accident() {
    assert_eq!(*secret().grouped(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    assert_eq!(
        *secret().uri("Acme", "alice@corp.example"),
        "otpauth://totp/Acme:alice%40corp.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme\
         &algorithm=SHA1&digits=6&period=30"
    );
    let odd = secret().uri("A: & B?", "名前#1/2");
    assert!(
        odd.starts_with("otpauth://totp/A%20%20%26%20B%3F:%E5%90%8D%E5%89%8D%231%2F2?secret="),
        "{}",
        *odd
    );
    assert!(odd.contains("&issuer=A%20%20%26%20B%3F&"), "{}", *odd);
    let mut bytes = KEY;
    bytes.iter_mut().enumerate().for_each(|(at, byte)| *byte = u8::try_from(255 - at * 13).unwrap());
    assert_eq!(*Secret::new([255; SECRET_LENGTH]).grouped(), ["7777"; 8].join(" "));
    assert_eq!(*Secret::new([0; SECRET_LENGTH]).grouped(), ["AAAA"; 8].join(" "));
    assert_eq!(Secret::new(bytes).bytes(), &bytes);
    assert_eq!(format!("{:?} {:?}", secret(), right(59)), "Secret(..) Code(..)");
}

/// A device that saw a right code long ago.
fn device() -> Device {
    Device::registered(Step(0))
}

#[test]
fn the_code_of_the_registration_is_used() {
    let now = 1_700_000_000;
    let first = verify(&secret(), &right(now), at(now), None).unwrap();
    let (device, answer) = Device::registered(first).present(&secret(), &right(now), moment(now));
    assert_eq!(answer, Err(Refusal::Used));
    assert_eq!(device.present(&secret(), &right(now + 30), moment(now + 30)).1, Ok(Step(first.0 + 1)));
}

#[test]
fn five_wrong_codes_make_it_rest_and_right_ones_do_not_count_then() {
    let now = 1_700_000_000;
    let mut device = device();
    for second in 0..5 {
        let (next, answer) = device.present(&secret(), &wrong(now + second), moment(now + second));
        assert_eq!(answer, Err(Refusal::Wrong), "{second}");
        device = next;
    }
    let until = at(now + 4 + 300);
    for second in [5, 100, 303] {
        let (next, answer) = device.clone().present(&secret(), &right(now + second), moment(now + second));
        assert_eq!(answer, Err(Refusal::Resting(Resting { until })), "{second}");
        assert_eq!(next, device, "a code that was not looked at changes nothing");
    }
    assert!(device.admits(at(now + 303)).is_err() && device.admits(at(now + 304)).is_ok());
    assert!(device.present(&secret(), &right(now + 304), moment(now + 304)).1.is_ok());
}

#[test]
fn a_used_code_counts_as_wrong() {
    let now = 1_700_000_000;
    let (mut device, answer) = device().present(&secret(), &right(now), moment(now));
    assert!(answer.is_ok());
    for _ in 0..5 {
        let (next, answer) = device.present(&secret(), &right(now), moment(now));
        assert_eq!(answer, Err(Refusal::Used));
        device = next;
    }
    assert!(matches!(device.admits(at(now)), Err(Refusal::Resting(_))));
}

/// Wrong codes until the next rest; the moment that it ends, and its length in minutes.
fn provoke(mut throttle: Throttle, from: Timestamp) -> (Throttle, Timestamp, u64) {
    for _ in 0..5 {
        throttle.admits(from).unwrap();
        throttle = throttle.after_wrong(from);
    }
    let Err(Refusal::Resting(Resting { until })) = throttle.admits(from) else { panic!("{throttle:?}") };
    (throttle, until, until.since(from).as_secs() / 60)
}

#[test]
fn rests_double_up_to_a_day_and_a_quiet_day_makes_them_short_again() {
    let (mut throttle, mut now) = (Throttle::default(), at(0));
    for minutes in [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440] {
        let (next, until, length) = provoke(throttle, now);
        assert_eq!(length, minutes);
        // The owner's right code at once after a rest does not make the next one short.
        (throttle, now) = (next.after_right(until), until);
    }
    let quiet = now.plus(Duration::from_hours(24));
    assert_eq!(provoke(throttle.clone(), quiet.minus(Duration::from_millis(1))).2, 1440);
    assert_eq!(provoke(throttle, quiet).2, 5);
}

#[test]
fn four_in_five_minutes_do_not_rest_and_the_window_slides() {
    let mut throttle = Throttle::default();
    for second in [0, 100, 200, 299] {
        throttle = throttle.after_wrong(at(second));
    }
    assert!(throttle.admits(at(299)).is_ok());
    assert!(throttle.clone().after_wrong(at(299)).admits(at(299)).is_err());
    assert!(throttle.clone().after_wrong(at(300)).admits(at(300)).is_ok(), "the first is five minutes old");
    // A right code between does not open the window anew.
    assert!(throttle.after_right(at(299)).after_wrong(at(299)).admits(at(299)).is_err());
}

#[test]
fn a_hundred_wrong_codes_lock_the_device_for_good() {
    let (mut throttle, mut now) = (Throttle::default(), at(0));
    for count in 0..100 {
        assert!(throttle.admits(now).is_ok(), "{count}");
        throttle = throttle.after_wrong(now);
        now = now.plus(Duration::from_mins(2));
    }
    for later in [now, now.plus(Duration::from_hours(24 * 365))] {
        assert_eq!(throttle.admits(later), Err(Refusal::Locked));
    }
}

#[test]
fn whoever_mistypes_now_and_then_is_never_locked() {
    // Ten sign-ins a day for a year, and with every third one a wrong code first.
    let (mut throttle, mut now) = (Throttle::default(), at(0));
    for sign_in in 0..3650 {
        if sign_in % 3 == 0 && sign_in % 2 == 0 {
            throttle.admits(now).unwrap();
            throttle = throttle.after_wrong(now);
        }
        throttle.admits(now).unwrap();
        throttle = throttle.after_right(now);
        now = now.plus(Duration::from_mins(144));
    }
}

#[test]
fn a_guesser_between_the_owners_right_codes_does_not_begin_anew() {
    // Four guesses every five minutes, and the owner signs in every half an hour: the device is locked within a day.
    let mut throttle = Throttle::default();
    let mut guesses = 0;
    for minute in 0..24 * 60 {
        let now = at(minute * 60);
        for _ in 0..if minute % 5 == 0 { 4 } else { 0 } {
            if throttle.admits(now).is_ok() {
                throttle = throttle.after_wrong(now);
                guesses += 1;
            }
        }
        if minute % 30 == 17 && throttle.admits(now).is_ok() {
            throttle = throttle.after_right(now);
        }
    }
    assert_eq!(guesses, 105, "a hundred, and what one day forgives");
    assert_eq!(throttle.admits(at(24 * 3600)), Err(Refusal::Locked));
}

#[test]
fn a_device_survives_the_store() {
    let now = 1_700_000_000;
    let (device, _) = device().present(&secret(), &right(now), moment(now));
    let (device, _) = device.present(&secret(), &wrong(now), moment(now));
    let text = serde_json::to_string(&device).unwrap();
    assert_eq!(serde_json::from_str::<Device>(&text).unwrap(), device);
    assert_eq!(
        text,
        format!(
            "{{\"last_step\":{},\"throttle\":{{\"recent\":[{}],\"wrong\":1,\"forgave\":null,\"rests\":0,\"until\":null}}}}",
            now / PERIOD,
            now * 1000
        )
    );
}
