//! What is neither person nor group: the rootDSE, the domain, its containers, and the partitions by which a
//! domain's names are found (MS-ADTS §3.1.1.3.2, §6.1.1.2.1.1).

use super::Settings;
use super::dn::Dn;
use super::time::generalised;
use super::world::{Names, Plain};
use crate::ldap::{Entry, START_TLS};

/// `supportedCapabilities`: a directory of this kind, since Windows 2000, with later editions.
const CAPABILITIES: [&str; 3] =
    ["1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1670", "1.2.840.113556.1.4.1935"];

type Attribute = (&'static str, Vec<Vec<u8>>);

/// The rootDSE, which nobody has to sign in for. Attributes by name, or all.
pub(super) fn root_dse(names: &Names, wanted: &[String], now: i64) -> Entry {
    let (root, configuration) = (names.root.as_str(), names.configuration.as_str());
    let schema = format!("CN=Schema,{configuration}");
    let (host, domain) = (names.controller(), &names.domain);
    let server = format!("CN=DC1,CN=Servers,CN=Default-First-Site-Name,CN=Sites,{configuration}");
    let attributes = [
        one("currentTime", generalised(now)),
        one("subschemaSubentry", format!("CN=Aggregate,{schema}")),
        one("dsServiceName", format!("CN=NTDS Settings,{server}")),
        many("namingContexts", &[root, configuration, &schema]),
        one("defaultNamingContext", root),
        one("schemaNamingContext", &schema),
        one("configurationNamingContext", configuration),
        one("rootDomainNamingContext", root),
        many("supportedControl", &["1.2.840.113556.1.4.319", "1.2.840.113556.1.4.801"]),
        many("supportedLDAPVersion", &["3"]),
        many("supportedSASLMechanisms", &["GSSAPI", "GSS-SPNEGO"]),
        many("supportedExtension", &[START_TLS]),
        one("dnsHostName", &host),
        one("ldapServiceName", format!("{domain}:dc1$@{}", domain.to_uppercase())),
        one("serverName", server),
        many("supportedCapabilities", &CAPABILITIES),
        one("isSynchronized", "TRUE"),
        one("isGlobalCatalogReady", "TRUE"),
        one("domainFunctionality", "7"),
        one("forestFunctionality", "7"),
        one("domainControllerFunctionality", "7"),
    ];
    let asked = |name: &str| {
        wanted.is_empty() || wanted.iter().any(|wish| wish == "*" || wish.eq_ignore_ascii_case(name))
    };
    let attributes = attributes.into_iter().filter(|(name, _)| asked(name));
    Entry {
        dn: String::new(),
        attributes: attributes.map(|(name, values)| (name.to_owned(), values)).collect(),
    }
}

/// Domain, containers, configuration.
pub(super) fn plain(names: &Names, domain_security_id: Vec<u8>, settings: &Settings) -> Vec<Plain> {
    let configuration = names.configuration.as_str();
    let partitions = names.configuration.child("CN", "Partitions");
    let cross_reference = |name: &str, context: &str, more: Vec<Attribute>| {
        let own = vec![one("nCName", context), one("dnsRoot", &names.domain)];
        object(partitions.child("CN", name), name, "crossRef", own.into_iter().chain(more).collect())
    };
    let suffixes: Vec<_> = settings.upn_suffixes.iter().map(String::as_str).collect();
    let domain = vec![("objectSid", vec![domain_security_id]), one("dc", label(&names.domain))];
    let mut plain = vec![object(names.root.clone(), label(&names.domain), "domainDNS", domain)];
    let containers = [("Users", "container"), ("Groups", "organizationalUnit"), ("Builtin", "builtinDomain")];
    for (dn, (name, class)) in [&names.users, &names.groups, &names.builtin].into_iter().zip(containers) {
        plain.push(object(dn.clone(), name, class, vec![]));
    }
    plain.extend([
        object(names.configuration.clone(), "Configuration", "configuration", vec![]),
        object(
            partitions.clone(),
            "Partitions",
            "crossRefContainer",
            vec![many("uPNSuffixes", &suffixes), one("msDS-Behavior-Version", "7")],
        ),
        cross_reference(
            &names.netbios,
            names.root.as_str(),
            vec![one("nETBIOSName", &names.netbios), one("systemFlags", "3")],
        ),
        cross_reference("Enterprise Configuration", configuration, vec![one("systemFlags", "1")]),
        cross_reference(
            "Enterprise Schema",
            &format!("CN=Schema,{configuration}"),
            vec![one("systemFlags", "1")],
        ),
    ]);
    plain.extend(settings.relatives.iter().map(|(domain, netbios)| {
        let own = vec![
            one("nCName", Dn::of_domain(domain).as_str()),
            one("dnsRoot", domain),
            one("nETBIOSName", netbios),
            one("systemFlags", "3"),
        ];
        object(partitions.child("CN", netbios), netbios, "crossRef", own)
    }));
    plain
}

/// The address of a part of the forest that is held elsewhere.
pub(super) fn references(names: &Names) -> [String; 3] {
    let root = names.root.as_str();
    ["CN=Configuration", "DC=DomainDnsZones", "DC=ForestDnsZones"]
        .map(|part| format!("ldaps://{}/{part},{root}", names.domain))
}

fn object(dn: Dn, name: &str, class: &str, more: Vec<Attribute>) -> Plain {
    let own = [
        many("objectClass", &["top", class]),
        one("name", name),
        one("cn", name),
        one("distinguishedName", dn.as_str()),
    ];
    let attributes = own.into_iter().chain(more).filter(|(_, values)| !values.is_empty()).collect();
    Plain { dn, attributes }
}

fn label(domain: &str) -> &str {
    domain.split('.').next().unwrap_or(domain)
}

fn one(name: &'static str, value: impl AsRef<str>) -> Attribute {
    many(name, &[value.as_ref()])
}

fn many(name: &'static str, values: &[&str]) -> Attribute {
    (name, values.iter().map(|value| value.as_bytes().to_vec()).collect())
}
