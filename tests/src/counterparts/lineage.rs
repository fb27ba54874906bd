//! The two lineages of SAML identity providers, where a test asks the same of both.

use super::saml::{Options, ServiceProvider};
use super::{CounterpartError, PySaml, SamlProvider, SimpleSaml};

/// Whose code the identity provider is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lineage {
    /// PHP and xmlseclibs.
    SimpleSaml,
    /// Python and the program xmlsec1.
    PySaml,
}

impl Lineage {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::SimpleSaml, Self::PySaml];

    /// Starts one that knows this service provider: pysaml2 by its metadata alone, `SimpleSAMLphp` by what it is told.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn start(
        self,
        sp: &ServiceProvider,
        sp_metadata: &str,
        options: &Options,
    ) -> Result<SamlProvider, CounterpartError> {
        match self {
            Self::SimpleSaml => SimpleSaml::start(sp, options).await,
            Self::PySaml => PySaml::start(sp_metadata, options).await,
        }
    }
}
