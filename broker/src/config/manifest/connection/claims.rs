//! Which claims a connection demands, and what its provider calls them (CLM-06, AMB-38).

use vestibule_policies::{ClaimName, ClaimNames, Edition, edition::required_claims};

use super::{
    super::super::reader::{Item, Reported, Table},
    BuiltKind,
};

/// The longest name of a claim, in characters.
const NAME_LIMIT: usize = 128;

/// The key `required_claims`, in the order in which claims are judged.
pub(super) fn required(
    table: &mut Table<'_>,
    kind: BuiltKind,
    edition: Result<Edition, Reported>,
) -> Result<Vec<ClaimName>, Reported> {
    let asked = table.maybe("required_claims", |item| Ok((item.each(claim)?, item.clone())))?;
    let edition = edition?;
    let least = required_claims(edition, kind.name());
    match (kind, asked) {
        (_, None) => Ok(least.to_vec()),
        (BuiltKind::Oidc | BuiltKind::AzureAd, Some((asked, _))) => Ok(in_order(&asked)),
        (_, Some((asked, item))) => at_least(least, &asked, &item),
    }
}

/// The table `[connections.claims]`; a name that is left out stays as it is by default.
pub(super) fn names(table: &mut Table<'_>) -> Result<ClaimNames, Reported> {
    let mut names = ClaimNames::default();
    let ClaimNames { sid, upn, oid, email, groups, .. } = &mut names;
    let fields = [("sid", sid), ("upn", upn), ("oid", oid), ("email", email), ("groups", groups)];
    renamed(table, fields).map(|()| names)
}

/// The table `[connections.attributes]` of SAML, with the names that its documents give by default (CLM-02, CLM-03).
pub(super) fn attributes(table: &mut Table<'_>) -> Result<ClaimNames, Reported> {
    let mut names = ClaimNames {
        display_name: "displayName".to_owned(),
        given_name: "givenName".to_owned(),
        family_name: "familyName".to_owned(),
        ..ClaimNames::default()
    };
    let ClaimNames { sid, upn, oid, email, groups, display_name, given_name, family_name } = &mut names;
    let fields = [
        ("sid", sid),
        ("upn", upn),
        ("oid", oid),
        ("email", email),
        ("groups", groups),
        ("display_name", display_name),
        ("given_name", given_name),
        ("family_name", family_name),
    ];
    table.section("attributes", |table| renamed(table, fields))?;
    Ok(names)
}

fn renamed<const N: usize>(
    table: &mut Table<'_>,
    fields: [(&'static str, &mut String); N],
) -> Result<(), Reported> {
    let mut outcome = Ok(());
    for (key, field) in fields {
        match table.maybe(key, name) {
            Ok(Some(name)) => *field = name,
            Ok(None) => {}
            Err(reported) => outcome = Err(reported),
        }
    }
    outcome
}

/// For less than its kind's claims only oidc and azure-ad may ask (interface 5).
fn at_least(least: &[ClaimName], asked: &[ClaimName], item: &Item<'_>) -> Result<Vec<ClaimName>, Reported> {
    let missing = least.iter().filter(|claim| !asked.contains(claim)).map(|claim| claim.config());
    let missing: Vec<_> = missing.collect();
    if missing.is_empty() {
        return Ok(in_order(asked));
    }
    Err(item
        .invalid(format_args!("a connection of this kind always requires {} as well", missing.join(", "))))
}

fn in_order(asked: &[ClaimName]) -> Vec<ClaimName> {
    ClaimName::ALL.into_iter().filter(|claim| asked.contains(claim)).collect()
}

fn claim(item: &Item<'_>) -> Result<ClaimName, Reported> {
    item.parse(|text| ClaimName::parse(text).ok_or("expected sid, upn, oid or email"))
}

fn name(item: &Item<'_>) -> Result<String, Reported> {
    let text = item.text()?;
    if (1..=NAME_LIMIT).contains(&text.chars().count()) && !text.contains(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(item.invalid("expected 1 to 128 characters, without control characters"))
    }
}
