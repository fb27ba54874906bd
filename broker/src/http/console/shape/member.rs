//! Members of settings in JSON, by their dotted keys.

use serde_json::{Value, json};

/// Puts a value at a dotted key, or takes away what stands there; a member that is empty then goes too.
pub(super) fn put(into: &mut Value, key: &str, value: Option<Value>) {
    let Some(members) = into.as_object_mut() else { return };
    match key.split_once('.') {
        Some((first, rest)) => {
            let mut below = members.remove(first).filter(Value::is_object).unwrap_or_else(|| json!({}));
            put(&mut below, rest, value);
            if below.as_object().is_some_and(|members| !members.is_empty()) {
                members.insert(first.to_owned(), below);
            }
        }
        None => {
            match value {
                Some(value) => members.insert(key.to_owned(), value),
                None => members.remove(key),
            };
        }
    }
}
