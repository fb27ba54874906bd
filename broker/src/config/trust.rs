//! `ca = { file = "…" }`: the certificates that one connection trusts, and no others.

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
    let Some(("file", path)) = item.only_entry() else {
        return Err(item.invalid("expected { file = \"PATH\" }"));
    };
    let text = read_text(&path.path()?, TRUST_LIMIT)
        .map_err(|fault| path.refuse(FaultCode::Unreadable, fault.to_string()))?;
    // The text goes to the store in the clear.
    if text.contains("PRIVATE KEY-----") {
        return Err(path.invalid("this file holds a private key; give the certificates alone"));
    }
    match Trust::from_pem(text.as_bytes()) {
        Ok(trust) => Ok((text, trust)),
        Err(fault) => Err(path.invalid(fault)),
    }
}
