//! What a connection of kind `saml` has: its provider from metadata or by hand, how requests are sent and what of the answer has
//! to be signed (SML-05 to SML-11, SML-17).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vestibule_certs::x509::Certificate;
use vestibule_providers::config::{
    Binding, ContextClass, ContextDemand, IdentityProvider, Logout, NameIdFormat, ProviderConfig, SamlConfig,
    SamlSource, SigningExpectation,
};
use vestibule_providers::saml::metadata;

use super::super::super::{
    address::Addresses,
    fault::FaultCode,
    files::read_text,
    reader::{Item, Reported, Table},
};

/// The longest file of one certificate, in bytes.
const CERTIFICATE_LIMIT: usize = 64 * 1024;

pub(super) fn read(table: &mut Table<'_>, addresses: Addresses<'_>) -> Result<ProviderConfig, Reported> {
    let binding = table.value_or("binding", Binding::Redirect, binding);
    let source = source(table, addresses, binding);
    let sign_requests = table.value_or("sign_requests", true, Item::flag);
    let signed = table.value_or("signed", SigningExpectation::Either, signed);
    let context = context(table);
    let force_authn = table.value_or("force_authn", false, Item::flag);
    let initiated = initiated(table);
    let logout = table.value_or("logout_url", Logout::AsDescribed, |item| match item.text()? {
        "off" => Ok(Logout::Off),
        _ => item.parse(|text| addresses.endpoint(text)).map(Logout::To),
    });
    let name_id_format = table.value_or("name_id_format", NameIdFormat::Unspecified, name_id_format);
    let dangerous_sha1 = table.value_or("dangerous_sha1", false, Item::flag);
    let (idp_initiated, scoped_entity_id) = initiated?;
    Ok(ProviderConfig::Saml(Box::new(SamlConfig {
        source: source?,
        binding: binding?,
        sign_requests: sign_requests?,
        signed: signed?,
        context: context?,
        force_authn: force_authn?,
        idp_initiated,
        scoped_entity_id,
        logout: logout?,
        name_id_format: name_id_format?,
        dangerous_sha1: dangerous_sha1?,
    })))
}

/// `metadata`, or the fields by hand; never a mixture in which one could undo the other.
fn source(
    table: &mut Table<'_>,
    addresses: Addresses<'_>,
    binding: Result<Binding, Reported>,
) -> Result<SamlSource, Reported> {
    let entity_id = table.maybe("entity_id", entity_id);
    let given = table.optional("metadata");
    let by_hand = (table.optional("sso_url"), table.optional("certificates"));
    let Some(given) = given else {
        let sso_url = table.value("sso_url", |item| item.parse(|text| addresses.endpoint(text)));
        let certificates = table.value("certificates", certificates);
        let entity_id = entity_id.and_then(|id| {
            id.ok_or_else(|| {
                table.fault(
                    "entity_id",
                    FaultCode::Missing,
                    "set metadata, or entity_id, sso_url and certificates",
                )
            })
        });
        let (sso_url, binding) = (sso_url?, binding?);
        let (redirect, post) = match binding {
            Binding::Redirect => (Some(sso_url), None),
            Binding::Post => (None, Some(sso_url)),
        };
        return Ok(SamlSource::Given(IdentityProvider {
            entity_id: entity_id?,
            redirect,
            post,
            logout: None,
            certificates: certificates?,
            valid_until: None,
        }));
    };
    for key in [by_hand.0, by_hand.1].into_iter().flatten() {
        key.invalid("this stands in the metadata; leave one of the two out");
    }
    match given.only_entry() {
        Some(("file", path)) => {
            let text = read_text(&path.path()?, metadata::LONGEST)
                .map_err(|fault| path.refuse(FaultCode::Unreadable, fault.to_string()))?;
            described(&path, &text, entity_id?.as_deref(), (addresses, binding)).map(SamlSource::Given)
        }
        Some(("xml", xml)) => {
            let text = xml.text()?;
            if text.len() > metadata::LONGEST {
                return Err(xml.invalid("this document is too long"));
            }
            described(&xml, text, entity_id?.as_deref(), (addresses, binding)).map(SamlSource::Given)
        }
        Some(("url", url)) => {
            Ok(SamlSource::Url { url: url.parse(|text| addresses.endpoint(text))?, entity_id: entity_id? })
        }
        _ => Err(given.invalid("expected { file = \"PATH\" }, { xml = \"…\" } or { url = \"https://…\" }")),
    }
}

