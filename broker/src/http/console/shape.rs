//! Which settings a form has, and how it and JSON are made of one another. The keys are a manifest's.

use serde_json::{Map, Value, json};
use vestibule_policies::code::Code;

use crate::administration::FieldFault;
use crate::http::form::Form;
use crate::pages::Language;
use crate::pages::console::{Group, GroupFrame, GroupTitle, Input, Setting, labelled};

use self::member::put;

pub(super) mod kinds;
mod member;

/// Rows of a list that a form takes.
const MOST_ROWS: usize = 32;

/// Settings that stand together.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    Plain(&'static [Spec]),
    Folded(GroupTitle, &'static [Spec]),
    /// A list; the form has one row more, and one in which nothing is typed is none.
    Rows {
        key: &'static str,
        about: &'static str,
        titles: [GroupTitle; 2],
        specs: &'static [Spec],
    },
}

/// One setting: its key, and how it is entered.
pub(super) type Spec = (&'static str, Enter);

/// How a setting is entered, and what it is in JSON.
#[derive(Debug, Clone, Copy)]
pub(super) enum Enter {
    /// A text; empty is left out.
    Text,
    /// The same, without which nothing works.
    Needed,
    /// A number.
    Number,
    /// A text that is never shown; empty keeps what is stored.
    Secret,
    /// A list, an entry a line.
    Lines,
    /// A text of several lines.
    Area,
    /// A list of certificates, one after the other.
    Certificates,
    /// On or off, and what it is where nothing is said.
    Switch(bool),
    /// One of these.
    Choice(&'static [&'static str]),
    /// Any of these.
    Any(&'static [&'static str]),
    /// Any of the organisation's directories.
    Directories,
    /// One of the organisation's directories.
    Directory,
    /// A connection to a directory, or none.
    Resolver,
    /// A connection, or none.
    Method,
}

/// What choices are made of.
#[derive(Debug, Clone, Default)]
pub(super) struct Choices {
    pub(super) directories: Vec<String>,
    pub(super) resolvers: Vec<String>,
    pub(super) methods: Vec<String>,
}

/// The settings as they were posted, over what stands: what the form does not have is kept.
///
/// # Errors
/// `REQUEST-MALFORMED` when a field stands twice.
pub(super) fn read(
    parts: &[Part],
    form: &Form,
    standing: &Map<String, Value>,
) -> Result<Map<String, Value>, Code> {
    let mut all = Value::Object(standing.clone());
    for part in parts {
        match part {
            Part::Plain(specs) | Part::Folded(_, specs) => read_specs(specs, "", form, &mut all)?,
            Part::Rows { key, specs, .. } => {
                let before = all.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
                let mut rows = Vec::new();
                for place in 0..MOST_ROWS {
                    let prefix = format!("{key}.{place}.");
                    if is_empty(specs, &prefix, form)? {
                        continue;
                    }
                    let mut row = before.get(place).cloned().unwrap_or_else(|| json!({}));
                    read_specs(specs, &prefix, form, &mut row)?;
                    rows.push(row);
                }
                put(&mut all, key, (!rows.is_empty()).then_some(Value::Array(rows)));
            }
        }
    }
    match all {
        Value::Object(members) => Ok(members),
        _ => Err(Code::Internal),
    }
}

fn read_specs(specs: &[Spec], prefix: &str, form: &Form, into: &mut Value) -> Result<(), Code> {
    for (key, enter) in specs {
        let field = format!("{prefix}{key}");
        let text = form.optional(&field)?.unwrap_or_default();
        let value = match enter {
            Enter::Switch(_) => Some(Value::Bool(form.optional(&field)?.is_some())),
            Enter::Any(values) => Some(ticked(form, &field, values.iter().copied())?),
            Enter::Directories => {
                let names = form.names_after(&format!("{field}:"));
                Some(json!(names))
            }
            Enter::Secret if text.is_empty() => {
                // What stands is kept, and where nothing does the reader says so.
                continue;
            }
            Enter::Secret => Some(Value::String(text.to_owned())),
            Enter::Number => {
                let number =
                    text.trim().parse::<u32>().map_or_else(|_| json!(text.trim()), |number| json!(number));
                (!text.trim().is_empty()).then_some(number)
            }
            Enter::Lines => {
                let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
                (!lines.is_empty()).then(|| json!(lines))
            }
            Enter::Certificates => certificates(text),
            Enter::Area => (!text.trim().is_empty()).then(|| json!(text.replace("\r\n", "\n"))),
            Enter::Text
            | Enter::Needed
            | Enter::Choice(_)
            | Enter::Directory
            | Enter::Resolver
            | Enter::Method => (!text.trim().is_empty()).then(|| json!(text.trim())),
        };
        put(into, key, value);
    }
    Ok(())
}

/// Whether nothing was typed into a row, whatever is chosen there: it is none.
fn is_empty(specs: &[Spec], prefix: &str, form: &Form) -> Result<bool, Code> {
    for (key, enter) in specs {
        if let Enter::Text | Enter::Needed | Enter::Number | Enter::Secret | Enter::Lines | Enter::Area =
            enter
            && form.optional(&format!("{prefix}{key}"))?.is_some_and(|text| !text.trim().is_empty())
        {
            return Ok(false);
        }
    }
    Ok(true)
}

