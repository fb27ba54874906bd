//! What decisions need to know of a connection. Its client secret and addresses are the provider's business.

use serde::{Deserialize, Serialize};

use crate::{ClaimName, ClaimNames, ConnectionId, ConnectionName, DirectoryName, KindName};

/// One way into an organisation, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionPolicy {
    /// For ever; a connection made anew has another one.
    pub id: ConnectionId,
    /// Its name in the organisation.
    pub name: ConnectionName,
    /// Whether it lets anybody in. One that is switched off keeps its settings, and its id.
    #[serde(default = "on")]
    pub enabled: bool,
    /// Which kind of provider.
    pub kind: KindName,
    /// The issuer to the letter: who vouches for the people. Another authority under the same name is another provider.
    pub authority: String,
    /// For which directories it speaks; empty for none.
    pub directories: Vec<DirectoryName>,
    /// `dangerous_any_directory`: it may speak for all.
    pub any_directory: bool,
    /// The claims without which nobody comes in.
    pub required: Vec<ClaimName>,
    /// Under which names the claims arrive.
    pub names: ClaimNames,
    /// `resolve_from_ad`: the connection to a directory that fills in what the provider does not bring.
    #[serde(default)]
    pub resolve_from: Option<ConnectionName>,
}

/// What was stored before there was a switch.
const fn on() -> bool {
    true
}

impl ConnectionPolicy {
    /// Whether its people come from a directory that others may ask.
    #[must_use]
    pub fn is_directory(&self) -> bool {
        self.kind.is_directory()
    }
}
