//! What opens a key ring, and the faults that an operator must be able to tell apart.

use super::*;

fn created() -> (MasterKey, KeyRing, Vec<WrappedKey>) {
    let master = MasterKey::generate().unwrap();
    let (ring, wrapped) = KeyRing::create(&master).unwrap();
    (master, ring, wrapped)
}

#[test]
fn a_ring_survives_the_store_in_any_order() {
    let (master, ring, mut wrapped) = created();
    wrapped.reverse();
    let again = KeyRing::open(&master, wrapped).unwrap();
    for purpose in Purpose::ALL {
        let sealed = ring.sealer(purpose).seal(b"x", b"").unwrap();
        assert_eq!(**again.sealer(purpose).open(&sealed, b"").unwrap(), *b"x", "{purpose}");
        assert_eq!(ring.mac(purpose).tag(&[b"x"]), again.mac(purpose).tag(&[b"x"]), "{purpose}");
    }
}

#[test]
fn purposes_do_not_share_keys() {
    let (_, ring, _) = created();
    for one in Purpose::ALL {
        let sealed = ring.sealer(one).seal(b"x", b"").unwrap();
        for other in Purpose::ALL.into_iter().filter(|other| *other != one) {
            assert!(ring.sealer(other).open(&sealed, b"").is_err(), "{one} {other}");
            assert_ne!(ring.mac(one).tag(&[b"x"]), ring.mac(other).tag(&[b"x"]), "{one} {other}");
        }
    }
}

#[test]
fn sealing_and_authentication_do_not_share_keys() {
    let key = DataKey {
        id: KeyId([0; 4]),
        purpose: Purpose::State,
        state: KeyState::Current,
        bytes: SecretBytes::new([5; 32]),
    };
    assert_ne!(derived(&key, "seal").expose(), derived(&key, "mac").expose());
    assert_ne!(derived(&key, "seal").expose(), key.bytes.expose());
}

#[test]
fn a_retired_key_opens_until_it_is_removed() {
    let (master, ring, mut wrapped) = created();
    let sealed = ring.sealer(Purpose::Cookies).seal(b"x", b"").unwrap();
    let old = wrapped.iter_mut().find(|key| key.purpose == Purpose::Cookies).unwrap();
    old.state = KeyState::Retired;
    let old = old.id;
    wrapped.push(WrappedKey::create(&master, Purpose::Cookies).unwrap());
    let rotated = KeyRing::open(&master, wrapped.clone()).unwrap();
    assert_eq!(**rotated.sealer(Purpose::Cookies).open(&sealed, b"").unwrap(), *b"x");
    assert_ne!(rotated.sealer(Purpose::Cookies).current(), old);
    wrapped.retain(|key| key.id != old);
    let removed = KeyRing::open(&master, wrapped).unwrap();
    assert_eq!(removed.sealer(Purpose::Cookies).open(&sealed, b"").err(), Some(SealError::UnknownKey));
}

#[test]
fn faults_are_told_apart() {
    let (master, _, wrapped) = created();
    let other = MasterKey::generate().unwrap();
    let first = wrapped[0].id;
    let change = |change: &dyn Fn(&mut Vec<WrappedKey>)| {
        let mut keys = wrapped.clone();
        change(&mut keys);
        KeyRing::open(&master, keys).err()
    };
    let rows = [
        ("nothing stored", change(&Vec::clear), KeyRingError::Missing(Purpose::Rows)),
        ("purpose gone", change(&|k| drop(k.pop())), KeyRingError::Missing(Purpose::State)),
        ("only retired", change(&|k| k[0].state = KeyState::Retired), KeyRingError::Missing(Purpose::Rows)),
        ("tag altered", change(&|k| k[0].wrapped[40] ^= 1), KeyRingError::Damaged(first)),
        ("master name altered", change(&|k| k[0].wrapped[1] ^= 1), KeyRingError::Damaged(first)),
        ("purpose altered", change(&|k| k[0].purpose = Purpose::Audit), KeyRingError::Damaged(first)),
        ("row twice", change(&|k| k.push(k[0].clone())), KeyRingError::TwoAlike(first)),
        (
            "two current",
            change(&|k| k.push(WrappedKey::create(&master, Purpose::Audit).unwrap())),
            KeyRingError::TwoCurrent(Purpose::Audit),
        ),
        (
            "wrong master",
            KeyRing::open(&other, wrapped.clone()).err(),
            KeyRingError::WrongMasterKey(other.id()),
        ),
    ];
    for (name, found, expected) in rows {
        assert_eq!(found, Some(expected), "{name}");
    }
}

#[test]
fn states_survive_their_names() {
    for state in [KeyState::Current, KeyState::Retired] {
        assert_eq!(KeyState::parse(state.as_str()), Some(state));
    }
    assert_eq!(KeyState::parse("Current"), None);
}
