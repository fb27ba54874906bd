//! The demo's configuration, written as an operator would write it and read by the same reader.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use vestibule_conformance::sandbox::openid::{Shape, object_id};
use vestibule_policies::edition::KindName;
use vestibule_policies::name::HostName;
use vestibule_providers::config::IdentityProvider;

use crate::config::{Faults, Manifest, OwnListeners, ServerConfig, parse_manifest, parse_server};

use super::directory::SandboxDirectory;
use super::gateway::SandboxGateway;
use super::{Data, DataError, DemoError, KINDS, sandboxes};

/// The broker's client id at the sandbox providers.
pub(super) const CLIENT_ID: &str = "vestibule-demo";

/// Whose organisation has administrators by its provider too.
pub(super) const BY_PROVIDER: KindName = KindName::AzureAd;
/// Whose members run a part of it.
pub(super) const ENGINEERING: &str = "Engineering";
/// The tenant of the Azure AD sandbox.
const TENANT: &str = "5a6d1c1e-0000-4000-8000-0000000000ad";

/// The demo's server.
pub(super) fn server(directory: &Path, port: u16) -> Result<ServerConfig, Faults> {
    let text = format!(
        r#"
[server]
listen = "127.0.0.1:{port}"
operator_listen = "127.0.0.1:{operator}"
public_port = {port}

[outbound]
allow_private = ["127.0.0.0/8"]

[passwords]
preset = "nist"
compromised = "off"
"#,
        // The demo's operator listener takes a free port; this only has to be another one.
        operator = if port == 9090 { 9091 } else { 9090 },
    );
    parse_server(&text, Path::new("demo"), directory)
}

/// One organisation for each kind.
pub(super) fn organizations(
    config: &ServerConfig,
    data: &Data,
    (port, application): (u16, SocketAddr),
    (directory, gateway): (&SandboxDirectory, &SandboxGateway),
) -> Result<Vec<Manifest>, DemoError> {
    let people = data.people()?;
    let domain =
        people.iter().find_map(|one| one.security_id.as_ref()?.rsplit_once('-').map(|(domain, _)| domain));
    let domain = domain.unwrap_or_default();
    let read = |kind: KindName| {
        let own = match kind {
            KindName::Saml => saml_connection(data, port)?,
            KindName::Gateway => gateway.connection(),
            kind if kind.is_directory() => directory.connection(),
            _ => open_id_connection(kind, data, port),
        };
        let (way, administrators) = administrators(kind);
        let text = organization(kind, domain, (&way, &format!("{own}{administrators}")), application);
        Ok(parse_manifest(&text, Path::new("demo"), Path::new("."), config, OwnListeners::Allowed)?)
    };
    KINDS.into_iter().map(read).collect()
}

/// How administrators of an organisation come beside the built-in identity, and who: somebody alone, and a group.
fn administrators(kind: KindName) -> (String, String) {
    if kind != BY_PROVIDER {
        return (String::new(), String::new());
    }
    let name = kind.as_str();
    let tables = format!(
        "[[administrators]]\nconnection = \"{name}\"\nobject_id = \"{alice}\"\naccess = \"full\"\n\
         [[administrator_groups]]\nconnection = \"{name}\"\ngroup = \"entra:{TENANT}:{engineering}\"\n\
         access = [\"workspace-configuration\"]\n",
        alice = object_id(TENANT, "user", "alice"),
        engineering = object_id(TENANT, "group", ENGINEERING),
    );
    (format!("administrator_sign_in = \"{name}\"\n"), tables)
}

fn organization(
    kind: KindName,
    domain_sid: &str,
    (way, own): (&str, &str),
    application: SocketAddr,
) -> String {
    format!(
        r#"
[organization]
slug = "acme-{kind}"
name = "Acme ({title})"
workspaces = ["acme-{kind}.vestibule.localhost"]
{way}
[[directories]]
name = "corp"
domain_sid = "{domain_sid}"
upn_suffixes = ["corp.example", "mail.corp.example"]

[workspace]
authentication = "{kind}"
[[workspace.routes]]
path = "/"
upstream = "http://{application}"

[[connections]]
name = "{kind}"
kind = "{kind}"
{own}"#,
        kind = kind.as_str(),
        title = title(kind),
    )
}

