//! No order of attempts lets more through than the rule says.

use std::collections::BTreeSet;
use std::net::IpAddr;

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn account() -> Key {
    Key::Account("S-1-5-21-1-2-3-1001".to_owned())
}

fn address() -> Key {
    Key::Address(Network::of("203.0.113.7".parse::<IpAddr>().unwrap()))
}

/// Numbers that look random and are the same in every run (xorshift64, Marsaglia 2003).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// The largest number of these moments within any stretch that is shorter than the window.
fn most_within(moments: &[Timestamp], window: Duration) -> usize {
    let within = |(at, begin): (usize, &Timestamp)| {
        moments[at..].iter().take_while(|moment| moment.since(*begin) < window).count()
    };
    moments.iter().enumerate().map(within).max().unwrap_or(0)
}

#[test]
fn no_sequence_of_wrong_passwords_lets_more_through_in_any_window() {
    let rules = [(1, 1), (2, 60), (5, 900), (50, 900), (7, 10)];
    for key in [account(), address()] {
        for (seed, (attempts, seconds)) in (1..).zip(rules.into_iter().cycle().take(250)) {
            let rule = Rule { attempts, window: Duration::from_secs(seconds) };
            let mut numbers = Numbers(seed);
            // Bursts, drops and everything between.
            let pace = [1, 30, seconds * 200, seconds * 999, seconds * 3000]
                [usize::try_from(numbers.below(5)).unwrap()];
            let (mut tally, mut now, mut asked) = (key.tally(), at(0), Vec::new());
            for _ in 0..600 {
                now = now.plus(Duration::from_millis(numbers.below(pace)));
                match reserve(tally, rule, now) {
                    Ok(next) => {
                        tally = next;
                        asked.push(now);
                    }
                    Err(Held { until }) => {
                        assert!(until > now, "{key} {seed}");
                        // Sometimes exactly the moment that was named.
                        if numbers.below(3) == 0 {
                            now = until;
                        }
                    }
                }
            }
            let most = most_within(&asked, rule.window);
            assert!(most <= usize::try_from(attempts).unwrap(), "{key} seed {seed}: {most} of {attempts}");
            assert!(!asked.is_empty());
        }
    }
}

#[test]
fn the_end_of_a_hold_is_the_moment_from_which_the_directory_is_asked() {
    for key in [account(), address()] {
        let rule = Rule { attempts: 3, ..Rule::default() };
        for gaps in [[0, 0, 0], [0, 600, 200], [0, 100, 899], [0, 1, 1]] {
            let (mut tally, mut now) = (key.tally(), at(50));
            for gap in gaps {
                now = now.plus(Duration::from_secs(gap));
                tally = reserve(tally, rule, now).unwrap();
            }
            let Held { until } = reserve(tally, rule, now).unwrap_err();
            let just_before = until.minus(Duration::from_millis(1));
            assert_eq!(reserve(tally, rule, just_before), Err(Held { until }), "{key} {gaps:?}");
            assert!(reserve(tally, rule, until).is_ok(), "{key} {gaps:?}");
        }
    }
}

#[test]
fn a_hundred_at_once_are_as_few_as_one_after_the_other() {
    let rule = Rule::default();
    let mut tally = account().tally();
    let through = (0..100).filter(|_| match reserve(tally, rule, at(0)) {
        Ok(next) => {
            tally = next;
            true
        }
        Err(_) => false,
    });
    assert_eq!(through.count(), 5);
}

#[test]
fn an_account_is_counted_as_the_domain_counts() {
    let rule = Rule::default();
    // One in ten minutes for ever: the domain's count goes on, and so does ours.
    let mut tally = account().tally();
    for attempt in 0..5 {
        tally = reserve(tally, rule, at(attempt * 600)).unwrap();
    }
    assert_eq!(reserve(tally, rule, at(3000)), Err(Held { until: at(2400 + 900) }));
    // A whole window of nothing ends the row there and here.
    assert!(reserve(tally, rule, at(2400 + 899)).is_err());
    assert_eq!(
        reserve(tally, rule, at(2400 + 900)),
        Ok(Tally::InARow { count: 1, last: Some(at(2400 + 900)) })
    );
}

#[test]
fn a_right_password_ends_the_row_of_an_account() {
    let rule = Rule::default();
    let mut tally = account().tally();
    for attempt in 0..5 {
        tally = reserve(tally, rule, at(attempt)).unwrap();
    }
    let tally = release(tally, rule, at(4));
    assert!(is_over(tally, rule, at(5)));
    assert!(reserve(tally, rule, at(5)).is_ok());
}

