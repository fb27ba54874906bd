//! JWT-10: the bytes of a signature. Each row differs from a genuine signature in its bytes alone.

use super::*;

/// The order of P-256 (SEC 2 §2.4.2).
const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

#[test]
fn jwt_10_signatures_of_the_wrong_shape() {
    let side = Side::new(SigningAlgorithm::ES256);
    let token = side.token(r#"{"alg":"ES256"}"#);
    let (input, signature) = token.rsplit_once('.').unwrap();
    let good = from_base64url(signature).unwrap();
    let (r, s) = good.split_at(32);
    let order = crate::encoding::from_hex::<32>(ORDER).unwrap();
    let zero = [0; 32];
    let mut one = zero;
    one[31] = 1;
    let der = [&[0x30, 0x44, 0x02, 0x20], r, &[0x02, 0x20], s].concat();
    let rows = [
        ("r = s = 0 (CVE-2022-21449)", [zero, zero].concat()),
        ("r = 0", [&zero, s].concat()),
        ("s = 0", [r, &zero].concat()),
        ("r = n", [&order[..], s].concat()),
        ("s = n", [r, &order].concat()),
        ("r = s = n", [order, order].concat()),
        ("r = 1, s = 1", [one, one].concat()),
        ("r = n, s = 1", [order, one].concat()),
        ("all ones", vec![0xff; 64]),
        ("r and s exchanged", [s, r].concat()),
        ("65 bytes, zero before", [&[0], &good[..]].concat()),
        ("65 bytes, zero after", [&good[..], &[0]].concat()),
        ("66 bytes, zeros before each", [&[0], r, &[0], s].concat()),
        ("63 bytes", good[1..].to_vec()),
        ("96 bytes", [&zero[..16], r, &zero[..16], s].concat()),
        ("DER", der),
        ("one byte", vec![0]),
    ];
    for (name, signature) in rows {
        let token = format!("{input}.{}", base64url(&signature));
        let jws = CompactJws::parse(&token, CAP).unwrap();
        assert_eq!(jws.verify(&side.key).err(), Some(JwsFault::Signature), "{name}");
    }
}

/// RFC 7518 §3.4 has no rule for low `s`, and half of all genuine signatures have a high one. Both forms are accepted;
/// no part of the product may therefore take the bytes of a token for its identity.
#[test]
fn jwt_10_the_mirrored_s_of_a_genuine_signature_holds() {
    let side = Side::new(SigningAlgorithm::ES256);
    let token = side.token(r#"{"alg":"ES256"}"#);
    let (input, signature) = token.rsplit_once('.').unwrap();
    let mut mirrored = from_base64url(signature).unwrap();
    let order = crate::encoding::from_hex::<32>(ORDER).unwrap();
    let mut borrow = 0;
    for (digit, order) in mirrored[32..].iter_mut().zip(order).rev() {
        let rest = 256 + i32::from(order) - i32::from(*digit) - borrow;
        *digit = rest.to_le_bytes()[0];
        borrow = i32::from(rest < 256);
    }
    let token = format!("{input}.{}", base64url(&mirrored));
    assert!(CompactJws::parse(&token, CAP).unwrap().verify(&side.key).is_ok());
}

#[test]
fn jwt_10_ed25519_and_rsa_have_one_form() {
    let side = Side::new(SigningAlgorithm::EdDSA);
    let token = side.token(r#"{"alg":"EdDSA"}"#);
    let (input, signature) = token.rsplit_once('.').unwrap();
    // RFC 8032 §5.1.7: S + L would satisfy the equation and must be refused. L is little-endian here.
    let order =
        crate::encoding::from_hex::<32>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut shifted = from_base64url(signature).unwrap();
    let mut carry = 0;
    for (digit, order) in shifted[32..].iter_mut().zip(order.unwrap()) {
        let sum = u16::from(*digit) + u16::from(order) + carry;
        *digit = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    let jws = CompactJws::parse(&format!("{input}.{}", base64url(&shifted)), CAP).unwrap();
    assert_eq!(jws.verify(&side.key).err(), Some(JwsFault::Signature), "S + L");

    let side = Side::new(SigningAlgorithm::RS256);
    let token = side.token(r#"{"alg":"RS256"}"#);
    let (input, signature) = token.rsplit_once('.').unwrap();
    let good = from_base64url(signature).unwrap();
    let rows = [
        ("zero before", [&[0], &good[..]].concat()),
        ("zero after", [&good[..], &[0]].concat()),
        ("shortened", good[..255].to_vec()),
        ("as large as the modulus", vec![0xff; 256]),
        ("zero", vec![0; 256]),
    ];
    for (name, signature) in rows {
        let jws = CompactJws::parse(&format!("{input}.{}", base64url(&signature)), CAP).unwrap();
        assert_eq!(jws.verify(&side.key).err(), Some(JwsFault::Signature), "{name}");
    }
}