fn ticked<'a>(form: &Form, field: &str, values: impl Iterator<Item = &'a str>) -> Result<Value, Code> {
    let mut held = Vec::new();
    for value in values {
        if form.optional(&format!("{field}:{value}"))?.is_some() {
            held.push(value);
        }
    }
    Ok(json!(held))
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";

fn certificates(text: &str) -> Option<Value> {
    let text = text.replace("\r\n", "\n");
    let all: Vec<_> = text.split(BEGIN).skip(1).map(|rest| format!("{BEGIN}{rest}")).collect();
    match (all.is_empty(), text.trim().is_empty()) {
        (false, _) => Some(json!(all)),
        (true, true) => None,
        // Let the reader say what is wrong with it.
        (true, false) => Some(json!([text])),
    }
}

/// The settings as groups of a form, each with its faults; those of other keys come back.
pub(super) fn groups(
    parts: &[Part],
    members: &Map<String, Value>,
    choices: &Choices,
    (mut faults, language): (Vec<FieldFault>, Language),
) -> (Vec<Group>, Vec<(String, String)>) {
    let all = Value::Object(members.clone());
    let mut groups = Vec::new();
    for part in parts {
        match part {
            Part::Plain(specs) => {
                let settings = shown(specs, ("", ""), &all, choices, language);
                groups.push(Group { frame: GroupFrame::Plain, settings });
            }
            Part::Folded(title, specs) => {
                let settings = shown(specs, ("", ""), &all, choices, language);
                groups.push(Group { frame: GroupFrame::Folded(*title), settings });
            }
            Part::Rows { key, about, titles: [one, another], specs } => {
                let rows = all.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
                let count = rows.len();
                let empty = (count < MOST_ROWS).then(|| json!({}));
                for (place, row) in rows.iter().chain(empty.as_ref()).enumerate() {
                    let (prefix, about) = (format!("{key}.{place}."), format!("{about}."));
                    let settings = shown(specs, (&prefix, &about), row, choices, language);
                    let title = if place < count || count == 0 { *one } else { *another };
                    groups.push(Group { frame: GroupFrame::Titled(title), settings });
                }
            }
        }
    }
    for setting in groups.iter_mut().flat_map(|group| &mut group.settings) {
        let is_here = |fault: &FieldFault| {
            fault.key == setting.key || fault.key.starts_with(&format!("{}.", setting.key))
        };
        setting.faults =
            faults.iter().filter(|fault| is_here(fault)).map(|fault| fault.message.clone()).collect();
        faults.retain(|fault| !is_here(fault));
    }
    (groups, faults.into_iter().map(|fault| (fault.key, fault.message)).collect())
}

fn shown(
    specs: &[Spec],
    (prefix, about): (&str, &str),
    row: &Value,
    choices: &Choices,
    language: Language,
) -> Vec<Setting> {
    let setting = |(key, enter): &Spec| {
        let value = key.split('.').try_fold(row, |value, member| value.get(member));
        let input = input(*enter, choices, value, language);
        let about = format!("{about}{key}");
        let mut setting =
            Setting::new(format!("{prefix}{key}"), &about, (input, text(*enter, value)), language);
        setting.required = matches!(enter, Enter::Needed);
        // Nothing is stored that could be kept.
        if matches!(enter, Enter::Secret) && value.is_none_or(Value::is_string) {
            setting.hint = None;
        }
        setting
    };
    specs.iter().map(setting).collect()
}

fn input(enter: Enter, choices: &Choices, value: Option<&Value>, language: Language) -> Input {
    let one_of = |values: &[String]| {
        let standing = value.and_then(Value::as_str).filter(|text| !values.iter().any(|value| value == text));
        let all = std::iter::once("").chain(values.iter().map(String::as_str)).chain(standing);
        Input::Choice(labelled(all, language))
    };
    match enter {
        Enter::Text | Enter::Needed | Enter::Number => Input::Text,
        Enter::Secret => Input::Secret,
        Enter::Lines | Enter::Area | Enter::Certificates => Input::Area,
        Enter::Switch(_) => Input::Switch,
        Enter::Choice(values) => Input::Choice(labelled(values.iter().copied(), language)),
        Enter::Any(values) => Input::Many(labelled(values.iter().copied(), language)),
        Enter::Directories => Input::Many(labelled(choices.directories.iter().map(String::as_str), language)),
        Enter::Directory => one_of(&choices.directories),
        Enter::Resolver => one_of(&choices.resolvers),
        Enter::Method => one_of(&choices.methods),
    }
}

/// What stands in JSON, as a form has it.
fn text(enter: Enter, value: Option<&Value>) -> String {
    match (enter, value) {
        (Enter::Secret, _) => String::new(),
        (Enter::Switch(default), value) => {
            let on = value.and_then(Value::as_bool).unwrap_or(default);
            if on { "yes".to_owned() } else { String::new() }
        }
        (_, Some(Value::String(text))) => text.clone(),
        (_, Some(Value::Array(values))) => {
            let lines: Vec<_> = values.iter().filter_map(Value::as_str).collect();
            lines.join("\n")
        }
        (_, Some(Value::Number(number))) => number.to_string(),
        (_, Some(Value::Null | Value::Bool(_) | Value::Object(_)) | None) => String::new(),
    }
}
