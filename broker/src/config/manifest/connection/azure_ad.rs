//! What a connection of kind `azure-ad` has: one tenant, and where it is (AAD-03, AAD-04).

use vestibule_policies::ObjectId;
use vestibule_providers::config::{AzureAdConfig, ProviderConfig};

use super::{
    super::super::{
        address::Addresses,
        reader::{Item, Reported, Table},
    },
    client_id, response_mode,
};

const AUTHORITY: &str = "https://login.microsoftonline.com";
const GRAPH: &str = "https://graph.microsoft.com";

pub(super) fn read(table: &mut Table<'_>, addresses: Addresses<'_>) -> Result<ProviderConfig, Reported> {
    let host = |item: &Item<'_>| {
        let url = item.parse(|text| addresses.upstream(text))?;
        Ok(url.as_str().trim_end_matches('/').to_owned())
    };
    // A name such as `common` or `corp.example` would not say whose tokens are believed.
    let tenant = table.value("tenant", |item| item.parse(ObjectId::parse_text));
    let client_id = table.value("client_id", client_id);
    let authority = table.value_or("authority", AUTHORITY.to_owned(), host);
    let graph = table.value_or("graph", GRAPH.to_owned(), host);
    let response_mode = response_mode(table);
    Ok(ProviderConfig::AzureAd(AzureAdConfig {
        tenant: tenant?,
        client_id: client_id?,
        authority: authority?,
        graph: graph?,
        response_mode: response_mode?,
    }))
}
