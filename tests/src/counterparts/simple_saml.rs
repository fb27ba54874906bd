//! `SimpleSAMLphp` as an identity provider: PHP and xmlseclibs, so neither its XML nor its signatures come from where the
//! product's come from.

use std::path::Path;

use serde_json::{Value, json};
use tokio::process::Command;

use super::key_pair::armourless;
use super::saml::{Options, ServiceProvider};
use super::served::{Place, Ready, Served};
use super::{CounterpartError, KeyPair, SamlProvider, people};

const PROGRAM: &str = "SimpleSAMLphp";
const INSTALLED: &str = "/usr/share/simplesamlphp/www/module.php";
/// Its own pages load scripts and styles from there; one of the scripts posts the Response.
const ROOT: &str = "/usr/share/simplesamlphp/www";
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/counterparts/simple-saml");
const METADATA: &str = "/saml2/idp/metadata.php";
/// The log-out page loads beside what it waits for.
const WORKERS: &str = "2";

/// How a [`SamlProvider`] of this kind is started.
#[derive(Debug)]
pub struct SimpleSaml;

impl SimpleSaml {
    /// Starts one with fresh keys that was told of this service provider by hand, and waits until it serves its metadata.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn start(sp: &ServiceProvider, options: &Options) -> Result<SamlProvider, CounterpartError> {
        let told = json!({
            "entity_id": sp.entity_id,
            "acs_url": sp.acs_url,
            "logout_url": sp.logout_url,
            "certificate": sp.certificate_pem.as_deref().map(armourless),
        });
        started(told, options).await
    }

    /// The same, but it reads the service provider's metadata.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn reading(sp_metadata: &str, options: &Options) -> Result<SamlProvider, CounterpartError> {
        started(json!({ "metadata": sp_metadata }), options).await
    }
}

async fn started(service_provider: Value, options: &Options) -> Result<SamlProvider, CounterpartError> {
    if !Path::new(INSTALLED).is_file() {
        return Err(CounterpartError::NotInstalled("simplesamlphp"));
    }
    let place = Place::new(PROGRAM)?;
    let key = KeyPair::generate_into(place.folder(), "idp").await?;
    let entity_id = format!("{}/idp", place.origin());
    let settings = options.settings([
        ("origin", json!(place.origin())),
        ("entity_id", json!(entity_id)),
        ("folder", json!(place.folder())),
        ("salt", json!(place.folder())),
        ("people", people::as_json()?),
        ("service_provider", service_provider),
    ]);
    let file = place.folder().join("settings.json");
    std::fs::write(&file, settings.to_string())
        .map_err(|source| CounterpartError::Process { program: PROGRAM, source })?;
    let address = format!("127.0.0.1:{}", place.port());
    let mut command = Command::new("./beside.sh");
    command
        .args(["php", "-S", &address, "-t", ROOT, "simple-saml/router.php"])
        .env("SIMPLESAMLPHP_CONFIG_DIR", format!("{FOLDER}/config"))
        .env("COUNTERPART_SETTINGS", file)
        .env("PHP_CLI_SERVER_WORKERS", WORKERS);
    let served = Served::start(PROGRAM, place, command, Ready::Page(METADATA)).await?;
    Ok(SamlProvider { served, entity_id, metadata_path: METADATA, key })
}
