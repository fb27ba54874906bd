//! What a connection of kind `gateway` has: the Gateway's name. Its client id and secret are the broker's to make (GW-03, GW-05).

use std::time::Duration;

use vestibule_policies::{ClaimNames, limits::parse_duration};
use vestibule_providers::config::{GatewayConfig, ProviderConfig};

use super::{
    super::super::{
        address::{Addresses, authority},
        reader::{Item, Reported, Table},
    },
    response_mode,
};

/// The longest issuer that a Gateway's profile takes, in characters (annex c.9).
const LONGEST_ISSUER: usize = 127;
const CLOCK_TOLERANCE: Duration = Duration::from_mins(1);
/// What a Gateway itself tolerates by default (`skewTime`): more would only let stale tokens in.
const MOST_CLOCK_TOLERANCE: Duration = Duration::from_mins(5);

pub(super) fn read(table: &mut Table<'_>, addresses: Addresses<'_>) -> Result<ProviderConfig, Reported> {
    let fqdn = table.value("fqdn", |item| fqdn(item, addresses));
    let clock_tolerance = table.value_or("clock_tolerance", CLOCK_TOLERANCE, clock_tolerance);
    let response_mode = response_mode(table);
    Ok(ProviderConfig::Gateway(GatewayConfig {
        fqdn: fqdn?,
        response_mode: response_mode?,
        clock_tolerance_s: u32::try_from(clock_tolerance?.as_secs()).unwrap_or_default(),
    }))
}

/// The claims as a Gateway spells them (annex c.9).
pub(super) fn names() -> ClaimNames {
    ClaimNames {
        sid: "sid".to_owned(),
        upn: "upn".to_owned(),
        oid: "oid".to_owned(),
        email: "email".to_owned(),
        groups: "groups".to_owned(),
        display_name: "name".to_owned(),
        given_name: "givename".to_owned(),
        family_name: "familyname".to_owned(),
    }
}

fn clock_tolerance(item: &Item<'_>) -> Result<Duration, Reported> {
    match parse_duration(item.text()?) {
        Ok(length) if length <= MOST_CLOCK_TOLERANCE => Ok(length),
        Ok(_) | Err(_) => Err(item.invalid("expected 1s to 5m")),
    }
}

/// Kept as it was written, since the issuer is compared to the letter (GW-07).
fn fqdn(item: &Item<'_>, addresses: Addresses<'_>) -> Result<String, Reported> {
    let text = item.text()?;
    let issuer = format!("https://{text}");
    if text.contains('/') || authority(&issuer) != text {
        return Err(item.invalid("expected a name such as gateway.corp.example, without https:// and path"));
    }
    if issuer.len() > LONGEST_ISSUER {
        return Err(item.invalid("a Gateway takes an issuer of at most 127 characters, https:// included"));
    }
    item.parse(|_| addresses.upstream(&issuer))?;
    Ok(text.to_owned())
}
