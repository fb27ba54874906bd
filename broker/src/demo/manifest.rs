//! The demo's configuration, written as an operator would write it and read by the same reader.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;

use vestibule_conformance::sandbox::openid::Shape;
use vestibule_policies::edition::KindName;
use vestibule_policies::name::HostName;

use crate::config::{Faults, Manifest, OwnListeners, ServerConfig, parse_manifest, parse_server};

use super::{Data, DataError, DemoError, KINDS};

/// The broker's client id at the sandbox providers.
pub(super) const CLIENT_ID: &str = "vestibule-demo";

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
    port: u16,
    application: SocketAddr,
) -> Result<Vec<Manifest>, DemoError> {
    let people = data.people()?;
    let domain =
        people.iter().find_map(|one| one.security_id.as_ref()?.rsplit_once('-').map(|(domain, _)| domain));
    let read = |kind: KindName| {
        let text = organization(kind, domain.unwrap_or_default(), data, (port, application));
        parse_manifest(&text, Path::new("demo"), Path::new("."), config, OwnListeners::Allowed)
    };
    Ok(KINDS.into_iter().map(read).collect::<Result<_, _>>()?)
}

fn organization(
    kind: KindName,
    domain_sid: &str,
    data: &Data,
    (port, application): (u16, SocketAddr),
) -> String {
    let mut text = format!(
        r#"
[organization]
slug = "acme-{kind}"
name = "Acme ({title})"
workspaces = ["acme-{kind}.vestibule.localhost"]

[[directories]]
name = "corp"
domain_sid = "{domain_sid}"
upn_suffixes = ["corp.example"]

[workspace]
authentication = "{kind}"
[[workspace.routes]]
path = "/"
upstream = "http://{application}"

[[connections]]
name = "{kind}"
kind = "{kind}"
directories = ["corp"]
client_id = "{CLIENT_ID}"
client_secret = "{secret}"
"#,
        kind = kind.as_str(),
        title = title(kind),
        secret = data.client_secret(),
    );
    let more = match kind {
        KindName::Okta => write!(
            text,
            "domain = \"http://{host}:{port}\"\ncustom_domain = true\nauthorization_server = \"default\"\n",
            host = sandbox_name(kind),
        ),
        _ => write!(
            text,
            "issuer = \"{issuer}\"\nrequired_claims = [\"sid\", \"upn\", \"oid\", \"email\"]\n",
            issuer = issuer(kind, port),
        ),
    };
    // Writing to a text cannot fail.
    let _ = more;
    text
}

/// The sandbox provider's issuer.
pub(super) fn issuer(kind: KindName, port: u16) -> String {
    let path = if kind == KindName::Okta { "/oauth2/default" } else { "" };
    format!("http://{}:{port}{path}", sandbox_name(kind))
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
