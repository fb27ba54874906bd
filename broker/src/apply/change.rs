//! The difference between what stands and what a manifest says, key by key. Secrets are named, never shown.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::{Map, Value};
use vestibule_certs::trust::Trust;
use vestibule_certs::x509::{Certificate, fingerprint};
use vestibule_providers::config::ProviderConfig;

use crate::store::organizations::OrganizationRow;

/// One key that differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// The organisation's slug.
    pub organization: String,
    /// The dotted key; elements of lists stand under their names.
    pub key: String,
    /// What stands; nothing where it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What will stand; nothing where it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Change {
    /// Whether it is one of this organisation's.
    #[must_use]
    pub(super) fn is_of(&self, row: &OrganizationRow) -> bool {
        self.organization == row.organization.slug.as_str()
    }
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { organization, key, before, after } = self;
        match (before, after) {
            (None, Some(after)) => write!(f, "+ {organization}: {key} = {after}"),
            (Some(before), None) => write!(f, "- {organization}: {key} (was {before})"),
            (Some(before), Some(after)) => write!(f, "~ {organization}: {key} = {after} (was {before})"),
            (None, None) => write!(f, "~ {organization}: {key}"),
        }
    }
}

/// Every key that differs.
pub(crate) fn between(before: Option<&OrganizationRow>, after: &OrganizationRow) -> Vec<Change> {
    let mut changes = Vec::new();
    let slug = after.organization.slug.as_str();
    let old = before.map_or(Value::Null, view);
    compare(&mut changes, slug, String::new(), (&old, &view(after)));
    for connection in &after.connections {
        let known = before.and_then(|row| row.connections.iter().find(|one| one.id == connection.id));
        // Sealed anew only when it differs: see `merge`.
        let has_secrets = !matches!(connection.document.provider, ProviderConfig::Saml(_));
        if has_secrets && known.is_some_and(|known| known.secrets != connection.secrets) {
            let key = format!("connections.{}.secrets", connection.name);
            changes.push(Change { organization: slug.to_owned(), key, before: None, after: None });
        }
    }
    changes
}

/// The organisation with each connection's provider, without what a manifest cannot say.
fn view(row: &OrganizationRow) -> Value {
    let mut view = serde_json::to_value(&row.organization).unwrap_or_default();
    strip_ids(&mut view);
    let providers: Map<String, Value> = row
        .connections
        .iter()
        .map(|one| (one.name.to_string(), serde_json::to_value(&one.document).unwrap_or_default()))
        .collect();
    if let Some(members) = view.as_object_mut() {
        members.insert("providers".to_owned(), Value::Object(providers));
    }
    view
}

fn strip_ids(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("id");
            members.values_mut().for_each(strip_ids);
        }
        Value::Array(values) => values.iter_mut().for_each(strip_ids),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn compare(changes: &mut Vec<Change>, slug: &str, key: String, (before, after): (&Value, &Value)) {
    if before == after {
        return;
    }
    match (members(before), members(after)) {
        (old, Some(new)) if old.is_some() || before.is_null() => {
            let old = old.unwrap_or_default();
            let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let below = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                let pair = (old.get(name).unwrap_or(&Value::Null), new.get(name).unwrap_or(&Value::Null));
                compare(changes, slug, below, pair);
            }
        }
        _ => {
            let text = |value: &Value| (!value.is_null()).then(|| readable(value).to_string());
            changes.push(Change {
                organization: slug.to_owned(),
                key,
                before: text(before),
                after: text(after),
            });
        }
    }
}

/// The value with its certificates named: nobody compares PEM or Base64 by eye.
fn readable(value: &Value) -> Value {
    match value {
        Value::String(text) => certificates(text).map_or_else(|| value.clone(), Value::String),
        Value::Array(values) => values.iter().map(readable).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), readable(value))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// What other tools show of the certificates of a text, which is PEM or one of them as Base64.
fn certificates(text: &str) -> Option<String> {
    let ders = if text.contains("-----BEGIN CERTIFICATE-----") {
        let Ok(Trust::Only(ders)) = Trust::from_pem(text.as_bytes()) else { return None };
        ders.iter().map(|der| der.to_vec()).collect()
    } else {
        let der = STANDARD.decode(text).ok()?;
        Certificate::from_der(&der).ok()?;
        vec![der]
    };
    let named = ders.iter().map(|der| {
        let subject = Certificate::from_der(der).map(|one| format!("{}, ", one.subject()));
        // An authority may have a key that none of ours would be verified with.
        format!("{}SHA-256 {}", subject.unwrap_or_default(), fingerprint(der))
    });
    Some(named.collect::<Vec<_>>().join("; "))
}

/// An object, or a list whose elements have names.
fn members(value: &Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(members) => Some(members.clone()),
        Value::Array(values) if !values.is_empty() => {
            values.iter().map(|one| Some((name(one)?, one.clone()))).collect::<Option<Map<_, _>>>()
        }
        Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn name(value: &Value) -> Option<String> {
    let named = value.get("name").or_else(|| value.get("path"))?;
    named.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn certificates_are_told_by_holder_and_fingerprint() {
        let pem = include_str!("../config/testdata/ca.pem");
        let [one] = &Certificate::from_pem(pem).unwrap()[..] else { panic!("one certificate") };
        let told = format!("{}, SHA-256 {}", one.subject(), one.fingerprint());
        let base64 = STANDARD.encode(one.der());
        let nested = json!({ "domains": [{ "trust": pem }], "certificates": [&base64], "name": "corp" });
        let expected = json!({ "domains": [{ "trust": &told }], "certificates": [&told], "name": "corp" });
        assert_eq!(readable(&nested), expected);
        assert_eq!(readable(&json!(format!("{pem}{pem}"))), json!(format!("{told}; {told}")));

        let mut changes = Vec::new();
        compare(&mut changes, "acme", String::new(), (&Value::Null, &json!({ "trust": pem })));
        assert_eq!(changes[0].to_string(), format!("+ acme: trust = \"{told}\""));
        // What differs is told also where it is told alike.
        let mut changes = Vec::new();
        let spaced = format!("{pem}\n# comment\n");
        compare(&mut changes, "acme", String::new(), (&json!({ "trust": pem }), &json!({ "trust": spaced })));
        assert_eq!(changes.len(), 1);
        for other in ["", "corp", "YWJj", "-----BEGIN CERTIFICATE-----\nx"] {
            assert_eq!(readable(&json!(other)), json!(other));
        }
    }
}
