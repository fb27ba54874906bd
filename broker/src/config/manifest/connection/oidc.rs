//! What a connection of kind `oidc` has: any `OpenID` provider, by its issuer.

use vestibule_providers::config::{OidcConfig, ProviderConfig};

use super::{
    super::super::{
        address::Addresses,
        reader::{Item, Reported, Table, Unique},
    },
    client_id, response_mode,
};

/// How many scopes may be asked for.
const SCOPES: usize = 32;

pub(super) fn read(table: &mut Table<'_>, addresses: Addresses<'_>) -> Result<ProviderConfig, Reported> {
    let issuer = table.value("issuer", |item| item.parse(|text| addresses.issuer(text)));
    let client_id = table.value("client_id", client_id);
    let default = ["openid", "profile", "email"].map(str::to_owned).to_vec();
    let scopes = table.value_or("scopes", default, scopes);
    let response_mode = response_mode(table);
    Ok(ProviderConfig::Oidc(OidcConfig {
        issuer: issuer?,
        client_id: client_id?,
        scopes: scopes?,
        response_mode: response_mode?,
    }))
}

fn scopes(item: &Item<'_>) -> Result<Vec<String>, Reported> {
    let mut seen = Unique::new();
    let scopes = item.each(|element| {
        let text = element.text()?;
        if !is_scope(text) {
            return Err(element
                .invalid("expected a scope: 1 to 255 visible ASCII characters without quotes or backslash"));
        }
        seen.take(text.to_owned(), element)
    })?;
    // OpenID Connect Core §3.1.2.1: without `openid` it is no OpenID request, and there is no id_token.
    if !scopes.iter().any(|scope| scope == "openid") {
        return Err(item.invalid("the scopes have to contain openid"));
    }
    if scopes.len() > SCOPES {
        Err(item.invalid("there are too many scopes; at most 32"))
    } else {
        Ok(scopes)
    }
}

/// RFC 6749 §3.3: `scope-token`.
fn is_scope(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\')
}
