//! pysaml2 as an identity provider: Python and the program xmlsec1, and a reader of the service provider's own metadata.

use serde_json::json;
use tokio::process::Command;

use super::saml::Options;
use super::served::{Place, Ready, Served};
use super::{CounterpartError, KeyPair, SamlProvider, python};

const SCRIPT: &str = "pysaml_idp.py";
const METADATA: &str = "/metadata";

/// How a [`SamlProvider`] of this kind is started.
#[derive(Debug)]
pub struct PySaml;

impl PySaml {
    /// Starts one with fresh keys that learns the service provider from its metadata, and waits until it serves its own.
    ///
    /// # Errors
    /// See [`CounterpartError`]; [`CounterpartError::Ended`] if pysaml2 cannot read the metadata.
    pub async fn start(sp_metadata: &str, options: &Options) -> Result<SamlProvider, CounterpartError> {
        let python = python::interpreter()?;
        let place = Place::new(SCRIPT)?;
        let key = KeyPair::generate_into(place.folder(), "idp").await?;
        let settings = options.settings([
            ("port", json!(place.port())),
            ("folder", json!(place.folder())),
            ("sp_metadata", json!(sp_metadata)),
        ]);
        let file = place.folder().join("settings.json");
        std::fs::write(&file, settings.to_string())
            .map_err(|source| CounterpartError::Process { program: SCRIPT, source })?;
        let entity_id = format!("{}/idp", place.origin());
        let mut command = Command::new("./beside.sh");
        command.arg(python).arg(SCRIPT).arg(file);
        let served = Served::start(SCRIPT, place, command, Ready::Page(METADATA)).await?;
        Ok(SamlProvider { served, entity_id, metadata_path: METADATA, key })
    }
}
