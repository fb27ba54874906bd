//! A JSON object as text, so that it may hold what no JSON library would write.

use serde_json::{Map, Value};

use super::fault::{Edit, Place};

/// Members in order: the name with its quotation marks, the value's text.
pub(super) struct Document(Vec<(String, String)>);

impl Document {
    pub(super) fn new(good: &Map<String, Value>) -> Self {
        Self(good.iter().map(|(name, value)| (quoted(name), value.to_string())).collect())
    }

    /// `now` is what [`Edit::Time`] counts from.
    pub(super) fn edit(mut self, edit: &Edit, now: i64) -> Self {
        match edit {
            Edit::Set(name, value) => self.set(name, value.to_string()),
            Edit::Time(name, offset) => self.set(name, now.saturating_add(*offset).to_string()),
            Edit::Remove(name) => self.0.retain(|(kept, _)| *kept != quoted(name)),
            Edit::Raw { place: Place::First, name, value } => self.0.insert(0, (name.clone(), value.clone())),
            Edit::Raw { place: Place::Last, name, value } => self.0.push((name.clone(), value.clone())),
        }
        self
    }

    pub(super) fn edit_all<'a>(self, edits: impl Iterator<Item = &'a Edit>, now: i64) -> Self {
        edits.fold(self, |document, edit| document.edit(edit, now))
    }

    pub(super) fn text(&self) -> String {
        let members: Vec<String> = self.0.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        format!("{{{}}}", members.join(","))
    }

    fn set(&mut self, name: &str, value: String) {
        let name = quoted(name);
        match self.0.iter_mut().find(|(kept, _)| *kept == name) {
            Some((_, kept)) => *kept = value,
            None => self.0.push((name, value)),
        }
    }
}

fn quoted(name: &str) -> String {
    Value::from(name).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_edit_changes_one_member() {
        let good = json!({ "a": 1, "b": "x" });
        let rows = [
            (Edit::set("a", 2), r#"{"a":2,"b":"x"}"#),
            (Edit::set("c", json!(["d"])), r#"{"a":1,"b":"x","c":["d"]}"#),
            (Edit::remove("a"), r#"{"b":"x"}"#),
            (Edit::time("a", -30), r#"{"a":70,"b":"x"}"#),
            (Edit::raw(r#""\u0062""#, "[[]]"), r#"{"a":1,"b":"x","\u0062":[[]]}"#),
        ];
        for (edit, text) in rows {
            let document = Document::new(good.as_object().unwrap());
            assert_eq!(document.edit(&edit, 100).text(), text, "{edit:?}");
        }
    }
}