#[test]
fn a_right_password_of_ones_own_clears_no_address() {
    let (key, account_rule) = (address(), Rule::default());
    let rule = key.rule(account_rule);
    let mut tally = key.tally();
    let mut wrong = 0;
    // Between wrong passwords of others, right ones of an own account.
    for second in 0..400 {
        let Ok(next) = reserve(tally, rule, at(second)) else { continue };
        tally = if second % 2 == 0 { release(next, rule, at(second)) } else { next };
        wrong += second % 2;
    }
    assert_eq!(wrong, 50);
}

#[test]
fn what_tried_no_password_is_given_back() {
    let rule = Rule { attempts: 2, window: Duration::from_mins(1) };
    for key in [account(), address()] {
        let mut tally = key.tally();
        for _ in 0..100 {
            tally = give_back(reserve(tally, rule, at(7)).unwrap(), rule, at(7));
        }
        assert!(is_over(tally, rule, at(7)), "{key}");
        assert_eq!(give_back(key.tally(), rule, at(7)), key.tally());
    }
    // An attempt of the window before is taken from there, and one that has passed from nowhere.
    let full = Tally::Rolling { begin: Some(at(60)), before: 1, count: 1 };
    for (reserved, before, count) in [(60, 1, 0), (59, 0, 1), (0, 0, 1), (-1, 1, 1)] {
        let tally = Tally::Rolling { begin: Some(at(60)), before, count };
        assert_eq!(give_back(full, rule, at(reserved)), tally, "{reserved}");
    }
}

#[test]
fn each_key_has_its_rule() {
    let of_account = Rule { attempts: 3, window: Duration::from_mins(30) };
    let device = Key::AccountFromDevice { account: "a".to_owned(), device: "d".to_owned() };
    for (key, attempts, minutes) in
        [(account(), 3, 30), (device, 3, 30), (address(), 50, 30), (Key::Everybody, 1000, 1)]
    {
        assert_eq!(key.rule(of_account), Rule { attempts, window: Duration::from_mins(minutes) }, "{key}");
    }
    assert_eq!(Rule::default(), Rule { attempts: 5, window: Duration::from_mins(15) });
    let closed = Rule { attempts: 0, ..of_account };
    assert_eq!(reserve(account().tally(), closed, at(0)), Err(Held { until: at(1800) }));
}

#[test]
fn everybody_together_gets_a_thousand_a_minute() {
    let rule = Key::Everybody.rule(Rule::default());
    let mut tally = Key::Everybody.tally();
    let mut through = 0;
    for millis in 0..59_000 {
        if let Ok(next) = reserve(tally, rule, Timestamp::from_millis(millis)) {
            tally = next;
            through += 1;
        }
    }
    assert_eq!(through, 1000);
}

#[test]
fn an_address_counts_by_what_its_holder_cannot_choose() {
    for (address, network) in [
        ("203.0.113.7", "203.0.113.7/32"),
        ("::ffff:203.0.113.7", "203.0.113.7/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
    ] {
        assert_eq!(Network::of(address.parse().unwrap()).to_string(), network, "{address}");
    }
}

#[test]
fn no_two_keys_share_a_text() {
    let device = |account: &str, device: &str| Key::AccountFromDevice {
        account: account.to_owned(),
        device: device.to_owned(),
    };
    let keys = [
        Key::Account("a".to_owned()),
        Key::Account(":a".to_owned()),
        Key::Account("everybody".to_owned()),
        device("a", "d"),
        device("a:d", ""),
        device("d", "a"),
        device("b", "a:1"),
        device("1:b", "a"),
        address(),
        Key::Everybody,
    ];
    let texts: BTreeSet<String> = keys.iter().map(Key::to_string).collect();
    assert_eq!(texts.len(), keys.len(), "{texts:?}");
}

#[test]
fn a_tally_survives_the_store() {
    for (key, text) in [
        (account(), r#"{"counting":"in-a-row","count":1,"last":7000}"#),
        (address(), r#"{"counting":"rolling","begin":7000,"before":0,"count":1}"#),
    ] {
        let tally = reserve(key.tally(), Rule::default(), at(7)).unwrap();
        assert_eq!(serde_json::to_string(&tally).unwrap(), text);
        assert_eq!(serde_json::from_str::<Tally>(text).unwrap(), tally);
    }
}

#[test]
fn the_ends_of_time_are_survived() {
    let rule = Rule { attempts: 1, window: Duration::MAX };
    for now in [i64::MIN, i64::MAX] {
        for key in [account(), address()] {
            let tally = reserve(key.tally(), rule, Timestamp::from_millis(now)).unwrap();
            assert!(reserve(tally, rule, Timestamp::from_millis(now)).is_err());
        }
    }
}
