//! The way out over the provider (OpenID Connect RP-Initiated Logout 1.0 §2): our own session has ended before.

use std::sync::Arc;

use url::Url;
use vestibule_certs::secret::Secret;

use crate::step::Context;

use super::discovery::Metadata;
use super::{Client, Dialect};

/// The longest `id_token` that is kept for the way out, in bytes: it goes in an address, and servers read 8 KiB of one.
const LONGEST_HINT: usize = 4 * 1024;

/// The `id_token` that is shown at the end, where it may be kept. A Gateway's may hold the person's password (GW-16).
pub(super) fn hint(dialect: &Dialect, id_token: &str) -> Option<Arc<Secret>> {
    let keeps = match dialect {
        Dialect::Standard { .. } | Dialect::Okta | Dialect::AzureAd => true,
        Dialect::Gateway { .. } => false,
    };
    (keeps && id_token.len() <= LONGEST_HINT).then(|| Arc::new(Secret::new(id_token.to_owned())))
}

/// Where the browser goes; nowhere if the provider has no such place.
pub(super) fn address(
    client: &Client,
    metadata: &Metadata,
    context: &Context<'_>,
    hint: Option<&str>,
) -> Option<Url> {
    let mut url = metadata.end_session_endpoint()?;
    let (name, value) = match hint {
        Some(token) => ("id_token_hint", token),
        // Without a token the provider has to know whose address it is to lead back to.
        None => ("client_id", client.id.as_str()),
    };
    url.query_pairs_mut()
        .append_pair(name, value)
        .append_pair("post_logout_redirect_uri", context.redirect_uri)
        .append_pair("state", context.state);
    Some(url)
}