/// The provider of a document that `path` gives.
fn described(
    path: &Item<'_>,
    text: &str,
    wanted: Option<&str>,
    (addresses, binding): (Addresses<'_>, Result<Binding, Reported>),
) -> Result<IdentityProvider, Reported> {
    // A byte order mark is what some editors put in front; it is no part of the document.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let provider = IdentityProvider::read(text.as_bytes(), wanted).map_err(|fault| path.invalid(fault))?;
    for endpoint in [&provider.redirect, &provider.post, &provider.logout].into_iter().flatten() {
        addresses.endpoint(endpoint).map_err(|fault| path.invalid(format_args!("{endpoint}: {fault}")))?;
    }
    let missing = match binding {
        Ok(Binding::Redirect) if provider.redirect.is_none() => Some("post"),
        Ok(Binding::Post) if provider.post.is_none() => Some("redirect"),
        _ => None,
    };
    match missing {
        Some(other) => Err(path.invalid(format_args!(
            "the metadata has no address for this binding; set binding = \"{other}\""
        ))),
        None => Ok(provider),
    }
}

/// A list of `{ file = "…" }` or of PEM texts.
fn certificates(item: &Item<'_>) -> Result<Vec<String>, Reported> {
    let read = item.each(|element| {
        let text = match (element.as_text(), element.only_entry()) {
            (Some(text), _) => text.to_owned(),
            (None, Some(("file", path))) => read_text(&path.path()?, CERTIFICATE_LIMIT)
                .map_err(|fault| path.refuse(FaultCode::Unreadable, fault.to_string()))?,
            _ => return Err(element.invalid("expected { file = \"PATH\" } or a certificate as PEM text")),
        };
        if text.len() > CERTIFICATE_LIMIT {
            return Err(element.invalid("this is too long for a certificate"));
        }
        let certificates = Certificate::from_pem(&text).map_err(|fault| element.invalid(fault))?;
        Ok(certificates.iter().map(|one| STANDARD.encode(one.der())).collect::<Vec<_>>())
    })?;
    let mut all: Vec<String> = read.into_iter().flatten().collect();
    all.dedup();
    if all.is_empty() { Err(item.invalid("without a certificate nothing can be verified")) } else { Ok(all) }
}

/// saml-core §8.3.6: at most 1024 characters.
fn entity_id(item: &Item<'_>) -> Result<String, Reported> {
    let text = item.text()?;
    let fits = (1..=1024).contains(&text.chars().count())
        && !text.contains(|c: char| c.is_control() || c.is_whitespace());
    if fits {
        Ok(text.to_owned())
    } else {
        Err(item.invalid("expected 1 to 1024 characters without white space"))
    }
}

fn binding(item: &Item<'_>) -> Result<Binding, Reported> {
    match item.text()? {
        "redirect" => Ok(Binding::Redirect),
        "post" => Ok(Binding::Post),
        _ => Err(item.invalid("expected \"redirect\" or \"post\"")),
    }
}

fn signed(item: &Item<'_>) -> Result<SigningExpectation, Reported> {
    match item.text()? {
        "response" => Ok(SigningExpectation::Response),
        "assertion" => Ok(SigningExpectation::Assertion),
        "both" => Ok(SigningExpectation::Both),
        "either" => Ok(SigningExpectation::Either),
        _ => Err(item.invalid("expected \"response\", \"assertion\", \"both\" or \"either\"")),
    }
}

fn name_id_format(item: &Item<'_>) -> Result<NameIdFormat, Reported> {
    match item.text()? {
        "unspecified" => Ok(NameIdFormat::Unspecified),
        "email" => Ok(NameIdFormat::EmailAddress),
        "persistent" => Ok(NameIdFormat::Persistent),
        "transient" => Ok(NameIdFormat::Transient),
        _ => Err(item.invalid("expected \"unspecified\", \"email\", \"persistent\" or \"transient\"")),
    }
}

/// `unspecified` asks for nothing, so there is nothing to compare with (SML-10).
fn context(table: &mut Table<'_>) -> Result<Option<ContextDemand>, Reported> {
    let class = table.value_or("authentication_context", None, |item| match item.text()? {
        "unspecified" | "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified" => Ok(None),
        text => ContextClass::parse(text).map(Some).ok_or_else(|| {
            let words: Vec<_> = ContextClass::ALL.into_iter().map(ContextClass::word).collect();
            item.invalid(format_args!("expected unspecified, {} or the URI of one", words.join(", ")))
        }),
    });
    let exact = table.value_or("comparison", false, |item| match item.text()? {
        "minimum" => Ok(false),
        "exact" => Ok(true),
        _ => Err(item.invalid("expected \"minimum\" or \"exact\"")),
    });
    let (class, exact) = (class?, exact?);
    if class.is_none() && exact {
        let message = "there is nothing to compare exactly; set authentication_context too";
        return Err(table.fault("comparison", FaultCode::Invalid, message));
    }
    Ok(class.map(|class| ContextDemand { class, exact }))
}

/// A response that nobody asked for has to name the organisation, which only an entity id of its own does.
fn initiated(table: &mut Table<'_>) -> Result<(bool, bool), Reported> {
    let idp_initiated = table.value_or("idp_initiated", false, Item::flag);
    let scoped = table.value_or("scoped_entity_id", false, Item::flag);
    match (idp_initiated?, scoped?) {
        (true, false) => {
            let message = "this needs scoped_entity_id = true: the provider has to say for which organisation it signs in";
            Err(table.fault("idp_initiated", FaultCode::Invalid, message))
        }
        both => Ok(both),
    }
}
