//! `ca = { file = "…" }`, or `{ pem = "…" }` with the text itself: the certificates that one connection trusts, and no others.

use vestibule_certs::trust::Trust;

use super::{
    fault::FaultCode,
    files::read_text,
    reader::{Item, Reported},
};

/// The longest file of certificates, in bytes.
const TRUST_LIMIT: usize = 256 * 1024;

/// What the file says, and what that means. The text is what a store keeps.
pub(super) fn read(item: &Item<'_>) -> Result<(String, Trust), Reported> {
    let (text, given) = match item.only_entry() {
        Some(("file", path)) => {
            let text = read_text(&path.path()?, TRUST_LIMIT)
                .map_err(|fault| path.refuse(FaultCode::Unreadable, fault.to_string()))?;
            (text, path)
        }
        Some(("pem", pem)) => (pem.text()?.to_owned(), pem),
        _ => return Err(item.invalid("expected { file = \"PATH\" } or { pem = \"…\" }")),
    };
    if text.len() > TRUST_LIMIT {
        return Err(given.invalid("these are too many certificates"));
    }
    // The text goes to the store in the clear.
    if text.contains("PRIVATE KEY-----") {
        return Err(given.invalid("this holds a private key; give the certificates alone"));
    }
    match Trust::from_pem(text.as_bytes()) {
        Ok(trust) => Ok((text, trust)),
        Err(fault) => Err(given.invalid(fault)),
    }
}
