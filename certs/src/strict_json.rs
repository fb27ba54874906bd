//! JSON from strangers, read with one meaning only. Duplicate member names are refused at every depth, after unescaping
//! (RFC 8725 §2.4, RFC 7519 §4, JWT-08): parsers differ on which twin wins, and attackers choose the difference.
//! Size, depth and number of members are bounded before anything is built from them (JWT-12).

use std::cell::Cell;
use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use thiserror::Error;

/// What a document may be at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Bytes of the whole text.
    pub bytes: usize,
    /// Arrays and objects inside one another; a lone object is 1. Above 127 the limit is 127.
    pub depth: usize,
    /// Members of all objects and elements of all arrays together.
    pub members: usize,
}

/// Why a text was refused. The text is not repeated, because it may hold secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StrictJsonFault {
    /// Longer than `Caps::bytes`.
    #[error("the JSON text is too long")]
    TooLong,
    /// Deeper than `Caps::depth`.
    #[error("the JSON text is nested too deeply")]
    TooDeep,
    /// More than `Caps::members`.
    #[error("the JSON text has too many members")]
    TooManyMembers,
    /// One object has a name twice.
    #[error("the JSON text has a member twice")]
    Duplicate,
    /// Not UTF-8 (RFC 8259 §8.1).
    #[error("the text is not UTF-8")]
    NotUtf8,
    /// Not JSON, or more than one value.
    #[error("the text is not one JSON value")]
    Syntax,
}

/// Reads one JSON value.
///
/// # Errors
/// [`StrictJsonFault`], the first that is met.
pub fn parse(bytes: &[u8], caps: Caps) -> Result<Value, StrictJsonFault> {
    if bytes.len() > caps.bytes {
        return Err(StrictJsonFault::TooLong);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| StrictJsonFault::NotUtf8)?;
    let budget = Budget { members: Cell::new(caps.members), fault: Cell::new(StrictJsonFault::Syntax) };
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict { budget: &budget, depth: caps.depth }
        .deserialize(&mut reader)
        .map_err(|_| budget.fault.get())?;
    reader.end().map_err(|_| StrictJsonFault::Syntax)?;
    Ok(value)
}

/// What the whole document shares. serde passes only texts as errors, so the fault is noted here beside them.
struct Budget {
    members: Cell<usize>,
    fault: Cell<StrictJsonFault>,
}

impl Budget {
    fn spend<E: de::Error>(&self) -> Result<(), E> {
        let left =
            self.members.get().checked_sub(1).ok_or_else(|| self.fail(StrictJsonFault::TooManyMembers))?;
        self.members.set(left);
        Ok(())
    }

    fn fail<E: de::Error>(&self, fault: StrictJsonFault) -> E {
        self.fault.set(fault);
        E::custom(fault)
    }
}

/// Reads one value with `depth` levels left below it.
#[derive(Clone, Copy)]
struct Strict<'a> {
    budget: &'a Budget,
    depth: usize,
}

impl Strict<'_> {
    fn inner<E: de::Error>(self) -> Result<Self, E> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| self.budget.fail(StrictJsonFault::TooDeep))?;
        Ok(Self { budget: self.budget, depth })
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(inner)? {
            self.budget.spend()?;
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            self.budget.spend()?;
            // JWT-08: names arrive unescaped, so `su\u0062` is a second `sub`.
            if object.contains_key(&name) {
                return Err(self.budget.fail(StrictJsonFault::Duplicate));
            }
            let value = members.next_value_seed(inner)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPS: Caps = Caps { bytes: 200, depth: 3, members: 6 };

    #[test]
    fn a_document_within_the_caps_reads_as_usual() {
        let texts = [
            r#"{"sub":"alice","exp":1.5,"n":-1,"ok":true,"none":null}"#,
            r#"{"a":{"b":["c"]}}"#,
            "[1,2,3,4,5,6]",
            r#"{"a":{"x":1},"b":{"x":2}}"#,
            r#" "A\u00e9" "#,
        ];
        for text in texts {
            let usual = serde_json::from_str::<Value>(text).unwrap();
            assert_eq!(parse(text.as_bytes(), CAPS), Ok(usual), "{text}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let long = format!("\"{}\"", "a".repeat(199));
        let rows: [(&str, &[u8], StrictJsonFault); 17] = [
            ("JWT-08 twin", br#"{"sub":"a","sub":"b"}"#, StrictJsonFault::Duplicate),
            ("JWT-08 escaped twin", br#"{"sub":"a","su\u0062":"b"}"#, StrictJsonFault::Duplicate),
            ("JWT-08 equal twin", br#"{"sub":"a","sub":"a"}"#, StrictJsonFault::Duplicate),
            ("JWT-08 twin below", br#"{"a":[{"x":1,"x":1}]}"#, StrictJsonFault::Duplicate),
            ("JWT-12 deep array", b"[[[[]]]]", StrictJsonFault::TooDeep),
            ("JWT-12 deep object", br#"{"a":{"a":{"a":{}}}}"#, StrictJsonFault::TooDeep),
            ("JWT-12 elements", b"[1,2,3,4,5,6,7]", StrictJsonFault::TooManyMembers),
            ("JWT-12 members", br#"{"a":[1,2,3],"b":[1,2]}"#, StrictJsonFault::TooManyMembers),
            ("JWT-12 size", long.as_bytes(), StrictJsonFault::TooLong),
            ("second value", b"{} {}", StrictJsonFault::Syntax),
            ("trailing letter", b"{}x", StrictJsonFault::Syntax),
            ("trailing comma", b"[1,]", StrictJsonFault::Syntax),
            ("empty", b"", StrictJsonFault::Syntax),
            ("byte order mark", b"\xef\xbb\xbf{}", StrictJsonFault::Syntax),
            ("lone surrogate", br#""\ud800""#, StrictJsonFault::Syntax),
            ("infinite number", b"1e999", StrictJsonFault::Syntax),
            ("not UTF-8", b"\"\xff\"", StrictJsonFault::NotUtf8),
        ];
        for (name, text, expected) in rows {
            assert_eq!(parse(text, CAPS), Err(expected), "{name}");
        }
    }

    #[test]
    fn jwt_12_ten_thousand_arrays_do_not_exhaust_the_stack() {
        let deep = "[".repeat(10_000);
        let caps = Caps { bytes: 1 << 20, depth: usize::MAX, members: usize::MAX };
        assert_eq!(parse(deep.as_bytes(), caps), Err(StrictJsonFault::Syntax));
    }
}
