//! What a connection of kind `okta` has: the organisation's domain and, if it is not the org server, an authorization
//! server (OKT-02, OKT-07).

use vestibule_providers::config::{OktaConfig, ProviderConfig};

use super::{
    super::super::{
        address::{Addresses, OktaDomain},
        reader::{Item, Reported, Table},
    },
    client_id, response_mode,
};

pub(super) fn read(table: &mut Table<'_>, addresses: Addresses<'_>) -> Result<ProviderConfig, Reported> {
    let custom = table.value_or("custom_domain", OktaDomain::Okta, |item| {
        item.flag().map(|custom| if custom { OktaDomain::Custom } else { OktaDomain::Okta })
    });
    let domain = table.required("domain");
    let domain =
        custom.and_then(|custom| domain.and_then(|item| item.parse(|text| addresses.okta(text, custom))));
    let authorization_server = table.maybe("authorization_server", authorization_server);
    let client_id = table.value("client_id", client_id);
    let response_mode = response_mode(table);
    Ok(ProviderConfig::Okta(OktaConfig {
        domain: domain?,
        authorization_server: authorization_server?,
        client_id: client_id?,
        response_mode: response_mode?,
    }))
}

/// The id becomes a segment of the issuer's path, so it must not be able to change that path.
fn authorization_server(item: &Item<'_>) -> Result<String, Reported> {
    let text = item.text()?;
    if (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    {
        Ok(text.to_owned())
    } else {
        Err(item.invalid("expected 1 to 64 of A-Z, a-z, 0-9, - and _; leave the key out for the org server"))
    }
}
