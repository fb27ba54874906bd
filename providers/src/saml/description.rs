//! A provider as a metadata document of our own making (saml-metadata §2): what is known of it, so that an administrator can read it
//! and send it back unchanged. What the provider's own document said beyond that is not kept.

use super::instant;
use super::metadata::{IdentityProvider, POST, REDIRECT};
use super::writer::Writer;
use super::xml::namespace;

impl IdentityProvider {
    /// The document. [`IdentityProvider::read`] gives the same provider for it.
    #[must_use]
    pub fn describe(&self) -> String {
        let mut document = Writer::default();
        let until = self.valid_until.map(instant::write_whole);
        let mut attributes = vec![("xmlns", namespace::METADATA), ("entityID", &self.entity_id)];
        attributes.extend(until.as_deref().map(|until| ("validUntil", until)));
        document.element("EntityDescriptor", &attributes, |entity| {
            let role = [("protocolSupportEnumeration", namespace::PROTOCOL)];
            entity.element("IDPSSODescriptor", &role, |role| self.describe_role(role));
        });
        document.finish()
    }

    fn describe_role(&self, role: &mut Writer) {
        for certificate in &self.certificates {
            role.element("KeyDescriptor", &[("use", "signing")], |key| {
                key.element("ds:KeyInfo", &[("xmlns:ds", namespace::SIGNATURE)], |info| {
                    info.element("ds:X509Data", &[], |data| {
                        data.leaf("ds:X509Certificate", &[], certificate);
                    });
                });
            });
        }
        let endpoints = [
            ("SingleLogoutService", REDIRECT, &self.logout),
            ("SingleSignOnService", REDIRECT, &self.redirect),
            ("SingleSignOnService", POST, &self.post),
        ];
        for (name, binding, address) in endpoints {
            if let Some(address) = address {
                role.leaf(name, &[("Binding", binding), ("Location", address)], "");
            }
        }
    }
}
