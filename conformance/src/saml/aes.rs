//! AES-128 in CBC mode (FIPS 197, xmlenc-core1 section 5.2.2): written out because ring, rightly, has none.
//!
//! It exists so that the refusal of CBC is tested with cipher text that would decrypt.

type Block = [u8; 16];

/// Padded as XML Encryption pads: the last octet counts the octets added.
pub(super) fn encrypt_cbc(key: &Block, start: &Block, message: &[u8]) -> Vec<u8> {
    let added = 16 - message.len() % 16;
    let mut padded = message.to_vec();
    padded.resize(message.len() + added - 1, 0);
    padded.push(u8::try_from(added).unwrap_or(16));
    let rounds = expand(key);
    let (mut before, mut out) = (*start, start.to_vec());
    for chunk in padded.chunks_exact(16) {
        before.iter_mut().zip(chunk).for_each(|(to, from)| *to ^= from);
        before = encrypt(&rounds, before);
        out.extend(before);
    }
    out
}

fn encrypt(rounds: &[Block], mut state: Block) -> Block {
    let last = rounds.len().saturating_sub(1);
    for (number, round) in rounds.iter().enumerate() {
        if number > 0 {
            state = shift_rows(&state.map(substitute));
            if number < last {
                state = mix_columns(&state);
            }
        }
        state.iter_mut().zip(round).for_each(|(to, from)| *to ^= from);
    }
    state
}

/// FIPS 197 section 5.2.
fn expand(key: &Block) -> Vec<Block> {
    let (mut rounds, mut current, mut constant) = (vec![*key], *key, 1_u8);
    for _ in 0..10 {
        let [.., a, b, c, d] = current;
        let mut word = [substitute(b) ^ constant, substitute(c), substitute(d), substitute(a)];
        for column in current.chunks_exact_mut(4) {
            column.iter_mut().zip(&mut word).for_each(|(octet, carried)| {
                *octet ^= *carried;
                *carried = *octet;
            });
        }
        rounds.push(current);
        constant = double(constant);
    }
    rounds
}

/// FIPS 197 section 5.1.2; the state is kept column by column.
fn shift_rows(state: &Block) -> Block {
    std::array::from_fn(|place| state.get(5 * place % 16).copied().unwrap_or_default())
}

fn mix_columns(state: &Block) -> Block {
    let mut mixed = *state;
    for column in mixed.chunks_exact_mut(4) {
        if let [a, b, c, d] = column {
            let all = *a ^ *b ^ *c ^ *d;
            let first = *a;
            *a ^= all ^ double(*a ^ *b);
            *b ^= all ^ double(*b ^ *c);
            *c ^= all ^ double(*c ^ *d);
            *d ^= all ^ double(*d ^ first);
        }
    }
    mixed
}

fn double(octet: u8) -> u8 {
    (octet << 1) ^ if octet & 0x80 == 0 { 0 } else { 0x1b }
}

fn multiply(mut a: u8, mut b: u8) -> u8 {
    let mut product = 0;
    while b > 0 {
        if b & 1 == 1 {
            product ^= a;
        }
        a = double(a);
        b >>= 1;
    }
    product
}

/// FIPS 197 section 5.1.1: the inverse (the 254th power) and an affine map.
fn substitute(octet: u8) -> u8 {
    let inverse = (0..253).fold(octet, |power, _| multiply(power, octet));
    (1..5).fold(inverse, |sum, turn| sum ^ inverse.rotate_left(turn)) ^ 0x63
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 197 appendix B.
    #[test]
    fn the_standard_s_own_example_holds() {
        let key = 0x2b7e_1516_28ae_d2a6_abf7_1588_09cf_4f3c_u128.to_be_bytes();
        let plain = 0x3243_f6a8_885a_308d_3131_98a2_e037_0734_u128.to_be_bytes();
        let cipher = 0x3925_841d_02dc_09fb_dc11_8597_196a_0b32_u128.to_be_bytes();
        assert_eq!(encrypt(&expand(&key), plain), cipher);
        let out = encrypt_cbc(&key, &[0; 16], &plain);
        assert_eq!(out[16..32], cipher);
        assert_eq!(out.len(), 48, "a whole block of padding");
    }
}
