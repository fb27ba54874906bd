//! What we send: the authentication request (saml-core §3.4.1), signed or not, by either binding.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vestibule_certs::digest;
use vestibule_certs::rsa_key::RsaKey;
use vestibule_certs::x509::Certificate;
use vestibule_policies::code::Code;

use crate::config::{NameIdFormat, SamlConfig};
use crate::error::SignInError;
use crate::step::{Context, Freshness, Seed};

use super::instant;
use super::writer::Writer;
use super::xml::namespace;

const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

/// The request's id: 128 bits that only this transaction's seed yields, after a letter that an `xs:ID` may begin with.
pub(super) fn id(seed: &Seed) -> String {
    let bits = seed.derive("saml request");
    bits.iter().take(16).fold("_".to_owned(), |id, byte| format!("{id}{byte:02x}"))
}

/// The request, as it is before anybody signs it.
pub(super) fn authn_request(config: &SamlConfig, context: &Context<'_>, destination: &str) -> String {
    write(config, context, destination, |_| {})
}

/// The same with an enveloped signature, for the POST binding (saml-bindings §3.5.4).
pub(super) fn signed_authn_request(
    config: &SamlConfig,
    context: &Context<'_>,
    destination: &str,
    (key, certificate): (&RsaKey, &Certificate),
) -> Result<String, SignInError> {
    let id = id(context.seed);
    let plain = authn_request(config, context, destination);
    let signature = enveloped(&plain, &id, key, certificate)
        .map_err(|error| SignInError::new(Code::Internal, error.to_string()))?;
    Ok(write(config, context, destination, |inside| inside.written(&signature)))
}

fn write(
    config: &SamlConfig,
    context: &Context<'_>,
    destination: &str,
    signature: impl FnOnce(&mut Writer),
) -> String {
    let (id, now) = (id(context.seed), instant::write(context.now));
    let mut attributes = vec![
        ("xmlns:samlp", namespace::PROTOCOL),
        ("ID", &id),
        ("Version", "2.0"),
        ("IssueInstant", &now),
        ("Destination", destination),
        ("AssertionConsumerServiceURL", context.redirect_uri),
        ("ProtocolBinding", POST),
    ];
    // SML-17, AMB-29; and after a sign-out.
    if config.force_authn || matches!(context.freshness, Freshness::Since(_)) {
        attributes.push(("ForceAuthn", "true"));
    }
    let mut writer = Writer::default();
    writer.element("samlp:AuthnRequest", &attributes, |inside| {
        inside.leaf("saml:Issuer", &[("xmlns:saml", namespace::ASSERTION)], context.entity_id);
        signature(inside);
        name_id_policy(inside, config.name_id_format);
        if let Some(demand) = config.context {
            let comparison = if demand.exact { "exact" } else { "minimum" };
            inside.element("samlp:RequestedAuthnContext", &[("Comparison", comparison)], |inside| {
                let declared = [("xmlns:saml", namespace::ASSERTION)];
                inside.leaf("saml:AuthnContextClassRef", &declared, demand.class.uri());
            });
        }
    });
    writer.finish()
}

/// saml-core §3.4.1.1. Without a format the provider chooses; `unspecified` says the same to those who want it said.
fn name_id_policy(writer: &mut Writer, format: NameIdFormat) {
    writer.element("samlp:NameIDPolicy", &[("AllowCreate", "true"), ("Format", format.uri())], |_| {});
}

/// `ds:Signature` over a document that is written canonically. `SignedInfo` is hashed as canonicalisation shows it when it
/// stands alone: with the namespace that it has from its parent in the document.
fn enveloped(
    document: &str,
    id: &str,
    key: &RsaKey,
    certificate: &Certificate,
) -> Result<String, vestibule_certs::rsa_key::RsaKeyFault> {
    let digest = STANDARD.encode(digest::sha256(document.as_bytes()));
    let info = |declared: &[(&str, &str)]| {
        let mut writer = Writer::default();
        signed_info(&mut writer, declared, id, &digest);
        writer.finish()
    };
    let value = key.sign(info(&[("xmlns:ds", namespace::SIGNATURE)]).as_bytes())?;
    let mut writer = Writer::default();
    writer.element("ds:Signature", &[("xmlns:ds", namespace::SIGNATURE)], |inside| {
        inside.written(&info(&[]));
        inside.leaf("ds:SignatureValue", &[], &STANDARD.encode(value));
        inside.element("ds:KeyInfo", &[], |inside| x509_data(inside, certificate));
    });
    Ok(writer.finish())
}

/// `ds:X509Data` with one certificate.
pub(super) fn x509_data(writer: &mut Writer, certificate: &Certificate) {
    writer.element("ds:X509Data", &[], |inside| {
        inside.leaf("ds:X509Certificate", &[], &STANDARD.encode(certificate.der()));
    });
}

fn signed_info(writer: &mut Writer, declared: &[(&str, &str)], id: &str, digest: &str) {
    writer.element("ds:SignedInfo", declared, |inside| {
        inside.leaf("ds:CanonicalizationMethod", &[("Algorithm", namespace::EXCLUSIVE)], "");
        let algorithm = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
        inside.leaf("ds:SignatureMethod", &[("Algorithm", algorithm)], "");
        inside.element("ds:Reference", &[("URI", &format!("#{id}"))], |inside| {
            inside.element("ds:Transforms", &[], |inside| {
                let enveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
                inside.leaf("ds:Transform", &[("Algorithm", enveloped)], "");
                inside.leaf("ds:Transform", &[("Algorithm", namespace::EXCLUSIVE)], "");
            });
            inside.leaf("ds:DigestMethod", &[("Algorithm", "http://www.w3.org/2001/04/xmlenc#sha256")], "");
            inside.leaf("ds:DigestValue", &[], digest);
        });
    });
}

impl NameIdFormat {
    /// saml-core §8.3.
    const fn uri(self) -> &'static str {
        match self {
            Self::Unspecified => "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
            Self::EmailAddress => "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            Self::Persistent => "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            Self::Transient => "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
        }
    }
}