fn open_id_connection(kind: KindName, data: &Data, port: u16) -> String {
    let client = format!(
        "directories = [\"corp\"]\nclient_id = \"{CLIENT_ID}\"\nclient_secret = \"{secret}\"\n",
        secret = data.client_secret()
    );
    match kind {
        KindName::Okta => format!(
            "{client}domain = \"http://{host}:{port}\"\ncustom_domain = true\nauthorization_server = \"default\"\n",
            host = sandbox_name(kind),
        ),
        KindName::AzureAd => format!(
            "{client}tenant = \"{TENANT}\"\nauthority = \"{host}\"\ngraph = \"{host}\"\n\
             required_claims = [\"sid\", \"upn\", \"oid\", \"email\"]\n",
            host = format_args!("http://{}:{port}", sandbox_name(kind)),
        ),
        _ => format!(
            "{client}issuer = \"{issuer}\"\nrequired_claims = [\"sid\", \"upn\", \"oid\", \"email\"]\n",
            issuer = issuer(kind, port),
        ),
    }
}

/// By hand, with what the sandbox's metadata says. The organisation has an entity id of its own, so that the provider may begin.
fn saml_connection(data: &Data, port: u16) -> Result<String, DemoError> {
    let people = Arc::new(data.people()?);
    let sandbox = sandboxes::saml(data, &people, port, None)?;
    let provider = IdentityProvider::read(sandbox.metadata().write().as_bytes(), None)
        .map_err(|fault| DataError::Damaged("the SAML sandbox".into(), fault.to_string()))?;
    let certificates = provider.certificates();
    let certificates =
        certificates.map_err(|fault| DataError::Damaged("the SAML sandbox".into(), fault.to_string()))?;
    let pem: Vec<_> = certificates.iter().map(|one| format!("\"\"\"\n{}\"\"\"", one.to_pem())).collect();
    Ok(format!(
        "directories = [\"corp\"]\nentity_id = \"{entity_id}\"\nsso_url = \"{sso_url}\"\nlogout_url = \"{logout}\"\ncertificates = [{pem}]\n\
         signed = \"both\"\nscoped_entity_id = true\nidp_initiated = true\n",
        entity_id = provider.entity_id,
        sso_url = provider.redirect.unwrap_or_default(),
        logout = provider.logout.unwrap_or_default(),
        pem = pem.join(", "),
    ))
}

/// Where the SAML sandbox is.
pub(super) fn saml_origin(port: u16) -> String {
    format!("http://{}:{port}", sandbox_name(KindName::Saml))
}

/// The sandbox provider's issuer.
pub(super) fn issuer(kind: KindName, port: u16) -> String {
    let origin = origin(kind, port);
    match kind {
        KindName::Okta => format!("{origin}/oauth2/default"),
        KindName::AzureAd => format!("{origin}/{TENANT}/v2.0"),
        _ => origin,
    }
}

/// Where browsers find a sandbox.
pub(super) fn origin(kind: KindName, port: u16) -> String {
    format!("http://{}:{port}", sandbox_name(kind))
}

/// On another site than the workspaces, as real providers are: cookies behave as they will.
fn sandbox_name(kind: KindName) -> String {
    format!("{}.sandbox.localhost", kind.as_str())
}

pub(super) fn sandbox_host(kind: KindName) -> Result<HostName, DataError> {
    let name = sandbox_name(kind);
    HostName::parse(&name).map_err(|fault| DataError::Damaged(name.into(), fault.to_string()))
}

pub(super) const fn shape(kind: KindName) -> Shape {
    match kind {
        KindName::Okta => Shape::Okta,
        KindName::AzureAd => Shape::Entra,
        KindName::Gateway => Shape::Gateway,
        _ => Shape::Generic,
    }
}

/// The kind's name for people.
pub(super) const fn title(kind: KindName) -> &'static str {
    match kind {
        KindName::Okta => "Okta",
        KindName::Oidc => "OpenID Connect",
        KindName::AzureAd => "Azure AD",
        KindName::Gateway => "Citrix Gateway",
        KindName::Saml => "SAML 2.0",
        KindName::ActiveDirectory => "Active Directory",
        KindName::ActiveDirectoryToken => "Active Directory and token",
        KindName::Local => "Vestibule",
    }
}
