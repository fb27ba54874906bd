//! Random bytes from the operating system. Every token, nonce and key of the product starts here,
//! so there is one place to look at when their quality is in doubt (RFC 4086 §7).

use ring::rand::{SecureRandom as _, SystemRandom};
use thiserror::Error;

/// The operating system gave no random bytes. Nothing can be issued until it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the operating system gave no random bytes")]
pub struct RandomFailed;

/// `N` random bytes.
///
/// # Errors
/// [`RandomFailed`] when the operating system refuses; there is no weaker source to fall back on.
pub fn bytes<const N: usize>() -> Result<[u8; N], RandomFailed> {
    let mut out = [0; N];
    SystemRandom::new().fill(&mut out).map_err(|_| RandomFailed)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    #[test]
    fn two_draws_differ() {
        assert_ne!(super::bytes::<32>().unwrap(), super::bytes::<32>().unwrap());
    }
}
