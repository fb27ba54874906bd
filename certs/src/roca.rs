//! The fingerprint of RSA keys from chips with the ROCA fault (CVE-2017-15361, JWT-09): their primes are powers of 65537
//! modulo a product of small primes, so the modulus is one too. A sound modulus passes by chance once in 2^27.

/// Primes modulo which 65537 generates a small group; all of them divide the product that the faulty chips used.
const PRIMES: [u32; 17] = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

/// Whether a big-endian modulus carries the fingerprint.
pub(crate) fn is_fingerprinted(modulus: &[u8]) -> bool {
    PRIMES.iter().all(|&prime| is_power_of_f4(remainder(modulus, prime), prime))
}

fn remainder(modulus: &[u8], prime: u32) -> u32 {
    modulus.iter().fold(0, |rest, &byte| (rest * 256 + u32::from(byte)) % prime)
}

fn is_power_of_f4(value: u32, prime: u32) -> bool {
    let mut power = 1;
    for _ in 0..prime {
        if power == value {
            return true;
        }
        power = power * (65537 % prime) % prime;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A power of 65537 in big-endian bytes: the fingerprint by construction.
    fn power_of_f4(exponent: usize) -> Vec<u8> {
        let mut digits = vec![1_u8];
        for _ in 0..exponent {
            let mut shifted = vec![0, 0];
            shifted.extend_from_slice(&digits);
            digits.extend_from_slice(&[0, 0]);
            let mut carry = 0;
            for (digit, other) in digits.iter_mut().zip(shifted) {
                let sum = u16::from(*digit) + u16::from(other) + carry;
                *digit = sum.to_le_bytes()[0];
                carry = sum >> 8;
            }
            if carry > 0 {
                digits.push(1);
            }
        }
        digits.reverse();
        digits
    }

    #[test]
    fn jwt_09_the_fingerprint_is_seen() {
        assert!(is_fingerprinted(&power_of_f4(1)));
        assert!(is_fingerprinted(&power_of_f4(128)));
    }

    #[test]
    fn a_neighbour_is_not_taken_for_it() {
        let mut neighbour = power_of_f4(128);
        *neighbour.last_mut().unwrap() ^= 2;
        assert!(!is_fingerprinted(&neighbour));
        assert!(!is_fingerprinted(&[0]));
    }
}
