//! What an RSA public key must be before anything is verified with it, whichever format brought it: a key set (JWT-09) or
//! a provider's certificate. Numbers are big-endian without leading zeros.

use thiserror::Error;

use crate::roca;

const BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// RFC 8017 asks for 3 and more; below 65537 forgeries have been built, above 2^33 verification is a burden.
const EXPONENTS: std::ops::RangeInclusive<u64> = 65_537..=(1 << 33);

/// Why a pair of numbers is no usable key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum RsaPublicFault {
    /// The modulus has less than 2048 or more than 8192 bits, or is even.
    #[error("the RSA modulus is not an odd number of 2048 to 8192 bits")]
    Modulus,
    /// The exponent is even, less than 65537 or more than 2^33.
    #[error("the RSA exponent is not an odd number from 65537 to 2^33")]
    Exponent,
    /// The modulus carries the ROCA fingerprint.
    #[error("the RSA modulus carries the ROCA fingerprint")]
    Roca,
}

/// Checks size, parity and the known weakness of the numbers.
///
/// # Errors
/// [`RsaPublicFault`], the first that holds.
pub(crate) fn check(modulus: &[u8], exponent: &[u8]) -> Result<(), RsaPublicFault> {
    if !BITS.contains(&bits(modulus)) || !is_odd(modulus) {
        return Err(RsaPublicFault::Modulus);
    }
    let value = exponent.iter().try_fold(0_u64, |value, byte| {
        value.checked_mul(256).and_then(|value| value.checked_add(u64::from(*byte)))
    });
    if !value.is_some_and(|value| EXPONENTS.contains(&value)) || !is_odd(exponent) {
        return Err(RsaPublicFault::Exponent);
    }
    if roca::is_fingerprinted(modulus) { Err(RsaPublicFault::Roca) } else { Ok(()) }
}

/// The length of a number in bits.
pub(crate) fn bits(number: &[u8]) -> usize {
    number.len() * 8 - number.first().map_or(0, |first| first.leading_zeros() as usize)
}

fn is_odd(number: &[u8]) -> bool {
    number.last().is_some_and(|last| last % 2 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const F4: &[u8] = &[1, 0, 1];

    /// An odd number of this many bits, eight to the byte.
    fn modulus(bits: usize) -> Vec<u8> {
        let mut number = vec![0; bits.div_ceil(8)];
        number[0] = 1 << ((bits - 1) % 8);
        *number.last_mut().unwrap() |= 1;
        number
    }

    #[test]
    fn lengths_are_held_to_the_bit() {
        for (bits, expected) in [
            (2047, Err(RsaPublicFault::Modulus)),
            (2048, Ok(())),
            (2049, Ok(())),
            (8192, Ok(())),
            (8193, Err(RsaPublicFault::Modulus)),
        ] {
            assert_eq!(check(&modulus(bits), F4), expected, "{bits}");
        }
        let mut even = modulus(2048);
        *even.last_mut().unwrap() ^= 1;
        assert_eq!(check(&even, F4), Err(RsaPublicFault::Modulus), "even");
        assert_eq!(check(&[], F4), Err(RsaPublicFault::Modulus), "empty");
    }

    #[test]
    fn exponents_are_odd_and_of_a_sound_size() {
        for (name, exponent, expected) in [
            ("65537", F4, Ok(())),
            ("2^33 - 1", &[1, 255, 255, 255, 255], Ok(())),
            ("2^33 + 1", &[2, 0, 0, 0, 1], Err(RsaPublicFault::Exponent)),
            ("65538", &[1, 0, 2], Err(RsaPublicFault::Exponent)),
            ("65535", &[255, 255], Err(RsaPublicFault::Exponent)),
            ("3", &[3], Err(RsaPublicFault::Exponent)),
            ("none", &[], Err(RsaPublicFault::Exponent)),
            ("past 64 bits", &[1, 0, 0, 0, 0, 0, 1, 0, 1], Err(RsaPublicFault::Exponent)),
        ] {
            assert_eq!(check(&modulus(2048), exponent), expected, "{name}");
        }
    }
}
