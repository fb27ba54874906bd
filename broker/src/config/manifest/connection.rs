//! The section `[[connections]]`: the ways into an organisation. What every kind has stands here, what one kind has in a
//! file of its own. A kind that is not built is refused by name, and its other keys are passed over.

mod azure_ad;
mod claims;
mod directory;
mod gateway;
mod oidc;
mod okta;
mod saml;

use vestibule_policies::{
    ClaimName, ClaimNames, ConnectionName, Directory, DirectoryName, Edition, KindName,
};
use vestibule_providers::config::{ProviderConfig, ResponseMode};

use super::super::{
    address::Addresses,
    fault::FaultCode,
    reader::{Item, Reported, Table, Unique},
    secret::SecretSource,
    trust,
};

/// One connection as its manifest describes it.
#[derive(Debug)]
pub struct ConnectionManifest {
    /// Its name within the organisation.
    pub name: ConnectionName,
    /// Whether it lets anybody in.
    pub enabled: bool,
    /// Its provider.
    pub provider: ProviderConfig,
    /// The directories that it speaks for; empty: no SID, no object id, and UPNs of unclaimed suffixes only.
    pub directories: Vec<DirectoryName>,
    /// Whether `dangerous_any_directory` lifts that.
    pub any_directory: bool,
    /// The claims without which it lets nobody in.
    pub required: Vec<ClaimName>,
    /// What the provider calls the claims.
    pub names: ClaimNames,
    /// The certificates that alone are trusted, as PEM; none: the public ones.
    pub trust_pem: Option<String>,
    /// Our secret at the provider; SAML has none, and a Gateway's is made when the manifest is merged.
    pub client_secret: Option<SecretSource>,
    /// The token of Okta's own API, if claims and groups are read there (OKT-06).
    pub api_token: Option<SecretSource>,
    /// The passwords of a directory's domains, in their order.
    pub bind_passwords: Vec<SecretSource>,
    /// The connection to a directory that fills in what the provider does not bring, and must agree with what it does.
    pub resolve_from: Option<ConnectionName>,
    /// The line of its table in the file, from 1.
    pub line: usize,
}

/// What connections are judged against.
#[derive(Clone, Copy)]
pub(in super::super) struct Surroundings<'a> {
    pub(in super::super) addresses: Addresses<'a>,
    pub(in super::super) edition: Result<Edition, Reported>,
    /// The directories of the same file, if it declares them.
    pub(in super::super) directories: Option<&'a [Directory]>,
}

pub(in super::super) fn read(
    root: &mut Table<'_>,
    around: Surroundings<'_>,
) -> Result<Option<Vec<ConnectionManifest>>, Reported> {
    let mut names = Unique::new();
    root.sections("connections", |table| {
        let name = table.value("name", |item| names.take(item.parse(ConnectionName::parse)?, item));
        let kind = table.value("kind", kind).inspect_err(|_| table.skip_rest())?;
        let enabled = table.value_or("enabled", true, Item::flag);
        let read = connection(table, kind, name, around);
        Ok(ConnectionManifest { enabled: enabled?, ..read? })
    })
}

/// The kinds that are built.
#[derive(Clone, Copy)]
enum BuiltKind {
    Oidc,
    Okta,
    AzureAd,
    Gateway,
    Saml,
    ActiveDirectory,
    ActiveDirectoryToken,
}

impl BuiltKind {
    const fn name(self) -> KindName {
        match self {
            Self::Oidc => KindName::Oidc,
            Self::Okta => KindName::Okta,
            Self::AzureAd => KindName::AzureAd,
            Self::Gateway => KindName::Gateway,
            Self::Saml => KindName::Saml,
            Self::ActiveDirectory => KindName::ActiveDirectory,
            Self::ActiveDirectoryToken => KindName::ActiveDirectoryToken,
        }
    }
}

fn kind(item: &Item<'_>) -> Result<BuiltKind, Reported> {
    let Some(kind) = KindName::parse(item.text()?) else { return Err(unknown_kind(item)) };
    match kind {
        KindName::Oidc => Ok(BuiltKind::Oidc),
        KindName::Okta => Ok(BuiltKind::Okta),
        KindName::AzureAd => Ok(BuiltKind::AzureAd),
        KindName::Gateway => Ok(BuiltKind::Gateway),
        KindName::Saml => Ok(BuiltKind::Saml),
        KindName::ActiveDirectory => Ok(BuiltKind::ActiveDirectory),
        KindName::ActiveDirectoryToken => Ok(BuiltKind::ActiveDirectoryToken),
        // The built-in identity is there without a connection.
        KindName::Local => Err(unknown_kind(item)),
    }
}

fn unknown_kind(item: &Item<'_>) -> Reported {
    let kinds: Vec<_> =
        KindName::ALL.into_iter().filter(|&kind| kind != KindName::Local).map(KindName::as_str).collect();
    item.invalid(format_args!("there is no such kind; there are {}", kinds.join(", ")))
}

