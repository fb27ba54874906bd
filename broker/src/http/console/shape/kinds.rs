//! The settings of each form: of a connection by its kind, of directories, a workspace, administrators' sessions.

use vestibule_policies::KindName;

use crate::pages::console::GroupTitle;

use super::{Enter, Part, Spec};

const CLAIMS: Enter = Enter::Any(&["sid", "upn", "oid", "email"]);
const COMMON: [Spec; 4] = [
    ("directories", Enter::Directories),
    ("required_claims", CLAIMS),
    ("resolve_from_ad", Enter::Resolver),
    ("ca.pem", Enter::Area),
];
const RESPONSE_MODE: Spec = ("response_mode", Enter::Choice(&["query", "form_post"]));
const NAMES: &[Spec] = &[
    ("claims.sid", Enter::Text),
    ("claims.upn", Enter::Text),
    ("claims.oid", Enter::Text),
    ("claims.email", Enter::Text),
    ("claims.groups", Enter::Text),
];
const OIDC: &[Part] = &[
    Part::Plain(&[("issuer", Enter::Needed), ("client_id", Enter::Needed), ("client_secret", Enter::Secret)]),
    Part::Plain(&[COMMON[0], COMMON[1]]),
    Part::Folded(GroupTitle::More, &[("scopes", Enter::Lines), RESPONSE_MODE, COMMON[2], COMMON[3]]),
    Part::Folded(GroupTitle::Claims, NAMES),
];
const OKTA: &[Part] = &[
    Part::Plain(&[
        ("domain", Enter::Needed),
        ("custom_domain", Enter::Switch(false)),
        ("client_id", Enter::Needed),
        ("client_secret", Enter::Secret),
        ("api_token", Enter::Secret),
        RESPONSE_MODE,
    ]),
    Part::Plain(&[COMMON[0], COMMON[1]]),
    Part::Folded(GroupTitle::More, &[("authorization_server", Enter::Text), COMMON[2], COMMON[3]]),
    Part::Folded(GroupTitle::Claims, NAMES),
];
const AZURE_AD: &[Part] = &[
    Part::Plain(&[("tenant", Enter::Needed), ("client_id", Enter::Needed), ("client_secret", Enter::Secret)]),
    Part::Plain(&[COMMON[0], COMMON[1]]),
    Part::Folded(
        GroupTitle::More,
        &[("authority", Enter::Text), ("graph", Enter::Text), RESPONSE_MODE, COMMON[2], COMMON[3]],
    ),
];
const GATEWAY: &[Part] = &[
    Part::Plain(&[("fqdn", Enter::Needed)]),
    Part::Plain(&[COMMON[0], COMMON[1]]),
    Part::Folded(GroupTitle::More, &[("clock_tolerance", Enter::Text), RESPONSE_MODE, COMMON[2], COMMON[3]]),
];
const SAML: &[Part] = &[
    Part::Plain(&[("metadata.url", Enter::Text), ("metadata.xml", Enter::Area), ("entity_id", Enter::Text)]),
    Part::Plain(&[COMMON[0], COMMON[1]]),
    Part::Folded(
        GroupTitle::More,
        &[
            ("sso_url", Enter::Text),
            ("certificates", Enter::Certificates),
            ("binding", Enter::Choice(&["redirect", "post"])),
            ("sign_requests", Enter::Switch(true)),
            ("signed", Enter::Choice(&["either", "both", "response", "assertion"])),
            ("authentication_context", Enter::Text),
            ("comparison", Enter::Choice(&["minimum", "exact"])),
            ("force_authn", Enter::Switch(false)),
            ("idp_initiated", Enter::Switch(false)),
            ("scoped_entity_id", Enter::Switch(false)),
            ("logout_url", Enter::Text),
            ("name_id_format", Enter::Choice(&["unspecified", "email", "persistent", "transient"])),
            COMMON[2],
            COMMON[3],
        ],
    ),
    Part::Folded(
        GroupTitle::Claims,
        &[
            ("attributes.sid", Enter::Text),
            ("attributes.upn", Enter::Text),
            ("attributes.oid", Enter::Text),
            ("attributes.email", Enter::Text),
            ("attributes.groups", Enter::Text),
            ("attributes.display_name", Enter::Text),
            ("attributes.given_name", Enter::Text),
            ("attributes.family_name", Enter::Text),
        ],
    ),
];
const DIRECTORY: &[Part] = &[
    Part::Rows {
        key: "domains",
        about: "domains",
        titles: [GroupTitle::Domain, GroupTitle::AnotherDomain],
        specs: &[
            ("name", Enter::Text),
            ("directory", Enter::Directory),
            ("netbios", Enter::Text),
            ("enabled", Enter::Switch(true)),
            ("servers", Enter::Lines),
            ("ca.pem", Enter::Area),
            ("bind_user", Enter::Text),
            ("bind_password", Enter::Secret),
        ],
    },
    Part::Plain(&[("required_claims", CLAIMS)]),
    Part::Folded(
        GroupTitle::More,
        &[
            ("default_domain", Enter::Text),
            ("recheck", Enter::Text),
            ("lockout_attempts", Enter::Number),
            ("lockout_window", Enter::Text),
        ],
    ),
];
/// The directories of an organisation.
pub(in crate::http::console) const DIRECTORIES: &[Part] = &[Part::Rows {
    key: "directories",
    about: "directory",
    titles: [GroupTitle::Directory, GroupTitle::AnotherDirectory],
    specs: &[
        ("name", Enter::Text),
        ("domain_sid", Enter::Text),
        ("entra_tenant", Enter::Text),
        ("upn_suffixes", Enter::Lines),
    ],
}];
/// A workspace.
pub(in crate::http::console) const WORKSPACE: &[Part] = &[
    Part::Plain(&[
        ("authentication", Enter::Method),
        ("acknowledge_subscriber_impact", Enter::Switch(false)),
        ("admit_groups", Enter::Lines),
        ("sessions.idle", Enter::Text),
        ("sessions.maximum", Enter::Text),
    ]),
    Part::Rows {
        key: "routes",
        about: "routes",
        titles: [GroupTitle::Route, GroupTitle::AnotherRoute],
        specs: &[
            ("path", Enter::Text),
            ("upstream", Enter::Text),
            ("access", Enter::Choice(&["session", "open"])),
            ("timeout", Enter::Text),
        ],
    },
];
/// Administrators' sessions.
pub(in crate::http::console) const ORGANIZATION: &[Part] = &[Part::Plain(&[("idle", Enter::Text)])];

/// What a new connection of a kind is called by; one that stands keeps its name.
pub(in crate::http::console) const NAME: Part = Part::Plain(&[("name", Enter::Needed)]);

/// The settings of a kind; none of one that this version does not have.
pub(in crate::http::console) const fn of_kind(kind: KindName) -> Option<&'static [Part]> {
    match kind {
        KindName::Oidc => Some(OIDC),
        KindName::Okta => Some(OKTA),
        KindName::AzureAd => Some(AZURE_AD),
        KindName::Gateway => Some(GATEWAY),
        KindName::Saml => Some(SAML),
        KindName::ActiveDirectory | KindName::ActiveDirectoryToken => Some(DIRECTORY),
        KindName::Local => None,
    }
}