fn connection(
    table: &mut Table<'_>,
    kind: BuiltKind,
    name: Result<ConnectionName, Reported>,
    around: Surroundings<'_>,
) -> Result<ConnectionManifest, Reported> {
    if let BuiltKind::ActiveDirectory | BuiltKind::ActiveDirectoryToken = kind {
        return to_directory(table, kind, name, around);
    }
    let (provider, api_token) = match kind {
        BuiltKind::Okta => {
            (okta::read(table, around.addresses), table.maybe("api_token", SecretSource::read))
        }
        BuiltKind::AzureAd => (azure_ad::read(table, around.addresses), Ok(None)),
        BuiltKind::Gateway => (gateway::read(table, around.addresses), Ok(None)),
        BuiltKind::Saml => (saml::read(table, around.addresses), Ok(None)),
        BuiltKind::Oidc | BuiltKind::ActiveDirectory | BuiltKind::ActiveDirectoryToken => {
            (oidc::read(table, around.addresses), Ok(None))
        }
    };
    let name = name.and_then(|name| distinct_prefix(table, kind, name));
    let client_secret = match kind {
        // A Gateway's is made when the manifest is merged.
        BuiltKind::Saml | BuiltKind::Gateway => Ok(None),
        BuiltKind::Oidc
        | BuiltKind::Okta
        | BuiltKind::AzureAd
        | BuiltKind::ActiveDirectory
        | BuiltKind::ActiveDirectoryToken => table.value("client_secret", SecretSource::read).map(Some),
    };
    let directories = table.value_or("directories", Vec::new(), |item| directories(item, around.directories));
    let any_directory = table.value_or("dangerous_any_directory", false, Item::flag);
    let required = claims::required(table, kind, around.edition);
    let names = match kind {
        BuiltKind::Saml => claims::attributes(table),
        // Graph's properties are Microsoft's to name.
        BuiltKind::AzureAd => Ok(ClaimNames::default()),
        BuiltKind::Gateway => Ok(gateway::names()),
        BuiltKind::Oidc | BuiltKind::Okta | BuiltKind::ActiveDirectory | BuiltKind::ActiveDirectoryToken => {
            table.section("claims", claims::names).map(Option::unwrap_or_default)
        }
    };
    let trust_pem = table.maybe("ca", trust);
    let resolve_from = table.maybe("resolve_from_ad", |item| item.parse(ConnectionName::parse));
    Ok(ConnectionManifest {
        name: name?,
        enabled: true,
        provider: provider?,
        directories: directories?,
        any_directory: any_directory?,
        required: required?,
        names: names?,
        trust_pem: trust_pem?,
        client_secret: client_secret?,
        api_token: api_token?,
        bind_passwords: Vec::new(),
        resolve_from: resolve_from?,
        line: table.own_place().line,
    })
}

/// A directory speaks for its own domains, under names that are fixed.
fn to_directory(
    table: &mut Table<'_>,
    kind: BuiltKind,
    name: Result<ConnectionName, Reported>,
    around: Surroundings<'_>,
) -> Result<ConnectionManifest, Reported> {
    let read = directory::read(table, around);
    let required = claims::required(table, kind, around.edition);
    let name = name.and_then(|name| distinct_prefix(table, kind, name));
    let directory::Read { config, bind_passwords } = read?;
    let directories = config.domains.iter().map(|domain| domain.directory.clone()).collect();
    let provider = match kind {
        BuiltKind::ActiveDirectoryToken => ProviderConfig::ActiveDirectoryToken(config),
        BuiltKind::Oidc
        | BuiltKind::Okta
        | BuiltKind::AzureAd
        | BuiltKind::Gateway
        | BuiltKind::Saml
        | BuiltKind::ActiveDirectory => ProviderConfig::ActiveDirectory(config),
    };
    Ok(ConnectionManifest {
        name: name?,
        enabled: true,
        provider,
        directories,
        any_directory: false,
        required: required?,
        names: ClaimNames::default(),
        trust_pem: None,
        client_secret: None,
        api_token: None,
        bind_passwords,
        resolve_from: None,
        line: table.own_place().line,
    })
}

/// Groups of an oidc, gateway or saml connection carry its name as prefix, those of Okta and Entra carry `okta:` and `entra:`. A
/// connection of that name could put its people into another provider's groups (interface 4).
fn distinct_prefix(
    table: &Table<'_>,
    kind: BuiltKind,
    name: ConnectionName,
) -> Result<ConnectionName, Reported> {
    match (kind, name.as_str()) {
        (BuiltKind::Oidc | BuiltKind::Gateway | BuiltKind::Saml, "okta" | "entra") => {
            let message = "this name is the prefix of another kind's groups; choose another";
            Err(table.fault("name", FaultCode::Invalid, message))
        }
        (
            BuiltKind::Oidc
            | BuiltKind::Okta
            | BuiltKind::AzureAd
            | BuiltKind::Gateway
            | BuiltKind::Saml
            | BuiltKind::ActiveDirectory
            | BuiltKind::ActiveDirectoryToken,
            _,
        ) => Ok(name),
    }
}

fn directories(item: &Item<'_>, declared: Option<&[Directory]>) -> Result<Vec<DirectoryName>, Reported> {
    let mut seen = Unique::new();
    item.each(|element| {
        let name = seen.take(element.parse(DirectoryName::parse)?, element)?;
        if declared.is_some_and(|declared| !declared.iter().any(|directory| directory.name == name)) {
            return Err(element.invalid(format_args!("there is no directory {name}")));
        }
        Ok(name)
    })
}

/// How the answers of an OpenID provider come.
fn response_mode(table: &mut Table<'_>) -> Result<ResponseMode, Reported> {
    table.value_or("response_mode", ResponseMode::Query, |item| match item.text()? {
        "query" => Ok(ResponseMode::Query),
        "form_post" => Ok(ResponseMode::FormPost),
        _ => Err(item.invalid("expected \"query\" or \"form_post\"")),
    })
}

/// The text is kept rather than its certificates, since that is what is stored.
fn trust(item: &Item<'_>) -> Result<String, Reported> {
    trust::read(item).map(|(text, _)| text)
}

/// A client id: 1 to 255 visible ASCII characters (RFC 6749 appendix A.1).
fn client_id(item: &Item<'_>) -> Result<String, Reported> {
    let text = item.text()?;
    if (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err(item.invalid("expected 1 to 255 visible ASCII characters"))
    }
}
